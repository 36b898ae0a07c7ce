//! Badges that are kept in force.

use serde_json::{Value, json};
use testkit::{at, backends, catalogue};

use crate::world::{World, local, run, steady};

/// A badge that ends on 30 June 2028, by its credential.
async fn issue(world: &World) -> (String, String) {
    let rules = vec![catalogue::maintenance_rules("2024-01-01")];
    world.state.registry.load_catalogue(&catalogue::maintained(rules), world.state.clock.now()).unwrap();
    let issued = world.issue().await;
    let learner = issued["learner"]["ledger"].as_str().unwrap().trim_end_matches("/ledger").to_owned();
    (issued["credential"]["url"].as_str().unwrap().to_owned(), learner)
}

async fn earn(world: &World, learner: &str, on: &str, amount: &str) {
    let body = json!({ "title": "Read", "credit": { "amount": amount, "unit": "hours" }, "finishedAt": on });
    let added = world.post_as(&world.academy, &format!("{learner}/activities"), &body).await;
    assert_eq!(added.status, 201, "{}", added.text());
}

fn go_to(world: &World, moment: &str) -> usize {
    world.clock.set(at(moment));
    world.state.service.maintain().unwrap()
}

async fn maintenance(world: &World, credential: &str, query: &str) -> Value {
    let answer = world.get(&format!("{credential}/maintenance{query}"), "").await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!((answer.header("cache-control"), answer.header("x-robots-tag")), ("no-store", "noindex"));
    answer.json()
}

/// What a client is told that reads the learner's record.
async fn as_client(world: &World, key: &str, credential: &str) -> Value {
    let answer = world.get_as(key, &format!("{}/maintenance", local(credential))).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

async fn page(world: &World, credential: &str, language: &str) -> String {
    let id = credential.rsplit('/').next().unwrap();
    world.get(&format!("/badges/{id}?lang={language}"), "text/html").await.text()
}

/// What is asked is there, and nothing of what was done for it.
fn told_to_nobody(answer: &Value) {
    let way = &answer["way"];
    assert_eq!(way.get("isMet"), None, "{answer}");
    for need in way["needs"].as_array().unwrap() {
        assert_eq!((need.get("have"), need.get("done"), need.get("isMet")), (None, None, None), "{answer}");
    }
    assert!(
        !answer.to_string().contains("8.5") && !way["sentence"]["en"].as_str().unwrap().contains(" of "),
        "{answer}"
    );
}

backends! {
    fn a_badge_says_how_it_stands_and_what_renews_it(db: TestDb) {
        run(db, async |world| {
            let (credential, learner) = issue(&world).await;
            earn(&world, &learner, "2026-07-01", "10").await;
            let fresh = maintenance(&world, &credential, "").await;
            assert_eq!((&fresh["state"], &fresh["ends"]), (&json!("in_force"), &json!("2028-06-30T15:30:00Z")));
            assert!(page(&world, &credential, "en").await.contains("10 hours between 1 July 2026 and 30 June 2027"));
            assert_eq!((&fresh["way"]["needs"][0]["of"], &fresh["way"]["opens"]), (&json!("10"), &json!("2028-04-01T15:30:00Z")));
            let of_learner = world.get_as(&world.trust, &format!("{learner}/maintenance")).await.json();
            assert_eq!(of_learner["awards"][0]["way"]["needs"][0]["have"], "10");

            go_to(&world, "2028-05-01T00:00:00Z");
            earn(&world, &learner, "2028-04-30", "8.5").await;
            let due = maintenance(&world, &credential, "").await;
            insta::assert_json_snapshot!("due", steady(due));
            let english = page(&world, &credential, "en").await;
            assert!(english.contains("Due for renewal"));
            assert!(english.contains("10 hours between 1 July 2027 and 30 June 2028"), "{english}");
            assert!(english.contains("It can be renewed between 1 April 2028 and 30 July 2028."));
            let welsh = page(&world, &credential, "cy").await;
            assert!(welsh.contains("10 awr rhwng 1 Gorffennaf 2027 a 30 Mehefin 2028"), "{welsh}");
            assert!(!english.contains("8.5") && !welsh.contains("8.5"), "how far somebody is, is theirs");
            assert_eq!(maintenance(&world, &credential, "?as_of=2026-12-24").await["state"], "in_force");

            go_to(&world, "2028-09-01T00:00:00Z");
            let lapsed = maintenance(&world, &credential, "").await;
            assert_eq!((&lapsed["state"], &lapsed["way"]["kind"]), (&json!("lapsed"), &json!("reinstatement")));
            told_to_nobody(&lapsed);
            let english = page(&world, &credential, "en").await;
            assert!(english.contains("Lapsed, and can be reinstated") && english.contains("Expired"));
            assert!(english.contains("between 30 June 2028 and 30 July 2029"), "{english}");

            go_to(&world, "2030-01-01T00:00:00Z");
            let gone = maintenance(&world, &credential, "").await;
            assert_eq!((&gone["state"], gone.get("way"), gone.get("until")), (&json!("expired"), None, None));
            assert_eq!(gone["since"], "2029-07-30T15:30:01Z");

            let of_learner = world.get_as(&world.trust, &format!("{learner}/maintenance")).await.json();
            assert_eq!(of_learner["awards"][0], gone);
            assert_eq!(world.get_as(&world.university, &format!("{learner}/maintenance")).await.problem(), "not-found");
            assert_eq!(world.get_as(&world.powerless, &format!("{learner}/maintenance")).await.problem(), "forbidden");
            let before = world.get(&format!("{credential}/maintenance?as_of=2020-01-01"), "").await;
            assert_eq!(before.problem(), "not-found");
            let odd = world.get(&format!("{credential}/maintenance?as_of=yesterday"), "").await;
            assert_eq!(odd.problem(), "malformed-request");
        });
    }

    fn how_far_somebody_is_is_told_to_who_reads_their_record(db: TestDb) {
        run(db, async |world| {
            let (credential, learner) = issue(&world).await;
            earn(&world, &learner, "2026-07-01", "10").await;
            world.clock.set(at("2028-04-30T12:00:00Z"));
            earn(&world, &learner, "2028-04-30", "8.5").await;
            for moment in ["2026-08-01T00:00:00Z", "2028-05-01T00:00:00Z", "2028-07-10T00:00:00Z", "2028-09-01T00:00:00Z"] {
                world.clock.set(at(moment));
                let everybody = maintenance(&world, &credential, "").await;
                told_to_nobody(&everybody);
                // Neither a client without the scope nor another provider learns more.
                for key in [&world.powerless, &world.university] {
                    assert_eq!(as_client(&world, key, &credential).await, everybody);
                }
                for key in [&world.academy, &world.trust] {
                    let told = as_client(&world, key, &credential).await;
                    let of_learner = world.get_as(key, &format!("{learner}/maintenance")).await.json();
                    assert_eq!(told, of_learner["awards"][0]);
                    assert!(told["way"]["isMet"].is_boolean());
                    for same in ["/state", "/since", "/until", "/ends", "/way/opens", "/way/closes"] {
                        assert_eq!(told.pointer(same), everybody.pointer(same), "{same}");
                    }
                }
            }
            world.clock.set(at("2028-05-01T00:00:00Z"));
            let told = as_client(&world, &world.trust, &credential).await;
            assert_eq!(told["way"]["needs"][1]["have"], "8.5");
            assert!(told["way"]["sentence"]["cy"].as_str().unwrap().contains("8.5 o 10 awr"));
            let unknown = world.get_as("lyk_00000000_no", &format!("{}/maintenance", local(&credential))).await;
            assert_eq!(unknown.problem(), "unauthenticated");
        });
    }

    fn the_refresh_service_answers_with_the_present_form(db: TestDb) {
        run(db, async |world| {
            let (first, learner) = issue(&world).await;
            let badge = world.get(&first, "application/vc+ld+json").await.json();
            let service = badge["refreshService"]["id"].as_str().unwrap().to_owned();
            assert_eq!(world.get(&service, "application/vc+ld+json").await.json(), badge);
            let report = world.post("/v1/verify", "application/json", badge.to_string()).await.json();
            assert_eq!(report["verdict"], "valid", "{report}");

            earn(&world, &learner, "2026-07-01", "10").await;
            world.clock.set(at("2028-05-01T00:00:00Z"));
            earn(&world, &learner, "2028-04-30", "10").await;
            assert_eq!(go_to(&world, "2028-05-02T00:00:00Z"), 1);
            let answer = world.get(&service, "application/vc+ld+json").await;
            let present = answer.json();
            assert_eq!(answer.header("content-location"), present["id"].as_str().unwrap());
            assert_ne!(present["id"], badge["id"]);
            assert_eq!(present["validUntil"], "2030-06-30T15:30:00Z");
            let token = world.get(&service, "application/vc+jwt").await;
            assert_eq!((token.status.as_u16(), token.text().split('.').count()), (200, 3));
            assert_eq!(world.get(&service, "image/png").await.problem(), "not-acceptable");
            let report = world.post("/v1/verify", "application/json", present.to_string()).await.json();
            assert_eq!(report["verdict"], "valid", "{report}");

            // Each names the other, and the first is what it was.
            let second = present["id"].as_str().unwrap().to_owned();
            let old = world.get(&first, "application/vc+ld+json").await;
            assert_eq!((old.json(), old.header("link")), (badge.clone(), &*format!("<{second}>; rel=\"latest-version\"")));
            let new = world.get(&second, "application/vc+ld+json").await;
            assert_eq!(new.header("link"), format!("<{first}>; rel=\"predecessor-version\""));
            let id = second.rsplit('/').next().unwrap();
            assert!(page(&world, &first, "en").await.contains(&format!("/badges/{id}")));
            assert!(page(&world, &second, "en").await.contains("This badge renews an earlier one"));
            let report = world.post("/v1/verify", "application/json", badge.to_string()).await.json();
            assert_eq!(report["verdict"], "valid", "it holds to its own end");
            world.clock.set(at("2028-07-01T00:00:00Z"));
            assert!(page(&world, &first, "en").await.contains("This award has been renewed"));

            // Taken back, it is answered as it is.
            let revoked = world.post_as(&world.trust, &format!("{}/revoke", local(&second)), &json!({ "reason": "x" })).await;
            assert_eq!(revoked.status, 200);
            let present = world.get(&service, "application/vc+ld+json").await.json();
            assert_eq!(present["id"], second);
            let report = world.post("/v1/verify", "application/json", present.to_string()).await.json();
            assert_eq!(report["verdict"], "invalid", "{report}");
            assert_eq!(maintenance(&world, &first, "").await["state"], "revoked");
            assert_eq!(world.get("/v1/credentials/7d9c1a52-6d0d-4a9b-8f3c-2a1b7c9d0e22/current", "").await.problem(), "not-found");
        });
    }

    fn a_renewal_can_be_asked_for_by_those_who_may(db: TestDb) {
        run(db, async |world| {
            let (credential, learner) = issue(&world).await;
            let path = format!("{credential}/renew");
            let early = world.post_as(&world.trust, &path, &json!({})).await;
            assert_eq!((early.status.as_u16(), early.problem()), (409, "not-renewable".to_owned()));
            assert_eq!(early.json()["maintenance"]["state"], "in_force");
            assert!(early.json()["detail"].as_str().unwrap().contains("between 1 April 2028 and 30 July 2028"));
            assert_eq!(world.post_as(&world.powerless, &path, &json!({})).await.problem(), "forbidden");
            assert_eq!(world.post_as(&world.university, &path, &json!({})).await.problem(), "not-found");
            assert_eq!(world.get(&path, "").await.problem(), "method-not-allowed");

            earn(&world, &learner, "2026-07-01", "10").await;
            world.clock.set(at("2028-05-01T00:00:00Z"));
            earn(&world, &learner, "2028-04-30", "10").await;
            let renewed = world.post_as(&world.academy, &path, &json!({})).await;
            assert_eq!(renewed.status, 201, "{}", renewed.text());
            assert_eq!(renewed.header("location"), renewed.json()["url"].as_str().unwrap());
            assert_eq!(renewed.json()["maintenance"]["renews"], credential);
            assert_eq!(world.post_as(&world.academy, &path, &json!({})).await.problem(), "not-renewable");
        });
    }

    fn the_outbox_is_read_page_by_page(db: TestDb) {
        run(db, async |world| {
            let (credential, _) = issue(&world).await;
            for moment in ["2028-04-01T15:30:00Z", "2028-05-31T15:30:00Z", "2028-05-31T15:31:00Z", "2028-06-30T15:30:01Z"] {
                go_to(&world, moment);
            }
            let all = world.get_as(&world.academy, "/v1/outbox?topic=maintenance.").await.json();
            let topics: Vec<_> = all["messages"].as_array().unwrap().iter().map(|one| one["topic"].as_str().unwrap()).collect();
            assert_eq!(topics, ["maintenance.reminder", "maintenance.reminder", "maintenance.ended"]);
            let first = &all["messages"][0];
            assert!(credential.ends_with(first["payload"]["credentialId"].as_str().unwrap()));
            assert_eq!((&first["payload"]["daysBefore"], &first["payload"]["closes"]), (&json!(90), &json!("2028-07-30T15:30:00Z")));
            assert!(!all.to_string().contains("Sample Learner"));
            let mut seen = Vec::new();
            let mut next = Some("/v1/outbox?limit=1&topic=maintenance.".to_owned());
            while let Some(path) = next {
                let page = world.get_as(&world.academy, &path).await.json();
                seen.extend(page["messages"].as_array().unwrap().clone());
                next = page["next"].as_str().map(|url| local(url).to_owned());
            }
            assert_eq!(Value::from(seen), all["messages"]);
            let issued = world.get_as(&world.academy, "/v1/outbox?topic=credential.issued").await.json();
            assert_eq!(issued["messages"].as_array().unwrap().len(), 1);
            assert_eq!(world.get_as(&world.trust, "/v1/outbox").await.problem(), "forbidden");
            assert_eq!(world.get_as(&world.powerless, "/v1/outbox").await.problem(), "forbidden");
            for bad in ["limit=0", "limit=501", "topic=%25", "after=x"] {
                assert_eq!(world.get_as(&world.academy, &format!("/v1/outbox?{bad}")).await.problem(), "malformed-request", "{bad}");
            }
        });
    }

    fn whom_a_policy_would_affect_is_shown_before(db: TestDb) {
        run(db, async |world| {
            issue(&world).await;
            world.clock.set(at("2028-01-10T00:00:00Z"));
            let policy = "maintenance:\n  sample-policy:\n    name: Sample policy\n    body: nhs-digital-academy\n    \
                is_sample: true\n    achievements: [digital-introduction]\n    rules:\n      - from: 2028-02-01\n        \
                for_running_terms: true\n        valid_months: 24\n        renewal: {opens_days_before: 180, on_request: true}\n";
            let preview = async |key: &str, text: &str| {
                let request = actix_web::test::TestRequest::post()
                    .uri("/v1/maintenance/preview")
                    .insert_header(("x-api-key", key))
                    .insert_header(("content-type", "application/yaml"));
                world.send(request.set_payload(text.to_owned())).await
            };
            let answer = preview(&world.academy, policy).await;
            assert_eq!(answer.status, 200, "{}", answer.text());
            insta::assert_json_snapshot!("preview", answer.json());
            assert_eq!(preview(&world.trust, policy).await.problem(), "forbidden");
            let faulty = preview(&world.academy, &policy.replace("180", "-1")).await;
            assert_eq!(faulty.status, 422);
            assert_eq!(faulty.fields(), ["/maintenance/sample-policy/rules/0/renewal/opens_days_before"]);
        });
    }
}
