//! `POST /ims/ob/v3p0/credentials`: another system brings a credential.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header::CACHE_CONTROL},
    web,
};
use chrono::{DateTime, Utc};
use model::{
    id::LearnerId,
    report::{Outcome, Verdict},
};
use registry::{Received, Upserted};
use verification::{Expectation, Submission};

use super::{access::grant, fault::Fault, scope};
use crate::{
    blocking, body,
    problem::Problem,
    routes::{requirements::check::own_credential, verification::check::counted},
    state::AppState,
    wire::{
        protocols::{CredentialOrToken, StatusInfo},
        standards::AchievementCredential,
    },
};

/// Add a credential to a passport
///
/// JSON with a Data Integrity proof, or a compact JWS as `text/plain`. It is verified, and
/// kept as it came; one with the same issuer and id takes the place of an earlier one. A
/// badge that was issued here is there already.
#[utoipa::path(
    post,
    path = "/ims/ob/v3p0/credentials",
    operation_id = "addPassportCredential",
    tag = "Passport",
    request_body(content((AchievementCredential = "application/json"), (String = "text/plain"))),
    responses(
        (status = 200, description = "It was there, or took the place of an earlier one: the same again", body = CredentialOrToken),
        (status = 201, description = "It is new: the same again", body = CredentialOrToken),
        (status = 304, description = "A later one with the same name is there"),
        (status = 400, description = "It cannot be read or does not verify", body = StatusInfo),
        (status = 401, description = "The access token is not known or has ended", body = StatusInfo),
        (status = 403, description = "The learner did not grant this", body = StatusInfo),
    ),
)]
pub async fn upsert(
    request: HttpRequest,
    state: web::Data<AppState>,
    payload: web::Bytes,
) -> Result<HttpResponse, Problem> {
    match receive(&request, &state, &payload).await {
        Ok(response) => Ok(response),
        Err(fault) => fault.answer(),
    }
}

/// A credential that was brought.
struct Brought {
    text: String,
    is_token: bool,
    issuer: String,
    id: String,
    valid_from: DateTime<Utc>,
}

async fn receive(
    request: &HttpRequest,
    state: &web::Data<AppState>,
    payload: &[u8],
) -> Result<HttpResponse, Fault> {
    let grant = grant(request, state, scope::UPSERT).await?;
    let media_type = body::media_type(request);
    let is_token = media_type == "text/plain";
    if !is_token && media_type != "application/json" && !media_type.ends_with("+json") {
        return Err(body::unsupported(&media_type, &["application/json", "text/plain"]).into());
    }
    let text = std::str::from_utf8(payload).map_err(|_| Fault::invalid("The body is not UTF-8."))?.trim();
    let kept = bring(state, grant.learner, text, is_token).await?;
    let kept = kept.map_err(|refused| Fault::invalid(refused.why))?;
    let status = match kept {
        Upserted::Created => StatusCode::CREATED,
        Upserted::Replaced => StatusCode::OK,
        Upserted::Older => StatusCode::NOT_MODIFIED,
    };
    let mut response = HttpResponse::build(status);
    response.insert_header((CACHE_CONTROL, "no-store"));
    if kept == Upserted::Older {
        return Ok(response.finish());
    }
    response.content_type(if is_token { "text/plain; charset=utf-8" } else { "application/json" });
    Ok(response.body(text.to_owned()))
}

/// A credential that is not put into a passport.
pub struct Refused {
    /// What it calls itself, as far as that can be read.
    pub id: Option<String>,
    /// Why, in a sentence.
    pub why: String,
}

/// Verifies another's credential and puts it into a learner's passport.
pub async fn bring(
    state: &web::Data<AppState>,
    learner: LearnerId,
    text: &str,
    is_token: bool,
) -> Result<Result<Upserted, Refused>, Problem> {
    let submission =
        if is_token { Submission::Jwt(text.to_owned()) } else { Submission::Json(text.as_bytes().to_vec()) };
    let report = counted(state.verifier.verify(&submission, &Expectation::default()).await);
    let summary = report.summary;
    if report.verdict == Verdict::Invalid {
        let failed = report.checks.iter().find(|check| check.outcome == Outcome::Fail);
        let why = failed.map_or_else(|| "It does not verify.".to_owned(), |check| check.finding.to_string());
        return Ok(Err(Refused { id: summary.id, why }));
    }
    let valid_from = summary.valid_from.as_deref().and_then(|at| DateTime::parse_from_rfc3339(at).ok());
    let (Some(issuer), Some(id), Some(valid_from)) = (summary.issuer_id, summary.id.clone(), valid_from)
    else {
        let why = "It must have an `id`, an issuer with an `id`, and `validFrom`.".to_owned();
        return Ok(Err(Refused { id: summary.id, why }));
    };
    let brought = Brought { text: text.to_owned(), is_token, issuer, id, valid_from: valid_from.to_utc() };
    blocking::run(state, move |state| keep(state, learner, brought)).await
}

fn keep(
    state: &AppState,
    learner: LearnerId,
    brought: Brought,
) -> Result<Result<Upserted, Refused>, Problem> {
    if let Some(own) = own_credential(&state.site, &brought.id) {
        return Ok(match state.registry.holder_of(own)? {
            Some(holder) if holder == learner => Ok(Upserted::Replaced),
            _ => Err(Refused {
                id: Some(brought.id),
                why: "It says that it was issued here, and is not this learner's.".to_owned(),
            }),
        });
    }
    let received = Received {
        issuer: &brought.issuer,
        id: &brought.id,
        body: &brought.text,
        is_token: brought.is_token,
        valid_from: brought.valid_from,
    };
    let (now, entropy) = (state.clock.now(), state.entropy.as_ref());
    Ok(Ok(state.registry.receive_credential(learner, &received, now, entropy)?))
}
