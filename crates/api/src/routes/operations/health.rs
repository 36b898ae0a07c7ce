//! `GET /healthz`: does the process answer?

use actix_web::{HttpResponse, http::header::CACHE_CONTROL};
use serde::Serialize;
use utoipa::ToSchema;

/// That the process is alive.
#[derive(Debug, Serialize, ToSchema)]
pub struct HealthAnswer {
    /// `ok`.
    pub status: &'static str,
}

/// Is the process alive?
///
/// Asks nothing else: a database that does not answer is no reason to restart.
#[utoipa::path(
    get,
    path = "/healthz",
    operation_id = "getHealth",
    tag = "Operations",
    responses((status = 200, description = "It is", body = HealthAnswer)),
)]
pub async fn health() -> HttpResponse {
    HttpResponse::Ok().insert_header((CACHE_CONTROL, "no-store")).json(HealthAnswer { status: "ok" })
}
