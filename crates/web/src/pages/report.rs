//! The result of checking a badge: the verdict, then every check.

use model::report::Report;

use crate::chrome::Chrome;

/// A report for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportPage {
    /// Everything that was checked.
    pub report: Report,
}

impl ReportPage {
    /// The page as HTML.
    pub fn render(&self, chrome: &Chrome<'_>) -> String {
        todo!("{chrome:?}")
    }
}
