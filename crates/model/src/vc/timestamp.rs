//! A moment as a credential writes it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// A moment as a credential writes it. The text is kept to the letter, since it
/// is what was signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(String);

impl Timestamp {
    /// The text as written, well formed or not.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The moment; `None` where the text is not RFC 3339 with a zone.
    pub fn instant(&self) -> Option<DateTime<Utc>> {
        let well_formed = crate::schema::is_date_time(&self.0);
        well_formed.then(|| DateTime::parse_from_rfc3339(&self.0).ok()).flatten().map(|at| at.to_utc())
    }
}

/// Written in UTC, to the second, with `Z`.
impl From<DateTime<Utc>> for Timestamp {
    fn from(at: DateTime<Utc>) -> Self {
        Self(at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_written_in_utc_and_read_as_it_stands() {
        let at: DateTime<Utc> = "2026-05-01T10:00:00+01:00".parse().unwrap();
        assert_eq!(Timestamp::from(at).as_str(), "2026-05-01T09:00:00Z");
        let read: Timestamp = serde_json::from_value("2026-05-01T10:00:00+01:00".into()).unwrap();
        assert_eq!((read.as_str(), read.instant()), ("2026-05-01T10:00:00+01:00", Some(at)));
        let zoneless: Timestamp = serde_json::from_value("2026-05-01T10:00:00".into()).unwrap();
        assert_eq!(zoneless.instant(), None);
    }
}
