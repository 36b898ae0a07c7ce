//! Types of credentials: what wallets show of an SD-JWT VC.

pub mod achievement;

use actix_web::web::ServiceConfig;

/// Adds the routes.
pub fn configure(config: &mut ServiceConfig) {
    config.service(super::open_read("/vct/achievement", achievement::get));
}
