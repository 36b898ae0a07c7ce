//! Rules by themselves: what is met, what is missing, what may not be published.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use uuid::Uuid;

use super::*;
use crate::{
    catalogue::{AchievementDefinition, CORE_EQUALITY_MODULE, Catalogue, Kind, Picture},
    cpd::{Credit, Unit},
    id::{AwardId, Slug},
};

mod brute;
mod checking;
mod evaluating;
mod versioned;

fn slug(text: &str) -> Slug {
    Slug::new(text).unwrap()
}

fn at(day: &str) -> DateTime<Utc> {
    format!("{day}T09:00:00Z").parse().unwrap()
}

fn hours(amount: &str) -> Credit {
    Credit::new(amount.parse().unwrap(), Unit::Hours).unwrap()
}

fn definition(name: &str, kind: Kind, credit: Credit) -> AchievementDefinition {
    AchievementDefinition {
        slug: slug(name),
        version: "1.0".to_owned(),
        kind,
        achievement_type: "Course".to_owned(),
        name: format!("Sample {name}"),
        description: "d".to_owned(),
        criteria: "c".to_owned(),
        credit,
        credit_is_sample: true,
        issuer: slug("academy"),
        creator: slug("academy"),
        image: Picture { svg: "<svg/>".to_owned(), alt: "A disc".to_owned() },
        tags: Vec::new(),
        field_of_study: None,
        human_code: None,
        language: "en-GB".to_owned(),
        level: None,
        alignments: Vec::new(),
        available_from: "2020-01-01".parse().unwrap(),
        withdrawn_on: None,
        valid_for_months: None,
    }
}

/// The core module, `mod-a` to `mod-f` of 1 to 6 hours (`mod-e` and `mod-f` of level 7),
/// one that carries points and two kinds of prior learning.
fn achievements() -> BTreeMap<Slug, AchievementDefinition> {
    let mut all = vec![definition(CORE_EQUALITY_MODULE, Kind::Module, hours("3"))];
    for (n, letter) in ('a'..='f').enumerate() {
        let mut one = definition(&format!("mod-{letter}"), Kind::Module, hours(&(n + 1).to_string()));
        one.level = Some(if letter >= 'e' { 7 } else { 4 });
        all.push(one);
    }
    let points = Credit::new(Decimal::TEN, Unit::Points).unwrap();
    all.push(definition("pointed", Kind::Module, points));
    all.push(definition("fellowship", Kind::PriorLearning, hours("0")));
    all.push(definition("award", Kind::Certificate, hours("0")));
    all.into_iter().map(|one| (one.slug.clone(), one)).collect()
}

/// A programme as a catalogue's file writes it, from its `all_of` on.
fn programme(yaml: &str) -> Programme {
    let programmes = read(yaml).unwrap_or_else(|faults| panic!("{faults}"));
    programmes.programmes[&slug("whole")].clone()
}

/// A catalogue with the programme `whole`, or its faults.
fn read(yaml: &str) -> Result<Catalogue, String> {
    let mut text =
        String::from("organisations:\n  academy: {name: A, roles: [issuer, body]}\nachievements:\n");
    for one in achievements().values() {
        use std::fmt::Write as _;
        let level = one.level.map(|level| format!(", level: {level}")).unwrap_or_default();
        writeln!(
            text,
            "  {}: {{version: \"1.0\", kind: {}, achievement_type: Course, name: {}, description: d, criteria: c, \
             credit: {{amount: {}, unit: {}}}, issuer: academy, creator: academy, \
             image: {{file: a.svg, alt: A}}, available_from: 2020-01-01{level}}}",
            one.slug,
            one.kind.as_str(),
            one.name,
            one.credit.amount(),
            one.credit.unit(),
        )
        .unwrap();
    }
    let rule = format!("programmes:\n  whole:\n    achievement: award\n{yaml}");
    let files = [("catalogue.yaml".to_owned(), text), ("rules.yaml".to_owned(), rule)];
    crate::catalogue::read(&files, &|_| Some("<svg/>".to_owned()))
        .map_err(|faults| faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
}

/// An award of an achievement on a day, with the credit of the catalogue.
fn earned(name: &str, day: &str) -> Earned {
    use std::sync::atomic::{AtomicU64, Ordering};
    static NEXT: AtomicU64 = AtomicU64::new(1);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    Earned {
        award: AwardId::from(Uuid::from_u64_pair(0, number)),
        achievement: slug(name),
        at: at(day),
        until: None,
        credit: achievements()[&slug(name)].credit.clone(),
        stands: true,
        evidenced: false,
        counted: Vec::new(),
    }
}

fn compiled(programme: &Programme) -> Compiled {
    let achievements = achievements();
    Compiled::programme(programme, &|slug| achievements[slug].level)
}

/// What counts, by achievement; else what is missing, in words.
fn stands(programme: &Programme, awards: &[Earned], day: &str) -> Result<Vec<String>, String> {
    match compiled(programme).standing(awards, at(day)) {
        Standing::Met(met) => Ok(met.counted.iter().map(|one| one.achievement.to_string()).collect()),
        Standing::InProgress(progress) => {
            Err(progress.gap.sentence(&|slug: &Slug| slug.to_string(), Language::En))
        }
    }
}
