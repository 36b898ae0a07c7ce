//! The home page.

use askama::Template;
use model::catalogue::Kind;

use super::common::{AchievementLink, OrganisationLink};
use crate::{
    chrome::{Chrome, Lang},
    frame::{Frame, write},
    texts::Texts,
};

/// Something that can be earned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Earnable {
    /// Short name, version, name.
    pub achievement: AchievementLink,
    /// What it is; decides the heading under which it stands.
    pub kind: Kind,
    /// BCP 47 tag of the language of its name.
    pub language: String,
    /// How many achievements its programme needs and how many it offers
    /// besides, if completing a programme awards it.
    pub parts: Option<(usize, usize)>,
}

/// What the service is, and what can be earned.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HomePage {
    /// What can be earned now, in the order to show within a kind.
    pub achievements: Vec<Earnable>,
    /// Who issues badges here.
    pub issuers: Vec<OrganisationLink>,
}

/// The order of the headings.
const ORDER: [Kind; 9] = [
    Kind::Certificate,
    Kind::Diploma,
    Kind::Programme,
    Kind::Module,
    Kind::Masterclass,
    Kind::ActionLearningSet,
    Kind::TeamDay,
    Kind::PriorLearning,
    Kind::RegistrationLevel,
];

impl HomePage {
    /// The page as HTML.
    pub fn render(&self, chrome: &Chrome<'_>) -> String {
        let t = chrome.lang.texts();
        let frame = Frame::new(chrome, t.home_title).describe(t.service_about);
        write(&View { frame, t, page: self, families: families(&self.achievements, chrome.lang) })
    }
}

/// The achievements under their headings.
fn families(all: &[Earnable], lang: Lang) -> Vec<Family<'_>> {
    let mut families: Vec<Family<'_>> = Vec::new();
    for kind in ORDER {
        let heading = lang.family(kind);
        let lines = all.iter().filter(|one| one.kind == kind).map(|one| Line {
            stated: one,
            parts: one.parts.map(|(needed, optional)| lang.parts(needed, optional)),
        });
        match families.iter_mut().find(|family| family.heading == heading) {
            Some(family) => family.lines.extend(lines),
            None => families.push(Family { heading, lines: lines.collect() }),
        }
    }
    families.retain(|family| !family.lines.is_empty());
    families
}

#[derive(Template)]
#[template(path = "home.html")]
struct View<'a> {
    frame: Frame<'a>,
    t: &'static Texts,
    page: &'a HomePage,
    families: Vec<Family<'a>>,
}

struct Family<'a> {
    heading: &'static str,
    lines: Vec<Line<'a>>,
}

struct Line<'a> {
    stated: &'a Earnable,
    parts: Option<String>,
}
