mod needs;
mod properties;
mod rules;
mod states;

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use uuid::Uuid;

use super::{
    Asks, Award, Cpd, Event, MaintenancePolicy, Policies, Published, Reinstatement, Renewal, Rules, Term,
    What,
};
use crate::{
    cpd::{Credit, standing::Line},
    id::{AwardId, CredentialId, Slug},
};

fn slug(text: &str) -> Slug {
    text.parse().unwrap()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// A moment; of a date alone, noon.
fn at(text: &str) -> DateTime<Utc> {
    let text = if text.contains('T') { format!("{text}Z") } else { format!("{text}T12:00:00Z") };
    text.parse().unwrap()
}

fn hours(amount: &str) -> Credit {
    Credit::new(amount.parse::<Decimal>().unwrap(), "hours".parse().unwrap()).unwrap()
}

/// Two years; renewed by ten hours a year within 90 days of the end or 30 days after
/// it; after that, for a year, by an assessment.
fn rules(from: &str) -> Rules {
    Rules {
        from: day(from),
        for_running_terms: false,
        valid_months: Some(24),
        renewal: Some(Renewal {
            opens_days_before: 90,
            on_request: false,
            asks: Asks {
                cpd: vec![Cpd::Amount { credit: hours("10"), category: None, every_months: Some(12) }],
                reassessment: None,
            },
            reminders_days_before: vec![90, 30, 7],
        }),
        grace_days: 30,
        reinstatement: Some(Reinstatement {
            within_days: 365,
            on_request: false,
            asks: Asks { cpd: Vec::new(), reassessment: Some(slug("assessment")) },
        }),
    }
}

fn policy(rules: Vec<Rules>) -> MaintenancePolicy {
    MaintenancePolicy {
        slug: slug("sample-policy"),
        name: "Sample policy".to_owned(),
        body: slug("sample-body"),
        url: None,
        is_sample: true,
        achievements: vec![slug("certification")],
        programmes: Vec::new(),
        rules,
        until: None,
    }
}

fn published(policy: MaintenancePolicy, at: DateTime<Utc>) -> Published {
    Published { slug: policy.slug.clone(), policy: Some(policy), at }
}

/// The one policy, published long ago.
fn policies() -> Policies {
    Policies::new(vec![published(policy(vec![rules("2020-01-01")]), at("2020-01-01"))], BTreeMap::new())
}

fn uuid(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

fn event(recorded: &str, what: What) -> Event {
    Event { recorded: at(recorded), what }
}

fn issued(issue: u32, begun: &str, until: &str) -> Event {
    let credential = CredentialId::from(uuid(u128::from(issue)));
    event(begun, What::Issued(Term { credential, issue, begun: at(begun), until: Some(at(until)) }))
}

fn earned(on: &str, amount: &str) -> Event {
    let line = Line {
        id: on.to_owned(),
        earned_on: day(on),
        amount: amount.parse().unwrap(),
        unit: "hours".parse().unwrap(),
        category: None,
    };
    event(on, What::Credit(line))
}

fn completed(number: u128, achievement: &str, on: &str) -> Event {
    let award = AwardId::from(uuid(number));
    event(on, What::Completed { award, achievement: slug(achievement), at: at(on) })
}

/// Certified on the first of March 2024, for two years, and `events` since.
fn award(events: Vec<Event>) -> Award {
    let first = issued(1, "2024-03-01", "2026-03-01");
    Award {
        id: AwardId::from(uuid(100)),
        achievement: slug("certification"),
        awarded: at("2024-03-01"),
        events: [first].into_iter().chain(events).collect(),
    }
}
