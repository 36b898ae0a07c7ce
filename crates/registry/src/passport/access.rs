//! Who asked for a holder's core skills or sent some, with consent or without: every attempt
//! is a row that stays as long as the person.

use std::{collections::BTreeSet, iter};

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use model::{
    chance::Entropy,
    core_skills::{CoreSkillsAsk, CoreSkillsTried},
    id::{AccessId, ConsentId, LearnerId, Slug},
    learner::Identifier,
};
use serde::{Deserialize, Serialize};

use super::{
    claim::{ClaimKept, keep},
    consent::{ConsentRecord, Row, purpose_digest},
};
use crate::{
    Registry, RegistryError,
    db::{Db, stored},
    erasure,
    error::parsed,
    issuance::{identifier_digest, take_turn},
    schema::{learner_identifiers, passport_accesses, passport_consents},
    sealing::{self, ACCESS, PersonKey},
};

/// What a system does with core skills.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// It reads them.
    Read,
    /// It sends some.
    Write,
}

impl Reach {
    /// The word for it: `read` or `write`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
        }
    }
}

/// A request for core skills, or one that sends some.
#[derive(Debug, Clone, Copy)]
pub struct CoreSkillsRequest<'a> {
    /// The client that asks.
    pub client: &'a str,
    /// Whether it reads or writes.
    pub reach: Reach,
    /// What it asks or sends.
    pub ask: &'a CoreSkillsAsk,
}

/// That a request has its holder's consent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Granted {
    /// The holder.
    pub learner: LearnerId,
    /// The consent.
    pub consent: ConsentRecord,
    /// What became of what was sent, in its order.
    pub kept: Vec<ClaimKept>,
}

/// An access as its holder sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessRecord {
    /// The access.
    pub id: AccessId,
    /// The client.
    pub client: String,
    /// `read` or `write`.
    pub kind: String,
    /// The consent it had; `None` if it was refused for want of one.
    pub consent: Option<ConsentId>,
    /// When.
    pub at: DateTime<Utc>,
    /// Whether it was refused because something was wrong with it, before a consent was
    /// looked for.
    pub invalid: bool,
    /// What it was for, as the client said, if that could be read.
    pub purpose: Option<Slug>,
    /// The subjects: those asked for (all if there are none), or those sent.
    pub subjects: Vec<Slug>,
}

#[derive(Serialize, Deserialize)]
struct Sealed {
    purpose: Option<Slug>,
    subjects: Vec<Slug>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    invalid: bool,
}

/// Stands for a person whom nobody knows.
const NOBODY: &str = "nobody";

/// An attempt, as it is written.
struct Attempt<'a> {
    client: &'a str,
    reach: Reach,
    consent: Option<&'a ConsentRecord>,
    sealed: Sealed,
}

impl Registry {
    /// Looks for the consent that a request needs, keeps what it sends if there is one, and
    /// writes in either case who tried what, all in one transaction. `None` without a
    /// consent, or if the identifiers do not name one person: which of them is not told.
    pub fn ask_core_skills(
        &self,
        request: CoreSkillsRequest<'_>,
        now: DateTime<Utc>,
        entropy: &dyn Entropy,
    ) -> Result<Option<Granted>, RegistryError> {
        self.write(|db| {
            // Every step is taken for nobody too, so that how long it takes does not tell
            // whether there is such a person.
            let learner = self.named(db, &request.ask.identifiers)?;
            let who = learner.as_deref().unwrap_or(NOBODY);
            take_turn(db, iter::once(who.to_owned()))?;
            let key = self.key_for(db, learner.as_deref(), entropy)?;
            let consent = self.consent_for(db, (who, &key), request, now)?;
            let CoreSkillsTried { purpose, subjects, .. } = request.ask.tried();
            let attempt = Attempt {
                client: request.client,
                reach: request.reach,
                consent: consent.as_ref(),
                sealed: Sealed { purpose, subjects, invalid: false },
            };
            note(db, (learner.as_deref(), &key), &attempt, now, entropy)?;
            let (Some(learner), Some(consent)) = (learner, consent) else { return Ok(None) };
            let kept = match request.reach {
                Reach::Read => Vec::new(),
                Reach::Write => {
                    let sender = (learner.as_str(), request.client);
                    keep(self, db, sender, &request.ask.skills, now, entropy)?
                }
            };
            Ok(Some(Granted { learner: parsed("learners", &learner, &learner)?, consent, kept }))
        })
    }

    /// Writes that a client reached for core skills by a request that was refused for what is
    /// wrong with it, where whom it names sees it.
    pub fn note_core_skills(
        &self,
        (client, reach): (&str, Reach),
        tried: &CoreSkillsTried,
        now: DateTime<Utc>,
        entropy: &dyn Entropy,
    ) -> Result<(), RegistryError> {
        let CoreSkillsTried { identifiers, purpose, subjects } = tried.clone();
        let sealed = Sealed { purpose, subjects, invalid: true };
        let attempt = Attempt { client, reach, consent: None, sealed };
        self.write(|db| {
            let learner = self.named(db, &identifiers)?;
            take_turn(db, iter::once(learner.as_deref().unwrap_or(NOBODY).to_owned()))?;
            let key = self.key_for(db, learner.as_deref(), entropy)?;
            note(db, (learner.as_deref(), &key), &attempt, now, entropy)
        })
    }

    /// The latest accesses of a holder's core skills, at most `limit`, older than `before`.
    pub fn accesses(
        &self,
        learner: LearnerId,
        before: Option<AccessId>,
        limit: u32,
    ) -> Result<Vec<AccessRecord>, RegistryError> {
        type Columns = (String, String, String, Option<String>, NaiveDateTime, String);
        let learner = learner.to_string();
        self.read(|db| {
            erasure::refuse(db, &learner)?;
            let mut query = passport_accesses::table
                .filter(passport_accesses::learner_id.eq(&learner))
                .order(passport_accesses::id.desc())
                .limit(limit.into())
                .select((
                    passport_accesses::id,
                    passport_accesses::client,
                    passport_accesses::kind,
                    passport_accesses::consent_id,
                    passport_accesses::at,
                    passport_accesses::body,
                ))
                .into_boxed();
            if let Some(before) = before {
                query = query.filter(passport_accesses::id.lt(before.to_string()));
            }
            let rows: Vec<Columns> = query.load(db)?;
            if rows.is_empty() {
                return Ok(Vec::new());
            }
            let key = sealing::of(db, self.wrapping(), &learner)?;
            let read = |(id, client, kind, consent, at, body): Columns| {
                let Sealed { purpose, subjects, invalid } =
                    sealing::read_json(Some(&key), ACCESS, &id, &body)?;
                let consent = consent.map(|consent| parsed("passport_accesses", &id, &consent));
                Ok(AccessRecord {
                    id: parsed("passport_accesses", &id, &id)?,
                    client,
                    kind,
                    consent: consent.transpose()?,
                    at: at.and_utc(),
                    invalid,
                    purpose,
                    subjects,
                })
            };
            rows.into_iter().map(read).collect()
        })
    }

    /// The one person whom every identifier names. An email address that two share names
    /// neither.
    fn named(&self, db: &mut Db, identifiers: &[Identifier]) -> Result<Option<String>, RegistryError> {
        let mut people: Option<BTreeSet<String>> = None;
        for one in identifiers {
            let holders: Vec<String> = learner_identifiers::table
                .filter(learner_identifiers::digest.eq(identifier_digest(one, self.digests())))
                .select(learner_identifiers::learner_id)
                .load(db)?;
            let holders: BTreeSet<String> = holders.into_iter().collect();
            people = Some(match people {
                None => holders,
                Some(people) => people.intersection(&holders).cloned().collect(),
            });
        }
        let people = people.unwrap_or_default();
        Ok(people.into_iter().reduce(|_, _| String::new()).filter(|one| !one.is_empty()))
    }

    /// The learner's key; for nobody one that opens nothing.
    fn key_for(
        &self,
        db: &mut Db,
        learner: Option<&str>,
        entropy: &dyn Entropy,
    ) -> Result<PersonKey, RegistryError> {
        let (thrown_away, _) = self.wrapping().fresh(NOBODY, entropy)?;
        match learner {
            Some(learner) => sealing::of(db, self.wrapping(), learner),
            None => sealing::known(db, self.wrapping(), [NOBODY]).map(|_| thrown_away),
        }
    }

    /// The consent that stands for this request, if one does.
    fn consent_for(
        &self,
        db: &mut Db,
        (learner, key): (&str, &PersonKey),
        request: CoreSkillsRequest<'_>,
        now: DateTime<Utc>,
    ) -> Result<Option<ConsentRecord>, RegistryError> {
        let purpose = purpose_digest(self.digests(), learner, &request.ask.purpose);
        let rows: Vec<Row> = passport_consents::table
            .filter(passport_consents::learner_id.eq(learner))
            .filter(passport_consents::client.eq(request.client))
            .filter(passport_consents::purpose_digest.eq(purpose))
            .filter(passport_consents::withdrawn_at.is_null())
            .filter(passport_consents::ends_at.gt(stored(now)))
            .order(passport_consents::id.desc())
            .select(Row::as_select())
            .load(db)?;
        let wanted = request.ask.tried().subjects;
        for row in rows {
            let consent = row.read(key)?;
            let reaches = match request.reach {
                Reach::Read => consent.stated.reads,
                Reach::Write => consent.stated.writes,
            };
            let held = &consent.stated.subjects;
            if reaches && (held.is_empty() || wanted.iter().all(|one| held.contains(one))) {
                return Ok(Some(consent));
            }
        }
        Ok(None)
    }
}

/// Writes an attempt, sealed; of nobody nothing is kept but that it was made.
fn note(
    db: &mut Db,
    (learner, key): (Option<&str>, &PersonKey),
    attempt: &Attempt<'_>,
    now: DateTime<Utc>,
    entropy: &dyn Entropy,
) -> Result<(), RegistryError> {
    let id = AccessId::ordered(now, entropy).to_string();
    let body = key.seal(ACCESS, &id, &super::json("passport_accesses", &attempt.sealed)?, entropy)?;
    let body = learner.map_or_else(String::new, |_| body);
    let row = (
        passport_accesses::id.eq(id),
        passport_accesses::learner_id.eq(learner),
        passport_accesses::client.eq(attempt.client),
        passport_accesses::kind.eq(attempt.reach.as_str()),
        passport_accesses::consent_id.eq(attempt.consent.map(|consent| consent.id.to_string())),
        passport_accesses::at.eq(stored(now)),
        passport_accesses::body.eq(body),
    );
    diesel::insert_into(passport_accesses::table).values(row).execute(db)?;
    Ok(())
}
