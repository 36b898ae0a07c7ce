//! Walks a document beside the table and names every fault.

use serde_json::{Map, Value};

use crate::clr::ClrCredential;
use crate::field::FieldError;
use crate::ob::{AchievementCredential, EndorsementCredential, Profile, Strictness};
use crate::schema::{Class, ContextRule, Described, Kind, Property, Rule, TypeRule};
use crate::vc;

/// Properties of which a credential may have several, though OB 3.0 shows one.
/// Leniently an array is accepted, as the VC Data Model has it.
const SEVERAL: [&str; 2] = ["credentialStatus", "refreshService"];

/// Checks a credential as what its `type` says it is: a CLR, an endorsement,
/// else a badge.
pub fn credential(document: &Value, strictness: Strictness) -> Vec<FieldError> {
    check(document, class_of(document), strictness)
}

/// Checks a document as an object of `class`.
pub fn check(document: &Value, class: &'static Class, strictness: Strictness) -> Vec<FieldError> {
    let mut walk = Walk { lenient: strictness == Strictness::Lenient, faults: Vec::new() };
    walk.object(document, class, &Place::Root);
    walk.faults
}

fn class_of(document: &Value) -> &'static Class {
    let is = |name: &str| match document.get("type") {
        Some(Value::String(own)) => own == name,
        Some(Value::Array(own)) => own.iter().any(|own| own == name),
        _ => false,
    };
    if is("ClrCredential") {
        ClrCredential::class()
    } else if is("EndorsementCredential") {
        EndorsementCredential::class()
    } else {
        AchievementCredential::class()
    }
}

/// Where in the document the walk is. Written out as a JSON Pointer only when
/// there is a fault to report.
enum Place<'a> {
    Root,
    Member(&'a Place<'a>, &'a str),
    Item(&'a Place<'a>, usize),
}

impl Place<'_> {
    fn pointer(&self) -> String {
        match self {
            Self::Root => String::new(),
            Self::Member(parent, name) => {
                format!("{}/{}", parent.pointer(), name.replace('~', "~0").replace('/', "~1"))
            }
            Self::Item(parent, index) => format!("{}/{index}", parent.pointer()),
        }
    }
}

/// A member of an object. A class has many properties and an object few members: looking at
/// those is quicker than hashing each name that may be there.
fn member<'a>(members: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    if members.len() > FEW {
        return members.get(name);
    }
    members.iter().find_map(|(own, value)| (own == name).then_some(value))
}

/// So many members are looked at one after the other.
const FEW: usize = 12;

struct Walk {
    lenient: bool,
    faults: Vec<FieldError>,
}

impl Walk {
    fn fault(
        &mut self,
        place: &Place<'_>,
        code: &'static str,
        detail: impl Into<String>,
        expected: impl Into<String>,
    ) {
        self.faults.push(FieldError::new(place.pointer(), code, detail, expected));
    }

    fn object(&mut self, value: &Value, class: &'static Class, place: &Place<'_>) {
        let members = match value {
            Value::Object(members) => members,
            Value::String(iri) if self.lenient && class.stands_on_its_id() => {
                return self.iri(iri, place);
            }
            other => {
                let expected = format!("an object of class {}", class.name);
                return self.fault(place, "wrong-type", format!("is {}", kind_of(other)), expected);
            }
        };
        self.types(member(members, "type"), class, place);
        for property in class.properties {
            self.property(member(members, property.name), property, class, place);
        }
        for rule in class.rules {
            self.rule(*rule, members, class, place);
        }
        if class.closed {
            self.no_others(members, class, place);
        }
    }

    fn types(&mut self, types: Option<&Value>, class: &Class, place: &Place<'_>) {
        let at = Place::Member(place, "type");
        match class.types {
            TypeRule::Free => {}
            TypeRule::Set(groups) => {
                let own: Vec<Option<&str>> = match types {
                    Some(Value::Array(own)) => own.iter().map(Value::as_str).collect(),
                    Some(Value::String(own)) if self.lenient => vec![Some(own)],
                    _ => Vec::new(),
                };
                let names = |group: &&[&str]| group.iter().any(|name| own.contains(&Some(name)));
                if own.contains(&None) || !groups.iter().all(names) {
                    let expected: Vec<String> = groups.iter().map(|group| group.join("` or `")).collect();
                    let expected = format!("an array of strings with `{}`", expected.join("` and `"));
                    self.fault(&at, "type", shown(types), expected);
                }
            }
            TypeRule::Text(name) => {
                let in_list =
                    |own: &Value| own.as_array().is_some_and(|own| own.iter().any(|own| own == name));
                let fits = types.is_some_and(|own| own == name || (self.lenient && in_list(own)));
                if !fits {
                    self.fault(&at, "type", shown(types), format!("the string `{name}`"));
                }
            }
        }
    }

    fn property(&mut self, value: Option<&Value>, property: &Property, class: &Class, place: &Place<'_>) {
        let at = Place::Member(place, property.name);
        let value = match value {
            Some(Value::Null) if self.lenient && !property.required => return,
            Some(value) => value,
            None if property.required => {
                let detail = format!("{} has no `{}`", class.name, property.name);
                return self.fault(&at, "missing", detail, described(property));
            }
            None => return,
        };
        match (property.many, value) {
            (true, Value::Array(values)) => {
                if values.is_empty() && !self.lenient {
                    self.fault(&at, "empty", "is an empty array", "the property to be left out");
                }
                for (index, value) in values.iter().enumerate() {
                    self.value(value, property, &Place::Item(&at, index));
                }
            }
            (true, value) if !self.lenient => {
                let expected = format!("an array, even for one value: each {}", described(property));
                self.fault(&at, "not-an-array", format!("is {}", kind_of(value)), expected);
            }
            (false, Value::Array(values)) if self.lenient && SEVERAL.contains(&property.name) => {
                for (index, value) in values.iter().enumerate() {
                    self.value(value, property, &Place::Item(&at, index));
                }
            }
            (_, value) => self.value(value, property, &at),
        }
    }

    fn value(&mut self, value: &Value, property: &Property, place: &Place<'_>) {
        match (property.kind, value) {
            (Kind::Object(class), value) => self.object(value, class(), place),
            (Kind::Issuer, Value::String(iri)) if self.lenient => self.iri(iri, place),
            (Kind::Issuer, value) => self.object(value, Profile::class(), place),
            (Kind::Context(rules), value) => self.context(value, rules, place),
            (Kind::Credential, value) => self.nested_credential(value, place),
            (Kind::Text, Value::String(_))
            | (Kind::Number, Value::Number(_))
            | (Kind::Boolean, Value::Bool(_)) => {}
            (Kind::Iri, Value::String(iri)) => self.iri(iri, place),
            (kind, Value::String(text)) => {
                if let Some((code, fits)) = test(kind, text, self.lenient)
                    && !fits
                {
                    self.fault(place, code, format!("is `{}`", clipped(text)), described(property));
                } else if matches!(kind, Kind::Number | Kind::Boolean) {
                    self.fault(place, "wrong-type", "is a string", described(property));
                }
            }
            (_, other) => {
                self.fault(place, "wrong-type", format!("is {}", kind_of(other)), described(property));
            }
        }
    }

    fn iri(&mut self, iri: &str, place: &Place<'_>) {
        if !super::is_absolute_iri(iri) {
            self.fault(place, "not-iri", format!("`{}` is not an absolute IRI", clipped(iri)), IRI);
        }
    }

    fn context(&mut self, value: &Value, rules: &[ContextRule], place: &Place<'_>) {
        let Value::Array(contexts) = value else {
            let expected = "an array of context URLs";
            return self.fault(place, "context", format!("is {}", kind_of(value)), expected);
        };
        for (index, rule) in rules.iter().enumerate() {
            let fits = |context: &Value| context.as_str().is_some_and(|url| rule.allows(url));
            let found = contexts.get(index);
            let version_1 = |url: &Value| index == 0 && url == vc::CREDENTIALS_V1;
            let fits = if self.lenient {
                contexts.iter().any(fits) || found.is_some_and(version_1)
            } else {
                found.is_some_and(fits)
            };
            if !fits {
                self.fault(&Place::Item(place, index), "context", shown(found), rule.written());
            }
        }
        for (index, context) in contexts.iter().enumerate() {
            let fits = context.is_string() || (self.lenient && context.is_object());
            if !fits {
                let detail = format!("is {}", kind_of(context));
                self.fault(&Place::Item(place, index), "context", detail, "the URL of a published context");
            }
        }
    }

    fn nested_credential(&mut self, value: &Value, place: &Place<'_>) {
        let names = value.get("type").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        let known =
            ["ClrCredential", "EndorsementCredential", "OpenBadgeCredential", "AchievementCredential"];
        if names.iter().any(|name| known.iter().any(|known| name == known)) {
            return self.object(value, class_of(value), place);
        }
        if !names.iter().any(|name| name == "VerifiableCredential") {
            let expected = "a credential: an object with `VerifiableCredential` in the array `type`";
            self.fault(place, "type", format!("is {}", kind_of(value)), expected);
        }
    }

    fn rule(&mut self, rule: Rule, members: &Map<String, Value>, class: &Class, place: &Place<'_>) {
        match rule {
            Rule::AnyOf(names) => {
                let there = |name: &&str| members.get(*name).is_some_and(|value| !is_nothing(value));
                if !names.iter().any(there) {
                    let detail = format!("{} has none of `{}`", class.name, names.join("`, `"));
                    self.fault(place, "missing-one-of", detail, "at least one of them");
                }
            }
            Rule::Dated => {
                let of_version_1 = members.get("@context").and_then(|contexts| contexts.get(0));
                let name = match of_version_1.and_then(Value::as_str) {
                    Some(vc::CREDENTIALS_V1) => "issuanceDate",
                    _ => "validFrom",
                };
                if members.get(name).is_none_or(Value::is_null) {
                    let detail = format!("{} has no `{name}`", class.name);
                    self.fault(&Place::Member(place, name), "missing", detail, DATE_TIME);
                }
            }
        }
    }

    fn no_others(&mut self, members: &Map<String, Value>, class: &Class, place: &Place<'_>) {
        for name in members.keys() {
            if name != "type" && !class.properties.iter().any(|property| property.name == name) {
                let own: Vec<&str> = class.properties.iter().map(|property| property.name).collect();
                let expected = format!("no others than `type`, `{}`", own.join("`, `"));
                let detail = format!("{} has no property of this name", class.name);
                self.fault(&Place::Member(place, name), "unknown-property", detail, expected);
            }
        }
    }
}

const IRI: &str = "an absolute IRI, such as https://… or urn:uuid:…";
const DATE_TIME: &str = "a date and time with its zone, such as 2026-05-01T09:00:00Z";

/// The code of the fault and whether the text fits, for kinds that are text.
fn test(kind: Kind, text: &str, lenient: bool) -> Option<(&'static str, bool)> {
    Some(match kind {
        Kind::DateTime => ("not-date-time", super::is_date_time(text)),
        Kind::Activity => ("not-date-time", super::is_date_time(text) || (lenient && super::is_date(text))),
        Kind::Date => ("not-date", super::is_date(text)),
        Kind::Language => ("not-language", super::is_language(text)),
        Kind::CompactJws => ("not-jws", super::is_compact_jws(text)),
        Kind::Choice(choice) => ("not-a-choice", choice.allows(text)),
        _ => return None,
    })
}

fn described(property: &Property) -> String {
    match property.kind {
        Kind::Text => "a string".to_owned(),
        Kind::Iri => IRI.to_owned(),
        Kind::DateTime | Kind::Activity => DATE_TIME.to_owned(),
        Kind::Date => "a date, such as 2026-05-01".to_owned(),
        Kind::Number => "a JSON number, without quotes".to_owned(),
        Kind::Boolean => "true or false, without quotes".to_owned(),
        Kind::Language => "a language tag, such as en, cy or en-GB".to_owned(),
        Kind::CompactJws => "a JWS in compact form: three base64url parts joined by full stops".to_owned(),
        Kind::Choice(choice) => {
            let or = if choice.open { ", or a name of your own that begins with `ext:`" } else { "" };
            format!("one of {}{or}", choice.values.join(", "))
        }
        Kind::Object(class) => format!("an object of class {}", class().name),
        Kind::Issuer => "an object of class Profile with its `id`".to_owned(),
        Kind::Context(_) => "an array of context URLs".to_owned(),
        Kind::Credential => "a credential".to_owned(),
    }
}

fn is_nothing(value: &Value) -> bool {
    value.is_null() || value.as_array().is_some_and(Vec::is_empty)
}

fn shown(value: Option<&Value>) -> String {
    match value {
        None => "is missing".to_owned(),
        Some(value) => format!("is `{}`", clipped(&value.to_string())),
    }
}

/// Enough of a text to recognise it by.
fn clipped(text: &str) -> String {
    let mut clipped: String = text.chars().take(80).collect();
    if clipped.len() < text.len() {
        clipped.push('…');
    }
    clipped
}

/// What kind of JSON value it is, with its article.
pub(crate) fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}
