//! What counts, what is missing, and how it is said.

use super::*;

const WIDE: &str = "    all_of:
      - equality-diversity-inclusion
      - {achievement: mod-a, equivalents: [mod-b], prior_learning: [fellowship]}
      - {n_of: 1, name: Practice, from: [mod-c, mod-d]}
      - {credits: {amount: 9, unit: hours}, from: [mod-c, mod-d, mod-e, mod-f]}
    window_months: 24
";

#[test]
fn each_counts_once_and_where_it_does_most_good() {
    let whole = programme(WIDE);
    let all = |names: &[&str]| names.iter().map(|name| earned(name, "2025-05-05")).collect::<Vec<_>>();
    let counts = |names: &[&str]| stands(&whole, &all(names), "2026-01-01");
    // mod-c sits in the group, so that the four hours of mod-d are left for the credit.
    assert_eq!(
        counts(&["mod-f", "mod-d", "mod-c", "mod-a", CORE_EQUALITY_MODULE]).unwrap(),
        [CORE_EQUALITY_MODULE, "mod-a", "mod-c", "mod-f", "mod-d"]
    );
    assert_eq!(
        counts(&["mod-f", "mod-d", "mod-a"]).unwrap_err(),
        "missing: equality-diversity-inclusion; 3 hours of group B (mod-c or mod-e)"
    );
    assert_eq!(
        counts(&[]).unwrap_err(),
        "missing: equality-diversity-inclusion; mod-a, mod-b or fellowship; \
         1 of “Practice” (mod-c or mod-d); 9 hours of group B (mod-c, mod-d, mod-e or mod-f)"
    );
    assert_eq!(counts(&["mod-b", "mod-c", "mod-f", "mod-d", CORE_EQUALITY_MODULE]).unwrap().len(), 5);
}

#[test]
fn prior_learning_needs_evidence_and_stands_for_what_it_replaces() {
    let whole = programme(WIDE);
    let names = [CORE_EQUALITY_MODULE, "fellowship", "mod-c", "mod-e", "mod-f"];
    let mut awards: Vec<_> = names.map(|name| earned(name, "2025-05-05")).into();
    assert_eq!(
        stands(&whole, &awards, "2026-01-01").unwrap_err(),
        "missing: mod-a, mod-b or fellowship (its evidence is missing)"
    );
    awards[1].evidenced = true;
    let Standing::Met(met) = compiled(&whole).standing(&awards, at("2026-01-01")) else { panic!() };
    let prior = &met.counted[1];
    assert_eq!((prior.achievement.as_str(), prior.stands_for.clone()), ("fellowship", Some(slug("mod-a"))));
    assert_eq!(prior.path, "all_of[1]");
}

#[test]
fn what_does_not_count_says_why() {
    let whole = programme(
        "    all_of: [equality-diversity-inclusion, mod-a]\n    window: {months: 24, from: 2021-01-01}\n    counting: alone\n",
    );
    let with = |change: &dyn Fn(&mut Earned)| {
        let mut awards = [earned(CORE_EQUALITY_MODULE, "2025-05-05"), earned("mod-a", "2025-05-05")];
        change(&mut awards[1]);
        stands(&whole, &awards, "2026-01-01")
    };
    assert!(with(&|_| {}).is_ok());
    let elsewhere = |alone| vec![CountedIn { programme: slug("other"), alone }];
    let because = |change: &dyn Fn(&mut Earned)| with(change).unwrap_err();
    assert_eq!(because(&|one| one.stands = false), "missing: mod-a (the one earned was revoked)");
    assert_eq!(
        because(&|one| {
            one.at = at("2024-05-05");
            one.until = Some(at("2025-05-05"));
        }),
        "missing: mod-a (the one earned has expired)",
    );
    assert_eq!(
        because(&|one| one.at = at("2020-12-31")),
        "missing: mod-a (the one earned lies outside the window)"
    );
    assert_eq!(
        because(&|one| one.counted = elsewhere(false)),
        "missing: mod-a (the one earned counts in another programme)"
    );
    assert_eq!(because(&|one| one.at = at("2026-05-05")), "missing: mod-a", "not earned yet");
}

#[test]
fn counting_rules_of_both_programmes_hold() {
    let with = |counting: &str, counted: CountedIn, name: &str| {
        let yaml = format!("    all_of: [equality-diversity-inclusion, mod-a]\n    counting: {counting}\n");
        let mut whole = programme(&yaml);
        whole.builds_on = Some(slug("certificate"));
        let mut awards = [earned(CORE_EQUALITY_MODULE, "2025-05-05"), earned("mod-a", "2025-05-05")];
        awards.iter_mut().find(|one| one.achievement.as_str() == name).unwrap().counted = vec![counted];
        stands(&whole, &awards, "2026-01-01").is_ok()
    };
    let there = |programme: &str, alone| CountedIn { programme: slug(programme), alone };
    assert!(with("shared", there("other", false), "mod-a"));
    assert!(!with("shared", there("other", true), "mod-a"), "the other keeps it to itself");
    assert!(!with("alone", there("other", false), "mod-a"), "this one wants it to itself");
    assert!(with("alone", there("certificate", true), "mod-a"), "it builds on that one");
    assert!(with("alone", there("other", true), CORE_EQUALITY_MODULE), "the core module counts everywhere");
    assert!(!with("shared", there("whole", false), "mod-a"), "never twice in one programme");
}

#[test]
fn prerequisites_come_before_and_outside_the_window() {
    let whole = programme(
        "    all_of: [equality-diversity-inclusion, mod-a]\n    prerequisites: [{achievement: mod-e, equivalents: [mod-f]}]\n    window_months: 6\n",
    );
    let mut awards = vec![earned(CORE_EQUALITY_MODULE, "2025-05-05"), earned("mod-a", "2025-05-05")];
    assert_eq!(
        stands(&whole, &awards, "2026-01-01").unwrap_err(),
        "missing: mod-e or mod-f (beforehand); equality-diversity-inclusion (the one earned lies outside the window); mod-a (the one earned lies outside the window)"
    );
    awards.push(earned("mod-f", "2020-01-01"));
    assert_eq!(stands(&whole, &awards, "2026-01-01").unwrap(), [CORE_EQUALITY_MODULE, "mod-a"]);
    awards[2].at = at("2025-12-24");
    let Standing::Met(met) = compiled(&whole).standing(&awards, at("2026-01-01")) else { panic!() };
    assert_eq!(met.completed_at, at("2025-12-24"), "nothing is complete before its prerequisite");
}

#[test]
fn of_several_awards_of_one_achievement_the_most_credit_counts_where_credit_is_wanted() {
    let whole = programme(
        "    all_of:\n      - equality-diversity-inclusion\n      - mod-a\n      - {credits: {amount: 5, unit: hours}, from: [mod-e]}\n",
    );
    let mut awards = vec![
        earned(CORE_EQUALITY_MODULE, "2025-05-05"),
        earned("mod-a", "2025-01-01"),
        earned("mod-a", "2025-02-01"),
        earned("mod-e", "2025-01-01"),
        earned("mod-e", "2025-02-01"),
    ];
    awards[4].credit = hours("2");
    let Standing::Met(met) = compiled(&whole).standing(&awards, at("2026-01-01")) else { panic!() };
    let counted: Vec<_> = met.counted.iter().map(|one| one.award).collect();
    assert_eq!(counted, [awards[0].award, awards[2].award, awards[3].award]);
}

#[test]
fn a_level_keeps_what_is_below_it_out() {
    let whole = programme(
        "    all_of:\n      - equality-diversity-inclusion\n      - {credits: {amount: 5, unit: hours}, at_level: 7, from: [mod-d, mod-e, mod-f]}\n",
    );
    let awards = |name| [earned(CORE_EQUALITY_MODULE, "2025-05-05"), earned(name, "2025-05-05")];
    assert_eq!(
        stands(&whole, &awards("mod-d"), "2026-01-01").unwrap_err(),
        "missing: 5 hours of group A (mod-e or mod-f)"
    );
    assert!(stands(&whole, &awards("mod-e"), "2026-01-01").is_ok());
}

#[test]
fn a_choice_between_ways_takes_the_nearest() {
    let whole = programme(
        "    all_of:\n      - equality-diversity-inclusion\n      - n_of: 1\n        name: Route\n        from:\n          - {name: taught, all_of: [mod-a, mod-b]}\n          - {name: practice, all_of: [mod-a, mod-c, mod-d]}\n",
    );
    let awards = |names: &[&str]| names.iter().map(|name| earned(name, "2025-05-05")).collect::<Vec<_>>();
    let gap = stands(&whole, &awards(&[CORE_EQUALITY_MODULE, "mod-c", "mod-d"]), "2026-01-01").unwrap_err();
    assert_eq!(gap, "missing: 1 of “Route”: [mod-a] or [mod-a; mod-b]");
    let both = awards(&[CORE_EQUALITY_MODULE, "mod-a", "mod-b", "mod-c", "mod-d"]);
    assert_eq!(stands(&whole, &both, "2026-01-01").unwrap(), [CORE_EQUALITY_MODULE, "mod-a", "mod-b"]);
}

#[test]
fn a_gap_is_data_a_sentence_in_two_languages_and_what_to_do_next() {
    let whole = programme(WIDE);
    let awards = [earned("mod-c", "2025-05-05"), earned("fellowship", "2025-05-05")];
    let Standing::InProgress(progress) = compiled(&whole).standing(&awards, at("2026-01-01")) else {
        panic!()
    };
    insta::assert_json_snapshot!(progress.gap);
    let names = |slug: &Slug| achievements()[slug].name.clone();
    insta::assert_snapshot!(progress.gap.sentence(&names, Language::En));
    insta::assert_snapshot!(progress.gap.sentence(&names, Language::Cy));
    let next: Vec<_> = progress.gap.next().into_iter().map(Slug::as_str).collect();
    assert_eq!(next, [CORE_EQUALITY_MODULE, "mod-a", "mod-d", "mod-e", "mod-f"]);
}

#[test]
fn a_rule_is_told_in_words() {
    let mut whole = programme(&format!("{WIDE}    prerequisites: [pointed]\n    counting: alone\n"));
    whole.rule.rules.push(Rule::NOf(NOf {
        n: 1,
        name: None,
        at_level: Some(7),
        from: vec![Rule::Open(Open {
            slot: slug("route"),
            name: None,
            of: vec![Rule::achievement(slug("mod-e"))],
        })],
    }));
    let names = |slug: &Slug| achievements()[slug].name.clone();
    insta::assert_snapshot!(rule_in_words(&whole, &names, Language::En).join("\n"));
    insta::assert_snapshot!(rule_in_words(&whole, &names, Language::Cy).join("\n"));
}

/// A hundred thousand learners with twelve programmes are evaluated in an import.
#[test]
fn what_cannot_be_met_is_told_fast() {
    let whole = programme(WIDE);
    let rule = compiled(&whole);
    let names = [CORE_EQUALITY_MODULE, "mod-c", "mod-d", "mod-e", "mod-f"];
    let awards: Vec<_> =
        (0..40).map(|n| earned(names[n % 5], &format!("20{:02}-05-05", 10 + n % 15))).collect();
    let begin = std::time::Instant::now();
    for _ in 0..1000 {
        assert!(rule.met(&awards, at("2026-01-01")).is_none());
    }
    // A debug build on a busy machine; a search would need hours.
    assert!(begin.elapsed().as_secs() < 20, "{:?}", begin.elapsed());
}
