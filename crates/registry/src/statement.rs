//! What learners write of a period where their CPD scheme asks for it.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use diesel::prelude::*;
use model::{
    chance::Entropy,
    cpd::statement::OwnWords,
    id::{LearnerId, Slug, StatementId},
};

use crate::{Registry, RegistryError, cpd::is_known, db::stored, schema::cpd_statements};

impl Registry {
    /// Keeps what a learner wrote of the period that holds `day`; what was written
    /// before stays. `false` when there is no such learner.
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
            diesel::insert_into(cpd_statements::table)
                .values((
                    cpd_statements::id.eq(StatementId::ordered(now, entropy).to_string()),
                    cpd_statements::learner_id.eq(&learner),
                    cpd_statements::scheme.eq(scheme.as_str()),
                    cpd_statements::day.eq(day),
                    cpd_statements::body.eq(text),
                    cpd_statements::stated_by.eq(stated_by),
                    cpd_statements::recorded_at.eq(stored(now)),
                ))
                .execute(db)?;
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
        let rows: Vec<(NaiveDate, String, String, NaiveDateTime)> = self.read(|db| {
            Ok(cpd_statements::table
                .filter(cpd_statements::learner_id.eq(learner.to_string()))
                .filter(cpd_statements::scheme.eq(scheme.as_str()))
                .filter(cpd_statements::recorded_at.le(stored(as_of)))
                .order((cpd_statements::recorded_at.desc(), cpd_statements::id.desc()))
                .select((
                    cpd_statements::day,
                    cpd_statements::body,
                    cpd_statements::stated_by,
                    cpd_statements::recorded_at,
                ))
                .load(db)?)
        })?;
        let read = |(day, text, stated_by, recorded): (NaiveDate, String, String, NaiveDateTime)| {
            (day, OwnWords { text, stated_by, recorded: recorded.and_utc() })
        };
        Ok(rows.into_iter().map(read).collect())
    }
}
