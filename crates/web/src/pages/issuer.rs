//! The page of an organisation.

use askama::Template;
use chrono::{DateTime, Utc};

use super::common::{Accredited, AchievementLink, Answering, EndorsementLine, OrganisationLink};
use crate::{
    chrome::Chrome,
    frame::{Frame, write},
    texts::Texts,
};

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
    /// Who endorses it today.
    pub endorsements: Vec<EndorsementLine>,
    /// What it may award today.
    pub accredited: Vec<Accredited<AchievementLink>>,
    /// Who answers for it, if it is no more.
    pub answering: Option<Answering>,
}

impl IssuerPage {
    /// The page as HTML.
    pub fn render(&self, chrome: &Chrome<'_>) -> String {
        let lang = chrome.lang;
        let mut frame = Frame::new(chrome, self.organisation.name.as_str());
        if let Some(description) = &self.description {
            frame = frame.describe(description);
        }
        let keys = self.keys.iter().map(|key| Key {
            id: &key.id,
            algorithm: &key.algorithm,
            created: lang.date(key.created.date_naive()),
            retired: key.retired.map(|moment| lang.date(moment.date_naive())),
        });
        let since = self.answering.as_ref().map(|answering| lang.date(answering.since)).unwrap_or_default();
        write(&View { frame, t: lang.texts(), page: self, keys: keys.collect(), since })
    }
}

#[derive(Template)]
#[template(path = "issuer.html")]
struct View<'a> {
    frame: Frame<'a>,
    t: &'static Texts,
    page: &'a IssuerPage,
    keys: Vec<Key<'a>>,
    since: String,
}

struct Key<'a> {
    id: &'a str,
    algorithm: &'a str,
    created: String,
    retired: Option<String>,
}
