//! Writes every error as a problem document, or as a page for a browser:
//! those of handlers, those of actix-web itself, and panics.

use std::{io::ErrorKind, panic::AssertUnwindSafe};

use actix_web::{
    Error, HttpMessage as _, HttpResponse,
    body::{BoxBody, EitherBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    error::{InternalError, PayloadError},
    http::{StatusCode, header},
    middleware::Next,
    web,
};
use futures_util::FutureExt as _;

use super::record::RequestId;
use crate::{
    body::BodyLimit,
    negotiate, pages,
    problem::{MEDIA_TYPE, Problem, table},
    state::AppState,
};

/// The layer.
pub async fn problems<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B, BoxBody>>, Error> {
    let asker = Asker::of(&request);
    // A panic is a fault of ours: the client gets an opaque 500 rather than a
    // closed connection, and the message stays in the log.
    let answered = AssertUnwindSafe(next.call(request)).catch_unwind().await;
    let response = match answered {
        Ok(Ok(response)) => response,
        Ok(Err(error)) => {
            let problem = problem_of(Some(&error), error.as_response_error().status_code());
            return Err(InternalError::from_response(error, asker.render(&problem)).into());
        }
        Err(panic) => {
            let said = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
            let said = said.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default();
            let problem = Problem::internal(&format!("a handler panicked: {said}"));
            return Err(InternalError::from_response("panic", asker.render(&problem)).into());
        }
    };
    let status = response.status();
    let is_error = status.is_client_error() || status.is_server_error();
    if !is_error || speaks_for_itself(&response) {
        return Ok(response.map_into_left_body());
    }
    let mut problem = problem_of(response.response().error(), status);
    let limit = response.request().app_data::<BodyLimit>();
    if let (true, Some(BodyLimit(limit))) = (is_overflow(response.response().error()), limit) {
        problem.detail = format!("The body is larger than this address takes: {limit} bytes at most.");
    }
    let rendered = asker.render(&problem);
    Ok(response.into_response(rendered).map_into_right_body())
}

/// Whether a response already has the body its handler meant: OAuth errors
/// and forms that are shown again have forms of their own.
fn speaks_for_itself<B>(response: &ServiceResponse<B>) -> bool {
    let is_meant = |value: &header::HeaderValue| {
        value.to_str().is_ok_and(|text| text.starts_with("application/json") || text.starts_with("text/html"))
    };
    response.response().error().is_none()
        && response.headers().get(header::CONTENT_TYPE).is_some_and(is_meant)
}

/// What a handler, or else actix-web, says went wrong.
fn problem_of(error: Option<&Error>, status: StatusCode) -> Problem {
    if let Some(problem) = error.and_then(Error::as_error::<Problem>) {
        return problem.clone();
    }
    let is_late = error.and_then(Error::as_error::<PayloadError>).is_some_and(
        |error| matches!(error, PayloadError::Incomplete(Some(cause)) if cause.kind() == ErrorKind::TimedOut),
    );
    if is_late {
        return Problem::new(&table::TIMEOUT, "The rest of the body did not arrive in time.");
    }
    let is_undecodable = error.and_then(Error::as_error::<PayloadError>).is_some_and(|error| {
        matches!(error, PayloadError::Incomplete(_) | PayloadError::EncodingCorrupted | PayloadError::Io(_))
    });
    if is_undecodable {
        let detail = "The body ends too soon, or is not compressed as its Content-Encoding says.";
        return Problem::malformed(detail);
    }
    let kind = table::of_status(status);
    if kind.status.is_server_error() {
        return Problem::internal(&error.map_or_else(|| status.to_string(), ToString::to_string));
    }
    let detail = match kind.status {
        StatusCode::NOT_FOUND => "There is nothing at this address.".to_owned(),
        StatusCode::PAYLOAD_TOO_LARGE => "The body is larger than this address takes.".to_owned(),
        _ => error.map_or_else(|| kind.meaning.to_owned(), ToString::to_string),
    };
    Problem::new(kind, detail)
}

fn is_overflow(error: Option<&Error>) -> bool {
    error
        .and_then(Error::as_error::<PayloadError>)
        .is_some_and(|error| matches!(error, PayloadError::Overflow))
}

/// What must be known of a request to write its problem, taken before routing,
/// since actix-web lets nobody hold the request itself meanwhile.
struct Asker {
    state: Option<web::Data<AppState>>,
    wants_page: bool,
    target: String,
    instance: String,
}

impl Asker {
    fn of(request: &ServiceRequest) -> Self {
        let instance = request.extensions().get::<RequestId>().map(|id| format!("urn:uuid:{}", id.0));
        Self {
            state: request.app_data::<web::Data<AppState>>().cloned(),
            wants_page: negotiate::prefers_page(request.headers(), MEDIA_TYPE),
            target: request.uri().path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string),
            instance: instance.unwrap_or_default(),
        }
    }

    fn render(&self, problem: &Problem) -> HttpResponse {
        let mut response = HttpResponse::build(problem.kind.status);
        response.insert_header((header::CACHE_CONTROL, "no-store")).insert_header((header::VARY, "Accept"));
        if let Some(seconds) = problem.retry_after {
            response.insert_header((header::RETRY_AFTER, seconds));
        }
        if let Some(challenge) = problem.challenge {
            response.insert_header((header::WWW_AUTHENTICATE, challenge));
        }
        if let Some(allow) = problem.allow {
            response.insert_header((header::ALLOW, allow));
        }
        let Some(state) = &self.state else {
            return response.finish();
        };
        if self.wants_page {
            let page = pages::failure(state, &self.target, problem, &self.instance);
            return response.content_type("text/html; charset=utf-8").body(page);
        }
        response.content_type(MEDIA_TYPE).body(problem.document(&state.site, &self.instance).to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::{
        App,
        dev::Service as _,
        middleware::from_fn,
        test::{TestRequest, init_service},
    };

    async fn panicking() -> HttpResponse {
        panic!("the secret of the house")
    }

    #[actix_web::test]
    async fn a_panic_is_an_opaque_500_and_the_service_goes_on() {
        let app = App::new().wrap(from_fn(problems)).route("/", web::get().to(panicking));
        let service = init_service(app).await;
        for _ in 0..2 {
            let request = TestRequest::get().uri("/").to_request();
            let Err(error) = service.call(request).await else { panic!("it is an error") };
            let response = error.error_response();
            assert_eq!(response.status(), 500);
            let body = actix_web::body::to_bytes(response.into_body()).await.unwrap();
            assert!(!String::from_utf8_lossy(&body).contains("secret"));
        }
        let request = TestRequest::get().uri("/nothing").to_request();
        assert_eq!(service.call(request).await.unwrap().status(), 404);
    }
}
