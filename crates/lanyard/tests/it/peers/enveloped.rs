//! Credentials in envelopes, alone and presented: Credo.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use super::{Peer, verdict};
use crate::server::Server;

const TOKEN: &str = "data:application/vc+jwt,";

/// A badge of nobody's yet: the peer puts in issuer and holder.
fn badge() -> Value {
    json!({
        "@context": [
            "https://www.w3.org/ns/credentials/v2",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
        ],
        "id": "urn:uuid:5a3c1f0e-6e0f-4d53-9c11-6c1f0d0f3a77",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": "A peer's badge",
        "issuer": {"type": ["Profile"], "name": "Example College of Peers"},
        "validFrom": "2026-01-01T00:00:00Z",
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "achievement": {
                "id": "https://badges.example.org/achievements/enveloped",
                "type": ["Achievement"],
                "name": "A peer's achievement",
                "description": "Made, signed and put into an envelope by an independent implementation.",
                "criteria": {"narrative": "Be signed elsewhere."}
            }
        }
    })
}

/// The same envelope, around a badge with another name that nobody signed.
fn with_another_name(envelope: &Value) -> Value {
    let (start, token) = envelope["id"].as_str().unwrap().split_once(',').unwrap();
    let [header, payload, signature] = token.split('.').collect::<Vec<_>>()[..] else { unreachable!() };
    let mut payload: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap();
    payload["name"] = "Another badge".into();
    let payload = URL_SAFE_NO_PAD.encode(payload.to_string());
    let mut changed = envelope.clone();
    changed["id"] = format!("{start},{header}.{payload}.{signature}").into();
    changed
}

#[tokio::test]
async fn credo_opens_our_envelopes_and_finds_the_badge_as_its_issuer_signed_it() {
    let server = Server::start(None, &[]).await;
    let mut peer = Peer::node("credo.mjs");
    let url = server.badge("enveloped").await;
    let answer = server.get(&format!("{url}?format=enveloped")).send().await;
    let answer = answer.unwrap();
    assert_eq!(answer.headers()["content-type"], "application/vc");
    let envelope: Value = answer.json().await.unwrap();
    assert_eq!(envelope["type"], "EnvelopedVerifiableCredential");
    assert!(envelope["id"].as_str().unwrap().starts_with(TOKEN), "{envelope}");

    let found = peer.ask("open", json!({"envelope": envelope})).unwrap();
    assert_eq!(found["id"], url);
    assert!(found["issuer"].as_str().unwrap().starts_with("did:jwk:"), "{found}");
    let refused = peer.ask("open", json!({"envelope": with_another_name(&envelope)})).unwrap_err();
    assert!(refused.contains("Invalid JWS signature"), "{refused}");

    // And ours reads it, until it is revoked.
    let verify = async |envelope: &Value| server.verify("application/vc", envelope.to_string().into()).await;
    assert_eq!(verdict(&verify(&envelope).await), "valid");
    assert_eq!(verdict(&verify(&with_another_name(&envelope)).await), "invalid");
    server.revoke(&url).await;
    assert_eq!(verdict(&verify(&envelope).await), "invalid");
}

#[tokio::test]
async fn we_open_the_envelopes_of_credo_alone_and_presented() {
    let server = Server::start(None, &[]).await;
    let mut peer = Peer::node("credo.mjs");
    let asked = json!({"credential": badge(), "challenge": "c-1", "domain": "verifier.example.org"});
    let signed = peer.ask("issue", asked).unwrap();

    let verify = async |document: &Value, query: &str| -> Value {
        let request = server.post(&format!("/v1/verify{query}")).header("Content-Type", "application/vc");
        let request = request.header("Accept", "application/json").body(document.to_string());
        request.send().await.unwrap().json().await.unwrap()
    };
    let alone = verify(&signed["credential"], "").await;
    assert_eq!(verdict(&alone), "valid", "{alone:#}");
    assert_eq!(verdict(&verify(&with_another_name(&signed["credential"]), "").await), "invalid");

    let presented = verify(&signed["presentation"], "?challenge=c-1&domain=verifier.example.org").await;
    assert_eq!(verdict(&presented), "valid", "{presented:#}");
    assert_eq!(presented["checks"][0]["finding"], "This is a presentation of 1 credential in a JWT.");
    assert_eq!(
        presented["credentials"][0]["summary"]["achievement"], "A peer's achievement",
        "{presented:#}"
    );
    for query in ["?challenge=c-2&domain=verifier.example.org", "?challenge=c-1&domain=other.example.org"] {
        assert_eq!(verdict(&verify(&signed["presentation"], query).await), "invalid", "{query}");
    }
}
