//! `GET /verify` and `POST /verify`: the page on which people check a badge.

use ::web::{VerifyField, VerifyFormError, VerifyPage};
use actix_web::{
    HttpRequest, HttpResponse,
    http::{
        StatusCode,
        header::{CACHE_CONTROL, CONTENT_DISPOSITION, REFERRER_POLICY},
    },
    web,
};
use proof::json::Limits;
use serde::Deserialize;
use verification::Expectation;

use super::{
    check::{receipt, report, trust},
    handed::{Handed, is_address},
};
use crate::{
    caching::{Keep, answer},
    pages,
    problem::Problem,
    state::AppState,
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
) -> HttpResponse {
    let url = query.into_inner().url.unwrap_or_default();
    let page = VerifyPage { url, policies: policies(&state), ..VerifyPage::default() };
    let html = page.render(&pages::chrome(&state, &pages::target(&request)));
    answer(&request, "text/html; charset=utf-8", html, Keep::AskFirst)
}

/// The form as it was sent: the report, or the form again with what is wrong.
pub async fn submit(
    request: HttpRequest,
    state: web::Data<AppState>,
    payload: web::Bytes,
) -> Result<HttpResponse, Problem> {
    let mut handed = Handed::read(&request, payload).await?;
    let target = pages::target(&request);
    if let Some(error) = fault(&handed, state.limits.upload) {
        let page = VerifyPage {
            text: handed.text,
            url: handed.url,
            recipient: handed.recipient.unwrap_or_default(),
            policy: handed.policy.unwrap_or_default(),
            policies: policies(&state),
            error: Some(error),
        };
        return Ok(shown(StatusCode::UNPROCESSABLE_ENTITY, page.render(&pages::chrome(&state, &target))));
    }
    let trust = trust(&state, handed.policy.take().as_deref()).await?;
    let expectation = Expectation { recipient: handed.recipient.take(), trust, ..Expectation::default() };
    let answer = std::mem::take(&mut handed.answer);
    let Some(item) = handed.item() else {
        return Err(Problem::internal(&"a form without fault had nothing in it"));
    };
    if answer == "receipt" {
        let signed = receipt(&state, item, &expectation).await?;
        return Ok(filed("application/vc+ld+json", "receipt.json", signed.data_integrity.into_bytes()));
    }
    let report = report(&state, item, &expectation).await;
    if answer == "pdf" {
        let pdf = pages::report_pdf(&state, &target, &report)?;
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

/// The policies to choose from: each with its name in the registry.
fn policies(state: &AppState) -> Vec<(String, String)> {
    let policies = state.trust.file().registry.policies.iter();
    policies.map(|(slug, policy)| (slug.to_string(), policy.name.clone())).collect()
}

fn fault(handed: &Handed, upload: usize) -> Option<VerifyFormError> {
    let text_limit = Limits::default().bytes;
    match handed.count() {
        0 => Some(VerifyFormError::Nothing),
        1 if handed.text.len() > text_limit => {
            Some(VerifyFormError::TooLarge { field: VerifyField::Text, limit: text_limit })
        }
        1 if handed.file.as_ref().is_some_and(|(content, _)| content.len() > upload) => {
            Some(VerifyFormError::TooLarge { field: VerifyField::File, limit: upload })
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
