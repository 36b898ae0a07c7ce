//! `GET /v1/accreditations`: who may award what, and when.

use actix_web::{HttpRequest, HttpResponse, web};
use chrono::NaiveDate;
use model::id::Slug;
use serde::Deserialize;

use crate::{
    blocking,
    caching::{Keep, answer},
    problem::Problem,
    state::AppState,
    wire::accreditation::{AccreditationAnswer, AccreditationsAnswer},
};

/// The query.
#[derive(Debug, Deserialize)]
pub struct Query {
    provider: Option<String>,
    achievement: Option<String>,
    on: Option<String>,
}

/// The register of accreditations
///
/// Who accredited which provider for which achievement, from when to when; those that have
/// ended or were withdrawn too, so that an old badge can be judged by what held then. Ask for
/// a provider, an achievement, or both.
#[utoipa::path(
    get,
    path = "/v1/accreditations",
    operation_id = "listAccreditations",
    tag = "Catalogue",
    params(
        ("provider" = Option<String>, Query, description = "The provider's short name"),
        ("achievement" = Option<String>, Query, description = "The achievement's short name"),
        ("on" = Option<String>, Query, description = "Only those that cover this day"),
    ),
    responses(
        (status = 200, description = "The accreditations", body = AccreditationsAnswer),
        (status = 400, description = "Neither a provider nor an achievement is named, or the day is no date"),
    ),
)]
pub async fn list(
    request: HttpRequest,
    state: web::Data<AppState>,
    query: web::Query<Query>,
) -> Result<HttpResponse, Problem> {
    let slug = |text: &Option<String>, name: &str| -> Result<Option<Slug>, Problem> {
        let read = text.as_deref().map(str::parse).transpose();
        read.map_err(|_| Problem::malformed(format!("`{name}` must be a short name.")))
    };
    let provider = slug(&query.provider, "provider")?;
    let achievement = slug(&query.achievement, "achievement")?;
    if provider.is_none() && achievement.is_none() {
        return Err(Problem::malformed("Name a `provider`, an `achievement`, or both."));
    }
    let on: Option<NaiveDate> = query
        .on
        .as_deref()
        .map(str::parse)
        .transpose()
        .map_err(|_| Problem::malformed("`on` must be a date such as 2026-03-01."))?;
    let accreditations = blocking::run(&state, move |state| {
        let catalogue = state.service.catalogue()?;
        let today = state.clock.now().date_naive();
        let found = state.service.accreditations(provider.as_ref(), achievement.as_ref())?;
        let covering = found.iter().filter(|one| on.is_none_or(|day| one.accreditation.covers(day)));
        let told = covering.map(|one| AccreditationAnswer::of(&state.site, &catalogue, one, today));
        Ok(AccreditationsAnswer { accreditations: told.collect() })
    })
    .await?;
    let body = serde_json::to_vec(&accreditations).map_err(|error| Problem::internal(&error))?;
    Ok(answer(&request, "application/json", body, Keep::Briefly))
}
