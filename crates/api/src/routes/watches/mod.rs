//! Clients are told when a credential that they checked stands otherwise.

pub mod create;
pub mod deliveries;
pub mod get;
pub mod list;
pub mod remove;
pub mod secret;
pub mod test;

use actix_web::web::{ServiceConfig, delete, post};
use model::id::WatchId;

use crate::{auth::caller::Caller, problem::Problem, state::AppState};

/// Adds the routes.
pub fn configure(config: &mut ServiceConfig) {
    let all = [super::reading(list::list), post().to(create::create)];
    let one = [super::reading(get::get), delete().to(remove::remove)];
    config
        .service(super::resource("/v1/watches", "GET, HEAD, POST", all))
        .service(super::resource("/v1/watches/{id}", "GET, HEAD, DELETE", one))
        .service(super::resource("/v1/watches/{id}/test", "POST", [post().to(test::test)]))
        .service(super::resource("/v1/watches/{id}/secret", "POST", [post().to(secret::rotate)]))
        .service(super::resource(
            "/v1/watches/{id}/deliveries",
            "GET, HEAD",
            [super::reading(deliveries::list)],
        ));
}

/// The watch of the caller's with that id.
fn own(state: &AppState, caller: &Caller, id: WatchId) -> Result<registry::WatchRecord, Problem> {
    let found = state.registry.watch_of(id, &caller.acting.client)?;
    found.ok_or_else(|| Problem::not_found("watch of this client"))
}

/// A page's length: 1 to 100, 100 if it is not said.
fn page(limit: Option<u32>) -> Result<u32, Problem> {
    let limit = limit.unwrap_or(100);
    if (1..=100).contains(&limit) { Ok(limit) } else { Err(Problem::malformed("`limit` must be 1 to 100.")) }
}
