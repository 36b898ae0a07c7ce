//! Reading members of a credential that nobody has proved yet.

use chrono::{DateTime, Utc};
use model::report::Summary;
use serde_json::Value;

/// The values of a member that may be one value or an array of them.
pub(crate) fn many<'a>(object: &'a Value, member: &str) -> Vec<&'a Value> {
    match object.get(member) {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::Array(values)) => values.iter().collect(),
        Some(value) => vec![value],
    }
}

/// A string member.
pub(crate) fn text<'a>(object: &'a Value, member: &str) -> Option<&'a str> {
    object.get(member).and_then(Value::as_str)
}

/// Whether `type` has `name` among its values.
pub(crate) fn has_type(object: &Value, name: &str) -> bool {
    many(object, "type").iter().any(|value| value.as_str() == Some(name))
}

/// The types under which the rules of Open Badges apply, which those of CLR follow.
pub(crate) const BADGE_TYPES: [&str; 4] =
    ["OpenBadgeCredential", "AchievementCredential", "EndorsementCredential", LEARNER_RECORD];

const LEARNER_RECORD: &str = "ClrCredential";

/// Whether the rules of Open Badges apply.
pub(crate) fn is_badge(credential: &Value) -> bool {
    BADGE_TYPES.iter().any(|name| has_type(credential, name))
}

/// Whether it is a learner record, which holds credentials (CLR 2.0).
pub(crate) fn is_learner_record(credential: &Value) -> bool {
    has_type(credential, LEARNER_RECORD)
}

/// The issuer's id, whether it stands alone or in an object.
pub(crate) fn issuer_id(credential: &Value) -> Option<&str> {
    let issuer = credential.get("issuer")?;
    issuer.as_str().or_else(|| text(issuer, "id")).filter(|id| !id.is_empty())
}

/// `validFrom`, or `issuanceDate` of VC Data Model 1.1: the member's name and value.
pub(crate) fn begin(credential: &Value) -> Option<(&'static str, &Value)> {
    ["validFrom", "issuanceDate"].into_iter().find_map(|name| Some((name, credential.get(name)?)))
}

/// `validUntil`, or `expirationDate` of VC Data Model 1.1: the member's name and value.
pub(crate) fn end(credential: &Value) -> Option<(&'static str, &Value)> {
    ["validUntil", "expirationDate"].into_iter().find_map(|name| Some((name, credential.get(name)?)))
}

/// A date and time with a time zone (XML Schema `dateTimeStamp`).
pub(crate) fn moment(value: &Value) -> Option<DateTime<Utc>> {
    let text = value.as_str()?;
    // chrono also reads a blank in place of the T, which XML Schema does not.
    let separated = text.as_bytes().get(10) == Some(&b'T');
    DateTime::parse_from_rfc3339(text).ok().filter(|_| separated).map(|read| read.to_utc())
}

/// The credential as it was before it was signed.
pub(crate) fn without_proof(credential: &Value) -> Value {
    let mut bare = credential.clone();
    if let Some(members) = bare.as_object_mut() {
        members.remove("proof");
    }
    bare
}

/// What the credential says of itself.
pub(crate) fn summary(credential: &Value) -> Summary {
    let subjects = many(credential, "credentialSubject");
    let subject = subjects.first().copied();
    let achievement = subject.and_then(|subject| subject.get("achievement"));
    let owned = |text: &str| text.to_owned();
    let holder = subject.and_then(|subject| {
        let named = |entry: &&Value| {
            text(entry, "identityType") == Some("name") && entry.get("hashed") != Some(&Value::Bool(true))
        };
        let identified = many(subject, "identifier").into_iter().find(named);
        identified.and_then(|entry| text(entry, "identityHash")).or_else(|| text(subject, "name"))
    });
    Summary {
        id: text(credential, "id").map(owned),
        achievement: achievement
            .and_then(|achievement| text(achievement, "name"))
            .or_else(|| text(credential, "name"))
            .map(owned),
        holder: holder.map(owned),
        issuer_id: issuer_id(credential).map(owned),
        issuer_name: credential.get("issuer").and_then(|issuer| text(issuer, "name")).map(owned),
        valid_from: begin(credential).and_then(|(_, value)| value.as_str()).map(owned),
        valid_until: end(credential).and_then(|(_, value)| value.as_str()).map(owned),
    }
}

/// At most 120 characters of what somebody wrote, for a sentence.
pub(crate) fn shown(text: &str) -> String {
    const LONGEST: usize = 120;
    if text.len() <= LONGEST {
        return text.to_owned();
    }
    let mut cut: String = text.chars().take(LONGEST).collect();
    if text.chars().nth(LONGEST).is_some() {
        cut.push('…');
    }
    cut
}
