//! Systems that may call the service, and their API keys.
use chrono::{DateTime, Utc};
use model::id::Slug;
use serde_json::Value;

use crate::{Registry, RegistryError};

/// A client to be registered. It proves itself by `jwks` (`private_key_jwt`), by
/// a secret, or by API keys alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewClient {
    /// The `client_id`: 1 to 120 characters.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// The organisation it acts for; `None` for the Academy itself.
    pub provider: Option<Slug>,
    /// `provider`, `issuer`, `editor`, `registrar`, `revoker` or `auditor`.
    pub role: String,
    /// What it may do.
    pub scopes: Vec<String>,
    /// Its public keys, a JWK Set.
    pub jwks: Option<Value>,
    /// SHA-256 of its 256-bit secret.
    pub secret_hash: Option<[u8; 32]>,
}

/// A registered client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientRecord {
    /// The `client_id`.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// The organisation it acts for; `None` for the Academy itself.
    pub provider: Option<Slug>,
    /// Its role.
    pub role: String,
    /// What it may do.
    pub scopes: Vec<String>,
    /// Its public keys, a JWK Set.
    pub jwks: Option<Value>,
    /// SHA-256 of its secret.
    pub secret_hash: Option<[u8; 32]>,
    /// When it was registered.
    pub created: DateTime<Utc>,
    /// When it was shut out.
    pub disabled: Option<DateTime<Utc>>,
}

/// An API key to be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewApiKey {
    /// The public beginning of the key, by which it is found.
    pub prefix: String,
    /// SHA-256 of the 256-bit secret.
    pub hash: [u8; 32],
    /// The client it belongs to.
    pub client: String,
    /// What it may do: at most what the client may.
    pub scopes: Vec<String>,
    /// When it ends.
    pub expires: Option<DateTime<Utc>>,
}

/// A stored API key with its client. The caller compares the hash in constant
/// time and minds `expires`, `revoked` and the client's `disabled`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKeyRecord {
    /// The public beginning of the key.
    pub prefix: String,
    /// SHA-256 of the secret.
    pub hash: [u8; 32],
    /// The client.
    pub client: ClientRecord,
    /// What the key may do.
    pub scopes: Vec<String>,
    /// When it was made.
    pub created: DateTime<Utc>,
    /// When it ends.
    pub expires: Option<DateTime<Utc>>,
    /// When it was taken back.
    pub revoked: Option<DateTime<Utc>>,
}

impl Registry {
    /// Registers a client; `false`, and nothing changes, when the id is taken.
    pub fn create_client(&self, client: &NewClient, now: DateTime<Utc>) -> Result<bool, RegistryError> {
        let _ = (client, now);
        todo!()
    }

    /// A client, disabled or not.
    pub fn client(&self, id: &str) -> Result<Option<ClientRecord>, RegistryError> {
        let _ = id;
        todo!()
    }

    /// Every client, by id.
    pub fn clients(&self) -> Result<Vec<ClientRecord>, RegistryError> {
        todo!()
    }

    /// Shuts a client out, with all its keys and tokens; `false` when there is no such
    /// client or it was shut out before.
    pub fn disable_client(&self, id: &str, now: DateTime<Utc>) -> Result<bool, RegistryError> {
        let _ = (id, now);
        todo!()
    }

    /// Stores an API key; `false` when the prefix is taken.
    pub fn create_api_key(&self, key: &NewApiKey, now: DateTime<Utc>) -> Result<bool, RegistryError> {
        let _ = (key, now);
        todo!()
    }

    /// The API key with this prefix, in force or not.
    pub fn find_api_key(&self, prefix: &str) -> Result<Option<ApiKeyRecord>, RegistryError> {
        let _ = prefix;
        todo!()
    }

    /// Takes an API key back; `false` when there is none or it was taken back before.
    pub fn revoke_api_key(&self, prefix: &str, now: DateTime<Utc>) -> Result<bool, RegistryError> {
        let _ = (prefix, now);
        todo!()
    }
}
