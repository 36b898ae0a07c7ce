//! Permissions to award achievements, and the jobs they matter to.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::id::Slug;

/// Permission for a provider to award an achievement between two dates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accreditation {
    /// Who may award.
    pub provider: Slug,
    /// What.
    pub achievement: Slug,
    /// The first day of the permission.
    pub from: NaiveDate,
    /// Its last day; without it, until further notice.
    pub until: Option<NaiveDate>,
    /// Who gave it.
    pub accredited_by: Slug,
}

impl Accreditation {
    /// Whether it covers `date`, its first and last days included.
    pub fn covers(&self, date: NaiveDate) -> bool {
        self.from <= date && self.until.is_none_or(|last| date <= last)
    }
}

/// A family of jobs (4.4). It names achievements, and not they it, so that a
/// family can be added or revised without touching a badge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobFamily {
    /// Its short name.
    pub slug: Slug,
    /// The version of the framework it is taken from, or of this entry.
    pub version: String,
    /// Its name, for people.
    pub name: String,
    /// What its people do, in plain words.
    pub description: Option<String>,
    /// Where it is described, https.
    pub url: Option<String>,
    /// The achievements that matter to it.
    pub achievements: Vec<Slug>,
}
