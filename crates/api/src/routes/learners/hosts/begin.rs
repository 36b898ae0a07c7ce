//! `POST /v1/learners/{id}/hosts`: another host at which a learner keeps badges.

use actix_web::{HttpResponse, web};
use chrono::TimeDelta;
use model::id::{LearnerId, PassportHostId};
use registry::NewPassportHost;
use secrecy::ExposeSecret as _;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    auth::{scope::Scope, secret::fresh},
    blocking,
    hosts::{Applicant, Host},
    problem::Problem,
    routes::{learners::asked::Asked, ob_service::scope, passport_host},
    state::AppState,
    wire::ledger::rfc3339,
};

/// How long the learner can take to give leave.
const LIFETIME: TimeDelta = TimeDelta::minutes(15);
/// What is asked for, as far as the host grants it.
const WANTED: [&str; 3] = [scope::READ, scope::UPSERT, scope::PROFILE_READ];

/// Another host.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it is read by `model::parse`")]
pub struct NewHost {
    /// Its address, below which `/ims/ob/v3p0/discovery` is.
    #[schema(format = "uri", example = "https://backpack.example.org")]
    pub host: String,
}

/// A host at which the learner is asked for leave.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct HostAsked {
    /// The host's UUID here.
    #[schema(format = Uuid)]
    pub id: String,
    /// Its address.
    #[schema(format = "uri")]
    pub host: String,
    /// Where the learner's browser is to go now. Whoever goes there gives leave for this
    /// learner: give it to nobody else.
    #[schema(format = "uri")]
    pub authorize: String,
    /// Until when the learner must be back.
    #[schema(format = DateTime)]
    pub expires_at: String,
}

/// Connect a learner's other host
///
/// Another system with the service API of Open Badges 3.0 at which the learner keeps badges.
/// This service reads what it says of itself, registers with it, and answers where the
/// learner's browser is to go to give leave, within a quarter of an hour. Then badges can be
/// brought from there (`…/import`) and sent there (`…/export`).
#[utoipa::path(
    post,
    path = "/v1/learners/{id}/hosts",
    operation_id = "connectHost",
    tag = "Learners",
    params(("id" = String, Path, description = "The learner's UUID")),
    request_body = NewHost,
    responses(
        (status = 201, description = "Send the learner's browser to `authorize`", body = HostAsked),
        (status = 404, description = "No such learner"),
        (status = 410, description = "The learner was erased"),
        (status = 422, description = "That is no address of another host"),
        (status = 502, description = "The host does not answer, or not as it must"),
    ),
    security(("oauth2" = ["learners:connect"]), ("apiKey" = [])),
)]
pub async fn begin(
    asked: Asked,
    state: web::Data<AppState>,
    path: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let (caller, learner, document) =
        asked.by_the_academy::<LearnerId>(Scope::LearnersConnect, &path, "learner")?;
    let host = model::parse::host(&document, state.site.base()).map_err(Problem::invalid)?;
    // Nobody is spoken to for a learner that there is not.
    blocking::run(&state, move |state| match state.registry.learner(learner)? {
        Some(_) => Ok(()),
        None => Err(Problem::not_found("learner")),
    })
    .await?;
    let (id, secret) = (PassportHostId::random(state.entropy.as_ref()), || fresh("", state.entropy.as_ref()));
    let applicant = Applicant {
        site: state.site.base(),
        redirect_uri: state.site.url(&passport_host::path(id)),
        wanted: &WANTED,
        verifier: secret().expose_secret().to_owned(),
    };
    let host = Host::register(&state.client, &host, applicant).await?;
    let back = secret();
    let authorize = host
        .authorisation_url(back.expose_secret())
        .ok_or_else(|| Problem::internal(&"an address that was read before cannot be read"))?;
    let details = serde_json::to_string(&host).map_err(|error| Problem::internal(&error))?;
    let expires = state.clock.now() + LIFETIME;
    let answer =
        HostAsked { id: id.to_string(), host: host.address.clone(), authorize, expires_at: rfc3339(expires) };
    blocking::run(&state, move |state| {
        let new = NewPassportHost {
            id,
            learner,
            by: &caller.acting.client,
            host: &host.address,
            state: (back.expose_secret(), expires),
            details: &details,
        };
        Ok(state.registry.begin_passport_host(&new, state.clock.now(), state.entropy.as_ref())?)
    })
    .await?;
    Ok(HttpResponse::Created().insert_header(("cache-control", "no-store")).json(answer))
}
