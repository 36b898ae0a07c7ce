//! Badges as people see them.

pub mod page;
pub mod qr;

use actix_web::web::ServiceConfig;

/// Adds the routes.
pub fn configure(config: &mut ServiceConfig) {
    config
        .service(super::open_read("/badges/{id}", page::page))
        .service(super::open_read("/badges/{id}/qr.svg", qr::qr));
}
