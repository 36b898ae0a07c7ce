//! `GET /healthz`: does the process answer?

use actix_web::{HttpResponse, http::header::CACHE_CONTROL};
use serde_json::json;

/// Is the process alive?
///
/// Asks nothing else: a database that does not answer is no reason to restart.
#[utoipa::path(
    get,
    path = "/healthz",
    tag = "Operations",
    responses((status = 200, description = "It is", body = serde_json::Value)),
)]
pub async fn health() -> HttpResponse {
    HttpResponse::Ok().insert_header((CACHE_CONTROL, "no-store")).json(json!({ "status": "ok" }))
}
