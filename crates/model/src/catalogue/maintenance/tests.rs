use std::fmt::Write as _;

use super::super::{Catalogue, CatalogueError, read};
use super::*;

const CATALOGUE: &str = "\
organisations:
  academy: {name: The Academy, roles: [issuer, body]}
achievements:
  certification: &module
    version: \"1.0\"
    kind: module
    achievement_type: Certification
    name: Certification
    description: To be kept.
    criteria: Earn it.
    credit: {amount: 2, unit: hours}
    issuer: academy
    creator: academy
    image: {file: images/a.svg, alt: A ring}
    available_from: 2025-01-01
  assessment: *module
  other: *module
cpd_schemes:
  sample-scheme:
    name: Sample
    body: academy
    is_sample: true
    rules:
      - from: 2024-01-01
        unit: points
        period: {by: anniversary, months: 12}
        minimum: 50
        categories: [{slug: reading, name: Reading}]
";

const POLICY: &str = "\
maintenance:
  sample:
    name: Sample
    body: academy
    is_sample: true
    achievements: [certification]
    until: 2040-12-31
    rules:
      - from: 2025-01-01
        valid_months: 24
        renewal:
          opens_days_before: 90
          reminders_days_before: [30, 90]
          cpd:
            - {amount: 10, unit: hours, every_months: 12}
            - {scheme: sample-scheme}
        grace_days: 30
        reinstatement:
          within_days: 365
          reassessment: assessment
";

fn read_with(policy: &str) -> Result<Catalogue, Vec<CatalogueError>> {
    let files = [("base.yaml".to_owned(), CATALOGUE.to_owned()), ("keep.yaml".to_owned(), policy.to_owned())];
    read(&files, &|_| Some("<svg/>".to_owned()))
}

fn faults_with(from: &str, to: &str) -> String {
    let changed = POLICY.replacen(from, to, 1);
    assert_ne!(changed, POLICY, "`{from}` is not there");
    read_with(&changed).unwrap_err().iter().fold(String::new(), |mut text, fault| {
        writeln!(text, "{fault}").unwrap();
        text
    })
}

#[test]
fn a_policy_is_read_with_its_rules() {
    let catalogue = read_with(POLICY).unwrap();
    let policy = &catalogue.maintenance[&"sample".parse::<Slug>().unwrap()];
    assert!(policy.is_sample);
    let rules = &policy.rules[0];
    assert_eq!((rules.valid_months, rules.grace_days, rules.for_running_terms), (Some(24), 30, false));
    let renewal = rules.renewal.as_ref().unwrap();
    assert_eq!((renewal.opens_days_before, renewal.on_request), (90, false));
    assert_eq!(renewal.reminders_days_before, [90, 30], "the most days first");
    assert_eq!(renewal.asks.cpd.len(), 2);
    let stored = serde_json::to_string(&catalogue).unwrap();
    assert_eq!(serde_json::from_str::<Catalogue>(&stored).unwrap(), catalogue);
}

/// What is changed in the policy, and what is then said of it.
const CASES: &[(&str, &str, &str)] = &[
    ("valid_months: 24", "valid_months: 0", "maintenance.sample.rules[0].valid_months: found the number 0"),
    (
        "        valid_months: 24\n",
        "",
        "maintenance.sample.rules[0].grace_days: there is a grace, and the badge never ends",
    ),
    (
        "        valid_months: 24\n",
        "",
        "maintenance.sample.rules[0].renewal: there is a renewal, and the badge never ends",
    ),
    (
        "opens_days_before: 90",
        "opens_days_before: 720",
        "rules[0].renewal.opens_days_before: the window opens 720 days before the end",
    ),
    (
        "          opens_days_before: 90\n",
        "",
        "rules[0].renewal.opens_days_before: it is not said when it opens",
    ),
    ("[30, 90]", "[30, 91]", "rules[0].renewal.reminders_days_before: a reminder 91 days before the end"),
    ("[30, 90]", "[-1]", "rules[0].renewal.reminders_days_before[0]: found the number -1"),
    ("amount: 10,", "amount: -1,", "rules[0].renewal.cpd[0].amount: -1 is negative"),
    ("amount: 10,", "amount: 0,", "rules[0].renewal.cpd[0].amount: no credit is asked for"),
    ("unit: hours,", "unit: days,", "rules[0].renewal.cpd[0].unit: found `days`"),
    (
        "every_months: 12",
        "every_months: 36",
        "rules[0].renewal.cpd[0].every_months: a period of 36 months, and the badge holds for 24",
    ),
    ("{scheme: sample-scheme}", "{amount: 5, unit: points}", "rules[0]: it asks for hours and for points"),
    (
        "{scheme: sample-scheme}",
        "{scheme: sample-schema}",
        "rules[0].renewal.cpd[1].scheme: there is no CPD scheme `sample-schema`",
    ),
    (
        "{scheme: sample-scheme}",
        "{amount: 5, unit: hours, category: reading}",
        "rules[0].renewal.cpd[1].category: `reading` is a category of schemes that do not count in hours",
    ),
    (
        "{scheme: sample-scheme}",
        "{amount: 5, unit: hours, category: singing}",
        "rules[0].renewal.cpd[1].category: no CPD scheme has a category `singing`",
    ),
    (
        "grace_days: 30",
        "grace_days: 672",
        "rules[0].grace_days: a grace of 672 days is as long as the badge holds",
    ),
    ("within_days: 365", "within_days: -3", "rules[0].reinstatement.within_days: found the number -3"),
    ("          within_days: 365\n", "", "rules[0].reinstatement.within_days: it is not said until when"),
    (
        "reassessment: assessment",
        "reassessment: assesment",
        "rules[0].reinstatement.reassessment: there is no achievement `assesment`",
    ),
    (
        "reassessment: assessment",
        "reassessment: certification",
        "rules[0].reinstatement.reassessment: completing `certification` again earns a new badge",
    ),
    ("          reassessment: assessment\n", "", "rules[0].reinstatement: it asks for nothing"),
    (
        "achievements: [certification]",
        "achievements: [certificate]",
        "maintenance.sample.achievements: there is no achievement `certificate`",
    ),
    (
        "achievements: [certification]",
        "achievements: []",
        "maintenance.sample.achievements: the policy keeps nothing in force",
    ),
    (
        "achievements: [certification]",
        "programmes: [whole]",
        "maintenance.sample.programmes: there is no programme `whole`",
    ),
    (
        "until: 2040-12-31",
        "until: 2024-12-31",
        "maintenance.sample.until: ends on 2024-12-31, before its rules of 2025-01-01 begin",
    ),
    ("body: academy", "body: college", "maintenance.sample.body: there is no organisation `college`"),
    (
        "from: 2025-01-01\n",
        "from: 2025-01-01\n        sometimes: yes\n",
        "rules[0].sometimes: there is no field of this name here",
    ),
];

#[test]
fn every_fault_is_told_with_its_path() {
    for (from, to, expected) in CASES {
        let faults = faults_with(from, to);
        assert!(faults.contains(expected), "`{to}` gives\n{faults}\nnot\n{expected}");
    }
    let nothing = POLICY.replace(
        "          cpd:\n            - {amount: 10, unit: hours, every_months: 12}\n            - {scheme: sample-scheme}\n",
        "",
    );
    let faults = read_with(&nothing).unwrap_err();
    assert_eq!(faults[0].field, "maintenance.sample.rules[0].renewal");
    assert!(
        read_with(
            &nothing.replace("opens_days_before: 90", "opens_days_before: 90\n          on_request: true")
        )
        .is_ok()
    );
}

#[test]
fn an_achievement_has_one_policy_and_one_length() {
    let twice = format!("{POLICY}{}", POLICY.replace("maintenance:\n  sample:", "  second:"));
    let faults = read_with(&twice).unwrap_err();
    assert!(faults[0].detail.contains("kept in force by"), "{faults:?}");
    let own = CATALOGUE.replacen(
        "available_from: 2025-01-01",
        "available_from: 2025-01-01\n    valid_for_months: 12",
        1,
    );
    let files = [("base.yaml".to_owned(), own), ("keep.yaml".to_owned(), POLICY.to_owned())];
    let faults = read(&files, &|_| Some("<svg/>".to_owned())).unwrap_err();
    assert!(faults[0].detail.contains("for how long it holds"), "{faults:?}");
    let rules_twice =
        POLICY.replace("        grace_days: 30\n", "      - from: 2025-01-01\n        valid_months: 12\n");
    let faults = read_with(&rules_twice).unwrap_err();
    assert!(faults.iter().any(|fault| fault.detail == "two rules begin on 2025-01-01"), "{faults:?}");
}
