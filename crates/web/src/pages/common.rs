//! What several pages show.

use chrono::NaiveDate;
use model::id::{CredentialId, Slug};

use crate::chrome::Chrome;

/// An organisation with a page of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrganisationLink {
    /// Its short name, the last segment of its page.
    pub slug: Slug,
    /// Its name.
    pub name: String,
}

/// Who answers for an organisation that is no more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answering {
    /// The organisation that is no more.
    pub ended: OrganisationLink,
    /// Since when.
    pub since: NaiveDate,
    /// Who answers for it now.
    pub by: Vec<OrganisationLink>,
}

/// An achievement in one version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AchievementLink {
    /// Its short name.
    pub slug: Slug,
    /// Its version.
    pub version: String,
    /// Its name.
    pub name: String,
}

/// What a professional body says of what the page is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndorsementLine {
    /// The body.
    pub by: OrganisationLink,
    /// What it says, as it was signed.
    pub comment: String,
    /// The last day on which it counts.
    pub until: NaiveDate,
}

impl EndorsementLine {
    /// The last day in words.
    pub(crate) fn until(&self, chrome: &Chrome<'_>) -> String {
        chrome.lang.date(self.until)
    }
}

/// Permission to award something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accredited<T> {
    /// Who may award, or what may be awarded.
    pub what: T,
    /// Who gave the permission.
    pub by: OrganisationLink,
    /// Its first day.
    pub from: NaiveDate,
    /// Its last day, if it has one.
    pub until: Option<NaiveDate>,
}

impl<T> Accredited<T> {
    /// `accredited by … from … until …`: what stands before and after who did it.
    pub(crate) fn dates(&self, chrome: &Chrome<'_>) -> String {
        let (lang, t) = (chrome.lang, chrome.lang.texts());
        match self.until {
            None => format!("{} {}", t.accredited_from, lang.date(self.from)),
            Some(until) => {
                format!("{} {} {} {}", t.accredited_from, lang.date(self.from), t.print_to, lang.date(until))
            }
        }
    }
}

/// A badge with a page of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadgeLink {
    /// The credential.
    pub id: CredentialId,
    /// The name of what was achieved.
    pub name: String,
}

/// The badge before or after a correction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CorrectedBadge {
    /// It is the same holder's.
    Own(BadgeLink),
    /// It is another holder's, to which nothing leads from here.
    AnotherHolders,
}

impl OrganisationLink {
    pub(crate) fn page(&self, chrome: &Chrome<'_>) -> String {
        chrome.site.issuer(&self.slug)
    }
}

impl AchievementLink {
    pub(crate) fn page(&self, chrome: &Chrome<'_>) -> String {
        chrome.site.achievement(&self.slug, &self.version)
    }

    /// The path of its picture.
    pub(crate) fn picture(&self, chrome: &Chrome<'_>) -> String {
        let address = chrome.site.achievement_image(&self.slug, &self.version, "svg");
        chrome.local(&address).to_owned()
    }
}

impl BadgeLink {
    pub(crate) fn page(&self, chrome: &Chrome<'_>) -> String {
        chrome.site.badge_page(self.id)
    }
}
