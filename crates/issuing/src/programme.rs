//! The programmes a learner completes by what they have earned.

use std::{
    collections::{BTreeSet, HashMap},
    slice,
};

use chrono::{DateTime, Utc};
use model::{
    catalogue::{AchievementDefinition, CORE_EQUALITY_MODULE, Catalogue},
    completion::{Completion, StatedEvidence},
    id::{AwardId, LearnerId, Slug},
    learner::StatedLearner,
    programme::{Counted, Counting, Earned, Met, Programmes, Published},
};
use registry::{AwardSummary, BeginOutcome, CredentialState, Intake, Issued, Source};

use crate::{
    IssuingError, Service,
    accept::grant,
    badge::{Badge, valid_until},
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
        // Without the rules the jobs stay, and the reconciler sees to them.
        let Ok(programmes) = self.programmes() else { return HashMap::new() };
        let counts = |one: &Issued| programmes.concerned(&one.achievement).next().is_some();
        let causes: HashMap<LearnerId, AwardId> =
            issued.iter().filter(|one| counts(one)).map(|one| (one.learner_id, one.award_id)).collect();
        let learners: Vec<LearnerId> = causes.keys().copied().collect();
        // Read for all of them at once: most complete nothing by it.
        let mut awards = match self.registry.awards_of_all(&learners) {
            Ok(awards) => awards,
            Err(error) => {
                tracing::warn!(%error, "programmes are evaluated later");
                return HashMap::new();
            }
        };
        let mut awarded = HashMap::new();
        for (learner, cause) in &causes {
            let awards = awards.remove(learner).unwrap_or_default();
            match self.award_programmes_among(catalogue, *learner, awards) {
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
        self.award_programmes_among(catalogue, learner, self.registry.awards_of(learner)?)
    }

    fn award_programmes_among(
        &self,
        catalogue: &Catalogue,
        learner: LearnerId,
        mut awards: Vec<AwardSummary>,
    ) -> Result<Vec<Issued>, IssuingError> {
        let mut all = Vec::new();
        loop {
            let mut earned = self.award_once(catalogue, learner, &awards)?;
            if earned.is_empty() {
                return Ok(all);
            }
            all.append(&mut earned);
            awards = self.registry.awards_of(learner)?;
        }
    }

    fn award_once(
        &self,
        catalogue: &Catalogue,
        learner: LearnerId,
        awards: &[AwardSummary],
    ) -> Result<Vec<Issued>, IssuingError> {
        let programmes = self.programmes()?;
        let satisfied = satisfied(&programmes, awards, self.clock.now());
        if satisfied.is_empty() {
            return Ok(Vec::new());
        }
        let Some(record) = self.registry.learner(learner)? else { return Ok(Vec::new()) };
        let (mut earned, mut fault) = (Vec::new(), None);
        for satisfied in satisfied {
            match self.award(catalogue, &satisfied, learner, &record.stated) {
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
        satisfied: &Satisfied<'_>,
        learner: LearnerId,
        stated: &StatedLearner,
    ) -> Result<Option<Issued>, IssuingError> {
        let programme = &satisfied.version.programme;
        let now = self.clock.now();
        let achievement = catalogue
            .achievements
            .get(&programme.achievement)
            .ok_or_else(|| IssuingError::Catalogue(format!("`{}` has gone", programme.achievement)))?;
        let superseded = self.superseded(satisfied)?;
        let completion = self.completion(catalogue, achievement, satisfied, superseded, stated);
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
                programme: Box::new(programme.clone()),
                learner,
                counted: satisfied.met.counted.clone(),
                supersedes: superseded.map(|award| award.award_id),
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

    /// The award that this one supersedes: the learner's, of the programme that this
    /// one builds on.
    fn superseded<'a>(&self, satisfied: &Satisfied<'a>) -> Result<Option<&'a AwardSummary>, IssuingError> {
        let Some(below) = &satisfied.version.programme.builds_on else { return Ok(None) };
        let programmes = self.programmes()?;
        let versions = programmes.versions(below);
        let is_of = |award: &&AwardSummary| {
            award.state == CredentialState::Issued
                && versions.iter().any(|version| version.programme.achievement == award.achievement)
        };
        Ok(satisfied.awards.iter().rfind(is_of))
    }

    fn completion(
        &self,
        catalogue: &Catalogue,
        achievement: &AchievementDefinition,
        satisfied: &Satisfied<'_>,
        superseded: Option<&AwardSummary>,
        learner: &StatedLearner,
    ) -> Completion {
        let name = |slug: &Slug| {
            catalogue.achievements.get(slug).map_or_else(|| slug.to_string(), |known| known.name.clone())
        };
        let counted = satisfied.counted().map(|(award, counted)| StatedEvidence {
            url: Some(self.site.credential(award.credential_id)),
            name: Some(name(&award.achievement)),
            narrative: Some(match &counted.stands_for {
                Some(meant) => {
                    format!("Counted towards this award in place of \u{201c}{}\u{201d}.", name(meant))
                }
                None => "Counted towards this award.".to_owned(),
            }),
        });
        let earlier = superseded.map(|award| StatedEvidence {
            url: Some(self.site.credential(award.credential_id)),
            name: Some(name(&award.achievement)),
            narrative: Some("Superseded by this award, which builds on it. It stays valid.".to_owned()),
        });
        Completion {
            learner: learner.clone(),
            achievement: achievement.slug.clone(),
            completed_at: satisfied.met.completed_at,
            started_on: None,
            delivery_mode: None,
            results: Vec::new(),
            credit: None,
            evidence: counted.chain(earlier).collect(),
            cohort: None,
            reference: None,
        }
    }
}

/// A programme that a learner satisfies.
struct Satisfied<'a> {
    version: &'a Published,
    met: Met,
    awards: &'a [AwardSummary],
}

impl<'a> Satisfied<'a> {
    fn counted(&self) -> impl Iterator<Item = (&'a AwardSummary, &Counted)> {
        let award = |one: &Counted| self.awards.iter().find(|award| award.award_id == one.award);
        self.met.counted.iter().filter_map(move |one| Some((award(one)?, one)))
    }
}

/// The programmes that the holder of some awards satisfies and has no award of,
/// what others build on first. One that was revoked does not come back by itself.
fn satisfied<'a>(
    programmes: &'a Programmes,
    awards: &'a [AwardSummary],
    now: DateTime<Utc>,
) -> Vec<Satisfied<'a>> {
    let earned: Vec<Earned> = awards.iter().map(earned).collect();
    let concerned: BTreeSet<&Slug> =
        awards.iter().flat_map(|award| programmes.concerned(&award.achievement)).collect();
    let has =
        |version: &Published| awards.iter().any(|award| award.achievement == version.programme.achievement);
    let mut satisfied: Vec<Satisfied<'a>> = concerned
        .into_iter()
        .filter(|programme| !programmes.versions(programme).iter().any(has))
        .filter_map(|programme| programmes.met(programme, &earned, now))
        .map(|(version, met)| Satisfied { version, met, awards })
        .collect();
    satisfied.sort_by_key(|one| one.version.programme.builds_on.is_some());
    // What two programmes want for themselves goes to the first; the other is
    // looked at again once that is known.
    let mut given: Vec<(AwardId, Counting)> = Vec::new();
    satisfied.retain(|one| {
        let counting = one.version.programme.counting;
        let is_taken = one.counted().any(|(award, counted)| {
            award.achievement.as_str() != CORE_EQUALITY_MODULE
                && given.iter().any(|(given, there)| {
                    *given == counted.award && [*there, counting].contains(&Counting::Alone)
                })
        });
        if !is_taken {
            given.extend(one.met.counted.iter().map(|counted| (counted.award, counting)));
        }
        !is_taken
    });
    satisfied
}

/// An award as the rules see it.
pub(crate) fn earned(award: &AwardSummary) -> Earned {
    Earned {
        award: award.award_id,
        achievement: award.achievement.clone(),
        at: award.awarded_at,
        until: award.valid_until,
        credit: award.credit.clone(),
        stands: award.state == CredentialState::Issued,
        evidenced: award.evidenced,
        counted: award.counted_in.clone(),
    }
}
