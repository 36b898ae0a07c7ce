//! Did the holder sign what is presented?

use chrono::{DateTime, TimeDelta, Utc};
use jose::{SdJwt, Window};
use model::report::Check;

use super::{codes, say};

/// Nobody here asked for the presentation, so that no time is too long ago.
const ANY_AGE: TimeDelta = TimeDelta::days(36_500);

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
