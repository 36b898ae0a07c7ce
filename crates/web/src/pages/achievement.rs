//! The page of an achievement in one version.

use askama::Template;
use chrono::NaiveDate;
use model::cpd::Credit;

use super::common::{Accredited, AchievementLink, EndorsementLine, OrganisationLink};
use crate::{
    chrome::Chrome,
    frame::{Frame, write},
    markdown,
    texts::Texts,
};

/// An entry of a framework that an achievement is aligned with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alignment {
    /// The entry's name.
    pub name: String,
    /// Where it is described.
    pub url: String,
    /// The framework's name.
    pub framework: Option<String>,
}

/// What can be earned, and what has to be done for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AchievementPage {
    /// Short name, version, name.
    pub achievement: AchievementLink,
    /// OB 3.0 `achievementType`, such as `Course`.
    pub achievement_type: String,
    /// What it is, in a paragraph.
    pub description: String,
    /// What has to be done, as Markdown.
    pub criteria: String,
    /// BCP 47 tag of the language of the achievement's texts.
    pub language: String,
    /// What the picture shows, for those who do not see it.
    pub image_alt: String,
    /// CPD credit it carries; not shown when it is zero.
    pub credit: Credit,
    /// Whether that figure is a sample, not the Academy's own.
    pub credit_is_sample: bool,
    /// Who signs its badges.
    pub issuer: OrganisationLink,
    /// Who wrote it.
    pub creator: OrganisationLink,
    /// Who endorses it today.
    pub endorsements: Vec<EndorsementLine>,
    /// Who may award it today.
    pub providers: Vec<Accredited<OrganisationLink>>,
    /// The rule of its programme in the page's language, a line each; what belongs to
    /// a line above is indented by two spaces more. Empty where no programme awards it.
    pub rule: Vec<String>,
    /// The achievements that it needs, all of them, if it completes a programme.
    pub made_of: Vec<AchievementLink>,
    /// What may be earned besides.
    pub optional: Vec<AchievementLink>,
    /// Within how many months all of it must be earned, where that is limited.
    pub window_months: Option<u32>,
    /// The programmes it counts towards.
    pub counts_towards: Vec<AchievementLink>,
    /// Frameworks it is aligned with.
    pub alignments: Vec<Alignment>,
    /// First day it can be earned.
    pub available_from: NaiveDate,
    /// First day it can no longer be earned.
    pub withdrawn_on: Option<NaiveDate>,
    /// How long its badges hold, in months.
    pub valid_for_months: Option<u32>,
    /// The newest version, if this is not it.
    pub newer: Option<AchievementLink>,
}

impl AchievementPage {
    /// The page as HTML.
    pub fn render(&self, chrome: &Chrome<'_>) -> String {
        let lang = chrome.lang;
        let t = lang.texts();
        let Self { achievement, .. } = self;
        let image = |format| chrome.site.achievement_image(&achievement.slug, &achievement.version, format);
        write(&View {
            frame: Frame::new(chrome, achievement.name.as_str())
                .describe(&self.description)
                .picture(image("png")),
            t,
            page: self,
            picture: chrome.local(&image("svg")).to_owned(),
            kind: lang.achievement_type(&self.achievement_type),
            credit: lang.credit_if_any(&self.credit),
            available: lang.date(self.available_from),
            withdrawn: self.withdrawn_on.map(|day| lang.date(day)),
            holds: self.valid_for_months.map(|months| lang.months(months)),
            window: self.window_months.map(|months| lang.months(months)),
            criteria: markdown::to_html(&self.criteria),
            rule: nested(&self.rule),
        })
    }
}

/// A line of a list within lists.
struct Line<'a> {
    text: &'a str,
    /// Whether the next line is the first of a list within this item.
    opens: bool,
    /// How many lists end after it.
    closes: usize,
}

fn nested(lines: &[String]) -> Vec<Line<'_>> {
    let depth = |line: &String| (line.len() - line.trim_start_matches(' ').len()) / 2;
    let next = lines.iter().skip(1).map(depth).chain([0]);
    lines
        .iter()
        .zip(next)
        .map(|(line, next)| Line {
            text: line.trim_start_matches(' '),
            opens: next > depth(line),
            closes: depth(line).saturating_sub(next),
        })
        .collect()
}

#[derive(Template)]
#[template(path = "achievement.html")]
struct View<'a> {
    frame: Frame<'a>,
    t: &'static Texts,
    page: &'a AchievementPage,
    picture: String,
    kind: String,
    credit: Option<String>,
    available: String,
    withdrawn: Option<String>,
    holds: Option<String>,
    window: Option<String>,
    criteria: String,
    rule: Vec<Line<'a>>,
}
