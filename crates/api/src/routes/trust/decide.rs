//! `POST /v1/trust/entries` and `POST /v1/trust/entries/withdrawal`: the registrar puts an
//! issuer on a list, or takes it off.

use actix_web::{HttpRequest, HttpResponse, http::header::CACHE_CONTROL, web};
use model::{field::FieldError, id::Slug, trust::Entry};
use registry::Decided;

use crate::{
    auth::{caller::Caller, scope::Scope},
    blocking, body,
    problem::{Problem, table},
    routes::learners::need_academy,
    state::AppState,
    wire::trust::{TrustEntryAnswer, TrustEntryRequest, TrustWithdrawalRequest},
};

/// Trust an issuer
///
/// Puts an issuer on a list, from then on, beside what the list says itself; posted again, with
/// another name or other days, it is changed. Every decision is kept. Reports say `trust-registered`.
#[utoipa::path(
    post,
    path = "/v1/trust/entries",
    operation_id = "addTrustEntry",
    tag = "Verification",
    request_body = TrustEntryRequest,
    responses(
        (status = 201, description = "It is recorded", body = TrustEntryAnswer),
        (status = 200, description = "The list names it so already", body = TrustEntryAnswer),
        (status = 403, description = "The client is not the Academy's"),
        (status = 422, description = "Some fields are wrong, or there is no such list"),
    ),
    security(("oauth2" = ["trust:write"]), ("apiKey" = [])),
)]
pub async fn add(
    caller: Caller,
    request: HttpRequest,
    state: web::Data<AppState>,
    payload: web::Bytes,
) -> Result<HttpResponse, Problem> {
    may(&caller)?;
    let entry = model::parse::trust_entry(&body::json(&request, &payload)?).map_err(Problem::invalid)?;
    decide(&state, caller, entry).await
}

/// Take an issuer off a list
///
/// Undoes what was posted to `/v1/trust/entries`, for badges of all days; to go on trusting what
/// was awarded before a day, change `until` instead. What a list says itself stays.
#[utoipa::path(
    post,
    path = "/v1/trust/entries/withdrawal",
    operation_id = "withdrawTrustEntry",
    tag = "Verification",
    request_body = TrustWithdrawalRequest,
    responses(
        (status = 201, description = "It is recorded", body = TrustEntryAnswer),
        (status = 403, description = "The client is not the Academy's"),
        (status = 404, description = "The registrar has not put it on that list"),
        (status = 422, description = "Some fields are wrong, or there is no such list"),
    ),
    security(("oauth2" = ["trust:write"]), ("apiKey" = [])),
)]
pub async fn withdraw(
    caller: Caller,
    request: HttpRequest,
    state: web::Data<AppState>,
    payload: web::Bytes,
) -> Result<HttpResponse, Problem> {
    may(&caller)?;
    let entry = model::parse::trust_withdrawal(&body::json(&request, &payload)?).map_err(Problem::invalid)?;
    decide(&state, caller, entry).await
}

/// Refuses whoever is not the registrar.
pub fn may(caller: &Caller) -> Result<(), Problem> {
    caller.need(Scope::TrustWrite)?;
    need_academy(caller)
}

async fn decide(state: &web::Data<AppState>, caller: Caller, entry: Entry) -> Result<HttpResponse, Problem> {
    let lists = &state.trust.file().registry.lists;
    if !lists.contains_key(&entry.list) {
        let known: Vec<&str> = lists.keys().map(Slug::as_str).collect();
        let expected =
            if known.is_empty() { "no list: none is set up".to_owned() } else { known.join(" or ") };
        let detail = format!("there is no list `{}`", entry.list);
        return Err(Problem::invalid(vec![FieldError::new("/list", "unknown", detail, expected)]));
    }
    let decided = blocking::run(state, move |state| {
        Ok(state.registry.decide_trust(&entry, &caller.acting.client, state.clock.now())?)
    })
    .await?;
    let (mut response, record) = match &decided {
        Decided::Recorded(record) => (HttpResponse::Created(), record),
        Decided::Before(record) => (HttpResponse::Ok(), record),
        Decided::NotListed => {
            let detail = "The registrar has not put this issuer on this list.";
            return Err(Problem::new(&table::NOT_FOUND, detail));
        }
    };
    Ok(response.insert_header((CACHE_CONTROL, "no-store")).json(TrustEntryAnswer::of(record)))
}
