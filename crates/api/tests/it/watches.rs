//! Watches: whose they are, how many there may be, and what is refused.

use actix_web::test::TestRequest;
use api::Limits;
use serde_json::{Value, json};
use testkit::backends;

use crate::world::{Answer, World, run, run_with};

const ENDPOINT: &str = "https://hr.example.org/webhooks";

async fn watch(world: &World, key: &str, credential: &Value) -> Answer {
    world.post_as(key, "/v1/watches", &json!({"credential": credential, "endpoint": ENDPOINT})).await
}

async fn ask(world: &World, key: &str, method: &str, path: &str) -> u16 {
    let request = match method {
        "GET" => TestRequest::get(),
        "DELETE" => TestRequest::delete(),
        _ => TestRequest::post(),
    };
    world
        .send(request.uri(path).insert_header(("authorization", format!("Bearer {key}"))))
        .await
        .status
        .as_u16()
}

backends! {
    fn a_watch_is_its_own_client_s_alone(db: TestDb) {
        run(db, async |world| {
            let issued = world.issue().await;
            let answer = watch(&world, &world.trust, &issued["credential"]["url"]).await;
            assert_eq!(answer.status, 201, "{}", answer.text());
            let made = answer.json();
            assert!(made["secret"].as_str().unwrap().starts_with("whsec_"), "{made}");
            assert_eq!((&made["status"], &made["credential"]), (&json!("active"), &issued["credential"]["url"]));
            let path = format!("/v1/watches/{}", made["id"].as_str().unwrap());
            for (method, more) in [("GET", ""), ("GET", "/deliveries"), ("POST", "/test"), ("POST", "/secret"), ("DELETE", "")] {
                let path = format!("{path}{more}");
                for other in [&world.university, &world.academy] {
                    assert_eq!(ask(&world, other, method, &path).await, 404, "{method} {path}");
                }
                assert_eq!(ask(&world, &world.powerless, method, &path).await, 403, "{method} {path}");
            }
            let listed = world.get_as(&world.university, "/v1/watches").await.json();
            assert_eq!(listed["watches"], json!([]));
            let own = world.get_as(&world.trust, "/v1/watches").await.json();
            assert_eq!(own["watches"][0]["id"], made["id"]);
            assert!(!own.to_string().contains("whsec_"), "the secret is shown once");
            for (method, more, status) in [("POST", "/test", 202), ("POST", "/secret", 200), ("GET", "/deliveries", 200), ("DELETE", "", 204), ("GET", "", 404)] {
                assert_eq!(ask(&world, &world.trust, method, &format!("{path}{more}")).await, status, "{method} {more}");
            }
        });
    }

    fn a_client_has_so_many_watches_and_what_cannot_be_watched_is_told(db: TestDb) {
        run_with(db, Limits { watches: 2, ..Limits::default() }, async |world| {
            let badge = world.issue().await["credential"]["id"].clone();
            for status in [201, 201, 409] {
                let answer = watch(&world, &world.trust, &badge).await;
                assert_eq!(answer.status, status, "{}", answer.text());
            }
            assert_eq!(watch(&world, &world.university, &badge).await.status, 201, "each has its own number");
            let unknown = "6f1c9f5e-0f6b-4a52-9d4e-2f6f6a9b7c10";
            for (body, pointers) in [
                (json!({"credential": unknown, "endpoint": ENDPOINT}), ["/credential"].as_slice()),
                (json!({"credential": {"id": "urn:x"}, "endpoint": ENDPOINT}), &["/credential"]),
                (json!({"credential": badge, "endpoint": "http://hr.example.org/"}), &["/endpoint"]),
                (json!({"credential": badge, "endpoint": ENDPOINT, "secret": "short", "expiresAt": "2020-01-01T00:00:00Z"}), &["/secret", "/expiresAt"]),
                (json!({"all": true}), &["/all", "/credential", "/endpoint"]),
                (json!([]), &[""]),
            ] {
                let answer = world.post_as(&world.academy, "/v1/watches", &body).await;
                let found: Vec<String> =
                    answer.json()["errors"].as_array().unwrap().iter().map(|error| error["pointer"].as_str().unwrap().to_owned()).collect();
                assert_eq!((answer.status.as_u16(), found.iter().map(String::as_str).collect::<Vec<_>>()), (422, pointers.to_vec()), "{body}");
            }
        });
    }
}
