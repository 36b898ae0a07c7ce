//! Data Integrity: `@digitalbazaar/vc`, verifier-core and openbadgeslib.

use serde_json::{Value, json};

use super::{Peer, json_of, tampered, verdict};
use crate::server::{Server, completion};

#[tokio::test]
async fn digitalbazaar_verifies_what_we_sign_and_we_what_it_signs() {
    let server = Server::start(None, &[]).await;
    let mut peer = Peer::node("peer.mjs");
    let badge = json_of(&server, &server.badge("bazaar").await).await;

    let ours = peer.ask("verify", json!({"credential": badge})).unwrap();
    assert_eq!(ours["verified"], true, "{ours}");
    let changed = peer.ask("verify", json!({"credential": tampered(&badge)})).unwrap();
    assert_eq!(changed["verified"], false);

    let key = peer.ask("generate", json!({})).unwrap();
    let mut theirs = badge;
    let members = theirs.as_object_mut().unwrap();
    members.shift_remove("proof");
    members.shift_remove("credentialStatus");
    theirs["issuer"]["id"] = key["did"].clone();
    let theirs = peer.ask("issue", json!({"credential": theirs, "key": key})).unwrap();
    let report = server.verify("application/vc+ld+json", theirs.to_string().into()).await;
    assert_eq!(verdict(&report), "valid", "{report:#}");
    let report = server.verify("application/vc+ld+json", tampered(&theirs).to_string().into()).await;
    assert_eq!(verdict(&report), "invalid", "{report:#}");
}

#[tokio::test]
async fn a_badge_that_names_its_refresh_service_is_verified_by_both() {
    let server = Server::start(None, &[]).await;
    let mut completion = completion("kept");
    completion["achievement"] = "data-protection-lead".into();
    completion.as_object_mut().unwrap().remove("credit");
    let answer: Value =
        server.post("/v1/completions").json(&completion).send().await.unwrap().json().await.unwrap();
    let badge = json_of(&server, answer["credential"]["url"].as_str().unwrap()).await;
    assert_eq!(badge["refreshService"]["type"], "1EdTechCredentialRefresh", "{badge}");

    let mut other = badge.clone();
    other["refreshService"]["id"] = "https://evil.example.org/current".into();
    let mut node = Peer::node("peer.mjs");
    for (credential, verified) in [(&badge, true), (&other, false)] {
        let read = node.ask("verify", json!({"credential": credential})).unwrap();
        assert_eq!(read["verified"], verified, "{read}");
    }
    let mut python = Peer::python("peer.py");
    python.ask("verify_ldp", json!({"credential": badge, "status": true})).unwrap();
    let refusal = python.ask("verify_ldp", json!({"credential": other, "status": true})).unwrap_err();
    assert!(refusal.contains("signature"), "{refusal}");
}

#[tokio::test]
async fn verifier_core_verifies_what_we_sign_until_it_is_revoked() {
    let server = Server::start(None, &[]).await;
    let mut peer = Peer::node("peer.mjs");
    let url = server.badge("core").await;
    let badge = json_of(&server, &url).await;

    let log = peer.ask("verifyCore", json!({"credential": badge})).unwrap()["log"].take();
    for step in ["valid_signature", "expiration", "revocation_status"] {
        assert_eq!(log[step], true, "{step}: {log}");
    }
    let changed = peer.ask("verifyCore", json!({"credential": tampered(&badge)})).unwrap();
    assert_eq!(changed["errors"], json!(["invalid_signature"]));

    server.revoke(&url).await;
    let log = peer.ask("verifyCore", json!({"credential": badge})).unwrap()["log"].take();
    assert_eq!(log["valid_signature"], true);
    assert_eq!(log["revocation_status"], false, "{log}");
}

#[tokio::test]
async fn openbadgeslib_verifies_our_data_integrity_badges_until_they_are_revoked() {
    let server = Server::start(None, &[]).await;
    let mut peer = Peer::python("peer.py");
    let url = server.badge("lib-ldp").await;
    let badge = json_of(&server, &url).await;

    let read = peer.ask("verify_ldp", json!({"credential": badge, "status": true})).unwrap();
    assert_eq!(read["issuer"], badge["issuer"]["id"]);
    let refusal = peer.ask("verify_ldp", json!({"credential": tampered(&badge)})).unwrap_err();
    assert!(refusal.contains("signature"), "{refusal}");

    server.revoke(&url).await;
    let refusal = peer.ask("verify_ldp", json!({"credential": badge, "status": true})).unwrap_err();
    assert!(refusal.contains("revocation"), "{refusal}");
}

#[tokio::test]
async fn we_verify_the_data_integrity_badges_of_openbadgeslib() {
    let server = Server::start(None, &[]).await;
    let mut peer = Peer::python("peer.py");

    let theirs = peer.ask("sign_ldp", json!({})).unwrap();
    let report = server.verify("application/json", theirs.to_string().into()).await;
    assert_eq!(verdict(&report), "valid", "{report:#}");
    let mut changed = theirs;
    changed["name"] = "A peer's achievemenT".into();
    let report = server.verify("application/json", changed.to_string().into()).await;
    assert_eq!(verdict(&report), "invalid", "{report:#}");
}
