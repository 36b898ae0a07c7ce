//! A learner's passport as other systems see it (the service API of Open Badges 3.0): which
//! systems the learner lets act, what those bring, and what the learner says of themselves;
//! and as a staff passport sees it: consents, core skills, and who read or sent them.

mod access;
mod claim;
mod client;
mod consent;
mod contents;
mod grant;
mod host;
mod profile;

pub use access::{AccessRecord, CoreSkillsRequest, Granted, Reach};
pub use claim::{ClaimKept, ClaimRecord};
pub use client::{NewPassportClient, PassportClient};
pub use consent::ConsentRecord;
pub use contents::{PassportEntry, Received, Upserted};
pub use grant::{Connection, PassportGrant, PassportTokens};
pub use host::{NewPassportHost, PassportHost};

use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;
use serde::Serialize;

use crate::{
    RegistryError,
    db::{Db, stored},
    schema::{
        passport_accesses, passport_claims, passport_clients, passport_consents, passport_credentials,
        passport_grants, passport_hosts, passport_profiles,
    },
};

/// How long an attempt that named nobody is kept.
const NOBODY: TimeDelta = TimeDelta::days(90);

/// How long a registration that nobody used is kept, and a connection that is over.
const STAYS: TimeDelta = TimeDelta::days(30);

/// Deletes everything of a learner's passport.
pub(crate) fn forget(db: &mut Db, learner: &str) -> Result<(), RegistryError> {
    diesel::delete(passport_grants::table.filter(passport_grants::learner_id.eq(learner))).execute(db)?;
    diesel::delete(passport_credentials::table.filter(passport_credentials::learner_id.eq(learner)))
        .execute(db)?;
    diesel::delete(passport_profiles::table.find(learner)).execute(db)?;
    diesel::delete(passport_hosts::table.filter(passport_hosts::learner_id.eq(learner))).execute(db)?;
    Ok(())
}

/// Deletes consents, accesses and what was sent, which the database lets go only of whose
/// erasure is recorded.
pub(crate) fn forget_erased(db: &mut Db, learner: &str) -> Result<(), RegistryError> {
    diesel::delete(passport_accesses::table.filter(passport_accesses::learner_id.eq(learner))).execute(db)?;
    diesel::delete(passport_consents::table.filter(passport_consents::learner_id.eq(learner))).execute(db)?;
    diesel::delete(passport_claims::table.filter(passport_claims::learner_id.eq(learner))).execute(db)?;
    Ok(())
}

/// Deletes connections that are over, registrations that nobody used, and hosts at which no
/// learner gave leave; gives their number.
pub(crate) fn sweep(db: &mut Db, now: DateTime<Utc>) -> Result<usize, RegistryError> {
    let long_ago = stored(now - STAYS);
    let unused = passport_grants::table
        .filter(passport_grants::refresh_expires_at.is_null())
        .filter(passport_grants::connection_expires_at.lt(long_ago));
    let ended = passport_grants::table.filter(passport_grants::refresh_expires_at.lt(long_ago));
    let grants = diesel::delete(unused).execute(db)? + diesel::delete(ended).execute(db)?;
    let clients = passport_clients::table
        .filter(passport_clients::used_at.is_null())
        .filter(passport_clients::registered_at.lt(long_ago));
    let hosts = passport_hosts::table.filter(passport_hosts::state_expires_at.lt(stored(now)));
    let nobody = passport_accesses::table
        .filter(passport_accesses::learner_id.is_null())
        .filter(passport_accesses::at.lt(stored(now - NOBODY)));
    let registrations = diesel::delete(clients).execute(db)? + diesel::delete(hosts).execute(db)?;
    Ok(grants + registrations + diesel::delete(nobody).execute(db)?)
}

fn json<T: Serialize>(table: &'static str, value: &T) -> Result<String, RegistryError> {
    serde_json::to_string(value).map_err(|error| RegistryError::corrupt(table, "new", error))
}
