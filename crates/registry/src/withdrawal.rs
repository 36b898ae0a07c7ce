//! A completion that its provider takes back.

use std::iter;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use model::{
    chance::Entropy,
    completion::WhichCompletion,
    id::{CompletionId, CredentialId, Slug},
};

use crate::{
    CredentialState, Registry, RegistryError, Revocation,
    credential::state,
    db::{Db, stored},
    error::parsed,
    issuance::{alone_with, former_reference_key, gone, lock, reference_key, take_turn},
    lineage::last_correction,
    log,
    revocation::{self, Act, Fallen, Found},
    schema::{WithdrawalRow, awards, completion_withdrawals, completions, credentials},
    sealing::{self, PersonKey, WITHDRAWAL, Wrapping},
};

/// What became of a withdrawal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WithdrawalOutcome {
    /// It is withdrawn: what became of its credential. `was_already` if it had been, or
    /// if its credential had been revoked; then nothing changed, and the first time and
    /// reason are given.
    Withdrawn(CompletionId, Revocation),
    /// The provider has no such completion.
    Unknown,
    /// Its credential is being issued: it can be withdrawn when that is done.
    InFlight(CredentialId),
    /// It was corrected, and this credential stands for what it was corrected to.
    Superseded(CredentialId),
}

impl Registry {
    /// Takes a provider's completion back: revokes its credential with all that follows
    /// ([`revoke`](Self::revoke)), and records why, in one transaction. Its occasion may
    /// then be stated under another reference. An error ([`RegistryError::Erased`]) if the
    /// learner was erased.
    pub fn withdraw(
        &self,
        provider: &Slug,
        which: &WhichCompletion,
        reason: &str,
        actor: &str,
        now: DateTime<Utc>,
        entropy: &dyn Entropy,
    ) -> Result<WithdrawalOutcome, RegistryError> {
        let act = Act { reason, actor, now, entropy, digests: self.digests(), key: None };
        self.write(|db| {
            let find = |db: &mut Db| self.provider_s(db, provider, which);
            let Some((_, natural_key)) = find(db)? else { return Ok(WithdrawalOutcome::Unknown) };
            alone_with(db, &natural_key)?;
            // Another may have corrected it while this one waited.
            let Some((completion, _)) = find(db)? else { return Ok(WithdrawalOutcome::Unknown) };
            if let Some(later) = last_correction(db, &completion)? {
                return Ok(WithdrawalOutcome::Superseded(later));
            }
            withdraw(db, self.wrapping(), &completion, act)
        })
    }

    /// The id and the natural key of a provider's completion.
    fn provider_s(
        &self,
        db: &mut Db,
        provider: &Slug,
        which: &WhichCompletion,
    ) -> Result<Option<(String, String)>, RegistryError> {
        let mut query = completions::table
            .filter(completions::provider.eq(provider.as_str()))
            .filter(completions::source.eq("completion"))
            .select((completions::id, completions::natural_key))
            .into_boxed();
        query = match which {
            WhichCompletion::Reference(reference) => {
                let key = reference_key(provider, reference, self.digests());
                let former = former_reference_key(&key).map(str::to_owned);
                query.filter(completions::natural_key.eq_any(former.into_iter().chain([key])))
            }
            WhichCompletion::Id(id) => query.filter(completions::id.eq(id.to_string())),
        };
        Ok(query.first(db).optional()?)
    }
}

fn withdraw(
    db: &mut Db,
    wrapping: &Wrapping,
    completion: &str,
    act: Act<'_>,
) -> Result<WithdrawalOutcome, RegistryError> {
    let ids: Vec<String> = credentials::table
        .inner_join(awards::table)
        .filter(awards::completion_id.eq(completion))
        .order(credentials::issue)
        .select(credentials::id)
        .load(db)?;
    let mut all = ids.clone();
    for id in &ids {
        all.extend(revocation::dependants(db, id)?);
    }
    lock(db, &all)?;
    let mut found: Vec<Found> = Vec::with_capacity(ids.len());
    for id in &ids {
        match revocation::issued(db, id)? {
            Some(issued) => found.push(issued),
            None => return Ok(WithdrawalOutcome::InFlight(parsed("credentials", id, id)?)),
        }
    }
    let id = parsed("completions", completion, completion)?;
    let Some((row, award, _)) = found.last() else {
        return Err(RegistryError::corrupt("completions", completion, "it has no credential"));
    };
    let revocation = Revocation {
        credential_id: parsed("credentials", &row.id, &row.id)?,
        was_already: false,
        at: stored(act.now).and_utc(),
        reason: act.reason.to_owned(),
        status_list: parsed("credentials", &row.id, &row.status_list_id)?,
        with_it: Vec::new(),
        to_review: Vec::new(),
    };
    take_turn(db, iter::once(award.learner_id.clone()))?;
    let key = sealing::of(db, wrapping, &award.learner_id)?;
    if let CredentialState::Revoked { at, reason } = state(row, Some(&key))? {
        let before = Revocation { was_already: true, at, reason, ..revocation };
        return Ok(WithdrawalOutcome::Withdrawn(id, before));
    }
    let act = Act { key: Some(&key), ..act };
    for (row, award, provider) in found.iter().filter(|(row, ..)| row.revoked_at.is_none()) {
        revocation::take_back(db, row, award, provider.clone(), act)?;
    }
    let Fallen { with_it, to_review } = revocation::follow(db, award, None, act)?;
    record(db, completion, &key, act)?;
    Ok(WithdrawalOutcome::Withdrawn(id, Revocation { with_it, to_review, ..revocation }))
}

fn record(db: &mut Db, completion: &str, key: &PersonKey, act: Act<'_>) -> Result<(), RegistryError> {
    let row = WithdrawalRow {
        completion_id: completion.to_owned(),
        reason: key.seal(WITHDRAWAL, completion, act.reason, act.entropy)?,
        withdrawn_by: act.actor.to_owned(),
        withdrawn_at: stored(act.now),
    };
    diesel::insert_into(completion_withdrawals::table).values(&row).execute(db)?;
    diesel::update(completions::table.find(completion))
        .set(completions::occasion.eq(gone("withdrawn", completion)))
        .execute(db)?;
    log::withdrawn(act.digests, &row).store(db, row.withdrawn_at)
}
