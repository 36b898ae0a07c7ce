//! The parts of the VC Data Model that every credential shares: contexts,
//! timestamps, proofs, status, and credentials and presentations of any kind.
//! Version 2.0 is written; version 1.1 is read.

mod conformance;
mod credential;
mod part;
mod timestamp;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::DeserializeOwned};
use serde_json::Value;

pub use conformance::{credential_faults, presentation_faults};
pub use credential::{AnyCredential, Presentation};
pub use part::{CredentialSchema, CredentialStatus, Proof, RefreshService, TermsOfUse};
pub use timestamp::Timestamp;

/// Context of the VC Data Model 2.0.
pub const CREDENTIALS_V2: &str = "https://www.w3.org/ns/credentials/v2";
/// Context of the VC Data Model 1.1, read but not written.
pub const CREDENTIALS_V1: &str = "https://www.w3.org/2018/credentials/v1";
/// Context of Open Badges 3.0.3.
pub const OPEN_BADGES: &str = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json";
/// Context of the 1EdTech types that are not in [`OPEN_BADGES`].
pub const OPEN_BADGES_EXTENSIONS: &str = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json";
/// Context of CLR 2.0.
pub const CLR: &str = "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json";

/// Whether the document is of the VC Data Model 1.1: its first context says so.
pub fn is_version_1(document: &Value) -> bool {
    let context = document.get("@context");
    context.and_then(|context| context.get(0)).or(context).and_then(Value::as_str) == Some(CREDENTIALS_V1)
}

/// The text of a document with its `proof` as the last member. `unsigned` is the text
/// of an object with other members, `proof` that of a value, both without space around
/// them.
pub fn with_proof(unsigned: &str, proof: &str) -> String {
    let members = unsigned.strip_suffix('}').unwrap_or(unsigned);
    [members, ",\"proof\":", proof, "}"].concat()
}

/// The `type` of an object: an array on writing; on reading a single string too.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Types(Vec<String>);

impl Types {
    /// These types.
    pub fn new<T: Into<String>>(types: impl IntoIterator<Item = T>) -> Self {
        Self(types.into_iter().map(Into::into).collect())
    }

    /// The first name of each group: how a class writes its own `type`.
    pub(crate) fn first_of(groups: &[&[&str]]) -> Self {
        Self::new(groups.iter().filter_map(|group| group.first().copied()))
    }

    /// Whether `name` is among them.
    pub fn contains(&self, name: &str) -> bool {
        self.0.iter().any(|own| own == name)
    }

    /// The names, in the order written.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

impl Serialize for Types {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Types {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        one_or_many(deserializer).map(Self)
    }
}

/// Values of which there is nearly always one: a single one is written as
/// itself, several as an array. Read either way.
#[derive(Debug, Clone, PartialEq)]
pub struct OneOrMany<T>(pub Vec<T>);

impl<T> OneOrMany<T> {
    /// The values.
    pub fn iter(&self) -> std::slice::Iter<'_, T> {
        self.0.iter()
    }
}

impl<'a, T> IntoIterator for &'a OneOrMany<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<T> From<T> for OneOrMany<T> {
    fn from(value: T) -> Self {
        Self(vec![value])
    }
}

impl<T: Serialize> Serialize for OneOrMany<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0.as_slice() {
            [one] => one.serialize(serializer),
            several => several.serialize(serializer),
        }
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for OneOrMany<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        one_or_many(deserializer).map(Self)
    }
}

/// Reads an array, or a single value as an array of one.
pub(crate) fn one_or_many<'de, D: Deserializer<'de>, T: DeserializeOwned>(
    deserializer: D,
) -> Result<Vec<T>, D::Error> {
    let values = match Value::deserialize(deserializer)? {
        Value::Null => Vec::new(),
        Value::Array(values) => values,
        value => vec![value],
    };
    values.into_iter().map(serde_json::from_value).collect::<Result<_, _>>().map_err(serde::de::Error::custom)
}
