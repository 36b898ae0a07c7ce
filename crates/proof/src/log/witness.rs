//! What a witness is asked, and how it decides (C2SP tlog-witness).

use std::{fmt, str::FromStr};

use super::{
    Checkpoint, Hash, LogError, SignedNote, VerifierKey, checkpoint::decimal, text::hashes,
    verify_consistency,
};

/// The body of `add-checkpoint`: a checkpoint, and the proof that its tree begins
/// with the one the witness saw last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddCheckpoint {
    /// The size of the tree that the witness saw last; 0 for none.
    pub old_size: u64,
    /// The consistency proof; empty from size 0.
    pub proof: Vec<Hash>,
    /// The checkpoint, as the log signed it.
    pub checkpoint: SignedNote,
}

impl fmt::Display for AddCheckpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "old {}", self.old_size)?;
        self.proof.iter().try_for_each(|hash| writeln!(f, "{hash}"))?;
        write!(f, "\n{}", self.checkpoint)
    }
}

impl FromStr for AddCheckpoint {
    type Err = LogError;

    fn from_str(body: &str) -> Result<Self, Self::Err> {
        let wrong = |detail: &str| LogError::malformed("an add-checkpoint request", detail);
        let (head, checkpoint) = body.split_once("\n\n").ok_or_else(|| wrong("it has no empty line"))?;
        let mut lines = head.split('\n');
        let old_size = lines.next().and_then(|line| line.strip_prefix("old ")).and_then(decimal);
        let old_size = old_size.ok_or_else(|| wrong("its first line is not `old` and a size"))?;
        Ok(Self { old_size, proof: hashes(lines)?, checkpoint: checkpoint.parse()? })
    }
}

/// Why a witness does not cosign.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The request or its checkpoint cannot be read, or its sizes contradict
    /// each other. The fault of whoever asked.
    #[error("the request cannot be taken: {0}")]
    Malformed(String),
    /// The checkpoint is of a log that this witness does not follow.
    #[error("the log is not known here")]
    UnknownLog,
    /// No key of the log that is known signed the checkpoint.
    #[error("the log did not sign this checkpoint")]
    NotSigned,
    /// The proof does not start where the witness stands: ask again from the size
    /// it tells.
    #[error("this witness stands at {0}")]
    StandsAt(u64),
    /// The log signed two trees of one size that differ: it is not to be trusted.
    #[error("the log signed another tree of {0} entries before")]
    Forked(u64),
    /// The tree does not begin with the one that was signed before, or the proof
    /// of it is wrong.
    #[error("the tree is not proved to begin with the one seen before")]
    Inconsistent,
}

impl Refusal {
    /// The status of the answer.
    pub fn status(&self) -> u16 {
        match self {
            Self::Malformed(_) => 400,
            Self::UnknownLog => 404,
            Self::NotSigned => 403,
            Self::StandsAt(_) | Self::Forked(_) => 409,
            Self::Inconsistent => 422,
        }
    }
}

/// Whether a witness that saw `known` last of the log with `key` may cosign what
/// it is asked to: the checkpoint to keep before the cosignature is given away.
pub fn judge(
    known: Option<&Checkpoint>,
    request: &AddCheckpoint,
    key: &VerifierKey,
) -> Result<Checkpoint, Refusal> {
    let new = Checkpoint::of(&request.checkpoint).map_err(|error| Refusal::Malformed(error.to_string()))?;
    if new.origin != key.name() {
        return Err(Refusal::UnknownLog);
    }
    request.checkpoint.expect_signed_by(key).map_err(|_| Refusal::NotSigned)?;
    if request.old_size > new.size {
        return Err(Refusal::Malformed("the old size is larger than the checkpoint's".to_owned()));
    }
    let (size, root) = known.map_or((0, Hash::of_nothing()), |known| (known.size, known.root));
    if request.old_size != size {
        return Err(Refusal::StandsAt(size));
    }
    if new.size == size && new.root != root {
        return Err(Refusal::Forked(size));
    }
    verify_consistency(size, new.size, &root, &new.root, &request.proof)
        .map_err(|_| Refusal::Inconsistent)?;
    Ok(new)
}
