//! The register of accreditations as everybody sees it.

use chrono::NaiveDate;
use model::{
    catalogue::{AccreditationVersion, Catalogue},
    id::Slug,
    site::Site,
};
use serde::Serialize;
use utoipa::ToSchema;

/// Accreditations.
#[derive(Debug, Serialize, ToSchema)]
pub struct AccreditationsAnswer {
    /// By provider, achievement and first day.
    pub accreditations: Vec<AccreditationAnswer>,
}

/// Permission for a provider to award an achievement between two days.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AccreditationAnswer {
    /// Who may award.
    pub provider: NamedAnswer,
    /// What.
    pub achievement: NamedAnswer,
    /// Who gave the permission.
    pub accredited_by: NamedAnswer,
    /// Its first day.
    #[schema(format = Date)]
    pub from: String,
    /// Its last day; absent while it lasts until further notice.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = Date)]
    pub until: Option<String>,
    /// `in-force`, `to-come`, `ended`, or `withdrawn` before its end.
    pub state: &'static str,
    /// Where it stands as a signed credential.
    #[schema(format = "uri")]
    pub credential: String,
    /// Since when it is withdrawn.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = Date)]
    pub withdrawn_on: Option<String>,
}

/// Something of the catalogue.
#[derive(Debug, Serialize, ToSchema)]
pub struct NamedAnswer {
    /// Its address.
    #[schema(format = "uri")]
    pub id: String,
    /// Its short name.
    pub slug: String,
    /// Its name, for people.
    pub name: String,
}

impl AccreditationAnswer {
    /// What is told of an accreditation as it stands.
    pub fn of(site: &Site, catalogue: &Catalogue, version: &AccreditationVersion, today: NaiveDate) -> Self {
        let accreditation = &version.accreditation;
        let is_over = accreditation.until.is_some_and(|last| last < today);
        let state = match version.stands {
            false => "withdrawn",
            true if is_over => "ended",
            true if accreditation.from > today => "to-come",
            true => "in-force",
        };
        let achievement = catalogue.achievements.get(&accreditation.achievement);
        Self {
            provider: NamedAnswer::organisation(site, catalogue, &accreditation.provider),
            achievement: NamedAnswer {
                // One that has left the catalogue is still named by its short name.
                id: achievement.map_or_else(
                    || site.url(&format!("/achievements/{}", accreditation.achievement)),
                    |known| site.achievement(&known.slug, &known.version),
                ),
                slug: accreditation.achievement.to_string(),
                name: achievement
                    .map_or_else(|| accreditation.achievement.to_string(), |known| known.name.clone()),
            },
            accredited_by: NamedAnswer::organisation(site, catalogue, &accreditation.accredited_by),
            from: accreditation.from.to_string(),
            until: accreditation.until.map(|last| last.to_string()),
            state,
            credential: site.accreditation(accreditation),
            withdrawn_on: (!version.stands).then(|| version.recorded.date_naive().to_string()),
        }
    }
}

impl NamedAnswer {
    /// An organisation by its name in the catalogue, by its short name if it has left it.
    pub fn organisation(site: &Site, catalogue: &Catalogue, slug: &Slug) -> Self {
        let known = catalogue.organisations.get(slug);
        Self {
            id: site.issuer(slug),
            slug: slug.to_string(),
            name: known.map_or_else(|| slug.to_string(), |known| known.name.clone()),
        }
    }
}
