//! The request's id, its log line and its metrics. None of them holds
//! personal data: an address is logged as its pattern, never as it was asked
//! for, and bodies, headers and query strings not at all.

use std::time::Instant;

use actix_web::{
    Error, HttpMessage as _,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::header::{HeaderName, HeaderValue},
    middleware::Next,
    web,
};
use uuid::Uuid;

use crate::{auth::caller::Caller, quota::Left, state::AppState};

/// The random id of a request, told to the client in `X-Request-Id` and in
/// the `instance` of a problem, so that both sides can speak of the same one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequestId(pub Uuid);

/// The layer.
pub async fn record<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let started = Instant::now();
    let id = request.app_data::<web::Data<AppState>>().map(|state| state.entropy.uuid()).unwrap_or_default();
    request.extensions_mut().insert(RequestId(id));
    let method = known_method(request.method().as_str());

    let mut answered = next.call(request).await;

    let (route, status) = match &mut answered {
        Ok(response) => {
            if let Ok(value) = HeaderValue::from_str(&id.to_string()) {
                response.headers_mut().insert(HeaderName::from_static("x-request-id"), value);
            }
            let (left, client) = {
                let known = response.request().extensions();
                (
                    known.get::<Left>().copied(),
                    known.get::<Caller>().map(|caller| caller.acting.client.clone()),
                )
            };
            if let Some(left) = left {
                for (name, value) in
                    [("ratelimit-policy", left.policy_header()), ("ratelimit", left.header())]
                {
                    if let Ok(value) = HeaderValue::from_str(&value) {
                        response.headers_mut().insert(HeaderName::from_static(name), value);
                    }
                }
            }
            if let (Some(client), Some(state)) =
                (client, response.request().app_data::<web::Data<AppState>>())
            {
                state.usage.request(&client, state.clock.now());
            }
            (response.request().match_pattern(), response.status().as_u16())
        }
        Err(error) => (None, error.as_response_error().status_code().as_u16()),
    };
    let route = route.unwrap_or_else(|| "unmatched".to_owned());
    let elapsed = started.elapsed();
    tracing::info!(
        request.id = %id,
        http.method = method,
        http.route = route,
        http.status = status,
        duration_us = u64::try_from(elapsed.as_micros()).unwrap_or(u64::MAX),
        "answered"
    );
    let labels = [("method", method.to_owned()), ("route", route), ("status", status.to_string())];
    metrics::counter!("lanyard_http_requests_total", &labels).increment(1);
    metrics::histogram!("lanyard_http_request_seconds", &labels).record(elapsed.as_secs_f64());
    answered
}

/// A method as a label: whoever invents methods must not invent time series.
fn known_method(method: &str) -> &'static str {
    ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"]
        .into_iter()
        .find(|known| *known == method)
        .unwrap_or("other")
}
