//! `POST /credentials/derive`: discloses a part of a credential.

use actix_web::{HttpRequest, HttpResponse, web};
use proof::{
    canon::Processor,
    suite::{ProofError, ecdsa_sd_2023},
};
use serde_json::{Value, json};

use super::request;
use crate::{
    blocking,
    problem::Problem,
    state::AppState,
    wire::vc_api::{DeriveRequest, SignedAnswer},
};

/// Derive from a credential
///
/// Takes `{verifiableCredential, options: {selectivePointers}}` with a base proof
/// by `ecdsa-sd-2023`; answers with what is mandatory and what the JSON pointers
/// choose, and a derived proof. No key of this service takes part.
#[utoipa::path(
    post,
    path = "/credentials/derive",
    operation_id = "deriveVcApiCredential",
    tag = "VC API",
    request_body = DeriveRequest,
    responses(
        (status = 201, description = "`{verifiableCredential}`", body = SignedAnswer),
        (status = 400, description = "There is no base proof, or a pointer chooses nothing"),
    ),
)]
pub async fn derive(
    request: HttpRequest,
    state: web::Data<AppState>,
    payload: web::Bytes,
) -> Result<HttpResponse, Problem> {
    let (credential, options) = request::credential(&request, &payload)?;
    request::conforming_credential(&credential)?;
    let pointers = request::texts(&options, "selectivePointers")?.unwrap_or_default();
    let derived = blocking::run(&state, move |_| {
        let failed = |error: &ProofError| request::not_proved(request::CREDENTIAL, error);
        let proof =
            base_proof(&credential).ok_or_else(|| failed(&ProofError::UnknownSuite("none".into())))?;
        ecdsa_sd_2023::derive(Processor::general(), &credential, proof, &pointers)
            .map_err(|error| failed(&error))
    })
    .await?;
    Ok(HttpResponse::Created()
        .insert_header(("cache-control", "no-store"))
        .json(json!({ request::CREDENTIAL: derived })))
}

/// The first proof by the suite.
fn base_proof(credential: &Value) -> Option<&Value> {
    let proofs = credential.get("proof")?;
    let proofs = proofs.as_array().map_or(std::slice::from_ref(proofs), Vec::as_slice);
    proofs.iter().find(|proof| proof.get("cryptosuite").is_some_and(|suite| suite == ecdsa_sd_2023::NAME))
}
