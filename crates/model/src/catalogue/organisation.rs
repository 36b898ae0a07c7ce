//! Organisations: issuers, learning providers and professional bodies.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::Succession;
use crate::id::Slug;

/// What an organisation does here. It may do several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Signs credentials with keys of its own.
    Issuer,
    /// Delivers learning and posts completions.
    Provider,
    /// A professional body: sets requirements, accredits, endorses.
    Body,
}

/// An organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Organisation {
    /// Its short name.
    pub slug: Slug,
    /// Its name, for people.
    pub name: String,
    /// What it does here, at least one thing.
    pub roles: Vec<Role>,
    /// Its code in the NHS Organisation Data Service, where it has one.
    pub ods: Option<OdsCode>,
    /// Its website, https.
    pub url: Option<String>,
    /// Where to write to it.
    pub email: Option<String>,
    /// What it is, in plain words.
    pub description: Option<String>,
    /// The names (DIDs, or https addresses of its keys) under which it signs elsewhere,
    /// such as endorsements that it posts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub signs_as: Vec<String>,
    /// What became of it, if others stand in its place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub succession: Option<Succession>,
}

impl Organisation {
    /// Whether it does `role` here.
    pub fn is(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }
}

/// An organisation's code in the NHS Organisation Data Service: 3 to 10
/// upper-case letters and digits (three for a trust, five for a site, six for a
/// GP practice, eight for an optical site, ten at most in the ODS data model).
/// Only the shape is checked: whether the code is in use is for the ODS to say.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct OdsCode(String);

/// The text is not an [`OdsCode`]. Whose fault: the writer's of that text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not an ODS code: use 3 to 10 upper-case letters and digits, such as `RX1`")]
pub struct OdsCodeError(String);

impl OdsCode {
    /// Reads a code.
    pub fn new(text: impl Into<String>) -> Result<Self, OdsCodeError> {
        let text = text.into();
        let well_formed = (3..=10).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
        if well_formed { Ok(Self(text)) } else { Err(OdsCodeError(text)) }
    }

    /// The text of the code.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for OdsCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for OdsCode {
    type Err = OdsCodeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::new(text)
    }
}

impl<'de> Deserialize<'de> for OdsCode {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ods_code_is_three_to_ten_upper_case_letters_and_digits() {
        for good in ["RX1", "Y12345", "A1B2C3D4E5"] {
            assert_eq!(OdsCode::new(good).unwrap().as_str(), good);
        }
        for bad in ["", "RX", "rx1", "RX 1", "RX-1", "A1B2C3D4E5F", "ŔX1"] {
            assert_eq!(OdsCode::new(bad), Err(OdsCodeError(bad.to_owned())), "{bad}");
        }
    }
}
