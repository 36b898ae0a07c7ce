//! `POST /credentials/status`: revokes what was signed with a status entry.

use actix_web::{HttpRequest, HttpResponse, web};
use issuing::StatusTarget;
use serde_json::{Map, Value, json};

use super::request;
use crate::{blocking, problem::Problem, state::AppState};

/// Revoke a signed credential
///
/// Takes `{credentialId, credentialStatus, status}`. The entry is the one that
/// `credentialStatus` names by `statusListCredential` and `statusListIndex`, else
/// those of the credential with that id. `status` must be true: what is revoked
/// stays so.
#[utoipa::path(
    post,
    path = "/credentials/status",
    tag = "VC API",
    request_body(content((serde_json::Value = "application/json"))),
    responses(
        (status = 200, description = "It is revoked"),
        (status = 400, description = "A member is missing or not allowed"),
        (status = 404, description = "No such entry"),
    ),
    security((), ("oauth2" = ["credentials:issue"]), ("apiKey" = [])),
)]
pub async fn status(
    request: HttpRequest,
    state: web::Data<AppState>,
    payload: web::Bytes,
) -> Result<HttpResponse, Problem> {
    super::must_be_editor(&request, &state).await?;
    let mut members = request::members(&request, &payload)?;
    if members.get("status").is_some_and(|status| status != true) {
        return Err(request::option_fault("", "a revocation is for good", "`status` true"));
    }
    let target = target(&mut members)?;
    let changed = blocking::run(&state, move |state| Ok(state.service.revoke_signed(&target)?)).await?;
    match changed {
        None => Err(Problem::not_found("status entry")),
        Some(changed) => Ok(HttpResponse::Ok()
            .insert_header(("cache-control", "no-store"))
            .json(json!({ "status": true, "wasAlready": !changed }))),
    }
}

fn target(members: &mut Map<String, Value>) -> Result<StatusTarget, Problem> {
    let entry = members.shift_remove("credentialStatus").unwrap_or_default();
    let text = |name: &str| entry.get(name).and_then(Value::as_str);
    if text("statusPurpose").is_some_and(|purpose| purpose != "revocation") {
        return Err(request::option_fault("", "there is no such list here", "the purpose `revocation`"));
    }
    match (text("statusListCredential"), text("statusListIndex"), members.get("credentialId")) {
        (Some(list), Some(index), _) => {
            let index = index.parse();
            let index = index.map_err(|_| request::option_fault("", "the index is no number", "a number"))?;
            Ok(StatusTarget::Entry { list: list.to_owned(), index })
        }
        (_, _, Some(Value::String(id))) => Ok(StatusTarget::Credential(id.clone())),
        _ => Err(request::option_fault(
            "",
            "nothing names an entry",
            "`credentialId`, or `statusListCredential` and `statusListIndex` in `credentialStatus`",
        )),
    }
}
