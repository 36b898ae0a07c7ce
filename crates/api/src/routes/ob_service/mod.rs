//! The service API of Open Badges 3.0 as its provider (section 6): another system that a
//! learner lets act reads and fills their passport.
//!
//! Nobody can sign in as a learner yet, so what shows at the authorisation page who is there
//! is a code that the Academy gave the learner (`/v1/learners/{id}/connections`).

mod access;
pub mod authorise;
pub mod credentials;
pub mod discovery;
mod fault;
pub mod profile;
pub mod register;
pub mod scope;
pub mod token;
pub mod upsert;

use actix_web::{
    middleware::from_fn,
    web::{PayloadConfig, ServiceConfig, post, put},
};

use crate::{body::BodyLimit, middleware::guard::anonymous_quota, state::Limits};

/// Where it all is.
pub const BASE: &str = "/ims/ob/v3p0";

/// Adds the routes.
pub fn configure(config: &mut ServiceConfig, limits: &Limits) {
    let at = |path: &str| format!("{BASE}{path}");
    let contents = [super::reading(credentials::list), post().to(upsert::upsert)];
    let contents = super::resource(&at("/credentials"), "GET, HEAD, POST", contents)
        .app_data(PayloadConfig::new(limits.upload))
        .app_data(BodyLimit(limits.upload))
        .wrap(from_fn(anonymous_quota));
    let pages = [super::reading(authorise::show), post().to(authorise::submit)];
    let profile = [super::reading(profile::read), put().to(profile::write)];
    config
        .service(super::open_read(&at("/discovery"), discovery::discovery))
        .service(super::for_wallets(&at("/register"), register::register))
        .service(super::counted(super::resource(&at("/authorize"), "GET, HEAD, POST", pages)))
        .service(super::for_wallets(&at("/token"), token::token))
        .service(super::for_wallets(&at("/revoke"), token::revoke))
        .service(contents)
        .service(super::counted(super::resource(&at("/profile"), "GET, HEAD, PUT", profile)));
}
