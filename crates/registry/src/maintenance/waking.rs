//! When each award is to be looked at next, and what its holder was told.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use model::{
    chance::Entropy,
    id::{AwardId, CredentialId, LearnerId, OutboxId, Slug},
    maintenance::Notice,
};
use serde_json::{Value, json};

use super::{maintained_awards, maintenance_notices, maintenance_state};
use crate::{
    Registry, RegistryError,
    db::{Db, each, stored},
    error::parsed,
    schema::{OutboxRow, outbox},
};

/// An award that is to be looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WakingAward {
    /// Which.
    pub award_id: AwardId,
    /// Whose.
    pub learner_id: LearnerId,
    /// How many times something had happened.
    pub changes: i32,
}

/// An award that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Looked {
    /// Which, as it was given.
    pub award: WakingAward,
    /// From when on what happens to its holder concerns it; `None` if never.
    pub opens: Option<DateTime<Utc>>,
    /// When it is to be looked at next by the clock; `None` if never.
    pub wakes: Option<DateTime<Utc>>,
    /// What its holder is to be told, unless they were.
    pub told: Option<Told>,
}

/// What a holder is told of a credential.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// The credential.
    pub credential: CredentialId,
    /// What.
    pub notice: Notice,
    /// When it ends or ended.
    pub ends: Option<DateTime<Utc>>,
    /// The last moment of the way that is open, or opens next.
    pub closes: Option<DateTime<Utc>>,
}

impl Told {
    fn topic(&self) -> &'static str {
        match self.notice {
            Notice::Reminder { .. } => "maintenance.reminder",
            Notice::Ended => "maintenance.ended",
            Notice::Lapsed => "maintenance.lapsed",
            Notice::Expired => "maintenance.expired",
        }
    }

    /// What is told once: a reminder by its own days.
    fn key(&self) -> String {
        match self.notice {
            Notice::Reminder { days_before } => format!("reminder-{days_before}"),
            Notice::Ended => "ended".to_owned(),
            Notice::Lapsed => "lapsed".to_owned(),
            Notice::Expired => "expired".to_owned(),
        }
    }

    fn payload(&self, award: &WakingAward) -> Value {
        let mut payload = json!({
            "credentialId": self.credential,
            "awardId": award.award_id,
            "learnerId": award.learner_id,
        });
        if let Some(members) = payload.as_object_mut() {
            let moment =
                |at: DateTime<Utc>| Value::from(at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true));
            if let Notice::Reminder { days_before } = self.notice {
                members.insert("daysBefore".to_owned(), days_before.into());
            }
            members.extend(self.ends.map(|ends| ("ends".to_owned(), moment(ends))));
            members.extend(self.closes.map(|closes| ("closes".to_owned(), moment(closes))));
        }
        payload
    }
}

impl Registry {
    /// Awards that are to be looked at by `now`, those that wait longest first. If the
    /// clock went back since awards were last looked at, all are: what was found under
    /// the later time may not be so.
    pub fn waking_awards(&self, now: DateTime<Utc>, limit: u32) -> Result<Vec<WakingAward>, RegistryError> {
        let (looked_at, rows) = self.read(|db| {
            let looked_at: NaiveDateTime =
                maintenance_state::table.select(maintenance_state::looked_at).first(db)?;
            Ok((looked_at, waking(db, now, limit)?))
        })?;
        let rows = if looked_at > stored(now) {
            self.write(|db| {
                diesel::update(maintained_awards::table)
                    .filter(
                        maintained_awards::opens_at
                            .is_not_null()
                            .or(maintained_awards::wake_at.is_not_null()),
                    )
                    .set(maintained_awards::wake_at.eq(stored(now)))
                    .execute(db)?;
                diesel::update(maintenance_state::table)
                    .set(maintenance_state::looked_at.eq(stored(now)))
                    .execute(db)?;
                waking(db, now, limit)
            })?
        } else {
            rows
        };
        rows.into_iter()
            .map(|(award, learner, changes)| {
                Ok(WakingAward {
                    award_id: parsed("maintained_awards", &award, &award)?,
                    learner_id: parsed("maintained_awards", &award, &learner)?,
                    changes,
                })
            })
            .collect()
    }

    /// The learners who have an award of one of these achievements that ends or has ended,
    /// in the order of their ids.
    pub fn maintained_learners(&self, achievements: &[Slug]) -> Result<Vec<LearnerId>, RegistryError> {
        let achievements: Vec<&str> = achievements.iter().map(Slug::as_str).collect();
        let ids: Vec<String> = self.read(|db| {
            Ok(maintained_awards::table
                .filter(maintained_awards::achievement.eq_any(achievements))
                .order(maintained_awards::learner_id)
                .select(maintained_awards::learner_id)
                .distinct()
                .load(db)?)
        })?;
        ids.iter().map(|id| parsed("maintained_awards", id, id)).collect()
    }

    /// Keeps what was found, and writes to the outbox what is to be told and was not. Of
    /// an award to which something happened meanwhile only that is kept: it is looked at
    /// again.
    pub fn awards_looked_at(
        &self,
        looked: &[Looked],
        now: DateTime<Utc>,
        entropy: &dyn Entropy,
    ) -> Result<(), RegistryError> {
        if looked.is_empty() {
            return Ok(());
        }
        self.write(|db| {
            for one in looked {
                if let Some(told) = &one.told {
                    tell(db, &one.award, told, now, entropy)?;
                }
                diesel::update(maintained_awards::table.find(one.award.award_id.to_string()))
                    .filter(maintained_awards::changes.eq(one.award.changes))
                    .set((
                        maintained_awards::opens_at.eq(one.opens.map(stored)),
                        maintained_awards::wake_at.eq(one.wakes.map(stored)),
                    ))
                    .execute(db)?;
            }
            diesel::update(maintenance_state::table)
                .set(maintenance_state::looked_at.eq(stored(now)))
                .execute(db)?;
            Ok(())
        })
    }
}

fn waking(db: &mut Db, now: DateTime<Utc>, limit: u32) -> Result<Vec<(String, String, i32)>, RegistryError> {
    Ok(maintained_awards::table
        .filter(maintained_awards::wake_at.is_not_null().and(maintained_awards::wake_at.le(stored(now))))
        .order((maintained_awards::wake_at, maintained_awards::award_id))
        .limit(i64::from(limit))
        .select((maintained_awards::award_id, maintained_awards::learner_id, maintained_awards::changes))
        .load(db)?)
}

fn tell(
    db: &mut Db,
    award: &WakingAward,
    told: &Told,
    now: DateTime<Utc>,
    entropy: &dyn Entropy,
) -> Result<(), RegistryError> {
    let row = (
        maintenance_notices::credential_id.eq(told.credential.to_string()),
        maintenance_notices::notice.eq(told.key()),
        maintenance_notices::told_at.eq(stored(now)),
    );
    let is_news = each!(&mut *db, connection => diesel::insert_into(maintenance_notices::table)
        .values(row)
        .on_conflict_do_nothing()
        .execute(connection))?;
    if is_news == 1 {
        let message = OutboxRow {
            id: OutboxId::ordered(now, entropy).to_string(),
            topic: told.topic(),
            payload: told.payload(award).to_string(),
            created_at: stored(now),
        };
        diesel::insert_into(outbox::table).values(message).execute(db)?;
    }
    Ok(())
}
