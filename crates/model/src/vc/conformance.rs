//! What the VC Data Model (2.0, and 1.1) asks of any credential and any
//! presentation, whatever it is about. What only its contexts can tell (an
//! undefined term or type) is seen when it is canonicalised.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};
use url::Url;

use super::{CREDENTIALS_V1, CREDENTIALS_V2, is_version_1};
use crate::field::FieldError;

/// Everything wrong with a credential; nothing if it conforms.
pub fn credential_faults(credential: &Value) -> Vec<FieldError> {
    let mut check = Check::default();
    check.credential(credential, "");
    check.faults
}

/// Everything wrong with a presentation, and with the credentials in it.
pub fn presentation_faults(presentation: &Value) -> Vec<FieldError> {
    let mut check = Check::default();
    check.presentation(presentation);
    check.faults
}

const URL: &str = "an absolute URL";

#[derive(Default)]
struct Check {
    faults: Vec<FieldError>,
}

impl Check {
    fn fault(&mut self, at: &str, code: &'static str, detail: &str, expected: &str) {
        self.faults.push(FieldError::new(at, code, detail, expected));
    }

    fn credential(&mut self, credential: &Value, at: &str) {
        let Some(members) = credential.as_object() else {
            return self.fault(at, "not-an-object", "it is not an object", "a credential as a JSON object");
        };
        self.contexts(members, at);
        self.types(members, at, "VerifiableCredential");
        self.optional_id(members, at);
        self.issuer(members, at);
        for name in ["name", "description"] {
            self.text(members, at, name);
        }
        self.subjects(members, at);
        if is_version_1(credential) {
            self.period(members, at, ("issuanceDate", "expirationDate"), true);
        } else {
            self.period(members, at, ("validFrom", "validUntil"), false);
        }
        // Sections 4.10, 4.11, 5.4 to 5.6: each says its type; a schema its id too.
        self.parts(members, at, "credentialStatus", &["type"]);
        self.parts(members, at, "credentialSchema", &["type", "id"]);
        self.parts(members, at, "termsOfUse", &["type"]);
        self.parts(members, at, "evidence", &["type"]);
        let refreshed: &[&str] = if is_version_1(credential) { &["type", "id"] } else { &["type"] };
        self.parts(members, at, "refreshService", refreshed);
        self.parts(members, at, "proof", &["type"]);
        self.resources(members, at);
    }

    fn presentation(&mut self, presentation: &Value) {
        let Some(members) = presentation.as_object() else {
            return self.fault("", "not-an-object", "it is not an object", "a presentation as a JSON object");
        };
        self.contexts(members, "");
        self.types(members, "", "VerifiablePresentation");
        self.optional_id(members, "");
        self.parts(members, "", "termsOfUse", &["type"]);
        self.parts(members, "", "proof", &["type"]);
        match members.get("holder") {
            None => {}
            Some(Value::Object(holder)) => self.url("/holder/id", holder.get("id")),
            holder => self.url("/holder", holder),
        }
        for (place, shown) in many(members, "", "verifiableCredential") {
            match shown {
                // A compact JWS, which version 1.1 writes so.
                Value::String(_) if is_version_1(presentation) => {}
                Value::Object(envelope) if has_type(envelope, "EnvelopedVerifiableCredential") => {
                    self.envelope(envelope, &place);
                }
                credential => self.credential(credential, &place),
            }
        }
    }

    /// Section 4.12.4.
    fn envelope(&mut self, envelope: &Map<String, Value>, at: &str) {
        let id = envelope.get("id").and_then(Value::as_str);
        if !id.is_some_and(|id| id.starts_with("data:") && id.contains(',')) {
            let at = format!("{at}/id");
            self.fault(&at, "not-a-data-url", "it holds no secured credential", "a `data:` URL");
        }
    }

    /// Section 4.3.
    fn contexts(&mut self, members: &Map<String, Value>, at: &str) {
        let at = format!("{at}/@context");
        let Some(Value::Array(list)) = members.get("@context") else {
            return self.fault(&at, "contexts", "it is not a list", "an ordered list of contexts");
        };
        let first = list.first().and_then(Value::as_str);
        if ![Some(CREDENTIALS_V2), Some(CREDENTIALS_V1)].contains(&first) {
            let expected = format!("{CREDENTIALS_V2} or {CREDENTIALS_V1}");
            self.fault(&format!("{at}/0"), "first-context", "it is not that of credentials", &expected);
        }
        for (index, context) in list.iter().enumerate().skip(1) {
            if !context.is_object() && !context.as_str().is_some_and(is_url) {
                let at = format!("{at}/{index}");
                self.fault(&at, "context", "it is no context", "an absolute URL or an object");
            }
        }
    }

    /// Section 4.5.
    fn types(&mut self, members: &Map<String, Value>, at: &str, required: &str) {
        let at = format!("{at}/type");
        let names = match members.get("type") {
            Some(Value::Array(names)) => names.iter().map(Value::as_str).collect(),
            Some(Value::String(name)) => vec![Some(name.as_str())],
            _ => Vec::new(),
        };
        if names.contains(&None) {
            self.fault(&at, "type", "a type is not a string", "terms or absolute URLs");
        }
        if !names.contains(&Some(required)) {
            let detail = format!("`{required}` is not among its types");
            self.fault(&at, "required-type", &detail, &format!("types with `{required}` among them"));
        }
    }

    fn optional_id(&mut self, members: &Map<String, Value>, at: &str) {
        if members.contains_key("id") {
            self.url(&format!("{at}/id"), members.get("id"));
        }
    }

    fn url(&mut self, at: &str, value: Option<&Value>) {
        if !value.and_then(Value::as_str).is_some_and(is_url) {
            self.fault(at, "not-a-url", "it is missing, or no URL", URL);
        }
    }

    /// Section 4.7.
    fn issuer(&mut self, members: &Map<String, Value>, at: &str) {
        let at = format!("{at}/issuer");
        match members.get("issuer") {
            Some(Value::Object(issuer)) => {
                self.url(&format!("{at}/id"), issuer.get("id"));
                for name in ["name", "description"] {
                    self.text(issuer, &at, name);
                }
            }
            issuer => self.url(&at, issuer),
        }
    }

    /// Section 11.1: a string, or strings with a language.
    fn text(&mut self, members: &Map<String, Value>, at: &str, name: &str) {
        for (place, value) in many(members, at, name) {
            let is_text = match value {
                Value::String(_) => true,
                Value::Object(text) => {
                    let known = ["@value", "@language", "@direction"];
                    text.get("@value").is_some_and(Value::is_string)
                        && text
                            .iter()
                            .all(|(name, value)| known.contains(&name.as_str()) && value.is_string())
                        && text.get("@direction").is_none_or(|way| way == "ltr" || way == "rtl")
                }
                _ => false,
            };
            if !is_text {
                self.fault(&place, "not-text", "it is no text", "a string, or `@value` with `@language`");
            }
        }
    }

    /// Section 4.8.
    fn subjects(&mut self, members: &Map<String, Value>, at: &str) {
        let subjects = many(members, at, "credentialSubject");
        if subjects.is_empty() {
            let at = format!("{at}/credentialSubject");
            self.fault(&at, "no-subject", "nothing is said of anybody", "one or more objects with claims");
        }
        for (place, subject) in subjects {
            match subject.as_object().filter(|subject| !subject.is_empty()) {
                Some(subject) => self.optional_id(subject, &place),
                None => self.fault(&place, "no-claims", "it holds no claims", "an object with claims"),
            }
        }
    }

    /// Section 4.9.
    fn period(
        &mut self,
        members: &Map<String, Value>,
        at: &str,
        (begin, end): (&str, &str),
        begin_required: bool,
    ) {
        let mut read = |name: &str, required: bool| {
            let value = members.get(name);
            let moment = value.and_then(Value::as_str).and_then(moment);
            if moment.is_none() && (value.is_some() || required) {
                let expected = "a date and time with a time zone, such as 2026-01-31T09:00:00Z";
                self.fault(&format!("{at}/{name}"), "not-a-date", "it is missing, or no date", expected);
            }
            moment
        };
        if let (Some(begins), Some(ends)) = (read(begin, begin_required), read(end, false))
            && ends < begins
        {
            let at = format!("{at}/{end}");
            self.fault(&at, "ends-before-it-begins", "it ends before it begins", "a later date");
        }
    }

    /// Objects that say of what type they are.
    fn parts(&mut self, members: &Map<String, Value>, at: &str, name: &str, required: &[&str]) {
        if members.get(name).is_some_and(|value| value.as_array().is_some_and(Vec::is_empty)) {
            let at = format!("{at}/{name}");
            self.fault(&at, "empty", "it is an empty list", "at least one object, or no such member");
        }
        for (place, part) in many(members, at, name) {
            let Some(part) = part.as_object() else {
                self.fault(&place, "not-an-object", "it is not an object", "an object with a `type`");
                continue;
            };
            let typed = match part.get("type") {
                Some(Value::String(name)) => !name.is_empty(),
                Some(Value::Array(names)) => !names.is_empty() && names.iter().all(Value::is_string),
                _ => false,
            };
            if required.contains(&"type") && !typed {
                let at = format!("{place}/type");
                self.fault(&at, "no-type", "it does not say of what type it is", "a type");
            }
            if required.contains(&"id") || part.contains_key("id") {
                self.url(&format!("{place}/id"), part.get("id"));
            }
        }
    }

    /// Section 5.3.
    fn resources(&mut self, members: &Map<String, Value>, at: &str) {
        let mut seen = Vec::new();
        for (place, resource) in many(members, at, "relatedResource") {
            let id = resource.get("id");
            self.url(&format!("{place}/id"), id);
            if id.is_some_and(|id| seen.contains(&id)) {
                self.fault(&format!("{place}/id"), "named-twice", "the resource is named twice", "each once");
            }
            seen.extend(id);
            let digested = ["digestSRI", "digestMultibase"].iter().any(|name| {
                resource.get(*name).and_then(Value::as_str).is_some_and(|digest| !digest.is_empty())
            });
            if !digested {
                self.fault(&place, "no-digest", "it has no digest", "`digestSRI` or `digestMultibase`");
            }
        }
    }
}

/// The values of a member that may be one or several, with their places.
fn many<'a>(members: &'a Map<String, Value>, at: &str, name: &str) -> Vec<(String, &'a Value)> {
    match members.get(name) {
        None => Vec::new(),
        Some(Value::Array(values)) => {
            values.iter().enumerate().map(|(index, value)| (format!("{at}/{name}/{index}"), value)).collect()
        }
        Some(value) => vec![(format!("{at}/{name}"), value)],
    }
}

fn has_type(members: &Map<String, Value>, name: &str) -> bool {
    many(members, "", "type").iter().any(|(_, value)| *value == name)
}

/// Whether a text is an absolute URL (URL Standard) as RFC 3986 writes one.
fn is_url(text: &str) -> bool {
    let forbidden = |c: char| c.is_whitespace() || c.is_control() || "<>\"{}|\\^`".contains(c);
    !text.contains(forbidden) && Url::parse(text).is_ok()
}

fn moment(text: &str) -> Option<DateTime<Utc>> {
    let separated = text.as_bytes().get(10) == Some(&b'T');
    DateTime::parse_from_rfc3339(text).ok().filter(|_| separated).map(|read| read.to_utc())
}

#[cfg(test)]
mod tests;
