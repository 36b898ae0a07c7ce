//! That a learner lets another system act: from the code that the learner is given to tokens.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use model::id::{ConnectionId, LearnerId};

use crate::{
    Registry, RegistryError,
    client::{scopes, scopes_text},
    db::stored,
    erasure,
    error::parsed,
    schema::{passport_clients, passport_grants},
};

/// A code for a learner, to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Connection<'a> {
    /// The connection.
    pub id: ConnectionId,
    /// The learner.
    pub learner: LearnerId,
    /// The client that made it.
    pub by: &'a str,
    /// The code.
    pub code: &'a str,
    /// Until when it can be used.
    pub expires: DateTime<Utc>,
}

/// Tokens to be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PassportTokens<'a> {
    /// The access token, and when it ends.
    pub access: (&'a str, DateTime<Utc>),
    /// The refresh token, and when it ends.
    pub refresh: (&'a str, DateTime<Utc>),
}

/// What an access token stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PassportGrant {
    /// The learner.
    pub learner: LearnerId,
    /// The system that acts.
    pub client: String,
    /// What it may do.
    pub scopes: Vec<String>,
}

impl Registry {
    /// Keeps a code by which a learner may let a system act. An error
    /// ([`RegistryError::Erased`]) if the learner was erased, [`RegistryError::Missing`] if
    /// there is none such.
    pub fn begin_connection(
        &self,
        connection: &Connection<'_>,
        now: DateTime<Utc>,
    ) -> Result<(), RegistryError> {
        let learner = connection.learner.to_string();
        let row = (
            passport_grants::id.eq(connection.id.to_string()),
            passport_grants::learner_id.eq(&learner),
            passport_grants::made_by.eq(connection.by),
            passport_grants::made_at.eq(stored(now)),
            passport_grants::connection_digest.eq(self.passport_digest("connection", connection.code)),
            passport_grants::connection_expires_at.eq(stored(connection.expires)),
        );
        self.write(|db| {
            erasure::refuse(db, &learner)?;
            diesel::insert_into(passport_grants::table).values(row).execute(db)?;
            Ok(())
        })
    }

    /// Lets `client` act for whom a connection's code was given to, with `scopes`: from now
    /// on `code` stands for it, for whoever names `bound_to` again. `false` when there is no
    /// such connection, or it was used or has ended.
    pub fn authorise_connection(
        &self,
        connection: &str,
        (client, granted): (&str, &[String]),
        (code, bound_to): (&str, &[&str]),
        expires: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<bool, RegistryError> {
        let open = passport_grants::table
            .filter(passport_grants::connection_digest.eq(self.passport_digest("connection", connection)))
            .filter(passport_grants::connection_expires_at.ge(stored(now)))
            .filter(passport_grants::client_id.is_null());
        let values = (
            passport_grants::client_id.eq(client),
            passport_grants::scopes.eq(scopes_text(granted)),
            passport_grants::code_digest.eq(self.passport_digest("code", code)),
            passport_grants::code_expires_at.eq(stored(expires)),
            passport_grants::bound_digest.eq(self.passport_bound(bound_to)),
        );
        self.write(|db| Ok(diesel::update(open).set(values).execute(db)? == 1))
    }

    /// Exchanges a code for tokens, once; gives the scopes. A second time it is refused, and
    /// the tokens that it gave are taken back (RFC 6749, 4.1.2).
    pub fn exchange_connection(
        &self,
        client: &str,
        code: &str,
        bound_to: &[&str],
        tokens: PassportTokens<'_>,
        now: DateTime<Utc>,
    ) -> Result<Option<Vec<String>>, RegistryError> {
        let (digest, bound) = (self.passport_digest("code", code), self.passport_bound(bound_to));
        self.write(|db| {
            let by_code = passport_grants::table
                .filter(passport_grants::code_digest.eq(&digest))
                .filter(passport_grants::client_id.eq(client));
            let used = by_code.filter(passport_grants::access_digest.is_not_null());
            if diesel::update(used).set(passport_grants::revoked_at.eq(stored(now))).execute(db)? > 0 {
                return Ok(None);
            }
            let fresh = by_code
                .filter(passport_grants::bound_digest.eq(&bound))
                .filter(passport_grants::code_expires_at.ge(stored(now)))
                .filter(passport_grants::revoked_at.is_null());
            if diesel::update(fresh).set(self.token_values(tokens)).execute(db)? == 0 {
                return Ok(None);
            }
            diesel::update(passport_clients::table.find(client))
                .set(passport_clients::used_at.eq(stored(now)))
                .execute(db)?;
            let granted: Option<String> = by_code.select(passport_grants::scopes).first(db)?;
            Ok(Some(scopes(&granted.unwrap_or_default())))
        })
    }

    /// Exchanges a refresh token for new tokens; it is good no more. Gives the scopes.
    pub fn refresh_connection(
        &self,
        client: &str,
        refresh: &str,
        tokens: PassportTokens<'_>,
        now: DateTime<Utc>,
    ) -> Result<Option<Vec<String>>, RegistryError> {
        let digest = self.passport_digest("token", refresh);
        self.write(|db| {
            let held = passport_grants::table
                .filter(passport_grants::refresh_digest.eq(&digest))
                .filter(passport_grants::client_id.eq(client))
                .filter(passport_grants::refresh_expires_at.ge(stored(now)))
                .filter(passport_grants::revoked_at.is_null());
            let found: Option<(String, Option<String>)> =
                held.select((passport_grants::id, passport_grants::scopes)).first(db).optional()?;
            let Some((id, granted)) = found else { return Ok(None) };
            let held = passport_grants::table.find(id).filter(passport_grants::refresh_digest.eq(&digest));
            let renewed = diesel::update(held).set(self.token_values(tokens)).execute(db)?;
            Ok((renewed == 1).then(|| scopes(&granted.unwrap_or_default())))
        })
    }

    /// Takes back the connection behind an access or refresh token of that system.
    pub fn revoke_connection(
        &self,
        client: &str,
        token: &str,
        now: DateTime<Utc>,
    ) -> Result<(), RegistryError> {
        let digest = self.passport_digest("token", token);
        self.write(|db| {
            let held = passport_grants::table
                .filter(passport_grants::client_id.eq(client))
                .filter(
                    passport_grants::access_digest
                        .eq(&digest)
                        .or(passport_grants::refresh_digest.eq(&digest)),
                )
                .filter(passport_grants::revoked_at.is_null());
            diesel::update(held).set(passport_grants::revoked_at.eq(stored(now))).execute(db)?;
            Ok(())
        })
    }

    /// What an access token stands for, as long as it does.
    pub fn passport_grant(
        &self,
        access: &str,
        now: DateTime<Utc>,
    ) -> Result<Option<PassportGrant>, RegistryError> {
        let digest = self.passport_digest("token", access);
        let found: Option<(String, Option<String>, Option<String>)> = self.read(|db| {
            Ok(passport_grants::table
                .filter(passport_grants::access_digest.eq(digest))
                .filter(passport_grants::access_expires_at.gt(stored(now)))
                .filter(passport_grants::revoked_at.is_null())
                .select((passport_grants::learner_id, passport_grants::client_id, passport_grants::scopes))
                .first(db)
                .optional()?)
        })?;
        let read = |(learner, client, granted): (String, Option<String>, Option<String>)| {
            Ok(PassportGrant {
                learner: parsed("passport_grants", &learner, &learner)?,
                client: client.unwrap_or_default(),
                scopes: scopes(&granted.unwrap_or_default()),
            })
        };
        found.map(read).transpose()
    }

    #[expect(clippy::type_complexity, reason = "diesel names what is set by its columns")]
    fn token_values(
        &self,
        tokens: PassportTokens<'_>,
    ) -> (
        diesel::dsl::Eq<passport_grants::access_digest, String>,
        diesel::dsl::Eq<passport_grants::access_expires_at, NaiveDateTime>,
        diesel::dsl::Eq<passport_grants::refresh_digest, String>,
        diesel::dsl::Eq<passport_grants::refresh_expires_at, NaiveDateTime>,
    ) {
        (
            passport_grants::access_digest.eq(self.passport_digest("token", tokens.access.0)),
            passport_grants::access_expires_at.eq(stored(tokens.access.1)),
            passport_grants::refresh_digest.eq(self.passport_digest("token", tokens.refresh.0)),
            passport_grants::refresh_expires_at.eq(stored(tokens.refresh.1)),
        )
    }

    fn passport_digest(&self, what: &str, text: &str) -> String {
        self.digests().text("passport", &[what.as_bytes(), text.as_bytes()])
    }

    fn passport_bound(&self, bound_to: &[&str]) -> String {
        let parts: Vec<&[u8]> = bound_to.iter().map(|part| part.as_bytes()).collect();
        self.digests().text("passport bound", &parts)
    }
}
