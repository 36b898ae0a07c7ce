//! What a professional body says of an achievement or an organisation.

use std::fmt;

use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::{id::Slug, site::Site};

/// What is endorsed.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Endorsed {
    /// An achievement in one version.
    Achievement {
        /// Its short name.
        slug: Slug,
        /// The version.
        version: String,
    },
    /// An organisation.
    Organisation(Slug),
}

impl Endorsed {
    /// Its page.
    pub fn address(&self, site: &Site) -> String {
        match self {
            Self::Achievement { slug, version } => site.achievement(slug, version),
            Self::Organisation(slug) => site.issuer(slug),
        }
    }
}

impl fmt::Display for Endorsed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Achievement { slug, version } => write!(f, "{slug} {version}"),
            Self::Organisation(slug) => write!(f, "{slug}"),
        }
    }
}

/// What somebody asks to be endorsed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// An achievement, in the version of the catalogue unless another is named.
    Achievement(Slug, Option<String>),
    /// An organisation.
    Organisation(Slug),
}

/// An endorsement that is asked for.
#[derive(Debug, Clone, PartialEq)]
pub enum Asked {
    /// To be signed with the body's key in this service's vault.
    ToSign(ToSign),
    /// Signed elsewhere.
    Signed {
        /// The body that is said to have signed it.
        by: Slug,
        /// The endorsement with its proof.
        credential: Value,
    },
}

/// An endorsement to be signed here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToSign {
    /// The body in whose name it is signed.
    pub by: Slug,
    /// What is endorsed.
    pub endorsed: Wanted,
    /// What the body says of it.
    pub comment: String,
    /// When it begins; without it, at once.
    pub from: Option<DateTime<Utc>>,
    /// When it ends.
    pub until: DateTime<Utc>,
}
