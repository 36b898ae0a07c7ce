//! Holders present badges (OpenID for Verifiable Presentations 1.0).

pub mod answer;
pub mod ask;
pub(super) mod presented;
pub mod read;
pub mod request_object;
pub(super) mod stored;

use actix_web::web::{PayloadConfig, ServiceConfig, post};

use crate::{body::BodyLimit, state::Limits};

/// Adds the routes.
pub fn configure(config: &mut ServiceConfig, limits: &Limits) {
    let answer = super::resource("/oid4vp/requests/{secret}/answer", "POST", [post().to(answer::answer)]);
    let uploads = PayloadConfig::new(limits.upload);
    let object = [super::reading(request_object::get), post().to(request_object::post)];
    config
        .service(super::resource("/v1/presentation-requests", "POST", [post().to(ask::ask)]))
        .service(super::resource("/v1/presentation-requests/{id}", "GET, HEAD", [super::reading(read::read)]))
        .service(super::counted(super::resource("/oid4vp/requests/{secret}", "GET, HEAD, POST", object)))
        .service(super::counted(answer.app_data(uploads).app_data(BodyLimit(limits.upload))));
}
