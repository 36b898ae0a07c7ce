//! Whom a changed policy would affect, before it is published.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use model::{
    catalogue::Catalogue,
    id::Slug,
    maintenance::{Award, MaintenancePolicy, Policies, Published, Rules, State, standing},
};
use registry::RegistryError;

use crate::Service;

/// What publishing a changed policy would change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyPreview {
    /// The policy.
    pub policy: Slug,
    /// Whether it is new.
    pub is_new: bool,
    /// Whether it would be taken away.
    pub is_taken_away: bool,
    /// Why publishing it would be refused, if it would.
    pub refused: Option<String>,
    /// How the awards that it covers, or would, stand now.
    pub now: BTreeMap<State, u64>,
    /// Of these, those that go on under the rules they have and come under the new ones
    /// when they are renewed.
    pub at_renewal: u64,
    /// What would change for running terms, by the day on which it would.
    pub turns: BTreeMap<NaiveDate, Turn>,
}

/// What rules for running terms would change on their day.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Turn {
    /// How many awards would be in another state: from which, to which.
    pub states: BTreeMap<(State, State), u64>,
    /// How many would be in the same state and have something else to do, or until then.
    pub asked_otherwise: u64,
}

impl Service {
    /// What publishing the policies of `new` would change. Nothing is stored.
    pub fn preview_maintenance(&self, new: &Catalogue) -> Result<Vec<PolicyPreview>, RegistryError> {
        let (old, now) = (self.catalogue()?, self.clock.now());
        let published = self.registry.published_policies()?;
        let policies = self.registry.maintenance_policies()?;
        let slugs: BTreeSet<&Slug> = old.maintenance.keys().chain(new.maintenance.keys()).collect();
        let mut previews = Vec::new();
        for slug in slugs {
            let (before, after) = (old.maintenance.get(slug), new.maintenance.get(slug));
            if before == after {
                continue;
            }
            let change = Published { slug: slug.clone(), policy: after.cloned(), at: now };
            let all = published.iter().cloned().chain([change]).collect();
            let then = Policies::new(all, new.cpd_schemes.clone());
            let refused =
                before.zip(after).and_then(|(before, after)| before.refuses(after, now.date_naive()));
            let mut preview = PolicyPreview {
                policy: slug.clone(),
                is_new: before.is_none(),
                is_taken_away: after.is_none(),
                refused: refused.map(|(from, why)| format!("the rules from {from} {why}")),
                now: BTreeMap::new(),
                at_renewal: 0,
                turns: BTreeMap::new(),
            };
            let days = days(before, after);
            let covered = before.into_iter().chain(after).flat_map(|policy| &policy.achievements);
            let covered: Vec<Slug> = covered.collect::<BTreeSet<_>>().into_iter().cloned().collect();
            for learner in self.registry.maintained_learners(&covered)? {
                let history = self.registry.maintenance_history(learner)?;
                let of_these = history.awards().filter(|(_, achievement)| covered.contains(achievement));
                for award in of_these.filter_map(|(id, _)| history.award(id)) {
                    count(&mut preview, &policies, &then, &award, &days, now);
                }
            }
            previews.push(preview);
        }
        Ok(previews)
    }
}

/// The days from which new rules are for running terms too.
fn days(before: Option<&MaintenancePolicy>, after: Option<&MaintenancePolicy>) -> Vec<NaiveDate> {
    let is_new = |rules: &&Rules| before.is_none_or(|before| !before.rules.contains(rules));
    let rules = after.into_iter().flat_map(|after| &after.rules).filter(is_new);
    rules.filter(|rules| rules.for_running_terms).map(|rules| rules.from).collect()
}

fn count(
    preview: &mut PolicyPreview,
    old: &Policies,
    new: &Policies,
    award: &Award,
    days: &[NaiveDate],
    now: DateTime<Utc>,
) {
    let Some(present) = standing(old, award, now) else { return };
    *preview.now.entry(present.state).or_default() += 1;
    let mut is_turned = false;
    for day in days {
        let moment = day.and_time(NaiveTime::MIN).and_utc().max(now);
        let (Some(before), Some(after)) = (standing(old, award, moment), standing(new, award, moment)) else {
            continue;
        };
        let turn = preview.turns.entry(*day).or_default();
        if before.state != after.state {
            *turn.states.entry((before.state, after.state)).or_default() += 1;
            is_turned = true;
        } else if before.way != after.way {
            turn.asked_otherwise += 1;
            is_turned = true;
        }
    }
    let can_be_renewed = present.way.is_some();
    preview.at_renewal += u64::from(!is_turned && can_be_renewed);
}
