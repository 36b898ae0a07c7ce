//! What is in a passport: the badges that were issued here, and those of others.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use model::{
    chance::Entropy,
    id::{CredentialId, LearnerId, PassportCredentialId},
};

use crate::{
    Registry, RegistryError,
    db::stored,
    error::parsed,
    schema::{awards, credentials, passport_credentials},
    sealing::{self, PASSPORT},
};

/// One credential, without its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PassportEntry {
    /// Issued here.
    Own(CredentialId),
    /// Another's.
    Received(PassportCredentialId),
}

/// Another's credential as it was received: JSON, or a compact JWS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received<'a> {
    /// Its issuer's `id`.
    pub issuer: &'a str,
    /// Its `id`.
    pub id: &'a str,
    /// The credential, as text.
    pub body: &'a str,
    /// Whether it is a compact JWS.
    pub is_token: bool,
    /// `validFrom`: of two with one name the later wins.
    pub valid_from: DateTime<Utc>,
}

/// What became of a credential that was put into a passport.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Upserted {
    /// It is new.
    Created,
    /// It took the place of an earlier one, or is the same again.
    Replaced,
    /// A later one is there, which stays.
    Older,
}

/// Ids, and when each came.
type Rows = Vec<(String, NaiveDateTime)>;

impl Registry {
    /// What is in a learner's passport, since a moment if one is given: the order is that in
    /// which it came.
    pub fn passport_entries(
        &self,
        learner: LearnerId,
        since: Option<DateTime<Utc>>,
    ) -> Result<Vec<PassportEntry>, RegistryError> {
        let learner = learner.to_string();
        let since = since.map_or(NaiveDateTime::MIN, stored);
        let (own, received): (Rows, Rows) = self.snapshot(|db| {
            let own = credentials::table
                .inner_join(awards::table)
                .filter(awards::learner_id.eq(&learner).and(credentials::issued_at.is_not_null()))
                .order((credentials::issued_at, credentials::id))
                .select((credentials::id, credentials::issued_at.assume_not_null()))
                .load(db)?;
            let received = passport_credentials::table
                .filter(passport_credentials::learner_id.eq(&learner))
                .order((passport_credentials::received_at, passport_credentials::id))
                .select((passport_credentials::id, passport_credentials::received_at))
                .load(db)?;
            Ok((own, received))
        })?;
        let mut entries = Vec::with_capacity(own.len() + received.len());
        for (id, at) in own.iter().filter(|(_, at)| *at > since) {
            entries.push((*at, PassportEntry::Own(parsed("credentials", id, id)?)));
        }
        for (id, at) in received.iter().filter(|(_, at)| *at > since) {
            entries.push((*at, PassportEntry::Received(parsed("passport_credentials", id, id)?)));
        }
        entries.sort_by_key(|(at, _)| *at);
        Ok(entries.into_iter().map(|(_, entry)| entry).collect())
    }

    /// Another's credential in a learner's passport, and whether it is a compact JWS.
    pub fn received_credential(
        &self,
        learner: LearnerId,
        id: PassportCredentialId,
    ) -> Result<Option<(String, bool)>, RegistryError> {
        let (learner, id) = (learner.to_string(), id.to_string());
        self.read(|db| {
            let found: Option<(String, bool)> = passport_credentials::table
                .find(&id)
                .filter(passport_credentials::learner_id.eq(&learner))
                .select((passport_credentials::body, passport_credentials::is_token))
                .first(db)
                .optional()?;
            let Some((body, is_token)) = found else { return Ok(None) };
            let key = sealing::of(db, self.wrapping(), &learner)?;
            Ok(Some((sealing::read(Some(&key), PASSPORT, &id, &body)?.into_owned(), is_token)))
        })
    }

    /// Puts another's credential into a learner's passport. One with the same issuer and id
    /// takes the place of an earlier one (Open Badges 3.0, 6.2.2).
    pub fn receive_credential(
        &self,
        learner: LearnerId,
        received: &Received<'_>,
        now: DateTime<Utc>,
        entropy: &dyn Entropy,
    ) -> Result<Upserted, RegistryError> {
        let learner = learner.to_string();
        let parts = [learner.as_bytes(), received.issuer.as_bytes(), received.id.as_bytes()];
        let name = self.digests().text("passport credential", &parts);
        let fresh = PassportCredentialId::random(entropy).to_string();
        self.write(|db| {
            let key = sealing::of(db, self.wrapping(), &learner)?;
            let held: Option<(String, NaiveDateTime)> = passport_credentials::table
                .filter(passport_credentials::name_digest.eq(&name))
                .select((passport_credentials::id, passport_credentials::valid_from))
                .first(db)
                .optional()?;
            match held {
                Some((_, valid_from)) if valid_from > stored(received.valid_from) => Ok(Upserted::Older),
                Some((id, _)) => {
                    let body = key.seal(PASSPORT, &id, received.body, entropy)?;
                    diesel::update(passport_credentials::table.find(&id))
                        .set((
                            passport_credentials::body.eq(body),
                            passport_credentials::is_token.eq(received.is_token),
                            passport_credentials::valid_from.eq(stored(received.valid_from)),
                            passport_credentials::received_at.eq(stored(now)),
                        ))
                        .execute(db)?;
                    Ok(Upserted::Replaced)
                }
                None => {
                    let row = (
                        passport_credentials::id.eq(&fresh),
                        passport_credentials::learner_id.eq(&learner),
                        passport_credentials::name_digest.eq(&name),
                        passport_credentials::body.eq(key.seal(PASSPORT, &fresh, received.body, entropy)?),
                        passport_credentials::is_token.eq(received.is_token),
                        passport_credentials::valid_from.eq(stored(received.valid_from)),
                        passport_credentials::received_at.eq(stored(now)),
                    );
                    diesel::insert_into(passport_credentials::table).values(row).execute(db)?;
                    Ok(Upserted::Created)
                }
            }
        })
    }
}
