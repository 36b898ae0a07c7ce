//! From what the service knows to what the pages of `web` show.

use actix_web::HttpRequest;
use web::{Chrome, FailureKind, FailurePage};

use crate::{problem::Problem, state::AppState};

/// What surrounds a page that answers `request`.
pub fn chrome<'a>(state: &'a AppState, request: &HttpRequest) -> Chrome<'a> {
    let target = request.uri().path_and_query().map_or("/", |target| target.as_str());
    Chrome::new(&state.site, target, state.development)
}

/// The page of a problem, for a browser.
pub fn failure(state: &AppState, request: &HttpRequest, problem: &Problem, instance: &str) -> String {
    let kind = match problem.kind.status.as_u16() {
        404 => FailureKind::NotFound,
        410 => FailureKind::Gone,
        429 => FailureKind::TooMany { retry_after: problem.retry_after.unwrap_or(60) },
        503 => FailureKind::Unavailable,
        500.. => FailureKind::Internal,
        status => FailureKind::BadRequest { status, detail: problem.detail.clone() },
    };
    FailurePage { kind, reference: Some(instance.to_owned()) }.render(&chrome(state, request))
}
