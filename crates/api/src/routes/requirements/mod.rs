//! What registration levels ask for.

pub mod check;

use actix_web::web::{PayloadConfig, ServiceConfig, post};

use crate::{body::BodyLimit, state::Limits};

/// Adds the routes.
pub fn configure(config: &mut ServiceConfig, limits: &Limits) {
    let routes = [post().to(check::check)];
    let check = super::resource("/v1/requirements/{level}/check", "POST, OPTIONS", routes);
    let uploads = PayloadConfig::new(limits.upload);
    config.service(super::opened(check.app_data(uploads).app_data(BodyLimit(limits.upload))));
}
