//! `GET /v1/learners/{id}/hosts`, `DELETE /v1/learners/{id}/hosts/{host}`.

use actix_web::{HttpResponse, web};
use model::id::PassportHostId;
use registry::Registry;
use serde::Serialize;
use utoipa::ToSchema;

use super::{super::of_learner, Kept, may_act};
use crate::{
    auth::caller::Caller, problem::Problem, routes::segment, state::AppState, wire::ledger::rfc3339,
};

/// The other hosts at which a learner keeps badges.
#[derive(Debug, Serialize, ToSchema)]
pub struct HostList {
    /// The earliest first.
    pub hosts: Vec<HostLine>,
}

/// One of them.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct HostLine {
    /// Its UUID here.
    #[schema(format = Uuid)]
    pub id: String,
    /// Its address.
    #[schema(format = "uri")]
    pub host: String,
    /// Since when the learner lets this service act there; missing while they are asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    pub connected_at: Option<String>,
    /// What it grants, or was asked to.
    pub scopes: Vec<String>,
}

/// See a learner's other hosts
#[utoipa::path(
    get,
    path = "/v1/learners/{id}/hosts",
    operation_id = "listHosts",
    tag = "Learners",
    params(("id" = String, Path, description = "The learner's UUID")),
    responses(
        (status = 200, description = "The hosts", body = HostList),
        (status = 404, description = "No such learner"),
        (status = 410, description = "The learner was erased"),
    ),
    security(("oauth2" = ["learners:connect"]), ("apiKey" = [])),
)]
pub async fn list(
    caller: Caller,
    state: web::Data<AppState>,
    path: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    may_act(&caller)?;
    let found = of_learner(&state, &path, Registry::passport_hosts).await?;
    let line = |record| {
        let Kept { record, host } = Kept::of(record)?;
        Ok(HostLine {
            id: record.id.to_string(),
            host: host.address,
            connected_at: record.connected_at.map(rfc3339),
            scopes: host.scopes,
        })
    };
    let hosts = found.into_iter().map(line).collect::<Result<_, Problem>>()?;
    Ok(HttpResponse::Ok().insert_header(("cache-control", "no-store")).json(HostList { hosts }))
}

/// Disconnect a learner's other host
///
/// The tokens are given back to the host, as far as it takes them, and forgotten. What was
/// brought from there stays.
#[utoipa::path(
    delete,
    path = "/v1/learners/{id}/hosts/{host}",
    operation_id = "disconnectHost",
    tag = "Learners",
    params(
        ("id" = String, Path, description = "The learner's UUID"),
        ("host" = String, Path, description = "The host's UUID here"),
    ),
    responses(
        (status = 204, description = "It is disconnected"),
        (status = 404, description = "No such learner, or no such host of theirs"),
        (status = 410, description = "The learner was erased"),
    ),
    security(("oauth2" = ["learners:connect"]), ("apiKey" = [])),
)]
pub async fn forget(
    caller: Caller,
    state: web::Data<AppState>,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Problem> {
    may_act(&caller)?;
    let id: PassportHostId = segment(&path.1, "host")?;
    let found = of_learner(&state, &path.0, move |registry, learner| {
        let found = registry.passport_host(learner, id)?;
        registry.forget_passport_host(learner, id)?;
        Ok(found)
    })
    .await?;
    let kept = Kept::of(found.ok_or_else(|| Problem::not_found("host"))?)?;
    if let Err(error) = kept.host.give_back(&state.client).await {
        // Nobody here has them any more; at the host they end with their time.
        tracing::warn!(error.message = %error, "a host did not take its tokens back");
    }
    Ok(HttpResponse::NoContent().finish())
}
