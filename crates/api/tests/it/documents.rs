//! What anybody may read: achievements, organisations, keys, pages, metrics.

use actix_web::{http::Method, test::TestRequest};
use serde_json::json;
use testkit::{TestDb, catalogue};

use crate::world::{local, run, steady};

#[test]
fn what_a_badge_refers_to_is_there() {
    run(TestDb::sqlite(), async |world| {
        let issued = world.issue().await;
        let mut credential = world.get(issued["credential"]["url"].as_str().unwrap(), "").await.json();
        let proofs = credential["proof"].take();
        let proof = proofs.get(0).unwrap_or(&proofs);
        insta::assert_json_snapshot!("credential", steady(credential.clone()), {
            ".credentialStatus.id" => "[entry]",
            ".credentialStatus.statusListIndex" => "[index]",
        });
        let achievement = credential["credentialSubject"]["achievement"]["id"].as_str().unwrap();
        let document = world.get(achievement, "").await;
        assert_eq!(document.json()["id"], achievement);
        assert_eq!(document.json()["name"], credential["credentialSubject"]["achievement"]["name"]);
        for (form, beginning) in [("svg", b"<svg".as_ref()), ("png", b"\x89PNG".as_ref())] {
            let image = world.get(&format!("{}/image.{form}", local(achievement)), "").await;
            assert!(image.body.starts_with(beginning), "{form}");
            assert!(image.header("cache-control").contains("immutable"), "{form}");
        }
        assert_eq!(credential["issuer"]["id"], "did:web:badges.example.org");
        let keys = world.get("/.well-known/did.json", "").await.json();
        assert_eq!(keys["id"], "did:web:badges.example.org");
        let method = proof["verificationMethod"].as_str().unwrap();
        assert!(keys["assertionMethod"].to_string().contains(method), "{keys}");
        let other = world.get("/issuers/example-university/did.json", "application/did+json").await;
        assert_eq!(other.json()["id"], "did:web:badges.example.org:issuers:example-university");
        assert_eq!(other.header("content-type"), "application/did+json");
        let jwks = world.get("/.well-known/jwks.json", "").await.json();
        assert_eq!(jwks["keys"].as_array().unwrap().len(), 2);
        assert!(!jwks.to_string().contains("\"d\""), "no private part");
        let profile = world.get("/issuers/example-trust", "application/json").await.json();
        assert_eq!(profile["name"], "Example Trust");
    });
}

#[test]
fn every_page_is_there_in_both_languages() {
    run(TestDb::sqlite(), async |world| {
        let issued = world.issue().await;
        let badge = local(issued["credential"]["page"].as_str().unwrap()).to_owned();
        let achievement = format!("/achievements/{}/{}", catalogue::INTRODUCTION, catalogue::VERSION);
        for path in [
            "/",
            "/verify",
            "/docs/api",
            "/problems",
            "/problems/invalid",
            "/issuers/example-university",
            &achievement,
            &badge,
        ] {
            for (language, query) in [("en", ""), ("cy", "?lang=cy")] {
                let page = world.get(&format!("{path}{query}"), "text/html").await;
                assert_eq!(
                    (page.status.as_u16(), page.header("content-type")),
                    (200, "text/html; charset=utf-8"),
                    "{path}"
                );
                assert!(page.text().contains(&format!("lang=\"{language}")), "{path} {language}");
                // Whatever the page refers to must be there.
                for asset in page.text().split("\"/assets/").skip(1) {
                    let tail = asset.split('"').next().unwrap();
                    assert_eq!(world.get(&format!("/assets/{tail}"), "").await.status, 200, "{tail}");
                }
            }
        }
        assert!(world.get(&format!("{badge}/qr.svg"), "").await.text().contains("<svg"));
        let machine = world.get(&badge, "application/vc+ld+json").await;
        assert_eq!(machine.json()["id"], issued["credential"]["url"]);
        assert_eq!(world.get("/favicon.ico", "").await.header("content-type"), "image/png");
        assert!(world.get("/robots.txt", "").await.text().contains("Disallow: /badges/"));
    });
}

#[test]
fn the_service_can_be_watched() {
    run(TestDb::sqlite(), async |world| {
        assert_eq!(world.get("/healthz", "").await.json(), json!({ "status": "ok" }));
        assert_eq!(world.get("/readyz", "").await.json()["status"], "ok");
        let metrics = world.get("/metrics", "").await;
        assert_eq!(metrics.text(), "lanyard_sample 1\n");
        assert!(metrics.header("content-type").starts_with("text/plain"));
    });
}

#[test]
fn the_description_is_served_and_lists_every_route_for_clients() {
    run(TestDb::sqlite(), async |world| {
        let answer = world.get("/openapi.json", "").await;
        let document = answer.json();
        assert_eq!(document["openapi"], "3.1.0");
        assert_eq!(document["servers"][0]["url"], crate::world::BASE);
        for path in [
            "/v1/completions",
            "/v1/completions/batch",
            "/v1/credentials/{id}/revoke",
            "/v1/learners/{id}/ledger",
        ] {
            let operation = document["paths"][path].as_object().unwrap().values().next().unwrap();
            assert_eq!(operation["security"].as_array().unwrap().len(), 2, "{path}");
            assert!(operation["responses"]["401"].is_object(), "{path}");
        }
    });
}

#[test]
fn head_is_answered_as_get_without_a_body() {
    run(TestDb::sqlite(), async |world| {
        for path in ["/healthz", "/openapi.json", "/verify", "/robots.txt"] {
            let answer = world.send(TestRequest::default().method(Method::HEAD).uri(path)).await;
            assert_eq!(answer.status, 200, "{path}");
        }
    });
}
