//! `PUT /v1/learners/{id}/statements/{scheme}/{day}`: what a learner wrote of a period.

use actix_web::{HttpResponse, web};
use chrono::NaiveDate;
use model::id::{LearnerId, Slug};

use super::asked::Asked;
use crate::{
    auth::scope::Scope,
    blocking,
    problem::Problem,
    state::AppState,
    wire::cpd::{OwnWordsAnswer, OwnWordsRequest},
};

/// Write the learner's own statement
///
/// What the learner wrote of the period that holds the day, where the scheme's body asks for
/// it. What was written before stays in the record; the latest holds.
#[utoipa::path(
    put,
    path = "/v1/learners/{id}/statements/{scheme}/{day}",
    operation_id = "writeOwnStatement",
    tag = "Learners",
    params(
        ("id" = String, Path, description = "The learner's UUID"),
        ("scheme" = String, Path, description = "The scheme's short name"),
        ("day" = String, Path, description = "A day of the period, such as its first"),
    ),
    request_body = OwnWordsRequest,
    responses(
        (status = 200, description = "How it stands against what the body asks for", body = OwnWordsAnswer),
        (status = 404, description = "No such learner or scheme, or the day is no date"),
        (status = 422, description = "The text is missing, or the day is in no period that has begun"),
    ),
    security(("oauth2" = ["ledger:write"]), ("apiKey" = [])),
)]
pub async fn write(
    asked: Asked,
    state: web::Data<AppState>,
    path: web::Path<(String, String, String)>,
) -> Result<HttpResponse, Problem> {
    let (id, scheme, day) = path.into_inner();
    let (caller, learner, document) =
        asked.by_the_academy::<LearnerId>(Scope::LedgerWrite, &id, "learner")?;
    let scheme: Slug = super::super::segment(&scheme, "scheme")?;
    let day: NaiveDate = super::super::segment(&day, "day")?;
    let text = model::parse::statement(&document).map_err(Problem::invalid)?;
    let period = blocking::run(&state, move |state| {
        Ok(state.service.write_statement(&caller.acting, learner, (&scheme, day), &text)?)
    })
    .await?;
    Ok(HttpResponse::Ok().insert_header(("cache-control", "no-store")).json(OwnWordsAnswer::of(&period)))
}
