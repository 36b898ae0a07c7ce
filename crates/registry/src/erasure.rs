//! Erasing a person: their key is deleted, and with it everything that was sealed under
//! it. What stays says nothing about anybody, so no proof and no sum changes.

use std::{collections::BTreeSet, iter};

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::{connection::SimpleConnection as _, dsl::exists, prelude::*, select, sql_types::Integer};
use model::{
    chance::Entropy,
    cpd::Unit,
    id::{CredentialId, ErasureId, LearnerId, LedgerEntryId, OutboxId},
};
use serde_json::json;

use crate::{
    Registry, RegistryError,
    db::{Db, each, stored},
    error::parsed,
    issuance::{erased_occasion, lock, take_turn, wait_for},
    log, passport,
    revocation::{self, Act},
    schema::{
        ErasureRow, LedgerRow, OutboxRow, awards, completions, credentials, erased_occasions, erasures,
        idempotency_records, jobs, learner_identifiers, learners, ledger_entries, outbox, person_keys,
    },
    wallet,
};

/// Why badges are revoked with the erasure.
const ON_REQUEST: &str = "erased on request";

/// How many rows one statement adds.
const AT_ONCE: usize = 500;

/// The answer to an erasure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Erasure {
    /// The learner.
    pub learner_id: LearnerId,
    /// Whether they had been erased before; then this is the first time.
    pub was_already: bool,
    /// When.
    pub at: DateTime<Utc>,
    /// The badges that were revoked with it now.
    pub revoked: Vec<CredentialId>,
}

impl Registry {
    /// Erases a learner: deletes their key, the digests by which they were recognised and
    /// their idempotency records, and records that in the ledger, in the log and in the
    /// outbox, all in one transaction. With `revoke` every badge of theirs that stands is
    /// revoked as well. It cannot be undone. `None` when there is no such learner.
    /// Erasing again changes nothing but what `revoke` adds.
    ///
    /// What the files of the database still hold of the key goes with
    /// [`scrub`](Self::scrub).
    pub fn erase(
        &self,
        learner: LearnerId,
        revoke: bool,
        actor: &str,
        now: DateTime<Utc>,
        entropy: &dyn Entropy,
    ) -> Result<Option<Erasure>, RegistryError> {
        let (id, at) = (learner.to_string(), stored(now));
        self.write_over(|db| {
            if !select(exists(learners::table.find(&id))).get_result(db)? {
                return Ok(None);
            }
            // Whoever is about to record something of this learner goes first, or finds
            // them erased.
            let digests: BTreeSet<String> = identifiers(db, &id)?.into_iter().collect();
            wait_for(db, digests.iter().map(String::as_str))?;
            let credentials = credentials_of(db, &id)?;
            lock(db, &credentials)?;
            take_turn(db, iter::once(id.clone()))?;
            let before = erased_at(db, &id)?;
            if before.is_none() {
                self.erase_in_turn(db, &id, actor, at, entropy)?;
            }
            let act = Act { reason: ON_REQUEST, actor, now, entropy, digests: self.digests(), key: None };
            let revoked = if revoke { revocation::take_back_all(db, &id, act)? } else { Vec::new() };
            let at = before.unwrap_or(at).and_utc();
            Ok(Some(Erasure { learner_id: learner, was_already: before.is_some(), at, revoked }))
        })
    }

    fn erase_in_turn(
        &self,
        db: &mut Db,
        learner: &str,
        actor: &str,
        at: NaiveDateTime,
        entropy: &dyn Entropy,
    ) -> Result<(), RegistryError> {
        self.keep_occasions(db, learner)?;
        let credentials = credentials_of(db, learner)?;
        diesel::delete(
            idempotency_records::table.filter(idempotency_records::credential_id.eq_any(&credentials)),
        )
        .execute(db)?;
        wallet::forget(db, learner, &credentials)?;
        passport::forget(db, learner)?;
        diesel::delete(learner_identifiers::table.filter(learner_identifiers::learner_id.eq(learner)))
            .execute(db)?;
        diesel::update(learners::table.find(learner)).set(learners::name_digest.eq("")).execute(db)?;
        diesel::update(jobs::table.filter(jobs::learner_id.eq(learner).and(jobs::done_at.is_null())))
            .set(jobs::done_at.eq(at))
            .execute(db)?;
        let row = ErasureRow {
            id: ErasureId::random(entropy).to_string(),
            learner_id: learner.to_owned(),
            erased_at: at,
            erased_by: actor.to_owned(),
        };
        diesel::insert_into(erasures::table).values(row.clone()).execute(db)?;
        passport::forget_erased(db, learner)?;
        diesel::delete(person_keys::table.find(learner)).execute(db)?;
        let line = LedgerRow {
            id: LedgerEntryId::ordered(at.and_utc(), entropy).to_string(),
            kind: "erasure".to_owned(),
            learner_id: learner.to_owned(),
            award_id: None,
            credential_id: None,
            provider: None,
            amount: "0".to_owned(),
            unit: Unit::Hours.to_string(),
            earned_at: at,
            recorded_at: at,
            details: None,
        };
        diesel::insert_into(ledger_entries::table).values(line.clone()).execute(db)?;
        log::erased(self.digests(), &row, &line).store(db, at)?;
        let message = OutboxRow {
            id: OutboxId::ordered(at.and_utc(), entropy).to_string(),
            topic: "learner.erased",
            payload: json!({"learnerId": learner}).to_string(),
            created_at: at,
        };
        diesel::insert_into(outbox::table).values(message).execute(db)?;
        Ok(())
    }

    /// Keeps what each of the learner's completions would be known again by.
    fn keep_occasions(&self, db: &mut Db, learner: &str) -> Result<(), RegistryError> {
        let identifiers = identifiers(db, learner)?;
        let stated: Vec<(String, String, NaiveDateTime)> = completions::table
            .filter(completions::learner_id.eq(learner).and(completions::source.eq("completion")))
            .select((completions::provider, completions::achievement, completions::completed_at))
            .load(db)?;
        let mut occasions = BTreeSet::new();
        for (provider, achievement, at) in &stated {
            let of = |one: &String| erased_occasion(self.digests(), (provider, achievement), *at, one);
            occasions.extend(identifiers.iter().map(of));
        }
        let rows: Vec<_> = occasions.into_iter().map(|one| erased_occasions::digest.eq(one)).collect();
        for rows in rows.chunks(AT_ONCE) {
            each!(db, connection => diesel::insert_into(erased_occasions::table)
                .values(rows)
                .on_conflict_do_nothing()
                .execute(connection))?;
        }
        Ok(())
    }

    /// An error ([`RegistryError::Erased`]) if the learner was erased.
    pub fn refuse_erased(&self, learner: LearnerId) -> Result<(), RegistryError> {
        self.read(|db| refuse(db, &learner.to_string()))
    }

    /// Everybody who was erased.
    pub fn erased(&self) -> Result<BTreeSet<LearnerId>, RegistryError> {
        let ids: Vec<String> =
            self.read(|db| Ok(erasures::table.select(erasures::learner_id).load(db)?))?;
        ids.iter().map(|id| parsed("erasures", id, id)).collect()
    }

    /// Which of these learners are in the database and not erased.
    pub fn not_erased(&self, learners: &BTreeSet<LearnerId>) -> Result<Vec<LearnerId>, RegistryError> {
        let ids: Vec<String> = learners.iter().map(ToString::to_string).collect();
        let mut found: Vec<String> = Vec::new();
        self.snapshot(|db| {
            for ids in ids.chunks(AT_ONCE) {
                let known: Vec<String> = learners::table
                    .left_join(erasures::table)
                    .filter(learners::id.eq_any(ids).and(erasures::id.is_null()))
                    .select(learners::id)
                    .load(db)?;
                found.extend(known);
            }
            Ok(())
        })?;
        found.iter().map(|id| parsed("learners", id, id)).collect()
    }

    /// A line by which an erasure is remembered outside the database. It holds the
    /// learner's random id, and shows that it was written by whoever has the digest key.
    pub fn erasure_note(&self, learner: LearnerId) -> String {
        format!("{learner} {}", self.digests().text("erasure note", &[learner.to_string().as_bytes()]))
    }

    /// Reads such a line; `None` if it is none of this database's.
    pub fn read_erasure_note(&self, line: &str) -> Option<LearnerId> {
        let learner = line.split(' ').next()?.parse().ok()?;
        (self.erasure_note(learner) == line).then_some(learner)
    }

    /// Makes the database's files forget what was deleted. `SQLite` overwrites what is
    /// deleted; here its write-ahead log is brought home and cut off. PostgreSQL is asked
    /// to vacuum the tables from which an erasure deletes. Repeating it does no harm.
    pub fn scrub(&self) -> Result<(), RegistryError> {
        self.read(|db| match db {
            Db::Sqlite(connection) => {
                let done: Checkpoint =
                    diesel::sql_query("PRAGMA wal_checkpoint(TRUNCATE)").get_result(connection)?;
                if done.busy == 0 {
                    Ok(())
                } else {
                    Err(RegistryError::Unavailable("others are reading the write-ahead log".to_owned()))
                }
            }
            Db::Postgres(connection) => {
                connection.batch_execute("SET statement_timeout = 0")?;
                let done = connection.batch_execute("VACUUM person_keys");
                let done = done.and_then(|()| connection.batch_execute("VACUUM learner_identifiers"));
                let done = done.and_then(|()| connection.batch_execute("VACUUM presentation_requests"));
                connection.batch_execute("SET statement_timeout = '10s'")?;
                Ok(done?)
            }
        })
    }
}

#[derive(QueryableByName)]
struct Checkpoint {
    #[diesel(sql_type = Integer)]
    busy: i32,
}

/// An error if the learner was erased.
pub(crate) fn refuse(db: &mut Db, learner: &str) -> Result<(), RegistryError> {
    if erased_at(db, learner)?.is_some() { Err(RegistryError::Erased) } else { Ok(()) }
}

fn erased_at(db: &mut Db, learner: &str) -> Result<Option<NaiveDateTime>, RegistryError> {
    let of_them = erasures::table.filter(erasures::learner_id.eq(learner));
    Ok(of_them.select(erasures::erased_at).first(db).optional()?)
}

fn identifiers(db: &mut Db, learner: &str) -> Result<Vec<String>, RegistryError> {
    Ok(learner_identifiers::table
        .filter(learner_identifiers::learner_id.eq(learner))
        .select(learner_identifiers::digest)
        .load(db)?)
}

fn credentials_of(db: &mut Db, learner: &str) -> Result<Vec<String>, RegistryError> {
    Ok(credentials::table
        .inner_join(awards::table)
        .filter(awards::learner_id.eq(learner))
        .select(credentials::id)
        .load(db)?)
}
