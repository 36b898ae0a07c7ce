//! What goes wrong before a handler is reached, and how it is told.

use actix_web::{http::Method, test::TestRequest};
use serde_json::json;
use testkit::TestDb;

use crate::world::{World, completion, run, steady};

async fn post(world: &World, content_type: &str, body: impl Into<bytes::Bytes>) -> crate::world::Answer {
    let request =
        TestRequest::post().uri("/v1/completions").insert_header(("x-api-key", world.trust.as_str()));
    let request =
        if content_type.is_empty() { request } else { request.insert_header(("content-type", content_type)) };
    world.send(request.set_payload(body)).await
}

#[test]
fn a_body_that_is_not_strict_json_is_refused() {
    run(TestDb::sqlite(), async |world| {
        let deep = format!("{}1{}", "[".repeat(100), "]".repeat(100));
        for body in [
            "",
            "nonsense",
            "{\"learner\":",
            "{\"achievement\":\"a\",\"achievement\":\"b\"}",
            "{\"n\":9007199254740993}",
            "{\"n\":1e999}",
            "{\"s\":\"\\ud800\"}",
            "\u{feff}{}",
            deep.as_str(),
        ] {
            let answer = post(&world, "application/json", body.to_owned()).await;
            assert_eq!(
                (answer.status.as_u16(), answer.problem().as_str()),
                (400, "malformed-json"),
                "{body}"
            );
            assert!(!answer.json()["detail"].as_str().unwrap().is_empty(), "{body}");
        }
        assert_eq!(
            post(&world, "application/json", vec![b'"', 0xff, b'"']).await.problem(),
            "malformed-json"
        );
        assert_eq!(post(&world, "application/json", "[]").await.problem(), "invalid");
        assert_eq!(post(&world, "application/json", "null").await.problem(), "invalid");
    });
}

#[test]
fn a_body_of_another_type_or_size_is_refused() {
    run(TestDb::sqlite(), async |world| {
        for content_type in ["", "text/plain", "application/x-www-form-urlencoded", "application/jsonp"] {
            let answer = post(&world, content_type, completion("a").to_string()).await;
            assert_eq!(
                (answer.status.as_u16(), answer.problem().as_str()),
                (415, "unsupported-media-type"),
                "{content_type}"
            );
        }
        let large = json!({ "x": "x".repeat(256 * 1024) }).to_string();
        let answer = post(&world, "application/json", large).await;
        assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (413, "too-large"));
        assert!(answer.text().contains("262144 bytes"), "{}", answer.text());
        let picture = world.post("/v1/verify", "image/png", vec![0; 3 * 1024 * 1024]).await;
        assert_eq!(picture.problem(), "too-large");
        assert!(picture.text().contains("2097152 bytes"), "{}", picture.text());
    });
}

#[test]
fn a_body_in_a_coding_that_is_not_understood_is_refused() {
    run(TestDb::sqlite(), async |world| {
        let ask = async |path: &str, media_type: &str, coding: &str, body: &'static [u8]| {
            let request = TestRequest::post()
                .uri(path)
                .insert_header(("x-api-key", world.trust.as_str()))
                .insert_header(("content-type", media_type))
                .insert_header(("content-encoding", coding));
            world.send(request.set_payload(body)).await
        };
        for coding in ["zstd", "br", "GZIP2"] {
            let answer = ask("/v1/completions", "application/json", coding, b"{}").await;
            assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (415, "unsupported-media-type"));
            assert!(answer.text().contains(coding) && answer.text().contains("gzip"), "{}", answer.text());
        }
        let batch = ask("/v1/completions/batch", "text/csv", "gzip", b"name").await;
        assert_eq!((batch.status.as_u16(), batch.problem().as_str()), (415, "unsupported-media-type"));
        assert_eq!(ask("/v1/completions", "application/json", "Identity", b"{}").await.problem(), "invalid");
        let broken = ask("/v1/completions", "application/json", "gzip", b"{}").await;
        assert_eq!((broken.status.as_u16(), broken.problem().as_str()), (400, "malformed-request"));
        assert!(!broken.text().contains("Custom"), "{}", broken.text());
    });
}

#[test]
fn an_address_or_method_that_is_not_there_is_a_problem_too() {
    run(TestDb::sqlite(), async |world| {
        for path in [
            "/nothing",
            "/v1/credentials/6f1c9f5e-0f6b-4a52-9d4e-2f6f6a9b7c10",
            "/v1/credentials/not-a-uuid",
            "/badges/6f1c9f5e-0f6b-4a52-9d4e-2f6f6a9b7c10",
            "/badges/6f1c9f5e-0f6b-4a52-9d4e-2f6f6a9b7c10/qr.svg",
            "/status/6f1c9f5e-0f6b-4a52-9d4e-2f6f6a9b7c10",
            "/achievements/digital-introduction/9.9",
            "/achievements/Not%20A%20Slug/1.0",
            "/achievements/no-such-thing/1.0/image.svg",
            "/issuers/nobody",
            "/issuers/example-trust/did.json",
            "/problems/no-such-problem",
            "/assets/0/lanyard.css",
            "/assets/../Cargo.toml",
        ] {
            let answer = world.get(path, "application/json").await;
            assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (404, "not-found"), "{path}");
            let page = world.get(path, "text/html,*/*;q=0.8").await;
            assert_eq!(
                (page.status.as_u16(), page.header("content-type")),
                (404, "text/html; charset=utf-8"),
                "{path}"
            );
        }
        for (method, path, allow) in [
            (Method::GET, "/v1/completions", "POST"),
            (Method::DELETE, "/v1/completions", "POST"),
            (Method::POST, "/status/6f1c9f5e-0f6b-4a52-9d4e-2f6f6a9b7c10", "GET, HEAD, OPTIONS"),
            (Method::GET, "/oauth2/token", "POST"),
            (Method::PUT, "/verify", "GET, HEAD, POST"),
            (Method::PATCH, "/healthz", "GET, HEAD"),
        ] {
            let answer = world.send(TestRequest::default().method(method.clone()).uri(path)).await;
            assert_eq!(
                (answer.status.as_u16(), answer.problem().as_str()),
                (405, "method-not-allowed"),
                "{method} {path}"
            );
            assert_eq!(answer.header("allow"), allow, "{method} {path}");
        }
    });
}

#[test]
fn pages_say_in_the_readers_language_what_went_wrong() {
    run(TestDb::sqlite(), async |world| {
        let authorise = "/ims/ob/v3p0/authorize?client_id=nobody&redirect_uri=https%3A%2F%2Fx.example.org%2F\
                         &response_type=code&scope=x&state=s&code_challenge=c&code_challenge_method=S256";
        for (path, status, english, welsh, detail) in [
            ("/nothing", 404, "it may have ended", "efallai ei fod wedi dod i ben", None),
            ("/interactions/none?iuv=1", 404, "it may have ended", "efallai ei fod wedi dod i ben", None),
            (
                authorise,
                400,
                "Go back and try again.",
                "Ewch yn ôl",
                Some("No such system is registered here."),
            ),
        ] {
            let joint = if path.contains('?') { '&' } else { '?' };
            for (language, said, other) in [("en", english, welsh), ("cy", welsh, english)] {
                let page = world.get(&format!("{path}{joint}lang={language}"), "text/html").await;
                let text = page.text();
                assert_eq!(page.status, status, "{text}");
                assert!(text.contains(said) && !text.contains(other), "{path}, {language}: {text}");
                if let Some(detail) = detail {
                    assert!(text.contains(&format!("<bdi lang=\"en\">{detail}</bdi>")), "{text}");
                }
            }
            // The documents are in English, whatever the page would be in.
            let document = world.get(&format!("{path}{joint}lang=cy"), "application/json").await;
            assert!(!document.text().contains(welsh) && document.text().contains("\"title\""));
        }
        let large = TestRequest::post()
            .uri("/v1/verify?lang=cy")
            .insert_header(("accept", "text/html"))
            .insert_header(("content-type", "application/json"))
            .set_payload(vec![b' '; 3 * 1024 * 1024]);
        let page = world.send(large).await;
        assert_eq!(page.status, 413);
        assert!(
            page.text().contains("Anfonwch ffeil lai") && page.text().contains("2097152 bytes"),
            "{}",
            page.text()
        );
    });
}

#[test]
fn a_problem_names_its_kind_its_occurrence_and_its_request() {
    run(TestDb::sqlite(), async |world| {
        let answer = world.get("/nothing", "").await;
        let problem = answer.json();
        assert_eq!(problem["instance"], format!("urn:uuid:{}", answer.header("x-request-id")));
        insta::assert_json_snapshot!("problem", steady(problem.clone()));
        let other = world.get("/nothing", "").await.json();
        assert_ne!(problem["instance"], other["instance"]);
        let kind = world.get(problem["type"].as_str().unwrap(), "").await;
        assert_eq!(kind.status, 200);
        insta::assert_json_snapshot!("problem_kind", kind.json());
        for kind in world.get("/problems", "").await.json()["problems"].as_array().unwrap() {
            let url = kind["type"].as_str().unwrap();
            assert_eq!(world.get(url, "").await.json(), *kind);
            assert_eq!(world.get(url, "text/html").await.header("content-type"), "text/html; charset=utf-8");
        }
    });
}

#[test]
fn a_fault_of_ours_is_told_without_its_inside() {
    run(TestDb::sqlite(), async |world| {
        let issued = world.issue().await;
        world.lose_tables();
        for (path, accept) in [(issued["credential"]["url"].as_str().unwrap(), ""), ("/", "")] {
            let answer = world.get(path, accept).await;
            assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (500, "internal"), "{path}");
            assert_eq!(answer.json()["detail"], "The request could not be finished.");
        }
        assert_eq!(world.get("/", "text/html").await.header("content-type"), "text/html; charset=utf-8");
    });
}

#[test]
fn a_database_that_does_not_answer_is_a_503_with_retry_after() {
    run(TestDb::postgres(), async |world| {
        let issued = world.issue().await;
        assert_eq!(
            world.get("/readyz", "").await.json(),
            json!({ "status": "ok", "database": "ok", "migrations": "ok", "keys": "ok" })
        );
        world.cut_connections();
        let answer = world.get(issued["credential"]["url"].as_str().unwrap(), "").await;
        assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (503, "unavailable"));
        assert!(answer.header("retry-after").parse::<u64>().unwrap() >= 1);
        let post = world.post_as(&world.trust, "/v1/completions", &completion("b")).await;
        assert_eq!((post.status.as_u16(), post.problem().as_str()), (503, "unavailable"));
        assert_eq!(world.get("/healthz", "").await.status, 200);
        let ready = world.get("/readyz", "").await;
        assert_eq!((ready.status.as_u16(), ready.json()["database"].as_str()), (503, Some("failing")));
    });
}

#[test]
fn every_answer_carries_the_headers_that_keep_it_safe() {
    run(TestDb::sqlite(), async |world| {
        for (path, accept) in [
            ("/", "text/html"),
            ("/nothing", ""),
            ("/openapi.json", ""),
            ("/healthz", ""),
            ("/verify", "text/html"),
        ] {
            let answer = world.get(path, accept).await;
            assert!(answer.header("content-security-policy").starts_with("default-src 'none'"), "{path}");
            assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
            assert_eq!(answer.header("x-frame-options"), "DENY", "{path}");
            assert_eq!(answer.header("strict-transport-security"), "max-age=31536000", "{path}");
            assert_eq!(answer.header("x-request-id").len(), 36, "{path}");
        }
    });
}

#[test]
fn any_web_page_may_read_what_is_public_and_nothing_else() {
    run(TestDb::sqlite(), async |world| {
        let ask = async |method: Method, path: &str, wanted: &str| {
            let request = TestRequest::default()
                .method(method)
                .uri(path)
                .insert_header(("origin", "https://other.example.org"))
                .insert_header(("access-control-request-method", wanted))
                .insert_header(("access-control-request-headers", "content-type"));
            world.send(request).await
        };
        for path in ["/openapi.json", "/.well-known/jwks.json", "/.well-known/did.json"] {
            let answer = ask(Method::GET, path, "GET").await;
            assert_eq!(answer.header("access-control-allow-origin"), "*", "{path}");
            assert!(!answer.headers.contains_key("access-control-allow-credentials"), "{path}");
        }
        let preflight = ask(Method::OPTIONS, "/v1/verify", "POST").await;
        assert_eq!((preflight.status.as_u16(), preflight.header("access-control-allow-origin")), (200, "*"));
        let closed = ask(Method::OPTIONS, "/v1/completions", "POST").await;
        assert!(!closed.headers.contains_key("access-control-allow-origin"));
    });
}
