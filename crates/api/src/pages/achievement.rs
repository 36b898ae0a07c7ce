//! The page of an achievement.

use model::{
    catalogue::{Accreditation, Catalogue},
    endorsement::Endorsed,
    id::Slug,
    programme::{Language, rule_in_words},
};
use web::{AchievementPage, Alignment, Lang};

use super::{accredited, achievement, chosen, chrome, counts_towards, endorsements, organisation};
use crate::{problem::Problem, state::AppState};

/// The language that a page is asked for in.
fn language(target: &str) -> Language {
    Lang::of_query(target.split_once('?').map_or("", |(_, query)| query)).into()
}

fn name(catalogue: &Catalogue, slug: &Slug) -> String {
    catalogue.achievements.get(slug).map_or_else(|| slug.to_string(), |known| known.name.clone())
}

/// The page of an achievement in one version, if there is one.
pub fn achievement_page(
    state: &AppState,
    target: &str,
    slug: &Slug,
    version: &str,
) -> Result<Option<String>, Problem> {
    let Some(definition) = state.service.achievement(slug, version)? else { return Ok(None) };
    let catalogue = state.service.catalogue()?;
    let today = state.clock.now().date_naive();
    let named = |slug: &Slug| catalogue.achievements.get(slug).map(achievement);
    let mut providers: Vec<&Accreditation> =
        catalogue.accreditations.iter().filter(|one| one.achievement == *slug && one.covers(today)).collect();
    providers.sort_by_key(|one| (&one.provider, one.from));
    let programme = catalogue.programme_awarding(slug);
    let page = AchievementPage {
        achievement: achievement(&definition),
        achievement_type: definition.achievement_type,
        description: definition.description,
        criteria: definition.criteria,
        language: definition.language,
        image_alt: definition.image.alt,
        credit: definition.credit,
        credit_is_sample: definition.credit_is_sample,
        issuer: organisation(&catalogue, &definition.issuer),
        creator: organisation(&catalogue, &definition.creator),
        endorsements: endorsements(state, &catalogue, |endorsed| {
            matches!(endorsed, Endorsed::Achievement { slug: of, version: in_version }
                if of == slug && in_version == version)
        })?,
        providers: providers
            .into_iter()
            .map(|one| accredited(&catalogue, one, organisation(&catalogue, &one.provider)))
            .collect(),
        rule: programme
            .map(|programme| rule_in_words(programme, &|slug| name(&catalogue, slug), language(target)))
            .unwrap_or_default(),
        made_of: programme
            .map(|programme| {
                programme.rule.needed().into_iter().filter_map(|place| named(&place.achievement)).collect()
            })
            .unwrap_or_default(),
        optional: programme
            .map(|programme| chosen(programme).into_iter().filter_map(named).collect())
            .unwrap_or_default(),
        window_months: programme.and_then(|programme| programme.window.months),
        counts_towards: counts_towards(&catalogue, slug),
        alignments: definition
            .alignments
            .into_iter()
            .map(|alignment| Alignment {
                name: alignment.name,
                url: alignment.url,
                framework: alignment.framework,
            })
            .collect(),
        available_from: definition.available_from,
        withdrawn_on: definition.withdrawn_on,
        valid_for_months: definition.valid_for_months,
        newer: named(slug).filter(|current| current.version != version),
    };
    Ok(Some(page.render(&chrome(state, target))))
}
