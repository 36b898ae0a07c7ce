//! The result of checking a badge: the verdict, then every check.

use askama::Template;
use chrono::DateTime;
use model::report::{Check, Outcome, Report, Verdict};

use super::common::OrganisationLink;
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
    /// The organisation of this service whose identifier the issuer's is, if
    /// it is one. Otherwise the page says that a name proves nothing: anybody
    /// can make a key and call themselves what they like.
    pub issuer: Option<OrganisationLink>,
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
            issuer: self.issuer.as_ref(),
            said: said(report, lang),
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
    issuer: Option<&'a OrganisationLink>,
    said: Vec<(&'static str, String)>,
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

fn said(report: &Report, lang: Lang) -> Vec<(&'static str, String)> {
    let (summary, t) = (&report.summary, lang.texts());
    // A date that cannot be read is shown as it stands.
    let dated = |text: &Option<String>| {
        text.as_deref().map(|text| {
            let read = DateTime::parse_from_rfc3339(text);
            read.map_or_else(|_| text.to_owned(), |moment| lang.moment(moment.to_utc()))
        })
    };
    [
        (t.badge_achievement, summary.achievement.clone()),
        (t.badge_holder, summary.holder.clone()),
        (t.report_issuer, summary.issuer_name.clone()),
        (t.report_issuer_id, summary.issuer_id.clone()),
        (t.report_from, dated(&summary.valid_from)),
        (t.report_until, dated(&summary.valid_until)),
        (t.report_id, summary.id.clone()),
    ]
    .into_iter()
    .filter_map(|(key, value)| value.map(|value| (key, value)))
    .collect()
}
