//! Systems that registered themselves (RFC 7591).

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use crate::{
    Registry, RegistryError,
    client::{scopes, scopes_text},
    db::stored,
    error::parsed_json,
    schema::passport_clients,
};

/// A system to be registered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPassportClient<'a> {
    /// Its `client_id`.
    pub id: &'a str,
    /// Its secret.
    pub secret: &'a str,
    /// What people call it. It proves nothing.
    pub name: &'a str,
    /// Where it may have a browser sent to.
    pub redirect_uris: &'a [String],
    /// What it may ask for.
    pub scopes: &'a [String],
}

/// A system that registered itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PassportClient {
    /// Its `client_id`.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// Where it may have a browser sent to.
    pub redirect_uris: Vec<String>,
    /// What it may ask for.
    pub scopes: Vec<String>,
}

impl Registry {
    /// Registers a system.
    pub fn register_passport_client(
        &self,
        client: &NewPassportClient<'_>,
        now: DateTime<Utc>,
    ) -> Result<(), RegistryError> {
        let uris = serde_json::Value::from(client.redirect_uris).to_string();
        let row = (
            passport_clients::id.eq(client.id),
            passport_clients::secret_digest.eq(self.passport_secret(client.id, client.secret)),
            passport_clients::name.eq(client.name),
            passport_clients::redirect_uris.eq(uris),
            passport_clients::scopes.eq(scopes_text(client.scopes)),
            passport_clients::registered_at.eq(stored(now)),
        );
        self.write(|db| {
            diesel::insert_into(passport_clients::table).values(row).execute(db)?;
            Ok(())
        })
    }

    /// A system that registered itself.
    pub fn passport_client(&self, id: &str) -> Result<Option<PassportClient>, RegistryError> {
        self.find_passport_client(id, None)
    }

    /// The same, if `secret` is its own.
    pub fn passport_client_with(
        &self,
        id: &str,
        secret: &str,
    ) -> Result<Option<PassportClient>, RegistryError> {
        self.find_passport_client(id, Some(secret))
    }

    fn find_passport_client(
        &self,
        id: &str,
        secret: Option<&str>,
    ) -> Result<Option<PassportClient>, RegistryError> {
        // The digest is looked for with the id, so that nothing is compared here.
        let secret = secret.map(|secret| self.passport_secret(id, secret));
        let found: Option<(String, String, String)> = self.read(|db| {
            let mut query = passport_clients::table
                .filter(passport_clients::id.eq(id))
                .select((passport_clients::name, passport_clients::redirect_uris, passport_clients::scopes))
                .into_boxed();
            if let Some(secret) = secret {
                query = query.filter(passport_clients::secret_digest.eq(secret));
            }
            Ok(query.first(db).optional()?)
        })?;
        let read = |(name, uris, held): (String, String, String)| {
            let redirect_uris = parsed_json("passport_clients", id, &uris)?;
            Ok(PassportClient { id: id.to_owned(), name, redirect_uris, scopes: scopes(&held) })
        };
        found.map(read).transpose()
    }

    fn passport_secret(&self, id: &str, secret: &str) -> String {
        self.digests().text("passport client", &[id.as_bytes(), secret.as_bytes()])
    }
}
