//! Badges into wallets, and out of them: a wallet made of our own library. Those of others
//! are asked in `crates/lanyard/tests/it/peers`.

pub mod own;

use chrono::TimeDelta;
use jose::Challenge;
use model::{
    clock::Clock as _,
    id::WalletIssueId,
    programme::{AllOf, RequirementSet, Rule, Window},
};
use registry::Issue;
use serde_json::json;
use testkit::backends;
use url::form_urlencoded::Serializer;

use self::own::*;
use crate::world::{BASE, local, run, slug};

backends! {
    fn a_badge_is_taken_in_every_form_by_the_wallet_it_was_offered_to(db: TestDb) {
        run(db, async |world| {
            let (offer, issued) = offered(&world, &json!({"transactionCode": true, "expiresIn": 600})).await;
            assert!(offer["qrSvg"].as_str().unwrap().contains("<title>QR code"));
            assert_eq!(offer["offer"]["credential_issuer"], BASE);
            // By reference it is the same offer.
            let link = wallet::read_link(offer["linkByReference"].as_str().unwrap()).unwrap();
            let wallet::Link::Reference(address) = link else { panic!("{link:?}") };
            let read = world.get(&address, "application/json").await;
            assert_eq!((read.json(), read.header("cache-control")), (offer["offer"].clone(), "no-store"));
            let link = wallet::read_link(offer["link"].as_str().unwrap()).unwrap();
            assert_eq!(link, wallet::Link::Offer(offer["offer"].clone()));

            let details = json!([{"type": "openid_credential", "credential_configuration_id": "badge_ldp_vc"}]);
            let fields = [
                ("grant_type", PRE_AUTHORISED),
                ("pre-authorized_code", code(&offer)),
                ("tx_code", offer["transactionCode"].as_str().unwrap()),
                ("authorization_details", &details.to_string()),
            ];
            let answer = form(&world, "/oauth2/token", &fields).await;
            assert_eq!((answer.status.as_u16(), answer.header("cache-control")), (200, "no-store"));
            let given = answer.json();
            assert!(given.get("c_nonce").is_none() && given.get("scope").is_none(), "{given}");
            let token = given["access_token"].as_str().unwrap();
            assert_eq!(world.get(&address, "application/json").await.status, 404, "it was taken");

            let url = issued["credential"]["url"].as_str().unwrap();
            for detail in given["authorization_details"].as_array().unwrap() {
                let form = wallet::Form::of_configuration(detail["credential_configuration_id"].as_str().unwrap()).unwrap();
                let mut body = json!({"credential_identifier": detail["credential_identifiers"][0]});
                let holder = Wallet::new();
                if form.is_bound() {
                    body["proofs"] = json!({"jwt": [holder.proof(&world).await]});
                }
                let answer = ask(&world, "/oid4vci/credential", token, &body).await;
                assert_eq!(answer.status, 200, "{}", answer.text());
                let credential = answer.json()["credentials"][0]["credential"].clone();
                match form {
                    wallet::Form::LdpVc => {
                        assert_eq!(credential, world.get(url, "application/vc+ld+json").await.json());
                    }
                    wallet::Form::JwtVcJson => {
                        assert_eq!(credential, world.get(url, "application/vc+jwt").await.text().as_str());
                    }
                    wallet::Form::DcSdJwt => {
                        let read = jose::read_sd_jwt(credential.as_str().unwrap()).unwrap();
                        assert_eq!(read.claims()["cnf"]["jwk"], jose::bare_jwk(holder.key.public_jwk()).unwrap());
                        let unbound = world.get(url, "application/dc+sd-jwt").await.text();
                        let unbound = jose::read_sd_jwt(&unbound).unwrap();
                        assert_eq!(read.claims()["status"], unbound.claims()["status"], "one status entry");
                    }
                }
                let id = answer.json()["notification_id"].clone();
                let note = json!({"notification_id": id, "event": "credential_accepted", "event_description": "x"});
                assert_eq!(ask(&world, "/oid4vci/notification", token, &note).await.status, 204);
            }
            let path = format!("/v1/credentials/{}/offers", issued["credential"]["id"].as_str().unwrap());
            let listed = world.get_as(&world.trust, &path).await.json();
            assert_eq!(listed["offers"][0]["state"], "taken");
            assert_eq!(listed["offers"][0]["event"], "credential_accepted");
            assert_eq!(world.get_as(&world.university, &path).await.status, 404, "another provider's");
            assert_eq!(world.get_as(&world.powerless, &path).await.status, 403);
        });
    }

    fn an_offer_is_refused_used_late_or_without_its_code(db: TestDb) {
        run(db, async |world| {
            let (offer, _) = offered(&world, &json!({})).await;
            let right = offer["transactionCode"].as_str().unwrap();
            assert_eq!((right.len(), right.bytes().all(|byte| byte.is_ascii_digit())), (6, true));
            let wrong = if right == "000000" { "000001" } else { "000000" };
            let with = async |code: &str, tx_code: Option<&str>| {
                let mut fields = vec![("grant_type", PRE_AUTHORISED), ("pre-authorized_code", code)];
                fields.extend(tx_code.map(|code| ("tx_code", code)));
                let answer = form(&world, "/oauth2/token", &fields).await;
                (answer.status.as_u16(), error(&answer))
            };
            assert_eq!(with(code(&offer), None).await, (400, "invalid_request".to_owned()));
            assert_eq!(with("unknown", Some(right)).await, (400, "invalid_grant".to_owned()));
            for _ in 0..5 {
                assert_eq!(with(code(&offer), Some(wrong)).await, (400, "invalid_grant".to_owned()));
            }
            assert_eq!(with(code(&offer), Some(right)).await.1, "invalid_grant", "tried too often");

            let (open, _) = offered(&world, &json!({"transactionCode": false, "expiresIn": 60})).await;
            assert_eq!(with(code(&open), Some("1")).await, (400, "invalid_request".to_owned()));
            token(&world, &open).await;
            assert_eq!(with(code(&open), None).await.1, "invalid_grant", "used");
            let (late, _) = offered(&world, &json!({"transactionCode": false, "expiresIn": 60})).await;
            world.clock.set(world.clock.now() + TimeDelta::seconds(61));
            assert_eq!(with(code(&late), None).await.1, "invalid_grant", "ended");
        });
    }

    fn a_holder_presents_a_bound_badge_for_one_verifier_once(db: TestDb) {
        run(db, async |world| {
            let wallet = Wallet::new();
            let badge = taken(&world, &wallet).await;
            let request = asked(&world, &json!({})).await;
            let (claims, _) = request_object(&world, &request).await;
            let shown = presented(&world, &wallet, &badge, &claims, &claims["client_id"]);
            // Made for another, with another nonce, by another, or by nobody: refused, and the request stays open.
            for (why, other) in [
                ("audience", presented(&world, &wallet, &badge, &claims, &"https://evil.example.org".into())),
                ("nonce", presented(&world, &wallet, &badge, &json!({"nonce": "x"}), &claims["client_id"])),
                ("key", presented(&world, &Wallet::new(), &badge, &claims, &claims["client_id"])),
                ("nobody", badge.clone()),
            ] {
                let answer = answered(&world, &claims, &other).await;
                assert_eq!((answer.status.as_u16(), error(&answer).as_str()), (400, "invalid_request"), "{why}");
            }
            assert_eq!(read(&world, &request).await["state"], "waiting");
            let answer = answered(&world, &claims, &shown).await;
            assert_eq!((answer.status.as_u16(), answer.json()), (200, json!({})), "{}", answer.text());
            let found = read(&world, &request).await;
            assert_eq!((&found["state"], &found["reports"][0]["verdict"]), (&json!("answered"), &json!("valid")), "{found:#}");
            assert_eq!(found["badges"], json!([{"achievement": testkit::catalogue::INTRODUCTION, "shown": true}]));
            assert_eq!(answered(&world, &claims, &shown).await.status, 404, "replayed");
            // Another request has another nonce.
            let next = asked(&world, &json!({})).await;
            let (claims, _) = request_object(&world, &next).await;
            assert_eq!(answered(&world, &claims, &shown).await.status, 400, "replayed elsewhere");
            // Nobody else reads the answer.
            let path = local(request["url"].as_str().unwrap()).to_owned();
            assert_eq!(world.get_as(&world.university, &path).await.status, 404);
        });
    }
}

#[test]
fn a_wallet_proves_its_key_for_this_issuer_with_a_nonce_that_is_fresh() {
    run(testkit::TestDb::sqlite(), async |world| {
        let (offer, _) = offered(&world, &json!({})).await;
        let token = token(&world, &offer).await["access_token"].as_str().unwrap().to_owned();
        let wallet = Wallet::new();
        let with = async |proof: Option<String>| {
            let mut body = json!({"credential_configuration_id": "badge_dc_sd_jwt"});
            if let Some(proof) = proof {
                body["proofs"] = json!({"jwt": [proof]});
            }
            ask(&world, "/oid4vci/credential", &token, &body).await
        };
        let refused = with(None).await;
        assert_eq!((refused.status.as_u16(), error(&refused).as_str()), (400, "invalid_proof"));
        assert!(refused.json()["c_nonce"].is_string(), "as draft 13 has it");
        for (proof, expected) in [
            (wallet.proof_for(&world, &nonce(&world).await, "https://other.example.org"), "invalid_proof"),
            (wallet.proof_for(&world, "made up", BASE), "invalid_nonce"),
            ("a.b.c".to_owned(), "invalid_proof"),
        ] {
            assert_eq!(error(&with(Some(proof)).await), expected);
        }
        let old = nonce(&world).await;
        world.clock.set(world.clock.now() + TimeDelta::minutes(6));
        assert_eq!(error(&with(Some(wallet.proof_for(&world, &old, BASE))).await), "invalid_nonce");
        let proof = wallet.proof(&world).await;
        let first = with(Some(proof.clone())).await;
        assert_eq!(first.status, 200, "{}", first.text());
        assert_eq!(error(&with(Some(proof)).await), "invalid_nonce", "used");
        let again = with(Some(wallet.proof(&world).await)).await;
        assert_eq!(
            again.json()["credentials"],
            first.json()["credentials"],
            "the same bytes for the same key"
        );
        assert_eq!(
            error(&with(Some(Wallet::new().proof(&world).await)).await),
            "invalid_proof",
            "another key"
        );
    });
}

#[test]
fn the_words_of_draft_13_are_answered_in_them() {
    run(testkit::TestDb::sqlite(), async |world| {
        let (offer, _) = offered(&world, &json!({})).await;
        let token = token(&world, &offer).await["access_token"].as_str().unwrap().to_owned();
        let vct = format!("{BASE}/vct/achievement");
        let first =
            ask(&world, "/oid4vci/credential", &token, &json!({"format": "vc+sd-jwt", "vct": vct})).await;
        assert_eq!(error(&first), "invalid_proof");
        let nonce = first.json()["c_nonce"].as_str().unwrap().to_owned();
        let proof = json!({"proof_type": "jwt", "jwt": Wallet::new().proof_for(&world, &nonce, BASE)});
        let body = json!({"format": "vc+sd-jwt", "vct": vct, "proof": proof});
        let answer = ask(&world, "/oid4vci/credential", &token, &body).await.json();
        assert!(answer["credential"].is_string() && answer["c_nonce"].is_string(), "{answer}");
        assert!(answer.get("credentials").is_none());
    });
}

#[test]
fn what_a_token_is_not_for_is_refused_in_the_words_of_the_specification() {
    run(testkit::TestDb::sqlite(), async |world| {
        let (offer, issued) = offered(&world, &json!({})).await;
        let token = token(&world, &offer).await["access_token"].as_str().unwrap().to_owned();
        for (path, body, expected) in [
            (
                "/oid4vci/credential",
                json!({"credential_configuration_id": "passport"}),
                "unknown_credential_configuration",
            ),
            ("/oid4vci/credential", json!({"credential_identifier": "x"}), "unknown_credential_identifier"),
            ("/oid4vci/credential", json!({}), "invalid_credential_request"),
            (
                "/oid4vci/deferred",
                json!({"transaction_id": "00000000-0000-4000-8000-000000000000"}),
                "invalid_transaction_id",
            ),
            (
                "/oid4vci/notification",
                json!({"notification_id": "x", "event": "credential_accepted"}),
                "invalid_notification_id",
            ),
            ("/oid4vci/notification", json!({"notification_id": "x"}), "invalid_notification_request"),
        ] {
            let answer = ask(&world, path, &token, &body).await;
            assert_eq!((answer.status.as_u16(), error(&answer).as_str()), (400, expected), "{path} {body}");
            let stranger = ask(&world, path, "lyw_unknown", &body).await;
            assert_eq!((stranger.status.as_u16(), error(&stranger).as_str()), (401, "invalid_token"));
            assert!(stranger.header("www-authenticate").starts_with("Bearer "));
        }
        let ldp = json!({"credential_configuration_id": "badge_ldp_vc"});
        let id = issued["credential"]["id"].as_str().unwrap();
        world
            .post_as(&world.trust, &format!("/v1/credentials/{id}/revoke"), &json!({"reason": "In error."}))
            .await;
        assert_eq!(
            error(&ask(&world, "/oid4vci/credential", &token, &ldp).await),
            "credential_request_denied"
        );
        let again = world.post_as(&world.trust, &format!("/v1/credentials/{id}/offers"), &json!({})).await;
        assert_eq!((again.status.as_u16(), again.problem().as_str()), (409, "not-offered"));
        world.clock.set(world.clock.now() + TimeDelta::hours(1));
        assert_eq!(ask(&world, "/oid4vci/credential", &token, &ldp).await.status, 401, "the token has ended");
    });
}

#[test]
fn what_could_not_be_signed_is_taken_later() {
    run(testkit::TestDb::sqlite(), async |world| {
        let (offer, _) = offered(&world, &json!({})).await;
        let token = token(&world, &offer).await["access_token"].as_str().unwrap().to_owned();
        let wallet = Wallet::new();
        let body = json!({
            "credential_configuration_id": "badge_dc_sd_jwt", "proofs": {"jwt": [wallet.proof(&world).await]}
        });
        let given = ask(&world, "/oid4vci/credential", &token, &body).await.json();
        let again = json!({"transaction_id": given["notification_id"]});
        assert_eq!(
            error(&ask(&world, "/oid4vci/deferred", &token, &again).await),
            "invalid_transaction_id",
            "given"
        );

        // As if the token that keeps the keys had not answered then.
        let id = WalletIssueId::random(world.state.entropy.as_ref());
        let offer_id = offer["id"].as_str().unwrap().parse().unwrap();
        let waiting = Issue { id, offer: offer_id, form: "dc+sd-jwt", is_given: false };
        world.state.registry.record_issue(&waiting, world.clock.now()).unwrap();
        let asked = json!({"transaction_id": id.to_string()});
        let answer = ask(&world, "/oid4vci/deferred", &token, &asked).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        assert_eq!(answer.json()["credentials"], given["credentials"], "bound to the same key");
        assert_eq!(error(&ask(&world, "/oid4vci/deferred", &token, &asked).await), "invalid_transaction_id");
        let note =
            json!({"notification_id": answer.json()["notification_id"], "event": "credential_deleted"});
        assert_eq!(ask(&world, "/oid4vci/notification", &token, &note).await.status, 204);
    });
}

#[test]
fn an_offer_and_a_request_say_what_is_wrong_with_them() {
    run(testkit::TestDb::sqlite(), async |world| {
        let issued = world.issue().await;
        let path = format!("/v1/credentials/{}/offers", issued["credential"]["id"].as_str().unwrap());
        let body = json!({"transactionCode": "yes", "expiresIn": 1, "pin": true});
        let answer = world.post_as(&world.trust, &path, &body).await;
        assert_eq!(
            (answer.status.as_u16(), answer.fields()),
            (422, vec!["/pin".into(), "/transactionCode".into(), "/expiresIn".into()])
        );
        assert_eq!(world.post_as(&world.university, &path, &json!({})).await.status, 404);
        assert_eq!(world.post_as(&world.powerless, &path, &json!({})).await.status, 403);
        let body = json!({
            "achievements": ["nothing"], "level": "nowhere", "claims": ["secrets"],
            "redirectUri": "javascript:alert(1)", "expiresIn": 0, "x": 1
        });
        let answer = world.post_as(&world.trust, "/v1/presentation-requests", &body).await;
        let expected =
            ["/x", "/purpose", "/achievements/0", "/level", "/claims", "/redirectUri", "/expiresIn"];
        assert_eq!((answer.status.as_u16(), answer.fields()), (422, expected.map(str::to_owned).to_vec()));
    });
}

#[test]
fn a_wallet_without_the_offer_s_code_goes_by_the_authorisation_endpoint() {
    run(testkit::TestDb::sqlite(), async |world| {
        let (offer, _) = offered(&world, &json!({})).await;
        let state = offer["offer"]["grants"]["authorization_code"]["issuer_state"].as_str().unwrap();
        let verifier = "v".repeat(64);
        let challenge = wallet::CodeChallenge::of(&verifier).unwrap();
        let redirect = "https://wallet.example.org/back";
        let query = [
            ("response_type", "code"),
            ("client_id", "wallet"),
            ("redirect_uri", redirect),
            ("state", "xyz"),
            ("issuer_state", state),
            ("code_challenge", challenge.as_str()),
            ("code_challenge_method", "S256"),
        ];
        let text = Serializer::new(String::new()).extend_pairs(query).finish();
        let page = world.get(&format!("/oauth2/authorize?{text}"), "text/html").await;
        assert_eq!(page.status, 200, "{}", page.text());
        assert!(
            page.header("content-security-policy").contains("form-action 'self' https://wallet.example.org;")
        );
        assert!(
            page.text().contains("name=\"tx_code\"") && page.text().contains("https://wallet.example.org")
        );
        let welsh = world.get(&format!("/oauth2/authorize?{text}&lang=cy"), "text/html").await.text();
        assert!(welsh.contains("<html lang=\"cy\">") && welsh.contains("Rhowch y cod"), "{welsh}");
        let plain = text.replace("S256", "plain");
        assert_eq!(world.get(&format!("/oauth2/authorize?{plain}"), "text/html").await.status, 400);

        let submit = async |tx_code: &str| {
            let mut fields = query.to_vec();
            fields.push(("tx_code", tx_code));
            form(&world, "/oauth2/authorize", &fields).await
        };
        let right = offer["transactionCode"].as_str().unwrap();
        let wrong = if right == "000000" { "000001" } else { "000000" };
        let again = submit(wrong).await;
        assert_eq!(again.status, 422);
        assert!(again.text().contains("Tries left: 4"), "{}", again.text());
        assert_eq!(submit("").await.status, 422);
        let sent = submit(right).await;
        assert_eq!(sent.status, 303, "{}", sent.text());
        let back = url::Url::parse(sent.header("location")).unwrap();
        let of = |name: &str| back.query_pairs().find(|(key, _)| key == name).unwrap().1.into_owned();
        assert_eq!((of("state").as_str(), of("iss").as_str()), ("xyz", BASE));
        assert_eq!(submit(right).await.status, 404, "the offer was taken");

        let code = of("code");
        let exchange = async |verifier: &str| {
            let fields = [
                ("grant_type", "authorization_code"),
                ("code", code.as_str()),
                ("redirect_uri", redirect),
                ("client_id", "wallet"),
                ("code_verifier", verifier),
            ];
            form(&world, "/oauth2/token", &fields).await
        };
        assert_eq!(error(&exchange(&"w".repeat(64)).await), "invalid_grant");
        assert_eq!(error(&exchange("short").await), "invalid_request");
        let token = exchange(&verifier).await.json()["access_token"].as_str().unwrap().to_owned();
        let ldp = json!({"credential_configuration_id": "badge_ldp_vc"});
        assert_eq!(ask(&world, "/oid4vci/credential", &token, &ldp).await.status, 200);
        assert_eq!(error(&exchange(&verifier).await), "invalid_grant", "used");
        assert_eq!(
            ask(&world, "/oid4vci/credential", &token, &ldp).await.status,
            401,
            "and its token is taken back"
        );
    });
}

#[test]
fn on_the_same_device_the_answer_is_told_to_whose_browser_brings_the_code() {
    run(testkit::TestDb::sqlite(), async |world| {
        let wallet = Wallet::new();
        let badge = taken(&world, &wallet).await;
        let request = asked(&world, &json!({"redirectUri": "https://trust.example.org/checked?a=b"})).await;
        let (claims, _) = request_object(&world, &request).await;
        let shown = presented(&world, &wallet, &badge, &claims, &claims["client_id"]);
        let back =
            answered(&world, &claims, &shown).await.json()["redirect_uri"].as_str().unwrap().to_owned();
        let code = back.strip_prefix("https://trust.example.org/checked?a=b#response_code=").unwrap();
        let path = local(request["url"].as_str().unwrap()).to_owned();
        assert_eq!(world.get_as(&world.trust, &path).await.status, 403);
        assert_eq!(world.get_as(&world.trust, &format!("{path}?response_code=x")).await.status, 403);
        let found = world.get_as(&world.trust, &format!("{path}?response_code={code}")).await;
        assert_eq!(found.json()["state"], "answered", "{}", found.text());
    });
}

#[test]
fn a_request_ends_is_declined_and_is_told_about_a_badge_that_was_revoked() {
    run(testkit::TestDb::sqlite(), async |world| {
        let wallet = Wallet::new();
        let badge = taken(&world, &wallet).await;
        let late = asked(&world, &json!({"expiresIn": 60})).await;
        let (claims, _) = request_object(&world, &late).await;
        world.clock.set(world.clock.now() + TimeDelta::seconds(61));
        let shown = presented(&world, &wallet, &badge, &claims, &claims["client_id"]);
        assert_eq!(answered(&world, &claims, &shown).await.status, 404);
        assert_eq!(read(&world, &late).await["state"], "expired");

        let declined = asked(&world, &json!({})).await;
        let (claims, _) = request_object(&world, &declined).await;
        let path = local(claims["response_uri"].as_str().unwrap()).to_owned();
        assert_eq!(form(&world, &path, &[("error", "access_denied")]).await.status, 200);
        let found = read(&world, &declined).await;
        assert_eq!((&found["state"], &found["declined"]), (&json!("declined"), &json!("access_denied")));

        let revoked = asked(&world, &json!({})).await;
        let (claims, _) = request_object(&world, &revoked).await;
        let id = jose::read_sd_jwt(&badge).unwrap().claims()["id"].as_str().unwrap().to_owned();
        world.post_as(&world.trust, &format!("{}/revoke", local(&id)), &json!({"reason": "In error."})).await;
        let shown = presented(&world, &wallet, &badge, &claims, &claims["client_id"]);
        assert_eq!(answered(&world, &claims, &shown).await.status, 200);
        let found = read(&world, &revoked).await;
        assert_eq!(found["reports"][0]["verdict"], "invalid", "{found:#}");
        assert_eq!(found["badges"][0]["shown"], false);
    });
}

#[test]
fn a_holder_who_is_not_the_subject_is_told_of() {
    run(testkit::TestDb::sqlite(), async |world| {
        let issued = world.issue().await;
        let token =
            world.get(issued["credential"]["url"].as_str().unwrap(), "application/vc+jwt").await.text();
        let wallet = Wallet::new();
        let request = asked(&world, &json!({})).await;
        let (claims, _) = request_object(&world, &request).await;
        let presentation = json!({
            "@context": ["https://www.w3.org/ns/credentials/v2"],
            "type": ["VerifiablePresentation"],
            "holder": wallet.did,
            "verifiableCredential": [jose::envelop(jose::Content::VcJwt, &token)],
        });
        let challenge = Challenge {
            nonce: claims["nonce"].as_str().unwrap(),
            audience: claims["client_id"].as_str().unwrap(),
        };
        let kid = format!("{}#0", wallet.did);
        let presented =
            jose::sign_presentation(&presentation, &challenge, world.clock.now(), &wallet.key, &kid).unwrap();
        let answer = answered(&world, &claims, &presented).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        let found = read(&world, &request).await;
        let checks = found["reports"][0]["checks"].to_string();
        assert!(checks.contains("holder-not-subject"), "{found:#}");
        assert_eq!(found["badges"][0]["shown"], true);
    });
}

#[test]
fn a_level_is_answered_by_what_is_shown() {
    run(testkit::TestDb::sqlite(), async |world| {
        let wallet = Wallet::new();
        let badge = taken(&world, &wallet).await;
        let mut catalogue = testkit::catalogue::sample();
        let level = RequirementSet {
            slug: slug("beginner"),
            version: "sample-1".to_owned(),
            name: "Sample beginner".to_owned(),
            is_sample: true,
            body: slug(testkit::catalogue::ACADEMY),
            rule: AllOf {
                name: None,
                rules: vec![Rule::achievement(slug(testkit::catalogue::INTRODUCTION))],
            },
            window: Window::default(),
        };
        catalogue.requirements.insert(level.slug.clone(), level);
        world.state.registry.load_catalogue(&catalogue, testkit::noon()).unwrap();
        let body = json!({"purpose": "To check a level", "level": "beginner"});
        let request = world.post_as(&world.trust, "/v1/presentation-requests", &body).await.json();
        let (claims, _) = request_object(&world, &request).await;
        let shown = presented(&world, &wallet, &badge, &claims, &claims["client_id"]);
        assert_eq!(answered(&world, &claims, &shown).await.status, 200);
        let found = read(&world, &request).await;
        assert_eq!(found["requirement"]["credentials"][0]["considered"], true, "{found:#}");
        assert_eq!(found["requirement"]["standing"], "met", "{found:#}");
    });
}

#[test]
fn the_issuer_says_what_wallets_can_have() {
    run(testkit::TestDb::sqlite(), async |world| {
        let answer = world.get("/.well-known/openid-credential-issuer", "").await;
        assert_eq!(answer.status, 200);
        insta::assert_json_snapshot!("credential_issuer", answer.json());
    });
}
