//! Learner records (CLR 2.0): openbadgeslib, which reads and signs them.

use serde_json::{Value, json};

use super::{Peer, json_of, verdict};
use crate::server::{Server, completion};

/// The address of a Foundation Certificate's record.
async fn record(server: &Server, learner: &str) -> String {
    let mut awards = Vec::new();
    for module in [
        "equality-diversity-inclusion",
        "introduction-digital-data-technology",
        "user-centred-design",
        "introduction-data-analytics",
        "implementing-digital-solutions",
    ] {
        let mut completion = completion(learner);
        completion["achievement"] = module.into();
        completion["reference"] = format!("{learner}-{module}").into();
        let response = server.post("/v1/completions").json(&completion).send().await.unwrap();
        let body: Value = response.json().await.unwrap();
        awards.extend(body["programmeAwards"].as_array().unwrap().clone());
    }
    format!("{}/clr", awards[0]["credential"]["url"].as_str().unwrap())
}

#[tokio::test]
async fn openbadgeslib_verifies_our_learner_records_and_every_badge_in_them() {
    let server = Server::start(None, &[]).await;
    let mut peer = Peer::python("peer.py");
    let ours = json_of(&server, &record(&server, "clr").await).await;
    let read = peer.ask("verify_clr", json!({"credential": ours})).unwrap();
    assert_eq!((&read["issuer"], &read["held"]), (&ours["issuer"]["id"], &json!(6)));
    for pointer in [
        "/name",
        "/credentialSubject/verifiableCredential/3/name",
        "/credentialSubject/association/1/sourceId",
    ] {
        let mut changed = ours.clone();
        let place = changed.pointer_mut(pointer).unwrap();
        *place = format!("{}x", place.as_str().unwrap()).into();
        let refusal = peer.ask("verify_clr", json!({"credential": changed})).unwrap_err();
        assert!(refusal.contains("signature"), "{pointer}: {refusal}");
    }
}

#[tokio::test]
async fn we_verify_the_learner_records_of_openbadgeslib() {
    let server = Server::start(None, &[]).await;
    let mut peer = Peer::python("peer.py");
    let theirs = peer.ask("sign_clr", json!({})).unwrap();
    let report = server.verify("application/json", theirs.to_string().into()).await;
    assert_eq!(verdict(&report), "valid", "{report:#}");
    assert_eq!(verdict(&report["credentials"][0]), "valid", "{report:#}");
    let mut changed = theirs;
    changed["credentialSubject"]["verifiableCredential"][0]["name"] = "Another".into();
    let report = server.verify("application/json", changed.to_string().into()).await;
    assert_eq!(verdict(&report), "invalid", "{report:#}");
}
