//! Permissions to award achievements, and the jobs they matter to.

use chrono::{DateTime, NaiveDate, Utc};
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

/// An accreditation as the register held it from a moment on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccreditationVersion {
    /// The accreditation.
    pub accreditation: Accreditation,
    /// Whether it stood: an accreditation that is withdrawn altogether no longer does.
    pub stands: bool,
    /// Since when the register says so.
    pub recorded: DateTime<Utc>,
}

/// A provider's permission to make one award.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Permission {
    /// The accreditation as it covered the award.
    pub accreditation: Accreditation,
    /// The day on which it came to its end since, or on which it was withdrawn.
    pub ended: Option<NaiveDate>,
}

/// The permission for an award of `day` whose badge was issued at `issued`: by the
/// register as it stood then, whatever became of it since, else as it stands now. The
/// versions are those of one provider and achievement, the oldest first.
pub fn permission(
    versions: &[AccreditationVersion],
    day: NaiveDate,
    issued: DateTime<Utc>,
    today: NaiveDate,
) -> Option<Permission> {
    let same = |a: &Accreditation, b: &Accreditation| a.from == b.from && a.accredited_by == b.accredited_by;
    // The last version of each accreditation, of those that `when` lets through.
    let last = |when: &dyn Fn(&AccreditationVersion) -> bool| {
        let mut last: Vec<&AccreditationVersion> = Vec::new();
        for version in versions.iter().filter(|version| when(version)) {
            last.retain(|other| !same(&other.accreditation, &version.accreditation));
            last.push(version);
        }
        last
    };
    let now = last(&|_| true);
    let covers = |version: &&&AccreditationVersion| version.stands && version.accreditation.covers(day);
    let then = last(&|version| version.recorded <= issued);
    let held = then.iter().find(covers).or_else(|| now.iter().find(covers))?;
    let present = now.iter().find(|version| same(&version.accreditation, &held.accreditation))?;
    let ended = if present.stands {
        present.accreditation.until.filter(|last| *last < today)
    } else {
        Some(present.recorded.date_naive())
    };
    Some(Permission { accreditation: held.accreditation.clone(), ended })
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

/// A subject of a framework of core skills, such as the Core Skills Training Framework. It
/// names the achievements that show it, as a [`JobFamily`] does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CoreSkill {
    /// Its short name.
    pub slug: Slug,
    /// Its name, as the framework has it.
    pub name: String,
    /// The framework it is taken from.
    pub framework: String,
    /// Where it is described, https.
    pub url: Option<String>,
    /// The achievements that show it.
    pub achievements: Vec<Slug>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn version(until: Option<&str>, stands: bool, recorded: &str) -> AccreditationVersion {
        let slug = |text: &str| text.parse().unwrap();
        AccreditationVersion {
            accreditation: Accreditation {
                provider: slug("example-trust"),
                achievement: slug("sample-module"),
                from: day("2024-01-01"),
                until: until.map(day),
                accredited_by: slug("sample-academy"),
            },
            stands,
            recorded: format!("{recorded}T00:00:00Z").parse().unwrap(),
        }
    }

    /// Whether it might, and if so when that came to its end, if it did.
    #[expect(clippy::option_option, reason = "two questions")]
    fn asked(versions: &[AccreditationVersion], on: &str, issued: &str) -> Option<Option<NaiveDate>> {
        let issued = format!("{issued}T12:00:00Z").parse().unwrap();
        permission(versions, day(on), issued, day("2026-06-01")).map(|permission| permission.ended)
    }

    #[test]
    fn what_was_awarded_while_it_held_stays_permitted() {
        let open = version(None, true, "2024-01-01");
        assert_eq!(asked(std::slice::from_ref(&open), "2025-01-01", "2025-01-02"), Some(None));
        assert_eq!(
            asked(std::slice::from_ref(&open), "2023-12-31", "2024-01-02"),
            None,
            "before its first day"
        );
        let withdrawn = [open.clone(), version(None, false, "2026-03-01")];
        assert_eq!(asked(&withdrawn, "2025-01-01", "2025-01-02"), Some(Some(day("2026-03-01"))));
        assert_eq!(asked(&withdrawn, "2026-04-01", "2026-04-01"), None, "after it was withdrawn");
        let backdated = [open, version(Some("2024-06-30"), true, "2026-03-01")];
        assert_eq!(
            asked(&backdated, "2025-01-01", "2025-01-02"),
            Some(Some(day("2024-06-30"))),
            "an end set back does not undo what was awarded before it was set"
        );
        assert_eq!(asked(&backdated, "2026-03-02", "2026-03-02"), None);
    }

    #[test]
    fn a_permission_recorded_late_counts_for_its_days() {
        let late = [version(Some("2025-12-31"), true, "2026-02-01")];
        assert_eq!(asked(&late, "2025-01-01", "2025-01-02"), Some(Some(day("2025-12-31"))));
        assert_eq!(asked(&late, "2026-01-01", "2026-01-02"), None);
        assert_eq!(asked(&[], "2025-01-01", "2025-01-02"), None);
    }
}
