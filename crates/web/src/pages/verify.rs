//! The form that takes a badge to be checked.

use askama::Template;

use crate::{
    chrome::{Chrome, Lang},
    frame::{Frame, write},
    texts::Texts,
};

/// The field of the form that an error is about. The form is sent by `POST`
/// as `multipart/form-data` with the fields `text`, `file`, `url`,
/// `recipient`, `policy`, `achievement`, `level`, `as_of_day`, `as_of_month`, `as_of_year`,
/// `also` (once for each thing) and
/// `answer` (empty for a page, `pdf`, or `receipt` for a signed one).
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
    /// The date is no day that has begun.
    NotDate,
}

/// What can be looked at besides, each by its name in `also`.
const BESIDES: [&str; 4] = ["log", "ledger", "maintenance", "evidence"];

/// The form, empty or as it was sent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct VerifyPage {
    /// What stood in `text`.
    pub text: String,
    /// What stood in `url`.
    pub url: String,
    /// What stood in `recipient`.
    pub recipient: String,
    /// What stood in `achievement`.
    pub achievement: String,
    /// What was chosen of `levels`.
    pub level: String,
    /// The registration levels there are: what each is called in the form, and its name.
    pub levels: Vec<(String, String)>,
    /// What stood in `as_of_day`, `as_of_month` and `as_of_year`.
    pub as_of: [String; 3],
    /// What was chosen in `also`.
    pub also: Vec<String>,
    /// What was chosen of `policies`.
    pub policy: String,
    /// The trust policies there are: what each is called in the form, and its name.
    pub policies: Vec<(String, String)>,
    /// What is wrong with it.
    pub error: Option<VerifyFormError>,
}

impl VerifyPage {
    /// The page as HTML.
    pub fn render(&self, chrome: &Chrome<'_>) -> String {
        let t = chrome.lang.texts();
        write(&View {
            frame: Frame::new(chrome, t.verify_title),
            t,
            page: self,
            error: self.error.map(|error| described(error, t)),
            example: chrome.site.url("/badges/…"),
        })
    }
}

#[derive(Template)]
#[template(path = "verify.html")]
struct View<'a> {
    frame: Frame<'a>,
    t: &'static Texts,
    page: &'a VerifyPage,
    /// The field and the message.
    error: Option<(&'static str, String)>,
    example: String,
}

impl View<'_> {
    /// Whether the part of the form is shown that most need not fill in.
    fn is_open(&self) -> bool {
        let page = self.page;
        self.wrong("as_of_day")
            || !(page.achievement.is_empty() && page.level.is_empty() && page.also.is_empty())
            || page.as_of.iter().any(|part| !part.is_empty())
    }

    /// Each part of the date: its field, what it is called, what stood there.
    fn date(&self) -> [(&'static str, &'static str, &str); 3] {
        let [day, month, year] = &self.page.as_of;
        [
            ("day", self.t.verify_day, day),
            ("month", self.t.verify_month, month),
            ("year", self.t.verify_year, year),
        ]
    }

    /// What can be looked at besides: its name, what it is called, whether it was chosen.
    fn besides(&self) -> Vec<(&'static str, &'static str, bool)> {
        let t = self.t;
        let words = [t.verify_log, t.verify_ledger, t.verify_maintenance, t.verify_evidence];
        let chosen = |name: &str| self.page.also.iter().any(|one| one == name);
        BESIDES.into_iter().zip(words).map(|(name, words)| (name, words, chosen(name))).collect()
    }

    fn wrong(&self, field: &str) -> bool {
        self.error.as_ref().is_some_and(|(wrong, _)| *wrong == field)
    }
}

fn described(error: VerifyFormError, t: &Texts) -> (&'static str, String) {
    match error {
        VerifyFormError::Nothing => ("url", t.verify_nothing.to_owned()),
        VerifyFormError::MoreThanOne => ("url", t.verify_more.to_owned()),
        VerifyFormError::NotUrl => ("url", t.verify_not_url.to_owned()),
        VerifyFormError::NotFetched => ("url", t.verify_not_fetched.to_owned()),
        VerifyFormError::NotDate => ("as_of_day", t.verify_not_date.to_owned()),
        VerifyFormError::TooLarge { field, limit } => {
            let (field, text) = match field {
                VerifyField::Text => ("text", t.verify_too_large_text),
                VerifyField::File => ("file", t.verify_too_large_file),
                VerifyField::Url => ("url", t.verify_too_large_url),
            };
            (field, format!("{text} {}", Lang::size(limit)))
        }
    }
}
