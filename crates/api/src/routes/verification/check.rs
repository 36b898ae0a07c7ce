//! `POST /v1/verify`: is this credential good?

use ::web::Lang;
use actix_web::{
    Error, HttpRequest, HttpResponse,
    http::header::{CACHE_CONTROL, CONTENT_LANGUAGE, VARY},
    web,
};
use model::{
    field::FieldError,
    report::{Report, Verdict},
};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use signing::Signed;
use verification::{Item, apart, recognise_upload, together};

use super::{
    asked::{Asked, Wanted},
    handed::{Handed, is_address},
    upload::{Room, too_large},
};
use crate::{
    blocking, body, negotiate, pages,
    problem::Problem,
    stage,
    state::{AppState, Limits},
    wire::{
        standards::VerifiableCredential,
        verification::{ReportDocument, SubmittedDocument, VerifyForm, VerifyUrl},
    },
};

/// What a report takes as JSON, mostly less, in bytes.
const ROOM: usize = 8192;
/// Files that are checked together, at most: each may need documents from other hosts.
const MOST: usize = 20;

/// Check a credential
///
/// Takes a credential as JSON, JWT, SD-JWT, baked PNG or SVG, a PDF that carries one, a
/// PNG or JPEG picture of a QR code, or an address as text, as such a code holds it (told by its
/// content); a badge of Open Badges 2.0; a
/// presentation of credentials as JSON or JWT, a multipart form with one `text` or
/// `url`, or up to 20 `file`s (the report on several has one on each in `credentials`), or a JSON object with the
/// one member `url`. Answers 200 with a report of every check, whatever the
/// checks find; read `verdict`. Sentences are in English or, as `Accept-Language` asks,
/// in Welsh; codes are the same in both. As `application/pdf` the report is a tagged PDF
/// (PDF/UA-1, in the same language, or the one that `lang` says: `en` or `cy`); as a credential the answer is a receipt to be filed, signed
/// by the service's own issuer: the digest of what was handed in, when, by which policy, and
/// what each check came to.
#[utoipa::path(
    post,
    path = "/v1/verify",
    operation_id = "verifyCredential",
    tag = "Verification",
    params((
        "policy" = Option<String>, Query,
        description = "The trust policy that makes the verdict; those there are: `GET /v1/trust`",
    ), (
        "achievement" = Option<String>, Query,
        description = "Which achievement it should be: its id, with or without the version, or its name",
    ), (
        "level" = Option<String>, Query,
        description = "Which registration level what is handed in should meet, alone or as a presentation: its short name. Badges of this service count",
    ), (
        "as_of" = Option<String>, Query,
        description = "Judge it as of then: a date-time, or a date, whose whole day counts. How it stood is known of badges of this service alone",
    ), (
        "also" = Option<String>, Query,
        description = "What to look at besides, with commas between: `evidence`, `log`, `ledger`, `maintenance`",
    ), (
        "recipient" = Option<String>, Query,
        description = "Whose it should be: an email address, a DID or a name",
    ), (
        "challenge" = Option<String>, Query,
        description = "Of a presentation: the challenge you gave to be signed",
    ), (
        "domain" = Option<String>, Query,
        description = "Of a presentation: your own domain, for which it must have been made",
    )),
    request_body(description = "At most 2 MiB; 12 MiB of a PNG or JPEG picture", content(
        (SubmittedDocument = "application/vc+ld+json"),
        (VerifyUrl = "application/json"),
        (String = "application/vc+jwt"),
        (String = "application/dc+sd-jwt"),
        (String = "image/png"),
        (String = "image/jpeg"),
        (String = "image/svg+xml"),
        (String = "application/pdf"),
        (String = "text/plain"),
        (VerifyForm = "multipart/form-data"),
    )),
    responses((status = 200, description = "The report; or, as a credential, a signed receipt of the verification", content(
        (ReportDocument = "application/json"),
        (String = "text/html"),
        (String = "application/pdf"),
        (VerifiableCredential = "application/vc+ld+json"),
        (String = "application/vc+jwt"),
    )), (status = 422, description = "Nothing to check was sent, or more than one thing")),
)]
pub async fn check(
    request: HttpRequest,
    state: web::Data<AppState>,
    query: web::Query<Wanted>,
    payload: web::Payload,
) -> Result<HttpResponse, Error> {
    let (form, media_type) = negotiate::prefer(request.headers(), OFFERS[0].1, &OFFERS);
    let room = Room::find(&request, &state).await?;
    let (items, in_form) = items(&request, payload, &room, &state.limits).await?;
    let asked = in_form.or(query.into_inner()).read(&state).await?;
    let mut response = HttpResponse::Ok();
    response.insert_header((CACHE_CONTROL, "no-store")).insert_header((VARY, "Accept, Accept-Language"));
    response.content_type(media_type);
    if matches!(form, Form::Receipt | Form::ReceiptToken) {
        let (report, signed) = receipt(&state, items, &asked).await?;
        state.usage.reports(&request, state.clock.now(), &[report]);
        let body = if form == Form::Receipt { signed.data_integrity } else { signed.vc_jwt };
        return Ok(response.body(body));
    }
    stage::end().await;
    let report = report(&state, items, &asked).await?;
    state.usage.reports(&request, state.clock.now(), apart(&report));
    let target = pages::target(&request);
    match form {
        Form::Page => return Ok(response.body(pages::report(&state, target, report).await?)),
        Form::Print => {
            let lang = Lang::stated(request.query_string())
                .unwrap_or_else(|| negotiate::language(request.headers()).into());
            response.insert_header((CONTENT_LANGUAGE, lang.tag()));
            return Ok(response.body(pages::report_pdf(&state, lang, &report)?));
        }
        _ => {}
    }
    let language = negotiate::language(request.headers());
    response.insert_header((CONTENT_LANGUAGE, Lang::from(language).tag()));
    stage::end().await;
    let mut written = Vec::with_capacity(ROOM);
    serde_json::to_writer(&mut written, &report.in_language(language))
        .map_err(|error| Problem::internal(&error))?;
    stage::end().await;
    Ok(response.body(written))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Json,
    Page,
    Print,
    Receipt,
    ReceiptToken,
}

const OFFERS: [(&str, (Form, &str)); 6] = [
    ("application/json", (Form::Json, "application/json")),
    ("text/html", (Form::Page, "text/html; charset=utf-8")),
    ("application/pdf", (Form::Print, "application/pdf")),
    ("application/vc+ld+json", (Form::Receipt, "application/vc+ld+json")),
    ("application/vc", (Form::Receipt, "application/vc")),
    ("application/vc+jwt", (Form::ReceiptToken, "application/vc+jwt")),
];

/// What was found, and a signed receipt of it about the very bytes that were checked.
pub async fn receipt(
    state: &web::Data<AppState>,
    items: Vec<Item>,
    asked: &Asked,
) -> Result<(Report, Signed), Problem> {
    let mut items = items.into_iter();
    let (Some(item), None) = (items.next(), items.next()) else {
        return Err(wrong("more-than-one", "a receipt is about one file"));
    };
    let submission = match item {
        Item::Submission(submission) => submission,
        Item::Url(url) => state.verifier.retrieve(&url).await.map_err(|report| {
            let why = report.checks.first().map(|check| check.finding.to_string()).unwrap_or_default();
            Problem::invalid(vec![FieldError::new(
                "/url",
                "nothing-there",
                why,
                "the address of a credential",
            )])
        })?,
    };
    let digest: [u8; 32] = Sha256::digest(submission.bytes()).into();
    let report = state.verifier_now().verify(&submission, &asked.expectation).await;
    let report = counted(asked.judge(state, report).await?);
    blocking::run(state, move |state| {
        let signed = state.service.verification_receipt(&report, digest)?;
        Ok((report, signed))
    })
    .await
}

/// Runs the checks and counts their verdict. Of several things one report says what they
/// come to together.
pub async fn report(state: &web::Data<AppState>, items: Vec<Item>, asked: &Asked) -> Result<Report, Problem> {
    if items.len() > MOST {
        return Err(wrong("too-many", &format!("there are {} files", items.len())));
    }
    let mut reports = Vec::with_capacity(items.len());
    for item in items {
        reports.push(match item {
            Item::Submission(submission) => {
                state.verifier_now().verify(&submission, &asked.expectation).await
            }
            Item::Url(url) => state.verifier_now().verify_url(&url, &asked.expectation).await,
        });
    }
    Ok(counted(asked.judge(state, together(reports, state.clock.now())).await?))
}

/// The report, its verdict counted.
pub fn counted(report: Report) -> Report {
    let verdict = match report.verdict {
        Verdict::Valid => "valid",
        Verdict::Invalid => "invalid",
        Verdict::Undetermined => "undetermined",
    };
    metrics::counter!("lanyard_verifications_total", "verdict" => verdict).increment(1);
    report
}

async fn items(
    request: &HttpRequest,
    payload: web::Payload,
    room: &Room,
    limits: &Limits,
) -> Result<(Vec<Item>, Wanted), Error> {
    let media_type = body::media_type(request);
    if matches!(media_type.as_str(), "multipart/form-data" | "application/x-www-form-urlencoded") {
        let mut handed = Handed::read(request, payload, room, limits).await?;
        let wanted = std::mem::take(&mut handed.wanted);
        if handed.count() > 1 {
            return Err(wrong("more-than-one", "more than one of `file`, `text` and `url` was sent").into());
        }
        if handed.most_bytes(limits).is_some() {
            return Err(too_large(limits).into());
        }
        let items = handed.items();
        if items.is_empty() {
            return Err(wrong("nothing", "none of `file`, `text` and `url` was sent").into());
        }
        return Ok((items, wanted));
    }
    let payload = room.whole(request, payload, limits).await?;
    if payload.is_empty() {
        return Err(wrong("nothing", "the body is empty").into());
    }
    let item = match asked_address(&media_type, &payload).or_else(|| written_address(&payload)) {
        Some(url) => Item::Url(url),
        None => Item::Submission(recognise_upload(
            payload,
            Some(&media_type).filter(|name| !name.is_empty()).map(String::as_str),
        )),
    };
    Ok((vec![item], Wanted::default()))
}

/// The address in `{"url": …}`, which no credential can be mistaken for.
fn asked_address(media_type: &str, payload: &[u8]) -> Option<String> {
    // The member's name comes first: no large document is read twice.
    let is_it = |inside: &[u8]| {
        inside.trim_ascii_start().starts_with(br#""url""#) && media_type == "application/json"
    };
    payload.trim_ascii_start().strip_prefix(b"{").filter(|inside| is_it(inside))?;
    let document: Value = proof::json::parse(payload, &proof::json::Limits::default()).ok()?;
    let members = document.as_object().filter(|members| members.len() == 1)?;
    members.get("url")?.as_str().map(str::to_owned)
}

/// The address that is all of a text, as a QR code holds it.
fn written_address(payload: &[u8]) -> Option<String> {
    const LONGEST: usize = 2048;
    if payload.len() > LONGEST {
        return None;
    }
    let text = std::str::from_utf8(payload).ok()?.trim();
    is_address(text).then(|| text.to_owned())
}

fn wrong(code: &'static str, detail: &str) -> Problem {
    let expected = "one credential: JSON, a JWT, a PNG or SVG with one baked in, a PDF that carries one, or the address of one";
    Problem::invalid(vec![FieldError::new("", code, detail, expected)])
}
