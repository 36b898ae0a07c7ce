//! Badges checked where there is no network: by the bundle that the service handed out, in
//! a network namespace without a route.

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
};

use serde_json::{Value, json};

use crate::{cli::Ran, server::Server};

const SITE: &str = "https://badges.example.org";
/// A service with a domain, whose issuers are named by did:web.
const SETTINGS: [(&str, &str); 3] = [
    ("LANYARD_PUBLIC_URL", SITE),
    ("LANYARD_MODE", "development"),
    ("LANYARD_SECRET", "correct horse battery staple"),
];

/// `lanyard verify --json` of the files in `folder`, out of every network.
fn verify(folder: &Path, bundle: &str, issuer: &str, badges: &[&str]) -> Ran {
    let output = Command::new("unshare")
        .args(["--map-root-user", "--net", env!("CARGO_BIN_EXE_lanyard"), "verify", "--json"])
        .args(["--offline", bundle, "--bundle-issuer", issuer])
        .args(badges)
        .current_dir(folder)
        .env_clear()
        .stdin(Stdio::null())
        .output()
        .expect("`unshare` must be installed");
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (output.status.code().unwrap(), text(&output.stdout), text(&output.stderr))
}

fn codes(report: &Value) -> Vec<&str> {
    report["checks"].as_array().unwrap().iter().map(|check| check["code"].as_str().unwrap()).collect()
}

async fn keep(server: &Server, path: &str, accept: &str, name: &str) {
    fs::write(server.folder().join(name), server.form(path, accept).await).unwrap();
}

#[tokio::test]
async fn badges_are_checked_without_a_network_by_the_bundle_of_their_service() {
    let server = Server::start(None, &SETTINGS).await;
    let path = async |reference: &str| server.badge(reference).await.strip_prefix(SITE).unwrap().to_owned();
    let (good, revoked) = (path("good").await, path("revoked").await);
    server.revoke(&format!("{}{revoked}", server.base)).await;
    for (badge, name) in [(&good, "good"), (&revoked, "revoked")] {
        keep(&server, badge, "application/json", &format!("{name}.json")).await;
        keep(&server, badge, "application/vc+jwt", &format!("{name}.jwt")).await;
        keep(&server, badge, "application/dc+sd-jwt", &format!("{name}.sd-jwt")).await;
    }
    keep(&server, "/.well-known/did.json", "application/did+ld+json", "did.json").await;
    let answer = server.get("/v1/offline-bundle").send().await.unwrap();
    assert_eq!(
        (answer.status().as_u16(), answer.headers()["content-type"].to_str().unwrap()),
        (200, "application/json")
    );
    let tag = answer.headers()["etag"].clone();
    let bundle = answer.bytes().await.unwrap();
    let again = server.get("/v1/offline-bundle").header("if-none-match", tag).send().await.unwrap();
    assert_eq!(again.status(), 304);
    let folder = server.folder();
    fs::write(folder.join("bundle.json"), &bundle).unwrap();

    // In a network of its own there is nobody: what is asked for by its address is not checked.
    let (code, out, err) = verify(folder, "bundle.json", "did.json", &[&format!("{SITE}{good}")]);
    assert_eq!(code, 1, "{out}{err}");
    assert!(out.contains("without a network"), "{out}");

    for form in ["json", "jwt", "sd-jwt"] {
        let (good, revoked) = (format!("good.{form}"), format!("revoked.{form}"));
        let (code, out, err) = verify(folder, "bundle.json", "did.json", &[&good]);
        assert_eq!(code, 0, "{form}: {out}{err}");
        let report: Value = serde_json::from_str(&out).unwrap();
        assert!(codes(&report).contains(&"status-clear"), "{form}: {out}");
        let (code, out, _) = verify(folder, "bundle.json", "did.json", &[&good, &revoked]);
        let reports: Value = serde_json::from_str(&out).unwrap();
        assert_eq!((code, &reports[0]["verdict"]), (1, &json!("valid")), "{form}: {out}");
        assert!(codes(&reports[1]).contains(&"status-revoked"), "{form}: {out}");
    }

    let mut changed: Value = serde_json::from_slice(&fs::read(folder.join("good.json")).unwrap()).unwrap();
    changed["name"] = json!("Brain surgery");
    fs::write(folder.join("changed.json"), changed.to_string()).unwrap();
    let (code, out, _) = verify(folder, "bundle.json", "did.json", &["changed.json"]);
    assert_eq!(code, 1);
    assert!(out.contains("proof-mismatch"), "{out}");

    // The bundle with a document changed, and with a signature that is somebody else's.
    let mut forged: Value = serde_json::from_slice(&bundle).unwrap();
    forged["documents"][0] = json!("{}");
    fs::write(folder.join("forged.json"), forged.to_string()).unwrap();
    let (code, _, err) = verify(folder, "forged.json", "did.json", &["good.json"]);
    assert!(code == 2 && err.contains("was changed"), "{err}");
    let (code, _, err) = verify(
        folder,
        "bundle.json",
        "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK",
        &["good.json"],
    );
    assert!(code == 2 && err.contains("did:web:badges.example.org"), "{err}");
    let (code, _, err) = verify(folder, "bundle.json", "good.json", &["good.json"]);
    assert!(code == 2 && err.contains("signed by"), "{err}");
    // Nobody is named: a bundle does not vouch for itself.
    let bare = server.command(&["verify", "--offline", "bundle.json", "good.json"]).output().unwrap();
    assert_eq!(bare.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&bare.stderr).contains("--bundle-issuer"));
}

#[tokio::test]
async fn a_service_without_a_domain_is_named_by_the_key_of_its_bundle() {
    let server = Server::start(None, &[]).await;
    let badge = server.badge("good").await;
    keep(&server, &badge, "application/json", "good.json").await;
    keep(&server, "/v1/offline-bundle", "application/json", "bundle.json").await;
    let issuer: Value = server.get("/.well-known/did.json").send().await.unwrap().json().await.unwrap();
    let names = issuer["alsoKnownAs"].as_array().unwrap().iter().map(|name| name.as_str().unwrap());
    let name = names.into_iter().find(|name| name.starts_with("did:jwk:")).unwrap();
    let (code, out, err) = verify(server.folder(), "bundle.json", name, &["good.json"]);
    assert_eq!(code, 0, "{out}{err}");
    // What is said to people names the date.
    let plain = server.command(&["verify", "--offline", "bundle.json", "--bundle-issuer", name, "good.json"]);
    let said = { plain }.output().unwrap();
    let said = String::from_utf8_lossy(&said.stdout).into_owned();
    assert!(said.starts_with("OFFLINE: ") && said.contains("0 min old") && said.contains("VALID"), "{said}");
}
