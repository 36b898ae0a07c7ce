//! A learner's award as a rule sees it.

use chrono::{DateTime, Utc};

use crate::{
    cpd::Credit,
    id::{AwardId, Slug},
};

/// One award of a learner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Earned {
    /// The award.
    pub award: AwardId,
    /// What was achieved.
    pub achievement: Slug,
    /// When it was earned.
    pub at: DateTime<Utc>,
    /// When it ends, where it does.
    pub until: Option<DateTime<Utc>>,
    /// The credit it carries.
    pub credit: Credit,
    /// Whether it was never revoked.
    pub stands: bool,
    /// Whether evidence was stated with it. Prior learning counts only so.
    pub evidenced: bool,
    /// The programmes in which it counts already.
    pub counted: Vec<CountedIn>,
}

/// A programme in which an award counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CountedIn {
    /// The programme.
    pub programme: Slug,
    /// Whether what counts there counts nowhere else.
    pub alone: bool,
}

impl Earned {
    /// An award of which nothing is known that could keep it from counting.
    pub fn at_best(award: AwardId, achievement: Slug, at: DateTime<Utc>, credit: Credit) -> Self {
        let (until, counted) = (None, Vec::new());
        Self { award, achievement, at, until, credit, stands: true, evidenced: true, counted }
    }

    /// Whether it is in force at a moment.
    pub fn holds(&self, at: DateTime<Utc>) -> bool {
        self.stands && self.at <= at && self.until.is_none_or(|end| end > at)
    }
}
