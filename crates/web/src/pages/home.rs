//! The home page.

use askama::Template;

use super::common::{AchievementLink, OrganisationLink};
use crate::{
    chrome::Chrome,
    frame::{Frame, write},
    texts::Texts,
};

/// What the service is, and what can be earned.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HomePage {
    /// What can be earned now, in the order to show.
    pub achievements: Vec<AchievementLink>,
    /// Who issues badges here.
    pub issuers: Vec<OrganisationLink>,
}

impl HomePage {
    /// The page as HTML.
    pub fn render(&self, chrome: &Chrome<'_>) -> String {
        let t = chrome.lang.texts();
        let frame = Frame::new(chrome, t.home_title).describe(t.service_about);
        write(&View { frame, t, page: self })
    }
}

#[derive(Template)]
#[template(path = "home.html")]
struct View<'a> {
    frame: Frame<'a>,
    t: &'static Texts,
    page: &'a HomePage,
}
