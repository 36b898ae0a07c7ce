//! `POST /credentials/issue`: signs a credential.

use actix_web::{HttpRequest, HttpResponse, web};
use issuing::{CredentialOrder, StatusPurpose};
use model::vc::credential_faults;
use serde_json::{Map, Value, json};

use super::request;
use crate::{
    blocking,
    problem::Problem,
    state::AppState,
    wire::vc_api::{IssueRequest, SignedAnswer},
};

/// The suite when none is asked for.
const DEFAULT_SUITE: &str = "eddsa-rdfc-2022";

/// Sign a credential
///
/// Takes `{credential, options}` and signs the credential as it is, as the
/// organisation at the root of this service. `options.cryptosuite` (or `type`) is
/// the suite; `options.statusPurpose` asks for a status entry, for `revocation`,
/// `suspension` or a list of both; `options.mandatoryPointers` is for `ecdsa-sd-2023`. In production it takes the
/// scope `credentials:issue` and a client of the Academy's.
#[utoipa::path(
    post,
    path = "/credentials/issue",
    operation_id = "issueVcApiCredential",
    tag = "VC API",
    request_body = IssueRequest,
    responses(
        (status = 201, description = "`{verifiableCredential}`", body = SignedAnswer),
        (status = 400, description = "The credential breaks the data model, or has no canonical form"),
    ),
    security((), ("oauth2" = ["credentials:issue"]), ("apiKey" = [])),
)]
pub async fn issue(
    request: HttpRequest,
    state: web::Data<AppState>,
    payload: web::Bytes,
) -> Result<HttpResponse, Problem> {
    super::must_be_editor(&request, &state).await?;
    let mut members = request::members(&request, &payload)?;
    let mut credential = request::subject(&mut members, "credential")?;
    let order = order(&request::options(&mut members)?)?;
    let unnamed = credential.get("issuer").is_none();
    if let Some(members) = credential.as_object_mut().filter(|_| unnamed) {
        // Whoever leaves the issuer out gets ours; until then it stands for one.
        members.insert("issuer".to_owned(), json!(state.site.base()));
    }
    request::conforming("credential", credential_faults(&credential))?;
    if let Some(members) = credential.as_object_mut().filter(|_| unnamed) {
        members.shift_remove("issuer");
    }
    let signed = blocking::run(&state, move |state| {
        state.service.sign_credential(credential, &order).map_err(request::not_signed)
    })
    .await?;
    metrics::counter!("lanyard_vc_api_credentials_signed_total").increment(1);
    Ok(HttpResponse::Created()
        .insert_header(("cache-control", "no-store"))
        .json(json!({ "verifiableCredential": signed })))
}

fn order(options: &Map<String, Value>) -> Result<CredentialOrder, Problem> {
    let suite = match request::text(options, "cryptosuite")? {
        Some(suite) => Some(suite),
        None => request::text(options, "type")?.filter(|name| name != "DataIntegrityProof"),
    };
    Ok(CredentialOrder {
        cryptosuite: suite.unwrap_or_else(|| DEFAULT_SUITE.to_owned()),
        status: asks_for_status(options)?,
        credential_id: request::text(options, "credentialId")?,
        mandatory: request::texts(options, "mandatoryPointers")?,
    })
}

/// The purposes that `statusPurpose` names, or a `credentialStatus` that says them:
/// one, or a list of them.
fn asks_for_status(options: &Map<String, Value>) -> Result<Vec<StatusPurpose>, Problem> {
    let (at, asked) = match (options.get("statusPurpose"), options.get("credentialStatus")) {
        (Some(purpose), _) => ("/statusPurpose", purpose),
        (None, Some(status)) => ("/credentialStatus", status),
        (None, None) => return Ok(Vec::new()),
    };
    let each = match asked {
        Value::Array(list) => list.as_slice(),
        one => std::slice::from_ref(one),
    };
    let mut purposes = Vec::new();
    for one in each {
        let word = one.get("statusPurpose").unwrap_or(one);
        let known = StatusPurpose::ALL.into_iter().find(|purpose| word == purpose.as_str());
        let purpose = known.ok_or_else(|| {
            request::option_fault(at, "there is no such list here", "`revocation`, `suspension`")
        })?;
        if !purposes.contains(&purpose) {
            purposes.push(purpose);
        }
    }
    Ok(purposes)
}
