//! The two transactions of an issuance, and the signature between them.

use std::{
    collections::HashMap,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

use chrono::{DateTime, Utc};
use model::id::{AwardId, CredentialId, LearnerId};
use registry::{Allocation, BeginOutcome, Completed, Drafts, Intake, Issued, Pending, Rules};
use signing::{Linted, Recorded, SignedBadge, Way, checked};

use crate::{IssuingError, Service, badge::Badge, programme::OnDay, recorded::Stored};

/// What became of stored intents.
#[derive(Default)]
pub(crate) struct Finished {
    /// Of each credential.
    pub(crate) issued: HashMap<CredentialId, Result<Issued, Arc<IssuingError>>>,
    /// The learners who satisfy a programme by them, each with the award that names the job.
    pub(crate) due: HashMap<LearnerId, AwardId>,
}

/// What the documents of drafts were read as: it spares reading them once more to sign them.
/// Of a group that is larger than [`READ`] nothing is kept.
pub(crate) type Read = HashMap<CredentialId, Linted>;

/// Read, a document takes several times the memory of its text: with a thousand at every step
/// of an import it costs more to go and fetch it there than to read it once more.
const READ: usize = 64;

/// A credential and its signed forms.
pub(crate) type Signed = (CredentialId, Result<registry::Finished, IssuingError>);

impl Service {
    /// Has the documents of the rows written. `badges` are those of `intakes`, none where
    /// nothing is granted.
    pub(crate) fn draft(
        &self,
        intakes: &[Intake<'_>],
        badges: &[Option<Badge<'_>>],
        now: DateTime<Utc>,
    ) -> Result<(Drafts, Read), IssuingError> {
        let mut read = Read::new();
        let mut build = |row: usize, allocation: &Allocation| {
            let (Some(intake), Some(Some(badge))) = (intakes.get(row), badges.get(row)) else {
                return Err(Vec::new());
            };
            let grant = intake.grant.as_ref().map_err(Clone::clone)?;
            let (fields, linted) = badge.intent(intake, &grant.credit, allocation)?;
            if intakes.len() <= READ {
                read.insert(allocation.credential_id, linted);
            }
            Ok(fields)
        };
        let drafts = self.registry.draft_issuance(intakes, &mut build, now, self.entropy.as_ref())?;
        Ok((drafts, read))
    }

    /// The first transaction: what is to be signed is stored. One outcome an intake.
    pub(crate) fn begin(
        &self,
        intakes: &[Intake<'_>],
        drafts: &Drafts,
    ) -> Result<Vec<BeginOutcome>, IssuingError> {
        if intakes.is_empty() {
            return Ok(Vec::new());
        }
        Ok(self.registry.begin_issuance(intakes, drafts, self.entropy.as_ref())?)
    }

    /// The second transaction: what was stored is signed and made visible. What is not
    /// issued here, the reconciler tries again.
    pub(crate) fn finish(&self, begun: &[&Pending]) -> Finished {
        self.complete(self.sign_by(Way::Alone, begun, &Read::new()))
    }

    /// Signs what was stored together, by what the badges have in common. One of them is looked
    /// at by itself too: if that came to anything else, all would be signed each by itself.
    pub(crate) fn sign(&self, begun: &[&Pending], read: &Read) -> Vec<Signed> {
        let keys = self.vault.keys();
        let is_sound = || {
            let Some(pending) = begun.first() else { return Ok(true) };
            Recorded::of(&Stored(pending)).comes_to_the_same(&keys, &self.site)
        };
        let way = match catch_unwind(AssertUnwindSafe(is_sound)) {
            Ok(Ok(true)) => Way::InCommon,
            Ok(Ok(false)) => {
                tracing::error!(
                    "what badges have in common was made out wrongly; they are signed without it"
                );
                Way::Alone
            }
            // Signing it tells what is wrong with it.
            Ok(Err(_)) | Err(_) => Way::Alone,
        };
        self.sign_by(way, begun, read)
    }

    /// Signs what was stored; what befalls one leaves the others alone.
    fn sign_by(&self, way: Way, begun: &[&Pending], read: &Read) -> Vec<Signed> {
        let keys = self.vault.keys();
        let sign = |pending: &Pending| {
            let linted = read.get(&pending.credential_id());
            let sign = || Recorded::of(&Stored(pending)).sign_among(way, linted, &keys, &self.site);
            Ok(catch_unwind(AssertUnwindSafe(sign)).map_err(|_| IssuingError::Panicked)??)
        };
        let signed = checked(begun.iter().map(|pending| sign(pending)).collect());
        let finished = |(pending, signed): (&&Pending, Result<SignedBadge, IssuingError>)| {
            let finished = signed.map(|signed| pending.finished(signed.proof, signed.vc_jwt));
            (pending.credential_id(), finished)
        };
        begun.iter().zip(signed).map(finished).collect()
    }

    /// Makes what was signed visible: all together; where that fails, one by one, so
    /// that one faulty row does not stand in the way of the others.
    pub(crate) fn complete(&self, signed: Vec<Signed>) -> Finished {
        let (mut ready, mut finished) = (Vec::with_capacity(signed.len()), Finished::default());
        for (id, signed) in signed {
            match signed {
                Ok(signed) => ready.push(signed),
                Err(error) => drop(finished.issued.insert(id, Err(Arc::new(error)))),
            }
        }
        // Without the rules every award leaves a job, and the reconciler sees to them.
        match self.programmes() {
            Ok(programmes) => {
                let rules = OnDay { programmes: &programmes, now: self.clock.now() };
                self.complete_all(&ready, &rules, &mut finished);
            }
            Err(_) => self.complete_all(&ready, &registry::Unknown, &mut finished),
        }
        finished
    }

    fn complete_all(&self, ready: &[registry::Finished], rules: &dyn Rules, finished: &mut Finished) {
        if ready.is_empty() {
            return;
        }
        match self.registry.complete_issuance(ready, rules, self.clock.now(), self.entropy.as_ref()) {
            Ok(Completed { issued, due }) => {
                finished.issued.extend(issued.into_iter().map(|issued| (issued.credential_id, Ok(issued))));
                finished.due.extend(due);
            }
            Err(error) => {
                let error = IssuingError::from(error);
                if ready.len() > 1 && !error.is_temporary() {
                    ready.chunks(1).for_each(|one| self.complete_all(one, rules, finished));
                } else {
                    let error = Arc::new(error);
                    let failed = ready.iter().map(|one| (one.credential_id, Err(Arc::clone(&error))));
                    finished.issued.extend(failed);
                }
            }
        }
    }
}
