//! Issued credentials.

pub mod clr;
pub mod current;
pub mod get;
pub mod log_proof;
pub mod maintenance;
pub mod offers;
pub mod renew;
pub mod revoke;

use actix_web::web::{ServiceConfig, post};

/// Adds the routes.
pub fn configure(config: &mut ServiceConfig) {
    config
        .service(super::open_read("/v1/credentials/{id}", get::get))
        .service(super::open_read("/v1/credentials/{id}/clr", clr::clr))
        .service(super::open_read("/v1/credentials/{id}/current", current::get))
        .service(super::open_read("/v1/credentials/{id}/log-proof", log_proof::get))
        .service(super::open_read("/v1/credentials/{id}/maintenance", maintenance::get))
        .service(super::resource("/v1/credentials/{id}/renew", "POST", [post().to(renew::renew)]))
        .service(super::resource("/v1/credentials/{id}/revoke", "POST", [post().to(revoke::revoke)]));
}
