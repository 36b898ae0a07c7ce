use super::*;
use crate::{
    cpd::{
        Unit,
        scheme::{Category, Period, Scheme},
    },
    maintenance::{Need, Way, standing},
    programme::Language,
};

fn way(award: &Award, moment: &str) -> Way {
    standing(&policies(), award, at(moment)).unwrap().way.unwrap()
}

fn amounts(way: &Way) -> Vec<String> {
    let amount = |need: &Need| match need {
        Need::Cpd { have, of, span, .. } => format!("{have}/{of} {}..{}", span.first, span.last),
        other => format!("{other:?}"),
    };
    way.needs.iter().map(amount).collect()
}

#[test]
fn each_period_needs_its_own_and_the_award_itself_does_not_count() {
    let award = award(vec![
        earned("2024-03-01", "6"),
        earned("2024-03-02", "1.5"),
        earned("2025-03-01", "2"),
        earned("2025-03-02", "8.5"),
        earned("2026-03-02", "40"),
    ]);
    assert_eq!(
        amounts(&way(&award, "2026-02-01")),
        ["3.5/10 2024-03-02..2025-03-01", "8.5/10 2025-03-02..2026-03-01"]
    );
    // What the last period lacks is made up for in the grace; the first one's stays.
    assert_eq!(
        amounts(&way(&award, "2026-03-02")),
        ["3.5/10 2024-03-02..2025-03-01", "48.5/10 2025-03-02..2026-03-31"]
    );
    assert_eq!(
        amounts(&way(&award, "2025-03-01")),
        ["3.5/10 2024-03-02..2025-03-01", "0/10 2025-03-02..2026-03-01"]
    );
}

#[test]
fn nothing_counts_for_two_terms() {
    let in_grace = award(vec![issued(2, "2026-03-10", "2028-03-01"), earned("2026-03-10", "5")]);
    assert_eq!(
        amounts(&way(&in_grace, "2026-04-01")),
        ["0/10 2026-03-11..2027-03-01", "0/10 2027-03-02..2028-03-01"]
    );
    let early = award(vec![issued(2, "2026-01-10", "2028-03-01"), earned("2026-02-01", "5")]);
    assert_eq!(
        amounts(&way(&early, "2026-04-01")),
        ["0/10 2026-03-02..2027-03-01", "0/10 2027-03-02..2028-03-01"]
    );
    let reinstated = award(vec![issued(2, "2026-08-01", "2028-08-01")]);
    assert_eq!(amounts(&way(&reinstated, "2026-09-01"))[0], "0/10 2026-08-02..2027-08-01");
}

#[test]
fn a_correction_goes_on_with_the_term_it_took_over() {
    let renewed = award(vec![issued(2, "2026-02-10", "2028-03-01"), earned("2026-12-01", "4")]);
    let terms = renewed.terms(at("2026-12-24"));
    let Award { id, achievement, awarded, .. } = award(Vec::new());
    let own = event("2026-12-24", issued(1, "2026-12-24", "2028-03-01").what);
    let events = vec![own, event("2026-12-24", What::TookOver(terms)), earned("2026-12-01", "4")];
    let correction = Award { id, achievement, awarded, events };
    assert_eq!(standing(&policies(), &correction, at("2026-12-23")), None);
    let (before, after) = (
        standing(&policies(), &renewed, at("2026-12-24")).unwrap(),
        standing(&policies(), &correction, at("2026-12-24")).unwrap(),
    );
    assert_eq!((after.state, after.since, &after.way), (before.state, before.since, &before.way));
    assert_eq!(amounts(&way(&correction, "2026-12-24"))[0], "4/10 2026-03-02..2027-03-01");
    assert_eq!((after.term.issue, after.before), (1, None), "what it corrects is no form of it");
    // Its renewal is its second credential.
    let mut ripe = correction.clone();
    ripe.events.extend([earned("2026-12-02", "6"), earned("2027-12-02", "10")]);
    let made = crate::maintenance::renewed(&policies(), &ripe, at("2028-01-01")).unwrap();
    assert_eq!((made.issue, made.until), (2, Some(at("2030-03-01"))));
}

#[test]
fn an_amount_taken_back_is_lacking_and_other_units_do_not_count() {
    let mut points = earned("2024-06-03", "9");
    let What::Credit(line) = &mut points.what else { unreachable!() };
    line.unit = Unit::Points;
    let mut back = earned("2024-06-02", "-4");
    back.recorded = at("2025-12-24");
    let award = award(vec![earned("2024-06-02", "10"), points, back]);
    assert_eq!(amounts(&way(&award, "2025-12-23"))[0], "10/10 2024-03-02..2025-03-01");
    assert_eq!(amounts(&way(&award, "2025-12-24"))[0], "6/10 2024-03-02..2025-03-01");
}

#[test]
fn a_scheme_counts_in_its_own_periods_and_by_its_own_rules() {
    let scheme = Scheme {
        slug: slug("sample-scheme"),
        name: "Sample".to_owned(),
        body: slug("sample-body"),
        url: None,
        is_sample: true,
        rules: vec![crate::cpd::scheme::Rules {
            from: day("2020-01-01"),
            unit: Unit::Points,
            period: Period::Calendar { month: 4, day: 1, months: 12 },
            minimum: "8".parse().unwrap(),
            categories: vec![Category {
                slug: slug("reading"),
                name: "Reading".to_owned(),
                at_least: Some("2".parse().unwrap()),
                at_most: None,
            }],
            carry_over: None,
            statement_words: None,
            conversions: vec![crate::cpd::scheme::Conversion {
                unit: Unit::Hours,
                worth: "2".parse().unwrap(),
                from: day("2020-01-01"),
            }],
        }],
    };
    let mut asked = rules("2020-01-01");
    asked.renewal.as_mut().unwrap().asks.cpd = vec![Cpd::Scheme { scheme: slug("sample-scheme") }];
    let published = vec![published(policy(vec![asked]), at("2020-01-01"))];
    let with = Policies::new(published.clone(), [(slug("sample-scheme"), scheme)].into());
    let mut read = earned("2024-05-02", "1");
    let What::Credit(line) = &mut read.what else { unreachable!() };
    line.category = Some(slug("reading"));
    let award = award(vec![earned("2024-05-01", "2"), read, earned("2025-05-01", "4")]);
    let way_of = |policies: &Policies| standing(policies, &award, at("2026-02-01")).unwrap().way.unwrap();
    assert_eq!(
        amounts(&way_of(&with)),
        [
            "0/8 2023-04-01..2024-03-31",
            "0/2 2023-04-01..2024-03-31",
            "6/8 2024-04-01..2025-03-31",
            "2/2 2024-04-01..2025-03-31"
        ],
        "a category is asked for whether or not it is there; the period that goes beyond the end is the next term's"
    );
    let without = Policies::new(published, BTreeMap::new());
    assert!(!way_of(&without).is_met(), "what nobody knows is never met");
}

#[test]
fn a_completion_counts_between_the_opening_and_the_end_of_the_grace() {
    let mut asked = rules("2020-01-01");
    asked.renewal.as_mut().unwrap().asks = Asks { cpd: Vec::new(), reassessment: Some(slug("assessment")) };
    let policies = Policies::new(vec![published(policy(vec![asked]), at("2020-01-01"))], BTreeMap::new());
    let done = |events: Vec<Event>, moment: &str| {
        let way = standing(&policies, &award(events), at(moment)).unwrap().way.unwrap();
        way.is_met()
    };
    assert!(!done(vec![completed(7, "assessment", "2025-11-30")], "2026-01-01"), "too early");
    assert!(done(vec![completed(7, "assessment", "2025-12-01")], "2026-01-01"));
    assert!(done(vec![completed(7, "assessment", "2026-03-31")], "2026-03-31"));
    assert!(!done(vec![completed(7, "other", "2025-12-02")], "2026-01-01"));
    assert!(!done(vec![completed(100, "assessment", "2025-12-02")], "2026-01-01"), "the award itself");
    let undone = event("2026-01-02", What::Undone { award: AwardId::from(uuid(7)) });
    let events = vec![completed(7, "assessment", "2025-12-02"), undone];
    assert!(done(events.clone(), "2026-01-01") && !done(events, "2026-01-02"));
}

#[test]
fn what_it_takes_is_said_in_both_languages() {
    let award = award(vec![earned("2024-06-01", "10"), earned("2025-06-01", "8.5")]);
    let names = |slug: &Slug| format!("The {slug}");
    let due = way(&award, "2026-02-01");
    assert_eq!(
        due.sentence(&names, Language::En),
        "It can be renewed between 1 December 2025 and 31 March 2026. \
         What is needed: 8.5 of 10 hours between 2 March 2025 and 1 March 2026."
    );
    assert_eq!(
        due.sentence(&names, Language::Cy),
        "Gellir ei adnewyddu rhwng 1 Rhagfyr 2025 a 31 Mawrth 2026. \
         Yr hyn sydd ei angen: 8.5 o 10 awr rhwng 2 Mawrth 2025 a 1 Mawrth 2026."
    );
    // For everybody's eyes, what was done makes no difference.
    let idle = super::award(Vec::new());
    assert_eq!(due.asked(&names, Language::En), way(&idle, "2026-02-01").asked(&names, Language::En));
    assert_eq!(
        due.asked(&names, Language::Cy),
        "Gellir ei adnewyddu rhwng 1 Rhagfyr 2025 a 31 Mawrth 2026. Yr hyn sydd ei angen: \
         10 awr rhwng 2 Mawrth 2024 a 1 Mawrth 2025; 10 awr rhwng 2 Mawrth 2025 a 1 Mawrth 2026."
    );
    let nothing = Way { needs: Vec::new(), ..due.clone() };
    assert_eq!(nothing.asked(&names, Language::En), nothing.opening(Language::En));
    let wait = Way { on_request: true, ..nothing };
    assert!(wait.asked(&names, Language::En).ends_with("What is needed: ask for it."));
    let lapsed = way(&award, "2026-06-01");
    assert_eq!(
        lapsed.sentence(&names, Language::En),
        "It can be reinstated between 31 March 2026 and 31 March 2027. \
         What is needed: complete \u{201c}The assessment\u{201d} between 1 March 2026 and 31 March 2027."
    );
}
