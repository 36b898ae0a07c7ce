//! Bad badges over HTTP and on the command line: each is told by the check that
//! fails, never by an error of the service.

use std::{
    fs,
    time::{Duration, Instant},
};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ed25519_dalek::{Signer as _, SigningKey};
use model::chance::{Entropy, SystemEntropy};
use proof::{
    multikey::PublicKey,
    suite::eddsa_rdfc_2022::{ProofOptions, attach, signing_input},
};
use serde_json::{Value, json};

use crate::server::Server;

/// Somebody with a key of their own, named by did:key.
pub struct Forger(SigningKey);

impl Forger {
    pub fn new() -> Self {
        Self(SigningKey::from_bytes(&(&SystemEntropy as &dyn Entropy).array()))
    }

    fn multibase(&self) -> String {
        PublicKey::Ed25519(self.0.verifying_key()).to_multibase()
    }

    pub fn did(&self) -> String {
        format!("did:key:{}", self.multibase())
    }

    fn method(&self) -> String {
        format!("{}#{}", self.did(), self.multibase())
    }

    /// Signs under the name `method`, whoever's it is.
    fn sign_as(&self, document: Value, method: &str) -> Value {
        let options = ProofOptions {
            verification_method: method.to_owned(),
            created: "2026-05-02T00:00:00Z".parse().unwrap(),
            proof_purpose: "assertionMethod",
        };
        let input = signing_input(&document, &options).unwrap();
        let signature = self.0.sign(input.as_ref()).to_bytes();
        attach(document, &options, &signature)
    }

    pub fn sign(&self, document: Value) -> Value {
        self.sign_as(document, &self.method())
    }
}

/// The badge without proof and status, as the forger's own.
pub fn disowned(badge: &Value, forger: &Forger) -> Value {
    let mut badge = unsigned(badge);
    badge.as_object_mut().unwrap().remove("credentialStatus");
    badge["issuer"]["id"] = forger.did().into();
    badge
}

fn unsigned(badge: &Value) -> Value {
    let mut badge = badge.clone();
    badge.as_object_mut().unwrap().remove("proof").unwrap();
    badge
}

pub fn changed(badge: &Value, change: impl FnOnce(&mut Value)) -> Value {
    let mut badge = badge.clone();
    change(&mut badge);
    badge
}

pub async fn badge_of(server: &Server, url: &str) -> Value {
    serde_json::from_slice(&server.form(url, "application/json").await).unwrap()
}

/// The outcome of each check by its code.
fn codes(report: &Value) -> Vec<(&str, &str)> {
    let checks = report["checks"].as_array().unwrap();
    checks.iter().map(|check| (check["code"].as_str().unwrap(), check["outcome"].as_str().unwrap())).collect()
}

/// The same without what only the service's own register answers.
fn without_register(report: &Value) -> Vec<(&str, &str)> {
    codes(report).into_iter().filter(|(code, _)| !code.starts_with("accreditation-")).collect()
}

/// Asserts that the report has the code and that it decides the verdict.
pub fn assert_told(report: &Value, code: &str, context: &str) {
    let check = report["checks"].as_array().unwrap().iter().find(|check| check["code"] == code);
    let check = check.unwrap_or_else(|| panic!("{context}: no {code} in {report:#}"));
    let verdict = if check["outcome"] == "fail" { "invalid" } else { "undetermined" };
    assert_eq!(report["verdict"], verdict, "{context}: {report:#}");
    for member in ["finding", "advice", "clause", "fault"] {
        assert!(check[member].is_string(), "{context}: {member} of {check}");
    }
}

/// The report of `lanyard verify FILE`, whose exit code follows the verdict.
fn verify_on_the_command_line(server: &Server, content: &[u8]) -> Value {
    let file = server.folder().join("handed-in");
    fs::write(&file, content).unwrap();
    let output = server.command(&["verify", "--json", file.to_str().unwrap()]).output().unwrap();
    let report: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)));
    assert_eq!(output.status.code(), Some(i32::from(report["verdict"] != "valid")), "{report:#}");
    report
}

#[tokio::test]
async fn bad_json_badges_are_told_by_the_check_that_fails() {
    let server = Server::start(None, &[]).await;
    let ours = badge_of(&server, &server.badge("json").await).await;
    let forger = Forger::new();
    let theirs = disowned(&ours, &forger);
    let control = server.verify("application/json", forger.sign(theirs.clone()).to_string().into()).await;
    assert_eq!(control["verdict"], "valid", "their own badge is good: {control:#}");

    let sign = |change: &dyn Fn(&mut Value)| forger.sign(changed(&theirs, change));
    let our_method =
        ours.pointer("/proof/0/verificationMethod").or(ours.pointer("/proof/verificationMethod"));
    let our_method = our_method.unwrap().as_str().unwrap();
    let in_our_name = unsigned(&ours);
    // What cannot be canonicalised is changed after it was signed.
    let spoilt = |change: &dyn Fn(&mut Value)| changed(&forger.sign(theirs.clone()), change);
    for (context, badge, code) in [
        ("expired", sign(&|b| b["validUntil"] = "2026-05-03T00:00:00Z".into()), "dates-expired"),
        ("not yet valid", sign(&|b| b["validFrom"] = "2099-01-01T00:00:00Z".into()), "dates-not-yet"),
        ("a date without a zone", spoilt(&|b| b["validFrom"] = "2026-05-01".into()), "dates-unreadable"),
        ("signed by another, in our name", forger.sign(in_our_name.clone()), "binding-other-controller"),
        (
            "signed by another, with our key's name",
            forger.sign_as(in_our_name.clone(), our_method),
            "proof-mismatch",
        ),
        (
            "issued by another, with our proof",
            changed(&ours, |b| b["issuer"]["id"] = forger.did().into()),
            "binding-other-controller",
        ),
        (
            "issued by nobody",
            spoilt(&|b| {
                b.as_object_mut().unwrap().remove("issuer");
            }),
            "binding-no-issuer",
        ),
        (
            "issued by a mailbox",
            spoilt(&|b| b["issuer"]["id"] = "mailto:academy@example.org".into()),
            "binding-no-address",
        ),
        ("not signed", theirs.clone(), "proof-missing"),
        ("an unknown suite", spoilt(&|b| b["proof"]["cryptosuite"] = "rot13".into()), "proof-unknown-suite"),
        (
            "a cut signature",
            spoilt(&|b| {
                let p = b["proof"]["proofValue"].as_str().unwrap().to_owned();
                b["proof"]["proofValue"] = p[..40].into();
            }),
            "proof-malformed",
        ),
        (
            "another purpose",
            spoilt(&|b| b["proof"]["proofPurpose"] = "authentication".into()),
            "proof-malformed",
        ),
        ("another name", spoilt(&|b| b["name"] = "Brain surgery".into()), "proof-mismatch"),
        (
            "an unknown context",
            spoilt(&|b| b["@context"][1] = "https://example.org/context.json".into()),
            "contexts-unknown",
        ),
        (
            "a context written inside",
            spoilt(&|b| b["@context"][1] = json!({"@vocab": "https://example.org/#"})),
            "contexts-unknown",
        ),
        (
            "contexts in the other order",
            spoilt(&|b| b["@context"].as_array_mut().unwrap().swap(0, 1)),
            "contexts-first",
        ),
        (
            "no context",
            spoilt(&|b| {
                b.as_object_mut().unwrap().remove("@context");
            }),
            "contexts-unknown",
        ),
        (
            "a context of a part",
            spoilt(&|b| b["credentialSubject"]["@context"] = json!({"name": "https://example.org/#"})),
            "contexts-nested",
        ),
        (
            "an undefined term",
            spoilt(&|b| b["credentialSubject"]["grade"] = "A".into()),
            "contexts-undefined-term",
        ),
        (
            "an undefined type",
            spoilt(&|b| b["credentialSubject"]["type"] = json!(["AchievementSubject", "Surgeon"])),
            "contexts-undefined-term",
        ),
        (
            "nobody's",
            sign(&|b| {
                let s = b["credentialSubject"].as_object_mut().unwrap();
                s.remove("id");
                s.remove("identifier");
            }),
            "subject-anonymous",
        ),
        (
            "no achievement",
            sign(&|b| {
                b["credentialSubject"].as_object_mut().unwrap().remove("achievement");
            }),
            "schema-invalid",
        ),
        (
            "a status without a list",
            sign(
                &|b| b["credentialStatus"] = json!({"type": "BitstringStatusListEntry", "statusPurpose": "revocation", "statusListIndex": "1"}),
            ),
            "status-entry-malformed",
        ),
        (
            "a status in our list",
            sign(&|b| b["credentialStatus"] = ours["credentialStatus"].clone()),
            "status-list-refused",
        ),
        (
            "a presentation",
            json!({"@context": ours["@context"], "type": ["VerifiablePresentation"], "verifiableCredential": [ours]}),
            "proof-missing",
        ),
        (
            "an endorsement by a forger",
            sign(
                &|b| b["endorsement"] = json!([{"@context": b["@context"], "id": "urn:uuid:6f1c9f5e-0f6b-4a52-9d4e-2f6f6a9b7c10", "type": ["VerifiableCredential", "EndorsementCredential"], "issuer": {"id": forger.did(), "type": ["Profile"]}, "validFrom": "2026-05-02T00:00:00Z", "credentialSubject": {"id": "https://other.example.org/", "type": ["EndorsementSubject"]}}]),
            ),
            "endorsement-invalid",
        ),
    ] {
        let text = badge.to_string();
        let report = server.verify("application/json", text.clone().into()).await;
        assert_told(&report, code, context);
        let printed = verify_on_the_command_line(&server, text.as_bytes());
        assert_eq!(
            without_register(&printed),
            without_register(&report),
            "{context}: the command line says the same"
        );
    }
}

#[tokio::test]
async fn no_edit_of_a_signed_badge_is_valid() {
    let server = Server::start(None, &[]).await;
    let url = server.badge("edited").await;
    for (media_type, edits) in [("application/json", 300), ("application/vc+jwt", 150)] {
        let badge = server.form(&url, media_type).await;
        assert_eq!(server.verify(media_type, badge.clone()).await["verdict"], "valid");
        let before = server.memory();
        for _ in 0..edits {
            let [high, low, letter] = (&SystemEntropy as &dyn Entropy).array();
            let at = usize::from(u16::from_be_bytes([high, low])) % badge.len();
            let letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.,:{}[]\" ";
            let new = letters[usize::from(letter) % letters.len()];
            if badge[at] == new || !badge[at].is_ascii() {
                continue;
            }
            let mut edited = badge.clone();
            edited[at] = new;
            let report = server.verify(media_type, edited.clone()).await;
            assert_ne!(
                report["verdict"],
                "valid",
                "{} at {at}: {}",
                char::from(new),
                String::from_utf8_lossy(&edited)
            );
        }
        let grown = server.memory().saturating_sub(before);
        assert!(grown < 50 * 1024, "memory grew by {grown} KiB");
    }
}

#[tokio::test]
async fn a_revoked_badge_is_revoked_in_every_form_within_a_second() {
    let server = Server::start(None, &[]).await;
    let url = server.badge("withdrawn").await;
    let forms = ["application/json", "application/vc+jwt", "image/png", "image/svg+xml"];
    let mut badges = Vec::new();
    for form in forms {
        badges.push(server.form(&url, form).await);
    }
    server.revoke(&url).await;
    // The new list is in force for verifiers whose clocks are behind, too.
    let badge: Value = serde_json::from_slice(&badges[0]).unwrap();
    let list = badge_of(&server, badge["credentialStatus"]["statusListCredential"].as_str().unwrap()).await;
    let from = list["validFrom"].as_str().unwrap().parse::<chrono::DateTime<chrono::Utc>>().unwrap();
    let age = chrono::DateTime::<chrono::Utc>::from(std::time::SystemTime::now()) - from;
    assert!(age.num_seconds() >= 60, "{list:#}");
    let begun = Instant::now();
    for (form, badge) in forms.iter().zip(badges) {
        let report = server.verify(form, badge.clone()).await;
        assert!(begun.elapsed() < Duration::from_secs(1), "{:?}", begun.elapsed());
        assert_told(&report, "status-revoked", form);
        let printed = verify_on_the_command_line(&server, &badge);
        assert_told(&printed, "status-revoked", form);
    }
}

#[tokio::test]
async fn bad_pictures_are_told_apart() {
    let server = Server::start(None, &[]).await;
    let url = server.badge("pictures").await;
    let png = server.form(&url, "image/png").await;
    let svg = String::from_utf8(server.form(&url, "image/svg+xml").await).unwrap();
    let credential = {
        let (begin, end) =
            (svg.find("<openbadges:credential").unwrap(), svg.rfind("</openbadges:credential>").unwrap());
        svg[begin..end + "</openbadges:credential>".len()].to_owned()
    };
    let into_svg = |more: &str| svg.replacen(&credential, &format!("{credential}{more}"), 1);
    let entities = (0..9).fold("<!ENTITY a0 \"lol\">".to_owned(), |text, n| {
        format!("{text}<!ENTITY a{} \"{}\">", n + 1, format!("&a{n};").repeat(10))
    });
    let bomb = format!("<!DOCTYPE svg [{entities}]><svg xmlns=\"http://www.w3.org/2000/svg\">&a9;</svg>");
    let outside = "<!DOCTYPE svg [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><svg xmlns=\"http://www.w3.org/2000/svg\">&x;</svg>";
    let plain = svg.replacen(&credential, "", 1);
    let mut flipped = png.clone();
    let middle = flipped.len() / 2;
    flipped[middle] ^= 1;
    let before = server.memory();
    for (context, media_type, picture, code) in [
        ("not an image", "image/png", b"hello, I am a picture".to_vec(), "format-bad-picture"),
        ("a JPEG", "image/png", b"\xff\xd8\xff\xe0\0\x10JFIF\0".to_vec(), "format-bad-picture"),
        ("cut short", "image/png", png[..png.len() / 2].to_vec(), "format-bad-picture"),
        ("one bit flipped", "image/png", flipped, "format-bad-picture"),
        ("two credentials", "image/png", credential_twice(&png), "format-bad-picture"),
        ("a picture only", "image/png", credential_chunks(&png, 0), "format-no-credential-in-picture"),
        ("a chunk of 4 GB", "image/png", [&png[..8], b"\xff\xff\xff\xffiTXt"].concat(), "format-bad-picture"),
        ("an SVG only", "image/svg+xml", plain.clone().into_bytes(), "format-no-credential-in-picture"),
        ("two credentials in SVG", "image/svg+xml", into_svg(&credential).into_bytes(), "format-bad-picture"),
        ("a document type bomb", "image/svg+xml", bomb.into_bytes(), "format-bad-picture"),
        ("an entity from a file", "image/svg+xml", outside.as_bytes().to_vec(), "format-bad-picture"),
        ("not closed", "image/svg+xml", svg.as_bytes()[..svg.len() - 6].to_vec(), "format-bad-picture"),
        (
            "a script and no credential",
            "image/svg+xml",
            b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>".to_vec(),
            "format-no-credential-in-picture",
        ),
        (
            "deeply nested",
            "image/svg+xml",
            format!("<svg xmlns=\"http://www.w3.org/2000/svg\">{}", "<g>".repeat(200_000)).into_bytes(),
            "format-bad-picture",
        ),
    ] {
        let report = server.verify(media_type, picture.clone()).await;
        assert_told(&report, code, context);
        if media_type == "image/svg+xml" {
            let printed = verify_on_the_command_line(&server, &picture);
            assert_told(&printed, code, context);
        }
    }
    let grown = server.memory().saturating_sub(before);
    assert!(grown < 50 * 1024, "memory grew by {grown} KiB");

    // A script around a good credential does not reach the reader of a report.
    let scripted = into_svg("<script>alert(1)</script>");
    let request = server.client.post(format!("{}/v1/verify", server.base));
    let page = request.header("Content-Type", "image/svg+xml").header("Accept", "text/html").body(scripted);
    let page = page.send().await.unwrap();
    assert_eq!(page.status(), 200);
    assert!(!page.text().await.unwrap().contains("alert(1)"));
}

/// The picture with its chunks of text `times` over.
fn credential_chunks(png: &[u8], times: usize) -> Vec<u8> {
    let mut built = png[..8].to_vec();
    let mut at = 8;
    while at < png.len() {
        let length = usize::try_from(u32::from_be_bytes(png[at..at + 4].try_into().unwrap())).unwrap();
        let chunk = &png[at..at + length + 12];
        let count = if &chunk[4..8] == b"iTXt" { times } else { 1 };
        for _ in 0..count {
            built.extend_from_slice(chunk);
        }
        at += chunk.len();
    }
    built
}

fn credential_twice(png: &[u8]) -> Vec<u8> {
    let twice = credential_chunks(png, 2);
    assert!(twice.len() > png.len(), "the credential is in an iTXt chunk");
    twice
}

#[tokio::test]
async fn bad_tokens_are_told_apart() {
    let server = Server::start(None, &[]).await;
    let url = server.badge("tokens").await;
    let token = String::from_utf8(server.form(&url, "application/vc+jwt").await).unwrap();
    let parts: Vec<&str> = token.split('.').collect();
    let read =
        |part: &str| -> Value { serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap() };
    let (header, payload) = (read(parts[0]), read(parts[1]));
    let forger = jose::PrivateKey::generate(jose::Algorithm::Es256).unwrap();
    let encoded = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let headed = |change: &dyn Fn(&mut Value)| {
        format!("{}.{}.{}", encoded(&changed(&header, change)), parts[1], parts[2])
    };
    let signed =
        |kid: &str| jose::sign_compact(payload.to_string().as_bytes(), &forger, kid, Some("JWT")).unwrap();
    let our_kid = header["kid"].as_str().unwrap();
    let forger_did = format!("did:jwk:{}", encoded(forger.public_jwk()));
    let none = changed(&header, |h| h["alg"] = "none".into());
    let twice = format!("{{\"alg\":\"ES256\",\"alg\":\"none\",\"kid\":\"{our_kid}\"}}");
    for (context, token, code) in [
        ("alg none", format!("{}.{}.", encoded(&none), parts[1]), "format-bad-jws"),
        ("alg none with a signature", headed(&|h| h["alg"] = "none".into()), "format-bad-jws"),
        ("alg HS256", headed(&|h| h["alg"] = "HS256".into()), "format-bad-jws"),
        ("another alg", headed(&|h| h["alg"] = "RS256".into()), "proof-key-unusable"),
        ("an unknown crit", headed(&|h| h["crit"] = json!(["exp"])), "format-bad-jws"),
        ("b64", headed(&|h| h["b64"] = false.into()), "format-bad-jws"),
        (
            "b64 in crit",
            headed(&|h| {
                h["b64"] = false.into();
                h["crit"] = json!(["b64"]);
            }),
            "format-bad-jws",
        ),
        (
            "a key from elsewhere",
            headed(&|h| h["jku"] = "https://example.org/jwks.json".into()),
            "format-bad-jws",
        ),
        (
            "a member twice",
            format!("{}.{}.{}", URL_SAFE_NO_PAD.encode(twice), parts[1], parts[2]),
            "format-bad-jws",
        ),
        (
            "its own key",
            headed(&|h| {
                h["jwk"] = forger.public_jwk().clone();
                h.as_object_mut().unwrap().remove("kid");
            }),
            "binding-key-in-header",
        ),
        ("signed by another, with our key's name", signed(our_kid), "proof-mismatch"),
        (
            "signed by another, with its own name",
            signed(&format!("{forger_did}#0")),
            "binding-other-controller",
        ),
        (
            "another payload",
            format!(
                "{}.{}.{}",
                parts[0],
                encoded(&changed(&payload, |p| p["name"] = "Surgery".into())),
                parts[2]
            ),
            "proof-mismatch",
        ),
        (
            "claims that contradict",
            jose::sign_compact(
                changed(&payload, |p| p["jti"] = "urn:uuid:1".into()).to_string().as_bytes(),
                &forger,
                our_kid,
                Some("JWT"),
            )
            .unwrap(),
            "format-jwt-claims",
        ),
        ("no signature", format!("{}.{}.", parts[0], parts[1]), "format-bad-jws"),
        ("two parts", format!("{}.{}", parts[0], parts[1]), "format-bad-jws"),
        ("padding", format!("{}=.{}.{}", parts[0], parts[1], parts[2]), "format-bad-jws"),
        ("an encrypted token", format!("{token}.AAAA.AAAA"), "format-bad-jws"),
    ] {
        let report = server.verify("application/vc+jwt", token.clone().into()).await;
        assert_told(&report, code, context);
        let printed = verify_on_the_command_line(&server, token.as_bytes());
        assert_eq!(without_register(&printed), without_register(&report), "{context}");
    }
}
