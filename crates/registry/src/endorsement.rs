//! Endorsements: signed by professional bodies, kept as they were signed.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use model::{
    endorsement::Endorsed,
    id::{EndorsementId, Slug},
};

use crate::{
    LogEntryKind, Registry, RegistryError, WhichEntry,
    db::{Db, stored},
    error::parsed,
    log,
    schema::{catalogue_state, endorsements},
    vc_status,
};

/// An endorsement as it was signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndorsementRecord {
    /// Its id; the last segment of its address.
    pub id: EndorsementId,
    /// The body that endorses.
    pub by: Slug,
    /// What it endorses.
    pub endorsed: Endorsed,
    /// The `id` of the credential.
    pub credential_id: String,
    /// The signed credential, JSON text.
    pub document: String,
    /// Whether it was signed here.
    pub hosted: bool,
    /// When it begins.
    pub valid_from: DateTime<Utc>,
    /// When it ends.
    pub valid_until: DateTime<Utc>,
    /// When it was taken in.
    pub recorded: DateTime<Utc>,
    /// Since when it is withdrawn.
    pub withdrawn: Option<DateTime<Utc>>,
}

impl EndorsementRecord {
    /// Whether it stands at that moment: begun, not ended, not withdrawn.
    pub fn stands(&self, at: DateTime<Utc>) -> bool {
        self.valid_from <= at && at <= self.valid_until && self.withdrawn.is_none()
    }
}

/// What became of an endorsement that was to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kept {
    /// It is kept, now or since before.
    Kept(Box<EndorsementRecord>),
    /// Another document is kept under the same credential id.
    Other(EndorsementId),
}

type Row = (
    String,
    String,
    String,
    String,
    Option<String>,
    String,
    String,
    bool,
    NaiveDateTime,
    NaiveDateTime,
    NaiveDateTime,
    String,
    Option<NaiveDateTime>,
    Option<String>,
);

impl Registry {
    /// Keeps an endorsement. The same document again changes nothing.
    pub fn keep_endorsement(
        &self,
        record: &EndorsementRecord,
        recorded_by: &str,
    ) -> Result<Kept, RegistryError> {
        let (kind, subject, version) = match &record.endorsed {
            Endorsed::Achievement { slug, version } => ("achievement", slug, Some(version)),
            Endorsed::Organisation(slug) => ("organisation", slug, None),
        };
        self.write(|db| {
            // One change of the catalogue at a time, so that two of the same find each other.
            revised(db)?;
            let known: Option<Row> = endorsements::table
                .filter(endorsements::credential_id.eq(&record.credential_id))
                .first(db)
                .optional()?;
            if let Some(known) = known {
                let known = read(known)?;
                let same = known.document == record.document;
                return Ok(if same { Kept::Kept(Box::new(known)) } else { Kept::Other(known.id) });
            }
            diesel::insert_into(endorsements::table)
                .values((
                    endorsements::id.eq(record.id.to_string()),
                    endorsements::body.eq(record.by.as_str()),
                    endorsements::kind.eq(kind),
                    endorsements::subject.eq(subject.as_str()),
                    endorsements::version.eq(version),
                    endorsements::credential_id.eq(&record.credential_id),
                    endorsements::document.eq(&record.document),
                    endorsements::hosted.eq(record.hosted),
                    endorsements::valid_from.eq(stored(record.valid_from)),
                    endorsements::valid_until.eq(stored(record.valid_until)),
                    endorsements::recorded_at.eq(stored(record.recorded)),
                    endorsements::recorded_by.eq(recorded_by),
                ))
                .execute(db)?;
            let id = record.id.to_string();
            log::tell(db, self.digests(), LogEntryKind::Endorsed, &[&id], stored(record.recorded))?;
            let row: Row = endorsements::table.find(id).first(db)?;
            Ok(Kept::Kept(Box::new(read(row)?)))
        })
    }

    /// Withdraws an endorsement: no badge carries it from now on, and its entry in a status
    /// list says so to whoever holds a copy, if it has one. Again changes nothing. `None`
    /// when there is none such.
    pub fn withdraw_endorsement(
        &self,
        id: EndorsementId,
        by: &str,
        now: DateTime<Utc>,
    ) -> Result<Option<EndorsementRecord>, RegistryError> {
        let id = id.to_string();
        self.write(|db| {
            revised(db)?;
            let changed =
                diesel::update(endorsements::table.find(&id).filter(endorsements::withdrawn_at.is_null()))
                    .set((endorsements::withdrawn_at.eq(stored(now)), endorsements::withdrawn_by.eq(by)))
                    .execute(db)?;
            let row: Option<Row> = endorsements::table.find(&id).first(db).optional()?;
            let record = row.map(read).transpose()?;
            if changed > 0 {
                let kind = LogEntryKind::EndorsementWithdrawn;
                log::tell(db, self.digests(), kind, &[&id], stored(now))?;
            }
            // The id of one that was signed elsewhere may be anything.
            if let Some(record) = record.as_ref().filter(|record| record.hosted && changed > 0) {
                vc_status::revoke(db, self.digests(), WhichEntry::Of(&record.credential_id), now)?;
            }
            Ok(record)
        })
    }

    /// One endorsement, withdrawn or not.
    pub fn endorsement(&self, id: EndorsementId) -> Result<Option<EndorsementRecord>, RegistryError> {
        let row: Option<Row> =
            self.read(|db| Ok(endorsements::table.find(id.to_string()).first(db).optional()?))?;
        row.map(read).transpose()
    }

    /// Every endorsement that is not withdrawn and ends after `now`, by who endorses.
    pub fn endorsements(&self, now: DateTime<Utc>) -> Result<Vec<EndorsementRecord>, RegistryError> {
        let rows: Vec<Row> = self.read(|db| {
            Ok(endorsements::table
                .filter(endorsements::withdrawn_at.is_null())
                .filter(endorsements::valid_until.ge(stored(now)))
                .order((endorsements::body, endorsements::recorded_at, endorsements::id))
                .load(db)?)
        })?;
        rows.into_iter().map(read).collect()
    }
}

fn revised(db: &mut Db) -> Result<(), RegistryError> {
    diesel::update(catalogue_state::table)
        .set(catalogue_state::revision.eq(catalogue_state::revision + 1))
        .execute(db)?;
    Ok(())
}

fn read(row: Row) -> Result<EndorsementRecord, RegistryError> {
    const TABLE: &str = "endorsements";
    let (
        id,
        by,
        kind,
        subject,
        version,
        credential_id,
        document,
        hosted,
        from,
        until,
        recorded,
        _,
        withdrawn,
        _,
    ) = row;
    let slug = parsed(TABLE, &id, &subject)?;
    let endorsed = match (kind.as_str(), version) {
        ("achievement", Some(version)) => Endorsed::Achievement { slug, version },
        ("organisation", None) => Endorsed::Organisation(slug),
        _ => return Err(RegistryError::corrupt(TABLE, &id, format!("unknown kind `{kind}`"))),
    };
    Ok(EndorsementRecord {
        by: parsed(TABLE, &id, &by)?,
        endorsed,
        credential_id,
        document,
        hosted,
        valid_from: from.and_utc(),
        valid_until: until.and_utc(),
        recorded: recorded.and_utc(),
        withdrawn: withdrawn.map(|at| at.and_utc()),
        id: parsed(TABLE, &id, &id)?,
    })
}
