//! Badges of Open Badges 2.0, hosted and signed.

use std::sync::LazyLock;

use jose::{Algorithm, PrivateKey, sign_compact};
use model::report::{Outcome, Report, Verdict};
use serde_json::{Value, json};
use verification::{Expectation, FetchError, Submission, Verifier};

use crate::support::*;

const AT: &str = "https://old.example.org/assertions/1";
const CLASS: &str = "https://old.example.org/badges/5";
const ISSUER: &str = "https://old.example.org/issuer";
const KEY: &str = "https://old.example.org/key";
const REVOKED: &str = "https://old.example.org/revoked";

static SIGNER: LazyLock<PrivateKey> = LazyLock::new(|| PrivateKey::generate(Algorithm::Es256).unwrap());
static OTHER: LazyLock<PrivateKey> = LazyLock::new(|| PrivateKey::generate(Algorithm::Es256).unwrap());

fn assertion(verification: &Value) -> Value {
    json!({
        "@context": "https://w3id.org/openbadges/v2",
        "type": "Assertion",
        "id": AT,
        // The hash of the standards sheet: a@example.com with the salt Kosher.
        "recipient": {"type": "email", "hashed": true, "salt": "Kosher",
            "identity": "sha256$b5809d8a92f8858436d7e6b87c12ebc0ae1eac4baecc2c0b913aee2c922ef399"},
        "badge": CLASS,
        "verification": verification,
        "issuedOn": "2026-01-01T00:00:00Z",
    })
}

fn hosted() -> Value {
    assertion(&json!({"type": "hosted"}))
}

fn profile() -> Value {
    json!({"@context": "https://w3id.org/openbadges/v2", "type": "Issuer", "id": ISSUER, "name": "Old Academy",
        "publicKey": KEY, "revocationList": REVOKED})
}

fn web() -> Web {
    Web::default()
        .with(CLASS, &json!({"type": "BadgeClass", "id": CLASS, "name": "Old module", "issuer": ISSUER}))
        .with(ISSUER, &profile())
        .with(
            KEY,
            &json!({"type": "CryptographicKey", "id": KEY, "owner": ISSUER, "publicKeyPem": pem(&SIGNER)}),
        )
        .with(REVOKED, &json!({"type": "RevocationList", "issuer": ISSUER, "revokedAssertions": []}))
}

/// The public half as Open Badges 2.0 publishes it: `SubjectPublicKeyInfo` of P-256.
fn pem(key: &PrivateKey) -> String {
    use base64::Engine as _;
    let url = base64::engine::general_purpose::URL_SAFE_NO_PAD;
    let coordinate = |name: &str| url.decode(key.public_jwk()[name].as_str().unwrap()).unwrap();
    let head = "3059301306072a8648ce3d020106082a8648ce3d03010703420004";
    let der = [hex::decode(head).unwrap(), coordinate("x"), coordinate("y")].concat();
    let text = base64::engine::general_purpose::STANDARD.encode(der);
    format!("-----BEGIN PUBLIC KEY-----\n{}\n{}\n-----END PUBLIC KEY-----\n", &text[..64], &text[64..])
}

async fn json_of(web: Web, badge: &Value, recipient: Option<&str>) -> Report {
    let expectation = Expectation { recipient: recipient.map(str::to_owned), ..Expectation::default() };
    verifier(web).verify(&Submission::Json(badge.to_string().into_bytes()), &expectation).await
}

fn judged(report: &Report, code: &str, verdict: Verdict, context: &str) {
    check(report, code);
    assert_eq!(report.verdict, verdict, "{context}: {report:#?}");
    assert_eq!(check(report, "format-legacy").outcome, Outcome::Warning, "{context}");
    assert_complete(report);
}

#[tokio::test]
async fn a_hosted_badge_is_what_stands_at_its_address() {
    let badge = hosted();
    let there = || web().with(AT, &badge);
    let report = json_of(there(), &badge, None).await;
    for code in ["proof-hosted", "binding-hosted", "key-none", "status-hosted", "dates-current"] {
        judged(&report, code, Verdict::Valid, code);
    }
    assert_eq!(report.summary.achievement.as_deref(), Some("Old module"));
    assert_eq!(report.summary.issuer_name.as_deref(), Some("Old Academy"));
    for (who, code, verdict) in [
        ("a@example.com", "recipient-matches", Verdict::Valid),
        ("b@example.com", "recipient-differs", Verdict::Invalid),
    ] {
        judged(&json_of(there(), &badge, Some(who)).await, code, verdict, who);
    }
    let mut changed = badge.clone();
    changed["issuedOn"] = json!("2026-02-01T00:00:00Z");
    judged(&json_of(there(), &changed, None).await, "proof-hosted-differs", Verdict::Invalid, "changed");
    let mut revoked = badge.clone();
    revoked["revoked"] = json!(true);
    judged(
        &json_of(web().with(AT, &revoked), &badge, None).await,
        "status-revoked",
        Verdict::Invalid,
        "revoked",
    );
    let gone = web().answering(AT, Ok(answer(410, "application/json", "")));
    judged(&json_of(gone, &badge, None).await, "status-revoked", Verdict::Invalid, "gone");
    for fetched in [silent(AT), Ok(answer(404, "text/html", "")), Ok(answer(500, "text/html", ""))] {
        let report = json_of(web().answering(AT, fetched), &badge, None).await;
        judged(&report, "proof-not-checked", Verdict::Undetermined, "unreachable");
    }
    let mut expired = badge.clone();
    expired["expires"] = json!("2026-05-01T00:00:00Z");
    judged(
        &json_of(web().with(AT, &expired), &expired, None).await,
        "dates-expired",
        Verdict::Invalid,
        "expired",
    );
}

#[tokio::test]
async fn a_hosted_badge_on_another_host_than_its_issuer_is_anybodys() {
    let elsewhere = "https://evil.example.org/assertions/1";
    let mut badge = hosted();
    badge["id"] = json!(elsewhere);
    let report = json_of(web().with(elsewhere, &badge), &badge, None).await;
    judged(&report, "binding-other-host", Verdict::Invalid, "elsewhere");
    // A profile that lies about its address is nobody's.
    let mut lying = profile();
    lying["id"] = json!("https://evil.example.org/issuer");
    let report = json_of(web().with(AT, &hosted()).with(ISSUER, &lying), &hosted(), None).await;
    judged(&report, "binding-document-refused", Verdict::Invalid, "lying");
    let lost = web().with(AT, &hosted()).answering(CLASS, silent(CLASS));
    judged(&json_of(lost, &hosted(), None).await, "binding-unreachable", Verdict::Undetermined, "no class");
}

#[tokio::test]
async fn redirects_are_followed_only_while_they_stay_with_the_host() {
    let led = |location: &str| {
        let redirected = FetchError::Redirected { url: AT.to_owned(), location: location.to_owned() };
        web()
            .with("https://old.example.org/new", &hosted())
            .with("https://evil.example.org/new", &hosted())
            .answering(AT, Err(redirected))
    };
    for (location, code, verdict) in [
        ("/new", "proof-hosted", Verdict::Valid),
        ("https://old.example.org/new", "proof-hosted", Verdict::Valid),
        ("https://evil.example.org/new", "proof-not-checked", Verdict::Undetermined),
        ("http://old.example.org/new", "proof-not-checked", Verdict::Undetermined),
        (AT, "proof-not-checked", Verdict::Undetermined),
    ] {
        judged(&json_of(led(location), &hosted(), None).await, code, verdict, location);
    }
}

fn signed(document: &Value, key: &PrivateKey) -> Submission {
    Submission::Jwt(sign_compact(document.to_string().as_bytes(), key, KEY, None).unwrap())
}

async fn report(web: Web, submission: &Submission) -> Report {
    verifier(web).verify(submission, &Expectation::default()).await
}

#[tokio::test]
async fn a_signed_badge_is_verified_by_the_key_that_its_issuer_lists() {
    let badge = assertion(&json!({"type": "SignedBadge", "creator": KEY}));
    let good = report(web(), &signed(&badge, &SIGNER)).await;
    for code in ["proof-verified", "binding-holds", "key-none", "status-not-in-revocation-list"] {
        judged(&good, code, Verdict::Valid, code);
    }
    judged(
        &report(web(), &signed(&badge, &OTHER)).await,
        "proof-mismatch",
        Verdict::Invalid,
        "another's key",
    );
    let mut without = profile();
    without["publicKey"] = json!("https://old.example.org/other");
    let unlisted = web().with(ISSUER, &without);
    judged(
        &report(unlisted, &signed(&badge, &SIGNER)).await,
        "binding-key-not-listed",
        Verdict::Invalid,
        "unlisted",
    );
    let stolen = json!({"type": "CryptographicKey", "id": KEY, "owner": "https://evil.example.org/", "publicKeyPem": pem(&SIGNER)});
    let stolen = web().with(KEY, &stolen);
    judged(
        &report(stolen, &signed(&badge, &SIGNER)).await,
        "binding-other-controller",
        Verdict::Invalid,
        "owner",
    );
    let nonsense = json!({"type": "CryptographicKey", "id": KEY, "owner": ISSUER, "publicKeyPem": "none"});
    let nonsense = web().with(KEY, &nonsense);
    judged(
        &report(nonsense, &signed(&badge, &SIGNER)).await,
        "binding-document-refused",
        Verdict::Invalid,
        "no key",
    );
    for revoked in [json!(AT), json!({"id": AT, "revocationReason": "Issued in error"})] {
        let list = json!({"type": "RevocationList", "issuer": ISSUER, "revokedAssertions": [revoked]});
        let report = report(web().with(REVOKED, &list), &signed(&badge, &SIGNER)).await;
        judged(&report, "status-in-revocation-list", Verdict::Invalid, "revoked");
    }
    let foreign =
        json!({"type": "RevocationList", "issuer": "https://evil.example.org/", "revokedAssertions": []});
    let foreign = web().with(REVOKED, &foreign);
    judged(&report(foreign, &signed(&badge, &SIGNER)).await, "status-list-refused", Verdict::Invalid, "list");
}

#[tokio::test]
async fn an_assertion_that_contradicts_itself_proves_nothing() {
    let as_json = assertion(&json!({"type": "SignedBadge", "creator": KEY}));
    judged(
        &json_of(web(), &as_json, None).await,
        "proof-missing",
        Verdict::Invalid,
        "signed, without a signature",
    );
    judged(
        &report(web(), &signed(&hosted(), &SIGNER)).await,
        "proof-malformed",
        Verdict::Invalid,
        "hosted, in a token",
    );
    let unknown = assertion(&json!({"type": "luck"}));
    judged(&json_of(web(), &unknown, None).await, "proof-unknown-suite", Verdict::Invalid, "luck");
    let mut bare = hosted();
    bare.as_object_mut().unwrap().remove("recipient");
    let found = json_of(web().with(AT, &bare), &bare, None).await;
    check(&found, "schema-invalid");
    check(&found, "subject-anonymous");
    let by_address =
        Verifier::verify_url(&verifier(web().with(AT, &hosted())), AT, &Expectation::default()).await;
    judged(&by_address, "proof-hosted", Verdict::Valid, "by its address");
}
