//! Tokens for wallets: the pre-authorised code of an offer (OID4VCI 1.0, 6), and the
//! authorisation code with PKCE (RFC 6749, 4.1.3; RFC 7636).
//!
//! Wallets are not registered. What they show is that somebody gave them the offer, and the
//! transaction code with it.

use ::wallet::{CodeChallenge, authorization_details};
use actix_web::{HttpRequest, web};
use chrono::TimeDelta;
use registry::{NewWalletToken, OfferRecord, Taken};
use secrecy::ExposeSecret as _;
use serde_json::Value;

use super::token::{Form, Refusal, TokenAnswer};
use crate::{auth::secret::fresh, blocking, routes::oid4vci::credential::identifier, state::AppState};

/// Takes an offer by its pre-authorised code.
pub(super) async fn pre_authorised(
    request: &HttpRequest,
    state: &web::Data<AppState>,
    form: &Form,
) -> Result<TokenAnswer, Refusal> {
    let code = form.get("pre-authorized_code")?;
    let code = code.ok_or_else(|| Refusal::of("invalid_request", "There is no pre-authorized_code."))?;
    let transaction_code = form.get("tx_code")?;
    let wants = wants_details(form)?;
    let (token, now) = (fresh("lyw_", state.entropy.as_ref()), state.clock.now());
    let taken = blocking::registry(state, {
        let (token, expires) = (token.clone(), now + lifetime(state));
        move |registry| {
            let token = NewWalletToken { token: token.expose_secret(), expires };
            registry.take_offer(&code, transaction_code.as_deref(), token, now)
        }
    })
    .await?;
    let offer = taken_or_refused(request, state, taken)?;
    Ok(answer(state, token.expose_secret(), &offer, wants))
}

/// Exchanges an authorisation code.
pub(super) async fn by_code(
    request: &HttpRequest,
    state: &web::Data<AppState>,
    form: &Form,
) -> Result<TokenAnswer, Refusal> {
    let needed = |name: &'static str| {
        form.get(name)?.ok_or_else(|| Refusal::of("invalid_request", format!("There is no {name}.")))
    };
    let (code, redirect_uri, client_id) = (needed("code")?, needed("redirect_uri")?, needed("client_id")?);
    let challenge = CodeChallenge::of(&needed("code_verifier")?).ok_or_else(|| {
        Refusal::of("invalid_request", "code_verifier must be 43 to 128 unreserved characters.")
    })?;
    let wants = wants_details(form)?;
    let (token, now) = (fresh("lyw_", state.entropy.as_ref()), state.clock.now());
    let taken = blocking::registry(state, {
        let (token, expires) = (token.clone(), now + lifetime(state));
        move |registry| {
            let token = NewWalletToken { token: token.expose_secret(), expires };
            let bound = [client_id.as_str(), redirect_uri.as_str(), challenge.as_str()];
            registry.exchange_code(&code, &bound, token, now)
        }
    })
    .await?;
    let offer = taken_or_refused(request, state, taken)?;
    Ok(answer(state, token.expose_secret(), &offer, wants))
}

/// The offer, or why it was not taken (OID4VCI 1.0, 6.3). Guessing costs from a quota.
fn taken_or_refused(
    request: &HttpRequest,
    state: &web::Data<AppState>,
    taken: Taken,
) -> Result<OfferRecord, Refusal> {
    let refusal = match taken {
        Taken::Offer(offer) => return Ok(offer),
        Taken::Unknown => {
            Refusal::of("invalid_grant", "The code is not known, has ended, was used, or is another's.")
        }
        Taken::CodeWrong { left } => {
            Refusal::of("invalid_grant", format!("The tx_code is wrong; it can be tried {left} more times."))
        }
        Taken::CodeMissing => return Err(Refusal::of("invalid_request", "The offer asks for a tx_code.")),
        Taken::CodeUnexpected => {
            return Err(Refusal::of("invalid_request", "The offer asks for no tx_code."));
        }
    };
    state.quotas.failure(request)?;
    Err(refusal)
}

/// Whether the wallet asked to be told the names of what it can have (OID4VCI 1.0, 6.2).
fn wants_details(form: &Form) -> Result<bool, Refusal> {
    let Some(text) = form.get("authorization_details")? else { return Ok(false) };
    let refused =
        || Refusal::of("invalid_request", "authorization_details must be an array of openid_credential.");
    let details =
        proof::json::parse(text.as_bytes(), &proof::json::Limits::default()).map_err(|_| refused())?;
    let details = details.as_array().filter(|details| !details.is_empty()).ok_or_else(refused)?;
    let is_ours = |detail: &Value| detail.get("type").and_then(Value::as_str) == Some("openid_credential");
    if details.iter().all(is_ours) { Ok(true) } else { Err(refused()) }
}

fn lifetime(state: &AppState) -> TimeDelta {
    TimeDelta::from_std(state.limits.token_lifetime).unwrap_or_default()
}

fn answer(state: &AppState, token: &str, offer: &OfferRecord, wants_details: bool) -> TokenAnswer {
    let details = || authorization_details(|form| identifier(offer, form));
    TokenAnswer {
        access_token: token.to_owned(),
        token_type: "bearer",
        expires_in: state.limits.token_lifetime.as_secs(),
        scope: None,
        refresh_token: None,
        authorization_details: wants_details.then(details),
    }
}
