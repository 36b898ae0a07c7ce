//! What a learner says of themselves to other systems.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use model::{chance::Entropy, id::LearnerId};

use crate::{
    Registry, RegistryError,
    db::{each, stored},
    schema::passport_profiles,
    sealing::{self, PROFILE},
};

impl Registry {
    /// A learner's profile, JSON text, if one was ever written.
    pub fn passport_profile(&self, learner: LearnerId) -> Result<Option<String>, RegistryError> {
        let learner = learner.to_string();
        self.read(|db| {
            let body: Option<String> = passport_profiles::table
                .find(&learner)
                .select(passport_profiles::body)
                .first(db)
                .optional()?;
            let Some(body) = body else { return Ok(None) };
            let key = sealing::of(db, self.wrapping(), &learner)?;
            Ok(Some(sealing::read(Some(&key), PROFILE, &learner, &body)?.into_owned()))
        })
    }

    /// Writes a learner's profile.
    pub fn write_passport_profile(
        &self,
        learner: LearnerId,
        body: &str,
        now: DateTime<Utc>,
        entropy: &dyn Entropy,
    ) -> Result<(), RegistryError> {
        let learner = learner.to_string();
        self.write(|db| {
            let key = sealing::of(db, self.wrapping(), &learner)?;
            let body = key.seal(PROFILE, &learner, body, entropy)?;
            let values = (passport_profiles::body.eq(&body), passport_profiles::updated_at.eq(stored(now)));
            let updated = diesel::update(passport_profiles::table.find(&learner)).set(values).execute(db)?;
            if updated == 0 {
                let row = (passport_profiles::learner_id.eq(&learner), values);
                each!(db, connection => diesel::insert_into(passport_profiles::table)
                    .values(row)
                    .execute(connection))?;
            }
            Ok(())
        })
    }
}
