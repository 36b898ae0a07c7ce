//! `POST /ims/ob/v3p0/credentials`: another system brings a credential.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header::CACHE_CONTROL},
    web,
};
use chrono::{DateTime, Utc};
use model::report::{Outcome, Verdict};
use registry::{PassportGrant, Received, Upserted};
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
    let submission =
        if is_token { Submission::Jwt(text.to_owned()) } else { Submission::Json(text.as_bytes().to_vec()) };
    let report = counted(state.verifier.verify(&submission, &Expectation::default()).await);
    if report.verdict == Verdict::Invalid {
        let failed = report.checks.iter().find(|check| check.outcome == Outcome::Fail);
        let why = failed.map_or_else(|| "It does not verify.".to_owned(), |check| check.finding.to_string());
        return Err(Fault::invalid(why));
    }
    let summary = report.summary;
    let valid_from = summary.valid_from.as_deref().and_then(|at| DateTime::parse_from_rfc3339(at).ok());
    let (Some(issuer), Some(id), Some(valid_from)) = (summary.issuer_id, summary.id, valid_from) else {
        return Err(Fault::invalid("It must have an `id`, an issuer with an `id`, and `validFrom`."));
    };
    let brought = Brought { text: text.to_owned(), is_token, issuer, id, valid_from: valid_from.to_utc() };
    let text = brought.text.clone();
    let kept = blocking::run(state, move |state| Ok(keep(state, &grant, &brought))).await??;
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
    Ok(response.body(text))
}

fn keep(state: &AppState, grant: &PassportGrant, brought: &Brought) -> Result<Upserted, Fault> {
    if let Some(own) = own_credential(&state.site, &brought.id) {
        return match state.registry.holder_of(own).map_err(Problem::from)? {
            Some(holder) if holder == grant.learner => Ok(Upserted::Replaced),
            _ => Err(Fault::invalid("It says that it was issued here, and is not this learner's.")),
        };
    }
    let received = Received {
        issuer: &brought.issuer,
        id: &brought.id,
        body: &brought.text,
        is_token: brought.is_token,
        valid_from: brought.valid_from,
    };
    let kept = state.registry.receive_credential(
        grant.learner,
        &received,
        state.clock.now(),
        state.entropy.as_ref(),
    );
    Ok(kept.map_err(Problem::from)?)
}
