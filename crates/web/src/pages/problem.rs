//! What a kind of problem means (RFC 9457 `type`), and the list of them all.

use crate::chrome::Chrome;

/// One kind of problem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProblemPage {
    /// Its short name, the last segment of its URL.
    pub slug: String,
    /// RFC 9457 `title`.
    pub title: String,
    /// The HTTP status it comes with.
    pub status: u16,
    /// What happened, in sentences.
    pub meaning: String,
    /// What to do about it, in sentences.
    pub action: String,
    /// A problem document as the service sends it.
    pub example: Option<String>,
}

/// One line of the list of problems.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProblemLink {
    /// Its short name.
    pub slug: String,
    /// RFC 9457 `title`.
    pub title: String,
    /// The HTTP status it comes with.
    pub status: u16,
}

/// All kinds of problems, in the order to show.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ProblemListPage {
    /// The lines.
    pub problems: Vec<ProblemLink>,
}

impl ProblemPage {
    /// The page as HTML.
    pub fn render(&self, chrome: &Chrome<'_>) -> String {
        todo!("{chrome:?}")
    }
}

impl ProblemListPage {
    /// The page as HTML.
    pub fn render(&self, chrome: &Chrome<'_>) -> String {
        todo!("{chrome:?}")
    }
}
