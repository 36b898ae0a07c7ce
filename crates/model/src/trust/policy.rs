//! What of a report matters to whom.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};

use crate::{
    id::Slug,
    report::{Check, Outcome, Question, Verdict},
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
    /// open, and so does an issuer that nobody lists where the policy says so.
    pub fn verdict(&self, checks: &[Check], now: DateTime<Utc>) -> Verdict {
        if checks.iter().any(|check| check.outcome == Outcome::Fail) {
            return Verdict::Invalid;
        }
        let is_open = |check: &Check| match check.outcome {
            Outcome::NotChecked => check.question.is_necessary() || self.necessary.contains(&check.question),
            Outcome::Pass | Outcome::Warning => self.is_too_old(check, now) || self.distrusts(check),
            Outcome::Fail => false,
        };
        let is_missing = |question: &Question| !checks.iter().any(|check| check.question == *question);
        if checks.iter().any(is_open) || self.necessary.iter().any(is_missing) {
            Verdict::Undetermined
        } else {
            Verdict::Valid
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
