//! The signed forms of a credential.

use std::sync::LazyLock;

use chrono::{DateTime, Utc};
use jose::Profile;
use model::{site::Site, vc::with_proof};
use proof::{
    canon::{CanonError, Processor},
    json,
    suite::{
        ASSERTION_METHOD, Batch, Begun, Configuration, Digested, Expected, ProofError, ProofOptions,
        conclude,
        eddsa_rdfc_2022::{self, NAME, SUITE},
    },
};
use serde_json::Value;

use crate::{Identity, Key, KeySet, SigningError, key_set::Published, publish};

/// Remembers what the badges of one achievement have in common, of so many
/// achievements at once.
static REMEMBERING: LazyLock<Processor> = LazyLock::new(|| Processor::known().remembering(512));

/// What is checked after signing has few keys in common.
static CHECKING: LazyLock<Batch> = LazyLock::new(|| Batch::of_keys(Processor::known()));

/// Whether a badge has the canonical form that signing will ask for.
pub(crate) fn canonicalises(credential: &Value) -> Result<(), CanonError> {
    REMEMBERING.canonicalises(credential)
}

/// How a badge is brought into its canonical form, which is the same either way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// By itself.
    Alone,
    /// By what badges of its achievement have in common, where it fits that; sooner.
    InCommon,
}

impl Way {
    fn processor(self) -> &'static Processor {
        match self {
            Self::Alone => Processor::known(),
            Self::InCommon => &REMEMBERING,
        }
    }
}

/// Whether the same is signed of a badge either way.
pub(crate) fn comes_to_the_same(
    credential: &Value,
    signers: &Signers<'_>,
    created: DateTime<Utc>,
) -> Result<bool, ProofError> {
    let configuration = Configuration::new(NAME, &options(signers, created));
    let input = |way: Way| SUITE.digested(way.processor(), credential)?.signing_input(&configuration);
    Ok(input(Way::Alone)? == input(Way::InCommon)?)
}

fn options(signers: &Signers<'_>, created: DateTime<Utc>) -> ProofOptions {
    let verification_method = signers.identity.data_integrity.verification_method.clone();
    ProofOptions { verification_method, created, proof_purpose: ASSERTION_METHOD }
}

/// A signed credential, verified with the published keys. There is no other
/// way to one.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Signed {
    /// The credential with its `eddsa-rdfc-2022` proof, as JSON text.
    pub data_integrity: String,
    /// The credential as a compact JWS in the Open Badges profile.
    pub vc_jwt: String,
}

/// What is kept of a signed badge beside its intent, from which every form of it
/// can be had: [`model::vc::with_proof`] for the Data Integrity form,
/// [`crate::Recorded::sign_jwt`] for the VC-JWT.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SignedBadge {
    /// The value of its `proof` (`eddsa-rdfc-2022`, in an array), as JSON text.
    pub proof: String,
    /// The VC-JWT, where its key does not give the same bytes every time;
    /// otherwise it is signed when it is asked for.
    pub vc_jwt: Option<String>,
}

/// Who signs, under which names.
pub(crate) struct Signers<'a> {
    pub(crate) identity: Identity,
    pub(crate) data_integrity: &'a Key,
    pub(crate) jwt: &'a Key,
    pub(crate) keys: &'a KeySet,
    pub(crate) site: &'a Site,
    /// The moment at which the keys must have been in force.
    pub(crate) in_force_at: DateTime<Utc>,
}

/// Signs a linted credential in both forms, and verifies each.
pub(crate) fn sign(
    credential: &Value,
    signers: &Signers<'_>,
    created: DateTime<Utc>,
) -> Result<Signed, SigningError> {
    let vc_jwt = sign_jwt(credential, signers, Profile::OpenBadges)?;
    let (proof, check) = sign_data_integrity(credential, Way::Alone, signers, created)?;
    check.end()?;
    let data_integrity = with_proof(&credential.to_string(), &proof);
    // Whoever verifies it reads it within these limits.
    json::parse(data_integrity.as_bytes(), &json::Limits::default())?;
    Ok(Signed { data_integrity, vc_jwt })
}

/// A check of a proof, but for its last step.
#[derive(Debug, Clone)]
struct Check {
    begun: Begun,
    /// By which the proof says it was signed.
    method: String,
}

impl Check {
    fn end(&self) -> Result<(), SigningError> {
        self.begun.end().map_err(|error| self.failed(&error))
    }

    fn failed(&self, error: &ProofError) -> SigningError {
        SigningError::SelfCheck { method: self.method.clone(), detail: error.to_string() }
    }
}

/// A badge that is signed and not quite checked.
#[derive(Debug, Clone)]
#[must_use = "it is not checked"]
pub struct Unchecked {
    badge: SignedBadge,
    check: Check,
}

impl Unchecked {
    /// Takes the last step of its check; of many: [`checked`].
    pub fn check(self) -> Result<SignedBadge, SigningError> {
        self.check.end()?;
        Ok(self.badge)
    }
}

/// Takes the last step of the check of every badge, which costs less for many at once. The
/// answers are in the same order.
pub fn checked<E: From<SigningError>>(badges: Vec<Result<Unchecked, E>>) -> Vec<Result<SignedBadge, E>> {
    let begun = badges.iter().flatten().map(|badge| Ok(badge.check.begun)).collect();
    let mut answers = conclude(begun).into_iter();
    let answer = |badge: Result<Unchecked, E>| {
        let Unchecked { badge, check } = badge?;
        // There is one for each; none would be no good signature.
        let answer = answers.next().unwrap_or(Err(ProofError::SignatureMismatch));
        answer.map_err(|error| check.failed(&error).into()).map(|()| badge)
    };
    badges.into_iter().map(answer).collect()
}

/// Signs a linted badge as Data Integrity.
pub(crate) fn sign_badge(
    credential: &Value,
    way: Way,
    vc_jwt: Option<String>,
    signers: &Signers<'_>,
    created: DateTime<Utc>,
) -> Result<Unchecked, SigningError> {
    let (proof, check) = sign_data_integrity(credential, way, signers, created)?;
    Ok(Unchecked { badge: SignedBadge { proof, vc_jwt }, check })
}

/// VC Data Integrity `EdDSA` Cryptosuites 1.0, 3.2. Canonicalisation in safe
/// mode, which refuses any term it would drop. The answer is the `proof`.
fn sign_data_integrity(
    credential: &Value,
    way: Way,
    signers: &Signers<'_>,
    created: DateTime<Utc>,
) -> Result<(String, Check), SigningError> {
    let method = &signers.identity.data_integrity.verification_method;
    let options = options(signers, created);
    let digested = SUITE.digested(way.processor(), credential)?;
    let input = digested.signing_input(&Configuration::new(NAME, &options))?;
    let signature = signers.data_integrity.signer_as_of(signers.in_force_at)?.sign_ed25519(input.as_ref())?;
    // Open Badges 3.0 writes every property that may have several values as an
    // array, `proof` among them.
    let proof = Value::Array(vec![eddsa_rdfc_2022::proof(credential, &options, &signature)]).to_string();
    let begun = verify_data_integrity(&digested, &proof, method, signers)?;
    Ok((proof, Check { begun, method: options.verification_method }))
}

/// Verifies the proof as it is written, with the key as it is published.
fn verify_data_integrity(
    credential: &Digested<'_>,
    proof: &str,
    method: &str,
    signers: &Signers<'_>,
) -> Result<Begun, SigningError> {
    let failed = |detail: String| SigningError::SelfCheck { method: method.to_owned(), detail };
    let proofs =
        json::parse(proof.as_bytes(), &json::Limits::default()).map_err(|error| failed(error.to_string()))?;
    let proof = proofs.get(0).ok_or_else(|| failed("there is no proof".to_owned()))?;
    let key = publish::published_key(signers.site, signers.data_integrity, signers.keys)?;
    let Published::Multikey(key) = &*key else {
        return Err(failed("it is not published as a Multikey".to_owned()));
    };
    let begun = CHECKING.begin_digested(credential, proof, key, &Expected::default());
    begun.map_err(|error| failed(error.to_string()))
}

/// Open Badges 3.0, 8.2.4, or VC-JOSE-COSE, 3.1.1. The credential names its issuer as
/// this form does.
pub(crate) fn sign_jwt(
    credential: &Value,
    signers: &Signers<'_>,
    profile: Profile,
) -> Result<String, SigningError> {
    let named = &signers.identity.jwt;
    let credential = issued_by(credential.clone(), &named.issuer_id);
    let payload = match profile {
        Profile::OpenBadges => jose::credential_payload(&credential)?,
        Profile::JoseCose => credential.to_string(),
    };
    let signer = signers.jwt.signer_as_of(signers.in_force_at)?;
    let token = signer.sign_jws(payload.as_bytes(), &named.verification_method, profile.typ())?;
    verify_jwt(&token, &credential, signers, profile)?;
    Ok(token)
}

fn verify_jwt(
    token: &str,
    credential: &Value,
    signers: &Signers<'_>,
    profile: Profile,
) -> Result<(), SigningError> {
    let method = &signers.identity.jwt.verification_method;
    let failed = |detail: String| SigningError::SelfCheck { method: method.clone(), detail };
    let key = publish::published_key(signers.site, signers.jwt, signers.keys)?;
    let Published::Jws(key) = &*key else {
        return Err(failed("it is not published as a JWK".to_owned()));
    };
    let read = jose::read_compact(token).map_err(|error| failed(error.to_string()))?;
    if read.header.kid.as_ref() != Some(method) {
        return Err(failed("the header names another key".to_owned()));
    }
    read.verify_by(key).map_err(|error| failed(error.to_string()))?;
    let payload = json::parse(&read.payload, &json::Limits::default());
    let payload = payload.map_err(|error| failed(error.to_string()))?;
    let back = jose::credential_in(payload, profile).map_err(|error| failed(error.to_string()))?;
    if back == *credential { Ok(()) } else { Err(failed("it reads back as another credential".to_owned())) }
}

pub(crate) fn issued_by(mut credential: Value, issuer_id: &str) -> Value {
    match credential.get_mut("issuer") {
        Some(Value::Object(profile)) => {
            profile.insert("id".to_owned(), issuer_id.into());
        }
        Some(issuer) => *issuer = issuer_id.into(),
        // Lint has made sure that there is one.
        None => {}
    }
    credential
}
