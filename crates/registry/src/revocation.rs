//! Taking credentials back, and what follows for the awards they counted in.

use std::{collections::BTreeSet, iter};

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use model::{
    chance::Entropy,
    id::{AwardId, CredentialId, LedgerEntryId, StatusListId},
};
use rust_decimal::Decimal;

use crate::{
    CredentialState, EntryKind, Registry, RegistryError,
    credential::{credit, state},
    db::{Db, stored},
    digest::Digests,
    error::parsed,
    issuance::{Open, lock, message, take_turn},
    log, review,
    schema::{
        AwardRow, CredentialRow, LedgerRow, award_components, awards, completions, credentials,
        ledger_entries, outbox, status_lists,
    },
    sealing::{self, PersonKey, REASON},
    seat,
};

/// The answer to a revocation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revocation {
    /// The credential.
    pub credential_id: CredentialId,
    /// Whether it had been revoked before; then nothing changed and the first
    /// time and reason are given.
    pub was_already: bool,
    /// When it was revoked.
    pub at: DateTime<Utc>,
    /// Why.
    pub reason: String,
    /// The list that carries the bit.
    pub status_list: StatusListId,
    /// The programmes' awards that were revoked with it, because their programme
    /// says so.
    pub with_it: Vec<CredentialId>,
    /// The programmes' awards in which it counted and that stand, for the Academy
    /// to look at.
    pub to_review: Vec<AwardId>,
}

/// What followed for the awards of programmes in which a revoked one counted.
#[derive(Default)]
pub(crate) struct Fallen {
    pub with_it: Vec<CredentialId>,
    pub to_review: Vec<AwardId>,
}

/// Why the credential of a completion that was corrected is revoked.
pub(crate) const SUPERSEDED: &str = "superseded";

/// Why a programme's award goes with it.
const PART_SUPERSEDED: &str = "something that counted in it was superseded";

/// Why a renewal goes whose award was revoked before it was visible.
const MEANWHILE: &str = "its award was revoked while it was renewed";

/// Why, when, by whom.
#[derive(Clone, Copy)]
pub(crate) struct Act<'a> {
    pub reason: &'a str,
    pub actor: &'a str,
    pub now: DateTime<Utc>,
    pub entropy: &'a dyn Entropy,
    pub digests: &'a Digests,
    /// The learner's key, to seal a reason that somebody wrote; none where the reason is
    /// one of the house's own.
    pub key: Option<&'a PersonKey>,
}

/// A credential with its award and its provider.
pub(crate) type Found = (CredentialRow, AwardRow, String);

impl Registry {
    /// Takes a credential back: sets its bit, reverses its credit in the ledger
    /// and writes to the outbox, in one transaction. With it go the awards of
    /// programmes in which it counted, where their programme says so; where not, they
    /// stand and a review is opened. `None` when there is no such issued credential.
    /// Revoking again changes nothing. An error ([`RegistryError::Erased`]) if the learner
    /// was erased.
    pub fn revoke(
        &self,
        id: CredentialId,
        reason: &str,
        actor: &str,
        now: DateTime<Utc>,
        entropy: &dyn Entropy,
    ) -> Result<Option<Revocation>, RegistryError> {
        let id = id.to_string();
        self.write(|db| {
            let mut all = of_same_award(db, &id)?;
            all.extend(dependants(db, &id)?);
            lock(db, &all)?;
            let Some((row, award, provider)) = issued(db, &id)? else { return Ok(None) };
            let revocation = Revocation {
                credential_id: parsed("credentials", &row.id, &row.id)?,
                was_already: false,
                at: stored(now).and_utc(),
                reason: reason.to_owned(),
                status_list: parsed("credentials", &row.id, &row.status_list_id)?,
                with_it: Vec::new(),
                to_review: Vec::new(),
            };
            take_turn(db, iter::once(award.learner_id.clone()))?;
            let key = sealing::of(db, self.wrapping(), &award.learner_id)?;
            if let CredentialState::Revoked { at, reason } = state(&row, Some(&key))? {
                return Ok(Some(Revocation { was_already: true, at, reason, ..revocation }));
            }
            let act = Act { reason, actor, now, entropy, digests: self.digests(), key: Some(&key) };
            take_back(db, &row, &award, provider, act)?;
            take_back_award(db, &award.id, act)?;
            let Fallen { with_it, to_review } = follow(db, &award, None, act)?;
            Ok(Some(Revocation { with_it, to_review, ..revocation }))
        })
    }
}

/// Takes back what was just issued of awards that were revoked while it was being made.
pub(crate) fn of_renewed(
    db: &mut Db,
    open: &[Open],
    now: DateTime<Utc>,
    entropy: &dyn Entropy,
    digests: &Digests,
) -> Result<(), RegistryError> {
    for (row, award, (provider, _), _) in open.iter().filter(|(row, ..)| row.issue > 1) {
        let revoked: Option<Option<String>> = credentials::table
            .filter(credentials::award_id.eq(&award.id).and(credentials::revoked_at.is_not_null()))
            .select(credentials::revoked_by)
            .first(db)
            .optional()?;
        if let Some(actor) = revoked.flatten() {
            let act = Act { reason: MEANWHILE, actor: &actor, now, entropy, digests, key: None };
            take_back(db, row, award, provider.clone(), act)?;
        }
    }
    Ok(())
}

/// The credentials of the award that one documents, that one among them.
pub(crate) fn of_same_award(db: &mut Db, credential: &str) -> Result<Vec<String>, RegistryError> {
    let award: Option<String> =
        credentials::table.find(credential).select(credentials::award_id).first(db).optional()?;
    let Some(award) = award else { return Ok(Vec::new()) };
    Ok(credentials::table.filter(credentials::award_id.eq(award)).select(credentials::id).load(db)?)
}

/// Takes back whatever stands of an award: what was renewed is the same award. Whoever
/// calls holds its credentials.
pub(crate) fn take_back_award(db: &mut Db, award: &str, act: Act<'_>) -> Result<Vec<String>, RegistryError> {
    let mut taken = Vec::new();
    for (row, award, provider) in standing(db, award)? {
        take_back(db, &row, &award, provider, act)?;
        taken.push(row.id);
    }
    Ok(taken)
}

/// The credentials of an award that stand, the first issue first.
fn standing(db: &mut Db, award: &str) -> Result<Vec<Found>, RegistryError> {
    Ok(credentials::table
        .inner_join(awards::table.inner_join(completions::table))
        .filter(credentials::award_id.eq(award))
        .filter(credentials::issued_at.is_not_null().and(credentials::revoked_at.is_null()))
        .order(credentials::issue)
        .select((CredentialRow::as_select(), AwardRow::as_select(), completions::provider))
        .load(db)?)
}

/// Takes back what stands of an award that was corrected, and has the correction count
/// where it counted. Whoever calls holds the credentials and the learners' turns.
pub(crate) fn supersede(
    db: &mut Db,
    earlier: &[Found],
    award: &AwardRow,
    heir: &AwardRow,
    act: Act<'_>,
) -> Result<(), RegistryError> {
    let mut stood = false;
    for (row, award, provider) in earlier.iter().filter(|(row, ..)| row.revoked_at.is_none()) {
        take_back(db, row, award, provider.clone(), act)?;
        stood = true;
    }
    if stood {
        follow(db, award, Some(heir), Act { reason: PART_SUPERSEDED, ..act })?;
    }
    Ok(())
}

/// Takes back every credential of a learner that stands, whose credentials are locked and
/// whose turn it is.
pub(crate) fn take_back_all(
    db: &mut Db,
    learner: &str,
    act: Act<'_>,
) -> Result<Vec<CredentialId>, RegistryError> {
    let standing: Vec<String> = credentials::table
        .inner_join(awards::table)
        .filter(awards::learner_id.eq(learner))
        .filter(credentials::issued_at.is_not_null().and(credentials::revoked_at.is_null()))
        .order((awards::awarded_at, credentials::id))
        .select(credentials::id)
        .load(db)?;
    for id in &standing {
        if let Some((row, award, provider)) = issued(db, id)? {
            take_back(db, &row, &award, provider, act)?;
        }
    }
    standing.iter().map(|id| parsed("credentials", id, id)).collect()
}

/// The credentials of the awards that are to go with one, and with those.
pub(crate) fn dependants(db: &mut Db, credential: &str) -> Result<Vec<String>, RegistryError> {
    let mut awards: Vec<String> =
        credentials::table.find(credential).select(credentials::award_id).load(db)?;
    let (mut seen, mut found) = (BTreeSet::new(), Vec::new());
    while let Some(award) = awards.pop() {
        let next: Vec<(String, String)> = award_components::table
            .inner_join(credentials::table.on(credentials::award_id.eq(award_components::award_id)))
            .filter(award_components::component_id.eq(&award))
            .filter(award_components::on_revocation.eq("revoke"))
            .select((award_components::award_id, credentials::id))
            .load(db)?;
        for (award, credential) in next {
            if seen.insert(credential.clone()) {
                awards.push(award);
                found.push(credential);
            }
        }
    }
    Ok(found)
}

pub(crate) fn issued(db: &mut Db, id: &str) -> Result<Option<Found>, RegistryError> {
    Ok(credentials::table
        .inner_join(awards::table.inner_join(completions::table))
        .filter(credentials::id.eq(id).and(credentials::issued_at.is_not_null()))
        .select((CredentialRow::as_select(), AwardRow::as_select(), completions::provider))
        .first(db)
        .optional()?)
}

/// What becomes of the awards in which a revoked one counted; where it fits, its heir
/// takes its place.
pub(crate) fn follow(
    db: &mut Db,
    revoked: &AwardRow,
    heir: Option<&AwardRow>,
    act: Act<'_>,
) -> Result<Fallen, RegistryError> {
    let mut fallen = Fallen::default();
    let mut waiting = vec![revoked.id.clone()];
    while let Some(component) = waiting.pop() {
        let counted_in: Vec<(String, String)> = award_components::table
            .filter(award_components::component_id.eq(&component))
            .order(award_components::award_id)
            .select((award_components::award_id, award_components::on_revocation))
            .load(db)?;
        for (whole, policy) in counted_in {
            let found = standing(db, &whole)?.pop();
            if let Some(heir) = heir.filter(|_| component == revoked.id)
                && let Some((_, award, _)) = &found
                && seat::take(db, award, revoked, heir, act)?
            {
                continue;
            }
            match found {
                Some((_, award, _)) if policy == "revoke" => {
                    for id in take_back_award(db, &award.id, act)? {
                        fallen.with_it.push(parsed("credentials", &id, &id)?);
                    }
                    waiting.push(award.id);
                }
                Some((row, award, _)) => {
                    review::open(db, &award.id, &component, act)?;
                    fallen.to_review.push(parsed("awards", &award.id, &award.id)?);
                    let note = message("award.review", &row.id, &award, stored(act.now), act.entropy);
                    diesel::insert_into(outbox::table).values(note).execute(db)?;
                }
                // It was revoked before, or is not signed yet; what is not signed
                // yet is looked at when it is.
                None => review::open(db, &whole, &component, act)?,
            }
        }
    }
    Ok(fallen)
}

pub(crate) fn take_back(
    db: &mut Db,
    row: &CredentialRow,
    award: &AwardRow,
    provider: String,
    act: Act<'_>,
) -> Result<(), RegistryError> {
    let line = reverse(db, row, award, provider, act)?;
    let reason = match act.key {
        Some(key) => key.seal(REASON, &row.id, act.reason, act.entropy)?,
        None => act.reason.to_owned(),
    };
    diesel::update(credentials::table.find(&row.id))
        .set((
            credentials::state.eq("revoked"),
            credentials::revoked_at.eq(stored(act.now)),
            credentials::revoked_reason.eq(&reason),
            credentials::revoked_by.eq(act.actor),
        ))
        .execute(db)?;
    let at = stored(act.now);
    log::reversed(act.digests, &row.id, &line, at, &reason, act.actor).store(db, at)?;
    diesel::update(status_lists::table.find(&row.status_list_id))
        .set(status_lists::revision.eq(status_lists::revision + 1))
        .execute(db)?;
    diesel::insert_into(outbox::table)
        .values(message("credential.revoked", &row.id, award, stored(act.now), act.entropy))
        .execute(db)?;
    review::decided(db, &award.id, act)
}

fn reverse(
    db: &mut Db,
    row: &CredentialRow,
    award: &AwardRow,
    provider: String,
    act: Act<'_>,
) -> Result<LedgerRow, RegistryError> {
    // A renewal gave no credit.
    let amount = if row.issue == 1 { credit(award)?.amount() } else { Decimal::ZERO };
    let line = LedgerRow {
        id: LedgerEntryId::random(act.entropy).to_string(),
        kind: EntryKind::Reversal.as_str().to_owned(),
        learner_id: award.learner_id.clone(),
        award_id: Some(award.id.clone()),
        credential_id: Some(row.id.clone()),
        provider: Some(provider),
        // There is no negative nothing.
        amount: if amount.is_zero() { amount.to_string() } else { (-amount).to_string() },
        unit: award.unit.clone(),
        earned_at: award.awarded_at,
        recorded_at: stored(act.now),
        details: None,
    };
    diesel::insert_into(ledger_entries::table).values(line.clone()).execute(db)?;
    Ok(line)
}
