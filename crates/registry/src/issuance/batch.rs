//! Decides the rows of a batch one after the other and gathers what is to be
//! written, so that it can be written in few statements.

use std::{collections::HashSet, ops::ControlFlow, rc::Rc};

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use model::{
    chance::Entropy,
    completion::Completion,
    field::FieldError,
    id::{LearnerId, Slug, SubjectId},
};

use super::{
    Allocation, Condition, Grant, Intake, IntentFields, Pending, Source, Validity,
    correction::{self, Repeat},
    countable,
    draft::Draft,
    facts::{Facts, KeyFacts, occasion},
    known::{Existing, KeyRecord, Known, Settled, Standing},
    pending::Opened,
    resolve::Resolution,
};
use crate::{
    RegistryError,
    db::{Db, insert_all, insert_bulk, stored},
    difference,
    digest::Digests,
    error::parsed_json,
    log::{self, tables::log_pending},
    schema::{
        AwardRow, CompletionRow, ComponentRow, CorrectionRow, IdempotencyRow, IdentifierRow, IntentRow,
        LearnerRow, PersonKeyRow, SuccessionRow, award_components, award_successions, awards,
        completion_corrections, completions, credentials, idempotency_records, learner_identifiers, learners,
        person_keys,
    },
    sealing::{COMPLETION, UNSIGNED, Wrapping},
};

/// What becomes of a row.
pub(super) enum Decision {
    Begun(Box<Pending>),
    Correcting {
        pending: Box<Pending>,
        existing: String,
        differing: Vec<String>,
    },
    Busy {
        existing: String,
    },
    Superseded {
        existing: String,
    },
    Withdrawn {
        existing: String,
    },
    Revoked {
        existing: String,
    },
    Unmet {
        existing: Option<String>,
        differing: Vec<String>,
    },
    /// Its document is to be written anew, with the end of what it corrects.
    Redated(Validity),
    Settled(Settled),
    KeyReused,
    Erased,
    Conflict {
        existing: String,
        differing: Vec<String>,
    },
    LearnerConflict {
        detail: &'static str,
        expected: &'static str,
    },
    Refused(Vec<FieldError>),
}

/// A batch half decided.
pub(super) struct Batch<'a> {
    digests: &'a Digests,
    wrapping: &'a Wrapping,
    known: Known<'a>,
    at: NaiveDateTime,
    entropy: &'a dyn Entropy,
    /// Who was not known before the batch.
    newcomers: HashSet<LearnerId>,
    learners: Vec<LearnerRow>,
    person_keys: Vec<PersonKeyRow>,
    identifiers: Vec<IdentifierRow>,
    restated: Vec<Restated>,
    completions: Vec<CompletionRow>,
    corrections: Vec<CorrectionRow>,
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
    /// What is stated takes the place of all that was stated of them before.
    restated: bool,
}

/// A learner of whom nothing is known any more but what is stated now.
struct Restated {
    learner: String,
    name: String,
    identifiers: Vec<String>,
}

/// A completion that a row corrects, and in what.
struct Amends {
    existing: Rc<Existing>,
    differing: Vec<String>,
}

impl<'a> Batch<'a> {
    pub(super) fn new(
        digests: &'a Digests,
        wrapping: &'a Wrapping,
        known: Known<'a>,
        now: DateTime<Utc>,
        entropy: &'a dyn Entropy,
    ) -> Self {
        Self {
            digests,
            wrapping,
            known,
            at: stored(now),
            entropy,
            newcomers: HashSet::new(),
            learners: Vec::new(),
            person_keys: Vec::new(),
            identifiers: Vec::new(),
            restated: Vec::new(),
            completions: Vec::new(),
            corrections: Vec::new(),
            awards: Vec::new(),
            components: Vec::new(),
            successions: Vec::new(),
            credentials: Vec::new(),
            keys: Vec::new(),
        }
    }

    /// Decides one row, of which there is a draft if it was granted something.
    pub(super) fn decide(
        &mut self,
        db: &mut Db,
        row: &Intake<'_>,
        facts: &Facts,
        draft: Option<&Draft>,
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
        let mut amends = None;
        if let Some(natural_key) = &facts.natural_key
            && let Some(existing) = self.known.completion(db, natural_key)?
        {
            match self.repeated(db, row, facts, existing)? {
                ControlFlow::Break(decision) => return Ok(decision),
                ControlFlow::Continue(found) => amends = Some(found),
            }
        }
        if row.source == Source::Completion && self.known.was_erased(row, facts, self.digests) {
            return Ok(Decision::Erased);
        }
        let who = match (self.learner(db, row, facts, amends.as_ref(), draft)?, &row.grant) {
            (Ok(who), _) => who,
            (Err(_), Err(faults)) => return Ok(Decision::Refused(faults.clone())),
            (Err(decision), Ok(_)) => return Ok(decision),
        };
        if !self.is_new(who.id) && self.known.person_key(&who.id.to_string()).is_none() {
            return Ok(Decision::Erased);
        }
        // Programmes have none: what satisfies one may be found on any occasion.
        let occasion = (row.source == Source::Completion).then(|| occasion(row, who.id, self.digests));
        if let Some(occasion) = &occasion
            && let Some(existing) = self.on_occasion(db, who.id, occasion)?
            && amends.as_ref().is_none_or(|amends| amends.existing.id != existing.id)
        {
            let is_named = row.completion.reference.is_some() || existing.natural_key != *occasion;
            if !is_named {
                match self.repeated(db, row, facts, existing)? {
                    ControlFlow::Break(decision) => return Ok(decision),
                    ControlFlow::Continue(found) => amends = Some(found),
                }
            } else if matches!(existing.standing, Standing::Erased) {
                return Ok(Decision::Erased);
            } else if !matches!(existing.standing, Standing::Withdrawn) {
                let first: Completion = parsed_json("completions", &existing.id, &existing.body)?;
                let differing = difference::members(&first, row.completion);
                return Ok(Decision::Conflict { existing: existing.credential.id.clone(), differing });
            }
        }
        if amends.is_none() && matches!(row.condition, Condition::Corrects(_)) {
            return Ok(Decision::Unmet { existing: None, differing: Vec::new() });
        }
        let grant = match &row.grant {
            Ok(grant) => grant,
            Err(faults) => return Ok(Decision::Refused(faults.clone())),
        };
        let faults = countable::faults(db, row)?;
        if !faults.is_empty() {
            return Ok(Decision::Refused(faults));
        }
        let validity = match &amends {
            Some(amends) if amends.existing.learner == who.id => {
                correction::validity(db, row.completion, &amends.existing)?
            }
            _ => Validity::OfItsOwn,
        };
        if draft.is_some_and(|draft| !draft.is_dated_by(validity)) {
            // Rows about the same that come after it wait, so that they stay in their order.
            if let Some(amends) = amends {
                self.known.hold(&amends.existing);
            }
            return Ok(Decision::Redated(validity));
        }
        let drafted = draft.map(|draft| draft.of(who.id, who.subject));
        let (allocation, intent) = match drafted {
            Some(Ok(drafted)) => drafted,
            Some(Err(faults)) => return Ok(Decision::Refused(faults)),
            None => return Err(RegistryError::Unavailable("nothing was drafted for a row".to_owned())),
        };
        self.add_learner(facts, &allocation, who.restated)?;
        if let Some(amends) = &amends {
            self.add_correction(amends, &allocation);
        }
        let (pending, mut open) = self.add(row, grant, facts, occasion, &allocation, intent)?;
        open.row.3 = amends.as_ref().map(|amends| amends.existing.id.clone());
        let pending = Box::new(pending.beside(open));
        Ok(match amends {
            None => Decision::Begun(pending),
            Some(Amends { existing, differing }) => {
                Decision::Correcting { pending, existing: existing.credential.id.clone(), differing }
            }
        })
    }

    /// What is recorded of somebody on an occasion. Of whom nobody knew before the batch,
    /// nothing can have been.
    fn on_occasion(
        &mut self,
        db: &mut Db,
        learner: LearnerId,
        occasion: &str,
    ) -> Result<Option<Rc<Existing>>, RegistryError> {
        if self.is_new(learner) {
            Ok(self.known.completion_here(occasion))
        } else {
            self.known.completion(db, occasion)
        }
    }

    fn is_new(&self, learner: LearnerId) -> bool {
        self.newcomers.contains(&learner) || self.known.people.get(learner).is_none()
    }

    /// A completion of this identity was recorded before: what is this one to it?
    fn repeated(
        &mut self,
        db: &mut Db,
        row: &Intake<'_>,
        facts: &Facts,
        existing: Rc<Existing>,
    ) -> Result<ControlFlow<Decision, Amends>, RegistryError> {
        let found = correction::judge(db, self.wrapping, row, &existing)?;
        let Existing { credential: Settled { id, .. }, .. } = &*existing;
        let id = id.clone();
        Ok(ControlFlow::Break(match found {
            Repeat::Erased => Decision::Erased,
            Repeat::Same => {
                if let Some(given) = &facts.idempotency {
                    self.add_key(given, &existing.credential);
                }
                Decision::Settled(existing.credential.clone())
            }
            Repeat::Corrects(differing) => {
                return Ok(ControlFlow::Continue(Amends { existing, differing }));
            }
            Repeat::Busy => Decision::Busy { existing: id },
            Repeat::Superseded => Decision::Superseded { existing: id },
            Repeat::Withdrawn => Decision::Withdrawn { existing: id },
            Repeat::Revoked => Decision::Revoked { existing: id },
            Repeat::Unmet(differing) => Decision::Unmet { existing: Some(id), differing },
        }))
    }

    fn learner(
        &self,
        db: &mut Db,
        row: &Intake<'_>,
        facts: &Facts,
        amends: Option<&Amends>,
        draft: Option<&Draft>,
    ) -> Result<Result<Who, Decision>, RegistryError> {
        let known = |id, restated| {
            self.known.people.get(id).map(|person| Who { id, subject: person.subject, restated })
        };
        let new = || {
            // Of a row that is granted nothing, nobody is recorded either.
            let newcomer = draft.map(Draft::newcomer);
            let (id, subject) = newcomer.unwrap_or_else(|| {
                (LearnerId::ordered(self.at.and_utc(), self.entropy), SubjectId::random(self.entropy))
            });
            Who { id, subject, restated: false }
        };
        if let Source::Programme { learner, .. } = &row.source {
            return Ok(known(*learner, false).ok_or_else(|| {
                Decision::Refused(vec![FieldError::new(
                    "/learner",
                    "unknown-learner",
                    "there is no such learner",
                    "a learner with awards",
                )])
            }));
        }
        let found = self.known.people.resolve(facts);
        // A name or a number that was misspelt makes nobody new, as long as nothing else
        // is known of the person.
        if let Some(Amends { existing, .. }) = amends
            && !matches!(found, Resolution::Known(id) if id != existing.learner)
            && self.known.people.may_restate(existing.learner, facts)
            && self.is_all_there_is(db, existing)?
            && let Some(who) = known(existing.learner, true)
        {
            return Ok(Ok(who));
        }
        Ok(match found {
            Resolution::Known(id) => Ok(known(id, false).unwrap_or_else(new)),
            Resolution::New => Ok(new()),
            Resolution::Conflict { detail, expected } => Err(Decision::LearnerConflict { detail, expected }),
        })
    }

    fn is_all_there_is(&self, db: &mut Db, existing: &Existing) -> Result<bool, RegistryError> {
        let learner = existing.learner.to_string();
        let is_here = self.completions.iter().any(|row| row.learner_id == learner);
        Ok(!is_here && correction::is_all_there_is(db, existing)?)
    }

    fn add(
        &mut self,
        row: &Intake<'_>,
        grant: &Grant,
        facts: &Facts,
        occasion: Option<String>,
        allocation: &Allocation,
        intent: IntentFields,
    ) -> Result<(Pending, Opened), RegistryError> {
        let credential = allocation.credential_id.to_string();
        let (completion, learner) = (allocation.completion_id.to_string(), allocation.learner_id.to_string());
        let body = serde_json::to_string(row.completion)
            .map_err(|error| RegistryError::corrupt("completions", &credential, error))?;
        let settled = Settled { id: credential.clone(), signed: false };
        if let Some(given) = &facts.idempotency {
            self.add_key(given, &settled);
        }
        let key = self.known.person_key(&learner).cloned().ok_or(RegistryError::Erased)?;
        let sealed = key.seal(COMPLETION, &completion, &body, self.entropy)?;
        let natural_key = facts.natural_key.clone().or_else(|| occasion.clone());
        let natural_key = natural_key.ok_or_else(|| {
            RegistryError::corrupt("completions", &credential, "it has neither a reference nor an occasion")
        })?;
        let existing = Rc::new(Existing {
            id: completion.clone(),
            learner: allocation.learner_id,
            natural_key: natural_key.clone(),
            occasion: occasion.clone(),
            body,
            credential: settled,
            standing: Standing::Stands,
        });
        for key in occasion.iter().chain([&natural_key]) {
            self.known.add_completion(key.clone(), &existing);
        }
        let (source, programme) = self.add_components(row, allocation);
        self.completions.push(CompletionRow {
            id: completion,
            natural_key,
            occasion,
            client: row.client.clone(),
            provider: row.provider.to_string(),
            learner_id: allocation.learner_id.to_string(),
            achievement: row.completion.achievement.to_string(),
            achievement_version: grant.achievement_version.clone(),
            completed_at: stored(row.completion.completed_at),
            body: sealed,
            source,
            programme,
            received_at: self.at,
            evidenced: !row.completion.evidence.is_empty(),
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
        let unsigned = key.seal(UNSIGNED, &credential, &intent.unsigned, self.entropy)?;
        let credential = intent_row(allocation, &grant.issuer, 1, &intent, unsigned, self.at);
        let pending = Pending::of(&credential, intent.unsigned)?;
        let source = (row.provider.to_string(), row.client.clone());
        let open = Opened { row: (credential.prepared(), award.clone(), source, None), key };
        self.awards.push(award);
        self.credentials.push(credential);
        Ok((pending, open))
    }

    fn add_correction(&mut self, amends: &Amends, allocation: &Allocation) {
        self.known.pass_on(&amends.existing);
        self.corrections.push(CorrectionRow {
            completion_id: allocation.completion_id.to_string(),
            corrects_id: amends.existing.id.clone(),
        });
    }

    fn add_learner(
        &mut self,
        facts: &Facts,
        allocation: &Allocation,
        restated: bool,
    ) -> Result<(), RegistryError> {
        let (id, subject) = (allocation.learner_id, allocation.subject_id);
        let learner_id = id.to_string();
        if restated {
            self.known.people.restate(id, facts);
            self.restated.push(Restated {
                learner: learner_id.clone(),
                name: facts.name.clone(),
                identifiers: facts.identifiers.iter().map(|one| one.digest.clone()).collect(),
            });
        }
        if self.known.people.get(id).is_none() {
            self.known.people.add(id, subject, facts.name.clone());
            self.newcomers.insert(id);
            let (key, row) = self.wrapping.fresh(&learner_id, self.entropy)?;
            self.known.add_person_key(learner_id.clone(), key);
            self.person_keys.push(row);
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
        Ok(())
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
        for one in &self.restated {
            diesel::update(learners::table.find(&one.learner))
                .set(learners::name_digest.eq(&one.name))
                .execute(db)?;
            let before = learner_identifiers::table
                .filter(learner_identifiers::learner_id.eq(&one.learner))
                .filter(learner_identifiers::digest.ne_all(&one.identifiers));
            diesel::delete(before).execute(db)?;
        }
        for one in &self.corrections {
            correction::pass_on(db, &one.corrects_id)?;
        }
        let mut parcel = log::begun(
            self.digests,
            &self.awards,
            &self.completions,
            &self.components,
            &self.successions,
            &self.credentials,
        );
        log::corrected(&mut parcel, &self.corrections);
        let parcel = Vec::from_iter(parcel.row(self.at));
        insert_bulk!(
            db,
            learners: self.learners,
            person_keys: self.person_keys,
            learner_identifiers: self.identifiers,
            completions: self.completions,
            awards: self.awards,
            award_components: self.components,
            credentials: self.credentials,
            idempotency_records: self.keys,
            log_pending: parcel,
        );
        insert_all!(db, completion_corrections, self.corrections);
        insert_all!(db, award_successions, self.successions);
        Ok(())
    }
}

/// The row of a credential that is to be signed, number `issue` of its award; `unsigned` is
/// sealed already.
pub(crate) fn intent_row(
    allocation: &Allocation,
    issuer: &Slug,
    issue: i32,
    intent: &IntentFields,
    unsigned: String,
    at: NaiveDateTime,
) -> IntentRow {
    IntentRow {
        id: allocation.credential_id.to_string(),
        award_id: allocation.award_id.to_string(),
        issue,
        issuer: issuer.to_string(),
        state: "prepared".to_owned(),
        status_list_id: allocation.status_list.to_string(),
        status_index: i32::try_from(allocation.status_index).unwrap_or(i32::MAX),
        unsigned,
        data_integrity_key: intent.data_integrity_key.clone(),
        jwt_key: intent.jwt_key.clone(),
        profile_version: intent.profile_version.clone(),
        created_at: stored(intent.created),
        valid_from: stored(intent.valid_from),
        valid_until: intent.valid_until.map(stored),
        prepared_at: at,
        disclosure_seed: intent.disclosure_seed.clone(),
    }
}
