//! `POST /v1/completions`: one completion becomes a badge.

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{CACHE_CONTROL, LOCATION},
    web,
};
use issuing::{Acceptance, Submission};
use registry::Idempotency;

use crate::{
    accepting::not_accepted,
    auth::{caller::Caller, scope::Scope},
    blocking, body, precondition,
    problem::Problem,
    state::AppState,
    wire::{completion::CompletionRequest, issued::CompletionAnswer},
};

/// The longest idempotency key.
const LONGEST_KEY: usize = 255;

/// Post a completion
///
/// Issues the badge and writes its ledger entry before it answers. Safe to
/// repeat: with the same `Idempotency-Key` and body, or with the same content
/// (by `reference`, else by learner, achievement and date), the first answer
/// is given again with status 200 and nothing changes.
///
/// Other content under the same `reference` is a correction: it gets a badge of
/// its own, and the earlier one is revoked as superseded. `If-None-Match: *`
/// forbids that; `If-Match` allows it only for the credential it names.
#[utoipa::path(
    post,
    path = "/v1/completions",
    operation_id = "postCompletion",
    tag = "Completions",
    params(
        (
            "Idempotency-Key" = Option<String>, Header,
            description = "1 to 255 visible characters, new for every new request of this client",
        ),
        (
            "If-None-Match" = Option<String>, Header, pattern = "^\\*$",
            description = "`*`: correct nothing; what is new or recorded already is taken",
        ),
        (
            "If-Match" = Option<String>, Header,
            description = "The id of a credential in quotation marks: correct the completion it stands for, and no other",
        ),
    ),
    request_body = CompletionRequest,
    responses(
        (status = 201, description = "The badge is issued; `outcome` says whether for a new completion or for a correction", body = CompletionAnswer,
            headers(("Location" = String, description = "The credential"))),
        (status = 200, description = "It was issued before; nothing has changed", body = CompletionAnswer,
            headers(("Idempotency-Replayed" = String, description = "`true`"))),
        (status = 409, description = "In flight, known under another reference, corrected, withdrawn or revoked since, or the learner cannot be told"),
        (status = 412, description = "`If-Match` or `If-None-Match` does not hold"),
        (status = 415, description = "The body is not JSON by its Content-Type"),
        (status = 422, description = "Fields are wrong (all are listed), or the idempotency key was used with another body"),
    ),
    security(("oauth2" = ["completions:write"]), ("apiKey" = [])),
)]
pub async fn create(
    caller: Caller,
    request: HttpRequest,
    state: web::Data<AppState>,
    payload: web::Bytes,
) -> Result<HttpResponse, Problem> {
    caller.need(Scope::CompletionsWrite)?;
    let key = idempotency_key(&request)?;
    let condition = precondition::of(&request)?;
    let document = body::json(&request, &payload)?;
    let completion = model::parse::completion(&document).map_err(Problem::invalid)?;
    let idempotency = key.map(|key| Idempotency { key, body: payload.to_vec() });
    let submission = Submission { completion, idempotency, condition };
    let answer = blocking::accept(&state, &caller.acting, submission).await?;
    let acceptance = answer.map_err(|error| not_accepted(&state.site, error))?;
    count(&acceptance);
    let answer = CompletionAnswer::of(&state.site, &acceptance);
    let mut response = if acceptance.replayed {
        let mut response = HttpResponse::Ok();
        response.insert_header(("idempotency-replayed", "true"));
        response
    } else {
        HttpResponse::Created()
    };
    response
        .insert_header((LOCATION, answer.credential.url.clone()))
        .insert_header((CACHE_CONTROL, "no-store"));
    Ok(response.json(answer))
}

/// Counts an accepted completion.
pub fn count(acceptance: &Acceptance) {
    let outcome = match acceptance {
        acceptance if acceptance.replayed => "replayed",
        acceptance if acceptance.is_correction() => "corrected",
        _ => "issued",
    };
    metrics::counter!("lanyard_completions_total", "outcome" => outcome).increment(1);
}

pub(in crate::routes) fn idempotency_key(request: &HttpRequest) -> Result<Option<String>, Problem> {
    let mut lines = request.headers().get_all("idempotency-key");
    let Some(line) = lines.next() else { return Ok(None) };
    let key = line.to_str().ok().map(str::trim).filter(|key| {
        (1..=LONGEST_KEY).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_graphic() || b == b' ')
    });
    match (key, lines.next()) {
        (Some(key), None) => Ok(Some(key.to_owned())),
        _ => Err(Problem::malformed(format!(
            "`Idempotency-Key` must be sent once and hold 1 to {LONGEST_KEY} visible ASCII characters; a UUID will do."
        ))),
    }
}
