//! What people see when there is nothing to show.

use askama::Template;

use crate::{
    chrome::Chrome,
    frame::{Frame, write},
    texts::Texts,
};

/// Why there is nothing to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FailureKind {
    /// 404: nothing stands at this address.
    NotFound,
    /// 410: it was about somebody who was erased.
    Gone,
    /// 400, 405, 406, 413, 415, 422 …: the request cannot be served as it is.
    BadRequest {
        /// The HTTP status.
        status: u16,
        /// What is wrong with it, for people.
        detail: String,
    },
    /// 429: too many requests.
    TooMany {
        /// Seconds to wait.
        retry_after: u64,
    },
    /// 500: our fault.
    Internal,
    /// 503: the database or another part does not answer for the moment.
    Unavailable,
}

/// An error page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailurePage {
    /// Why.
    pub kind: FailureKind,
    /// What to quote when asking for help, such as the request's id.
    pub reference: Option<String>,
}

impl FailurePage {
    /// The HTTP status the page is served with.
    pub fn status(&self) -> u16 {
        match self.kind {
            FailureKind::NotFound => 404,
            FailureKind::Gone => 410,
            FailureKind::BadRequest { status, .. } => status,
            FailureKind::TooMany { .. } => 429,
            FailureKind::Internal => 500,
            FailureKind::Unavailable => 503,
        }
    }

    /// The page as HTML.
    pub fn render(&self, chrome: &Chrome<'_>) -> String {
        let t = chrome.lang.texts();
        let (title, text) = match &self.kind {
            FailureKind::NotFound => (t.not_found, t.not_found_text.to_owned()),
            FailureKind::Gone => (t.gone, t.gone_text.to_owned()),
            FailureKind::BadRequest { .. } => (t.bad_request, String::new()),
            FailureKind::TooMany { retry_after } => {
                (t.too_many, format!("{} {retry_after}", t.too_many_text))
            }
            FailureKind::Internal => (t.internal, t.internal_text.to_owned()),
            FailureKind::Unavailable => (t.unavailable, t.unavailable_text.to_owned()),
        };
        let detail = match &self.kind {
            FailureKind::BadRequest { detail, .. } => Some(detail.as_str()),
            _ => None,
        };
        write(&View { frame: Frame::new(chrome, title).unlisted(), t, page: self, text, detail })
    }
}

#[derive(Template)]
#[template(path = "failure.html")]
struct View<'a> {
    frame: Frame<'a>,
    t: &'static Texts,
    page: &'a FailurePage,
    text: String,
    detail: Option<&'a str>,
}
