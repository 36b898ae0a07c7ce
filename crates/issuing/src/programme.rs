//! The programmes a learner completes by what they have earned.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use chrono::{DateTime, Utc};
use model::{
    catalogue::{AchievementDefinition, CORE_EQUALITY_MODULE, Catalogue},
    completion::{Completion, StatedEvidence},
    id::{AwardId, LearnerId, Slug},
    learner::StatedLearner,
    programme::{Counted, Counting, Earned, Met, Programme, Programmes, Published},
};
use registry::{
    AwardSummary, BeginOutcome, Condition, CredentialState, Intake, Issued, Pending, Rules, Source, Validity,
};

use crate::{
    IssuingError, Service,
    accept::grant,
    badge::{Badge, valid_until},
    issue::Finished,
};

/// The name under which awards that follow from a rule are recorded.
const BY_RULE: &str = "lanyard";

/// The awards of programmes that a learner has just earned.
type Earnings = Result<Vec<Issued>, Arc<IssuingError>>;

impl Service {
    /// Awards every programme that learners satisfy, and strikes off the jobs that the
    /// second transaction left for them. `due` has for each the award that gives cause,
    /// and so has the answer. What fails stays a job for the reconciler, since what was
    /// issued is issued.
    pub(crate) fn award_programmes(
        &self,
        catalogue: &Catalogue,
        due: &HashMap<LearnerId, AwardId>,
    ) -> HashMap<AwardId, Vec<Issued>> {
        let learners: BTreeSet<LearnerId> = due.keys().copied().collect();
        let mut awarded = HashMap::new();
        for (learner, earned) in self.award_programmes_of(catalogue, &learners) {
            match (due.get(&learner), earned) {
                (Some(cause), Ok(earned)) => drop(awarded.insert(*cause, earned)),
                (None, Ok(_)) => {}
                (_, Err(error)) => {
                    tracing::warn!(learner.id = %learner, %error, "programmes are evaluated later");
                }
            }
        }
        let done: Vec<AwardId> = awarded.keys().copied().collect();
        if let Err(error) = self.registry.jobs_done(&done, self.clock.now()) {
            tracing::warn!(%error, "programmes are evaluated again later");
        }
        awarded
    }

    /// Awards the programmes whose rule the learners satisfy, all of them together;
    /// where that fails, each by itself.
    pub(crate) fn award_programmes_of(
        &self,
        catalogue: &Catalogue,
        learners: &BTreeSet<LearnerId>,
    ) -> Vec<(LearnerId, Earnings)> {
        match self.award_in_rounds(catalogue, learners) {
            Ok(mut earned) => {
                let mut of = |learner: &LearnerId| earned.remove(learner).unwrap_or_default();
                learners.iter().map(|learner| (*learner, Ok(of(learner)))).collect()
            }
            Err(error) if learners.len() > 1 && !error.is_temporary() => learners
                .iter()
                .flat_map(|learner| self.award_programmes_of(catalogue, &BTreeSet::from([*learner])))
                .collect(),
            Err(error) => {
                let error = Arc::new(error);
                learners.iter().map(|learner| (*learner, Err(Arc::clone(&error)))).collect()
            }
        }
    }

    /// Awards one programme a learner, then looks again: a programme's award may count in
    /// the next programme, and what counts in one no longer counts in another.
    fn award_in_rounds(
        &self,
        catalogue: &Catalogue,
        learners: &BTreeSet<LearnerId>,
    ) -> Result<HashMap<LearnerId, Vec<Issued>>, IssuingError> {
        let programmes = self.programmes()?;
        let mut all: HashMap<LearnerId, Vec<Issued>> = HashMap::new();
        let mut left: Vec<LearnerId> = learners.iter().copied().collect();
        let mut tried = BTreeSet::new();
        while !left.is_empty() {
            let awards = self.registry.awards_of_all(&left)?;
            let now = self.clock.now();
            let mut next = |learner: LearnerId| {
                let mut satisfied = satisfied(&programmes, awards.get(&learner)?, now).into_iter();
                satisfied.find(|one| tried.insert((learner, one.version.programme.slug.clone())))
            };
            let round: Vec<(LearnerId, Satisfied<'_>)> =
                left.iter().filter_map(|learner| Some((*learner, next(*learner)?))).collect();
            for issued in self.award(catalogue, &round)? {
                all.entry(issued.learner_id).or_default().push(issued);
            }
            left = round.into_iter().map(|(learner, _)| learner).collect();
        }
        Ok(all)
    }

    /// Awards each learner a programme. Not everybody gets it: one may not be to be had
    /// now, and another request may be awarding it at this moment: the registry lets one
    /// through.
    fn award(
        &self,
        catalogue: &Catalogue,
        round: &[(LearnerId, Satisfied<'_>)],
    ) -> Result<Vec<Issued>, IssuingError> {
        if round.is_empty() {
            return Ok(Vec::new());
        }
        let (keys, now, policies) = (self.vault.keys(), self.clock.now(), self.policies()?);
        let (_, endorsements) = self.catalogue_and_endorsements()?;
        let learners: Vec<LearnerId> = round.iter().map(|(learner, _)| *learner).collect();
        let records = self.registry.learners(&learners)?;
        let mut completions = Vec::with_capacity(round.len());
        for (learner, satisfied) in round {
            let Some(record) = records.get(learner) else { continue };
            let programme = &satisfied.version.programme;
            let achievement = catalogue
                .achievements
                .get(&programme.achievement)
                .ok_or_else(|| IssuingError::Catalogue(format!("`{}` has gone", programme.achievement)))?;
            let superseded = self.superseded(satisfied)?;
            let completion = self.completion(catalogue, achievement, satisfied, superseded, &record.stated);
            if achievement.available_on(completion.completed_at.date_naive())
                && valid_until(&policies, achievement, &completion, now).is_none_or(|until| until > now)
            {
                completions.push((*learner, satisfied, achievement, superseded, completion));
            }
        }
        let (mut intakes, mut badges) = (Vec::new(), Vec::new());
        for (learner, satisfied, achievement, superseded, completion) in &completions {
            badges.push(Some(Badge::of(
                achievement,
                (catalogue, &endorsements),
                &self.site,
                &policies,
                &keys,
                now,
            )?));
            intakes.push(Intake {
                client: BY_RULE.to_owned(),
                provider: achievement.issuer.clone(),
                completion,
                source: Source::Programme {
                    programme: Box::new(satisfied.version.programme.clone()),
                    learner: *learner,
                    counted: satisfied.met.counted.clone(),
                    supersedes: superseded.map(|award| award.award_id),
                },
                idempotency: None,
                condition: Condition::None,
                grant: Ok(grant(achievement, achievement.credit.clone())),
                validity: Validity::OfItsOwn,
            });
        }
        let (drafts, read) = self.draft(&intakes, &badges, now)?;
        let outcomes = self.begin(&intakes, &drafts)?;
        for (outcome, (_, satisfied, ..)) in outcomes.iter().zip(&completions) {
            if let BeginOutcome::Refused(faults) = outcome {
                let codes: Vec<_> = faults.iter().map(|fault| fault.code).collect();
                let programme = &satisfied.version.programme.slug;
                tracing::error!(%programme, ?codes, "a programme cannot be awarded");
            }
        }
        let begun: Vec<&Pending> = outcomes
            .iter()
            .filter_map(|outcome| match outcome {
                BeginOutcome::Begun(pending) => Some(&**pending),
                _ => None,
            })
            .collect();
        let mut earned = Vec::with_capacity(begun.len());
        let Finished { issued, due } = self.complete(self.sign(&begun, &read));
        for (id, issued) in issued {
            match issued {
                Ok(issued) => earned.push(issued),
                Err(error) => {
                    tracing::warn!(credential.id = %id, %error, "a programme's award is signed later");
                }
            }
        }
        // They are looked at again in the next round.
        let done: Vec<AwardId> = due.into_values().collect();
        self.registry.jobs_done(&done, self.clock.now())?;
        Ok(earned)
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

/// The rules of programmes on one day.
pub(crate) struct OnDay<'a> {
    pub(crate) programmes: &'a Programmes,
    pub(crate) now: DateTime<Utc>,
}

impl Rules for OnDay<'_> {
    fn concern(&self, achievement: &Slug) -> bool {
        self.programmes.concerned(achievement).next().is_some()
    }

    fn may_be_satisfied(&self, earned: &[Earned]) -> bool {
        let concerned: BTreeSet<&Slug> =
            earned.iter().flat_map(|award| self.programmes.concerned(&award.achievement)).collect();
        concerned.into_iter().any(|programme| self.programmes.may_be_met(programme, earned, self.now))
    }

    fn are_satisfied(&self, held: &[AwardSummary]) -> bool {
        !satisfied(self.programmes, held, self.now).is_empty()
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
    satisfied.sort_by_key(|one| height(programmes, &one.version.programme));
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

/// How many programmes stand below one, each built on by the next. Published ones go
/// in no circle; a count that is out of bounds ends one all the same.
fn height(programmes: &Programmes, programme: &Programme) -> usize {
    let below = |one: &Programme| programmes.versions(one.builds_on.as_ref()?).last().map(|it| &it.programme);
    std::iter::successors(below(programme), |one| below(one)).take(HIGHEST).count()
}

/// Nobody builds higher.
const HIGHEST: usize = 32;

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
