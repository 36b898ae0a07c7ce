use std::{fmt, str::FromStr};

use super::{
    Checkpoint, Hash, LogError, SignedNote, VerifierKey, checkpoint::decimal, leaf_hash, verify_inclusion,
};

const HEADER: &str = "c2sp.org/tlog-proof@v1";

/// The most hashes of a proof: one for every doubling of the largest tree.
pub(super) const MOST_HASHES: usize = 63;

/// The proof that an entry is in a log, in one text (C2SP tlog-proof). Extra data
/// is passed over when it is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogProof {
    /// Which entry.
    pub index: u64,
    /// The inclusion proof.
    pub path: Vec<Hash>,
    /// The checkpoint it leads to.
    pub checkpoint: SignedNote,
}

impl LogProof {
    /// Whether `entry` is what the log that signs with `key` has at this place.
    pub fn verify(&self, entry: &[u8], key: &VerifierKey) -> Result<(), LogError> {
        self.checkpoint.expect_signed_by(key)?;
        let Checkpoint { size, root, .. } = Checkpoint::of(&self.checkpoint)?;
        verify_inclusion(self.index, size, &leaf_hash(entry), &self.path, &root)
    }
}

impl fmt::Display for LogProof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{HEADER}\nindex {}", self.index)?;
        self.path.iter().try_for_each(|hash| writeln!(f, "{hash}"))?;
        write!(f, "\n{}", self.checkpoint)
    }
}

impl FromStr for LogProof {
    type Err = LogError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = |detail: &str| LogError::malformed("a proof", detail);
        let (head, checkpoint) = text.split_once("\n\n").ok_or_else(|| wrong("it has no empty line"))?;
        let mut lines = head.split('\n').peekable();
        if lines.next() != Some(HEADER) {
            return Err(wrong("it is not a tlog-proof of version 1"));
        }
        lines.next_if(|line| line.starts_with("extra "));
        let index = lines.next().and_then(|line| line.strip_prefix("index ")).and_then(decimal);
        let path = hashes(lines)?;
        Ok(Self {
            index: index.ok_or_else(|| wrong("it has no index"))?,
            path,
            checkpoint: checkpoint.parse()?,
        })
    }
}

/// Hashes of a proof, a line each.
pub(super) fn hashes<'a>(lines: impl Iterator<Item = &'a str>) -> Result<Vec<Hash>, LogError> {
    let hashes = lines.take(MOST_HASHES + 1).map(Hash::from_base64).collect::<Result<Vec<_>, _>>()?;
    if hashes.len() > MOST_HASHES {
        return Err(LogError::malformed("a proof", "it has more than 63 hashes"));
    }
    Ok(hashes)
}
