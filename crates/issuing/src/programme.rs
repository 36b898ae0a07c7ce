//! The programmes a learner completes by what they have earned.

use std::{collections::HashMap, slice};

use model::{
    catalogue::{AchievementDefinition, Catalogue, Programme},
    completion::{Completion, StatedEvidence},
    id::{AwardId, LearnerId},
    learner::StatedLearner,
};
use registry::{AwardSummary, BeginOutcome, Intake, Issued, Source};

use crate::{
    IssuingError, Service,
    accept::grant,
    badge::{Badge, valid_until},
    rule,
};

/// The name under which awards that follow from a rule are recorded.
const BY_RULE: &str = "lanyard";

impl Service {
    /// Awards every programme that `issued` completes, and strikes off the jobs
    /// that the second transaction left. The answer is by the award that gave
    /// cause: the learner's last of the batch. What fails stays a job for the
    /// reconciler, since what was issued is issued.
    pub(crate) fn award_programmes(
        &self,
        catalogue: &Catalogue,
        issued: &[&Issued],
    ) -> HashMap<AwardId, Vec<Issued>> {
        let counts = |one: &Issued| catalogue.counting(&one.achievement).next().is_some();
        let causes: HashMap<LearnerId, AwardId> =
            issued.iter().filter(|one| counts(one)).map(|one| (one.learner_id, one.award_id)).collect();
        let mut awarded = HashMap::new();
        for (learner, cause) in &causes {
            match self.award_programmes_of(catalogue, *learner) {
                Ok(earned) => {
                    awarded.insert(*cause, earned);
                }
                Err(error) => tracing::warn!(award.id = %cause, %error, "programmes are evaluated later"),
            }
        }
        let is_done =
            |one: &&&Issued| causes.get(&one.learner_id).is_none_or(|cause| awarded.contains_key(cause));
        let done: Vec<AwardId> = issued.iter().filter(is_done).map(|one| one.award_id).collect();
        if let Err(error) = self.registry.jobs_done(&done, self.clock.now()) {
            tracing::warn!(%error, "programmes are evaluated again later");
        }
        awarded
    }

    /// Awards the programmes whose rule the learner satisfies, until no award
    /// brings another: a programme's award may count in the next programme.
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
        let satisfied: Vec<_> = catalogue
            .programmes
            .values()
            .filter_map(|programme| rule::satisfied(programme, &awards).map(|counted| (programme, counted)))
            .collect();
        if satisfied.is_empty() {
            return Ok(Vec::new());
        }
        let Some(record) = self.registry.learner(learner)? else { return Ok(Vec::new()) };
        let (mut earned, mut fault) = (Vec::new(), None);
        for (programme, counted) in satisfied {
            match self.award(catalogue, programme, learner, &record.stated, &counted) {
                Ok(issued) => earned.extend(issued),
                Err(error) => fault = Some(error),
            }
        }
        let done: Vec<AwardId> = earned.iter().map(|issued| issued.award_id).collect();
        self.registry.jobs_done(&done, self.clock.now())?;
        match fault {
            Some(fault) if earned.is_empty() => Err(fault),
            _ => Ok(earned),
        }
    }

    /// Awards one programme. `None` when it cannot be awarded now, or another
    /// request is awarding it at this moment: the registry lets one through.
    fn award(
        &self,
        catalogue: &Catalogue,
        programme: &Programme,
        learner: LearnerId,
        stated: &StatedLearner,
        counted: &[&AwardSummary],
    ) -> Result<Option<Issued>, IssuingError> {
        let now = self.clock.now();
        let achievement = catalogue
            .achievements
            .get(&programme.achievement)
            .ok_or_else(|| IssuingError::Catalogue(format!("`{}` has gone", programme.achievement)))?;
        let completion = self.completion(catalogue, achievement, stated, counted);
        if !achievement.available_on(completion.completed_at.date_naive())
            || valid_until(achievement, &completion).is_some_and(|until| until <= now)
        {
            return Ok(None);
        }
        let badge = Badge::of(achievement, catalogue, &self.site, &self.vault.keys(), now)?;
        let intake = Intake {
            client: BY_RULE.to_owned(),
            provider: achievement.issuer.clone(),
            completion: &completion,
            source: Source::Programme {
                programme: programme.slug.clone(),
                learner,
                counted: counted.iter().map(|award| award.award_id).collect(),
            },
            idempotency: None,
            grant: Ok(grant(achievement, achievement.credit.clone())),
        };
        match self.begin(slice::from_ref(&intake), &[Some(badge)])?.pop() {
            Some(BeginOutcome::Begun(pending)) => {
                let id = pending.credential_id();
                match self.finish(&[&pending]).remove(&id) {
                    Some(Ok(issued)) => Ok(Some(issued)),
                    Some(Err(error)) => {
                        tracing::warn!(credential.id = %id, %error, "a programme's award is signed later");
                        Ok(None)
                    }
                    None => Ok(None),
                }
            }
            Some(BeginOutcome::Refused(faults)) => {
                let codes: Vec<_> = faults.iter().map(|fault| fault.code).collect();
                tracing::error!(programme = %programme.slug, ?codes, "a programme cannot be awarded");
                Ok(None)
            }
            _ => Ok(None),
        }
    }

    fn completion(
        &self,
        catalogue: &Catalogue,
        achievement: &AchievementDefinition,
        learner: &StatedLearner,
        counted: &[&AwardSummary],
    ) -> Completion {
        let evidence = counted.iter().map(|award| StatedEvidence {
            url: Some(self.site.credential(award.credential_id)),
            name: catalogue.achievements.get(&award.achievement).map(|counted| counted.name.clone()),
            narrative: Some("Counted towards this award.".to_owned()),
        });
        Completion {
            learner: learner.clone(),
            achievement: achievement.slug.clone(),
            completed_at: rule::completed_at(counted),
            started_on: None,
            delivery_mode: None,
            results: Vec::new(),
            credit: None,
            evidence: evidence.collect(),
            cohort: None,
            reference: None,
        }
    }
}
