//! `GET /log/checkpoint`: what the log says of itself.

use actix_web::{HttpRequest, HttpResponse, web};

use super::NOTE;
use crate::{
    blocking,
    caching::{Keep, answer},
    problem::Problem,
    state::AppState,
};

/// The log's last checkpoint
///
/// Name, size and root of the log, signed by its key (C2SP tlog-checkpoint), with the
/// signatures of witnesses that have come in for it. The log grows about once a second.
#[utoipa::path(
    get,
    path = "/log/checkpoint",
    operation_id = "getLatestLogCheckpoint",
    tag = "Log",
    responses(
        (status = 200, description = "The checkpoint", body = String, content_type = "text/plain"),
        (status = 404, description = "The log has no entry yet"),
    ),
)]
pub async fn get(request: HttpRequest, state: web::Data<AppState>) -> Result<HttpResponse, Problem> {
    let note = blocking::run(&state, |state| Ok(state.service.log_checkpoint(None)?)).await?;
    let note = note.ok_or_else(|| Problem::not_found("checkpoint"))?;
    Ok(answer(&request, NOTE, note.to_string(), Keep::Moments))
}
