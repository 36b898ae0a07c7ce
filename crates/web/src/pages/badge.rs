//! The page of one badge.

use chrono::{DateTime, NaiveDate, Utc};
use model::{cpd::Credit, id::CredentialId};

use super::common::{AchievementLink, OrganisationLink};
use crate::chrome::Chrome;

/// Whether the badge holds, at the moment the page is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BadgeStatus {
    /// In force.
    Valid,
    /// Its `validFrom` has not come yet.
    NotYetValid,
    /// Its `validUntil` has passed.
    Expired,
    /// Taken back by its issuer.
    Revoked {
        /// When.
        at: DateTime<Utc>,
        /// Why, where it may be shown.
        reason: Option<String>,
    },
}

/// The forms of a badge that can be taken away; each a URL of the service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Downloads {
    /// The credential with its Data Integrity proof.
    pub json: String,
    /// The credential as a VC-JWT.
    pub jwt: String,
    /// The picture with the credential baked in.
    pub png: String,
    /// The drawing with the credential baked in.
    pub svg: String,
    /// A QR code of the badge's page, as SVG.
    pub qr: String,
}

/// A badge as people see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadgePage {
    /// The credential.
    pub id: CredentialId,
    /// Whether it holds.
    pub status: BadgeStatus,
    /// The holder's name.
    pub holder: String,
    /// What was achieved.
    pub achievement: AchievementLink,
    /// What the achievement is, in a paragraph.
    pub description: String,
    /// What had to be done, as Markdown.
    pub criteria: String,
    /// BCP 47 tag of the language of the achievement's texts.
    pub language: String,
    /// What the picture shows, for those who do not see it.
    pub image_alt: String,
    /// Who awarded and signed it.
    pub issuer: OrganisationLink,
    /// Who taught and assessed it.
    pub provider: OrganisationLink,
    /// CPD credit earned.
    pub credit: Credit,
    /// Whether that figure is a sample, not the Academy's own.
    pub credit_is_sample: bool,
    /// First day of the learning, where stated.
    pub started_on: Option<NaiveDate>,
    /// When the achievement was completed (`awardedDate`).
    pub awarded_at: DateTime<Utc>,
    /// `validFrom`: when the badge was issued.
    pub valid_from: DateTime<Utc>,
    /// `validUntil`, where it ends.
    pub valid_until: Option<DateTime<Utc>>,
    /// What can be downloaded.
    pub downloads: Downloads,
}

impl BadgePage {
    /// The page as HTML. Served with status 200 also when the badge is revoked,
    /// since the page is what says so.
    pub fn render(&self, chrome: &Chrome<'_>) -> String {
        todo!("{chrome:?}")
    }
}
