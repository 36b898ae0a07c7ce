//! The page of one badge.

use askama::Template;
use chrono::{DateTime, Datelike, NaiveDate, Utc};
use model::{cpd::Credit, id::CredentialId};
use url::form_urlencoded::Serializer;

use super::common::{AchievementLink, OrganisationLink};
use crate::{
    chrome::Chrome,
    frame::{Frame, write},
    markdown,
    texts::Texts,
};

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
        let (lang, site) = (chrome.lang, chrome.site);
        let t = lang.texts();
        let Self { achievement, .. } = self;
        let image = |format| site.achievement_image(&achievement.slug, &achievement.version, format);
        let address = site.badge_page(self.id);
        let (colour, status, status_text) = match &self.status {
            BadgeStatus::Valid => ("green", t.status_valid, t.status_valid_text),
            BadgeStatus::NotYetValid => ("yellow", t.status_not_yet, t.status_not_yet_text),
            BadgeStatus::Expired => ("grey", t.status_expired, t.status_expired_text),
            BadgeStatus::Revoked { .. } => ("red", t.status_revoked, t.status_revoked_text),
        };
        let revoked = match &self.status {
            BadgeStatus::Revoked { at, reason } => Some((lang.moment(*at), reason.as_deref())),
            _ => None,
        };
        write(&View {
            frame: Frame::new(chrome, format!("{} – {status}", achievement.name))
                .headline(&achievement.name)
                .describe(&self.description)
                .picture(image("png"))
                .unlisted(),
            t,
            page: self,
            picture: chrome.local(&image("svg")).to_owned(),
            colour,
            status,
            status_text,
            revoked,
            credit: lang.credit(&self.credit),
            started: self.started_on.map(|day| lang.date(day)),
            completed: lang.date(self.awarded_at.date_naive()),
            issued: lang.moment(self.valid_from),
            ends: self.valid_until.map_or_else(|| t.badge_no_end.to_owned(), |end| lang.moment(end)),
            criteria: markdown::to_html(&self.criteria),
            check: check_link(chrome, &address),
            linkedin: linkedin_link(self, &address),
            address,
        })
    }
}

#[derive(Template)]
#[template(path = "badge.html")]
struct View<'a> {
    frame: Frame<'a>,
    t: &'static Texts,
    page: &'a BadgePage,
    picture: String,
    colour: &'static str,
    status: &'static str,
    status_text: &'static str,
    revoked: Option<(String, Option<&'a str>)>,
    credit: String,
    started: Option<String>,
    completed: String,
    issued: String,
    ends: String,
    criteria: String,
    check: String,
    linkedin: String,
    address: String,
}

/// The verify form with this badge filled in.
fn check_link(chrome: &Chrome<'_>, address: &str) -> String {
    let query = Serializer::new(String::new()).append_pair("url", address).finish();
    chrome.link(format!("/verify?{query}"))
}

/// `LinkedIn`'s own form for adding a certificate, filled in.
fn linkedin_link(badge: &BadgePage, address: &str) -> String {
    let mut query = Serializer::new(String::new());
    query
        .append_pair("startTask", "CERTIFICATION_NAME")
        .append_pair("name", &badge.achievement.name)
        .append_pair("organizationName", &badge.issuer.name)
        .append_pair("issueYear", &badge.awarded_at.year().to_string())
        .append_pair("issueMonth", &badge.awarded_at.month().to_string())
        .append_pair("certUrl", address)
        .append_pair("certId", &badge.id.to_string());
    if let Some(end) = badge.valid_until {
        query
            .append_pair("expirationYear", &end.year().to_string())
            .append_pair("expirationMonth", &end.month().to_string());
    }
    format!("https://www.linkedin.com/profile/add?{}", query.finish())
}
