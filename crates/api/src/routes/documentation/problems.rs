//! `GET /problems` and `GET /problems/{slug}`: what each kind of problem means.

use ::web::{ProblemLink, ProblemListPage, ProblemPage};
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::json;

use crate::{
    caching::{Keep, answer},
    negotiate, pages,
    problem::{
        Problem,
        table::{self, Kind},
    },
    state::AppState,
    wire::problem::{ProblemKind, ProblemKinds},
};

/// Every kind of problem
#[utoipa::path(
    get,
    path = "/problems",
    operation_id = "listProblemKinds",
    tag = "Documentation",
    responses((status = 200, description = "The kinds", body = ProblemKinds)),
)]
pub async fn list(request: HttpRequest, state: web::Data<AppState>) -> HttpResponse {
    if negotiate::prefers_page(request.headers(), "application/json") {
        let problems = table::ALL.iter().map(|kind| ProblemLink {
            slug: kind.slug.to_owned(),
            title: kind.title.to_owned(),
            status: kind.status.as_u16(),
        });
        let page = ProblemListPage { problems: problems.collect() };
        let html = page.render(&pages::chrome(&state, &pages::target(&request)));
        return varying(answer(&request, "text/html; charset=utf-8", html, Keep::Briefly));
    }
    let kinds = ProblemKinds { problems: table::ALL.iter().map(|kind| described(&state, kind)).collect() };
    varying(answer(&request, "application/json", json!(kinds).to_string(), Keep::Briefly))
}

/// A kind of problem
///
/// What it means and what to do: the address in a problem's `type`.
#[utoipa::path(
    get,
    path = "/problems/{slug}",
    operation_id = "getProblemKind",
    tag = "Documentation",
    params(("slug" = String, Path, description = "The last part of a problem's `type`")),
    responses(
        (status = 200, description = "The kind", body = ProblemKind),
        (status = 404, description = "No such kind of problem"),
    ),
)]
pub async fn one(
    request: HttpRequest,
    state: web::Data<AppState>,
    path: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let kind = table::find(&path).ok_or_else(|| Problem::not_found("kind of problem"))?;
    if negotiate::prefers_page(request.headers(), "application/json") {
        let example = Problem::new(kind, kind.meaning)
            .document(&state.site, "urn:uuid:00000000-0000-4000-8000-000000000000");
        let page = ProblemPage {
            slug: kind.slug.to_owned(),
            title: kind.title.to_owned(),
            status: kind.status.as_u16(),
            meaning: kind.meaning.to_owned(),
            action: kind.remedy.to_owned(),
            example: Some(format!("{example:#}")),
        };
        let html = page.render(&pages::chrome(&state, &pages::target(&request)));
        return Ok(varying(answer(&request, "text/html; charset=utf-8", html, Keep::Briefly)));
    }
    Ok(varying(answer(
        &request,
        "application/json",
        json!(described(&state, kind)).to_string(),
        Keep::Briefly,
    )))
}

fn described(state: &AppState, kind: &Kind) -> ProblemKind {
    ProblemKind {
        kind: state.site.problem(kind.slug),
        title: kind.title,
        status: kind.status.as_u16(),
        meaning: kind.meaning,
        remedy: kind.remedy,
    }
}

fn varying(mut response: HttpResponse) -> HttpResponse {
    use actix_web::http::header::{HeaderValue, VARY};
    response.headers_mut().insert(VARY, HeaderValue::from_static("Accept"));
    response
}
