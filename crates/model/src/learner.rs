//! Who learned: a name and one or more identifiers.

use serde::{Deserialize, Serialize};

/// An identifier of a learner, as a provider states it. There is no national
/// one; any of these will do, several are better.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "camelCase")]
pub enum Identifier {
    /// An email address, lower-cased. Weak: a mailbox may be shared or passed on.
    Email {
        /// The address.
        value: String,
    },
    /// A staff number. Means something only within the organisation that gave it.
    StaffNumber {
        /// The number, upper-cased.
        value: String,
        /// The employing organisation: its ODS code or the name it is known by.
        organisation: String,
    },
    /// A registration with a professional body.
    ProfessionalRegistration {
        /// The registration number, upper-cased.
        value: String,
        /// The body, such as `FEDIP` or `NMC`.
        body: String,
    },
    /// A decentralised identifier the learner controls.
    Did {
        /// The DID, without a path, query or fragment.
        value: String,
    },
}

impl Identifier {
    /// Whether the identifier belongs to one person for good. An email does not.
    pub fn is_strong(&self) -> bool {
        !matches!(self, Self::Email { .. })
    }

    /// The kind in words that serve as a stored key: `email`, `staff_number`,
    /// `professional_registration`, `did`.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Email { .. } => "email",
            Self::StaffNumber { .. } => "staff_number",
            Self::ProfessionalRegistration { .. } => "professional_registration",
            Self::Did { .. } => "did",
        }
    }

    /// The value.
    pub fn value(&self) -> &str {
        match self {
            Self::Email { value }
            | Self::StaffNumber { value, .. }
            | Self::ProfessionalRegistration { value, .. }
            | Self::Did { value } => value,
        }
    }

    /// What the value means something within: the organisation or body, else `""`.
    pub fn scope(&self) -> &str {
        match self {
            Self::StaffNumber { organisation, .. } => organisation,
            Self::ProfessionalRegistration { body, .. } => body,
            Self::Email { .. } | Self::Did { .. } => "",
        }
    }
}

/// A learner as one completion states them: a person, or a team or board that
/// learned together (Future Vision, 8.20 to 8.22).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatedLearner {
    /// The name as it should stand on the badge, in Unicode NFC.
    pub name: String,
    /// One or more identifiers, no kind-and-scope twice.
    pub identifiers: Vec<Identifier>,
    /// What makes it a group; absent for a person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<StatedGroup>,
}

/// A team or a board as a recipient.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatedGroup {
    /// The names of its members, as they should stand on the badge, where they are
    /// to stand there at all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub members: Vec<String>,
}
