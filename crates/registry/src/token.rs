//! Access tokens, and client assertions that were used.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use model::id::Slug;

use crate::{
    Registry, RegistryError,
    client::{must_exist, scopes, scopes_text},
    client_limits::{ClientLimits, LimitColumns},
    db::{each, stored},
    error::parsed,
    passport,
    schema::{access_tokens, api_clients, used_assertions},
    wallet, watch,
};

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
    /// What the client may do that others may do more or less of.
    pub limits: ClientLimits,
}

impl Registry {
    /// Stores a token.
    pub fn store_token(&self, token: &NewToken, now: DateTime<Utc>) -> Result<(), RegistryError> {
        self.write(|db| {
            must_exist(db, &token.client)?;
            let row = (
                access_tokens::hash.eq(hex::encode(token.hash)),
                access_tokens::client.eq(&token.client),
                access_tokens::scopes.eq(scopes_text(&token.scopes)),
                access_tokens::created_at.eq(stored(now)),
                access_tokens::expires_at.eq(stored(token.expires)),
            );
            diesel::insert_into(access_tokens::table).values(row).execute(db)?;
            Ok(())
        })
    }

    /// The token with this SHA-256, ended or not.
    pub fn token(&self, hash: &[u8; 32]) -> Result<Option<TokenRecord>, RegistryError> {
        let found: Option<TokenColumns> = self.read(|db| {
            Ok(access_tokens::table
                .inner_join(api_clients::table)
                .filter(access_tokens::hash.eq(hex::encode(hash)))
                .select((
                    api_clients::id,
                    api_clients::provider,
                    api_clients::role,
                    access_tokens::scopes,
                    access_tokens::expires_at,
                    api_clients::disabled_at,
                    LimitColumns::as_select(),
                ))
                .first(db)
                .optional()?)
        })?;
        let record = |(client, provider, role, granted, expires, disabled, limits): TokenColumns| {
            Ok(TokenRecord {
                provider: provider.map(|slug| parsed("api_clients", &client, &slug)).transpose()?,
                client,
                role,
                scopes: scopes(&granted),
                expires: expires.and_utc(),
                disabled: disabled.map(|at| at.and_utc()),
                limits: limits.read(),
            })
        };
        found.map(record).transpose()
    }

    /// Notes that a client used the assertion `jti`, which ends at `expires`;
    /// `false` when it had used it before (RFC 7523, section 3, point 7).
    pub fn use_jti(&self, client: &str, jti: &str, expires: DateTime<Utc>) -> Result<bool, RegistryError> {
        let row = (
            used_assertions::client.eq(client),
            used_assertions::jti_digest.eq(self.digests().text("jti", &[jti.as_bytes()])),
            used_assertions::expires_at.eq(stored(expires)),
        );
        self.write(|db| {
            let written = each!(db, connection => diesel::insert_into(used_assertions::table)
                .values(row)
                .on_conflict_do_nothing()
                .execute(connection))?;
            Ok(written == 1)
        })
    }

    /// Forgets tokens and assertions that ended before `now`, and what wallets left; gives
    /// their number.
    pub fn expire(&self, now: DateTime<Utc>) -> Result<usize, RegistryError> {
        self.write(|db| {
            let tokens = access_tokens::table.filter(access_tokens::expires_at.lt(stored(now)));
            let assertions = used_assertions::table.filter(used_assertions::expires_at.lt(stored(now)));
            let ended = diesel::delete(tokens).execute(db)? + diesel::delete(assertions).execute(db)?;
            Ok(ended + wallet::sweep(db, now)? + passport::sweep(db, now)? + watch::sweep(db, now)?)
        })
    }
}

/// Client, provider, role, scopes, end of the token, when the client was shut out, and its limits.
type TokenColumns =
    (String, Option<String>, String, String, NaiveDateTime, Option<NaiveDateTime>, LimitColumns);
