//! What can be wrong with a token or a key.

/// Why a token or key was refused. Unless said otherwise the fault is of
/// whoever made the token.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JoseError {
    /// The token is longer than is read. Whose fault: the sender's.
    #[error("the token has {size} bytes; at most {limit} are read")]
    TooLarge {
        /// Bytes received.
        size: usize,
        /// Bytes allowed.
        limit: usize,
    },
    /// Not three base64url parts joined by dots (RFC 7515, 7.1), or padded.
    #[error("not a compact JWS: {0}")]
    NotCompact(String),
    /// The header is not one strict JSON object of known members (RFC 7515, 4).
    #[error("the JWS header is refused: {0}")]
    Header(String),
    /// The payload is not one strict JSON object.
    #[error("the JWS payload is refused: {0}")]
    Payload(String),
    /// The key cannot be used: unknown type, too weak, for another purpose,
    /// or not a public key. Whose fault: the key's owner.
    #[error("the key is refused: {0}")]
    Key(String),
    /// The header names another algorithm than the key is for.
    #[error("the token says `{header}`, but its key is for `{key}`")]
    AlgorithmMismatch {
        /// `alg` of the header.
        header: String,
        /// The algorithm the key is pinned to.
        key: String,
    },
    /// The signature does not match header, payload and key.
    #[error("the signature does not match the token's content")]
    Signature,
    /// A registered claim is missing, malformed, or differs from the member of
    /// the credential that it repeats.
    #[error("the claim `{claim}` is refused: {detail}")]
    Claim {
        /// The claim's name, such as `iss`.
        claim: &'static str,
        /// What was found and what was expected.
        detail: String,
    },
    /// Not an enveloped credential or presentation that can be read (VC Data Model
    /// 2.0, 4.12.4).
    #[error("the envelope is refused: {0}")]
    Envelope(String),
    /// A disclosure of an SD-JWT is malformed, stands twice, or belongs to nothing
    /// in it (RFC 9901, 7.1).
    #[error("a disclosure is refused: {0}")]
    Disclosure(String),
    /// The cryptographic library failed where it should not. Whose fault: ours.
    #[error("the cryptographic library failed: {0}")]
    Library(String),
}
