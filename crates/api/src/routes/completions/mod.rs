//! Completions: what providers post.

pub mod batch;
pub mod create;
pub mod withdraw;

use actix_web::web::{ServiceConfig, post};

/// Adds the routes.
pub fn configure(config: &mut ServiceConfig) {
    config
        .service(super::resource("/v1/completions", "POST", [post().to(create::create)]))
        .service(super::resource("/v1/completions/batch", "POST", [post().to(batch::batch)]))
        .service(super::resource("/v1/completions/withdraw", "POST", [post().to(withdraw::withdraw)]));
}
