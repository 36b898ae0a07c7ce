//! What became of organisations. The catalogue may say it otherwise later: every change is
//! an entry, and the last of each organisation holds.

use std::collections::BTreeMap;

use diesel::prelude::*;
use serde_json::Value;

use super::{columns::Columns, entry::EntryKind, parcel::Parcel};
use crate::{RegistryError, db::Db, digest::Digests, schema::organisations};

/// An organisation's succession as it stands, JSON; none of one that stands itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Succession(Option<String>);

impl Succession {
    fn read(body: &str) -> Self {
        let body: Value = serde_json::from_str(body).unwrap_or_default();
        Self(body.get("succession").filter(|one| !one.is_null()).map(Value::to_string))
    }

    pub(super) fn columns(&self) -> Columns {
        Columns::default().optional(self.0.as_deref())
    }

    /// Whether it needs no entry, as long as there never was one.
    pub(super) fn is_none(&self) -> bool {
        self.0.is_none()
    }
}

/// All of them, by organisation.
pub(crate) fn standing(db: &mut Db) -> Result<BTreeMap<String, Succession>, RegistryError> {
    let rows: Vec<(String, String)> =
        organisations::table.select((organisations::slug, organisations::body)).load(db)?;
    Ok(rows.into_iter().map(|(slug, body)| (slug, Succession::read(&body))).collect())
}

/// Does `change` and tells the log which successions it made or changed.
pub(crate) fn succeeded<'a>(
    db: &mut Db,
    digests: &'a Digests,
    change: impl FnOnce(&mut Db) -> Result<(), RegistryError>,
) -> Result<Parcel<'a>, RegistryError> {
    let before = standing(db)?;
    change(db)?;
    let mut parcel = Parcel::new(digests);
    for (slug, now) in standing(db)? {
        let was = before.get(&slug);
        if was.map_or(!now.is_none(), |was| *was != now) {
            parcel.add(EntryKind::Succession, &slug, &now.columns());
        }
    }
    Ok(parcel)
}
