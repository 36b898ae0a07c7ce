//! The result of checking a badge: the verdict, then every check.

use askama::Template;
use model::report::{Check, Outcome, Report, Verdict};

use crate::{
    chrome::{Chrome, Lang},
    frame::{Frame, write},
    texts::Texts,
};

/// A report for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportPage {
    /// Everything that was checked.
    pub report: Report,
}

impl ReportPage {
    /// The page as HTML.
    pub fn render(&self, chrome: &Chrome<'_>) -> String {
        let lang = chrome.lang;
        let t = lang.texts();
        let report = &self.report;
        let (verdict, heading, explanation) = match report.verdict {
            Verdict::Valid => ("valid", t.report_valid, t.report_valid_text),
            Verdict::Invalid => ("invalid", t.report_invalid, t.report_invalid_text),
            Verdict::Undetermined => ("undetermined", t.report_undetermined, t.report_undetermined_text),
        };
        let checks: Vec<_> =
            report.checks.iter().enumerate().map(|(n, check)| Line::new(n, check, lang)).collect();
        write(&View {
            frame: Frame::new(chrome, format!("{} – {heading}", t.report_title)).unlisted(),
            t,
            verdict,
            heading,
            explanation,
            counts: counts(&report.checks, lang),
            attention: checks.iter().filter(|line| line.stated.outcome != Outcome::Pass).cloned().collect(),
            valid: report.verdict == Verdict::Valid,
            said: said(report, t),
            form: lang.form(&report.form),
            checked: lang.moment(report.checked_at),
            checks,
        })
    }
}

#[derive(Template)]
#[template(path = "report.html")]
struct View<'a> {
    frame: Frame<'a>,
    t: &'static Texts,
    verdict: &'static str,
    heading: &'static str,
    explanation: &'static str,
    counts: String,
    attention: Vec<Line<'a>>,
    valid: bool,
    said: Vec<(&'static str, &'a str)>,
    form: String,
    checked: String,
    checks: Vec<Line<'a>>,
}

#[derive(Clone)]
struct Line<'a> {
    /// Distinct even where a question is asked twice, as for two proofs.
    anchor: String,
    question: &'static str,
    outcome: &'static str,
    colour: &'static str,
    fault: Option<&'static str>,
    stated: &'a Check,
}

impl<'a> Line<'a> {
    fn new(number: usize, stated: &'a Check, lang: Lang) -> Self {
        Self {
            anchor: format!("check-{}", number + 1),
            question: lang.question(stated.question),
            outcome: lang.outcome(stated.outcome),
            colour: match stated.outcome {
                Outcome::Pass => "green",
                Outcome::Warning => "yellow",
                Outcome::NotChecked => "grey",
                Outcome::Fail => "red",
            },
            fault: stated.fault.map(|fault| lang.fault(fault)),
            stated,
        }
    }
}

/// `Failed: 1. Passed: 9.`, the worst first.
fn counts(checks: &[Check], lang: Lang) -> String {
    [Outcome::Fail, Outcome::NotChecked, Outcome::Warning, Outcome::Pass]
        .into_iter()
        .map(|outcome| (outcome, checks.iter().filter(|check| check.outcome == outcome).count()))
        .filter(|(_, count)| *count > 0)
        .map(|(outcome, count)| format!("{}: {count}.", lang.outcome(outcome)))
        .collect::<Vec<_>>()
        .join(" ")
}

fn said<'a>(report: &'a Report, t: &Texts) -> Vec<(&'static str, &'a str)> {
    let summary = &report.summary;
    [
        (t.badge_achievement, &summary.achievement),
        (t.badge_holder, &summary.holder),
        (t.report_issuer, &summary.issuer_name),
        (t.report_issuer_id, &summary.issuer_id),
        (t.report_from, &summary.valid_from),
        (t.report_until, &summary.valid_until),
        (t.report_id, &summary.id),
    ]
    .into_iter()
    .filter_map(|(key, value)| value.as_deref().map(|value| (key, value)))
    .collect()
}
