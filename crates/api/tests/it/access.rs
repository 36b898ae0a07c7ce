//! Who may do what: every client over every address that is not public.

use actix_web::test::TestRequest;
use api::{ApiKey, Limits};
use registry::NewApiKey;
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use testkit::{TestDb, backends, catalogue};

use crate::world::{World, completion, local, run, run_with};

/// What a client is to what it asks for.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Role {
    Nobody,
    Stranger,
    Powerless,
    Owner,
    OtherProvider,
    Academy,
}

const ROLES: [Role; 6] =
    [Role::Nobody, Role::Stranger, Role::Powerless, Role::Owner, Role::OtherProvider, Role::Academy];

/// An address that is not public: method, path and body for what the trust
/// owns and watches, and the status each role must see, in the order of [`ROLES`].
fn routes(
    issued: &Value,
    job: &Value,
    watch: &Value,
) -> Vec<(&'static str, String, Option<Value>, [u16; 6])> {
    let credential = local(issued["credential"]["url"].as_str().unwrap());
    let ledger = local(issued["learner"]["ledger"].as_str().unwrap());
    let learner = format!("/v1/learners/{}", issued["learner"]["id"].as_str().unwrap());
    let job = local(job["url"].as_str().unwrap());
    let watch = format!("/v1/watches/{}", watch["id"].as_str().unwrap());
    let consent = json!({
        "client": "academy", "purpose": "appraisal", "data": ["read-core-skills"], "until": "2026-12-01T00:00:00Z",
    });
    let unknown = json!({
        "person": { "identifiers": [{ "type": "email", "value": "nobody@example.org" }] }, "purpose": "appraisal",
    });
    vec![
        ("POST", "/v1/completions".to_owned(), Some(completion("fresh")), [401, 401, 403, 201, 201, 403]),
        ("POST", "/v1/completions/batch".to_owned(), Some(json!([])), [401, 401, 403, 200, 200, 200]),
        ("GET", ledger.to_owned(), None, [401, 401, 403, 200, 404, 200]),
        ("GET", format!("{learner}/consents"), None, [401, 401, 403, 403, 403, 200]),
        ("POST", format!("{learner}/consents"), Some(consent), [401, 401, 403, 403, 403, 201]),
        ("GET", format!("{learner}/accesses"), None, [401, 401, 403, 403, 403, 200]),
        ("POST", "/v1/core-skills/query".to_owned(), Some(unknown), [401, 401, 403, 403, 403, 403]),
        ("GET", "/v1/usage".to_owned(), None, [401, 401, 200, 200, 200, 200]),
        ("GET", "/v1/usage?client=trust".to_owned(), None, [401, 401, 403, 200, 403, 200]),
        ("GET", job.to_owned(), None, [401, 401, 403, 200, 404, 404]),
        ("GET", format!("{job}/results"), None, [401, 401, 403, 200, 404, 404]),
        ("POST", "/v1/watches".to_owned(), Some(watching(issued)), [401, 401, 403, 201, 201, 201]),
        ("GET", "/v1/watches".to_owned(), None, [401, 401, 403, 200, 200, 200]),
        ("GET", watch.clone(), None, [401, 401, 403, 200, 404, 404]),
        ("GET", format!("{watch}/deliveries"), None, [401, 401, 403, 200, 404, 404]),
        ("POST", format!("{watch}/test"), None, [401, 401, 403, 202, 404, 404]),
        ("POST", format!("{watch}/secret"), None, [401, 401, 403, 200, 404, 404]),
        ("DELETE", watch, None, [401, 401, 403, 204, 404, 404]),
        (
            "POST",
            format!("{credential}/revoke"),
            Some(json!({ "reason": "A test" })),
            [401, 401, 403, 200, 404, 200],
        ),
    ]
}

fn watching(issued: &Value) -> Value {
    json!({ "credential": issued["credential"]["id"], "endpoint": "https://hr.example.org/webhooks" })
}

fn key_of(world: &World, role: Role) -> Option<String> {
    match role {
        Role::Nobody => None,
        Role::Stranger => {
            Some(ApiKey::generate(world.state.entropy.as_ref()).text().expose_secret().to_owned())
        }
        Role::Powerless => Some(world.powerless.clone()),
        Role::Owner => Some(world.trust.clone()),
        Role::OtherProvider => Some(world.university.clone()),
        Role::Academy => Some(world.academy.clone()),
    }
}

backends! {
    fn each_role_sees_and_changes_what_is_its_own(db: TestDb) {
        // Nobody and a stranger fail at every address.
        let limits = Limits { failures_per_minute: std::num::NonZeroU32::new(1000).unwrap(), ..Limits::default() };
        run_with(db, limits, async |world| {
            for (at, role) in ROLES.into_iter().enumerate() {
                // A badge of its own for each role, since one of them revokes it.
                let mut body = completion(&format!("role-{at}"));
                body["achievement"] = json!(catalogue::CORE);
                let issued = world.post_as(&world.trust, "/v1/completions", &body).await.json();
                let list = TestRequest::post()
                    .uri("/v1/verification-jobs")
                    .insert_header(("x-api-key", world.trust.as_str()))
                    .insert_header(("content-type", "application/x-ndjson"));
                let job = world.send(list.set_payload("nonsense")).await.json();
                let watch = world.post_as(&world.trust, "/v1/watches", &watching(&issued)).await.json();
                for (method, path, body, expected) in routes(&issued, &job, &watch) {
                    let body = body.map(|mut body| {
                        if body.get("reference").is_some() {
                            body["reference"] = json!(format!("matrix-{at}"));
                        }
                        body
                    });
                    let request = match method {
                        "GET" => TestRequest::get(),
                        "DELETE" => TestRequest::delete(),
                        _ => TestRequest::post(),
                    };
                    let mut request = request.uri(&path);
                    if let Some(key) = key_of(&world, role) {
                        request = request.insert_header(("authorization", format!("Bearer {key}")));
                    }
                    if let Some(body) = body {
                        request = request.set_json(body);
                    }
                    let answer = world.send(request).await;
                    assert_eq!(answer.status.as_u16(), expected[at], "{role:?} {method} {path}: {}", answer.text());
                    if expected[at] == 401 {
                        assert!(answer.header("www-authenticate").starts_with("Bearer"), "{role:?} {path}");
                    }
                }
                let state = world.state.registry.credential(issued["credential"]["id"].as_str().unwrap().parse().unwrap());
                let is_revoked = matches!(state.unwrap().unwrap().state, registry::CredentialState::Revoked { .. });
                assert_eq!(is_revoked, matches!(role, Role::Owner | Role::Academy), "{role:?}");
            }
        });
    }

    fn a_key_ends_with_its_time_its_withdrawal_or_its_client(db: TestDb) {
        run(db, async |world| {
            let issued = world.issue().await;
            let ledger = issued["learner"]["ledger"].as_str().unwrap().to_owned();
            let key = ApiKey::generate(world.state.entropy.as_ref());
            let stored = NewApiKey {
                prefix: key.prefix().to_owned(),
                hash: key.digest(),
                client: "trust".to_owned(),
                scopes: vec!["ledger:read".to_owned()],
                expires: Some(testkit::at("2026-07-01T13:00:00Z")),
            };
            assert!(world.state.registry.create_api_key(&stored, testkit::noon()).unwrap());
            let text = key.text().expose_secret().to_owned();
            assert_eq!(world.get_as(&text, &ledger).await.status, 200);
            assert_eq!(world.post_as(&text, "/v1/completions", &completion("b")).await.status, 403, "no more than its scopes");
            world.clock.set(testkit::at("2026-07-01T13:00:00Z"));
            assert_eq!(world.get_as(&text, &ledger).await.problem(), "unauthenticated");
            world.clock.set(testkit::noon());
            assert_eq!(world.get_as(&text, &ledger).await.status, 200);
            assert!(world.state.registry.revoke_api_key(key.prefix(), testkit::noon()).unwrap());
            assert_eq!(world.get_as(&text, &ledger).await.problem(), "unauthenticated");
            assert_eq!(world.get_as(&world.trust, &ledger).await.status, 200);
            assert!(world.state.registry.disable_client("trust", testkit::noon()).unwrap());
            assert_eq!(world.get_as(&world.trust, &ledger).await.problem(), "unauthenticated");
        });
    }
}

#[test]
fn a_wrong_secret_under_a_known_prefix_opens_nothing() {
    run(TestDb::sqlite(), async |world| {
        let issued = world.issue().await;
        let ledger = issued["learner"]["ledger"].as_str().unwrap();
        let prefix = ApiKey::read(&world.trust).unwrap().prefix().to_owned();
        let checksum =
            Sha256::new().chain_update("lyk-checksum").chain_update(&prefix).chain_update([9; 32]).finalize();
        let forged = format!("lyk_{prefix}_{}{}", "09".repeat(32), hex::encode(&checksum[..4]));
        assert!(ApiKey::read(&forged).is_some(), "its checksum fits");
        assert_eq!(world.get_as(&forged, ledger).await.problem(), "unauthenticated");
        for odd in ["", "lyk_", "Bearer", "lyt_00", "é"] {
            assert_eq!(world.get_as(odd, ledger).await.problem(), "unauthenticated", "{odd}");
        }
        let both = TestRequest::get()
            .uri(local(ledger))
            .insert_header(("x-api-key", world.trust.as_str()))
            .insert_header(("authorization", format!("Bearer {}", world.trust)));
        assert_eq!(world.send(both).await.problem(), "malformed-request");
    });
}

#[test]
fn quotas_hold_for_addresses_clients_and_failures() {
    let few = std::num::NonZeroU32::new(3).unwrap();
    let limits = Limits {
        anonymous_per_minute: few,
        client_per_minute: few,
        failures_per_minute: few,
        ..Limits::default()
    };
    run_with(TestDb::sqlite(), limits, async |world| {
        for expected in [200, 200, 200, 429] {
            assert_eq!(world.get("/problems", "").await.status, expected);
        }
        let answer = world.get("/problems", "").await;
        assert_eq!(answer.problem(), "rate-limited");
        assert!(answer.header("retry-after").parse::<u64>().unwrap() >= 1);
        let page = world.get("/problems", "text/html").await;
        assert_eq!((page.status.as_u16(), page.header("content-type")), (429, "text/html; charset=utf-8"));

        let ledger = "/v1/learners/6f1c9f5e-0f6b-4a52-9d4e-2f6f6a9b7c10/ledger";
        for expected in [404, 404, 404, 429] {
            assert_eq!(world.get_as(&world.trust, ledger).await.status, expected);
        }
        assert_eq!(world.get_as(&world.university, ledger).await.status, 404, "another client has its own");
        for expected in [401, 401, 401, 429] {
            assert_eq!(world.get_as("lyk_wrong", ledger).await.status, expected);
        }
        assert_eq!(world.get("/healthz", "").await.status, 200, "a probe is always answered");

        // A client of which nothing is left may have more from one request to the next.
        let of_its_own = |n| {
            registry::LimitChange::To(registry::ClientLimits {
                requests_per_minute: std::num::NonZeroU32::new(n),
                jobs: std::num::NonZeroU32::new(1),
                ..registry::ClientLimits::default()
            })
        };
        world.state.registry.limit_client("trust", of_its_own(5), testkit::noon()).unwrap();
        let usage = world.get_as(&world.trust, "/v1/usage").await;
        assert_eq!(
            (usage.header("ratelimit-policy"), usage.header("ratelimit")),
            ("\"client\";q=5;w=60", "\"client\";r=4;t=12")
        );
        let told = ["requestsPerMinute", "watchLimit", "jobLimit"].map(|name| usage.json()[name].clone());
        assert_eq!(told, [5, 10_000, 1].map(Value::from));
        let other = world.get_as(&world.academy, "/v1/usage?client=trust").await.json();
        assert_eq!(other["requestsPerMinute"], 5);
        for expected in [404, 404, 404, 404, 429] {
            assert_eq!(world.get_as(&world.trust, ledger).await.status, expected);
        }
        world.state.registry.limit_client("trust", of_its_own(1), testkit::noon()).unwrap();
        for expected in [404, 429] {
            assert_eq!(world.get_as(&world.trust, ledger).await.status, expected);
        }
    });
}

#[test]
fn who_guesses_at_public_addresses_is_stopped_as_everywhere_and_counted_once() {
    let few = std::num::NonZeroU32::new(3).unwrap();
    run_with(TestDb::sqlite(), Limits { failures_per_minute: few, ..Limits::default() }, async |world| {
        let issued = world.issue().await;
        let badge = issued["credential"]["url"].as_str().unwrap();
        let stranger = ApiKey::generate(world.state.entropy.as_ref()).text().expose_secret().to_owned();
        let verify = async |key: &str| {
            let request = TestRequest::post().uri("/v1/verify").insert_header(("x-api-key", key));
            world
                .send(request.insert_header(("content-type", "application/vc+ld+json")).set_payload("{}"))
                .await
        };
        assert_eq!(verify(&stranger).await.status, 200, "what shows nothing more is no reason to refuse");
        for expected in [401, 401, 429] {
            let maintenance = format!("{badge}/maintenance");
            assert_eq!(world.get_as(&stranger, &maintenance).await.status, expected);
        }
        assert_eq!(verify("lyt_guessed").await.problem(), "rate-limited");
        let ledger = issued["learner"]["ledger"].as_str().unwrap();
        assert_eq!(world.get_as(&stranger, ledger).await.status, 429);
        assert_eq!(
            world.get(badge, "application/json").await.status,
            200,
            "who shows nothing guesses nothing"
        );
        assert_eq!(verify(&world.powerless).await.status, 200, "nor does who is who they say");
    });
}

backends! {
    fn a_client_sees_what_it_asked_and_its_own_quota_holds_where_all_may_come(db: TestDb) {
        let limits = Limits { anonymous_per_minute: std::num::NonZeroU32::new(8).unwrap(), ..Limits::default() };
        run_with(db, limits, async |world| {
            let issued = world.issue().await;
            let badge = world.get(issued["credential"]["url"].as_str().unwrap(), "application/json").await;
            assert_eq!(badge.header("ratelimit-policy"), "\"address\";q=8;w=60");
            assert_eq!(badge.header("ratelimit"), "\"address\";r=7;t=8");
            let badge = badge.text();
            let verify = async |key: Option<&str>, body: &str| {
                let mut request = TestRequest::post().uri("/v1/verify").insert_header(("content-type", "application/vc+ld+json"));
                if let Some(key) = key {
                    request = request.insert_header(("x-api-key", key));
                }
                world.send(request.set_payload(body.to_owned())).await
            };
            // More than an address may ask: a client has a quota of its own, and needs no scope for it.
            for _ in 0..10 {
                let answer = verify(Some(&world.powerless), &badge).await;
                assert_eq!(answer.status, 200, "{}", answer.text());
                assert!(answer.header("ratelimit").starts_with("\"client\";r=59"), "{}", answer.header("ratelimit"));
            }
            // Who only says so is counted like anybody.
            for expected in [200, 200, 200, 200, 200, 200, 200, 429] {
                assert_eq!(verify(Some("lyk_wrong"), "{}").await.status, expected);
            }
            assert_eq!(verify(None, &badge).await.header("ratelimit"), "\"address\";r=0;t=60");
            let request = TestRequest::post().uri("/v1/verify/batch").insert_header(("x-api-key", world.powerless.as_str()));
            let request = request.insert_header(("content-type", "application/x-ndjson"));
            let rows = [&badge, "nonsense", "{}"].join("\n");
            assert_eq!(world.send(request.set_payload(rows)).await.status, 200);

            // Two files count as two, and what a receipt is about as one.
            let post = |accept: &'static str, media_type: &'static str, body: String| {
                let request = TestRequest::post().uri("/v1/verify").insert_header(("x-api-key", world.powerless.as_str()));
                request.insert_header(("accept", accept)).insert_header(("content-type", media_type)).set_payload(body)
            };
            let part = |body: &str| format!("--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"b.json\"\r\n\r\n{body}\r\n");
            let two = [part(&badge), part("{}"), "--x--\r\n".to_owned()].concat();
            assert_eq!(world.send(post("application/json", "multipart/form-data; boundary=x", two)).await.status, 200);
            assert_eq!(world.send(post("application/vc+jwt", "application/vc+ld+json", badge.clone())).await.status, 200);

            let own = world.get_as(&world.powerless, "/v1/usage").await.json();
            let today = &own["days"][0];
            let asked = ["requests", "valid", "invalid", "undetermined", "unreadable"].map(|name| today[name].clone());
            assert_eq!((&own["client"], &own["requestsPerMinute"]), (&json!("powerless"), &json!(6000)));
            assert_eq!(asked, [13, 13, 2, 0, 1].map(Value::from), "{own}");
            assert!(!own.to_string().contains("Sample Learner"));
            let other = "/v1/usage?client=powerless";
            assert_eq!(world.get_as(&world.trust, other).await.status, 403);
            let seen = world.get_as(&world.academy, other).await.json();
            assert_eq!(seen["days"][0]["valid"], 13);
            for (query, status) in [("client=nobody", 404), ("from=2026-02-01&to=2026-01-01", 400), ("from=x", 400), ("from=2020-01-01", 400)] {
                assert_eq!(world.get_as(&world.academy, &format!("/v1/usage?{query}")).await.status, status, "{query}");
            }
            let before = world.get_as(&world.powerless, "/v1/usage?to=2026-01-01").await.json();
            assert_eq!(before["days"], json!([]));
        });
    }
}
