//! The VC API of the W3C Credentials Community Group, for interoperability suites
//! and for systems that speak it: credentials of any kind, of any contexts. Off
//! unless the operator turns it on (`docs/vc-api.md`).
//!
//! Whoever may issue here signs as the organisation at the root of the site, so in
//! production it takes a client of the Academy's with the scope
//! `credentials:issue`. In development nobody is asked.

pub mod derive;
pub mod issue;
mod request;
pub mod status;
pub mod verify;
pub mod verify_presentation;

use actix_web::{
    FromRequest as _, HttpRequest,
    dev::Payload,
    web::{self, ServiceConfig, post},
};
use utoipa::OpenApi;

use crate::{
    auth::{caller::Caller, scope::Scope},
    problem::{Problem, table},
    state::AppState,
};

/// The endpoints, for the API's description where they are on.
#[derive(OpenApi)]
#[openapi(
    paths(
        issue::issue,
        derive::derive,
        status::status,
        verify::verify,
        verify_presentation::verify_presentation,
    ),
    tags((name = "VC API", description = "Any credential, as the W3C CCG's VC API has it")),
)]
pub struct Description;

/// Adds the routes.
pub fn configure(config: &mut ServiceConfig) {
    let opened = |path: &str, route| super::opened(super::resource(path, "POST, OPTIONS", [route]));
    config
        // For clients: no page of another origin may sign or revoke.
        .service(super::resource("/credentials/issue", "POST", [post().to(issue::issue)]))
        .service(super::resource("/credentials/status", "POST", [post().to(status::status)]))
        .service(opened("/credentials/derive", post().to(derive::derive)))
        .service(opened("/credentials/verify", post().to(verify::verify)))
        .service(opened("/presentations/verify", post().to(verify_presentation::verify_presentation)));
}

/// Refuses whoever may not sign as the Academy.
async fn must_be_editor(request: &HttpRequest, state: &web::Data<AppState>) -> Result<(), Problem> {
    if state.development {
        return Ok(());
    }
    let caller = Caller::from_request(request, &mut Payload::None).await?;
    caller.need(Scope::CredentialsIssue)?;
    if caller.confined_to().is_some() {
        return Err(Problem::new(&table::FORBIDDEN, "Only a client of the Academy's own may sign here."));
    }
    Ok(())
}
