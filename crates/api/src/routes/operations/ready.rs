//! `GET /readyz`: can the service do its work?

use actix_web::{HttpResponse, http::header::CACHE_CONTROL, web};
use serde_json::json;

use crate::{blocking, state::AppState};

/// Can the service do its work?
///
/// The database answers, its tables are current, and there are keys to sign with.
#[utoipa::path(
    get,
    path = "/readyz",
    tag = "Operations",
    responses(
        (status = 200, description = "Every part is ready", body = serde_json::Value),
        (status = 503, description = "Some part is not; the body says which", body = serde_json::Value),
    ),
)]
pub async fn ready(state: web::Data<AppState>) -> HttpResponse {
    let parts = blocking::run(&state, |state| {
        let database = state.registry.ping().is_ok();
        let migrations =
            database && state.registry.pending_migrations().is_ok_and(|pending| pending.is_empty());
        let signs = |key: &signing::Key| {
            key.record().retired.is_none() && key.record().purpose == signing::KeyPurpose::Credentials
        };
        let keys = state.vault.keys().all().any(signs);
        Ok((database, migrations, keys))
    })
    .await
    .unwrap_or_default();
    let (database, migrations, keys) = parts;
    let word = |ready| if ready { "ok" } else { "failing" };
    let is_ready = database && migrations && keys;
    let mut response = if is_ready { HttpResponse::Ok() } else { HttpResponse::ServiceUnavailable() };
    response.insert_header((CACHE_CONTROL, "no-store")).json(json!({
        "status": word(is_ready),
        "database": word(database),
        "migrations": word(migrations),
        "keys": word(keys),
    }))
}
