//! `DELETE /v1/learners/{id}/consents/{consent}`: a learner takes a consent back.

use actix_web::{HttpResponse, web};
use model::id::ConsentId;

use super::{super::of_learner, may_act};
use crate::{auth::caller::Caller, problem::Problem, routes::segment, state::AppState};

/// Withdraw a learner's consent
///
/// At once: from the answer on nothing is read or sent by it. What was sent before stays, and
/// so does the consent among those that were given. Withdrawing again changes nothing.
#[utoipa::path(
    delete,
    path = "/v1/learners/{id}/consents/{consent}",
    operation_id = "withdrawConsent",
    tag = "Learners",
    params(
        ("id" = String, Path, description = "The learner's UUID"),
        ("consent" = String, Path, description = "The consent's UUID"),
    ),
    responses(
        (status = 204, description = "It is withdrawn"),
        (status = 404, description = "No such learner, or no such consent of theirs"),
        (status = 410, description = "The learner was erased"),
    ),
    security(("oauth2" = ["learners:connect"]), ("apiKey" = [])),
)]
pub async fn withdraw(
    caller: Caller,
    state: web::Data<AppState>,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Problem> {
    may_act(&caller)?;
    let consent: ConsentId = segment(&path.1, "consent")?;
    let now = state.clock.now();
    let found = of_learner(&state, &path.0, move |registry, learner| {
        registry.withdraw_consent(learner, consent, &caller.acting.client, now)
    })
    .await?;
    if found { Ok(HttpResponse::NoContent().finish()) } else { Err(Problem::not_found("consent")) }
}
