//! One key: what is public of it, and how it signs.

use std::{fmt, str::FromStr, sync::Arc};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use ed25519_dalek::{Signer as _, SigningKey};
use model::id::Slug;
use proof::multikey;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::SigningError;

/// How long after its retirement a key still signs what was prepared with it:
/// services notice a rotation within a second, and their clocks may differ.
const RETIREMENT_GRACE: TimeDelta = TimeDelta::seconds(60);

/// What a key is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum KeyAlgorithm {
    /// Data Integrity by `eddsa-rdfc-2022`.
    Ed25519,
    /// VC-JWT by ECDSA on P-256, deterministic.
    Es256,
    /// VC-JWT by RSA PKCS#1 v1.5.
    Rs256,
}

impl KeyAlgorithm {
    /// Every algorithm.
    pub const ALL: [Self; 3] = [Self::Ed25519, Self::Es256, Self::Rs256];

    /// The name in files and on the command line: `ed25519`, `es256`, `rs256`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ed25519 => "ed25519",
            Self::Es256 => "es256",
            Self::Rs256 => "rs256",
        }
    }
}

impl fmt::Display for KeyAlgorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for KeyAlgorithm {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let lower = text.to_ascii_lowercase();
        let found = Self::ALL.into_iter().find(|algorithm| algorithm.as_str() == lower);
        found.ok_or_else(|| format!("`{text}` is not an algorithm; use ed25519, es256 or rs256"))
    }
}

/// What a key signs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum KeyPurpose {
    /// Badges and status lists, in its issuer's name.
    #[default]
    Credentials,
    /// Checkpoints of the log. It is published as no issuer's key and signs no badge.
    Log,
    /// What a witness says of the checkpoints of another's log.
    Witness,
}

impl KeyPurpose {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "as serde calls it")]
    fn is_credentials(&self) -> bool {
        *self == Self::Credentials
    }
}

/// The public half of a key.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum PublicMaterial {
    /// An Ed25519 key as Multikey (`z6Mk…`; Controlled Identifiers 1.0, 2.2.2).
    #[serde(rename = "publicKeyMultibase")]
    Multibase(String),
    /// A P-256 or RSA key as a JWK with `kty`, `alg` and its numbers, without
    /// `kid` (Controlled Identifiers 1.0, 2.2.3).
    #[serde(rename = "publicKeyJwk")]
    Jwk(Value),
}

/// What is public of a key.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct KeyRecord {
    /// Its name: issuer, algorithm, day and four random characters, all fit for
    /// the fragment of a DID URL.
    pub id: String,
    /// The organisation whose key it is; of the log's, who keeps the log.
    pub issuer: Slug,
    /// What it signs; a record without it is of a key for credentials.
    #[serde(default, skip_serializing_if = "KeyPurpose::is_credentials")]
    pub purpose: KeyPurpose,
    /// The name of the log whose key it is, under which it signs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub log: Option<String>,
    /// What it is for.
    pub algorithm: KeyAlgorithm,
    /// When it was made.
    pub created: DateTime<Utc>,
    /// Since when it signs nothing new; it goes on verifying.
    pub retired: Option<DateTime<Utc>>,
    /// Since when somebody else may have had it. It signs nothing, and what it
    /// signed is no longer proved by its own dates.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub compromised: Option<DateTime<Utc>>,
    /// The label of the PKCS#11 token that keeps the private half under the
    /// name `id`; without one it lies sealed in the key's file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
    /// Its public half.
    pub public: PublicMaterial,
    /// Whether everybody knows it: a throw-away key of `keys.example/`.
    pub example: bool,
}

impl KeyRecord {
    /// Whether it signs what is prepared now.
    pub fn is_in_force(&self) -> bool {
        self.retired.is_none() && self.compromised.is_none()
    }
}

/// Something that signs with one private key: a key file or a PKCS#11 token.
/// The same input gives the same bytes, but for ECDSA in a token.
pub trait Signer: Send + Sync {
    /// Signs `message` by Ed25519 (RFC 8032, 5.1.6).
    fn sign_ed25519(&self, message: &[u8]) -> Result<[u8; 64], SigningError>;

    /// Signs `message` by ECDSA on P-256 with SHA-256 (FIPS 186-5): r ‖ s, 32
    /// bytes each. A token draws a nonce, so that its signatures differ.
    fn sign_p256(&self, message: &[u8]) -> Result<[u8; 64], SigningError>;

    /// Signs `payload` as a compact JWS with `kid` and `typ` in its header
    /// (RFC 7515, 7.1).
    fn sign_jws(&self, payload: &[u8], kid: &str, typ: &str) -> Result<String, SigningError>;
}

/// A key of the vault: its record, and the means to sign with it.
#[derive(Clone)]
pub struct Key {
    record: KeyRecord,
    signer: Arc<dyn Signer>,
    own_did: String,
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Key").field("record", &self.record).finish_non_exhaustive()
    }
}

impl Key {
    /// A key that signs through `signer`.
    pub fn new(record: KeyRecord, signer: Arc<dyn Signer>) -> Self {
        let own_did = match &record.public {
            PublicMaterial::Multibase(multibase) => format!("did:key:{multibase}"),
            PublicMaterial::Jwk(jwk) => format!("did:jwk:{}", URL_SAFE_NO_PAD.encode(jwk.to_string())),
        };
        Self { record, signer, own_did }
    }

    /// The did:key or did:jwk that is nothing but this key.
    pub(crate) fn own_did(&self) -> &str {
        &self.own_did
    }

    /// What is public of it.
    pub fn record(&self) -> &KeyRecord {
        &self.record
    }

    /// Its name.
    pub fn id(&self) -> &str {
        &self.record.id
    }

    /// Whether the same input gives the same bytes every time: not by ECDSA in a token,
    /// which draws a nonce.
    pub(crate) fn signs_alike(&self) -> bool {
        self.record.token.is_none() || self.record.algorithm != KeyAlgorithm::Es256
    }

    /// The signer, for a document prepared at `prepared`;
    /// [`SigningError::Retired`] if the key had retired by then.
    ///
    /// A document prepared in time is signed even after the retirement: its
    /// credential id, status index and acknowledgement hang on this very key.
    /// [`SigningError::Compromised`] has no such grace.
    pub(crate) fn signer_as_of(&self, prepared: DateTime<Utc>) -> Result<&dyn Signer, SigningError> {
        if self.record.purpose != KeyPurpose::Credentials {
            return Err(SigningError::UnknownKey(self.record.id.clone()));
        }
        if let Some(since) = self.record.compromised {
            return Err(SigningError::Compromised { key: self.record.id.clone(), since });
        }
        match self.record.retired {
            Some(retired) if prepared > retired + RETIREMENT_GRACE => {
                Err(SigningError::Retired { key: self.record.id.clone(), retired })
            }
            _ => Ok(self.signer.as_ref()),
        }
    }

    /// Signs what a log or a witness states (RFC 8032). Only a key for that `purpose`
    /// that is in force does, and none that is for credentials.
    pub fn sign_statement(&self, purpose: KeyPurpose, message: &[u8]) -> Result<[u8; 64], SigningError> {
        let is_for_it = self.record.purpose == purpose && purpose != KeyPurpose::Credentials;
        if is_for_it && self.record.is_in_force() {
            self.signer.sign_ed25519(message)
        } else {
            Err(SigningError::UnknownKey(self.record.id.clone()))
        }
    }
}

/// A private key held in memory; both kinds clear it when they are dropped.
pub(crate) enum MemorySigner {
    Ed25519(SigningKey),
    Jose(jose::PrivateKey),
}

impl MemorySigner {
    pub(crate) fn public(&self) -> PublicMaterial {
        match self {
            Self::Ed25519(key) => {
                PublicMaterial::Multibase(multikey::PublicKey::Ed25519(key.verifying_key()).to_multibase())
            }
            Self::Jose(key) => PublicMaterial::Jwk(key.public_jwk().clone()),
        }
    }

    fn wrong(expected: &str) -> SigningError {
        SigningError::Library(format!("a key was asked to sign as {expected}"))
    }
}

impl Signer for MemorySigner {
    fn sign_ed25519(&self, message: &[u8]) -> Result<[u8; 64], SigningError> {
        match self {
            Self::Ed25519(key) => Ok(key.sign(message).to_bytes()),
            Self::Jose(_) => Err(Self::wrong("Ed25519")),
        }
    }

    fn sign_p256(&self, message: &[u8]) -> Result<[u8; 64], SigningError> {
        match self {
            Self::Jose(key) => Ok(key.sign_p256(message)?),
            Self::Ed25519(_) => Err(Self::wrong("P-256")),
        }
    }

    fn sign_jws(&self, payload: &[u8], kid: &str, typ: &str) -> Result<String, SigningError> {
        match self {
            Self::Jose(key) => Ok(jose::sign_compact(payload, key, kid, Some(typ))?),
            Self::Ed25519(_) => Err(Self::wrong("JWS")),
        }
    }
}
