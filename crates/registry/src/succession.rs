//! Later awards that supersede earlier ones (Future Vision, 7.16).

use diesel::prelude::*;
use model::id::{AwardId, CredentialId, Slug};

use crate::{
    Registry, RegistryError,
    error::parsed,
    schema::{award_successions, awards, credentials},
};

/// The later award.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Successor {
    /// The award.
    pub award_id: AwardId,
    /// Its credential.
    pub credential_id: CredentialId,
    /// What it awards.
    pub achievement: Slug,
}

impl Registry {
    /// The award that supersedes an earlier one, if there is one whose credential
    /// stands.
    pub fn successor(&self, award: AwardId) -> Result<Option<Successor>, RegistryError> {
        let found: Option<(String, String, String)> = self.read(|db| {
            Ok(award_successions::table
                .inner_join(awards::table.on(awards::id.eq(award_successions::successor_id)))
                .inner_join(credentials::table.on(credentials::award_id.eq(award_successions::successor_id)))
                .filter(award_successions::award_id.eq(award.to_string()))
                .filter(credentials::issued_at.is_not_null().and(credentials::revoked_at.is_null()))
                .order(credentials::issue.desc())
                .select((awards::id, credentials::id, awards::achievement))
                .first(db)
                .optional()?)
        })?;
        found
            .map(|(award, credential, achievement)| {
                Ok(Successor {
                    award_id: parsed("awards", &award, &award)?,
                    credential_id: parsed("credentials", &credential, &credential)?,
                    achievement: parsed("awards", &award, &achievement)?,
                })
            })
            .transpose()
    }
}
