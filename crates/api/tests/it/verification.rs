//! Checking credentials over HTTP.

use std::sync::atomic::Ordering;

use actix_web::test::TestRequest;
use chrono::TimeDelta;
use serde_json::{Value, json};
use sha2::Digest as _;
use signing::KeyAlgorithm;
use testkit::{TestDb, backends, catalogue};

use crate::world::{Answer, World, completion, run, slug};

const BOUNDARY: &str = "sample-boundary";

async fn form(world: &World, path: &str, accept: &str, fields: &[(&str, Option<&str>, &[u8])]) -> Answer {
    let mut body = Vec::new();
    for (name, file, content) in fields {
        let file =
            file.map(|file| format!("; filename=\"{file}\"\r\nContent-Type: application/octet-stream"));
        let head = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"{}\r\n\r\n",
            file.unwrap_or_default()
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(content);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
    let request = TestRequest::post()
        .uri(path)
        .insert_header(("content-type", format!("multipart/form-data; boundary={BOUNDARY}")))
        .insert_header(("accept", accept));
    world.send(request.set_payload(body)).await
}

fn verdict(answer: &Answer) -> String {
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()["verdict"].as_str().unwrap().to_owned()
}

backends! {
    fn a_badge_of_ours_verifies_in_every_form_without_a_network(db: TestDb) {
        run(db, async |world| {
            let issued = world.issue().await;
            let url = issued["credential"]["url"].as_str().unwrap().to_owned();
            for form in ["application/vc+ld+json", "application/vc+jwt", "image/png", "image/svg+xml"] {
                let badge = world.get(&url, form).await;
                let answer = world.post("/v1/verify", form, badge.body.clone()).await;
                assert_eq!(verdict(&answer), "valid", "{form}: {}", answer.text());
                let unnamed = world.post("/v1/verify", "application/octet-stream", badge.body).await;
                assert_eq!(verdict(&unnamed), "valid", "{form} without its type");
            }
            for address in [url.as_str(), issued["credential"]["page"].as_str().unwrap()] {
                let answer = world.post("/v1/verify", "application/json", json!({ "url": address }).to_string()).await;
                assert_eq!(verdict(&answer), "valid", "{address}: {}", answer.text());
            }
            let as_a_code_holds_it = world.post("/v1/verify", "text/plain", format!(" {url}\n")).await;
            assert_eq!(verdict(&as_a_code_holds_it), "valid");
            assert_eq!(world.outside.count.load(Ordering::SeqCst), 0, "{:?}", world.outside.urls);
        });
    }

    fn one_changed_character_is_found(db: TestDb) {
        run(db, async |world| {
            let issued = world.issue().await;
            let url = issued["credential"]["url"].as_str().unwrap().to_owned();
            let badge = world.get(&url, "").await.text();
            let changed = badge.replacen("Sample Learner a", "Sample Learner b", 1);
            assert_ne!(badge, changed);
            let report = world.post("/v1/verify", "application/json", changed).await;
            assert_eq!(verdict(&report), "invalid");
            let report = report.json();
            let proof = report["checks"].as_array().unwrap().iter().find(|check| check["question"] == "proof").unwrap();
            assert_eq!(proof["outcome"], "fail");
            assert!(proof["finding"].is_string() && proof["advice"].is_string(), "{proof}");
        });
    }
}

backends! {
    fn a_policy_decides_what_an_unknown_issuer_comes_to(db: TestDb) {
        run(db, async |world| {
            let issued = world.issue().await;
            let badge = world.get(issued["credential"]["url"].as_str().unwrap(), "").await;
            let ask = async |policy: &str| {
                world.post(&format!("/v1/verify?policy={policy}"), "application/json", badge.body.clone()).await
            };
            for (policy, expected) in [("", "valid"), ("strict", "undetermined"), ("curious", "valid")] {
                let answer = ask(policy).await;
                assert_eq!(verdict(&answer), expected, "{policy}");
                let report = answer.json();
                let checks = report["checks"].as_array().unwrap();
                let trust = checks.iter().find(|check| check["question"] == "trust");
                assert_eq!(trust.map(|check| check["code"].as_str().unwrap()), (!policy.is_empty()).then_some("trust-untrusted"));
                assert_eq!(report["policy"].as_str().unwrap_or_default(), policy);
            }
            for unknown in ["nobody", "No%20Slug"] {
                let refused = ask(unknown).await;
                assert_eq!((refused.status.as_u16(), refused.fields()), (422, vec!["/policy".to_owned()]), "{unknown}");
            }
            let page = form(&world, "/verify", "text/html", &[("text", None, &badge.body), ("policy", None, b"strict")]).await;
            assert!(page.text().contains("Nobody") || page.text().contains("The strict"), "{}", page.text());
            assert!(world.get("/verify", "text/html").await.text().contains("<option value=\"strict\">The strict</option>"));
            let told = world.get("/v1/trust", "").await.json();
            assert_eq!(told["policies"][1]["id"], "strict");
            assert_eq!(told["policies"][1]["necessary"], json!(["trust"]));
            assert_eq!(told["lists"][0], json!({"id": "nobody", "name": "Nobody", "issuers": []}));
        });
    }

    fn the_log_and_what_keeps_it_in_force_are_told_where_that_is_asked_for(db: TestDb) {
        run(db, async |world| {
            let issued = world.issue().await;
            let badge = world.get(issued["credential"]["url"].as_str().unwrap(), "").await;
            let ask = async |query: &str, body: &[u8]| {
                world.post(&format!("/v1/verify?{query}"), "application/json", body.to_vec()).await
            };
            let code = |answer: &Answer, question: &str| {
                let report = answer.json();
                let checks = report["checks"].as_array().unwrap().clone();
                let found = checks.iter().find(|check| check["question"] == question);
                found.map(|check| check["code"].as_str().unwrap().to_owned())
            };
            assert_eq!(code(&ask("", &badge.body).await, "log"), None, "nobody asked");
            assert_eq!(code(&ask("also=log", &badge.body).await, "log").unwrap(), "log-waiting");
            world.state.service.sequence_log().unwrap();
            let whole = ask("also=log,maintenance,evidence", &badge.body).await;
            assert_eq!(code(&whole, "log").unwrap(), "log-included", "{}", whole.text());
            assert!(code(&whole, "maintenance").unwrap().starts_with("maintenance-"));
            assert_eq!(code(&whole, "evidence").unwrap(), "evidence-none");
            assert_eq!(verdict(&whole), "valid");
            let token = world.get(issued["credential"]["url"].as_str().unwrap(), "application/vc+jwt").await;
            assert_eq!(code(&ask("also=log", &token.body).await, "log").unwrap(), "log-other-form");

            assert_eq!(code(&ask("also=ledger", &badge.body).await, "ledger").unwrap(), "ledger-entered");
            assert_eq!(code(&ask("also=ledger", &token.body).await, "ledger").unwrap(), "ledger-entered");
            assert_eq!(code(&ask("also=log", &badge.body).await, "ledger"), None, "nobody asked");

            let then = ask("as_of=2020-01-01", &badge.body).await;
            assert_eq!((code(&then, "status").unwrap().as_str(), verdict(&then).as_str()), ("status-then-not-issued", "invalid"));
            let now = ask(&format!("as_of={}", world.state.clock.now().format("%Y-%m-%dT%H:%M:%SZ")), &badge.body).await;
            assert_eq!((code(&now, "status").unwrap().as_str(), verdict(&now).as_str()), ("status-then-clear", "valid"));
            let today = ask(&format!("as_of={}", world.state.clock.now().date_naive()), &badge.body).await;
            assert_eq!(code(&today, "status").unwrap(), "status-then-clear", "the day counts until now");

            let id = issued["credential"]["id"].as_str().unwrap();
            world.clock.set(world.state.clock.now() + TimeDelta::days(2));
            let reason = json!({ "reason": "Not earned" });
            assert_eq!(world.post_as(&world.academy, &format!("/v1/credentials/{id}/revoke"), &reason).await.status, 200);
            let taken_back = ask("also=ledger", &badge.body).await;
            assert_eq!((code(&taken_back, "ledger").unwrap().as_str(), verdict(&taken_back).as_str()), ("ledger-reversed", "invalid"));
            let before = (world.state.clock.now() - TimeDelta::days(1)).format("%Y-%m-%dT%H:%M:%SZ");
            let before = ask(&format!("also=ledger&as_of={before}"), &badge.body).await;
            assert_eq!((code(&before, "ledger").unwrap().as_str(), verdict(&before).as_str()), ("ledger-entered", "valid"));
            for (query, field) in [("also=luck", "/also"), ("as_of=2999-01-01", "/as_of")] {
                let refused = ask(query, &badge.body).await;
                assert_eq!((refused.status.as_u16(), refused.fields().len()), (422, 1), "{query} {field}: {}", refused.text());
            }
        });
    }

    fn a_receipt_says_what_was_checked_and_verifies_itself(db: TestDb) {
        run(db, async |world| {
            let issued = world.issue().await;
            let url = issued["credential"]["url"].as_str().unwrap().to_owned();
            let badge = world.get(&url, "").await;
            let ask = async |accept: &str, body: Vec<u8>| {
                let request = TestRequest::post()
                    .uri("/v1/verify?policy=curious")
                    .insert_header(("content-type", "application/json"))
                    .insert_header(("accept", accept));
                world.send(request.set_payload(body)).await
            };
            let receipt = ask("application/vc", badge.body.to_vec()).await;
            assert_eq!((receipt.status.as_u16(), receipt.header("content-type")), (200, "application/vc"), "{}", receipt.text());
            let said = |receipt: &Value, name: &str| {
                let results = receipt["credentialSubject"]["result"].as_array().unwrap().clone();
                let of = |result: &&Value| result["resultDescription"].as_str().unwrap().ends_with(&format!("-{name}"));
                results.iter().find(of).map(|result| result["value"].as_str().unwrap().to_owned())
            };
            let read = receipt.json();
            let digest: [u8; 32] = sha2::Sha256::digest(&badge.body).into();
            for (name, value) in [
                ("verdict", "valid"),
                ("conclusion", "valid"),
                ("policy", "curious"),
                ("form", "json"),
                ("sha-256", hex::encode(digest).as_str()),
                ("check-proof", "pass: proof-verified"),
                ("check-trust", "warning: trust-untrusted"),
            ] {
                assert_eq!(said(&read, name).as_deref(), Some(value), "{name}: {read:#}");
            }
            assert_eq!(said(&read, "credential"), badge.json()["id"].as_str().map(str::to_owned));
            assert!(!receipt.text().contains("Sample Learner"), "it names no holder");
            let page = ask("text/html", badge.body.to_vec()).await.text();
            assert!(page.contains("<bdi>The curious</bdi>"), "{page}");
            let token = ask("application/vc+jwt", badge.body.to_vec()).await;
            for (form, body) in [("application/json", receipt.body), ("application/vc+jwt", token.body)] {
                let checked = world.post("/v1/verify", form, body).await;
                assert_eq!(verdict(&checked), "valid", "{}", checked.text());
                assert!(checked.text().contains("accreditation-no-award"), "it awards nothing");
            }
            // By address: of the bytes that stand there. Where nothing stands, nothing is signed.
            let by_address = ask("application/vc", json!({ "url": url }).to_string().into_bytes()).await.json();
            assert_eq!(said(&by_address, "verdict").as_deref(), Some("valid"));
            let nowhere = json!({ "url": "https://badges.example.org/badges/nothing" }).to_string();
            assert_eq!(ask("application/vc", nowhere.into_bytes()).await.status, 422);
            let changed = badge.text().replacen("Sample Learner a", "Sample Learner b", 1);
            let failed = ask("application/vc", changed.into_bytes()).await.json();
            assert_eq!(said(&failed, "verdict").as_deref(), Some("invalid"));
            assert_eq!(said(&failed, "check-proof").as_deref(), Some("fail: proof-mismatch"));

            let (english, welsh) = ("Result of the check", "Canlyniad y gwiriad");
            for (path, language, title) in [
                ("/v1/verify", "", english),
                ("/v1/verify?lang=cy", "en", welsh),
                ("/v1/verify", "cy", welsh),
                ("/v1/verify?lang=en", "cy", english),
            ] {
                let request = TestRequest::post().uri(path).insert_header(("accept", "application/pdf"));
                let request = request.insert_header(("accept-language", language));
                let pdf = world.send(request.insert_header(("content-type", "application/json")).set_payload(badge.body.clone())).await;
                assert_eq!(pdf.header("content-type"), "application/pdf");
                assert!(pdf.body.starts_with(b"%PDF-1.7"));
                assert!(pdf.text().contains(title), "the title stands in the metadata");
            }
            let kept = form(&world, "/verify", "text/html", &[("text", None, &badge.body), ("answer", None, b"receipt")]).await;
            assert!(kept.header("content-disposition").contains("receipt.json"));
            let printed = form(&world, "/verify", "text/html", &[("text", None, &badge.body), ("answer", None, b"pdf")]).await;
            assert!(printed.body.starts_with(b"%PDF-1.7"));
        });
    }

    fn what_was_found_is_said_in_the_language_that_is_asked_for(db: TestDb) {
        run(db, async |world| {
            let issued = world.issue().await;
            let badge = world.get(issued["credential"]["url"].as_str().unwrap(), "").await;
            let ask = async |language: &str| {
                let request = TestRequest::post()
                    .uri("/v1/verify")
                    .insert_header(("content-type", "application/json"))
                    .insert_header(("accept-language", language));
                world.send(request.set_payload(badge.body.clone())).await
            };
            let (english, welsh) = (ask("en").await, ask("cy, en;q=0.5").await);
            assert_eq!((english.header("content-language"), welsh.header("content-language")), ("en", "cy"));
            let (english, welsh) = (english.json(), welsh.json());
            assert_eq!(english["verdict"], welsh["verdict"]);
            let pairs = english["checks"].as_array().unwrap().iter().zip(welsh["checks"].as_array().unwrap());
            for (one, other) in pairs {
                assert_eq!((&one["code"], &one["clause"]), (&other["code"], &other["clause"]));
                assert_ne!(one["finding"], other["finding"], "{one}");
            }
        });
    }
}

/// `lanyard keys compromise`, and what every check of the badge's key then says.
#[test]
fn a_badge_of_a_compromised_key_is_not_valid_by_its_own_dates() {
    run(TestDb::sqlite(), async |world| {
        let issued = world.issue().await;
        let url = issued["credential"]["url"].as_str().unwrap();
        let old =
            [world.get(url, "application/vc+ld+json").await, world.get(url, "application/vc+jwt").await];
        let identity = world.state.service.identity(&slug(catalogue::ACADEMY)).unwrap();
        let (clock, entropy) = (world.state.clock.as_ref(), world.state.entropy.as_ref());
        world.clock.set(clock.now() + TimeDelta::days(10));
        let since = clock.now() - TimeDelta::days(1);
        for algorithm in [KeyAlgorithm::Ed25519, KeyAlgorithm::Es256] {
            world.state.vault.rotate(&slug(catalogue::ACADEMY), algorithm, clock, entropy).unwrap();
        }
        for (badge, form) in old.iter().zip(["application/vc+ld+json", "application/vc+jwt"]) {
            let answer = world.post("/v1/verify", form, badge.body.clone()).await;
            assert_eq!(verdict(&answer), "valid", "retired is not revoked");
        }
        for key in [&identity.data_integrity.key_id, &identity.jwt.key_id] {
            world.state.vault.compromise(key, since, clock, entropy).unwrap();
        }
        for (badge, form) in old.iter().zip(["application/vc+ld+json", "application/vc+jwt"]) {
            let answer = world.post("/v1/verify", form, badge.body.clone()).await;
            assert_eq!(verdict(&answer), "undetermined", "{form}: {}", answer.text());
            let report = answer.json();
            let checks = report["checks"].as_array().unwrap();
            assert!(checks.iter().any(|check| check["code"] == "key-revoked-since"), "{report}");
            assert!(checks.iter().all(|check| check["outcome"] != "fail"), "{report}");
        }
        for (form, status) in [("application/vc+ld+json", 200), ("application/vc+jwt", 406)] {
            let later = world.get(url, form).await;
            assert_eq!(later.status, status, "nothing more is signed by that key: {}", later.text());
        }
        let new = world.post_as(&world.trust, "/v1/completions", &completion("b")).await.json();
        let new = world.get(new["credential"]["url"].as_str().unwrap(), "application/vc+jwt").await;
        assert_eq!(verdict(&world.post("/v1/verify", "application/vc+jwt", new.body).await), "valid");
    });
}

#[test]
fn a_report_says_whose_it_is() {
    run(TestDb::sqlite(), async |world| {
        let issued = world.issue().await;
        let badge = world.get(issued["credential"]["url"].as_str().unwrap(), "").await.body;
        let as_other =
            world.post("/v1/verify?recipient=somebody%20else", "application/json", badge.clone()).await;
        assert_eq!(verdict(&as_other), "invalid", "{}", as_other.text());
        let as_holder =
            world.post("/v1/verify?recipient=Sample%20Learner%20a", "application/json", badge).await;
        assert_eq!(verdict(&as_holder), "valid", "{}", as_holder.text());
        let shape = as_holder.json();
        let members: Vec<&String> = shape.as_object().unwrap().keys().collect();
        assert_eq!(
            members,
            ["verdict", "conclusion", "explanation", "checkedAt", "form", "summary", "checks"]
        );
    });
}

#[test]
fn an_upload_or_a_pasted_address_will_do() {
    run(TestDb::sqlite(), async |world| {
        let issued = world.issue().await;
        let (url, page) =
            (issued["credential"]["url"].as_str().unwrap(), issued["credential"]["page"].as_str().unwrap());
        let png = world.get(url, "image/png").await.body;
        let jwt = world.get(url, "text/plain").await.body;
        for fields in [
            vec![
                ("file", Some("badge.png"), png.as_ref()),
                ("text", None, b"".as_ref()),
                ("url", None, b"".as_ref()),
            ],
            vec![("text", None, jwt.as_ref())],
            vec![("text", None, page.as_bytes())],
            vec![("url", None, url.as_bytes()), ("file", Some(""), b"".as_ref())],
        ] {
            assert_eq!(
                verdict(&form(&world, "/v1/verify", "application/json", &fields).await),
                "valid",
                "{}",
                fields[0].0
            );
            let shown = form(&world, "/verify", "text/html", &fields).await;
            assert_eq!(
                (shown.status.as_u16(), shown.header("content-type")),
                (200, "text/html; charset=utf-8")
            );
            assert!(shown.text().contains("Sample Learner a"), "{}", shown.text());
            assert_eq!(shown.header("cache-control"), "no-store");
        }
        let several =
            [("file", Some("one.png"), png.as_ref()), ("file", Some("two.jwt"), b"nonsense".as_ref())];
        let report = form(&world, "/v1/verify", "application/json", &several).await;
        assert_eq!(verdict(&report), "invalid", "{}", report.text());
        let report = report.json();
        assert_eq!(report["form"], "several");
        let verdicts: Vec<_> =
            report["credentials"].as_array().unwrap().iter().map(|one| one["verdict"].clone()).collect();
        assert_eq!(verdicts, ["valid", "invalid"]);
        let shown = form(&world, "/verify?lang=cy", "text/html", &several).await;
        assert!(
            shown.text().contains("Sawl ffeil") && shown.text().contains("Sample Learner a"),
            "{}",
            shown.text()
        );
        let receipt = form(&world, "/v1/verify", "application/vc", &several).await;
        assert_eq!(receipt.status, 422, "a receipt is about one thing");
        let many = vec![("file", Some("one.png"), png.as_ref()); 21];
        assert_eq!(form(&world, "/v1/verify", "application/json", &many).await.status, 422);
        let impossible = [
            ("text", None, jwt.as_ref()),
            ("as_of_day", None, b"31".as_ref()),
            ("as_of_month", None, b"2"),
            ("as_of_year", None, b"2026"),
        ];
        let again = form(&world, "/verify", "text/html", &impossible).await;
        assert_eq!(again.status, 422);
        assert!(again.text().contains("Enter a day that has begun"), "{}", again.text());
        let as_page = form(&world, "/v1/verify", "text/html", &[("text", None, jwt.as_ref())]).await;
        assert_eq!(as_page.header("content-type"), "text/html; charset=utf-8");
    });
}

#[test]
fn what_cannot_be_read_still_gets_a_report() {
    run(TestDb::sqlite(), async |world| {
        let deep = format!("{}1{}", "[".repeat(100), "]".repeat(100));
        let scripted = "<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>";
        for (content_type, body) in [
            ("application/json", b"nonsense".to_vec()),
            ("application/json", b"{}".to_vec()),
            ("application/json", b"{\"a\":1,\"a\":2}".to_vec()),
            ("application/json", deep.into_bytes()),
            ("application/json", vec![0xff; 64]),
            ("application/json", json!({ "url": 7 }).to_string().into_bytes()),
            ("application/vc+jwt", b"a.b.c".to_vec()),
            ("image/png", b"not a picture".to_vec()),
            ("image/png", b"\x89PNG\r\n\x1a\n".to_vec()),
            ("image/svg+xml", scripted.as_bytes().to_vec()),
            ("", b"x".to_vec()),
        ] {
            let answer = world.post("/v1/verify", content_type, body.clone()).await;
            assert_ne!(verdict(&answer), "valid", "{content_type} {}", String::from_utf8_lossy(&body));
            let failed =
                answer.json()["checks"].as_array().unwrap().iter().any(|check| check["outcome"] == "fail");
            assert!(failed, "{}", answer.text());
        }
        for (fields, code) in [
            (vec![], "nothing"),
            (
                vec![("text", None, b"{}".as_ref()), ("url", None, b"https://a.example.org".as_ref())],
                "more-than-one",
            ),
        ] {
            let answer = form(&world, "/v1/verify", "", &fields).await;
            assert_eq!(answer.problem(), "invalid");
            assert_eq!(answer.json()["errors"][0]["code"], code);
        }
        assert_eq!(world.post("/v1/verify", "application/json", "").await.problem(), "invalid");
        assert_eq!(world.post("/v1/verify", "multipart/form-data", "x").await.problem(), "malformed-request");
        assert_eq!(
            world.post("/v1/verify", "multipart/form-data; boundary=y", "x").await.problem(),
            "malformed-request"
        );
    });
}

#[test]
fn another_hosts_address_goes_through_the_guarded_client() {
    run(TestDb::sqlite(), async |world| {
        for url in [
            "https://other.example.org/badge.json",
            "https://badges.example.org.other.example/v1/credentials/1",
        ] {
            let answer =
                world.post("/v1/verify", "application/json", json!({ "url": url }).to_string()).await;
            assert_ne!(verdict(&answer), "valid", "{url}");
            assert!(world.outside.urls.lock().unwrap().iter().any(|asked| asked == url), "{url}");
        }
        let before = world.outside.count.load(Ordering::SeqCst);
        for url in [
            "https://badges.example.org/nothing",
            "https://badges.example.org/badges/6f1c9f5e-0f6b-4a52-9d4e-2f6f6a9b7c10",
        ] {
            let answer =
                world.post("/v1/verify", "application/json", json!({ "url": url }).to_string()).await;
            assert_ne!(verdict(&answer), "valid", "{url}");
        }
        assert_eq!(
            world.outside.count.load(Ordering::SeqCst),
            before,
            "our own addresses are never asked for outside"
        );
    });
}

/// A screenshot of a QR code, with so many bytes besides as a camera leaves in a file.
fn photo(bytes: usize) -> Vec<u8> {
    let drawn = artwork::qr::svg("https://badges.example.org/nothing", "A code").unwrap();
    let png = artwork::render::png(&drawn, 1024).unwrap();
    let ends_at = png.len() - 12;
    let filling = [b"caMe".to_vec(), vec![7; bytes]].concat();
    let mut checksum = flate2::Crc::new();
    checksum.update(&filling);
    let length = u32::try_from(bytes).unwrap().to_be_bytes();
    [&png[..ends_at], &length, &filling, &checksum.sum().to_be_bytes(), &png[ends_at..]].concat()
}

#[test]
fn a_photo_may_be_large_and_nothing_else() {
    run(TestDb::sqlite(), async |world| {
        let send = async |media_type: &str, length: usize, body: Vec<u8>| {
            let request = TestRequest::post().uri("/v1/verify").insert_header(("content-type", media_type));
            world.send(request.set_payload(body).insert_header(("content-length", length))).await
        };
        let mebibytes = |count: usize| count * 1024 * 1024;
        let (large, huge) = (photo(mebibytes(5)), photo(mebibytes(12)));
        let found = send("image/png", large.len(), large.clone()).await;
        assert_eq!((found.status.as_u16(), &found.json()["form"]), (200, &json!("qr")), "{}", found.text());
        let json = format!("{{\"x\": \"{}\"}}", "x".repeat(mebibytes(3))).into_bytes();
        for (context, media_type, length, body) in [
            ("it says that it is small", "image/png", 1, large.clone()),
            ("larger than pictures may be", "image/png", huge.len(), huge.clone()),
            ("it says so", "image/png", mebibytes(100), b"small".to_vec()),
            ("no picture", "image/png", json.len(), json.clone()),
            ("no picture at all", "application/json", json.len(), json.clone()),
        ] {
            let refused = send(media_type, length, body).await;
            assert_eq!(refused.status, 413, "{context}");
            assert_eq!(refused.problem(), "too-large", "{context}");
            assert!(refused.text().contains("12582912 bytes"), "{context}: {}", refused.text());
        }

        // What a few bytes stand for is counted too.
        let mut bomb = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        std::io::Write::write_all(&mut bomb, &vec![b'x'; mebibytes(64)]).unwrap();
        let bomb = bomb.finish().unwrap();
        for media_type in ["image/png", "multipart/form-data; boundary=x"] {
            let request = TestRequest::post()
                .uri("/v1/verify")
                .insert_header(("content-type", media_type))
                .insert_header(("content-encoding", "gzip"));
            let refused = world.send(request.set_payload(bomb.clone())).await;
            assert_eq!(
                (refused.status.as_u16(), refused.problem().as_str()),
                (413, "too-large"),
                "{media_type}"
            );
        }

        let page = form(&world, "/verify", "text/html", &[("file", Some("IMG_1.png"), &large)]).await;
        assert!(page.status == 200 && page.text().contains("QR"), "{}", page.text());
        let together = [("file", Some("IMG_1.png"), large.as_ref()), ("file", Some("b.json"), json.as_ref())];
        let page = form(&world, "/verify", "text/html", &together).await;
        assert!(page.status == 422 && page.text().contains("must be smaller than"), "{}", page.text());
        let refused = form(&world, "/v1/verify", "application/json", &together).await;
        assert_eq!((refused.status.as_u16(), refused.problem().as_str()), (413, "too-large"));
    });
}

#[test]
fn the_form_says_what_is_wrong_with_it() {
    run(TestDb::sqlite(), async |world| {
        let page = world.get("/verify?url=https%3A%2F%2Fbadges.example.org%2Fbadges%2F1", "text/html").await;
        assert_eq!(page.status, 200);
        assert!(page.text().contains("https://badges.example.org/badges/1"), "the address is filled in");
        let large = vec![b'x'; 256 * 1024 + 1];
        let huge = vec![b'x'; 2 * 1024 * 1024 + 1];
        for fields in [
            vec![],
            vec![("text", None, b"{}".as_ref()), ("url", None, b"https://a.example.org".as_ref())],
            vec![("url", None, b"not an address".as_ref())],
            vec![("text", None, large.as_ref())],
            vec![("file", Some("badge.png"), huge.as_ref())],
        ] {
            let answer = form(&world, "/verify", "text/html", &fields).await;
            assert_eq!(
                (answer.status.as_u16(), answer.header("content-type")),
                (422, "text/html; charset=utf-8"),
                "{}",
                fields.len()
            );
            assert!(answer.text().contains("<form"), "the form is shown again");
        }
        assert_eq!(world.outside.count.load(Ordering::SeqCst), 0);
        let report: Value =
            form(&world, "/v1/verify", "application/json", &[("text", None, b"{}".as_ref())]).await.json();
        assert_eq!(report["verdict"], "invalid");
    });
}
