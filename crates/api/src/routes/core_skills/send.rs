//! `POST /v1/core-skills`: core skills that another system knows of somebody.

use actix_web::{HttpRequest, HttpResponse, web};
use registry::Reach;

use crate::{
    auth::caller::Caller,
    blocking,
    problem::Problem,
    state::AppState,
    wire::core_skills::{CoreSkillsKept, CoreSkillsSent, KeptItem},
};

/// Send core skills
///
/// Of a person who consented to it for this client and purpose. They are kept as what their
/// sender says, and are no awards: nothing counts by them. Sent again under the same
/// `UniqueIdentifier`, each is kept once, with what was sent last. The person sees that they
/// were sent, kept or not.
#[utoipa::path(
    post,
    path = "/v1/core-skills",
    operation_id = "sendCoreSkills",
    tag = "Passport",
    request_body = CoreSkillsSent,
    responses(
        (status = 200, description = "What became of each", body = CoreSkillsKept),
        (status = 403, description = "No consent, or nobody of whom that is known"),
        (status = 422, description = "Some fields are wrong, or name a national identifier"),
    ),
    security(("oauth2" = ["core-skills:write"]), ("apiKey" = [])),
)]
pub async fn send(
    caller: Caller,
    request: HttpRequest,
    state: web::Data<AppState>,
    payload: web::Bytes,
) -> Result<HttpResponse, Problem> {
    let ask = super::read(&caller, &state, &request, &payload, Reach::Write).await?;
    let granted =
        blocking::run(&state, move |state| super::granted(state, &caller.acting.client, Reach::Write, &ask))
            .await?;
    let answer = CoreSkillsKept {
        consent: granted.consent.id.to_string(),
        core_skills: granted.kept.iter().map(KeptItem::from).collect(),
    };
    Ok(HttpResponse::Ok().insert_header(("cache-control", "no-store")).json(answer))
}
