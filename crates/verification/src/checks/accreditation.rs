//! Might its provider award the achievement on the day it was awarded?

use chrono::{DateTime, NaiveDate, Utc};
use model::report::{Check, Outcome, Question};
use model::sentence::Part;
use serde_json::Value;

use super::{codes, say};
use crate::credential::{begin, has_type, issuer_id, many, moment, shown, text};
use crate::{Accredited, Awarding};

/// `achievementType` of what awards nothing though it is a badge by its type.
const STATEMENTS: [&str; 2] = ["ext:CpdStatement", "ext:VerificationReceipt"];

/// What a badge says of who awarded what, and when.
#[derive(Debug, Clone)]
pub(crate) struct Stated<'a> {
    pub achievement: &'a str,
    /// Who delivered the learning (`source`), else the issuer.
    pub provider: Option<&'a str>,
    /// Whether a provider is named beside the issuer.
    pub is_sourced: bool,
    pub on: Option<NaiveDate>,
    pub issued: Option<DateTime<Utc>>,
}

/// What the credential states, if it awards something.
pub(crate) fn stated(credential: &Value) -> Option<Stated<'_>> {
    if !["OpenBadgeCredential", "AchievementCredential"].iter().any(|name| has_type(credential, name)) {
        return None;
    }
    let subject = many(credential, "credentialSubject").into_iter().next()?;
    let achievement = many(subject, "achievement").into_iter().next()?;
    if text(achievement, "achievementType").is_some_and(|kind| STATEMENTS.contains(&kind)) {
        return None;
    }
    let source = subject.get("source").and_then(|source| text(source, "id"));
    let issued = begin(credential).and_then(|(_, value)| moment(value));
    let awarded = credential.get("awardedDate").or_else(|| subject.get("activityEndDate")).and_then(moment);
    Some(Stated {
        achievement: text(achievement, "id")?,
        provider: source.or_else(|| issuer_id(credential)),
        is_sourced: source.is_some(),
        on: awarded.or(issued).map(|moment| moment.date_naive()),
        issued,
    })
}

impl<'a> Stated<'a> {
    /// What a register can be asked for.
    pub(crate) fn awarding(&self, issuer: Option<&'a str>) -> Option<Awarding<'a>> {
        Some(Awarding {
            issuer: issuer?,
            achievement: self.achievement,
            provider: self.provider.filter(|_| self.is_sourced),
            on: self.on?,
            issued: self.issued?,
        })
    }
}

/// It awards nothing.
pub(crate) fn no_award() -> Check {
    codes::ACCREDITATION_NO_AWARD.found(say::no_award())
}

/// Nothing in it says who might award it.
pub(crate) fn unknown() -> Check {
    codes::ACCREDITATION_NOT_STATED.found(say::no_register())
}

/// What the register says of an award that is its own.
pub(crate) fn by_register(stated: &Stated<'_>, answer: &Accredited) -> Check {
    let on = stated.on.map_or_else(|| Part::from(""), Part::Day);
    match answer {
        Accredited::Held { provider, by, from, until, ended } => {
            let (provider, by) = (provider.as_str(), by.as_str());
            let held = match until {
                Some(until) => say::accredited_until(provider, on, by, *from, *until),
                None => say::accredited(provider, on, by, *from),
            };
            match ended {
                None => codes::ACCREDITATION_HELD.found(held),
                Some(ended) => codes::ACCREDITATION_ENDED_SINCE.found(say::accreditation_ended(held, *ended)),
            }
        }
        Accredited::ByRule => codes::ACCREDITATION_BY_RULE.found(say::awarded_by_rule()),
        Accredited::NotHeld { provider } => {
            codes::ACCREDITATION_NOT_HELD.found(say::not_accredited(provider.as_str(), on))
        }
        Accredited::NotNamed => codes::ACCREDITATION_NOT_STATED.found(say::no_provider()),
        Accredited::Unanswered => codes::ACCREDITATION_NO_ANSWER.found(say::register_silent()),
    }
}

/// What an award of somebody else's shows by its endorsements: each with what its own
/// check came to.
pub(crate) fn by_endorsements(stated: &Stated<'_>, endorsements: &[(&Value, &Check)]) -> Check {
    let accrediting = endorsements.iter().filter(|(endorsement, _)| accredits(stated, endorsement));
    let accrediting: Vec<_> = accrediting.collect();
    // One that has lapsed by now may have held then: only dates and status lapse.
    let genuine = |check: &Check| {
        matches!(check.outcome, Outcome::Pass | Outcome::Warning) && check.question == Question::Endorsements
    };
    let holding =
        accrediting.iter().find(|(endorsement, check)| genuine(check) && covers(endorsement, stated.on));
    if let Some((endorsement, _)) = holding {
        let by = endorsement.get("issuer").and_then(|issuer| text(issuer, "name"));
        return codes::ACCREDITATION_ENDORSED.found(say::endorsed_by(
            by.or(issuer_id(endorsement)).map_or_else(|| say::nobody().into(), |by| Part::from(shown(by))),
        ));
    }
    if accrediting.is_empty() {
        return codes::ACCREDITATION_NOT_STATED.found(say::no_register());
    }
    codes::ACCREDITATION_NOT_ENDORSED.found(say::accreditation_lapsed())
}

/// Whether the endorsement is about the provider and names the achievement.
fn accredits(stated: &Stated<'_>, endorsement: &Value) -> bool {
    many(endorsement, "credentialSubject").into_iter().any(|subject| {
        let comment = text(subject, "endorsementComment").unwrap_or_default();
        let mut words =
            comment.split(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '(' | ')' | ','));
        text(subject, "id") == stated.provider
            && stated.provider.is_some()
            && words
                .any(|word| word == stated.achievement || word.strip_suffix('.') == Some(stated.achievement))
    })
}

fn covers(endorsement: &Value, on: Option<NaiveDate>) -> bool {
    let Some(on) = on else { return false };
    let from = begin(endorsement).and_then(|(_, value)| moment(value)).map(|moment| moment.date_naive());
    let until = crate::credential::end(endorsement).map(|(_, value)| moment(value));
    let lasts = match until {
        None => true,
        Some(until) => until.is_some_and(|until| on <= until.date_naive()),
    };
    from.is_some_and(|from| from <= on) && lasts
}
