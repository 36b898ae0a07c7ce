//! The page of one badge: what is recorded of it, and what its credential states.

use chrono::NaiveDate;
use model::{catalogue::Catalogue, id::Slug, maintenance::Need, site::Site};
use registry::{AwardSummary, CredentialRecord, CredentialState, Relative};
use serde_json::Value;
use web::{
    AchievementLink, Answering, BadgeLink, BadgePage, BadgeStatus, CorrectedBadge, Downloads, EvidenceLine,
    ResultLine, Upkeep,
};

use super::{answering, chrome, counts_towards, definition, organisation};
use crate::{problem::Problem, state::AppState};

/// The page of a badge.
pub fn badge(state: &AppState, target: &str, record: &CredentialRecord) -> Result<String, Problem> {
    let definition = definition(state, &record.achievement, &record.achievement_version)?;
    let catalogue = state.service.catalogue()?;
    let stated = Stated::read(&record.data_integrity);
    let made_of = made_of(state, &catalogue, record)?;
    let lineage = state.registry.lineage(record.completion_id)?;
    let download = |format: &str| format!("{}?format={format}", state.site.credential(record.id));
    let page = BadgePage {
        id: record.id,
        status: status(state, record),
        holder: record.learner_name.clone(),
        achievement: AchievementLink {
            slug: definition.slug,
            version: definition.version,
            name: definition.name,
        },
        description: definition.description,
        criteria: definition.criteria,
        language: definition.language,
        image_alt: definition.image.alt,
        issuer: organisation(&catalogue, &record.issuer),
        provider: organisation(&catalogue, &record.provider),
        credit_is_sample: definition.credit_is_sample && record.credit == definition.credit,
        credit: record.credit.clone(),
        results: stated.results(),
        evidence: stated.evidence(&made_of, &state.site),
        upkeep: upkeep(state, &catalogue, record)?,
        superseded_by: superseded_by(state, &catalogue, record)?,
        corrected_to: lineage.superseded_by.as_ref().map(|one| relative(&catalogue, one)),
        corrects: lineage.supersedes.as_ref().map(|one| relative(&catalogue, one)),
        counts_towards: counts_towards(&catalogue, &record.achievement),
        answering: ended(state, &catalogue, record),
        started_on: stated.started_on(),
        awarded_at: record.awarded_at,
        valid_from: record.valid_from,
        valid_until: record.valid_until,
        downloads: Downloads {
            json: download("json"),
            jwt: download("jwt"),
            sd_jwt: record.has_selective.then(|| download("sd-jwt")),
            png: download("png"),
            svg: download("svg"),
            clr: (!made_of.is_empty())
                .then(|| format!("{}?format=json", state.site.learner_record(record.id))),
            qr: format!("{}/qr.svg", state.site.badge_page(record.id)),
        },
        made_of,
    };
    Ok(page.render(&chrome(state, target)))
}

/// Who answers for its issuer and its provider, where they are no more.
fn ended(state: &AppState, catalogue: &Catalogue, record: &CredentialRecord) -> Vec<Answering> {
    let mut who = vec![&record.issuer, &record.provider];
    who.dedup();
    who.into_iter().filter_map(|slug| answering(state, catalogue, slug)).collect()
}

/// Whether a credential holds now; the bounds belong to it.
fn status(state: &AppState, record: &CredentialRecord) -> BadgeStatus {
    let now = state.clock.now();
    match &record.state {
        // The reason is the provider's note, not the public's.
        CredentialState::Revoked { at, .. } => BadgeStatus::Revoked { at: *at, reason: None },
        CredentialState::Issued if record.valid_until.is_some_and(|end| now > end) => BadgeStatus::Expired,
        CredentialState::Issued if now < record.valid_from => BadgeStatus::NotYetValid,
        CredentialState::Issued => BadgeStatus::Valid,
    }
}

/// The badges that counted towards this one, if it was awarded for a programme.
fn made_of(
    state: &AppState,
    catalogue: &Catalogue,
    record: &CredentialRecord,
) -> Result<Vec<BadgeLink>, Problem> {
    let Some(programme) = catalogue.programme_awarding(&record.achievement) else { return Ok(Vec::new()) };
    let awards = state.registry.awards_of(record.learner_id)?;
    let counted = awards.into_iter().filter(|award| award.counts_in(&programme.slug));
    let link = |award: AwardSummary| BadgeLink {
        name: named(catalogue, &award.achievement),
        id: award.credential_id,
    };
    Ok(counted.map(link).collect())
}

/// What keeps it in force: of a badge that ends by a policy, or renews one that did.
fn upkeep(
    state: &AppState,
    catalogue: &Catalogue,
    record: &CredentialRecord,
) -> Result<Option<Upkeep>, Problem> {
    if record.valid_until.is_none() && record.issue == 1 {
        return Ok(None);
    }
    let found = state.service.maintenance_of_record(record, None)?;
    let one = found.and_then(|mut found| found.awards.pop());
    let Some(standing) = one.map(|one| one.standing) else { return Ok(None) };
    let Some(policy) = &standing.policy else { return Ok(None) };
    let needs = standing.way.iter().flat_map(|way| &way.needs);
    let named = needs.filter_map(|need| match need {
        Need::Completion { achievement, .. } => {
            Some((achievement.clone(), catalogue.achievements.get(achievement)?.name.clone()))
        }
        _ => None,
    });
    Ok(Some(Upkeep {
        is_sample: catalogue.maintenance.get(policy).is_some_and(|policy| policy.is_sample),
        names: named.collect(),
        standing,
    }))
}

/// The later award that builds on this one.
fn superseded_by(
    state: &AppState,
    catalogue: &Catalogue,
    record: &CredentialRecord,
) -> Result<Option<BadgeLink>, Problem> {
    let later = state.registry.successor(record.award_id)?;
    Ok(later.map(|later| BadgeLink { name: named(catalogue, &later.achievement), id: later.credential_id }))
}

/// The badge before or after a correction; another holder's is not linked to.
fn relative(catalogue: &Catalogue, one: &Relative) -> CorrectedBadge {
    if one.same_holder {
        CorrectedBadge::Own(BadgeLink { name: named(catalogue, &one.achievement), id: one.credential_id })
    } else {
        CorrectedBadge::AnotherHolders
    }
}

fn named(catalogue: &Catalogue, achievement: &Slug) -> String {
    let known = catalogue.achievements.get(achievement);
    known.map_or_else(|| achievement.to_string(), |known| known.name.clone())
}

/// What the signed credential itself states.
struct Stated(Value);

impl Stated {
    fn read(credential: &str) -> Self {
        Self(serde_json::from_str(credential).unwrap_or_default())
    }

    fn list(&self, pointer: &str) -> impl Iterator<Item = &Value> {
        self.0.pointer(pointer).and_then(Value::as_array).into_iter().flatten()
    }

    /// `activityStartDate`.
    fn started_on(&self) -> Option<NaiveDate> {
        text(&self.0, "/credentialSubject/activityStartDate")?.get(..10)?.parse().ok()
    }

    /// `result`, each under the name of its `resultDescription`; the CPD credit
    /// has a line of its own on the page.
    fn results(&self) -> Vec<ResultLine> {
        let described = |id: &str| {
            self.list("/credentialSubject/achievement/resultDescription")
                .find(|one| text(one, "/id").as_deref() == Some(id))
        };
        self.list("/credentialSubject/result")
            .filter_map(|result| {
                let description = described(&text(result, "/resultDescription")?)?;
                let (name, value) = (text(description, "/name")?, text(result, "/value")?);
                match text(description, "/resultType").as_deref() {
                    Some("ext:CpdCredit") => None,
                    Some("Percent") if !value.ends_with('%') => {
                        Some(ResultLine { name, value: format!("{value}%") })
                    }
                    _ => Some(ResultLine { name, value }),
                }
            })
            .collect()
    }

    /// `evidence`, but for the badges that are listed by themselves.
    fn evidence(&self, listed: &[BadgeLink], site: &Site) -> Vec<EvidenceLine> {
        let is_listed =
            |url: &Option<String>| listed.iter().any(|badge| Some(site.credential(badge.id)) == *url);
        self.list("/evidence")
            .map(|one| EvidenceLine {
                name: text(one, "/name"),
                url: text(one, "/id"),
                narrative: text(one, "/narrative"),
            })
            .filter(|line| !is_listed(&line.url))
            .collect()
    }
}

fn text(value: &Value, pointer: &str) -> Option<String> {
    value.pointer(pointer).and_then(Value::as_str).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn results_and_evidence_are_read_from_the_credential_and_credit_and_counted_badges_left_out() {
        let site = Site::new("https://badges.example.org", "academy".parse().unwrap()).unwrap();
        let counted =
            BadgeLink { id: "3f0f6a52-6d0d-4a9b-8f3c-2a1b7c9d0e11".parse().unwrap(), name: "Module".into() };
        let described = |id, name, kind| json!({ "id": id, "name": name, "resultType": kind });
        let stated = Stated(json!({
            "credentialSubject": {
                "activityStartDate": "2026-04-20T00:00:00Z",
                "achievement": { "resultDescription": [
                    described("#credit", "CPD credit in hours", "ext:CpdCredit"),
                    described("#quiz", "Quiz", "Percent"),
                    described("#grade", "Grade", "LetterGrade"),
                ] },
                "result": [
                    { "resultDescription": "#credit", "value": "6" },
                    { "resultDescription": "#quiz", "value": "92" },
                    { "resultDescription": "#grade", "value": "A" },
                    { "resultDescription": "#nowhere", "value": "1" },
                ],
            },
            "evidence": [
                { "id": site.credential(counted.id), "name": "Module" },
                { "id": "https://learning.example.org/1", "narrative": "A service redesigned." },
            ],
        }));
        let line = |name: &str, value: &str| ResultLine { name: name.into(), value: value.into() };
        assert_eq!(stated.results(), [line("Quiz", "92%"), line("Grade", "A")]);
        assert_eq!(
            stated.evidence(&[counted], &site),
            [EvidenceLine {
                name: None,
                url: Some("https://learning.example.org/1".into()),
                narrative: Some("A service redesigned.".into()),
            }]
        );
        assert_eq!(stated.started_on(), "2026-04-20".parse().ok());
        assert_eq!(Stated::read("no JSON").results(), []);
    }
}
