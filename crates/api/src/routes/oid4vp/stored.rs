//! What is kept of a request, and what is drawn from its secret.

use model::id::Slug;
use registry::PresentationRequestRecord;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{auth::secret::derived, blocking, problem::Problem, state::AppState};

/// What was asked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Asked {
    /// What the verifier is called.
    pub client_name: String,
    /// What it wants to know it for.
    pub purpose: String,
    /// The badges that are wanted.
    pub achievements: Vec<Slug>,
    /// The level that is to be met.
    pub level: Option<Slug>,
    /// Where the holder's browser goes afterwards.
    pub redirect_uri: Option<String>,
    /// The DCQL query.
    pub query: Value,
}

/// A request at its address, as long as it can be answered.
pub async fn open_at(
    state: &actix_web::web::Data<AppState>,
    secret: &str,
) -> Result<(PresentationRequestRecord, Asked), Problem> {
    let missing = || Problem::not_found("request that can still be answered");
    let (text, now) = (secret.to_owned(), state.clock.now());
    let found = blocking::registry(state, move |registry| registry.presentation_request_at(&text)).await?;
    let record =
        found.filter(|record| record.answered.is_none() && now <= record.expires).ok_or_else(missing)?;
    let asked = of(&record)?;
    Ok((record, asked))
}

/// What was asked by a request.
pub fn of(record: &PresentationRequestRecord) -> Result<Asked, Problem> {
    serde_json::from_value(record.asked.clone()).map_err(|error| Problem::internal(&error))
}

/// The nonce of the request with this secret.
pub fn nonce(secret: &str) -> String {
    derived("nonce", secret)
}
