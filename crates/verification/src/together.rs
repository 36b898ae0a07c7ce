//! Several things that were handed in together, each with its own report.

use chrono::{DateTime, Utc};
use model::report::{Report, Summary};

use crate::checks::presented;

/// What the whole is said to be read as.
pub(crate) const FORM: &str = "several";

/// One report on several, whose verdict is valid if they all are; the only one as it is.
pub fn together(mut reports: Vec<Report>, at: DateTime<Utc>) -> Report {
    if reports.len() == 1
        && let Some(only) = reports.pop()
    {
        return only;
    }
    let checks = presented::credentials(&reports, reports.len());
    Report::conclude(at, FORM, Summary::default(), checks).with_credentials(reports)
}

/// The reports on what was handed in: those of `together`, or the one.
pub fn apart(report: &Report) -> &[Report] {
    if report.form == FORM { &report.credentials } else { std::slice::from_ref(report) }
}
