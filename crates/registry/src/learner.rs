//! Learners as the registry knows them.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use model::{
    completion::Completion,
    cpd::Credit,
    id::{AwardId, CredentialId, LearnerId, Slug, SubjectId},
    learner::{Identifier, StatedLearner},
    programme::{CountedIn, Earned},
};

use crate::{
    CredentialState, Registry, RegistryError,
    credential::{credit, state},
    db::{Db, by_index},
    error::parsed,
    schema::{AwardRow, CredentialRow, award_components, awards, completions, credentials, learners},
    sealing::{self, COMPLETION, PersonKey, Wrapping},
};

/// A learner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LearnerRecord {
    /// The learner; never published.
    pub id: LearnerId,
    /// The pseudonym by which badges name them.
    pub subject_id: SubjectId,
    /// The latest name, and every identifier that was stated.
    pub stated: StatedLearner,
    /// When they were first stated.
    pub created: DateTime<Utc>,
}

/// One award of a learner whose credential is issued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AwardSummary {
    /// The award.
    pub award_id: AwardId,
    /// Its credential; of several the latest.
    pub credential_id: CredentialId,
    /// The achievement.
    pub achievement: Slug,
    /// Its version.
    pub achievement_version: String,
    /// Who delivered the learning.
    pub provider: Slug,
    /// When the learning was finished.
    pub awarded_at: DateTime<Utc>,
    /// When its credential ends, where it does.
    pub valid_until: Option<DateTime<Utc>>,
    /// Whether the provider stated evidence.
    pub evidenced: bool,
    /// The credit earned.
    pub credit: Credit,
    /// Whether the credential stands.
    pub state: CredentialState,
    /// The programmes in which the award already counts.
    pub counted_in: Vec<CountedIn>,
}

impl AwardSummary {
    /// Whether it counts in a programme.
    pub fn counts_in(&self, programme: &Slug) -> bool {
        self.counted_in.iter().any(|there| there.programme == *programme)
    }
}

impl Registry {
    /// A learner. An error ([`RegistryError::Erased`]) if they were erased.
    pub fn learner(&self, id: LearnerId) -> Result<Option<LearnerRecord>, RegistryError> {
        let found = self.learners(&[id])?.remove(&id);
        if found.is_none() {
            self.refuse_erased(id)?;
        }
        Ok(found)
    }

    /// Learners, as far as they are known and not erased.
    pub fn learners(&self, ids: &[LearnerId]) -> Result<HashMap<LearnerId, LearnerRecord>, RegistryError> {
        let names: Vec<String> = ids.iter().map(ToString::to_string).collect();
        self.snapshot(|db| {
            by_index(db)?;
            let mut known = HashMap::with_capacity(names.len());
            for names in names.chunks(ASKED_AT_ONCE) {
                let found: Vec<(String, String, NaiveDateTime)> = learners::table
                    .filter(learners::id.eq_any(names))
                    .select((learners::id, learners::subject_id, learners::created_at))
                    .load(db)?;
                let keys = sealing::known(db, self.wrapping(), names.iter().map(String::as_str))?;
                let mut stated = stated(db, names, &keys)?;
                for (name, subject, created) in found {
                    if !keys.contains_key(&name) {
                        continue;
                    }
                    let id = parsed("learners", &name, &name)?;
                    let stated = stated.remove(&name).ok_or_else(|| {
                        RegistryError::corrupt("learners", &name, "no completion names them")
                    })?;
                    let subject_id = parsed("learners", &name, &subject)?;
                    known.insert(id, LearnerRecord { id, subject_id, stated, created: created.and_utc() });
                }
            }
            Ok(known)
        })
    }

    /// The learner's awards whose credentials are issued or revoked, oldest first.
    pub fn awards_of(&self, learner: LearnerId) -> Result<Vec<AwardSummary>, RegistryError> {
        Ok(self.awards_of_all(&[learner])?.remove(&learner).unwrap_or_default())
    }

    /// The same of several learners at once; who has none is not there.
    pub fn awards_of_all(
        &self,
        learners: &[LearnerId],
    ) -> Result<HashMap<LearnerId, Vec<AwardSummary>>, RegistryError> {
        if learners.is_empty() {
            return Ok(HashMap::new());
        }
        let learners: Vec<String> = learners.iter().map(ToString::to_string).collect();
        self.snapshot(|db| {
            by_index(db)?;
            held(db, self.wrapping(), &learners)
        })
    }

    /// Every learner who has an award of one of some achievements, in the order of
    /// their ids. Reads all awards once.
    pub fn learners_with(&self, achievements: &[Slug]) -> Result<Vec<LearnerId>, RegistryError> {
        let achievements: Vec<&str> = achievements.iter().map(Slug::as_str).collect();
        let ids: Vec<String> = self.read(|db| {
            Ok(awards::table
                .filter(awards::achievement.eq_any(achievements))
                .order(awards::learner_id)
                .select(awards::learner_id)
                .distinct()
                .load(db)?)
        })?;
        ids.iter().map(|id| parsed("awards", id, id)).collect()
    }
}

/// How many learners one statement asks for.
const ASKED_AT_ONCE: usize = 1000;

/// The awards of learners, issued or not, as they would count at their best.
pub(crate) fn earned(db: &mut Db, learners: &[&str]) -> Result<HashMap<String, Vec<Earned>>, RegistryError> {
    let mut all: HashMap<String, Vec<Earned>> = HashMap::with_capacity(learners.len());
    for learners in learners.chunks(ASKED_AT_ONCE) {
        let rows: Vec<AwardRow> = awards::table
            .filter(awards::learner_id.eq_any(learners))
            .select(AwardRow::as_select())
            .load(db)?;
        for award in rows {
            let id = parsed("awards", &award.id, &award.id)?;
            let achievement = parsed("awards", &award.id, &award.achievement)?;
            let earned = Earned::at_best(id, achievement, award.awarded_at.and_utc(), credit(&award)?);
            all.entry(award.learner_id).or_default().push(earned);
        }
    }
    Ok(all)
}

/// The awards of learners whose credentials are issued or revoked, oldest first.
///
/// Three statements of one table each, and none that joins them: PostgreSQL keeps the plan
/// that it made while the tables were small, and one of a join reads a whole index in the
/// end to find the awards of a few.
pub(crate) fn held(
    db: &mut Db,
    wrapping: &Wrapping,
    learners: &[String],
) -> Result<HashMap<LearnerId, Vec<AwardSummary>>, RegistryError> {
    let mut all: HashMap<LearnerId, Vec<AwardSummary>> = HashMap::new();
    for learners in learners.chunks(ASKED_AT_ONCE) {
        let mut earned: Vec<AwardRow> = awards::table
            .filter(awards::learner_id.eq_any(learners))
            .select(AwardRow::as_select())
            .load(db)?;
        earned.sort_by(|one, other| (one.awarded_at, &one.id).cmp(&(other.awarded_at, &other.id)));
        let mut shown = shown(db, &earned)?;
        let sources = sources(db, &earned)?;
        let mut counted = counted(db, learners)?;
        // For the reasons of what was revoked; mostly nothing was.
        let is_revoked = |award: &&AwardRow| shown.get(&award.id).is_some_and(|row| row.revoked_at.is_some());
        let revoked = earned.iter().filter(is_revoked).map(|award| award.learner_id.as_str());
        let keys = sealing::known(db, wrapping, revoked)?;
        for award in earned {
            let Some(row) = shown.remove(&award.id) else { continue };
            let source = sources
                .get(&award.completion_id)
                .ok_or_else(|| RegistryError::corrupt("awards", &award.id, "its completion has gone"))?;
            let learner = parsed("awards", &award.id, &award.learner_id)?;
            let counted_in = counted.remove(&award.id).unwrap_or_default();
            let state = state(&row, keys.get(&award.learner_id))?;
            all.entry(learner).or_default().push(summary(&row, state, award, source, counted_in)?);
        }
    }
    Ok(all)
}

/// Of each award the latest credential that is issued or revoked.
fn shown(db: &mut Db, earned: &[AwardRow]) -> Result<HashMap<String, CredentialRow>, RegistryError> {
    let mut shown: HashMap<String, CredentialRow> = HashMap::with_capacity(earned.len());
    for some in earned.chunks(ASKED_AT_ONCE) {
        let rows: Vec<(String, CredentialRow)> = credentials::table
            .filter(credentials::award_id.eq_any(some.iter().map(|award| &award.id)))
            .filter(credentials::issued_at.is_not_null())
            .order(credentials::issue)
            .select((credentials::award_id, CredentialRow::as_select()))
            .load(db)?;
        shown.extend(rows);
    }
    Ok(shown)
}

/// By completion, who delivered the learning, and whether evidence of it was stated.
fn sources(db: &mut Db, earned: &[AwardRow]) -> Result<HashMap<String, (String, bool)>, RegistryError> {
    let mut sources = HashMap::with_capacity(earned.len());
    for some in earned.chunks(ASKED_AT_ONCE) {
        let rows: Vec<(String, (String, bool))> = completions::table
            .filter(completions::id.eq_any(some.iter().map(|award| &award.completion_id)))
            .select((completions::id, (completions::provider, completions::evidenced)))
            .load(db)?;
        sources.extend(rows);
    }
    Ok(sources)
}

/// `source` says who delivered the learning, and whether evidence of it was stated.
fn summary(
    row: &CredentialRow,
    state: CredentialState,
    award: AwardRow,
    (provider, evidenced): &(String, bool),
    counted_in: Vec<CountedIn>,
) -> Result<AwardSummary, RegistryError> {
    Ok(AwardSummary {
        award_id: parsed("awards", &award.id, &award.id)?,
        credential_id: parsed("credentials", &row.id, &row.id)?,
        achievement: parsed("awards", &award.id, &award.achievement)?,
        provider: parsed("completions", &award.completion_id, provider)?,
        awarded_at: award.awarded_at.and_utc(),
        valid_until: row.valid_until.map(|end| end.and_utc()),
        evidenced: *evidenced,
        credit: credit(&award)?,
        state,
        counted_in,
        achievement_version: award.achievement_version,
    })
}

/// Of each learner the latest name, and of every kind and scope of identifier the latest
/// value.
fn stated(
    db: &mut Db,
    learners: &[String],
    keys: &HashMap<String, PersonKey>,
) -> Result<HashMap<String, StatedLearner>, RegistryError> {
    let corrected = completions::natural_key.like("superseded:%");
    let bodies: Vec<(String, String, String, bool)> = completions::table
        .filter(completions::learner_id.eq_any(learners))
        .order((corrected, completions::received_at.desc(), completions::id))
        .select((completions::learner_id, completions::id, completions::body, corrected))
        .load(db)?;
    let mut all: HashMap<String, StatedLearner> = HashMap::new();
    for (learner, id, body, is_corrected) in bodies {
        // What was corrected is told only of whom nothing else is.
        if is_corrected && all.contains_key(&learner) {
            continue;
        }
        let Some(key) = keys.get(&learner) else { continue };
        let earlier = sealing::read_json::<Completion>(Some(key), COMPLETION, &id, &body)?.learner;
        let Some(latest) = all.get_mut(&learner) else {
            all.insert(learner, earlier);
            continue;
        };
        for one in earlier.identifiers {
            let is_there = |known: &Identifier| known.kind() == one.kind() && known.scope() == one.scope();
            if !latest.identifiers.iter().any(is_there) {
                latest.identifiers.push(one);
            }
        }
    }
    Ok(all)
}

/// The programmes in which the learners' awards count, by award.
fn counted(db: &mut Db, learners: &[String]) -> Result<HashMap<String, Vec<CountedIn>>, RegistryError> {
    let rows: Vec<(String, String, String, bool, Option<String>)> = award_components::table
        .inner_join(awards::table.on(awards::id.eq(award_components::component_id)))
        .filter(awards::learner_id.eq_any(learners))
        .order(award_components::programme)
        .select((
            award_components::award_id,
            award_components::component_id,
            award_components::programme,
            award_components::alone,
            award_components::replaces,
        ))
        .load(db)?;
    let replaced: HashSet<(String, String)> =
        rows.iter().filter_map(|(whole, .., earlier)| Some((whole.clone(), earlier.clone()?))).collect();
    let mut counted: HashMap<String, Vec<CountedIn>> = HashMap::new();
    for (whole, award, programme, alone, _) in rows {
        let programme = parsed("award_components", &award, &programme)?;
        let seat = (whole, award);
        if !replaced.contains(&seat) {
            counted.entry(seat.1).or_default().push(CountedIn { programme, alone });
        }
    }
    Ok(counted)
}
