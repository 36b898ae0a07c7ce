//! Signed badges of every form with one thing changed, thousands of times:
//! whatever changes the meaning does not verify, and the report says why. What
//! the meaning is, the reference JSON-LD processor says, not we.
//!
//! `LANYARD_CASES` sets how many changes are made, `LANYARD_SEED` where the dice
//! begin; a failure tells the seed that makes its change again.

mod edits;
mod forms;
mod meaning;

use std::collections::BTreeMap;

use model::report::{Outcome, Report, Verdict};
use verification::Expectation;

use self::edits::Edit;
use self::forms::{Form, Meaning};
use self::meaning::Judge;
use crate::sample::Dice;
use crate::support::*;

fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |text| text.parse().expect("a number"))
}

/// A change that was not refused.
struct Accepted {
    seed: u64,
    edit: &'static str,
    text: String,
}

#[test]
fn no_change_of_meaning_verifies_and_each_refusal_names_its_reason() {
    let forms = forms::all();
    let each = setting("LANYARD_CASES", 10_000).div_ceil(u64::try_from(forms.len()).unwrap());
    let base = setting("LANYARD_SEED", 20_261_123);
    let outcomes: Vec<(Vec<Accepted>, BTreeMap<String, u64>)> = std::thread::scope(|threads| {
        let running: Vec<_> = forms
            .iter()
            .zip(0..)
            .map(|(form, number)| threads.spawn(move || changed(form, base + number * 1_000_000, each)))
            .collect();
        running.into_iter().map(|form| form.join().unwrap()).collect()
    });
    let mut judge = Judge::new();
    for (form, (accepted, refusals)) in forms.iter().zip(&outcomes) {
        // Of a token every byte counts; in the others some changes change nothing.
        let first = accepted.first().map(|it| &it.text);
        assert_eq!(
            form.meaning == Meaning::Text,
            first.is_none(),
            "{}: {} became {first:?}",
            form.name,
            form.signed
        );
        for Accepted { seed, edit, text } in accepted {
            judge.is_asked(form, text, format!("{} (seed {seed}, {edit})", form.name));
        }
        let reasons = refusals.len();
        println!("{}: {} of {each} accepted, {reasons} reasons of refusal", form.name, accepted.len());
        assert!(reasons >= form.least_reasons, "{}: only {refusals:?}", form.name);
    }
    let changed = judge.what_changed();
    assert!(changed.is_empty(), "these verify and mean something else:\n{}", changed.join("\n"));
}

/// Changes the form's badge `cases` times; what was accepted, and the codes of
/// what was refused.
fn changed(form: &Form, base: u64, cases: u64) -> (Vec<Accepted>, BTreeMap<String, u64>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let verifier = verifier(form.web());
    let verify =
        |text: &str| runtime.block_on(verifier.verify(&form.submitted(text), &Expectation::default()));
    let report = verify(&form.signed);
    assert_eq!(report.verdict, Verdict::Valid, "{}: {report:#?}", form.name);

    let (mut accepted, mut refusals) = (Vec::new(), BTreeMap::new());
    for seed in base..base + cases {
        let Edit { name: edit, text } = edits::edit(&form.signed, form.is_json(), &mut Dice::new(seed << 20));
        if text == form.signed {
            continue;
        }
        let report = verify(&text);
        if report.verdict == Verdict::Valid {
            accepted.push(Accepted { seed, edit, text });
        } else {
            let reason = reason(&report, &format!("{} (seed {seed}, {edit})", form.name));
            *refusals.entry(reason).or_default() += 1;
        }
    }
    (accepted, refusals)
}

/// The code of the first check that did not pass; every check says what it found.
fn reason(report: &Report, context: &str) -> String {
    assert_complete(report);
    let wanted = match report.verdict {
        Verdict::Invalid => Outcome::Fail,
        _ => Outcome::NotChecked,
    };
    let reason = report.checks.iter().find(|check| check.outcome == wanted);
    reason.unwrap_or_else(|| panic!("{context}: {report:#?}")).code.clone()
}
