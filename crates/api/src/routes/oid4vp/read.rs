//! `GET /v1/presentation-requests/{id}`: what was presented.

use actix_web::{HttpResponse, web};
use model::id::PresentationRequestId;
use registry::{PresentationRequestRecord, Read};
use serde::Deserialize;
use serde_json::Value;

use super::stored::{Asked, of};
use crate::{
    auth::{caller::Caller, scope::Scope},
    blocking,
    problem::{Problem, table},
    state::AppState,
    wire::{ledger::rfc3339, wallet::PresentationAnswer},
};

/// The query.
#[derive(Debug, Deserialize)]
pub struct Query {
    response_code: Option<String>,
}

/// What was presented
///
/// For the client that asked: whether the request was answered, and if so a report on each
/// presentation, which of the badges asked for were shown and are good, and how the level
/// is met. An answer can be read for a day, and is gone when the holder is erased.
#[utoipa::path(
    get,
    path = "/v1/presentation-requests/{id}",
    operation_id = "getPresentation",
    tag = "Wallets",
    params(
        ("id" = String, Path, description = "The request's UUID"),
        ("response_code" = Option<String>, Query, description = "Of a request with `redirectUri`: what the holder's browser brought"),
    ),
    responses(
        (status = 200, description = "The state of the request, and the answer", body = PresentationAnswer),
        (status = 403, description = "It was answered, and `response_code` is missing or another"),
        (status = 404, description = "No such request of this client"),
    ),
    security(("oauth2" = ["presentations:request"]), ("apiKey" = [])),
)]
pub async fn read(
    caller: Caller,
    state: web::Data<AppState>,
    path: web::Path<String>,
    query: web::Query<Query>,
) -> Result<HttpResponse, Problem> {
    caller.need(Scope::PresentationsRequest)?;
    let id: PresentationRequestId = super::super::segment(&path, "request of this client")?;
    let code = query.into_inner().response_code;
    let answer = blocking::run(&state, move |state| {
        let record = state.registry.presentation_request(id)?;
        let record = record.filter(|record| record.client == caller.acting.client);
        let record = record.ok_or_else(|| Problem::not_found("request of this client"))?;
        let asked = of(&record)?;
        let read = state.registry.presentation_answer(id, code.as_deref())?;
        told(state, &record, asked, read)
    })
    .await?;
    Ok(HttpResponse::Ok().insert_header(("cache-control", "no-store")).json(answer))
}

fn told(
    state: &AppState,
    record: &PresentationRequestRecord,
    asked: Asked,
    read: Read,
) -> Result<PresentationAnswer, Problem> {
    let mut answer = Value::Null;
    let word = match read {
        Read::Waiting if record.expires < state.clock.now() => "expired",
        Read::Waiting => "waiting",
        Read::Erased => "erased",
        Read::OtherCode => {
            let detail = "`response_code` is missing, or not the one that the holder's browser was given.";
            return Err(Problem::new(&table::FORBIDDEN, detail));
        }
        Read::Answer(text) => {
            answer = serde_json::from_str(&text).map_err(|error| Problem::internal(&error))?;
            if answer.get("declined").is_some() { "declined" } else { "answered" }
        }
    };
    let mut take = |name: &str| answer.get_mut(name).map(Value::take).filter(|value| !value.is_null());
    Ok(PresentationAnswer {
        id: record.id.to_string(),
        state: word,
        purpose: asked.purpose,
        expires_at: rfc3339(record.expires),
        answered_at: record.answered.map(rfc3339),
        reports: take("reports"),
        badges: take("badges"),
        requirement: take("requirement"),
        declined: take("declined"),
    })
}
