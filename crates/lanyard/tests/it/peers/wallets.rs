//! Wallets of others: `@openid4vc/openid4vci` and `@openid4vc/openid4vp`, and
//! `@digitalbazaar/oid4-client` over TLS. Each takes a badge of ours and presents it back.

use serde_json::{Value, json};
use url::Url;

use super::{Peer, verdict};
use crate::server::Server;

const FORMS: [(&str, &str); 3] =
    [("badge_dc_sd_jwt", "dc+sd-jwt"), ("badge_ldp_vc", "ldp_vc"), ("badge_jwt_vc_json", "jwt_vc_json")];
const ACHIEVEMENT: &str = "introduction-digital-data-technology";

fn wallet() -> (Peer, Value) {
    let mut peer = Peer::node("wallet.mjs");
    let key = peer.ask("generate", json!({})).unwrap();
    (peer, key)
}

/// An offer of a fresh badge.
async fn offer(server: &Server, reference: &str, body: Value) -> Value {
    let badge = server.badge(reference).await;
    let path = format!("{}/offers", badge.strip_prefix(&server.base).unwrap());
    let answer = server.post(&path).json(&body).send().await.unwrap();
    assert_eq!(answer.status(), 201);
    answer.json().await.unwrap()
}

/// A request for a badge.
async fn request(server: &Server) -> Value {
    let body = json!({"purpose": "To check your training", "achievements": [ACHIEVEMENT]});
    let answer = server.post("/v1/presentation-requests").json(&body).send().await.unwrap();
    assert_eq!(answer.status(), 201);
    answer.json().await.unwrap()
}

async fn read(server: &Server, request: &Value) -> Value {
    let request = server.client.get(request["url"].as_str().unwrap()).bearer_auth(&server.api_key);
    request.send().await.unwrap().json().await.unwrap()
}

fn take(peer: &mut Peer, key: &Value, offer: &Value, more: &Value) -> Result<Value, String> {
    let mut asked = json!({
        "link": offer["link"], "txCode": offer["transactionCode"], "key": key, "method": "jwk",
        "configuration": "badge_dc_sd_jwt",
    });
    asked.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    peer.ask("take", asked)
}

#[tokio::test]
async fn a_wallet_takes_a_badge_in_every_form_and_presents_it_back() {
    let server = Server::start(None, &[]).await;
    let (mut peer, key) = wallet();
    for (number, (configuration, format)) in FORMS.into_iter().enumerate() {
        let offer = offer(&server, &format!("taken-{number}"), json!({})).await;
        // By the link that leads to the offer, and by the one that holds it.
        let link = if number == 0 { &offer["linkByReference"] } else { &offer["link"] };
        let more = json!({"link": link, "configuration": configuration, "method": "did", "notify": true});
        let taken = take(&mut peer, &key, &offer, &more).unwrap();
        assert_eq!(taken["version"], "V1", "{taken}");

        let asked = request(&server).await;
        let seen = peer.ask("look", json!({"link": asked["link"], "key": key})).unwrap();
        assert_eq!(seen["client"]["prefix"], "decentralized_identifier", "{seen:#}");
        assert_eq!(seen["payload"]["client_metadata"]["client_purpose"], "To check your training");
        let present = |link: &Value, more: &Value| {
            let mut asked =
                json!({"link": link, "credential": taken["credential"], "format": format, "key": key});
            asked.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            asked
        };
        for more in [json!({"nonce": "another"}), json!({"audience": "https://other.example.org"})] {
            let refused = peer.ask("present", present(&asked["link"], &more)).unwrap_err();
            assert!(refused.contains("400"), "{format} {more}: {refused}");
        }
        let shown = peer.ask("present", present(&asked["link"], &json!({}))).unwrap();
        let found = read(&server, &asked).await;
        assert_eq!(found["state"], "answered", "{format}: {found:#}");
        assert_eq!(verdict(&found["reports"][0]), "valid", "{format}: {found:#}");
        assert_eq!(found["badges"], json!([{"achievement": ACHIEVEMENT, "shown": true}]));
        let is_told = found["reports"][0]["checks"].to_string().contains("holder-not-subject");
        assert_eq!(is_told, format != "dc+sd-jwt", "only the SD-JWT VC is bound to its holder: {found:#}");

        // The same again, there and at another request, is a replay.
        let again = json!({"link": asked["link"], "vpToken": shown["vpToken"], "key": key});
        assert!(peer.ask("replay", again).is_err());
        let other = request(&server).await;
        let again = json!({"link": other["link"], "vpToken": shown["vpToken"], "key": key});
        let refused = peer.ask("replay", again).unwrap_err();
        assert!(refused.contains("400"), "{format}: {refused}");
        assert_eq!(read(&server, &other).await["state"], "waiting");
    }
}

/// Credo takes what is bound to a key and nothing else. It verifies a badge before it keeps it,
/// and finds by itself what answers a request.
#[tokio::test]
async fn credo_takes_a_badge_and_presents_it_back() {
    let server = Server::start(None, &[]).await;
    let mut peer = Peer::node("credo_wallet.mjs");
    let offer = offer(&server, "credo", json!({})).await;
    let asked = json!({"link": offer["linkByReference"], "txCode": offer["transactionCode"]});
    let taken = peer.ask("take", asked.clone()).unwrap();
    assert_eq!(taken["vct"], format!("{}/vct/achievement", server.base), "{taken}");
    assert!(peer.ask("take", asked).is_err(), "used");

    let asked = request(&server).await;
    peer.ask("present", json!({"link": asked["link"]})).unwrap();
    let found = read(&server, &asked).await;
    assert_eq!(verdict(&found["reports"][0]), "valid", "{found:#}");
    assert_eq!(found["reports"][0]["summary"]["holder"], "Learner credo", "the name was asked for");
    assert_eq!(found["badges"][0]["shown"], true);
    assert!(peer.ask("present", json!({"link": asked["link"]})).is_err(), "answered before");
}

/// The profile of GOV.UK Wallet: what its documentation asks for, asked by another's library.
#[tokio::test]
async fn with_the_profile_of_govuk_wallet_offers_travel_by_value() {
    let server = Server::start(None, &[("LANYARD_WALLET_PROFILE", "govuk")]).await;
    let (mut peer, key) = wallet();
    let offer = offer(&server, "by-value", json!({})).await;
    assert!(offer["linkByReference"].is_null() && offer["interactionUrl"].is_null());
    assert!(offer["offer"]["grants"].get("authorization_code").is_none());
    let taken = take(&mut peer, &key, &offer, &json!({"configuration": "badge_jwt_vc_json"})).unwrap();
    assert_eq!(taken["credential"].as_str().unwrap().matches('.').count(), 2);
    for (path, status) in
        [("/oauth2/authorize", 404), ("/oid4vci/offers/0", 404), ("/.well-known/did.json", 200)]
    {
        assert_eq!(server.get(path).send().await.unwrap().status(), status, "{path}");
    }
    let document = server.form("/.well-known/did.json", "application/json").await;
    let document: Value = serde_json::from_slice(&document).unwrap();
    let kinds: Vec<&Value> =
        document["verificationMethod"].as_array().unwrap().iter().map(|method| &method["type"]).collect();
    assert!(kinds.contains(&&json!("JsonWebKey2020")) && !kinds.contains(&&json!("JsonWebKey")), "{kinds:?}");
    let metadata = server.form("/.well-known/openid-credential-issuer", "application/json").await;
    let metadata: Value = serde_json::from_slice(&metadata).unwrap();
    let forms = metadata["credential_configurations_supported"].as_object().unwrap();
    assert_eq!(forms["badge_jwt_vc_json"]["credential_signing_alg_values_supported"], json!(["ES256"]));
    assert_eq!(forms["badge_dc_sd_jwt"]["cryptographic_binding_methods_supported"], json!(["did:key"]));
    let server = server.form("/.well-known/oauth-authorization-server", "application/json").await;
    let server: Value = serde_json::from_slice(&server).unwrap();
    assert!(server.get("authorization_endpoint").is_none());
}

#[tokio::test]
async fn a_wallet_is_refused_what_it_may_not_have() {
    let server = Server::start(None, &[]).await;
    let (mut peer, key) = wallet();
    let open = offer(&server, "open", json!({})).await;
    let right = open["transactionCode"].as_str().unwrap();
    let wrong = if right == "000000" { "000001" } else { "000000" };
    for _ in 0..2 {
        let refused = take(&mut peer, &key, &open, &json!({"txCode": wrong})).unwrap_err();
        assert!(refused.contains("tx_code is wrong"), "{refused}");
    }
    assert!(take(&mut peer, &key, &open, &json!({"txCode": null})).is_err());
    let refused = take(&mut peer, &key, &open, &json!({"nonce": "made up"})).unwrap_err();
    assert!(refused.contains("invalid_nonce"), "{refused}");
    let refused = take(&mut peer, &key, &open, &json!({})).unwrap_err();
    assert!(refused.contains("invalid_grant") || refused.contains("was used"), "used: {refused}");

    let tried = offer(&server, "tried", json!({})).await;
    let wrong = if tried["transactionCode"] == "000000" { "000001" } else { "000000" };
    for _ in 0..5 {
        take(&mut peer, &key, &tried, &json!({"txCode": wrong})).unwrap_err();
    }
    let refused = take(&mut peer, &key, &tried, &json!({})).unwrap_err();
    assert!(refused.contains("not known"), "tried too often: {refused}");
}

#[tokio::test]
async fn a_wallet_takes_a_badge_by_the_authorisation_code() {
    let server = Server::start(None, &[]).await;
    let (mut peer, key) = wallet();
    let offer = offer(&server, "by-code", json!({})).await;
    let redirect = "http://127.0.0.1:1/back";
    let asked = json!({"link": offer["link"], "key": key, "redirectUri": redirect});
    let begun = peer.ask("authorise", asked).unwrap();
    let page = server.get(begun["url"].as_str().unwrap()).send().await.unwrap();
    assert_eq!(page.status(), 200);

    // As a person's browser sends the form, whose redirect is the wallet's to follow.
    let address = Url::parse(begun["url"].as_str().unwrap()).unwrap();
    let mut form: Vec<(String, String)> = address.query_pairs().into_owned().collect();
    form.push(("tx_code".to_owned(), offer["transactionCode"].as_str().unwrap().to_owned()));
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
    let browser =
        reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().build().unwrap();
    let sent = browser.post(format!("{}/oauth2/authorize", server.base));
    let sent =
        sent.header("content-type", "application/x-www-form-urlencoded").body(body).send().await.unwrap();
    assert_eq!(sent.status(), 303);
    let back = sent.headers()["location"].to_str().unwrap();
    let mut taking = json!({
        "link": offer["link"], "back": back, "verifier": begun["verifier"], "key": key,
        "configuration": "badge_dc_sd_jwt", "redirectUri": redirect,
    });
    taking["verifier"] = "v".repeat(64).into();
    assert!(peer.ask("takeByCode", taking.clone()).is_err(), "another verifier");
    taking["verifier"] = begun["verifier"].clone();
    let taken = peer.ask("takeByCode", taking.clone()).unwrap();
    assert!(taken["credential"].as_str().unwrap().ends_with('~'));
    assert!(peer.ask("takeByCode", taking).is_err(), "used");
}

/// The library takes https alone, knows no transaction codes and neither sends `state` nor
/// proofs with `typ`; it asks for JSON-LD.
#[tokio::test]
async fn another_wallet_takes_a_badge_over_tls_and_presents_it_back() {
    let server = Server::start_with_tls(&[], &[]).await;
    let (mut peer, _) = wallet();
    for version in ["detect", "draft13"] {
        let offer = offer(&server, version, json!({"transactionCode": false})).await;
        let asked = json!({"link": offer["linkByReference"], "version": version});
        let taken = peer.ask("bazaarTake", asked.clone()).unwrap();
        assert_eq!(taken["credential"]["type"][1], "OpenBadgeCredential", "{taken}");
        assert!(peer.ask("bazaarTake", asked).is_err(), "used");

        let request = request(&server).await;
        let asked = json!({"link": request["link"], "credential": taken["credential"]});
        let presented = peer.ask("bazaarPresent", asked.clone()).unwrap();
        // It cuts one letter too many off the name of a verifier that is named by a DID; see docs/peers.md.
        assert!(presented["refused"].as_str().is_some_and(|why| why.contains("kid")), "{presented}");
        let found = read(&server, &request).await;
        assert_eq!(verdict(&found["reports"][0]), "valid", "{found:#}");
        assert_eq!(found["badges"][0]["shown"], true);
        assert!(peer.ask("bazaarPresent", asked).is_err(), "answered before");
    }
}
