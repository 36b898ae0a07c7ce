//! Our check of a badge against the published schemas of OB 3.0, which stand
//! beside the project and are read in place.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail")]

mod sample;

use jsonschema::{Draft, Validator};
use model::ob::{AchievementCredential, EndorsementCredential, Profile, Strictness, lint, lint_lenient};
use model::schema::{Class, Described, check::check};
use proptest::prelude::*;
use sample::{Dice, object, spoil};
use serde_json::Value;

/// What our check asks beyond the published schemas, by code of the fault.
const BEYOND: [&str; 4] = ["not-iri", "empty", "missing-one-of", "context"];
/// Properties that the published schemas leave open and our table describes.
const OURS: [&str; 5] =
    ["statusPurpose", "statusListIndex", "statusListCredential", "issuanceDate", "expirationDate"];

#[expect(clippy::disallowed_methods, reason = "a test finds its data by the environment")]
fn shared(path: &str) -> Value {
    let folder = std::env::var("LANYARD_SHARED")
        .unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared").to_owned());
    let text = std::fs::read_to_string(format!("{folder}/{path}")).unwrap();
    serde_json::from_str(&text).unwrap()
}

fn published(name: &str) -> Validator {
    jsonschema::options()
        .with_draft(Draft::Draft201909)
        .should_validate_formats(true)
        .build(&shared(&format!("schemas/ob-v3p0-{name}.json")))
        .unwrap()
}

fn agree(validator: &Validator, class: &'static Class, document: &Value) -> Result<(), TestCaseError> {
    let faults = check(document, class, Strictness::Strict);
    let by_schema: Vec<String> = validator.iter_errors(document).map(|error| error.to_string()).collect();
    prop_assert!(by_schema.is_empty() || !faults.is_empty(), "only the schema refuses: {by_schema:?}");
    if by_schema.is_empty() {
        for fault in &faults {
            let issuer_iri = fault.code == "wrong-type" && fault.pointer.ends_with("/issuer");
            let ours = OURS.iter().any(|name| fault.pointer.contains(name));
            prop_assert!(BEYOND.contains(&fault.code) || issuer_iri || ours, "only we refuse: {fault}");
        }
    }
    Ok(())
}

fn compared(name: &str, class: &'static Class) {
    let validator = published(name);
    let seeds = (any::<u64>(), 0_usize..=10, 0_usize..4);
    let config = ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() };
    let mut refused = 0;
    let mut runner = proptest::test_runner::TestRunner::new(config);
    let seen = std::cell::Cell::new(0);
    runner
        .run(&seeds, |(seed, thickness, spoilings)| {
            let mut dice = Dice::new(seed);
            let mut document = object(class, &mut dice, thickness, 3);
            let faults = check(&document, class, Strictness::Strict);
            prop_assert!(faults.is_empty(), "we refuse what the table makes: {}", faults[0]);
            agree(&validator, class, &document)?;
            for _ in 0..spoilings {
                spoil(&mut document, &mut dice);
                seen.set(seen.get() + u32::from(!validator.is_valid(&document)));
                agree(&validator, class, &document)?;
            }
            Ok(())
        })
        .unwrap();
    refused += seen.get();
    assert!(refused > 100, "only {refused} documents were refused: nothing was compared");
}

#[test]
fn we_agree_with_the_published_schema_of_badges() {
    compared("achievementcredential", AchievementCredential::class());
}

#[test]
fn we_agree_with_the_published_schema_of_endorsements() {
    compared("endorsementcredential", EndorsementCredential::class());
}

#[test]
fn we_agree_with_the_published_schema_of_profiles() {
    compared("profile", Profile::class());
}

/// Every property of the published schema is in our table, required alike.
#[test]
fn the_table_has_every_published_property() {
    let schema = shared("schemas/ob-v3p0-achievementcredential.json");
    let ours = model::schema::generate::schema(AchievementCredential::class());
    let mut classes = schema["$defs"].as_object().unwrap().clone();
    classes.insert("AchievementCredential".into(), schema.clone());
    let mut compared = 0;
    for (name, class) in classes.iter().filter(|(_, class)| class["properties"].is_object()) {
        let own = &ours["$defs"][name];
        for property in class["properties"].as_object().unwrap().keys() {
            assert!(own["properties"][property].is_object(), "{name}.{property}");
            compared += 1;
        }
        for required in class["required"].as_array().into_iter().flatten() {
            assert!(own["required"].as_array().unwrap().contains(required), "{name}.{required}");
        }
        assert_eq!(own["additionalProperties"] == false, class["additionalProperties"] == false, "{name}");
    }
    assert!(compared > 140, "{compared}");
}

#[test]
fn the_reference_badge_is_read_and_its_plain_dates_are_only_leniently_right() {
    for file in ["bench/reference-badge.json", "bench/reference-badge.signed.json"] {
        let badge = shared(file);
        assert_eq!(lint_lenient(&badge), []);
        let strict: Vec<String> = lint(&badge).into_iter().map(|fault| fault.pointer).collect();
        let subject = ["/credentialSubject/activityEndDate", "/credentialSubject/activityStartDate"];
        assert_eq!(strict[..2], subject, "{file}");
        let read = model::ob::read(&badge).unwrap();
        assert_eq!(read.credential_subject.credits_earned.as_ref().unwrap().as_f64(), Some(6.5));
        let identifier = &read.credential_subject.identifier[0];
        assert_eq!(identifier.stands_for("nobody@example.org"), Some(false));
    }
}
