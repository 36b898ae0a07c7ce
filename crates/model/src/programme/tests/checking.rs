//! What forbids publishing, and where it is said to be.

use std::fmt::Write as _;

use super::*;

#[test]
fn every_fault_of_a_rule_is_named_with_its_path() {
    let core = "      - equality-diversity-inclusion\n";
    let mut told = String::new();
    for (what, rules) in [
        ("the core module is missing", "      - mod-a\n"),
        ("the core module in a choice", "      - {n_of: 1, from: [equality-diversity-inclusion, mod-a]}\n"),
        (
            "the core module with something in its stead",
            "      - {achievement: equality-diversity-inclusion, equivalents: [mod-a]}\n",
        ),
        ("an empty rule", ""),
        ("an empty group", "CORE      - {n_of: 1, from: []}\n"),
        ("an empty group of credit", "CORE      - {credits: {amount: 1, unit: hours}, from: []}\n"),
        ("an empty group within", "CORE      - {n_of: 1, from: [{all_of: []}, mod-a]}\n"),
        ("more than there are", "CORE      - {n_of: 3, from: [mod-a, mod-b]}\n"),
        ("none of", "CORE      - {n_of: 0, from: [mod-a, mod-b]}\n"),
        ("less than none of", "CORE      - {n_of: -1, from: [mod-a, mod-b]}\n"),
        (
            "an unknown achievement",
            "CORE      - {n_of: 1, from: [mod-a, {achievement: mod-b, equivalents: [mod-z]}]}\n",
        ),
        ("negative credit", "CORE      - {credits: {amount: -1, unit: hours}, from: [mod-a]}\n"),
        ("no credit", "CORE      - {credits: {amount: 0, unit: hours}, from: [mod-a]}\n"),
        ("mixed units", "CORE      - {credits: {amount: 2, unit: hours}, from: [mod-f, pointed]}\n"),
        ("an unknown unit", "CORE      - {credits: {amount: 2, unit: days}, from: [mod-f]}\n"),
        (
            "a total that cannot be met",
            "CORE      - {credits: {amount: 12, unit: hours}, from: [mod-e, mod-f]}\n",
        ),
        (
            "a total that cannot be met beside the places",
            "CORE      - mod-f\n      - {credits: {amount: 6, unit: hours}, from: [mod-e, mod-f]}\n",
        ),
        (
            "a total of a level",
            "CORE      - {credits: {amount: 6, unit: hours}, at_level: 7, from: [mod-d, mod-e]}\n",
        ),
        ("one thing in two places", "CORE      - mod-a\n      - mod-a\n"),
        ("a group that is used up", "CORE      - mod-a\n      - {n_of: 2, from: [mod-a, mod-b]}\n"),
        (
            "two groups of credit that meet",
            "CORE      - {credits: {amount: 1, unit: hours}, from: [mod-e, mod-f]}\n      - {credits: {amount: 1, unit: hours}, from: [mod-d, mod-e]}\n",
        ),
        (
            "two groups of credit that meet by way of a place",
            "CORE      - {n_of: 1, from: [mod-e, mod-d]}\n      - {credits: {amount: 1, unit: hours}, from: [mod-e, mod-f]}\n      - {credits: {amount: 1, unit: hours}, from: [mod-d, mod-c]}\n",
        ),
        (
            "a choice that shares with the rest",
            "CORE      - mod-a\n      - {n_of: 1, from: [{all_of: [mod-a, mod-b]}, mod-c]}\n",
        ),
        (
            "two of some options that share",
            "CORE      - {n_of: 2, from: [{all_of: [mod-a, mod-b]}, {all_of: [mod-a, mod-c]}, mod-d]}\n",
        ),
        ("an option nobody can take", "CORE      - {n_of: 1, from: [{all_of: [mod-a, mod-a]}, mod-c]}\n"),
        ("prior learning by itself", "CORE      - fellowship\n"),
        ("prior learning that is none", "CORE      - {achievement: mod-a, prior_learning: [mod-b]}\n"),
        ("a level of a choice", "CORE      - {n_of: 1, at_level: 7, from: [{all_of: [mod-a]}]}\n"),
        (
            "too deep",
            "CORE      - {all_of: [{all_of: [{all_of: [{all_of: [{all_of: [{all_of: [{all_of: [{all_of: [mod-a]}]}]}]}]}]}]}]}\n",
        ),
        ("a field that is not there", "CORE      - {any_of: [mod-a]}\n"),
    ] {
        let rules = rules.replace("CORE", core);
        let faults = read(&format!("    all_of:\n{rules}")).expect_err(what);
        writeln!(told, "{what}\n{faults}\n").unwrap();
    }
    let rest = "    all_of: [equality-diversity-inclusion, mod-a]\n";
    for (what, field) in [
        ("a window that ends before it starts", "    window: {from: 2026-01-01, until: 2025-12-31}\n"),
        ("a window before anything can be earned", "    window: {until: 2019-12-31}\n"),
        ("a window twice", "    window_months: 12\n    window: {months: 12}\n"),
        ("no window", "    window_months: 0\n"),
        ("a counting rule that is none", "    counting: twice\n"),
        ("a rule beforehand", "    prerequisites: [{n_of: 1, from: [mod-a]}]\n"),
        ("itself beforehand", "    prerequisites: [award]\n"),
        ("itself built on", "    builds_on: whole\n"),
        ("a part of it optional", "    optional: [mod-a]\n"),
    ] {
        let faults = read(&format!("{rest}{field}")).expect_err(what);
        writeln!(told, "{what}\n{faults}\n").unwrap();
    }
    insta::assert_snapshot!(told);
}

const BLUEPRINT: &str = "    version: \"1.0\"
    all_of:
      - equality-diversity-inclusion
      - mod-a
      - {open: practice, name: Practice, of: [mod-b]}
    optional: [mod-f]
    window_months: 36
";

fn with_copy(copy: &str) -> Result<Catalogue, String> {
    let second = "\
achievements:
  second-award: {version: \"1\", kind: programme, achievement_type: Course, name: Second, description: d, \
    criteria: c, credit: {amount: 0, unit: hours}, issuer: academy, creator: academy, \
    image: {file: a.svg, alt: A}, available_from: 2020-01-01}
";
    read(&format!("{BLUEPRINT}  copy:\n    copy_of: whole\n    achievement: second-award\n{copy}{second}"))
}

#[test]
fn a_copy_has_its_blueprint_s_core_and_its_own_practice() {
    let catalogue = with_copy("    fills: {practice: [mod-c, mod-d]}\n    optional: [mod-e]\n").unwrap();
    let copy = &catalogue.programmes[&slug("copy")];
    let needed: Vec<_> = copy.rule.achievements().map(Slug::as_str).collect();
    assert_eq!(needed, [CORE_EQUALITY_MODULE, "mod-a", "mod-c", "mod-d"]);
    assert_eq!(copy.version, "1.0-b1.0");
    assert_eq!(copy.window.months, Some(36));
    assert_eq!(copy.optional, [slug("mod-f"), slug("mod-e")]);
    let lineage = copy.lineage.as_ref().unwrap();
    assert_eq!((lineage.blueprint.as_str(), lineage.blueprint_version.as_str()), ("whole", "1.0"));
    assert_eq!(
        catalogue.programmes[&slug("whole")].rule.achievements().last().unwrap().as_str(),
        "mod-b",
        "the blueprint keeps its own"
    );
    let stored = serde_json::to_string(copy).unwrap();
    assert_eq!(serde_json::from_str::<Programme>(&stored).unwrap(), *copy);
}

#[test]
fn a_copy_follows_when_its_blueprint_is_revised() {
    let revised =
        BLUEPRINT.replace("1.0", "1.1").replace("      - mod-a\n", "      - mod-a\n      - mod-e\n");
    let old = with_copy("    fills: {practice: [mod-c]}\n").unwrap().programmes[&slug("copy")].clone();
    let blueprint = programme(&revised);
    let fills = old.lineage.clone().unwrap().fills;
    let copy =
        resolve(&blueprint, old.slug.clone(), "1.0".to_owned(), old.achievement.clone(), fills, Vec::new())
            .unwrap();
    let needed: Vec<_> = copy.rule.achievements().map(Slug::as_str).collect();
    assert_eq!(needed, [CORE_EQUALITY_MODULE, "mod-a", "mod-e", "mod-c"]);
    assert_eq!((old.version.as_str(), copy.version.as_str()), ("1.0-b1.0", "1.0-b1.1"));
}

#[test]
fn a_copy_cannot_leave_its_blueprint() {
    let mut told = String::new();
    for (what, copy) in [
        ("its own core", "    all_of: [mod-c]\n"),
        ("its own window", "    window_months: 60\n"),
        ("what is not open", "    fills: {core: [mod-c]}\n"),
        ("what the core has", "    fills:\n      practice:\n        - mod-c\n        - mod-a\n"),
        ("nothing where something must be", "    fills: {practice: []}\n"),
        ("what nobody knows", "    fills: {practice: [mod-z]}\n"),
    ] {
        writeln!(told, "{what}\n{}\n", with_copy(copy).expect_err(what)).unwrap();
    }
    let closed = "    all_of: [equality-diversity-inclusion, mod-a]\n  copy:\n    copy_of: whole\n    achievement: award\n";
    writeln!(told, "of what leaves nothing open\n{}\n", read(closed).unwrap_err()).unwrap();
    let circle = format!(
        "{BLUEPRINT}  one:\n    copy_of: two\n    achievement: award\n  two:\n    copy_of: one\n    achievement: award\n"
    );
    writeln!(told, "of each other\n{}\n", read(&circle).unwrap_err()).unwrap();
    let nothing = format!("{BLUEPRINT}  one:\n    copy_of: nothing\n    achievement: award\n");
    writeln!(told, "of nothing\n{}\n", read(&nothing).unwrap_err()).unwrap();
    insta::assert_snapshot!(told);
}

#[test]
fn what_was_stored_before_there_were_rules_is_read() {
    let stored = r#"{"slug":"whole","achievement":"award","all_of":["mod-a","mod-b"],"optional":["mod-c"],"window_months":36,"builds_on":null}"#;
    let old: Programme = serde_json::from_str(stored).unwrap();
    assert_eq!(old.version, UNVERSIONED);
    assert_eq!(old.window.months, Some(36));
    assert_eq!(old.rule, AllOf::of([slug("mod-a"), slug("mod-b")]));
}

#[test]
fn a_published_catalogue_is_amended_and_copies_follow() {
    let published = with_copy("    fills: {practice: [mod-c]}\n    optional: [mod-e]\n").unwrap();
    let amended = |text: &str| crate::catalogue::amend(&published, "new.yaml", text, &|_| None);
    assert_eq!(amended("").unwrap(), published, "nothing changes by itself");
    let revised = "programmes:\n  whole:\n    version: \"1.1\"\n    achievement: award\n    all_of:\n      - equality-diversity-inclusion\n      - {open: practice, of: [mod-b]}\n";
    let catalogue = amended(revised).unwrap();
    let copy = &catalogue.programmes[&slug("copy")];
    let needed: Vec<_> = copy.rule.achievements().map(Slug::as_str).collect();
    assert_eq!(needed, [CORE_EQUALITY_MODULE, "mod-c"]);
    assert_eq!((copy.version.as_str(), copy.window.months), ("1.0-b1.1", None));
    assert_eq!(copy.optional, [slug("mod-e")]);

    let told = |text: &str| {
        let faults = amended(text).unwrap_err();
        faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
    };
    insta::assert_snapshot!(told(&revised.replace("open: practice", "open: craft")), @"the published catalogue:0: programmes.copy: `whole` leaves no `practice` open; expected a programme with `open` parts, and `fills` for those alone");
    insta::assert_snapshot!(told(&revised.replace("mod-b", "mod-y")), @"new.yaml:7: programmes.whole.all_of[1].of[0]: there is no achievement `mod-y`; expected an achievement of the catalogue, by its short name; did you mean `mod-a`?");
}
