//! What the service issues, against the data published by 1EdTech.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::as_conversions,
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::assigning_clones,
    reason = "what goes wrong in a test must fail it"
)]

#[path = "../it/server.rs"]
#[allow(dead_code, reason = "what the other test binary needs besides")]
mod server;

use std::{fs, path::PathBuf};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use server::Server;

fn shared() -> PathBuf {
    std::env::var_os("LANYARD_SHARED")
        .map_or_else(|| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared")), PathBuf::from)
}

fn json_at(path: &str) -> Value {
    serde_json::from_str(&fs::read_to_string(shared().join(path)).unwrap()).unwrap()
}

/// Everything the schema says against `document`.
fn faults(schema: &str, document: &Value) -> Vec<String> {
    let validator = jsonschema::options()
        .should_validate_formats(true)
        .build(&json_at(&format!("schemas/{schema}.json")))
        .unwrap();
    validator.iter_errors(document).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

/// Completions that between them use every part of the badge.
fn completions() -> Vec<Value> {
    let mut full = server::completion("schema-full");
    full["learner"]["identifiers"]
        .as_array_mut()
        .unwrap()
        .push(json!({"type": "did", "value": "did:example:schema"}));
    full["evidence"] = json!([{"url": "https://learning.example.org/e/1", "name": "Portfolio", "narrative": "What was done."}]);
    full["cohort"] = "Spring".into();
    let mut least = server::completion("schema-least");
    for member in ["startedOn", "deliveryMode", "results", "credit", "reference"] {
        least.as_object_mut().unwrap().remove(member);
    }
    // One that is kept in force names its refresh service.
    let mut kept = server::completion("schema-kept");
    kept["achievement"] = "data-protection-lead".into();
    kept.as_object_mut().unwrap().remove("credit");
    vec![full, least, kept]
}

#[tokio::test]
async fn every_badge_issued_satisfies_the_published_schema_in_both_forms() {
    let server = Server::start(None, &[]).await;
    let mut urls = Vec::new();
    for completion in completions() {
        let response = server.post("/v1/completions").json(&completion).send().await.unwrap();
        let body: Value = response.json().await.unwrap();
        urls.push(body["credential"]["url"].as_str().unwrap().to_owned());
    }
    urls.extend(programme_award(&server).await);
    for url in urls {
        let badge = server.form(&url, "application/vc+ld+json").await;
        let badge: Value = serde_json::from_slice(&badge).unwrap();
        assert_eq!(faults("ob-v3p0-achievementcredential", &badge), [""; 0], "{badge:#}");
        let token = String::from_utf8(server.form(&url, "application/vc+jwt").await).unwrap();
        let payload = URL_SAFE_NO_PAD.decode(token.split('.').nth(1).unwrap()).unwrap();
        let payload: Value = serde_json::from_slice(&payload).unwrap();
        assert_eq!(faults("ob-v3p0-achievementcredential", &payload), [""; 0], "{payload:#}");
    }
    let profile = server.form("/issuers/nhs-digital-academy", "application/json").await;
    let profile: Value = serde_json::from_slice(&profile).unwrap();
    assert_eq!(faults("ob-v3p0-profile", &profile), [""; 0], "{profile:#}");
}

#[tokio::test]
async fn statements_endorsements_and_badges_that_carry_them_satisfy_the_published_schemas() {
    let server = Server::start(None, &[]).await;
    let read = |bytes: Vec<u8>| -> Value { serde_json::from_slice(&bytes).unwrap() };
    let statement = read(server.statement("schema-statement", "application/vc+ld+json").await);
    assert_eq!(faults("ob-v3p0-achievementcredential", &statement), [""; 0], "{statement:#}");
    let url = server.endorsed_badge("schema-endorsed").await;
    let badge = read(server.form(&url, "application/vc+ld+json").await);
    assert_eq!(faults("ob-v3p0-achievementcredential", &badge), [""; 0], "{badge:#}");
    let endorsement = &badge["credentialSubject"]["achievement"]["endorsement"][0];
    assert_eq!(faults("ob-v3p0-endorsementcredential", endorsement), [""; 0], "{endorsement:#}");
    let list = read(server.form("/v1/accreditations?provider=example-trust", "application/json").await);
    let accreditation = list["accreditations"][0]["credential"].as_str().unwrap();
    let accreditation = read(server.form(accreditation, "application/vc+ld+json").await);
    assert_eq!(faults("ob-v3p0-endorsementcredential", &accreditation), [""; 0], "{accreditation:#}");
}

/// The badges of the Foundation Certificate's modules, and the certificate's own.
async fn programme_award(server: &Server) -> Vec<String> {
    let mut urls = Vec::new();
    for achievement in [
        "equality-diversity-inclusion",
        "introduction-digital-data-technology",
        "user-centred-design",
        "introduction-data-analytics",
        "implementing-digital-solutions",
    ] {
        let mut completion = server::completion("schema-programme");
        completion["achievement"] = achievement.into();
        completion["reference"] = format!("schema-{achievement}").into();
        let response = server.post("/v1/completions").json(&completion).send().await.unwrap();
        let body: Value = response.json().await.unwrap();
        urls.push(body["credential"]["url"].as_str().unwrap().to_owned());
        let awards = body["programmeAwards"].as_array().unwrap();
        urls.extend(awards.iter().map(|award| award["credential"]["url"].as_str().unwrap().to_owned()));
    }
    assert_eq!(urls.len(), 6, "the fifth module brings the certificate");
    urls
}

#[tokio::test]
async fn the_reference_badge_passes_its_proof_on_the_command_line_until_a_character_changes() {
    let folder = tempfile::tempdir().unwrap();
    let signed = fs::read_to_string(shared().join("bench/reference-badge.signed.json")).unwrap();
    let proof = |text: &str| {
        let file = folder.path().join("badge.json");
        fs::write(&file, text).unwrap();
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_lanyard"))
            .args(["verify", "--json"])
            .arg(&file)
            .current_dir(folder.path())
            .output()
            .unwrap();
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        let checks = report["checks"].as_array().unwrap().clone();
        checks.into_iter().find(|check| check["question"] == "proof").unwrap()["outcome"].take()
    };
    assert_eq!(proof(&signed), "pass");
    for (old, new) in [
        ("Robotics", "robotics"),
        ("6.5", "6.6"),
        ("2030", "2031"),
        ("94567", "94568"),
        ("did:example:e", "did:example:f"),
    ] {
        assert_eq!(proof(&signed.replacen(old, new, 1)), "fail", "{old} changed to {new}");
    }
}
