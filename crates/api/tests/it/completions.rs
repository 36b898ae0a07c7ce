//! Posting one completion.

use actix_web::test::TestRequest;
use serde_json::{Value, json};
use testkit::{backends, catalogue};

use crate::world::{BASE, completion, local, run, steady};

backends! {
    fn a_completion_becomes_a_badge_with_its_ledger_entry(db: TestDb) {
        run(db, async |world| {
            let answer = world.post_as(&world.trust, "/v1/completions", &completion("a")).await;
            assert_eq!(answer.status, 201, "{}", answer.text());
            let body = answer.json();
            assert_eq!(answer.header("location"), body["credential"]["url"]);
            assert_eq!(answer.header("cache-control"), "no-store");
            insta::assert_json_snapshot!("completion_answer", steady(body.clone()));

            let ledger = world.get_as(&world.trust, body["learner"]["ledger"].as_str().unwrap()).await;
            assert_eq!(ledger.json()["entries"], json!([body["ledgerEntry"]]));
            let credential = world.get(body["credential"]["url"].as_str().unwrap(), "").await;
            assert_eq!(credential.status, 200);
            assert_eq!(credential.json()["id"], body["credential"]["url"]);
        });
    }

    fn posting_again_changes_nothing(db: TestDb) {
        run(db, async |world| {
            let mut first = world.issue().await;
            let again = world.post_as(&world.trust, "/v1/completions", &completion("a")).await;
            assert_eq!(again.status, 200);
            assert_eq!(again.header("idempotency-replayed"), "true");
            first["outcome"] = json!("unchanged");
            assert_eq!(again.json(), first);
        });
    }

    fn an_idempotency_key_replays_its_own_body_alone(db: TestDb) {
        run(db, async |world| {
            let post = async |key: &str, client: &str, body: &Value| {
                let request = TestRequest::post()
                    .uri("/v1/completions")
                    .insert_header(("x-api-key", client))
                    .insert_header(("idempotency-key", key))
                    .set_json(body);
                world.send(request).await
            };
            let first = post("key-1", &world.trust, &completion("a")).await;
            assert_eq!(first.status, 201, "{}", first.text());
            let again = post("key-1", &world.trust, &completion("a")).await;
            let mut expected = first.json();
            expected["outcome"] = json!("unchanged");
            assert_eq!((again.status.as_u16(), again.json()), (200, expected));
            let other_body = post("key-1", &world.trust, &completion("b")).await;
            assert_eq!(other_body.problem(), "idempotency-key-reused");
            // Another client's key of the same name is another key.
            let other_client = post("key-1", &world.university, &completion("b")).await;
            assert_eq!(other_client.status, 201, "{}", other_client.text());
            for bad in ["", &"x".repeat(256)] {
                assert_eq!(post(bad, &world.trust, &completion("c")).await.problem(), "malformed-request", "{bad}");
            }
        });
    }

    fn one_occasion_under_two_references_is_a_conflict(db: TestDb) {
        run(db, async |world| {
            let first = world.issue().await;
            let mut other = completion("a");
            other["reference"] = json!("another");
            let answer = world.post_as(&world.trust, "/v1/completions", &other).await;
            assert_eq!(answer.problem(), "completion-conflict");
            let problem = answer.json();
            assert_eq!(problem["credential"], first["credential"]["url"]);
            assert_eq!(problem["differing"], json!(["reference"]));
        });
    }

    fn every_field_that_is_wrong_is_named_at_once(db: TestDb) {
        run(db, async |world| {
            let bad = json!({
                "learner": { "name": " ", "identifiers": [{ "type": "email", "value": "not an address" }] },
                "achievement": "Not A Slug",
                "completedAt": "yesterday",
                "deliveryMode": "by-post",
                "credit": { "amount": "-1", "unit": "hours" },
                "colour": "blue",
            });
            let answer = world.post_as(&world.trust, "/v1/completions", &bad).await;
            assert_eq!(answer.status, 422);
            assert_eq!(answer.problem(), "invalid");
            let fields = answer.fields();
            for pointer in ["/learner/name", "/learner/identifiers/0/value", "/achievement", "/completedAt", "/deliveryMode", "/colour"] {
                assert!(fields.iter().any(|field| field == pointer), "{pointer} in {fields:?}");
            }
            assert!(fields.iter().any(|field| field.starts_with("/credit")), "{fields:?}");
            for error in answer.json()["errors"].as_array().unwrap() {
                for member in ["code", "detail", "expected"] {
                    assert!(!error[member].as_str().unwrap().is_empty(), "{error}");
                }
            }
        });
    }

    fn what_the_catalogue_does_not_allow_is_refused(db: TestDb) {
        run(db, async |world| {
            let with = |member: &str, value: Value| {
                let mut body = completion("x");
                body[member] = value;
                body
            };
            for (body, pointer, code) in [
                (with("achievement", json!("no-such-thing")), "/achievement", "unknown-achievement"),
                (with("achievement", json!(catalogue::SEMINAR)), "/achievement", "provider-not-accredited"),
                (with("completedAt", json!("2026-07-02T00:00:00Z")), "/completedAt", "in-the-future"),
                (with("completedAt", json!("2019-12-31T00:00:00Z")), "/completedAt", "achievement-not-yet-available"),
                (with("credit", json!({ "amount": "2", "unit": "points" })), "/credit/unit", "mixed-units"),
            ] {
                let answer = world.post_as(&world.trust, "/v1/completions", &body).await;
                assert_eq!(answer.problem(), "invalid", "{code}");
                let problem = answer.json();
                let named = problem["errors"].as_array().unwrap().iter().any(|error| {
                    error["pointer"] == pointer && error["code"] == code
                });
                assert!(named, "{pointer} {code}: {problem}");
            }
        });
    }

    fn two_learners_with_one_email_must_be_told_apart(db: TestDb) {
        run(db, async |world| {
            world.issue().await;
            let mut other = completion("b");
            other["learner"] = json!({
                "name": "Another Person",
                "identifiers": [{ "type": "email", "value": "sample.a@example.org" }],
            });
            let answer = world.post_as(&world.trust, "/v1/completions", &other).await;
            assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (409, "learner-conflict"));
            assert!(!answer.text().contains("Sample Learner"), "the other person is not named");
            let staff_number = json!({ "type": "staffNumber", "value": "123", "organisation": "RX1" });
            other["learner"]["identifiers"].as_array_mut().unwrap().push(staff_number);
            assert_eq!(world.post_as(&world.trust, "/v1/completions", &other).await.status, 201);
        });
    }

    fn names_in_every_script_are_kept(db: TestDb) {
        run(db, async |world| {
            for (reference, name) in [("cy", "Siân Ŵyn-Ŷork"), ("ar", "نورة الأمثلة"), ("emoji", "Sam 🦊 Sample")] {
                let mut body = completion(reference);
                body["learner"]["name"] = json!(name);
                let answer = world.post_as(&world.trust, "/v1/completions", &body).await;
                assert_eq!(answer.status, 201, "{name}: {}", answer.text());
                let url = answer.json()["credential"]["url"].as_str().unwrap().to_owned();
                assert!(world.get(&url, "").await.text().contains(name), "{name}");
                assert_eq!(world.get(local(&url), "text/html").await.status, 200, "{name}");
            }
            let mut body = completion("rlo");
            body["learner"]["name"] = json!("Sample \u{202e}renraeL");
            let answer = world.post_as(&world.trust, "/v1/completions", &body).await;
            assert_eq!(answer.fields(), ["/learner/name"], "a name may not turn the text around it");
        });
    }

    fn the_last_module_brings_the_programmes_award(db: TestDb) {
        run(db, async |world| {
            let module = |achievement: &str, reference: &str| {
                let mut body = completion("a");
                body["achievement"] = json!(achievement);
                body["reference"] = json!(reference);
                body
            };
            let first = world.post_as(&world.trust, "/v1/completions", &module(catalogue::CORE, "m1")).await;
            assert_eq!(first.json()["programmeAwards"], json!([]), "{}", first.text());
            let last = world.post_as(&world.trust, "/v1/completions", &module(catalogue::INTRODUCTION, "m2")).await;
            let awards = last.json()["programmeAwards"].clone();
            assert_eq!(awards[0]["award"]["achievement"], catalogue::CERTIFICATE, "{awards}");
            let page = awards[0]["credential"]["page"].as_str().unwrap().strip_prefix(BASE).unwrap().to_owned();
            assert_eq!(world.get(&page, "text/html").await.status, 200);
        });
    }

    fn a_hundred_posts_of_one_completion_make_one_badge(db: TestDb) {
        run(db, async |world| {
            let body = completion("a");
            let posts = (0..100).map(|_| world.post_as(&world.trust, "/v1/completions", &body));
            let answers = futures_util::future::join_all(posts).await;
            let mut created = 0;
            let mut ids = std::collections::BTreeSet::new();
            for answer in &answers {
                match answer.status.as_u16() {
                    201 => created += 1,
                    200 => {}
                    409 => {
                        assert_eq!(answer.problem(), "in-flight");
                        continue;
                    }
                    other => panic!("{other}: {}", answer.text()),
                }
                ids.insert(answer.json()["credential"]["id"].to_string());
            }
            assert_eq!((created, ids.len()), (1, 1));
        });
    }
}
