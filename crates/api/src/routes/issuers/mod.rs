//! Organisations and their keys.

pub mod controller;
pub mod keys;
pub mod profile;

use actix_web::web::ServiceConfig;

/// Adds the routes.
pub fn configure(config: &mut ServiceConfig) {
    config
        .service(super::open_read("/issuers/{slug}", profile::profile))
        .service(super::open_read("/issuers/{slug}/did.json", controller::of_issuer))
        .service(super::open_read("/.well-known/did.json", controller::of_root))
        .service(super::open_read("/.well-known/jwks.json", keys::jwks));
}
