//! What maintenance does by itself: it renews what is ripe and tells holders what is to
//! come.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use model::{
    id::{AwardId, LearnerId},
    maintenance::{Award, Policies, State, concerned_from, next_change, notices, renewed, standing},
};
use registry::{Looked, RegistryError, Told, WakingAward};

use crate::{IssuingError, Service, maintenance::renew::Made};

/// How many awards are looked at together.
const BATCH: u32 = 200;

/// How many batches one call looks at: the rest is for the next.
const ROUNDS: usize = 50;

/// When what failed is tried again.
const LATER: TimeDelta = TimeDelta::minutes(10);

impl Service {
    /// Looks at every award for which it is time: renews it if it is ripe and nobody has
    /// to ask for it, and otherwise writes to the outbox what its holder is to be told:
    /// of several things that fell due, the last. Returns how many were renewed. What
    /// fails is logged and tried again later; it does not stand in the way of the rest.
    pub fn maintain(&self) -> Result<usize, IssuingError> {
        let mut made = 0;
        for _ in 0..ROUNDS {
            let now = self.clock.now();
            let waking = self.registry.waking_awards(now, BATCH)?;
            if waking.is_empty() {
                break;
            }
            self.catalogue()?;
            let policies = self.policies()?;
            let ids: Vec<AwardId> = waking.iter().map(|one| one.award_id).collect();
            let terms = self.registry.maintained_terms(&ids)?;
            let mut looked = Vec::new();
            let mut learners: BTreeMap<LearnerId, Vec<WakingAward>> = BTreeMap::new();
            for one in waking {
                // Of a badge that was just issued it need not be asked what its holder did.
                match terms.get(&one.award_id).filter(|award| is_early(&policies, award, now)) {
                    Some(award) => looked.push(look(&policies, award, one, now)),
                    None => learners.entry(one.learner_id).or_default().push(one),
                }
            }
            for (learner, awards) in learners {
                let history = match self.registry.maintenance_history(learner) {
                    Ok(history) => history,
                    Err(error @ RegistryError::Unavailable(_)) => return Err(error.into()),
                    Err(RegistryError::Erased) => {
                        looked.extend(awards.into_iter().map(never));
                        continue;
                    }
                    Err(error) => {
                        tracing::error!(learner.id = %learner, %error, "a learner's awards cannot be maintained");
                        looked.extend(awards.into_iter().map(|award| put_off(award, now)));
                        continue;
                    }
                };
                for waking in awards {
                    let Some(award) = history.award(waking.award_id) else {
                        looked.push(never(waking));
                        continue;
                    };
                    match self.renew_if_ripe(&policies, &award, now) {
                        Ok(true) => made += 1,
                        Ok(false) => looked.push(look(&policies, &award, waking, now)),
                        Err(error) if error.is_temporary() => return Err(error),
                        Err(IssuingError::Registry(RegistryError::Erased)) => looked.push(never(waking)),
                        Err(error) => {
                            tracing::error!(award.id = %award.id, %error, "an award cannot be renewed");
                            looked.push(put_off(waking, now));
                        }
                    }
                }
            }
            self.registry.awards_looked_at(&looked, now, self.entropy.as_ref())?;
        }
        Ok(made)
    }

    /// Whether the award was renewed. It is then looked at again, as what it is now.
    fn renew_if_ripe(
        &self,
        policies: &Policies,
        award: &Award,
        now: DateTime<Utc>,
    ) -> Result<bool, IssuingError> {
        let Some(ripe) = renewed(policies, award, now) else { return Ok(false) };
        let way = standing(policies, award, now).and_then(|standing| standing.way);
        if way.is_none_or(|way| way.on_request) {
            return Ok(false);
        }
        Ok(matches!(self.make_renewal(award.id, ripe)?, Made::Issued(_)))
    }
}

/// Whether nothing that concerns the award can have happened yet, whatever else was
/// recorded of its holder.
fn is_early(policies: &Policies, award: &Award, now: DateTime<Utc>) -> bool {
    let is_holding = standing(policies, award, now)
        .is_some_and(|standing| matches!(standing.state, State::InForce | State::Reinstated));
    is_holding && notices(policies, award, now).iter().all(|(moment, _)| *moment > now)
}

fn look(policies: &Policies, award: &Award, waking: WakingAward, now: DateTime<Utc>) -> Looked {
    let standing = standing(policies, award, now);
    let due = notices(policies, award, now).into_iter().rfind(|(moment, _)| *moment <= now);
    let told = standing.zip(due).map(|(standing, (_, notice))| Told {
        credential: standing.term.credential,
        notice,
        ends: standing.term.until,
        closes: standing.way.map(|way| way.closes),
    });
    Looked {
        award: waking,
        opens: concerned_from(policies, award, now),
        wakes: next_change(policies, award, now),
        told,
    }
}

/// Nobody holds it any more: its learner was erased.
fn never(award: WakingAward) -> Looked {
    Looked { award, opens: None, wakes: None, told: None }
}

fn put_off(award: WakingAward, now: DateTime<Utc>) -> Looked {
    Looked { award, opens: Some(now), wakes: Some(now + LATER), told: None }
}
