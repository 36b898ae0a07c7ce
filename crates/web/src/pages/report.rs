//! The result of checking a badge: the verdict, then every check.

use askama::Template;
use chrono::DateTime;
use model::report::{Check, Conclusion, Outcome, Question, Report};

use super::common::OrganisationLink;
use crate::{
    chrome::{Chrome, Lang},
    frame::{Frame, write},
    texts::{Finding, Texts},
};

/// A report for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportPage {
    /// Everything that was checked.
    pub report: Report,
    /// The organisation of this service whose identifier the issuer's is, if
    /// it is one; shown only if the badge is valid, since anybody can write that
    /// identifier into a badge. Otherwise the page says that a name proves
    /// nothing: anybody can make a key and call themselves what they like.
    pub issuer: Option<OrganisationLink>,
}

impl ReportPage {
    /// The page as HTML.
    pub fn render(&self, chrome: &Chrome<'_>) -> String {
        let lang = chrome.lang;
        let t = lang.texts();
        let report = &self.report;
        let (verdict, _) =
            looks(if report.is_only_below_level { Conclusion::Untrusted } else { report.conclusion });
        let heading = lang.phrase(report.heading());
        let mut checks: Vec<_> =
            report.checks.iter().enumerate().map(|(n, check)| Line::new(n, check, lang)).collect();
        // What nobody asked for is no finding: it stands last.
        checks.sort_by_key(|line| not_asked(line.stated));
        write(&View {
            frame: Frame::new(chrome, format!("{} – {heading}", t.report_title)).unlisted(),
            t,
            verdict,
            heading,
            explanation: lang.sentence(&report.explanation),
            advice: report.advice.as_ref().map(|advice| lang.sentence(advice)),
            counts: counts(&report.checks, lang),
            attention: checks
                .iter()
                .filter(|line| line.stated.outcome != Outcome::Pass && !not_asked(line.stated))
                .cloned()
                .collect(),
            genuine: report.is_genuine(),
            judged: report.conclusion == Conclusion::Valid,
            issuer: self.issuer.as_ref(),
            holder: report.summary.holder.as_deref(),
            achievement: report.summary.achievement.as_deref(),
            issuer_name: report.summary.issuer_name.as_deref(),
            details: details(report, lang),
            form: lang.form(&report.form),
            checked: lang.moment(report.checked_at),
            checks,
            credentials: report
                .credentials
                .iter()
                .enumerate()
                .map(|(n, it)| Shown::new(n, it, lang))
                .collect(),
        })
    }
}

/// The style of a conclusion, of a whole page and of a tag.
fn looks(conclusion: Conclusion) -> (&'static str, &'static str) {
    match conclusion {
        Conclusion::Valid => ("valid", "green"),
        Conclusion::Invalid => ("invalid", "red"),
        Conclusion::Undetermined => ("undetermined", "grey"),
        Conclusion::Untrusted => ("undetermined", "yellow"),
    }
}

/// A credential of a presentation.
struct Shown<'a> {
    heading: String,
    verdict: &'static str,
    colour: &'static str,
    achievement: Option<&'a str>,
    holder: Option<&'a str>,
    issuer: Option<&'a str>,
    checks: Vec<Line<'a>>,
}

impl<'a> Shown<'a> {
    fn new(number: usize, report: &'a Report, lang: Lang) -> Self {
        let t = lang.texts();
        let (_, colour) = looks(report.conclusion);
        let first = number.saturating_add(1).saturating_mul(1000);
        let line = |(n, check)| Line::new(first.saturating_add(n), check, lang);
        let mut checks: Vec<_> = report.checks.iter().enumerate().map(line).collect();
        checks.sort_by_key(|line| not_asked(line.stated));
        let summary = &report.summary;
        Self {
            heading: format!("{} {}", t.report_credential, number.saturating_add(1)),
            verdict: lang.phrase(report.conclusion.heading()),
            colour,
            achievement: summary.achievement.as_deref(),
            holder: summary.holder.as_deref(),
            issuer: summary.issuer_name.as_deref().or(summary.issuer_id.as_deref()),
            checks,
        }
    }
}

#[derive(Template)]
#[template(path = "report.html")]
struct View<'a> {
    frame: Frame<'a>,
    t: &'static Texts,
    verdict: &'static str,
    heading: &'static str,
    explanation: String,
    advice: Option<String>,
    counts: String,
    attention: Vec<Line<'a>>,
    /// What it says of itself is proved.
    genuine: bool,
    /// Nothing is left for the reader to decide.
    judged: bool,
    issuer: Option<&'a OrganisationLink>,
    holder: Option<&'a str>,
    achievement: Option<&'a str>,
    issuer_name: Option<&'a str>,
    details: Vec<Detail>,
    form: String,
    checked: String,
    checks: Vec<Line<'a>>,
    credentials: Vec<Shown<'a>>,
}

#[derive(Clone)]
struct Line<'a> {
    /// Distinct even where a question is asked twice, as for two proofs.
    anchor: String,
    question: &'static str,
    outcome: &'static str,
    colour: &'static str,
    fault: Option<&'static str>,
    finding: Finding,
    stated: &'a Check,
}

impl<'a> Line<'a> {
    fn new(number: usize, stated: &'a Check, lang: Lang) -> Self {
        Self {
            anchor: format!("check-{}", number + 1),
            question: lang.question(stated.question),
            outcome: if not_asked(stated) {
                lang.texts().report_not_asked
            } else {
                lang.outcome(stated.outcome)
            },
            colour: match stated.outcome {
                Outcome::Pass => "green",
                Outcome::Warning => "yellow",
                Outcome::NotChecked => "grey",
                Outcome::Fail => "red",
            },
            fault: stated.fault.map(|fault| lang.fault(fault)),
            finding: lang.finding(stated),
            stated,
        }
    }
}

/// `Failed: 1. Passed: 9.`, the worst first.
fn counts(checks: &[Check], lang: Lang) -> String {
    [Outcome::Fail, Outcome::NotChecked, Outcome::Warning, Outcome::Pass]
        .into_iter()
        .map(|outcome| {
            (outcome, checks.iter().filter(|check| check.outcome == outcome && !not_asked(check)).count())
        })
        .filter(|(_, count)| *count > 0)
        .map(|(outcome, count)| format!("{}: {count}.", lang.outcome(outcome)))
        .collect::<Vec<_>>()
        .join(" ")
}

/// Whether the question does not arise: it awards nothing for which anybody need be
/// accredited, or nobody asked it: no person was named who should hold the badge,
/// no challenge or domain given for which a presentation should have been made.
pub(super) fn not_asked(check: &Check) -> bool {
    check.code == "accreditation-no-award"
        || matches!(check.question, Question::Recipient | Question::Challenge | Question::Domain)
            && check.code.ends_with("-not-asked")
}

pub(super) struct Detail {
    pub key: &'static str,
    pub value: String,
    /// The beginning and the end, where the whole is long and no words.
    short: Option<String>,
}

/// What the badge says besides what, whose and from whom it is.
pub(super) fn details(report: &Report, lang: Lang) -> Vec<Detail> {
    let (summary, t) = (&report.summary, lang.texts());
    // A date that cannot be read is shown as it stands.
    let dated = |text: &Option<String>| {
        text.as_deref().map(|text| {
            let read = DateTime::parse_from_rfc3339(text);
            read.map_or_else(|_| text.to_owned(), |moment| lang.moment(moment.to_utc()))
        })
    };
    let plain = |key, value: Option<String>| value.map(|value| Detail { key, value, short: None });
    let identifier = |key, value: &Option<String>| {
        value.clone().map(|value| Detail { key, short: shortened(&value), value })
    };
    [
        plain(t.report_policy, report.policy_name.clone()),
        plain(t.report_from, dated(&summary.valid_from)),
        plain(t.report_until, dated(&summary.valid_until)),
        identifier(t.report_issuer_id, &summary.issuer_id),
        identifier(t.report_id, &summary.id),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// `did:key:z6MkhaXg…Gta2doK`; nothing for what is short enough to be read.
fn shortened(identifier: &str) -> Option<String> {
    const FRONT: usize = 24;
    const BACK: usize = 8;
    let letters: Vec<char> = identifier.chars().collect();
    if letters.len() <= 48 {
        return None;
    }
    let front: String = letters.iter().take(FRONT).collect();
    let back: String = letters.iter().skip(letters.len().saturating_sub(BACK)).collect();
    Some(format!("{front}…{back}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_long_identifiers_are_shortened() {
        assert_eq!(shortened("did:web:badges.example.org"), None);
        assert_eq!(
            shortened("did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK").unwrap(),
            "did:key:z6MkhaXgBZDvotDk…EGta2doK"
        );
    }
}
