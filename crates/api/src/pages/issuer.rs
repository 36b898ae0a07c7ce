//! The page of an organisation.

use model::{endorsement::Endorsed, id::Slug};
use signing::KeyAlgorithm;
use web::{IssuerPage, KeyLine};

use super::{accredited, achievement, answering, chrome, endorsements, organisation};
use crate::{problem::Problem, state::AppState};

/// The page of an organisation, if there is one.
pub fn issuer_page(state: &AppState, target: &str, slug: &Slug) -> Result<Option<String>, Problem> {
    let catalogue = state.service.catalogue()?;
    let Some(known) = catalogue.organisations.get(slug) else { return Ok(None) };
    let keys = state.vault.keys();
    let mut lines: Vec<KeyLine> = keys
        .of_issuer(slug)
        .map(|key| {
            let record = key.record();
            KeyLine {
                id: record.id.clone(),
                algorithm: algorithm(record.algorithm).to_owned(),
                created: record.created,
                retired: record.retired,
            }
        })
        .collect();
    lines.sort_by(|one, other| other.created.cmp(&one.created).then_with(|| one.id.cmp(&other.id)));
    // An organisation without keys teaches or endorses, and has no such name.
    let mut dids = state
        .service
        .identity(slug)
        .map(|identity| vec![identity.data_integrity.issuer_id, identity.jwt.issuer_id])
        .unwrap_or_default();
    dids.dedup();
    let achievements = catalogue.achievements.values().filter(|definition| definition.issuer == *slug);
    let today = state.clock.now().date_naive();
    let mut may_award: Vec<_> =
        catalogue.accreditations.iter().filter(|one| one.provider == *slug && one.covers(today)).collect();
    may_award.sort_by_key(|one| (&one.achievement, one.from));
    let accredited = may_award.into_iter().filter_map(|one| {
        let definition = catalogue.achievements.get(&one.achievement)?;
        Some(accredited(&catalogue, one, achievement(definition)))
    });
    let page = IssuerPage {
        organisation: organisation(&catalogue, slug),
        description: known.description.clone(),
        url: known.url.clone(),
        email: known.email.clone(),
        ods: known.ods.as_ref().map(|code| code.as_str().to_owned()),
        dids,
        keys: lines,
        achievements: achievements.map(achievement).collect(),
        endorsements: endorsements(
            state,
            &catalogue,
            |endorsed| matches!(endorsed, Endorsed::Organisation(of) if of == slug),
        )?,
        accredited: accredited.collect(),
        answering: answering(state, &catalogue, slug),
    };
    Ok(Some(page.render(&chrome(state, target))))
}

fn algorithm(algorithm: KeyAlgorithm) -> &'static str {
    match algorithm {
        KeyAlgorithm::Ed25519 => "Ed25519",
        KeyAlgorithm::Es256 => "ES256",
        KeyAlgorithm::Rs256 => "RS256",
    }
}
