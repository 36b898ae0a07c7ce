//! What was recorded of a learner, as maintenance sees it.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use diesel::prelude::*;
use model::{
    id::{AwardId, CredentialId, LearnerId, Slug},
    maintenance::{Award, Event, Term, What},
};

use crate::{
    LedgerPage, Registry, RegistryError,
    error::parsed,
    schema::{award_successions, awards, cpd_memberships, credentials},
};

/// Everything that was recorded of a learner.
#[derive(Debug, Clone)]
pub struct MaintenanceHistory {
    /// The learner's awards whose credentials were issued, by id.
    awards: BTreeMap<AwardId, Recorded>,
    /// Awards, each with the one that was declared to supersede it.
    successions: Vec<(AwardId, AwardId)>,
    /// Credit and memberships.
    events: Vec<Event>,
}

/// One award.
#[derive(Debug, Clone)]
struct Recorded {
    achievement: Slug,
    awarded: DateTime<Utc>,
    /// Its terms, each with when it was issued.
    terms: Vec<(DateTime<Utc>, Term)>,
    revoked: Option<DateTime<Utc>>,
}

/// Award, achievement and day of it; credential, issue, its dates and when it was issued and
/// revoked.
type Row = (
    (String, String, NaiveDateTime),
    (String, i32, NaiveDateTime, Option<NaiveDateTime>, Option<NaiveDateTime>, Option<NaiveDateTime>),
);

macro_rules! row {
    () => {
        (
            (awards::id, awards::achievement, awards::awarded_at),
            (
                credentials::id,
                credentials::issue,
                credentials::valid_from,
                credentials::valid_until,
                credentials::issued_at,
                credentials::revoked_at,
            ),
        )
    };
}

impl Registry {
    /// The terms of some awards and whether they were revoked, and nothing else of them:
    /// what tells, of most, that it is not time yet.
    pub fn maintained_terms(&self, awards: &[AwardId]) -> Result<HashMap<AwardId, Award>, RegistryError> {
        let ids: Vec<String> = awards.iter().map(ToString::to_string).collect();
        let rows: Vec<Row> = self.read(|db| {
            Ok(credentials::table
                .inner_join(awards::table)
                .filter(credentials::award_id.eq_any(ids).and(credentials::issued_at.is_not_null()))
                .order((credentials::award_id, credentials::issue))
                .select(row!())
                .load(db)?)
        })?;
        let each = |(id, own): (AwardId, Recorded)| (id, own.alone(id));
        Ok(recorded(rows)?.into_iter().map(each).collect())
    }

    /// What was recorded of a learner's awards, credit and memberships.
    pub fn maintenance_history(&self, learner: LearnerId) -> Result<MaintenanceHistory, RegistryError> {
        // What is written between the two readings bears a later time.
        let lines = self.ledger(learner, &LedgerPage::default())?;
        let credit =
            lines.iter().map(|entry| Event { recorded: entry.recorded_at, what: What::Credit(entry.line()) });
        let learner = learner.to_string();
        let (rows, successions, joined) = self.snapshot(|db| {
            let rows: Vec<Row> = credentials::table
                .inner_join(awards::table)
                .filter(awards::learner_id.eq(&learner).and(credentials::issued_at.is_not_null()))
                .order((awards::awarded_at, awards::id, credentials::issue))
                .select(row!())
                .load(db)?;
            let successions: Vec<(String, String)> = award_successions::table
                .inner_join(awards::table.on(awards::id.eq(award_successions::award_id)))
                .filter(awards::learner_id.eq(&learner))
                .select((award_successions::award_id, award_successions::successor_id))
                .load(db)?;
            let joined: Vec<(String, NaiveDate, NaiveDateTime)> = cpd_memberships::table
                .filter(cpd_memberships::learner_id.eq(&learner))
                .order((cpd_memberships::recorded_at, cpd_memberships::id))
                .select((cpd_memberships::scheme, cpd_memberships::joined_on, cpd_memberships::recorded_at))
                .load(db)?;
            Ok((rows, successions, joined))
        })?;
        let mut events: Vec<Event> = credit.collect();
        for (scheme, on, recorded) in joined {
            let scheme = parsed("cpd_memberships", &learner, &scheme)?;
            events.push(Event { recorded: recorded.and_utc(), what: What::Joined { scheme, on } });
        }
        let link = |(earlier, later): (String, String)| {
            let read = |id: &str| parsed::<AwardId>("award_successions", &earlier, id);
            Ok::<_, RegistryError>((read(&earlier)?, read(&later)?))
        };
        Ok(MaintenanceHistory {
            awards: recorded(rows)?,
            successions: successions.into_iter().map(link).collect::<Result<_, _>>()?,
            events,
        })
    }
}

fn recorded(rows: Vec<Row>) -> Result<BTreeMap<AwardId, Recorded>, RegistryError> {
    let mut awards: BTreeMap<AwardId, Recorded> = BTreeMap::new();
    for ((award, achievement, awarded), (credential, issue, begun, until, issued, revoked)) in rows {
        let id = parsed("awards", &award, &award)?;
        let term = Term {
            credential: parsed::<CredentialId>("credentials", &credential, &credential)?,
            issue: u32::try_from(issue)
                .map_err(|error| RegistryError::corrupt("credentials", &credential, error))?,
            begun: begun.and_utc(),
            until: until.map(|until| until.and_utc()),
        };
        let achievement = parsed("awards", &award, &achievement)?;
        let new = || Recorded { achievement, awarded: awarded.and_utc(), terms: Vec::new(), revoked: None };
        let known = awards.entry(id).or_insert_with(new);
        let revoked = revoked.map(|revoked| revoked.and_utc());
        known.revoked = known.revoked.into_iter().chain(revoked).min();
        if let Some(issued) = issued {
            known.terms.push((issued.and_utc(), term));
        }
    }
    Ok(awards)
}

impl MaintenanceHistory {
    /// The awards, by id.
    pub fn awards(&self) -> impl Iterator<Item = (AwardId, &Slug)> {
        self.awards.iter().map(|(id, award)| (*id, &award.achievement))
    }

    /// One award with everything that maintenance rests on. `None` if it is not the
    /// learner's.
    pub fn award(&self, id: AwardId) -> Option<Award> {
        let own = self.awards.get(&id)?;
        let mut award = own.alone(id);
        let events = &mut award.events;
        events.extend(self.events.iter().cloned());
        for (other_id, other) in self.awards.iter().filter(|(other, _)| **other != id) {
            let Some(recorded) = other.first_issued() else { continue };
            let completed = What::Completed {
                award: *other_id,
                achievement: other.achievement.clone(),
                at: other.awarded,
            };
            events.push(Event { recorded, what: completed });
            let is_declared = self.successions.contains(&(id, *other_id));
            if is_declared || other.follows(own) {
                let both = own.first_issued().map_or(recorded, |own| own.max(recorded));
                events.push(Event { recorded: both, what: What::Superseded { by: *other_id } });
            }
            events.extend(
                other.revoked.map(|at| Event { recorded: at, what: What::Undone { award: *other_id } }),
            );
        }
        Some(award)
    }
}

impl Recorded {
    /// The award without anything else that was recorded of its holder.
    fn alone(&self, id: AwardId) -> Award {
        let issued = self.terms.iter();
        let issued = issued.map(|(at, term)| Event { recorded: *at, what: What::Issued(*term) });
        let revoked = self.revoked.map(|at| Event { recorded: at, what: What::Revoked });
        let events = issued.chain(revoked).collect();
        Award { id, achievement: self.achievement.clone(), awarded: self.awarded, events }
    }

    fn first_issued(&self) -> Option<DateTime<Utc>> {
        self.terms.iter().map(|(issued, _)| *issued).min()
    }

    /// Whether it is the same achievement, earned again later.
    fn follows(&self, earlier: &Self) -> bool {
        self.achievement == earlier.achievement && self.awarded > earlier.awarded
    }
}
