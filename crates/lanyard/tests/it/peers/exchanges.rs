//! Wallets of others in exchanges of the VC API: they sign as the Learner Credential Wallet
//! does (`@digitalcredentials/vc`, `Ed25519Signature2020`) and by Data Integrity
//! (`@digitalbazaar/vc`), take a badge, and show it.

use serde_json::{Value, json};

use super::{Peer, verdict};
use crate::server::Server;

const KINDS: [&str; 3] = ["Ed25519Signature2020", "eddsa-rdfc-2022", "ecdsa-rdfc-2019"];
const ACHIEVEMENT: &str = "introduction-digital-data-technology";

/// An offer of a fresh badge that asks for no transaction code, and the badge's address.
async fn offer(server: &Server, reference: &str) -> (Value, String) {
    let badge = server.badge(reference).await;
    let path = format!("{}/offers", badge.strip_prefix(&server.base).unwrap());
    let answer = server.post(&path).json(&json!({"transactionCode": false})).send().await.unwrap();
    assert_eq!(answer.status(), 201);
    (answer.json().await.unwrap(), badge)
}

async fn request(server: &Server, body: Value) -> Value {
    let answer = server.post("/v1/presentation-requests").json(&body).send().await.unwrap();
    assert_eq!(answer.status(), 201);
    answer.json().await.unwrap()
}

async fn read(server: &Server, url: &str) -> Value {
    server.client.get(url).bearer_auth(&server.api_key).send().await.unwrap().json().await.unwrap()
}

#[tokio::test]
async fn a_wallet_takes_a_badge_in_an_exchange_and_shows_it_in_another() {
    let server = Server::start(None, &[]).await;
    let mut peer = Peer::node("exchange.mjs");
    for kind in KINDS {
        peer.ask("holder", json!({"name": kind, "kind": kind})).unwrap();
        let (offer, badge) = offer(&server, kind).await;
        let start = json!({"start": offer["interactionUrl"], "name": kind});
        let wrong = |member: &str, value: &str| {
            let mut start = start.clone();
            start[member] = value.into();
            start
        };
        for (member, value) in [("challenge", "another"), ("domain", "https://other.example.org")] {
            let refused = peer.ask("takePart", wrong(member, value)).unwrap();
            assert_eq!(refused["status"], 422, "{kind}: {refused:#}");
            let place = format!("/verifiablePresentation/proof/{member}");
            assert_eq!(refused["body"]["errors"][0]["pointer"], place, "{kind}: {refused:#}");
        }
        let taken = peer.ask("takePart", start).unwrap();
        assert_eq!(taken["status"], 200, "{kind}: {taken:#}");
        let credential = taken["body"]["verifiablePresentation"]["verifiableCredential"][0].clone();
        let kept: Value =
            serde_json::from_slice(&server.form(&badge, "application/vc+ld+json").await).unwrap();
        assert_eq!(credential, kept, "{kind}");
        peer.ask("keep", json!({"credential": credential})).unwrap();
        let again = json!({"exchange": taken["exchange"], "message": taken["message"]});
        assert_eq!(peer.ask("say", again.clone()).unwrap()["body"], taken["body"], "the answer was lost");
        assert_eq!(read(&server, taken["exchange"].as_str().unwrap()).await["state"], "complete");

        let asked =
            request(&server, json!({"purpose": "To check your training", "achievements": [ACHIEVEMENT]}))
                .await;
        let show = json!({"start": asked["interactionUrl"], "name": kind, "credentials": [credential]});
        let shown = peer.ask("takePart", show.clone()).unwrap();
        assert_eq!(
            (&shown["status"], &shown["shown"], &shown["body"]),
            (&json!(200), &json!(1), &json!({})),
            "{shown:#}"
        );
        let found = read(&server, asked["url"].as_str().unwrap()).await;
        assert_eq!(
            (&found["state"], verdict(&found["reports"][0])),
            (&json!("answered"), "valid"),
            "{found:#}"
        );
        assert_eq!(found["badges"], json!([{"achievement": ACHIEVEMENT, "shown": true}]));
        assert!(peer.ask("takePart", show).unwrap_err().contains("404"), "answered before");
        let replayed = json!({"exchange": taken["exchange"], "message": shown["message"]});
        assert_eq!(peer.ask("say", replayed).unwrap()["status"], 422, "{kind}: at another exchange");
    }
}

/// An offer stays with whoever took it, and a question finds only what it asks for.
#[tokio::test]
async fn an_exchange_is_one_wallets_alone() {
    let server = Server::start(None, &[]).await;
    let mut peer = Peer::node("exchange.mjs");
    for name in ["first", "second"] {
        peer.ask("holder", json!({"name": name, "kind": "Ed25519Signature2020"})).unwrap();
    }
    let (offer, _) = offer(&server, "one").await;
    // As the page links to the wallet.
    let page = server.client.get(offer["interactionUrl"].as_str().unwrap()).header("accept", "text/html");
    let page = page.send().await.unwrap().text().await.unwrap();
    let (_, link) = page.split_once("href=\"https://lcw.app/request").unwrap();
    let link = format!("https://lcw.app/request{}", link.split('"').next().unwrap());
    let taken = peer.ask("takePart", json!({"start": link, "name": "first"})).unwrap();
    assert_eq!(taken["status"], 200, "{taken:#}");
    let second = peer.ask("takePart", json!({"start": link, "name": "second"})).unwrap();
    assert_eq!((&second["status"], &second["body"]["title"]), (&json!(410), &json!("The exchange is over")));
    let again = peer.ask("takePart", json!({"start": link, "name": "first"})).unwrap();
    assert_eq!(again["body"], taken["body"], "the first wallet may ask again, with another proof");

    let asked =
        request(&server, json!({"purpose": "To check", "achievements": ["user-centred-design"]})).await;
    let credential = &taken["body"]["verifiablePresentation"]["verifiableCredential"][0];
    let show = json!({"start": asked["interactionUrl"], "name": "first", "credentials": [credential]});
    let shown = peer.ask("takePart", show).unwrap();
    assert_eq!((&shown["status"], &shown["shown"]), (&json!(422), &json!(0)), "{shown:#}");
    assert_eq!(shown["body"]["errors"][0]["code"], "nothing-shown");
    assert_eq!(read(&server, asked["url"].as_str().unwrap()).await["state"], "waiting");
}
