//! What a completion corrected, and what it was corrected to.

use diesel::prelude::*;
use model::id::{CompletionId, CredentialId, Slug};

use crate::{
    Registry, RegistryError,
    db::Db,
    error::parsed,
    schema::{awards, completion_corrections, credentials},
};

/// The credentials before and after that of a completion.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lineage {
    /// That of the completion it corrects.
    pub supersedes: Option<Relative>,
    /// That of its last correction that is visible.
    pub superseded_by: Option<Relative>,
}

/// A credential before or after another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relative {
    /// The credential.
    pub credential_id: CredentialId,
    /// What it awards.
    pub achievement: Slug,
    /// Whether it is of the same learner. To whoever holds another's, its address is not
    /// told: who has the address sees the badge.
    pub same_holder: bool,
}

/// A step to a completion: its id, its learner, what it awards and its credential.
type Step = (String, String, String, String);

impl Registry {
    /// What a completion corrects and what it was corrected to, as far as that is visible.
    pub fn lineage(&self, completion: CompletionId) -> Result<Lineage, RegistryError> {
        let completion = completion.to_string();
        self.read(|db| {
            let learner: Option<String> = awards::table
                .filter(awards::completion_id.eq(&completion))
                .select(awards::learner_id)
                .first(db)
                .optional()?;
            let Some(learner) = learner else { return Ok(Lineage::default()) };
            let supersedes = before(db, &completion)?;
            let (mut last, mut seen) = (None, vec![completion]);
            while let Some(step) = seen.last().map(|at| after(db, at)).transpose()?.flatten() {
                if seen.contains(&step.0) {
                    break;
                }
                seen.push(step.0.clone());
                last = Some(step);
            }
            let relative = |step: Step| relative(&learner, step);
            Ok(Lineage {
                supersedes: supersedes.map(relative).transpose()?,
                superseded_by: last.map(relative).transpose()?,
            })
        })
    }
}

fn before(db: &mut Db, completion: &str) -> Result<Option<Step>, RegistryError> {
    Ok(completion_corrections::table
        .inner_join(awards::table.on(awards::completion_id.eq(completion_corrections::corrects_id)))
        .inner_join(credentials::table.on(credentials::award_id.eq(awards::id)))
        .filter(completion_corrections::completion_id.eq(completion))
        .filter(credentials::issued_at.is_not_null())
        .order(credentials::issue.desc())
        .select((awards::completion_id, awards::learner_id, awards::achievement, credentials::id))
        .first(db)
        .optional()?)
}

fn after(db: &mut Db, completion: &str) -> Result<Option<Step>, RegistryError> {
    Ok(completion_corrections::table
        .inner_join(awards::table.on(awards::completion_id.eq(completion_corrections::completion_id)))
        .inner_join(credentials::table.on(credentials::award_id.eq(awards::id)))
        .filter(completion_corrections::corrects_id.eq(completion))
        .filter(credentials::issued_at.is_not_null())
        .order(credentials::issue.desc())
        .select((awards::completion_id, awards::learner_id, awards::achievement, credentials::id))
        .first(db)
        .optional()?)
}

/// The credential of the last correction of a completion, visible or not.
pub(crate) fn last_correction(db: &mut Db, completion: &str) -> Result<Option<CredentialId>, RegistryError> {
    let (mut last, mut seen) = (None, vec![completion.to_owned()]);
    while let Some(at) = seen.last() {
        let next: Option<(String, String)> = completion_corrections::table
            .inner_join(awards::table.on(awards::completion_id.eq(completion_corrections::completion_id)))
            .inner_join(credentials::table.on(credentials::award_id.eq(awards::id)))
            .filter(completion_corrections::corrects_id.eq(at))
            .order(credentials::issue.desc())
            .select((completion_corrections::completion_id, credentials::id))
            .first(db)
            .optional()?;
        // Whoever changed the tables may have made a circle of them.
        let Some((completion, credential)) = next.filter(|(id, _)| !seen.contains(id)) else { break };
        last = Some(parsed("credentials", &credential, &credential)?);
        seen.push(completion);
    }
    Ok(last)
}

fn relative(learner: &str, step: Step) -> Result<Relative, RegistryError> {
    let (_, whose, achievement, credential) = step;
    Ok(Relative {
        credential_id: parsed("credentials", &credential, &credential)?,
        achievement: parsed("awards", &credential, &achievement)?,
        same_holder: whose == learner,
    })
}
