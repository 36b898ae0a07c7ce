//! Badges into wallets (OpenID for Verifiable Credential Issuance 1.0).

pub mod credential;
pub mod deferred;
pub mod metadata;
pub mod nonce;
pub mod notification;
pub mod offer;
pub mod offers;
mod refusal;
pub(super) mod secret;

use actix_web::web::{ServiceConfig, post};
use wallet::Profile;

/// Adds the routes. Where offers travel by value alone there is no address of one.
pub fn configure(config: &mut ServiceConfig, profile: Profile) {
    let routes = [super::reading(offers::list), post().to(offers::create)];
    config
        .service(super::resource("/v1/credentials/{id}/offers", "GET, HEAD, POST", routes))
        .service(super::open_read("/.well-known/openid-credential-issuer", metadata::metadata))
        .service(super::for_wallets("/oid4vci/nonce", nonce::nonce))
        .service(super::for_wallets("/oid4vci/credential", credential::credential))
        .service(super::for_wallets("/oid4vci/deferred", deferred::deferred))
        .service(super::for_wallets("/oid4vci/notification", notification::notify));
    if profile == Profile::Standard {
        config.service(super::open_read("/oid4vci/offers/{secret}", offer::offer));
    }
}
