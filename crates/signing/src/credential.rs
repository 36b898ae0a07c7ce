//! Signing what others wrote: any credential, by a cryptosuite they choose. The
//! VC API profile alone comes here; badges go through [`crate::Recorded`].

use chrono::{DateTime, Utc};
use model::{chance::Entropy, field::FieldError, id::Slug, site::Site, vc};
use proof::{
    canon::Processor,
    did::{self, ControlledDocument},
    multikey::PublicKey,
    suite::{
        self, ASSERTION_METHOD, Configuration, Expected, ProofError, ProofOptions, SUITES, Suite,
        ecdsa_sd_2023,
    },
};
use serde_json::Value;

use crate::{Key, KeyAlgorithm, KeySet, Named, PublicMaterial, SigningError, publish};

/// The context that VC Data Model 1.1 needs for Data Integrity proofs.
const DATA_INTEGRITY: &str = "https://w3id.org/security/data-integrity/v2";

/// An issuer's key in force, with the name under which it signs one credential
/// and the document that says so.
#[derive(Debug)]
pub struct CredentialSigner<'a> {
    key: &'a Key,
    by: By,
    /// The issuer as the credential names it.
    pub named: Named,
    document: ControlledDocument,
}

#[derive(Debug, Clone, Copy)]
enum By {
    Whole(Suite),
    Statements,
}

/// The cryptosuites that credentials can be signed by here.
pub fn cryptosuites() -> impl Iterator<Item = &'static str> {
    SUITES.iter().map(|suite| suite.name).chain([ecdsa_sd_2023::NAME])
}

impl<'a> CredentialSigner<'a> {
    /// For `credential` by `cryptosuite` with the key of `issuer` that signs at
    /// present. Who issues it is written into the credential, or must be one of
    /// the names of that key: the issuer's did:web where it has one, or the
    /// key's did:key.
    pub fn choose(
        credential: &mut Value,
        cryptosuite: &str,
        issuer: &Slug,
        site: &Site,
        keys: &'a KeySet,
    ) -> Result<Self, SigningError> {
        let by = if cryptosuite == ecdsa_sd_2023::NAME {
            By::Statements
        } else {
            let known = SUITES.iter().find(|suite| suite.name == cryptosuite);
            By::Whole(*known.ok_or_else(|| {
                let known = cryptosuites().collect::<Vec<_>>().join(", ");
                fault("/options/cryptosuite", "unknown-cryptosuite", "it is not a suite known here", &known)
            })?)
        };
        let algorithm =
            if cryptosuite.starts_with("eddsa") { KeyAlgorithm::Ed25519 } else { KeyAlgorithm::Es256 };
        let key =
            keys.active(issuer, algorithm).ok_or_else(|| SigningError::no_active_key(issuer, algorithm))?;
        let names = names(site, issuer, key, keys)?;
        let wanted = match credential.get("issuer") {
            Some(Value::Object(profile)) => profile.get("id"),
            other => other,
        };
        let (named, document) = match wanted.map(Value::as_str) {
            None => names.into_iter().next(),
            Some(wanted) => names.into_iter().find(|(named, _)| Some(named.issuer_id.as_str()) == wanted),
        }
        .ok_or_else(|| {
            let expected = "a name of this service's key for that cryptosuite, or no issuer to be given one";
            fault("/credential/issuer", "not-ours", "it is not an issuer that signs here", expected)
        })?;
        name(credential, &named.issuer_id);
        Ok(Self { key, by, named, document })
    }

    /// Signs the credential, beside the proofs it may have, and verifies it with
    /// the key as it is published. `mandatory` JSON pointers say what no holder
    /// can hide by `ecdsa-sd-2023`; without any, what [`ecdsa_sd_2023::essential`]
    /// names.
    pub fn sign(
        &self,
        mut credential: Value,
        mandatory: Option<Vec<String>>,
        created: DateTime<Utc>,
        entropy: &dyn Entropy,
    ) -> Result<Value, SigningError> {
        if vc::is_version_1(&credential)
            && let Some(contexts) = credential.get_mut("@context").and_then(Value::as_array_mut)
            && !contexts.iter().any(|context| context == DATA_INTEGRITY)
        {
            contexts.push(DATA_INTEGRITY.into());
        }
        let signer = self.key.signer_as_of(created)?;
        let options = ProofOptions {
            verification_method: self.named.verification_method.clone(),
            created,
            proof_purpose: ASSERTION_METHOD,
        };
        let processor = Processor::general();
        let proof = match &self.by {
            By::Whole(suite) => {
                let configuration = Configuration::new(suite.name, &options);
                let input = suite.signing_input(processor, &credential, &configuration)?;
                let signature = match self.key.record().algorithm {
                    KeyAlgorithm::Ed25519 => signer.sign_ed25519(input.as_ref())?,
                    _ => signer.sign_p256(input.as_ref())?,
                };
                suite.proof(&credential, configuration, &signature)
            }
            By::Statements => {
                let configuration = Configuration::new(ecdsa_sd_2023::NAME, &options);
                let mandatory = mandatory.unwrap_or_else(|| ecdsa_sd_2023::essential(&credential));
                let fresh = ecdsa_sd_2023::Fresh::draw(|bytes| entropy.fill(bytes))?;
                let prepared =
                    ecdsa_sd_2023::prepare(processor, &credential, configuration, &mandatory, &fresh)?;
                let signature = signer.sign_p256(prepared.signing_input().as_ref())?;
                prepared.proof(&signature)
            }
        };
        let signed = suite::add(credential, proof.clone());
        self.verify(&signed, &proof)?;
        Ok(signed)
    }

    fn verify(&self, signed: &Value, proof: &Value) -> Result<(), SigningError> {
        let method = &self.named.verification_method;
        let failed = |detail: String| SigningError::SelfCheck { method: method.clone(), detail };
        let listed = self.document.asserting(method);
        let listed = listed.ok_or_else(|| failed("it is not published under assertionMethod".to_owned()))?;
        let key = listed.public_key().map_err(|error| failed(error.to_string()))?;
        let (processor, expected) = (Processor::general(), Expected::default());
        let verified: Result<(), ProofError> = match &self.by {
            By::Whole(_) => suite::verify_as(processor, signed, proof, &key, &expected),
            By::Statements => ecdsa_sd_2023::verify_base(processor, signed, proof, &key, &expected),
        };
        verified.map_err(|error| failed(error.to_string()))
    }
}

/// Every name of a key, the issuer's own first, each with the document that a
/// stranger finds under it.
fn names(
    site: &Site,
    issuer: &Slug,
    key: &Key,
    keys: &KeySet,
) -> Result<Vec<(Named, ControlledDocument)>, SigningError> {
    let failed = |error: &dyn std::fmt::Display| SigningError::Library(format!("a published key: {error}"));
    let mut names = Vec::new();
    let key_id = key.id().to_owned();
    if site.uses_did_web() {
        let issuer_id = site.did_web(issuer);
        let document =
            did::read(&publish::controlled_document(site, issuer, keys)).map_err(|error| failed(&error))?;
        let verification_method = format!("{issuer_id}#{key_id}");
        names.push((Named { issuer_id, verification_method, key_id: key_id.clone() }, document));
    }
    let multibase = match &key.record().public {
        PublicMaterial::Multibase(multibase) => multibase.clone(),
        PublicMaterial::Jwk(jwk) => PublicKey::from_jwk(jwk).map_err(|error| failed(&error))?.to_multibase(),
    };
    let issuer_id = format!("did:key:{multibase}");
    let document = did::resolve_key(&issuer_id).map_err(|error| failed(&error))?;
    let verification_method = format!("{issuer_id}#{multibase}");
    names.push((Named { issuer_id, verification_method, key_id }, document));
    Ok(names)
}

/// Writes who issues the credential.
fn name(credential: &mut Value, issuer: &str) {
    if let Some(Value::Object(profile)) = credential.get_mut("issuer") {
        profile.insert("id".to_owned(), issuer.into());
    } else if let Some(members) = credential.as_object_mut() {
        members.insert("issuer".to_owned(), issuer.into());
    }
}

fn fault(at: &str, code: &'static str, detail: &str, expected: &str) -> SigningError {
    SigningError::Lint(vec![FieldError::new(at, code, detail, expected)])
}
