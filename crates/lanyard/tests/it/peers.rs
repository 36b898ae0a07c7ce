//! Independent implementations verify what we sign, and we verify what they
//! sign. Each refuses a badge after one changed character, and after revocation
//! where it reads status.

use std::{
    io::{BufRead, BufReader, Write},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use crate::server::{Server, project};

/// A peer behind a pipe: one JSON request, one JSON answer.
struct Peer {
    child: Child,
    requests: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Peer {
    fn node() -> Self {
        Self::start(Command::new("node").arg("peer.mjs"))
    }

    fn python() -> Self {
        let venv = std::env::var("LANYARD_TEST_VENV")
            .unwrap_or_else(|_| project().join("target/venv").display().to_string());
        Self::start(Command::new(format!("{venv}/bin/python")).arg("peer.py"))
    }

    fn start(command: &mut Command) -> Self {
        let mut child = command
            .current_dir(project().join("tests/peers"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the peers are installed by `make peers`");
        let requests = child.stdin.take().unwrap();
        let answers = BufReader::new(child.stdout.take().unwrap());
        Self { child, requests, answers }
    }

    /// The peer's answer, or why it refused.
    fn ask(&mut self, command: &str, mut request: Value) -> Result<Value, String> {
        request["command"] = command.into();
        writeln!(self.requests, "{request}").unwrap();
        let mut line = String::new();
        self.answers.read_line(&mut line).unwrap();
        let mut answer: Value = serde_json::from_str(&line).expect("the peer answers");
        match answer["error"].take() {
            Value::Null => Ok(answer["ok"].take()),
            error => Err(error.to_string()),
        }
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

async fn json_of(server: &Server, url: &str) -> Value {
    serde_json::from_slice(&server.form(url, "application/vc+ld+json").await).unwrap()
}

/// The same badge with one character of its holder's name changed.
fn tampered(credential: &Value) -> Value {
    let mut tampered = credential.clone();
    let name = &mut tampered["credentialSubject"]["identifier"][0]["identityHash"];
    *name = name.as_str().unwrap().replacen('L', "I", 1).into();
    assert_ne!(tampered, *credential);
    tampered
}

fn verdict(report: &Value) -> &str {
    report["verdict"].as_str().unwrap()
}

#[tokio::test]
async fn digitalbazaar_verifies_what_we_sign_and_we_what_it_signs() {
    let server = Server::start(None, &[]).await;
    let mut peer = Peer::node();
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
async fn verifier_core_verifies_what_we_sign_until_it_is_revoked() {
    let server = Server::start(None, &[]).await;
    let mut peer = Peer::node();
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
    let mut peer = Peer::python();
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
async fn openbadgeslib_verifies_our_jwts_until_they_are_revoked() {
    for algorithm in ["ES256", "RS256"] {
        let mut server = Server::start(None, &[]).await;
        if algorithm == "RS256" {
            sign_jwts_with_rs256(&mut server).await;
        }
        let mut peer = Peer::python();
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
async fn key_of(server: &Server, token: &str, algorithm: &str) -> Value {
    let header = token.split('.').next().unwrap();
    let header = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(header).unwrap();
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
async fn openbadgeslib_and_we_read_each_others_baked_pictures() {
    let server = Server::start(None, &[]).await;
    let mut peer = Peer::python();
    let url = server.badge("baked").await;
    let badge = json_of(&server, &url).await;

    for (format, media) in [("png", "image/png"), ("svg", "image/svg+xml")] {
        let ours = server.form(&url, media).await;
        let carried =
            peer.ask("unbake", json!({"format": format, "picture": STANDARD.encode(&ours)})).unwrap();
        let carried: Value = serde_json::from_str(carried.as_str().unwrap()).unwrap();
        assert_eq!(carried, badge, "{format}");
        assert_eq!(verdict(&server.verify(media, ours).await), "valid");

        let achievement = badge["credentialSubject"]["achievement"]["id"].as_str().unwrap();
        let blank = server.form(&format!("{achievement}/image.{format}"), media).await;
        for form in ["ldp", "jwt"] {
            let theirs = peer
                .ask("bake", json!({"format": format, "form": form, "picture": STANDARD.encode(&blank)}))
                .unwrap();
            let theirs = STANDARD.decode(theirs.as_str().unwrap()).unwrap();
            let report = server.verify(media, theirs).await;
            assert_eq!(verdict(&report), "valid", "{format} {form}: {report:#}");
        }
    }
}

#[tokio::test]
async fn we_verify_what_openbadgeslib_signs() {
    let server = Server::start(None, &[]).await;
    let mut peer = Peer::python();

    let theirs = peer.ask("sign_ldp", json!({})).unwrap();
    let report = server.verify("application/json", theirs.to_string().into()).await;
    assert_eq!(verdict(&report), "valid", "{report:#}");
    let mut changed = theirs;
    changed["name"] = "A peer's achievemenT".into();
    let report = server.verify("application/json", changed.to_string().into()).await;
    assert_eq!(verdict(&report), "invalid", "{report:#}");

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
