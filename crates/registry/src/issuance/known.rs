//! What the database holds of a batch, read in few statements and kept up to
//! date as the batch is decided row by row.

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    rc::Rc,
};

use diesel::{dsl::exists, prelude::*, select};
use model::id::LearnerId;

use super::{
    facts::{Facts, former_reference_key, occasion},
    intake::{Intake, Source},
    resolve::{People, Resolution},
};
use crate::{
    RegistryError,
    db::{Db, each},
    digest::Digests,
    error::parsed,
    schema::{
        awards, completion_withdrawals, completions, credentials, erased_occasions, idempotency_records,
        learner_identifiers, learners,
    },
    sealing::{self, COMPLETION, PersonKey, Wrapping},
    words::{Empty, HasFormerKey},
};

/// How many values one statement asks for.
const ASKED_AT_ONCE: usize = 1000;

/// What is known of a batch.
pub(super) struct Known<'a> {
    pub people: People,
    wrapping: &'a Wrapping,
    keys: HashMap<String, KeyRecord>,
    completions: HashMap<String, Option<Rc<Existing>>>,
    /// The keys of the learners that the batch may be about; who has none was erased.
    person_keys: HashMap<String, PersonKey>,
    /// What rows of the batch would be known again by, as far as their learners were
    /// erased.
    erased: HashSet<String>,
    /// Whether any completion is known by a key of a kind that is no longer made.
    has_former: bool,
}

/// An idempotency key that was used.
pub(super) struct KeyRecord {
    pub body: String,
    pub credential: Settled,
}

/// A completion that was recorded, and that nothing corrects yet.
#[derive(Clone)]
pub(super) struct Existing {
    pub id: String,
    pub learner: LearnerId,
    pub natural_key: String,
    pub occasion: Option<String>,
    /// The completion as JSON; empty if its learner was erased.
    pub body: String,
    pub credential: Settled,
    pub standing: Standing,
}

/// Whether a recorded completion still holds.
#[derive(Clone)]
pub(super) enum Standing {
    Stands,
    /// Its provider withdrew it.
    Withdrawn,
    /// Its credential was revoked by that client.
    Revoked {
        by: String,
    },
    /// Its learner was erased, and what it states with them.
    Erased,
}

/// The credential an earlier row or request led to.
#[derive(Clone)]
pub(super) struct Settled {
    pub id: String,
    /// Issued or revoked, as against prepared.
    pub signed: bool,
}

impl<'a> Known<'a> {
    pub(super) fn load(
        db: &mut Db,
        rows: &[Intake<'_>],
        facts: &[Facts],
        digests: &Digests,
        wrapping: &'a Wrapping,
    ) -> Result<Self, RegistryError> {
        let mut known = Self {
            people: People::default(),
            wrapping,
            keys: HashMap::new(),
            completions: HashMap::new(),
            person_keys: HashMap::new(),
            erased: HashSet::new(),
            has_former: false,
        };
        let keys = facts.iter().filter_map(|row| row.idempotency.as_ref().map(|given| given.key.as_str()));
        let identifiers = facts.iter().flat_map(|row| row.identifiers.iter().map(|one| one.digest.as_str()));
        let met = known.load_keys(db, &distinct(keys), &distinct(identifiers))?;
        known.load_people(db, met, rows)?;
        // Mostly there are none; the former is the condition of an index with just those.
        let former = completions::table.filter(HasFormerKey).select(completions::natural_key);
        let erased = erased_occasions::table.select(erased_occasions::digest);
        let is_any_erased;
        (known.has_former, is_any_erased) = select((exists(former), exists(erased))).get_result(db)?;
        let mut natural: BTreeSet<String> =
            facts.iter().filter_map(|facts| facts.natural_key.clone()).collect();
        natural.extend(rows.iter().zip(facts).filter_map(|(row, facts)| {
            match (&row.source, known.people.resolve(facts)) {
                (Source::Completion, Resolution::Known(learner)) => Some(occasion(row, learner, digests)),
                _ => None,
            }
        }));
        known.load_completions(db, &natural.iter().map(String::as_str).collect::<Vec<_>>())?;
        if is_any_erased {
            known.load_erased(db, rows, facts, digests)?;
        }
        Ok(known)
    }

    pub(super) fn key(&self, key: &str) -> Option<&KeyRecord> {
        self.keys.get(key)
    }

    pub(super) fn add_key(&mut self, key: String, record: KeyRecord) {
        self.keys.insert(key, record);
    }

    /// The completion with this natural key or on this occasion; asks the database if that was not
    /// foreseen when the batch was loaded.
    pub(super) fn completion(
        &mut self,
        db: &mut Db,
        key: &str,
    ) -> Result<Option<Rc<Existing>>, RegistryError> {
        if !self.completions.contains_key(key) {
            self.load_completions(db, &[key])?;
        }
        Ok(self.completions.get(key).cloned().flatten())
    }

    /// The same among what is known already, without asking the database.
    pub(super) fn completion_here(&self, key: &str) -> Option<Rc<Existing>> {
        self.completions.get(key).cloned().flatten()
    }

    /// The key of a learner who is known; none of one who was erased.
    pub(super) fn person_key(&self, learner: &str) -> Option<&PersonKey> {
        self.person_keys.get(learner)
    }

    pub(super) fn add_person_key(&mut self, learner: String, key: PersonKey) {
        self.person_keys.insert(learner, key);
    }

    /// Whether the row repeats a completion of somebody who was erased.
    pub(super) fn was_erased(&self, row: &Intake<'_>, facts: &Facts, digests: &Digests) -> bool {
        !self.erased.is_empty()
            && facts.erased_occasions(row, digests).any(|occasion| self.erased.contains(&occasion))
    }

    pub(super) fn add_completion(&mut self, key: String, existing: &Rc<Existing>) {
        self.completions.insert(key, Some(Rc::clone(existing)));
    }

    /// A completion whose correction is still to come: further ones wait for that.
    pub(super) fn hold(&mut self, existing: &Existing) {
        let credential = Settled { signed: false, id: existing.credential.id.clone() };
        let held = Rc::new(Existing { credential, ..existing.clone() });
        for key in held.occasion.iter().chain([&held.natural_key]) {
            self.completions.insert(key.clone(), Some(Rc::clone(&held)));
        }
    }

    /// A completion that was corrected no longer answers to what its successor has not
    /// taken over.
    pub(super) fn pass_on(&mut self, corrected: &Existing) {
        for key in corrected.occasion.iter().chain([&corrected.natural_key]) {
            let held = self.completions.get_mut(key);
            if let Some(held) = held.filter(|held| held.as_ref().is_some_and(|one| one.id == corrected.id)) {
                *held = None;
            }
        }
    }

    /// The keys that were used, and the learners who have any of the identifiers.
    fn load_keys(
        &mut self,
        db: &mut Db,
        keys: &[&str],
        identifiers: &[&str],
    ) -> Result<BTreeSet<String>, RegistryError> {
        let mut met = BTreeSet::new();
        let mut chunks = (keys.chunks(ASKED_AT_ONCE), identifiers.chunks(ASKED_AT_ONCE));
        loop {
            let (keys, identifiers) = match (chunks.0.next(), chunks.1.next()) {
                (None, None) => break,
                (keys, identifiers) => (keys.unwrap_or_default(), identifiers.unwrap_or_default()),
            };
            // The one is told from the other by the state.
            let rows: Vec<(String, String, String, String)> = each!(db, connection => {
                let used = idempotency_records::table
                    .inner_join(credentials::table)
                    .filter(idempotency_records::key_digest.eq_any(keys))
                    .select((
                        idempotency_records::key_digest,
                        idempotency_records::body_digest,
                        credentials::id,
                        credentials::state,
                    ));
                let known = learner_identifiers::table
                    .filter(learner_identifiers::digest.eq_any(identifiers))
                    .select((learner_identifiers::learner_id, Empty, Empty, Empty));
                used.union_all(known).load(connection)?
            });
            for (found, body, id, state) in rows {
                if state.is_empty() {
                    met.insert(found);
                } else {
                    let credential = Settled { id, signed: state != "prepared" };
                    self.keys.insert(found, KeyRecord { body, credential });
                }
            }
        }
        Ok(met)
    }

    fn load_people(
        &mut self,
        db: &mut Db,
        mut met: BTreeSet<String>,
        rows: &[Intake<'_>],
    ) -> Result<(), RegistryError> {
        met.extend(rows.iter().filter_map(|row| match &row.source {
            Source::Programme { learner, .. } => Some(learner.to_string()),
            Source::Completion => None,
        }));
        for some in met.into_iter().collect::<Vec<_>>().chunks(ASKED_AT_ONCE) {
            self.load_persons(db, some)?;
            self.load_person_keys(db, some)?;
        }
        Ok(())
    }

    fn load_person_keys(&mut self, db: &mut Db, learners: &[String]) -> Result<(), RegistryError> {
        self.person_keys.extend(sealing::known(db, self.wrapping, learners.iter().map(String::as_str))?);
        Ok(())
    }

    fn load_erased(
        &mut self,
        db: &mut Db,
        rows: &[Intake<'_>],
        facts: &[Facts],
        digests: &Digests,
    ) -> Result<(), RegistryError> {
        let stated = rows.iter().zip(facts).filter(|(row, _)| row.source == Source::Completion);
        let occasions: Vec<String> =
            stated.flat_map(|(row, facts)| facts.erased_occasions(row, digests)).collect();
        for occasions in occasions.chunks(ASKED_AT_ONCE) {
            let found: Vec<String> = erased_occasions::table
                .filter(erased_occasions::digest.eq_any(occasions))
                .select(erased_occasions::digest)
                .load(db)?;
            self.erased.extend(found);
        }
        Ok(())
    }

    fn load_persons(&mut self, db: &mut Db, ids: &[String]) -> Result<(), RegistryError> {
        let found: Vec<(String, String, String)> = learners::table
            .filter(learners::id.eq_any(ids))
            .select((learners::id, learners::subject_id, learners::name_digest))
            .load(db)?;
        for (id, subject, name) in found {
            self.people.add(parsed("learners", &id, &id)?, parsed("learners", &id, &subject)?, name);
        }
        let found: Vec<(String, String, String, bool)> = learner_identifiers::table
            .filter(learner_identifiers::learner_id.eq_any(ids))
            .select((
                learner_identifiers::learner_id,
                learner_identifiers::digest,
                learner_identifiers::scope_digest,
                learner_identifiers::strong,
            ))
            .load(db)?;
        for (id, digest, scope, strong) in found {
            let learner: LearnerId = parsed("learner_identifiers", &digest, &id)?;
            self.people.add_identifier(learner, &digest, &scope, strong);
        }
        Ok(())
    }

    fn load_completions(&mut self, db: &mut Db, keys: &[&str]) -> Result<(), RegistryError> {
        self.completions.extend(keys.iter().map(|key| ((*key).to_owned(), None)));
        let of_references = keys.iter().filter_map(|key| Some((former_reference_key(key)?, *key)));
        let former: HashMap<&str, &str> = of_references.filter(|_| self.has_former).collect();
        let asked: Vec<&str> = keys.iter().chain(former.keys()).copied().collect();
        for keys in asked.chunks(ASKED_AT_ONCE) {
            let mut found: Vec<Recorded> = completions::table
                .inner_join(awards::table.inner_join(credentials::table))
                .left_join(completion_withdrawals::table)
                .filter(completions::natural_key.eq_any(keys).or(completions::occasion.eq_any(keys)))
                .order(credentials::issue)
                .select((
                    (completions::id, completions::learner_id),
                    (completions::natural_key, completions::occasion, completions::body),
                    (credentials::id, credentials::state, credentials::revoked_by),
                    completion_withdrawals::completion_id.nullable(),
                ))
                .load(db)?;
            let learners: BTreeSet<String> = found.iter().map(|((_, learner), ..)| learner.clone()).collect();
            let unknown = learners.into_iter().filter(|learner| !self.person_keys.contains_key(learner));
            self.load_person_keys(db, &unknown.collect::<Vec<_>>())?;
            // One that was withdrawn gives way; and a later issue of the same award takes
            // the place of the earlier one.
            found.sort_by_key(|(.., withdrawn)| withdrawn.is_none());
            for row in found {
                let mut existing = existing(row, &self.person_keys)?;
                if let Some(key) = former.get(existing.natural_key.as_str()) {
                    (*key).clone_into(&mut existing.natural_key);
                }
                let existing = Rc::new(existing);
                for key in existing.occasion.iter().chain([&existing.natural_key]) {
                    self.completions.insert(key.clone(), Some(Rc::clone(&existing)));
                }
            }
        }
        Ok(())
    }
}

/// A completion and its learner, its keys and body, a credential with its state and who
/// revoked it, and whether it was withdrawn.
type Recorded =
    ((String, String), (String, Option<String>, String), (String, String, Option<String>), Option<String>);

fn existing(row: Recorded, keys: &HashMap<String, PersonKey>) -> Result<Existing, RegistryError> {
    let ((id, learner), (natural_key, occasion, body), (credential, state, revoked_by), withdrawn) = row;
    let mut standing = match (withdrawn, revoked_by) {
        (Some(_), _) => Standing::Withdrawn,
        (None, Some(by)) => Standing::Revoked { by },
        (None, None) => Standing::Stands,
    };
    let body = match sealing::read(keys.get(&learner), COMPLETION, &id, &body) {
        Err(RegistryError::Erased) => {
            standing = Standing::Erased;
            String::new()
        }
        body => body?.into_owned(),
    };
    Ok(Existing {
        learner: parsed("completions", &id, &learner)?,
        id,
        natural_key,
        occasion,
        body,
        credential: Settled { id: credential, signed: state != "prepared" },
        standing,
    })
}

fn distinct<'a>(texts: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    texts.collect::<BTreeSet<_>>().into_iter().collect()
}
