//! `GET /readyz`: can the service do its work?

use actix_web::{HttpResponse, http::header::CACHE_CONTROL, web};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{blocking, state::AppState};

/// What the service needs for its work: each is `ok` or `failing`.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReadinessAnswer {
    /// All of it.
    #[schema(pattern = "^(ok|failing)$")]
    pub status: &'static str,
    /// The database answers.
    #[schema(pattern = "^(ok|failing)$")]
    pub database: &'static str,
    /// Its tables are current.
    #[schema(pattern = "^(ok|failing)$")]
    pub migrations: &'static str,
    /// There are keys to sign with.
    #[schema(pattern = "^(ok|failing)$")]
    pub keys: &'static str,
}

/// Can the service do its work?
///
/// The database answers, its tables are current, and there are keys to sign with.
#[utoipa::path(
    get,
    path = "/readyz",
    operation_id = "getReadiness",
    tag = "Operations",
    responses(
        (status = 200, description = "Every part is ready", body = ReadinessAnswer),
        (status = 503, description = "Some part is not; the body says which", body = ReadinessAnswer),
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
    response.insert_header((CACHE_CONTROL, "no-store")).json(ReadinessAnswer {
        status: word(is_ready),
        database: word(database),
        migrations: word(migrations),
        keys: word(keys),
    })
}
