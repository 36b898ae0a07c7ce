//! What is looked at only for whoever asks.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use model::clock::FixedClock;
use model::maintenance::State;
use model::report::{Report, Verdict};
use serde_json::{Value, json};
use verification::{
    Also, Asked, Entered, Expectation, Fetched, FirstOf, Logged, Maintained, Own, Recorded, StoodThen,
    Submission, Verifier,
};

use crate::support::*;

/// A service that issued the badges of key 1, and whose key 9 is compromised.
struct Service {
    log: Option<Logged>,
    ledger: Option<Entered>,
    maintenance: Option<State>,
    stood: Option<StoodThen>,
}

#[async_trait]
impl Own for Service {
    async fn answer(&self, _url: &str, _accept: &str) -> Option<Fetched> {
        None
    }

    fn revoked(&self, did: &str) -> Option<DateTime<Utc>> {
        (did == Key::new(9).did()).then(|| now() - TimeDelta::days(30))
    }

    async fn recorded(&self, _credential: &Value, issuer: &str, asked: Asked) -> Option<Recorded> {
        let own = [1, 9].map(|seed| Key::new(seed).did());
        own.iter().any(|own| own == issuer).then(|| Recorded {
            log: self.log.clone().filter(|_| asked.log),
            ledger: self.ledger.filter(|_| asked.ledger),
            maintenance: self.maintenance.filter(|_| asked.maintenance).map(|state| Maintained {
                state,
                since: now(),
                until: None,
            }),
            stood: self.stood.filter(|_| asked.as_of.is_some()),
        })
    }
}

fn nothing() -> Service {
    Service { log: None, ledger: None, maintenance: None, stood: None }
}

fn at(days: i64) -> DateTime<Utc> {
    now() + TimeDelta::days(days)
}

async fn asked(service: Service, web: Web, badge: &Value, expectation: Expectation) -> Report {
    let verifier = Verifier::new(Arc::new(FirstOf(service, web)), Arc::new(FixedClock::new(now())));
    verifier.verify(&Submission::Json(badge.to_string().into_bytes()), &expectation).await
}

fn signed(seed: u8) -> Value {
    Key::new(seed).sign(badge(&Key::new(seed).did()))
}

fn also(also: Also) -> Expectation {
    Expectation { also, ..Expectation::default() }
}

#[tokio::test]
async fn the_log_speaks_for_a_badge_of_its_own() {
    let log = also(Also { log: true, ..Also::default() });
    let included = Logged::In { index: 7, size: 9, at: at(-90) };
    for (seed, logged, code, verdict) in [
        (1, Some(included.clone()), "log-included", Verdict::Valid),
        (1, Some(Logged::Waiting), "log-waiting", Verdict::Valid),
        (1, Some(Logged::Other), "log-differs", Verdict::Invalid),
        (1, Some(Logged::Absent), "log-absent", Verdict::Invalid),
        (1, Some(Logged::Unanswered), "log-no-answer", Verdict::Valid),
        (2, Some(included.clone()), "log-not-own", Verdict::Valid),
    ] {
        let report =
            asked(Service { log: logged, ..nothing() }, Web::default(), &signed(seed), log.clone()).await;
        assert_eq!((check(&report, code).code.as_str(), report.verdict), (code, verdict));
        assert_complete_but(&report, 14);
    }
    // What was changed is not told of: anybody may write the id of a credential.
    let mut changed = signed(1);
    changed["name"] = json!("Another");
    check(
        &asked(Service { log: Some(included), ..nothing() }, Web::default(), &changed, log).await,
        "log-not-own",
    );
}

#[tokio::test]
async fn the_ledger_is_asked_of_a_badge_of_its_own() {
    let ledger = also(Also { ledger: true, ..Also::default() });
    let stands = Entered::Stands { at: at(-90) };
    for (seed, entered, code, verdict) in [
        (1, Some(stands), "ledger-entered", Verdict::Valid),
        (1, Some(Entered::Reversed { at: at(-90), since: at(-1) }), "ledger-reversed", Verdict::Invalid),
        (1, Some(Entered::Absent), "ledger-absent", Verdict::Invalid),
        (1, Some(Entered::Unanswered), "ledger-no-answer", Verdict::Valid),
        (2, Some(stands), "ledger-not-own", Verdict::Valid),
    ] {
        let service = Service { ledger: entered, ..nothing() };
        let report = asked(service, Web::default(), &signed(seed), ledger.clone()).await;
        assert_eq!((check(&report, code).code.as_str(), report.verdict), (code, verdict));
        assert_complete_but(&report, 14);
    }
    let service = Service { ledger: Some(stands), ..nothing() };
    let unasked = asked(service, Web::default(), &signed(1), Expectation::default()).await;
    assert!(unasked.checks.iter().all(|check| check.code != "ledger-entered"));
}

#[tokio::test]
async fn of_a_revoked_key_only_an_older_entry_of_the_log_counts() {
    for (logged, code, verdict) in [
        (Some(Logged::In { index: 7, size: 9, at: at(-31) }), "key-revoked-logged", Verdict::Valid),
        (Some(Logged::In { index: 7, size: 9, at: at(-30) }), "key-revoked-since", Verdict::Undetermined),
        (Some(Logged::Other), "key-revoked-since", Verdict::Undetermined),
        (None, "key-revoked-since", Verdict::Undetermined),
    ] {
        let service = Service { log: logged, ..nothing() };
        let report = asked(service, Web::default(), &signed(9), Expectation::default()).await;
        assert_eq!((check(&report, code).code.as_str(), report.verdict), (code, verdict), "{report:#?}");
    }
}

#[tokio::test]
async fn what_keeps_it_in_force_and_how_it_stood_then_is_told_of_own_badges() {
    let maintenance = also(Also { maintenance: true, ..Also::default() });
    for (state, code) in [
        (Some(State::InForce), "maintenance-in-force"),
        (Some(State::Due), "maintenance-due"),
        (Some(State::Grace), "maintenance-grace"),
        (Some(State::Lapsed), "maintenance-lapsed"),
        (Some(State::Superseded), "maintenance-superseded"),
        (None, "maintenance-not-own"),
    ] {
        let service = Service { maintenance: state, ..nothing() };
        check(&asked(service, Web::default(), &signed(1), maintenance.clone()).await, code);
    }
    let then = Expectation { as_of: Some(at(-60)), ..Expectation::default() };
    for (seed, stood, code, verdict) in [
        (1, StoodThen::Stood, "status-then-clear", Verdict::Valid),
        (1, StoodThen::NotIssued, "status-then-not-issued", Verdict::Invalid),
        (1, StoodThen::Revoked { since: at(-61) }, "status-then-revoked", Verdict::Invalid),
        (2, StoodThen::Stood, "status-then-unknown", Verdict::Undetermined),
    ] {
        let service = Service { stood: Some(stood), ..nothing() };
        let report = asked(service, Web::default(), &signed(seed), then.clone()).await;
        assert_eq!((check(&report, code).code.as_str(), report.verdict), (code, verdict));
        assert_complete(&report);
    }
    let before =
        Expectation { as_of: Some("2025-12-31T23:59:59Z".parse().unwrap()), ..Expectation::default() };
    let service = Service { stood: Some(StoodThen::Stood), ..nothing() };
    check(&asked(service, Web::default(), &signed(1), before).await, "dates-not-yet");
}

#[tokio::test]
async fn evidence_is_asked_for_when_that_is_wanted() {
    let evidence = also(Also { evidence: true, ..Also::default() });
    let naming = |addresses: &[&str]| {
        let mut badge = badge(&issuer().did());
        let each: Vec<_> = addresses.iter().map(|id| json!({"id": id, "type": ["Evidence"]})).collect();
        badge["evidence"] = json!(each);
        issuer().sign(badge)
    };
    let web = || {
        Web::default()
            .answering("https://a.example.org/there", Ok(answer(200, "text/html", "")))
            .answering("https://a.example.org/gone", Ok(answer(404, "text/html", "")))
            .answering("https://a.example.org/secret", Ok(answer(401, "text/html", "")))
            .answering("https://a.example.org/silent", silent("https://a.example.org/silent"))
    };
    for (path, code) in [
        ("there", "evidence-there"),
        ("gone", "evidence-gone"),
        ("secret", "evidence-unreachable"),
        ("silent", "evidence-unreachable"),
    ] {
        let badge = naming(&[&format!("https://a.example.org/{path}")]);
        let report = asked(nothing(), web(), &badge, evidence.clone()).await;
        let found = check(&report, code);
        assert_eq!((found.code.as_str(), report.verdict), (code, Verdict::Valid));
        assert_eq!(found.finding.to_string().matches(path).count(), 1, "{}", found.finding);
        let unasked = asked(nothing(), Web::default(), &badge, Expectation::default()).await;
        assert!(!unasked.checks.iter().any(|check| check.code.starts_with("evidence")));
    }
    let many: Vec<String> = (0..20).map(|n| format!("https://a.example.org/{n}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let report = asked(nothing(), Web::default(), &naming(&many), evidence.clone()).await;
    check(&report, "evidence-too-many");
    assert_eq!(report.checks.iter().filter(|check| check.code == "evidence-unreachable").count(), 8);
    check(&asked(nothing(), Web::default(), &signed(1), evidence).await, "evidence-none");
}

#[tokio::test]
async fn the_expected_achievement_and_staff_number_are_compared() {
    let mut stating = badge(&issuer().did());
    let staff = json!({"type": "IdentityObject", "hashed": false, "identityHash": "20417733", "identityType": "identifier"});
    stating["credentialSubject"]["identifier"].as_array_mut().unwrap().push(staff);
    let stating = issuer().sign(stating);
    let expecting = |achievement: Option<&str>, recipient: Option<&str>| Expectation {
        achievement: achievement.map(str::to_owned),
        recipient: recipient.map(str::to_owned),
        ..Expectation::default()
    };
    for (expectation, code, verdict) in [
        (
            expecting(Some("https://badges.example.org/achievements/ucd"), None),
            "achievement-matches",
            Verdict::Valid,
        ),
        (
            expecting(Some("https://badges.example.org/achievements/data"), None),
            "achievement-differs",
            Verdict::Invalid,
        ),
        (expecting(None, Some("20417733")), "recipient-matches", Verdict::Valid),
        (expecting(None, Some("20417734")), "recipient-differs", Verdict::Invalid),
    ] {
        let report = asked(nothing(), Web::default(), &stating, expectation).await;
        assert_eq!((check(&report, code).code.as_str(), report.verdict), (code, verdict));
    }
}
