use super::*;
use crate::maintenance::{Notice, State, next_change, notices, renewed, standing};

fn state(award: &Award, moment: &str) -> State {
    standing(&policies(), award, at(moment)).unwrap().state
}

#[test]
fn a_badge_goes_from_in_force_to_expired_and_each_bound_belongs_to_what_it_bounds() {
    let award = award(Vec::new());
    assert_eq!(standing(&policies(), &award, at("2024-03-01T11:59:59")), None, "not issued yet");
    for (moment, expected) in [
        ("2024-03-01T12:00:00", State::InForce),
        ("2025-12-01T11:59:59", State::InForce),
        ("2025-12-01T12:00:00", State::Due),
        ("2026-03-01T12:00:00", State::Due),
        ("2026-03-01T12:00:01", State::Grace),
        ("2026-03-31T12:00:00", State::Grace),
        ("2026-03-31T12:00:01", State::Lapsed),
        ("2027-03-31T12:00:00", State::Lapsed),
        ("2027-03-31T12:00:01", State::Expired),
        ("2090-01-01T00:00:00", State::Expired),
    ] {
        assert_eq!(state(&award, moment), expected, "{moment}");
    }
    let due = standing(&policies(), &award, at("2026-01-01")).unwrap();
    assert_eq!((due.since, due.until), (at("2025-12-01"), Some(at("2026-03-01"))));
    let gone = standing(&policies(), &award, at("2030-01-01")).unwrap();
    assert_eq!((gone.since, gone.until, gone.way), (at("2027-03-31T12:00:01"), None, None));
}

#[test]
fn a_renewal_in_the_window_loses_nothing_and_one_in_the_grace_gains_nothing() {
    let hours = [earned("2024-06-01", "10"), earned("2025-06-01", "10")];
    let award = award(hours.to_vec());
    assert_eq!(renewed(&policies(), &award, at("2025-11-30")), None, "the window is not open");
    for moment in ["2025-12-01", "2026-03-01", "2026-03-31"] {
        let renewed = renewed(&policies(), &award, at(moment)).unwrap();
        assert_eq!((renewed.issue, renewed.until), (2, Some(at("2028-03-01"))), "{moment}");
        assert!(!renewed.is_reinstated);
    }
    assert_eq!(renewed(&policies(), &award, at("2026-04-01")), None, "it has lapsed");
}

#[test]
fn a_renewed_badge_is_in_force_and_a_reinstated_one_says_so() {
    let again = award(vec![issued(2, "2026-01-10", "2028-03-01")]);
    let standing_of = |award: &Award, moment| standing(&policies(), award, at(moment)).unwrap();
    assert_eq!(standing_of(&again, "2026-01-09").state, State::Due);
    let renewed = standing_of(&again, "2026-01-10");
    assert_eq!((renewed.state, renewed.term.issue), (State::InForce, 2));
    assert_eq!(renewed.before, Some(CredentialId::from(uuid(1))));

    let late = award(vec![issued(2, "2026-08-01", "2028-08-01")]);
    assert_eq!(standing_of(&late, "2026-07-31").state, State::Lapsed);
    assert_eq!(standing_of(&late, "2026-08-01").state, State::Reinstated);
    assert_eq!(standing_of(&late, "2028-07-01").state, State::Due);
}

#[test]
fn reinstatement_counts_from_the_day_on_which_it_happens() {
    let award =
        award(vec![completed(7, "assessment", "2026-02-01"), completed(8, "assessment", "2026-09-01")]);
    assert_eq!(renewed(&policies(), &award, at("2026-08-31")), None, "the first one was before it lapsed");
    let renewed = renewed(&policies(), &award, at("2026-09-01")).unwrap();
    assert_eq!((renewed.until, renewed.is_reinstated), (Some(at("2028-09-01")), true));
}

#[test]
fn what_was_taken_back_or_superseded_is_not_renewed() {
    let hours = [earned("2024-06-01", "10"), earned("2025-06-01", "10")];
    let by = AwardId::from(uuid(9));
    let mut events = hours.to_vec();
    events.push(event("2025-12-24", What::Superseded { by }));
    let superseded = award(events.clone());
    assert_eq!(state(&superseded, "2025-12-23"), State::Due);
    assert_eq!(state(&superseded, "2025-12-24"), State::Superseded);
    assert_eq!(renewed(&policies(), &superseded, at("2026-01-01")), None);
    assert!(notices(&policies(), &superseded, at("2026-01-01")).is_empty());
    // The later one is taken back: the earlier is what it was.
    events.push(event("2026-01-05", What::Undone { award: by }));
    assert_eq!(state(&award(events.clone()), "2026-01-05"), State::Due);
    events.push(event("2026-01-06", What::Revoked));
    let revoked = award(events);
    assert_eq!(state(&revoked, "2026-01-05"), State::Due);
    assert_eq!(state(&revoked, "2029-01-05"), State::Revoked);
    assert_eq!(next_change(&policies(), &revoked, at("2026-01-06")), None);
}

#[test]
fn the_holder_is_told_at_these_moments_and_no_others() {
    let award = award(Vec::new());
    let told = notices(&policies(), &award, at("2024-03-01"));
    let reminder = |days_before| Notice::Reminder { days_before };
    assert_eq!(
        told,
        [
            (at("2025-12-01"), reminder(90)),
            (at("2026-01-30"), reminder(30)),
            (at("2026-02-22"), reminder(7)),
            (at("2026-03-01T12:00:01"), Notice::Ended),
            (at("2026-03-31T12:00:01"), Notice::Lapsed),
            (at("2027-03-31T12:00:01"), Notice::Expired),
        ]
    );
    let mut moments = Vec::new();
    let mut now = at("2024-03-01");
    while let Some(next) = next_change(&policies(), &award, now) {
        moments.push(next);
        now = next;
    }
    assert_eq!(moments, told.iter().map(|(moment, _)| *moment).collect::<Vec<_>>());
}

#[test]
fn a_badge_without_an_end_or_a_policy_stays_as_it_is() {
    let mut forever = award(Vec::new());
    let Event { what: What::Issued(term), .. } = &mut forever.events[0] else { unreachable!() };
    term.until = None;
    assert_eq!(state(&forever, "2099-01-01"), State::InForce);
    let mut other = award(Vec::new());
    other.achievement = slug("something-else");
    let ended = standing(&policies(), &other, at("2026-03-02")).unwrap();
    assert_eq!((ended.state, ended.policy, ended.way), (State::Expired, None, None));
    assert!(notices(&policies(), &other, at("2026-03-02")).is_empty());
}
