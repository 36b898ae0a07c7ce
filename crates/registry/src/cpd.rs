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
    error::{parsed, parsed_json},
    issuance::take_turn,
    ledger, log,
    schema::{LedgerRow, cpd_memberships, learners, ledger_adjustments, ledger_entries},
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
    /// such learner.
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
        };
        let row = LedgerRow {
            id: LedgerEntryId::random(entropy).to_string(),
            kind: EntryKind::Activity.as_str().to_owned(),
            learner_id: learner.to_string(),
            award_id: None,
            credential_id: None,
            provider: None,
            amount: activity.credit.amount().to_string(),
            unit: activity.credit.unit().to_string(),
            earned_at: stored(activity.finished_at),
            recorded_at: stored(now),
            details: Some(json("ledger_entries", &details)?),
        };
        self.write(|db| {
            if !is_known(db, &row.learner_id)? {
                return Ok(None);
            }
            self.append(db, &row).map(Some)
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
            adjustment_of(db, &id.to_string())
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
            let Some(record) = adjustment_of(db, &id)? else { return Ok(Err(Undecided::Unknown)) };
            let learner = record.learner_id.to_string();
            take_turn(db, std::iter::once(learner.clone()))?;
            // Read again: another may have decided while this one waited.
            let Some(record) = adjustment_of(db, &id)? else { return Ok(Err(Undecided::Unknown)) };
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
                self.append(db, &approved(entry, learner, &record, by, stored(now))?)?;
            }
            Ok(adjustment_of(db, &id)?.ok_or(Undecided::Unknown))
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
            rows.into_iter().map(adjustment).collect()
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

    fn append(&self, db: &mut Db, row: &LedgerRow) -> Result<LedgerEntry, RegistryError> {
        take_turn(db, std::iter::once(row.learner_id.clone()))?;
        diesel::insert_into(ledger_entries::table).values(row.clone()).execute(db)?;
        log::stated(self.digests(), row).store(db, row.recorded_at)?;
        ledger::entry(row, None)
    }
}

pub(crate) fn is_known(db: &mut Db, learner: &str) -> Result<bool, RegistryError> {
    Ok(diesel::select(diesel::dsl::exists(learners::table.find(learner))).get_result(db)?)
}

fn approved(
    id: String,
    learner_id: String,
    record: &AdjustmentRecord,
    by: &str,
    now: NaiveDateTime,
) -> Result<LedgerRow, RegistryError> {
    let Adjustment { amount, unit, earned_on, category, reason } = &record.adjustment;
    let details = Details {
        title: reason.clone(),
        category: category.clone(),
        reflection: None,
        evidence: None,
        stated_by: record.requested_by.clone(),
        approved_by: Some(by.to_owned()),
    };
    Ok(LedgerRow {
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
        details: Some(json("ledger_entries", &details)?),
    })
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

fn adjustment_of(db: &mut Db, id: &str) -> Result<Option<AdjustmentRecord>, RegistryError> {
    let row: Option<AdjustmentRow> = ledger_adjustments::table.find(id).first(db).optional()?;
    row.map(adjustment).transpose()
}

fn adjustment(row: AdjustmentRow) -> Result<AdjustmentRecord, RegistryError> {
    const TABLE: &str = "ledger_adjustments";
    let (id, learner, body, requested_by, requested, by, at, _, entry) = row;
    let entry = entry.map(|entry| parsed(TABLE, &id, &entry)).transpose()?;
    Ok(AdjustmentRecord {
        learner_id: parsed(TABLE, &id, &learner)?,
        adjustment: parsed_json(TABLE, &id, &body)?,
        requested_by,
        requested: requested.and_utc(),
        decision: by.zip(at).map(|(by, at)| Decision { by, at: at.and_utc(), entry }),
        id: parsed(TABLE, &id, &id)?,
    })
}

fn json(table: &'static str, value: &impl serde::Serialize) -> Result<String, RegistryError> {
    serde_json::to_string(value).map_err(|error| RegistryError::corrupt(table, "", error))
}
