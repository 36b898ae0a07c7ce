//! Signed badges of Open Badges 2.0: a JWS by a key that the issuer publishes.

use model::report::Check;
use serde_json::Value;

use super::{Assertion, Behind, Vouched, unvouched};
use crate::checks::{codes, say};
use crate::credential::{many, shown, text};
use crate::legacy::read::Way;
use crate::verifier::Run;

impl Run {
    /// A signed assertion is as good as its signature, by a key that its issuer lists.
    pub(super) async fn signed(
        &self,
        assertion: &Assertion,
        creator: Option<&str>,
        behind: &Behind,
    ) -> Vouched {
        let Some(token) = &assertion.token else {
            let without = Vouched {
                proof: codes::PROOF_MISSING.found(say::legacy_unsigned()),
                ..unvouched(&Way::Signed(None))
            };
            return without;
        };
        let status = self.in_list(&assertion.document, behind).await;
        let (jwk, binding) = match self.key(creator, behind).await {
            Ok(bound) => bound,
            Err(refused) => {
                return Vouched {
                    proof: codes::PROOF_NOT_CHECKED.found(say::key_not_had()),
                    binding: refused,
                    key: codes::KEY_NOT_CHECKED.found(say::no_key_to_check()),
                    status,
                };
            }
        };
        let key = creator.map(shown).unwrap_or_default();
        let proof = match token.verify(&jwk) {
            Ok(()) => codes::PROOF_VERIFIED.found(say::token_matches(shown(&token.header.alg), key)),
            Err(jose::JoseError::Signature) => codes::PROOF_MISMATCH.found(say::token_changed()),
            Err(error) => codes::PROOF_KEY_UNUSABLE.found(say::token_mismatch(error.to_string())),
        };
        Vouched { proof, binding, key: codes::KEY_NONE.found(say::legacy_undated_key()), status }
    }

    /// The key that the assertion names, if its issuer lists it and it names its issuer
    /// (Open Badges 2.0, `CryptographicKey`).
    async fn key(&self, creator: Option<&str>, behind: &Behind) -> Result<(Value, Check), Check> {
        if let Some(missing) = &behind.missing {
            return Err(missing.clone());
        }
        let issuer = text(&behind.issuer, "id").unwrap_or_default();
        let listed = many(&behind.issuer, "publicKey");
        let name = |key: &Value| key.as_str().or_else(|| text(key, "id")).unwrap_or_default().to_owned();
        let wanted = creator.map(str::to_owned).or_else(|| listed.first().map(|key| name(key)));
        let wanted =
            wanted.ok_or_else(|| codes::BINDING_KEY_UNNAMED.found(say::key_unnamed(shown(issuer))))?;
        let Some(found) = listed.into_iter().find(|key| name(key) == wanted) else {
            return Err(codes::BINDING_KEY_NOT_LISTED.found(say::not_listed(shown(issuer), shown(&wanted))));
        };
        let document = self.described(Some(found)).await?;
        if text(&document, "owner") != Some(issuer) {
            let owner = shown(text(&document, "owner").unwrap_or("(nobody)"));
            return Err(codes::BINDING_OTHER_CONTROLLER.found(say::controlled_by_other(
                shown(&wanted),
                owner,
                say::issuer(),
                shown(issuer),
            )));
        }
        let jwk = jose::jwk_of_pem(text(&document, "publicKeyPem").unwrap_or_default());
        let jwk = jwk.map_err(|error| {
            codes::BINDING_DOCUMENT_REFUSED.found(say::legacy_unreadable(shown(&wanted), error.to_string()))
        })?;
        let holds =
            codes::BINDING_HOLDS.found(say::listed_for(shown(issuer), shown(&wanted), say::assertions()));
        Ok((jwk, holds))
    }

    /// Looks for the assertion in the list of its issuer (Open Badges 2.0,
    /// `RevocationList`), which must be the issuer's.
    async fn in_list(&self, assertion: &Value, behind: &Behind) -> Check {
        let Some(url) = text(&behind.issuer, "revocationList") else {
            return codes::STATUS_NONE.found(say::no_status());
        };
        let at = shown(url);
        let list = match self.document(url).await {
            Ok(list) => list,
            Err(check) => return codes::STATUS_UNREACHABLE.found(say::list_unreachable(at, check.finding)),
        };
        let by = list.get("issuer").and_then(|issuer| issuer.as_str().or_else(|| text(issuer, "id")));
        if by != text(&behind.issuer, "id") {
            let by = shown(by.unwrap_or("(nobody)"));
            return codes::STATUS_LIST_REFUSED.found(say::list_refused(at, say::list_of_other_issuer(by)));
        }
        let own = [text(assertion, "id"), text(assertion, "uid")];
        let revoked = many(&list, "revokedAssertions").into_iter().find(|entry| {
            let named = [entry.as_str(), text(entry, "id"), text(entry, "uid")];
            named.iter().flatten().any(|name| own.contains(&Some(*name)))
        });
        match revoked {
            Some(entry) => {
                let reason = text(entry, "revocationReason");
                let reason = reason
                    .map_or_else(|| say::no_reason().into(), |it| model::sentence::Part::from(shown(it)));
                codes::STATUS_IN_REVOCATION_LIST.found(say::list_names(at, reason))
            }
            None => codes::STATUS_NOT_IN_REVOCATION_LIST.found(say::list_does_not_name(at)),
        }
    }
}
