//! `GET /docs/api`: the API for people, from the same description.

use ::web::{ApiDocsPage, Endpoint, EndpointGroup, ProblemName, Response};
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::Value;

use crate::{
    caching::{Keep, answer},
    description, pages,
    problem::table,
    state::AppState,
};

/// The page.
pub async fn human(request: HttpRequest, state: web::Data<AppState>) -> HttpResponse {
    let document = description::document(&state.site, state.limits.token_lifetime, state.vc_api);
    let page = page(&document);
    let html = page.render(&pages::chrome(&state, &pages::target(&request)));
    answer(&request, "text/html; charset=utf-8", html, Keep::AskFirst)
}

/// The statuses that any endpoint may answer with for reasons that are not its
/// own: described once.
const COMMON: [u16; 8] = [401, 403, 408, 413, 415, 429, 500, 503];

/// The description as a page: one group for each tag, in the order of its tags.
fn page(document: &Value) -> ApiDocsPage {
    let mut operations: Vec<(&Value, Endpoint)> = members(document, "/paths")
        .flat_map(|(path, item)| {
            item.as_object().into_iter().flatten().filter_map(move |(method, operation)| {
                Some((operation.pointer("/tags/0")?, endpoint(document, method, path, operation)))
            })
        })
        .collect();
    operations.sort_by(|(_, one), (_, other)| place(one).cmp(&place(other)));
    let groups = document.get("tags").and_then(Value::as_array).into_iter().flatten().filter_map(|tag| {
        let name = tag.get("name")?;
        let endpoints =
            operations.iter().filter(|(tag, _)| *tag == name).map(|(_, endpoint)| endpoint.clone());
        Some(EndpointGroup { name: name.as_str()?.to_owned(), endpoints: endpoints.collect() })
    });
    let mut common: Vec<Response> = members(document, "/components/responses")
        .filter_map(|(_, shared)| response(&shared.pointer(STATUS)?.to_string(), shared))
        .filter(|shared| COMMON.contains(&shared.status))
        .collect();
    common.sort_by_key(|shared| shared.status);
    ApiDocsPage {
        version: text(document, "/info/version"),
        introduction: text(document, "/info/description"),
        common,
        groups: groups.filter(|group| !group.endpoints.is_empty()).collect(),
    }
}

/// The status in a shared answer's example, which has no status beside it.
const STATUS: &str = "/content/application~1problem+json/example/status";

/// What clients use first, and within that by path.
fn place(endpoint: &Endpoint) -> (bool, &str) {
    let is_for_clients = ["/v1/", "/oauth2/"].iter().any(|start| endpoint.path.starts_with(start));
    (!is_for_clients, &endpoint.path)
}

fn endpoint(document: &Value, method: &str, path: &str, operation: &Value) -> Endpoint {
    let mut responses: Vec<Response> = members(operation, "/responses")
        .filter_map(|(status, stated)| {
            let shared = stated.get("$ref").and_then(Value::as_str).and_then(|to| to.strip_prefix('#'));
            let answer = response(status, shared.map_or(Some(stated), |pointer| document.pointer(pointer))?)?;
            Some(answer).filter(|answer| shared.is_none() || !COMMON.contains(&answer.status))
        })
        .collect();
    responses.sort_by_key(|response| response.status);
    Endpoint {
        method: method.to_uppercase(),
        path: path.to_owned(),
        summary: text(operation, "/summary"),
        description: text(operation, "/description"),
        scope: operation
            .get("security")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .find_map(|one| Some(one.pointer("/oauth2/0")?.as_str()?.to_owned())),
        example: operation.pointer("/x-codeSamples/0/source").and_then(Value::as_str).map(str::to_owned),
        responses,
    }
}

fn response(status: &str, stated: &Value) -> Option<Response> {
    let slugs = stated.get("x-problems").and_then(Value::as_array).into_iter().flatten();
    let problems = slugs
        .filter_map(|slug| table::find(slug.as_str()?))
        .map(|kind| ProblemName { slug: kind.slug.to_owned(), title: kind.title.to_owned() });
    Some(Response {
        status: status.parse().ok()?,
        description: text(stated, "/description"),
        problems: problems.collect(),
    })
}

fn members<'a>(value: &'a Value, pointer: &str) -> impl Iterator<Item = (&'a String, &'a Value)> {
    value.pointer(pointer).and_then(Value::as_object).into_iter().flatten()
}

fn text(value: &Value, pointer: &str) -> String {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::site::Site;

    #[test]
    fn every_operation_of_the_description_stands_on_the_page() {
        let site = Site::new("https://badges.example.org", "academy".parse().unwrap()).unwrap();
        let document = description::document(&site, std::time::Duration::from_mins(30), false);
        let page = page(&document);
        let listed: usize = page.groups.iter().map(|group| group.endpoints.len()).sum();
        let described: usize =
            document["paths"].as_object().unwrap().values().map(|item| item.as_object().unwrap().len()).sum();
        assert_eq!(listed, described);
        let completions = page.groups.iter().flat_map(|group| &group.endpoints);
        let post = completions.into_iter().find(|one| one.path == "/v1/completions").unwrap();
        assert_eq!((post.method.as_str(), post.scope.as_deref()), ("POST", Some("completions:write")));
        assert!(post.example.as_ref().unwrap().contains("curl"), "{post:?}");
        assert!(post.responses.iter().any(|response| response.status == 201));
        assert_eq!(page.groups[0].endpoints[0], *post, "what providers need comes first");
    }

    #[test]
    fn every_answer_has_a_meaning_and_every_problem_its_page() {
        let site = Site::new("https://badges.example.org", "academy".parse().unwrap()).unwrap();
        let page = page(&description::document(&site, std::time::Duration::from_mins(30), true));
        assert_eq!(page.common.iter().map(|answer| answer.status).collect::<Vec<_>>(), COMMON);
        assert!(page.common.iter().all(|answer| !answer.problems.is_empty()));
        for endpoint in page.groups.iter().flat_map(|group| &group.endpoints) {
            assert!(endpoint.responses.is_sorted_by_key(|answer| answer.status), "{endpoint:?}");
            for answer in &endpoint.responses {
                assert!(!answer.description.is_empty(), "{} {answer:?}", endpoint.path);
                let has_own_errors = description::has_own_errors(&endpoint.path, &answer.status.to_string());
                assert!(
                    answer.status < 400 || has_own_errors || !answer.problems.is_empty(),
                    "{} {answer:?}",
                    endpoint.path
                );
            }
        }
    }
}
