//! Which contexts a document may bring.

use proof::canon::Processor;

/// Which contexts a document may bring. Either way none is fetched, and a term
/// that none defines is a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Contexts {
    /// Published ones whose content is known, as Open Badges has it; none
    /// inside a badge but an embedded credential's.
    #[default]
    Known,
    /// Those, inline ones and those of published examples: for the VC API.
    Any,
}

impl Contexts {
    /// What reads documents of these contexts.
    pub(crate) fn processor(self) -> &'static Processor {
        match self {
            Self::Known => Processor::known(),
            Self::Any => Processor::general(),
        }
    }
}
