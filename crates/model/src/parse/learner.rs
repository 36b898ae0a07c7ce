//! Who learned, as a provider states it.

use std::collections::BTreeSet;

use serde_json::Value;
use url::Host;

use crate::field::FieldError;
use crate::learner::{Identifier, StatedGroup, StatedLearner};
use crate::parse::members::Members;
use crate::parse::text::{self, Lines};
use crate::parse::{LONGEST_LINE, LONGEST_NAME, LONGEST_URL, MOST_IDENTIFIERS, MOST_MEMBERS};

const KINDS: &str = "one of email, staffNumber, professionalRegistration, did";
const ONE_OR_MORE: &str =
    "an array with one or more identifiers: an email, a staff number, a professional registration or a DID";

pub(super) fn read(value: &Value, pointer: String, faults: &mut Vec<FieldError>) -> Option<StatedLearner> {
    let members = Members::of(value, pointer, "the learner", &["name", "identifiers", "group"], faults)?;
    let name =
        members.required_line("name", LONGEST_NAME, "the name as it should stand on the badge", faults);
    let identifiers = identifiers(&members, faults);
    let group = match members.optional("group") {
        Some(value) => Some(group(value, members.pointer_to("group"), faults)?),
        None => None,
    };
    Some(StatedLearner { name: name?, identifiers, group })
}

/// A team or a board: an object, empty if its members are not to be named.
fn group(value: &Value, pointer: String, faults: &mut Vec<FieldError>) -> Option<StatedGroup> {
    let stated = Members::of(value, pointer, "the group", &["members"], faults)?;
    let members = stated.list("members", MOST_MEMBERS, faults, |value, pointer, faults| {
        let name = text::read(value, &pointer, LONGEST_NAME, Lines::One, faults)?;
        Some((pointer, name))
    });
    let mut names: Vec<String> = Vec::with_capacity(members.len());
    for (pointer, name) in members {
        if names.contains(&name) {
            faults.push(FieldError::new(pointer, "twice", "is named twice", "each member once"));
        }
        names.push(name);
    }
    Some(StatedGroup { members: names })
}

/// The member `identifiers`.
pub(super) fn identifiers(members: &Members<'_>, faults: &mut Vec<FieldError>) -> Vec<Identifier> {
    let Some(stated) = members.required("identifiers", ONE_OR_MORE, faults) else { return Vec::new() };
    if stated.as_array().is_some_and(Vec::is_empty) {
        let pointer = members.pointer_to("identifiers");
        faults.push(FieldError::new(pointer, "empty", "is an empty array", ONE_OR_MORE));
    }
    let read = members.list("identifiers", MOST_IDENTIFIERS, faults, |value, pointer, faults| {
        identifier(value, pointer.clone(), faults).map(|identifier| (pointer, identifier))
    });
    let mut known = BTreeSet::new();
    let mut identifiers = Vec::with_capacity(read.len());
    for (pointer, identifier) in read {
        let scope = identifier.scope();
        if !known.insert((identifier.kind(), scope.to_lowercase())) {
            let within = if scope.is_empty() { String::new() } else { format!(" within {scope}") };
            let detail = format!("is a second {}{within}", words(&identifier));
            faults.push(FieldError::new(pointer, "twice", detail, "one of each kind: which one is right?"));
        }
        identifiers.push(identifier);
    }
    identifiers
}

fn words(identifier: &Identifier) -> &'static str {
    match identifier {
        Identifier::Email { .. } => "email",
        Identifier::StaffNumber { .. } => "staff number",
        Identifier::ProfessionalRegistration { .. } => "professional registration",
        Identifier::Did { .. } => "DID",
    }
}

fn identifier(value: &Value, pointer: String, faults: &mut Vec<FieldError>) -> Option<Identifier> {
    // Which members are known depends on the type, so that is looked at first.
    let known: &[&str] = match value.get("type").and_then(Value::as_str) {
        Some("email" | "did") => &["type", "value"],
        Some("staffNumber") => &["type", "value", "organisation"],
        Some("professionalRegistration") => &["type", "value", "body"],
        _ => &["type", "value", "organisation", "body"],
    };
    let members = Members::of(value, pointer, "an identifier", known, faults)?;
    let kind = members.required("type", KINDS, faults);
    let kind = kind.and_then(|kind| text::string(kind, &members.pointer_to("type"), KINDS, faults))?;
    let at = members.pointer_to("value");
    match kind {
        "email" => {
            let stated = members.required("value", EMAIL, faults)?;
            email(stated, &at, faults).map(|value| Identifier::Email { value })
        }
        "staffNumber" => {
            let value = members
                .required("value", "the staff number", faults)
                .and_then(|stated| number(stated, &at, "a staff number", faults));
            let expected = "the employing organisation, by ODS code or name: a staff number means something only within it";
            let organisation = members.required_line("organisation", LONGEST_LINE, expected, faults);
            Some(Identifier::StaffNumber { value: value?, organisation: organisation? })
        }
        "professionalRegistration" => {
            let value = members
                .required("value", "the registration number", faults)
                .and_then(|stated| number(stated, &at, "a registration number", faults));
            let expected = "the professional body, such as FEDIP or NMC";
            let body = members.required_line("body", LONGEST_LINE, expected, faults);
            Some(Identifier::ProfessionalRegistration { value: value?, body: body? })
        }
        "did" => {
            let stated = members.required("value", DID, faults)?;
            did(stated, &at, faults).map(|value| Identifier::Did { value })
        }
        other => {
            let detail = format!("is `{}`", text::clip(other));
            faults.push(FieldError::new(members.pointer_to("type"), "not-a-choice", detail, KINDS));
            None
        }
    }
}

const EMAIL: &str = "an email address, such as a.person@trust.example.org";

/// Lower-cased, the domain in its ASCII form, so that one mailbox is one text.
fn email(value: &Value, pointer: &str, faults: &mut Vec<FieldError>) -> Option<String> {
    let text = text::read(value, pointer, 254, Lines::One, faults)?;
    let address = sane_address(&text);
    if address.is_none() {
        let detail = format!("`{}` is not an email address", text::clip(&text));
        faults.push(FieldError::new(pointer, "not-an-email", detail, EMAIL));
    }
    address
}

fn sane_address(text: &str) -> Option<String> {
    let (local, domain) = text.rsplit_once('@')?;
    let local = local.to_lowercase();
    let forbidden = |c: char| c.is_whitespace() || "\"(),:;<>@[\\]".contains(c);
    let sane = (1..=64).contains(&local.len())
        && !local.chars().any(forbidden)
        && local.split('.').all(|part| !part.is_empty());
    // A host parser would take percent-encoding; an address has none.
    let domain = Some(domain).filter(|domain| sane && !domain.contains('%'))?;
    let Ok(Host::Domain(domain)) = Host::parse(domain) else { return None };
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    let sane = domain.contains('.') && domain.len() <= 253 && domain.split('.').all(label);
    sane.then(|| format!("{local}@{domain}"))
}

/// Letters, digits and `-/._`, upper-cased.
fn number(value: &Value, pointer: &str, what: &str, faults: &mut Vec<FieldError>) -> Option<String> {
    let expected = format!("{what} of 1 to 40 letters, digits, hyphens, slashes and full stops, as a string");
    if value.is_number() {
        faults.push(FieldError::new(
            pointer,
            "wrong-type",
            "is a number",
            format!("{expected}: leading zeros matter"),
        ));
        return None;
    }
    let text = text::read(value, pointer, 40, Lines::One, faults)?.to_uppercase();
    let fits = text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'/' | b'.' | b'_'));
    if !fits {
        let detail = format!("`{}` has other characters", text::clip(&text));
        faults.push(FieldError::new(pointer, "not-a-number", detail, expected));
    }
    fits.then_some(text)
}

const DID: &str = "a DID such as did:key:z6Mk…, without a path, query or fragment";

/// DID syntax (DID 1.0, section 3.1).
fn did(value: &Value, pointer: &str, faults: &mut Vec<FieldError>) -> Option<String> {
    let text = text::read(value, pointer, LONGEST_URL, Lines::One, faults)?;
    let fits = text.strip_prefix("did:").and_then(|rest| rest.split_once(':')).is_some_and(|(method, id)| {
        !method.is_empty()
            && method.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
            && !id.is_empty()
            && !id.ends_with(':')
            && id.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_' | b':' | b'%'))
            && id
                .split('%')
                .skip(1)
                .all(|escape| escape.get(..2).is_some_and(|hex| hex.bytes().all(|b| b.is_ascii_hexdigit())))
    });
    if !fits {
        let detail = format!("`{}` is not a DID", text::clip(&text));
        faults.push(FieldError::new(pointer, "not-a-did", detail, DID));
    }
    fits.then_some(text)
}
