//! On whose behalf something is asked.

use model::id::Slug;

/// An authenticated client and what it stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The client's id: idempotency keys belong to it, and records name it.
    pub client: String,
    /// What it may act as.
    pub authority: Authority,
}

/// What a caller may act as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Authority {
    /// A learning provider: its own completions and badges, nobody else's.
    Provider(Slug),
    /// The Academy's registrar: every provider's.
    Academy,
}

impl Caller {
    /// Whether the caller may see and change what belongs to `provider`.
    pub fn acts_for(&self, provider: &Slug) -> bool {
        match &self.authority {
            Authority::Provider(own) => own == provider,
            Authority::Academy => true,
        }
    }
}
