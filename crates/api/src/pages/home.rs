//! What can be earned, and from whom.

use model::catalogue::{AchievementDefinition, Catalogue, Programme};
use web::{Earnable, HomePage};

use super::{achievement, chosen, chrome, organisation};
use crate::{problem::Problem, state::AppState};

/// The home page.
pub fn home(state: &AppState, target: &str) -> Result<String, Problem> {
    let catalogue = state.service.catalogue()?;
    let today = state.clock.now().date_naive();
    let mut offered: Vec<&AchievementDefinition> =
        catalogue.achievements.values().filter(|definition| definition.available_on(today)).collect();
    // The codes people know them by number the modules of a programme.
    offered.sort_by_key(|one| (one.human_code.is_none(), &one.human_code, &one.name));
    let page = HomePage {
        achievements: offered.into_iter().map(|definition| earnable(&catalogue, definition)).collect(),
        issuers: catalogue.issuers().into_iter().map(|slug| organisation(&catalogue, slug)).collect(),
    };
    Ok(page.render(&chrome(state, target)))
}

fn earnable(catalogue: &Catalogue, definition: &AchievementDefinition) -> Earnable {
    let programme = catalogue.programme_awarding(&definition.slug);
    Earnable {
        achievement: achievement(definition),
        kind: definition.kind,
        language: definition.language.clone(),
        parts: programme.map(parts),
    }
}

/// How many achievements a programme needs by name, and how many may be chosen.
fn parts(programme: &Programme) -> (usize, usize) {
    let needed = programme.rule.needed().len();
    (needed, chosen(programme).len())
}
