//! `GET` and `POST /oauth2/authorize`: the authorisation endpoint for wallets (RFC 6749, 4.1;
//! OID4VCI 1.0, 5), with PKCE.
//!
//! Nobody can sign in as a learner yet. So all it accepts is the `issuer_state` of an offer,
//! and it asks whoever is there for that offer's transaction code.

use ::wallet::{Asking, AskingError};
use ::web::{OfferFault, OfferPage};
use actix_web::{
    HttpRequest, HttpResponse,
    http::{
        StatusCode,
        header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY},
    },
    web,
};
use chrono::TimeDelta;
use registry::Taken;
use secrecy::ExposeSecret as _;
use url::form_urlencoded;

use crate::{
    auth::secret::fresh,
    blocking, body, pages,
    problem::{Problem, table},
    state::AppState,
};

/// How long an authorisation code can be exchanged (RFC 6749, 4.1.2: ten minutes at most).
const CODE_LIFETIME: TimeDelta = TimeDelta::minutes(1);
const PATH: &str = "/oauth2/authorize";

/// The page that asks for the transaction code.
pub async fn show(request: HttpRequest, state: web::Data<AppState>) -> Result<HttpResponse, Problem> {
    let asking = read(&state, request.query_string().as_bytes())?;
    let (issuer_state, now) = (asking.issuer_state.clone(), state.clock.now());
    let offer =
        blocking::registry(&state, move |registry| registry.offer_by_state(&issuer_state, now)).await?;
    if offer.is_none_or(|offer| !offer.has_transaction_code) {
        return Err(gone());
    }
    Ok(page(&state, &pages::target(&request), StatusCode::OK, &asking, None))
}

/// The page as it was sent: the way back to the wallet, or the page again with what is wrong.
pub async fn submit(
    request: HttpRequest,
    state: web::Data<AppState>,
    payload: web::Bytes,
) -> Result<HttpResponse, Problem> {
    body::must_be_form(&request)?;
    let asking = read(&state, &payload)?;
    let typed = form_urlencoded::parse(&payload).find(|(name, _)| name == "tx_code");
    let typed: String =
        typed.map(|(_, value)| value.chars().filter(|c| !c.is_whitespace()).collect()).unwrap_or_default();
    let is_welsh = ::web::Lang::of_query(request.query_string()) == ::web::Lang::Cy;
    let target = target(&asking, is_welsh);
    if typed.is_empty() {
        return Ok(page(
            &state,
            &target,
            StatusCode::UNPROCESSABLE_ENTITY,
            &asking,
            Some(OfferFault::Missing),
        ));
    }
    let (code, now) = (fresh("", state.entropy.as_ref()), state.clock.now());
    let taken = blocking::registry(&state, {
        let (code, asking) = (code.clone(), asking.clone());
        move |registry| {
            let bound = [asking.client_id.as_str(), asking.redirect_uri.as_str(), asking.challenge.as_str()];
            let code = (code.expose_secret(), bound.as_slice());
            registry.authorise_offer(&asking.issuer_state, Some(&typed), code, now + CODE_LIFETIME, now)
        }
    })
    .await?;
    match taken {
        Taken::Offer(_) => {
            let back = asking.with_code(code.expose_secret(), state.site.base());
            let back = back.ok_or_else(|| Problem::internal(&"a redirect address that was read is none"))?;
            Ok(super::back_to(&back))
        }
        Taken::CodeWrong { left } => {
            state.quotas.failure(&request)?;
            let fault = if left == 0 { OfferFault::Void } else { OfferFault::Wrong { left } };
            Ok(page(&state, &target, StatusCode::UNPROCESSABLE_ENTITY, &asking, Some(fault)))
        }
        Taken::Unknown | Taken::CodeMissing | Taken::CodeUnexpected => Err(gone()),
    }
}

fn read(state: &AppState, text: &[u8]) -> Result<Asking, Problem> {
    let parameters: Vec<(String, String)> = form_urlencoded::parse(text).into_owned().collect();
    Asking::read(&parameters, &state.wallet_redirects).map_err(|error: AskingError| {
        Problem::malformed(format!("The wallet's request is refused: {error}."))
    })
}

fn gone() -> Problem {
    let detail = "There is no such offer, it was taken, or it has ended. Ask for a new one.";
    Problem::new(&table::NOT_FOUND, detail)
}

/// The page's own address, which its switch of language leads to.
fn target(asking: &Asking, is_welsh: bool) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(asking.parameters());
    if is_welsh {
        query.append_pair("lang", "cy");
    }
    format!("{PATH}?{}", query.finish())
}

fn page(
    state: &AppState,
    target: &str,
    status: StatusCode,
    asking: &Asking,
    fault: Option<OfferFault>,
) -> HttpResponse {
    let back = asking.form_action().unwrap_or_default();
    let page = OfferPage {
        hidden: asking.parameters().into_iter().map(|(name, value)| (name, value.to_owned())).collect(),
        wallet: back.clone(),
        fault,
    };
    // A form that leads to another place must be allowed to (CSP 3, 6.5.1).
    let policy = ::web::CSP.replace("form-action 'self'", &format!("form-action 'self' {back}"));
    HttpResponse::build(status)
        .content_type("text/html; charset=utf-8")
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((REFERRER_POLICY, "no-referrer"))
        .insert_header((CONTENT_SECURITY_POLICY, policy))
        .body(page.render(&pages::chrome(state, target)))
}
