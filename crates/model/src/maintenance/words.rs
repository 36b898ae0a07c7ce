//! States and ways in words, English and Welsh.

use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal;

use super::{Need, State, Way, WayKind};
use crate::{
    cpd::Unit,
    programme::{Language, Names},
};

impl Language {
    fn pick<'t>(self, en: &'t str, cy: &'t str) -> &'t str {
        match self {
            Self::En => en,
            Self::Cy => cy,
        }
    }

    /// `3 March 2026`, `3 Mawrth 2026`.
    pub fn date(self, date: NaiveDate) -> String {
        let month = match date.month() {
            1 => self.pick("January", "Ionawr"),
            2 => self.pick("February", "Chwefror"),
            3 => self.pick("March", "Mawrth"),
            4 => self.pick("April", "Ebrill"),
            5 => self.pick("May", "Mai"),
            6 => self.pick("June", "Mehefin"),
            7 => self.pick("July", "Gorffennaf"),
            8 => self.pick("August", "Awst"),
            9 => self.pick("September", "Medi"),
            10 => self.pick("October", "Hydref"),
            11 => self.pick("November", "Tachwedd"),
            _ => self.pick("December", "Rhagfyr"),
        };
        format!("{} {month} {}", date.day(), date.year())
    }

    /// The unit after an amount; Welsh keeps the singular after a number.
    fn unit(self, unit: &Unit, amount: Decimal) -> String {
        let plural = |one: &'static str, many: &'static str| if amount == Decimal::ONE { one } else { many };
        match unit {
            Unit::Hours => self.pick(plural("hour", "hours"), "awr").to_owned(),
            Unit::Points => self.pick(plural("point", "points"), "pwynt").to_owned(),
            Unit::Credits { scheme } => {
                format!("{} ({scheme})", self.pick(plural("credit", "credits"), "credyd"))
            }
        }
    }
}

impl State {
    /// The state in words.
    pub fn words(self, language: Language) -> &'static str {
        let [en, cy] = match self {
            Self::InForce => ["In force", "Mewn grym"],
            Self::Reinstated => ["In force again", "Mewn grym eto"],
            Self::Due => ["Due for renewal", "I'w adnewyddu"],
            Self::Grace => ["Ended, and can still be renewed", "Wedi dod i ben, a gellir ei adnewyddu o hyd"],
            Self::Lapsed => ["Lapsed, and can be reinstated", "Wedi darfod, a gellir ei adfer"],
            Self::Expired => ["Expired", "Wedi dod i ben"],
            Self::Revoked => ["Revoked", "Wedi'i ddirymu"],
            Self::Superseded => ["Superseded by a later badge", "Wedi'i ddisodli gan fathodyn diweddarach"],
        };
        language.pick(en, cy)
    }
}

impl Need {
    /// What is asked, and how much of it there is: «8.5 of 20 hours between 2 March 2026
    /// and 1 March 2027», «complete X by 1 March 2027».
    pub fn words(&self, names: &Names<'_>, language: Language) -> String {
        let asked = self.asked(names, language);
        match self {
            Self::Cpd { have, .. } => format!("{have} {} {asked}", language.pick("of", "o")),
            Self::Completion { achievement, done: Some(done), .. } => {
                let (name, on) = (names(achievement), language.date(done.date_naive()));
                match language {
                    Language::En => format!("\u{201c}{name}\u{201d} was completed on {on}"),
                    Language::Cy => format!("cwblhawyd \u{201c}{name}\u{201d} ar {on}"),
                }
            }
            Self::Completion { .. } | Self::UnknownScheme { .. } => asked,
        }
    }

    /// What is asked, for everybody's eyes: «20 hours between 2 March 2026 and 1 March
    /// 2027». It says nothing of what the holder did.
    pub fn asked(&self, names: &Names<'_>, language: Language) -> String {
        match self {
            Self::Cpd { of, unit, category, scheme, span, .. } => {
                let (first, last) = (language.date(span.first), language.date(span.last));
                let unit = language.unit(unit, *of);
                let mut words = match language {
                    Language::En => format!("{of} {unit} between {first} and {last}"),
                    Language::Cy => format!("{of} {unit} rhwng {first} a {last}"),
                };
                if let Some(category) = category {
                    let of = language.pick("in the category", "yn y categori");
                    words = format!("{words}, {of} `{category}`");
                }
                if let Some(scheme) = scheme {
                    let by = language.pick("by the scheme", "yn ôl y cynllun");
                    words = format!("{words}, {by} `{scheme}`");
                }
                words
            }
            Self::Completion { achievement, from, by, .. } => {
                let (name, by) = (names(achievement), language.date(by.date_naive()));
                let from = language.date(from.date_naive());
                match language {
                    Language::En => format!("complete \u{201c}{name}\u{201d} between {from} and {by}"),
                    Language::Cy => format!("cwblhau \u{201c}{name}\u{201d} rhwng {from} a {by}"),
                }
            }
            Self::UnknownScheme { scheme } => match language {
                Language::En => format!("what the scheme `{scheme}` asks, which is not known any more"),
                Language::Cy => {
                    format!("yr hyn y mae'r cynllun `{scheme}` yn ei ofyn, nad yw'n hysbys mwyach")
                }
            },
        }
    }
}

impl Way {
    /// Between which days it can be gone, as a sentence.
    pub fn opening(&self, language: Language) -> String {
        let (opens, closes) =
            (language.date(self.opens.date_naive()), language.date(self.closes.date_naive()));
        match (self.kind, language) {
            (WayKind::Renewal, Language::En) => {
                format!("It can be renewed between {opens} and {closes}.")
            }
            (WayKind::Renewal, Language::Cy) => {
                format!("Gellir ei adnewyddu rhwng {opens} a {closes}.")
            }
            (WayKind::Reinstatement, Language::En) => {
                format!("It can be reinstated between {opens} and {closes}.")
            }
            (WayKind::Reinstatement, Language::Cy) => {
                format!("Gellir ei adfer rhwng {opens} a {closes}.")
            }
        }
    }

    /// What it takes, as a sentence for everybody's eyes: it says nothing of what the
    /// holder did.
    pub fn asked(&self, names: &Names<'_>, language: Language) -> String {
        let asked = self.needs.iter().map(|need| need.asked(names, language)).collect();
        let takes = self.takes(asked, language);
        [self.opening(language)].into_iter().chain(takes).collect::<Vec<_>>().join(" ")
    }

    /// `needs`, and that somebody must ask; `None` if that is nothing.
    fn takes(&self, mut needs: Vec<String>, language: Language) -> Option<String> {
        let takes = language.pick("What is needed:", "Yr hyn sydd ei angen:");
        needs.extend(self.on_request.then(|| language.pick("ask for it", "gofyn amdano").to_owned()));
        (!needs.is_empty()).then(|| format!("{takes} {}.", needs.join("; ")))
    }

    /// What it still takes, as a sentence.
    pub fn sentence(&self, names: &Names<'_>, language: Language) -> String {
        let begin = self.opening(language);
        let open: Vec<String> =
            self.needs.iter().filter(|need| !need.is_met()).map(|need| need.words(names, language)).collect();
        let rest = match (open.is_empty(), self.on_request) {
            (false, _) => self.takes(open, language).unwrap_or_default(),
            (true, true) => language
                .pick(
                    "All that is needed is there; ask for it.",
                    "Mae popeth sydd ei angen yno; gofynnwch amdano.",
                )
                .to_owned(),
            (true, false) => {
                language.pick("All that is needed is there.", "Mae popeth sydd ei angen yno.").to_owned()
            }
        };
        format!("{begin} {rest}")
    }
}
