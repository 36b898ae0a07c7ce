//! The form that takes a badge to be checked.

use crate::chrome::Chrome;

/// The field of the form that an error is about. The form is sent by `POST`
/// as `multipart/form-data` with the fields `text`, `file` and `url`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VerifyField {
    /// `text`: a pasted badge (JSON or JWT).
    Text,
    /// `file`: an uploaded badge (JSON, JWT, PNG or SVG).
    File,
    /// `url`: the address of a badge.
    Url,
}

/// Why the form could not be taken. A badge that was read and found wanting is
/// no such error: it gets a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VerifyFormError {
    /// All three fields are empty.
    Nothing,
    /// More than one field is filled.
    MoreThanOne,
    /// The field's content is over the limit, in bytes.
    TooLarge {
        /// Which.
        field: VerifyField,
        /// Most bytes taken.
        limit: usize,
    },
    /// The URL is not an absolute http or https URL.
    NotUrl,
    /// The URL could not be fetched: host unknown or silent, a redirect, a
    /// private address, or an answer other than 200.
    NotFetched,
}

/// The form, empty or as it was sent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct VerifyPage {
    /// What stood in `text`.
    pub text: String,
    /// What stood in `url`.
    pub url: String,
    /// What is wrong with it.
    pub error: Option<VerifyFormError>,
}

impl VerifyPage {
    /// The page as HTML.
    pub fn render(&self, chrome: &Chrome<'_>) -> String {
        todo!("{chrome:?}")
    }
}
