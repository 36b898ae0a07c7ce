//! CPD credit: an exact amount in a unit. Units never mix: one hour is not one
//! point unless a scheme says so.

pub mod activity;
pub mod scheme;
pub mod standing;
pub mod statement;

use std::fmt;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// The unit of an amount of credit.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unit {
    /// Hours of learning.
    Hours,
    /// Points of no named scheme.
    Points,
    /// Credits of a named scheme, written `credits:<scheme>` (`credits:ects`).
    Credits {
        /// The scheme's short name.
        scheme: crate::id::Slug,
    },
}

/// The text is not a unit. Whose fault: the writer's of that text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a unit of credit: use `hours`, `points` or `credits:<scheme>`")]
pub struct UnitError(String);

impl std::str::FromStr for Unit {
    type Err = UnitError;

    fn from_str(text: &str) -> Result<Self, UnitError> {
        match text {
            "hours" => Ok(Self::Hours),
            "points" => Ok(Self::Points),
            _ => text
                .strip_prefix("credits:")
                .and_then(|scheme| scheme.parse().ok())
                .map(|scheme| Self::Credits { scheme })
                .ok_or_else(|| UnitError(text.to_owned())),
        }
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Hours => f.write_str("hours"),
            Self::Points => f.write_str("points"),
            Self::Credits { scheme } => write!(f, "credits:{scheme}"),
        }
    }
}

impl Serialize for Unit {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Unit {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// The largest amount of credit one award may carry, in any unit.
pub const MOST_CREDIT: u32 = 10_000;

/// An amount of credit: zero or more, at most [`MOST_CREDIT`], with no more
/// than two decimal places, kept exactly.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Credit {
    amount: Decimal,
    unit: Unit,
}

/// An amount that cannot be credit. Whose fault: the sender's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CreditError {
    /// Below zero.
    #[error("{0} is negative; credit is zero or more")]
    Negative(Decimal),
    /// Above [`MOST_CREDIT`].
    #[error("{0} is more than {MOST_CREDIT}, the most that one award may carry")]
    TooMuch(Decimal),
    /// More than two decimal places.
    #[error("{0} has more than two decimal places")]
    TooFine(Decimal),
}

impl Credit {
    /// An amount in a unit.
    pub fn new(amount: Decimal, unit: Unit) -> Result<Self, CreditError> {
        let amount = amount.normalize();
        if amount.is_sign_negative() && !amount.is_zero() {
            Err(CreditError::Negative(amount))
        } else if amount > Decimal::from(MOST_CREDIT) {
            Err(CreditError::TooMuch(amount))
        } else if amount.scale() > 2 {
            Err(CreditError::TooFine(amount))
        } else {
            Ok(Self { amount, unit })
        }
    }

    /// The exact amount.
    pub fn amount(&self) -> Decimal {
        self.amount
    }

    /// The unit of the amount.
    pub fn unit(&self) -> &Unit {
        &self.unit
    }
}

impl fmt::Display for Credit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.amount, self.unit)
    }
}

impl<'de> Deserialize<'de> for Credit {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Raw {
            amount: Decimal,
            unit: Unit,
        }
        let Raw { amount, unit } = Raw::deserialize(deserializer)?;
        Self::new(amount, unit).map_err(serde::de::Error::custom)
    }
}
