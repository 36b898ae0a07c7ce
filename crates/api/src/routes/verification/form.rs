//! `GET /verify` and `POST /verify`: the page on which people check a badge.

use ::web::{Lang, VerifyField, VerifyFormError, VerifyPage};
use actix_web::{
    Error, HttpRequest, HttpResponse,
    http::{
        StatusCode,
        header::{CACHE_CONTROL, CONTENT_DISPOSITION, REFERRER_POLICY},
    },
    web,
};
use chrono::NaiveDate;
use proof::json::Limits;
use serde::Deserialize;

use super::{
    check::{receipt, report},
    handed::{Handed, is_address},
    upload::Room,
};
use crate::{
    blocking,
    caching::{Keep, answer},
    pages,
    problem::Problem,
    state::{self, AppState},
};

/// The query.
#[derive(Debug, Deserialize)]
pub struct Query {
    /// An address to begin with, so that a badge's page can link here. Nothing
    /// is checked before the form is sent: links are followed by machines.
    url: Option<String>,
}

/// The form.
pub async fn show(
    request: HttpRequest,
    state: web::Data<AppState>,
    query: web::Query<Query>,
) -> Result<HttpResponse, Problem> {
    let url = query.into_inner().url.unwrap_or_default();
    let (policies, levels) = choices(&state).await?;
    let page = VerifyPage { url, policies, levels, ..VerifyPage::default() };
    let html = page.render(&pages::chrome(&state, &pages::target(&request)));
    Ok(answer(&request, "text/html; charset=utf-8", html, Keep::AskFirst))
}

/// The form as it was sent: the report, or the form again with what is wrong.
pub async fn submit(
    request: HttpRequest,
    state: web::Data<AppState>,
    payload: web::Payload,
) -> Result<HttpResponse, Error> {
    let room = Room::find(&request, &state).await?;
    let mut handed = Handed::read(&request, payload, &room, &state.limits).await?;
    let target = pages::target(&request);
    if let Some(error) = fault(&handed, &state.limits, state.clock.now().date_naive()) {
        let (policies, levels) = choices(&state).await?;
        let wanted = handed.wanted;
        let also = wanted.also.unwrap_or_default();
        let page = VerifyPage {
            text: handed.text,
            url: handed.url,
            recipient: wanted.recipient.unwrap_or_default(),
            achievement: wanted.achievement.unwrap_or_default(),
            level: wanted.level.unwrap_or_default(),
            levels,
            as_of: handed.day,
            also: also.split(',').map(|name| name.trim().to_owned()).collect(),
            policy: wanted.policy.unwrap_or_default(),
            policies,
            error: Some(error),
        };
        return Ok(shown(StatusCode::UNPROCESSABLE_ENTITY, page.render(&pages::chrome(&state, &target))));
    }
    let mut wanted = std::mem::take(&mut handed.wanted);
    if let Ok(Some(day)) = handed.as_of() {
        wanted.as_of = Some(day.to_string());
    }
    let asked = wanted.read(&state).await?;
    let answer = std::mem::take(&mut handed.answer);
    let items = handed.items();
    if answer == "receipt" {
        let (_, signed) = receipt(&state, items, &asked).await?;
        return Ok(filed("application/vc+ld+json", "receipt.json", signed.data_integrity.into_bytes()));
    }
    let report = report(&state, items, &asked).await?;
    if answer == "pdf" {
        let pdf = pages::report_pdf(&state, Lang::of_query(request.query_string()), &report)?;
        return Ok(filed("application/pdf", "verification.pdf", pdf));
    }
    Ok(shown(StatusCode::OK, pages::report(&state, target, report).await?))
}

/// An answer to be kept as a file.
fn filed(content_type: &str, name: &str, body: Vec<u8>) -> HttpResponse {
    HttpResponse::Ok()
        .content_type(content_type)
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
        .body(body)
}

/// What is called so in the form, and its name.
type Choices = Vec<(String, String)>;

/// The policies and the registration levels to choose from.
async fn choices(state: &web::Data<AppState>) -> Result<(Choices, Choices), Problem> {
    let policies = state.trust.file().registry.policies.iter();
    let policies = policies.map(|(slug, policy)| (slug.to_string(), policy.name.clone())).collect();
    let catalogue = blocking::run(state, |state| Ok(state.service.catalogue()?)).await?;
    let levels = catalogue.requirements.iter().map(|(slug, set)| (slug.to_string(), set.name.clone()));
    Ok((policies, levels.collect()))
}

fn fault(handed: &Handed, limits: &state::Limits, today: NaiveDate) -> Option<VerifyFormError> {
    fault_of_badge(handed, limits).or_else(|| match handed.as_of() {
        Ok(day) if day.is_none_or(|day| day <= today) => None,
        _ => Some(VerifyFormError::NotDate),
    })
}

fn fault_of_badge(handed: &Handed, limits: &state::Limits) -> Option<VerifyFormError> {
    let text_limit = Limits::default().bytes;
    match handed.count() {
        0 => Some(VerifyFormError::Nothing),
        1 if handed.text.len() > text_limit => {
            Some(VerifyFormError::TooLarge { field: VerifyField::Text, limit: text_limit })
        }
        1 if let Some(limit) = handed.most_bytes(limits) => {
            Some(VerifyFormError::TooLarge { field: VerifyField::File, limit })
        }
        1 if !handed.url.is_empty() && !is_address(&handed.url) => Some(VerifyFormError::NotUrl),
        1 => None,
        _ => Some(VerifyFormError::MoreThanOne),
    }
}

fn shown(status: StatusCode, html: String) -> HttpResponse {
    HttpResponse::build(status)
        .content_type("text/html; charset=utf-8")
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((REFERRER_POLICY, "no-referrer"))
        .body(html)
}
