//! Checking a presentation: its own proof, by its holder's key, and each of the
//! credentials it shows, with a report of its own.

use chrono::DateTime;
use model::report::{Check, FaultOwner, Report, Summary};
use proof::json::Limits;
use proof::suite::AHEAD;
use serde_json::{Value, json};

use crate::Expectation;
use crate::checks::binding::Relationship;
use crate::checks::{codes, format, presented, say};
use crate::credential::{many, text};
use crate::opened::{self, Opened, Secured};
use crate::verifier::Run;

impl Run {
    /// The report on a presentation. Whoever is expected, is expected as the
    /// recipient of each credential.
    pub(crate) async fn presentation(
        &self,
        opened: &Opened,
        form: &str,
        expectation: &Expectation,
    ) -> Report {
        let presentation = &opened.credential;
        let signed = signed_members(opened);
        let proofs: Vec<&Value> = signed.iter().collect();
        let holder = holder(presentation, &proofs);
        let in_token = matches!(opened.secured, Secured::Jws(_));
        let mut checks = vec![presented::read(presentation, in_token), presented::shape(presentation)];
        let judged = self.signed_by(opened, holder, Relationship::Authentication).await;
        checks.extend(judged.into_iter().chain(self.token_dates(&proofs)).map(by_holder));
        checks.push(presented::challenge(&proofs, expectation.challenge.as_deref()));
        checks.push(presented::domain(&proofs, expectation.domain.as_deref()));

        let shown = many(presentation, "verifiableCredential");
        let (mut reports, mut credentials) = (Vec::new(), Vec::new());
        // What is presented answers; the credentials in it were signed before anybody asked.
        let inside = Expectation { challenge: None, domain: None, ..expectation.clone() };
        for entry in shown.iter().take(presented::MOST) {
            let (form, opened) = match entry {
                Value::String(token) => ("jwt", opened::jwt(token, &Limits::default())),
                object => ("json", opened::of_json((*object).clone(), &Limits::default())),
            };
            reports.push(match opened {
                Err(fault) => self.nothing(form, format::unreadable(&fault)),
                Ok(opened) => {
                    let report = self.report(&opened, form, &inside).await;
                    credentials.push(opened.credential);
                    report
                }
            });
        }
        checks.push(presented::holder(holder, &credentials));
        checks.extend(presented::credentials(&reports, shown.len()));
        let summary = Summary {
            id: text(presentation, "id").map(ToOwned::to_owned),
            holder: holder.map(ToOwned::to_owned),
            ..Summary::default()
        };
        Report::conclude(self.now, form, summary, checks).with_credentials(reports)
    }
}

/// Who presents: the one named, else whose key signed.
fn holder<'a>(presentation: &'a Value, proofs: &[&'a Value]) -> Option<&'a str> {
    presented::holder_id(presentation).or_else(|| {
        let method = proofs.iter().find_map(|proof| text(proof, "verificationMethod"))?;
        method.split_once('#').map(|(controller, _)| controller)
    })
}

/// What says for whom the presentation was made, and by which key: its proofs, or
/// what stands for them in a token (VC-JOSE-COSE, section 3.3; OID4VP 1.0, B.1.3.1).
fn signed_members(opened: &Opened) -> Vec<Value> {
    match &opened.secured {
        Secured::Embedded(proofs) => proofs.clone(),
        // No presentation is an SD-JWT; what it shows may be one.
        Secured::SdJwt(_) => Vec::new(),
        Secured::Jws(token) => {
            let claims = proof::json::parse(&token.payload, &Limits::default()).unwrap_or_default();
            let claim = |name: &str| claims.get(name).cloned().unwrap_or_default();
            vec![json!({
                "challenge": claim("nonce"),
                "domain": claim("aud"),
                "verificationMethod": token.header.kid,
                "nbf": claim("nbf"),
                "iat": claim("iat"),
                "exp": claim("exp"),
            })]
        }
    }
}

impl Run {
    /// The dates of a token (RFC 7519, section 4.1), if it is out of them.
    fn token_dates(&self, claims: &[&Value]) -> Option<Check> {
        let at = |name: &str| {
            let seconds = claims.first()?.get(name)?.as_i64()?;
            DateTime::from_timestamp(seconds, 0)
        };
        if let Some(ended) = at("exp").filter(|ended| *ended < self.now) {
            return Some(codes::PROOF_EXPIRED.found(say::token_expired(ended)));
        }
        let begins = at("nbf").max(at("iat")).filter(|begins| *begins > self.now + AHEAD)?;
        Some(codes::PROOF_NOT_YET.found(say::token_to_come(begins)))
    }
}

/// A fault that would be an issuer's is a holder's here.
fn by_holder(mut check: Check) -> Check {
    if check.fault == Some(FaultOwner::Issuer) {
        check.fault = Some(FaultOwner::Holder);
    }
    check
}
