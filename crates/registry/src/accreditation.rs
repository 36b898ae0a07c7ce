//! The register of accreditations as it stood from moment to moment.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeDelta, Utc};
use diesel::prelude::*;
use model::{
    catalogue::{Accreditation, AccreditationVersion},
    id::Slug,
};

use crate::{
    Registry, RegistryError,
    db::{Db, stored},
    error::parsed,
    schema::{accreditation_versions, accreditations},
};

type Key = (String, String, NaiveDate, String);
type State = (Option<NaiveDate>, bool);

/// Keeps every accreditation that stands otherwise than it was last kept, as of `now`, or
/// of the moment after the last if the clock was set back.
pub(crate) fn keep(db: &mut Db, now: DateTime<Utc>) -> Result<(), RegistryError> {
    let standing: Vec<(Key, State)> = accreditations::table
        .select((
            (
                accreditations::provider,
                accreditations::achievement,
                accreditations::valid_from,
                accreditations::accredited_by,
            ),
            (accreditations::valid_until, accreditations::current),
        ))
        .load(db)?;
    let kept: Vec<(Key, (State, NaiveDateTime))> = accreditation_versions::table
        .order(accreditation_versions::recorded_at)
        .select((
            (
                accreditation_versions::provider,
                accreditation_versions::achievement,
                accreditation_versions::valid_from,
                accreditation_versions::accredited_by,
            ),
            (
                (accreditation_versions::valid_until, accreditation_versions::stands),
                accreditation_versions::recorded_at,
            ),
        ))
        .load(db)?;
    let kept: HashMap<Key, (State, NaiveDateTime)> = kept.into_iter().collect();
    for (key, state) in standing {
        let last = kept.get(&key);
        if last.is_some_and(|(kept, _)| *kept == state) {
            continue;
        }
        let after = last.map(|(_, recorded)| *recorded + TimeDelta::microseconds(1));
        let recorded = after.map_or(stored(now), |after| after.max(stored(now)));
        let (provider, achievement, valid_from, accredited_by) = key;
        diesel::insert_into(accreditation_versions::table)
            .values((
                accreditation_versions::provider.eq(provider),
                accreditation_versions::achievement.eq(achievement),
                accreditation_versions::valid_from.eq(valid_from),
                accreditation_versions::accredited_by.eq(accredited_by),
                accreditation_versions::recorded_at.eq(recorded),
                accreditation_versions::valid_until.eq(state.0),
                accreditation_versions::stands.eq(state.1),
            ))
            .execute(db)?;
    }
    Ok(())
}

impl Registry {
    /// Every version of every accreditation, of one provider or for one achievement where
    /// that is asked for, the oldest first.
    pub fn accreditation_versions(
        &self,
        provider: Option<&Slug>,
        achievement: Option<&Slug>,
    ) -> Result<Vec<AccreditationVersion>, RegistryError> {
        let rows: Vec<(Key, NaiveDateTime, State)> = self.read(|db| {
            let mut query = accreditation_versions::table
                .order((
                    accreditation_versions::recorded_at,
                    accreditation_versions::provider,
                    accreditation_versions::achievement,
                    accreditation_versions::valid_from,
                ))
                .select((
                    (
                        accreditation_versions::provider,
                        accreditation_versions::achievement,
                        accreditation_versions::valid_from,
                        accreditation_versions::accredited_by,
                    ),
                    accreditation_versions::recorded_at,
                    (accreditation_versions::valid_until, accreditation_versions::stands),
                ))
                .into_boxed();
            if let Some(provider) = provider {
                query = query.filter(accreditation_versions::provider.eq(provider.as_str()));
            }
            if let Some(achievement) = achievement {
                query = query.filter(accreditation_versions::achievement.eq(achievement.as_str()));
            }
            Ok(query.load(db)?)
        })?;
        rows.into_iter().map(version).collect()
    }
}

fn version(row: (Key, NaiveDateTime, State)) -> Result<AccreditationVersion, RegistryError> {
    const TABLE: &str = "accreditation_versions";
    let ((provider, achievement, from, by), recorded, (until, stands)) = row;
    Ok(AccreditationVersion {
        accreditation: Accreditation {
            achievement: parsed(TABLE, &provider, &achievement)?,
            accredited_by: parsed(TABLE, &provider, &by)?,
            provider: parsed(TABLE, &provider, &provider)?,
            from,
            until,
        },
        stands,
        recorded: recorded.and_utc(),
    })
}
