//! Learners.

pub mod ledger;

use actix_web::web::ServiceConfig;

/// Adds the routes.
pub fn configure(config: &mut ServiceConfig) {
    let routes = [super::reading(ledger::ledger)];
    config.service(super::resource("/v1/learners/{id}/ledger", "GET, HEAD", routes));
}
