//! `GET /v1/learners/{id}/consents`: what a learner lets other systems do.

use actix_web::{HttpResponse, web};
use registry::Registry;
use serde::Serialize;
use utoipa::ToSchema;

use super::{super::of_learner, ConsentItem, may_act};
use crate::{auth::caller::Caller, problem::Problem, state::AppState};

/// A learner's consents.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConsentsList {
    /// The latest first; those that are over or were withdrawn too.
    pub consents: Vec<ConsentItem>,
}

/// See a learner's consents
#[utoipa::path(
    get,
    path = "/v1/learners/{id}/consents",
    operation_id = "listConsents",
    tag = "Learners",
    params(("id" = String, Path, description = "The learner's UUID")),
    responses(
        (status = 200, description = "The consents", body = ConsentsList),
        (status = 404, description = "No such learner"),
        (status = 410, description = "The learner was erased"),
    ),
    security(("oauth2" = ["learners:connect"]), ("apiKey" = [])),
)]
pub async fn list(
    caller: Caller,
    state: web::Data<AppState>,
    path: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    may_act(&caller)?;
    let found = of_learner(&state, &path, Registry::consents).await?;
    let consents = found.into_iter().map(ConsentItem::from).collect();
    Ok(HttpResponse::Ok().insert_header(("cache-control", "no-store")).json(ConsentsList { consents }))
}
