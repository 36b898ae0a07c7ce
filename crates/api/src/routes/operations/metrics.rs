//! `GET /metrics`: counts and timings for Prometheus.

use actix_web::{HttpResponse, http::header::CACHE_CONTROL, web};

use crate::state::AppState;

/// Counts and timings
///
/// In the Prometheus text format. Labels hold route patterns, never addresses.
#[utoipa::path(
    get,
    path = "/metrics",
    operation_id = "getMetrics",
    tag = "Operations",
    responses((status = 200, description = "The metrics", body = String, content_type = "text/plain")),
)]
pub async fn metrics(state: web::Data<AppState>) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/plain; version=0.0.4; charset=utf-8")
        .insert_header((CACHE_CONTROL, "no-store"))
        .body((state.metrics)())
}
