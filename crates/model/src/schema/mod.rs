//! The classes and properties of Open Badges 3.0, CLR 2.0 and the VC Data Model
//! as one table. The `class!` macro makes the Rust type and its row of the table
//! from one text; the check before signing, the lenient reading of other
//! people's badges and the JSON Schemas under `schemas/` all walk that table, so
//! none of them can drift from the others.

#[macro_use]
mod class;
pub mod check;
pub mod generate;
pub mod normal;
mod value;

pub use value::{is_absolute_iri, is_compact_jws, is_date, is_date_time, is_extension, is_language};

/// A class of the vocabulary: what an object of it must look like.
#[derive(Debug)]
pub struct Class {
    /// Its name in the standard, such as `Achievement`.
    pub name: &'static str,
    /// What it is, for readers of the schema.
    pub about: &'static str,
    /// What its `type` says.
    pub types: TypeRule,
    /// Its properties, in the order in which they are written.
    pub properties: &'static [Property],
    /// What must hold beyond each single property.
    pub rules: &'static [Rule],
    /// Whether other properties are refused (OB 3.0: `Image`, `IdentityObject`, `IdentifierEntry`).
    pub closed: bool,
}

/// One property of a class.
#[derive(Debug)]
pub struct Property {
    /// Its name in JSON.
    pub name: &'static str,
    /// What it says, for readers of the schema.
    pub about: &'static str,
    /// Whether an object without it is refused.
    pub required: bool,
    /// Whether it is an array. In the strict shape it is one even for one value.
    pub many: bool,
    /// What each value is.
    pub kind: Kind,
}

/// What a value is.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// Any text.
    Text,
    /// An absolute IRI (RFC 3987): `https:`, `urn:`, `did:`, `data:` and so on.
    Iri,
    /// A date and time with its zone (RFC 3339; OB 3.0 `DateTimeZ`).
    DateTime,
    /// A date and time with its zone. Leniently a plain date too, which is what
    /// the OB context makes of it (`xsd:date`).
    Activity,
    /// A calendar date.
    Date,
    /// A JSON number.
    Number,
    /// `true` or `false`.
    Boolean,
    /// A language tag as OB 3.0 writes it (`en`, `cy-GB`).
    Language,
    /// A JWS in compact form.
    CompactJws,
    /// One of a list of words.
    Choice(&'static Choice),
    /// An object of a class.
    Object(fn() -> &'static Class),
    /// A Profile. Leniently an IRI too (OB 3.0 `ProfileRef`).
    Issuer,
    /// The `@context` of a credential.
    Context(&'static [ContextRule]),
    /// A credential of any kind, checked as what its `type` says it is.
    Credential,
}

/// What a place in `@context` must hold.
#[derive(Debug, Clone, Copy)]
pub enum ContextRule {
    /// The VC Data Model 2.0.
    Credentials,
    /// Open Badges 3.0 in any of its published versions.
    OpenBadges,
    /// CLR 2.0 in any of its published versions.
    Clr,
}

impl ContextRule {
    /// The URL that is written.
    pub fn written(self) -> &'static str {
        match self {
            Self::Credentials => crate::vc::CREDENTIALS_V2,
            Self::OpenBadges => crate::vc::OPEN_BADGES,
            Self::Clr => crate::vc::CLR,
        }
    }

    /// What every URL that stands for it matches, in the syntax of JSON Schema.
    pub fn pattern(self) -> &'static str {
        match self {
            Self::Credentials => r"^https://www\.w3\.org/ns/credentials/v2$",
            Self::OpenBadges => {
                r"^https://purl\.imsglobal\.org/spec/ob/v3p0/context(-3\.[0-9]\.[0-9])*\.json$"
            }
            Self::Clr => r"^https://purl\.imsglobal\.org/spec/clr/v2p0/context(-2\.[0-9]\.[0-9])*\.json$",
        }
    }

    /// Whether `url` stands for it.
    pub fn allows(self, url: &str) -> bool {
        let versioned = |folder: &str, major: &str| {
            let rest = url.strip_prefix(folder).and_then(|rest| rest.strip_prefix("context"));
            rest.and_then(|rest| rest.strip_suffix(".json")).is_some_and(|mut versions| {
                while let Some(rest) = versions.strip_prefix(major) {
                    let &[b'.', minor, b'.', patch, ref rest @ ..] = rest.as_bytes() else { return false };
                    if !minor.is_ascii_digit() || !patch.is_ascii_digit() {
                        return false;
                    }
                    versions = std::str::from_utf8(rest).unwrap_or("?");
                }
                versions.is_empty()
            })
        };
        match self {
            Self::Credentials => url == crate::vc::CREDENTIALS_V2,
            Self::OpenBadges => versioned("https://purl.imsglobal.org/spec/ob/v3p0/", "-3"),
            Self::Clr => versioned("https://purl.imsglobal.org/spec/clr/v2p0/", "-2"),
        }
    }
}

/// What the `type` of a class says.
#[derive(Debug, Clone, Copy)]
pub enum TypeRule {
    /// An array that contains at least one name of each group. The first name of
    /// each group is the one written.
    Set(&'static [&'static [&'static str]]),
    /// The one name, as a string.
    Text(&'static str),
    /// Nothing of its own: the class has no `type`, or a free one among its properties.
    Free,
}

/// A rule over several properties.
#[derive(Debug, Clone, Copy)]
pub enum Rule {
    /// At least one of the properties is there.
    AnyOf(&'static [&'static str]),
    /// `validFrom` is there; `issuanceDate` instead where the first context is
    /// that of the VC Data Model 1.1.
    Dated,
}

/// A list of words.
#[derive(Debug)]
pub struct Choice {
    /// Its name in the standard, such as `ResultType`.
    pub name: &'static str,
    /// The words.
    pub values: &'static [&'static str],
    /// Whether words that begin with `ext:` are allowed besides.
    pub open: bool,
}

impl Choice {
    /// Whether `word` may stand where this list is asked for.
    pub fn allows(&self, word: &str) -> bool {
        self.values.contains(&word) || (self.open && is_extension(word))
    }
}

/// A type that stands in the table.
pub trait Described {
    /// Its row.
    fn class() -> &'static Class;
}

impl Class {
    /// Whether an object of it needs nothing but its `id`, so that leniently an
    /// IRI may stand in its place, as JSON-LD reads it.
    pub fn stands_on_its_id(&self) -> bool {
        self.properties.iter().any(|property| property.name == "id")
            && self.properties.iter().all(|property| property.name == "id" || !property.required)
    }
}

#[cfg(test)]
#[path = "../../tests/shared/sample.rs"]
mod sample;
#[cfg(test)]
mod tests;
