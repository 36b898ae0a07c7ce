//! Are the credentials good that a learner record holds?

use model::report::{Check, Conclusion, Outcome, Question, Report};
use serde_json::Value;

use super::{codes, say};
use crate::credential::{many, shown, text};

/// Credentials of a record that are checked; each may need documents from other hosts.
pub(crate) const MOST: usize = 64;

/// Which of a record's credentials.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    pub number: usize,
    pub of: usize,
}

/// The credentials of a record.
pub(crate) fn entries(record: &Value) -> Vec<&Value> {
    let subjects = many(record, "credentialSubject");
    subjects.into_iter().flat_map(|subject| many(subject, "verifiableCredential")).collect()
}

/// The subject of `part`, if it is not the record's: a record is of one learner.
pub(crate) fn of_another(record: &Value, part: &Value) -> Option<String> {
    let ids = |credential| {
        let subjects = many(credential, "credentialSubject");
        subjects.into_iter().filter_map(|subject| text(subject, "id")).collect::<Vec<_>>()
    };
    let learner = ids(record);
    ids(part).into_iter().find(|id| !learner.is_empty() && !learner.contains(id)).map(shown)
}

/// What the report on a credential comes to for the record. One that has expired or
/// was taken back since leaves the record true: it was earned.
pub(crate) fn concluded(place: Place, report: &Report) -> Check {
    let mut failed = report.checks.iter().filter(|check| check.outcome == Outcome::Fail);
    let lapse = [Question::Dates, Question::Status];
    let Place { number, of } = place;
    match report.conclusion {
        Conclusion::Valid => codes::RECORD_PART_VALID.found(say::part_valid(number, of)),
        Conclusion::Untrusted => codes::RECORD_PART_UNTRUSTED.found(say::part_untrusted(number, of)),
        Conclusion::Undetermined => codes::RECORD_PART_UNDETERMINED.found(say::part_open(number, of)),
        Conclusion::Invalid if failed.all(|check| lapse.contains(&check.question)) => {
            codes::RECORD_PART_LAPSED.found(say::part_lapsed(number, of))
        }
        Conclusion::Invalid => codes::RECORD_PART_INVALID.found(say::part_invalid(number, of)),
    }
}

/// A credential of the record is about somebody else.
pub(crate) fn foreign(place: Place, other: &str) -> Check {
    codes::RECORD_PART_FOREIGN.found(say::part_foreign(place.number, place.of, other))
}

/// A record in a record: its own credentials stay unread.
pub(crate) fn deeper() -> Check {
    codes::RECORD_PARTS_NESTED.found(say::record_in_record())
}

/// There are more than are checked.
pub(crate) fn too_many(number: usize) -> Check {
    codes::RECORD_PARTS_TOO_MANY.found(say::too_many_parts(number, MOST))
}
