//! Random histories: what was true stays true, and no state is skipped.

use chrono::TimeDelta;
use proptest::prelude::*;

use super::*;
use crate::maintenance::{Standing, State, next_change, notices, renewed, standing};

/// Moments of some years, to the hour.
fn moment() -> impl Strategy<Value = DateTime<Utc>> {
    (0_i64..24 * 365 * 8).prop_map(|hour| at("2020-01-01T00:00:00") + TimeDelta::hours(hour))
}

fn any_rules() -> impl Strategy<Value = Rules> {
    let parts = (0_i64..365 * 7, any::<bool>(), 2_u32..40, 1_u32..50, 0_u32..50, 0_u32..200, any::<bool>());
    parts.prop_map(|(from, for_running_terms, months, opens, grace, within, asks)| {
        let mut made = rules("2020-01-01");
        made.from = day("2020-01-01") + TimeDelta::days(from);
        made.for_running_terms = for_running_terms;
        made.valid_months = Some(months);
        made.grace_days = grace;
        let renewal = made.renewal.as_mut().unwrap();
        renewal.opens_days_before = opens;
        renewal.reminders_days_before = vec![opens, opens / 2];
        if asks {
            renewal.asks.reassessment = Some(slug("assessment"));
        }
        if within == 0 {
            made.reinstatement = None;
        } else if let Some(reinstatement) = &mut made.reinstatement {
            reinstatement.within_days = within;
        }
        made
    })
}

fn any_published() -> impl Strategy<Value = Vec<Published>> {
    let version = (proptest::option::weighted(0.9, proptest::collection::vec(any_rules(), 1..4)), moment());
    proptest::collection::vec(version, 1..4).prop_map(|versions| {
        let version = |(rules, at): (Option<Vec<Rules>>, _)| {
            let policy = rules.map(|mut rules| {
                rules.sort_by_key(|rules| rules.from);
                policy(rules)
            });
            Published { slug: slug("sample-policy"), policy, at }
        };
        versions.into_iter().map(version).collect()
    })
}

fn any_event() -> impl Strategy<Value = Event> {
    let what = prop_oneof![
        4 => (0_i64..365 * 8, -20_i64..40).prop_map(|(on, amount)| What::Credit(Line {
            id: String::new(),
            earned_on: day("2020-01-01") + TimeDelta::days(on),
            amount: Decimal::new(amount, 1),
            unit: "hours".parse().unwrap(),
            category: None,
        })),
        3 => (0_u128..4, moment()).prop_map(|(number, at)| What::Completed {
            award: AwardId::from(uuid(number)),
            achievement: slug("assessment"),
            at,
        }),
        1 => (0_u128..4).prop_map(|number| What::Superseded { by: AwardId::from(uuid(number)) }),
        1 => (0_u128..4).prop_map(|number| What::Undone { award: AwardId::from(uuid(number)) }),
        1 => Just(What::Revoked),
        2 => (1_u32..6, moment(), 1_i64..900).prop_map(|(issue, begun, days)| What::Issued(Term {
            credential: CredentialId::from(uuid(u128::from(issue))),
            issue,
            begun,
            until: Some(begun + TimeDelta::days(days)),
        })),
    ];
    (moment(), what).prop_map(|(recorded, what)| Event { recorded, what })
}

fn any_award(most: usize) -> impl Strategy<Value = Award> {
    proptest::collection::vec(any_event(), 0..most).prop_map(|events| Award {
        id: AwardId::from(uuid(100)),
        achievement: slug("certification"),
        awarded: at("2020-06-01"),
        events,
    })
}

/// What the clock may bring after a state.
fn follows(before: State, after: State) -> bool {
    use State::{Due, Expired, Grace, InForce, Lapsed, Reinstated};
    matches!(
        (before, after),
        (InForce | Reinstated, Due)
            | (Due, Grace | Lapsed | Expired)
            | (Grace, Lapsed | Expired)
            | (Lapsed, Expired)
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_past_moment_has_its_answer_whatever_comes_later(
        earlier in any_award(12),
        later in proptest::collection::vec(any_event(), 0..12),
        published in any_published(),
        published_later in any_published(),
        now in moment(),
    ) {
        let mut then = earlier.clone();
        then.events.retain(|event| event.recorded <= now);
        let published_then: Vec<_> = published.iter().filter(|one| one.at <= now).cloned().collect();
        let policies_then = Policies::new(published_then, BTreeMap::new());
        let mut since = earlier;
        since.events.extend(later.into_iter().filter(|event| event.recorded > now));
        let all = published.into_iter().chain(published_later.into_iter().filter(|one| one.at > now));
        let policies_since = Policies::new(all.collect(), BTreeMap::new());
        prop_assert_eq!(standing(&policies_then, &then, now), standing(&policies_since, &since, now));
        prop_assert_eq!(renewed(&policies_then, &then, now), renewed(&policies_since, &since, now));
        prop_assert_eq!(notices(&policies_then, &then, now), notices(&policies_since, &since, now));
    }

    #[test]
    fn the_order_of_recording_is_all_that_counts(award in any_award(12), published in any_published(), now in moment()) {
        let policies = Policies::new(published.clone(), BTreeMap::new());
        let mut turned = award.clone();
        // Of events of one moment the order in which they stand is theirs.
        turned.events.sort_by_key(|event| event.recorded);
        let mut backwards = published;
        backwards.sort_by_key(|one| one.at);
        let sorted = Policies::new(backwards, BTreeMap::new());
        prop_assert_eq!(standing(&policies, &award, now), standing(&sorted, &turned, now));
    }

    #[test]
    fn the_clock_alone_skips_no_state(rules in any_rules(), awarded in moment()) {
        let mut rules = rules;
        rules.from = day("2020-01-01");
        let months = rules.valid_months.unwrap();
        let within = rules.reinstatement.as_ref().map(|one| one.within_days);
        let grace = rules.grace_days;
        let policies = Policies::new(vec![published(policy(vec![rules]), at("2019-01-01"))], BTreeMap::new());
        let until = awarded + chrono::Months::new(months);
        let term = Term { credential: CredentialId::from(uuid(1)), issue: 1, begun: awarded, until: Some(until) };
        let award = Award {
            id: AwardId::from(uuid(100)),
            achievement: slug("certification"),
            awarded,
            events: vec![Event { recorded: awarded, what: What::Issued(term) }],
        };
        let mut now = awarded;
        let mut seen: Vec<Standing> = standing(&policies, &award, now).into_iter().collect();
        while let Some(next) = next_change(&policies, &award, now) {
            now = next;
            let there = standing(&policies, &award, now).unwrap();
            let last = seen.last().unwrap().clone();
            if there.state != last.state {
                prop_assert!(follows(last.state, there.state), "{:?} to {:?}", last.state, there.state);
                // Each state ends where the next one begins, and its bounds are its own.
                prop_assert_eq!(last.until, Some(there.since - TimeDelta::seconds(1)));
                prop_assert_eq!(standing(&policies, &award, last.until.unwrap()).unwrap().state, last.state);
                prop_assert_eq!(there.since, now);
                seen.push(there);
            }
        }
        let states: Vec<State> = seen.iter().map(|one| one.state).collect();
        let mut expected = vec![State::InForce, State::Due];
        if grace > 0 { expected.push(State::Grace); }
        if within.is_some() { expected.push(State::Lapsed); }
        expected.push(State::Expired);
        prop_assert_eq!(states, expected);
    }

    #[test]
    fn a_renewal_always_holds_longer_than_what_it_renews(award in any_award(12), published in any_published(), now in moment()) {
        let policies = Policies::new(published, BTreeMap::new());
        if let Some(made) = renewed(&policies, &award, now) {
            let before = standing(&policies, &award, now).unwrap();
            prop_assert_eq!(made.issue, before.term.issue + 1);
            prop_assert!(made.until.is_none_or(|until| until > now && Some(until) > before.term.until));
            prop_assert!(matches!(before.state, State::Due | State::Grace | State::Lapsed));
            prop_assert_eq!(made.is_reinstated, before.state == State::Lapsed);
        }
    }
}
