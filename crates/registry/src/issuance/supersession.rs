//! What corrections take the place of is taken back in the transaction that makes them
//! visible.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use model::chance::Entropy;

use super::{complete::Open, hold::lock};
use crate::{
    RegistryError,
    db::Db,
    digest::Digests,
    revocation::{self, Act, Found, SUPERSEDED},
    schema::{AwardRow, awards, completion_corrections, credentials},
};

/// What some corrections supersede.
#[derive(Default)]
pub(super) struct Superseded {
    corrections: Vec<Correction>,
}

/// A correction, and the award that it takes the place of.
struct Correction {
    credential: String,
    client: String,
    award: AwardRow,
    earlier_award: AwardRow,
    /// Its credentials, the latest last, that are issued or revoked.
    earlier: Vec<Found>,
}

/// Finds what the corrections among `open` supersede, and waits for whoever else
/// completes or revokes that.
pub(super) fn find(db: &mut Db, open: &[Open]) -> Result<Superseded, RegistryError> {
    let mut superseded = Superseded::default();
    let corrections: Vec<(&Open, &String)> =
        open.iter().filter_map(|row| Some((row, row.3.as_ref()?))).collect();
    if corrections.is_empty() {
        return Ok(superseded);
    }
    let mut concerned = Vec::new();
    for (_, corrects) in &corrections {
        for (id, _) in credentials_of(db, corrects)? {
            concerned.extend(revocation::dependants(db, &id)?);
            concerned.push(id);
        }
    }
    lock(db, &concerned)?;
    for ((credential, award, (_, client), _), corrects) in corrections {
        let mut earlier = Vec::new();
        let mut earlier_award = None;
        for (id, award) in credentials_of(db, corrects)? {
            earlier.extend(revocation::issued(db, &id)?);
            earlier_award = Some(award);
        }
        let earlier_award = earlier_award.ok_or_else(|| {
            RegistryError::corrupt("completion_corrections", &award.completion_id, "it corrects no award")
        })?;
        superseded.corrections.push(Correction {
            credential: credential.id.clone(),
            client: client.clone(),
            award: award.clone(),
            earlier_award,
            earlier,
        });
    }
    Ok(superseded)
}

/// The credentials of a completion's award, the latest last.
fn credentials_of(db: &mut Db, completion: &str) -> Result<Vec<(String, AwardRow)>, RegistryError> {
    Ok(credentials::table
        .inner_join(awards::table)
        .filter(awards::completion_id.eq(completion))
        .order(credentials::issue)
        .select((credentials::id, AwardRow::as_select()))
        .load(db)?)
}

impl Superseded {
    /// Whose ledgers are written in.
    pub(super) fn learners(&self) -> impl Iterator<Item = &String> {
        self.corrections.iter().map(|one| &one.earlier_award.learner_id)
    }

    /// The credential that this one takes the place of.
    pub(super) fn by(&self, credential: &str) -> Option<&str> {
        let correction = self.corrections.iter().find(|one| one.credential == credential)?;
        correction.earlier.last().map(|(row, ..)| row.id.as_str())
    }

    /// Revokes what stands of it, and has the corrections count where it counted.
    pub(super) fn take_back(
        &self,
        db: &mut Db,
        digests: &Digests,
        now: DateTime<Utc>,
        entropy: &dyn Entropy,
    ) -> Result<(), RegistryError> {
        for one in &self.corrections {
            let act = Act { reason: SUPERSEDED, actor: &one.client, now, entropy, digests, key: None };
            revocation::supersede(db, &one.earlier, &one.earlier_award, &one.award, act)?;
        }
        Ok(())
    }
}

/// The credentials that the completions among these that are corrections took the place
/// of, by completion.
pub(crate) fn earlier(db: &mut Db, completions: &[&str]) -> Result<HashMap<String, String>, RegistryError> {
    let rows: Vec<(String, String)> = completion_corrections::table
        .inner_join(awards::table.on(awards::completion_id.eq(completion_corrections::corrects_id)))
        .inner_join(credentials::table.on(credentials::award_id.eq(awards::id)))
        .filter(completion_corrections::completion_id.eq_any(completions))
        .filter(credentials::issued_at.is_not_null())
        .order(credentials::issue)
        .select((completion_corrections::completion_id, credentials::id))
        .load(db)?;
    Ok(rows.into_iter().collect())
}
