//! What a document must be before anything is signed.

use chrono::{DateTime, TimeDelta, Utc};
use model::{field::FieldError, ob};
use serde_json::Value;

use crate::{Identity, SigningError};

/// `achievementType` of a CPD statement, which no award bears.
pub const STATEMENT: &str = "ext:CpdStatement";
/// `achievementType` of the receipt of a verification, which no award bears either.
pub const RECEIPT: &str = "ext:VerificationReceipt";
/// `resultType` of the result that says as of when a statement was derived.
pub const AS_OF: &str = "ext:AsOf";

/// What kind of document is to be signed; decides what it must have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A badge.
    Award,
    /// A CPD statement, or the receipt of a verification: a badge by its type, which awards
    /// nothing. What tells it from an award is its `achievementType`, [`STATEMENT`] or
    /// [`RECEIPT`].
    Statement,
    /// A `ClrCredential` (CLR 2.0).
    LearnerRecord,
    /// An `EndorsementCredential` (OB 3.0).
    Endorsement,
    /// A `BitstringStatusListCredential` (Bitstring Status List 1.0, 2.2).
    StatusList,
}

impl Kind {
    /// The kind that `type` states, if it is one that is signed here.
    pub(crate) fn of(document: &Value) -> Option<Self> {
        let types = document.get("type")?.as_array()?;
        let is = |name: &str| types.iter().any(|found| found == name);
        if is("OpenBadgeCredential") || is("AchievementCredential") {
            let kind = document.pointer("/credentialSubject/achievement/achievementType");
            let is_statement =
                kind.and_then(Value::as_str).is_some_and(|kind| [STATEMENT, RECEIPT].contains(&kind));
            Some(if is_statement { Self::Statement } else { Self::Award })
        } else if is("ClrCredential") {
            Some(Self::LearnerRecord)
        } else if is("EndorsementCredential") {
            Some(Self::Endorsement)
        } else if is("BitstringStatusListCredential") {
            Some(Self::StatusList)
        } else {
            None
        }
    }
}

/// Everything about a document that can be said without its keys.
pub(crate) fn shape(document: &Value, kind: Kind) -> Result<(), SigningError> {
    let mut faults = match kind {
        Kind::Award | Kind::Statement | Kind::LearnerRecord | Kind::Endorsement => ob::lint(document),
        Kind::StatusList => status_list(document),
    };
    if document.get("proof").is_some() {
        faults.push(FieldError::new("/proof", "proof-present", "there is a proof already", "no proof"));
    }
    dates(document, &mut faults);
    if matches!(kind, Kind::Award | Kind::LearnerRecord) {
        status_entry(document, &mut faults);
    }
    if kind == Kind::Statement {
        statement(document, &mut faults);
    }
    no_jwt_endorsement(document, &mut faults);
    if faults.is_empty() { Ok(()) } else { Err(SigningError::Lint(faults)) }
}

/// That the issuer named in the document is the one whose key will sign, and
/// that the document is not from the future of its own signature.
pub(crate) fn belongs(
    document: &Value,
    identity: &Identity,
    created: DateTime<Utc>,
) -> Result<(), SigningError> {
    let mut faults = Vec::new();
    let issuer = document.get("issuer");
    let found = issuer.and_then(|issuer| issuer.as_str().or_else(|| issuer.get("id")?.as_str()));
    let expected = &identity.data_integrity.issuer_id;
    if found != Some(expected.as_str()) {
        let found = format!("the issuer is `{}`", found.unwrap_or("nobody"));
        faults.push(FieldError::new("/issuer/id", "issuer-key-mismatch", found, format!("`{expected}`")));
    }
    if let Some(awarded) = moment(document, "awardedDate")
        && awarded > created + TimeDelta::days(1)
    {
        let found = format!("awarded {awarded}, but signed {created}");
        faults.push(FieldError::new("/awardedDate", "awarded-in-the-future", found, "a date before signing"));
    }
    if faults.is_empty() { Ok(()) } else { Err(SigningError::Lint(faults)) }
}

/// A year is surely a slip; a badge that begins next week is not.
const FURTHEST_START: TimeDelta = TimeDelta::days(366);

/// That `validFrom` is not absurdly later than the signature.
pub(crate) fn begins(document: &Value, created: DateTime<Utc>) -> Result<(), SigningError> {
    match moment(document, "validFrom") {
        Some(from) if from > created + FURTHEST_START => Err(SigningError::Lint(vec![FieldError::new(
            "/validFrom",
            "valid-from-too-late",
            format!("it begins {from}, but is signed {created}"),
            "a beginning within a year of signing",
        )])),
        _ => Ok(()),
    }
}

fn moment(document: &Value, member: &str) -> Option<DateTime<Utc>> {
    let text = document.get(member)?.as_str()?;
    DateTime::parse_from_rfc3339(text).ok().map(|moment| moment.to_utc())
}

fn dates(document: &Value, faults: &mut Vec<FieldError>) {
    let expected = "a date-time with a zone, such as 2026-03-01T09:00:00Z";
    let Some(from) = moment(document, "validFrom") else {
        faults.push(FieldError::new("/validFrom", "invalid-date", "it is missing or no date-time", expected));
        return;
    };
    if document.get("validUntil").is_none() {
        return;
    }
    match moment(document, "validUntil") {
        None => faults.push(FieldError::new("/validUntil", "invalid-date", "it is no date-time", expected)),
        Some(until) if until <= from => faults.push(FieldError::new(
            "/validUntil",
            "ends-before-it-begins",
            format!("it ends {until} and begins {from}"),
            "an end after the beginning",
        )),
        Some(_) => {}
    }
}

/// Bitstring Status List 1.0, 2.1. Every award must be revocable.
fn status_entry(document: &Value, faults: &mut Vec<FieldError>) {
    let mut fault = |member: &str, detail: &str, expected: &str| {
        let pointer = format!("/credentialStatus{member}");
        faults.push(FieldError::new(pointer, "status-entry", detail, expected));
    };
    let Some(entry) = document.get("credentialStatus").filter(|entry| entry.is_object()) else {
        fault("", "there is no status entry", "one BitstringStatusListEntry, so that it can be revoked");
        return;
    };
    let text = |member: &str| entry.get(member).and_then(Value::as_str).filter(|text| !text.is_empty());
    if text("type") != Some("BitstringStatusListEntry") {
        fault("/type", "another type of status", "BitstringStatusListEntry");
    }
    for member in ["id", "statusPurpose", "statusListCredential"] {
        if text(member).is_none() {
            fault(&format!("/{member}"), "it is missing", "a string");
        }
    }
    let index = text("statusListIndex");
    if !index.is_some_and(|index| index.bytes().all(|byte| byte.is_ascii_digit())) {
        fault("/statusListIndex", "it is missing or not digits in a string", "such as \"94567\"");
    }
}

/// That nobody takes a statement for an award: it says as of when it was derived, and it
/// has no entry in a status list, since nothing can be taken back that was true then.
fn statement(document: &Value, faults: &mut Vec<FieldError>) {
    let descriptions = document.pointer("/credentialSubject/achievement/resultDescription");
    let as_of = descriptions.and_then(Value::as_array).into_iter().flatten();
    let as_of = as_of.filter(|one| one.get("resultType").and_then(Value::as_str) == Some(AS_OF));
    let as_of: Vec<_> = as_of.filter_map(|one| one.get("id")).collect();
    let results = document.pointer("/credentialSubject/result").and_then(Value::as_array);
    let mut results = results.into_iter().flatten();
    let is_dated = results.any(|result| {
        let names = result.get("resultDescription").is_some_and(|id| as_of.contains(&id));
        names && moment(result, "value").is_some()
    });
    if !is_dated {
        let expected = "a result whose description is of the type `ext:AsOf`, with a date-time";
        let detail = "it does not say as of when";
        faults.push(FieldError::new("/credentialSubject/result", "no-as-of", detail, expected));
    }
    if document.get("credentialStatus").is_some() {
        let detail = "it has a status entry, as if it were an award";
        faults.push(FieldError::new("/credentialStatus", "statement-with-status", detail, "none"));
    }
}

/// Bitstring Status List 1.0, 2.2, with the envelope of VC Data Model 2.0.
fn status_list(document: &Value) -> Vec<FieldError> {
    let mut faults = Vec::new();
    let text = |pointer: &str| document.pointer(pointer).and_then(Value::as_str);
    let mut expect = |holds: bool, pointer: &str, expected: &str| {
        if !holds {
            let detail = "it is missing or something else";
            faults.push(FieldError::new(pointer, "status-list", detail, expected));
        }
    };
    let first_context = document.pointer("/@context/0").and_then(Value::as_str);
    expect(
        first_context == Some("https://www.w3.org/ns/credentials/v2"),
        "/@context",
        "https://www.w3.org/ns/credentials/v2 first",
    );
    let types = document.get("type").and_then(Value::as_array);
    let is_credential = types.is_some_and(|types| types.iter().any(|name| name == "VerifiableCredential"));
    expect(is_credential, "/type", "VerifiableCredential and BitstringStatusListCredential");
    expect(text("/id").is_some_and(|id| id.starts_with("http")), "/id", "the list's URL");
    let subject = "/credentialSubject";
    expect(
        text("/credentialSubject/id").is_some(),
        &format!("{subject}/id"),
        "the list's URL and a fragment",
    );
    expect(
        text("/credentialSubject/type") == Some("BitstringStatusList"),
        "/credentialSubject/type",
        "BitstringStatusList",
    );
    let purpose = text("/credentialSubject/statusPurpose");
    let is_purpose = matches!(purpose, Some("revocation" | "suspension" | "refresh" | "message"));
    expect(is_purpose, "/credentialSubject/statusPurpose", "revocation, suspension, refresh or message");
    let list = text("/credentialSubject/encodedList");
    expect(
        list.is_some_and(|list| list.len() > 1 && list.starts_with('u')),
        "/credentialSubject/encodedList",
        "`u` and base64url",
    );
    faults
}

/// Two byte contents of one context URL are in the field, and only the later
/// one defines `endorsementJwt`: a badge that used it would verify for some.
fn no_jwt_endorsement(document: &Value, faults: &mut Vec<FieldError>) {
    if !has_jwt_endorsement(document) {
        return;
    }
    let mut places = vec![(String::new(), document)];
    while let Some((pointer, value)) = places.pop() {
        let mut inner = |name: &str, value| places.push((format!("{pointer}/{name}"), value));
        match value {
            Value::Object(members) => {
                for (name, member) in members {
                    let name = name.replace('~', "~0").replace('/', "~1");
                    inner(&name, member);
                    if name == "endorsementJwt" {
                        let detail = "not every copy of the context defines it";
                        let expected = "EndorsementCredential objects in `endorsement`";
                        faults.push(FieldError::new(
                            format!("{pointer}/{name}"),
                            "endorsement-jwt",
                            detail,
                            expected,
                        ));
                    }
                }
            }
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    inner(&index.to_string(), item);
                }
            }
            _ => {}
        }
    }
}

/// Whether the member is anywhere: hardly ever, so no pointers are written on the way.
fn has_jwt_endorsement(value: &Value) -> bool {
    match value {
        Value::Object(members) => {
            members.iter().any(|(name, member)| name == "endorsementJwt" || has_jwt_endorsement(member))
        }
        Value::Array(items) => items.iter().any(has_jwt_endorsement),
        _ => false,
    }
}
