//! Activities and adjustments as clients post them.

use serde_json::Value;

use super::{
    AMOUNT, DAY, LONGEST_LINE, LONGEST_NARRATIVE, MOMENT, amount, credit, day, https_url,
    members::Members,
    moment, slug,
    text::{self, Lines},
    unit,
};
use crate::{
    cpd::{
        MOST_CREDIT,
        activity::{Activity, Adjustment, PriorLearning, TransferRequest},
    },
    field::FieldError,
};

const ACTIVITY: [&str; 6] = ["title", "credit", "finishedAt", "category", "reflection", "evidence"];
const TRANSFER: [&str; 4] = ["credential", "credit", "equivalence", "category"];
const PRIOR_LEARNING: [&str; 3] = ["transfer", "achievement", "reason"];
const STATEMENT: [&str; 1] = ["text"];
/// Characters of what a learner writes of a period: enough for the 4,000 words that a
/// scheme can ask for, and little enough to be signed in a statement.
const LONGEST_STATEMENT: usize = 30_000;
const ADJUSTMENT: [&str; 5] = ["amount", "unit", "earnedOn", "category", "reason"];

/// Reads a declared activity, or says everything that is wrong with it.
pub fn activity(document: &Value) -> Result<Activity, Vec<FieldError>> {
    read(document, "an activity", &ACTIVITY, |members, faults| {
        let title = members.required_line("title", LONGEST_LINE, "what was done, on one line", faults);
        let expected = "the credit claimed: an object with `amount` and `unit`";
        let credit = members
            .required("credit", expected, faults)
            .and_then(|value| credit(value, members.pointer_to("credit"), faults));
        let finished_at = members
            .required("finishedAt", MOMENT, faults)
            .and_then(|value| moment(value, &members.pointer_to("finishedAt"), faults));
        let category = members
            .optional("category")
            .and_then(|value| slug(value, &members.pointer_to("category"), faults));
        let reflection = members.optional("reflection").and_then(|value| {
            text::read(value, &members.pointer_to("reflection"), LONGEST_NARRATIVE, Lines::Many, faults)
        });
        let evidence = members
            .optional("evidence")
            .and_then(|value| https_url(value, &members.pointer_to("evidence"), faults));
        if let Some(credit) = credit.as_ref().filter(|credit| credit.amount().is_zero()) {
            let pointer = format!("{}/amount", members.pointer_to("credit"));
            faults.push(FieldError::new(pointer, "nothing", format!("is {credit}"), "more than nothing"));
        }
        Some(Activity {
            title: title?,
            credit: credit?,
            finished_at: finished_at?.to_utc(),
            category,
            reflection,
            evidence,
        })
    })
}

/// Reads an adjustment, or says everything that is wrong with it.
pub fn adjustment(document: &Value) -> Result<Adjustment, Vec<FieldError>> {
    read(document, "an adjustment", &ADJUSTMENT, |members, faults| {
        let pointer = members.pointer_to("amount");
        let amount = members
            .required("amount", AMOUNT, faults)
            .and_then(|value| amount(value, &pointer, faults))
            .map(|amount| amount.normalize());
        if let Some(amount) = amount
            && (amount.is_zero() || amount.abs() > MOST_CREDIT.into() || amount.scale() > 2)
        {
            let expected = "an amount above or below zero, at most 10000, with at most two decimal places";
            faults.push(FieldError::new(pointer, "not-an-adjustment", format!("is {amount}"), expected));
        }
        let unit = members
            .required("unit", "the unit: `hours`, `points` or `credits:<scheme>`", faults)
            .and_then(|value| unit(value, &members.pointer_to("unit"), faults));
        let earned_on = members
            .required("earnedOn", DAY, faults)
            .and_then(|value| day(value, &members.pointer_to("earnedOn"), faults));
        let category = members
            .optional("category")
            .and_then(|value| slug(value, &members.pointer_to("category"), faults));
        let reason = members.required_line("reason", LONGEST_LINE, "why, on one line", faults);
        Some(Adjustment { amount: amount?, unit: unit?, earned_on: earned_on?, category, reason: reason? })
    })
}

/// Reads what is asked for a credential of somebody else's, or says everything that is
/// wrong with it.
pub fn transfer(document: &Value) -> Result<TransferRequest, Vec<FieldError>> {
    read(document, "a transfer", &TRANSFER, |members, faults| {
        let expected = "the credential: an object, or a token as a string";
        let credential = members.required("credential", expected, faults);
        if credential.is_some_and(|value| !value.is_object() && !value.is_string()) {
            let pointer = members.pointer_to("credential");
            faults.push(FieldError::new(
                pointer,
                "wrong-type",
                "is neither an object nor a string",
                expected,
            ));
        }
        let credit =
            members.optional("credit").and_then(|value| credit(value, members.pointer_to("credit"), faults));
        let category = members
            .optional("category")
            .and_then(|value| slug(value, &members.pointer_to("category"), faults));
        let equivalence = members.line("equivalence", LONGEST_LINE, faults);
        Some(TransferRequest { credential: credential?.clone(), credit, equivalence, category })
    })
}

/// Reads a decision about prior learning, or says everything that is wrong with it.
pub fn prior_learning(document: &Value) -> Result<PriorLearning, Vec<FieldError>> {
    read(document, "a decision about prior learning", &PRIOR_LEARNING, |members, faults| {
        let expected = "the UUID of the transfer's line in the ledger";
        let pointer = members.pointer_to("transfer");
        let transfer = members.required("transfer", expected, faults).and_then(|value| {
            let id = value.as_str().and_then(|text| text.parse().ok());
            if id.is_none() {
                faults.push(FieldError::new(pointer, "not-an-id", format!("is {value}"), expected));
            }
            id
        });
        let expected = "the short name of an achievement of the kind `prior_learning`";
        let achievement = members
            .required("achievement", expected, faults)
            .and_then(|value| slug(value, &members.pointer_to("achievement"), faults));
        let reason = members.required_line("reason", LONGEST_LINE, "why, on one line", faults);
        Some(PriorLearning { transfer: transfer?, achievement: achievement?, reason: reason? })
    })
}

/// Reads what a learner wrote of a period, or says everything that is wrong with it.
pub fn statement(document: &Value) -> Result<String, Vec<FieldError>> {
    read(document, "a statement", &STATEMENT, |members, faults| {
        let expected = "what the learner wrote: text that may run over several lines";
        let value = members.required("text", expected, faults)?;
        text::read(value, &members.pointer_to("text"), LONGEST_STATEMENT, Lines::Many, faults)
    })
}

fn read<T>(
    document: &Value,
    what: &str,
    known: &[&str],
    read: impl FnOnce(&Members<'_>, &mut Vec<FieldError>) -> Option<T>,
) -> Result<T, Vec<FieldError>> {
    let mut faults = Vec::new();
    let members = Members::of(document, String::new(), what, known, &mut faults);
    match members.and_then(|members| read(&members, &mut faults)) {
        Some(value) if faults.is_empty() => Ok(value),
        _ => Err(faults),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn pointers<T>(read: Result<T, Vec<FieldError>>) -> Vec<(String, &'static str)> {
        read.err().unwrap_or_default().into_iter().map(|fault| (fault.pointer, fault.code)).collect()
    }

    #[test]
    fn an_activity_is_read_whole_or_every_fault_is_told() {
        let good = json!({
            "title": "Read a book on data ethics",
            "credit": {"amount": "2.5", "unit": "hours"},
            "finishedAt": "2026-03-01T10:00:00Z",
            "category": "reading",
            "reflection": "Consent is a process.",
            "evidence": "https://learning.example.org/notes/1",
        });
        let read = activity(&good).unwrap();
        assert_eq!(
            (read.title.as_str(), read.credit.to_string().as_str()),
            ("Read a book on data ethics", "2.5 hours")
        );
        let bad = json!({"titel": 1, "credit": {"amount": 0, "unit": "hours"}, "finishedAt": "soon", "evidence": "http://x"});
        let mut found = pointers(activity(&bad));
        found.sort();
        assert_eq!(
            found.iter().map(|(pointer, _)| pointer.as_str()).collect::<Vec<_>>(),
            ["/credit/amount", "/evidence", "/finishedAt", "/titel", "/title"]
        );
        assert_eq!(pointers(activity(&json!([]))).len(), 1);
    }

    #[test]
    fn an_adjustment_may_take_away_but_not_be_nothing() {
        let with = |amount: &str| {
            adjustment(
                &json!({"amount": amount, "unit": "hours", "earnedOn": "2026-03-01", "reason": "Counted twice"}),
            )
        };
        assert_eq!(with("-1.50").unwrap().amount.to_string(), "-1.5");
        for amount in ["0", "10000.01", "-10001", "1.005"] {
            assert_eq!(pointers(with(amount)), [("/amount".to_owned(), "not-an-adjustment")], "{amount}");
        }
        let missing = adjustment(&json!({"amount": "1", "unit": "apples"}));
        assert_eq!(pointers(missing).len(), 3);
    }
}
