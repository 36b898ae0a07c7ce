//! Many verifications that share what they have in common. Each gets the answer
//! it would get alone.
//!
//! What is shared: canonicalisation, by [`Processor::remembering`]; and for an
//! Ed25519 key that signed many documents a table of its multiples ([`Tabled`]).
//!
//! # Why signatures are not verified together
//!
//! The batch equation of Ed25519 adds up what single verification looks at one
//! by one: with random `z`, whether the sum of `z·(S·B − k·A − R)` is zero. Each
//! term may be off by a point of small order, which the random factors cancel
//! with a probability of 1/8 to 1/2, and always if the equation is multiplied by
//! the cofactor, as it has to be to give the same answer twice. Single strict
//! verification refuses such a signature: it compares without the cofactor.
//! Whoever holds a key can make one, by adding a point of order 8 to `R`; that
//! `R` is not itself of small order, so asking for that first does not find it.
//! To know that no `R` of a batch has such a part takes a multiplication by the
//! group's order, or as much work in another guise, for every signature: all
//! that the batch would save. So the same badge could get two answers, and
//! ed25519-dalek's `verify_batch`, 2 to 2.7 times as fast, is not used.
//!
//! Tables, the key's and the base point's, give about half of that and compute the
//! very point that single verification computes.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use curve25519_dalek::edwards::{CompressedEdwardsY, EdwardsPoint};
use curve25519_dalek::scalar::Scalar;
use ed25519_dalek::{Signature, VerifyingKey};
use serde_json::Value;
use sha2::{Digest as _, Sha512};

use self::windows::{BASE, Windows};
use super::verifying::{self, Algorithm};
use super::{Digested, Expected, Kind, ProofError, SigningInput};
use crate::canon::{Hash, Processor};
use crate::multikey::PublicKey;

/// Signatures by one key after which its table pays: making a small one takes as long
/// as it saves on eight, a large one, or the base point's, as on forty.
const MANY: usize = 32;
/// Keys that are counted before all are forgotten, and of those the ones that
/// get a table, which takes 82 kB.
const KEYS: usize = 1_024;
const TABLES: usize = 32;
/// Kinds of documents whose templates are kept.
const KINDS: usize = 32;

/// What verifications share. It may be used by several threads at once, and it
/// may live long: what it keeps is bounded.
pub struct Batch {
    processor: Processor,
    /// How tables of keys are made.
    tabled: fn(&[u8; 32]) -> Option<Tabled>,
    keys: Mutex<Keys>,
}

#[derive(Default)]
struct Keys {
    met: HashMap<[u8; 32], Met>,
    tables: usize,
}

/// A key that signed some documents.
#[derive(Default)]
struct Met {
    times: usize,
    table: Option<Arc<Tabled>>,
}

impl Default for Batch {
    fn default() -> Self {
        Self::with(Processor::known())
    }
}

impl Batch {
    /// That reads documents as `processor` does.
    pub fn with(processor: &Processor) -> Self {
        Self { processor: processor.remembering(KINDS), tabled: Tabled::small, keys: Mutex::default() }
    }

    /// That shares nothing but keys: every document is read by itself, as `processor`
    /// does. For whoever verifies by few keys: the table of one takes 655 kB in
    /// place of 82, and half as many additions.
    pub fn of_keys(processor: &Processor) -> Self {
        Self { processor: processor.clone(), tabled: Tabled::large, keys: Mutex::default() }
    }

    /// [`verify_as`](super::verify_as): the same answer, mostly sooner.
    pub fn verify(
        &self,
        document: &Value,
        proof: &Value,
        key: &PublicKey,
        expected: &Expected<'_>,
    ) -> Result<(), ProofError> {
        self.begin(document, proof, key, expected)?.end()
    }

    /// Verifies an `EdDSA` proof of a document whose canonical form is at hand, and that need
    /// not carry the proof, but for the last step: the answer that [`Self::verify`] would
    /// give if it did.
    pub fn begin_digested(
        &self,
        document: &Digested<'_>,
        proof: &Value,
        key: &PublicKey,
        expected: &Expected<'_>,
    ) -> Result<Begun, ProofError> {
        match (document.suite.algorithm, key) {
            (Algorithm::Ed25519, PublicKey::Ed25519(key)) => {
                self.begin_by(key, &document.opened(proof, expected)?)
            }
            _ => Err(ProofError::KeyType { expected: "an Ed25519 key" }),
        }
    }

    /// All of [`Self::verify`] but its last step, which costs less for several
    /// at once: see [`conclude`]. The document is needed no longer.
    pub fn begin(
        &self,
        document: &Value,
        proof: &Value,
        key: &PublicKey,
        expected: &Expected<'_>,
    ) -> Result<Begun, ProofError> {
        match (Kind::of(proof)?, key) {
            (Kind::Whole(suite), PublicKey::Ed25519(key)) if suite.algorithm == Algorithm::Ed25519 => {
                self.begin_by(key, &suite.opened(&self.processor, document, proof, expected, Hash::Sha256)?)
            }
            (kind, key) => kind.verify(&self.processor, document, proof, key, expected).map(|()| Begun(None)),
        }
    }

    fn begin_by(&self, key: &VerifyingKey, opened: &(SigningInput, [u8; 64])) -> Result<Begun, ProofError> {
        match self.table(key.as_bytes()) {
            Some(table) => table.begin(opened.0.as_ref(), &opened.1).map(|point| Begun(Some(point))),
            None => verifying::ed25519(key, opened).map(|()| Begun(None)),
        }
    }

    /// The key's table, if it has signed so much that one pays.
    fn table(&self, key: &[u8; 32]) -> Option<Arc<Tabled>> {
        let mut keys = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        let Keys { met, tables } = &mut *keys;
        if met.len() >= KEYS && !met.contains_key(key) {
            met.clear();
            *tables = 0;
        }
        let met = met.entry(*key).or_default();
        met.times = met.times.saturating_add(1);
        if met.times == MANY && *tables < TABLES {
            met.table = (self.tabled)(key).map(Arc::new);
            *tables += 1;
        }
        met.table.clone()
    }
}

/// A verification but for its last step, if it has one.
#[derive(Debug, Clone, Copy)]
#[must_use = "what is begun is not verified"]
pub struct Begun(Option<Point>);

impl Begun {
    /// The last step by itself.
    pub fn end(self) -> Result<(), ProofError> {
        self.0.map_or(Ok(()), |point| point.is(point.due.compress()))
    }
}

/// The point that a signature has to state, and what it states.
#[derive(Debug, Clone, Copy)]
struct Point {
    due: EdwardsPoint,
    stated: [u8; 32],
}

impl Point {
    /// `written` is the canonical form of `due`. A point of small order is
    /// refused whatever was stated.
    fn is(&self, written: CompressedEdwardsY) -> Result<(), ProofError> {
        let right = written.as_bytes() == &self.stated && !self.due.is_small_order();
        if right { Ok(()) } else { Err(ProofError::SignatureMismatch) }
    }
}

/// The answers of verifications that were begun, in their order.
pub fn conclude(begun: Vec<Result<Begun, ProofError>>) -> Vec<Result<(), ProofError>> {
    let points: Vec<Point> = begun.iter().filter_map(|begun| begun.as_ref().ok()?.0).collect();
    let due: Vec<EdwardsPoint> = points.iter().map(|point| point.due).collect();
    let written = EdwardsPoint::compress_batch_alloc(&due);
    let mut compared = points.iter().zip(written).map(|(point, written)| point.is(written));
    let answer = |begun: Result<Begun, ProofError>| match begun? {
        Begun(None) => Ok(()),
        // There is one for each; none would be no good signature.
        Begun(Some(_)) => compared.next().unwrap_or(Err(ProofError::SignatureMismatch)),
    };
    begun.into_iter().map(answer).collect()
}

/// Verifies many proofs, each of a document with a key, as
/// [`verify`](super::verify) does; the answers in the same order.
pub fn verify_many<'a>(
    proofs: impl IntoIterator<Item = (&'a Value, &'a Value, &'a PublicKey)>,
) -> Vec<Result<(), ProofError>> {
    let batch = Batch::default();
    let begin = |(document, proof, key)| batch.begin(document, proof, key, &Expected::default());
    conclude(proofs.into_iter().map(begin).collect())
}

/// An Ed25519 key with multiples of itself.
struct Tabled {
    key: [u8; 32],
    /// Of the key's negative.
    multiples: Multiples,
}

enum Multiples {
    Small(Windows<4>),
    Large(Windows<8>),
}

impl Tabled {
    fn small(key: &[u8; 32]) -> Option<Self> {
        let multiples = Multiples::Small(Windows::of(negative(key)?));
        Some(Self { key: *key, multiples })
    }

    fn large(key: &[u8; 32]) -> Option<Self> {
        Some(Self { key: *key, multiples: Multiples::Large(Windows::of(negative(key)?)) })
    }

    /// What `ed25519_dalek::VerifyingKey::verify_strict` does: RFC 8032 section
    /// 5.1.7 without the cofactor, `S` below the group's order, neither `R` nor
    /// the key of small order.
    ///
    /// That function reads `R` as a point first and refuses what is none; here
    /// the point that `R` must be is computed and written, which gives its only
    /// canonical form. If that is `R`, then `R` is a point, and this point.
    fn begin(&self, message: &[u8], signature: &[u8; 64]) -> Result<Point, ProofError> {
        let signature = Signature::from_bytes(signature);
        let s = Option::<Scalar>::from(Scalar::from_canonical_bytes(*signature.s_bytes()));
        let s = s.ok_or(ProofError::SignatureMismatch)?;
        let hash =
            Sha512::new().chain_update(signature.r_bytes()).chain_update(self.key).chain_update(message);
        let k = Scalar::from_hash(hash);
        let due = match &self.multiples {
            Multiples::Small(table) => BASE.times(&s) + table.times(&k),
            Multiples::Large(windows) => BASE.times(&s) + windows.times(&k),
        };
        Ok(Point { due, stated: *signature.r_bytes() })
    }
}

/// The negative of a key; none if the key is no point, or one of small order.
fn negative(key: &[u8; 32]) -> Option<EdwardsPoint> {
    let point = CompressedEdwardsY(*key).decompress().filter(|point| !point.is_small_order())?;
    Some(-point)
}

mod ends;
mod windows;

pub use ends::{Due, Ends};

#[cfg(test)]
mod tests;
