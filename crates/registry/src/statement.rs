//! What learners write of a period where their CPD scheme asks for it.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use diesel::prelude::*;
use model::{
    chance::Entropy,
    cpd::statement::OwnWords,
    id::{LearnerId, Slug, StatementId},
};

use crate::{
    LogEntryKind, Registry, RegistryError,
    cpd::is_known,
    db::stored,
    issuance::take_turn,
    log,
    schema::cpd_statements,
    sealing::{self, STATEMENT},
};

impl Registry {
    /// Keeps what a learner wrote of the period that holds `day`; what was written
    /// before stays. `false` when there is no such learner; an error
    /// ([`RegistryError::Erased`]) when they were erased.
    pub fn write_statement(
        &self,
        learner: LearnerId,
        (scheme, day): (&Slug, NaiveDate),
        text: &str,
        stated_by: &str,
        now: DateTime<Utc>,
        entropy: &dyn Entropy,
    ) -> Result<bool, RegistryError> {
        let learner = learner.to_string();
        self.write(|db| {
            if !is_known(db, &learner)? {
                return Ok(false);
            }
            take_turn(db, std::iter::once(learner.clone()))?;
            let id = StatementId::ordered(now, entropy).to_string();
            let body = sealing::of(db, self.wrapping(), &learner)?.seal(STATEMENT, &id, text, entropy)?;
            diesel::insert_into(cpd_statements::table)
                .values((
                    cpd_statements::id.eq(&id),
                    cpd_statements::learner_id.eq(&learner),
                    cpd_statements::scheme.eq(scheme.as_str()),
                    cpd_statements::day.eq(day),
                    cpd_statements::body.eq(&body),
                    cpd_statements::stated_by.eq(stated_by),
                    cpd_statements::recorded_at.eq(stored(now)),
                ))
                .execute(db)?;
            log::tell(db, self.digests(), LogEntryKind::Statement, &[&id], stored(now))?;
            Ok(true)
        })
    }

    /// What a learner had written for a scheme at `as_of`, each with a day of its
    /// period, the latest first.
    pub fn written_statements(
        &self,
        learner: LearnerId,
        scheme: &Slug,
        as_of: DateTime<Utc>,
    ) -> Result<Vec<(NaiveDate, OwnWords)>, RegistryError> {
        let learner = learner.to_string();
        self.read(|db| {
            let rows: Vec<(String, NaiveDate, String, String, NaiveDateTime)> = cpd_statements::table
                .filter(cpd_statements::learner_id.eq(&learner))
                .filter(cpd_statements::scheme.eq(scheme.as_str()))
                .filter(cpd_statements::recorded_at.le(stored(as_of)))
                .order((cpd_statements::recorded_at.desc(), cpd_statements::id.desc()))
                .select((
                    cpd_statements::id,
                    cpd_statements::day,
                    cpd_statements::body,
                    cpd_statements::stated_by,
                    cpd_statements::recorded_at,
                ))
                .load(db)?;
            let key = sealing::known(db, self.wrapping(), [learner.as_str()])?.remove(&learner);
            let read = |(id, day, body, stated_by, recorded): (String, _, String, _, NaiveDateTime)| {
                let text = sealing::read(key.as_ref(), STATEMENT, &id, &body)?.into_owned();
                Ok((day, OwnWords { text, stated_by, recorded: recorded.and_utc() }))
            };
            rows.into_iter().map(read).collect()
        })
    }
}
