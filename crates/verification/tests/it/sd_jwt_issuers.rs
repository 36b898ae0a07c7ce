//! SD-JWT VCs of issuers with an address: keys in their metadata (SD-JWT VC,
//! "JWT VC Issuer Metadata").

use std::sync::LazyLock;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jose::{Algorithm, Concealed, DC_SD_JWT, PrivateKey, sign_compact};
use model::report::{FaultOwner, Verdict};
use serde_json::{Value, json};
use verification::{Fetched, Submission, recognise};

use crate::support::*;

static ES256: LazyLock<PrivateKey> = LazyLock::new(|| PrivateKey::generate(Algorithm::Es256).unwrap());
static RETIRED: LazyLock<PrivateKey> = LazyLock::new(|| PrivateKey::generate(Algorithm::Es256).unwrap());

const ISSUER: &str = "https://issuer.example.org/tenant/1";
const METADATA: &str = "https://issuer.example.org/.well-known/jwt-vc-issuer/tenant/1";
const KEYS: &str = "https://keys.example.org/tenant-1.json";

fn submitted(issuer: &str, kid: &str, more: &Value) -> Submission {
    let mut claims = json!({
        "iss": issuer, "vct": "urn:example:pid", "iat": now().timestamp(), "given_name": "Bronwen",
    });
    claims.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let claims = claims.as_object().unwrap().clone();
    let concealed =
        Concealed::new(claims, &["/given_name"], &mut |pointer| format!("salt of {pointer}")).unwrap();
    let jws = sign_compact(concealed.payload().as_bytes(), &ES256, kid, Some(DC_SD_JWT)).unwrap();
    recognise(concealed.with_signature(&jws).as_bytes(), None)
}

fn good() -> Submission {
    submitted(ISSUER, "key-2", &json!({}))
}

/// The issuer's keys, `key-2` the one that signs.
fn keys() -> Value {
    let named = |key: &PrivateKey, kid: &str| {
        let mut jwk = key.public_jwk().clone();
        jwk["kid"] = kid.into();
        jwk
    };
    json!({"keys": [named(&RETIRED, "key-1"), named(&ES256, "key-2")]})
}

fn by_metadata(metadata: &Value) -> Web {
    Web::default().with(METADATA, metadata)
}

fn not_found() -> Fetched {
    answer(404, "text/plain", "not here")
}

#[tokio::test]
async fn a_key_is_found_in_the_issuers_metadata() {
    for web in [
        by_metadata(&json!({"issuer": ISSUER, "jwks": keys()})),
        by_metadata(&json!({"issuer": ISSUER, "jwks_uri": KEYS})).with(KEYS, &keys()),
    ] {
        let report = verify_with(web, &good()).await;
        assert_code(&report, "binding-holds", "metadata");
        let finding = check(&report, "binding-holds").finding.to_string();
        assert!(finding.contains(&format!("{ISSUER}#key-2")), "{finding}");
        check(&report, "proof-verified");
    }
    // An issuer without a path, with or without the last slash.
    for issuer in ["https://issuer.example.org", "https://issuer.example.org/"] {
        let metadata = json!({"issuer": issuer, "jwks": keys()});
        let web = Web::default().with("https://issuer.example.org/.well-known/jwt-vc-issuer", &metadata);
        let report = verify_with(web, &submitted(issuer, "key-2", &json!({}))).await;
        assert_code(&report, "binding-holds", issuer);
    }
    // The keys of other credentials do, where there is no metadata.
    let document = json!({"id": ISSUER, "jwks": keys()});
    let web = Web::default().answering(METADATA, Ok(not_found())).with(ISSUER, &document);
    assert_code(&verify_with(web, &good()).await, "binding-holds", "own document");
}

#[tokio::test]
async fn metadata_that_is_not_the_issuers_or_says_two_things_is_refused() {
    let here = || json!({"issuer": ISSUER, "jwks": keys()});
    let with = |member: &str, value: Value| {
        let mut metadata = here();
        metadata[member] = value;
        metadata
    };
    let mut neither = here();
    neither.as_object_mut().unwrap().remove("jwks");
    let mut secret = keys();
    secret["keys"][0]["d"] = "AA".into();
    for (name, web, code, finding) in [
        (
            "another issuer",
            by_metadata(&with("issuer", json!("https://issuer.example.org/tenant/2"))),
            "binding-document-refused",
            "tenant/2",
        ),
        (
            "a slash more",
            by_metadata(&with("issuer", json!(format!("{ISSUER}/")))),
            "binding-document-refused",
            "issuer",
        ),
        ("no issuer", by_metadata(&json!({"jwks": keys()})), "binding-document-refused", "(no issuer)"),
        ("both", by_metadata(&with("jwks_uri", json!(KEYS))), "binding-document-refused", "one of them"),
        ("neither", by_metadata(&neither), "binding-document-refused", "neither"),
        ("no set", by_metadata(&with("jwks", json!([]))), "binding-document-refused", "JWK Set"),
        ("a private key", by_metadata(&with("jwks", secret)), "binding-document-refused", "private key"),
        (
            "no address",
            by_metadata(&json!({"issuer": ISSUER, "jwks_uri": 1})),
            "binding-document-refused",
            "must be an address",
        ),
        (
            "a member twice",
            Web::default().answering(
                METADATA,
                Ok(answer(200, "application/json", format!("{{\"issuer\":\"a\",\"issuer\":\"{ISSUER}\"}}"))),
            ),
            "binding-document-refused",
            "issuer",
        ),
        (
            "key not there",
            by_metadata(&with("jwks", json!({"keys": [keys()["keys"][0]]}))),
            "binding-key-not-listed",
            "key-2",
        ),
        (
            "silent",
            Web::default()
                .answering(METADATA, silent(METADATA))
                .with(ISSUER, &json!({"id": ISSUER, "jwks": keys()})),
            "binding-unreachable",
            "did not answer",
        ),
        (
            "broken host",
            Web::default().answering(METADATA, Ok(answer(500, "text/plain", "oh"))),
            "binding-unreachable",
            "500",
        ),
        (
            "keys not there",
            by_metadata(&json!({"issuer": ISSUER, "jwks_uri": KEYS})).answering(KEYS, Ok(not_found())),
            "binding-unreachable",
            "404",
        ),
        (
            "keys are none",
            by_metadata(&json!({"issuer": ISSUER, "jwks_uri": KEYS})).with(KEYS, &json!({"keys": "none"})),
            "binding-document-refused",
            "JWK Set",
        ),
    ] {
        let report = verify_with(web, &good()).await;
        assert_code(&report, code, name);
        let found = check(&report, code).finding.to_string();
        assert!(found.contains(finding), "{name}: {found}");
    }

    // The key of another name in the same set.
    let web = || by_metadata(&json!({"issuer": ISSUER, "jwks": keys()}));
    let report = verify_with(web(), &submitted(ISSUER, "key-1", &json!({}))).await;
    assert_code(&report, "proof-mismatch", "another key");
    let encrypting = |mut set: Value| {
        set["keys"][1]["use"] = "enc".into();
        by_metadata(&json!({"issuer": ISSUER, "jwks": set}))
    };
    assert_code(&verify_with(encrypting(keys()), &good()).await, "binding-key-not-listed", "for encryption");
    let queried = format!("{ISSUER}?a=b");
    let report = verify_with(web(), &submitted(&queried, "key-2", &json!({}))).await;
    assert_code(&report, "binding-document-refused", "query");
}

/// What a certificate says is left unchecked, and never passes for a key of the issuer.
#[tokio::test]
async fn certificates_are_not_supported() {
    let with_header = |issuer: &str, header: Value| {
        let Submission::SdJwt(text) = submitted(issuer, "key-2", &json!({})) else { unreachable!() };
        let (token, disclosed) = text.split_once('~').unwrap();
        let (_, rest) = token.split_once('.').unwrap();
        let header = URL_SAFE_NO_PAD.encode(header.to_string());
        Submission::SdJwt(format!("{header}.{rest}~{disclosed}"))
    };
    let header = json!({"alg": "ES256", "typ": DC_SD_JWT, "x5c": ["MIIB"]});
    let published = || by_metadata(&json!({"issuer": ISSUER, "jwks": keys()}));
    let without = || Web::default().answering(METADATA, Ok(not_found())).answering(ISSUER, Ok(not_found()));
    for (name, web, issuer) in [
        ("published", published(), ISSUER),
        ("not published", without(), ISSUER),
        ("dns", Web::default(), "dns:example.org"),
    ] {
        let report = verify_with(web, &with_header(issuer, header.clone())).await;
        assert_code(&report, "binding-certificates-not-supported", name);
        assert_eq!(report.verdict, Verdict::Undetermined);
        let fault = check(&report, "binding-certificates-not-supported").fault;
        assert_eq!(fault, Some(FaultOwner::Verifier));
    }
    // A name that the issuer's metadata does not list is refused all the same.
    let mut named = header;
    named["kid"] = "key-3".into();
    let report = verify_with(published(), &with_header(ISSUER, named)).await;
    assert_code(&report, "binding-key-not-listed", "named");
}

/// The list of an SD-JWT VC is signed by a key of the same metadata.
#[tokio::test]
async fn a_token_status_list_is_verified_by_the_same_keys() {
    let list = |kid: &str, set: &[usize]| {
        let mut bits = proof::status::BitString::new(0);
        for index in set {
            bits.set(*index, true);
        }
        let claims = json!({
            "sub": LIST, "iat": now().timestamp(), "status_list": {"bits": 1, "lst": bits.encode_token_list()},
        });
        let token = sign_compact(claims.to_string().as_bytes(), &ES256, kid, Some("statuslist+jwt")).unwrap();
        by_metadata(&json!({"issuer": ISSUER, "jwks": keys()}))
            .answering(LIST, Ok(answer(200, "application/statuslist+jwt", token)))
    };
    let listed = || submitted(ISSUER, "key-2", &json!({"status": {"status_list": {"idx": 8, "uri": LIST}}}));
    for (web, code) in [
        (list("key-2", &[7]), "status-clear"),
        (list("key-2", &[8]), "status-revoked"),
        (list("key-1", &[7]), "status-list-refused"),
        (list("key-3", &[7]), "status-list-refused"),
    ] {
        check(&verify_with(web, &listed()).await, code);
    }
}
