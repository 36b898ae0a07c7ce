//! The third form of a badge: an SD-JWT VC, whose holder shows what they choose.
//!
//! It is signed when it is asked for. Everything that decides its bytes is stored
//! with the intent, so that signing it again gives the same; and nothing of it need
//! be kept, or paid for by every badge that nobody carries in a wallet.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use jose::{Concealed, DC_SD_JWT};
use model::site::Site;
use proof::json;
use serde_json::{Value, json};
use sha2::Sha256;

use crate::{
    Identity, KeySet, Recorded, SigningError, award::find, form::issued_by, key_set::Published, lint, publish,
};

/// What the holder may withhold: who they are by name, how they did, what they
/// earned and what shows it. The subject's id stays, which names nobody.
const MEMBERS: [&str; 4] = [
    "/credentialSubject/identifier",
    "/credentialSubject/creditsEarned",
    "/credentialSubject/result",
    "/evidence",
];
/// Bytes of a salt (RFC 9901, 9.3: at least 128 bits).
const SALT_BYTES: usize = 16;

impl Recorded {
    /// Signs the badge as an SD-JWT VC and verifies it with the key as published;
    /// `None` if it was recorded before there was this form. The achievement is
    /// always visible; name, credits, results and evidence are the holder's to show,
    /// results and pieces of evidence one by one.
    ///
    /// `holder` is the public JWK to whose key the badge is bound, if to any.
    ///
    /// The same intent gives the same bytes, however often, by a key that signs
    /// deterministically.
    pub fn sign_selective(
        &self,
        holder: Option<&Value>,
        keys: &KeySet,
        site: &Site,
    ) -> Result<Option<String>, SigningError> {
        let intent = self.intent();
        let Some(seed) = &intent.disclosure_seed else { return Ok(None) };
        let salts = Salts::of(seed)?;
        let credential = json::parse(intent.unsigned.as_bytes(), &json::Limits::default())?;
        let key = find(keys, &intent.jwt_key)?;
        let identity = Identity::with_keys(site, find(keys, &intent.data_integrity_key)?, key)?;
        lint::belongs(&credential, &identity, intent.created)?;
        let credential = issued_by(credential, &identity.jwt.issuer_id);
        let created = intent.created.timestamp();
        let mut claims = jose::sd_jwt_claims(&credential, &site.credential_type(), created, holder)?;
        if let Some(status) = token_status(&credential) {
            claims.insert("status".to_owned(), status);
        }
        let pointers = disclosable(&credential);
        let pointers: Vec<&str> = pointers.iter().map(String::as_str).collect();
        let concealed = Concealed::new(claims, &pointers, &mut |pointer| salts.at(pointer))?;
        let method = &identity.jwt.verification_method;
        let signer = key.signer_as_of(intent.created)?;
        let jws = signer.sign_jws(concealed.payload().as_bytes(), method, DC_SD_JWT)?;
        let text = concealed.with_signature(&jws);

        let failed = |detail: String| SigningError::SelfCheck { method: method.clone(), detail };
        let published = publish::published_key(site, key, keys)?;
        let Published::Jws(public) = &*published else {
            return Err(failed("it is not published as a JWK".to_owned()));
        };
        let back = jose::read_sd_jwt(&text).and_then(|read| {
            read.verify(public)?;
            jose::credential_of_sd_jwt(&read)
        });
        match back {
            Ok(back) if back == credential => Ok(Some(text)),
            Ok(_) => Err(failed("it reads back as another credential".to_owned())),
            Err(error) => Err(failed(error.to_string())),
        }
    }
}

/// JSON pointers to what can be withheld of this badge, outer ones before inner.
fn disclosable(credential: &Value) -> Vec<String> {
    let mut pointers = Vec::new();
    for member in MEMBERS {
        let Some(value) = credential.pointer(member) else { continue };
        pointers.push(member.to_owned());
        // One alone is shown or withheld with its array.
        let elements = value.as_array().map(Vec::len).filter(|elements| *elements > 1);
        pointers.extend((0..elements.unwrap_or_default()).map(|place| format!("{member}/{place}")));
    }
    pointers
}

/// The status entry in the words of Token Status List (6.1): the same list, the
/// same index.
fn token_status(credential: &Value) -> Option<Value> {
    let entry = credential.get("credentialStatus")?;
    let index: u64 = entry.get("statusListIndex")?.as_str()?.parse().ok()?;
    let uri = entry.get("statusListCredential")?;
    Some(json!({"status_list": {"idx": index, "uri": uri}}))
}

/// Draws salts from a seed: nobody who has not the seed can tell one, and no two
/// places share one.
struct Salts(Hmac<Sha256>);

impl Salts {
    fn of(seed: &str) -> Result<Self, SigningError> {
        let keyed = Hmac::new_from_slice(seed.as_bytes());
        keyed.map(Self).map_err(|error| SigningError::Library(error.to_string()))
    }

    fn at(&self, pointer: &str) -> String {
        let digest = self.0.clone().chain_update(pointer.as_bytes()).finalize().into_bytes();
        URL_SAFE_NO_PAD.encode(digest.get(..SALT_BYTES).unwrap_or_default())
    }
}
