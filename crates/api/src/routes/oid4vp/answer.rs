//! `POST /oid4vp/requests/{secret}/answer`: what a wallet presents (`direct_post`; OID4VP
//! 1.0, 8.2).

use std::collections::BTreeSet;

use ::wallet::{Presented, Response};
use actix_web::{HttpRequest, HttpResponse, http::header::CACHE_CONTROL, web};
use model::{
    id::LearnerId,
    report::{Check, Outcome, Question, Report},
};
use registry::{NewAnswer, PresentationRequestRecord};
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use url::{Url, form_urlencoded};
use verification::{Expectation, recognise};

use super::stored::{Asked, nonce, open_at};
use crate::{
    auth::secret::fresh,
    blocking, body,
    problem::{Problem, table},
    routes::{
        requirements::check::{level_answer, own_credential, recorded},
        verification::check::counted,
    },
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
        Ok(Response::Refused(error)) => Told { document: json!({ "declined": error }), about: Vec::new() },
        Ok(Response::Presentations(presented)) => {
            let expectation = Expectation {
                challenge: Some(nonce(&path)),
                domain: Some(record.audience.clone()),
                ..Expectation::default()
            };
            let reports = reports(&state, &presented, &expectation).await;
            if let Some(why) = reports.iter().find_map(unanswered) {
                return Ok(refused(&why));
            }
            let asked = asked.clone();
            blocking::run(&state, move |state| told(state, &asked, &presented, &reports)).await?
        }
    };
    keep(&state, &record, &asked, told).await
}

/// What the verifier is told.
struct Told {
    document: Value,
    about: Vec<LearnerId>,
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

/// Why a presentation is none for this occasion: nobody signed it, or not for this.
fn unanswered(report: &Report) -> Option<String> {
    let of = |question| report.checks.iter().filter(move |check: &&Check| check.question == question);
    let passes = |question| of(question).any(|check| check.outcome == Outcome::Pass);
    let first_failing = |question| of(question).find(|check| check.outcome != Outcome::Pass);
    for question in [Question::Challenge, Question::Domain] {
        if !passes(question) {
            let why = first_failing(question).map(|check| check.finding.to_string());
            return Some(why.unwrap_or_else(|| "It is no presentation that its holder signed.".to_owned()));
        }
    }
    // Of an SD-JWT the holder's signature is part of the two above, and the issuer's is the
    // report's affair; what a presentation says of itself is worth nothing unsigned.
    if report.form == "sd-jwt" {
        return None;
    }
    let is_bad = |check: &&Check| check.outcome != Outcome::Pass && check.outcome != Outcome::Warning;
    [Question::Proof, Question::IssuerBinding]
        .into_iter()
        .find_map(|question| of(question).find(is_bad))
        .map(|check| check.finding.to_string())
}

fn told(
    state: &AppState,
    asked: &Asked,
    presented: &[Presented],
    reports: &[Report],
) -> Result<Told, Problem> {
    let mut credentials: Vec<&Report> = Vec::new();
    for report in reports {
        if report.form == "sd-jwt" {
            credentials.push(report);
        } else {
            credentials.extend(&report.credentials);
        }
    }
    let (mut about, mut shown) = (BTreeSet::new(), BTreeSet::new());
    for credential in &credentials {
        if let Ok(record) = recorded(state, credential)? {
            shown.insert(record.achievement);
        }
        // Good or not: what it says is about somebody who may be erased.
        if let Some(id) = credential.summary.id.as_deref().and_then(|id| own_credential(&state.site, id)) {
            about.extend(state.registry.holder_of(id)?);
        }
    }
    let badges: Vec<Value> = asked
        .achievements
        .iter()
        .map(|slug| json!({"achievement": slug, "shown": shown.contains(slug)}))
        .collect();
    let requirement = match &asked.level {
        Some(level) => Some(level_answer(state, level, reports)?),
        None => None,
    };
    let queries: Vec<Option<&str>> = presented.iter().map(|one| one.query.as_deref()).collect();
    let document =
        json!({"reports": reports, "queries": queries, "badges": badges, "requirement": requirement});
    Ok(Told { document, about: about.into_iter().collect() })
}

async fn keep(
    state: &web::Data<AppState>,
    record: &PresentationRequestRecord,
    asked: &Asked,
    told: Told,
) -> Result<HttpResponse, Problem> {
    let code = asked.redirect_uri.as_ref().map(|_| fresh("", state.entropy.as_ref()));
    let (id, now) = (record.id, state.clock.now());
    let is_first = blocking::run(state, {
        let code = code.clone();
        move |state| {
            let answer = NewAnswer {
                body: &told.document.to_string(),
                about: &told.about,
                response_code: code.as_ref().map(ExposeSecret::expose_secret),
            };
            Ok(state.registry.answer_presentation(id, &answer, now, state.entropy.as_ref())?)
        }
    })
    .await?;
    if !is_first {
        return Err(Problem::new(&table::NOT_FOUND, "The request was answered before, or has ended."));
    }
    let back = match (&asked.redirect_uri, &code) {
        (Some(address), Some(code)) => with_code(address, code.expose_secret()),
        _ => None,
    };
    let body = back.map_or_else(|| json!({}), |back| json!({ "redirect_uri": back }));
    Ok(HttpResponse::Ok().insert_header((CACHE_CONTROL, "no-store")).json(body))
}

/// Where the holder's browser goes, with the code in the fragment: it reaches no server's log.
fn with_code(address: &str, code: &str) -> Option<String> {
    let mut target = Url::parse(address).ok()?;
    target.set_fragment(Some(&format!("response_code={code}")));
    Some(target.into())
}
