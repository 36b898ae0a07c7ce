//! OAuth 2 for systems.

pub mod metadata;
pub mod token;

use actix_web::web::{ServiceConfig, post};

/// Adds the routes.
pub fn configure(config: &mut ServiceConfig) {
    config
        .service(super::resource("/oauth2/token", "POST", [post().to(token::token)]))
        .service(super::open_read("/.well-known/oauth-authorization-server", metadata::metadata));
}
