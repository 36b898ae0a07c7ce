//! CPD statements, and badges that carry an endorsement: `@digitalbazaar/vc` and openbadgeslib.

use serde_json::{Value, json};

use super::{Peer, json_of, verdict};
use crate::server::Server;

/// Both peers verify it, and refuse it with something changed at `pointer`.
fn verified_by_peers(credential: &Value, pointer: &str) {
    let (mut node, mut python) = (Peer::node("peer.mjs"), Peer::python("peer.py"));
    let theirs = node.ask("verify", json!({"credential": credential})).unwrap();
    assert_eq!(theirs["verified"], true, "{theirs}");
    let read = python.ask("verify_ldp", json!({"credential": credential})).unwrap();
    assert_eq!(read["issuer"], credential["issuer"]["id"]);
    let mut changed = credential.clone();
    let place = changed.pointer_mut(pointer).unwrap();
    *place = format!("{}x", place.as_str().unwrap()).into();
    let theirs = node.ask("verify", json!({"credential": changed})).unwrap();
    assert_eq!(theirs["verified"], false, "{pointer}");
    let refusal = python.ask("verify_ldp", json!({"credential": changed})).unwrap_err();
    assert!(refusal.contains("signature"), "{pointer}: {refusal}");
}

#[tokio::test]
async fn peers_verify_our_cpd_statements() {
    let server = Server::start(None, &[]).await;
    let statement = server.statement("statement", "application/vc+ld+json").await;
    let report = server.verify("application/vc+ld+json", statement.clone()).await;
    assert_eq!(verdict(&report), "valid", "{report:#}");
    verified_by_peers(&serde_json::from_slice(&statement).unwrap(), "/credentialSubject/result/2/value");
}

#[tokio::test]
async fn peers_verify_our_badges_with_an_endorsement_inside() {
    let server = Server::start(None, &[]).await;
    let badge = json_of(&server, &server.endorsed_badge("endorsed").await).await;
    let endorsement = &badge["credentialSubject"]["achievement"]["endorsement"][0];
    assert_eq!(endorsement["issuer"]["name"], "CILIP, the library and information association");
    let inside = "/credentialSubject/achievement/endorsement/0/credentialSubject/endorsementComment";
    verified_by_peers(&badge, inside);
    let mut node = Peer::node("peer.mjs");
    let theirs = node.ask("verify", json!({"credential": endorsement})).unwrap();
    assert_eq!(theirs["verified"], true, "the endorsement by itself: {theirs}");
}
