//! The page on which a badge's holder lets a wallet take it.

use askama::Template;

use crate::{
    chrome::Chrome,
    frame::{Frame, write},
    texts::Texts,
};

/// Why the form could not be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OfferFault {
    /// Nothing was typed.
    Missing,
    /// It is another code.
    Wrong {
        /// How often it can still be tried.
        left: u32,
    },
    /// It was tried too often; nobody can take the offer any more.
    Void,
}

impl OfferFault {
    /// What is wrong, in words.
    pub(crate) fn said(self, t: &Texts) -> String {
        match self {
            Self::Missing => t.offer_missing.to_owned(),
            Self::Wrong { left } => format!("{} {left}", t.offer_wrong),
            Self::Void => t.offer_void.to_owned(),
        }
    }
}

/// The form: `POST` to its own address with `tx_code` and what is hidden in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfferPage {
    /// Names and values that are sent again.
    pub hidden: Vec<(&'static str, String)>,
    /// Where the wallet is: a site, or an app's scheme.
    pub wallet: String,
    /// What is wrong with what was sent.
    pub fault: Option<OfferFault>,
}

impl OfferPage {
    /// The page as HTML.
    pub fn render(&self, chrome: &Chrome<'_>) -> String {
        let t = chrome.lang.texts();
        let error = self.fault.map(|fault| fault.said(t));
        let is_void = self.fault == Some(OfferFault::Void);
        write(&View { frame: Frame::new(chrome, t.offer_title).unlisted(), t, page: self, error, is_void })
    }
}

#[derive(Template)]
#[template(path = "offer.html")]
struct View<'a> {
    frame: Frame<'a>,
    t: &'static Texts,
    page: &'a OfferPage,
    error: Option<String>,
    is_void: bool,
}
