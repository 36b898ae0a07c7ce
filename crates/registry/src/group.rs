//! Teams and boards, and whom their badges name.

use std::collections::BTreeMap;

use diesel::prelude::*;
use model::{completion::Completion, id::LearnerId};

use crate::{
    Registry, RegistryError,
    error::parsed,
    schema::completions,
    sealing::{self, COMPLETION},
};

/// Completions that are opened at the same time.
const AT_ONCE: i64 = 1000;

impl Registry {
    /// The teams and boards that a completion states with a member of that name, in whatever
    /// case, each with its own name. Members are names and nothing more, sealed under the
    /// group's key: nothing leads from a person to the groups that name them but this, which
    /// opens every completion of everybody who is not erased.
    pub fn groups_naming(&self, member: &str) -> Result<BTreeMap<LearnerId, String>, RegistryError> {
        let member = member.trim().to_lowercase();
        let mut found = BTreeMap::new();
        let mut after = String::new();
        loop {
            let opened = self.snapshot(|db| {
                let rows: Vec<(String, String, String)> = completions::table
                    .filter(completions::id.gt(&after))
                    .order(completions::id)
                    .limit(AT_ONCE)
                    .select((completions::id, completions::learner_id, completions::body))
                    .load(db)?;
                let learners = rows.iter().map(|(_, learner, _)| learner.as_str());
                let keys = sealing::known(db, self.wrapping(), learners)?;
                Ok((rows, keys))
            })?;
            let (rows, keys) = opened;
            let Some((last, ..)) = rows.last() else { return Ok(found) };
            after.clone_from(last);
            for (id, learner, body) in &rows {
                let Some(key) = keys.get(learner) else { continue };
                let stated = sealing::read_json::<Completion>(Some(key), COMPLETION, id, body)?.learner;
                let members = stated.group.map(|group| group.members).unwrap_or_default();
                if members.iter().any(|one| one.to_lowercase() == member) {
                    found.insert(parsed("completions", id, learner)?, stated.name);
                }
            }
        }
    }
}
