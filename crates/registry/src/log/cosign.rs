//! What witnesses say of checkpoints. That a signature is a witness's, its caller
//! has checked.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use super::{sequence::signed, tables::log_cosignatures};
use crate::{
    Registry, RegistryError,
    db::{each, stored},
};

impl Registry {
    /// Keeps a witness's signature of the checkpoint of `size` entries, in the place
    /// of an earlier one by the same key.
    pub fn add_log_cosignature(
        &self,
        size: u64,
        witness: &str,
        key_id: u32,
        line: &str,
        now: DateTime<Utc>,
    ) -> Result<(), RegistryError> {
        let latest = (log_cosignatures::line.eq(line), log_cosignatures::received_at.eq(stored(now)));
        let key = (
            log_cosignatures::size.eq(signed(size)?),
            log_cosignatures::witness.eq(witness),
            log_cosignatures::key_id.eq(i64::from(key_id)),
        );
        self.write(|db| {
            each!(db, connection => diesel::insert_into(log_cosignatures::table)
                .values((key, latest))
                .on_conflict((log_cosignatures::size, log_cosignatures::witness, log_cosignatures::key_id))
                .do_update()
                .set(latest)
                .execute(connection))?;
            Ok(())
        })
    }
}
