//! Corrections and withdrawals over HTTP.

use actix_web::test::TestRequest;
use model::catalogue::{Manner, Succession};
use serde_json::{Value, json};
use testkit::{backends, catalogue, noon};

use crate::world::{Answer, World, completion, local, run, slug, steady};

fn changed() -> Value {
    let mut changed = completion("a");
    changed["credit"] = json!({ "amount": "5", "unit": "hours" });
    changed
}

async fn post_if(world: &World, name: &'static str, value: String, body: &Value) -> Answer {
    let request = TestRequest::post()
        .uri("/v1/completions")
        .insert_header(("x-api-key", world.trust.clone()))
        .insert_header((name, value))
        .set_json(body);
    world.send(request).await
}

async fn withdraw(world: &World, key: &str, body: Value) -> Answer {
    world.post_as(key, "/v1/completions/withdraw", &body).await
}

fn check<'a>(report: &'a Value, code: &str) -> Option<&'a Value> {
    report["checks"].as_array().unwrap().iter().find(|check| check["code"] == code)
}

fn links(answer: &Answer) -> Vec<String> {
    answer.headers.get_all("link").map(|line| line.to_str().unwrap().to_owned()).collect()
}

async fn report(world: &World, credential: &Value) -> Value {
    let badge = world.get(credential["url"].as_str().unwrap(), "application/json").await;
    world.post("/v1/verify", "application/json", badge.body).await.json()
}

backends! {
    fn a_correction_says_what_it_supersedes_and_each_badge_names_the_other(db: TestDb) {
        run(db, async |world| {
            let first = world.issue().await;
            let answer = world.post_as(&world.trust, "/v1/completions", &changed()).await;
            assert_eq!(answer.status, 201, "{}", answer.text());
            let corrected = answer.json();
            insta::assert_json_snapshot!("correction_answer", steady(corrected.clone()));
            assert_eq!(corrected["supersedes"], first["credential"]);
            let replay = world.post_as(&world.trust, "/v1/completions", &changed()).await;
            assert_eq!(replay.status, 200);
            assert_eq!(replay.json()["outcome"], "unchanged");
            assert_eq!(replay.json()["supersedes"], first["credential"]);

            let (old, new) = (first["credential"]["url"].as_str().unwrap(), corrected["credential"]["url"].as_str().unwrap());
            let answer = world.get(old, "").await;
            assert_eq!(links(&answer), [format!("<{new}>; rel=\"successor-version\"")]);
            assert_eq!(links(&world.get(new, "").await), [format!("<{old}>; rel=\"predecessor-version\"")]);
            for (page, to, english, welsh) in [
                (&first, &corrected, "The badge that took its place", "Y bathodyn a gymerodd ei le"),
                (&corrected, &first, "takes the place of an earlier badge", "cymryd lle bathodyn cynharach"),
            ] {
                let address = local(page["credential"]["page"].as_str().unwrap()).to_owned();
                let to = local(to["credential"]["page"].as_str().unwrap());
                for (query, sentence) in [("", english), ("?lang=cy", welsh)] {
                    let page = world.get(&format!("{address}{query}"), "text/html").await.text();
                    assert!(page.contains(sentence) && page.contains(to), "{sentence}: {page}");
                }
            }

            let report = report(&world, &first["credential"]).await;
            assert_eq!(report["verdict"], "invalid");
            assert!(check(&report, "status-revoked").is_some() && check(&report, "refresh-none").is_none());
            let told = check(&report, "refresh-superseded").unwrap();
            assert!(told["finding"].as_str().unwrap().contains(new), "{told}");

            // Among others it is told what it is told alone.
            let (old, new) = (world.get(old, "application/json").await, world.get(new, "application/json").await);
            let rows = [new.text(), old.text(), new.text()].join("\n");
            let answer = world.post("/v1/verify/batch?report=full", "application/x-ndjson", rows).await.text();
            let lines: Vec<Value> = answer.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
            let verdicts: Vec<_> = lines.iter().map(|line| line["report"]["verdict"].as_str()).collect();
            assert_eq!(verdicts, [Some("valid"), Some("invalid"), Some("valid"), None]);
            assert_eq!(check(&lines[1]["report"], "refresh-superseded"), Some(told));
        });
    }

    fn whoever_held_another_s_badge_is_not_led_to_its_owner(db: TestDb) {
        run(db, async |world| {
            let first = world.issue().await;
            let mut other = completion("b");
            other["reference"] = json!("a");
            let answer = world.post_as(&world.trust, "/v1/completions", &other).await;
            assert_eq!((answer.status.as_u16(), answer.json()["differing"].clone()), (201, json!(["learner"])));
            let corrected = answer.json();
            assert_eq!(corrected["supersedes"], first["credential"], "the provider is told");
            let hidden = corrected["credential"]["id"].as_str().unwrap();
            let old = world.get(first["credential"]["url"].as_str().unwrap(), "").await;
            let page = world.get(first["credential"]["page"].as_str().unwrap(), "text/html").await.text();
            let report = report(&world, &first["credential"]).await;
            assert_eq!(links(&old), Vec::<String>::new());
            assert!(page.contains("belongs to another holder"), "{page}");
            assert!(check(&report, "refresh-superseded").is_some());
            for text in [page, report.to_string()] {
                assert!(!text.contains(hidden) && !text.contains("Sample Learner b"), "{text}");
            }
            let new = world.get(corrected["credential"]["url"].as_str().unwrap(), "").await;
            assert_eq!(links(&new), Vec::<String>::new());
        });
    }

    fn a_provider_can_ask_for_no_surprise(db: TestDb) {
        run(db, async |world| {
            let first = world.issue().await;
            let id = first["credential"]["id"].as_str().unwrap();
            let refused = post_if(&world, "if-none-match", "*".to_owned(), &changed()).await;
            assert_eq!((refused.status.as_u16(), refused.problem().as_str()), (412, "precondition-failed"));
            assert_eq!(refused.json()["credential"], first["credential"]["url"]);
            assert_eq!(refused.json()["differing"], json!(["credit"]));
            let same = post_if(&world, "if-none-match", "*".to_owned(), &completion("a")).await;
            assert_eq!((same.status.as_u16(), same.json()["outcome"].clone()), (200, json!("unchanged")));
            let other = "\"6f1c9f5e-0f6b-4a52-9d4e-2f6f6a9b7c10\"".to_owned();
            assert_eq!(post_if(&world, "if-match", other, &changed()).await.problem(), "precondition-failed");
            let meant = post_if(&world, "if-match", format!("\"{id}\""), &changed()).await;
            assert_eq!(meant.json()["outcome"], "corrected");
            for (name, value) in [("if-match", "*"), ("if-match", id), ("if-none-match", "\"x\"")] {
                assert_eq!(post_if(&world, name, value.to_owned(), &changed()).await.problem(), "malformed-request", "{value}");
            }
            let late = world.post_as(&world.trust, "/v1/completions", &completion("a")).await;
            assert_eq!(late.problem(), "completion-superseded");
            assert_eq!(late.json()["credential"], meant.json()["credential"]["url"]);
        });
    }

    fn a_batch_corrects_and_counts_corrections(db: TestDb) {
        run(db, async |world| {
            world.issue().await;
            let body = format!("{}\n{}\n", changed(), completion("b"));
            let batch = async |condition: bool| {
                let request = TestRequest::post()
                    .uri("/v1/completions/batch")
                    .insert_header(("x-api-key", world.trust.clone()))
                    .insert_header(("content-type", "application/x-ndjson"));
                let request = if condition { request.insert_header(("if-none-match", "*")) } else { request };
                let answer = world.send(request.set_payload(body.clone())).await;
                let lines: Vec<Value> = answer.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
                lines
            };
            let kept = batch(true).await;
            assert_eq!((kept[0]["status"].clone(), kept[1]["status"].clone()), (json!(412), json!(201)));
            let taken = batch(false).await;
            assert_eq!(taken[0]["result"]["outcome"], "corrected");
            assert_eq!(taken[1]["result"]["outcome"], "unchanged");
            assert_eq!(
                taken[2]["summary"],
                json!({ "rows": 2, "issued": 0, "corrected": 1, "replayed": 1, "refused": 0, "complete": true })
            );
        });
    }

    fn a_withdrawal_is_answered_once_and_for_all(db: TestDb) {
        run(db, async |world| {
            let issued = world.issue().await;
            let body = json!({ "reference": "a", "reason": "The assessment was marked wrongly" });
            assert_eq!(withdraw(&world, &world.powerless, body.clone()).await.problem(), "forbidden");
            assert_eq!(withdraw(&world, &world.academy, body.clone()).await.problem(), "forbidden");
            assert_eq!(withdraw(&world, &world.university, body.clone()).await.problem(), "not-found");
            let first = withdraw(&world, &world.trust, body.clone()).await;
            assert_eq!(first.status, 200, "{}", first.text());
            insta::assert_json_snapshot!("withdrawal_answer", steady(first.json()));
            assert_eq!(first.json()["credential"], issued["credential"]);
            let by_id = json!({ "completion": issued["completion"]["id"], "reason": "Another reason" });
            let mut again = withdraw(&world, &world.trust, by_id).await.json();
            assert_eq!(again["wasAlreadyWithdrawn"], true);
            again["wasAlreadyWithdrawn"] = json!(false);
            assert_eq!(again, first.json());
            let back = world.post_as(&world.trust, "/v1/completions", &completion("a")).await;
            assert_eq!((back.status.as_u16(), back.problem().as_str()), (409, "completion-withdrawn"));
            assert_eq!(report(&world, &issued["credential"]).await["verdict"], "invalid");
            for (bad, pointers) in [
                (json!([]), vec![""]),
                (json!({ "reason": "x" }), vec!["/reference"]),
                (json!({ "reference": "a", "completion": issued["completion"]["id"], "reason": "x" }), vec!["/reference"]),
                (json!({ "completion": "1", "reason": 5, "colour": "blue" }), vec!["/colour", "/reason", "/reference"]),
                (json!({ "reference": "a", "reason": " " }), vec!["/reason"]),
            ] {
                let refused = withdraw(&world, &world.trust, bad.clone()).await;
                assert_eq!((refused.problem().as_str(), refused.fields()), ("invalid", pointers.into_iter().map(str::to_owned).collect()), "{bad}");
            }
        });
    }

    fn who_answers_for_an_organisation_that_is_no_more_is_in_the_report(db: TestDb) {
        run(db, async |world| {
            let issued = world.issue().await;
            let whole = report(&world, &issued["credential"]).await;
            assert!(check(&whole, "issuer-ended").is_none());
            let mut merged = catalogue::sample();
            let trust = merged.organisations.get_mut(&slug(catalogue::TRUST)).unwrap();
            let by = vec![slug(catalogue::UNIVERSITY)];
            trust.succession = Some(Succession { on: "2026-06-30".parse().unwrap(), manner: Manner::Merged, by });
            world.state.registry.load_catalogue(&merged, noon()).unwrap();
            let whole = report(&world, &issued["credential"]).await;
            assert_eq!(whole["verdict"], "valid", "it stands as it did");
            let told = check(&whole, "issuer-ended").unwrap();
            assert_eq!(told["outcome"], "warning");
            assert_eq!(told["finding"], "`Example Trust` ended on 30 June 2026. Who answers for it now: `Example University`.");
            let badge = world.get(issued["credential"]["url"].as_str().unwrap(), "application/json").await;
            for (address, sentence) in [("/v1/verify", "ended on"), ("/v1/verify?lang=cy", "i ben ar")] {
                let request = TestRequest::post()
                    .uri(address)
                    .insert_header(("content-type", "application/json"))
                    .insert_header(("accept", "text/html"));
                let page = world.send(request.set_payload(badge.body.clone())).await.text();
                assert!(page.contains(sentence), "{sentence}: {page}");
            }
        });
    }
}
