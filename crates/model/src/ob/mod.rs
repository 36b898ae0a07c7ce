//! Open Badges 3.0: every class and property, in the strict shape on writing,
//! leniently on reading, with unknown properties kept.

mod achievement;
mod credential;
mod endorsement;
mod enumeration;
mod identity;
mod lint;
mod profile;
mod result;
mod subject;

pub use achievement::{Achievement, Alignment, Criteria, Image, Related};
pub use credential::AchievementCredential;
pub use endorsement::{EndorsementCredential, EndorsementSubject};
pub(crate) use enumeration::words;
pub use enumeration::{AchievementType, AlignmentTargetType, IdentifierType, ResultStatus, ResultType};
pub use identity::identity_hash;
pub use lint::{Strictness, lint, lint_as, lint_lenient, read, read_endorsement};
pub use profile::{Address, GeoCoordinates, IdentifierEntry, IssuerRef, Profile};
pub use result::{Result, ResultDescription, RubricCriterionLevel};
pub use subject::{AchievementSubject, Evidence, IdentityObject};

pub use crate::vc::{CredentialSchema, CredentialStatus, Proof, RefreshService, TermsOfUse};

use rust_decimal::{Decimal, prelude::ToPrimitive};
use serde_json::{Number, Value};

/// The contexts of a badge, in their order.
pub fn contexts() -> Vec<Value> {
    vec![crate::vc::CREDENTIALS_V2.into(), crate::vc::OPEN_BADGES.into()]
}

/// The contexts of a badge that names a refresh service.
pub fn contexts_with_extensions() -> Vec<Value> {
    contexts().into_iter().chain([crate::vc::OPEN_BADGES_EXTENSIONS.into()]).collect()
}

/// An amount as `creditsEarned` and `creditsAvailable` carry it: a JSON number,
/// a whole amount without a decimal point.
pub fn credits(amount: Decimal) -> Number {
    let amount = amount.normalize();
    let whole = (amount.scale() == 0).then(|| amount.to_i64()).flatten();
    whole
        .map(Number::from)
        .or_else(|| amount.to_f64().and_then(Number::from_f64))
        .unwrap_or_else(|| Number::from(0))
}

#[cfg(test)]
mod tests;
