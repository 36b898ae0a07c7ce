//! The VC API's way into wallets and out of them: an exchange behind the address of an
//! interaction (W3C VCALM 1.0, "Workflows and exchanges" and "Initiating interactions").
//!
//! An exchange is nothing of its own: it is another way to take an offer (`oid4vci`) or to
//! answer a request (`oid4vp`), and whichever way is taken first is the only one.

mod found;
pub mod interaction;
mod offered;
pub mod participate;
mod proved;
pub mod read;
mod requested;

use actix_web::web::{PayloadConfig, ServiceConfig, post};

use crate::{body::BodyLimit, state::Limits};

/// Adds the routes. Wallets may be pages of other origins.
pub fn configure(config: &mut ServiceConfig, limits: &Limits) {
    let exchange = [super::reading(read::read), post().to(participate::participate)];
    let exchange = super::resource("/v1/exchanges/{secret}", "GET, HEAD, POST, OPTIONS", exchange);
    let interaction = [super::reading(interaction::show), post().to(interaction::submit)];
    let interaction = super::resource("/interactions/{secret}", "GET, HEAD, POST, OPTIONS", interaction);
    let uploads = PayloadConfig::new(limits.upload);
    config
        .service(super::opened(exchange.app_data(uploads).app_data(BodyLimit(limits.upload))))
        .service(super::opened(interaction))
        .service(super::open_read("/interactions/{secret}/qr.svg", interaction::qr));
}
