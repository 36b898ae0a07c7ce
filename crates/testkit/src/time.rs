//! A clock that stands.

use chrono::{DateTime, Utc};
use model::clock::FixedClock;

/// Reads an RFC 3339 time.
pub fn at(text: &str) -> DateTime<Utc> {
    text.parse().expect("the test gives an RFC 3339 time")
}

/// The hour at which tests begin: noon on the first of July 2026. It is summer
/// time in London, so that a database that forgets UTC is an hour out.
pub fn noon() -> DateTime<Utc> {
    at("2026-07-01T12:00:00Z")
}

/// A clock that stands at [`noon`].
pub fn clock() -> FixedClock {
    FixedClock::new(noon())
}
