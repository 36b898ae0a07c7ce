//! `GET /docs/api`: the API for people, from the same description.

use ::web::{ApiDocsPage, Endpoint, EndpointGroup, Response};
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::Value;

use crate::{
    caching::{Keep, answer},
    description, pages,
    state::AppState,
};

/// The page.
pub async fn human(request: HttpRequest, state: web::Data<AppState>) -> HttpResponse {
    let document = description::document(&state.site, state.limits.token_lifetime);
    let page = page(&document);
    let html = page.render(&pages::chrome(&state, &pages::target(&request)));
    answer(&request, "text/html; charset=utf-8", html, Keep::AskFirst)
}

/// The description as a page: one group for each tag, in the order of its tags.
fn page(document: &Value) -> ApiDocsPage {
    let operations: Vec<(&Value, Endpoint)> = document
        .get("paths")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .flat_map(|(path, item)| {
            item.as_object().into_iter().flatten().filter_map(move |(method, operation)| {
                Some((operation.pointer("/tags/0")?, endpoint(method, path, operation)))
            })
        })
        .collect();
    let groups = document.get("tags").and_then(Value::as_array).into_iter().flatten().filter_map(|tag| {
        let name = tag.get("name")?;
        let endpoints =
            operations.iter().filter(|(tag, _)| *tag == name).map(|(_, endpoint)| endpoint.clone());
        Some(EndpointGroup { name: name.as_str()?.to_owned(), endpoints: endpoints.collect() })
    });
    ApiDocsPage {
        version: text(document, "/info/version"),
        introduction: text(document, "/info/description"),
        groups: groups.filter(|group| !group.endpoints.is_empty()).collect(),
    }
}

fn endpoint(method: &str, path: &str, operation: &Value) -> Endpoint {
    let responses = operation.get("responses").and_then(Value::as_object).into_iter().flatten();
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
        responses: responses
            .filter_map(|(status, response)| {
                Some(Response { status: status.parse().ok()?, description: text(response, "/description") })
            })
            .collect(),
    }
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
        let document = description::document(&site, std::time::Duration::from_mins(30));
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
    }
}
