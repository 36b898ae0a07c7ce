//! The registry of issuers: whom to trust.

pub mod decide;
pub mod list;
pub mod lists;

use actix_web::web::{ServiceConfig, post};

/// Adds the routes.
pub fn configure(config: &mut ServiceConfig) {
    let entries = [super::reading(list::list), post().to(decide::add)];
    config
        .service(super::open_read("/v1/trust", lists::get))
        .service(super::resource("/v1/trust/entries", "GET, HEAD, POST", entries))
        .service(super::resource("/v1/trust/entries/withdrawal", "POST", [post().to(decide::withdraw)]));
}
