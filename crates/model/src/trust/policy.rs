//! What of a report matters to whom.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};

use crate::{
    id::Slug,
    report::{Check, Conclusion, Outcome, Question},
};

/// What an award of an issuer that no list names comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unlisted {
    /// It may be valid: the reader judges the issuer.
    Valid,
    /// It is not valid, and not invalid either.
    Undetermined,
}

/// What a verifier makes of checks: which lists it trusts, which checks it needs, how old
/// a status may be. It decides the verdict and hides no check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// Its name, for people.
    pub name: String,
    /// The lists of issuers it trusts.
    pub issuers: Vec<Slug>,
    /// The lists of those whose endorsement inside a badge makes its issuer trusted.
    pub endorsers: Vec<Slug>,
    /// How old the word of a status list may be.
    pub status_age: Option<TimeDelta>,
    /// The questions that must be answered beside those that always must.
    pub necessary: BTreeSet<Question>,
    /// What an issuer that no list names comes to.
    pub unlisted: Unlisted,
}

impl Policy {
    /// What the checks, made at `now`, come to. What failed is invalid whatever the
    /// policy says; what it needs and was not checked, or is too old, leaves the verdict
    /// open. An issuer that nobody lists does so too where the policy says so, and is told
    /// apart if it is all that does.
    pub fn conclusion(&self, checks: &[Check], now: DateTime<Utc>) -> Conclusion {
        if checks.iter().any(|check| check.outcome == Outcome::Fail) {
            return Conclusion::Invalid;
        }
        let is_open = |check: &Check| match check.outcome {
            Outcome::NotChecked => check.question.is_necessary() || self.necessary.contains(&check.question),
            Outcome::Pass | Outcome::Warning => self.is_too_old(check, now),
            Outcome::Fail => false,
        };
        let is_missing = |question: &Question| !checks.iter().any(|check| check.question == *question);
        if checks.iter().any(is_open) || self.necessary.iter().any(is_missing) {
            Conclusion::Undetermined
        } else if checks.iter().any(|check| self.distrusts(check)) {
            Conclusion::Untrusted
        } else {
            Conclusion::Valid
        }
    }

    fn is_too_old(&self, check: &Check, now: DateTime<Utc>) -> bool {
        let (Question::Status, Some(most), Some(since)) = (check.question, self.status_age, check.as_of)
        else {
            return false;
        };
        now - since > most
    }

    fn distrusts(&self, check: &Check) -> bool {
        check.question == Question::Trust
            && check.outcome == Outcome::Warning
            && self.unlisted == Unlisted::Undetermined
    }
}
