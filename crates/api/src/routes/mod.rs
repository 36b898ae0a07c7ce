//! Every endpoint, one file each, and how each is guarded.

pub mod accreditations;
pub mod achievements;
pub mod badges;
pub mod completions;
pub mod core_skills;
pub mod credentials;
pub mod documentation;
pub mod endorsements;
pub mod exchanges;
pub mod issuers;
pub mod learners;
pub mod log;
pub mod maintenance;
pub mod oauth;
pub mod ob_service;
pub mod oid4vci;
pub mod oid4vp;
pub mod operations;
pub mod outbox;
pub mod passport_host;
pub mod programmes;
pub mod requirements;
pub mod schemes;
pub mod site;
pub mod status;
pub mod trust;
pub mod types;
pub mod usage;
pub mod vc_api;
pub mod verification;
pub mod watches;

use actix_web::{
    FromRequest, Handler, HttpResponse, Resource, Responder, Route,
    dev::HttpServiceFactory,
    guard,
    middleware::from_fn,
    web::{self, ServiceConfig},
};
use wallet::Profile;

use crate::{
    middleware::guard::{anonymous_quota, public_cors, visitor_quota},
    problem::Problem,
    state::Limits,
};

/// Adds every route.
pub fn configure(config: &mut ServiceConfig, limits: &Limits, vc_api: bool, profile: Profile) {
    // The patterns are tried in this order, and most requests are to verify or to complete.
    verification::configure(config, limits);
    completions::configure(config);
    oauth::configure(config, profile);
    ob_service::configure(config, limits);
    passport_host::configure(config);
    oid4vci::configure(config, profile);
    oid4vp::configure(config, limits);
    exchanges::configure(config, limits);
    core_skills::configure(config);
    credentials::configure(config);
    status::configure(config);
    trust::configure(config);
    types::configure(config);
    learners::configure(config);
    log::configure(config);
    maintenance::configure(config);
    outbox::configure(config);
    programmes::configure(config);
    requirements::configure(config, limits);
    schemes::configure(config);
    badges::configure(config);
    achievements::configure(config);
    accreditations::configure(config);
    endorsements::configure(config);
    issuers::configure(config);
    documentation::configure(config);
    operations::configure(config);
    site::configure(config);
    usage::configure(config);
    watches::configure(config);
    if vc_api {
        vc_api::configure(config);
    }
}

/// A route for GET and HEAD.
fn reading<F, Args>(handler: F) -> Route
where
    F: Handler<Args>,
    Args: FromRequest + 'static,
    F::Output: Responder + 'static,
{
    web::route().guard(guard::Any(guard::Get()).or(guard::Head())).to(handler)
}

/// Something anybody may read, from any web page.
fn open_read<F, Args>(path: &str, handler: F) -> impl HttpServiceFactory + use<F, Args>
where
    F: Handler<Args>,
    Args: FromRequest + 'static,
    F::Output: Responder + 'static,
{
    opened(resource(path, "GET, HEAD, OPTIONS", [reading(handler)]))
}

/// Lets everybody in: any origin, counted per address, or per client that shows who it is.
fn opened(resource: Resource) -> impl HttpServiceFactory {
    resource.wrap(from_fn(visitor_quota)).wrap(public_cors())
}

/// Something for wallets, which nobody knows: counted per address.
fn for_wallets<F, Args>(path: &str, handler: F) -> impl HttpServiceFactory + use<F, Args>
where
    F: Handler<Args>,
    Args: FromRequest + 'static,
    F::Output: Responder + 'static,
{
    counted(resource(path, "POST", [web::post().to(handler)]))
}

/// Counts requests per address.
fn counted(resource: Resource) -> impl HttpServiceFactory {
    resource.wrap(from_fn(anonymous_quota))
}

/// An address that takes these routes and answers other methods with 405.
fn resource<const N: usize>(path: &str, allow: &'static str, routes: [Route; N]) -> Resource {
    let refuse = move || async move { Err::<HttpResponse, _>(Problem::method_not_allowed(allow)) };
    routes.into_iter().fold(web::resource(path), Resource::route).default_service(web::to(refuse))
}

/// A path segment as an identifier; one that cannot be is simply not there.
fn segment<T: std::str::FromStr>(text: &str, what: &str) -> Result<T, Problem> {
    text.parse().map_err(|_| Problem::not_found(what))
}
