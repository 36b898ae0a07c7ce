//! The page behind the address of an interaction, for a browser: the way into a wallet.

use askama::Template;
use chrono::{DateTime, Utc};

use super::offer::OfferFault;
use crate::{
    chrome::Chrome,
    frame::{Frame, write},
    texts::Texts,
};

/// What it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InteractionKind {
    /// A badge is offered.
    Offer,
    /// Badges are asked for.
    Request {
        /// Who asks.
        asker: String,
        /// What they want to know it for.
        purpose: String,
    },
}

/// How the Learner Credential Wallet is opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LearnerWallet {
    /// By this link.
    Link(String),
    /// By this link, now that the transaction code was given.
    Opened(String),
    /// Once the transaction code is given: `POST` to the page's own address with `tx_code`.
    Code(Option<OfferFault>),
}

/// The page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InteractionPage {
    /// What it is about.
    pub kind: InteractionKind,
    /// The link that opens a wallet.
    pub wallet: String,
    /// How the Learner Credential Wallet is opened.
    pub learner_wallet: LearnerWallet,
    /// The path of the QR code of the page's own address.
    pub qr: String,
    /// Until when it can be used.
    pub until: DateTime<Utc>,
}

impl InteractionPage {
    /// The page as HTML.
    pub fn render(&self, chrome: &Chrome<'_>) -> String {
        let t = chrome.lang.texts();
        let (title, lead) = match self.kind {
            InteractionKind::Offer => (t.offer_title, t.interaction_offer_lead),
            InteractionKind::Request { .. } => (t.interaction_request_title, t.interaction_request_lead),
        };
        let fault = match self.learner_wallet {
            LearnerWallet::Code(fault) => fault,
            LearnerWallet::Link(_) | LearnerWallet::Opened(_) => None,
        };
        write(&View {
            frame: Frame::new(chrome, title).unlisted(),
            t,
            page: self,
            title,
            lead,
            until: chrome.lang.moment(self.until),
            error: fault.map(|fault| fault.said(t)),
            is_void: fault == Some(OfferFault::Void),
        })
    }
}

#[derive(Template)]
#[template(path = "interaction.html")]
struct View<'a> {
    frame: Frame<'a>,
    t: &'static Texts,
    page: &'a InteractionPage,
    title: &'static str,
    lead: &'static str,
    until: String,
    error: Option<String>,
    is_void: bool,
}
