//! Credit of others' credentials, in the ledger once.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use model::{
    chance::Entropy,
    cpd::{Credit, activity::Details},
    id::{LearnerId, LedgerEntryId},
};

use crate::{
    EntryKind, LedgerEntry, LogEntryKind, Registry, RegistryError,
    cpd::{is_known, json},
    db::{Db, stored},
    issuance::take_turn,
    ledger, log,
    schema::{LedgerRow, ledger_entries, transfers},
    sealing::{self, DETAILS, PersonKey},
};

/// What is to be transferred.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transfer<'a> {
    /// The credit, in its own unit.
    pub credit: &'a Credit,
    /// When it was earned.
    pub earned_at: DateTime<Utc>,
    /// What is kept beside the line; its `origin` names the credential.
    pub details: &'a Details,
    /// The issuer and the id of the credential, or its content where it has no id.
    pub name: (&'a str, &'a str),
    /// SHA-256 of the credential's content, hexadecimal.
    pub content: &'a str,
}

/// What became of a transfer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Transferred {
    /// It is a line of the ledger now.
    New(LedgerEntry),
    /// It had been one before, of this learner's.
    Before(LedgerEntry),
    /// The credential counts for somebody else.
    Elsewhere,
    /// There is no such learner.
    NoLearner,
}

impl Registry {
    /// Writes the credit of somebody else's credential into the learner's ledger, unless
    /// that credential counts already.
    pub fn transfer_in(
        &self,
        learner: LearnerId,
        transfer: &Transfer<'_>,
        now: DateTime<Utc>,
        entropy: &dyn Entropy,
    ) -> Result<Transferred, RegistryError> {
        let learner = learner.to_string();
        let (issuer, name) = transfer.name;
        let name = self.digests().text("transfer name", &[issuer.as_bytes(), name.as_bytes()]);
        let content = self.digests().text("transfer content", &[transfer.content.as_bytes()]);
        let id = LedgerEntryId::random(entropy).to_string();
        let details = json("ledger_entries", transfer.details)?;
        let row = |details: String| LedgerRow {
            id: id.clone(),
            kind: EntryKind::Transfer.as_str().to_owned(),
            learner_id: learner.clone(),
            award_id: None,
            credential_id: None,
            provider: None,
            amount: transfer.credit.amount().to_string(),
            unit: transfer.credit.unit().to_string(),
            earned_at: stored(transfer.earned_at),
            recorded_at: stored(now),
            details: Some(details),
        };
        self.write(|db| {
            if !is_known(db, &learner)? {
                return Ok(Transferred::NoLearner);
            }
            take_turn(db, std::iter::once(learner.clone()))?;
            let key = sealing::of(db, self.wrapping(), &learner)?;
            if let Some(before) = before(db, [&name, &content], &learner, &key)? {
                return Ok(before);
            }
            let columns = (
                transfers::entry_id.eq(&id),
                transfers::learner_id.eq(&learner),
                transfers::name_digest.eq(&name),
                transfers::content_digest.eq(&content),
                transfers::recorded_at.eq(stored(now)),
            );
            // Another learner's, at this moment: the index lets one through.
            let inserted = crate::db::each!(&mut *db, connection =>
                diesel::insert_into(transfers::table).values(columns).on_conflict_do_nothing().execute(connection))?;
            if inserted == 0 {
                return Ok(before(db, [&name, &content], &learner, &key)?.unwrap_or(Transferred::Elsewhere));
            }
            log::tell(db, self.digests(), LogEntryKind::Transferred, &[&id], stored(now))?;
            let row = row(key.seal(DETAILS, &id, &details, entropy)?);
            Ok(Transferred::New(self.append(db, &row, &key)?))
        })
    }
}

fn before(
    db: &mut Db,
    [name, content]: [&str; 2],
    learner: &str,
    key: &PersonKey,
) -> Result<Option<Transferred>, RegistryError> {
    let known: Option<(String, String)> = transfers::table
        .filter(transfers::name_digest.eq(name).or(transfers::content_digest.eq(content)))
        .select((transfers::entry_id, transfers::learner_id))
        .first(db)
        .optional()?;
    let Some((entry, whose)) = known else { return Ok(None) };
    if whose != learner {
        return Ok(Some(Transferred::Elsewhere));
    }
    let row: LedgerRow = ledger_entries::table
        .filter(ledger_entries::id.eq(entry))
        .select(LedgerRow::as_select())
        .first(db)?;
    Ok(Some(Transferred::Before(ledger::entry(&row, None, Some(key))?)))
}
