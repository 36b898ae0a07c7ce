//! Decides the rows of a batch one after the other and gathers what is to be
//! written, so that it can be written in few statements.

use std::collections::HashSet;

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use model::{
    chance::Entropy,
    completion::Completion,
    field::FieldError,
    id::{AwardId, CompletionId, CredentialId, LearnerId, SubjectId},
};

use super::{
    Allocation, Grant, Intake, IntentFields, Source, countable,
    facts::{Facts, KeyFacts, occasion},
    known::{Existing, KeyRecord, Known, Settled},
    resolve::Resolution,
};
use crate::{
    RegistryError,
    db::{Db, insert_all, insert_bulk, stored},
    difference,
    digest::Digests,
    error::parsed_json,
    log,
    place::Place,
    schema::{
        AwardRow, CompletionRow, ComponentRow, IdempotencyRow, IdentifierRow, IntentRow, LearnerRow,
        SuccessionRow, award_components, award_successions, awards, completions, credentials,
        idempotency_records, learner_identifiers, learners,
    },
};

/// What becomes of a row.
pub(super) enum Decision {
    Begun(Box<IntentRow>),
    Settled(Settled),
    KeyReused,
    Conflict { existing: String, differing: Vec<String> },
    LearnerConflict { detail: &'static str, expected: &'static str },
    Refused(Vec<FieldError>),
}

type BuildOne<'a> = dyn FnMut(&Allocation) -> Result<IntentFields, Vec<FieldError>> + 'a;

/// A batch half decided.
pub(super) struct Batch<'a> {
    digests: &'a Digests,
    known: Known,
    at: NaiveDateTime,
    entropy: &'a dyn Entropy,
    /// Who was not known before the batch.
    newcomers: HashSet<LearnerId>,
    learners: Vec<LearnerRow>,
    identifiers: Vec<IdentifierRow>,
    completions: Vec<CompletionRow>,
    awards: Vec<AwardRow>,
    components: Vec<ComponentRow>,
    successions: Vec<SuccessionRow>,
    credentials: Vec<IntentRow>,
    keys: Vec<IdempotencyRow>,
}

/// Who the learner is, once that is clear.
#[derive(Clone, Copy)]
struct Who {
    id: LearnerId,
    subject: SubjectId,
}

impl<'a> Batch<'a> {
    pub(super) fn new(
        digests: &'a Digests,
        known: Known,
        now: DateTime<Utc>,
        entropy: &'a dyn Entropy,
    ) -> Self {
        Self {
            digests,
            known,
            at: stored(now),
            entropy,
            newcomers: HashSet::new(),
            learners: Vec::new(),
            identifiers: Vec::new(),
            completions: Vec::new(),
            awards: Vec::new(),
            components: Vec::new(),
            successions: Vec::new(),
            credentials: Vec::new(),
            keys: Vec::new(),
        }
    }

    /// Decides one row. Takes a place from `places` only if the row begins.
    pub(super) fn decide(
        &mut self,
        db: &mut Db,
        row: &Intake<'_>,
        facts: &Facts,
        places: &mut Vec<Place>,
        build: &mut BuildOne<'_>,
    ) -> Result<Decision, RegistryError> {
        if let Some(given) = &facts.idempotency
            && let Some(record) = self.known.key(&given.key)
        {
            return Ok(if record.body == given.body {
                Decision::Settled(record.credential.clone())
            } else {
                Decision::KeyReused
            });
        }
        if let Some(natural_key) = &facts.natural_key
            && let Some(existing) = self.known.completion(db, natural_key)?
        {
            return self.repeated(row, facts, existing);
        }
        let who = match (self.learner(row, facts), &row.grant) {
            (Ok(who), _) => who,
            (Err(_), Err(faults)) => return Ok(Decision::Refused(faults.clone())),
            (Err(decision), Ok(_)) => return Ok(decision),
        };
        // Programmes have none: what satisfies one may be found on any occasion.
        let occasion = (row.source == Source::Completion).then(|| occasion(row, who.id, self.digests));
        if let Some(occasion) = &occasion {
            // Of somebody who was not known before, nothing can have been recorded.
            let existing = if self.is_new(who.id) {
                self.known.completion_here(occasion)
            } else {
                self.known.completion(db, occasion)?
            };
            if let Some(existing) = existing {
                return self.repeated(row, facts, existing);
            }
        }
        let grant = match &row.grant {
            Ok(grant) => grant,
            Err(faults) => return Ok(Decision::Refused(faults.clone())),
        };
        let faults = countable::faults(db, row)?;
        if !faults.is_empty() {
            return Ok(Decision::Refused(faults));
        }
        let Some(place) = places.last().copied() else {
            return Err(RegistryError::Unavailable("no place in a status list was set aside".to_owned()));
        };
        let allocation = Allocation {
            completion_id: CompletionId::ordered(self.at.and_utc(), self.entropy),
            award_id: AwardId::ordered(self.at.and_utc(), self.entropy),
            credential_id: CredentialId::random(self.entropy),
            learner_id: who.id,
            subject_id: who.subject,
            status_list: place.list,
            status_index: place.index,
            disclosure_seed: hex::encode(self.entropy.array::<32>()),
        };
        match build(&allocation) {
            Err(faults) => Ok(Decision::Refused(faults)),
            Ok(intent) => {
                places.pop();
                self.add(row, grant, facts, occasion, &allocation, intent).map(Decision::Begun)
            }
        }
    }

    fn is_new(&self, learner: LearnerId) -> bool {
        self.newcomers.contains(&learner) || self.known.people.get(learner).is_none()
    }

    /// The completion was recorded before: is this the same one?
    fn repeated(
        &mut self,
        row: &Intake<'_>,
        facts: &Facts,
        existing: Existing,
    ) -> Result<Decision, RegistryError> {
        // What satisfies a programme is found anew at every evaluation and may be
        // worded otherwise; the award is the same.
        if row.source == Source::Completion {
            let first: Completion = parsed_json("completions", &existing.credential.id, &existing.body)?;
            if first != *row.completion {
                let differing = difference::members(&first, row.completion);
                return Ok(Decision::Conflict { existing: existing.credential.id, differing });
            }
        }
        if let Some(given) = &facts.idempotency {
            self.add_key(given, &existing.credential);
        }
        Ok(Decision::Settled(existing.credential))
    }

    fn learner(&self, row: &Intake<'_>, facts: &Facts) -> Result<Who, Decision> {
        let known = |id| self.known.people.get(id).map(|person| Who { id, subject: person.subject });
        let new = || Who {
            id: LearnerId::ordered(self.at.and_utc(), self.entropy),
            subject: SubjectId::random(self.entropy),
        };
        if let Source::Programme { learner, .. } = &row.source {
            return known(*learner).ok_or_else(|| {
                Decision::Refused(vec![FieldError::new(
                    "/learner",
                    "unknown-learner",
                    "there is no such learner",
                    "a learner with awards",
                )])
            });
        }
        match self.known.people.resolve(facts) {
            Resolution::Known(id) => Ok(known(id).unwrap_or_else(new)),
            Resolution::New => Ok(new()),
            Resolution::Conflict { detail, expected } => Err(Decision::LearnerConflict { detail, expected }),
        }
    }

    fn add(
        &mut self,
        row: &Intake<'_>,
        grant: &Grant,
        facts: &Facts,
        occasion: Option<String>,
        allocation: &Allocation,
        intent: IntentFields,
    ) -> Result<Box<IntentRow>, RegistryError> {
        let credential = allocation.credential_id.to_string();
        self.add_learner(facts, allocation);
        let body = serde_json::to_string(row.completion)
            .map_err(|error| RegistryError::corrupt("completions", &credential, error))?;
        let settled = Settled { id: credential.clone(), signed: false };
        if let Some(given) = &facts.idempotency {
            self.add_key(given, &settled);
        }
        let existing = Existing { body: body.clone(), credential: settled };
        let natural_key = facts.natural_key.clone().or_else(|| occasion.clone());
        let natural_key = natural_key.ok_or_else(|| {
            RegistryError::corrupt("completions", &credential, "it has neither a reference nor an occasion")
        })?;
        for key in occasion.iter().chain([&natural_key]) {
            self.known.add_completion(key.clone(), existing.clone());
        }
        let (source, programme) = self.add_components(row, allocation);
        self.completions.push(CompletionRow {
            id: allocation.completion_id.to_string(),
            natural_key,
            occasion,
            client: row.client.clone(),
            provider: row.provider.to_string(),
            learner_id: allocation.learner_id.to_string(),
            achievement: row.completion.achievement.to_string(),
            achievement_version: grant.achievement_version.clone(),
            completed_at: stored(row.completion.completed_at),
            body,
            source,
            programme,
            received_at: self.at,
        });
        let award = AwardRow {
            id: allocation.award_id.to_string(),
            completion_id: allocation.completion_id.to_string(),
            learner_id: allocation.learner_id.to_string(),
            achievement: row.completion.achievement.to_string(),
            achievement_version: grant.achievement_version.clone(),
            amount: grant.credit.amount().to_string(),
            unit: grant.credit.unit().to_string(),
            awarded_at: stored(row.completion.completed_at),
        };
        let credential = IntentRow {
            id: credential,
            award_id: award.id.clone(),
            issue: 1,
            issuer: grant.issuer.to_string(),
            state: "prepared".to_owned(),
            status_list_id: allocation.status_list.to_string(),
            status_index: i32::try_from(allocation.status_index).unwrap_or(i32::MAX),
            unsigned: intent.unsigned,
            data_integrity_key: intent.data_integrity_key,
            jwt_key: intent.jwt_key,
            profile_version: intent.profile_version,
            created_at: stored(intent.created),
            valid_from: stored(intent.valid_from),
            valid_until: intent.valid_until.map(stored),
            prepared_at: self.at,
            disclosure_seed: intent.disclosure_seed,
        };
        self.awards.push(award);
        self.credentials.push(credential.clone());
        Ok(Box::new(credential))
    }

    fn add_learner(&mut self, facts: &Facts, allocation: &Allocation) {
        let (id, subject) = (allocation.learner_id, allocation.subject_id);
        let learner_id = id.to_string();
        if self.known.people.get(id).is_none() {
            self.known.people.add(id, subject, facts.name.clone());
            self.newcomers.insert(id);
            self.learners.push(LearnerRow {
                id: learner_id.clone(),
                subject_id: subject.to_string(),
                name_digest: facts.name.clone(),
                created_at: self.at,
            });
        }
        for one in &facts.identifiers {
            if self.known.people.has(id, &one.digest) {
                continue;
            }
            self.known.people.add_identifier(id, &one.digest, &one.scope, one.strong);
            self.identifiers.push(IdentifierRow {
                digest: one.digest.clone(),
                learner_id: learner_id.clone(),
                kind: one.kind,
                scope_digest: one.scope.clone(),
                strong: one.strong,
                added_at: self.at,
            });
        }
    }

    fn add_key(&mut self, given: &KeyFacts, credential: &Settled) {
        self.keys.push(IdempotencyRow {
            key_digest: given.key.clone(),
            body_digest: given.body.clone(),
            credential_id: credential.id.clone(),
            created_at: self.at,
        });
        let record = KeyRecord { body: given.body.clone(), credential: credential.clone() };
        self.known.add_key(given.key.clone(), record);
    }

    fn add_components(
        &mut self,
        row: &Intake<'_>,
        allocation: &Allocation,
    ) -> (&'static str, Option<String>) {
        match &row.source {
            Source::Completion => ("completion", None),
            Source::Programme { programme, counted, supersedes, .. } => {
                let award = allocation.award_id.to_string();
                self.components.extend(counted.iter().map(|one| countable::row(programme, one, &award)));
                self.successions.extend(
                    supersedes
                        .map(|earlier| SuccessionRow { award_id: earlier.to_string(), successor_id: award }),
                );
                ("programme", Some(programme.slug.to_string()))
            }
        }
    }

    /// Writes everything that was gathered.
    pub(super) fn store(self, db: &mut Db) -> Result<(), RegistryError> {
        insert_bulk!(db, learners, self.learners);
        insert_bulk!(db, learner_identifiers, self.identifiers);
        insert_bulk!(db, completions, self.completions);
        insert_bulk!(db, awards, self.awards);
        insert_bulk!(db, award_components, self.components);
        insert_all!(db, award_successions, self.successions);
        insert_bulk!(db, credentials, self.credentials);
        insert_bulk!(db, idempotency_records, self.keys);
        log::begun(self.digests, &self.awards, &self.components, &self.successions, &self.credentials)
            .store(db, self.at)
    }
}
