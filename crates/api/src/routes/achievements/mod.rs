//! Achievements: what can be earned.

pub mod get;
pub mod image;

use actix_web::web::ServiceConfig;

/// Adds the routes.
pub fn configure(config: &mut ServiceConfig) {
    config
        .service(super::open_read("/achievements/{slug}/{version}", get::get))
        .service(super::open_read("/achievements/{slug}/{version}/image.svg", image::svg))
        .service(super::open_read("/achievements/{slug}/{version}/image.png", image::png));
}
