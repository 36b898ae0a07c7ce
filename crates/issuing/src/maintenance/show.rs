//! How awards stand, now or at an earlier moment.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use model::{
    id::{AwardId, CredentialId, LearnerId, Slug},
    maintenance::{Award, Policies, Standing, standing},
};
use registry::CredentialRecord;

use crate::{IssuingError, Service};

/// How one award stood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Maintained {
    /// The award.
    pub award_id: AwardId,
    /// What was achieved.
    pub achievement: Slug,
    /// How it stood.
    pub standing: Standing,
}

/// How awards stood at a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Maintenance {
    /// The moment.
    pub at: DateTime<Utc>,
    /// Each award that ends, or has a policy, the one that ends first first.
    pub awards: Vec<Maintained>,
}

impl Service {
    /// How the award behind a credential stood at `as_of`, or stands now. `None` if there
    /// is no such credential, or its award had not been issued by then.
    pub fn maintenance(
        &self,
        id: CredentialId,
        as_of: Option<DateTime<Utc>>,
    ) -> Result<Option<Maintenance>, IssuingError> {
        let Some(record) = self.registry.credential(id)? else { return Ok(None) };
        self.maintenance_of_record(&record, as_of)
    }

    /// The same of a credential that was read already.
    pub fn maintenance_of_record(
        &self,
        record: &CredentialRecord,
        as_of: Option<DateTime<Utc>>,
    ) -> Result<Option<Maintenance>, IssuingError> {
        let at = self.moment(as_of);
        let (policies, award) = self.recorded_award(record)?;
        let found = award.and_then(|award| maintained(&policies, &award, at));
        Ok(found.map(|one| Maintenance { at, awards: vec![one] }))
    }

    /// How a learner's awards stood at `as_of`, or stand now; those of one provider alone
    /// where it is given. `None` if there is no such learner, or none of that provider.
    pub fn maintenance_of_learner(
        &self,
        learner: LearnerId,
        provider: Option<&Slug>,
        as_of: Option<DateTime<Utc>>,
    ) -> Result<Option<Maintenance>, IssuingError> {
        let at = self.moment(as_of);
        let mut own = self.registry.awards_of(learner)?;
        own.retain(|award| provider.is_none_or(|provider| award.provider == *provider));
        if own.is_empty() && (provider.is_some() || self.registry.learner(learner)?.is_none()) {
            return Ok(None);
        }
        self.catalogue()?;
        let policies = self.policies()?;
        let history = self.registry.maintenance_history(learner)?;
        let each = own.iter().filter_map(|one| maintained(&policies, &history.award(one.award_id)?, at));
        let mut awards: Vec<Maintained> =
            each.filter(|one| one.standing.policy.is_some() || one.standing.term.until.is_some()).collect();
        awards.sort_by_key(|one| (one.standing.term.until.is_none(), one.standing.term.until));
        Ok(Some(Maintenance { at, awards }))
    }

    /// The award behind a credential with what was recorded of it, and the policies.
    pub(super) fn recorded_award(
        &self,
        record: &CredentialRecord,
    ) -> Result<(Arc<Policies>, Option<Award>), IssuingError> {
        self.catalogue()?;
        let history = self.registry.maintenance_history(record.learner_id)?;
        Ok((self.policies()?, history.award(record.award_id)))
    }

    /// Nobody knows what is still to come.
    fn moment(&self, as_of: Option<DateTime<Utc>>) -> DateTime<Utc> {
        let now = self.clock.now();
        as_of.map_or(now, |as_of| as_of.min(now))
    }
}

fn maintained(policies: &Policies, award: &Award, at: DateTime<Utc>) -> Option<Maintained> {
    let standing = standing(policies, award, at)?;
    Some(Maintained { award_id: award.id, achievement: award.achievement.clone(), standing })
}
