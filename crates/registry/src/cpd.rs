//! Lines of the CPD ledger that no credential stands behind, and since when learners
//! count under which scheme.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use diesel::prelude::*;
use model::{
    chance::Entropy,
    cpd::activity::{Activity, Adjustment, Details},
    id::{AdjustmentId, LearnerId, LedgerEntryId, MembershipId, Slug},
};

use crate::{
    EntryKind, LedgerEntry, LogEntryKind, Registry, RegistryError,
    db::{Db, stored},
    erasure,
    error::parsed,
    issuance::take_turn,
    ledger, log,
    schema::{LedgerRow, cpd_memberships, learners, ledger_adjustments, ledger_entries},
    sealing::{self, ADJUSTMENT, DETAILS, PersonKey},
};

/// An adjustment that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdjustmentRecord {
    /// Its id.
    pub id: AdjustmentId,
    /// Whose ledger.
    pub learner_id: LearnerId,
    /// What is asked for.
    pub adjustment: Adjustment,
    /// By which client.
    pub requested_by: String,
    /// When.
    pub requested: DateTime<Utc>,
    /// What was decided, if anything was.
    pub decision: Option<Decision>,
}

/// What became of an adjustment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// The client that decided.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
    /// The entry that was written; none if it was refused.
    pub entry: Option<LedgerEntryId>,
}

/// Why an adjustment could not be decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Undecided {
    /// There is none such.
    Unknown,
    /// Who asked for it cannot decide it.
    SamePerson,
    /// It was decided before, otherwise.
    Decided(Box<AdjustmentRecord>),
}

impl Registry {
    /// Writes a declared activity into the learner's ledger. `None` when there is no
    /// such learner; here as below an error ([`RegistryError::Erased`]) when they were
    /// erased.
    pub fn record_activity(
        &self,
        learner: LearnerId,
        activity: &Activity,
        stated_by: &str,
        now: DateTime<Utc>,
        entropy: &dyn Entropy,
    ) -> Result<Option<LedgerEntry>, RegistryError> {
        let details = Details {
            title: activity.title.clone(),
            category: activity.category.clone(),
            reflection: activity.reflection.clone(),
            evidence: activity.evidence.clone(),
            stated_by: stated_by.to_owned(),
            approved_by: None,
            origin: None,
        };
        let (id, learner_id) = (LedgerEntryId::random(entropy).to_string(), learner.to_string());
        let details = json("ledger_entries", &details)?;
        let row = |details: String| LedgerRow {
            id: id.clone(),
            kind: EntryKind::Activity.as_str().to_owned(),
            learner_id: learner_id.clone(),
            award_id: None,
            credential_id: None,
            provider: None,
            amount: activity.credit.amount().to_string(),
            unit: activity.credit.unit().to_string(),
            earned_at: stored(activity.finished_at),
            recorded_at: stored(now),
            details: Some(details),
        };
        self.write(|db| {
            if !is_known(db, &learner_id)? {
                return Ok(None);
            }
            take_turn(db, std::iter::once(learner_id.clone()))?;
            let key = sealing::of(db, self.wrapping(), &learner_id)?;
            self.append(db, &row(key.seal(DETAILS, &id, &details, entropy)?), &key).map(Some)
        })
    }

    /// Records that somebody asks for an adjustment. Nothing is written into the
    /// ledger. `None` when there is no such learner.
    pub fn request_adjustment(
        &self,
        learner: LearnerId,
        adjustment: &Adjustment,
        requested_by: &str,
        now: DateTime<Utc>,
        entropy: &dyn Entropy,
    ) -> Result<Option<AdjustmentRecord>, RegistryError> {
        let (id, learner) = (AdjustmentId::random(entropy), learner.to_string());
        let body = json("ledger_adjustments", adjustment)?;
        self.write(|db| {
            if !is_known(db, &learner)? {
                return Ok(None);
            }
            take_turn(db, std::iter::once(learner.clone()))?;
            let key = sealing::of(db, self.wrapping(), &learner)?;
            let body = key.seal(ADJUSTMENT, &id.to_string(), &body, entropy)?;
            diesel::insert_into(ledger_adjustments::table)
                .values((
                    ledger_adjustments::id.eq(id.to_string()),
                    ledger_adjustments::learner_id.eq(&learner),
                    ledger_adjustments::body.eq(&body),
                    ledger_adjustments::requested_by.eq(requested_by),
                    ledger_adjustments::requested_at.eq(stored(now)),
                ))
                .execute(db)?;
            self.tell(db, LogEntryKind::AdjustmentAsked, &id.to_string(), now)?;
            self.adjustment_of(db, &id.to_string())
        })
    }

    /// Decides an adjustment: approved, it is written into the ledger in the same
    /// transaction. Deciding again in the same way changes nothing and gives the first
    /// answer.
    pub fn decide_adjustment(
        &self,
        id: AdjustmentId,
        approve: bool,
        by: &str,
        now: DateTime<Utc>,
        entropy: &dyn Entropy,
    ) -> Result<Result<AdjustmentRecord, Undecided>, RegistryError> {
        let id = id.to_string();
        self.write(|db| {
            let Some(record) = self.adjustment_of(db, &id)? else { return Ok(Err(Undecided::Unknown)) };
            let learner = record.learner_id.to_string();
            take_turn(db, std::iter::once(learner.clone()))?;
            // Read again: another may have decided while this one waited.
            let Some(record) = self.adjustment_of(db, &id)? else { return Ok(Err(Undecided::Unknown)) };
            if let Some(decision) = &record.decision {
                let same = decision.by == by && decision.entry.is_some() == approve;
                return Ok(if same { Ok(record) } else { Err(Undecided::Decided(Box::new(record))) });
            }
            if record.requested_by == by {
                return Ok(Err(Undecided::SamePerson));
            }
            let entry = approve.then(|| LedgerEntryId::random(entropy).to_string());
            diesel::update(ledger_adjustments::table.find(&id))
                .set((
                    ledger_adjustments::decided_by.eq(by),
                    ledger_adjustments::decided_at.eq(stored(now)),
                    ledger_adjustments::decision.eq(if approve { "approved" } else { "refused" }),
                    ledger_adjustments::entry_id.eq(&entry),
                ))
                .execute(db)?;
            self.tell(db, LogEntryKind::AdjustmentDecided, &id, now)?;
            if let Some(entry) = entry {
                let key = sealing::of(db, self.wrapping(), &learner)?;
                let details = json("ledger_entries", &agreed(&record, by))?;
                let details = key.seal(DETAILS, &entry, &details, entropy)?;
                self.append(db, &approved((entry, learner, details), &record, stored(now)), &key)?;
            }
            Ok(self.adjustment_of(db, &id)?.ok_or(Undecided::Unknown))
        })
    }

    /// Adjustments that wait for a decision, the oldest first.
    pub fn adjustments_waiting(&self, limit: u32) -> Result<Vec<AdjustmentRecord>, RegistryError> {
        self.read(|db| {
            let rows: Vec<AdjustmentRow> = ledger_adjustments::table
                .filter(ledger_adjustments::decision.is_null())
                .order((ledger_adjustments::requested_at, ledger_adjustments::id))
                .limit(i64::from(limit))
                .load(db)?;
            // Of who was erased nothing waits any more.
            let keys = sealing::known(db, self.wrapping(), rows.iter().map(|row| row.1.as_str()))?;
            let known = rows.into_iter().filter_map(|row| Some((keys.get(&row.1)?, row)));
            known.map(|(key, row)| adjustment(row, key)).collect()
        })
    }

    /// States since when a learner counts under a scheme; the latest statement holds.
    /// `false` when there is no such learner.
    pub fn join_scheme(
        &self,
        learner: LearnerId,
        scheme: &Slug,
        joined_on: NaiveDate,
        stated_by: &str,
        now: DateTime<Utc>,
        entropy: &dyn Entropy,
    ) -> Result<bool, RegistryError> {
        let (id, learner) = (MembershipId::random(entropy).to_string(), learner.to_string());
        self.write(|db| {
            if !is_known(db, &learner)? {
                return Ok(false);
            }
            erasure::refuse(db, &learner)?;
            diesel::insert_into(cpd_memberships::table)
                .values((
                    cpd_memberships::id.eq(&id),
                    cpd_memberships::learner_id.eq(&learner),
                    cpd_memberships::scheme.eq(scheme.as_str()),
                    cpd_memberships::joined_on.eq(joined_on),
                    cpd_memberships::stated_by.eq(stated_by),
                    cpd_memberships::recorded_at.eq(stored(now)),
                ))
                .execute(db)?;
            self.tell(db, LogEntryKind::Membership, &id, now)?;
            Ok(true)
        })
    }

    /// Since when a learner counts under a scheme, as it was known at `as_of`.
    pub fn joined_scheme(
        &self,
        learner: LearnerId,
        scheme: &Slug,
        as_of: DateTime<Utc>,
    ) -> Result<Option<NaiveDate>, RegistryError> {
        self.read(|db| {
            Ok(cpd_memberships::table
                .filter(cpd_memberships::learner_id.eq(learner.to_string()))
                .filter(cpd_memberships::scheme.eq(scheme.as_str()))
                .filter(cpd_memberships::recorded_at.le(stored(as_of)))
                .order((cpd_memberships::recorded_at.desc(), cpd_memberships::id.desc()))
                .select(cpd_memberships::joined_on)
                .first(db)
                .optional()?)
        })
    }

    fn tell(
        &self,
        db: &mut Db,
        kind: LogEntryKind,
        id: &str,
        now: DateTime<Utc>,
    ) -> Result<(), RegistryError> {
        log::tell(db, self.digests(), kind, &[id], stored(now))
    }

    fn adjustment_of(&self, db: &mut Db, id: &str) -> Result<Option<AdjustmentRecord>, RegistryError> {
        let row: Option<AdjustmentRow> = ledger_adjustments::table.find(id).first(db).optional()?;
        let Some(row) = row else { return Ok(None) };
        let key = sealing::of(db, self.wrapping(), &row.1)?;
        adjustment(row, &key).map(Some)
    }

    /// In the learner's turn.
    pub(crate) fn append(
        &self,
        db: &mut Db,
        row: &LedgerRow,
        key: &PersonKey,
    ) -> Result<LedgerEntry, RegistryError> {
        diesel::insert_into(ledger_entries::table).values(row.clone()).execute(db)?;
        log::stated(self.digests(), row).store(db, row.recorded_at)?;
        ledger::entry(row, None, Some(key))
    }
}

pub(crate) fn is_known(db: &mut Db, learner: &str) -> Result<bool, RegistryError> {
    Ok(diesel::select(diesel::dsl::exists(learners::table.find(learner))).get_result(db)?)
}

/// What is kept beside an adjustment that was agreed on.
fn agreed(record: &AdjustmentRecord, by: &str) -> Details {
    Details {
        title: record.adjustment.reason.clone(),
        category: record.adjustment.category.clone(),
        reflection: None,
        evidence: None,
        stated_by: record.requested_by.clone(),
        approved_by: Some(by.to_owned()),
        origin: None,
    }
}

/// Its line: an id, the learner, and the details sealed.
fn approved(
    (id, learner_id, details): (String, String, String),
    record: &AdjustmentRecord,
    now: NaiveDateTime,
) -> LedgerRow {
    let Adjustment { amount, unit, earned_on, .. } = &record.adjustment;
    LedgerRow {
        id,
        kind: EntryKind::Adjustment.as_str().to_owned(),
        learner_id,
        award_id: None,
        credential_id: None,
        provider: None,
        amount: amount.to_string(),
        unit: unit.to_string(),
        earned_at: earned_on.and_time(NaiveTime::MIN),
        recorded_at: now,
        details: Some(details),
    }
}

type AdjustmentRow = (
    String,
    String,
    String,
    String,
    NaiveDateTime,
    Option<String>,
    Option<NaiveDateTime>,
    Option<String>,
    Option<String>,
);

fn adjustment(row: AdjustmentRow, key: &PersonKey) -> Result<AdjustmentRecord, RegistryError> {
    const TABLE: &str = "ledger_adjustments";
    let (id, learner, body, requested_by, requested, by, at, _, entry) = row;
    let entry = entry.map(|entry| parsed(TABLE, &id, &entry)).transpose()?;
    Ok(AdjustmentRecord {
        learner_id: parsed(TABLE, &id, &learner)?,
        adjustment: sealing::read_json(Some(key), ADJUSTMENT, &id, &body)?,
        requested_by,
        requested: requested.and_utc(),
        decision: by.zip(at).map(|(by, at)| Decision { by, at: at.and_utc(), entry }),
        id: parsed(TABLE, &id, &id)?,
    })
}

pub(crate) fn json(table: &'static str, value: &impl serde::Serialize) -> Result<String, RegistryError> {
    serde_json::to_string(value).map_err(|error| RegistryError::corrupt(table, "", error))
}
