//! Erasing a person, and remembering it away from the database: an old backup brings
//! people back who asked to be forgotten.

use std::collections::BTreeSet;

use model::id::LearnerId;
use registry::{Erasure, Registry};
use signing::Vault;

use crate::{Caller, IssuingError, Service};

/// The name under which erasures are recorded that an old backup had undone.
const AGAIN: &str = "lanyard";

impl Service {
    /// Erases a learner, for good; with `revoke` their badges are revoked as well. The
    /// vault is told, and the files of the database are made to forget. `None` when there
    /// is no such learner.
    pub fn erase(
        &self,
        caller: &Caller,
        learner: LearnerId,
        revoke: bool,
    ) -> Result<Option<Erasure>, IssuingError> {
        self.erase_as(&caller.client, learner, revoke)
    }

    /// Erases again whom the vault remembers as erased and the database has back. Returns
    /// how many there were. What the database holds and the vault does not remember yet,
    /// it is told.
    pub fn erase_again(&self) -> Result<usize, IssuingError> {
        let undone = undone_erasures(&self.registry, &self.vault)?;
        for learner in &undone {
            self.erase_as(AGAIN, *learner, false)?;
        }
        self.remember_erasures()?;
        Ok(undone.len())
    }

    fn erase_as(
        &self,
        client: &str,
        learner: LearnerId,
        revoke: bool,
    ) -> Result<Option<Erasure>, IssuingError> {
        let (now, entropy) = (self.clock.now(), self.entropy.as_ref());
        let Some(erasure) = self.registry.erase(learner, revoke, client, now, entropy)? else {
            return Ok(None);
        };
        // They are erased. What fails from here on is made good at the next start, and by
        // asking again.
        self.remember_erasures()?;
        self.registry.scrub()?;
        Ok(Some(erasure))
    }

    fn remember_erasures(&self) -> Result<(), IssuingError> {
        let known = remembered(&self.registry, &self.vault)?;
        let all: BTreeSet<LearnerId> = known.union(&self.registry.erased()?).copied().collect();
        if all.len() > known.len() {
            let lines: String = all.iter().map(|one| self.registry.erasure_note(*one) + "\n").collect();
            self.vault.keep_erased(&lines, self.entropy.as_ref())?;
        }
        Ok(())
    }
}

/// Whom the vault remembers as erased and the database has back.
pub fn undone_erasures(registry: &Registry, vault: &Vault) -> Result<Vec<LearnerId>, IssuingError> {
    Ok(registry.not_erased(&remembered(registry, vault)?)?)
}

/// Whom the vault remembers. A line that the registry did not write erases nobody.
fn remembered(registry: &Registry, vault: &Vault) -> Result<BTreeSet<LearnerId>, IssuingError> {
    let lines = vault.erased()?.unwrap_or_default();
    Ok(lines.lines().filter_map(|line| registry.read_erasure_note(line)).collect())
}
