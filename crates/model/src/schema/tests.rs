use proptest::prelude::*;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

use super::check::check;
use super::generate::{schema, schemas};
use super::normal::normal;
use super::sample::{Dice, object, spoil};
use super::*;
use crate::clr::{Association, ClrCredential, ClrSubject};
use crate::ob::*;

fn validator(schema: &Value) -> jsonschema::Validator {
    jsonschema::options().should_validate_formats(true).build(schema).unwrap()
}

/// `LANYARD_WRITE_SCHEMAS=1` writes the files; otherwise they must be right.
#[test]
#[expect(clippy::disallowed_methods, reason = "a test is told by the environment to write")]
fn the_files_under_schemas_are_up_to_date() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../schemas");
    let write = std::env::var("LANYARD_WRITE_SCHEMAS").is_ok_and(|flag| flag == "1");
    for (name, schema) in schemas() {
        let path = format!("{folder}/{name}");
        let text = format!("{}\n", serde_json::to_string_pretty(&schema).unwrap());
        if write {
            std::fs::create_dir_all(folder).unwrap();
            std::fs::write(&path, &text).unwrap();
        }
        let kept = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(
            kept == text,
            "schemas/{name} is not what the model says: run the tests of `model` with LANYARD_WRITE_SCHEMAS=1"
        );
        assert!(jsonschema::meta::is_valid(&schema), "{name}");
    }
}

/// The Rust type of every class reads whatever its row allows, and more, and
/// writes it as it was.
#[test]
fn every_type_reads_and_writes_its_class() {
    fn survives<T: Described + DeserializeOwned + Serialize>() {
        for seed in 0..40 {
            let mut made = object(T::class(), &mut Dice::new(seed * 7919), 10, 3);
            made["ours"] = json!({"kept": [1, null]});
            let read: T = serde_json::from_value(made.clone()).unwrap();
            assert_eq!(serde_json::to_value(&read).unwrap(), made, "{}", T::class().name);
        }
    }
    survives::<AchievementCredential>();
    survives::<AchievementSubject>();
    survives::<Achievement>();
    survives::<Address>();
    survives::<Alignment>();
    survives::<Association>();
    survives::<ClrCredential>();
    survives::<ClrSubject>();
    survives::<CredentialSchema>();
    survives::<CredentialStatus>();
    survives::<Criteria>();
    survives::<EndorsementCredential>();
    survives::<EndorsementSubject>();
    survives::<Evidence>();
    survives::<GeoCoordinates>();
    survives::<IdentifierEntry>();
    survives::<IdentityObject>();
    survives::<Image>();
    survives::<Profile>();
    survives::<Proof>();
    survives::<RefreshService>();
    survives::<Related>();
    survives::<ResultDescription>();
    survives::<Result>();
    survives::<RubricCriterionLevel>();
    survives::<TermsOfUse>();
}

fn classes() -> [&'static Class; 4] {
    [AchievementCredential::class(), EndorsementCredential::class(), ClrCredential::class(), Profile::class()]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    /// The check before signing and the published schema are two readings of one table.
    #[test]
    fn the_schema_and_the_check_agree(seed: u64, which in 0_usize..4, thickness in 0_usize..=10) {
        let class = classes()[which];
        let validator = validator(&schema(class));
        let mut dice = Dice::new(seed);
        let mut document = object(class, &mut dice, thickness, 2);
        for spoilings in 0..6 {
            let by_schema: Vec<String> = validator.iter_errors(&document).map(|error| error.to_string()).collect();
            let by_check = check(&document, class, Strictness::Strict);
            // A CLR's nested credentials are looked into by the check alone.
            let nested = by_check.iter().all(|fault| fault.pointer.contains("/verifiableCredential/"));
            let same = by_schema.is_empty() == by_check.is_empty() || (by_schema.is_empty() && nested);
            prop_assert!(same, "after {spoilings}: {by_schema:?} {by_check:?}");
            if spoilings == 0 {
                prop_assert!(by_check.is_empty(), "{by_check:?}");
            }
            spoil(&mut document, &mut dice);
        }
    }

    /// What others write differently is let pass leniently, and means the same.
    #[test]
    fn a_loose_document_means_what_the_strict_one_means(seed: u64, which in 0_usize..4, thickness in 0_usize..=10) {
        let class = classes()[which];
        let mut dice = Dice::new(seed);
        let strict = object(class, &mut dice, thickness, 2);
        let mut loose = strict.clone();
        loosen(&mut loose, &mut dice);
        if which != 2 {
            // A CLR's nested credentials are kept to the letter.
            prop_assert_eq!(check(&loose, class, Strictness::Lenient), []);
            prop_assert_eq!(normal(&loose, class), strict.clone());
        }
        prop_assert_eq!(check(&strict, class, Strictness::Lenient), []);
        prop_assert_eq!(normal(&strict, class), strict);
    }

    /// Whatever passes leniently can be read.
    #[test]
    fn what_passes_leniently_can_be_read(seed: u64, thickness in 0_usize..=10) {
        let mut dice = Dice::new(seed);
        let mut document = object(AchievementCredential::class(), &mut dice, thickness, 2);
        for _ in 0..4 {
            spoil(&mut document, &mut dice);
            if lint_lenient(&document).is_empty() {
                let read = read(&document);
                prop_assert!(read.is_ok(), "{:?} {document}", read.unwrap_err());
            }
        }
    }
}

#[test]
fn context_rules_take_the_published_versions() {
    for url in [
        "https://purl.imsglobal.org/spec/ob/v3p0/context.json",
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json",
        crate::vc::OPEN_BADGES,
    ] {
        assert!(ContextRule::OpenBadges.allows(url), "{url}");
    }
    for url in [
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.json",
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.éjson",
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.jsonx",
        "https://purl.imsglobal.org/spec/ob/v2p0/context.json",
        "https://evil.example.org/context.json",
    ] {
        assert!(!ContextRule::OpenBadges.allows(url), "{url}");
    }
    assert!(ContextRule::Clr.allows(crate::vc::CLR) && !ContextRule::Clr.allows(crate::vc::OPEN_BADGES));
}

/// Writes a document as others write it: lists of one as the one, `type` as a string.
fn loosen(document: &mut Value, dice: &mut Dice) {
    match document {
        Value::Object(members) => {
            for (name, value) in members {
                loosen(value, dice);
                let single = value.as_array().filter(|values| values.len() == 1).cloned();
                if let Some(mut single) = single
                    && name != "@context"
                    && dice.below(2) == 0
                {
                    *value = single.remove(0);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| loosen(item, dice)),
        _ => {}
    }
}
