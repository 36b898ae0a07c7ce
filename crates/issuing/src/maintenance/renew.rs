//! An award in another credential: the same road as the first, stored before it is
//! signed.

use std::sync::Arc;

use model::{
    completion::{Completion, StatedEvidence},
    id::{AwardId, CredentialId},
    maintenance::{Renewed, Standing, renewed, standing},
};
use registry::{Condition, Intake, Issued, RenewalOutcome, Source, Validity};

use crate::{Caller, IssuingError, Service, accept::grant, badge::Badge};

/// The name under which renewals that happen by themselves are recorded.
const BY_RULE: &str = "lanyard";

/// Why a badge was not renewed.
#[derive(Debug, thiserror::Error)]
pub enum RenewError {
    /// There is no such badge that the caller may know of.
    #[error("there is no such credential")]
    NotFound,
    /// It cannot be renewed now: there is no way, it is not open, or something is
    /// missing. The standing says which.
    #[error("the credential cannot be renewed now")]
    NotRipe(Box<Standing>),
    /// It is being renewed at this moment. Nobody's fault: ask again in a second.
    #[error("the credential is being renewed at this moment")]
    InFlight,
    /// Our own fault or the database's.
    #[error("{0}")]
    Internal(Arc<IssuingError>),
}

impl<E: Into<IssuingError>> From<E> for RenewError {
    fn from(error: E) -> Self {
        Self::Internal(Arc::new(error.into()))
    }
}

/// What became of a renewal.
pub(super) enum Made {
    Issued(Box<Issued>),
    /// Somebody else makes it, or made it; or it waits to be signed.
    Elsewhere,
}

impl Service {
    /// Renews the award behind a credential, or reinstates it, because somebody asks for
    /// it. All that the policy asks must be there.
    pub fn renew(&self, caller: &Caller, id: CredentialId) -> Result<Issued, RenewError> {
        let record = self.registry.credential(id)?.ok_or(RenewError::NotFound)?;
        if !caller.acts_for(&record.provider) {
            return Err(RenewError::NotFound);
        }
        let (policies, award) = self.recorded_award(&record)?;
        let (award, now) = (award.ok_or(RenewError::NotFound)?, self.clock.now());
        let Some(ripe) = renewed(&policies, &award, now) else {
            let standing = standing(&policies, &award, now).ok_or(RenewError::NotFound)?;
            return Err(RenewError::NotRipe(Box::new(standing)));
        };
        match self.make_renewal(award.id, ripe)? {
            Made::Issued(issued) => Ok(*issued),
            Made::Elsewhere => Err(RenewError::InFlight),
        }
    }

    /// Stores the intent of an award's next credential, signs it and makes it visible.
    pub(super) fn make_renewal(&self, award: AwardId, ripe: Renewed) -> Result<Made, IssuingError> {
        let Some(renewable) = self.registry.renewable(award)? else { return Ok(Made::Elsewhere) };
        let (slug, version) = (&renewable.achievement, &renewable.achievement_version);
        let achievement = self
            .registry
            .achievement_version(slug, version)?
            .ok_or_else(|| IssuingError::Catalogue(format!("`{slug}` {version} has gone")))?;
        let (catalogue, endorsements) = self.catalogue_and_endorsements()?;
        let policies = self.policies()?;
        let (keys, now) = (self.vault.keys(), self.clock.now());
        let badge = Badge::of(&achievement, (&catalogue, &endorsements), &self.site, &policies, &keys, now)?;
        let completion = self.with_earlier(&renewable.completion, award)?;
        let intake = Intake {
            client: BY_RULE.to_owned(),
            provider: renewable.provider.clone(),
            completion: &completion,
            source: Source::Completion,
            idempotency: None,
            condition: Condition::None,
            grant: Ok(grant(&achievement, renewable.credit.clone())),
            validity: Validity::OfItsOwn,
        };
        let mut build = |allocation: &_| {
            let written = badge.intent_until(&intake, &renewable.credit, allocation, ripe.until);
            written.map(|(intent, _)| intent)
        };
        let outcome = self.registry.begin_renewal(
            &renewable,
            &achievement.issuer,
            ripe.issue,
            &mut build,
            now,
            self.entropy.as_ref(),
        )?;
        let pending = match outcome {
            RenewalOutcome::Begun(pending) => pending,
            RenewalOutcome::InFlight(_) | RenewalOutcome::Changed => return Ok(Made::Elsewhere),
            RenewalOutcome::Refused(faults) => {
                let codes: Vec<_> = faults.iter().map(|fault| fault.code).collect();
                return Err(IssuingError::Catalogue(format!(
                    "the renewal of `{slug}` is refused: {codes:?}"
                )));
            }
        };
        match self.finish(&[&pending]).issued.remove(&pending.credential_id()) {
            Some(Ok(issued)) => Ok(Made::Issued(Box::new(issued))),
            Some(Err(error)) => {
                tracing::warn!(credential.id = %pending.credential_id(), %error, "a renewal is signed later");
                Ok(Made::Elsewhere)
            }
            None => Ok(Made::Elsewhere),
        }
    }

    /// What was stated, and the credential that this one follows.
    fn with_earlier(&self, stated: &Completion, award: AwardId) -> Result<Completion, IssuingError> {
        let mut completion = stated.clone();
        let earlier = self.registry.issues_of(award)?;
        completion.evidence.extend(earlier.last().map(|earlier| StatedEvidence {
            url: Some(self.site.credential(*earlier)),
            name: Some("The credential before this one".to_owned()),
            narrative: Some(
                "This credential renews it, for the same award. It stays valid to its own end.".to_owned(),
            ),
        }));
        Ok(completion)
    }
}
