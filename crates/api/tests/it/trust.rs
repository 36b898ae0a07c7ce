//! The registry of issuers, kept by the Academy's registrar.

use serde_json::{Value, json};
use testkit::backends;

use crate::world::{World, run};

/// The code of the check of the issuer under the policy `strict`, and the verdict.
async fn trusted(world: &World, badge: &[u8]) -> (String, String, String) {
    let report = world.post("/v1/verify?policy=strict", "application/json", badge.to_vec()).await.json();
    let checks = report["checks"].as_array().unwrap();
    let check = checks.iter().find(|check| check["question"] == "trust").unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    (text(&check["code"]), text(&report["verdict"]), text(&check["finding"]))
}

backends! {
    fn the_registrar_puts_an_issuer_on_a_list_and_takes_it_off(db: TestDb) {
        run(db, async |world| {
            let issued = world.issue().await;
            let badge = world.get(issued["credential"]["url"].as_str().unwrap(), "").await;
            let issuer = badge.json()["issuer"]["id"].as_str().unwrap().to_owned();
            let (entries, withdrawal) = ("/v1/trust/entries", "/v1/trust/entries/withdrawal");
            let entry = json!({"list": "nobody", "issuer": issuer, "name": "Example Academy", "reason": "Seen by the board"});
            let gone = json!({"list": "nobody", "issuer": issuer, "reason": "It closed"});
            assert_eq!(trusted(&world, &badge.body).await.0, "trust-untrusted");

            // Others may neither decide nor see what was decided.
            for path in [entries, withdrawal] {
                assert_eq!(world.post_as(&world.trust, path, &entry).await.problem(), "forbidden", "a provider's");
                assert_eq!(world.post_as(&world.powerless, path, &entry).await.problem(), "forbidden");
                assert_eq!(world.post(path, "application/json", entry.to_string()).await.problem(), "unauthenticated");
            }
            assert_eq!(world.get_as(&world.trust, entries).await.problem(), "forbidden");
            assert_eq!(world.get(entries, "").await.problem(), "unauthenticated");

            assert_eq!(world.post_as(&world.academy, withdrawal, &gone).await.problem(), "not-found");
            let added = world.post_as(&world.academy, entries, &entry).await;
            assert_eq!(added.status, 201, "{}", added.text());
            assert_eq!((&added.json()["decision"], &added.json()["recordedBy"]), (&json!("listed"), &json!("academy")));
            assert_eq!(world.post_as(&world.academy, entries, &entry).await.status, 200, "it stands already");
            let (code, verdict, finding) = trusted(&world, &badge.body).await;
            assert_eq!((code.as_str(), verdict.as_str()), ("trust-registered", "valid"));
            assert!(finding.contains("to the list Nobody on ") && finding.ends_with(": Example Academy."), "{finding}");
            let told = world.get("/v1/trust", "").await.json();
            assert_eq!(told["lists"][0]["issuers"][0]["id"], json!(issuer));
            assert_eq!(told["lists"][0]["issuers"][0]["added"], added.json()["recordedAt"]);

            let mut earlier = entry.clone();
            earlier["until"] = json!("2020-12-31");
            earlier["reason"] = json!("For what it awarded then");
            assert_eq!(world.post_as(&world.academy, entries, &earlier).await.status, 201);
            assert_eq!(trusted(&world, &badge.body).await.0, "trust-other-days");
            assert_eq!(world.post_as(&world.academy, withdrawal, &gone).await.status, 201);
            assert_eq!(world.post_as(&world.academy, withdrawal, &gone).await.problem(), "not-found");
            assert_eq!(trusted(&world, &badge.body).await.0, "trust-untrusted");
            assert_eq!(world.get("/v1/trust", "").await.json()["lists"][0]["issuers"], json!([]));

            let history = world.get_as(&world.academy, entries).await.json();
            let reasons: Vec<_> = history["entries"].as_array().unwrap().iter().map(|one| one["reason"].clone()).collect();
            assert_eq!(reasons, ["Seen by the board", "For what it awarded then", "It closed"]);
            assert_eq!(history["entries"][2]["decision"], "withdrawn");

            let mut elsewhere = entry.clone();
            elsewhere["list"] = json!("everybody");
            assert_eq!(world.post_as(&world.academy, entries, &elsewhere).await.fields(), ["/list"]);
            let wrong = world.post_as(&world.academy, entries, &json!({"list": "nobody", "issuer": "me"})).await;
            assert_eq!(wrong.fields(), ["/issuer", "/name", "/reason"]);
        });
    }
}
