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
}
