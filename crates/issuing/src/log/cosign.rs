//! Taking what witnesses say.

use proof::log::{LogError, NoteSignature, VerifierKey};

use crate::{IssuingError, Service};

/// Why a cosignature was not taken.
#[derive(Debug, thiserror::Error)]
pub enum CosignError {
    /// A line is no signature, or does not verify. The witness's fault.
    #[error("{0}")]
    Invalid(String),
    /// No witness that is known here signed. The fault of whoever sent it.
    #[error("none of the signatures is by a witness that this log knows")]
    UnknownWitness,
    /// No checkpoint of that size was signed here. The fault of whoever sent it.
    #[error("this log signed no checkpoint of {0} entries")]
    UnknownCheckpoint(u64),
    /// Our own fault or the database's.
    #[error("{0}")]
    Internal(#[from] IssuingError),
}

impl Service {
    /// Keeps the signatures of `witnesses` among these lines, for the checkpoint of
    /// `size` entries; how many those were. Signatures by others are passed over, as
    /// C2SP tlog-witness asks of logs.
    pub fn add_cosignatures(
        &self,
        witnesses: &[VerifierKey],
        size: u64,
        lines: &str,
    ) -> Result<usize, CosignError> {
        let note = self.log_checkpoint(Some(size))?.ok_or(CosignError::UnknownCheckpoint(size))?;
        let mut kept = 0;
        for line in lines.lines().filter(|line| !line.is_empty()) {
            let signature: NoteSignature =
                line.parse().map_err(|error: LogError| CosignError::Invalid(error.to_string()))?;
            let is_by = |key: &&VerifierKey| key.name() == signature.name && key.id() == signature.id;
            let Some(witness) = witnesses.iter().find(is_by) else { continue };
            let signed = note.clone().with(signature.clone());
            signed.expect_signed_by(witness).map_err(|error| CosignError::Invalid(error.to_string()))?;
            let now = self.clock.now();
            self.registry
                .add_log_cosignature(size, witness.name(), witness.id(), line, now)
                .map_err(IssuingError::from)?;
            kept += 1;
        }
        if kept == 0 {
            return Err(CosignError::UnknownWitness);
        }
        Ok(kept)
    }
}
