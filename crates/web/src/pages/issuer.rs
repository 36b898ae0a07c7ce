//! The page of an organisation.

use chrono::{DateTime, Utc};

use super::common::{AchievementLink, OrganisationLink};
use crate::chrome::Chrome;

/// A key an organisation signs or signed with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyLine {
    /// The id of its verification method.
    pub id: String,
    /// The algorithm, such as `Ed25519`.
    pub algorithm: String,
    /// When it was made.
    pub created: DateTime<Utc>,
    /// When it stopped signing; what it signed before stays good.
    pub retired: Option<DateTime<Utc>>,
}

/// Who an organisation is, and how its badges can be recognised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssuerPage {
    /// Short name and name.
    pub organisation: OrganisationLink,
    /// What it does.
    pub description: Option<String>,
    /// Its own web site.
    pub url: Option<String>,
    /// Where to write to.
    pub email: Option<String>,
    /// Its ODS code.
    pub ods: Option<String>,
    /// The identifiers (DIDs) its badges name as issuer; none if it only
    /// teaches or endorses.
    pub dids: Vec<String>,
    /// Its keys, newest first.
    pub keys: Vec<KeyLine>,
    /// What it issues.
    pub achievements: Vec<AchievementLink>,
}

impl IssuerPage {
    /// The page as HTML.
    pub fn render(&self, chrome: &Chrome<'_>) -> String {
        todo!("{chrome:?}")
    }
}
