//! `POST /credentials/status`: revokes or suspends what was signed with a status entry.

use actix_web::{HttpRequest, HttpResponse, web};
use issuing::{StatusPurpose, StatusTarget};
use serde_json::{Map, Value, json};

use super::request;
use crate::{
    blocking,
    problem::Problem,
    state::AppState,
    wire::vc_api::{StatusAnswer, StatusRequest},
};

/// Revoke or suspend a signed credential
///
/// Takes `{credentialId, credentialStatus, status}`. The entry is the one that
/// `credentialStatus` names by `statusListCredential` and `statusListIndex`, else
/// those of the credential with that id; `statusPurpose` in it says whether it is
/// for `revocation` (without it) or for `suspension`. `status` is true, or false to
/// take a suspension back: what is revoked stays so.
#[utoipa::path(
    post,
    path = "/credentials/status",
    operation_id = "setVcApiStatus",
    tag = "VC API",
    request_body = StatusRequest,
    responses(
        (status = 200, description = "`{status, wasAlready}`: it is revoked, suspended, or no longer suspended", body = StatusAnswer),
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
    let entry = members.shift_remove("credentialStatus").unwrap_or_default();
    let purpose = purpose(&entry)?;
    let set = match members.get("status") {
        None | Some(Value::Bool(true)) => true,
        Some(Value::Bool(false)) if purpose == StatusPurpose::Suspension => false,
        Some(Value::Bool(false)) => {
            return Err(request::option_fault("", "a revocation is for good", "`status` true"));
        }
        Some(_) => return Err(request::option_fault("", "`status` is no truth value", "true or false")),
    };
    let target = target(&entry, &members)?;
    let changed = blocking::run(&state, move |state| {
        Ok(match purpose {
            StatusPurpose::Revocation => state.service.revoke_signed(&target)?,
            StatusPurpose::Suspension => state.service.suspend_signed(&target, set)?,
        })
    })
    .await?;
    match changed {
        None => Err(Problem::not_found("status entry")),
        Some(changed) => Ok(HttpResponse::Ok()
            .insert_header(("cache-control", "no-store"))
            .json(json!({ "status": set, "wasAlready": !changed }))),
    }
}

/// What the entry is for; a revocation if it does not say.
fn purpose(entry: &Value) -> Result<StatusPurpose, Problem> {
    let Some(word) = entry.get("statusPurpose") else { return Ok(StatusPurpose::Revocation) };
    let known = StatusPurpose::ALL.into_iter().find(|purpose| word == purpose.as_str());
    known.ok_or_else(|| {
        request::option_fault("", "there is no such list here", "the purpose `revocation` or `suspension`")
    })
}

fn target(entry: &Value, members: &Map<String, Value>) -> Result<StatusTarget, Problem> {
    let text = |name: &str| entry.get(name).and_then(Value::as_str);
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
