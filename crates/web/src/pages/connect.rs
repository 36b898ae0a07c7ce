//! The page on which a learner lets another system act for them.

use askama::Template;

use crate::{
    chrome::Chrome,
    frame::{Frame, write},
    texts::Texts,
};

/// What a system asks to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Permission {
    /// Read the badges.
    ReadBadges,
    /// Add badges.
    AddBadges,
    /// Read the profile.
    ReadProfile,
    /// Write the profile.
    WriteProfile,
}

/// Why the form could not be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConnectFault {
    /// Nothing was typed.
    Missing,
    /// It is no code, or one that was used or has ended.
    Wrong,
}

/// The form: `POST` to its own address with `connection` and what is hidden in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConnectPage {
    /// What the system calls itself.
    pub system: String,
    /// Where it is: a site, or an app's scheme.
    pub address: String,
    /// What it asks to do.
    pub permissions: Vec<Permission>,
    /// Names and values that are sent again.
    pub hidden: Vec<(&'static str, String)>,
    /// Where the learner goes who refuses.
    pub refuse: String,
    /// What is wrong with what was sent.
    pub fault: Option<ConnectFault>,
}

impl ConnectPage {
    /// The page as HTML.
    pub fn render(&self, chrome: &Chrome<'_>) -> String {
        let t = chrome.lang.texts();
        let error = self.fault.map(|fault| match fault {
            ConnectFault::Missing => t.offer_missing,
            ConnectFault::Wrong => t.connect_wrong,
        });
        let permission = |permission: &Permission| match permission {
            Permission::ReadBadges => t.connect_read,
            Permission::AddBadges => t.connect_add,
            Permission::ReadProfile => t.connect_read_profile,
            Permission::WriteProfile => t.connect_write_profile,
        };
        let permissions = self.permissions.iter().map(permission).collect();
        write(&View {
            frame: Frame::new(chrome, t.connect_title).unlisted(),
            t,
            page: self,
            permissions,
            error,
        })
    }
}

#[derive(Template)]
#[template(path = "connect.html")]
struct View<'a> {
    frame: Frame<'a>,
    t: &'static Texts,
    page: &'a ConnectPage,
    permissions: Vec<&'static str>,
    error: Option<&'static str>,
}
