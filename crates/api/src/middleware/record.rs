//! The request's id, its log line and its metrics. None of them holds
//! personal data: an address is logged as its pattern, never as it was asked
//! for, and bodies, headers and query strings not at all.

use std::{
    cell::RefCell,
    collections::HashMap,
    time::{Duration, Instant},
};

use actix_web::{
    Error, HttpMessage as _,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::header::{HeaderName, HeaderValue},
    middleware::Next,
    web,
};
use metrics::{Counter, Histogram};
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
    count(method, route, status, elapsed);
    answered
}

/// Method, route and status.
type Labels = (&'static str, String, u16);

thread_local! {
    /// The series that this thread has added to: to look one up by its labels again takes
    /// longer than to add to it. As many as there are methods, routes and statuses.
    static SERIES: RefCell<HashMap<Labels, (Counter, Histogram)>> = RefCell::default();
}

fn count(method: &'static str, route: String, status: u16, elapsed: Duration) {
    SERIES.with_borrow_mut(|series| {
        let (requests, seconds) =
            series.entry((method, route, status)).or_insert_with_key(|(method, route, status)| {
                let labels = [
                    ("method", (*method).to_owned()),
                    ("route", route.clone()),
                    ("status", status.to_string()),
                ];
                let requests = metrics::counter!("lanyard_http_requests_total", &labels);
                (requests, metrics::histogram!("lanyard_http_request_seconds", &labels))
            });
        requests.increment(1);
        seconds.record(elapsed);
    });
}

/// A method as a label: whoever invents methods must not invent time series.
fn known_method(method: &str) -> &'static str {
    ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"]
        .into_iter()
        .find(|known| *known == method)
        .unwrap_or("other")
}
