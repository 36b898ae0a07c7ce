//! The catalogue: what can be earned, from whom, and what counts towards what.
//!
//! It is written as YAML by people (`catalogue/`, described in
//! `docs/catalogue.md`), read by [`read()`] and from then on cannot be wrong:
//! every name it uses is defined, every picture is there, no rule goes in
//! circles.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

pub use accreditation::{Accreditation, AccreditationVersion, CoreSkill, JobFamily, Permission, permission};
pub use achievement::{AchievementDefinition, AlignmentDefinition, Kind, KindError, Picture};
pub use error::CatalogueError;
pub use organisation::{OdsCode, OdsCodeError, Organisation, Role};
pub use read::{amend, read};
pub use succession::{Manner, Succession};

pub use crate::programme::{Programme, RequirementSet};
use crate::{cpd::scheme::Scheme, id::Slug, maintenance::MaintenancePolicy};

mod accreditation;
mod achievement;
mod check;
mod drafts;
mod entries;
mod error;
mod form;
mod maintenance;
mod organisation;
mod read;
mod rules;
mod scheme;
mod succession;
mod yaml;

/// The slug of the equality, diversity and inclusion module that every
/// programme must contain (Future Vision, 8.8).
pub const CORE_EQUALITY_MODULE: &str = "equality-diversity-inclusion";

/// A whole catalogue. Made by [`read()`], or read back from where it was stored.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Catalogue {
    /// Who issues, provides, accredits and endorses.
    pub organisations: BTreeMap<Slug, Organisation>,
    /// What can be earned, each in its current version.
    pub achievements: BTreeMap<Slug, AchievementDefinition>,
    /// Rules over achievements, each in its current version.
    pub programmes: BTreeMap<Slug, Programme>,
    /// What registration levels ask for.
    #[serde(default)]
    pub requirements: BTreeMap<Slug, RequirementSet>,
    /// Who may award what, and when.
    pub accreditations: Vec<Accreditation>,
    /// Families of jobs, and the achievements that matter to each.
    pub job_families: BTreeMap<Slug, JobFamily>,
    /// Subjects of core skills, and the achievements that show each.
    #[serde(default)]
    pub core_skills: BTreeMap<Slug, CoreSkill>,
    /// CPD schemes.
    pub cpd_schemes: BTreeMap<Slug, Scheme>,
    /// What keeps badges in force.
    #[serde(default)]
    pub maintenance: BTreeMap<Slug, MaintenancePolicy>,
}

impl Catalogue {
    /// Whether `provider` may award `achievement` on `date`: some accreditation
    /// covers that day, its first and last days included.
    pub fn accredited(&self, provider: &Slug, achievement: &Slug, date: NaiveDate) -> bool {
        self.accreditations.iter().any(|accreditation| {
            accreditation.provider == *provider
                && accreditation.achievement == *achievement
                && accreditation.covers(date)
        })
    }

    /// The programmes in which `achievement` counts, needed or optional.
    pub fn counting(&self, achievement: &Slug) -> impl Iterator<Item = &Programme> {
        self.programmes.values().filter(move |programme| {
            programme.rule.achievements().any(|one| one == achievement)
                || programme.optional.contains(achievement)
        })
    }

    /// The programme whose completion awards `achievement`, if there is one.
    pub fn programme_awarding(&self, achievement: &Slug) -> Option<&Programme> {
        self.programmes.values().find(|programme| programme.achievement == *achievement)
    }

    /// The policy that keeps badges of `achievement` in force, if there is one.
    pub fn maintenance_of(&self, achievement: &Slug) -> Option<&MaintenancePolicy> {
        self.maintenance.values().find(|policy| policy.achievements.contains(achievement))
    }

    /// The organisations whose keys sign some achievement.
    pub fn issuers(&self) -> BTreeSet<&Slug> {
        self.achievements.values().map(|achievement| &achievement.issuer).collect()
    }
}

#[cfg(test)]
mod tests;
