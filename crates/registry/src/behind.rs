//! What stands behind issued credentials: all that checking them needs, asked at once.

use std::collections::HashMap;

use diesel::prelude::*;
use model::id::{CompletionId, CredentialId, Slug, StatusListId};

use crate::{
    Registry, RegistryError,
    db::{Access, Db, transaction},
    error::parsed,
    schema::{awards, catalogue_state, completion_corrections, completions, credentials, status_lists},
};

/// Who stands behind an issued credential.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Behind {
    /// Whose keys signed.
    pub issuer: Slug,
    /// Who delivered the learning.
    pub provider: Slug,
    /// The completion.
    pub completion_id: CompletionId,
    /// Whether that was corrected by another.
    pub corrected: bool,
    /// The list that says whether it was revoked.
    pub status_list: StatusListId,
    /// The revision of that list.
    pub status_revision: i64,
}

/// What stands behind credentials, as of one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backing {
    /// Of each credential that was issued, whether or not its learner was erased.
    pub behind: HashMap<CredentialId, Behind>,
    /// The revision of the catalogue; `None` where none of the credentials was issued.
    pub catalogue_revision: Option<i64>,
}

type Row = (String, String, String, String, Option<String>, String, i64, Option<i64>);

impl Registry {
    /// Who stands behind those of `ids` that are credentials issued here.
    pub fn behind(&self, ids: &[CredentialId]) -> Result<Backing, RegistryError> {
        self.read(|db| at_one_moment(db, ids)).and_then(backing)
    }
}

fn at_one_moment(db: &mut Db, ids: &[CredentialId]) -> Result<Vec<Row>, RegistryError> {
    match ids {
        [_] => rows_of(db, ids),
        ids => transaction(db, Access::Snapshot, |db| rows_of(db, ids)),
    }
}

fn rows_of(db: &mut Db, ids: &[CredentialId]) -> Result<Vec<Row>, RegistryError> {
    let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
    let correction = completion_corrections::corrects_id.eq(completions::id);
    let rows = || {
        credentials::table
            .inner_join(awards::table.inner_join(completions::table))
            .inner_join(status_lists::table)
            .left_join(completion_corrections::table.on(correction))
            .filter(credentials::issued_at.is_not_null())
            .select((
                credentials::id,
                credentials::issuer,
                completions::provider,
                completions::id,
                completion_corrections::completion_id.nullable(),
                status_lists::id,
                status_lists::revision,
                catalogue_state::table.select(catalogue_state::revision).single_value(),
            ))
    };
    match db {
        Db::Postgres(connection) => Ok(rows().filter(credentials::id.eq_any(ids)).load(connection)?),
        // A statement costs no journey here, and one about one credential is prepared once
        // and for all.
        Db::Sqlite(connection) => {
            let mut found = Vec::with_capacity(ids.len());
            for id in &ids {
                found.extend(rows().filter(credentials::id.eq(id)).first(connection).optional()?);
            }
            Ok(found)
        }
    }
}

fn backing(rows: Vec<Row>) -> Result<Backing, RegistryError> {
    let catalogue_revision = rows.first().and_then(|row| row.7);
    let behind = rows.into_iter().map(|(id, issuer, provider, completion, correction, list, revision, _)| {
        let behind = Behind {
            issuer: parsed("credentials", &id, &issuer)?,
            provider: parsed("completions", &completion, &provider)?,
            completion_id: parsed("completions", &completion, &completion)?,
            corrected: correction.is_some(),
            status_list: parsed("credentials", &id, &list)?,
            status_revision: revision,
        };
        Ok((parsed("credentials", &id, &id)?, behind))
    });
    Ok(Backing { behind: behind.collect::<Result<_, RegistryError>>()?, catalogue_revision })
}
