//! What a kind of problem means (RFC 9457 `type`), and the list of them all.

use askama::Template;

use crate::{
    chrome::Chrome,
    frame::{Frame, write},
    texts::Texts,
};

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
        let frame = Frame::new(chrome, self.title.as_str()).describe(&self.meaning);
        write(&View { frame, t: chrome.lang.texts(), page: self })
    }
}

impl ProblemListPage {
    /// The page as HTML.
    pub fn render(&self, chrome: &Chrome<'_>) -> String {
        let t = chrome.lang.texts();
        write(&ListView { frame: Frame::new(chrome, t.problems_title), t, page: self })
    }
}

#[derive(Template)]
#[template(path = "problem.html")]
struct View<'a> {
    frame: Frame<'a>,
    t: &'static Texts,
    page: &'a ProblemPage,
}

#[derive(Template)]
#[template(path = "problems.html")]
struct ListView<'a> {
    frame: Frame<'a>,
    t: &'static Texts,
    page: &'a ProblemListPage,
}
