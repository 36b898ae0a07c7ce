//! Who a wallet is, and how it is refused: in the words of the specification (OID4VCI 1.0,
//! 8.3.1; RFC 6750, 3), not as a problem document.

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{AUTHORIZATION, CACHE_CONTROL, WWW_AUTHENTICATE},
    web,
};
use chrono::TimeDelta;
use registry::OfferRecord;
use serde_json::json;
use wallet::RequestError;

use crate::{blocking, problem::Problem, state::AppState};

/// How long a nonce is good for.
pub const NONCE_LIFETIME: TimeDelta = TimeDelta::minutes(5);

/// Why a wallet gets nothing.
pub enum Refusal {
    /// It has no token that is good.
    Token,
    /// Its request is not in order.
    Request(RequestError),
    /// It is none of the specification's.
    Problem(Problem),
}

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

impl From<RequestError> for Refusal {
    fn from(error: RequestError) -> Self {
        Self::Request(error)
    }
}

impl Refusal {
    /// The answer. Whoever must prove a key gets a nonce to do so, as draft 13 has it.
    pub fn answer(self, state: &AppState) -> Result<HttpResponse, Problem> {
        match self {
            Self::Problem(problem) => Err(problem),
            Self::Token => Ok(HttpResponse::Unauthorized()
                .insert_header((CACHE_CONTROL, "no-store"))
                .insert_header((WWW_AUTHENTICATE, "Bearer realm=\"lanyard\", error=\"invalid_token\""))
                .json(json!({
                    "error": "invalid_token",
                    "error_description": "The access token is not known or has ended.",
                }))),
            Self::Request(error) => {
                let mut body = json!({"error": error.code(), "error_description": error.to_string()});
                let is_about_proof =
                    matches!(error, RequestError::InvalidProof(_) | RequestError::InvalidNonce);
                if let Some(members) = body.as_object_mut().filter(|_| is_about_proof) {
                    let nonce = fresh_nonce(state);
                    members.insert("c_nonce".to_owned(), nonce.into());
                    members.insert("c_nonce_expires_in".to_owned(), NONCE_LIFETIME.num_seconds().into());
                }
                Ok(HttpResponse::BadRequest().insert_header((CACHE_CONTROL, "no-store")).json(body))
            }
        }
    }
}

/// A nonce for the next proof.
pub fn fresh_nonce(state: &AppState) -> String {
    state.registry.nonce(state.clock.now(), NONCE_LIFETIME, state.entropy.as_ref())
}

/// The offer for which the token of a request stands.
pub async fn offer_of(request: &HttpRequest, state: &web::Data<AppState>) -> Result<OfferRecord, Refusal> {
    let mut lines = request.headers().get_all(AUTHORIZATION);
    let (Some(line), None) = (lines.next(), lines.next()) else { return Err(Refusal::Token) };
    let token = line.to_str().ok().and_then(|line| line.split_once(' '));
    let token = token.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
    let Some((_, token)) = token else { return Err(Refusal::Token) };
    let (token, now) = (token.trim().to_owned(), state.clock.now());
    let found = blocking::registry(state, move |registry| registry.offer_of_token(&token, now)).await?;
    if found.is_none() {
        state.quotas.failure(request)?;
    }
    found.ok_or(Refusal::Token)
}
