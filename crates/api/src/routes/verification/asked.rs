//! What is asked of what was handed in: by a query, or by a form.

use std::{collections::BTreeSet, sync::Arc};

use actix_web::web;
use chrono::{DateTime, Utc};
use model::{
    field::FieldError,
    id::Slug,
    programme::{Missing, Standing, WhyNot},
    report::Report,
    sentence::Part,
};
use serde::Deserialize;
use verification::{Also, Expectation, LevelPart, Levelled, Trust, apart};

use crate::{
    blocking,
    problem::Problem,
    routes::{learners, requirements::check::Shown},
    state::AppState,
    wire::pathways::Writer,
};

/// What is wanted, as it was written; an empty text is as good as none.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Wanted {
    /// The trust policy that makes the verdict.
    pub policy: Option<String>,
    /// Which achievement it should be.
    pub achievement: Option<String>,
    /// Which registration level it should meet.
    pub level: Option<String>,
    /// The moment as of which it is judged.
    pub as_of: Option<String>,
    /// What is looked at besides, with commas between.
    pub also: Option<String>,
    /// Whose it should be.
    pub recipient: Option<String>,
    /// Of a presentation: the challenge that was given.
    pub challenge: Option<String>,
    /// Of a presentation: for which domain it should be made.
    pub domain: Option<String>,
}

/// The same, read.
#[derive(Clone)]
pub struct Asked {
    /// What each credential is checked for.
    pub expectation: Expectation,
    /// Which level all together should meet.
    pub level: Option<Slug>,
}

impl From<Expectation> for Asked {
    fn from(expectation: Expectation) -> Self {
        Self { expectation, level: None }
    }
}

impl Wanted {
    /// The same, and what `other` wants besides.
    pub fn or(self, other: Self) -> Self {
        Self {
            policy: self.policy.or(other.policy),
            achievement: self.achievement.or(other.achievement),
            level: self.level.or(other.level),
            as_of: self.as_of.or(other.as_of),
            also: self.also.or(other.also),
            recipient: self.recipient.or(other.recipient),
            challenge: self.challenge.or(other.challenge),
            domain: self.domain.or(other.domain),
        }
    }

    /// The field of a form with that name, but for `also`, which may be there several times.
    pub fn field(&mut self, name: &str) -> Option<&mut Option<String>> {
        Some(match name {
            "policy" => &mut self.policy,
            "achievement" => &mut self.achievement,
            "level" => &mut self.level,
            "as_of" => &mut self.as_of,
            "recipient" => &mut self.recipient,
            "challenge" => &mut self.challenge,
            "domain" => &mut self.domain,
            _ => return None,
        })
    }

    /// Reads it; the first thing that is wrong is a problem that names its field.
    pub async fn read(self, state: &web::Data<AppState>) -> Result<Asked, Problem> {
        let said = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
        let expectation = Expectation {
            recipient: said(self.recipient),
            achievement: said(self.achievement),
            as_of: past(said(self.as_of).as_deref(), state.clock.now())?,
            also: also(self.also.as_deref())?,
            challenge: said(self.challenge),
            domain: said(self.domain),
            trust: trust(state, self.policy.as_deref()).await?,
        };
        let level = match said(self.level) {
            None => None,
            Some(named) => blocking::run(state, move |state| level(state, &named)).await?,
        };
        Ok(Asked { expectation, level })
    }
}

impl Asked {
    /// The report with what is found of the level, if one is expected.
    pub async fn judge(&self, state: &web::Data<AppState>, report: Report) -> Result<Report, Problem> {
        if self.level.is_none() {
            return Ok(report);
        }
        let asked = self.clone();
        blocking::run(state, move |state| asked.judge_here(state, report)).await
    }

    /// The same on a thread that may wait for the database.
    pub fn judge_here(&self, state: &AppState, report: Report) -> Result<Report, Problem> {
        let Some(level) = &self.level else { return Ok(report) };
        let found = levelled(state, level, apart(&report), self.expectation.as_of)?;
        Ok(self.expectation.with_level(report, &found))
    }
}

/// How a level is met by what was shown, by parts.
fn levelled(
    state: &AppState,
    level: &Slug,
    reports: &[Report],
    as_of: Option<DateTime<Utc>>,
) -> Result<Levelled, Problem> {
    let (catalogue, at) = (state.service.catalogue()?, as_of.unwrap_or_else(|| state.clock.now()));
    let shown = Shown::of(state, reports)?;
    let gone = || Problem::not_found("level");
    let standing = shown.standing(state, level, at)?.ok_or_else(gone)?;
    let set = catalogue.requirements.get(level).ok_or_else(gone)?;
    let writer = Writer { site: &state.site, catalogue: &catalogue, at };
    // One credential may stand in several places.
    let met: BTreeSet<&Slug> =
        standing.counted().iter().map(|one| one.stands_for.as_ref().unwrap_or(&one.achievement)).collect();
    let met = met.into_iter().map(|slug| LevelPart::Met(writer.name(slug).into()));
    let missing = |missing: &Missing| {
        let words = Part::made(|language| missing.words(&|slug| writer.name(slug), language));
        match missing.why_not() {
            Some(WhyNot::Expired) => LevelPart::Expired(words),
            Some(WhyNot::Revoked) => LevelPart::Revoked(words),
            _ => LevelPart::Missing(words),
        }
    };
    let gap = match &standing {
        Standing::Met(_) => &[][..],
        Standing::InProgress(progress) => &progress.gap.missing,
    };
    Ok(Levelled {
        level: set.name.clone(),
        is_open: shown.is_open(),
        is_of_several: shown.is_of_several(),
        parts: met.chain(gap.iter().map(missing)).collect(),
    })
}

/// The level of that name.
fn level(state: &AppState, named: &str) -> Result<Option<Slug>, Problem> {
    let catalogue = state.service.catalogue()?;
    let found = catalogue.requirements.keys().find(|known| known.as_str() == named.trim());
    found.cloned().map(Some).ok_or_else(|| {
        let known: Vec<&str> = catalogue.requirements.keys().map(Slug::as_str).collect();
        let expected =
            if known.is_empty() { "no level: none is set up".to_owned() } else { known.join(" or ") };
        let detail = format!("there is no level `{}`", named.chars().take(64).collect::<String>());
        Problem::invalid(vec![FieldError::new("/level", "unknown", detail, expected)])
    })
}

/// The moment as of which it is to be judged, which has passed.
fn past(as_of: Option<&str>, now: DateTime<Utc>) -> Result<Option<DateTime<Utc>>, Problem> {
    let is_today = as_of.is_some_and(|text| text.parse() == Ok(now.date_naive()));
    // The day is not over, so that it counts until now.
    let as_of = if is_today { Some(now) } else { learners::as_of(as_of)? };
    if as_of.is_some_and(|as_of| as_of > now) {
        let detail = "it is still to come";
        return Err(Problem::invalid(vec![FieldError::new(
            "/as_of",
            "future",
            detail,
            "a moment that has passed",
        )]));
    }
    Ok(as_of)
}

/// What is to be looked at besides.
fn also(named: Option<&str>) -> Result<Also, Problem> {
    let mut also = Also::default();
    for name in named.unwrap_or_default().split(',').map(str::trim).filter(|name| !name.is_empty()) {
        match name {
            "evidence" => also.evidence = true,
            "log" => also.log = true,
            "ledger" => also.ledger = true,
            "maintenance" => also.maintenance = true,
            other => {
                let detail = format!("`{}` is not known", other.chars().take(64).collect::<String>());
                let expected = "evidence, log, ledger or maintenance";
                return Err(Problem::invalid(vec![FieldError::new("/also", "unknown", detail, expected)]));
            }
        }
    }
    Ok(also)
}

/// The policy of that name and the lists it needs; none if none is named.
pub async fn trust(state: &web::Data<AppState>, policy: Option<&str>) -> Result<Option<Trust>, Problem> {
    let Some(policy) = policy.filter(|policy| !policy.is_empty()) else { return Ok(None) };
    let unknown = || {
        let known: Vec<&str> = state.trust.file().registry.policies.keys().map(Slug::as_str).collect();
        let expected =
            if known.is_empty() { "no policy: none is set up".to_owned() } else { known.join(" or ") };
        let detail = format!("there is no policy `{}`", policy.chars().take(64).collect::<String>());
        Problem::invalid(vec![FieldError::new("/policy", "unknown", detail, expected)])
    };
    let name: Slug = policy.parse().map_err(|_| unknown())?;
    let found = state.trust.trust(&name, state.outside.as_ref(), state.clock.now()).await;
    let found = found.ok_or_else(unknown)?;
    let policy = Arc::clone(&found.policy);
    let decided = blocking::run(state, move |state| {
        let lists: Vec<Slug> = policy.issuers.iter().chain(&policy.endorsers).cloned().collect();
        Ok(state.registry.trust_decisions(Some(&lists))?)
    })
    .await?;
    Ok(Some(found.with_entries(decided.into_iter().map(|one| (one.entry, one.recorded)))))
}
