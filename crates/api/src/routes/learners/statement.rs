//! `GET /v1/learners/{id}/statements/{scheme}`: what a ledger comes to under a scheme.

use actix_web::{HttpRequest, HttpResponse, http::header, web};
use model::id::{LearnerId, Slug};
use serde::Deserialize;

use crate::{
    auth::{caller::Caller, scope::Scope},
    blocking, negotiate,
    problem::Problem,
    state::AppState,
    wire::cpd::{StatementAnswer, csv},
};

/// The query.
#[derive(Debug, Deserialize)]
pub struct Query {
    as_of: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Json,
    Csv,
}

const OFFERS: &[(&str, (Form, &str))] = &[
    ("application/json", (Form::Json, "application/json")),
    ("text/csv", (Form::Csv, "text/csv; charset=utf-8")),
];

/// A CPD statement
///
/// By period: every line that counts, in its own unit and in the scheme's with the rule that
/// converted it, what each category comes to, what was taken over, and what is missing.
#[utoipa::path(
    get,
    path = "/v1/learners/{id}/statements/{scheme}",
    tag = "Learners",
    params(
        ("id" = String, Path, description = "The learner's UUID"),
        ("scheme" = String, Path, description = "The scheme's short name"),
        ("as_of" = Option<String>, Query, description = "As it stood then: a date-time, or a date, whose whole day counts"),
    ),
    responses(
        (status = 200, description = "The statement", content(
            (StatementAnswer = "application/json"),
            (String = "text/csv"),
        )),
        (status = 404, description = "No such learner or scheme"),
    ),
    security(("oauth2" = ["ledger:read"]), ("apiKey" = [])),
)]
pub async fn statement(
    caller: Caller,
    request: HttpRequest,
    state: web::Data<AppState>,
    path: web::Path<(String, String)>,
    query: web::Query<Query>,
) -> Result<HttpResponse, Problem> {
    caller.need(Scope::LedgerRead)?;
    super::need_academy(&caller)?;
    let (id, scheme) = path.into_inner();
    let learner: LearnerId = super::super::segment(&id, "learner or scheme")?;
    let scheme: Slug = super::super::segment(&scheme, "learner or scheme")?;
    let as_of = super::as_of(query.as_of.as_deref())?;
    let (form, media_type) = negotiate::choose(request.headers(), OFFERS)?;
    let statement =
        blocking::run(&state, move |state| Ok(state.service.cpd_statement(learner, &scheme, as_of)?)).await?;
    let statement = statement.ok_or_else(|| Problem::not_found("learner or scheme"))?;
    let mut response = HttpResponse::Ok();
    response.insert_header((header::CACHE_CONTROL, "no-store")).insert_header((header::VARY, "Accept"));
    Ok(match form {
        Form::Json => response.json(StatementAnswer::of(&state.site, learner, &statement)),
        Form::Csv => response.content_type(media_type).body(csv(&statement)),
    })
}
