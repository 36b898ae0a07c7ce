//! `GET /v1/trust/entries`: what the registrar decided of issuers.

use actix_web::{HttpResponse, http::header::CACHE_CONTROL, web};

use super::decide::may;
use crate::{
    auth::caller::Caller,
    blocking,
    problem::Problem,
    state::AppState,
    wire::trust::{TrustEntriesAnswer, TrustEntryAnswer},
};

/// Decisions on issuers
///
/// Every time that an issuer was put on a list or taken off it: by whom, when and why, the oldest
/// first. What holds now is at `/v1/trust`.
#[utoipa::path(
    get,
    path = "/v1/trust/entries",
    operation_id = "listTrustEntries",
    tag = "Verification",
    responses(
        (status = 200, description = "All of them", body = TrustEntriesAnswer),
        (status = 403, description = "The client is not the Academy's"),
    ),
    security(("oauth2" = ["trust:write"]), ("apiKey" = [])),
)]
pub async fn list(caller: Caller, state: web::Data<AppState>) -> Result<HttpResponse, Problem> {
    may(&caller)?;
    let records = blocking::run(&state, |state| Ok(state.registry.trust_decisions(None)?)).await?;
    let entries = records.iter().map(TrustEntryAnswer::of).collect();
    Ok(HttpResponse::Ok().insert_header((CACHE_CONTROL, "no-store")).json(TrustEntriesAnswer { entries }))
}
