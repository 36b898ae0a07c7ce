//! What the registrar decided of the issuers on lists of whom to trust: every decision,
//! and none ever changed.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use diesel::prelude::*;
use model::{
    id::Slug,
    trust::{Entry, Trusted},
};

use crate::{
    Registry, RegistryError,
    db::{Db, stored},
    error::parsed,
    log::{self, LogEntryKind},
    schema::trust_entries,
};

const TABLE: &str = "trust_entries";

/// A decision as it was recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustRecord {
    /// What was decided.
    pub entry: Entry,
    /// By which client.
    pub recorded_by: String,
    /// When.
    pub recorded: DateTime<Utc>,
}

/// What became of a decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decided {
    /// It is recorded.
    Recorded(TrustRecord),
    /// The list names the issuer so already.
    Before(TrustRecord),
    /// The registrar did not put the issuer on that list, so it cannot be taken off.
    NotListed,
}

type Row = (
    i64,
    String,
    String,
    Option<String>,
    Option<NaiveDate>,
    Option<NaiveDate>,
    String,
    String,
    NaiveDateTime,
);

impl Registry {
    /// Records what `by` decided of an issuer and a list, and tells the log of it.
    pub fn decide_trust(
        &self,
        entry: &Entry,
        by: &str,
        now: DateTime<Utc>,
    ) -> Result<Decided, RegistryError> {
        self.write(|db| {
            let last = last(db, entry)?;
            match (last, &entry.trusted) {
                (Some(last), Some(trusted)) if last.entry.trusted.as_ref() == Some(trusted) => {
                    return Ok(Decided::Before(last));
                }
                (None | Some(TrustRecord { entry: Entry { trusted: None, .. }, .. }), None) => {
                    return Ok(Decided::NotListed);
                }
                _ => {}
            }
            let trusted = entry.trusted.as_ref();
            let number: i64 = diesel::insert_into(trust_entries::table)
                .values((
                    trust_entries::list.eq(entry.list.as_str()),
                    trust_entries::issuer.eq(&entry.issuer),
                    trust_entries::name.eq(trusted.map(|trusted| &trusted.name)),
                    trust_entries::valid_from.eq(trusted.and_then(|trusted| trusted.from)),
                    trust_entries::valid_until.eq(trusted.and_then(|trusted| trusted.until)),
                    trust_entries::reason.eq(&entry.reason),
                    trust_entries::recorded_by.eq(by),
                    trust_entries::recorded_at.eq(stored(now)),
                ))
                .returning(trust_entries::sequence)
                .get_result(db)?;
            let number = number.to_string();
            log::tell(db, self.digests(), LogEntryKind::Trust, &[&number], stored(now))?;
            let recorded = stored(now).and_utc();
            Ok(Decided::Recorded(TrustRecord { entry: entry.clone(), recorded_by: by.to_owned(), recorded }))
        })
    }

    /// Every decision about those lists, or about all, in order.
    pub fn trust_decisions(&self, lists: Option<&[Slug]>) -> Result<Vec<TrustRecord>, RegistryError> {
        let rows: Vec<Row> = self.read(|db| {
            let mut query = trust_entries::table.order(trust_entries::sequence).into_boxed();
            if let Some(lists) = lists {
                query = query.filter(trust_entries::list.eq_any(lists.iter().map(Slug::as_str)));
            }
            Ok(query.load(db)?)
        })?;
        rows.into_iter().map(read).collect()
    }
}

/// The last decision of the same issuer and list.
fn last(db: &mut Db, entry: &Entry) -> Result<Option<TrustRecord>, RegistryError> {
    let row: Option<Row> = trust_entries::table
        .filter(trust_entries::list.eq(entry.list.as_str()))
        .filter(trust_entries::issuer.eq(&entry.issuer))
        .order(trust_entries::sequence.desc())
        .first(db)
        .optional()?;
    row.map(read).transpose()
}

fn read(row: Row) -> Result<TrustRecord, RegistryError> {
    let (sequence, list, issuer, name, from, until, reason, recorded_by, recorded) = row;
    let list = parsed(TABLE, &sequence.to_string(), &list)?;
    let trusted = name.map(|name| Trusted { name, from, until, added: None });
    Ok(TrustRecord {
        entry: Entry { list, issuer, trusted, reason },
        recorded_by,
        recorded: recorded.and_utc(),
    })
}
