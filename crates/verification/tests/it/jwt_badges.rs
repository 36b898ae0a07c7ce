//! Badges as JWT.

use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jose::{Algorithm, PrivateKey, sign_compact};
use model::report::Verdict;
use serde_json::{Value, json};
use verification::Submission;

use crate::support::*;

static ES256: LazyLock<PrivateKey> = LazyLock::new(|| PrivateKey::generate(Algorithm::Es256).unwrap());
static RS256: LazyLock<PrivateKey> = LazyLock::new(|| PrivateKey::generate(Algorithm::Rs256).unwrap());
static FORGER: LazyLock<PrivateKey> = LazyLock::new(|| PrivateKey::generate(Algorithm::Es256).unwrap());

const HTTPS: &str = "https://issuer.example.org/profile";

pub fn did_jwk(key: &PrivateKey) -> String {
    format!("did:jwk:{}", URL_SAFE_NO_PAD.encode(key.public_jwk().to_string()))
}

pub fn token(credential: &Value, key: &PrivateKey, kid: &str) -> Submission {
    let claims = jose::credential_claims(credential).unwrap();
    Submission::Jwt(sign_compact(claims.to_string().as_bytes(), key, kid, Some("JWT")).unwrap())
}

/// A token with any header and payload, signed by `key` whatever they say.
fn raw(header: &Value, payload: &Value, key: &PrivateKey) -> Submission {
    let input = |part: &Value| URL_SAFE_NO_PAD.encode(part.to_string());
    let honest = sign_compact(payload.to_string().as_bytes(), key, "k", None).unwrap();
    // The signature covers another header, which only matters to tests that
    // expect to be refused before it is looked at.
    let signature = honest.rsplit('.').next().unwrap();
    Submission::Jwt(format!("{}.{}.{signature}", input(header), input(payload)))
}

fn jwks(key: &PrivateKey, kid: &str) -> Value {
    let mut jwk = key.public_jwk().clone();
    jwk["kid"] = json!(kid);
    json!({"id": HTTPS, "type": ["Profile"], "name": "Example Academy", "jwks": {"keys": [jwk]}})
}

#[tokio::test]
async fn tokens_of_both_algorithms_and_their_lists_verify() {
    for key in [&*ES256, &*RS256] {
        let id = did_jwk(key);
        let kid = format!("{id}#0");
        let list = token(&status_list(&id, "revocation", &[7]), key, &kid);
        let Submission::Jwt(list) = list else { unreachable!() };
        for (index, verdict) in [("8", Verdict::Valid), ("7", Verdict::Invalid)] {
            let web = Web::default().answering(LIST, Ok(answer(200, "application/vc+jwt", list.clone())));
            let web = std::sync::Arc::new(web);
            let verifier = verification::Verifier::new(
                web.clone(),
                std::sync::Arc::new(model::clock::FixedClock::new(now())),
            );
            let badge = token(&with_status(badge(&id), index, "revocation"), key, &kid);
            let report = verifier.verify(&badge, &verification::Expectation::default()).await;
            assert_eq!(report.verdict, verdict, "{report:#?}");
            assert_complete(&report);
            assert_eq!(report.form, "jwt");
            let asked = web.asked.lock().unwrap();
            assert!(asked[0].1.starts_with("application/vc+jwt"), "the list in the badge's form: {asked:?}");
        }
    }
}

#[tokio::test]
async fn a_key_must_be_the_issuers_own() {
    let id = did_jwk(&ES256);
    let good = badge(&id);
    let claims = jose::credential_claims(&badge(HTTPS)).unwrap();
    let published = || Web::default().with(HTTPS, &jwks(&ES256, "key-1"));
    for (name, web, submission, code) in [
        ("did:jwk", Web::default(), token(&good, &ES256, &format!("{id}#0")), "binding-holds"),
        ("relative kid", Web::default(), token(&good, &ES256, "#0"), "binding-holds"),
        ("jwks", published(), token(&badge(HTTPS), &ES256, "key-1"), "binding-holds"),
        ("other key", Web::default(), token(&good, &FORGER, &format!("{id}#0")), "proof-mismatch"),
        (
            "other did",
            Web::default(),
            token(&good, &FORGER, &format!("{}#0", did_jwk(&FORGER))),
            "binding-other-controller",
        ),
        ("unlisted kid", published(), token(&badge(HTTPS), &ES256, "key-2"), "binding-key-not-listed"),
        (
            "kid on the issuer's origin",
            published(),
            token(&badge(HTTPS), &FORGER, "https://issuer.example.org/keys/1"),
            "binding-key-not-listed",
        ),
        (
            "silent issuer",
            Web::default().answering(HTTPS, silent(HTTPS)),
            token(&badge(HTTPS), &ES256, "key-1"),
            "binding-unreachable",
        ),
        (
            "own jwk",
            published(),
            raw(&json!({"alg": "ES256", "jwk": FORGER.public_jwk()}), &claims, &FORGER),
            "binding-key-in-header",
        ),
        (
            "own jwk under a listed name",
            published(),
            raw(&json!({"alg": "ES256", "kid": "key-1", "jwk": FORGER.public_jwk()}), &claims, &FORGER),
            "binding-key-in-header",
        ),
        (
            "own jwk under another name",
            published(),
            raw(&json!({"alg": "ES256", "kid": "key-9", "jwk": FORGER.public_jwk()}), &claims, &FORGER),
            "binding-key-in-header",
        ),
        (
            "alg of another key",
            Web::default(),
            raw(&json!({"alg": "RS256", "kid": "#0"}), &jose::credential_claims(&good).unwrap(), &ES256),
            "proof-key-unusable",
        ),
        (
            "did:key of Ed25519 in the header's place",
            Web::default(),
            token(&badge(&issuer().did()), &ES256, &issuer().method()),
            "proof-key-unusable",
        ),
    ] {
        assert_code(&verify_with(web, &submission).await, code, name);
    }
}

#[tokio::test]
async fn a_did_web_issuer_signs_tokens_with_a_json_web_key() {
    const DID: &str = "did:web:badges.example.org%3A8443:issuers:academy";
    const URL: &str = "https://badges.example.org:8443/issuers/academy/did.json";
    for key in [&*ES256, &*RS256] {
        let method = format!("{DID}#2026-01");
        let document = json!({
            "@context": ["https://www.w3.org/ns/did/v1"],
            "id": DID,
            "verificationMethod":
                [{"id": method, "type": "JsonWebKey", "controller": DID, "publicKeyJwk": key.public_jwk()}],
            "assertionMethod": [method],
        });
        let report =
            verify_with(Web::default().with(URL, &document), &token(&badge(DID), key, &method)).await;
        assert_code(&report, "binding-holds", DID);
    }
}

#[tokio::test]
async fn a_header_key_that_the_issuer_lists_is_the_issuers() {
    let payload = jose::credential_claims(&badge(HTTPS)).unwrap();
    let header = json!({"alg": "ES256", "jwk": ES256.public_jwk()});
    let two = Web::default()
        .with(HTTPS, &json!({"id": HTTPS, "jwks": {"keys": [FORGER.public_jwk(), ES256.public_jwk()]}}));
    let report = verify_with(two, &raw(&header, &payload, &ES256)).await;
    // The forged header breaks the signature; the key is bound all the same.
    check(&report, "binding-holds");
    check(&report, "proof-mismatch");
    let unnamed = raw(&json!({"alg": "ES256"}), &payload, &ES256);
    let two = Web::default()
        .with(HTTPS, &json!({"id": HTTPS, "jwks": {"keys": [FORGER.public_jwk(), ES256.public_jwk()]}}));
    assert_code(&verify_with(two, &unnamed).await, "binding-key-unnamed", "two keys and no kid");
}

/// A change to a payload before it is signed.
type Change = fn(&mut Value);

#[tokio::test]
async fn tokens_that_contradict_themselves_are_named() {
    let id = did_jwk(&ES256);
    let kid = format!("{id}#0");
    let claims = jose::credential_claims(&badge(&id)).unwrap();
    let cases: [(&str, Change, &str); 6] = [
        ("other iss", |p| p["iss"] = json!("did:web:other.example.org"), "format-jwt-claims"),
        ("other jti", |p| p["jti"] = json!("urn:uuid:other"), "format-jwt-claims"),
        ("other sub", |p| p["sub"] = json!("did:example:other"), "format-jwt-claims"),
        ("longer exp", |p| p["exp"] = json!(4_000_000_000_u64), "format-jwt-claims"),
        (
            "no nbf",
            |p| {
                p.as_object_mut().unwrap().remove("nbf");
            },
            "format-jwt-claims",
        ),
        ("undefined term", |p| p["credentialSubject"]["grade"] = json!("A"), "contexts-undefined-term"),
    ];
    for (name, change, code) in cases {
        let mut payload = claims.clone();
        change(&mut payload);
        let signed = sign_compact(payload.to_string().as_bytes(), &ES256, &kid, None).unwrap();
        let report = verify_with(Web::default(), &Submission::Jwt(signed)).await;
        assert_code(&report, code, name);
        check(&report, "proof-verified");
    }
    for (name, header) in [
        ("none", json!({"alg": "none"})),
        ("HS256", json!({"alg": "HS256", "kid": kid})),
        ("crit", json!({"alg": "ES256", "kid": kid, "crit": ["x"]})),
        ("b64", json!({"alg": "ES256", "kid": kid, "b64": false})),
    ] {
        assert_code(
            &verify_with(Web::default(), &raw(&header, &claims, &ES256)).await,
            "format-bad-jws",
            name,
        );
    }
}

#[tokio::test]
async fn the_w3c_forms_are_read() {
    let id = did_jwk(&ES256);
    let kid = format!("{id}#0");
    let bare = sign_compact(badge(&id).to_string().as_bytes(), &ES256, &kid, Some("vc+jwt")).unwrap();
    assert_eq!(verify_with(Web::default(), &Submission::Jwt(bare.clone())).await.verdict, Verdict::Valid);

    let envelope = json!({
        "@context": "https://www.w3.org/ns/credentials/v2",
        "id": format!("data:application/vc+jwt,{bare}"),
        "type": "EnvelopedVerifiableCredential",
    });
    assert_eq!(verify_json(Web::default(), &envelope).await.verdict, Verdict::Valid);

    let mut old = badge(&id);
    let members = old.as_object_mut().unwrap();
    for member in ["id", "issuer", "validFrom", "validUntil"] {
        members.remove(member);
    }
    members.insert(
        "@context".into(),
        json!([
            "https://www.w3.org/2018/credentials/v1",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
        ]),
    );
    let payload =
        json!({"iss": id, "sub": "did:example:alex", "jti": BADGE_ID, "nbf": 1_767_225_600, "vc": old});
    let signed = sign_compact(payload.to_string().as_bytes(), &ES256, &kid, Some("JWT")).unwrap();
    let report = verify_with(Web::default(), &Submission::Jwt(signed)).await;
    check(&report, "proof-verified");
    check(&report, "dates-current");
    assert_eq!(report.summary.id.as_deref(), Some(BADGE_ID));
}
