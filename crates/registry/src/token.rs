//! Access tokens, and client assertions that were used.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use model::id::Slug;

use crate::{
    Registry, RegistryError,
    client::{digest, must_exist, scopes, scopes_text},
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

    /// The tokens with these SHA-256, ended or not; none where there is none.
    pub fn tokens(&self, hashes: &[[u8; 32]]) -> Result<HashMap<[u8; 32], TokenRecord>, RegistryError> {
        let columns = || {
            access_tokens::table.inner_join(api_clients::table).select((
                access_tokens::hash,
                api_clients::id,
                api_clients::provider,
                api_clients::role,
                access_tokens::scopes,
                access_tokens::expires_at,
                api_clients::disabled_at,
                LimitColumns::as_select(),
            ))
        };
        let found: Vec<TokenColumns> = self.read(|db| {
            Ok(match hashes {
                // As most often; and this statement is kept on SQLite too.
                [hash] => columns().filter(access_tokens::hash.eq(hex::encode(hash))).load(db)?,
                many => {
                    columns().filter(access_tokens::hash.eq_any(many.iter().map(hex::encode))).load(db)?
                }
            })
        })?;
        let record = |(hash, client, provider, role, granted, expires, disabled, limits): TokenColumns| {
            let record = TokenRecord {
                provider: provider.map(|slug| parsed("api_clients", &client, &slug)).transpose()?,
                client,
                role,
                scopes: scopes(&granted),
                expires: expires.and_utc(),
                disabled: disabled.map(|at| at.and_utc()),
                limits: limits.read(),
            };
            Ok((digest("access_tokens", &record.client, &hash)?, record))
        };
        found.into_iter().map(record).collect()
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

/// Hash, client, provider, role, scopes, end of the token, when the client was shut out, and its limits.
type TokenColumns =
    (String, String, Option<String>, String, String, NaiveDateTime, Option<NaiveDateTime>, LimitColumns);
