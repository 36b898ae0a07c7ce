//! Endorsements by professional bodies.

pub mod create;
pub mod get;
pub mod list;
pub mod withdraw;

use actix_web::web::{ServiceConfig, post};

/// Adds the routes.
pub fn configure(config: &mut ServiceConfig) {
    config
        .service(super::opened(super::resource(
            "/v1/endorsements",
            "GET, HEAD, OPTIONS, POST",
            [super::reading(list::list), post().to(create::create)],
        )))
        .service(super::open_read("/v1/endorsements/{id}", get::get))
        .service(super::resource(
            "/v1/endorsements/{id}/withdrawal",
            "POST",
            [post().to(withdraw::withdraw)],
        ));
}
