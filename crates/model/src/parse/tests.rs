use serde_json::json;

use super::*;
use crate::learner::Identifier;

fn sample() -> Value {
    json!({
        "learner": {
            "name": "Siân Example-Jones",
            "identifiers": [{"type": "email", "value": "Sian.Jones@Example.ORG"}]
        },
        "achievement": "user-centred-design",
        "completedAt": "2026-05-01T14:30:00+01:00"
    })
}

/// The sample with `value` put at `pointer`, whose parents exist.
fn with(pointer: &str, value: Value) -> Value {
    let mut document = sample();
    put(&mut document, pointer, value);
    document
}

fn put(document: &mut Value, pointer: &str, value: Value) {
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    match document.pointer_mut(parent).unwrap() {
        Value::Object(members) => {
            members.insert(name.to_owned(), value);
        }
        Value::Array(items) => match name.parse::<usize>() {
            Ok(at) if at < items.len() => items[at] = value,
            _ => items.push(value),
        },
        other => panic!("{other} has no members"),
    }
}

/// The faults as `pointer code`, in the order found.
fn faults(document: &Value) -> Vec<String> {
    let faults = completion(document).unwrap_err();
    assert!(faults.iter().all(|fault| !fault.detail.is_empty() && !fault.expected.is_empty()));
    faults.iter().map(|fault| format!("{} {}", fault.pointer, fault.code)).collect()
}

#[test]
fn a_small_completion_is_read_and_put_in_order() {
    let read = completion(&sample()).unwrap();
    assert_eq!(read.learner.name, "Siân Example-Jones");
    let email = Identifier::Email { value: "sian.jones@example.org".into() };
    assert_eq!(read.learner.identifiers, [email]);
    assert_eq!(read.completed_at.to_rfc3339(), "2026-05-01T13:30:00+00:00");
}

fn full() -> Value {
    json!({
        "learner": {"name": "محمد مثال", "identifiers": [
            {"type": "staffNumber", "value": "a0012", "organisation": "RX8"},
            {"type": "professionalRegistration", "value": "18a1234e", "body": "NMC"},
            {"type": "did", "value": "did:key:z6MkehRgf7yJbgaGfYsdoAsKdBPE3dj2CYhowQdcjqSJgvVd"}
        ]},
        "achievement": "user-centred-design",
        "completedAt": "2026-05-01",
        "startedOn": "2026-04-01",
        "deliveryMode": "face-to-face",
        "results": [{"name": "Assessment", "value": "87", "resultType": "Percent"}],
        "credit": {"amount": "6.50", "unit": "hours"},
        "evidence": [{"url": "https://learning.example.org/e/1", "name": "Project", "narrative": "Two\nlines"}],
        "cohort": "Spring 2026",
        "reference": "ABC-1"
    })
}

#[test]
fn a_full_completion_survives_writing_and_reading_again() {
    let read = completion(&full()).unwrap();
    assert_eq!(read.completed_at.to_rfc3339(), "2026-05-01T00:00:00+00:00");
    assert_eq!(read.learner.identifiers[0].value(), "A0012");
    assert_eq!(read.credit.as_ref().unwrap().to_string(), "6.5 hours");
    let written = serde_json::to_value(&read).unwrap();
    assert_eq!(completion(&written).unwrap(), read);
}

#[test]
fn every_fault_is_found_at_once() {
    let document = json!({
        "learner": {"name": " ", "identifiers": []},
        "achievement": "Not A Slug",
        "completed_at": "2026-05-01",
        "startedOn": "2026-02-30",
        "deliveryMode": "by post",
        "results": {"name": "x"},
        "credit": {"amount": "-1", "unit": "hours"},
        "colour": 1
    });
    assert_eq!(
        faults(&document),
        [
            "/completed_at unknown-member",
            "/colour unknown-member",
            "/learner/name empty",
            "/learner/identifiers empty",
            "/achievement not-a-slug",
            "/completedAt missing",
            "/startedOn not-date",
            "/deliveryMode not-a-choice",
            "/results not-an-array",
            "/credit/amount negative",
        ]
    );
    let hint = completion(&document).unwrap_err().remove(0).expected;
    assert_eq!(hint, "`completedAt`, if that is what is meant");
}

#[test]
fn what_is_not_an_object_is_refused() {
    for document in [json!(null), json!([]), json!("x"), json!(1)] {
        assert_eq!(faults(&document), [" wrong-type"]);
    }
    assert_eq!(faults(&json!({})), ["/learner missing", "/achievement missing", "/completedAt missing"]);
}

#[test]
fn names_of_every_script_are_welcome_and_normalised() {
    for name in ["Siân ap Gwilym", "محمد مثال", "דוגמה", "例 太郎", "Zoë 👩🏽‍⚕️", "🦉", "O'Brien-Smith (née X)"]
    {
        let read = completion(&with("/learner/name", json!(name))).unwrap();
        assert_eq!(read.learner.name, name);
    }
    let decomposed = completion(&with("/learner/name", json!("  Sia\u{302}n  "))).unwrap();
    assert_eq!(decomposed.learner.name, "Siân");
}

#[test]
fn names_that_deceive_or_say_nothing_are_refused() {
    for (name, code) in [
        ("Ann\u{202E}nosliW", "direction-override"),
        ("Ann \u{2066}X\u{2069}", "direction-override"),
        ("Ann\u{0}", "control-character"),
        ("Ann\nExample", "control-character"),
        ("Ann\u{2028}Example", "control-character"),
        ("", "empty"),
        ("\u{200B}\u{FEFF}", "empty"),
        (&"x".repeat(201), "too-long"),
    ] {
        assert_eq!(faults(&with("/learner/name", json!(name))), [format!("/learner/name {code}")]);
    }
    assert!(completion(&with("/learner/name", json!("é".repeat(200)))).is_ok());
    assert_eq!(faults(&with("/learner/name", json!(7))), ["/learner/name wrong-type"]);
}

#[test]
fn addresses_are_sane() {
    let at = "/learner/identifiers/0/value";
    for (stated, kept) in [
        ("A.Person+cpd@Trust.Example.org", "a.person+cpd@trust.example.org"),
        ("o'neil@example.org", "o'neil@example.org"),
        ("dŵr@bücher.example.org", "dŵr@xn--bcher-kva.example.org"),
    ] {
        let read = completion(&with(at, json!(stated))).unwrap();
        assert_eq!(read.learner.identifiers[0].value(), kept);
    }
    for bad in [
        "person",
        "@example.org",
        "a@",
        "a@b",
        "a b@example.org",
        "a@exa mple.org",
        "a..b@example.org",
        ".a@example.org",
        "a@@example.org",
        "a@192.0.2.1",
        "a@-x.example.org",
        "a@example..org",
        "Ann <a@example.org>",
        "a@ex%61mple.org",
        &format!("{}@example.org", "x".repeat(65)),
    ] {
        assert_eq!(faults(&with(at, json!(bad))), [format!("{at} not-an-email")], "{bad}");
    }
}

#[test]
fn identifiers_come_with_what_they_need() {
    let one = |identifier: Value| faults(&with("/learner/identifiers/0", identifier));
    let at = "/learner/identifiers/0";
    assert_eq!(one(json!({"type": "staffNumber", "value": "1"})), [format!("{at}/organisation missing")]);
    assert_eq!(
        one(json!({"type": "professionalRegistration", "value": "1"})),
        [format!("{at}/body missing")]
    );
    assert_eq!(one(json!({"type": "nhsNumber", "value": "1"})), [format!("{at}/type not-a-choice")]);
    assert_eq!(one(json!({"value": "1"})), [format!("{at}/type missing")]);
    assert_eq!(one(json!({"type": "email"})), [format!("{at}/value missing")]);
    assert_eq!(one(json!("a@example.org")), [format!("{at} wrong-type")]);
    assert_eq!(
        one(json!({"type": "email", "value": "a@example.org", "organisation": "RX8"})),
        [format!("{at}/organisation unknown-member")]
    );
    assert_eq!(
        one(json!({"type": "staffNumber", "value": 12, "organisation": "RX8"})),
        [format!("{at}/value wrong-type")]
    );
    assert_eq!(
        one(json!({"type": "staffNumber", "value": "1 2", "organisation": "RX8"})),
        [format!("{at}/value not-a-number")]
    );
    for bad in
        ["did:", "did:key", "did:KEY:z", "did:key:", "did:key:z#k", "did:key:z/p", "did:web:a%3", "urn:x:y"]
    {
        assert_eq!(one(json!({"type": "did", "value": bad})), [format!("{at}/value not-a-did")], "{bad}");
    }
}

#[test]
fn a_kind_and_scope_is_given_once() {
    let two = |second: Value| {
        let mut document = full();
        put(&mut document, "/learner/identifiers/-", second);
        completion(&document)
            .map(|_| ())
            .map_err(|faults| format!("{} {}", faults[0].pointer, faults[0].code))
    };
    let other = json!({"type": "staffNumber", "value": "B1", "organisation": "RGT"});
    assert_eq!(two(other), Ok(()));
    let same = json!({"type": "staffNumber", "value": "B1", "organisation": "rx8"});
    assert_eq!(two(same), Err("/learner/identifiers/3 twice".into()));
    let many: Vec<Value> = (0..11)
        .map(|n| json!({"type": "staffNumber", "value": "1", "organisation": format!("T{n}")}))
        .collect();
    assert_eq!(faults(&with("/learner/identifiers", json!(many))), ["/learner/identifiers too-many"]);
}

#[test]
fn dates_exist_have_a_zone_and_are_in_order() {
    for bad in ["2026-05-01T10:00:00", "yesterday", "2026-13-01", "01/05/2026", "2026-05-01T25:00:00Z", ""] {
        assert_eq!(faults(&with("/completedAt", json!(bad))), ["/completedAt not-date-time"], "{bad}");
    }
    assert_eq!(faults(&with("/completedAt", json!(1_777_777))), ["/completedAt wrong-type"]);
    assert_eq!(faults(&with("/completedAt", json!("0026-05-01"))), ["/completedAt implausible-date"]);
    let cut = completion(&with("/completedAt", json!("2026-05-01T10:00:00.999Z"))).unwrap();
    assert_eq!(cut.completed_at.to_rfc3339(), "2026-05-01T10:00:00+00:00");
    assert_eq!(faults(&with("/startedOn", json!("2026-05-02"))), ["/startedOn not-in-order"]);
    assert!(completion(&with("/startedOn", json!("2026-05-01"))).is_ok());
    // Half past midnight in London is the day before in UTC, yet the same day there.
    let mut late = with("/completedAt", json!("2026-05-01T00:30:00+01:00"));
    put(&mut late, "/startedOn", json!("2026-05-01"));
    assert!(completion(&late).is_ok());
}

#[test]
fn a_completion_of_the_future_is_found_with_the_clock() {
    let read = completion(&sample()).unwrap();
    assert_eq!(not_after(&read, read.completed_at), []);
    let fault = not_after(&read, read.completed_at - chrono::TimeDelta::seconds(1)).remove(0);
    assert_eq!((fault.pointer.as_str(), fault.code), ("/completedAt", "in-the-future"));
}

#[test]
fn credit_is_an_amount_in_one_unit() {
    for (amount, kept) in [
        (json!("6.5"), "6.5 hours"),
        (json!(6.5), "6.5 hours"),
        (json!(6), "6 hours"),
        (json!("0"), "0 hours"),
        (json!(1e3), "1000 hours"),
        (json!("10000"), "10000 hours"),
    ] {
        let read = completion(&with("/credit", json!({"amount": amount, "unit": "hours"}))).unwrap();
        assert_eq!(read.credit.unwrap().to_string(), kept);
    }
    for (amount, code) in [
        (json!(-1), "negative"),
        (json!("-0.5"), "negative"),
        (json!("0.125"), "too-fine"),
        (json!(0.1 + 0.2), "too-fine"),
        (json!("10000.01"), "too-much"),
        (json!(1e20), "too-much"),
        (json!(1e300), "not-an-amount"),
        (json!("six"), "not-an-amount"),
        (json!("6.5 hours"), "not-an-amount"),
        (json!("1e3"), "not-an-amount"),
        (json!(""), "not-an-amount"),
        (json!("9".repeat(400)), "not-an-amount"),
        (json!(true), "wrong-type"),
    ] {
        let found = faults(&with("/credit", json!({"amount": amount, "unit": "hours"})));
        assert_eq!(found, [format!("/credit/amount {code}")]);
    }
    for unit in ["hours+points", "Hours", "credits", "credits:", "hours and points", "days"] {
        let found = faults(&with("/credit", json!({"amount": "1", "unit": unit})));
        assert_eq!(found, ["/credit/unit unknown-unit"], "{unit}");
    }
    let mixed = json!([{"amount": "1", "unit": "hours"}, {"amount": "1", "unit": "points"}]);
    assert_eq!(faults(&with("/credit", mixed)), ["/credit mixed-units"]);
    assert_eq!(faults(&with("/credit", json!({"unit": "hours"}))), ["/credit/amount missing"]);
}

#[test]
fn evidence_is_on_https_or_told() {
    for bad in [
        "http://a.example.org",
        "a.example.org",
        "javascript:alert(1)",
        "https://u:p@a.example.org",
        "https://",
    ] {
        assert_eq!(faults(&with("/evidence", json!([{"url": bad}]))), ["/evidence/0/url not-https"], "{bad}");
    }
    assert_eq!(faults(&with("/evidence", json!([{"name": "x"}]))), ["/evidence/0 missing-one-of"]);
    let long = json!([{"narrative": "x".repeat(5001)}]);
    assert_eq!(faults(&with("/evidence", long)), ["/evidence/0/narrative too-long"]);
    let many: Vec<Value> = (0..21).map(|_| json!({"narrative": "x"})).collect();
    assert_eq!(faults(&with("/evidence", json!(many))), ["/evidence too-many"]);
}

#[test]
fn results_are_of_a_known_type() {
    let one = |result: Value| completion(&with("/results", json!([result])));
    assert!(one(json!({"name": "a", "value": "1", "resultType": "ext:Rating"})).is_ok());
    assert!(one(json!({"name": "a", "value": "Completed", "resultType": "Status"})).is_ok());
    let code = |result: Value| {
        let faults = one(result).unwrap_err();
        faults.iter().map(|fault| format!("{} {}", fault.pointer, fault.code)).collect::<Vec<_>>()
    };
    assert_eq!(
        code(json!({"name": "a", "value": "1", "resultType": "Marks"})),
        ["/results/0/resultType not-a-choice"]
    );
    assert_eq!(
        code(json!({"name": "a", "value": "Done", "resultType": "Status"})),
        ["/results/0/value not-a-choice"]
    );
    assert_eq!(
        code(json!({"value": 87, "resultType": "Percent"})),
        ["/results/0/name missing", "/results/0/value wrong-type"]
    );
}

#[test]
fn the_schema_takes_what_the_reader_takes() {
    let schema = schema();
    let validator = jsonschema::options().should_validate_formats(true).build(&schema).unwrap();
    assert!(validator.is_valid(&sample()));
    assert!(validator.is_valid(&full()));
    for refused in [
        with("/colour", json!(1)),
        with("/credit", json!({"amount": "-1", "unit": "hours"})),
        with("/credit", json!({"amount": 1, "unit": "days"})),
        with("/learner/identifiers", json!([])),
        with("/learner/identifiers/0", json!({"type": "staffNumber", "value": "1"})),
        with("/completedAt", json!("2026-05-01T10:00:00")),
        with("/results", json!([{"name": "a", "value": "1", "resultType": "Marks"}])),
        with("/evidence", json!([{"url": "http://a.example.org"}])),
    ] {
        assert!(!validator.is_valid(&refused), "{refused}");
        assert!(completion(&refused).is_err(), "{refused}");
    }
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { failure_persistence: None, ..Default::default() })]

    /// Whatever JSON is sent, there is an answer.
    #[test]
    fn nothing_sent_breaks_the_reader(name in ".*", email in ".*", at in ".*", amount in ".*", unit in ".*") {
        let document = json!({
            "learner": {"name": name, "identifiers": [{"type": "email", "value": email}]},
            "achievement": unit, "completedAt": at, "startedOn": at,
            "credit": {"amount": amount, "unit": unit}, "evidence": [{"url": email}], "reference": name,
        });
        let _ = completion(&document);
        if let Ok(read) = completion(&with("/learner/name", json!(name))) {
            let again = completion(&serde_json::to_value(&read).unwrap()).unwrap();
            proptest::prop_assert_eq!(read, again);
        }
    }
}

#[test]
fn a_group_is_a_learner_with_or_without_its_members() {
    assert_eq!(completion(&sample()).unwrap().learner.group, None);
    let group = |value| completion(&with("/learner/group", value)).unwrap().learner.group.unwrap();
    assert_eq!(group(json!({})).members, [""; 0]);
    assert_eq!(
        group(json!({"members": ["Siân Example", " Owen Example "]})).members,
        ["Siân Example", "Owen Example"]
    );
    let found = |value| faults(&with("/learner/group", value));
    assert_eq!(found(json!("a board")), ["/learner/group wrong-type"]);
    assert_eq!(found(json!({"members": ["A", "A"]})), ["/learner/group/members/1 twice"]);
    assert_eq!(found(json!({"members": [1]})), ["/learner/group/members/0 wrong-type"]);
    assert_eq!(found(json!({"size": 7})), ["/learner/group/size unknown-member"]);
    assert_eq!(found(json!({"members": vec!["A"; 101]})), ["/learner/group/members too-many"]);
}
