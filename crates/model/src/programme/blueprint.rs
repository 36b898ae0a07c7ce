//! Copies of a blueprint (Future Vision, 7.22 to 7.28, 8.23).
//!
//! A blueprint is a programme that leaves parts [open](super::Open). A copy has
//! the blueprint's rule, prerequisites, window and counting rule as they are, and
//! fills the open parts in its own way. It cannot state the rest, so it cannot
//! leave its blueprint's core; when the blueprint is revised, the copy made anew
//! from it follows, under a version that names both.

use std::collections::BTreeMap;

use super::{AllOf, Lineage, Open, Programme, Rule};
use crate::id::Slug;

/// Why something cannot be a copy. Whose fault: the catalogue editor's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BlueprintError {
    /// The programme to be copied leaves nothing open.
    #[error("`{0}` leaves nothing open, so it is no blueprint")]
    NotABlueprint(Slug),
    /// The copy fills a part that the blueprint does not leave open, or no more.
    #[error("`{blueprint}` leaves no `{slot}` open")]
    NoSuchSlot {
        /// The blueprint.
        blueprint: Slug,
        /// What the copy fills.
        slot: Slug,
    },
}

/// Makes a copy of `blueprint` that is called `slug`, awards `achievement`, and
/// fills open parts by `fills`; what it does not fill stays as in the blueprint.
/// Its `optional` achievements come after the blueprint's.
pub fn resolve(
    blueprint: &Programme,
    slug: Slug,
    own_version: String,
    achievement: Slug,
    fills: BTreeMap<Slug, Vec<Rule>>,
    optional: Vec<Slug>,
) -> Result<Programme, Vec<BlueprintError>> {
    let slots = blueprint.open_parts();
    if slots.is_empty() {
        return Err(vec![BlueprintError::NotABlueprint(blueprint.slug.clone())]);
    }
    let is_open = |slot: &&Slug| slots.iter().any(|open| open.slot == **slot);
    let unknown: Vec<_> = fills
        .keys()
        .filter(|slot| !is_open(slot))
        .map(|slot| BlueprintError::NoSuchSlot { blueprint: blueprint.slug.clone(), slot: slot.clone() })
        .collect();
    if !unknown.is_empty() {
        return Err(unknown);
    }
    let rules = blueprint.rule.rules.iter().map(|rule| filled(rule, &fills)).collect();
    let mut all_optional = blueprint.optional.clone();
    all_optional.extend(optional.into_iter().filter(|one| !blueprint.optional.contains(one)));
    Ok(Programme {
        slug,
        version: format!("{own_version}-b{}", blueprint.version),
        achievement,
        rule: AllOf { name: blueprint.rule.name.clone(), rules },
        prerequisites: blueprint.prerequisites.clone(),
        optional: all_optional,
        window: blueprint.window,
        counting: blueprint.counting,
        builds_on: None,
        on_revocation: blueprint.on_revocation,
        lineage: Some(Lineage {
            blueprint: blueprint.slug.clone(),
            blueprint_version: blueprint.version.clone(),
            own_version,
            fills,
        }),
    })
}

impl Programme {
    /// The parts that copies may replace; a programme that has one is a blueprint.
    pub fn open_parts(&self) -> Vec<&Open> {
        fn of<'a>(rules: impl Iterator<Item = &'a Rule>) -> Vec<&'a Open> {
            rules
                .flat_map(|rule| match rule {
                    Rule::Place(_) | Rule::Credits(_) => Vec::new(),
                    Rule::AllOf(all) => of(all.rules.iter()),
                    Rule::NOf(some) => of(some.from.iter()),
                    Rule::Open(open) => [open].into_iter().chain(of(open.of.iter())).collect(),
                })
                .collect()
        }
        of(self.rule.rules.iter())
    }
}

fn filled(rule: &Rule, fills: &BTreeMap<Slug, Vec<Rule>>) -> Rule {
    let each = |rules: &[Rule]| rules.iter().map(|rule| filled(rule, fills)).collect();
    match rule {
        Rule::Place(_) | Rule::Credits(_) => rule.clone(),
        Rule::AllOf(all) => Rule::AllOf(AllOf { name: all.name.clone(), rules: each(&all.rules) }),
        Rule::NOf(some) => Rule::NOf(super::NOf { from: each(&some.from), ..some.clone() }),
        Rule::Open(open) => {
            let of = fills.get(&open.slot).cloned().unwrap_or_else(|| each(&open.of));
            Rule::Open(Open { of, ..open.clone() })
        }
    }
}
