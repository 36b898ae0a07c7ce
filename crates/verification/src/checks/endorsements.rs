//! Do its endorsements verify?

use model::report::{Check, Outcome, Question, Report, Verdict};
use model::sentence::{Part, Sentence};
use serde_json::Value;

use super::{codes, say};
use crate::credential::{issuer_id, many, shown, text};

/// Endorsements that are checked; each may need documents from other hosts.
pub(crate) const MOST: usize = 8;

/// An endorsement and where it stands.
#[derive(Debug, Clone)]
pub(crate) struct Embedded<'a> {
    pub place: Sentence,
    pub form: Form<'a>,
}

/// An endorsement as JSON with an embedded proof, or as a compact JWS.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Form<'a> {
    Json(&'a Value),
    Jws(&'a str),
}

/// Every endorsement of the credential, its achievement and its issuer.
pub(crate) fn embedded(credential: &Value) -> Vec<Embedded<'_>> {
    let subjects = many(credential, "credentialSubject").into_iter().enumerate();
    let achievements = subjects.flat_map(|(index, subject)| {
        let place = say::the_achievement(index);
        many(subject, "achievement").into_iter().map(move |achievement| (place.clone(), achievement))
    });
    let mut holders = vec![(say::the_credential(), credential)];
    holders.extend(credential.get("issuer").map(|issuer| (say::the_issuer(), issuer)));
    holders.extend(achievements);
    let mut found = Vec::new();
    for (place, holder) in holders {
        for endorsement in many(holder, "endorsement") {
            found.push(Embedded { place: place.clone(), form: Form::Json(endorsement) });
        }
        for token in many(holder, "endorsementJwt").into_iter().filter_map(Value::as_str) {
            found.push(Embedded { place: place.clone(), form: Form::Jws(token) });
        }
    }
    found
}

/// There are none.
pub(crate) fn none() -> Check {
    codes::ENDORSEMENTS_NONE.found(say::no_endorsements())
}

/// There are more than are checked.
pub(crate) fn too_many(number: usize) -> Check {
    codes::ENDORSEMENTS_TOO_MANY.found(say::too_many_endorsements(number, MOST))
}

/// An endorsement that cannot be read.
pub(crate) fn unreadable(place: &Sentence, why: Check) -> Check {
    codes::ENDORSEMENT_INVALID.found(say::endorsement_unreadable(place.clone(), why.finding))
}

/// What the report on an endorsement comes to for the credential it stands in.
pub(crate) fn concluded(place: &Sentence, credential: &Value, endorsement: &Value, report: &Report) -> Check {
    let place = place.clone();
    let by = report.summary.issuer_name.as_deref().or(issuer_id(endorsement));
    let by = by.map_or_else(|| say::nobody().into(), |by| Part::from(shown(by)));
    let about = many(endorsement, "credentialSubject").into_iter().find_map(|subject| text(subject, "id"));
    if !about.is_some_and(|about| names(credential).contains(&about)) {
        return codes::ENDORSEMENT_INVALID.found(say::endorsement_elsewhere(
            place,
            by,
            about.map_or_else(|| say::nothing().into(), |about| Part::from(shown(about))),
        ));
    }
    let failed: Vec<&Check> = report.checks.iter().filter(|check| check.outcome == Outcome::Fail).collect();
    let lapse = [Question::Dates, Question::Status];
    match (report.verdict, failed.first()) {
        (Verdict::Invalid, Some(first)) if failed.iter().all(|check| lapse.contains(&check.question)) => {
            codes::ENDORSEMENT_LAPSED.found(say::endorsement_found(place, by, first.finding.clone()))
        }
        (Verdict::Invalid, first) => {
            let why = first.map_or_else(say::it_is_invalid, |check| check.finding.clone());
            codes::ENDORSEMENT_INVALID.found(say::endorsement_found(place, by, why))
        }
        (Verdict::Undetermined, _) => codes::ENDORSEMENT_UNDETERMINED.found(say::endorsement_open(place, by)),
        (Verdict::Valid, _) => codes::ENDORSEMENT_VALID.found(say::endorsement_verifies(place, by)),
    }
}

/// The ids of what the credential describes and an endorsement may be about.
fn names(credential: &Value) -> Vec<&str> {
    let mut names: Vec<&str> = text(credential, "id").into_iter().chain(issuer_id(credential)).collect();
    for subject in many(credential, "credentialSubject") {
        let source = subject.get("source").and_then(|source| text(source, "id"));
        names.extend(text(subject, "id").into_iter().chain(source));
        for achievement in many(subject, "achievement") {
            let creator = achievement.get("creator").and_then(|creator| text(creator, "id"));
            names.extend(text(achievement, "id").into_iter().chain(creator));
        }
    }
    names
}
