//! `POST /oid4vci/credential`: a badge for a wallet (OID4VCI 1.0, 8).

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header::CACHE_CONTROL},
    web,
};
use issuing::IssuingError;
use model::id::WalletIssueId;
use registry::{CredentialRecord, CredentialState, Issue, OfferRecord, RegistryError};
use serde_json::{Value, json};
use signing::SigningError;
use wallet::{CredentialRequest, Form, Holder, RequestError, Wanted};

use super::refusal::{NONCE_LIFETIME, Refusal, fresh_nonce, offer_of};
use crate::{
    blocking, body,
    problem::Problem,
    state::AppState,
    wire::{
        protocols::{ProtocolError, WalletCredentialAnswer},
        standards::WalletCredentialRequest,
    },
};

/// Seconds after which a wallet asks again for what was deferred.
const INTERVAL: u32 = 5;

/// Take a badge
///
/// For the access token of an offer, in the form of a `credential_configuration_id` or a
/// `credential_identifier`. The SD-JWT VC is bound to the key that `proofs` prove, and an
/// offer to the first such key; the other forms are the same bytes for everybody. Requests
/// in the words of draft 13 (`format`, `proof`) are answered in them.
#[utoipa::path(
    post,
    path = "/oid4vci/credential",
    operation_id = "takeWalletCredential",
    tag = "Wallets",
    request_body = WalletCredentialRequest,
    responses(
        (status = 200, description = "The badge: `credentials`, and a `notification_id`", body = WalletCredentialAnswer),
        (status = 202, description = "It cannot be signed just now: a `transaction_id` to ask with after `interval` seconds", body = WalletCredentialAnswer),
        (status = 400, description = "The request is refused, by a code of OID4VCI 1.0, section 8.3.1", body = ProtocolError),
        (status = 401, description = "The access token is not known or has ended", body = ProtocolError),
    ),
)]
pub async fn credential(
    request: HttpRequest,
    state: web::Data<AppState>,
    payload: web::Bytes,
) -> Result<HttpResponse, Problem> {
    match issue(&request, &state, &payload).await {
        Ok(given) => Ok(given.answer(&state)),
        Err(refusal) => refusal.answer(&state),
    }
}

/// What a wallet is given.
pub struct Given {
    /// The credential, or that it will come.
    pub credential: Option<Value>,
    /// By which the wallet names it afterwards.
    pub id: WalletIssueId,
    /// Whether it asked in the words of draft 13.
    pub is_draft: bool,
}

impl Given {
    /// The answer.
    pub fn answer(self, state: &AppState) -> HttpResponse {
        let id = self.id.to_string();
        let (status, mut body) = match self.credential {
            None => (StatusCode::ACCEPTED, json!({"transaction_id": id, "interval": INTERVAL})),
            Some(credential) if self.is_draft => {
                (StatusCode::OK, json!({"credential": credential, "notification_id": id}))
            }
            Some(credential) => {
                (StatusCode::OK, json!({"credentials": [{"credential": credential}], "notification_id": id}))
            }
        };
        if let Some(members) = body.as_object_mut().filter(|_| self.is_draft) {
            members.insert("c_nonce".to_owned(), fresh_nonce(state).into());
            members.insert("c_nonce_expires_in".to_owned(), NONCE_LIFETIME.num_seconds().into());
        }
        HttpResponse::build(status).insert_header((CACHE_CONTROL, "no-store")).json(body)
    }
}

async fn issue(request: &HttpRequest, state: &web::Data<AppState>, payload: &[u8]) -> Result<Given, Refusal> {
    let offer = offer_of(request, state).await?;
    let asked = CredentialRequest::read(&body::json(request, payload)?, &state.site.credential_type())?;
    let form = form(&asked.wanted, &offer)?;
    let given = blocking::run(state, move |state| Ok(give(state, &offer, form, &asked))).await?;
    if given.is_ok() {
        metrics::counter!("lanyard_wallet_credentials_total", "form" => form.format()).increment(1);
    }
    given
}

fn form(wanted: &Wanted, offer: &OfferRecord) -> Result<Form, Refusal> {
    match wanted {
        Wanted::Form(form) => Ok(*form),
        Wanted::Identifier(name) => {
            let form = Form::ALL.into_iter().find(|form| identifier(offer, *form) == *name);
            form.ok_or_else(|| RequestError::UnknownIdentifier(name.clone()).into())
        }
    }
}

/// The name of a form of the offered badge, in a token's answer.
pub fn identifier(offer: &OfferRecord, form: Form) -> String {
    format!("{}.{}", offer.credential, form.configuration())
}

fn give(
    state: &AppState,
    offer: &OfferRecord,
    form: Form,
    asked: &CredentialRequest,
) -> Result<Given, Refusal> {
    let record = standing(state, offer)?;
    let holder = proved(state, asked)?;
    if form.is_bound() {
        let holder = holder.ok_or_else(|| {
            RequestError::InvalidProof("there is none, and this form is bound to the wallet's key".to_owned())
        })?;
        let bound = state.registry.bind_offer(offer.id, &holder.jwk.to_string(), state.entropy.as_ref());
        if !bound.map_err(Problem::from)? {
            let why = "this offer is bound to another key; ask for a new offer".to_owned();
            return Err(RequestError::InvalidProof(why).into());
        }
    }
    let credential = made(state, &record, offer, form)?;
    let id = WalletIssueId::random(state.entropy.as_ref());
    let note = Issue { id, offer: offer.id, form: form.format(), is_given: credential.is_some() };
    state.registry.record_issue(&note, state.clock.now()).map_err(Problem::from)?;
    Ok(Given { credential, id, is_draft: asked.is_draft })
}

/// The badge of an offer, if it stands.
pub fn standing(state: &AppState, offer: &OfferRecord) -> Result<CredentialRecord, Refusal> {
    let denied = |why: &str| Refusal::Request(RequestError::Denied(why.to_owned()));
    match state.registry.credential(offer.credential) {
        Ok(Some(record)) if record.state == CredentialState::Issued => Ok(record),
        Ok(Some(_)) => Err(denied("the badge was revoked")),
        Ok(None) | Err(RegistryError::Erased) => Err(denied("there is no such badge any more")),
        Err(error) => Err(Problem::from(error).into()),
    }
}

/// Whoever proved a key with a nonce of ours; the nonce is used up by a proof that is good
/// and by no other.
fn proved(state: &AppState, asked: &CredentialRequest) -> Result<Option<Holder>, Refusal> {
    let Some(proof) = &asked.proof else { return Ok(None) };
    let now = state.clock.now();
    let holder = wallet::holder(proof, state.site.base(), now)?;
    let nonce = holder.nonce.as_deref().unwrap_or_default();
    if state.registry.use_nonce(nonce, now).map_err(Problem::from)? {
        Ok(Some(holder))
    } else {
        Err(RequestError::InvalidNonce.into())
    }
}

/// The badge in a form; `None` while what signs does not answer.
pub fn made(
    state: &AppState,
    record: &CredentialRecord,
    offer: &OfferRecord,
    form: Form,
) -> Result<Option<Value>, Refusal> {
    let token = match form {
        Form::LdpVc => {
            let document = serde_json::from_str(&record.data_integrity);
            return Ok(Some(document.map_err(|error| Problem::internal(&error))?));
        }
        Form::JwtVcJson => state.service.vc_jwt(record).map(Some),
        Form::DcSdJwt => {
            let key = state.registry.key_of_offer(offer.id).map_err(Problem::from)?;
            let key = key.ok_or_else(|| Problem::internal(&"an offer that must be bound is not"))?;
            let key: Value = serde_json::from_str(&key).map_err(|error| Problem::internal(&error))?;
            state.service.selective_for(record.id, &key)
        }
    };
    let denied = |why: &str| Err(Refusal::Request(RequestError::Denied(why.to_owned())));
    match token {
        Ok(Some(token)) => Ok(Some(token.into())),
        Ok(None) => denied("the badge was issued before there was this form; take another"),
        Err(IssuingError::Signing(SigningError::Token { .. })) => Ok(None),
        Err(IssuingError::Signing(SigningError::Compromised { .. })) => {
            denied("the key of this form was reported as compromised; take another form")
        }
        Err(error) => Err(Problem::from(error).into()),
    }
}
