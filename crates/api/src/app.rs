//! The application: every route with everything that surrounds it.

use actix_web::{
    App, Error,
    body::MessageBody,
    dev::{ServiceFactory, ServiceRequest, ServiceResponse},
    middleware::{Compress, from_fn},
    web,
};

use crate::{
    body::BodyLimit,
    middleware::{guard, patience::patience, problems::problems, record::record},
    routes,
    state::AppState,
};

/// The whole service over `state`: hand it to `HttpServer::new`.
pub fn app(
    state: web::Data<AppState>,
) -> App<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<impl MessageBody>,
        Error = Error,
        InitError = (),
    >,
> {
    let is_https = state.site.is_https();
    let (limits, vc_api, profile) = (state.limits.clone(), state.vc_api, state.wallet_profile);
    App::new()
        .app_data(state)
        .app_data(web::PayloadConfig::new(limits.body))
        .app_data(BodyLimit(limits.body))
        // The last wrapped is the outermost.
        .wrap(from_fn(patience))
        .wrap(Compress::default())
        .wrap(from_fn(problems))
        .wrap(guard::security_headers(is_https))
        .wrap(from_fn(record))
        .configure(move |config| routes::configure(config, &limits, vc_api, profile))
}
