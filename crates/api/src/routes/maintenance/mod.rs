//! Maintenance policies.

pub mod preview;

use actix_web::web::{ServiceConfig, post};

/// Adds the routes.
pub fn configure(config: &mut ServiceConfig) {
    config.service(super::resource("/v1/maintenance/preview", "POST", [post().to(preview::preview)]));
}
