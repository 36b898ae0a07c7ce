//! What is answered of somebody who was erased.

use serde_json::json;
use testkit::{backends, catalogue::SCHEME};

use crate::world::{completion, local, run};

const LANGUAGES: [(&str, &str); 2] = [("en", "This has been erased"), ("cy", "Mae hwn wedi")];

backends! {
    fn what_is_asked_of_somebody_erased_is_gone_and_says_so(db: TestDb) {
        run(db, async |world| {
            let issued = world.issue().await;
            let url = local(issued["credential"]["url"].as_str().unwrap()).to_owned();
            let id = issued["learner"]["id"].as_str().unwrap().to_owned();
            let learner = format!("/v1/learners/{id}");
            let kept = world.get(&url, "application/vc+ld+json").await;
            let other = world.post_as(&world.trust, "/v1/completions", &completion("b")).await.json();
            let body = json!({ "erase": id });
            let erased = world.post_as(&world.academy, &format!("{learner}/erasure"), &body).await;
            assert_eq!(erased.status, 200, "{}", erased.text());
            let answer = erased.json();
            assert_eq!((&answer["wasAlreadyErased"], &answer["revoked"]), (&json!(false), &json!([])));

            for path in [url.clone(), format!("{url}/clr"), url.replace("/v1/credentials/", "/badges/")] {
                let gone = world.get(&path, "application/json").await;
                assert_eq!((gone.status.as_u16(), gone.problem().as_str()), (410, "erased"), "{path}");
                // The record of a programme's award has no page of its own.
                let languages: &[_] = if path.ends_with("/clr") { &[] } else { &LANGUAGES };
                for (language, words) in languages {
                    let page = world.get(&format!("{path}?lang={language}"), "text/html").await;
                    assert_eq!(page.status, 410, "{path}");
                    assert!(page.text().contains(words), "{path} {language}: {}", page.text());
                    assert!(!page.text().contains("Sample Learner"));
                }
            }
            for path in ["ledger", "balances", "pathways", &format!("statements/{SCHEME}")] {
                let gone = world.get_as(&world.academy, &format!("{learner}/{path}")).await;
                assert_eq!((gone.status.as_u16(), gone.problem().as_str()), (410, "erased"), "{path}");
            }
            let activity = json!({
                "title": "x", "credit": { "amount": "1", "unit": "hours" }, "finishedAt": "2026-01-01"
            });
            let refused = world.post_as(&world.academy, &format!("{learner}/activities"), &activity).await;
            assert_eq!(refused.status, 410, "{}", refused.text());
            let again = world.post_as(&world.trust, "/v1/completions", &completion("a")).await;
            assert_eq!((again.status.as_u16(), again.problem().as_str()), (409, "learner-erased"));

            // What somebody has kept is as good as before, and everybody else's is there.
            let report = world.post("/v1/verify", "application/json", kept.body.clone()).await.json();
            assert_eq!(report["verdict"], "valid", "{report}");
            let there = world.get(local(other["credential"]["url"].as_str().unwrap()), "application/json").await;
            assert_eq!(there.status, 200);
            // Revoked with a second request, it is no longer good.
            let revoking = json!({ "erase": id, "revoke": true });
            let revoked = world.post_as(&world.academy, &format!("{learner}/erasure"), &revoking).await.json();
            assert_eq!(revoked["wasAlreadyErased"], true);
            assert_eq!(revoked["revoked"].as_array().unwrap().len(), 1);
            let report = world.post("/v1/verify", "application/json", kept.body).await.json();
            assert!(report.to_string().contains("status-revoked"), "{report}");
        });
    }

    fn an_erasure_is_confirmed_and_the_academys(db: TestDb) {
        run(db, async |world| {
            let issued = world.issue().await;
            let id = issued["learner"]["id"].as_str().unwrap().to_owned();
            let path = format!("/v1/learners/{id}/erasure");
            let confirmed = json!({ "erase": id });
            let keys = [(&world.trust, 403), (&world.university, 403), (&world.powerless, 403), (&"x".to_owned(), 401)];
            for (key, status) in keys {
                assert_eq!(world.post_as(key, &path, &confirmed).await.status, status);
            }
            let unsure = world.post_as(&world.academy, &path, &json!({ "erase": "yes" })).await;
            assert_eq!((unsure.status.as_u16(), unsure.fields()), (422, vec!["/erase".to_owned()]));
            let stranger = "0197c1d2-7b3a-7c4d-8e5f-60718293a4b5";
            let (path, body) = (format!("/v1/learners/{stranger}/erasure"), json!({ "erase": stranger }));
            assert_eq!(world.post_as(&world.academy, &path, &body).await.status, 404);
            let badge = world.get(local(issued["credential"]["url"].as_str().unwrap()), "").await;
            assert_eq!(badge.status, 200, "nothing was erased");
        });
    }
}
