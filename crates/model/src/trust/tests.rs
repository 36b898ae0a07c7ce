use super::*;
use crate::report::{Check, Outcome, Question, Verdict};
use crate::sentence::Sentence;

const FILE: &str = "
lists:
  academies:
    name: Academies
    issuers:
      - id: did:web:badges.example.org
        name: Example Academy
        from: 2024-01-01
        until: 2026-06-30
  bodies:
    name: Professional bodies
    url: https://trust.example.org/bodies.json
policies:
  nhs-employers:
    name: NHS employers
    issuers: [academies]
    endorsers: [bodies]
    status_age_hours: 24
    necessary: [accreditation]
  curious:
    name: Whoever is curious
    issuers: [academies, bodies]
    unlisted: valid
";

fn file(text: &str) -> Result<TrustFile, TrustError> {
    read(&[("trust.yaml".to_owned(), text.to_owned())])
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn slug(text: &str) -> Slug {
    text.parse().unwrap()
}

#[test]
fn an_issuer_is_trusted_by_a_list_for_its_days() {
    let mut whole = file(FILE).unwrap();
    assert_eq!(
        whole.sources,
        [Source { list: slug("bodies"), url: "https://trust.example.org/bodies.json".into() }]
    );
    let fetched = r#"{"issuers": [{"id": "did:web:body.example.org", "name": "Example Body"}], "more": 1}"#;
    let unknown = whole.registry.standing(&[slug("bodies")], "did:web:body.example.org", day("2025-01-01"));
    assert!(
        matches!(unknown, Standing::Unknown { list } if list.name == "Professional bodies"),
        "{unknown:?}"
    );
    let issuers = read_list("https://trust.example.org/bodies.json", fetched).unwrap();
    let read = List { issuers, is_missing: false, ..(*whole.registry.lists[&slug("bodies")]).clone() };
    whole.registry.lists.insert(slug("bodies"), Arc::new(read));
    let lists = [slug("academies"), slug("bodies"), slug("nowhere")];
    let standing = |issuer: &str, on: &str| whole.registry.standing(&lists, issuer, day(on));
    for (issuer, on, expected) in [
        ("did:web:badges.example.org", "2023-12-31", "other days"),
        ("did:web:badges.example.org", "2024-01-01", "Example Academy"),
        ("did:web:badges.example.org", "2026-06-30", "Example Academy"),
        ("did:web:badges.example.org", "2026-07-01", "other days"),
        ("did:web:body.example.org", "1999-01-01", "Example Body"),
        ("did:web:BADGES.example.org", "2025-01-01", "unlisted"),
        ("did:web:elsewhere.example.org", "2025-01-01", "unlisted"),
    ] {
        let found = match standing(issuer, on) {
            Standing::Listed { trusted, .. } => trusted.name.clone(),
            Standing::OtherDays { .. } => "other days".to_owned(),
            Standing::Unknown { .. } => "unknown".to_owned(),
            Standing::Unlisted => "unlisted".to_owned(),
        };
        assert_eq!(found, expected, "{issuer} {on}");
    }
}

#[test]
fn what_is_written_wrongly_is_refused_with_its_reason() {
    for (text, part) in [
        ("lists: 1", "trust.yaml"),
        ("lists: {ab: {name: A, isuers: []}}", "isuers"),
        ("lists: {ab: {name: A, issuers: [{id: badges.example.org, name: B}]}}", "neither a DID"),
        ("lists: {ab: {name: A, issuers: [{id: 'did:x:1', name: B}, {id: 'did:x:1', name: C}]}}", "twice"),
        (
            "lists: {ab: {name: A, url: 'https://a.example/', issuers: [{id: 'did:x:1', name: B}]}}",
            "must have one",
        ),
        ("policies: {pq: {name: P, issuers: [nowhere]}}", "`nowhere`"),
        ("policies: {pq: {name: P, issuers: [], necessary: [luck]}}", "luck"),
    ] {
        let error = file(text).unwrap_err().to_string();
        assert!(error.contains(part), "{text}: {error}");
    }
    let twice = [("a.yaml".to_owned(), FILE.to_owned()), ("b.yaml".to_owned(), FILE.to_owned())];
    assert!(matches!(read(&twice), Err(TrustError::Twice { file, .. }) if file == "b.yaml"));
    assert!(read_list("https://a.example/", "[]").is_err());
}

#[test]
fn a_policy_decides_what_matters_and_never_makes_a_failure_good() {
    use {
        Outcome::{Fail, NotChecked, Pass, Warning},
        Verdict::{Invalid, Undetermined, Valid},
    };

    let registry = file(FILE).unwrap().registry;
    let now: DateTime<Utc> = "2026-06-01T12:00:00Z".parse().unwrap();
    let check = |question, outcome, hours: Option<i64>| Check {
        question,
        outcome,
        code: "x".to_owned(),
        finding: Sentence::quoted("x"),
        advice: None,
        clause: None,
        fault: None,
        as_of: hours.map(|hours| now - chrono::TimeDelta::hours(hours)),
    };
    let good = [
        check(Question::Proof, Pass, None),
        check(Question::Status, Pass, Some(24)),
        check(Question::Trust, Pass, None),
        check(Question::Accreditation, Pass, None),
    ];
    let verdict = |policy: &str, change: Option<Check>| {
        let mut checks = good.to_vec();
        if let Some(change) = change {
            checks.retain(|check| check.question != change.question);
            checks.push(change);
        }
        registry.policies[&slug(policy)].conclusion(&checks, now).verdict()
    };
    for (change, employers, curious) in [
        (None, Valid, Valid),
        (Some(check(Question::Trust, Warning, None)), Undetermined, Valid),
        (Some(check(Question::Status, Pass, Some(25))), Undetermined, Valid),
        (Some(check(Question::Status, Warning, None)), Valid, Valid),
        (Some(check(Question::Accreditation, NotChecked, None)), Undetermined, Valid),
        (Some(check(Question::Proof, NotChecked, None)), Undetermined, Undetermined),
        (Some(check(Question::Recipient, NotChecked, None)), Valid, Valid),
        (Some(check(Question::Endorsements, Fail, None)), Invalid, Invalid),
    ] {
        let context = format!("{change:?}");
        assert_eq!(verdict("nhs-employers", change.clone()), employers, "{context}");
        assert_eq!(verdict("curious", change), curious, "{context}");
    }
    let without =
        good.iter().filter(|check| check.question != Question::Accreditation).cloned().collect::<Vec<_>>();
    assert_eq!(
        registry.policies[&slug("nhs-employers")].conclusion(&without, now).verdict(),
        Undetermined,
        "nobody looked"
    );
}

#[test]
fn what_the_registrar_decides_stands_beside_the_list_and_the_last_decision_holds() {
    let registry = file(FILE).unwrap().registry;
    let at: DateTime<Utc> = "2026-03-03T09:00:00Z".parse().unwrap();
    let entry = |list: &str, issuer: &str, until: Option<&str>, is_listed: bool| Entry {
        list: slug(list),
        issuer: issuer.to_owned(),
        trusted: is_listed.then(|| Trusted {
            name: "Another Academy".to_owned(),
            from: None,
            until: until.map(day),
            added: None,
        }),
        reason: "Seen".to_owned(),
    };
    let (new, old) = ("did:web:new.example.org", "did:web:badges.example.org");
    let decided =
        |entries: &[Entry]| registry.clone().with_entries(entries.iter().cloned().map(|entry| (entry, at)));
    let lists = [slug("academies")];
    let listed = decided(&[entry("academies", new, None, true), entry("nowhere", old, None, true)]);
    let Standing::Listed { trusted, list } = listed.standing(&lists, new, day("2026-01-01")) else {
        panic!()
    };
    assert_eq!((trusted.added, list.name.as_str()), (Some(at), "Academies"));
    let changed =
        decided(&[entry("academies", new, None, true), entry("academies", new, Some("2025-12-31"), true)]);
    assert!(matches!(changed.standing(&lists, new, day("2026-01-01")), Standing::OtherDays { .. }));
    let gone = decided(&[entry("academies", new, None, true), entry("academies", new, None, false)]);
    assert_eq!(gone.standing(&lists, new, day("2026-01-01")), Standing::Unlisted);
    // Nobody takes an issuer off a list that names it itself, and further days can be added.
    let own = decided(&[entry("academies", old, None, false)]);
    assert!(matches!(own.standing(&lists, old, day("2026-01-01")), Standing::Listed { .. }));
    let longer = decided(&[entry("academies", old, None, true)]);
    assert!(matches!(longer.standing(&lists, old, day("2027-01-01")), Standing::Listed { .. }));
    assert!(matches!(registry.standing(&lists, old, day("2027-01-01")), Standing::OtherDays { .. }));
}
