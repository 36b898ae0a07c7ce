//! What the registry stored, as `signing` wants to see it: the bridge that
//! makes "nothing is signed before its intent is stored" hold by type.

use chrono::{DateTime, Utc};
use registry::Pending;
use signing::StoredIntent;

pub(crate) struct Stored<'a>(pub &'a Pending);

impl StoredIntent for Stored<'_> {
    fn unsigned(&self) -> &str {
        self.0.unsigned()
    }

    fn data_integrity_key(&self) -> &str {
        self.0.data_integrity_key()
    }

    fn jwt_key(&self) -> &str {
        self.0.jwt_key()
    }

    fn created(&self) -> DateTime<Utc> {
        self.0.created()
    }

    fn profile_version(&self) -> &str {
        self.0.profile_version()
    }

    fn disclosure_seed(&self) -> Option<&str> {
        self.0.disclosure_seed()
    }
}
