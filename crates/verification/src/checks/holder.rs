//! Did the holder sign what is presented?

use chrono::{DateTime, TimeDelta, Utc};
use jose::{SdJwt, Window};
use model::report::Check;

use super::{codes, say};
use crate::{Expectation, credential::shown};

/// Nobody here asked for the presentation, so that no time is too long ago.
const ANY_AGE: TimeDelta = TimeDelta::days(36_500);

/// Whether the holder presents an SD-JWT for the occasion and to the verifier that are
/// expected, and did so just now (RFC 9901, section 7.3); no check of what is not expected.
pub(crate) fn answers(read: &SdJwt, expected: &Expectation, now: DateTime<Utc>) -> Vec<Check> {
    let signed = read.verify_holder(None, Window::default(), now).is_ok();
    let stated = |name: &str| read.key_binding_claim(name).filter(|_| signed);
    let mut checks = Vec::new();
    if let Some(challenge) = &expected.challenge {
        checks.push(if stated("nonce") == Some(challenge) {
            codes::CHALLENGE_ANSWERED.found(say::challenge_signed())
        } else {
            codes::CHALLENGE_DIFFERS.found(say::challenge_unsigned(shown(challenge)))
        });
    }
    if let Some(domain) = &expected.domain {
        checks.push(if stated("aud") == Some(domain) {
            codes::DOMAIN_MATCHES.found(say::made_for(shown(domain)))
        } else {
            codes::DOMAIN_DIFFERS.found(say::not_made_for(shown(domain)))
        });
    }
    checks
}

/// The check of an SD-JWT's key binding (RFC 9901, section 7.3); none if the
/// credential is bound to no key and nobody signed.
pub(crate) fn check(read: &SdJwt, now: DateTime<Utc>) -> Option<Check> {
    if !read.has_key_binding() {
        let is_bound = read.claims().contains_key("cnf");
        return is_bound.then(|| codes::PROOF_HOLDER_ABSENT.found(say::holder_absent()));
    }
    let window = Window { age: ANY_AGE, ..Window::default() };
    Some(match read.verify_holder(None, window, now) {
        Ok(()) => codes::PROOF_HOLDER_SIGNED.found(say::holder_signed()),
        Err(error) => codes::PROOF_HOLDER_MISMATCH.found(say::holder_mismatch(error.to_string())),
    })
}
