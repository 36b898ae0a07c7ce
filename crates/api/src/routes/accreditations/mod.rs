//! The register of accreditations.

pub mod get;
pub mod list;

use actix_web::web::ServiceConfig;

/// Adds the routes.
pub fn configure(config: &mut ServiceConfig) {
    config
        .service(super::open_read("/v1/accreditations", list::list))
        .service(super::open_read("/v1/accreditations/{provider}/{achievement}/{from}/{by}", get::get));
}
