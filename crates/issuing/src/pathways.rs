//! Where a learner stands towards every programme and registration level
//! (Future Vision, 7.8, 8.13, 8.15).

use chrono::{DateTime, Utc};
use model::{
    catalogue::{CORE_EQUALITY_MODULE, Catalogue},
    id::{AwardId, CredentialId, LearnerId, Slug},
    programme::{Earned, Programmes, Published, Standing},
};
use registry::{AwardSummary, CredentialState, RegistryError, Successor};

use crate::{Service, programme::earned};

/// Where a learner stands at a moment.
#[derive(Debug, Clone, PartialEq)]
pub struct Pathways {
    /// When.
    pub at: DateTime<Utc>,
    /// Towards each programme of the catalogue, by short name.
    pub programmes: Vec<Pathway>,
    /// Towards each registration level, by short name.
    pub requirements: Vec<Requirement>,
    /// The awards that this rests on.
    pub awards: Vec<AwardSummary>,
}

/// Where a learner stands towards a programme.
#[derive(Debug, Clone, PartialEq)]
pub struct Pathway {
    /// The programme.
    pub programme: Slug,
    /// The version by which they stand, or under which they finished.
    pub version: String,
    /// What it awards.
    pub achievement: Slug,
    /// When they began; the core module alone begins nothing.
    pub began: Option<DateTime<Utc>>,
    /// How they stand.
    pub step: Step,
}

/// How far somebody is.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// They have its award.
    Awarded(Awarded),
    /// They had its award, and it was revoked. It does not come back by itself.
    Revoked,
    /// The rule, as it stands or will be awarded at the next look.
    Standing(Standing),
}

/// A programme's award that somebody has.
#[derive(Debug, Clone, PartialEq)]
pub struct Awarded {
    /// The award.
    pub award: AwardId,
    /// Its credential.
    pub credential: CredentialId,
    /// When it was earned.
    pub at: DateTime<Utc>,
    /// Whether something that counted was revoked and nobody has decided yet.
    pub is_under_review: bool,
    /// The award that superseded it.
    pub superseded_by: Option<Successor>,
    /// The awards that counted.
    pub counted: Vec<AwardId>,
}

/// Where a learner stands towards a registration level.
#[derive(Debug, Clone, PartialEq)]
pub struct Requirement {
    /// The level.
    pub level: Slug,
    /// How they stand.
    pub standing: Standing,
}

impl Service {
    /// Where a learner stands; by the awards of one provider alone, if it is given.
    /// `None` if there is no such learner, or none of that provider; an error if they were
    /// erased.
    pub fn pathways(
        &self,
        learner: LearnerId,
        provider: Option<&Slug>,
    ) -> Result<Option<Pathways>, RegistryError> {
        self.registry.refuse_erased(learner)?;
        let mut awards = self.registry.awards_of(learner)?;
        if let Some(provider) = provider {
            awards.retain(|award| award.provider == *provider);
        }
        if awards.is_empty() && (provider.is_some() || self.registry.learner(learner)?.is_none()) {
            return Ok(None);
        }
        let at = self.clock.now();
        let (catalogue, programmes) = (self.catalogue()?, self.programmes()?);
        let all: Vec<Earned> = awards.iter().map(earned).collect();
        let mut found = Vec::with_capacity(catalogue.programmes.len());
        for slug in catalogue.programmes.keys() {
            found.extend(self.pathway(&programmes, slug, &awards, &all, at)?);
        }
        let requirement = |level: &Slug| {
            let standing = programmes.requirement(level, &all, at)?;
            Some(Requirement { level: level.clone(), standing })
        };
        let requirements = catalogue.requirements.keys().filter_map(requirement).collect();
        Ok(Some(Pathways { at, programmes: found, requirements, awards }))
    }

    fn pathway(
        &self,
        programmes: &Programmes,
        slug: &Slug,
        awards: &[AwardSummary],
        all: &[Earned],
        at: DateTime<Utc>,
    ) -> Result<Option<Pathway>, RegistryError> {
        let versions = programmes.versions(slug);
        let awards_it =
            |version: &Published, award: &AwardSummary| version.programme.achievement == award.achievement;
        let has = awards.iter().rfind(|award| versions.iter().any(|version| awards_it(version, award)));
        let Some(stood) = programmes.standing(slug, all, at) else { return Ok(None) };
        let step = match has {
            Some(award) if award.state == CredentialState::Issued => {
                Step::Awarded(self.awarded(slug, award, awards)?)
            }
            Some(_) => Step::Revoked,
            None => Step::Standing(stood.standing),
        };
        let programme = &stood.version.programme;
        Ok(Some(Pathway {
            programme: slug.clone(),
            version: programme.version.clone(),
            achievement: programme.achievement.clone(),
            began: stood.began,
            step,
        }))
    }

    fn awarded(
        &self,
        programme: &Slug,
        award: &AwardSummary,
        awards: &[AwardSummary],
    ) -> Result<Awarded, RegistryError> {
        let mut counted: Vec<&AwardSummary> = awards.iter().filter(|one| one.counts_in(programme)).collect();
        counted.sort_by(|a, b| a.achievement.cmp(&b.achievement));
        // Only what was revoked since can have opened a review.
        let may_be_reviewed = counted.iter().any(|one| matches!(one.state, CredentialState::Revoked { .. }));
        let is_under_review = may_be_reviewed && self.registry.is_under_review(award.award_id)?;
        Ok(Awarded {
            award: award.award_id,
            credential: award.credential_id,
            at: award.awarded_at,
            is_under_review,
            superseded_by: self.registry.successor(award.award_id)?,
            counted: counted.iter().map(|one| one.award_id).collect(),
        })
    }
}

impl Pathway {
    /// Whether they have begun, or more.
    pub fn has_begun(&self) -> bool {
        self.began.is_some() || !matches!(self.step, Step::Standing(_))
    }
}

/// The achievements of `next` that can be earned on the day, the core module first.
pub fn available<'a>(catalogue: &Catalogue, next: Vec<&'a Slug>, at: DateTime<Utc>) -> Vec<&'a Slug> {
    let is_offered =
        |slug: &&Slug| catalogue.achievements.get(*slug).is_some_and(|one| one.available_on(at.date_naive()));
    let mut offered: Vec<&Slug> = next.into_iter().filter(is_offered).collect();
    offered.sort_by_key(|slug| slug.as_str() != CORE_EQUALITY_MODULE);
    offered
}
