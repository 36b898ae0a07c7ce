//! Policies as they were published.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use model::{
    cpd::scheme::Scheme,
    id::Slug,
    maintenance::{MaintenancePolicy, Policies, Published},
};

use super::{maintained_awards, maintenance_policies};
use crate::{
    CatalogueChange, Registry, RegistryError,
    db::{Db, stored},
    error::{parsed, parsed_json},
    log,
    schema::cpd_schemes,
};

const TABLE: &str = "maintenance_policies";

impl Registry {
    /// Every policy as it was ever published, and the CPD schemes that they name.
    pub fn maintenance_policies(&self) -> Result<Policies, RegistryError> {
        self.snapshot(|db| {
            let published = published(db)?;
            let schemes: Vec<(String, String)> =
                cpd_schemes::table.select((cpd_schemes::slug, cpd_schemes::body)).load(db)?;
            let read = |(slug, body): (String, String)| {
                let scheme: Scheme = parsed_json("cpd_schemes", &slug, &body)?;
                Ok((scheme.slug.clone(), scheme))
            };
            let schemes = schemes.into_iter().map(read).collect::<Result<_, RegistryError>>()?;
            Ok(Policies::new(published, schemes))
        })
    }

    /// What [`maintenance_policies`](Self::maintenance_policies) is made of, the earliest
    /// first.
    pub fn published_policies(&self) -> Result<Vec<Published>, RegistryError> {
        self.read(published)
    }
}

fn published(db: &mut Db) -> Result<Vec<Published>, RegistryError> {
    let rows: Vec<(String, Option<String>, NaiveDateTime)> = maintenance_policies::table
        .order((maintenance_policies::published_at, maintenance_policies::slug, maintenance_policies::number))
        .select((maintenance_policies::slug, maintenance_policies::body, maintenance_policies::published_at))
        .load(db)?;
    let read = |(slug, body, at): (String, Option<String>, NaiveDateTime)| {
        Ok(Published {
            policy: body.map(|body| parsed_json(TABLE, &slug, &body)).transpose()?,
            slug: parsed(TABLE, &slug, &slug)?,
            at: at.and_utc(),
        })
    };
    rows.into_iter().map(read).collect()
}

/// The policies that the catalogue has now, each with how many times it was published.
fn latest(db: &mut Db) -> Result<BTreeMap<Slug, (i32, Option<MaintenancePolicy>)>, RegistryError> {
    let mut latest: BTreeMap<Slug, (i32, Option<MaintenancePolicy>)> = BTreeMap::new();
    for one in published(db)? {
        let number = latest.get(&one.slug).map_or(0, |(number, _)| *number) + 1;
        latest.insert(one.slug, (number, one.policy));
    }
    Ok(latest)
}

/// The policies as last published.
pub(crate) fn current(db: &mut Db) -> Result<BTreeMap<Slug, MaintenancePolicy>, RegistryError> {
    let latest = latest(db)?;
    Ok(latest.into_iter().filter_map(|(slug, (_, policy))| Some((slug, policy?))).collect())
}

/// Keeps what is new, and names it. Refuses to change what is in force already. The awards
/// that are concerned are looked at again.
pub(crate) fn publish(
    db: &mut Db,
    entries: &BTreeMap<Slug, MaintenancePolicy>,
    now: DateTime<Utc>,
    change: &mut CatalogueChange,
) -> Result<Vec<String>, RegistryError> {
    let mut known = latest(db)?;
    let mut new = Vec::new();
    let mut concerned: BTreeSet<Slug> = BTreeSet::new();
    for (slug, entry) in entries {
        let number = match known.remove(slug) {
            Some((_, Some(before))) if before == *entry => {
                change.unchanged += 1;
                continue;
            }
            Some((number, Some(before))) => {
                if let Some((from, why)) = before.refuses(entry, now.date_naive()) {
                    return Err(RegistryError::PublishedPolicyChanged { slug: slug.to_string(), from, why });
                }
                concerned.extend(before.achievements);
                change.revised += 1;
                number + 1
            }
            gone => {
                change.added += 1;
                gone.map_or(1, |(number, _)| number + 1)
            }
        };
        let body = serde_json::to_string(entry)
            .map_err(|error| RegistryError::corrupt(TABLE, slug.as_str(), error))?;
        new.push(insert(db, slug, number, Some(body), now)?);
        concerned.extend(entry.achievements.iter().cloned());
    }
    for (slug, (number, policy)) in known {
        let Some(before) = policy else { continue };
        new.push(insert(db, &slug, number + 1, None, now)?);
        concerned.extend(before.achievements);
        change.revised += 1;
    }
    if !concerned.is_empty() {
        let concerned: Vec<&str> = concerned.iter().map(Slug::as_str).collect();
        diesel::update(maintained_awards::table.filter(maintained_awards::achievement.eq_any(concerned)))
            .set((
                maintained_awards::wake_at.eq(stored(now)),
                maintained_awards::changes.eq(maintained_awards::changes + 1),
            ))
            .execute(db)?;
    }
    Ok(new)
}

fn insert(
    db: &mut Db,
    slug: &Slug,
    number: i32,
    body: Option<String>,
    now: DateTime<Utc>,
) -> Result<String, RegistryError> {
    diesel::insert_into(maintenance_policies::table)
        .values((
            maintenance_policies::slug.eq(slug.as_str()),
            maintenance_policies::number.eq(number),
            maintenance_policies::body.eq(body),
            maintenance_policies::published_at.eq(stored(now)),
        ))
        .execute(db)?;
    Ok(log::version_of(slug.as_str(), &number.to_string()))
}
