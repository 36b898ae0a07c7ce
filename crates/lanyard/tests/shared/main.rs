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

#[path = "../it/listening.rs"]
mod listening;

mod described_host;

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

/// Everything that a schema of the service API says against `document`.
fn service_faults(name: &str, document: &Value) -> Vec<String> {
    let description = json_at("schemas/ob-v3p0-openapi.json");
    let schema =
        json!({"$ref": format!("#/components/schemas/{name}"), "components": description["components"]});
    let validator = jsonschema::options().should_validate_formats(true).build(&schema).unwrap();
    validator.iter_errors(document).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

/// A system that a learner lets act speaks with the service API as its description has it.
#[tokio::test]
async fn the_service_api_answers_as_it_is_described() {
    let server = Server::start(None, &[]).await;
    let issued: Value = server.complete("passport").await.unwrap().json().await.unwrap();
    let learner = issued["learner"]["id"].as_str().unwrap();
    let key = server.academy_key("learners:connect");
    let at = |path: &str| format!("{}/ims/ob/v3p0{path}", server.base);

    let discovery: Value = server.get(&at("/discovery")).send().await.unwrap().json().await.unwrap();
    assert_eq!(service_faults("ServiceDescriptionDocument", &discovery), [""; 0]);
    let published = json_at("schemas/ob-v3p0-openapi.json");
    for (path, item) in published["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let ours = &discovery["paths"][path][method];
            assert_eq!(ours["operationId"], operation["operationId"], "{method} {path}");
            assert_eq!(ours["security"], operation["security"], "{method} {path}");
        }
    }

    let redirect = "https://passport.example.org/back";
    let scopes: Vec<&String> =
        discovery["components"]["securitySchemes"]["OAuth2ACG"]["flows"]["authorizationCode"]["scopes"]
            .as_object()
            .unwrap()
            .keys()
            .collect();
    let scope = scopes.iter().map(|scope| scope.as_str()).collect::<Vec<_>>().join(" ");
    let body = json!({"client_name": "Sample Passport", "redirect_uris": [redirect], "scope": scope});
    let system: Value =
        server.client.post(at("/register")).json(&body).send().await.unwrap().json().await.unwrap();
    let connection = server.client.post(format!("{}/v1/learners/{learner}/connections", server.base));
    let connection: Value = connection.bearer_auth(&key).send().await.unwrap().json().await.unwrap();
    let form = |fields: &[(&str, &str)]| {
        url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
    };
    // RFC 7636, appendix B.
    let authorise = form(&[
        ("response_type", "code"),
        ("client_id", system["client_id"].as_str().unwrap()),
        ("redirect_uri", redirect),
        ("scope", &scope),
        ("state", "xyz"),
        ("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"),
        ("code_challenge_method", "S256"),
        ("connection", connection["code"].as_str().unwrap()),
    ]);
    let browser =
        reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().build().unwrap();
    let posted = |address: String, body: String| {
        browser.post(address).header("content-type", "application/x-www-form-urlencoded").body(body)
    };
    let sent = posted(at("/authorize"), authorise).send().await.unwrap();
    let back = url::Url::parse(sent.headers()["location"].to_str().unwrap()).unwrap();
    let code = back.query_pairs().find(|(name, _)| name == "code").unwrap().1.into_owned();
    let exchange = form(&[
        ("grant_type", "authorization_code"),
        ("code", &code),
        ("redirect_uri", redirect),
        ("code_verifier", "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
    ]);
    let tokens = posted(at("/token"), exchange)
        .basic_auth(system["client_id"].as_str().unwrap(), system["client_secret"].as_str());
    let tokens: Value = tokens.send().await.unwrap().json().await.unwrap();
    let token = tokens["access_token"].as_str().unwrap();

    let found = server.client.get(at("/credentials")).bearer_auth(token).send().await.unwrap();
    assert_eq!(found.headers()["x-total-count"], "1");
    let found: Value = found.json().await.unwrap();
    assert_eq!(service_faults("GetOpenBadgeCredentialsResponse", &found), [""; 0]);
    assert_eq!(found["credential"].as_array().unwrap().len(), 1);
    let profile = json!({"id": "https://passport.example.org/p/1", "type": ["Profile"], "name": "R. Test"});
    let missing = server.client.get(at("/profile")).bearer_auth(token).send().await.unwrap();
    let written = server.client.put(at("/profile")).bearer_auth(token).json(&profile).send().await.unwrap();
    assert_eq!(written.status(), 200);
    assert_eq!(service_faults("Profile", &written.json().await.unwrap()), [""; 0]);
    let unknown = server.client.get(at("/credentials")).bearer_auth("x").send().await.unwrap();
    let bad =
        server.client.post(at("/credentials")).bearer_auth(token).json(&json!({})).send().await.unwrap();
    for (answer, status) in [(missing, 404), (unknown, 401), (bad, 400)] {
        assert_eq!(answer.status(), status);
        assert_eq!(service_faults("Imsx_StatusInfo", &answer.json().await.unwrap()), [""; 0], "{status}");
    }
}
