//! Keys that are kept in a PKCS#11 token: what the vault asks of one. How a
//! token is reached is another crate's; this one knows files and nothing more.

use std::sync::Arc;

use proof::multikey::PublicKey;
use serde_json::json;

use crate::{KeyAlgorithm, PublicMaterial, Signer, SigningError};

/// Something that makes private keys within itself, never gives them away, and
/// signs with them. Its keys go by [`crate::KeyRecord::id`].
pub trait Token: Send + Sync {
    /// Its label, which the records of its keys hold.
    fn label(&self) -> &str;

    /// Makes a key called `id` and gives its public half. Ed25519 and P-256
    /// only; [`TokenFault::Unable`] for others.
    fn generate(&self, id: &str, algorithm: KeyAlgorithm) -> Result<PublicKey, TokenFault>;

    /// Signs `message` by the key called `id`: Ed25519 (RFC 8032), or ECDSA on
    /// P-256 with SHA-256, r ‖ s. The second differs each time.
    fn sign(&self, id: &str, algorithm: KeyAlgorithm, message: &[u8]) -> Result<[u8; 64], TokenFault>;
}

/// Why a token did not do its work.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TokenFault {
    /// No token is set up, or another one. Whose fault: the operator's.
    #[error("it is not set up; set pkcs11_module, pkcs11_token and pkcs11_pin")]
    NotSetUp,
    /// The token's library cannot be used. Whose fault: the operator's.
    #[error("its library cannot be used: {0}")]
    Module(String),
    /// No slot holds a token of that label, or several do. Whose fault: the
    /// operator's, or the token's if it was there before.
    #[error("{0}")]
    NotFound(String),
    /// The PIN is not the token's. It is not tried again before the next start,
    /// because a token locks itself after a few. Whose fault: the operator's.
    #[error("it refuses the PIN: {0}; mend pkcs11_pin and start again")]
    Pin(String),
    /// The token has no key of this name. Whose fault: the operator's, who set
    /// up another token or lost the key.
    #[error("it has no key `{0}`; set up the token it was made in")]
    NoKey(String),
    /// The token cannot do what was asked. Whose fault: nobody's; another token
    /// or a key file can.
    #[error("it cannot {0}")]
    Unable(String),
    /// The token does not answer, or broke off. Whose fault: the token's host;
    /// it is asked anew each time.
    #[error("it does not answer: {0}")]
    Away(String),
    /// The token answered what it should not. Whose fault: its maker's.
    #[error("it answered wrongly: {0}")]
    Wrong(String),
}

/// Signs by one key of a token; by none, if the token is not set up.
pub(crate) struct TokenSigner {
    token: Option<Arc<dyn Token>>,
    label: String,
    key_id: String,
}

impl TokenSigner {
    /// For the key `key_id` of the token called `label`, which `set_up` may be.
    pub(crate) fn new(set_up: Option<&Arc<dyn Token>>, label: &str, key_id: &str) -> Self {
        let token = set_up.filter(|token| token.label() == label).cloned();
        Self { token, label: label.to_owned(), key_id: key_id.to_owned() }
    }

    fn sign(&self, algorithm: KeyAlgorithm, message: &[u8]) -> Result<[u8; 64], SigningError> {
        let signed = match &self.token {
            Some(token) => token.sign(&self.key_id, algorithm, message),
            None => Err(TokenFault::NotSetUp),
        };
        signed.map_err(|fault| SigningError::token(&self.label, fault))
    }
}

impl Signer for TokenSigner {
    fn sign_ed25519(&self, message: &[u8]) -> Result<[u8; 64], SigningError> {
        self.sign(KeyAlgorithm::Ed25519, message)
    }

    fn sign_p256(&self, message: &[u8]) -> Result<[u8; 64], SigningError> {
        self.sign(KeyAlgorithm::Es256, message)
    }

    fn sign_jws(&self, payload: &[u8], kid: &str, typ: &str) -> Result<String, SigningError> {
        jose::sign_compact_es256(payload, kid, Some(typ), |input| self.sign_p256(input))
    }
}

/// The public half as a record of a key of `algorithm` has it; `None` if it is
/// of another kind.
pub(crate) fn public_material(key: PublicKey, algorithm: KeyAlgorithm) -> Option<PublicMaterial> {
    match (key, algorithm) {
        (PublicKey::Ed25519(_), KeyAlgorithm::Ed25519) => Some(PublicMaterial::Multibase(key.to_multibase())),
        (PublicKey::P256(_), KeyAlgorithm::Es256) => {
            let jwk = key.to_jwk();
            let (x, y) = (jwk.get("x")?, jwk.get("y")?);
            Some(PublicMaterial::Jwk(json!({"kty": "EC", "crv": "P-256", "alg": "ES256", "x": x, "y": y})))
        }
        _ => None,
    }
}
