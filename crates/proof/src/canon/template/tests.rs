use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::json;

use super::super::{CanonError, Hash, Processor};
use super::*;
use crate::sample::badge;

/// Texts that something could take for what they are not.
const HOSTILE: [&str; 22] = [
    "",
    "id",
    "@type",
    "name",
    "Achievement",
    "_:b0",
    "_:c14n0",
    "xsd:string",
    "obi:thing",
    "cred:issuer",
    "https:relative",
    "urn:example:fine",
    "did:web:badges.example.org",
    "not an IRI",
    "https://example.org/\u{202e}gpj.exe",
    "https://example.org/<>",
    "ext:Kind",
    "\" .\n_:c14n0 <p> \"",
    "back\\slash\ttab\u{0}nul\u{7f}",
    "سلمى \u{202e}evil\u{202c}",
    "2026-03-01T09:00:00Z",
    "😀",
];

fn digest(processor: &Processor, document: &Value) -> Result<Vec<u8>, CanonError> {
    processor.digest(Subject::whole(document)?, Hash::Sha256)
}

/// Pointers of all texts but those of contexts.
fn texts(value: &Value, at: &str, found: &mut Vec<String>) {
    match value {
        Value::String(_) => found.push(at.to_owned()),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, item)| texts(item, &format!("{at}/{index}"), found));
        }
        Value::Object(members) => members
            .iter()
            .filter(|(name, _)| *name != "@context")
            .for_each(|(name, member)| texts(member, &format!("{at}/{name}"), found)),
        _ => {}
    }
}

fn changed(changes: &[(Index, String)]) -> Value {
    let mut document = badge();
    let mut pointers = Vec::new();
    texts(&document, "", &mut pointers);
    for (index, text) in changes {
        *document.pointer_mut(index.get::<String>(&pointers)).unwrap() = text.as_str().into();
    }
    document
}

fn changes(most: usize) -> impl Strategy<Value = Vec<(Index, String)>> {
    let text = prop_oneof![
        3 => "(https://example\\.org/|urn:example:)[a-z0-9/#é]{1,12}",
        2 => prop::sample::select(&HOSTILE[..]).prop_map(str::to_owned),
        1 => any::<String>(),
    ];
    prop::collection::vec((any::<Index>(), text), 0..most)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn a_processor_that_remembers_says_what_another_says(kinds in prop::collection::vec(changes(12), 3..8)) {
        let remembering = Processor::known().remembering(1_000);
        for changes in &kinds {
            let document = changed(changes);
            prop_assert_eq!(digest(&remembering, &document), digest(Processor::known(), &document));
        }
        // By the time they come again, what they have in common is known.
        for changes in &kinds {
            let document = changed(changes);
            prop_assert_eq!(remembering.canonicalises(&document), Processor::known().canonicalises(&document));
            prop_assert_eq!(digest(&remembering, &document), digest(Processor::known(), &document));
        }
    }
}

/// Whether a template answered.
fn fits(processor: &Processor, document: &Value) -> bool {
    let templates = processor.templates.as_ref().unwrap();
    templates.digest(Subject::whole(document).unwrap()).is_some()
}

fn award(number: usize) -> Value {
    let mut document = badge();
    document["id"] = format!("urn:example:{number}").into();
    document["validFrom"] = format!("2026-03-01T09:00:{:02}Z", number % 60).into();
    document["credentialSubject"]["identifier"][0]["identityHash"] = format!("Person {number}").into();
    document["credentialStatus"]["statusListIndex"] = format!("{}", number * 7).into();
    document
}

#[test]
fn the_third_award_is_made_by_template() {
    let processor = Processor::known().remembering(2);
    for number in 0..300 {
        let document = award(number);
        assert_eq!(fits(&processor, &document), number >= 2, "{number}");
        assert_eq!(digest(&processor, &document), digest(Processor::known(), &document));
    }
}

#[test]
fn what_differs_in_more_than_texts_goes_the_general_way() {
    let processor = Processor::known().remembering(2);
    for number in 0..3 {
        digest(&processor, &award(number)).unwrap();
    }
    let changes: [fn(&mut Value); 9] = [
        |it| it["credentialSubject"]["creditsEarned"] = json!(7.5),
        |it| it["credentialSubject"]["creditsEarned"] = json!("6.5"),
        |it| it["name"] = json!("Another name"),
        |it| it["type"][1] = json!("AchievementCredential"),
        |it| it["validUntil"] = json!("2030-01-01T00:00:00Z"),
        |it| it["credentialSubject"]["identifier"][0]["identityHash"] = json!({"@value": "Person 1"}),
        |it| it["id"] = json!("_:b0"),
        |it| it["id"] = json!("obi:thing"),
        |it| it["@context"][1] = json!("https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json"),
    ];
    for (number, change) in changes.iter().enumerate() {
        let mut document = award(9);
        change(&mut document);
        assert!(!fits(&processor, &document), "{number}");
        assert_eq!(digest(&processor, &document), digest(Processor::known(), &document), "{number}");
    }
}

#[test]
fn blank_nodes_that_become_alike_go_the_general_way() {
    let identified = |names: [&str; 2]| {
        let mut document = badge();
        document["credentialSubject"]["identifier"] = names
            .map(|name| json!({"type": "IdentityObject", "hashed": false, "identityHash": name, "identityType": "name"}))
            .to_vec()
            .into();
        document
    };
    let processor = Processor::known().remembering(2);
    for names in [["One", "Two"], ["Three", "Four"]] {
        digest(&processor, &identified(names)).unwrap();
    }
    assert!(fits(&processor, &identified(["Five", "Six"])));
    let alike = identified(["Seven", "Seven"]);
    assert!(!fits(&processor, &alike));
    assert_eq!(digest(&processor, &alike), digest(Processor::known(), &alike));
}

#[test]
fn a_line_that_belongs_among_those_that_never_change_is_put_there() {
    let processor = Processor::known().remembering(2);
    for number in 0..3 {
        digest(&processor, &award(number)).unwrap();
    }
    // Before, amid and after the achievement's lines and the issuer's.
    for id in ["a:b", "did:web:badges.example.org:x", "https://badges.example.org/achievements/z", "z:z"] {
        let mut document = award(4);
        document["id"] = id.into();
        assert!(fits(&processor, &document), "{id}");
        assert_eq!(digest(&processor, &document), digest(Processor::known(), &document), "{id}");
    }
}

#[test]
fn no_more_kinds_are_kept_than_asked_for() {
    let processor = Processor::known().remembering(2);
    let of = |achievement: usize, number: usize| {
        let mut document = award(number);
        document["credentialSubject"]["achievement"]["id"] = format!("urn:example:a{achievement}").into();
        document
    };
    for achievement in 0..3 {
        (0..3).for_each(|number| drop(digest(&processor, &of(achievement, number)).unwrap()));
    }
    assert!(!fits(&processor, &of(0, 5)));
    assert!(fits(&processor, &of(1, 5)) && fits(&processor, &of(2, 5)));
}
