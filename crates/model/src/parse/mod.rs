//! From what a provider sends to a [`Completion`]. Every fault is found at once
//! and named by a JSON Pointer.

mod core_skills;
mod cpd;
mod endorsement;
mod host;
mod learner;
mod members;
mod schema;
mod text;
mod trust;
mod withdrawal;

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, NaiveTime, Utc};
use rust_decimal::Decimal;
use serde_json::Value;
use url::Url;

use crate::completion::{Completion, DeliveryMode, StatedEvidence, StatedResult};
use crate::cpd::{Credit, CreditError, Unit};
use crate::field::FieldError;
use crate::id::Slug;
use crate::ob::{ResultStatus, ResultType};
use members::Members;
pub(crate) use members::nearest;
use text::Lines;

pub use core_skills::{consent, core_skills_ask, core_skills_tried, is_national};
pub use cpd::{activity, adjustment, prior_learning, statement, transfer};
pub use endorsement::endorsement;
pub use host::{chosen, host};
pub use schema::schema;
pub use trust::{trust_entry, trust_withdrawal};
pub use withdrawal::withdrawal;

/// The longest name of a learner, in characters.
pub const LONGEST_NAME: usize = 200;
/// The longest other single line (cohort, reference, organisation …), in characters.
pub const LONGEST_LINE: usize = 200;
/// The longest narrative of evidence, in characters.
pub const LONGEST_NARRATIVE: usize = 5_000;
/// The longest URL or DID, in characters.
pub const LONGEST_URL: usize = 2_000;
/// The most members of a group that can be named.
const MOST_MEMBERS: usize = 100;
/// The most identifiers of one learner.
pub const MOST_IDENTIFIERS: usize = 10;
/// The most results of one completion.
pub const MOST_RESULTS: usize = 50;
/// The most pieces of evidence of one completion.
pub const MOST_EVIDENCE: usize = 20;

const MEMBERS: [&str; 10] = [
    "learner",
    "achievement",
    "completedAt",
    "startedOn",
    "deliveryMode",
    "results",
    "credit",
    "evidence",
    "cohort",
    "reference",
];
const MODES: [(&str, DeliveryMode); 3] = [
    ("online", DeliveryMode::Online),
    ("face-to-face", DeliveryMode::FaceToFace),
    ("blended", DeliveryMode::Blended),
];
const MOMENT: &str =
    "a date and time with its zone, such as 2026-05-01T14:30:00+01:00, or a date such as 2026-05-01";
const DAY: &str = "a date, such as 2026-05-01";

/// Reads a completion in JSON, the members named as [`Completion`] serialises
/// them. `credit.amount` may be a string or a number. `completedAt` may be a
/// plain date, which is read as the beginning of that day in UTC; fractions of
/// a second are cut off.
pub fn completion(document: &Value) -> Result<Completion, Vec<FieldError>> {
    let mut faults = Vec::new();
    let read = Members::of(document, String::new(), "a completion", &MEMBERS, &mut faults)
        .map(|members| read(&members, &mut faults));
    match read.flatten() {
        Some(completion) if faults.is_empty() => Ok(completion),
        _ => Err(faults),
    }
}

/// Checks that nothing in the completion lies after `now`. [`completion`] does
/// not know the clock.
pub fn not_after(completion: &Completion, now: DateTime<Utc>) -> Vec<FieldError> {
    if completion.completed_at <= now {
        return Vec::new();
    }
    let (at, now) = (completion.completed_at.to_rfc3339(), now.to_rfc3339());
    let expected = "the moment when the learning was finished, not after the present one";
    vec![FieldError::new("/completedAt", "in-the-future", format!("{at} is after {now}"), expected)]
}

fn read(members: &Members<'_>, faults: &mut Vec<FieldError>) -> Option<Completion> {
    let learner = members
        .required("learner", "the learner: an object with `name` and `identifiers`", faults)
        .and_then(|value| learner::read(value, members.pointer_to("learner"), faults));
    let achievement = members
        .required("achievement", "the short name of an achievement in the catalogue", faults)
        .and_then(|value| slug(value, &members.pointer_to("achievement"), faults));
    let completed = members
        .required("completedAt", MOMENT, faults)
        .and_then(|value| moment(value, &members.pointer_to("completedAt"), faults));
    let started_on =
        members.optional("startedOn").and_then(|value| day(value, &members.pointer_to("startedOn"), faults));
    if let (Some(completed), Some(started)) = (completed, started_on) {
        in_order(started, completed, &members.pointer_to("startedOn"), faults);
    }
    let delivery_mode = members
        .optional("deliveryMode")
        .and_then(|value| mode(value, &members.pointer_to("deliveryMode"), faults));
    let results = members.list("results", MOST_RESULTS, faults, result);
    let credit =
        members.optional("credit").and_then(|value| credit(value, members.pointer_to("credit"), faults));
    let evidence = members.list("evidence", MOST_EVIDENCE, faults, evidence);
    let cohort = members.line("cohort", LONGEST_LINE, faults);
    let reference = members.line("reference", LONGEST_LINE, faults);
    Some(Completion {
        learner: learner?,
        achievement: achievement?,
        completed_at: completed?.to_utc(),
        started_on,
        delivery_mode,
        results,
        credit,
        evidence,
        cohort,
        reference,
    })
}

fn slug(value: &Value, pointer: &str, faults: &mut Vec<FieldError>) -> Option<Slug> {
    let text = text::string(value, pointer, "the short name of an achievement", faults)?;
    let slug = Slug::new(text.trim());
    let expected = "the short name of an achievement in the catalogue, such as `user-centred-design`";
    slug.map_err(|error| faults.push(FieldError::new(pointer, "not-a-slug", error.to_string(), expected)))
        .ok()
}

fn moment(value: &Value, pointer: &str, faults: &mut Vec<FieldError>) -> Option<DateTime<FixedOffset>> {
    let text = text::string(value, pointer, MOMENT, faults)?.trim();
    let at = if crate::schema::is_date(text) {
        let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok();
        day.map(|day| day.and_time(NaiveTime::MIN).and_utc().fixed_offset())
    } else if crate::schema::is_date_time(text) {
        DateTime::parse_from_rfc3339(text).ok()
    } else {
        None
    };
    let Some(at) = at else {
        let zoneless = crate::schema::is_date_time(&format!("{text}Z"));
        let detail = if zoneless { "has no time zone" } else { "is not a date and time that exists" };
        faults.push(FieldError::new(pointer, "not-date-time", format!("`{text}` {detail}"), MOMENT));
        return None;
    };
    plausible(at.date_naive(), pointer, faults)?;
    Some(chrono::SubsecRound::trunc_subsecs(at, 0))
}

fn day(value: &Value, pointer: &str, faults: &mut Vec<FieldError>) -> Option<NaiveDate> {
    let text = text::string(value, pointer, DAY, faults)?.trim();
    if !crate::schema::is_date(text) {
        let detail = format!("`{text}` is not a date that exists");
        faults.push(FieldError::new(pointer, "not-date", detail, DAY));
        return None;
    }
    let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?;
    plausible(day, pointer, faults)
}

/// The year 0026 is a slip of the pen, not a date of learning.
fn plausible(day: NaiveDate, pointer: &str, faults: &mut Vec<FieldError>) -> Option<NaiveDate> {
    if day.year() >= 1948 {
        return Some(day);
    }
    let detail = format!("{day} is before 1948");
    faults.push(FieldError::new(pointer, "implausible-date", detail, "a date within the life of the NHS"));
    None
}

/// A day and a moment are compared in the moment's own zone and in UTC, so that
/// a late evening never makes the same day "the day before".
fn in_order(
    started: NaiveDate,
    completed: DateTime<FixedOffset>,
    pointer: &str,
    faults: &mut Vec<FieldError>,
) {
    let last = completed.date_naive().max(completed.to_utc().date_naive());
    if started > last {
        let detail = format!("{started} is after the completion on {last}");
        faults.push(FieldError::new(pointer, "not-in-order", detail, "a day not after `completedAt`"));
    }
}

fn mode(value: &Value, pointer: &str, faults: &mut Vec<FieldError>) -> Option<DeliveryMode> {
    let expected = "one of online, face-to-face, blended";
    let text = text::string(value, pointer, expected, faults)?;
    let mode = MODES.iter().find(|(name, _)| *name == text).map(|(_, mode)| *mode);
    if mode.is_none() {
        faults.push(FieldError::new(pointer, "not-a-choice", format!("is `{}`", text::clip(text)), expected));
    }
    mode
}

fn result(value: &Value, pointer: String, faults: &mut Vec<FieldError>) -> Option<StatedResult> {
    let members = Members::of(value, pointer, "a result", &["name", "value", "resultType"], faults)?;
    let name = members.required_line("name", LONGEST_LINE, "what was measured, such as `Assessment`", faults);
    let value = members.required_line("value", LONGEST_LINE, "the value reached, as a string", faults);
    let words = ResultType::CHOICE.values.join(", ");
    let expected = format!("an OB 3.0 ResultType: one of {words}, or a name that begins with `ext:`");
    let result_type =
        members.required_line("resultType", LONGEST_LINE, &expected, faults).filter(|word| {
            let allowed = ResultType::CHOICE.allows(word);
            if !allowed {
                let detail = format!("is `{}`", text::clip(word));
                faults.push(FieldError::new(
                    members.pointer_to("resultType"),
                    "not-a-choice",
                    detail,
                    expected,
                ));
            }
            allowed
        })?;
    let value = value.filter(|value| {
        // OB 3.0, Result: a result of type Status says one of these words.
        let fits = result_type != "Status" || ResultStatus::CHOICE.allows(value);
        if !fits {
            let expected = format!("for `Status` one of {}", ResultStatus::CHOICE.values.join(", "));
            let detail = format!("is `{}`", text::clip(value));
            faults.push(FieldError::new(members.pointer_to("value"), "not-a-choice", detail, expected));
        }
        fits
    });
    Some(StatedResult { name: name?, value: value?, result_type })
}

fn credit(value: &Value, pointer: String, faults: &mut Vec<FieldError>) -> Option<Credit> {
    if value.is_array() {
        let expected = "one object with `amount` and `unit`: units of credit never mix in one completion";
        faults.push(FieldError::new(pointer, "mixed-units", "is an array", expected));
        return None;
    }
    let members = Members::of(value, pointer, "credit", &["amount", "unit"], faults)?;
    let amount = members
        .required("amount", AMOUNT, faults)
        .and_then(|value| amount(value, &members.pointer_to("amount"), faults));
    let unit = members
        .required("unit", "the unit: `hours`, `points` or `credits:<scheme>`", faults)
        .and_then(|value| unit(value, &members.pointer_to("unit"), faults));
    Credit::new(amount?, unit?)
        .map_err(|error| {
            let code = match error {
                CreditError::Negative(_) => "negative",
                CreditError::TooMuch(_) => "too-much",
                CreditError::TooFine(_) => "too-fine",
            };
            faults.push(FieldError::new(members.pointer_to("amount"), code, error.to_string(), AMOUNT));
        })
        .ok()
}

const AMOUNT: &str = "an amount from 0 to 10000 with at most two decimal places, such as \"6.5\"";

fn amount(value: &Value, pointer: &str, faults: &mut Vec<FieldError>) -> Option<Decimal> {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        other => {
            let detail = format!("is {}", crate::schema::check::kind_of(other));
            faults.push(FieldError::new(pointer, "wrong-type", detail, AMOUNT));
            return None;
        }
    };
    let digits = text.strip_prefix('-').unwrap_or(&text);
    let plain = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    // Only a JSON number may come in scientific notation: it is how large floats print.
    let amount = match (plain, value) {
        (true, _) => text.parse::<Decimal>().ok(),
        (false, Value::Number(_)) => Decimal::from_scientific(&text).ok(),
        (false, _) => None,
    };
    if amount.is_none() {
        let detail = format!("`{}` is not an amount that can be credit", text::clip(&text));
        faults.push(FieldError::new(pointer, "not-an-amount", detail, AMOUNT));
    }
    amount
}

fn unit(value: &Value, pointer: &str, faults: &mut Vec<FieldError>) -> Option<Unit> {
    let expected = "one of `hours`, `points` or `credits:<scheme>`, such as `credits:ects`; units never mix";
    let text = text::string(value, pointer, expected, faults)?;
    let detail = |_| FieldError::new(pointer, "unknown-unit", format!("is `{}`", text::clip(text)), expected);
    text.trim().parse().map_err(|error| faults.push(detail(error))).ok()
}

fn evidence(value: &Value, pointer: String, faults: &mut Vec<FieldError>) -> Option<StatedEvidence> {
    let members = Members::of(value, pointer, "evidence", &["url", "name", "narrative"], faults)?;
    let before = faults.len();
    let url = members.optional("url").and_then(|value| https_url(value, &members.pointer_to("url"), faults));
    let name = members.line("name", LONGEST_LINE, faults);
    let narrative = members.optional("narrative").and_then(|value| {
        text::read(value, &members.pointer_to("narrative"), LONGEST_NARRATIVE, Lines::Many, faults)
    });
    if faults.len() == before && url.is_none() && narrative.is_none() {
        let expected = "`url`, `narrative` or both";
        faults.push(FieldError::new(members.pointer(), "missing-one-of", "shows nothing", expected));
    }
    Some(StatedEvidence { url, name, narrative })
}

fn https_url(value: &Value, pointer: &str, faults: &mut Vec<FieldError>) -> Option<String> {
    let expected = "an https URL, such as https://learning.example.org/evidence/1";
    let text = text::read(value, pointer, LONGEST_URL, Lines::One, faults)?;
    let url = Url::parse(&text).ok().filter(|url| {
        url.scheme() == "https" && url.username().is_empty() && url.password().is_none() && url.has_host()
    });
    if url.is_none() {
        let detail = format!("`{}` is not an https URL", text::clip(&text));
        faults.push(FieldError::new(pointer, "not-https", detail, expected));
    }
    url.map(String::from)
}

#[cfg(test)]
mod tests;
