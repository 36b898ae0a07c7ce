//! The CPD ledger beyond awards.

use serde_json::{Value, json};
use testkit::{
    backends,
    catalogue::{self, SCHEME},
};

use crate::world::{World, run, steady};

/// A learner with one award.
async fn learner(world: &World) -> String {
    let issued = world.issue().await;
    let ledger = issued["learner"]["ledger"].as_str().unwrap().to_owned();
    ledger.trim_end_matches("/ledger").to_owned()
}

fn book(amount: &str) -> Value {
    json!({
        "title": "Read a book on data ethics",
        "credit": { "amount": amount, "unit": "hours" },
        "finishedAt": "2026-03-01",
        "category": "reading",
    })
}

/// The key of another client of the Academy.
fn second(world: &World) -> String {
    crate::world::client(&world.state, "second", None, &api::Scope::ALL).0
}

backends! {
    fn an_activity_is_a_line_of_its_own_kind(db: TestDb) {
        run(db, async |world| {
            let learner = learner(&world).await;
            let added = world.post_as(&world.academy, &format!("{learner}/activities"), &book("2.5")).await;
            assert_eq!(added.status, 201, "{}", added.text());
            let line = added.json();
            assert_eq!((&line["kind"], &line["selfDeclared"], &line["amount"]), (&json!("activity"), &json!(true), &json!("2.5")));
            assert_eq!(line["statedBy"], "academy");
            let ledger = world.get_as(&world.academy, &format!("{learner}/ledger")).await.json();
            assert_eq!(ledger["entries"][1], line);
            assert_eq!(ledger["entries"][0]["achievement"], catalogue::INTRODUCTION);
            let own = world.get_as(&world.trust, &format!("{learner}/ledger")).await.json();
            assert_eq!(own["entries"].as_array().unwrap().len(), 1, "a provider sees its own lines");
        });
    }

    fn what_is_wrong_is_told_and_nothing_is_added(db: TestDb) {
        run(db, async |world| {
            let learner = learner(&world).await;
            let path = format!("{learner}/activities");
            for (body, pointer) in [
                (json!({ "title": "x", "credit": { "amount": "1", "unit": "hours" }, "finishedAt": "2030-01-01" }), "/finishedAt"),
                (json!({ "title": "x", "credit": { "amount": "1", "unit": "hours" }, "finishedAt": "2026-01-01", "category": "naps" }), "/category"),
                (json!({ "title": " ", "credit": { "amount": "1", "unit": "hours" }, "finishedAt": "2026-01-01" }), "/title"),
                (json!({ "title": "x", "credit": { "amount": "-1", "unit": "hours" }, "finishedAt": "2026-01-01" }), "/credit/amount"),
                (json!({ "title": "x", "credit": { "amount": "1", "unit": "naps" }, "finishedAt": "2026-01-01" }), "/credit/unit"),
            ] {
                let refused = world.post_as(&world.academy, &path, &body).await;
                assert_eq!((refused.status.as_u16(), refused.fields()), (422, vec![pointer.to_owned()]), "{body}");
            }
            assert_eq!(world.post_as(&world.trust, &path, &book("1")).await.problem(), "forbidden");
            assert_eq!(world.post_as(&world.powerless, &path, &book("1")).await.problem(), "forbidden");
            let nobody = "/v1/learners/7d9c1a52-6d0d-4a9b-8f3c-2a1b7c9d0e22/activities";
            assert_eq!(world.post_as(&world.academy, nobody, &book("1")).await.problem(), "not-found");
            let ledger = world.get_as(&world.academy, &format!("{learner}/ledger")).await.json();
            assert_eq!(ledger["entries"].as_array().unwrap().len(), 1);
        });
    }

    fn an_adjustment_waits_for_somebody_else(db: TestDb) {
        run(db, async |world| {
            let (learner, other) = (learner(&world).await, second(&world));
            let body = json!({ "amount": "-1.5", "unit": "hours", "earnedOn": "2026-06-30", "reason": "Counted twice" });
            let asked = world.post_as(&world.academy, &format!("{learner}/adjustments"), &body).await;
            assert_eq!((asked.status.as_u16(), &asked.json()["state"]), (202, &json!("waiting")));
            let path = asked.json()["decision"].as_str().unwrap().to_owned();
            let approve = json!({ "decision": "approved" });
            assert_eq!(world.post_as(&world.academy, &path, &approve).await.problem(), "two-people");
            assert_eq!(world.post_as(&other, &path, &json!({ "decision": "maybe" })).await.fields(), ["/decision"]);
            assert_eq!(world.post_as(&world.trust, &path, &approve).await.problem(), "forbidden");
            let balance = async || world.get_as(&world.academy, &format!("{learner}/balances")).await.json();
            assert_eq!(balance().await, json!({ "balances": [{ "amount": "7.5", "unit": "hours" }] }));
            let decided = world.post_as(&other, &path, &approve).await;
            assert_eq!((decided.status.as_u16(), &decided.json()["state"]), (200, &json!("approved")), "{}", decided.text());
            assert_eq!(balance().await, json!({ "balances": [{ "amount": "6", "unit": "hours" }] }));
            let refuse = json!({ "decision": "refused" });
            assert_eq!(world.post_as(&other, &path, &refuse).await.problem(), "already-decided");
            let before = world.get_as(&world.academy, &format!("{learner}/balances?as_of=2026-06-30")).await.json();
            assert_eq!(before, json!({ "balances": [] }), "as the ledger stood before");
            assert_eq!(world.get_as(&world.academy, &format!("{learner}/balances?as_of=soon")).await.problem(), "malformed-request");
        });
    }

    fn a_statement_shows_what_counts_and_what_is_missing(db: TestDb) {
        run(db, async |world| {
            let learner = learner(&world).await;
            let joined = world
                .send(
                    actix_web::test::TestRequest::put()
                        .uri(&format!("{}/schemes/{SCHEME}", crate::world::local(&learner)))
                        .insert_header(("x-api-key", world.academy.as_str()))
                        .set_json(json!({ "joinedOn": "2026-01-15" })),
                )
                .await;
            assert_eq!(joined.status, 204, "{}", joined.text());
            world.post_as(&world.academy, &format!("{learner}/activities"), &book("12")).await;
            let mut seminar = book("3");
            seminar["credit"]["unit"] = json!("points");
            seminar["title"] = json!("=A seminar, \"on\" points");
            seminar.as_object_mut().unwrap().remove("category");
            world.post_as(&world.academy, &format!("{learner}/activities"), &seminar).await;
            let path = format!("{learner}/statements/{SCHEME}");
            let statement = world.get_as(&world.academy, &path).await.json();
            insta::assert_json_snapshot!("statement", steady(statement.clone()));
            let period = &statement["periods"][0];
            assert_eq!((&period["total"], &period["missing"]), (&json!("17"), &json!("3")), "7.5 + 8 of 12 + 1.5");
            let csv = world
                .send(
                    actix_web::test::TestRequest::get()
                        .uri(crate::world::local(&path))
                        .insert_header(("x-api-key", world.academy.as_str()))
                        .insert_header(("accept", "text/csv")),
                )
                .await;
            assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8");
            insta::assert_snapshot!("statement_csv", csv.text());
            assert_eq!(world.get_as(&world.trust, &path).await.problem(), "forbidden");
            assert_eq!(world.get_as(&world.academy, &format!("{learner}/statements/no-scheme")).await.problem(), "not-found");
        });
    }

    fn a_statement_is_printed_for_people_in_two_languages(db: TestDb) {
        run(db, async |world| {
            let learner = learner(&world).await;
            world.post_as(&world.academy, &format!("{learner}/activities"), &book("2.5")).await;
            let path = format!("{learner}/statements/{SCHEME}");
            let mut sizes = Vec::new();
            for (query, title) in [("", "CPD statement: Sample revalidation"), ("?lang=cy", "Datganiad DPP: Sample revalidation")] {
                let pdf = form(&world, &format!("{path}{query}"), "application/pdf").await;
                assert_eq!((pdf.status.as_u16(), pdf.header("content-type")), (200, "application/pdf"), "{}", pdf.text());
                assert!(pdf.body.starts_with(b"%PDF-1.7"));
                assert!(pdf.text().contains(title), "the title stands in the metadata");
                sizes.push(pdf.body.len());
            }
            assert!(sizes.iter().all(|size| (10_000..60_000).contains(size)), "{sizes:?}");
        });
    }

    fn a_signed_statement_is_a_badge_that_awards_nothing(db: TestDb) {
        run(db, async |world| {
            let learner = learner(&world).await;
            world.post_as(&world.academy, &format!("{learner}/activities"), &book("12")).await;
            let path = format!("{learner}/statements/{SCHEME}");
            let signed = form(&world, &path, "application/vc+ld+json").await;
            assert_eq!(signed.status, 200, "{}", signed.text());
            let statement = signed.json();
            insta::assert_json_snapshot!("signed_statement", steady(statement.clone()), { ".proof[0].proofValue" => "[proof]", ".proof[0].verificationMethod" => "[method]" });
            let results: std::collections::BTreeMap<String, Value> = statement["credentialSubject"]["result"].as_array().unwrap().iter()
                .map(|result| (result["resultDescription"].as_str().unwrap().split_once('#').unwrap().1.to_owned(), result["value"].clone()))
                .collect();
            assert_eq!((&results["total"], &results["category-reading"], &results["earned-hours"]), (&json!("15.5"), &json!("8"), &json!("19.5")));
            let jwt = form(&world, &path, "application/vc+jwt").await;
            for (kind, body) in [("application/vc+ld+json", &signed), ("application/vc+jwt", &jwt)] {
                let report = world.post("/v1/verify", kind, body.body.clone()).await.json();
                assert_eq!(report["verdict"], "valid", "{report:#}");
                let codes: Vec<_> = report["checks"].as_array().unwrap().iter().map(|check| check["code"].as_str().unwrap()).collect();
                assert!(codes.contains(&"accreditation-no-award") && codes.contains(&"status-none"), "{codes:?}");
            }
            let mut forged = statement.clone();
            forged["credentialSubject"]["creditsEarned"] = json!(40);
            let report = world.post("/v1/verify", "application/vc+ld+json", forged.to_string()).await.json();
            assert_eq!(report["verdict"], "invalid");
            let about = statement["credentialSubject"]["achievement"]["id"].as_str().unwrap();
            let scheme = world.get(about, "application/ld+json").await;
            assert_eq!((scheme.status.as_u16(), &scheme.json()["id"]), (200, &json!(about)), "{}", scheme.text());
            assert_eq!(form(&world, &format!("{path}?period=1999-01-01"), "application/vc+jwt").await.problem(), "not-found");
            assert_eq!(form(&world, &format!("{path}?period=soon"), "application/json").await.problem(), "malformed-request");
        });
    }

    fn what_the_learner_writes_is_counted_kept_and_shown(db: TestDb) {
        run(db, async |world| {
            let learner = learner(&world).await;
            let path = format!("{learner}/statements/{SCHEME}");
            let period = async || world.get_as(&world.academy, &path).await.json()["periods"][0].take();
            assert_eq!(period().await["statement"], json!({ "state": "missing", "words": 0 }));
            let day = "2026-07-01";
            let write = async |day: &str, body: Value| {
                world.send(
                    actix_web::test::TestRequest::put()
                        .uri(&format!("{}/{day}", crate::world::local(&path)))
                        .insert_header(("x-api-key", world.academy.as_str()))
                        .set_json(body),
                ).await
            };
            let short = write(day, json!({ "text": "Few words." })).await;
            assert_eq!((&short.json()["state"], &short.json()["words"]), (&json!("short"), &json!(2)), "{}", short.text());
            let text = "word ".repeat(250);
            world.clock.set(testkit::at("2026-07-02T12:00:00Z"));
            let there = write(day, json!({ "text": text })).await.json();
            assert_eq!((&there["state"], &there["words"], &there["statedBy"]), (&json!("there"), &json!(250), &json!("academy")));
            let shown = period().await;
            assert_eq!((&shown["statement"], &shown["isMet"], &shown["isComplete"]), (&there, &json!(false), &json!(false)));
            let signed = form(&world, &path, "application/vc+ld+json").await.json();
            assert_eq!(signed["evidence"][0]["narrative"], text.trim());
            let none = write("1999-01-01", json!({ "text": "x" })).await;
            assert_eq!((none.status.as_u16(), none.problem()), (422, "invalid".to_owned()));
            assert_eq!(write(day, json!({ "text": " " })).await.fields(), ["/text"]);
            assert_eq!(write("soon", json!({ "text": "x" })).await.problem(), "not-found");
        });
    }
}

/// The answer to the Academy in one form.
async fn form(world: &World, path: &str, accept: &str) -> crate::world::Answer {
    world
        .send(
            actix_web::test::TestRequest::get()
                .uri(crate::world::local(path))
                .insert_header(("x-api-key", world.academy.as_str()))
                .insert_header(("accept", accept)),
        )
        .await
}
