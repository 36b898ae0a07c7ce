//! Badges into wallets and out of them by the VC API. Wallets of others are asked in
//! `crates/lanyard/tests/it/peers`.

mod holder;

use actix_web::test::TestRequest;
use chrono::TimeDelta;
use model::clock::Clock as _;
use proof::presentation::Asked;
use serde_json::{Value, json};
use testkit::{backends, catalogue::INTRODUCTION};

use self::holder::*;
use crate::{
    wallets::own::{asked, code, form, offered, read, token},
    world::{BASE, local, run},
};

const PLAIN: &str = r#"{"transactionCode": false, "expiresIn": 600}"#;

fn plain() -> Value {
    serde_json::from_str(PLAIN).unwrap()
}

backends! {
    fn an_offered_badge_is_handed_to_a_holder_who_proves_their_did(db: TestDb) {
        run(db, async |world| {
            let (offer, issued) = offered(&world, &plain()).await;
            let ways = protocols(&world, &offer).await;
            assert_eq!(ways["OID4VCI"], offer["linkByReference"], "the same offer by another protocol");
            let exchange = local(ways["vcapi"].as_str().unwrap());
            let state = async || world.get_as(&world.trust, exchange).await.json()["state"].clone();
            assert_eq!(state().await, "pending");
            let wanted = begin(&world, exchange).await;
            assert_eq!(wanted["domain"], BASE);
            assert_eq!(wanted["query"][0]["type"], "DIDAuthentication");
            assert_eq!(wanted["interact"]["service"][0]["serviceEndpoint"], ways["vcapi"]);
            assert_eq!(begin(&world, exchange).await, wanted, "a wallet may begin again");
            assert_eq!(state().await, "active");

            let holder = Holder::new(7);
            let shown = holder.proves(&world, &wanted);
            let answer = post(&world, exchange, &json!({"verifiablePresentation": shown})).await;
            assert_eq!((answer.status.as_u16(), answer.header("cache-control")), (200, "no-store"), "{}", answer.text());
            let given = answer.json()["verifiablePresentation"]["verifiableCredential"][0].clone();
            let url = issued["credential"]["url"].as_str().unwrap();
            assert_eq!(given, world.get(url, "application/vc+ld+json").await.json(), "the bytes of everybody");
            assert_eq!(state().await, "complete");

            // The answer was lost: the same holder asks again, with the same proof or another.
            let again = post(&world, exchange, &json!({"verifiablePresentation": shown})).await;
            assert_eq!(again.json(), answer.json());
            world.clock.set(world.clock.now() + TimeDelta::seconds(5));
            let anew = holder.proves(&world, &begin(&world, exchange).await);
            assert_ne!(anew, shown);
            let bare = post(&world, exchange, &anew).await;
            assert_eq!(bare.json(), answer.json()["verifiablePresentation"], "bare as it was asked");
            // Nobody else, by no other way, and not for ever.
            let other = Holder::new(8).proves(&world, &wanted);
            refused(&post(&world, exchange, &json!({"verifiablePresentation": other})).await, 410, "exchange-over");
            assert_eq!(protocols_at(&world, offer["interactionUrl"].as_str().unwrap()).await.status, 404);
            let fields = [("grant_type", crate::wallets::own::PRE_AUTHORISED), ("pre-authorized_code", code(&offer))];
            assert_eq!(form(&world, "/oauth2/token", &fields).await.status, 400);
            world.clock.set(world.clock.now() + TimeDelta::seconds(601));
            refused(&post(&world, exchange, &anew).await, 410, "exchange-over");
            refused(&post(&world, exchange, &json!({})).await, 410, "exchange-over");
            let path = format!("/v1/credentials/{}/offers", issued["credential"]["id"].as_str().unwrap());
            assert_eq!(world.get_as(&world.trust, &path).await.json()["offers"][0]["state"], "taken");
        });
    }

    fn badges_that_are_asked_for_are_shown_in_an_exchange_once(db: TestDb) {
        run(db, async |world| {
            let issued = world.issue().await;
            let badge = world.get(issued["credential"]["url"].as_str().unwrap(), "application/vc+ld+json").await.json();
            let back = "https://employer.example.org/done";
            let request = asked(&world, &json!({"redirectUri": back})).await;
            let ways = protocols(&world, &request).await;
            assert_eq!(ways["OID4VP"], request["link"], "the same request by another protocol");
            let exchange = local(ways["vcapi"].as_str().unwrap());
            let wanted = begin(&world, exchange).await;
            let example = &wanted["query"][0]["credentialQuery"]["example"];
            assert_eq!(example["credentialSubject"]["achievement"]["id"], badge["credentialSubject"]["achievement"]["id"]);
            let reason = wanted["query"][0]["credentialQuery"]["reason"].as_str().unwrap();
            assert!(reason.starts_with("To check your training: "), "{reason}");

            let holder = Holder::new(7);
            let shown = holder.shows(&world, &wanted, vec![badge.clone()]);
            let message = json!({"verifiablePresentation": shown});
            let answer = post(&world, exchange, &message).await;
            assert_eq!((answer.status.as_u16(), answer.header("cache-control")), (200, "no-store"), "{}", answer.text());
            let redirect = answer.json()["redirectUrl"].as_str().unwrap().to_owned();
            let response_code = redirect.strip_prefix(&format!("{back}#response_code=")).unwrap();
            let path = format!("{}?response_code={response_code}", local(request["url"].as_str().unwrap()));
            let found = world.get_as(&world.trust, &path).await.json();
            assert_eq!((&found["state"], &found["reports"][0]["form"]), (&json!("answered"), &json!("json")), "{found:#}");
            assert_eq!(found["badges"], json!([{"achievement": INTRODUCTION, "shown": true}]));

            assert_eq!(post(&world, exchange, &message).await.json(), answer.json(), "the answer was lost");
            let other = json!({"verifiablePresentation": Holder::new(8).shows(&world, &wanted, vec![badge])});
            refused(&post(&world, exchange, &other).await, 410, "exchange-over");
            refused(&post(&world, exchange, &json!({})).await, 410, "exchange-over");
            assert_eq!(world.get_as(&world.trust, exchange).await.json()["state"], "complete");
            assert_eq!(protocols_at(&world, request["interactionUrl"].as_str().unwrap()).await.status, 404);
        });
    }
}

/// Whatever is refused names its member and uses nothing up.
#[test]
fn what_does_not_answer_an_exchange_is_refused_and_uses_nothing_up() {
    run(testkit::TestDb::sqlite(), async |world| {
        let (offer, issued) = offered(&world, &plain()).await;
        let badge =
            world.get(issued["credential"]["url"].as_str().unwrap(), "application/vc+ld+json").await.json();
        let exchange = protocols(&world, &offer).await["vcapi"].as_str().unwrap().to_owned();
        let exchange = local(&exchange);
        let wanted = begin(&world, exchange).await;
        let holder = Holder::new(7);
        let (challenge, domain) = (wanted["challenge"].as_str().unwrap(), wanted["domain"].as_str().unwrap());
        let with = |challenge: &'static str, domain: &'static str| {
            holder.signs(
                &world,
                holder.presents(vec![]),
                Asked { challenge: Some(challenge), domain: Some(domain) },
            )
        };
        let good = holder.proves(&world, &wanted);
        let changed = |pointer: &str, value: Value| {
            let mut document = good.clone();
            *document.pointer_mut(pointer).unwrap() = value;
            document
        };
        let mut unsigned = good.clone();
        unsigned.as_object_mut().unwrap().remove("proof");
        let leaked: (&'static str, &'static str) =
            (String::leak(challenge.to_owned()), String::leak(domain.to_owned()));
        let somebody = Holder::new(8);
        let mut claimed = somebody.presents(vec![]);
        claimed["holder"] = holder.did().into();
        let claimed =
            somebody.signs(&world, claimed, Asked { challenge: Some(challenge), domain: Some(domain) });
        let showing = holder.shows(&world, &wanted, vec![badge]);
        for (why, presentation, member, code) in [
            ("another challenge", with("another", leaked.1), "/proof/challenge", "other-challenge"),
            ("another domain", with(leaked.0, "https://evil.example.org"), "/proof/domain", "other-domain"),
            (
                "altered challenge",
                changed("/proof/challenge", "another".into()),
                "/proof/challenge",
                "other-challenge",
            ),
            (
                "altered proof",
                changed("/proof/created", "2020-01-01T00:00:00Z".into()),
                "/proof",
                "bad-proof",
            ),
            ("altered holder", changed("/holder", somebody.did().into()), "/holder", "not-the-holder"),
            ("another's name", claimed, "/holder", "not-the-holder"),
            (
                "for assertion",
                changed("/proof/proofPurpose", "assertionMethod".into()),
                "/proof",
                "bad-proof",
            ),
            ("unsigned", unsigned, "/proof", "proof-required"),
            ("with credentials", showing, "/verifiableCredential", "not-asked-for"),
            ("no presentation", json!({"type": "VerifiableCredential"}), "", "not-a-presentation"),
        ] {
            for (message, place) in [
                (json!({"verifiablePresentation": presentation}), "/verifiablePresentation"),
                (presentation, ""),
            ] {
                let answer = post(&world, exchange, &message).await;
                refused(&answer, 422, "invalid");
                assert_eq!(answer.fields(), [format!("{place}{member}")], "{why}: {}", answer.text());
                assert_eq!(answer.json()["errors"][0]["code"], code, "{why}: {}", answer.text());
            }
        }
        for (message, pointer) in [
            (json!({"verifiablePresentationRequest": {}}), "/verifiablePresentationRequest"),
            (json!({"presentation": {}}), "/presentation"),
            (json!([]), ""),
        ] {
            let answer = post(&world, exchange, &message).await;
            refused(&answer, 422, "invalid");
            assert_eq!(answer.fields(), [pointer], "{message}");
        }
        let text = world.post(exchange, "text/plain", "{}").await;
        refused(&text, 415, "unsupported-media-type");
        refused(&world.post(exchange, "application/json", "{").await, 400, "malformed-json");
        refused(
            &post(&world, &format!("/v1/exchanges/{}", "0".repeat(64)), &json!({})).await,
            404,
            "not-found",
        );
        assert_eq!(world.get_as(&world.trust, exchange).await.json()["state"], "active");
        // An older link carries no domain, so such a wallet signs none.
        let bare =
            holder.signs(&world, holder.presents(vec![]), Asked { challenge: Some(challenge), domain: None });
        let given = post(&world, exchange, &bare).await;
        assert_eq!(given.status, 200, "{}", given.text());
        assert_eq!(given.json()["type"], json!(["VerifiablePresentation"]));
    });
}

#[test]
fn what_is_shown_must_be_for_this_verifier_and_be_something() {
    run(testkit::TestDb::sqlite(), async |world| {
        let issued = world.issue().await;
        let url = issued["credential"]["url"].as_str().unwrap();
        let badge = world.get(url, "application/vc+ld+json").await.json();
        let request = asked(&world, &json!({})).await;
        let exchange = protocols(&world, &request).await["vcapi"].as_str().unwrap().to_owned();
        let exchange = local(&exchange);
        let wanted = begin(&world, exchange).await;
        let holder = Holder::new(7);
        let challenge = wanted["challenge"].as_str().unwrap();
        let shown = |asked| holder.signs(&world, holder.presents(vec![badge.clone()]), asked);
        for (why, presentation, member, code) in [
            ("nothing", holder.proves(&world, &wanted), "/verifiableCredential", "nothing-shown"),
            (
                "no domain",
                shown(Asked { challenge: Some(challenge), domain: None }),
                "/proof/domain",
                "other-domain",
            ),
            (
                "another domain",
                shown(Asked { challenge: Some(challenge), domain: Some("https://evil.example.org") }),
                "/proof/domain",
                "other-domain",
            ),
            (
                "no challenge",
                shown(Asked { challenge: None, domain: Some(BASE) }),
                "/proof/challenge",
                "other-challenge",
            ),
        ] {
            let answer = post(&world, exchange, &json!({"verifiablePresentation": presentation})).await;
            refused(&answer, 422, "invalid");
            assert_eq!(answer.fields(), [format!("/verifiablePresentation{member}")], "{why}");
            assert_eq!(answer.json()["errors"][0]["code"], code, "{why}");
        }
        assert_eq!(read(&world, &request).await["state"], "waiting");
        // What was shown at one request answers no other.
        let other = asked(&world, &json!({})).await;
        let elsewhere = protocols(&world, &other).await["vcapi"].as_str().unwrap().to_owned();
        let good = json!({"verifiablePresentation": holder.shows(&world, &wanted, vec![badge.clone()])});
        let replayed = post(&world, local(&elsewhere), &good).await;
        assert_eq!(replayed.fields(), ["/verifiablePresentation/proof/challenge"]);
        let taken = post(&world, exchange, &good).await;
        assert_eq!((taken.status.as_u16(), taken.json()), (200, json!({})), "{}", taken.text());
        assert_eq!(read(&world, &request).await["state"], "answered");
        world.clock.set(world.clock.now() + TimeDelta::seconds(601));
        refused(&post(&world, local(&elsewhere), &json!({})).await, 410, "exchange-over");
        assert_eq!(world.get_as(&world.trust, local(&elsewhere)).await.json()["state"], "invalid");
    });
}

#[test]
fn any_badges_of_a_level_are_asked_for_by_their_type() {
    run(testkit::TestDb::sqlite(), async |world| {
        let request = world
            .post_as(&world.trust, "/v1/presentation-requests", &json!({"purpose": "To know your badges"}))
            .await
            .json();
        let exchange = protocols(&world, &request).await["vcapi"].as_str().unwrap().to_owned();
        let wanted = begin(&world, local(&exchange)).await;
        let query = &wanted["query"][0]["credentialQuery"];
        assert_eq!(query["reason"], "To know your badges");
        assert!(query["example"].get("credentialSubject").is_none());
    });
}

#[test]
fn a_revoked_badge_is_handed_to_nobody() {
    run(testkit::TestDb::sqlite(), async |world| {
        let (offer, issued) = offered(&world, &plain()).await;
        let exchange = protocols(&world, &offer).await["vcapi"].as_str().unwrap().to_owned();
        let exchange = local(&exchange);
        let shown = Holder::new(7).proves(&world, &begin(&world, exchange).await);
        let id = issued["credential"]["id"].as_str().unwrap();
        let revoked = json!({"reason": "In error."});
        world.post_as(&world.trust, &format!("/v1/credentials/{id}/revoke"), &revoked).await;
        refused(&post(&world, exchange, &json!({})).await, 409, "not-offered");
        refused(&post(&world, exchange, &json!({"verifiablePresentation": shown})).await, 409, "not-offered");
        assert_eq!(
            world.get_as(&world.trust, exchange).await.json()["state"],
            "active",
            "nothing was used up"
        );
    });
}

#[test]
fn an_offer_that_another_protocol_took_is_over() {
    run(testkit::TestDb::sqlite(), async |world| {
        let (offer, _) = offered(&world, &plain()).await;
        let exchange = protocols(&world, &offer).await["vcapi"].as_str().unwrap().to_owned();
        token(&world, &offer).await;
        refused(&post(&world, local(&exchange), &json!({})).await, 410, "exchange-over");
        assert_eq!(world.get_as(&world.trust, local(&exchange)).await.json()["state"], "complete");
    });
}

#[test]
fn how_far_an_exchange_has_come_is_told_to_who_made_it() {
    run(testkit::TestDb::sqlite(), async |world| {
        let (offer, _) = offered(&world, &plain()).await;
        let request = asked(&world, &json!({})).await;
        for made in [&offer, &request] {
            let exchange = protocols(&world, made).await["vcapi"].as_str().unwrap().to_owned();
            let path = local(&exchange);
            let told = world.get_as(&world.trust, path).await;
            assert_eq!((told.status.as_u16(), told.header("cache-control")), (200, "no-store"));
            assert_eq!(told.json()["expires"], made["expiresAt"]);
            assert_eq!(path.rsplit('/').next(), told.json()["id"].as_str());
            assert_eq!(world.get_as(&world.university, path).await.status, 404, "another client's");
            assert_eq!(world.get_as(&world.powerless, path).await.status, 403);
            assert_eq!(world.get(path, "application/json").await.status, 401);
        }
    });
}

#[test]
fn an_interaction_is_a_page_to_a_browser_and_protocols_to_a_wallet() {
    run(testkit::TestDb::sqlite(), async |world| {
        let (offer, _) = offered(&world, &plain()).await;
        let url = offer["interactionUrl"].as_str().unwrap();
        let (path, query) = local(url).split_once('?').unwrap();
        assert_eq!(query, "iuv=1");
        for accept in ["text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "image/png"] {
            let page = world.get(url, accept).await;
            assert_eq!((page.status.as_u16(), page.header("cache-control")), (200, "no-store"));
            assert_eq!(page.header("content-type"), "text/html; charset=utf-8", "{accept}");
            assert_eq!(page.header("referrer-policy"), "no-referrer");
            assert!(page.text().contains("href=\"https://lcw.app/request?request=%7B"), "{}", page.text());
            assert!(page.text().contains("href=\"openid-credential-offer://"));
        }
        let welsh = world.get(&format!("{url}&lang=cy"), "text/html").await;
        assert!(welsh.text().contains("Rhoi bathodyn yn eich waled"));
        for wallet in ["application/json", "application/json, text/plain, */*"] {
            assert_eq!(world.get(url, wallet).await.header("content-type"), "application/json", "{wallet}");
        }
        for bad in [path.to_owned(), format!("{path}?iuv=2"), format!("{path}?iuv=1&iuv=1")] {
            refused(&world.get(&bad, "application/json").await, 400, "malformed-request");
        }
        for missing in ["0".repeat(64), "x".to_owned()] {
            let answer = world.get(&format!("/interactions/{missing}?iuv=1"), "application/json").await;
            refused(&answer, 404, "not-found");
        }
        let qr = world.get(&format!("{path}/qr.svg"), "image/svg+xml").await;
        assert_eq!((qr.status.as_u16(), qr.header("content-type")), (200, "image/svg+xml"));
        // Wallets may be pages of other origins.
        let foreign = TestRequest::get()
            .uri(local(url))
            .insert_header(("origin", "https://wallet.example.org"))
            .insert_header(("accept", "application/json"));
        assert_eq!(world.send(foreign).await.header("access-control-allow-origin"), "*");

        let request = asked(&world, &json!({"purpose": "To check <b>training</b>"})).await;
        let page = world.get(request["interactionUrl"].as_str().unwrap(), "text/html").await.text();
        assert!(page.contains("To check &#60;b&#62;training"), "{page}");
        assert!(page.contains("href=\"openid4vp://"));
    });
}

#[test]
fn a_transaction_code_is_given_on_the_page_and_opens_the_exchange() {
    run(testkit::TestDb::sqlite(), async |world| {
        let (offer, _) = offered(&world, &json!({})).await;
        let ways = protocols(&world, &offer).await;
        assert!(ways.get("vcapi").is_none(), "the VC API has no place for the code: {ways}");
        let url = local(offer["interactionUrl"].as_str().unwrap());
        assert!(world.get(url, "text/html").await.text().contains("name=\"tx_code\""));
        let right = offer["transactionCode"].as_str().unwrap();
        let wrong = if right == "000000" { "000001" } else { "000000" };
        for (typed, said) in [("", "Enter the code"), (wrong, "Tries left: 4")] {
            let page = form(&world, url, &[("tx_code", typed)]).await;
            assert_eq!(page.status, 422);
            assert!(page.text().contains(said), "{}", page.text());
        }
        let page = form(&world, url, &[("tx_code", &format!(" {} {}", &right[..3], &right[3..]))]).await;
        assert_eq!(
            (page.status.as_u16(), page.header("cache-control")),
            (200, "no-store"),
            "{}",
            page.text()
        );
        let exchange = exchange_of(&page.text());
        let shown = Holder::new(7).proves(&world, &begin(&world, &exchange).await);
        let given = post(&world, &exchange, &json!({"verifiablePresentation": shown})).await;
        assert_eq!(given.status, 200, "{}", given.text());
        assert_eq!(form(&world, url, &[("tx_code", right)]).await.status, 404, "taken");

        let (offer, _) = offered(&world, &json!({})).await;
        let url = local(offer["interactionUrl"].as_str().unwrap());
        let wrong = if offer["transactionCode"] == "000000" { "000001" } else { "000000" };
        for _ in 0..4 {
            form(&world, url, &[("tx_code", wrong)]).await;
        }
        let void = form(&world, url, &[("tx_code", wrong)]).await;
        assert!(void.text().contains("wrong too often"), "{}", void.text());
        assert_eq!(world.get(url, "application/json").await.status, 404);
        // There is no code to be given where none was set.
        let (open, _) = offered(&world, &plain()).await;
        let url = local(open["interactionUrl"].as_str().unwrap());
        assert_eq!(form(&world, url, &[("tx_code", "000000")]).await.status, 404);
    });
}
