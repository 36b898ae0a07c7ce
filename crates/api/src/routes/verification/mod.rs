//! Checking credentials, by API and by page.

pub mod asked;
pub mod batch;
pub mod check;
pub mod form;
pub mod handed;
pub mod jobs;
pub mod offline;
mod upload;

use actix_web::web::{ServiceConfig, post};

use crate::{body::BodyLimit, state::Limits};

/// What a form adds to an upload: boundaries and headers of its parts.
const FORM_OVERHEAD: usize = 64 * 1024;

/// Adds the routes.
pub fn configure(config: &mut ServiceConfig, limits: &Limits) {
    // First, for the same reason for which these routes come before all others.
    let check = super::resource("/v1/verify", "POST, OPTIONS", [post().to(check::check)]);
    config.service(super::opened(check.app_data(BodyLimit(limits.picture))));
    config.service(super::open_read("/v1/offline-bundle", offline::bundle));
    let batch = super::resource("/v1/verify/batch", "POST, OPTIONS", [post().to(batch::batch)]);
    config.service(super::opened(batch));
    jobs::configure(config);
    let routes = [super::reading(form::show), post().to(form::submit)];
    let form = super::resource("/verify", "GET, HEAD, POST", routes);
    config.service(super::opened(form.app_data(BodyLimit(limits.picture))));
}
