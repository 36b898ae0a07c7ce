use serde_json::json;

use super::*;
use crate::canon::{Processor, canonical_nquads};
use crate::sample::badge;
use crate::vocab::{self, Vocabulary};

fn check(document: &Value, vocabularies: &[&'static Vocabulary]) -> Result<(), CanonError> {
    Processor::with(vocabularies).to_quads(document).map(drop)
}

/// Where and why the sample badge is refused after a change.
fn refusal(change: impl FnOnce(&mut Value)) -> (String, String) {
    let mut document = badge();
    change(&mut document);
    match check(&document, vocab::ALL) {
        Err(CanonError::Unsafe { pointer, detail }) => (pointer, detail),
        other => panic!("{other:?}"),
    }
}

fn accepted(change: impl FnOnce(&mut Value)) -> String {
    let mut document = badge();
    change(&mut document);
    canonical_nquads(&document).unwrap()
}

#[test]
fn the_sample_badge_is_safe() {
    assert_eq!(check(&badge(), vocab::ALL), Ok(()));
}

#[test]
fn undefined_terms_are_refused_wherever_they_stand() {
    for pointer in [
        "/note",
        "/issuer/note",
        "/credentialSubject/note",
        "/credentialSubject/achievement/note",
        "/credentialSubject/achievement/criteria/note",
        "/credentialSubject/result/0/note",
        "/credentialStatus/note",
    ] {
        let (at, detail) = refusal(|document| {
            let (parent, name) = pointer.rsplit_once('/').unwrap();
            document.pointer_mut(parent).unwrap()[name] = "x".into();
        });
        assert_eq!(at, pointer);
        assert!(detail.contains("`note` is not defined"), "{detail}");
    }
}

#[test]
fn scoped_terms_are_defined_in_their_types_only() {
    // `result` is a term of AchievementSubject, `caption` one of Image.
    assert_eq!(refusal(|it| it["result"] = json!("x")).0, "/result");
    assert_eq!(refusal(|it| it["issuer"]["caption"] = json!("x")).0, "/issuer/caption");
    // A type-scoped context does not reach into the nodes below.
    assert_eq!(
        refusal(|it| it["credentialSubject"]["achievement"]["criteria"]["humanCode"] = json!("x")).0,
        "/credentialSubject/achievement/criteria/humanCode"
    );
    // Nor does it stay when the type is taken away.
    let (at, _) = refusal(|it| {
        it["credentialSubject"]["achievement"].as_object_mut().unwrap().shift_remove("type");
    });
    assert_eq!(at, "/credentialSubject/achievement/achievementType");
    // But the document's own terms do, and a bare reference needs none.
    accepted(|it| it["credentialSubject"]["achievement"]["criteria"]["url"] = json!("https://example.org/"));
    accepted(|it| it["credentialSubject"]["source"] = json!({"id": "https://example.org/university"}));
}

#[test]
fn types_must_be_known_or_absolute() {
    let (at, detail) = refusal(|it| it["type"] = json!(["VerifiableCredential", "BadgeOfOpenness"]));
    assert_eq!(at, "/type");
    assert!(detail.contains("BadgeOfOpenness"));
    assert_eq!(refusal(|it| it["issuer"]["type"] = json!("profile")).0, "/issuer/type");
    assert_eq!(refusal(|it| it["issuer"]["type"] = json!(["_:b0"])).0, "/issuer/type");
    assert_eq!(refusal(|it| it["issuer"]["type"] = json!([])).0, "/issuer/type");
    assert_eq!(refusal(|it| it["issuer"]["@type"] = json!("Profile")).0, "/issuer");
    let nquads = accepted(|it| it["issuer"]["type"] = json!(["Profile", "https://example.org/Trust"]));
    assert!(nquads.contains("<https://example.org/Trust>"));
}

#[test]
fn iris_must_be_absolute_and_well_formed() {
    for (value, reason) in [
        (json!("badge-1"), "relative"),
        (json!("/badges/1"), "relative"),
        (json!("https://example.org/a b"), "well-formed"),
        (json!("https://exa<mple.org/"), "well-formed"),
        (json!("_:b0"), "blank node"),
        (json!("@id"), "keyword"),
        (json!(7), "absolute"),
        (json!(null), "absolute"),
        (json!(["https://example.org/"]), "absolute"),
    ] {
        let (at, detail) = refusal(|it| it["id"] = value.clone());
        assert_eq!(at, "/id", "{value}");
        assert!(detail.contains(reason), "{value}: {detail}");
    }
    let list = "/credentialStatus/statusListCredential";
    for value in [json!("status/1"), json!(1), json!(true)] {
        assert_eq!(refusal(|it| *it.pointer_mut(list).unwrap() = value).0, list);
    }
    assert_eq!(refusal(|it| it["issuer"]["@id"] = json!("https://example.org/")).0, "/issuer");
}

#[test]
fn contexts_are_known_urls_at_the_top() {
    let at = |change: &dyn Fn(&mut Value)| refusal(change).0;
    assert_eq!(at(&|it| it["@context"][1] = json!("https://example.org/context")), "/@context/1");
    assert_eq!(at(&|it| it["@context"][1] = json!({"note": "urn:note"})), "/@context/1");
    assert_eq!(at(&|it| it["@context"] = json!({"note": "urn:note"})), "/@context");
    assert_eq!(at(&|it| it["@context"] = json!([])), "/@context");
    assert_eq!(at(&|it| it["@context"][0] = Value::Null), "/@context/0");
    assert_eq!(at(&|it| it["issuer"]["@context"] = it["@context"].clone()), "/issuer/@context");
    assert_eq!(
        at(&|it| {
            it.as_object_mut().unwrap().shift_remove("@context");
        }),
        "/"
    );
    // 3.0.1 gives `description` a datatype, which credentials/v2 protects from change.
    let old = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json";
    let (pointer, detail) = refusal(|it| it["@context"][1] = old.into());
    assert_eq!(pointer, "/@context/1");
    assert!(detail.contains("protected"), "{detail}");
}

fn endorsement() -> Value {
    json!({
        "@context": badge()["@context"],
        "id": "urn:uuid:00000000-0000-4000-8000-000000000004",
        "type": ["VerifiableCredential", "EndorsementCredential"],
        "issuer": {"id": "https://example.org/body", "type": ["Profile"], "name": "Sample Body"},
        "validFrom": "2026-03-02T09:00:00Z",
        "credentialSubject": {
            "id": "https://badges.example.org/achievements/user-centred-design/1",
            "type": ["EndorsementSubject"],
            "endorsementComment": "Good."
        }
    })
}

#[test]
fn an_embedded_credential_repeats_its_contexts_without_a_change() {
    let places = ["", "/issuer", "/credentialSubject/achievement"];
    for place in places {
        let with = |embedded: Value| {
            accepted(|it| it.pointer_mut(place).unwrap()["endorsement"] = json!([embedded]))
        };
        let mut without = endorsement();
        without.as_object_mut().unwrap().shift_remove("@context");
        assert_eq!(with(endorsement()), with(without), "in `{place}`");
    }
}

#[test]
fn a_nested_context_stands_on_an_embedded_credential_only() {
    let at = |change: &dyn Fn(&mut Value)| {
        refusal(|it| {
            it["endorsement"] = json!([endorsement()]);
            change(it);
        })
    };
    let here = "/endorsement/0/@context";
    for context in [json!("https://www.w3.org/ns/credentials/v2"), json!({"note": "urn:note"}), json!(null)] {
        assert_eq!(at(&|it| it["endorsement"][0]["@context"] = context.clone()).0, here, "{context}");
    }
    assert_eq!(at(&|it| it["endorsement"][0]["@context"] = json!([])).0, here);
    for context in [json!("https://example.org/context"), json!({"note": "urn:note"}), json!(null)] {
        let (place, _) = at(&|it| it["endorsement"][0]["@context"][1] = context.clone());
        assert_eq!(place, "/endorsement/0/@context/1", "{context}");
    }
    for types in [json!(["EndorsementCredential"]), json!("EnvelopedVerifiableCredential")] {
        assert_eq!(at(&|it| it["endorsement"][0]["type"] = types.clone()).0, here, "{types}");
    }
    assert_eq!(
        at(&|it| {
            it["endorsement"][0].as_object_mut().unwrap().shift_remove("type");
        })
        .0,
        here
    );
    // Not where a credential does not belong, whatever its type.
    for place in ["evidence", "credentialSubject", "https://example.org/term"] {
        assert_eq!(
            at(&|it| it[place] = json!([endorsement()])).0,
            format!("/{place}/0/@context")
                .replace("/term/0", "~1term/0")
                .replace("https://example.org", "https:~1~1example.org")
        );
    }
    let inner = "/endorsement/0/credentialSubject/@context";
    assert_eq!(
        at(&|it| *it.pointer_mut("/endorsement/0/credentialSubject").unwrap() =
            json!({"@context": badge()["@context"], "id": "urn:a"}))
        .0,
        inner
    );
}

#[test]
fn a_nested_context_adds_terms_and_redefines_no_protected_one() {
    let v2 = "https://www.w3.org/ns/credentials/v2";
    let badges = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json";
    let extensions = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json";
    let refresh = json!({"id": "https://example.org/refresh", "type": "1EdTechCredentialRefresh"});
    let with = |contexts: Value| {
        let mut document = badge();
        document["endorsement"] = json!([endorsement()]);
        document["endorsement"][0]["@context"] = contexts;
        document["endorsement"][0]["refreshService"] = refresh.clone();
        document
    };
    assert!(check(&with(json!([v2, badges])), vocab::ALL).is_err());
    let known = with(json!([v2, badges, extensions]));
    assert_eq!(check(&known, vocab::ALL), Ok(()));
    // Its terms are those of the embedded credential, not of what stands around it.
    let mut around = known;
    around["refreshService"] = refresh.clone();
    match check(&around, vocab::ALL) {
        Err(CanonError::Unsafe { pointer, .. }) => assert_eq!(pointer, "/refreshService/type"),
        other => panic!("{other:?}"),
    }
    // 3.0.2 gives `image` another meaning, 3.0.1 text a datatype.
    for edition in ["3.0.2", "3.0.1"] {
        let old = format!("https://purl.imsglobal.org/spec/ob/v3p0/context-{edition}.json");
        match check(&with(json!([v2, old])), vocab::ALL) {
            Err(CanonError::Unsafe { pointer, detail }) => {
                assert_eq!(pointer, "/endorsement/0/@context/1");
                assert!(detail.contains("protected"), "{detail}");
            }
            other => panic!("{edition}: {other:?}"),
        }
    }
}

#[test]
fn credentials_of_a_presentation_start_from_nothing_and_are_graphs_of_their_own() {
    let v2 = "https://www.w3.org/ns/credentials/v2";
    let presentation = |credentials: Value| {
        json!({
            "@context": [v2],
            "type": ["VerifiablePresentation"],
            "verifiableCredential": credentials
        })
    };
    let nquads = canonical_nquads(&presentation(json!([badge(), endorsement()]))).unwrap();
    let alone = canonical_nquads(&badge()).unwrap();
    let in_graphs = |nquads: &str| {
        nquads.lines().filter(|line| line.contains("> _:c14n") || line.matches("_:c14n").count() == 3).count()
    };
    assert!(in_graphs(&nquads) > alone.lines().count() / 2);
    let about = |line: &&str| line.starts_with("<https://badges.example.org/v1/credentials/");
    for line in nquads.lines().filter(about) {
        assert!(line.contains(" _:c14n"), "{line} is in the default graph");
    }
    assert_eq!(nquads.lines().filter(about).count(), alone.lines().filter(about).count());

    let mut bare = badge();
    bare.as_object_mut().unwrap().shift_remove("@context");
    match check(&presentation(json!([bare])), vocab::ALL) {
        Err(CanonError::Unsafe { pointer, .. }) => {
            assert!(pointer.starts_with("/verifiableCredential/0"), "{pointer}");
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_presentation_shows_tokens_in_envelopes() {
    let v2 = "https://www.w3.org/ns/credentials/v2";
    let shown = |envelope: Value| json!({"@context": [v2], "type": "VerifiablePresentation", "verifiableCredential": [envelope]});
    let id = "data:application/vc+jwt,eyJhbGciOiJFUzI1NiJ9.e30.AA";
    let envelope = |contexts: Value, kind: Value| json!({"@context": contexts, "id": id, "type": kind});
    let enveloped = || json!("EnvelopedVerifiableCredential");
    let alone = canonical_nquads(&shown(envelope(json!(v2), enveloped()))).unwrap();
    // The URL, and with it every byte of the token, is in the statements, in a graph of its own.
    let said = format!(
        "<{id}> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> \
         <https://www.w3.org/2018/credentials#EnvelopedVerifiableCredential> _:c14n"
    );
    assert!(alone.lines().any(|line| line.starts_with(&said)), "{alone}");
    assert_eq!(canonical_nquads(&shown(envelope(json!([v2]), json!([enveloped()])))).unwrap(), alone);

    let refused = |envelope: Value, at: &str| match check(&shown(envelope), vocab::ALL) {
        Err(CanonError::Unsafe { pointer, .. }) => {
            assert_eq!(pointer, format!("/verifiableCredential/0{at}"));
        }
        other => panic!("{at}: {other:?}"),
    };
    refused(json!({"id": id, "type": enveloped()}), "/id");
    refused(envelope(json!("https://example.org/context"), enveloped()), "/@context");
    refused(envelope(json!({"note": "urn:note"}), enveloped()), "/@context");
    refused(envelope(json!([v2, {"note": "urn:note"}]), enveloped()), "/@context/1");
    // A presentation has no place there, and a credential's own contexts are a list.
    refused(envelope(json!(v2), json!("EnvelopedVerifiablePresentation")), "/@context");
    refused(envelope(json!(v2), json!("VerifiableCredential")), "/@context");
    let mut more = envelope(json!(v2), enveloped());
    more["issuer"] = "did:example:somebody".into();
    refused(more, "/issuer");
    let mut token = envelope(json!(v2), enveloped());
    token["id"] = "data:application/vc+jwt,a b".into();
    refused(token, "/id");
}

#[test]
fn what_would_be_dropped_is_refused() {
    let at = |change: &dyn Fn(&mut Value)| refusal(change).0;
    assert_eq!(at(&|it| it["name"] = Value::Null), "/name");
    assert_eq!(at(&|it| it["evidence"] = json!([null])), "/evidence/0");
    assert_eq!(
        at(&|it| it["credentialSubject"]["achievement"]["tag"] = json!(["a", ["b"]])),
        "/credentialSubject/achievement/tag/1"
    );
    for keyword in
        ["@foo", "@graph", "@reverse", "@included", "@index", "@nest", "@list", "@set", "@language", ""]
    {
        assert_eq!(at(&|it| it["issuer"][keyword] = json!("x")), format!("/issuer/{keyword}"));
    }
    assert_eq!(at(&|it| it["@value"] = json!("x")), "/@value");
    assert_eq!(at(&|it| it["proof"] = json!("https://example.org/proof")), "/proof");
    assert_eq!(at(&|it| it["proof"] = json!({"id": "urn:uuid:1"})), "/proof");
    let alone = json!({"@context": badge()["@context"], "id": "https://example.org/", "evidence": []});
    assert!(check(&alone, vocab::ALL).is_err());
    assert!(check(&json!([badge()]), vocab::ALL).is_err());
}

#[test]
fn numbers_are_written_alike_by_everybody_or_refused() {
    let credits = |value: Value| move |it: &mut Value| it["credentialSubject"]["creditsEarned"] = value;
    for value in [
        json!(0.1 + 0.2),
        json!(9_007_199_254_740_992_i64),
        json!(1e20),
        json!(1.000_000_000_000_000_2),
        json!(1e-7),
        json!(-5e-300),
    ] {
        assert_eq!(refusal(credits(value)).0, "/credentialSubject/creditsEarned");
    }
    for (value, written) in [
        (json!(6.5), "\"6.5E0\""),
        (json!(3), "\"3\""),
        (json!(3.0), "\"3\""),
        (json!(-0.0), "\"0\""),
        (json!(0.25), "\"2.5E-1\""),
        (json!(1234.5), "\"1.2345E3\""),
        (json!(1.5e-7), "\"1.5E-7\""),
        (json!(1e-6), "\"1.0E-6\""),
        (json!(9_007_199_254_740_991_i64), "\"9007199254740991\""),
    ] {
        let nquads = accepted(credits(value.clone()));
        let expected = format!("{written}^^<https://www.w3.org/2001/XMLSchema#float>");
        assert!(nquads.contains(&expected), "{value}: expected {expected} in {nquads}");
    }
}

#[test]
fn value_objects_carry_a_language_or_a_datatype() {
    let nquads = accepted(|it| it["name"] = json!({"@value": "Dylunio", "@language": "cy-GB"}));
    assert!(nquads.contains("\"Dylunio\"@cy-gb ."), "{nquads}");
    let nquads = accepted(|it| it["name"] = json!([{"@value": "5", "@type": "https://example.org/number"}]));
    assert!(nquads.contains("\"5\"^^<https://example.org/number>"));
    for (value, at) in [
        (json!({"@value": null}), "/name/@value"),
        (json!({"@value": "x", "@language": "not a tag"}), "/name/@language"),
        (json!({"@value": 1, "@language": "en"}), "/name"),
        (json!({"@value": "x", "@direction": "rtl"}), "/name/@direction"),
        (json!({"@value": "x", "@index": "1"}), "/name/@index"),
        (json!({"@value": "x", "@type": "number"}), "/name/@type"),
        (json!({"@value": "x", "name": "y"}), "/name/name"),
        (json!({"@value": -0.0, "@type": "http://www.w3.org/2001/XMLSchema#double"}), "/name"),
        (json!({"@value": "6.5", "@type": "http://www.w3.org/2001/XMLSchema#double"}), "/name"),
    ] {
        assert_eq!(refusal(|it| it["name"] = value.clone()).0, at, "{value}");
    }
}

#[test]
fn the_pointer_is_escaped() {
    assert_eq!(refusal(|it| it["a/b~c"] = json!(1)).0, "/a~1b~0c");
}

#[test]
fn purposes_are_terms_of_their_property() {
    let proof = |purpose: &str| {
        json!({
            "@context": badge()["@context"],
            "type": "DataIntegrityProof",
            "cryptosuite": "eddsa-rdfc-2022",
            "proofPurpose": purpose
        })
    };
    assert!(
        canonical_nquads(&proof("assertionMethod"))
            .unwrap()
            .contains("<https://w3id.org/security#assertionMethod>")
    );
    assert!(check(&proof("assertion"), vocab::ALL).is_err());
    // The terms of the property's own context are not those of the document.
    let mut elsewhere = proof("assertionMethod");
    elsewhere["assertionMethod"] = json!("https://example.org/key");
    assert!(check(&elsewhere, vocab::ALL).is_err());
}

#[test]
fn an_embedded_proof_is_a_graph_of_its_own() {
    let nquads = accepted(|it| {
        it["proof"] = json!({"type": "DataIntegrityProof", "cryptosuite": "eddsa-rdfc-2022"});
    });
    let line = nquads.lines().find(|line| line.contains("#cryptosuite>")).unwrap();
    assert_eq!(line.matches("_:c14n").count(), 2, "{line}");
}

/// The scoped contexts of the first edition write `xsd:` as its outermost
/// context defines it, and those of the 2019 signatures define it otherwise.
#[test]
fn a_prefix_means_what_the_context_written_with_it_intends() {
    let node = |types: Value| {
        json!({
            "@context": [
                "https://www.w3.org/2018/credentials/v1",
                "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json"
            ],
            "type": types,
            "value": "merit"
        })
    };
    assert_eq!(check(&node(json!(["Result"])), vocab::ALL), Ok(()));
    match check(&node(json!(["Result", "Ed25519Signature2018"])), vocab::ALL) {
        Err(CanonError::Unsafe { pointer, detail }) => {
            assert_eq!(pointer, "/type");
            assert!(detail.contains("its prefix `xsd:`"), "{detail}");
        }
        other => panic!("{other:?}"),
    }
}
