//! The standards by which a picture carries a credential.

/// What kind of credential a picture carries, and so how it is marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standard {
    /// A badge (Open Badges 3.0, 5.3).
    OpenBadges,
    /// A learner record (CLR 2.0, baking).
    Clr,
}

impl Standard {
    pub(crate) const ALL: [Self; 2] = [Self::OpenBadges, Self::Clr];

    /// The keyword of the text chunk in a PNG.
    pub(crate) fn keyword(self) -> &'static [u8] {
        match self {
            Self::OpenBadges => b"openbadgecredential",
            Self::Clr => b"clrcredential",
        }
    }

    /// The namespace of the element in an SVG.
    pub(crate) fn namespace(self) -> &'static str {
        match self {
            Self::OpenBadges => "https://purl.imsglobal.org/ob/v3p0",
            Self::Clr => "https://purl.imsglobal.org/clr/v2p0",
        }
    }

    /// The prefix that is bound to [`namespace`](Self::namespace).
    pub(crate) fn prefix(self) -> &'static str {
        match self {
            Self::OpenBadges => "openbadges",
            Self::Clr => "clr",
        }
    }
}
