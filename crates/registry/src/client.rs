//! Systems that may call the service, and their API keys.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use model::id::Slug;
use serde_json::Value;

use crate::{
    Registry, RegistryError,
    client_limits::{ClientLimits, LimitColumns},
    db::{Db, each, stored},
    error::{parsed, parsed_json},
    schema::{access_tokens, api_clients, api_keys, organisations},
};

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
    /// What it may do that others may do more or less of.
    pub limits: ClientLimits,
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
        let row = ClientRow {
            id: client.id.clone(),
            name: client.name.clone(),
            provider: client.provider.as_ref().map(ToString::to_string),
            role: client.role.clone(),
            scopes: scopes_text(&client.scopes),
            jwks: client.jwks.as_ref().map(ToString::to_string),
            secret_hash: client.secret_hash.map(hex::encode),
            created_at: stored(now),
            disabled_at: None,
            limits: LimitColumns::of(ClientLimits::default()),
        };
        self.write(|db| {
            if let Some(provider) = &row.provider {
                let known: i64 =
                    organisations::table.filter(organisations::slug.eq(provider)).count().get_result(db)?;
                if known == 0 {
                    return Err(RegistryError::Missing { what: "organisation", id: provider.clone() });
                }
            }
            let written = each!(db, connection => diesel::insert_into(api_clients::table)
                .values(&row)
                .on_conflict_do_nothing()
                .execute(connection))?;
            Ok(written == 1)
        })
    }

    /// A client, disabled or not.
    pub fn client(&self, id: &str) -> Result<Option<ClientRecord>, RegistryError> {
        let row: Option<ClientRow> = self.read(|db| {
            Ok(api_clients::table.find(id).select(ClientRow::as_select()).first(db).optional()?)
        })?;
        row.map(ClientRow::read).transpose()
    }

    /// Every client, by id.
    pub fn clients(&self) -> Result<Vec<ClientRecord>, RegistryError> {
        let rows: Vec<ClientRow> = self.read(|db| {
            Ok(api_clients::table.order(api_clients::id).select(ClientRow::as_select()).load(db)?)
        })?;
        rows.into_iter().map(ClientRow::read).collect()
    }

    /// Shuts a client out, with all its keys and tokens; `false` when there is no such
    /// client or it was shut out before.
    pub fn disable_client(&self, id: &str, now: DateTime<Utc>) -> Result<bool, RegistryError> {
        self.write(|db| {
            let enabled =
                api_clients::table.filter(api_clients::id.eq(id).and(api_clients::disabled_at.is_null()));
            let disabled =
                diesel::update(enabled).set(api_clients::disabled_at.eq(stored(now))).execute(db)? == 1;
            let keys = api_keys::table.filter(api_keys::client.eq(id).and(api_keys::revoked_at.is_null()));
            diesel::update(keys).set(api_keys::revoked_at.eq(stored(now))).execute(db)?;
            diesel::delete(access_tokens::table.filter(access_tokens::client.eq(id))).execute(db)?;
            Ok(disabled)
        })
    }

    /// Stores an API key; `false` when the prefix is taken.
    pub fn create_api_key(&self, key: &NewApiKey, now: DateTime<Utc>) -> Result<bool, RegistryError> {
        let row = (
            api_keys::prefix.eq(&key.prefix),
            api_keys::hash.eq(hex::encode(key.hash)),
            api_keys::client.eq(&key.client),
            api_keys::scopes.eq(scopes_text(&key.scopes)),
            api_keys::created_at.eq(stored(now)),
            api_keys::expires_at.eq(key.expires.map(stored)),
        );
        self.write(|db| {
            must_exist(db, &key.client)?;
            let written = each!(db, connection => diesel::insert_into(api_keys::table)
                .values(row)
                .on_conflict_do_nothing()
                .execute(connection))?;
            Ok(written == 1)
        })
    }

    /// The API key with this prefix, in force or not.
    pub fn find_api_key(&self, prefix: &str) -> Result<Option<ApiKeyRecord>, RegistryError> {
        Ok(self.find_api_keys(&[prefix.to_owned()])?.remove(prefix))
    }

    /// The API keys with these prefixes, in force or not; none where there is none.
    pub fn find_api_keys(&self, prefixes: &[String]) -> Result<HashMap<String, ApiKeyRecord>, RegistryError> {
        let columns = || {
            api_keys::table
                .inner_join(api_clients::table)
                .select((KeyRow::as_select(), ClientRow::as_select()))
        };
        let found: Vec<(KeyRow, ClientRow)> = self.read(|db| {
            Ok(match prefixes {
                // As most often; and this statement is kept on SQLite too.
                [prefix] => columns().filter(api_keys::prefix.eq(prefix)).load(db)?,
                many => columns().filter(api_keys::prefix.eq_any(many)).load(db)?,
            })
        })?;
        let record = |(key, client): (KeyRow, ClientRow)| {
            let record = ApiKeyRecord {
                hash: digest("api_keys", &key.prefix, &key.hash)?,
                client: client.read()?,
                scopes: scopes(&key.scopes),
                created: key.created_at.and_utc(),
                expires: key.expires_at.map(|at| at.and_utc()),
                revoked: key.revoked_at.map(|at| at.and_utc()),
                prefix: key.prefix.clone(),
            };
            Ok((key.prefix, record))
        };
        found.into_iter().map(record).collect()
    }

    /// Takes an API key back; `false` when there is none or it was taken back before.
    pub fn revoke_api_key(&self, prefix: &str, now: DateTime<Utc>) -> Result<bool, RegistryError> {
        self.write(|db| {
            let key = api_keys::table.filter(api_keys::prefix.eq(prefix).and(api_keys::revoked_at.is_null()));
            Ok(diesel::update(key).set(api_keys::revoked_at.eq(stored(now))).execute(db)? == 1)
        })
    }
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = api_clients)]
struct ClientRow {
    id: String,
    name: String,
    provider: Option<String>,
    role: String,
    scopes: String,
    jwks: Option<String>,
    secret_hash: Option<String>,
    created_at: NaiveDateTime,
    disabled_at: Option<NaiveDateTime>,
    #[diesel(embed)]
    limits: LimitColumns,
}

impl ClientRow {
    fn read(self) -> Result<ClientRecord, RegistryError> {
        let id = self.id;
        Ok(ClientRecord {
            name: self.name,
            provider: self.provider.map(|slug| parsed("api_clients", &id, &slug)).transpose()?,
            role: self.role,
            scopes: scopes(&self.scopes),
            jwks: self.jwks.map(|text| parsed_json("api_clients", &id, &text)).transpose()?,
            secret_hash: self.secret_hash.map(|text| digest("api_clients", &id, &text)).transpose()?,
            created: self.created_at.and_utc(),
            disabled: self.disabled_at.map(|at| at.and_utc()),
            limits: self.limits.read(),
            id,
        })
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = api_keys)]
struct KeyRow {
    prefix: String,
    hash: String,
    scopes: String,
    created_at: NaiveDateTime,
    expires_at: Option<NaiveDateTime>,
    revoked_at: Option<NaiveDateTime>,
}

/// Refuses a client that is not registered.
pub(crate) fn must_exist(db: &mut Db, client: &str) -> Result<(), RegistryError> {
    let known: i64 = api_clients::table.filter(api_clients::id.eq(client)).count().get_result(db)?;
    if known == 0 {
        return Err(RegistryError::Missing { what: "client", id: client.to_owned() });
    }
    Ok(())
}

/// Scopes as OAuth writes them: separated by spaces (RFC 6749, section 3.3).
pub(crate) fn scopes_text(scopes: &[String]) -> String {
    scopes.join(" ")
}

/// Reads what [`scopes_text`] wrote.
pub(crate) fn scopes(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

/// A SHA-256 as it is stored: hexadecimal.
pub(crate) fn digest(table: &'static str, id: &str, text: &str) -> Result<[u8; 32], RegistryError> {
    let mut bytes = [0; 32];
    hex::decode_to_slice(text, &mut bytes).map_err(|error| RegistryError::corrupt(table, id, error))?;
    Ok(bytes)
}
