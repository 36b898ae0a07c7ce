//! What the API says of itself.

pub mod human;
pub mod openapi;
pub mod problems;

use actix_web::web::ServiceConfig;

/// Adds the routes.
pub fn configure(config: &mut ServiceConfig) {
    config
        .service(super::open_read("/openapi.json", openapi::openapi))
        .service(super::open_read("/docs/api", human::human))
        .service(super::open_read("/problems", problems::list))
        .service(super::open_read("/problems/{slug}", problems::one));
}
