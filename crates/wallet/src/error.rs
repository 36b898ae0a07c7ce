//! Why a wallet gets no credential, in the words of the specification.

/// An error of the credential, deferred credential and notification endpoints (OID4VCI
/// 1.0, 8.3.1, 9.3 and 11.3). Whose fault: the wallet's, but for [`Self::Denied`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RequestError {
    /// A member is missing, of the wrong type, or beside one that excludes it.
    #[error("{0}")]
    InvalidRequest(String),
    /// No such `credential_configuration_id`.
    #[error("there is no credential configuration `{0}`")]
    UnknownConfiguration(String),
    /// No such `credential_identifier`, or not of this token's.
    #[error("this token is not for a credential `{0}`")]
    UnknownIdentifier(String),
    /// Of a draft-13 request: no such `format`.
    #[error("no credential is issued in the format `{0}`")]
    UnsupportedFormat(String),
    /// Of a draft-13 request: no such type.
    #[error("no credential of that type is issued: {0}")]
    UnsupportedType(String),
    /// There is no proof of a key, or it is not good.
    #[error("the proof is refused: {0}")]
    InvalidProof(String),
    /// Its nonce is not one of ours, has ended, or was used.
    #[error("the nonce is not known, has ended or was used; ask for a new one")]
    InvalidNonce,
    /// The answer was to be encrypted, which is not offered.
    #[error("answers are not encrypted here beyond TLS")]
    InvalidEncryption,
    /// It cannot be issued, for this reason, and asking again will not help.
    #[error("{0}")]
    Denied(String),
    /// No such `transaction_id` of this token's.
    #[error("there is no such transaction")]
    InvalidTransaction,
    /// No such `notification_id` of this token's.
    #[error("there is no such notification")]
    InvalidNotificationId,
    /// The notification cannot be read.
    #[error("{0}")]
    InvalidNotification(String),
}

impl RequestError {
    /// The value of `error`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::InvalidRequest(_) => "invalid_credential_request",
            Self::UnknownConfiguration(_) => "unknown_credential_configuration",
            Self::UnknownIdentifier(_) => "unknown_credential_identifier",
            Self::UnsupportedFormat(_) => "unsupported_credential_format",
            Self::UnsupportedType(_) => "unsupported_credential_type",
            Self::InvalidProof(_) => "invalid_proof",
            Self::InvalidNonce => "invalid_nonce",
            Self::InvalidEncryption => "invalid_encryption_parameters",
            Self::Denied(_) => "credential_request_denied",
            Self::InvalidTransaction => "invalid_transaction_id",
            Self::InvalidNotificationId => "invalid_notification_id",
            Self::InvalidNotification(_) => "invalid_notification_request",
        }
    }
}
