//! The page to which a learner comes back from another host that they let this service use.

use askama::Template;

use crate::{
    chrome::Chrome,
    frame::{Frame, write},
    texts::Texts,
};

/// How far it has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HostStep {
    /// Whoever is there is to say that it is they: `POST` to its own address with what is
    /// hidden in it.
    Ask {
        /// The learner's name.
        learner: String,
        /// Names and values that are sent.
        hidden: Vec<(&'static str, String)>,
    },
    /// It is connected.
    Done,
    /// The learner gave no leave.
    Refused,
    /// It was done already, or took too long.
    Over,
    /// The host did not keep its word.
    Failed,
}

/// The page. `POST` to its own address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostPage {
    /// The host's address; empty where it is not known.
    pub host: String,
    /// How far it has come.
    pub step: HostStep,
}

impl HostPage {
    /// The page as HTML.
    pub fn render(&self, chrome: &Chrome<'_>) -> String {
        let t = chrome.lang.texts();
        let (title, said) = match &self.step {
            HostStep::Ask { .. } => (t.host_title, t.host_ask),
            HostStep::Done => (t.host_done, t.host_done_said),
            HostStep::Refused => (t.host_nothing, t.host_refused),
            HostStep::Over => (t.host_nothing, t.host_over),
            HostStep::Failed => (t.host_nothing, t.host_failed),
        };
        write(&View { frame: Frame::new(chrome, title).unlisted(), t, page: self, title, said })
    }
}

#[derive(Template)]
#[template(path = "host.html")]
struct View<'a> {
    frame: Frame<'a>,
    t: &'static Texts,
    page: &'a HostPage,
    title: &'static str,
    said: &'static str,
}
