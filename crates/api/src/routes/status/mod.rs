//! Status lists.

pub mod get;

use actix_web::web::ServiceConfig;

/// Adds the routes.
pub fn configure(config: &mut ServiceConfig) {
    config
        .service(super::open_read("/status/{list}", get::get))
        .service(super::open_read("/status/{list}/{data_integrity_key}/{jwt_key}", get::by_keys));
}
