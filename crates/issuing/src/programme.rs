//! The programmes a learner completes by what they have earned.

use std::collections::HashMap;

use chrono::{DateTime, Months, Utc};
use model::{
    catalogue::{Catalogue, Programme},
    completion::{Completion, StatedEvidence},
    id::{AwardId, LearnerId, Slug},
};
use registry::{AwardSummary, BeginOutcome, CredentialState, Intake, Issued, Source};

use crate::{IssuingError, Service};

/// The name under which awards that follow from a rule are recorded.
const BY_RULE: &str = "lanyard";

impl Service {
    /// Awards every programme that `issued` completes, and strikes off the jobs
    /// that the second transaction left. The answer is by the award that gave
    /// cause.
    pub(crate) fn award_programmes<'i>(
        &self,
        catalogue: &Catalogue,
        issued: impl Iterator<Item = &'i Issued>,
    ) -> Result<HashMap<AwardId, Vec<Issued>>, IssuingError> {
        let mut awarded = HashMap::new();
        let mut done = Vec::new();
        for cause in issued {
            done.push(cause.award_id);
            if catalogue.counting(&cause.achievement).next().is_some() {
                let earned = self.award_programmes_of(catalogue, cause.learner_id)?;
                if !earned.is_empty() {
                    awarded.insert(cause.award_id, earned);
                }
            }
        }
        self.registry.jobs_done(&done, self.clock.now())?;
        Ok(awarded)
    }

    /// Awards the programmes whose rule the learner satisfies, until no award
    /// brings another.
    pub(crate) fn award_programmes_of(
        &self,
        catalogue: &Catalogue,
        learner: LearnerId,
    ) -> Result<Vec<Issued>, IssuingError> {
        let mut all = Vec::new();
        loop {
            let mut earned = self.award_once(catalogue, learner)?;
            if earned.is_empty() {
                return Ok(all);
            }
            all.append(&mut earned);
        }
    }

    fn award_once(&self, catalogue: &Catalogue, learner: LearnerId) -> Result<Vec<Issued>, IssuingError> {
        let awards = self.registry.awards_of(learner)?;
        let satisfied: Vec<(&Programme, Vec<&AwardSummary>)> = catalogue
            .programmes
            .values()
            .filter_map(|programme| counted(programme, &awards).map(|counted| (programme, counted)))
            .collect();
        if satisfied.is_empty() {
            return Ok(Vec::new());
        }
        let Some(record) = self.registry.learner(learner)? else { return Ok(Vec::new()) };
        let completions: Vec<Completion> = satisfied
            .iter()
            .map(|(programme, counted)| Completion {
                learner: record.stated.clone(),
                achievement: programme.achievement.clone(),
                completed_at: latest(counted),
                started_on: None,
                delivery_mode: None,
                results: Vec::new(),
                credit: None,
                evidence: counted.iter().map(|award| self.counted_evidence(catalogue, award)).collect(),
                cohort: None,
                reference: None,
            })
            .collect();
        let intakes = satisfied
            .iter()
            .zip(&completions)
            .map(|((programme, counted), completion)| {
                let achievement = catalogue.achievements.get(&programme.achievement).ok_or_else(|| {
                    IssuingError::Catalogue(format!("achievement `{}` has gone", programme.achievement))
                })?;
                Ok(Intake {
                    client: BY_RULE.to_owned(),
                    provider: achievement.issuer.clone(),
                    completion,
                    source: Source::Programme {
                        programme: programme.slug.clone(),
                        learner,
                        counted: counted.iter().map(|award| award.award_id).collect(),
                    },
                    idempotency: None,
                    issuer: achievement.issuer.clone(),
                    achievement_version: achievement.version.clone(),
                    credit: achievement.credit.clone(),
                })
            })
            .collect::<Result<Vec<_>, IssuingError>>()?;
        // Another request may be awarding the same programme at this moment: the
        // registry lets one of them through.
        let begun: Vec<_> = self
            .begin_outcomes(catalogue, &intakes)?
            .into_iter()
            .filter_map(|outcome| match outcome {
                BeginOutcome::Begun(pending) => Some(*pending),
                _ => None,
            })
            .collect();
        let issued = self.finish(&begun)?;
        let done: Vec<AwardId> = issued.values().map(|issued| issued.award_id).collect();
        self.registry.jobs_done(&done, self.clock.now())?;
        Ok(issued.into_values().collect())
    }

    fn counted_evidence(&self, catalogue: &Catalogue, award: &AwardSummary) -> StatedEvidence {
        let name = catalogue.achievements.get(&award.achievement).map(|achievement| achievement.name.clone());
        StatedEvidence {
            url: Some(self.site.credential(award.credential_id)),
            name,
            narrative: Some("Counted towards this award.".to_owned()),
        }
    }
}

/// The awards that satisfy `programme`'s rule, unless it does not hold or its
/// award is there already: every achievement of `all_of`, the latest standing
/// award of each, all within the window that ends with the last of them.
fn counted<'a>(programme: &Programme, awards: &'a [AwardSummary]) -> Option<Vec<&'a AwardSummary>> {
    let standing = |achievement: &Slug| {
        awards
            .iter()
            .filter(move |award| award.achievement == *achievement && award.state == CredentialState::Issued)
            .max_by_key(|award| award.awarded_at)
    };
    let already = awards.iter().any(|award| award.achievement == programme.achievement);
    if already || programme.all_of.is_empty() {
        return None;
    }
    let counted: Vec<_> = programme.all_of.iter().map(standing).collect::<Option<_>>()?;
    let within = programme.window_months.is_none_or(|months| {
        latest(&counted)
            .checked_sub_months(Months::new(months))
            .is_none_or(|first| counted.iter().all(|award| award.awarded_at >= first))
    });
    within.then_some(counted)
}

fn latest(counted: &[&AwardSummary]) -> DateTime<Utc> {
    counted.iter().map(|award| award.awarded_at).max().unwrap_or_default()
}
