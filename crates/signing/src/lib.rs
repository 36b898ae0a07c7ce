//! Keys and signatures: the vault that keeps private keys, the names issuers
//! sign under, and the one way from a draft to a signed credential:
//! [`Prepared`] → [`Recorded`] → [`Signed`].

use std::{path::Path, sync::Arc};

use chrono::{DateTime, Utc};
use model::{chance::Entropy, clock::Clock, field::FieldError, id::Slug, site::Site};
use secrecy::SecretString;
use serde_json::Value;

/// Stub.
#[derive(Debug, thiserror::Error)]
pub enum SigningError {
    /// Lint.
    #[error("lint")]
    Lint(Vec<FieldError>),
}

/// What a key is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KeyAlgorithm {
    /// Data Integrity (eddsa-rdfc-2022).
    Ed25519,
    /// VC-JWT.
    Es256,
    /// VC-JWT.
    Rs256,
}

/// The public half of a key.
#[derive(Debug, Clone, PartialEq)]
pub enum PublicMaterial {
    /// An Ed25519 public key.
    Ed25519([u8; 32]),
    /// A JWK.
    Jwk(Value),
}

/// What is public of a key.
#[derive(Debug, Clone, PartialEq)]
pub struct KeyRecord {
    /// Name.
    pub id: String,
    /// Owner.
    pub issuer: Slug,
    /// For what.
    pub algorithm: KeyAlgorithm,
    /// When made.
    pub created: DateTime<Utc>,
    /// When retired.
    pub retired: Option<DateTime<Utc>>,
    /// Public half.
    pub public: PublicMaterial,
    /// Throw-away.
    pub example: bool,
}

/// How strictly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Refuses example keys.
    Production,
    /// Takes them.
    Development,
}

/// Real or throw-away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VaultKind {
    /// Real.
    Real,
    /// Throw-away.
    Example,
}

/// Keys.
pub struct Vault(());

impl Vault {
    /// Makes a vault.
    pub fn create(
        _dir: &Path,
        _secret: &SecretString,
        _kind: VaultKind,
        _entropy: &dyn Entropy,
    ) -> Result<(), SigningError> {
        todo!()
    }
    /// Whether there is a vault.
    pub fn exists(_dir: &Path) -> bool {
        todo!()
    }
    /// Opens.
    pub fn open(_dir: &Path, _secret: &SecretString, _mode: Mode) -> Result<Self, SigningError> {
        todo!()
    }
    /// Derives.
    pub fn derive(&self, _purpose: &str) -> [u8; 32] {
        todo!()
    }
    /// Keys.
    pub fn keys(&self) -> Arc<KeySet> {
        todo!()
    }
    /// Refreshes.
    pub fn refresh(&self) -> Result<bool, SigningError> {
        todo!()
    }
    /// Generates.
    pub fn generate(
        &self,
        _issuer: &Slug,
        _algorithm: KeyAlgorithm,
        _clock: &dyn Clock,
        _entropy: &dyn Entropy,
    ) -> Result<KeyRecord, SigningError> {
        todo!()
    }
    /// Rotates.
    pub fn rotate(
        &self,
        _issuer: &Slug,
        _algorithm: KeyAlgorithm,
        _clock: &dyn Clock,
        _entropy: &dyn Entropy,
    ) -> Result<KeyRecord, SigningError> {
        todo!()
    }
    /// Retires.
    pub fn retire(
        &self,
        _key_id: &str,
        _clock: &dyn Clock,
        _entropy: &dyn Entropy,
    ) -> Result<KeyRecord, SigningError> {
        todo!()
    }
}

/// A key.
pub struct Key(());
impl Key {
    /// Record.
    pub fn record(&self) -> &KeyRecord {
        todo!()
    }
}

/// Keys.
pub struct KeySet(());
impl KeySet {
    /// Active.
    pub fn active(&self, _issuer: &Slug, _algorithm: KeyAlgorithm) -> Option<&Key> {
        todo!()
    }
    /// By id.
    pub fn by_id(&self, _id: &str) -> Option<&Key> {
        todo!()
    }
    /// Of issuer.
    pub fn of_issuer(&self, _issuer: &Slug) -> impl Iterator<Item = &Key> {
        std::iter::empty()
    }
    /// All.
    pub fn all(&self) -> impl Iterator<Item = &Key> {
        std::iter::empty()
    }
}

/// How an issuer is named in one form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// `issuer.id`.
    pub issuer_id: String,
    /// DID URL of the key.
    pub verification_method: String,
    /// The key's name in the vault.
    pub key_id: String,
}

/// How an issuer is named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// In Data Integrity.
    pub data_integrity: Named,
    /// In VC-JWT.
    pub jwt: Named,
}
impl Identity {
    /// With the keys that sign at present.
    pub fn of(_site: &Site, _issuer: &Slug, _keys: &KeySet) -> Result<Self, SigningError> {
        todo!()
    }
}

/// did.json.
pub fn controlled_document(_site: &Site, _issuer: &Slug, _keys: &KeySet) -> Value {
    todo!()
}
/// JWKS.
pub fn jwks(_site: &Site, _issuer: Option<&Slug>, _keys: &KeySet) -> Value {
    todo!()
}

/// The version.
pub const PROFILE_VERSION: &str = "1";

/// What is to be signed.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// The credential without proof; `issuer.id` as [`Identity::data_integrity`] says.
    pub credential: Value,
    /// The key.
    pub data_integrity_key: String,
    /// The key.
    pub jwt_key: String,
    /// When.
    pub created: DateTime<Utc>,
}

/// What must be stored before anything is signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Intent {
    /// JSON text.
    pub unsigned: String,
    /// The key.
    pub data_integrity_key: String,
    /// The key.
    pub jwt_key: String,
    /// `created` of the proof.
    pub created: DateTime<Utc>,
    /// [`PROFILE_VERSION`] when it was prepared.
    pub profile_version: String,
}

/// Checked, not stored.
pub struct Prepared(Intent);
impl Prepared {
    /// Checks a draft.
    pub fn new(_draft: Draft) -> Result<Self, SigningError> {
        todo!()
    }
    /// To be stored.
    pub fn intent(&self) -> &Intent {
        &self.0
    }
}

/// An intent read back from where it was stored.
pub trait StoredIntent {
    /// Unsigned.
    fn unsigned(&self) -> &str;
    /// Key.
    fn data_integrity_key(&self) -> &str;
    /// Key.
    fn jwt_key(&self) -> &str;
    /// When.
    fn created(&self) -> DateTime<Utc>;
    /// Version.
    fn profile_version(&self) -> &str;
}

/// Stored; may be signed.
pub struct Recorded(Intent);
impl Recorded {
    /// Of.
    pub fn of(_stored: &impl StoredIntent) -> Self {
        todo!()
    }
    /// Signs.
    pub fn sign(self, _keys: &KeySet, _site: &Site) -> Result<Signed, SigningError> {
        todo!()
    }
}

/// Signed and verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    /// JSON text.
    pub data_integrity: String,
    /// Compact JWS.
    pub vc_jwt: String,
}

/// Signs what is not an award.
pub fn sign_document(
    _document: &Value,
    _issuer: &Slug,
    _created: DateTime<Utc>,
    _keys: &KeySet,
    _site: &Site,
) -> Result<Signed, SigningError> {
    todo!()
}
