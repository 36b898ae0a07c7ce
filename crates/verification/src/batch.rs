//! Many credentials in one call: what is told of each in a line.

use std::fmt::Write as _;

use model::{
    report::{Conclusion, Outcome, Report, Verdict},
    rows::{ToCheck, What},
};
use serde::Serialize;

use crate::{Expectation, Submission, recognise_upload};

/// The one thing to be checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Item {
    /// Something that was sent.
    Submission(Submission),
    /// An address to look at.
    Url(String),
}

/// What a row of a batch hands in, and what is expected of it besides `common`.
pub fn item(row: ToCheck, common: &Expectation) -> (Item, Expectation) {
    let item = match row.what {
        What::Text(text) => Item::Submission(recognise_upload(text.into(), None)),
        What::Url(url) => Item::Url(url),
    };
    let recipient = row.recipient.or_else(|| common.recipient.clone());
    (item, Expectation { recipient, ..common.clone() })
}

/// A report in short: what it comes to, what the credential says of itself, and the codes
/// that are more than a pass.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Brief<'a> {
    /// What the checks come to.
    pub verdict: Verdict,
    /// The same, with what leaves it open told apart.
    pub conclusion: Conclusion,
    /// The credential's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<&'a str>,
    /// The name of the achievement.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub achievement: Option<&'a str>,
    /// The holder's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub holder: Option<&'a str>,
    /// The issuer's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issuer: Option<&'a str>,
    /// The code of each check that failed.
    pub failed: Vec<&'a str>,
    /// The code of each warning.
    pub warnings: Vec<&'a str>,
    /// The code of each necessary check that could not be made.
    pub not_checked: Vec<&'a str>,
    /// What was found by the first check that failed, or else by the first necessary one
    /// that could not be made, or else what leaves the verdict open; empty of a valid one.
    pub finding: String,
}

impl<'a> Brief<'a> {
    /// The short form of `report`.
    pub fn of(report: &'a Report) -> Self {
        let codes = |outcome: Outcome, necessary: bool| -> Vec<&str> {
            let found = report.checks.iter().filter(|check| check.outcome == outcome);
            let found = found.filter(|check| !necessary || check.question.is_necessary());
            found.map(|check| check.code.as_str()).collect()
        };
        let (failed, not_checked) = (codes(Outcome::Fail, false), codes(Outcome::NotChecked, true));
        let mut finding = String::new();
        if let Some(first) = failed.first().or(not_checked.first())
            && let Some(check) = report.checks.iter().find(|check| check.code == *first)
        {
            // Writing to a string does not fail.
            let _ = write!(finding, "{}", check.finding);
        } else if report.conclusion != Conclusion::Valid {
            let _ = write!(finding, "{}", report.explanation);
        }
        Self {
            verdict: report.verdict,
            conclusion: report.conclusion,
            id: report.summary.id.as_deref(),
            achievement: report.summary.achievement.as_deref(),
            holder: report.summary.holder.as_deref(),
            issuer: report.summary.issuer_id.as_deref(),
            warnings: codes(Outcome::Warning, false),
            failed,
            not_checked,
            finding,
        }
    }
}
