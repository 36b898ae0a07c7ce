//! The catalogue as published.
//!
//! What leaves the catalogue stays in the database, no longer current: awards
//! made under it still name it.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use diesel::{connection::SimpleConnection, prelude::*};
use model::{
    catalogue::{Accreditation, AchievementDefinition, Catalogue, Programme},
    id::Slug,
};
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    LogEntryKind, Registry, RegistryError, accreditation,
    db::{Db, stored},
    error::{parsed, parsed_json},
    log, maintenance,
    schema::{
        AchievementRow, accreditations, achievements, catalogue_state, core_skills, cpd_schemes,
        job_families, organisations, programme_versions, programmes, requirement_sets,
    },
};

/// What loading a catalogue changed, counted over all its parts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CatalogueChange {
    /// Entries that were not there, new achievement versions among them.
    pub added: usize,
    /// Entries whose content changed, or that are no longer in the catalogue.
    pub revised: usize,
    /// Entries that stayed as they were.
    pub unchanged: usize,
}

impl Registry {
    /// Publishes `catalogue` in place of what was published before, in one
    /// transaction. A published version of an achievement or a programme never changes:
    /// other content under it is refused ([`RegistryError::PublishedVersionChanged`],
    /// [`RegistryError::PublishedProgrammeChanged`]); only an achievement's last day
    /// (`withdrawn_on`) may be set. Nor do a maintenance policy's rules change once they
    /// are in force ([`RegistryError::PublishedPolicyChanged`]).
    pub fn load_catalogue(
        &self,
        catalogue: &Catalogue,
        now: DateTime<Utc>,
    ) -> Result<CatalogueChange, RegistryError> {
        self.write(|db| {
            if let Db::Postgres(connection) = db {
                // One load at a time; readers are not held up.
                connection.batch_execute("LOCK TABLE catalogue_state IN SHARE ROW EXCLUSIVE MODE")?;
            }
            let mut change = CatalogueChange::default();
            let organise = |db: &mut Db| load_organisations(db, &catalogue.organisations, &mut change);
            log::succeeded(db, self.digests(), organise)?.store(db, stored(now))?;
            load_achievements(db, &catalogue.achievements, now, &mut change)?;
            load_programmes(db, &catalogue.programmes, &mut change)?;
            let published = publish_programmes(db, &catalogue.programmes, now)?;
            let published: Vec<&str> = published.iter().map(String::as_str).collect();
            log::tell(db, self.digests(), LogEntryKind::Programme, &published, stored(now))?;
            load_requirements(db, &catalogue.requirements, &mut change)?;
            let accredit = |db: &mut Db| {
                load_accreditations(db, &catalogue.accreditations, &mut change)?;
                accreditation::keep(db, now)
            };
            log::accredited(db, self.digests(), accredit)?.store(db, stored(now))?;
            load_job_families(db, &catalogue.job_families, &mut change)?;
            load_core_skills(db, &catalogue.core_skills, &mut change)?;
            load_schemes(db, &catalogue.cpd_schemes, &mut change)?;
            let published = maintenance::publish(db, &catalogue.maintenance, now, &mut change)?;
            let published: Vec<&str> = published.iter().map(String::as_str).collect();
            log::tell(db, self.digests(), LogEntryKind::Policy, &published, stored(now))?;
            if change.added + change.revised > 0 {
                diesel::update(catalogue_state::table)
                    .set(catalogue_state::revision.eq(catalogue_state::revision + 1))
                    .execute(db)?;
            }
            Ok(change)
        })
    }

    /// The catalogue as last published.
    pub fn catalogue(&self) -> Result<Catalogue, RegistryError> {
        self.snapshot(|db| {
            let achievements: Vec<AchievementRow> = achievements::table
                .filter(achievements::current.eq(true))
                .select(AchievementRow::as_select())
                .load(db)?;
            let achievements = achievements.iter().map(definition);
            Ok(Catalogue {
                organisations: current_organisations(db)?,
                achievements: achievements
                    .map(|read| read.map(|definition| (definition.slug.clone(), definition)))
                    .collect::<Result<_, _>>()?,
                programmes: current_programmes(db)?,
                requirements: current_requirements(db)?,
                accreditations: current_accreditations(db)?,
                job_families: current_job_families(db)?,
                core_skills: current_core_skills(db)?,
                cpd_schemes: current_schemes(db)?,
                maintenance: maintenance::current(db)?,
            })
        })
    }

    /// Grows with every load that changed something; 0 before the first.
    pub fn catalogue_revision(&self) -> Result<i64, RegistryError> {
        self.read(|db| Ok(catalogue_state::table.select(catalogue_state::revision).first(db)?))
    }

    /// Every version of every programme that was ever published, and when.
    pub fn programme_versions(&self) -> Result<Vec<(Programme, DateTime<Utc>)>, RegistryError> {
        self.read(|db| {
            let rows: Vec<(String, String, NaiveDateTime)> = programme_versions::table
                .order((programme_versions::slug, programme_versions::published_at))
                .select((
                    programme_versions::slug,
                    programme_versions::body,
                    programme_versions::published_at,
                ))
                .load(db)?;
            rows.into_iter()
                .map(|(slug, body, at)| Ok((parsed_json("programme_versions", &slug, &body)?, at.and_utc())))
                .collect()
        })
    }

    /// Every version of an achievement that was ever published.
    pub fn achievement_versions(&self, slug: &Slug) -> Result<Vec<String>, RegistryError> {
        self.read(|db| {
            Ok(achievements::table
                .filter(achievements::slug.eq(slug.as_str()))
                .order(achievements::version)
                .select(achievements::version)
                .load(db)?)
        })
    }

    /// An achievement in one version, current or not.
    pub fn achievement_version(
        &self,
        slug: &Slug,
        version: &str,
    ) -> Result<Option<AchievementDefinition>, RegistryError> {
        self.read(|db| {
            achievements::table
                .find((slug.as_str(), version))
                .select(AchievementRow::as_select())
                .first(db)
                .optional()?
                .as_ref()
                .map(definition)
                .transpose()
        })
    }
}

/// Reading and replacing the entries of a table that holds (slug, body, current).
macro_rules! entries {
    ($load:ident, $current:ident, $table:ident, $name:literal, $entry:ty) => {
        fn $load(
            db: &mut Db,
            entries: &BTreeMap<Slug, $entry>,
            change: &mut CatalogueChange,
        ) -> Result<(), RegistryError> {
            let known: Vec<(String, String, bool)> =
                $table::table.select(($table::slug, $table::body, $table::current)).load(db)?;
            let mut known: BTreeMap<String, (String, bool)> =
                known.into_iter().map(|(slug, body, current)| (slug, (body, current))).collect();
            for (slug, entry) in entries {
                match known.remove(slug.as_str()) {
                    None => {
                        let row = (
                            $table::slug.eq(slug.as_str()),
                            $table::body.eq(json($name, slug, entry)?),
                            $table::current.eq(true),
                        );
                        diesel::insert_into($table::table).values(row).execute(db)?;
                        change.added += 1;
                    }
                    Some((body, true)) if parsed_json::<$entry>($name, slug.as_str(), &body)? == *entry => {
                        change.unchanged += 1;
                    }
                    Some(_) => {
                        diesel::update($table::table.find(slug.as_str()))
                            .set(($table::body.eq(json($name, slug, entry)?), $table::current.eq(true)))
                            .execute(db)?;
                        change.revised += 1;
                    }
                }
            }
            for (slug, (_, current)) in known {
                if current {
                    diesel::update($table::table.find(slug)).set($table::current.eq(false)).execute(db)?;
                    change.revised += 1;
                }
            }
            Ok(())
        }

        fn $current(db: &mut Db) -> Result<BTreeMap<Slug, $entry>, RegistryError> {
            let rows: Vec<(String, String)> = $table::table
                .filter($table::current.eq(true))
                .select(($table::slug, $table::body))
                .load(db)?;
            rows.into_iter().map(|(slug, body)| entry($name, &slug, &body)).collect()
        }
    };
}

entries!(
    load_organisations,
    current_organisations,
    organisations,
    "organisations",
    model::catalogue::Organisation
);
entries!(load_programmes, current_programmes, programmes, "programmes", Programme);
entries!(
    load_requirements,
    current_requirements,
    requirement_sets,
    "requirement_sets",
    model::programme::RequirementSet
);
entries!(load_schemes, current_schemes, cpd_schemes, "cpd_schemes", model::cpd::scheme::Scheme);
entries!(load_job_families, current_job_families, job_families, "job_families", model::catalogue::JobFamily);
entries!(load_core_skills, current_core_skills, core_skills, "core_skills", model::catalogue::CoreSkill);

fn entry<T: DeserializeOwned>(
    table: &'static str,
    slug: &str,
    body: &str,
) -> Result<(Slug, T), RegistryError> {
    Ok((parsed(table, slug, slug)?, parsed_json(table, slug, body)?))
}

fn json<T: Serialize>(table: &'static str, slug: &Slug, entry: &T) -> Result<String, RegistryError> {
    serde_json::to_string(entry).map_err(|error| RegistryError::corrupt(table, slug.as_str(), error))
}

/// Keeps the versions that are new, and names them; refuses other content under one that is
/// not.
fn publish_programmes(
    db: &mut Db,
    entries: &BTreeMap<Slug, Programme>,
    now: DateTime<Utc>,
) -> Result<Vec<String>, RegistryError> {
    let mut new = Vec::new();
    for (slug, entry) in entries {
        let published: Option<String> = programme_versions::table
            .find((slug.as_str(), &entry.version))
            .select(programme_versions::body)
            .first(db)
            .optional()?;
        let Some(published) = published else {
            let row = (
                programme_versions::slug.eq(slug.as_str()),
                programme_versions::version.eq(&entry.version),
                programme_versions::body.eq(json("programme_versions", slug, entry)?),
                programme_versions::published_at.eq(stored(now)),
            );
            diesel::insert_into(programme_versions::table).values(row).execute(db)?;
            new.push(log::version_of(slug.as_str(), &entry.version));
            continue;
        };
        let published: Programme = parsed_json("programme_versions", slug.as_str(), &published)?;
        if published != *entry {
            return Err(RegistryError::PublishedProgrammeChanged {
                slug: slug.to_string(),
                version: entry.version.clone(),
                differing: crate::difference::members(&published, entry).join(", "),
            });
        }
    }
    Ok(new)
}

fn load_achievements(
    db: &mut Db,
    entries: &BTreeMap<Slug, AchievementDefinition>,
    now: DateTime<Utc>,
    change: &mut CatalogueChange,
) -> Result<(), RegistryError> {
    let rows: Vec<AchievementRow> =
        achievements::table.select(AchievementRow::as_select()).order(achievements::slug).load(db)?;
    for row in rows.iter().filter(|row| row.current) {
        let stays = entries.values().any(|entry| is_in(entry, row));
        if !stays {
            set_current(db, row, row.withdrawn_on, false)?;
            // A version that makes room for another is counted with that other.
            let replaced = entries.keys().any(|slug| slug.as_str() == row.slug);
            change.revised += usize::from(!replaced);
        }
    }
    for (slug, entry) in entries {
        let Some(row) = rows.iter().find(|row| is_in(entry, row)) else {
            let body = json("achievements", slug, &undated(entry))?;
            let row = AchievementRow {
                slug: slug.to_string(),
                version: entry.version.clone(),
                body,
                withdrawn_on: entry.withdrawn_on,
                current: true,
                published_at: stored(now),
            };
            diesel::insert_into(achievements::table).values(row).execute(db)?;
            change.added += 1;
            continue;
        };
        let published: AchievementDefinition = parsed_json("achievements", &row.slug, &row.body)?;
        refuse_change(&published, &undated(entry))?;
        if row.current && row.withdrawn_on == entry.withdrawn_on {
            change.unchanged += 1;
        } else {
            set_current(db, row, entry.withdrawn_on, true)?;
            change.revised += 1;
        }
    }
    Ok(())
}

fn is_in(entry: &AchievementDefinition, row: &AchievementRow) -> bool {
    entry.slug.as_str() == row.slug && entry.version == row.version
}

fn set_current(
    db: &mut Db,
    row: &AchievementRow,
    withdrawn_on: Option<NaiveDate>,
    current: bool,
) -> Result<(), RegistryError> {
    diesel::update(achievements::table.find((&row.slug, &row.version)))
        .set((achievements::withdrawn_on.eq(withdrawn_on), achievements::current.eq(current)))
        .execute(db)?;
    Ok(())
}

/// The part of a definition that never changes: withdrawing an achievement says
/// nothing about the badges that were earned.
fn undated(entry: &AchievementDefinition) -> AchievementDefinition {
    AchievementDefinition { withdrawn_on: None, ..entry.clone() }
}

fn definition(row: &AchievementRow) -> Result<AchievementDefinition, RegistryError> {
    let body: AchievementDefinition = parsed_json("achievements", &row.slug, &row.body)?;
    Ok(AchievementDefinition { withdrawn_on: row.withdrawn_on, ..body })
}

fn refuse_change(
    published: &AchievementDefinition,
    wanted: &AchievementDefinition,
) -> Result<(), RegistryError> {
    if published == wanted {
        return Ok(());
    }
    Err(RegistryError::PublishedVersionChanged {
        slug: wanted.slug.to_string(),
        version: wanted.version.clone(),
        differing: crate::difference::members(published, wanted).join(", "),
    })
}

/// The columns of an accreditation besides `current`, in the order of the table.
type AccreditationColumns = (String, String, NaiveDate, Option<NaiveDate>, String, i32);

fn load_accreditations(
    db: &mut Db,
    entries: &[Accreditation],
    change: &mut CatalogueChange,
) -> Result<(), RegistryError> {
    let before = current_accreditations(db)?;
    diesel::update(accreditations::table).set(accreditations::current.eq(false)).execute(db)?;
    for (place, entry) in entries.iter().enumerate() {
        let place = i32::try_from(place).unwrap_or(i32::MAX);
        let values = (
            accreditations::valid_until.eq(entry.until),
            accreditations::place.eq(place),
            accreditations::current.eq(true),
        );
        let key =
            (entry.provider.as_str(), entry.achievement.as_str(), entry.from, entry.accredited_by.as_str());
        let there = diesel::update(accreditations::table.find(key)).set(values).execute(db)?;
        if there == 0 {
            let columns = (
                accreditations::provider.eq(key.0),
                accreditations::achievement.eq(key.1),
                accreditations::valid_from.eq(key.2),
                accreditations::accredited_by.eq(key.3),
            );
            diesel::insert_into(accreditations::table).values((columns, values)).execute(db)?;
            change.added += 1;
        } else if before.contains(entry) {
            change.unchanged += 1;
        } else {
            change.revised += 1;
        }
    }
    let same_permission = |a: &Accreditation, b: &Accreditation| {
        a.provider == b.provider
            && a.achievement == b.achievement
            && a.from == b.from
            && a.accredited_by == b.accredited_by
    };
    change.revised +=
        before.iter().filter(|old| !entries.iter().any(|entry| same_permission(entry, old))).count();
    Ok(())
}

fn current_accreditations(db: &mut Db) -> Result<Vec<Accreditation>, RegistryError> {
    let rows: Vec<AccreditationColumns> = accreditations::table
        .filter(accreditations::current.eq(true))
        .order(accreditations::place)
        .select((
            accreditations::provider,
            accreditations::achievement,
            accreditations::valid_from,
            accreditations::valid_until,
            accreditations::accredited_by,
            accreditations::place,
        ))
        .load(db)?;
    let read = |(provider, achievement, from, until, accredited_by, _): AccreditationColumns| {
        Ok(Accreditation {
            provider: parsed("accreditations", &provider, &provider)?,
            achievement: parsed("accreditations", &provider, &achievement)?,
            from,
            until,
            accredited_by: parsed("accreditations", &provider, &accredited_by)?,
        })
    };
    rows.into_iter().map(read).collect()
}
