//! OAuth 2 for systems, and for wallets.

pub mod authorise;
pub mod metadata;
pub mod token;
mod wallet;

use ::wallet::Profile;
use actix_web::{
    HttpResponse,
    http::header::{CACHE_CONTROL, LOCATION, REFERRER_POLICY},
    web::{ServiceConfig, post},
};

/// Adds the routes. Where wallets take offers by the pre-authorised code alone there is no
/// authorisation endpoint.
pub fn configure(config: &mut ServiceConfig, profile: Profile) {
    if profile == Profile::Standard {
        let routes = [super::reading(authorise::show), post().to(authorise::submit)];
        config.service(super::counted(super::resource("/oauth2/authorize", "GET, HEAD, POST", routes)));
    }
    config
        .service(super::resource("/oauth2/token", "POST", [post().to(token::token)]))
        .service(super::open_read("/.well-known/oauth-authorization-server", metadata::metadata))
        // One wallet library does not take the slash of an issuer without a path away
        // (RFC 8414, 3.1).
        .service(super::open_read("/.well-known/oauth-authorization-server/", metadata::metadata));
}

/// Sends a browser back to who asked, with a code in the address that nobody else may keep
/// or be told (RFC 6749, section 4.1.2).
pub(super) fn back_to(address: &str) -> HttpResponse {
    HttpResponse::SeeOther()
        .insert_header((LOCATION, address))
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((REFERRER_POLICY, "no-referrer"))
        .finish()
}
