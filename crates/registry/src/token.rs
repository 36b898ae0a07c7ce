//! Access tokens, and client assertions that were used.
use chrono::{DateTime, Utc};
use model::id::Slug;

use crate::{Registry, RegistryError};

/// An access token to be stored: its hash alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewToken {
    /// SHA-256 of the token.
    pub hash: [u8; 32],
    /// The client it was given to.
    pub client: String,
    /// What it may do.
    pub scopes: Vec<String>,
    /// When it ends.
    pub expires: DateTime<Utc>,
}

/// What an access token stands for. The caller minds `expires` and `disabled`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenRecord {
    /// The client.
    pub client: String,
    /// The organisation the client acts for.
    pub provider: Option<Slug>,
    /// The client's role.
    pub role: String,
    /// What the token may do.
    pub scopes: Vec<String>,
    /// When it ends.
    pub expires: DateTime<Utc>,
    /// When the client was shut out.
    pub disabled: Option<DateTime<Utc>>,
}

impl Registry {
    /// Stores a token.
    pub fn store_token(&self, token: &NewToken, now: DateTime<Utc>) -> Result<(), RegistryError> {
        let _ = (token, now);
        todo!()
    }

    /// The token with this SHA-256, ended or not.
    pub fn token(&self, hash: &[u8; 32]) -> Result<Option<TokenRecord>, RegistryError> {
        let _ = hash;
        todo!()
    }

    /// Notes that a client used the assertion `jti`, which ends at `expires`;
    /// `false` when it had used it before (RFC 7523, section 3, point 7).
    pub fn use_jti(&self, client: &str, jti: &str, expires: DateTime<Utc>) -> Result<bool, RegistryError> {
        let _ = (client, jti, expires);
        todo!()
    }

    /// Forgets tokens and assertions that ended before `now`; gives their number.
    pub fn expire(&self, now: DateTime<Utc>) -> Result<usize, RegistryError> {
        let _ = now;
        todo!()
    }
}
