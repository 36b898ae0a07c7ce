//! Programmes: rules over achievements.

pub mod get;
pub mod list;
pub mod preview;

use actix_web::web::{ServiceConfig, post};

/// Adds the routes.
pub fn configure(config: &mut ServiceConfig) {
    let preview = super::resource("/v1/programmes/preview", "POST", [post().to(preview::preview)]);
    // The address with a name in it would take the other one.
    config
        .service(super::open_read("/v1/programmes", list::list))
        .service(preview)
        .service(super::open_read("/v1/programmes/{slug}", get::get));
}
