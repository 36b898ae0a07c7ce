use proptest::prelude::*;
use serde_json::json;

use super::*;

const ED25519: &str = "z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK";
const P256: &str = "zDnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU2169";

#[test]
fn a_did_key_is_its_own_document() {
    let did = format!("did:key:{ED25519}");
    let document = resolve_key(&did).unwrap();
    let method = document.asserting(&format!("{did}#{ED25519}")).unwrap();
    assert_eq!(method.public_key().unwrap().to_multibase(), ED25519);
    assert_eq!(method.controller, did);
    assert_eq!(document.authentication.len(), 1);
    assert!(resolve_key(&format!("did:key:{P256}")).is_ok());
    for bad in ["did:key:", "did:web:x", &format!("{did}#{ED25519}"), "did:key:zQQ", "did:key:uAA"] {
        assert!(resolve_key(bad).is_err(), "{bad}");
    }
}

/// The other spelling of a did:key: the key as a canonical JWK. The one written
/// out is the example of the European Blockchain Services Infrastructure.
#[test]
fn a_did_key_may_hold_a_jwk() {
    let spelt = |text: &str| {
        let bytes = [&JWK_JCS_PUB[..], text.as_bytes()].concat();
        format!("did:key:z{}", bs58::encode(bytes).into_string())
    };
    for key in [ED25519, P256, "z82LkvCwHNreneWpsgPEbV3gu1C6NFJEBg4srfJ5gdxEsMGRJUz2sG9FE42shbn2xkZJh54"] {
        let key = PublicKey::from_multibase(key).unwrap();
        let did = spelt(&jcs::canonicalise(&key.to_jwk()).unwrap());
        let document = resolve_key(&did).unwrap();
        let fragment = did.strip_prefix("did:key:").unwrap();
        assert_eq!(document.asserting(&format!("{did}#{fragment}")).unwrap().public_key().unwrap(), key);
        assert!(document.asserting(&format!("{did}#0")).is_none());
    }
    let jwk = r#"{"crv":"P-256","kty":"EC","x":"ngy44T1vxAT6Di4nr-UaM9K3Tlnz9pkoksDokKFkmNc","y":"QCRfOKlSM31GTkb4JHx3nXB4G_jSPMsbdjzlkT_UpPc"}"#;
    assert_eq!(
        spelt(jwk),
        "did:key:z2dmzD81cgPx8Vki7JbuuMmFYrWPgYoytykUZ3eyqht1j9KbsEYvdrjxMjQ4tpnje9BDBTzuNDP3knn6qLZErzd4bJ5go2CChoPjd5GAH3zpFJP5fuwSk66U5Pq6EhF4nKnHzDnznEP8fX99nZGgwbAh1o7Gj1X52Tdhf7U4KTk66xsA5r"
    );
    assert!(resolve_key(&spelt(jwk)).is_ok());
    for bad in [
        jwk.replace("\"kty\":\"EC\",", "\"kty\":\"EC\", "),
        jwk.replace("\"y\"", "\"use\":\"sig\",\"y\""),
        jwk.replace('}', ",\"d\":\"AA\"}"),
        jwk.replace("\"crv\":\"P-256\",\"kty\":\"EC\"", "\"kty\":\"EC\",\"crv\":\"P-256\""),
        "{}".to_owned(),
        String::new(),
    ] {
        assert!(resolve_key(&spelt(&bad)).is_err(), "{bad}");
    }
}

#[test]
fn a_did_jwk_is_its_own_document() {
    let jwk = PublicKey::from_multibase(P256).unwrap().to_jwk();
    let did = |jwk: &Value| format!("did:jwk:{}", URL_SAFE_NO_PAD.encode(jwk.to_string()));
    let document = resolve_jwk(&did(&jwk)).unwrap();
    let method = document.asserting(&format!("{}#0", did(&jwk))).unwrap();
    assert_eq!(method.public_key().unwrap().to_multibase(), P256);

    let mut encryption = jwk.clone();
    encryption["use"] = "enc".into();
    assert!(resolve_jwk(&did(&encryption)).unwrap().assertion_method.is_empty());
    let mut private = jwk;
    private["d"] = "AA".into();
    assert!(matches!(resolve_jwk(&did(&private)), Err(DidError::Key { .. })));
    let twice = format!("did:jwk:{}", URL_SAFE_NO_PAD.encode(r#"{"kty":"EC","kty":"EC"}"#));
    assert!(resolve_jwk(&twice).unwrap_err().to_string().contains("twice"));
}

#[test]
fn a_did_web_names_its_document() {
    for (did, url) in [
        ("did:web:badges.example.org", "https://badges.example.org/.well-known/did.json"),
        ("did:web:badges.example.org:issuers:academy", "https://badges.example.org/issuers/academy/did.json"),
        ("did:web:localhost%3A8443", "https://localhost:8443/.well-known/did.json"),
        ("did:web:example.org%3A3000:a%20b", "https://example.org:3000/a%20b/did.json"),
    ] {
        assert_eq!(web_url(did).unwrap(), url);
    }
    for bad in [
        "did:web:",
        "did:web:127.0.0.1",
        "did:web:2130706433",
        "did:web:0x7f.1",
        "did:web:[::1]",
        "did:web:example.org%3A99999",
        "did:web:example.org%3A+443",
        "did:web:%4A",
        "did:web:ex%61mple.org",
        "did:web:example.org%3A8443%3A1",
        "did:web:example.org:..:secret",
        "did:web:example.org:%2e%2e:secret",
        "did:web:example.org:a%2Fb",
        "did:web:example.org::a",
        "did:web:user@example.org",
        "did:web:example.org%2Fother",
        "did:web:example.org/path",
        "did:web:example.org#key",
    ] {
        assert!(web_url(bad).is_err(), "{bad}: {:?}", web_url(bad));
    }
}

fn sample() -> Value {
    json!({
        "@context": ["https://www.w3.org/ns/cid/v1"],
        "id": "did:web:badges.example.org",
        "verificationMethod": [
            {"id": "#key-1", "type": "Multikey", "controller": "did:web:badges.example.org",
             "publicKeyMultibase": ED25519, "revoked": "2026-05-01T10:00:00+01:00"},
            {"id": "did:web:badges.example.org#key-2", "type": "JsonWebKey2020", "controller": "did:web:badges.example.org",
             "publicKeyJwk": {"kty": "RSA", "n": "AQAB", "e": "AQAB"}},
            {"id": "#old", "type": "UnheardOfKey1999", "controller": "did:web:badges.example.org"}
        ],
        "assertionMethod": ["#key-1", "did:web:badges.example.org#key-2",
            {"id": "#key-3", "type": "Ed25519VerificationKey2020", "controller": "did:web:badges.example.org",
             "publicKeyMultibase": ED25519, "expires": "2030-01-01T00:00:00Z"}],
        "authentication": "#key-2"
    })
}

#[test]
fn methods_are_read_by_reference_and_embedded() {
    let document = read(&sample()).unwrap();
    let of = |fragment: &str| format!("did:web:badges.example.org#{fragment}");
    let first = document.asserting(&of("key-1")).unwrap();
    assert_eq!(first.revoked.unwrap().to_rfc3339(), "2026-05-01T09:00:00+00:00");
    assert!(matches!(document.asserting(&of("key-2")).unwrap().key, KeyMaterial::Jwk(_)));
    assert!(document.asserting(&of("key-2")).unwrap().public_key().is_err());
    assert_eq!(
        document.asserting(&of("key-3")).unwrap().expires.unwrap().to_rfc3339(),
        "2030-01-01T00:00:00+00:00"
    );
    assert!(document.method(&of("old")).is_none());
    assert_eq!(document.authentication, [of("key-2")]);
}

#[test]
fn a_method_that_may_not_assert_is_not_found_asserting() {
    let mut document = sample();
    document["assertionMethod"] = json!([]);
    let read = read(&document).unwrap();
    assert!(read.method("did:web:badges.example.org#key-1").is_some());
    assert!(read.asserting("did:web:badges.example.org#key-1").is_none());
}

#[test]
fn bad_documents_name_the_member() {
    let pointer = |change: &dyn Fn(&mut Value)| {
        let mut document = sample();
        change(&mut document);
        match read(&document) {
            Err(DidError::Document { pointer, .. } | DidError::Key { place: pointer, .. }) => pointer,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(pointer(&|it| it["id"] = "badges".into()), "/id");
    assert_eq!(pointer(&|it| it["id"] = Value::Null), "/id");
    let method = "/verificationMethod/0";
    assert_eq!(
        pointer(&|it| it["verificationMethod"][0]["revoked"] = "yesterday".into()),
        format!("{method}/revoked")
    );
    assert_eq!(
        pointer(&|it| it["verificationMethod"][0]["controller"] = json!(1)),
        format!("{method}/controller")
    );
    assert_eq!(
        pointer(&|it| it["verificationMethod"][0]["publicKeyMultibase"] = "z1".into()),
        format!("{method}/publicKeyMultibase")
    );
    assert_eq!(
        pointer(&|it| it["verificationMethod"][0]["secretKeyMultibase"] = "z1".into()),
        format!("{method}/secretKeyMultibase")
    );
    assert_eq!(
        pointer(&|it| it["verificationMethod"][1]["publicKeyJwk"]["d"] = "AA".into()),
        "/verificationMethod/1/publicKeyJwk"
    );
    assert_eq!(
        pointer(&|it| it["verificationMethod"][1]["id"] = "#key-1".into()),
        "/verificationMethod/1/id"
    );
    assert_eq!(
        pointer(&|it| it["assertionMethod"][2]["publicKeyMultibase"] = P256.into()),
        "/assertionMethod/2/publicKeyMultibase"
    );
    assert_eq!(pointer(&|it| it["assertionMethod"][0] = json!(1)), "/assertionMethod/0");
}

#[test]
fn a_key_set_holds_public_keys_only() {
    let key = PublicKey::from_multibase(P256).unwrap().to_jwk();
    assert_eq!(read_jwks(&json!({"keys": [key, {"kty": "RSA"}]})).unwrap().len(), 2);
    assert!(read_jwks(&json!({"keys": [{"kty": "RSA", "d": "AA"}]})).is_err());
    assert!(read_jwks(&json!([])).is_err());
}

proptest! {
    #[test]
    fn no_did_panics_and_urls_stay_on_their_host(did in "did:(web|key|jwk):[a-zA-Z0-9.:%#/@-]{0,40}") {
        let _ = (resolve_key(&did), resolve_jwk(&did));
        if let Ok(url) = web_url(&did) {
            let host = did["did:web:".len()..].split([':', '%']).next().unwrap().to_lowercase();
            let url = Url::parse(&url).unwrap();
            prop_assert_eq!(url.host_str().unwrap(), host);
            prop_assert!(url.username().is_empty() && url.path().ends_with("/did.json"));
        }
    }
}
