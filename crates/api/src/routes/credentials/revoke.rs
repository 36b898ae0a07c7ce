//! `POST /v1/credentials/{id}/revoke`: takes a credential back.

use actix_web::{HttpRequest, HttpResponse, web};
use model::{field::FieldError, id::CredentialId};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    auth::{caller::Caller, scope::Scope},
    blocking, body,
    problem::Problem,
    state::AppState,
    wire::ledger::rfc3339,
};

/// Why a credential is taken back.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({ "reason": "Issued to the wrong person" }))]
#[serde(deny_unknown_fields)]
pub struct RevokeRequest {
    /// The reason, 1 to 500 characters. It is recorded, not published.
    #[schema(max_length = 500, min_length = 1)]
    pub reason: String,
}

/// A credential that was taken back.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RevokeAnswer {
    /// The credential's UUID.
    #[schema(format = Uuid)]
    pub id: String,
    /// When it was taken back.
    #[schema(format = DateTime)]
    pub revoked_at: String,
    /// Why.
    pub reason: String,
    /// Whether it had been taken back before; then nothing changed.
    pub was_already_revoked: bool,
    /// The status list that says so to everybody.
    #[schema(format = "uri")]
    pub status_list: String,
}

/// Revoke a credential
///
/// Shows at once on its page, in the status list and in every verification.
/// Revoking twice changes nothing: the first time and reason stand.
#[utoipa::path(
    post,
    path = "/v1/credentials/{id}/revoke",
    operation_id = "revokeCredential",
    tag = "Credentials",
    params(("id" = String, Path, description = "The credential's UUID")),
    request_body = RevokeRequest,
    responses(
        (status = 200, description = "It is revoked", body = RevokeAnswer),
        (status = 404, description = "No such credential of this provider"),
        (status = 422, description = "The reason is missing or too long"),
    ),
    security(("oauth2" = ["credentials:revoke"]), ("apiKey" = [])),
)]
pub async fn revoke(
    caller: Caller,
    request: HttpRequest,
    state: web::Data<AppState>,
    path: web::Path<String>,
    payload: web::Bytes,
) -> Result<HttpResponse, Problem> {
    caller.need(Scope::CredentialsRevoke)?;
    let id: CredentialId = super::super::segment(&path, "credential of this provider")?;
    let reason = reason_of(&body::json(&request, &payload)?)?;
    let revocation =
        blocking::run(&state, move |state| Ok(state.service.revoke(&caller.acting, id, &reason)?)).await?;
    metrics::counter!("lanyard_credentials_revoked_total").increment(u64::from(!revocation.was_already));
    Ok(HttpResponse::Ok().insert_header(("cache-control", "no-store")).json(RevokeAnswer {
        id: id.to_string(),
        revoked_at: rfc3339(revocation.at),
        reason: revocation.reason,
        was_already_revoked: revocation.was_already,
        status_list: state.site.status_list(revocation.status_list),
    }))
}

fn reason_of(document: &serde_json::Value) -> Result<String, Problem> {
    let fault = |pointer: String, code, detail: &str| {
        FieldError::new(pointer, code, detail, "an object with one member `reason`, a string")
    };
    let Some(members) = document.as_object() else {
        return Err(Problem::invalid(vec![fault(
            String::new(),
            "not-an-object",
            "the body is not an object",
        )]));
    };
    let mut errors: Vec<_> = members
        .keys()
        .filter(|name| *name != "reason")
        .map(|name| fault(format!("/{name}"), "unknown-member", "this member is not known"))
        .collect();
    let reason = members.get("reason").and_then(|reason| reason.as_str());
    if reason.is_none() {
        errors.push(fault("/reason".to_owned(), "reason-required", "there is no reason"));
    }
    match reason {
        Some(reason) if errors.is_empty() => Ok(reason.to_owned()),
        _ => Err(Problem::invalid(errors)),
    }
}
