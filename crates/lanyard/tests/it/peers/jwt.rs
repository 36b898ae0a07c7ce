//! VC-JWT in the Open Badges profile: openbadgeslib.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use super::{Peer, verdict};
use crate::server::Server;

#[tokio::test]
async fn openbadgeslib_verifies_our_jwts_until_they_are_revoked() {
    for algorithm in ["ES256", "RS256"] {
        let mut server = Server::start(None, &[]).await;
        if algorithm == "RS256" {
            sign_jwts_with_rs256(&mut server).await;
        }
        let mut peer = Peer::python("peer.py");
        let url = server.badge("lib-jwt").await;
        let token = String::from_utf8(server.form(&url, "application/vc+jwt").await).unwrap();
        let jwk = key_of(&server, &token, algorithm).await;

        peer.ask("verify_jwt", json!({"token": token, "jwk": jwk, "status": true})).unwrap();
        let refusal =
            peer.ask("verify_jwt", json!({"token": change_payload(&token), "jwk": jwk})).unwrap_err();
        assert!(refusal.contains("ignature"), "{algorithm}: {refusal}");

        server.revoke(&url).await;
        let refusal =
            peer.ask("verify_jwt", json!({"token": token, "jwk": jwk, "status": true})).unwrap_err();
        assert!(refusal.contains("revocation"), "{algorithm}: {refusal}");
    }
}

/// An RS256 key in force, and no ES256 key: the issuer's JWTs are RS256 then.
async fn sign_jwts_with_rs256(server: &mut Server) {
    let made = server
        .command(&["keys", "generate", "--issuer", "nhs-digital-academy", "--algorithm", "rs256"])
        .output()
        .unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let listed = server.command(&["keys", "list"]).output().unwrap();
    let listed = String::from_utf8(listed.stdout).unwrap();
    let es256 = listed
        .lines()
        .find(|line| line.starts_with("nhs-digital-academy") && line.contains("Es256"))
        .and_then(|line| line.split_whitespace().next())
        .unwrap();
    assert!(server.command(&["keys", "retire", es256]).status().unwrap().success());
    // A running service notices within a second; one that starts, at once.
    server.kill();
    server.run().await;
}

/// The key that the JWT's `kid` names, from the published JWK Set.
pub(super) async fn key_of(server: &Server, token: &str, algorithm: &str) -> Value {
    let header = token.split('.').next().unwrap();
    let header = URL_SAFE_NO_PAD.decode(header).unwrap();
    let header: Value = serde_json::from_slice(&header).unwrap();
    assert_eq!(header["alg"], algorithm);
    let jwks: Value = server.get("/.well-known/jwks.json").send().await.unwrap().json().await.unwrap();
    let keys = jwks["keys"].as_array().unwrap();
    keys.iter()
        .find(|key| key["kid"] == header["kid"])
        .unwrap_or_else(|| panic!("{header} is not in {jwks}"))
        .clone()
}

/// Another character in the middle of the payload.
fn change_payload(token: &str) -> String {
    let (at, old) = token.char_indices().nth(token.len() / 2).unwrap();
    let new = if old == 'A' { "B" } else { "A" };
    let mut changed = token.to_owned();
    changed.replace_range(at..=at, new);
    changed
}

#[tokio::test]
async fn we_verify_the_jwts_of_openbadgeslib() {
    let server = Server::start(None, &[]).await;
    let mut peer = Peer::python("peer.py");

    for algorithm in ["ES256", "RS256", "EdDSA"] {
        let signed = peer.ask("sign_jwt", json!({"algorithm": algorithm})).unwrap();
        for form in ["own", "with_kid"] {
            let token = signed[form].as_str().unwrap();
            let report = server.verify("application/vc+jwt", token.into()).await;
            assert_eq!(verdict(&report), "valid", "{algorithm} {form}: {report:#}");
            let report = server.verify("application/vc+jwt", change_payload(token).into()).await;
            assert_eq!(verdict(&report), "invalid", "{algorithm} {form}: {report:#}");
        }
    }
}
