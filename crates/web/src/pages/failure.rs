//! What people see when there is nothing to show.

use crate::chrome::Chrome;

/// Why there is nothing to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FailureKind {
    /// 404: nothing stands at this address.
    NotFound,
    /// 410: something stood here and was removed.
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
        todo!("{chrome:?}")
    }
}
