//! `GET /v1/log/checkpoints` and `/v1/log/checkpoints/{size}`: everything the log
//! ever said of itself.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

use super::NOTE;
use crate::{
    blocking,
    caching::{Keep, answer},
    problem::Problem,
    state::AppState,
    wire::log::{CheckpointDocument, CheckpointList},
};

/// The most checkpoints of a page.
const MOST: u32 = 500;

/// The query.
#[derive(Debug, Deserialize)]
pub struct Query {
    #[serde(default)]
    after: u64,
    limit: Option<u32>,
}

/// Checkpoints of the log
///
/// In the order of their sizes. For the next page ask for those `after` the last size.
#[utoipa::path(
    get,
    path = "/v1/log/checkpoints",
    operation_id = "listLogCheckpoints",
    tag = "Log",
    params(
        ("after" = Option<u64>, Query, description = "Only those of more entries"),
        ("limit" = Option<u32>, Query, description = "At most so many, up to 500; 100 if it is not given"),
    ),
    responses((status = 200, description = "The checkpoints", body = CheckpointList)),
)]
pub async fn list(
    request: HttpRequest,
    state: web::Data<AppState>,
    query: web::Query<Query>,
) -> Result<HttpResponse, Problem> {
    let Query { after, limit } = query.into_inner();
    let limit = limit.unwrap_or(100).min(MOST);
    let found = blocking::run(&state, move |state| Ok(state.service.log_checkpoints(after, limit)?)).await?;
    let checkpoints = found.iter().map(|(stored, note)| CheckpointDocument::new(stored, note)).collect();
    let body = serde_json::to_string(&CheckpointList { checkpoints });
    let body = body.map_err(|error| Problem::internal(&error))?;
    Ok(answer(&request, "application/json", body, Keep::Moments))
}

/// A checkpoint of the log
///
/// As it was signed, with what witnesses have said of it since.
#[utoipa::path(
    get,
    path = "/v1/log/checkpoints/{size}",
    operation_id = "getLogCheckpoint",
    tag = "Log",
    params(("size" = u64, Path, description = "How many entries the log had")),
    responses(
        (status = 200, description = "The checkpoint", body = String, content_type = "text/plain"),
        (status = 404, description = "No checkpoint is of that size"),
    ),
)]
pub async fn one(
    request: HttpRequest,
    state: web::Data<AppState>,
    path: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let size: u64 = super::super::segment(&path, "checkpoint")?;
    let note = blocking::run(&state, move |state| Ok(state.service.log_checkpoint(Some(size))?)).await?;
    let note = note.ok_or_else(|| Problem::not_found("checkpoint"))?;
    Ok(answer(&request, NOTE, note.to_string(), Keep::AskFirst))
}
