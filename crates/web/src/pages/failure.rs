//! What people see when there is nothing to show.

use askama::Template;

use crate::{
    chrome::Chrome,
    frame::{Frame, write},
    texts::Texts,
};

/// Why there is nothing to show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailureKind {
    /// 404: nothing stands at this address.
    NotFound,
    /// 410: it was about somebody who was erased.
    Gone,
    /// 410: what was offered or asked for by this link is over.
    Ended,
    /// 401, 403: it is not for whoever asks.
    Refused,
    /// 408: what was sent did not arrive in time.
    TooSlow,
    /// 413: what was sent is too large.
    TooLarge,
    /// 400, 405, 406, 409, 415, 422 …: the request cannot be served as it is.
    BadRequest,
    /// 429: too many requests.
    TooMany {
        /// Seconds to wait.
        retry_after: u64,
    },
    /// 500: our fault.
    Internal,
    /// 502: another service's.
    Elsewhere,
    /// 503: the database or another part does not answer for the moment.
    Unavailable,
}

/// An error page. What to do is said in the reader's language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailurePage {
    /// Why.
    pub kind: FailureKind,
    /// What exactly is wrong, in English, for whoever is asked for help.
    pub detail: Option<String>,
    /// What to quote when asking for help, such as the request's id.
    pub reference: Option<String>,
}

impl FailurePage {
    /// The page as HTML.
    pub fn render(&self, chrome: &Chrome<'_>) -> String {
        let t = chrome.lang.texts();
        let (title, text) = match self.kind {
            FailureKind::NotFound => (t.not_found, t.not_found_text),
            FailureKind::Gone => (t.gone, t.gone_text),
            FailureKind::Ended => (t.ended, t.ended_text),
            FailureKind::Refused => (t.refused, t.refused_text),
            FailureKind::TooSlow => (t.too_slow, t.too_slow_text),
            FailureKind::TooLarge => (t.too_large, t.too_large_text),
            FailureKind::BadRequest => (t.bad_request, t.bad_request_text),
            FailureKind::TooMany { .. } => (t.too_many, t.too_many_text),
            FailureKind::Internal => (t.internal, t.internal_text),
            FailureKind::Elsewhere => (t.elsewhere, t.elsewhere_text),
            FailureKind::Unavailable => (t.unavailable, t.unavailable_text),
        };
        let wait = match self.kind {
            FailureKind::TooMany { retry_after } => Some(retry_after),
            _ => None,
        };
        write(&View { frame: Frame::new(chrome, title).unlisted(), t, page: self, text, wait })
    }
}

#[derive(Template)]
#[template(path = "failure.html")]
struct View<'a> {
    frame: Frame<'a>,
    t: &'static Texts,
    page: &'a FailurePage,
    text: &'static str,
    /// Seconds, which end the text.
    wait: Option<u64>,
}
