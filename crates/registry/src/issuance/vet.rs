//! Rows that name what is not published are refused before the transaction, so
//! that no foreign key can fail in it.

use std::collections::BTreeSet;

use diesel::prelude::*;
use model::field::FieldError;

use super::intake::{Intake, Source};
use crate::{
    Registry, RegistryError,
    schema::{achievements, organisations, programmes},
};

impl Registry {
    /// For every row, what it names that is not published.
    pub(super) fn vet(&self, rows: &[Intake<'_>]) -> Result<Vec<Vec<FieldError>>, RegistryError> {
        let all: BTreeSet<String> =
            rows.iter().flat_map(|row| names(row).into_iter().map(|n| n.key)).collect();
        let unseen: Vec<&String> = {
            let seen = self.published();
            all.iter().filter(|key| !seen.contains(*key)).collect()
        };
        if !unseen.is_empty() {
            let found = self.read(|db| {
                let organisations: Vec<String> = organisations::table.select(organisations::slug).load(db)?;
                let programmes: Vec<String> = programmes::table.select(programmes::slug).load(db)?;
                let achievements: Vec<(String, String)> =
                    achievements::table.select((achievements::slug, achievements::version)).load(db)?;
                let organisations = organisations.iter().map(|slug| organisation_key(slug));
                let programmes = programmes.iter().map(|slug| programme_key(slug));
                let achievements = achievements.iter().map(|(slug, version)| achievement_key(slug, version));
                Ok(organisations.chain(programmes).chain(achievements).collect::<Vec<_>>())
            })?;
            self.published().extend(found);
        }
        let seen = self.published();
        let unknown =
            |row| names(row).into_iter().filter(|name| !seen.contains(&name.key)).map(|name| name.fault);
        Ok(rows.iter().map(|row| unknown(row).collect()).collect())
    }
}

/// Something published that a row names, and what to say if it is not.
struct Name {
    key: String,
    fault: FieldError,
}

fn names(row: &Intake<'_>) -> Vec<Name> {
    let organisation = |slug: &str, what: &str| Name {
        key: organisation_key(slug),
        fault: FieldError::new(
            "",
            "unknown-organisation",
            format!("the {what} `{slug}` is not in the catalogue"),
            "an organisation of the catalogue",
        ),
    };
    // A row that earns nothing is not written.
    let Ok(grant) = &row.grant else { return Vec::new() };
    let achievement = row.completion.achievement.as_str();
    let mut names = vec![
        organisation(row.provider.as_str(), "provider"),
        organisation(grant.issuer.as_str(), "issuer"),
        Name {
            key: achievement_key(achievement, &grant.achievement_version),
            fault: FieldError::new(
                "/achievement",
                "unknown-achievement",
                format!("`{achievement}` version `{}` is not in the catalogue", grant.achievement_version),
                "an achievement of the catalogue",
            ),
        },
    ];
    if let Source::Programme { programme, .. } = &row.source {
        let programme = &programme.slug;
        names.push(Name {
            key: programme_key(programme.as_str()),
            fault: FieldError::new(
                "",
                "unknown-programme",
                format!("the programme `{programme}` is not in the catalogue"),
                "a programme of the catalogue",
            ),
        });
    }
    names
}

fn organisation_key(slug: &str) -> String {
    format!("organisation {slug}")
}

fn programme_key(slug: &str) -> String {
    format!("programme {slug}")
}

fn achievement_key(slug: &str, version: &str) -> String {
    format!("achievement {slug} {version}")
}
