//! The home page.

use super::common::{AchievementLink, OrganisationLink};
use crate::chrome::Chrome;

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
        todo!("{chrome:?}")
    }
}
