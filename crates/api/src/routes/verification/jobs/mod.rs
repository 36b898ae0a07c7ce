//! Lists of credentials that are checked while whoever sent them does something else.

pub mod create;
pub mod get;
mod intake;
pub mod remove;
pub mod results;
mod stored;
mod work;

pub use work::{work, work_off};

use actix_web::web::{ServiceConfig, delete, post};
use model::id::VerificationJobId;
use registry::VerificationJobRecord;

use crate::{
    auth::{caller::Caller, scope::Scope},
    blocking,
    problem::Problem,
    routes,
    state::AppState,
};

/// Adds the routes.
pub fn configure(config: &mut ServiceConfig) {
    let one = [routes::reading(get::get), delete().to(remove::remove)];
    config
        .service(routes::resource("/v1/verification-jobs", "POST", [post().to(create::create)]))
        .service(routes::resource("/v1/verification-jobs/{id}", "GET, HEAD, DELETE", one))
        .service(routes::resource(
            "/v1/verification-jobs/{id}/results",
            "GET, HEAD",
            [routes::reading(results::results)],
        ));
}

/// The job with that id, of the client that asks and of nobody else.
async fn own(
    caller: &Caller,
    state: &actix_web::web::Data<AppState>,
    id: &str,
) -> Result<VerificationJobRecord, Problem> {
    caller.need(Scope::VerificationsRun)?;
    let missing = || Problem::not_found("job of this client");
    let id: VerificationJobId = id.parse().map_err(|_| missing())?;
    let found = blocking::registry(state, move |registry| registry.verification_job(id)).await?;
    found.filter(|job| job.client == caller.acting.client).ok_or_else(missing)
}
