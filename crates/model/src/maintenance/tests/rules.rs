use super::*;
use crate::maintenance::{State, first_end, standing};

fn of(versions: Vec<(Vec<Rules>, &str)>) -> Policies {
    let versions = versions.into_iter().map(|(rules, when)| published(policy(rules), at(when)));
    Policies::new(versions.collect(), BTreeMap::new())
}

fn state(policies: &Policies, moment: &str) -> State {
    standing(policies, &award(Vec::new()), at(moment)).unwrap().state
}

#[test]
fn a_term_runs_by_the_rules_under_which_it_began() {
    let shorter = Rules { grace_days: 10, valid_months: Some(12), ..rules("2025-01-01") };
    let changed = of(vec![
        (vec![rules("2020-01-01")], "2020-01-01"),
        (vec![rules("2020-01-01"), shorter], "2024-12-01"),
    ]);
    assert_eq!(state(&changed, "2026-03-31"), State::Grace, "of the old thirty days");
    let end = |moment| first_end(&changed, &slug("certification"), at(moment), at(moment)).unwrap();
    assert_eq!(end("2024-12-31"), Some(at("2026-12-31")));
    assert_eq!(end("2025-01-01"), Some(at("2026-01-01")));
}

#[test]
fn rules_for_running_terms_apply_from_their_day_and_not_before() {
    let stricter = Rules { for_running_terms: true, grace_days: 10, ..rules("2026-03-20") };
    let changed = of(vec![
        (vec![rules("2020-01-01")], "2020-01-01"),
        (vec![rules("2020-01-01"), stricter], "2026-01-01"),
    ]);
    assert_eq!(state(&changed, "2026-03-19T23:59:59"), State::Grace);
    assert_eq!(state(&changed, "2026-03-20T00:00:00"), State::Lapsed);
    let lapsed = standing(&changed, &award(Vec::new()), at("2026-05-01")).unwrap();
    assert_eq!(lapsed.since, at("2026-03-20T00:00:00"), "not since the grace that it never had");
    // The end is signed and stays.
    assert_eq!(lapsed.term.until, Some(at("2026-03-01")));
    // Later rules that are for new terms alone leave the running ones where they are.
    let still = Rules { grace_days: 300, ..rules("2026-04-01") };
    let stricter = Rules { for_running_terms: true, grace_days: 10, ..rules("2026-03-20") };
    let again = of(vec![(vec![rules("2020-01-01"), stricter, still], "2020-01-01")]);
    assert_eq!(state(&again, "2026-04-02"), State::Lapsed);
}

#[test]
fn what_is_published_later_says_nothing_of_earlier_moments() {
    // Its rules say 2020, but nobody had published them when the badge was issued.
    let late = of(vec![(vec![rules("2020-01-01")], "2024-06-01")]);
    let ended = standing(&late, &award(Vec::new()), at("2026-03-02")).unwrap();
    assert_eq!((ended.state, ended.policy), (State::Expired, None));
    assert_eq!(late.in_force(&slug("certification"), at("2024-05-31")), None);
    assert!(late.in_force(&slug("certification"), at("2024-06-01")).is_some());
}

#[test]
fn a_policy_ends_on_its_last_day_or_when_it_is_taken_away() {
    let mut ending = policy(vec![rules("2020-01-01")]);
    ending.until = Some(day("2024-12-31"));
    let ending = Policies::new(vec![published(ending, at("2020-01-01"))], BTreeMap::new());
    let has = |policies: &Policies, moment| policies.in_force(&slug("certification"), at(moment)).is_some();
    assert!(has(&ending, "2024-12-31T23:59:59") && !has(&ending, "2025-01-01T00:00:00"));
    assert_eq!(state(&ending, "2026-03-15"), State::Grace, "what began under it goes on under it");

    let gone = Published { slug: slug("sample-policy"), policy: None, at: at("2025-05-05") };
    let first = published(policy(vec![rules("2020-01-01")]), at("2020-01-01"));
    let gone = Policies::new(vec![gone, first], BTreeMap::new());
    assert!(has(&gone, "2025-05-05T11:59:59") && !has(&gone, "2025-05-05T12:00:00"));
    assert_eq!(state(&gone, "2026-03-15"), State::Grace);
}
