//! Credentials as they stand.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::{
    rows::{self, SignedForms},
    standing::{Found, broken, keys_of, opens},
};
use crate::{
    RegistryError,
    db::Db,
    digest::Digests,
    schema::{IntentRow, awards, credentials},
    sealing::{PROOF, REASON, UNSIGNED, VC_JWT, Wrapping},
};

/// Stored intents.
pub(super) fn prepared(
    db: &mut Db,
    digests: &Digests,
    wrapping: Option<&Wrapping>,
    ids: &[&str],
) -> Result<Vec<Found>, RegistryError> {
    let rows: Vec<(IntentRow, String)> = credentials::table
        .inner_join(awards::table)
        .filter(credentials::id.eq_any(ids))
        .select((IntentRow::as_select(), awards::learner_id))
        .load(db)?;
    let keys = keys_of(db, wrapping, rows.iter().map(|(_, learner)| learner.as_str()))?;
    let each = |(row, learner): (IntentRow, String)| {
        let columns = rows::prepared(digests, &row);
        let values = [(UNSIGNED, Some(row.unsigned.as_str()))];
        let columns = if opens(keys.get(&learner), &row.id, &values) { columns } else { broken() };
        Found::new(&row.id, columns, Some(row.prepared_at))
    };
    Ok(rows.into_iter().map(each).collect())
}

/// Credentials that were signed.
pub(super) fn issued(
    db: &mut Db,
    digests: &Digests,
    wrapping: Option<&Wrapping>,
    ids: &[&str],
) -> Result<Vec<Found>, RegistryError> {
    type Row = ((String, String), String, Option<String>, Option<String>, Option<NaiveDateTime>);
    let rows: Vec<Row> = credentials::table
        .inner_join(awards::table)
        .filter(credentials::id.eq_any(ids))
        .select((
            (credentials::id, awards::learner_id),
            credentials::unsigned,
            credentials::proof,
            credentials::vc_jwt,
            credentials::issued_at,
        ))
        .load(db)?;
    let keys = keys_of(db, wrapping, rows.iter().map(|((_, learner), ..)| learner.as_str()))?;
    let each = |((id, learner), unsigned, proof, vc_jwt, at): Row| {
        let token = vc_jwt.as_deref().filter(|token| !token.is_empty());
        let is_whole = opens(keys.get(&learner), &id, &[(PROOF, proof.as_deref()), (VC_JWT, token)]);
        let forms = SignedForms { unsigned, proof, vc_jwt };
        let columns = if is_whole { rows::issued(digests, &id, &forms, at) } else { broken() };
        Found::new(&id, columns, at)
    };
    Ok(rows.into_iter().map(each).collect())
}

/// Credentials that were taken back.
pub(super) fn revoked(
    db: &mut Db,
    digests: &Digests,
    wrapping: Option<&Wrapping>,
    ids: &[&str],
) -> Result<Vec<Found>, RegistryError> {
    type Row = ((String, String), Option<NaiveDateTime>, Option<String>, Option<String>);
    let rows: Vec<Row> = credentials::table
        .inner_join(awards::table)
        .filter(credentials::id.eq_any(ids))
        .select((
            (credentials::id, awards::learner_id),
            credentials::revoked_at,
            credentials::revoked_reason,
            credentials::revoked_by,
        ))
        .load(db)?;
    let keys = keys_of(db, wrapping, rows.iter().map(|((_, learner), ..)| learner.as_str()))?;
    let each = |((id, learner), at, reason, by): Row| {
        let columns = rows::revoked(digests, &id, at, reason.as_deref(), by.as_deref());
        let is_whole = opens(keys.get(&learner), &id, &[(REASON, reason.as_deref())]);
        Found::new(&id, if is_whole { columns } else { broken() }, at)
    };
    Ok(rows.into_iter().map(each).collect())
}
