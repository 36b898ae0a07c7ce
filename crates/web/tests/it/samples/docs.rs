//! The page of the API's description.

use web::*;

pub fn docs(w: &dyn Fn(&str) -> String) -> ApiDocsPage {
    let endpoint = Endpoint {
        method: "POST".into(),
        path: "/v1/completions".into(),
        summary: w("Post a completion"),
        description: w("Send the same `Idempotency-Key` again to repeat a request safely."),
        scope: Some("completions.write".into()),
        example: Some(w(
            "curl -X POST https://badges.example.org/v1/completions -H 'Authorization: Bearer …' --data @completion.json",
        )),
        responses: vec![
            Response { status: 201, description: w("A badge was issued."), problems: Vec::new() },
            Response {
                status: 422,
                description: w("The completion has errors; all are listed."),
                problems: vec![ProblemName { slug: "invalid".into(), title: w("Some fields are wrong") }],
            },
        ],
    };
    let open = Endpoint {
        scope: None,
        example: None,
        method: "GET".into(),
        path: "/healthz".into(),
        ..endpoint.clone()
    };
    ApiDocsPage {
        version: "1.0.0".into(),
        introduction: w("Get a client from the Academy, then ask for a token at `/oauth2/token`."),
        common: vec![Response {
            status: 429,
            description: w("Too many requests"),
            problems: vec![ProblemName { slug: "rate-limited".into(), title: w("Too many requests") }],
        }],
        groups: vec![EndpointGroup { name: w("Completions"), endpoints: vec![endpoint, open] }],
    }
}
