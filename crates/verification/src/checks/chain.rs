//! Proofs that build on others (VC Data Integrity 1.0, section 2.1.2): each
//! proof named must be there, once, and be good itself.

use model::report::{Check, Outcome};
use model::sentence::Sentence;
use serde_json::Value;

use super::{codes, say};
use crate::credential::{many, shown, text};

/// Whether all that `proof` builds on is among `all`, and it not among that.
pub(crate) fn complete(proof: &Value, all: &[Value]) -> Result<(), Check> {
    let broken = |what: Sentence| Err(codes::PROOF_CHAIN_BROKEN.found(what));
    let mut below: Vec<&Value> = vec![proof];
    let mut next = 0;
    while let Some(here) = below.get(next).copied() {
        next += 1;
        for id in many(here, "previousProof") {
            let name = shown(id.as_str().unwrap_or("(not a string)"));
            let mut named = all.iter().filter(|other| id.is_string() && other.get("id") == Some(id));
            let Some(previous) = named.next() else {
                return broken(say::chain_absent(name));
            };
            if named.next().is_some() {
                return broken(say::chain_twice(name));
            }
            if std::ptr::eq(previous, proof) {
                return broken(say::chain_ring(name));
            }
            if !below.iter().any(|met| std::ptr::eq(*met, previous)) {
                below.push(previous);
            }
        }
    }
    Ok(())
}

/// A proof is no better than those it builds on: `verified` holds the checks of
/// the signatures of `proofs`.
pub(crate) fn carry_over(proofs: &[Value], mut verified: Vec<&mut Check>) {
    // Each round carries at least one step; chains are as long as there are proofs.
    for _ in proofs {
        for (index, proof) in proofs.iter().enumerate() {
            if verified.get(index).is_none_or(|check| check.outcome != Outcome::Pass) {
                continue;
            }
            for id in many(proof, "previousProof").into_iter().filter_map(Value::as_str) {
                let place = proofs.iter().position(|other| text(other, "id") == Some(id));
                let outcome =
                    place.and_then(|place| verified.get(place)).map_or(Outcome::Fail, |check| check.outcome);
                let found = match outcome {
                    Outcome::Pass | Outcome::Warning => continue,
                    Outcome::Fail => codes::PROOF_CHAIN_BROKEN.found(say::chain_fails(shown(id))),
                    Outcome::NotChecked => codes::PROOF_NOT_CHECKED.found(say::chain_open(shown(id))),
                };
                if let Some(check) = verified.get_mut(index) {
                    **check = found;
                }
                break;
            }
        }
    }
}
