//! `GET /v1/credentials/{id}/log-proof`: that a credential is in the log.

use actix_web::{HttpRequest, HttpResponse, web};
use issuing::InLog;
use model::id::CredentialId;

use crate::{
    blocking,
    caching::{Keep, answer},
    problem::{Problem, table},
    state::AppState,
    wire::log::CredentialProofDocument,
};

/// The proof that a credential is in the log
///
/// That it was issued and, if it was, revoked: the entries, where they lie, and the
/// inclusion proofs up to a signed checkpoint (RFC 9162, section 2.1.3). `opening` lets
/// whoever has the credential check that the entry stands for that very document.
#[utoipa::path(
    get,
    path = "/v1/credentials/{id}/log-proof",
    operation_id = "getLogProof",
    tag = "Log",
    params(("id" = String, Path, description = "The credential's UUID")),
    responses(
        (status = 200, description = "The proof", body = CredentialProofDocument),
        (status = 404, description = "No such credential"),
        (
            status = 409,
            description = "It is issued and not in the log yet; that takes about a second",
            headers(("Retry-After" = u64, description = "Seconds to wait")),
        ),
    ),
)]
pub async fn get(
    request: HttpRequest,
    state: web::Data<AppState>,
    path: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let id: CredentialId = super::super::segment(&path, "credential")?;
    let found = blocking::run(&state, move |state| Ok(state.service.log_proof(id)?)).await?;
    let proved = match found {
        None => return Err(Problem::not_found("credential")),
        Some(InLog::Waiting) => {
            let detail =
                "The credential is issued and waits for its place in the log. Ask again in a second.";
            return Err(Problem::new(&table::NOT_YET_LOGGED, detail).after(1));
        }
        Some(InLog::Proved(proved)) => proved,
    };
    let body = serde_json::to_string(&CredentialProofDocument::new(&proved));
    let body = body.map_err(|error| Problem::internal(&error))?;
    Ok(answer(&request, "application/json", body, Keep::AskFirst))
}
