//! `GET /v1/endorsements`: who endorses what.

use actix_web::{HttpRequest, HttpResponse, web};
use model::{endorsement::Endorsed, id::Slug};
use serde::Deserialize;

use crate::{
    blocking,
    caching::{Keep, answer},
    problem::Problem,
    state::AppState,
    wire::endorsement::{EndorsementAnswer, EndorsementsAnswer},
};

/// The query.
#[derive(Debug, Deserialize)]
pub struct Query {
    by: Option<Slug>,
    achievement: Option<Slug>,
    organisation: Option<Slug>,
}

/// Endorsements
///
/// Those that stand at this moment: begun, not ended, not withdrawn.
#[utoipa::path(
    get,
    path = "/v1/endorsements",
    operation_id = "listEndorsements",
    tag = "Catalogue",
    params(
        ("by" = Option<String>, Query, description = "Only those by this body"),
        ("achievement" = Option<String>, Query, description = "Only those of this achievement, in any version"),
        ("organisation" = Option<String>, Query, description = "Only those of this organisation"),
    ),
    responses((status = 200, description = "The endorsements", body = EndorsementsAnswer)),
)]
pub async fn list(
    request: HttpRequest,
    state: web::Data<AppState>,
    query: web::Query<Query>,
) -> Result<HttpResponse, Problem> {
    let Query { by, achievement, organisation } = query.into_inner();
    let told = blocking::run(&state, move |state| {
        let catalogue = state.service.catalogue()?;
        let found = state.service.standing_endorsements(|one| {
            let (of_achievement, of_organisation) = match &one.endorsed {
                Endorsed::Achievement { slug, .. } => (Some(slug), None),
                Endorsed::Organisation(slug) => (None, Some(slug)),
            };
            by.as_ref().is_none_or(|by| one.by == *by)
                && achievement.as_ref().is_none_or(|wanted| of_achievement == Some(wanted))
                && organisation.as_ref().is_none_or(|wanted| of_organisation == Some(wanted))
        })?;
        let told = found.iter().map(|one| EndorsementAnswer::of(&state.site, &catalogue, one));
        Ok(EndorsementsAnswer { endorsements: told.collect() })
    })
    .await?;
    let body = serde_json::to_vec(&told).map_err(|error| Problem::internal(&error))?;
    Ok(answer(&request, "application/json", body, Keep::AskFirst))
}
