//! `POST /v1/credentials/{id}/offers`: offer a badge to its holder's wallet; `GET` what came
//! of it.

use actix_web::{HttpRequest, HttpResponse, web};
use chrono::{DateTime, TimeDelta, Utc};
use model::{
    chance::Entropy,
    field::FieldError,
    id::{CredentialId, OfferId},
};
use registry::{CredentialRecord, CredentialState, NewOffer, OfferSummary};
use serde_json::Value;
use wallet::{Form, Offer, Profile, link_by_reference, link_by_value};

use super::secret::OfferSecret;
use crate::{
    auth::{caller::Caller, scope::Scope},
    blocking, body,
    problem::{Problem, table},
    routes::exchanges::interaction,
    state::AppState,
    wire::{
        ledger::rfc3339,
        wallet::{OfferAnswer, OfferItem, OfferRequest, OffersAnswer},
    },
};

/// Digits of a transaction code.
pub const DIGITS: usize = 6;
/// How long an offer lives, in seconds: at least, at most, and if nothing is said.
const SECONDS: (i64, i64, i64) = (60, 7 * 24 * 3600, 3600);

/// Offer a badge to a wallet
///
/// Makes an offer of one badge (OID4VCI 1.0, section 4) that its holder's wallet can take,
/// once, until it ends: as a link to open on their telephone, and as a QR code. Whoever has
/// the link has the badge; `interactionUrl` leads a wallet to whichever protocol it speaks, and
/// a browser to a page. With a transaction code, which is the rule, they also need that,
/// so send the two by different ways. Five wrong ones end the offer.
#[utoipa::path(
    post,
    path = "/v1/credentials/{id}/offers",
    operation_id = "createOffer",
    tag = "Wallets",
    params(("id" = String, Path, description = "The credential's UUID")),
    request_body = OfferRequest,
    responses(
        (status = 201, description = "The offer. Its secrets are shown this once", body = OfferAnswer),
        (status = 404, description = "No such credential of this provider"),
        (status = 409, description = "The credential is revoked or has ended"),
        (status = 422, description = "Some fields are wrong"),
    ),
    security(("oauth2" = ["wallets:offer"]), ("apiKey" = [])),
)]
pub async fn create(
    caller: Caller,
    request: HttpRequest,
    state: web::Data<AppState>,
    path: web::Path<String>,
    payload: web::Bytes,
) -> Result<HttpResponse, Problem> {
    caller.need(Scope::WalletsOffer)?;
    let id: CredentialId = super::super::segment(&path, "credential of this provider")?;
    let wanted = Wanted::read(&request, &payload)?;
    let answer = blocking::run(&state, move |state| offer(state, &caller, id, &wanted)).await?;
    metrics::counter!("lanyard_wallet_offers_total").increment(1);
    Ok(HttpResponse::Created().insert_header(("cache-control", "no-store")).json(answer))
}

/// What was offered
///
/// Every offer of a badge in the last weeks, and what came of it; no secrets.
#[utoipa::path(
    get,
    path = "/v1/credentials/{id}/offers",
    operation_id = "listOffers",
    tag = "Wallets",
    params(("id" = String, Path, description = "The credential's UUID")),
    responses(
        (status = 200, description = "The offers, the latest first", body = OffersAnswer),
        (status = 404, description = "No such credential of this provider"),
    ),
    security(("oauth2" = ["wallets:offer"]), ("apiKey" = [])),
)]
pub async fn list(
    caller: Caller,
    state: web::Data<AppState>,
    path: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    caller.need(Scope::WalletsOffer)?;
    let id: CredentialId = super::super::segment(&path, "credential of this provider")?;
    let answer = blocking::run(&state, move |state| {
        own(state, &caller, id)?;
        let now = state.clock.now();
        let offers = state.registry.offers_of(id)?;
        Ok(OffersAnswer { offers: offers.iter().map(|offer| item(offer, now)).collect() })
    })
    .await?;
    Ok(HttpResponse::Ok().insert_header(("cache-control", "no-store")).json(answer))
}

/// What is wanted.
struct Wanted {
    transaction_code: bool,
    lifetime: TimeDelta,
}

impl Wanted {
    fn read(request: &HttpRequest, payload: &[u8]) -> Result<Self, Problem> {
        let document = if payload.is_empty() {
            Value::Object(serde_json::Map::new())
        } else {
            body::json(request, payload)?
        };
        let fault = |pointer: &str, code, detail: &str, expected: &str| {
            FieldError::new(pointer, code, detail, expected)
        };
        let (least, most, usual) = SECONDS;
        let Some(members) = document.as_object() else {
            return Err(Problem::invalid(vec![fault(
                "",
                "not-an-object",
                "the body is not an object",
                "an object",
            )]));
        };
        let mut errors = Vec::new();
        for name in members.keys().filter(|name| !["transactionCode", "expiresIn"].contains(&name.as_str())) {
            let expected = "`transactionCode` or `expiresIn`";
            errors.push(fault(&format!("/{name}"), "unknown-member", "this member is not known", expected));
        }
        let transaction_code = match members.get("transactionCode") {
            None => true,
            Some(Value::Bool(wanted)) => *wanted,
            Some(_) => {
                errors.push(fault(
                    "/transactionCode",
                    "not-a-boolean",
                    "it is neither true nor false",
                    "true or false",
                ));
                true
            }
        };
        let seconds = match members.get("expiresIn") {
            None => usual,
            Some(value) => {
                value.as_i64().filter(|seconds| (least..=most).contains(seconds)).unwrap_or_else(|| {
                    let expected = format!("a number of seconds from {least} to {most}");
                    errors.push(fault(
                        "/expiresIn",
                        "out-of-range",
                        "it is no such number of seconds",
                        &expected,
                    ));
                    usual
                })
            }
        };
        if errors.is_empty() {
            Ok(Self { transaction_code, lifetime: TimeDelta::seconds(seconds) })
        } else {
            Err(Problem::invalid(errors))
        }
    }
}

/// A credential that the caller may offer.
fn own(state: &AppState, caller: &Caller, id: CredentialId) -> Result<CredentialRecord, Problem> {
    let record = state.registry.credential(id)?;
    let is_own = |record: &CredentialRecord| caller.confined_to().is_none_or(|slug| *slug == record.provider);
    record.filter(is_own).ok_or_else(|| Problem::not_found("credential of this provider"))
}

fn offer(
    state: &AppState,
    caller: &Caller,
    id: CredentialId,
    wanted: &Wanted,
) -> Result<OfferAnswer, Problem> {
    let record = own(state, caller, id)?;
    let now = state.clock.now();
    if record.state != CredentialState::Issued {
        return Err(Problem::new(&table::NOT_OFFERED, "The credential was revoked."));
    }
    if record.valid_until.is_some_and(|until| until < now) {
        return Err(Problem::new(&table::NOT_OFFERED, "The credential has ended."));
    }
    let entropy = state.entropy.as_ref();
    let (secret, offer_id) = (OfferSecret::generate(entropy), OfferId::random(entropy));
    let (code, issuer_state) = (secret.code(), secret.issuer_state());
    let transaction_code = wanted.transaction_code.then(|| digits(entropy));
    let expires = now + wanted.lifetime;
    let is_standard = state.wallet_profile == Profile::Standard;
    // The VC API has no place for a transaction code.
    let exchange = (is_standard && transaction_code.is_none()).then(|| secret.exchange());
    let kept = NewOffer {
        id: offer_id,
        credential: id,
        by: &caller.acting.client,
        code: &code,
        issuer_state: &issuer_state,
        transaction_code: transaction_code.as_deref(),
        exchange: exchange.as_deref(),
        expires,
    };
    state.registry.offer(&kept, now)?;
    let document = Offer {
        issuer: state.site.base(),
        forms: &Form::ALL,
        code: &code,
        digits: transaction_code.as_ref().map(|_| DIGITS),
        // At the authorisation endpoint the transaction code is all that shows whose it is.
        issuer_state: transaction_code.as_ref().filter(|_| is_standard).map(|_| issuer_state.as_str()),
    };
    let document = document.document();
    let by_reference = is_standard
        .then(|| link_by_reference(&state.site.url(&format!("/oid4vci/offers/{}", secret.reference()))));
    let by_value = link_by_value(&document);
    let shown = by_reference.as_ref().unwrap_or(&by_value);
    let qr = artwork::qr::svg(
        shown,
        "QR code: take this badge into your wallet / rhowch y bathodyn hwn yn eich waled",
    );
    Ok(OfferAnswer {
        id: offer_id.to_string(),
        expires_at: rfc3339(expires),
        qr_svg: qr.map_err(|error| Problem::internal(&error))?,
        offer: document,
        link: by_value,
        link_by_reference: by_reference,
        interaction_url: is_standard.then(|| interaction::url(state, secret.reference())),
        transaction_code,
    })
}

/// As many random digits as a transaction code has.
fn digits(entropy: &dyn Entropy) -> String {
    // 2^64 is so much larger than a million that every code is as likely.
    format!("{:06}", u64::from_be_bytes(entropy.array()) % 1_000_000)
}

fn item(offer: &OfferSummary, now: DateTime<Utc>) -> OfferItem {
    let state = match (&offer.taken, offer.is_void) {
        (Some(_), _) => "taken",
        (None, true) => "void",
        (None, false) if offer.expires < now => "expired",
        (None, false) => "open",
    };
    OfferItem {
        id: offer.id.to_string(),
        by: offer.by.clone(),
        created_at: rfc3339(offer.created),
        expires_at: rfc3339(offer.expires),
        state,
        taken_at: offer.taken.map(rfc3339),
        event: offer.event.clone(),
    }
}
