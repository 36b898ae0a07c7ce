//! `POST /v1/log/cosignatures`: what a witness says of a checkpoint.

use actix_web::{HttpRequest, HttpResponse, http::header::CACHE_CONTROL, web};
use issuing::CosignError;
use proof::log::SignedNote;

use crate::{
    blocking, body,
    problem::{Problem, table},
    state::AppState,
};

/// Hand over a cosignature
///
/// A checkpoint of this log with the signature of a witness that the operator has
/// named (C2SP tlog-cosignature). Signatures by others are passed over.
#[utoipa::path(
    post,
    path = "/v1/log/cosignatures",
    operation_id = "addCosignature",
    tag = "Log",
    request_body(description = "The checkpoint and its signatures", content = String, content_type = "text/plain"),
    responses(
        (status = 204, description = "It is kept, and served with the checkpoint"),
        (status = 400, description = "It is no signed checkpoint, or a signature does not verify"),
        (status = 403, description = "No witness that is known here signed it"),
        (status = 404, description = "This log signed no such checkpoint"),
    ),
)]
pub async fn add(
    request: HttpRequest,
    state: web::Data<AppState>,
    payload: String,
) -> Result<HttpResponse, Problem> {
    let essence = body::media_type(&request);
    if essence != "text/plain" {
        return Err(body::unsupported(&essence, &["text/plain"]));
    }
    let note: SignedNote = payload.parse().map_err(|error| Problem::malformed(format!("{error}.")))?;
    blocking::run(&state, move |state| {
        state.service.add_cosignatures(&state.witnesses, &note).map_err(|error| match error {
            CosignError::Invalid(detail) => Problem::malformed(format!("{detail}.")),
            CosignError::UnknownWitness => Problem::new(&table::FORBIDDEN, format!("{error}.")),
            CosignError::UnknownCheckpoint(_) => Problem::not_found("checkpoint of this log"),
            CosignError::Internal(error) => error.into(),
        })
    })
    .await?;
    Ok(HttpResponse::NoContent().insert_header((CACHE_CONTROL, "no-store")).finish())
}
