//! Versions of programmes, and maintenance policies, as they were published.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::{
    columns::{Columns, sha256},
    standing::Found,
};
use crate::{RegistryError, db::Db, maintenance::maintenance_policies, schema::programme_versions};

/// What names a version of a programme.
pub(crate) fn version_of(programme: &str, version: &str) -> String {
    format!("{programme}/{version}")
}

/// The versions of these ids.
pub(super) fn standing(db: &mut Db, ids: &[&str]) -> Result<Vec<Found>, RegistryError> {
    let mut found = Vec::new();
    for id in ids {
        let Some(key) = id.split_once('/') else { continue };
        let row: Option<(String, NaiveDateTime)> = programme_versions::table
            .find(key)
            .select((programme_versions::body, programme_versions::published_at))
            .first(db)
            .optional()?;
        let each = |(body, at): (String, NaiveDateTime)| {
            Found::new(id, Columns::default().document(&body).time(at), Some(at))
        };
        found.extend(row.map(each));
    }
    Ok(found)
}

/// What names each, in the order in which they were published.
pub(super) fn all(db: &mut Db) -> Result<Vec<String>, RegistryError> {
    let rows: Vec<(String, String)> = programme_versions::table
        .order((programme_versions::published_at, programme_versions::slug, programme_versions::version))
        .select((programme_versions::slug, programme_versions::version))
        .load(db)?;
    Ok(rows.into_iter().map(|(slug, version)| version_of(&slug, &version)).collect())
}

/// The publications of policies with these ids, each `policy/number`.
pub(super) fn standing_policies(db: &mut Db, ids: &[&str]) -> Result<Vec<Found>, RegistryError> {
    let mut found = Vec::new();
    for id in ids {
        let Some((slug, number)) = id.split_once('/') else { continue };
        let Ok(number) = number.parse::<i32>() else { continue };
        let row: Option<(Option<String>, NaiveDateTime)> = maintenance_policies::table
            .find((slug, number))
            .select((maintenance_policies::body, maintenance_policies::published_at))
            .first(db)
            .optional()?;
        let each = |(body, at): (Option<String>, NaiveDateTime)| {
            let body = body.as_deref().map(sha256);
            Found::new(id, Columns::default().optional(body.as_deref()).time(at), Some(at))
        };
        found.extend(row.map(each));
    }
    Ok(found)
}

/// What names each publication of a policy.
pub(super) fn all_policies(db: &mut Db) -> Result<Vec<String>, RegistryError> {
    let rows: Vec<(String, i32)> = maintenance_policies::table
        .order((maintenance_policies::slug, maintenance_policies::number))
        .select((maintenance_policies::slug, maintenance_policies::number))
        .load(db)?;
    Ok(rows.into_iter().map(|(slug, number)| version_of(&slug, &number.to_string())).collect())
}
