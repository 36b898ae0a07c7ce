//! The first transaction.
use chrono::{DateTime, Utc};
use model::chance::Entropy;

use super::{BeginOutcome, Builder, Intake};
use crate::{Registry, RegistryError};

impl Registry {
    /// Stores the intent of every row in one transaction; one outcome per row, in
    /// order. A row's refusal leaves the other rows alone.
    pub fn begin_issuance(
        &self,
        rows: &[Intake<'_>],
        build: &mut Builder<'_>,
        now: DateTime<Utc>,
        entropy: &dyn Entropy,
    ) -> Result<Vec<BeginOutcome>, RegistryError> {
        let _ = (rows, build, now, entropy);
        todo!()
    }
}
