//! What was recorded of a learner, as maintenance sees it.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use diesel::prelude::*;
use model::{
    id::{AwardId, CredentialId, LearnerId, Slug},
    maintenance::{Award, Event, Term, What, continued},
};

use crate::{
    LedgerPage, Registry, RegistryError,
    db::Db,
    error::parsed,
    schema::{award_successions, awards, completion_corrections, cpd_memberships, credentials},
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
    learner: String,
    /// The award that it corrects, if one that is read with it.
    corrects: Option<AwardId>,
    achievement: Slug,
    awarded: DateTime<Utc>,
    /// Its terms, each with when it was issued.
    terms: Vec<(DateTime<Utc>, Term)>,
    revoked: Option<DateTime<Utc>>,
}

/// Award, its completion and learner, achievement and day of it; credential, issue, its dates
/// and when it was issued and revoked.
type Row = (
    (String, String, String, String, NaiveDateTime),
    (String, i32, NaiveDateTime, Option<NaiveDateTime>, Option<NaiveDateTime>, Option<NaiveDateTime>),
);

macro_rules! row {
    () => {
        (
            (awards::id, awards::completion_id, awards::learner_id, awards::achievement, awards::awarded_at),
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
        let (rows, corrections) = self.read(|db| {
            let mut rows: Vec<Row> = credentials::table
                .inner_join(awards::table)
                .filter(credentials::award_id.eq_any(ids).and(credentials::issued_at.is_not_null()))
                .order((credentials::award_id, credentials::issue))
                .select(row!())
                .load(db)?;
            let corrections = with_corrected(db, &mut rows)?;
            Ok((rows, corrections))
        })?;
        let recorded = recorded(rows, &corrections)?;
        let known = awards.iter().filter_map(|id| Some((*id, alone(&recorded, *id)?)));
        Ok(known.collect())
    }

    /// What was recorded of a learner's awards, credit and memberships.
    pub fn maintenance_history(&self, learner: LearnerId) -> Result<MaintenanceHistory, RegistryError> {
        // What is written between the two readings bears a later time.
        let lines = self.ledger(learner, &LedgerPage::default())?;
        let credit =
            lines.iter().map(|entry| Event { recorded: entry.recorded_at, what: What::Credit(entry.line()) });
        let learner = learner.to_string();
        let (rows, corrections, successions, joined) = self.snapshot(|db| {
            let rows: Vec<Row> = credentials::table
                .inner_join(awards::table)
                .filter(awards::learner_id.eq(&learner).and(credentials::issued_at.is_not_null()))
                .order((awards::awarded_at, awards::id, credentials::issue))
                .select(row!())
                .load(db)?;
            let corrections = corrections_among(db, completions_of(&rows))?;
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
            Ok((rows, corrections, successions, joined))
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
            awards: recorded(rows, &corrections)?,
            successions: successions.into_iter().map(link).collect::<Result<_, _>>()?,
            events,
        })
    }
}

/// Completions, each with the one that it corrects.
type Corrections = HashMap<String, String>;

fn completions_of(rows: &[Row]) -> Vec<String> {
    rows.iter().map(|((_, completion, ..), _)| completion.clone()).collect()
}

fn corrections_among(db: &mut Db, completions: Vec<String>) -> Result<Corrections, RegistryError> {
    let found: Vec<(String, String)> = completion_corrections::table
        .filter(completion_corrections::completion_id.eq_any(completions))
        .select((completion_corrections::completion_id, completion_corrections::corrects_id))
        .load(db)?;
    Ok(found.into_iter().collect())
}

/// Reads also what the awards of `rows` correct, and what that corrects.
fn with_corrected(db: &mut Db, rows: &mut Vec<Row>) -> Result<Corrections, RegistryError> {
    let mut all = Corrections::new();
    let mut known: HashSet<String> = completions_of(rows).into_iter().collect();
    let mut asked: Vec<String> = known.iter().cloned().collect();
    while !asked.is_empty() {
        let found = corrections_among(db, asked)?;
        asked = found.values().filter(|corrected| known.insert((*corrected).clone())).cloned().collect();
        all.extend(found);
        let corrected: Vec<Row> = if asked.is_empty() {
            Vec::new()
        } else {
            credentials::table
                .inner_join(awards::table)
                .filter(awards::completion_id.eq_any(&asked).and(credentials::issued_at.is_not_null()))
                .order((credentials::award_id, credentials::issue))
                .select(row!())
                .load(db)?
        };
        rows.extend(corrected);
    }
    Ok(all)
}

fn recorded(rows: Vec<Row>, corrections: &Corrections) -> Result<BTreeMap<AwardId, Recorded>, RegistryError> {
    let mut awards: BTreeMap<AwardId, Recorded> = BTreeMap::new();
    let mut of_completion: HashMap<String, AwardId> = HashMap::new();
    for ((award, completion, ..), _) in &rows {
        of_completion.insert(completion.clone(), parsed("awards", award, award)?);
    }
    for (
        (award, completion, learner, achievement, awarded),
        (credential, issue, begun, until, issued, revoked),
    ) in rows
    {
        let id = parsed("awards", &award, &award)?;
        let corrects = corrections.get(&completion).and_then(|earlier| of_completion.get(earlier)).copied();
        let term = Term {
            credential: parsed::<CredentialId>("credentials", &credential, &credential)?,
            issue: u32::try_from(issue)
                .map_err(|error| RegistryError::corrupt("credentials", &credential, error))?,
            begun: begun.and_utc(),
            until: until.map(|until| until.and_utc()),
        };
        let achievement = parsed("awards", &award, &achievement)?;
        let awarded = awarded.and_utc();
        let new = || Recorded { learner, corrects, achievement, awarded, terms: Vec::new(), revoked: None };
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
        let mut award = alone(&self.awards, id)?;
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
            let both = own.first_issued().map_or(recorded, |own| own.max(recorded));
            // What was taken back before both were there took no place: what this one corrects
            // is such.
            let stood = other.revoked.is_none_or(|revoked| revoked > both);
            if stood && (is_declared || other.follows(own)) {
                events.push(Event { recorded: both, what: What::Superseded { by: *other_id } });
            }
            events.extend(
                other.revoked.map(|at| Event { recorded: at, what: What::Undone { award: *other_id } }),
            );
        }
        Some(award)
    }
}

/// An award without anything else that was recorded of its holder.
fn alone(awards: &BTreeMap<AwardId, Recorded>, id: AwardId) -> Option<Award> {
    let own = awards.get(&id)?;
    let issued = own.terms.iter();
    let issued = issued.map(|(at, term)| Event { recorded: *at, what: What::Issued(*term) });
    let revoked = own.revoked.map(|at| Event { recorded: at, what: What::Revoked });
    let taken = own.first_issued().zip(taken_over(awards, own));
    let taken = taken.map(|(at, terms)| Event { recorded: at, what: What::TookOver(terms) });
    let events = issued.chain(taken).chain(revoked).collect();
    Some(Award { id, achievement: own.achievement.clone(), awarded: own.awarded, events })
}

/// The terms of what an award corrects, up to the one that it took over, if it did.
fn taken_over(awards: &BTreeMap<AwardId, Recorded>, own: &Recorded) -> Option<Vec<Term>> {
    let mut chain = vec![own];
    // Whoever changed the tables may have made a circle of them.
    while let Some(earlier) = chain.last().and_then(|later| awards.get(&later.corrects?))
        && chain.len() <= awards.len()
    {
        chain.push(earlier);
    }
    let mut terms: Option<Vec<Term>> = None;
    for pair in chain.windows(2).rev() {
        let [later, earlier] = pair else { continue };
        let all = continued(terms.take().unwrap_or_default(), earlier.terms().collect());
        terms = later.place_in(earlier, &all).and_then(|running| Some(all.get(..=running)?.to_vec()));
    }
    terms
}

impl Recorded {
    fn terms(&self) -> impl Iterator<Item = Term> {
        self.terms.iter().map(|(_, term)| *term)
    }

    /// Which of the terms of the award that this one corrects it took over: the latest
    /// that ends when its own first one does.
    fn place_in(&self, earlier: &Self, terms: &[Term]) -> Option<usize> {
        let same = self.learner == earlier.learner && self.achievement == earlier.achievement;
        let first = self.terms().next().filter(|_| same)?;
        terms.iter().rposition(|term| term.until == first.until)
    }

    fn first_issued(&self) -> Option<DateTime<Utc>> {
        self.terms.iter().map(|(issued, _)| *issued).min()
    }

    /// Whether it is the same achievement, earned again later.
    fn follows(&self, earlier: &Self) -> bool {
        self.achievement == earlier.achievement && self.awarded > earlier.awarded
    }
}
