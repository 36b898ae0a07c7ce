//! `POST /v1/credentials/{id}/renew`: a renewal that somebody asks for.

use actix_web::{HttpResponse, web};
use issuing::RenewError;
use model::id::CredentialId;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    auth::{caller::Caller, scope::Scope},
    blocking,
    problem::{Problem, table},
    state::AppState,
    wire::maintenance::{MaintainedItem, Writer},
};

/// A badge that was renewed.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RenewAnswer {
    /// The UUID of the new credential.
    #[schema(format = Uuid)]
    pub id: String,
    /// Where it is.
    #[schema(format = "uri")]
    pub url: String,
    /// How the award stands now.
    pub maintenance: Option<MaintainedItem>,
}

/// Renew a badge
///
/// Issues the same award anew with a new end, or reinstates it after it has lapsed, where
/// its policy has somebody ask for that and all that the policy asks for is there. Any of
/// the award's credentials names it. A badge whose policy asks nobody is renewed by
/// itself; asking for it does no harm.
#[utoipa::path(
    post,
    path = "/v1/credentials/{id}/renew",
    operation_id = "renewCredential",
    tag = "Credentials",
    params(("id" = String, Path, description = "The UUID of any of the award's credentials")),
    responses(
        (status = 201, description = "It is renewed", body = RenewAnswer),
        (status = 404, description = "No such credential of this provider"),
        (status = 409, description = "It cannot be renewed now; `maintenance` says what is missing"),
    ),
    security(("oauth2" = ["credentials:renew"]), ("apiKey" = [])),
)]
pub async fn renew(
    caller: Caller,
    state: web::Data<AppState>,
    path: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    caller.need(Scope::CredentialsRenew)?;
    let id: CredentialId = super::super::segment(&path, "credential of this provider")?;
    let answer = blocking::run(&state, move |state| {
        let issued = match state.service.renew(&caller.acting, id) {
            Ok(issued) => issued,
            Err(error) => return Err(refused(state, id, error)),
        };
        let now = state.service.maintenance(issued.credential_id, None)?;
        let catalogue = state.service.catalogue()?;
        let writer = Writer { site: &state.site, catalogue: &catalogue, is_public: false };
        Ok(RenewAnswer {
            id: issued.credential_id.to_string(),
            url: state.site.credential(issued.credential_id),
            maintenance: now.and_then(|now| writer.all(&now).awards.pop()),
        })
    })
    .await?;
    metrics::counter!("lanyard_credentials_renewed_total").increment(1);
    Ok(HttpResponse::Created()
        .insert_header(("cache-control", "no-store"))
        .insert_header(("location", answer.url.clone()))
        .json(answer))
}

fn refused(state: &AppState, id: CredentialId, error: RenewError) -> Problem {
    let standing = match error {
        RenewError::NotFound => return Problem::not_found("credential of this provider"),
        RenewError::InFlight => {
            let detail = "It is being renewed at this moment. Ask again in a second.";
            return Problem::new(&table::NOT_RENEWABLE, detail).after(1);
        }
        RenewError::Internal(error) => return error.as_ref().into(),
        RenewError::NotRipe(standing) => standing,
    };
    let described = || {
        let catalogue = state.service.catalogue().ok()?;
        let writer = Writer { site: &state.site, catalogue: &catalogue, is_public: false };
        let found = state.service.maintenance(id, None).ok()??;
        writer.all(&found).awards.pop()
    };
    let item = described();
    let detail = match item.as_ref().and_then(|item| item.way.as_ref()) {
        Some(way) => way.sentence.en.clone(),
        None => format!("Its state is `{}`, and there is no way to renew it.", standing.state.as_str()),
    };
    let problem = Problem::new(&table::NOT_RENEWABLE, detail);
    match item.and_then(|item| serde_json::to_value(item).ok()) {
        Some(item) => problem.with("maintenance", item),
        None => problem,
    }
}
