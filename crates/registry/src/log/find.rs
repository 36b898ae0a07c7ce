//! Finding an entry again: by the time that its row bears.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use model::id::CredentialId;

use super::{
    columns::key_bytes,
    entry::{EntryKind, LogEntry},
    parcel::split,
    rows::{self, SignedForms},
    sequence::number,
    serve::bundle,
    tables::{ParcelRow, log_parcels},
};
use crate::{
    Registry, RegistryError,
    db::Db,
    schema::{awards, credentials},
    sealing::{self, PROOF},
};

/// Entries of a full bundle.
const WIDTH: u64 = 256;

/// An entry that has its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoggedEntry {
    /// Its place in the log.
    pub index: u64,
    /// What it says.
    pub entry: LogEntry,
}

/// What opens the digest of one entry: with it, whoever has the row can check the
/// digest, and no other one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opening {
    /// The key of this digest, hexadecimal.
    pub key: String,
    /// The columns as they are digested, in their order.
    pub columns: Vec<String>,
    /// What opens the marks that stand for documents among them, hexadecimal: each is the
    /// HMAC-SHA-256, under this key, of the document's SHA-256 in hexadecimal. None if
    /// the digests of the documents stand there themselves, or the learner was erased.
    pub document_key: Option<String>,
}

/// What the log holds of a credential.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CredentialInLog {
    /// That it was issued; `None` while that waits for its place.
    pub issued: Option<LoggedEntry>,
    /// What opens the digest of that.
    pub opening: Opening,
    /// That it was revoked, if it was and that has its place.
    pub revoked: Option<LoggedEntry>,
    /// Whether it was revoked.
    pub is_revoked: bool,
}

impl Registry {
    /// What the log holds of a credential that is issued or revoked.
    pub fn credential_in_log(&self, id: CredentialId) -> Result<Option<CredentialInLog>, RegistryError> {
        type Times = (Option<NaiveDateTime>, Option<NaiveDateTime>);
        type Row = (String, Times, (String, Option<String>, Option<String>));
        let name = id.to_string();
        self.snapshot(|db| {
            let row: Option<Row> = credentials::table
                .inner_join(awards::table)
                .filter(credentials::id.eq(&name))
                .select((
                    awards::learner_id,
                    (credentials::issued_at, credentials::revoked_at),
                    (credentials::unsigned, credentials::proof, credentials::vc_jwt),
                ))
                .first(db)
                .optional()?;
            let Some((learner, (Some(issued_at), revoked_at), (unsigned, proof, vc_jwt))) = row else {
                return Ok(None);
            };
            // Of what was sealed when it was written the log holds marks.
            let is_marked = proof.as_deref().is_some_and(sealing::is_marked);
            let forms = SignedForms { unsigned, proof, vc_jwt };
            let columns = rows::issued(self.digests(), &name, &forms, Some(issued_at));
            let key = sealing::known(db, self.wrapping(), [learner.as_str()])?.remove(&learner);
            let revoked = match revoked_at {
                Some(at) => find(db, EntryKind::Revoked, &name, at)?,
                None => None,
            };
            Ok(Some(CredentialInLog {
                issued: find(db, EntryKind::Issued, &name, issued_at)?,
                opening: Opening {
                    key: hex::encode(key_bytes(self.digests(), EntryKind::Issued, &name)),
                    columns: columns.into_texts(),
                    document_key: key
                        .filter(|_| is_marked)
                        .map(|key| hex::encode(key.mark_key(PROOF, &name))),
                },
                revoked,
                is_revoked: revoked_at.is_some(),
            }))
        })
    }
}

fn find(
    db: &mut Db,
    kind: EntryKind,
    row_id: &str,
    at: NaiveDateTime,
) -> Result<Option<LoggedEntry>, RegistryError> {
    let of_its_time: Vec<ParcelRow> =
        log_parcels::table.filter(log_parcels::earliest.eq(at)).select(ParcelRow::as_select()).load(db)?;
    if let Some(found) = look(db, &of_its_time, kind, row_id)? {
        return Ok(Some(found));
    }
    // Taken up from before there was a log.
    let spanning: Vec<ParcelRow> = log_parcels::table
        .filter(log_parcels::earliest.lt(log_parcels::latest))
        .filter(log_parcels::earliest.le(at).and(log_parcels::latest.ge(at)))
        .select(ParcelRow::as_select())
        .load(db)?;
    look(db, &spanning, kind, row_id)
}

fn look(
    db: &mut Db,
    parcels: &[ParcelRow],
    kind: EntryKind,
    row_id: &str,
) -> Result<Option<LoggedEntry>, RegistryError> {
    for parcel in parcels {
        let first = number(parcel.first_index)?;
        let end = first + u64::try_from(parcel.entries).unwrap_or(0);
        for place in first / WIDTH..=(end.max(1) - 1) / WIDTH {
            let Some(bundle) = bundle(db, place)? else { continue };
            let entries = split(&bundle.entries).unwrap_or_default();
            for (index, bytes) in (place * WIDTH..).zip(entries) {
                let entry =
                    LogEntry::from_bytes(bytes).filter(|one| one.kind == kind && one.row_id == row_id);
                if let Some(entry) = entry.filter(|_| (first..end).contains(&index)) {
                    return Ok(Some(LoggedEntry { index, entry }));
                }
            }
        }
    }
    Ok(None)
}
