//! The page of one badge.

use std::collections::BTreeMap;

use askama::Template;
use chrono::{DateTime, Datelike, NaiveDate, Utc};
use model::{
    cpd::Credit,
    id::{CredentialId, Slug},
    maintenance::{Standing, State},
    programme::Language,
};
use url::form_urlencoded::Serializer;

use super::common::{AchievementLink, Answering, BadgeLink, CorrectedBadge, OrganisationLink};
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
    /// The credential as SD-JWT VC, if it can be had.
    pub sd_jwt: Option<String>,
    /// The picture with the credential baked in.
    pub png: String,
    /// The drawing with the credential baked in.
    pub svg: String,
    /// The learner record, if the award was made of others.
    pub clr: Option<String>,
    /// A QR code of the badge's page, as SVG.
    pub qr: String,
}

/// A result, such as a mark, as the provider stated it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResultLine {
    /// What was measured.
    pub name: String,
    /// How it came out.
    pub value: String,
}

/// What the award rests on, as the provider stated it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvidenceLine {
    /// What it is.
    pub name: Option<String>,
    /// Where it is; a link only if it is an https URL.
    pub url: Option<String>,
    /// What it shows.
    pub narrative: Option<String>,
}

/// What keeps a badge in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upkeep {
    /// How its award stands.
    pub standing: Standing,
    /// Whether the policy's figures are samples.
    pub is_sample: bool,
    /// The achievements that are to be completed, each with its name.
    pub names: BTreeMap<Slug, String>,
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
    /// Who taught and assessed it; not shown when it is the issuer itself.
    pub provider: OrganisationLink,
    /// CPD credit earned; not shown when it is zero.
    pub credit: Credit,
    /// Whether that figure is a sample, not the Academy's own.
    pub credit_is_sample: bool,
    /// Results, the CPD credit not among them.
    pub results: Vec<ResultLine>,
    /// What the award rests on, the badges of `made_of` not among it.
    pub evidence: Vec<EvidenceLine>,
    /// The badges that counted, if it was awarded for a programme.
    pub made_of: Vec<BadgeLink>,
    /// What keeps it in force, if anything does.
    pub upkeep: Option<Upkeep>,
    /// The later award that supersedes this one, which stays valid.
    pub superseded_by: Option<BadgeLink>,
    /// What took its place when it was corrected.
    pub corrected_to: Option<CorrectedBadge>,
    /// The one whose place it took as a correction.
    pub corrects: Option<CorrectedBadge>,
    /// The programmes in which the achievement counts.
    pub counts_towards: Vec<AchievementLink>,
    /// Who answers for its issuer and its provider, where they are no more.
    pub answering: Vec<Answering>,
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
        let expired = self.valid_until.filter(|_| self.status == BadgeStatus::Expired);
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
            expired: expired.map(|end| lang.moment(end)),
            credit: lang.credit_if_any(&self.credit),
            upkeep: self.upkeep.as_ref().map(|upkeep| Kept::of(self, upkeep, chrome)),
            answering: self.answering.iter().map(|one| (one, lang.date(one.since))).collect(),
            started: self.started_on.map(|day| lang.date(day)),
            completed: lang.date(self.awarded_at.date_naive()),
            issued: lang.moment(self.valid_from),
            ends: self.valid_until.map_or_else(|| t.badge_no_end.to_owned(), |end| lang.moment(end)),
            criteria: markdown::to_html(&self.criteria),
            evidence: self.evidence.iter().map(|one| Evidence::of(one, t)).collect(),
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
    expired: Option<String>,
    credit: Option<String>,
    started: Option<String>,
    completed: String,
    issued: String,
    ends: String,
    criteria: String,
    evidence: Vec<Evidence<'a>>,
    check: String,
    linkedin: String,
    address: String,
    answering: Vec<(&'a Answering, String)>,
    upkeep: Option<Kept>,
}

/// What keeps a badge in force, in words.
struct Kept {
    state: &'static str,
    since: String,
    until: Option<String>,
    /// Whether it is for its holder to do something now.
    is_open: bool,
    opening: Option<String>,
    /// What it takes, and nothing of what the holder has done: everybody sees the page.
    needs: Vec<String>,
    on_request: bool,
    is_sample: bool,
    /// The badge that holds now, if this one was renewed.
    renewed_by: Option<String>,
    /// The badge that this one renews.
    renews: Option<String>,
}

impl Kept {
    fn of(page: &BadgePage, upkeep: &Upkeep, chrome: &Chrome<'_>) -> Self {
        let (lang, standing) = (chrome.lang, &upkeep.standing);
        let language = Language::from(lang);
        let link = |id: CredentialId| chrome.link(chrome.site.badge_page(id));
        let is_present = standing.term.credential == page.id;
        let is_open = is_present && matches!(standing.state, State::Due | State::Grace | State::Lapsed);
        let name = |slug: &Slug| upkeep.names.get(slug).cloned().unwrap_or_else(|| slug.to_string());
        let way = standing.way.as_ref().filter(|_| is_present);
        let needs = way.into_iter().flat_map(|way| &way.needs);
        Self {
            state: standing.state.words(language),
            since: lang.date(standing.since.date_naive()),
            until: standing.until.map(|until| lang.date(until.date_naive())),
            is_open,
            // Where the state itself lasts as long as the way is open, its dates say so.
            opening: way
                .filter(|way| (way.opens, Some(way.closes)) != (standing.since, standing.until))
                .map(|way| way.opening(language)),
            needs: needs.map(|need| need.asked(&name, language)).collect(),
            on_request: way.is_some_and(|way| way.on_request),
            is_sample: upkeep.is_sample,
            renewed_by: (!is_present).then(|| link(standing.term.credential)),
            renews: standing.before.filter(|_| is_present).map(link),
        }
    }
}

struct Evidence<'a> {
    name: &'a str,
    href: Option<&'a str>,
    narrative: Option<&'a str>,
}

impl<'a> Evidence<'a> {
    fn of(stated: &'a EvidenceLine, t: &'static Texts) -> Self {
        let url = stated.url.as_deref();
        let name = stated.name.as_deref().or(url).unwrap_or(t.badge_evidence_unnamed);
        let href = url.filter(|url| url.starts_with("https://"));
        Self { name, href, narrative: stated.narrative.as_deref() }
    }
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
