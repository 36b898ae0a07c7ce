//! `POST /oid4vp/requests/{secret}/answer`: what a wallet presents (`direct_post`; OID4VP
//! 1.0, 8.2).

use ::wallet::{Presented, Response};
use actix_web::{HttpRequest, HttpResponse, http::header::CACHE_CONTROL, web};
use model::report::Report;
use secrecy::ExposeSecret as _;
use serde_json::json;
use url::form_urlencoded;
use verification::{Expectation, recognise};

use super::{
    presented::{Told, Unanswered, unanswered, with_code},
    stored::{nonce, open_at},
};
use crate::{
    auth::secret::fresh,
    blocking, body,
    problem::{Problem, table},
    routes::verification::check::counted,
    state::AppState,
    wire::protocols::{PresentationForm, PresentationTaken, ProtocolError},
};

/// Answer a request
///
/// What a wallet posts (`direct_post`): a presentation for each credential query, made for
/// this verifier with this request's nonce. One that was made for another verifier or
/// occasion, or whose holder did not sign it, is refused and leaves the request open; any
/// other is the answer, good or not, and there is no second.
#[utoipa::path(
    post,
    path = "/oid4vp/requests/{secret}/answer",
    operation_id = "answerPresentationRequest",
    tag = "Wallets",
    params(("secret" = String, Path, description = "As the request's link has it")),
    request_body(content = PresentationForm, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, description = "It is taken; `redirect_uri`, if there is one, is where the holder's browser goes", body = PresentationTaken),
        (status = 400, description = "It is refused, by `error` and `error_description`", body = ProtocolError),
        (status = 404, description = "No such request, or it was answered or has ended"),
    ),
)]
pub async fn answer(
    request: HttpRequest,
    state: web::Data<AppState>,
    path: web::Path<String>,
    payload: web::Bytes,
) -> Result<HttpResponse, Problem> {
    body::must_be_form(&request)?;
    let (record, asked) = open_at(&state, &path).await?;
    let form: Vec<(String, String)> = form_urlencoded::parse(&payload).into_owned().collect();
    let told = match Response::read(&form) {
        Err(error) => return Ok(refused(&error.to_string())),
        Ok(Response::Refused(error)) => Told::declined(&error),
        Ok(Response::Presentations(presented)) => {
            let expectation = Expectation {
                challenge: Some(nonce(&path)),
                domain: Some(record.audience.clone()),
                ..Expectation::default()
            };
            let reports = reports(&state, &presented, &expectation).await;
            if let Some(Unanswered { why, .. }) =
                reports.iter().find_map(|report| unanswered(report, &expectation))
            {
                return Ok(refused(&why));
            }
            let asked = asked.clone();
            blocking::run(&state, move |state| Told::of(state, &asked, &presented, &reports)).await?
        }
    };
    let code = asked.redirect_uri.as_ref().map(|_| fresh("", state.entropy.as_ref()));
    let kept = code.as_ref().map(|code| code.expose_secret().to_owned());
    if !told.keep(&state, record.id, kept, None).await? {
        return Err(Problem::new(&table::NOT_FOUND, "The request was answered before, or has ended."));
    }
    let back = match (&asked.redirect_uri, &code) {
        (Some(address), Some(code)) => with_code(address, code.expose_secret()),
        _ => None,
    };
    let body = back.map_or_else(|| json!({}), |back| json!({ "redirect_uri": back }));
    Ok(HttpResponse::Ok().insert_header((CACHE_CONTROL, "no-store")).json(body))
}

fn refused(why: &str) -> HttpResponse {
    HttpResponse::BadRequest()
        .insert_header((CACHE_CONTROL, "no-store"))
        .json(json!({"error": "invalid_request", "error_description": why}))
}

async fn reports(state: &AppState, presented: &[Presented], expectation: &Expectation) -> Vec<Report> {
    let mut reports = Vec::new();
    for one in presented {
        let submission = recognise(one.text.as_bytes(), None);
        reports.push(counted(state.verifier.verify(&submission, expectation).await));
    }
    reports
}
