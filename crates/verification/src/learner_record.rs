//! Checking a learner record (CLR 2.0): beside the record itself each of the
//! credentials it holds, with a report of its own.

use model::report::{Check, Report};
use proof::json::Limits;

use crate::Expectation;
use crate::checks::{format, held};
use crate::credential::{is_learner_record, summary};
use crate::opened::{self, Opened};
use crate::verifier::Run;

/// What was found of the credentials that a record holds.
#[derive(Default)]
pub(crate) struct Held {
    pub(crate) checks: Vec<Check>,
    pub(crate) reports: Vec<Report>,
}

impl Run {
    /// Checks the credentials that a learner record holds; nothing for any other
    /// credential. A record inside a record is checked for itself, and what it holds
    /// is not.
    pub(crate) async fn held(&self, opened: &Opened, expectation: &Expectation) -> Held {
        let record = &opened.credential;
        if !is_learner_record(record) {
            return Held::default();
        }
        let entries = held::entries(record);
        let mut held = Held::default();
        for (index, entry) in entries.iter().take(held::MOST).enumerate() {
            let place = held::Place { number: index.saturating_add(1), of: entries.len() };
            let (form, part) = match entry.as_str() {
                Some(token) => ("jwt", opened::jwt(token, &Limits::default())),
                None => ("json", opened::of_json((*entry).clone(), &Limits::default())),
            };
            let report = match &part {
                Err(fault) => self.nothing(form, format::unreadable(fault)),
                Ok(part) => {
                    let mut checks = self.credential_and_endorsements(part, form, expectation).await;
                    checks.extend(is_learner_record(&part.credential).then(held::deeper));
                    expectation.conclude(Report::conclude(self.now, form, summary(&part.credential), checks))
                }
            };
            let whose = part.as_ref().ok().and_then(|part| held::of_another(record, &part.credential));
            held.checks.push(held::concluded(place, &report));
            held.checks.extend(whose.map(|other| held::foreign(place, &other)));
            held.reports.push(report);
        }
        if entries.len() > held::MOST {
            held.checks.push(held::too_many(entries.len()));
        }
        held
    }
}
