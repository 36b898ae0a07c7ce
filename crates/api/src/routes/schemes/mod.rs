//! CPD schemes.

pub mod get;

use actix_web::web::ServiceConfig;

/// Adds the routes.
pub fn configure(config: &mut ServiceConfig) {
    config.service(super::open_read("/v1/schemes/{scheme}", get::get));
}
