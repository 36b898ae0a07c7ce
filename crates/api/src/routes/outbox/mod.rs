//! Messages that wait to be delivered.

pub mod list;

use actix_web::web::ServiceConfig;

/// Adds the routes.
pub fn configure(config: &mut ServiceConfig) {
    config.service(super::resource("/v1/outbox", "GET, HEAD", [super::reading(list::list)]));
}
