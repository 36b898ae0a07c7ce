//! `POST /v1/core-skills/query`: somebody's core skills, by their consent.

use actix_web::{HttpRequest, HttpResponse, web};
use registry::Reach;

use crate::{
    auth::caller::Caller,
    blocking,
    problem::Problem,
    state::AppState,
    wire::core_skills::{CoreSkillsAnswer, CoreSkillsQuery},
};

/// Get core skills
///
/// Those of a person who consented to it for this client and purpose: what shows them here, and
/// what other systems sent, marked so. It is a POST, so that nobody's identifiers stand in
/// addresses. The person sees that it was asked, granted or not.
#[utoipa::path(
    post,
    path = "/v1/core-skills/query",
    operation_id = "queryCoreSkills",
    tag = "Passport",
    request_body = CoreSkillsQuery,
    responses(
        (status = 200, description = "The core skills", body = CoreSkillsAnswer),
        (status = 403, description = "No consent, or nobody of whom that is known"),
        (status = 422, description = "Some fields are wrong, or name a national identifier"),
    ),
    security(("oauth2" = ["core-skills:read"]), ("apiKey" = [])),
)]
pub async fn query(
    caller: Caller,
    request: HttpRequest,
    state: web::Data<AppState>,
    payload: web::Bytes,
) -> Result<HttpResponse, Problem> {
    let ask = super::read(&caller, &state, &request, &payload, Reach::Read).await?;
    let answer = blocking::run(&state, move |state| {
        let granted = super::granted(state, &caller.acting.client, Reach::Read, &ask)?;
        let told = state.service.core_skills(&granted, &ask)?;
        Ok(CoreSkillsAnswer::of(&state.site, &granted.consent, told))
    })
    .await?;
    Ok(HttpResponse::Ok().insert_header(("cache-control", "no-store")).json(answer))
}
