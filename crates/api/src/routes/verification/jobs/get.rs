//! `GET /v1/verification-jobs/{id}`: how far a job is.

use actix_web::{HttpResponse, http::header::CACHE_CONTROL, web};

use crate::{
    auth::caller::Caller, problem::Problem, state::AppState, wire::verification::VerificationJobDocument,
};

/// How far a job is
///
/// For the client that sent it: how many lines it has, what became of those that were
/// checked, and when it is deleted, which is told once it is done.
#[utoipa::path(
    get,
    path = "/v1/verification-jobs/{id}",
    operation_id = "getVerificationJob",
    tag = "Verification",
    params(("id" = String, Path, description = "The job's UUID")),
    responses(
        (status = 200, description = "The job", body = VerificationJobDocument),
        (status = 404, description = "No such job of this client"),
    ),
    security(("oauth2" = ["verifications:run"]), ("apiKey" = [])),
)]
pub async fn get(
    caller: Caller,
    state: web::Data<AppState>,
    path: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let job = super::own(&caller, &state, &path).await?;
    let document = VerificationJobDocument::of(&state.site, &job);
    Ok(HttpResponse::Ok().insert_header((CACHE_CONTROL, "no-store")).json(document))
}
