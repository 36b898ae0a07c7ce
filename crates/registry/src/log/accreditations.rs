//! Accreditations change where they stand: every change is an entry, and the
//! last of each holds.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use diesel::prelude::*;

use super::{columns::Columns, entry::EntryKind, parcel::Parcel};
use crate::{RegistryError, db::Db, digest::Digests, schema::accreditations};

/// An accreditation as it stands, without its place in the catalogue's file.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = accreditations)]
pub(crate) struct Standing {
    provider: String,
    achievement: String,
    valid_from: NaiveDate,
    accredited_by: String,
    valid_until: Option<NaiveDate>,
    current: bool,
}

impl Standing {
    fn id(&self) -> String {
        format!("{}/{}/{}/{}", self.provider, self.achievement, self.valid_from, self.accredited_by)
    }

    pub(super) fn columns(&self) -> Columns {
        Columns::default().optional_day(self.valid_until).text(if self.current { "current" } else { "past" })
    }
}

/// All of them, by what names each.
pub(crate) fn standing(db: &mut Db) -> Result<BTreeMap<String, Standing>, RegistryError> {
    let rows: Vec<Standing> = accreditations::table.select(Standing::as_select()).load(db)?;
    Ok(rows.into_iter().map(|row| (row.id(), row)).collect())
}

/// Does `change` and tells the log which accreditations it made or changed.
pub(crate) fn accredited<'a>(
    db: &mut Db,
    digests: &'a Digests,
    change: impl FnOnce(&mut Db) -> Result<(), RegistryError>,
) -> Result<Parcel<'a>, RegistryError> {
    let before = standing(db)?;
    change(db)?;
    let mut parcel = Parcel::new(digests);
    for (id, row) in standing(db)?.iter().filter(|(id, row)| before.get(*id) != Some(*row)) {
        parcel.add(EntryKind::Accreditation, id, &row.columns());
    }
    Ok(parcel)
}
