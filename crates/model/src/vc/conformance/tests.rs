use serde_json::{Value, json};

use super::*;

fn credential() -> Value {
    json!({
        "@context": [CREDENTIALS_V2, "https://www.w3.org/ns/credentials/examples/v2"],
        "id": "urn:uuid:00000000-0000-4000-8000-000000000001",
        "type": ["VerifiableCredential", "ExampleTestCredential"],
        "issuer": {"id": "did:example:issuer", "name": "Sample Academy"},
        "validFrom": "2026-01-01T00:00:00Z",
        "credentialSubject": {"id": "did:example:holder", "claim": "x"}
    })
}

fn presentation() -> Value {
    json!({
        "@context": [CREDENTIALS_V2],
        "type": ["VerifiablePresentation"],
        "holder": "did:example:holder",
        "verifiableCredential": [credential()]
    })
}

/// With `value` at `pointer`; without it if it is null.
fn with(mut document: Value, pointer: &str, value: &Value) -> Value {
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    match document.pointer_mut(parent).unwrap() {
        Value::Object(members) if value == &json!("(gone)") => drop(members.shift_remove(name)),
        Value::Object(members) => drop(members.insert(name.to_owned(), value.clone())),
        Value::Array(items) => items[name.parse::<usize>().unwrap()] = value.clone(),
        _ => panic!("{pointer}"),
    }
    document
}

/// The negative statements of the VC Data Model 2.0, one row each: where a value
/// stands, the value, and where the fault is named.
#[test]
fn what_a_credential_must_not_be() {
    let gone = json!("(gone)");
    for (pointer, value, at) in [
        // 4.3 Contexts
        ("/@context", gone.clone(), "/@context"),
        ("/@context", json!({}), "/@context"),
        ("/@context", json!([]), "/@context/0"),
        ("/@context/0", json!("https://www.w3.org/ns/credentials/examples/v2"), "/@context/0"),
        ("/@context/1", json!("not a url"), "/@context/1"),
        ("/@context/1", json!(7), "/@context/1"),
        ("/@context/1", Value::Null, "/@context/1"),
        // 4.4 Identifiers
        ("/id", json!("not-a-url"), "/id"),
        ("/id", json!(["did:example:a", "did:example:b"]), "/id"),
        ("/id", Value::Null, "/id"),
        ("/credentialSubject/id", json!("x y"), "/credentialSubject/id"),
        ("/credentialSubject/id", json!(["did:example:a", "did:example:b"]), "/credentialSubject/id"),
        // 4.5 Types
        ("/type", gone.clone(), "/type"),
        ("/type", json!([]), "/type"),
        ("/type", json!(["ExampleTestCredential"]), "/type"),
        ("/type", json!(["VerifiableCredential", 5]), "/type"),
        // 4.6 Names and descriptions
        ("/name", json!(5), "/name"),
        ("/name", json!({"@language": "en"}), "/name"),
        ("/name", json!({"@value": "x", "@language": "en", "more": "y"}), "/name"),
        ("/name", json!({"@value": 4, "@language": "en"}), "/name"),
        ("/name", json!({"@value": "x", "@direction": "up"}), "/name"),
        ("/description", json!(["x", {"@value": true}]), "/description/1"),
        ("/issuer/name", json!({"x": "y"}), "/issuer/name"),
        ("/issuer/description", json!(true), "/issuer/description"),
        // 4.7 Issuer
        ("/issuer", gone.clone(), "/issuer"),
        ("/issuer", Value::Null, "/issuer"),
        ("/issuer", json!("not-a-url"), "/issuer"),
        ("/issuer", json!(["did:example:a"]), "/issuer"),
        ("/issuer/id", gone.clone(), "/issuer/id"),
        ("/issuer/id", Value::Null, "/issuer/id"),
        ("/issuer/id", json!("nope"), "/issuer/id"),
        // 4.8 Credential subject
        ("/credentialSubject", gone.clone(), "/credentialSubject"),
        ("/credentialSubject", json!([]), "/credentialSubject"),
        ("/credentialSubject", json!({}), "/credentialSubject"),
        ("/credentialSubject", json!("did:example:a"), "/credentialSubject"),
        ("/credentialSubject", json!([{"claim": "x"}, {}]), "/credentialSubject/1"),
        // 4.9 Validity period
        ("/validFrom", json!("2026-01-01"), "/validFrom"),
        ("/validFrom", json!("2026-01-01T00:00:00"), "/validFrom"),
        ("/validFrom", json!("2026-01-01 00:00:00Z"), "/validFrom"),
        ("/validFrom", json!("2026-13-01T00:00:00Z"), "/validFrom"),
        ("/validFrom", json!(1_767_225_600), "/validFrom"),
        ("/validUntil", json!("tomorrow"), "/validUntil"),
        ("/validUntil", json!("2025-12-31T23:59:59Z"), "/validUntil"),
        // 4.10 Status
        ("/credentialStatus", json!({"id": "https://example.org/status#1"}), "/credentialStatus/type"),
        ("/credentialStatus", json!({"id": "no url", "type": "X"}), "/credentialStatus/id"),
        ("/credentialStatus", json!("https://example.org/status#1"), "/credentialStatus"),
        ("/credentialStatus", json!([]), "/credentialStatus"),
        // 4.11 Data schemas
        ("/credentialSchema", json!({"id": "https://example.org/schema"}), "/credentialSchema/type"),
        ("/credentialSchema", json!({"type": "JsonSchema"}), "/credentialSchema/id"),
        ("/credentialSchema", json!([{"type": "JsonSchema", "id": "x"}]), "/credentialSchema/0/id"),
        // 4.12 Securing mechanisms
        ("/proof", json!({"created": "2026-01-01T00:00:00Z"}), "/proof/type"),
        // 5.3 Integrity of related resources
        ("/relatedResource", json!({"digestSRI": "sha384-x"}), "/relatedResource/id"),
        ("/relatedResource", json!({"id": "https://example.org/r"}), "/relatedResource"),
        (
            "/relatedResource",
            json!([{"id": "https://example.org/r", "digestSRI": "x"}, {"id": "https://example.org/r", "digestSRI": "x"}]),
            "/relatedResource/1/id",
        ),
        // 5.4 Refreshing, 5.5 Terms of use, 5.6 Evidence
        ("/refreshService", json!({"id": "https://example.org/refresh"}), "/refreshService/type"),
        ("/refreshService", json!({"type": "X", "id": "no url"}), "/refreshService/id"),
        ("/termsOfUse", json!({"id": "https://example.org/terms"}), "/termsOfUse/type"),
        ("/termsOfUse", json!([{"type": "X"}, {"prohibited": true}]), "/termsOfUse/1/type"),
        ("/evidence", json!([{"id": "https://example.org/evidence"}]), "/evidence/0/type"),
        ("/evidence", json!("text"), "/evidence"),
    ] {
        let faults = credential_faults(&with(credential(), pointer, &value));
        let places: Vec<&str> = faults.iter().map(|fault| fault.pointer.as_str()).collect();
        assert_eq!(places, [at], "{pointer} as {value}: {faults:?}");
        let shown = with(presentation(), "/verifiableCredential/0", &with(credential(), pointer, &value));
        let inside = presentation_faults(&shown);
        assert_eq!(inside.first().unwrap().pointer, format!("/verifiableCredential/0{at}"));
    }
    assert_eq!(credential_faults(&json!("text")).len(), 1);
}

#[test]
fn what_a_credential_may_be() {
    for (pointer, value) in [
        ("/id", json!("(gone)")),
        ("/type", json!("VerifiableCredential")),
        ("/@context/1", json!({"claim": "https://example.org/claim"})),
        ("/issuer", json!("https://example.org/issuers/1")),
        (
            "/name",
            json!([{"@value": "Enw", "@language": "cy"}, {"@value": "x", "@language": "ar", "@direction": "rtl"}]),
        ),
        ("/validFrom", json!("(gone)")),
        ("/validFrom", json!("2026-01-01T00:00:00.123+01:00")),
        ("/credentialSubject", json!([{"claim": "x"}, {"id": "urn:x:y"}])),
        ("/credentialStatus", json!({"type": "BitstringStatusListEntry"})),
        ("/credentialSchema", json!([{"type": "JsonSchema", "id": "https://example.org/s"}])),
        ("/relatedResource", json!([{"id": "https://example.org/r", "digestMultibase": "uEi"}])),
        ("/refreshService", json!({"type": "X"})),
        ("/evidence", json!([{"type": ["Evidence"]}])),
        ("/proof", json!([{"type": "DataIntegrityProof"}])),
    ] {
        let faults = credential_faults(&with(credential(), pointer, &value));
        assert!(faults.is_empty(), "{pointer} as {value}: {faults:?}");
    }
}

#[test]
fn version_1_1_says_when_it_was_issued() {
    let mut first = with(credential(), "/@context/0", &json!(CREDENTIALS_V1));
    first.as_object_mut().unwrap().shift_remove("validFrom");
    assert_eq!(credential_faults(&first)[0].pointer, "/issuanceDate");
    first["issuanceDate"] = "2026-01-01T00:00:00Z".into();
    assert!(credential_faults(&first).is_empty());
    first["refreshService"] = json!({"type": "X"});
    assert_eq!(credential_faults(&first)[0].pointer, "/refreshService/id");
}

#[test]
fn what_a_presentation_must_not_be() {
    let gone = json!("(gone)");
    for (pointer, value, at) in [
        ("/@context", gone.clone(), "/@context"),
        ("/type", gone, "/type"),
        ("/type", json!(["Other"]), "/type"),
        ("/id", json!("not a url"), "/id"),
        ("/holder", json!("not a url"), "/holder"),
        ("/holder", json!({"name": "x"}), "/holder/id"),
        ("/verifiableCredential/0", json!("eyJ.e30.x"), "/verifiableCredential/0"),
        (
            "/verifiableCredential/0",
            json!({"type": "EnvelopedVerifiableCredential", "id": "x"}),
            "/verifiableCredential/0/id",
        ),
        ("/termsOfUse", json!({}), "/termsOfUse/type"),
        ("/proof", json!({}), "/proof/type"),
    ] {
        let faults = presentation_faults(&with(presentation(), pointer, &value));
        let places: Vec<&str> = faults.iter().map(|fault| fault.pointer.as_str()).collect();
        assert_eq!(places, [at], "{pointer} as {value}: {faults:?}");
    }
    for (pointer, value) in [
        ("/holder", json!({"id": "did:example:a"})),
        ("/verifiableCredential", json!("(gone)")),
        (
            "/verifiableCredential/0",
            json!({"type": "EnvelopedVerifiableCredential", "id": "data:application/vc+jwt,eyJ"}),
        ),
    ] {
        assert!(presentation_faults(&with(presentation(), pointer, &value)).is_empty(), "{pointer}");
    }
}
