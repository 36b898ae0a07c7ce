//! The two transactions of an issuance, and the signature between them.

use std::{collections::HashMap, slice, sync::Arc};

use model::id::CredentialId;
use registry::{BeginOutcome, Intake, Issued, Pending};
use signing::Recorded;

use crate::{IssuingError, Service, badge::Badge, recorded::Stored};

/// What became of stored intents.
pub(crate) type Finished = HashMap<CredentialId, Result<Issued, Arc<IssuingError>>>;

impl Service {
    /// The first transaction: what is to be signed is stored. `badges` are those
    /// of `intakes`, none where nothing is granted; one outcome an intake.
    pub(crate) fn begin(
        &self,
        intakes: &[Intake<'_>],
        badges: &[Option<Badge<'_>>],
    ) -> Result<Vec<BeginOutcome>, IssuingError> {
        if intakes.is_empty() {
            return Ok(Vec::new());
        }
        let mut build = |row: usize, allocation: &_| {
            let (Some(intake), Some(Some(badge))) = (intakes.get(row), badges.get(row)) else {
                return Err(Vec::new());
            };
            let grant = intake.grant.as_ref().map_err(Clone::clone)?;
            badge.intent(intake, &grant.credit, allocation)
        };
        Ok(self.registry.begin_issuance(intakes, &mut build, self.clock.now(), self.entropy.as_ref())?)
    }

    /// The second transaction: what was stored is signed and made visible.
    /// All together; where that fails, one by one, so that one faulty row does
    /// not stand in the way of the others. What is not issued here, the
    /// reconciler tries again.
    pub(crate) fn finish(&self, begun: &[&Pending]) -> Finished {
        match self.finish_together(begun) {
            Ok(issued) => issued.into_iter().map(|issued| (issued.credential_id, Ok(issued))).collect(),
            Err(error) if begun.len() > 1 && !error.is_temporary() => {
                begun.iter().flat_map(|one| self.finish(slice::from_ref(one))).collect()
            }
            Err(error) => {
                let error = Arc::new(error);
                begun.iter().map(|one| (one.credential_id(), Err(Arc::clone(&error)))).collect()
            }
        }
    }

    fn finish_together(&self, begun: &[&Pending]) -> Result<Vec<Issued>, IssuingError> {
        if begun.is_empty() {
            return Ok(Vec::new());
        }
        let keys = self.vault.keys();
        let finished = begun
            .iter()
            .map(|pending| {
                let signed = Recorded::of(&Stored(pending)).sign(&keys, &self.site)?;
                Ok(registry::Finished {
                    credential_id: pending.credential_id(),
                    data_integrity: signed.data_integrity,
                    vc_jwt: signed.vc_jwt,
                })
            })
            .collect::<Result<Vec<_>, IssuingError>>()?;
        Ok(self.registry.complete_issuance(&finished, self.clock.now(), self.entropy.as_ref())?)
    }
}
