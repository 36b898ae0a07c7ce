use testkit::{
    CompletionBuilder, at, catalogue,
    catalogue::{CERTIFICATE, CORE, SEMINAR, TRUST, UNIVERSITY, hours, slug},
    completion, noon,
};

use model::catalogue::Manner;

use super::*;

fn stated() -> CompletionBuilder {
    completion("Siân Example").email("sian@example.org")
}

fn check(catalogue: &Catalogue, provider: &str, stated: CompletionBuilder) -> Vec<String> {
    let stated = stated.build();
    let checked = against_catalogue(catalogue, &slug(provider), &stated, noon());
    let faults = checked.err().unwrap_or_default();
    faults
        .iter()
        .map(|fault| format!("{} {}; expected {}", fault.pointer, fault.detail, fault.expected))
        .collect()
}

fn codes(catalogue: &Catalogue, stated: CompletionBuilder) -> Vec<&'static str> {
    let checked = against_catalogue(catalogue, &slug(TRUST), &stated.build(), noon());
    checked.err().unwrap_or_default().iter().map(|fault| fault.code).collect()
}

#[test]
fn the_achievement_s_own_credit_unless_another_amount_is_stated() {
    let catalogue = catalogue::sample();
    let credit = |stated: CompletionBuilder| {
        against_catalogue(&catalogue, &slug(TRUST), &stated.build(), noon()).unwrap().1
    };
    assert_eq!(credit(stated()), hours("7.5"));
    assert_eq!(credit(stated().credit(hours("3"))), hours("3"));
}

#[test]
fn an_unknown_achievement_brings_the_list_of_known_ones() {
    let catalogue = catalogue::sample();
    insta::assert_debug_snapshot!(check(&catalogue, TRUST, stated().achievement("digital-intro")));
    insta::assert_debug_snapshot!(check(&catalogue, "somebody-else", stated().achievement("digital-intro")));
}

#[test]
fn accreditation_is_for_its_dates() {
    let mut catalogue = catalogue::sample();
    let core = catalogue.accreditations.iter_mut().find(|one| one.achievement == slug(CORE)).unwrap();
    core.until = Some("2026-06-29".parse().unwrap());
    let on = |day: &str| stated().achievement(CORE).completed_at(at(day));
    insta::assert_debug_snapshot!(check(&catalogue, TRUST, on("2026-06-30T00:00:00Z")));
    insta::assert_debug_snapshot!(check(&catalogue, TRUST, stated().achievement(SEMINAR)));
    assert_eq!(check(&catalogue, TRUST, on("2026-06-29T23:59:59Z")), [""; 0]);
    assert_eq!(check(&catalogue, TRUST, on("2021-01-01T00:00:00Z")), [""; 0]);
    assert_eq!(codes(&catalogue, on("2020-12-31T23:59:59Z")), ["provider-not-accredited"]);
    assert_eq!(check(&catalogue, UNIVERSITY, stated().achievement(SEMINAR)), [""; 0]);
}

#[test]
fn an_achievement_is_earned_while_it_is_offered() {
    let mut catalogue = catalogue::sample();
    let core = catalogue.achievements.get_mut(&slug(CORE)).unwrap();
    core.available_from = "2026-06-02".parse().unwrap();
    core.withdrawn_on = Some("2026-06-29".parse().unwrap());
    let on = |day: &str| stated().achievement(CORE).completed_at(at(day));
    insta::assert_debug_snapshot!(check(&catalogue, TRUST, on("2026-06-30T00:00:00Z")));
    insta::assert_debug_snapshot!(check(&catalogue, TRUST, on("2026-06-01T23:59:59Z")));
    assert_eq!(codes(&catalogue, on("2026-06-30T00:00:00Z")), ["achievement-withdrawn"]);
    assert_eq!(codes(&catalogue, on("2026-06-01T23:59:59Z")), ["achievement-not-yet-available"]);
    assert_eq!(codes(&catalogue, on("2026-06-02T00:00:00Z")), [""; 0]);
    assert_eq!(codes(&catalogue, on("2026-06-29T23:59:59Z")), [""; 0]);
}

#[test]
fn nothing_is_completed_in_the_future() {
    let catalogue = catalogue::sample();
    assert_eq!(codes(&catalogue, stated().completed_at(noon())), [""; 0]);
    assert_eq!(codes(&catalogue, stated().completed_at(at("2026-07-01T12:00:01Z"))), ["in-the-future"]);
}

#[test]
fn a_programme_s_award_cannot_be_posted() {
    let mut catalogue = catalogue::sample();
    let posted = stated().achievement(CERTIFICATE);
    insta::assert_debug_snapshot!(check(&catalogue, "nhs-digital-academy", posted.clone()));
    // An achievement that no programme awards is awarded by its provider.
    catalogue.programmes.clear();
    assert_eq!(check(&catalogue, "nhs-digital-academy", posted), [""; 0]);
}

#[test]
fn prior_learning_comes_with_evidence() {
    let mut catalogue = catalogue::sample();
    catalogue.achievements.get_mut(&slug(CORE)).unwrap().kind = Kind::PriorLearning;
    insta::assert_debug_snapshot!(check(&catalogue, TRUST, stated().achievement(CORE)));
    let mut shown = stated().achievement(CORE).build();
    shown.evidence = vec![model::completion::StatedEvidence {
        url: None,
        name: None,
        narrative: Some("A certificate was seen.".to_owned()),
    }];
    assert!(against_catalogue(&catalogue, &slug(TRUST), &shown, noon()).is_ok());
}

#[test]
fn units_never_mix_and_every_fault_is_told() {
    let catalogue = catalogue::sample();
    let points = Credit::new(3.into(), model::cpd::Unit::Points).unwrap();
    insta::assert_debug_snapshot!(check(&catalogue, TRUST, stated().credit(points.clone())));
    let all = stated().achievement(SEMINAR).credit(points).completed_at(at("2027-01-01T00:00:00Z"));
    assert_eq!(codes(&catalogue, all), ["in-the-future", "provider-not-accredited", "mixed-units"]);
}

#[test]
fn an_organisation_that_is_no_more_completes_nothing_new() {
    let mut catalogue = catalogue::sample();
    let succession =
        Succession { on: "2026-06-30".parse().unwrap(), manner: Manner::Merged, by: vec![slug(UNIVERSITY)] };
    catalogue.organisations.get_mut(&slug(TRUST)).unwrap().succession = Some(succession);
    let on = |day: &str| stated().completed_at(at(day));
    assert_eq!(
        codes(&catalogue, on("2026-06-29T23:59:59Z")),
        [""; 0],
        "what was finished before can still come"
    );
    assert_eq!(codes(&catalogue, on("2026-06-30T00:00:00Z")), ["provider-succeeded"]);
    insta::assert_debug_snapshot!(check(&catalogue, TRUST, on("2026-06-30T12:00:00Z")));
}
