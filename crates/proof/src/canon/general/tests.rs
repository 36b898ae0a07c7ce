use serde_json::{Value, json};

use super::super::tests::general_statements;
use crate::canon::{CanonError, Processor};
use crate::sample::badge;

const V2: &str = "https://www.w3.org/ns/credentials/v2";
const V1: &str = "https://www.w3.org/2018/credentials/v1";

fn canonical(document: &Value) -> Result<String, CanonError> {
    Processor::general().canonical_nquads(document)
}

/// A credential of an inline context.
fn licence() -> Value {
    json!({
        "@context": [V2, {
            "@protected": true,
            "ex": "https://example.org/terms#",
            "DriverLicence": {"@id": "ex:DriverLicence", "@context": {
                "@protected": true,
                "id": "@id",
                "type": "@type",
                "category": {"@id": "ex:category", "@container": "@set"},
                "issued": {"@id": "ex:issued", "@type": "http://www.w3.org/2001/XMLSchema#date"},
                "route": {"@id": "ex:route", "@container": "@list"},
                "motto": {"@id": "ex:motto", "@container": "@language"},
                "rules": {"@id": "ex:rules", "@type": "@json"}
            }},
            "licence": {"@id": "ex:licence", "@type": "@id"}
        }],
        "id": "urn:uuid:00000000-0000-4000-8000-000000000011",
        "type": ["VerifiableCredential", "ex:LicenceCredential"],
        "issuer": "did:example:issuer",
        "validFrom": "2026-03-01T09:00:00Z",
        "credentialSubject": {
            "id": "did:example:holder",
            "licence": {
                "type": "DriverLicence",
                "category": ["A", "B"],
                "issued": "2026-01-02",
                "route": ["north", {"id": "https://example.org/south"}, 3],
                "motto": {"en": "Forward", "cy": ["Ymlaen", "Hwrê"]},
                "rules": {"b": [1, 2], "a": null}
            }
        }
    })
}

/// Documents that no table reads.
fn strangers() -> Vec<Value> {
    let mut vocab = badge();
    vocab["@context"] = json!([V2, "https://www.w3.org/ns/credentials/examples/v2"]);
    let mut language = licence();
    language["@context"][1]["@language"] = json!("en-GB");
    language["@context"][1]["note"] = json!({"@id": "ex:note", "@language": null});
    language["note"] = json!("without a language");
    language["ex:remark"] = json!("with one");
    let first = json!({
        "@context": [V1, {"@vocab": "https://example.org/v#", "ref": {"@type": "@vocab"}, "Other": "urn:other"}],
        "type": ["VerifiableCredential", "Thing"],
        "issuer": {"id": "did:example:i", "label": {"@value": "x", "@language": "FR"}},
        "issuanceDate": "2020-01-01T00:00:00Z",
        "credentialSubject": {
            "ref": ["Other", "Unlisted", "https://example.org/full"],
            "list": {"@list": [1.5, true, "x"]},
            "set": {"@set": ["y", "z"]},
            "json": {"@value": {"k": [1]}, "@type": "@json"},
            "nested": {"@context": {"inner": "urn:inner"}, "inner": {"inner": "deep"}}
        }
    });
    let mut nothing_below = first.clone();
    nothing_below["@context"][1]["Own"] =
        json!({"@id": "urn:own", "@context": {"only": "urn:only", "@propagate": false}});
    nothing_below["credentialSubject"]["own"] =
        json!({"@type": "Own", "only": {"only": "of the vocabulary here"}});
    let mut presentation = json!({
        "@context": [V2], "type": "VerifiablePresentation", "holder": "did:example:holder",
        "verifiableCredential": [licence(), badge()]
    });
    presentation["verifiableCredential"][0]["proof"] = json!({"type": "DataIntegrityProof", "cryptosuite": "eddsa-rdfc-2022", "proofPurpose": "assertionMethod"});
    vec![licence(), vocab, language, first, nothing_below, presentation]
}

#[test]
fn the_general_library_agrees_on_documents_that_no_table_reads() {
    for document in strangers() {
        let ours = canonical(&document).unwrap_or_else(|error| panic!("{error}\n{document:#}"));
        assert_eq!(ours, general_statements(&document), "{document:#}");
        assert!(crate::canon::canonical_nquads(&document).is_err());
    }
}

/// Nothing can be taken away or changed without the canonical form changing.
#[test]
fn every_part_is_in_the_canonical_form() {
    for document in strangers() {
        let original = canonical(&document).unwrap();
        for place in super::super::tests::places_of(&document) {
            if place.contains("@context") {
                continue;
            }
            let mut changed = document.clone();
            *changed.pointer_mut(&place).unwrap() = json!("https://example.org/changed");
            assert_ne!(canonical(&changed).as_ref(), Ok(&original), "{place} of {document:#}");
            super::super::tests::remove(&mut changed, &place);
            assert_ne!(canonical(&changed).as_ref(), Ok(&original), "without {place} of {document:#}");
        }
    }
}

/// Where and why a changed document is refused.
fn refusal(change: impl FnOnce(&mut Value)) -> (String, String) {
    let mut document = licence();
    change(&mut document);
    match canonical(&document) {
        Err(CanonError::Unsafe { pointer, detail }) => (pointer, detail),
        other => panic!("{other:?}"),
    }
}

type Change = fn(&mut Value);

#[test]
fn what_would_be_dropped_is_refused_with_its_place() {
    let at = "/credentialSubject/licence";
    let cases: [(Change, &str, &str); 14] = [
        (|it| it["note"] = json!("x"), "/note", "`note` is not defined"),
        (
            |it| it["credentialSubject"]["licence"]["note"] = json!("x"),
            "/credentialSubject/licence/note",
            "not defined",
        ),
        (|it| it["credentialSubject"]["category"] = json!("x"), "/credentialSubject/category", "not defined"),
        (|it| it["type"][1] = json!("Unheard"), "/type", "`Unheard` is not defined"),
        (|it| it["id"] = json!("relative"), "/id", "relative IRI"),
        (|it| it["credentialSubject"]["licence"] = json!("also/relative"), at, "relative IRI"),
        (|it| it["issuer"] = json!("did:example:a b"), "/issuer", "not a well-formed IRI"),
        (|it| it["issuer"] = json!("_:b0"), "/issuer", "blank node label"),
        (|it| it["issuer"] = Value::Null, "/issuer", "null would be dropped"),
        (|it| it["@reverse"] = json!({}), "/@reverse", "`@reverse` is not accepted"),
        (|it| it["@index"] = json!("x"), "/@index", "`@index` is not accepted"),
        (
            |it| it["credentialSubject"]["licence"]["motto"]["en-"] = json!("x"),
            "/credentialSubject/licence/motto/en-",
            "language tag",
        ),
        (|it| it["ex:x"] = json!({"@value": "x", "@direction": "rtl"}), "/ex:x/@direction", "direction"),
        (|it| it["ex:x"] = json!(9_007_199_254_740_993_i64), "/ex:x", "not written alike"),
    ];
    for (change, place, why) in cases {
        let (pointer, detail) = refusal(change);
        assert_eq!(pointer, place, "{detail}");
        assert!(detail.contains(why), "{place}: {detail}");
    }
}

#[test]
fn contexts_are_refused_with_the_place_of_the_fault() {
    let at = |rest: &str| format!("/@context/1/{rest}");
    for (name, value, why) in [
        ("type", json!("urn:type"), "redefines the protected term `type`"),
        ("loop", json!("loop:x"), "defined by itself"),
        ("a", json!({"@id": "ex:a", "@container": "@index"}), "only @set"),
        ("a", json!({"@id": "ex:a", "@nest": "b"}), "not accepted in a term's definition"),
        ("a", json!({"@reverse": "ex:a"}), "`@vocab`"),
        ("a", json!({"@id": "relative"}), "relative IRI"),
        ("a", json!({"@id": "ex:a", "@type": "unknown"}), "relative IRI"),
        ("https://example.org/x", json!("https://example.org/y"), "defined as another"),
        ("a", json!(5), "an IRI, an object or null"),
        ("@id", json!("ex:a"), "not accepted in a context"),
        ("@unheard", json!("ex:a"), "not accepted in a context"),
        ("@import", json!("https://example.org/"), "not accepted in a context"),
        ("@base", json!("https://example.org/"), "base IRI"),
        ("@vocab", json!("relative/"), "relative IRI"),
        ("@version", json!(1.0), "1.1"),
    ] {
        let (pointer, detail) = refusal(|it| it["@context"][1][name] = value.clone());
        let escaped = name.replace('/', "~1");
        assert!(pointer.starts_with(&at(&escaped)), "{pointer} for {name}: {detail}");
        assert!(detail.contains(why), "{name}: {detail}");
    }
    let (pointer, detail) = refusal(|it| it["@context"][0] = json!("https://example.org/unheard"));
    assert_eq!(pointer, "/@context/0");
    assert!(detail.contains("not a context whose content is known"));
    let (pointer, detail) = refusal(|it| it["@context"][1]["issuer"] = json!("https://example.org/other"));
    assert_eq!(pointer, "/type");
    assert!(detail.contains("/issuer: redefines the protected term `issuer`"), "{detail}");
    let (pointer, _) = refusal(|it| it["@context"][1] = Value::Null);
    assert_eq!(pointer, "/@context/1");
    let (pointer, _) = refusal(|it| it["credentialSubject"]["@context"] = json!({"id": "urn:x"}));
    assert_eq!(pointer, "/credentialSubject/@context/id");
}

/// A small text must not ask for much work.
#[test]
fn scoped_contexts_that_are_read_again_and_again_are_bounded() {
    let mut document = licence();
    for number in 0..2_000 {
        document["@context"][1]["p"]["@context"][format!("t{number}")] = json!("urn:t");
    }
    document["@context"][1]["p"]["@id"] = json!("urn:p");
    document["p"] = Value::Array(vec![json!({"t1": "x"}); 2_000]);
    assert!(
        matches!(canonical(&document), Err(CanonError::Unsafe { detail, .. }) if detail.contains("200000"))
    );
}
