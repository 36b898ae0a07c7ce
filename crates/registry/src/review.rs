//! Awards of programmes that stand although something that counted in them was
//! revoked: flagged until somebody keeps them or revokes them.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use model::id::{AwardId, CredentialId, LearnerId, Slug};

use crate::{
    LogEntryKind, Registry, RegistryError,
    db::{Db, each, stored},
    digest::Digests,
    error::parsed,
    lineage::last_correction,
    log,
    revocation::Act,
    schema::{award_reviews, awards, credentials},
};

/// An award to be looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review {
    /// The programme's award.
    pub award_id: AwardId,
    /// Its credential.
    pub credential_id: CredentialId,
    /// What it awards.
    pub achievement: Slug,
    /// Whose it is.
    pub learner_id: LearnerId,
    /// The award that counted in it and was revoked.
    pub component_id: AwardId,
    /// The credential that took that one's place, if it was corrected.
    pub corrected_to: Option<CredentialId>,
    /// Since when.
    pub opened: DateTime<Utc>,
}

impl Registry {
    /// Awards that wait to be looked at, oldest first; of one learner if given.
    pub fn reviews(&self, learner: Option<LearnerId>, limit: u32) -> Result<Vec<Review>, RegistryError> {
        type Row = (String, String, String, String, String, NaiveDateTime);
        self.read(|db| {
            let mut query = award_reviews::table
                .inner_join(awards::table.on(awards::id.eq(award_reviews::award_id)))
                .inner_join(credentials::table.on(credentials::award_id.eq(award_reviews::award_id)))
                .filter(award_reviews::closed_at.is_null().and(credentials::issued_at.is_not_null()))
                .filter(credentials::issue.eq(1))
                .order((award_reviews::opened_at, award_reviews::award_id, award_reviews::component_id))
                .limit(i64::from(limit))
                .select((
                    award_reviews::award_id,
                    credentials::id,
                    awards::achievement,
                    awards::learner_id,
                    award_reviews::component_id,
                    award_reviews::opened_at,
                ))
                .into_boxed();
            if let Some(learner) = learner {
                query = query.filter(awards::learner_id.eq(learner.to_string()));
            }
            let rows: Vec<Row> = query.load(db)?;
            rows.into_iter()
                .map(|(award, credential, achievement, learner, component, opened)| {
                    Ok(Review {
                        award_id: parsed("award_reviews", &award, &award)?,
                        credential_id: parsed("credentials", &credential, &credential)?,
                        achievement: parsed("awards", &award, &achievement)?,
                        learner_id: parsed("awards", &award, &learner)?,
                        component_id: parsed("award_reviews", &award, &component)?,
                        corrected_to: corrected_to(db, &component)?,
                        opened: opened.and_utc(),
                    })
                })
                .collect()
        })
    }

    /// Whether an award waits to be looked at.
    pub fn is_under_review(&self, award: AwardId) -> Result<bool, RegistryError> {
        let open: i64 = self.read(|db| {
            Ok(award_reviews::table
                .filter(award_reviews::award_id.eq(award.to_string()))
                .filter(award_reviews::closed_at.is_null())
                .count()
                .get_result(db)?)
        })?;
        Ok(open > 0)
    }

    /// Decides that an award stands although something that counted in it was
    /// revoked. `false` if no review of it was open.
    pub fn keep_award(&self, award: AwardId, actor: &str, now: DateTime<Utc>) -> Result<bool, RegistryError> {
        self.write(|db| Ok(close(db, self.digests(), &award.to_string(), ("kept", actor), stored(now))? > 0))
    }
}

fn corrected_to(db: &mut Db, award: &str) -> Result<Option<CredentialId>, RegistryError> {
    let completion: String = awards::table.find(award).select(awards::completion_id).first(db)?;
    last_correction(db, &completion)
}

/// Opens a review, unless there is one for the same cause.
pub(crate) fn open(db: &mut Db, award: &str, component: &str, act: Act<'_>) -> Result<(), RegistryError> {
    let at = stored(act.now);
    let row = (
        award_reviews::award_id.eq(award),
        award_reviews::component_id.eq(component),
        award_reviews::opened_at.eq(at),
    );
    let opened = each!(db, connection => diesel::insert_into(award_reviews::table)
        .values(row)
        .on_conflict_do_nothing()
        .execute(connection))?;
    if opened > 0 {
        log::tell(db, act.digests, LogEntryKind::ReviewOpened, &[&log::seat_of(award, component)], at)?;
    }
    Ok(())
}

/// Notes that a correction took the place of what had counted, so that there is nothing to
/// look at.
pub(crate) fn settled(db: &mut Db, award: &str, component: &str, act: Act<'_>) -> Result<(), RegistryError> {
    open(db, award, component, act)?;
    let this = award_reviews::table.find((award, component)).filter(award_reviews::closed_at.is_null());
    let at = stored(act.now);
    let settled = diesel::update(this)
        .set((
            award_reviews::closed_at.eq(at),
            award_reviews::closed_by.eq(act.actor),
            award_reviews::decision.eq("kept"),
        ))
        .execute(db)?;
    if settled > 0 {
        log::tell(db, act.digests, LogEntryKind::ReviewClosed, &[&log::seat_of(award, component)], at)?;
    }
    Ok(())
}

/// Closes the reviews of an award that is revoked.
pub(crate) fn decided(db: &mut Db, award: &str, act: Act<'_>) -> Result<(), RegistryError> {
    close(db, act.digests, award, ("revoked", act.actor), stored(act.now))?;
    Ok(())
}

/// Closes the open reviews of an award, as it was decided and by whom; how many those were.
fn close(
    db: &mut Db,
    digests: &Digests,
    award: &str,
    (decision, actor): (&str, &str),
    at: NaiveDateTime,
) -> Result<usize, RegistryError> {
    let open: Vec<String> = award_reviews::table
        .filter(award_reviews::award_id.eq(award).and(award_reviews::closed_at.is_null()))
        .select(award_reviews::component_id)
        .load(db)?;
    if open.is_empty() {
        return Ok(0);
    }
    let these = award_reviews::table
        .filter(award_reviews::award_id.eq(award).and(award_reviews::component_id.eq_any(&open)));
    let closed = diesel::update(these)
        .set((
            award_reviews::closed_at.eq(at),
            award_reviews::closed_by.eq(actor),
            award_reviews::decision.eq(decision),
        ))
        .execute(db)?;
    let ids: Vec<String> = open.iter().map(|component| log::seat_of(award, component)).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    log::tell(db, digests, LogEntryKind::ReviewClosed, &ids, at)?;
    Ok(closed)
}
