//! `GET /v1/learners/{id}/statements/{scheme}`: what a ledger comes to under a scheme.

use actix_web::{HttpRequest, HttpResponse, http::header, web};
use chrono::NaiveDate;
use model::id::{LearnerId, Slug};
use serde::Deserialize;

use crate::{
    auth::{caller::Caller, scope::Scope},
    blocking, negotiate, pages,
    problem::Problem,
    state::AppState,
    wire::{
        cpd::{StatementAnswer, csv},
        standards::AchievementCredential,
    },
};

/// The query.
#[derive(Debug, Deserialize)]
pub struct Query {
    as_of: Option<String>,
    period: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Json,
    Csv,
    Pdf,
    DataIntegrity,
    Jwt,
}

const OFFERS: &[(&str, (Form, &str))] = &[
    ("application/json", (Form::Json, "application/json")),
    ("text/csv", (Form::Csv, "text/csv; charset=utf-8")),
    ("application/pdf", (Form::Pdf, "application/pdf")),
    ("application/vc+ld+json", (Form::DataIntegrity, "application/vc+ld+json")),
    ("application/vc", (Form::DataIntegrity, "application/vc")),
    ("application/vc+jwt", (Form::Jwt, "application/vc+jwt")),
];

/// A CPD statement
///
/// By period: every line that counts, in its own unit and in the scheme's with the rule that
/// converted it, what each category comes to, what was taken over, what is missing, and what
/// the learner wrote. As JSON, CSV or a tagged PDF (PDF/UA-1; `lang=cy` for Welsh); one period
/// of it also as a signed credential, which any verifier of Open Badges reads.
#[utoipa::path(
    get,
    path = "/v1/learners/{id}/statements/{scheme}",
    operation_id = "getStatement",
    tag = "Learners",
    params(
        ("id" = String, Path, description = "The learner's UUID"),
        ("scheme" = String, Path, description = "The scheme's short name"),
        ("as_of" = Option<String>, Query, description = "As it stood then: a date-time, or a date, whose whole day counts"),
        ("period" = Option<String>, Query, description = "Only the period that holds this day; of a signed statement, else the latest"),
        ("lang" = Option<String>, Query, description = "`cy` for a PDF in Welsh"),
    ),
    responses(
        (status = 200, description = "The statement", content(
            (StatementAnswer = "application/json"),
            (String = "text/csv"),
            (String = "application/pdf"),
            (AchievementCredential = "application/vc+ld+json"),
            (String = "application/vc+jwt"),
        )),
        (status = 404, description = "No such learner, scheme or period"),
        (status = 406, description = "It does not exist in any form accepted"),
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
    let day = query.period.as_deref().map(day).transpose()?;
    let (form, media_type) = negotiate::choose(request.headers(), OFFERS)?;
    let target = pages::target(&request);
    let body = blocking::run(&state, move |state| {
        if matches!(form, Form::DataIntegrity | Form::Jwt) {
            let signed = state.service.signed_cpd_statement(learner, &scheme, as_of, day)?;
            return Ok(signed.map(|signed| match form {
                Form::Jwt => signed.vc_jwt.into_bytes(),
                _ => signed.data_integrity.into_bytes(),
            }));
        }
        let Some(mut statement) = state.service.cpd_statement(learner, &scheme, as_of)? else {
            return Ok(None);
        };
        if let Some(day) = day {
            statement.periods.retain(|period| period.standing.span.holds(day));
            if statement.periods.is_empty() {
                return Ok(None);
            }
        }
        Ok(Some(match form {
            Form::Csv => csv(&statement).into_bytes(),
            Form::Pdf => pages::statement_pdf(state, &target, &statement)?,
            _ => serde_json::to_vec(&StatementAnswer::of(&state.site, learner, &statement))
                .map_err(|error| Problem::internal(&error))?,
        }))
    })
    .await?
    .ok_or_else(|| Problem::not_found("learner, scheme or period"))?;
    let mut response = HttpResponse::Ok();
    response.insert_header((header::CACHE_CONTROL, "no-store")).insert_header((header::VARY, "Accept"));
    if form == Form::Pdf {
        response.insert_header((header::CONTENT_DISPOSITION, "inline; filename=\"cpd-statement.pdf\""));
    }
    Ok(response.content_type(media_type).body(body))
}

/// The day that `period` names.
fn day(text: &str) -> Result<NaiveDate, Problem> {
    text.parse().map_err(|_| Problem::malformed("`period` must be a date such as 2026-03-01."))
}
