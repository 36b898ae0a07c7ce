use super::LogError;

/// What a witness signs (C2SP tlog-cosignature, «Ed25519 signed message»): the
/// time, in seconds since 1970, and the text of the checkpoint.
pub fn cosigned_message(timestamp: u64, text: &str) -> Vec<u8> {
    format!("cosignature/v1\ntime {timestamp}\n{text}").into_bytes()
}

/// The signature of a witness, as its line in the note has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cosignature {
    /// When it was given, in seconds since 1970.
    pub timestamp: u64,
    /// Ed25519 over [`cosigned_message`].
    pub signature: [u8; 64],
}

impl Cosignature {
    /// Reads the time, big-endian, and the signature.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, LogError> {
        let wrong = |detail: &str| LogError::malformed("a cosignature", detail);
        let (time, signature) = bytes.split_first_chunk().ok_or_else(|| wrong("it is too short"))?;
        let timestamp = u64::from_be_bytes(*time);
        if timestamp > i64::MAX.cast_unsigned() {
            return Err(wrong("its time is beyond 2^63"));
        }
        let signature = signature.try_into().map_err(|_| wrong("its signature is not of 64 bytes"))?;
        Ok(Self { timestamp, signature })
    }

    /// Writes the time and the signature.
    pub fn to_bytes(self) -> Vec<u8> {
        [self.timestamp.to_be_bytes().as_slice(), &self.signature].concat()
    }
}
