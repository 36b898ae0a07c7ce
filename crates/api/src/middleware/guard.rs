//! What every public address is wrapped in: CORS for reads, and the quota of
//! those who come without credentials.

use actix_cors::Cors;
use actix_web::{
    Error,
    body::{BoxBody, EitherBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::header,
    middleware::{DefaultHeaders, Next},
    web,
};

use crate::{auth::caller::count_visitor, state::AppState};

/// Headers of every response: nothing may be sniffed, framed, referred or, on
/// https, reached by http again.
pub fn security_headers(is_https: bool) -> DefaultHeaders {
    let headers = DefaultHeaders::new()
        .add((header::CONTENT_SECURITY_POLICY, ::web::CSP))
        .add((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .add((header::X_FRAME_OPTIONS, "DENY"))
        .add((header::REFERRER_POLICY, "no-referrer"))
        .add(("cross-origin-opener-policy", "same-origin"))
        .add(("permissions-policy", "camera=(), geolocation=(), microphone=()"));
    if is_https { headers.add((header::STRICT_TRANSPORT_SECURITY, "max-age=31536000")) } else { headers }
}

/// CORS for what anybody may read: any origin, no credentials. Addresses for
/// clients have none: their credentials do not belong in a browser.
pub fn public_cors() -> Cors {
    Cors::default()
        .allow_any_origin()
        .send_wildcard()
        .allowed_methods(["GET", "HEAD", "POST"])
        .allowed_headers([header::ACCEPT, header::CONTENT_TYPE, header::IF_NONE_MATCH])
        .expose_headers([
            header::ETAG,
            header::RETRY_AFTER,
            header::LOCATION,
            header::HeaderName::from_static("ratelimit"),
            header::HeaderName::from_static("ratelimit-policy"),
        ])
        .max_age(86_400)
}

/// Counts a request to what is open to everybody, see [`count_visitor`].
pub async fn visitor_quota<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B, BoxBody>>, Error> {
    let counted = match request.app_data::<web::Data<AppState>>().cloned() {
        Some(state) => count_visitor(request.request(), &state).await,
        None => Ok(()),
    };
    match counted {
        Ok(()) => Ok(next.call(request).await?.map_into_left_body()),
        Err(problem) => Ok(request.error_response(problem).map_into_right_body()),
    }
}

/// Counts a request without credentials against its address.
pub async fn anonymous_quota<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B, BoxBody>>, Error> {
    let counted = request
        .app_data::<web::Data<AppState>>()
        .map_or(Ok(()), |state| state.quotas.anonymous(request.request()));
    match counted {
        Ok(()) => Ok(next.call(request).await?.map_into_left_body()),
        Err(problem) => Ok(request.error_response(problem).map_into_right_body()),
    }
}
