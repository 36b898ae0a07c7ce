//! Reading and revoking a credential.

use actix_web::test::TestRequest;
use serde_json::json;
use testkit::{backends, catalogue};

use crate::world::{World, completion, local, run};

backends! {
    fn a_credential_comes_in_the_form_that_is_asked_for(db: TestDb) {
        run(db, async |world| {
            let issued = world.issue().await;
            let url = issued["credential"]["url"].as_str().unwrap().to_owned();
            for (accept, content_type, beginning) in [
                ("", "application/vc+ld+json", "{"),
                ("*/*", "application/vc+ld+json", "{"),
                ("application/vc", "application/vc", "{"),
                ("application/ld+json", "application/ld+json", "{"),
                ("application/json", "application/json", "{"),
                ("application/vc+jwt", "application/vc+jwt", "eyJ"),
                ("application/jwt", "application/jwt", "eyJ"),
                ("text/plain", "text/plain; charset=utf-8", "eyJ"),
                ("application/dc+sd-jwt", "application/dc+sd-jwt", "eyJ"),
                ("image/svg+xml", "image/svg+xml", "<"),
                ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html; charset=utf-8", "<!"),
                ("application/vc+jwt;q=0.2, application/json;q=0.7", "application/json", "{"),
            ] {
                let answer = world.get(&url, accept).await;
                assert_eq!((answer.status.as_u16(), answer.header("content-type")), (200, content_type), "{accept}");
                assert!(answer.text().trim_start().starts_with(beginning), "{accept}: {}", answer.text());
                assert!(answer.header("vary").to_lowercase().contains("accept"), "{accept}");
                assert_eq!(answer.header("cache-control"), "no-cache");
                assert_eq!(answer.header("x-robots-tag"), "noindex");
            }
            let png = world.get(&url, "image/png").await;
            assert_eq!(png.header("content-type"), "image/png");
            let baked = artwork::png::unbake(&png.body).unwrap().unwrap();
            assert_eq!(baked, world.get(&url, "").await.text());
            let refused = world.get(&url, "application/pdf").await;
            assert_eq!((refused.status.as_u16(), refused.problem().as_str()), (406, "not-acceptable"));
            assert!(refused.json()["detail"].as_str().unwrap().contains("application/vc+jwt"));
        });
    }

    fn links_can_ask_for_a_download(db: TestDb) {
        run(db, async |world| {
            let issued = world.issue().await;
            let (id, url) = (issued["credential"]["id"].as_str().unwrap(), issued["credential"]["url"].as_str().unwrap());
            for format in ["json", "jwt", "sd-jwt", "png", "svg"] {
                let answer = world.get(&format!("{}?format={format}", local(url)), "text/html").await;
                assert_eq!(answer.status, 200, "{format}");
                assert_eq!(
                    answer.header("content-disposition"),
                    format!("attachment; filename=\"badge-{id}.{format}\"")
                );
            }
            assert_eq!(world.get(&format!("{}?format=pdf", local(url)), "").await.problem(), "malformed-request");
        });
    }

    fn a_badge_for_a_wallet_shows_what_its_holder_chooses_until_it_is_revoked(db: TestDb) {
        run(db, async |world| {
            let issued = world.issue().await;
            let url = issued["credential"]["url"].as_str().unwrap().to_owned();
            let form = world.get(&url, "application/dc+sd-jwt").await.text();
            assert_eq!(world.get(&url, "application/dc+sd-jwt").await.text(), form, "the same bytes every time");
            let shown = jose::present(&form, &[]).unwrap();
            assert!(shown.len() < form.len());
            let verdict = async |text: &str| {
                let answer = world.post("/v1/verify", "application/dc+sd-jwt", text.to_owned()).await;
                answer.json()["verdict"].as_str().unwrap().to_owned()
            };
            assert_eq!((verdict(&form).await.as_str(), verdict(&shown).await.as_str()), ("valid", "valid"));

            let read = jose::read_sd_jwt(&shown).unwrap();
            assert!(!serde_json::to_string(read.claims()).unwrap().contains("Sample Learner"));
            let metadata = world.get(local(read.claims()["vct"].as_str().unwrap()), "").await.json();
            assert_eq!(metadata["vct"], read.claims()["vct"]);
            let locales: Vec<_> = metadata["display"].as_array().unwrap().iter().map(|it| &it["locale"]).collect();
            assert_eq!(locales, ["en-GB", "cy-GB"]);

            // The same entry in both kinds of list, turned by one revocation.
            let status = &read.claims()["status"]["status_list"];
            let list = local(status["uri"].as_str().unwrap()).to_owned();
            let index = usize::try_from(status["idx"].as_u64().unwrap()).unwrap();
            let marked = async || {
                let token = world.get(&list, "application/statuslist+jwt").await;
                assert_eq!(token.header("content-type"), "application/statuslist+jwt");
                let token = jose::read_status_list(&token.text()).unwrap();
                assert_eq!(token.uri, status["uri"].as_str().unwrap());
                proof::status::TokenList::decode(&token.lst, token.bits, 1 << 20).unwrap().get(index).unwrap()
            };
            assert_eq!(marked().await, 0);
            let body = json!({"reason": "Wrong person"});
            let revoked = world.post_as(&world.trust, &format!("{}/revoke", local(&url)), &body).await;
            assert_eq!(revoked.status, 200, "{}", revoked.text());
            assert_eq!(marked().await, 1);
            assert_eq!((verdict(&form).await.as_str(), verdict(&shown).await.as_str()), ("invalid", "invalid"));
        });
    }

    fn a_badge_from_before_there_were_wallets_has_no_such_form(db: TestDb) {
        run(db, async |world| {
            let issued = world.issue().await;
            let url = issued["credential"]["url"].as_str().unwrap().to_owned();
            let page = issued["credential"]["page"].as_str().unwrap().to_owned();
            assert!(world.get(&page, "text/html").await.text().contains("format=sd-jwt"));
            world.forget_seeds();
            let refused = world.get(&url, "application/dc+sd-jwt").await;
            assert_eq!((refused.status.as_u16(), refused.problem().as_str()), (406, "not-acceptable"));
            assert!(refused.json()["detail"].as_str().unwrap().contains("before"), "{}", refused.text());
            assert!(!world.get(&page, "text/html").await.text().contains("format=sd-jwt"));
            assert_eq!(world.get(&url, "application/vc+jwt").await.status, 200);
        });
    }

    fn a_programmes_award_has_a_record_of_its_parts_and_a_module_has_none(db: TestDb) {
        run(db, async |world| {
            let (module, certificate) = programme(&world).await;
            let record = format!("{certificate}/clr");
            for (accept, content_type, beginning) in [
                ("", "application/vc+ld+json", "{"),
                ("application/json", "application/json", "{"),
                ("application/vc+jwt", "application/vc+jwt", "eyJ"),
                ("image/svg+xml", "image/svg+xml", "<"),
            ] {
                let answer = world.get(&record, accept).await;
                assert_eq!((answer.status.as_u16(), answer.header("content-type")), (200, content_type), "{accept}");
                assert!(answer.text().trim_start().starts_with(beginning), "{accept}: {}", answer.text());
                assert!(answer.header("vary").starts_with("Accept"));
                assert_eq!(answer.header("x-robots-tag"), "noindex");
            }
            let png = world.get(&record, "image/png").await;
            assert_eq!(artwork::png::unbake(&png.body).unwrap().unwrap(), world.get(&record, "").await.text());
            assert_eq!(world.get(&record, "application/dc+sd-jwt").await.problem(), "not-acceptable");
            let none = world.get(&format!("{module}/clr"), "").await;
            assert_eq!((none.status.as_u16(), none.problem().as_str()), (404, "not-found"));
            assert!(none.json()["detail"].as_str().unwrap().contains("not made of other badges"));
            let download = world.get(&format!("{}?format=json", local(&record)), "text/html").await;
            assert!(download.header("content-disposition").starts_with("attachment; filename=\"record-"));
            assert_eq!(world.get(&format!("{}?format=sd-jwt", local(&record)), "").await.problem(), "malformed-request");
        });
    }

    fn a_record_stands_when_a_part_lapses_and_falls_with_its_award(db: TestDb) {
        run(db, async |world| {
            let (module, certificate) = programme(&world).await;
            let record = format!("{certificate}/clr");
            let check = async |media_type: &str| {
                let held = world.get(&record, media_type).await;
                world.post("/v1/verify", media_type, held.body).await.json()
            };
            let codes = |report: &serde_json::Value| -> Vec<String> {
                let checks = report["checks"].as_array().unwrap().iter();
                checks.map(|check| check["code"].as_str().unwrap().to_owned()).filter(|code| code.starts_with("record")).collect()
            };
            for media_type in ["application/vc+ld+json", "application/vc+jwt", "image/png", "image/svg+xml"] {
                let report = check(media_type).await;
                assert_eq!((&report["verdict"], codes(&report)), (&json!("valid"), vec!["record-part-valid".to_owned(); 3]), "{report:#}");
                assert_eq!(report["credentials"].as_array().unwrap().len(), 3);
            }
            let body = json!({"reason": "Wrong person"});
            world.post_as(&world.trust, &format!("{}/revoke", local(&module)), &body).await;
            let report = check("application/vc+ld+json").await;
            assert_eq!(report["verdict"], "valid", "{report:#}");
            assert!(codes(&report).contains(&"record-part-lapsed".to_owned()), "{report:#}");
            world.post_as(&world.academy, &format!("{}/revoke", local(&certificate)), &body).await;
            assert_eq!(check("application/vc+jwt").await["verdict"], "invalid");
        });
    }

    fn a_form_that_is_held_is_not_sent_again(db: TestDb) {
        run(db, async |world| {
            let issued = world.issue().await;
            let url = issued["credential"]["url"].as_str().unwrap().to_owned();
            let list = status_list(&world.get(&url, "").await.json());
            for path in [url.as_str(), list.as_str()] {
                let first = world.get(path, "").await;
                let tag = first.header("etag").to_owned();
                let request = TestRequest::get().uri(local(path)).insert_header(("if-none-match", tag.as_str()));
                let second = world.send(request).await;
                assert_eq!((second.status.as_u16(), second.body.len()), (304, 0), "{path}");
                assert_eq!(second.header("etag"), tag);
            }
        });
    }

    fn a_revocation_shows_everywhere_at_once(db: TestDb) {
        run(db, async |world| {
            let issued = world.issue().await;
            let url = issued["credential"]["url"].as_str().unwrap().to_owned();
            let page = issued["credential"]["page"].as_str().unwrap().to_owned();
            let credential = world.get(&url, "").await;
            let list = status_list(&credential.json());
            let before = (world.get(&list, "").await, world.get(&page, "text/html").await);
            let checked = world.post("/v1/verify", "application/json", credential.body.clone()).await;
            assert_eq!(checked.json()["verdict"], "valid", "{}", checked.text());

            world.clock.set(testkit::at("2026-07-01T12:00:01Z"));
            let body = json!({ "reason": "Issued to the wrong person" });
            let revoked = world.post_as(&world.trust, &format!("{}/revoke", local(&url)), &body).await;
            assert_eq!(revoked.status, 200, "{}", revoked.text());
            assert_eq!(revoked.json()["wasAlreadyRevoked"], false);
            assert_eq!(revoked.json()["statusList"], list.as_str());

            let after = (world.get(&list, "").await, world.get(&page, "text/html").await);
            assert_ne!(before.0.header("etag"), after.0.header("etag"));
            assert_ne!(before.0.json()["credentialSubject"]["encodedList"], after.0.json()["credentialSubject"]["encodedList"]);
            assert_ne!(before.1.header("etag"), after.1.header("etag"));
            assert!(after.1.text().to_lowercase().contains("revoked"), "{}", after.1.text());
            assert!(!after.1.text().contains("wrong person"), "the reason is not published");
            for form in ["", "application/vc+jwt", "image/png", "image/svg+xml"] {
                let again = world.get(&url, form).await;
                assert_eq!(again.status, 200, "a revoked credential is still served");
                let report = world.post("/v1/verify", "", again.body).await.json();
                assert_eq!(report["verdict"], "invalid", "{form}: {report}");
                let status = report["checks"].as_array().unwrap().iter().find(|check| check["question"] == "status");
                assert_eq!(status.unwrap()["outcome"], "fail", "{form}: {report}");
            }

            let twice = world.post_as(&world.trust, &format!("{}/revoke", local(&url)), &json!({ "reason": "Again" })).await;
            assert_eq!(twice.json()["wasAlreadyRevoked"], true);
            assert_eq!(twice.json()["reason"], "Issued to the wrong person");
            let ledger = world.get_as(&world.trust, issued["learner"]["ledger"].as_str().unwrap()).await.json();
            let kinds: Vec<_> = ledger["entries"].as_array().unwrap().iter().map(|entry| entry["kind"].clone()).collect();
            assert_eq!(kinds, ["award", "reversal"]);
        });
    }

    fn a_revocation_needs_a_reason(db: TestDb) {
        run(db, async |world| {
            let issued = world.issue().await;
            let path = format!("{}/revoke", local(issued["credential"]["url"].as_str().unwrap()));
            for (body, pointer) in [
                (json!({}), "/reason"),
                (json!({ "reason": "  " }), "/reason"),
                (json!({ "reason": 7 }), "/reason"),
                (json!({ "reason": "x".repeat(501) }), "/reason"),
                (json!({ "reason": "x", "colour": "blue" }), "/colour"),
                (json!([]), ""),
            ] {
                let answer = world.post_as(&world.trust, &path, &body).await;
                assert_eq!(answer.fields(), [pointer], "{body}");
            }
            assert_eq!(world.get(issued["credential"]["page"].as_str().unwrap(), "text/html").await.status, 200);
        });
    }

    fn the_ledger_comes_in_pages(db: TestDb) {
        run(db, async |world| {
            let mut ledger = String::new();
            for (reference, achievement) in [("1", catalogue::CORE), ("2", catalogue::INTRODUCTION)] {
                let mut body = completion("a");
                body["reference"] = json!(reference);
                body["achievement"] = json!(achievement);
                let answer = world.post_as(&world.trust, "/v1/completions", &body).await;
                assert_eq!(answer.status, 201, "{}", answer.text());
                answer.json()["learner"]["ledger"].as_str().unwrap().clone_into(&mut ledger);
            }
            let whole = world.get_as(&world.trust, &ledger).await.json();
            let first = world.get_as(&world.trust, &format!("{ledger}?limit=1")).await.json();
            let rest = world.get_as(&world.trust, first["next"].as_str().unwrap()).await.json();
            assert_eq!(whole["entries"][0], first["entries"][0]);
            assert_eq!(whole["entries"][1], rest["entries"][0]);
            assert!(whole.get("next").is_none());
            for bad in ["limit=0", "limit=501", "limit=x", "after=x"] {
                let answer = world.get_as(&world.trust, &format!("{ledger}?{bad}")).await;
                assert_eq!(answer.problem(), "malformed-request", "{bad}");
            }
        });
    }
}

fn status_list(credential: &serde_json::Value) -> String {
    credential["credentialStatus"]["statusListCredential"].as_str().unwrap().to_owned()
}

/// The addresses of a module and of the certificate that it and another brought.
async fn programme(world: &World) -> (String, String) {
    let mut answers = Vec::new();
    for module in [catalogue::CORE, catalogue::INTRODUCTION] {
        let mut body = completion("programme");
        body["achievement"] = module.into();
        body["reference"] = module.into();
        let answer = world.post_as(&world.trust, "/v1/completions", &body).await;
        assert_eq!(answer.status, 201, "{}", answer.text());
        answers.push(answer.json());
    }
    let url = |credential: &serde_json::Value| credential["url"].as_str().unwrap().to_owned();
    (url(&answers[0]["credential"]), url(&answers[1]["programmeAwards"][0]["credential"]))
}
