//! Encryption at rest: the operator's secret opens the vault's master key
//! (argon2id), and that opens everything else (XChaCha20-Poly1305).

use allocator_api2::{alloc::System, vec::Vec as VecIn};
use argon2::{Argon2, Block, Params};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use hmac::{Hmac, Mac};
use model::chance::Entropy;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use zeroize::{Zeroize, Zeroizing};

use crate::SigningError;

/// How the secret is stretched (RFC 9106; the OWASP cheat sheet's first choice
/// for argon2id: 19 MiB, two passes, one lane).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Stretching {
    algorithm: String,
    memory_kib: u32,
    passes: u32,
    lanes: u32,
    /// Sixteen random bytes in base64url.
    salt: String,
}

/// The most a vault file may ask for: opening it must not exhaust the machine.
const MAX_MEMORY_KIB: u32 = 1 << 20;
const MAX_PASSES: u32 = 64;
const ALGORITHM: &str = "argon2id";

impl Stretching {
    pub(super) fn new(entropy: &dyn Entropy) -> Self {
        let salt = URL_SAFE_NO_PAD.encode(entropy.array::<16>());
        Self { algorithm: ALGORITHM.to_owned(), memory_kib: 19_456, passes: 2, lanes: 1, salt }
    }

    /// The error says what is wrong with the parameters.
    pub(super) fn stretch(&self, secret: &SecretString) -> Result<MasterKey, String> {
        if self.algorithm != ALGORITHM {
            return Err(format!("the secret is stretched by `{}`; only argon2id is known", self.algorithm));
        }
        if self.memory_kib > MAX_MEMORY_KIB || self.passes > MAX_PASSES || self.lanes > 16 {
            return Err("its argon2id parameters are beyond reason".to_owned());
        }
        let salt = URL_SAFE_NO_PAD.decode(&self.salt).map_err(|_| "`salt` is not base64url".to_owned())?;
        let params = Params::new(self.memory_kib, self.passes, self.lanes, Some(32));
        let params = params.map_err(|error| format!("its argon2id parameters are refused: {error}"))?;
        let argon2 = Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, params);
        // From the system, which has it back at once: an allocator that is quick keeps what
        // is freed, and so much is not asked for again.
        let blocks = argon2.params().block_count();
        let mut memory = VecIn::new_in(System);
        memory.try_reserve_exact(blocks).map_err(|error| format!("argon2id found no memory: {error}"))?;
        memory.resize(blocks, Block::new());
        let mut key = Zeroizing::new([0; 32]);
        argon2
            .hash_password_into_with_memory(
                secret.expose_secret().as_bytes(),
                &salt,
                key.as_mut_slice(),
                memory.as_mut_slice(),
            )
            .map_err(|error| format!("argon2id failed: {error}"))?;
        Ok(MasterKey(key))
    }
}

/// Bytes that only the right key opens, bound to what stands beside them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Sealed {
    /// Twenty-four random bytes in base64url.
    nonce: String,
    /// Ciphertext and tag in base64url.
    ciphertext: String,
}

/// A 256-bit key from which others are derived. Cleared when dropped.
pub(super) struct MasterKey(Zeroizing<[u8; 32]>);

impl MasterKey {
    pub(super) fn random(entropy: &dyn Entropy) -> Self {
        let mut key = Zeroizing::new([0; 32]);
        entropy.fill(key.as_mut_slice());
        Self(key)
    }

    pub(super) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(|bytes| Self(Zeroizing::new(bytes)))
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        self.0.as_slice()
    }

    pub(super) fn derive(&self, purpose: &str) -> [u8; 32] {
        self.labelled("lanyard/derived/", purpose)
    }

    /// Encrypts `plain` so that it opens only beside the same `context`.
    pub(super) fn seal(
        &self,
        plain: &[u8],
        context: &[u8],
        entropy: &dyn Entropy,
    ) -> Result<Sealed, SigningError> {
        let nonce = entropy.array::<24>();
        let ciphertext = self
            .cipher()
            .encrypt(&XNonce::from(nonce), Payload { msg: plain, aad: context })
            .map_err(|_| SigningError::Library("XChaCha20-Poly1305 did not encrypt".to_owned()))?;
        Ok(Sealed { nonce: URL_SAFE_NO_PAD.encode(nonce), ciphertext: URL_SAFE_NO_PAD.encode(ciphertext) })
    }

    /// `None` if the key is another, or anything was changed.
    pub(super) fn unseal(&self, sealed: &Sealed, context: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let nonce: [u8; 24] = URL_SAFE_NO_PAD.decode(&sealed.nonce).ok()?.try_into().ok()?;
        let ciphertext = URL_SAFE_NO_PAD.decode(&sealed.ciphertext).ok()?;
        let payload = Payload { msg: &ciphertext, aad: context };
        self.cipher().decrypt(&XNonce::from(nonce), payload).ok().map(Zeroizing::new)
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        let mut key = self.labelled("lanyard/seal", "");
        let cipher = XChaCha20Poly1305::new(&key.into());
        key.zeroize();
        cipher
    }

    /// HMAC as a pseudo-random function of the label (NIST SP 800-108).
    #[expect(clippy::expect_used, reason = "HMAC takes a key of any length (RFC 2104, 2)")]
    fn labelled(&self, label: &str, purpose: &str) -> [u8; 32] {
        let mac = <Hmac<Sha256> as KeyInit>::new_from_slice(self.as_bytes());
        let mut mac = mac.expect("HMAC takes a key of any length");
        mac.update(label.as_bytes());
        mac.update(purpose.as_bytes());
        mac.finalize().into_bytes().into()
    }
}

pub(super) fn expect_strong(secret: &SecretString, least: usize) -> Result<(), SigningError> {
    let found = secret.expose_secret().chars().count();
    if found < least { Err(SigningError::WeakSecret { found, least }) } else { Ok(()) }
}
