//! Core skills that other systems sent: claims of their origin. They are no awards, and
//! nothing counts by them.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use model::{
    chance::Entropy,
    core_skills::StatedCoreSkill,
    id::{CoreSkillClaimId, LearnerId},
};

use crate::{
    Registry, RegistryError,
    db::{Db, stored},
    erasure,
    error::parsed,
    schema::passport_claims,
    sealing::{self, CLAIM},
};

/// What became of a core skill that was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClaimKept {
    /// It is new.
    New(CoreSkillClaimId),
    /// It was sent before, as it is.
    Unchanged(CoreSkillClaimId),
    /// It was sent before with other content, in whose place it stands now.
    Replaced(CoreSkillClaimId),
}

/// A core skill that another system sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimRecord {
    /// The claim.
    pub id: CoreSkillClaimId,
    /// The client that sent it.
    pub client: String,
    /// What it sent.
    pub stated: StatedCoreSkill,
    /// When, for the last time with this content.
    pub received: DateTime<Utc>,
}

impl Registry {
    /// What other systems sent of a learner's core skills, in the order in which it came.
    pub fn core_skill_claims(&self, learner: LearnerId) -> Result<Vec<ClaimRecord>, RegistryError> {
        type Columns = (String, String, String, NaiveDateTime);
        let learner = learner.to_string();
        self.read(|db| {
            erasure::refuse(db, &learner)?;
            let rows: Vec<Columns> = passport_claims::table
                .filter(passport_claims::learner_id.eq(&learner))
                .order((passport_claims::received_at, passport_claims::id))
                .select((
                    passport_claims::id,
                    passport_claims::client,
                    passport_claims::body,
                    passport_claims::received_at,
                ))
                .load(db)?;
            if rows.is_empty() {
                return Ok(Vec::new());
            }
            let key = sealing::of(db, self.wrapping(), &learner)?;
            let read = |(id, client, body, received): Columns| {
                let stated = sealing::read_json(Some(&key), CLAIM, &id, &body)?;
                let id = parsed("passport_claims", &id, &id)?;
                Ok(ClaimRecord { id, client, stated, received: received.and_utc() })
            };
            rows.into_iter().map(read).collect()
        })
    }
}

/// Keeps what a client sent of a learner, each under the reference that the client gave it.
pub(super) fn keep(
    registry: &Registry,
    db: &mut Db,
    (learner, client): (&str, &str),
    skills: &[StatedCoreSkill],
    now: DateTime<Utc>,
    entropy: &dyn Entropy,
) -> Result<Vec<ClaimKept>, RegistryError> {
    let key = sealing::of(db, registry.wrapping(), learner)?;
    let mut kept = Vec::with_capacity(skills.len());
    for skill in skills {
        let reference = skill.claim.unique_identifier.as_bytes();
        let parts = [learner.as_bytes(), client.as_bytes(), reference];
        let name = registry.digests().text("core skill claim", &parts);
        let text = super::json("passport_claims", skill)?;
        let content =
            registry.digests().text("core skill claim content", &[name.as_bytes(), text.as_bytes()]);
        let held: Option<(String, String)> = passport_claims::table
            .filter(passport_claims::name_digest.eq(&name))
            .select((passport_claims::id, passport_claims::content_digest))
            .first(db)
            .optional()?;
        let (id, is_new) = match held {
            Some((id, held)) if held == content => {
                kept.push(ClaimKept::Unchanged(parsed("passport_claims", &id, &id)?));
                continue;
            }
            Some((id, _)) => (parsed("passport_claims", &id, &id)?, false),
            None => (CoreSkillClaimId::ordered(now, entropy), true),
        };
        let row_id = id.to_string();
        let values = (
            passport_claims::content_digest.eq(content),
            passport_claims::body.eq(key.seal(CLAIM, &row_id, &text, entropy)?),
            passport_claims::received_at.eq(stored(now)),
        );
        if is_new {
            let names = (
                passport_claims::id.eq(&row_id),
                passport_claims::learner_id.eq(learner),
                passport_claims::client.eq(client),
                passport_claims::name_digest.eq(name),
            );
            diesel::insert_into(passport_claims::table).values((names, values)).execute(db)?;
            kept.push(ClaimKept::New(id));
        } else {
            diesel::update(passport_claims::table.find(&row_id)).set(values).execute(db)?;
            kept.push(ClaimKept::Replaced(id));
        }
    }
    Ok(kept)
}
