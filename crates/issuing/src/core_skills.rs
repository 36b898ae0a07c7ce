//! A person's core skills as a staff passport reads them: what was awarded here, and what other
//! systems sent.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, SecondsFormat, TimeDelta, Utc};
use model::{
    catalogue::{Catalogue, CoreSkill},
    core_skills::{ClaimMetadata, CoreSkillsAsk},
    id::{CredentialId, Slug},
};
use registry::{AwardSummary, ClaimRecord, CredentialState, Granted, RegistryError};

use crate::Service;

/// The core skills of a person.
#[derive(Debug, Clone, PartialEq)]
pub struct CoreSkills {
    /// The person's name.
    pub name: String,
    /// By subject, and in each by the day on which the training was finished.
    pub skills: Vec<HeldCoreSkill>,
}

/// A core skill that somebody has.
#[derive(Debug, Clone, PartialEq)]
pub struct HeldCoreSkill {
    /// The subject, as the catalogue has it.
    pub subject: CoreSkill,
    /// Who says so.
    pub source: CoreSkillSource,
    /// When the training was finished.
    pub completed_on: NaiveDate,
    /// The last day on which it counts as current, where it ends.
    pub expires_on: Option<NaiveDate>,
    /// What a passport keeps of the claim.
    pub claim: ClaimMetadata,
}

/// Who says that somebody has a core skill.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CoreSkillSource {
    /// This service: its credential shows it.
    Award(CredentialId),
    /// A client, which sent it.
    Claim {
        /// The client.
        client: String,
        /// When it came, as it is.
        received: DateTime<Utc>,
    },
}

impl Service {
    /// The core skills that a consent lets be read: of the subjects asked for, or of all that
    /// it names. An award counts for a subject as the catalogue says now, and not once its
    /// credential was revoked.
    pub fn core_skills(&self, granted: &Granted, ask: &CoreSkillsAsk) -> Result<CoreSkills, RegistryError> {
        let stated = self.registry.learner(granted.learner)?.ok_or(RegistryError::Erased)?.stated;
        let catalogue: Arc<Catalogue> = self.catalogue()?;
        let asked = if ask.subjects.is_empty() { &granted.consent.stated.subjects } else { &ask.subjects };
        let is_wanted = |subject: &&CoreSkill| asked.is_empty() || asked.contains(&subject.slug);
        let (awards, claims) =
            (self.registry.awards_of(granted.learner)?, self.registry.core_skill_claims(granted.learner)?);
        let now = self.clock.now();
        let mut skills = Vec::new();
        for subject in catalogue.core_skills.values().filter(is_wanted) {
            let shows_it = |award: &&AwardSummary| {
                award.state == CredentialState::Issued && subject.achievements.contains(&award.achievement)
            };
            let awarded = awards
                .iter()
                .filter(shows_it)
                .map(|award| self.awarded_skill(&catalogue, subject, award, now));
            let claimed = claims.iter().filter(|claim| claim.stated.subject == subject.slug);
            let mut held: Vec<HeldCoreSkill> =
                awarded.chain(claimed.map(|claim| claimed_skill(subject, claim))).collect();
            held.sort_by_key(|one| one.completed_on);
            skills.extend(held);
        }
        Ok(CoreSkills { name: stated.name, skills })
    }

    fn awarded_skill(
        &self,
        catalogue: &Catalogue,
        subject: &CoreSkill,
        award: &AwardSummary,
        now: DateTime<Utc>,
    ) -> HeldCoreSkill {
        let name = |slug: &Slug| {
            catalogue.organisations.get(slug).map_or_else(|| slug.to_string(), |one| one.name.clone())
        };
        let issuer = catalogue.achievements.get(&award.achievement).map(|achievement| &achievement.issuer);
        HeldCoreSkill {
            subject: subject.clone(),
            source: CoreSkillSource::Award(award.credential_id),
            completed_on: award.awarded_at.date_naive(),
            expires_on: award.valid_until.map(last_day),
            claim: ClaimMetadata {
                origin: self.site.base().to_owned(),
                assurance_policy: self.site.achievement(&award.achievement, &award.achievement_version),
                assurance_outcome: "awarded".to_owned(),
                provider: name(&award.provider),
                verifier: name(issuer.unwrap_or_else(|| self.site.root_issuer())),
                verification_method: format!("Open Badges 3.0, at {}", self.site.url("/verify")),
                pedigree: "primary".to_owned(),
                last_refresh: now.to_rfc3339_opts(SecondsFormat::Secs, true),
                unique_identifier: self.site.credential(award.credential_id),
            },
        }
    }
}

fn claimed_skill(subject: &CoreSkill, claim: &ClaimRecord) -> HeldCoreSkill {
    let stated = &claim.stated;
    HeldCoreSkill {
        subject: subject.clone(),
        source: CoreSkillSource::Claim { client: claim.client.clone(), received: claim.received },
        completed_on: stated.completed_on,
        expires_on: stated.expires_on,
        claim: stated.claim.clone(),
    }
}

/// The last day of which a part lies before `end`.
fn last_day(end: DateTime<Utc>) -> NaiveDate {
    end.checked_sub_signed(TimeDelta::microseconds(1)).unwrap_or(end).date_naive()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ends_at_midnight_is_current_until_the_day_before() {
        let day = |text: &str| last_day(text.parse().unwrap()).to_string();
        assert_eq!(day("2027-04-01T00:00:00Z"), "2027-03-31");
        assert_eq!(day("2027-04-01T00:00:01Z"), "2027-04-01");
    }
}
