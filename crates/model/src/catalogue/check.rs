//! What only the whole catalogue can tell: whether every name it uses is
//! defined and fit for its use, and whether its rules hold.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Catalogue, Programme, Role,
    form::{Faults, Located, Place},
};
use crate::{id::Slug, programme};

/// A use of a name that something else must define.
pub(super) struct Reference {
    pub named: Located<Slug>,
    pub target: Target,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Target {
    /// An organisation, with the role if any is needed.
    Organisation(Option<Role>),
    Achievement,
    /// An achievement that a programme may award.
    ProgrammeAward,
    Programme,
}

/// Where each name is first defined, entries with faults of their own included:
/// who uses a faulty entry is not at fault.
#[derive(Default)]
pub(super) struct Defined {
    pub organisations: BTreeMap<Slug, Place>,
    pub achievements: BTreeMap<Slug, Place>,
    pub programmes: BTreeMap<Slug, Place>,
    pub requirements: BTreeMap<Slug, Place>,
    pub job_families: BTreeMap<Slug, Place>,
    pub core_skills: BTreeMap<Slug, Place>,
    pub cpd_schemes: BTreeMap<Slug, Place>,
    pub maintenance: BTreeMap<Slug, Place>,
}

impl Defined {
    /// Adds what a published catalogue defines.
    pub fn add(&mut self, published: &Catalogue) {
        let nowhere = || Place { file: String::new(), line: 0, field: String::new() };
        for slug in published.organisations.keys() {
            self.organisations.entry(slug.clone()).or_insert_with(nowhere);
        }
        for slug in published.achievements.keys() {
            self.achievements.entry(slug.clone()).or_insert_with(nowhere);
        }
        for slug in published.programmes.keys() {
            self.programmes.entry(slug.clone()).or_insert_with(nowhere);
        }
    }
}

pub(super) fn references(
    references: &[Reference],
    catalogue: &Catalogue,
    defined: &Defined,
    faults: &Faults,
) {
    for Reference { named: Located { value: slug, place }, target } in references {
        let (section, what, an_entry) = match target {
            Target::Organisation(_) => (&defined.organisations, "organisation", "an organisation"),
            Target::Achievement | Target::ProgrammeAward => {
                (&defined.achievements, "achievement", "an achievement")
            }
            Target::Programme => (&defined.programmes, "programme", "a programme"),
        };
        if !section.contains_key(slug) {
            let hint = nearest(slug, section.keys()).map(|near| format!("; did you mean `{near}`?"));
            place.fault(
                faults,
                format!("there is no {what} `{slug}`"),
                format!("{an_entry} of the catalogue, by its short name{}", hint.unwrap_or_default()),
            );
            continue;
        }
        match target {
            Target::Organisation(Some(role)) => {
                if catalogue.organisations.get(slug).is_some_and(|organisation| !organisation.is(*role)) {
                    place.fault(
                        faults,
                        format!("`{slug}` does not have the role `{}`", word(*role)),
                        format!("an organisation with that role; or add it to the `roles` of `{slug}`"),
                    );
                }
            }
            Target::ProgrammeAward => {
                if let Some(award) = catalogue.achievements.get(slug)
                    && !award.kind.is_of_programme()
                {
                    place.fault(
                        faults,
                        format!("`{slug}` is of the kind `{}`", award.kind.as_str()),
                        "an achievement of the kind `programme`, `certificate` or `diploma`",
                    );
                }
            }
            Target::Organisation(None) | Target::Achievement | Target::Programme => {}
        }
    }
}

/// Nobody stands in the place of those who stand in theirs.
pub(super) fn successions(catalogue: &Catalogue, defined: &Defined, faults: &Faults) {
    for (slug, organisation) in &catalogue.organisations {
        let mut waiting: Vec<&Slug> = organisation.succession.iter().flat_map(|one| &one.by).collect();
        let mut seen = BTreeSet::new();
        while let Some(next) = waiting.pop() {
            if next == slug {
                if let Some(place) = defined.organisations.get(slug) {
                    let detail = format!("`{slug}` is followed by those that it follows");
                    place.fault(faults, detail, "a `succession` that does not come back");
                }
                break;
            }
            if seen.insert(next) {
                let followed = catalogue.organisations.get(next).and_then(|it| it.succession.as_ref());
                waiting.extend(followed.iter().flat_map(|one| &one.by));
            }
        }
    }
}

pub(super) fn programmes(programmes: &[Located<Programme>], faults: &Faults) {
    let mut awarded: BTreeMap<&Slug, &Programme> = BTreeMap::new();
    for Located { value: programme, place } in programmes {
        if let Some(other) = awarded.insert(&programme.achievement, programme) {
            place.fault(
                faults,
                format!("`{}` is awarded by the programme `{}` already", programme.achievement, other.slug),
                "each achievement to be awarded by one programme at most",
            );
        }
    }
    cycles(programmes, &awarded, faults);
}

/// A programme leads to those whose awards it takes as components and to the
/// one it builds on; coming back to itself, nobody could ever complete it.
fn cycles(programmes: &[Located<Programme>], awarded: &BTreeMap<&Slug, &Programme>, faults: &Faults) {
    let by_slug: BTreeMap<&Slug, &Programme> =
        programmes.iter().map(|programme| (&programme.value.slug, &programme.value)).collect();
    let leads_to = |programme: &Programme| -> Vec<Slug> {
        let before = programme.prerequisites.iter().flat_map(programme::Place::accepts);
        let components = programme.rule.achievements().chain(before).chain(&programme.optional);
        let by_award =
            components.filter_map(|component| awarded.get(component)).map(|next| next.slug.clone());
        by_award.chain(programme.builds_on.clone()).collect()
    };
    for Located { value: start, place } in programmes {
        let mut paths = vec![vec![start.slug.clone()]];
        let mut seen = BTreeSet::new();
        'search: while let Some(path) = paths.pop() {
            let Some(programme) = path.last().and_then(|slug| by_slug.get(slug)) else { continue };
            for next in leads_to(programme) {
                if next == start.slug {
                    // Every member of the cycle finds it; the first by name tells.
                    if path.iter().min() == Some(&start.slug) {
                        let names: Vec<_> = path.iter().chain([&next]).map(Slug::as_str).collect();
                        place.fault(
                            faults,
                            format!("goes in a circle: {}", names.join(" → ")),
                            "programmes that do not need themselves; remove one of these steps",
                        );
                    }
                    break 'search;
                }
                if seen.insert(next.clone()) {
                    paths.push(path.iter().cloned().chain([next]).collect());
                }
            }
        }
    }
}

/// The candidate that differs least, if it is near enough to be a slip.
fn nearest<'a>(slug: &Slug, candidates: impl Iterator<Item = &'a Slug>) -> Option<&'a Slug> {
    let best = candidates.map(|near| (distance(slug.as_str(), near.as_str()), near)).min()?;
    (best.0 <= 2 + slug.as_str().len() / 8).then_some(best.1)
}

/// How many letters must be put in, taken out or changed (Levenshtein).
fn distance(from: &str, to: &str) -> usize {
    let mut row: Vec<usize> = (0..=to.chars().count()).collect();
    for (i, a) in from.chars().enumerate() {
        let mut next = vec![i + 1];
        for (b, pair) in to.chars().zip(row.windows(2)) {
            let [diagonal, above] = pair else { continue };
            let left = next.last().copied().unwrap_or_default();
            next.push((diagonal + usize::from(a != b)).min(above + 1).min(left + 1));
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

fn word(role: Role) -> &'static str {
    match role {
        Role::Issuer => "issuer",
        Role::Provider => "provider",
        Role::Body => "body",
    }
}
