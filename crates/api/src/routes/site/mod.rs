//! The rest of the web site.

pub mod assets;
pub mod home;
pub mod robots;

use actix_web::web::ServiceConfig;

/// Adds the routes. Files are not counted: one page needs several.
pub fn configure(config: &mut ServiceConfig) {
    config
        .service(super::open_read("/", home::home))
        .service(super::resource("/assets/{tail:.*}", "GET, HEAD", [super::reading(assets::asset)]))
        .service(super::resource("/favicon.ico", "GET, HEAD", [super::reading(assets::favicon)]))
        .service(super::resource("/robots.txt", "GET, HEAD", [super::reading(robots::robots)]));
}
