//! `POST /v1/learners/{id}/hosts/{host}/import`: a learner's badges from another host.

use actix_web::{HttpResponse, web};
use registry::Upserted;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::{Kept, is_over, may_act};
use crate::{
    auth::caller::Caller,
    hosts::Found,
    problem::Problem,
    routes::ob_service::{
        scope,
        upsert::{Refused, bring},
    },
    state::AppState,
};

/// What became of the badges at a host.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct Imported {
    /// How many there are.
    pub found: usize,
    /// How many are new here.
    pub created: usize,
    /// How many took the place of an earlier one, or were here already.
    pub replaced: usize,
    /// How many gave way to a later one that is here.
    pub older: usize,
    /// Those that were not taken.
    pub refused: Vec<NotTaken>,
    /// What the learner says of themselves there, as it is; nothing of it is kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub profile: Option<Value>,
}

/// A badge that was not taken.
#[derive(Debug, Serialize, ToSchema)]
pub struct NotTaken {
    /// Its place among those that were found, from 1.
    pub place: usize,
    /// What it calls itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Why.
    pub why: String,
}

/// Bring a learner's badges from another host
///
/// Reads all of them, page by page, verifies each and puts it into the learner's passport, as
/// if the host had brought it: what is invalid is not taken, and nothing counts by itself. A
/// second time it changes what has changed.
#[utoipa::path(
    post,
    path = "/v1/learners/{id}/hosts/{host}/import",
    operation_id = "importFromHost",
    tag = "Learners",
    params(
        ("id" = String, Path, description = "The learner's UUID"),
        ("host" = String, Path, description = "The host's UUID here"),
    ),
    responses(
        (status = 200, description = "What became of each", body = Imported),
        (status = 404, description = "No such learner, or no such host to which they gave leave"),
        (status = 409, description = "The host takes its tokens no longer: connect it again"),
        (status = 410, description = "The learner was erased"),
        (status = 502, description = "The host does not answer, or not as it must"),
    ),
    security(("oauth2" = ["learners:connect"]), ("apiKey" = [])),
)]
pub async fn import(
    caller: Caller,
    state: web::Data<AppState>,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Problem> {
    may_act(&caller)?;
    let mut kept = Kept::connected(&state, &path).await?;
    let mut access = kept.access(&state).await?;
    let mut asked = kept.host.credentials(&state.client, &access).await;
    if is_over(&asked) {
        access = kept.renewed(&state).await?;
        asked = kept.host.credentials(&state.client, &access).await;
    }
    let found = asked?;
    let mut imported = Imported { found: found.len(), ..Imported::default() };
    if kept.host.scopes.iter().any(|scope| scope == scope::PROFILE_READ) {
        // Without it the badges are there all the same.
        imported.profile = kept.host.profile(&state.client, &access).await.ok();
    }
    for (place, one) in found.into_iter().enumerate() {
        let (text, is_token) = match one {
            Found::Json(text) => (text, false),
            Found::Token(text) => (text, true),
        };
        match bring(&state, kept.record.learner, &text, is_token).await? {
            Ok(Upserted::Created) => imported.created += 1,
            Ok(Upserted::Replaced) => imported.replaced += 1,
            Ok(Upserted::Older) => imported.older += 1,
            Err(Refused { id, why }) => imported.refused.push(NotTaken { place: place + 1, id, why }),
        }
    }
    Ok(HttpResponse::Ok().insert_header(("cache-control", "no-store")).json(imported))
}
