use oxjsonld::{JsonLdParser, JsonLdRemoteDocument};
use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::context;
use crate::sample::badge;

/// Every place in a document, depth first.
fn places(value: &Value, at: &str, found: &mut Vec<String>) {
    let children: Vec<(String, &Value)> = match value {
        Value::Object(members) => members.iter().map(|(name, child)| (name.clone(), child)).collect(),
        Value::Array(items) => {
            items.iter().enumerate().map(|(index, child)| (index.to_string(), child)).collect()
        }
        _ => Vec::new(),
    };
    for (name, child) in children {
        let place = format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"));
        places(child, &place, found);
        found.push(place);
    }
}

/// [`places`] of a whole document.
pub(super) fn places_of(document: &Value) -> Vec<String> {
    let mut found = Vec::new();
    places(document, "", &mut found);
    found
}

pub(super) fn remove(document: &mut Value, place: &str) {
    let (parent, name) = place.rsplit_once('/').unwrap();
    match document.pointer_mut(parent).unwrap() {
        Value::Object(members) => drop(members.shift_remove(name)),
        Value::Array(items) => drop(items.remove(name.parse().unwrap())),
        _ => panic!("{place} has no parent"),
    }
}

/// Nothing in the badge can be taken away, replaced or renamed without the
/// canonical form changing: all of it is signed.
#[test]
fn every_part_of_a_badge_is_in_its_canonical_form() {
    let original = canonical_nquads(&badge()).unwrap();
    let mut found = Vec::new();
    places(&badge(), "", &mut found);
    assert!(found.len() > 70, "{}", found.len());
    for place in &found {
        let mut without = badge();
        remove(&mut without, place);
        assert_ne!(canonical_nquads(&without).as_ref(), Ok(&original), "{place} can be removed");

        for replacement in
            [json!("https://example.org/other"), json!(41), json!(true), json!({}), json!(["x", "y"])]
        {
            let mut changed = badge();
            *changed.pointer_mut(place).unwrap() = replacement.clone();
            assert_ne!(
                canonical_nquads(&changed).as_ref(),
                Ok(&original),
                "{place} can become {replacement}"
            );
        }
        let mut renamed = badge();
        let value = renamed.pointer(place).unwrap().clone();
        let (parent, name) = place.rsplit_once('/').unwrap();
        if let Some(Value::Object(members)) = renamed.pointer_mut(parent) {
            members.shift_remove(name);
            members.insert(format!("{name}x"), value);
            assert_ne!(canonical_nquads(&renamed).as_ref(), Ok(&original), "{place} can be renamed");
        }
    }
}

fn lines(document: &Value) -> usize {
    canonical_nquads(document).unwrap().lines().count()
}

#[test]
fn a_version_1_badge_is_read() {
    let document = json!({
        "@context": [
            "https://www.w3.org/2018/credentials/v1",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json",
            "https://w3id.org/security/data-integrity/v2"
        ],
        "id": "urn:uuid:00000000-0000-4000-8000-000000000003",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": "An older badge",
        "issuer": {"id": "https://example.org/issuers/1", "type": "Profile", "name": "Sample University"},
        "issuanceDate": "2024-01-01T00:00:00Z",
        "credentialSubject": {"id": "did:example:learner", "type": "AchievementSubject", "creditsEarned": 2.5},
        "proof": {"type": "DataIntegrityProof", "cryptosuite": "eddsa-rdfc-2022"}
    });
    let nquads = canonical_nquads(&document).unwrap();
    assert!(nquads.contains("\"2.5E0\"^^<https://www.w3.org/2001/XMLSchema#float>"), "{nquads}");
    assert!(nquads.contains("\"2024-01-01T00:00:00Z\"^^<http://www.w3.org/2001/XMLSchema#dateTime>"));
    // That edition's `xsd` is not XML Schema's own namespace: the text keeps a datatype.
    assert!(nquads.contains("\"An older badge\"^^<https://www.w3.org/2001/XMLSchema#string>"));
}

#[test]
fn records_endorsements_and_status_lists_are_read() {
    let v2 = "https://www.w3.org/ns/credentials/v2";
    let badges = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json";
    let record = json!({
        "@context": [v2, "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json", badges],
        "type": ["VerifiableCredential", "ClrCredential"],
        "partial": true,
        "credentialSubject": {
            "type": ["ClrSubject"],
            "association": [{"type": "Association", "associationType": "isPartOf", "sourceId": "urn:a", "targetId": "urn:b"}]
        }
    });
    assert_eq!(lines(&record), 10);
    let endorsement = json!({
        "@context": [v2, badges],
        "type": ["VerifiableCredential", "EndorsementCredential"],
        "credentialSubject": {"id": "urn:a", "type": ["EndorsementSubject"], "endorsementComment": "Good."}
    });
    assert_eq!(lines(&endorsement), 5);
    let status = json!({
        "@context": [v2],
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "credentialSubject": {"id": "urn:a", "type": "BitstringStatusList", "statusPurpose": "revocation", "encodedList": "uH4s"}
    });
    assert_eq!(lines(&status), 6);
    let refresh = json!({
        "@context": [v2, badges, "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"],
        "type": ["VerifiableCredential"],
        "refreshService": {"id": "https://example.org/refresh", "type": "1EdTechCredentialRefresh"}
    });
    assert_eq!(lines(&refresh), 3);
}

/// The statements by the general JSON-LD library.
fn general_dataset(document: &Value) -> oxrdf::Dataset {
    let text = document.to_string();
    let load = |url: &str| {
        let document = general::published::document(url).ok_or("unknown")?.to_string().into_bytes();
        Ok(JsonLdRemoteDocument { document, document_url: url.into() })
    };
    JsonLdParser::new()
        .for_slice(text.as_bytes())
        .with_load_document_callback(move |url, _| load(url))
        .map(|quad| quad.unwrap())
        .collect()
}

/// The canonical form by the general JSON-LD library and its own RDFC-1.0.
fn general(document: &Value) -> String {
    let mut dataset = general_dataset(document);
    dataset.canonicalize(oxrdf::dataset::CanonicalizationAlgorithm::Rdfc10 {
        hash_algorithm: oxrdf::dataset::CanonicalizationHashAlgorithm::Sha256,
    });
    let mut lines: Vec<String> = dataset.iter().map(|quad| format!("{quad} .\n")).collect();
    lines.sort();
    lines.concat()
}

/// The canonical form by the general JSON-LD library and our RDFC-1.0: oxrdf
/// 0.3.5 labels the nodes of two like credentials in graphs of their own
/// otherwise than rdf-canonize does.
pub(super) fn general_statements(document: &Value) -> String {
    let term = |term: oxrdf::TermRef<'_>| match term {
        oxrdf::TermRef::NamedNode(node) => Term::Iri(node.as_str().into()),
        oxrdf::TermRef::BlankNode(node) => Term::Blank(node.as_str().into()),
        oxrdf::TermRef::Literal(literal) => Term::Literal {
            value: literal.value().into(),
            datatype: literal.datatype().as_str().into(),
            language: literal.language().map(Into::into),
        },
    };
    let quads: Vec<Quad> = general_dataset(document)
        .iter()
        .map(|quad| Quad {
            subject: term(quad.subject.into()),
            predicate: quad.predicate.as_str().into(),
            object: term(quad.object),
            graph: match quad.graph_name {
                oxrdf::GraphNameRef::NamedNode(node) => Some(term(node.into())),
                oxrdf::GraphNameRef::BlankNode(node) => Some(term(node.into())),
                oxrdf::GraphNameRef::DefaultGraph => None,
            },
        })
        .collect();
    canonicalise(&quads, Hash::Sha256).unwrap().nquads
}

/// Values of every kind, right and wrong for the places they will stand in.
fn any_value() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(json!("https://example.org/other")),
        Just(json!("plain text\twith \"escapes\" \u{1}")),
        (-9_999..9_999_i32).prop_map(|number| json!(f64::from(number) / 8.0)),
        any::<i32>().prop_map(Value::from),
        any::<bool>().prop_map(Value::from),
        Just(json!({"@value": "testun", "@language": "cy"})),
        Just(json!({"@value": 5, "@type": "https://example.org/type"})),
        Just(json!({"id": "urn:uuid:00000000-0000-4000-8000-000000000009"})),
        Just(json!({"type": "Image", "caption": "x", "id": "https://example.org/i"})),
        Just(json!({"type": ["Profile", "Address"], "name": "n", "url": "https://example.org/"})),
        Just(
            json!({"name": "no type", "narrative": "n", "alignment": [{"type": "Alignment", "targetName": "t"}]})
        ),
        Just(json!({})),
        Just(json!([])),
        Just(json!(["a", "b", "a", 1, {"name": "c"}])),
        Just(json!({"type": "JsonSchema", "jsonSchema": {"b": [1, 2.5, "é"], "a": {}}})),
        Just(
            json!({"type": "DataIntegrityProof", "proofPurpose": "assertionMethod", "created": "2026-01-01T00:00:00Z"})
        ),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Whatever we accept, the general library reads the same way. (Documents
    /// with two scoped types on a node, which it reads wrongly, are not made.)
    #[test]
    fn the_general_library_agrees(
        edits in prop::collection::vec((any::<prop::sample::Index>(), any_value()), 1..4),
        additions in prop::collection::vec((any::<prop::sample::Index>(), 0..8_usize, any_value()), 0..3),
    ) {
        const NAMES: [&str; 8] =
            ["description", "evidence", "endorsement", "image", "credentialSchema", "proof", "awardedDate", "https://example.org/term"];
        let mut document = badge();
        for (place, value) in edits {
            let mut found = Vec::new();
            places(&document, "", &mut found);
            found.retain(|place| !place.starts_with("/@context") && !place.contains("type"));
            *document.pointer_mut(place.get::<String>(&found)).unwrap() = value;
        }
        for (place, name, value) in additions {
            let mut found = vec![String::new()];
            places(&document, "", &mut found);
            let parent = document.pointer_mut(place.get::<String>(&found)).unwrap();
            if let Some(members) = parent.as_object_mut() {
                members.insert(NAMES[name].into(), value);
            }
        }
        let two_scopes = document.to_string().contains(r#"["Profile","Address"]"#);
        if let Ok(ours) = canonical_nquads(&document) {
            prop_assert_eq!(Processor::general().canonical_nquads(&document), Ok(ours.clone()));
            if !two_scopes {
                prop_assert_eq!(ours, general(&document), "{}", document);
            }
        }
    }
}

/// A proof as it stands on a signed credential.
fn proof(number: u32) -> Value {
    json!({
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-rdfc-2022",
        "created": "2026-03-01T09:00:00Z",
        "verificationMethod": format!("did:web:badges.example.org#key-{number}"),
        "proofPurpose": "assertionMethod",
        "proofValue": format!("z{number}")
    })
}

fn signed(number: u32) -> Value {
    let mut document = badge();
    document["id"] = format!("https://badges.example.org/v1/credentials/{number}").into();
    document["proof"] = json!([proof(number)]);
    document
}

fn endorsement(number: u32) -> Value {
    json!({
        "@context": badge()["@context"],
        "type": ["VerifiableCredential", "EndorsementCredential"],
        "issuer": {"id": "https://example.org/body", "type": ["Profile"], "name": "Sample Body"},
        "validFrom": "2026-03-02T09:00:00Z",
        "credentialSubject": {
            "id": "https://badges.example.org/achievements/user-centred-design/1",
            "type": ["EndorsementSubject"],
            "endorsementComment": "Good."
        },
        "proof": proof(number)
    })
}

/// Documents with credentials in them, each with contexts and a proof of its own.
fn nesting() -> Vec<Value> {
    let v2 = "https://www.w3.org/ns/credentials/v2";
    let mut endorsed = signed(1);
    endorsed["endorsement"] = json!([endorsement(2), endorsement(3)]);
    endorsed["issuer"]["endorsement"] = json!([endorsement(4)]);
    endorsed["credentialSubject"]["achievement"]["endorsement"] = json!([endorsement(5)]);
    let badges = &badge()["@context"][1];
    let record = json!({
        "@context": [v2, "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json", badges],
        "id": "https://badges.example.org/records/1",
        "type": ["VerifiableCredential", "ClrCredential"],
        "name": "A record",
        "issuer": {"id": "did:web:badges.example.org", "type": ["Profile"], "name": "Sample Academy"},
        "validFrom": "2026-03-03T09:00:00Z",
        "credentialSubject": {
            "type": ["ClrSubject"],
            "verifiableCredential": [signed(1), endorsed],
            "association": [{
                "type": "Association", "associationType": "isPartOf",
                "sourceId": "https://badges.example.org/a", "targetId": "https://badges.example.org/b"
            }]
        },
        "proof": [proof(6)]
    });
    let presentation = json!({
        "@context": [v2],
        "type": ["VerifiablePresentation"],
        "holder": "did:example:holder",
        "verifiableCredential": [signed(1), endorsed, endorsement(7)],
        "proof": proof(8)
    });
    vec![endorsed, record, presentation]
}

#[test]
fn the_general_library_agrees_on_embedded_credentials() {
    for document in nesting() {
        let ours = canonical_nquads(&document).unwrap();
        assert_eq!(ours, general_statements(&document));
        assert_eq!(Processor::general().canonical_nquads(&document).as_ref(), Ok(&ours));
        assert_eq!(ours, canonicalise(&to_quads(&document).unwrap(), Hash::Sha256).unwrap().nquads);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    /// The same for documents that hold credentials with contexts of their own.
    #[test]
    fn the_general_library_agrees_on_edited_embedded_credentials(
        which in 0..3_usize,
        edits in prop::collection::vec((any::<prop::sample::Index>(), any_value()), 1..3),
        contexts in prop::collection::vec((any::<prop::sample::Index>(), any_contexts()), 0..2),
    ) {
        let mut document = nesting().swap_remove(which);
        let mut found = Vec::new();
        places(&document, "", &mut found);
        let (nested, mut plain): (Vec<String>, Vec<String>) =
            found.into_iter().partition(|place| place.ends_with("/@context"));
        plain.retain(|place| !place.contains("@context") && !place.contains("type"));
        let places = contexts.into_iter().map(|(place, value)| (place.get(&nested), value));
        for (place, value) in places.chain(edits.into_iter().map(|(place, value)| (place.get(&plain), value))) {
            if let Some(changed) = document.pointer_mut(place) {
                *changed = value;
            }
        }
        let two_scopes = document.to_string().contains(r#"["Profile","Address"]"#);
        if let Ok(ours) = canonical_nquads(&document) {
            prop_assert_eq!(Processor::general().canonical_nquads(&document), Ok(ours.clone()));
            if !two_scopes {
                prop_assert_eq!(ours, general_statements(&document), "{}", document);
            }
        }
    }
}

/// Without the Data Integrity context, whose terms oxjsonld 0.2.7 takes for
/// others than the same ones in credentials/v2.
fn any_contexts() -> impl Strategy<Value = Value> {
    let known = context::known().filter(|url| *url != vocab::security::DATA_INTEGRITY_V2.url);
    prop::sample::subsequence(known.collect::<Vec<_>>(), 1..4).prop_map(Value::from)
}

#[test]
fn the_general_library_agrees_on_the_sample() {
    assert_eq!(canonical_nquads(&badge()).unwrap(), general(&badge()));
}

/// A badge with a name of so many bytes, of which so many things are said.
fn repeating(name: usize, tags: usize) -> Value {
    let mut badge = badge();
    let achievement = &mut badge["credentialSubject"]["achievement"];
    achievement["id"] = json!(format!("https://badges.example.org/{}", "a".repeat(name)));
    achievement["tag"] = (0..tags).map(|tag| tag.to_string()).collect();
    badge
}

/// Else a quarter of a megabyte of JSON could come to gigabytes of statements.
#[test]
fn a_name_cannot_be_repeated_without_end() {
    for processor in [Processor::known(), Processor::general()] {
        for (name, tags) in [(100, 5_000), (1_000, 1_000), (50_000, 1)] {
            assert!(processor.canonical_nquads(&repeating(name, tags)).is_ok(), "{name} {tags}");
        }
        for (name, tags) in [(100, 16_000), (1_000, 1_600), (120_000, 14_000)] {
            let refused = processor.canonical_nquads(&repeating(name, tags));
            assert!(matches!(refused, Err(CanonError::TooMuchSaid { .. })), "{name} {tags}");
        }
    }
}

/// A template must not take what the general way refuses.
#[test]
fn a_template_takes_no_long_names() {
    let remembering = Processor::known().remembering(4);
    let digest = |processor: &Processor, name| {
        let document = repeating(name, 120);
        processor.digest(Subject::whole(&document).unwrap(), Hash::Sha256)
    };
    for name in [10, 20, 30, 40, 1_000, 5_000, 20_000, 100_000] {
        assert_eq!(digest(&remembering, name), digest(Processor::known(), name), "{name}");
    }
    assert!(matches!(digest(&remembering, 100_000), Err(CanonError::TooMuchSaid { .. })));
}
