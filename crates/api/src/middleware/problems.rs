//! Writes every error as a problem document, or as a page for a browser:
//! those of handlers, those of actix-web itself, and panics.

use std::panic::AssertUnwindSafe;

use actix_web::{
    Error, HttpMessage as _, HttpRequest, HttpResponse,
    body::{BoxBody, EitherBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{StatusCode, header},
    middleware::Next,
    web,
};
use futures_util::FutureExt as _;

use super::record::RequestId;
use crate::{
    negotiate, pages,
    problem::{MEDIA_TYPE, Problem, table},
    state::AppState,
};

/// The layer.
pub async fn problems<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B, BoxBody>>, Error> {
    let outer = request.request().clone();
    // A panic is a fault of ours: the client gets an opaque 500 rather than a
    // closed connection, and the message stays in the log.
    let answered = AssertUnwindSafe(next.call(request)).catch_unwind().await;
    let response = match answered {
        Ok(Ok(response)) => response,
        Ok(Err(error)) => {
            let problem = problem_of(Some(&error), error.as_response_error().status_code());
            return Ok(written(outer, &problem, None));
        }
        Err(panic) => {
            let said = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
            let said = said.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default();
            tracing::error!(panic.message = said, "a handler panicked");
            let problem = Problem::new(&table::INTERNAL, "The request could not be finished.");
            return Ok(written(outer, &problem, None));
        }
    };
    let status = response.status();
    let is_error = status.is_client_error() || status.is_server_error();
    if !is_error || speaks_for_itself(&response) {
        return Ok(response.map_into_left_body());
    }
    let problem = problem_of(response.response().error(), status);
    let allow = response.headers().get(header::ALLOW).cloned();
    Ok(written(outer, &problem, allow))
}

/// Whether a response already has a body its handler meant (OAuth errors have
/// a form of their own).
fn speaks_for_itself<B>(response: &ServiceResponse<B>) -> bool {
    let of_ours = |value: &header::HeaderValue| {
        value.to_str().is_ok_and(|text| text.starts_with("application/json") || text.starts_with("text/html"))
    };
    response.response().error().is_none() && response.headers().get(header::CONTENT_TYPE).is_some_and(of_ours)
}

/// What a handler, or else actix-web, says went wrong.
fn problem_of(error: Option<&Error>, status: StatusCode) -> Problem {
    if let Some(problem) = error.and_then(Error::as_error::<Problem>) {
        return problem.clone();
    }
    let kind = table::of_status(status);
    if kind.status.is_server_error() {
        let message = error.map_or_else(|| status.to_string(), ToString::to_string);
        return Problem::internal(&message);
    }
    let detail = match kind.status {
        StatusCode::NOT_FOUND => "There is nothing at this address.".to_owned(),
        StatusCode::METHOD_NOT_ALLOWED => "This address does not take that method.".to_owned(),
        StatusCode::PAYLOAD_TOO_LARGE => "The body is larger than this address takes.".to_owned(),
        _ => error.map_or_else(|| kind.meaning.to_owned(), ToString::to_string),
    };
    Problem::new(kind, detail)
}

fn written<B>(
    request: HttpRequest,
    problem: &Problem,
    allow: Option<header::HeaderValue>,
) -> ServiceResponse<EitherBody<B, BoxBody>> {
    let response = render(&request, problem, allow);
    ServiceResponse::new(request, response).map_into_right_body()
}

fn render(request: &HttpRequest, problem: &Problem, allow: Option<header::HeaderValue>) -> HttpResponse {
    let mut response = HttpResponse::build(problem.kind.status);
    response.insert_header((header::CACHE_CONTROL, "no-store")).insert_header((header::VARY, "Accept"));
    if let Some(seconds) = problem.retry_after {
        response.insert_header((header::RETRY_AFTER, seconds));
    }
    if let Some(challenge) = problem.challenge {
        response.insert_header((header::WWW_AUTHENTICATE, challenge));
    }
    if let Some(allow) = allow {
        response.insert_header((header::ALLOW, allow));
    }
    let Some(state) = request.app_data::<web::Data<AppState>>() else {
        return response.finish();
    };
    let instance =
        request.extensions().get::<RequestId>().map(|id| format!("urn:uuid:{}", id.0)).unwrap_or_default();
    if negotiate::prefers_page(request, MEDIA_TYPE) {
        return response
            .content_type("text/html; charset=utf-8")
            .body(pages::failure(state, request, problem, &instance));
    }
    let document = problem.document(&state.site, &instance);
    response.content_type(MEDIA_TYPE).body(document.to_string())
}
