//! From drafts to programmes: copies are made from their blueprints, and what forbids
//! publishing is told where it was written.

use std::collections::BTreeMap;

use super::{
    AchievementDefinition, Catalogue, Programme, RequirementSet,
    form::{Faults, Located, Place},
};
use crate::{
    id::Slug,
    programme::{self, AllOf, Rule, RuleFault},
};

/// Where each part of a rule stands, by its path.
pub(super) type Lines = BTreeMap<String, Place>;

/// A programme as it was written: whole, or as a copy of another.
pub(super) struct Draft {
    pub slug: Slug,
    pub place: Place,
    pub lines: Lines,
    pub written: Written,
}

pub(super) enum Written {
    Whole(Box<Programme>),
    Copy(Box<Copy>),
}

pub(super) struct Copy {
    pub version: String,
    pub achievement: Slug,
    pub of: Located<Slug>,
    pub fills: BTreeMap<Slug, Vec<Rule>>,
    pub optional: Vec<Slug>,
}

/// A requirement set, and where each part of its rule stands.
pub(super) struct DraftSet {
    pub set: RequirementSet,
    pub place: Place,
    pub lines: Lines,
}

impl Draft {
    /// A published programme, as if it were written once more.
    pub(super) fn published(programme: &Programme, catalogue: &Catalogue) -> Self {
        let slug = programme.slug.clone();
        let place = Place {
            file: "the published catalogue".to_owned(),
            line: 0,
            field: format!("programmes.{slug}"),
        };
        let written = match &programme.lineage {
            None => Written::Whole(Box::new(programme.clone())),
            Some(lineage) => {
                let blueprint = catalogue.programmes.get(&lineage.blueprint);
                let is_own = |one: &&Slug| blueprint.is_none_or(|it| !it.optional.contains(one));
                Written::Copy(Box::new(Copy {
                    version: lineage.own_version.clone(),
                    achievement: programme.achievement.clone(),
                    of: Located { value: lineage.blueprint.clone(), place: place.clone() },
                    fills: lineage.fills.clone(),
                    optional: programme.optional.iter().filter(is_own).cloned().collect(),
                }))
            }
        };
        Self { slug, place, lines: Lines::new(), written }
    }
}

/// Makes every copy from its blueprint, and says what forbids publishing.
pub(super) fn resolve(
    drafts: Vec<Draft>,
    achievements: &BTreeMap<Slug, AchievementDefinition>,
    faults: &Faults,
) -> Vec<Located<Programme>> {
    let mut done: BTreeMap<Slug, Located<Programme>> = BTreeMap::new();
    let (mut waiting, known): (Vec<Draft>, Vec<Slug>) = {
        let known = drafts.iter().map(|draft| draft.slug.clone()).collect();
        (drafts, known)
    };
    loop {
        let before = waiting.len();
        let mut later = Vec::new();
        for draft in waiting {
            match made(draft, &done, achievements, faults) {
                Ok(Some(programme)) => {
                    done.insert(programme.value.slug.clone(), programme);
                }
                Ok(None) => {}
                Err(draft) => later.push(draft),
            }
        }
        waiting = later;
        if waiting.is_empty() || waiting.len() == before {
            break;
        }
    }
    for Draft { place, written, .. } in &waiting {
        let Written::Copy(copy) = written else { continue };
        // A blueprint that could not be read has faults of its own.
        if waiting.iter().any(|other| other.slug == copy.of.value) {
            let detail = format!("copies of each other: {} \u{2192} \u{2026}", copy.of.value);
            place.fault(faults, detail, "a blueprint that is not made, by any way, of its own copy");
        } else if !known.contains(&copy.of.value) {
            copy.of.place.fault(
                faults,
                format!("there is no programme `{}`", copy.of.value),
                "a programme of the catalogue, by its short name",
            );
        }
    }
    done.into_values().collect()
}

/// The programme of a draft; `Ok(None)` if it has faults, the draft again if its
/// blueprint is not made yet.
fn made(
    draft: Draft,
    done: &BTreeMap<Slug, Located<Programme>>,
    achievements: &BTreeMap<Slug, AchievementDefinition>,
    faults: &Faults,
) -> Result<Option<Located<Programme>>, Draft> {
    let programme = match &draft.written {
        Written::Whole(programme) => (**programme).clone(),
        Written::Copy(copy) => {
            let Some(blueprint) = done.get(&copy.of.value) else { return Err(draft) };
            let made = programme::resolve(
                &blueprint.value,
                draft.slug.clone(),
                copy.version.clone(),
                copy.achievement.clone(),
                copy.fills.clone(),
                copy.optional.clone(),
            );
            match made {
                Ok(programme) => programme,
                Err(errors) => {
                    for error in errors {
                        copy.of.place.fault(
                            faults,
                            error.to_string(),
                            "a programme with `open` parts, and `fills` for those alone",
                        );
                    }
                    return Ok(None);
                }
            }
        }
    };
    let is_copy = programme.lineage.is_some();
    let slots = if is_copy { slots(&programme.rule) } else { Vec::new() };
    let mut told = programme::faults(&programme, achievements);
    for fault in &mut told {
        for (open, slot) in &slots {
            // What is wrong with the part itself, or with something in it.
            if fault.path == *open {
                fault.path = format!("fills.{slot}");
            } else if let Some(within) = fault.path.strip_prefix(&format!("{open}.of")) {
                fault.path = format!("fills.{slot}{within}");
            }
        }
    }
    tell(&told, &draft.place, &draft.lines, faults);
    let place =
        draft.lines.get("all_of").or_else(|| draft.lines.get("fills")).unwrap_or(&draft.place).clone();
    Ok(Some(Located { value: programme, place }))
}

/// What forbids publishing a requirement set.
pub(super) fn check_set(
    draft: &DraftSet,
    achievements: &BTreeMap<Slug, AchievementDefinition>,
    faults: &Faults,
) {
    tell(&programme::requirement_faults(&draft.set, achievements), &draft.place, &draft.lines, faults);
}

/// The paths of what copies may fill, each with its slot.
fn slots(rule: &AllOf) -> Vec<(String, Slug)> {
    fn below(path: &str, rule: &Rule, found: &mut Vec<(String, Slug)>) {
        if let Rule::Open(open) = rule {
            found.push((path.to_owned(), open.slot.clone()));
        }
        for (path, rule) in rule.children(path) {
            below(&path, rule, found);
        }
    }
    let mut found = Vec::new();
    for (path, rule) in rule.paths() {
        below(&path, rule, &mut found);
    }
    found
}

fn tell(told: &[RuleFault], place: &Place, lines: &Lines, faults: &Faults) {
    // Names that nothing defines are told, with a hint, by those who look for them.
    for fault in told.iter().filter(|fault| fault.code != "unknown-achievement") {
        let line = nearest(&fault.path, lines).map_or(place.line, |place| place.line);
        let at = place.below(line, &fault.path);
        at.fault(faults, fault.detail.clone(), fault.expected.clone());
    }
}

/// Where the path stands, or the nearest part around it that is known.
fn nearest<'l>(path: &str, lines: &'l Lines) -> Option<&'l Place> {
    let mut path = path;
    loop {
        if let Some(place) = lines.get(path) {
            return Some(place);
        }
        path = path.rsplit_once(['.', '[']).map(|(above, _)| above)?;
    }
}
