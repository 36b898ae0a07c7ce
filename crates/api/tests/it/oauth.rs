//! Access tokens.

use actix_web::test::TestRequest;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use jose::{Algorithm, PrivateKey, sign_compact};
use registry::NewClient;
use serde_json::{Value, json};
use testkit::{TestDb, backends, catalogue};

use crate::world::{Answer, BASE, World, completion, run, slug};

async fn ask(world: &World, basic: Option<(&str, &str)>, form: &str) -> Answer {
    let mut request = TestRequest::post()
        .uri("/oauth2/token")
        .insert_header(("content-type", "application/x-www-form-urlencoded"));
    if let Some((id, secret)) = basic {
        let encoded = STANDARD.encode(format!("{id}:{secret}"));
        request = request.insert_header(("authorization", format!("Basic {encoded}")));
    }
    world.send(request.set_payload(form.to_owned())).await
}

fn error(answer: &Answer) -> (u16, String) {
    let body = answer.json();
    assert_eq!(answer.header("cache-control"), "no-store");
    assert!(body["error_description"].is_string(), "{body}");
    (answer.status.as_u16(), body["error"].as_str().unwrap().to_owned())
}

backends! {
    fn a_secret_buys_a_token_that_ends(db: TestDb) {
        run(db, async |world| {
            let basic = Some(("trust", world.secret.as_str()));
            let answer = ask(&world, basic, "grant_type=client_credentials&scope=completions:write").await;
            assert_eq!(answer.status, 200, "{}", answer.text());
            assert_eq!((answer.header("cache-control"), answer.header("pragma")), ("no-store", "no-cache"));
            let body = answer.json();
            assert_eq!(body["token_type"], "Bearer");
            assert_eq!(body["expires_in"], 1800);
            assert_eq!(body["scope"], "completions:write");
            let token = body["access_token"].as_str().unwrap().to_owned();
            let posted = world.post_as(&token, "/v1/completions", &completion("a")).await;
            assert_eq!(posted.status, 201, "{}", posted.text());
            let ledger = posted.json()["learner"]["ledger"].as_str().unwrap().to_owned();
            let request = TestRequest::get()
                .uri(crate::world::local(&ledger))
                .insert_header(("authorization", format!("Bearer {token}")));
            assert_eq!(world.send(request).await.problem(), "forbidden", "only the scope that was asked for");
            world.clock.set(testkit::at("2026-07-01T12:30:00Z"));
            assert_eq!(world.post_as(&token, "/v1/completions", &completion("b")).await.problem(), "unauthenticated");
        });
    }

    fn an_assertion_buys_one_token(db: TestDb) {
        run(db, async |world| {
            let key = PrivateKey::generate(Algorithm::Es256).unwrap();
            let mut jwk = key.public_jwk().clone();
            jwk["kid"] = json!("k1");
            let client = NewClient {
                id: "moodle".to_owned(),
                name: "Sample Moodle".to_owned(),
                provider: Some(slug(catalogue::TRUST)),
                role: "provider".to_owned(),
                scopes: vec!["completions:write".to_owned()],
                jwks: Some(json!({ "keys": [jwk] })),
                secret_hash: None,
            };
            assert!(world.state.registry.create_client(&client, testkit::noon()).unwrap());
            let now = testkit::noon().timestamp();
            let claims = |jti: &str, audience: &str, subject: &str, end: i64| {
                json!({ "iss": subject, "sub": subject, "aud": audience, "jti": jti, "iat": now, "exp": end })
            };
            let post = async |claims: Value| {
                let assertion = sign_compact(claims.to_string().as_bytes(), &key, "k1", Some("JWT")).unwrap();
                let form = format!(
                    "grant_type=client_credentials&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&client_assertion={assertion}"
                );
                ask(&world, None, &form).await
            };
            let endpoint = format!("{BASE}/oauth2/token");
            let good = post(claims("1", &endpoint, "moodle", now + 60)).await;
            assert_eq!(good.status, 200, "{}", good.text());
            assert_eq!(good.json()["scope"], "completions:write");
            assert_eq!(post(claims("2", BASE, "moodle", now + 60)).await.status, 200, "the issuer is an audience too");
            for (why, claims) in [
                ("used before", claims("1", &endpoint, "moodle", now + 60)),
                ("another audience", claims("3", "https://other.example.org/oauth2/token", "moodle", now + 60)),
                ("another client", claims("4", &endpoint, "trust", now + 60)),
                ("unknown client", claims("5", &endpoint, "nobody", now + 60)),
                ("ended", claims("6", &endpoint, "moodle", now - 60)),
                ("without an end", json!({ "iss": "moodle", "sub": "moodle", "aud": endpoint, "jti": "7" })),
            ] {
                assert_eq!(error(&post(claims).await), (401, "invalid_client".to_owned()), "{why}");
            }
            let forged = PrivateKey::generate(Algorithm::Es256).unwrap();
            let claims = claims("8", &endpoint, "moodle", now + 60).to_string();
            let assertion = sign_compact(claims.as_bytes(), &forged, "k1", Some("JWT")).unwrap();
            let form = format!(
                "grant_type=client_credentials&client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer&client_assertion={assertion}"
            );
            assert_eq!(error(&ask(&world, None, &form).await).1, "invalid_client", "another key");
        });
    }
}

#[test]
fn what_is_wrong_with_a_request_is_said_as_rfc_6749_has_it() {
    run(TestDb::sqlite(), async |world| {
        let good = Some(("trust", world.secret.as_str()));
        let grant = "grant_type=client_credentials";
        for (basic, form, status, code) in [
            (good, "", 400, "invalid_request"),
            (good, "grant_type=password", 400, "unsupported_grant_type"),
            (good, "grant_type=client_credentials&grant_type=client_credentials", 400, "invalid_request"),
            (good, "grant_type=client_credentials&scope=completions:write+everything", 400, "invalid_scope"),
            (good, "grant_type=client_credentials&client_secret=x", 400, "invalid_request"),
            (good, "grant_type=client_credentials&client_assertion=x", 400, "invalid_request"),
            (None, grant, 401, "invalid_client"),
            (Some(("nobody", world.secret.as_str())), grant, 401, "invalid_client"),
            (Some(("university", world.secret.as_str())), grant, 401, "invalid_client"),
            (Some(("trust", "lys_00")), grant, 401, "invalid_client"),
            (None, "grant_type=client_credentials&client_assertion=x", 400, "invalid_request"),
        ] {
            let answer = ask(&world, basic, form).await;
            assert_eq!(error(&answer), (status, code.to_owned()), "{form}");
            assert_eq!(answer.headers.contains_key("www-authenticate"), status == 401, "{form}");
        }
        let json = world.post("/oauth2/token", "application/json", "{}").await;
        assert_eq!(json.problem(), "unsupported-media-type");
        let powerless = ask(&world, good, grant).await;
        assert!(
            powerless.json()["scope"].as_str().unwrap().contains("ledger:read"),
            "all it may, if it names none"
        );
    });
}

#[test]
fn the_server_says_how_to_get_a_token() {
    run(TestDb::sqlite(), async |world| {
        let answer = world.get("/.well-known/oauth-authorization-server", "").await;
        assert_eq!(answer.status, 200);
        insta::assert_json_snapshot!("authorization_server", answer.json());
    });
}
