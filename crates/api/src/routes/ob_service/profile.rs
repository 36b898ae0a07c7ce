//! `GET` and `PUT /ims/ob/v3p0/profile`: what a learner says of themselves.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header::CACHE_CONTROL},
    web,
};
use serde_json::Value;

use super::{access::grant, fault::Fault, scope};
use crate::{
    blocking, body,
    problem::Problem,
    state::AppState,
    wire::{protocols::StatusInfo, standards::Profile},
};

/// Bytes of a profile.
const LARGEST: usize = 64 * 1024;

/// Read the profile of a passport
#[utoipa::path(
    get,
    path = "/ims/ob/v3p0/profile",
    operation_id = "getPassportProfile",
    tag = "Passport",
    responses(
        (status = 200, description = "The profile", body = Profile),
        (status = 401, description = "The access token is not known or has ended", body = StatusInfo),
        (status = 403, description = "The learner did not grant this", body = StatusInfo),
        (status = 404, description = "There is no profile", body = StatusInfo),
    ),
)]
pub async fn read(request: HttpRequest, state: web::Data<AppState>) -> Result<HttpResponse, Problem> {
    match find(&request, &state).await {
        Ok(text) => Ok(answer(text)),
        Err(fault) => fault.answer(),
    }
}

/// Write the profile of a passport
///
/// A Profile of Open Badges 3.0, with `id` and `type`; it is kept as it came.
#[utoipa::path(
    put,
    path = "/ims/ob/v3p0/profile",
    operation_id = "writePassportProfile",
    tag = "Passport",
    request_body = Profile,
    responses(
        (status = 200, description = "The same again", body = Profile),
        (status = 400, description = "It is no Profile", body = StatusInfo),
        (status = 401, description = "The access token is not known or has ended", body = StatusInfo),
        (status = 403, description = "The learner did not grant this", body = StatusInfo),
    ),
)]
pub async fn write(
    request: HttpRequest,
    state: web::Data<AppState>,
    payload: web::Bytes,
) -> Result<HttpResponse, Problem> {
    match replace(&request, &state, &payload).await {
        Ok(text) => Ok(answer(text)),
        Err(fault) => fault.answer(),
    }
}

fn answer(text: String) -> HttpResponse {
    HttpResponse::Ok().content_type("application/json").insert_header((CACHE_CONTROL, "no-store")).body(text)
}

async fn find(request: &HttpRequest, state: &web::Data<AppState>) -> Result<String, Fault> {
    let grant = grant(request, state, scope::PROFILE_READ).await?;
    let found = blocking::registry(state, move |registry| registry.passport_profile(grant.learner)).await?;
    found.ok_or_else(|| {
        Fault::Status(StatusCode::NOT_FOUND, "not_found", "There is no profile yet.".to_owned())
    })
}

async fn replace(
    request: &HttpRequest,
    state: &web::Data<AppState>,
    payload: &[u8],
) -> Result<String, Fault> {
    let grant = grant(request, state, scope::PROFILE_WRITE).await?;
    let profile = body::json(request, payload)?;
    let types = profile.get("type");
    let is_profile = match types {
        Some(Value::Array(types)) => types.iter().any(|name| name == "Profile"),
        _ => false,
    };
    if profile.get("id").and_then(Value::as_str).is_none_or(str::is_empty) || !is_profile {
        return Err(Fault::invalid(
            "It must be an object with an `id`, whose `type` is an array with `Profile`.",
        ));
    }
    let text = profile.to_string();
    if text.len() > LARGEST {
        return Err(Fault::invalid(format!("It has {} bytes; at most {LARGEST} are kept.", text.len())));
    }
    let now = state.clock.now();
    let kept = text.clone();
    blocking::run(state, move |state| {
        Ok(state.registry.write_passport_profile(grant.learner, &kept, now, state.entropy.as_ref())?)
    })
    .await?;
    Ok(text)
}
