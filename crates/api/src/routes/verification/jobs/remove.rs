//! `DELETE /v1/verification-jobs/{id}`: a job is cancelled and goes.

use actix_web::{HttpResponse, web};

use crate::{auth::caller::Caller, blocking, problem::Problem, state::AppState};

/// Cancel a job
///
/// What is not checked yet is not checked any more, and all that was sent and found is gone
/// for good.
#[utoipa::path(
    delete,
    path = "/v1/verification-jobs/{id}",
    operation_id = "cancelVerificationJob",
    tag = "Verification",
    params(("id" = String, Path, description = "The job's UUID")),
    responses(
        (status = 204, description = "It is gone"),
        (status = 404, description = "No such job of this client"),
    ),
    security(("oauth2" = ["verifications:run"]), ("apiKey" = [])),
)]
pub async fn remove(
    caller: Caller,
    state: web::Data<AppState>,
    path: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let job = super::own(&caller, &state, &path).await?;
    let now = state.clock.now();
    blocking::registry(&state, move |registry| registry.remove_verification_job(job.id, now)).await?;
    Ok(HttpResponse::NoContent().finish())
}
