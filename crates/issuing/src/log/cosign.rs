//! Taking what witnesses say.

use proof::log::{Checkpoint, SignedNote, VerifierKey};

use crate::{IssuingError, Service};

/// Why a cosignature was not taken.
#[derive(Debug, thiserror::Error)]
pub enum CosignError {
    /// It is no checkpoint, or a signature of it does not verify. The fault of
    /// whoever sent it.
    #[error("{0}")]
    Invalid(String),
    /// No witness that is known here signed. The fault of whoever sent it.
    #[error("none of the signatures is by a witness that this log knows")]
    UnknownWitness,
    /// This log signed no such checkpoint. The fault of whoever sent it.
    #[error("this log signed no such checkpoint of {0} entries")]
    UnknownCheckpoint(u64),
    /// Our own fault or the database's.
    #[error("{0}")]
    Internal(#[from] IssuingError),
}

impl Service {
    /// Keeps the signatures of `witnesses` on `note`, which is a checkpoint of this
    /// log; how many those were. Signatures by others are passed over, as C2SP
    /// tlog-witness asks of logs.
    pub fn add_cosignatures(
        &self,
        witnesses: &[VerifierKey],
        note: &SignedNote,
    ) -> Result<usize, CosignError> {
        let stated = Checkpoint::of(note).map_err(|error| CosignError::Invalid(error.to_string()))?;
        let ours = self.log_checkpoint(Some(stated.size))?.filter(|ours| ours.text() == note.text());
        let ours = ours.ok_or(CosignError::UnknownCheckpoint(stated.size))?;
        let mut kept = 0;
        for signature in note.signatures() {
            let is_by = |key: &&VerifierKey| key.name() == signature.name && key.id() == signature.id;
            let Some(witness) = witnesses.iter().find(is_by) else { continue };
            let signed = ours.clone().with(signature.clone());
            signed.expect_signed_by(witness).map_err(|error| CosignError::Invalid(error.to_string()))?;
            let (line, now) = (signature.to_string(), self.clock.now());
            self.registry
                .add_log_cosignature(stated.size, witness.name(), witness.id(), &line, now)
                .map_err(IssuingError::from)?;
            kept += 1;
        }
        if kept == 0 { Err(CosignError::UnknownWitness) } else { Ok(kept) }
    }
}
