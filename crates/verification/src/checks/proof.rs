//! Does the signature match the content, by a key of the issuer in force?

use chrono::{DateTime, Utc};
use jose::JoseError;
use model::report::{Check, Outcome};
use model::sentence::Sentence;
use proof::suite::{
    AHEAD, Batch, Begun, DATA_INTEGRITY_PROOF, Ends, Expected, Kind, ProofError, ecdsa_sd_2023,
};
use serde_json::Value;

use super::binding::{self, IssuerKey, Relationship, Resolution};
use super::chain;
use super::codes::{self, Code};
use super::{clauses, holder, key, say};
use crate::credential::{moment, shown, text};
use crate::opened::{Opened, Secured};
use crate::work::Work;

/// Cryptosuites and proof types that standards name and that are not
/// supported here: unchecked, where an unknown name is a failure.
const STANDARD: [&str; 6] = [
    "bbs-2023",
    "Ed25519Signature2018",
    "EcdsaSecp256k1Signature2019",
    "JsonWebSignature2020",
    "RsaSignature2018",
    "BbsBlsSignature2020",
];

/// Proofs of one credential that are checked: each costs the work of a
/// credential, and of all that it builds on.
const MOST: usize = 16;

/// What a proof is judged as.
#[derive(Clone, Copy)]
pub(crate) struct Basis<'a> {
    /// Whose the key must be, and for what.
    pub relationship: Relationship,
    /// How documents are read, and what is known from those before.
    pub batch: &'a Batch,
    /// Where verifications of the same moment meet for their last step.
    pub ends: Option<&'a Ends>,
    /// What may be spent on the signatures of single statements.
    pub work: &'a Work,
    /// The moment at which it is judged.
    pub now: DateTime<Utc>,
}

/// The checks of proof, binding and key, one of each for every proof.
pub(crate) struct Judged {
    pub checks: Vec<Check>,
    /// Whether a proof verified, which shows that the content was
    /// canonicalised in safe mode.
    pub canonical: bool,
}

/// Judges every proof of a credential by the issuer's document. All proofs of
/// a set must verify by keys of the issuer (VC Data Integrity 1.0, section 4.5).
pub(crate) async fn judge(
    opened: &Opened,
    issuer: Option<&str>,
    found: &Resolution,
    basis: Basis<'_>,
) -> Judged {
    let Some(issuer) = issuer else {
        let no_issuer = codes::BINDING_NO_ISSUER.found(say::no_issuer());
        return Judged { checks: without_key(no_issuer).into(), canonical: false };
    };
    match &opened.secured {
        Secured::Jws(token) => jws(opened, token, issuer, found, basis),
        Secured::SdJwt(read) => {
            let mut judged = jws(opened, read.token(), issuer, found, basis);
            judged.checks.extend(holder::check(read, basis.now));
            judged
        }
        Secured::Embedded(proofs) => embedded(&opened.credential, proofs, issuer, found, basis).await,
    }
}

/// The checks of a credential without any proof.
pub(crate) fn missing() -> Vec<Check> {
    unchecked_but(codes::PROOF_MISSING.found(say::no_proof()), &say::no_proof())
}

/// The check of the proof, and no other for want of a proof.
fn unchecked_but(proof: Check, why: &Sentence) -> Vec<Check> {
    vec![proof, codes::BINDING_NOT_CHECKED.found(why.clone()), codes::KEY_NOT_CHECKED.found(why.clone())]
}

fn jws(
    opened: &Opened,
    token: &jose::Unverified,
    issuer: &str,
    found: &Resolution,
    basis: Basis<'_>,
) -> Judged {
    let bound = binding::of_header(issuer, &token.header, found, basis.relationship);
    let (issuer_key, bound) = match bound {
        Ok(bound) => bound,
        Err(refused) => return Judged { checks: without_key(refused).into(), canonical: false },
    };
    let mut verified = match token.verify(&issuer_key.jwk) {
        Ok(()) => {
            codes::PROOF_VERIFIED.found(say::token_matches(shown(&token.header.alg), shown(&issuer_key.id)))
        }
        Err(JoseError::Signature) => codes::PROOF_MISMATCH.found(say::token_changed()),
        Err(error) => {
            let code = match error {
                JoseError::AlgorithmMismatch { .. } | JoseError::Key(_) => codes::PROOF_KEY_UNUSABLE,
                _ => codes::PROOF_MALFORMED,
            };
            code.found(say::token_mismatch(error.to_string()))
        }
    };
    verified.clause = Some(&clauses::JWS_SIGNATURE);
    let signed = key::signed_at(token, &opened.credential);
    Judged { checks: vec![verified, bound, key::check(&issuer_key, signed, basis.now)], canonical: false }
}

async fn embedded(
    credential: &Value,
    proofs: &[Value],
    issuer: &str,
    found: &Resolution,
    basis: Basis<'_>,
) -> Judged {
    let now = basis.now;
    let mut judged = Judged { checks: Vec::new(), canonical: false };
    if let Some(too_many) = too_many(proofs) {
        judged.checks = unchecked_but(codes::PROOF_TOO_MANY.found(too_many), &say::none_of_many());
        return judged;
    }
    let mut each = Vec::new();
    for proof in proofs {
        let bound = match text(proof, "verificationMethod") {
            Some(method) => binding::of_method(issuer, method, found, basis.relationship),
            None => Err(codes::BINDING_NOT_CHECKED.found(say::no_method())),
        };
        each.push(match (well_formed(proof, proofs, basis), bound) {
            (Ok(()), Ok((issuer_key, bound))) => {
                let verified = verify(credential, proof, &issuer_key, basis).await;
                judged.canonical |= verified.outcome == Outcome::Pass;
                [verified, bound, key_check(&issuer_key, proof, now)]
            }
            (Err(fault), Ok((issuer_key, bound))) => [fault, bound, key_check(&issuer_key, proof, now)],
            (Ok(()), Err(refused)) => without_key(refused),
            (Err(fault), Err(refused)) => {
                let [_, refused, key] = without_key(refused);
                [fault, refused, key]
            }
        });
    }
    chain::carry_over(proofs, each.iter_mut().map(|[verified, ..]| verified).collect());
    for (index, mut checks) in each.into_iter().enumerate() {
        if proofs.len() > 1 {
            for check in &mut checks {
                let (number, of) = (index.saturating_add(1), proofs.len());
                check.finding = say::one_of_proofs(number, of, check.finding.clone());
            }
        }
        judged.checks.extend(checks);
    }
    judged
}

/// Why the proofs are more than are checked.
fn too_many(proofs: &[Value]) -> Option<Sentence> {
    if proofs.len() > MOST {
        return Some(say::proofs_too_many(proofs.len(), MOST));
    }
    // What is derived has one, and the work of hundreds of others with it.
    let selective = proofs.iter().filter(|proof| matches!(Kind::of(proof), Ok(Kind::Selective))).count();
    (selective > 1).then(|| say::selective_too_many(say::proofs(selective), Kind::Selective.name()))
}

async fn verify(credential: &Value, proof: &Value, issuer_key: &IssuerKey, basis: Basis<'_>) -> Check {
    let Some(public) = &issuer_key.public else {
        return codes::PROOF_KEY_UNUSABLE.found(say::key_of_other_kind(shown(&issuer_key.id)));
    };
    if matches!(Kind::of(proof), Ok(Kind::Selective)) {
        let statements = ecdsa_sd_2023::statements(proof);
        if !basis.work.take_statements(statements) {
            return codes::PROOF_BUDGET_SPENT.found(say::budget_spent(statements));
        }
    }
    let suite = shown(&kind(proof));
    let purpose = basis.relationship.name();
    let expected = Expected { now: Some(basis.now), purpose, ..Expected::default() };
    let verified = match basis.batch.begin(credential, proof, public, &expected) {
        Ok(begun) => end(begun, basis.ends).await,
        Err(error) => Err(error),
    };
    match verified {
        Ok(()) => codes::PROOF_VERIFIED.found(say::content_matches(suite, shown(&issuer_key.id))),
        Err(ProofError::SignatureMismatch) => codes::PROOF_MISMATCH.found(say::content_changed(suite)),
        Err(error) => mismatch(&error).found(say::content_mismatch(suite, error.to_string())),
    }
}

/// The last step: with those of others of the same moment, once all that run on this thread
/// have come as far.
async fn end(begun: Begun, ends: Option<&Ends>) -> Result<(), ProofError> {
    let Some(ends) = ends else { return begun.end() };
    let due = ends.add(begun);
    tokio::task::yield_now().await;
    ends.answer(&due)
}

fn mismatch(error: &ProofError) -> Code {
    match error {
        ProofError::Canon(_) => codes::PROOF_NO_CANONICAL_FORM,
        ProofError::KeyType { .. } => codes::PROOF_KEY_UNUSABLE,
        ProofError::UnknownSuite(_) => codes::PROOF_UNKNOWN_SUITE,
        ProofError::BaseProof => codes::PROOF_NOT_DERIVED,
        ProofError::TooManyStatements(_) => codes::PROOF_TOO_MANY,
        _ => codes::PROOF_MALFORMED,
    }
}

/// What a proof must be before its signature means anything.
fn well_formed(proof: &Value, all: &[Value], basis: Basis<'_>) -> Result<(), Check> {
    supported(proof, all)?;
    let malformed = |what: Sentence| Err(codes::PROOF_MALFORMED.found(what));
    let purpose = text(proof, "proofPurpose").unwrap_or("(none)");
    let expected = basis.relationship.name();
    if purpose != expected {
        return malformed(say::purpose_other(shown(purpose), expected));
    }
    if text(proof, "verificationMethod").is_none() {
        return malformed(say::no_method());
    }
    for member in ["created", "expires"] {
        if let Some(value) = proof.get(member).filter(|value| moment(value).is_none()) {
            return malformed(say::proof_date_unreadable(member, shown(&value.to_string())));
        }
    }
    if let Some(expired) = proof.get("expires").and_then(moment).filter(|expires| *expires < basis.now) {
        return Err(codes::PROOF_EXPIRED.found(say::proof_expired(expired)));
    }
    if let Some(created) =
        proof.get("created").and_then(moment).filter(|created| *created > basis.now + AHEAD)
    {
        return Err(codes::PROOF_NOT_YET.found(say::proof_to_come(created)));
    }
    chain::complete(proof, all)
}

/// A proof of a kind that is not supported fails only if it stands alone under
/// a name that no standard has; else it is left unchecked, which never makes
/// the credential valid.
fn supported(proof: &Value, all: &[Value]) -> Result<(), Check> {
    let known = |proof: &Value| Kind::of(proof).is_ok();
    if known(proof) {
        return Ok(());
    }
    let name = kind(proof);
    if STANDARD.contains(&name.as_str()) || all.iter().any(known) {
        Err(codes::PROOF_SUITE_NOT_SUPPORTED.found(say::proof_of_kind(shown(&name))))
    } else {
        Err(codes::PROOF_UNKNOWN_SUITE.found(say::proof_of_no_kind(shown(&name))))
    }
}

/// What the proof calls its suite.
fn kind(proof: &Value) -> String {
    match text(proof, "type") {
        Some(DATA_INTEGRITY_PROOF) => text(proof, "cryptosuite").unwrap_or("(no cryptosuite)").to_owned(),
        other => other.unwrap_or("(no type)").to_owned(),
    }
}

fn key_check(issuer_key: &IssuerKey, proof: &Value, now: DateTime<Utc>) -> Check {
    key::check(issuer_key, proof.get("created").and_then(moment), now)
}

/// The checks when no key of the issuer was found: the signature fails if
/// there is no such key, and is unchecked if that could not be found out.
fn without_key(refused: Check) -> [Check; 3] {
    let proof = if refused.outcome == Outcome::Fail {
        codes::PROOF_NO_KEY.found(say::no_key_known())
    } else {
        codes::PROOF_NOT_CHECKED.found(say::key_not_had())
    };
    [proof, refused, codes::KEY_NOT_CHECKED.found(say::no_key_to_check())]
}
