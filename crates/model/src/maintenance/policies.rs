//! Every policy as it was published, and which rules held when.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};

use super::{MaintenancePolicy, Rules};
use crate::{cpd::scheme::Scheme, id::Slug};

/// A policy as the catalogue had it from a moment on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// Its short name.
    pub slug: Slug,
    /// What it says; `None` from when it was taken away.
    pub policy: Option<MaintenancePolicy>,
    /// Since when.
    pub at: DateTime<Utc>,
}

/// The policies in force at every moment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Policies {
    /// What changed for each achievement, the earliest first.
    changes: BTreeMap<Slug, Vec<Change>>,
    schemes: BTreeMap<Slug, Scheme>,
}

/// From a moment on other rules hold, or none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Change {
    pub since: DateTime<Utc>,
    pub held: Option<(Slug, Rules)>,
}

/// The rules by which a term runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Applied<'a> {
    pub policy: &'a Slug,
    pub rules: &'a Rules,
    /// Since when, where they are later ones that are for running terms too.
    pub since: Option<DateTime<Utc>>,
}

impl Policies {
    /// Of everything that was ever published, in any order, and the CPD schemes that
    /// the policies name.
    pub fn new(mut published: Vec<Published>, schemes: BTreeMap<Slug, Scheme>) -> Self {
        published.sort_by_key(|one| one.at);
        let mut moments: BTreeSet<DateTime<Utc>> = published.iter().map(|one| one.at).collect();
        let mut achievements: BTreeSet<&Slug> = BTreeSet::new();
        for policy in published.iter().filter_map(|one| one.policy.as_ref()) {
            achievements.extend(&policy.achievements);
            moments.extend(policy.rules.iter().map(|rules| midnight(rules.from)));
            moments.extend(policy.until.and_then(|last| last.succ_opt()).map(midnight));
        }
        let changes = achievements.into_iter().map(|achievement| {
            let mut changes: Vec<Change> = Vec::new();
            for since in &moments {
                let held = held(&published, achievement, *since);
                if changes.last().map(|last| &last.held) != Some(&held) {
                    changes.push(Change { since: *since, held });
                }
            }
            (achievement.clone(), changes)
        });
        Self { changes: changes.collect(), schemes }
    }

    /// Whether no policy was ever published.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// The achievements that ever had one.
    pub fn achievements(&self) -> impl Iterator<Item = &Slug> {
        self.changes.keys()
    }

    /// The policy under which a badge of `achievement` comes that is issued at `at`,
    /// and its rules.
    pub fn in_force(&self, achievement: &Slug, at: DateTime<Utc>) -> Option<(&Slug, &Rules)> {
        let change = self.changes_of(achievement).iter().rfind(|change| change.since <= at)?;
        change.held.as_ref().map(|(policy, rules)| (policy, rules))
    }

    /// The rules by which a term that began at `begun` runs at `at`: those of its
    /// beginning, or the latest since that are for running terms too.
    pub(super) fn applied(
        &self,
        achievement: &Slug,
        begun: DateTime<Utc>,
        at: DateTime<Utc>,
    ) -> Option<Applied<'_>> {
        // A clock that was set back may have dated a beginning later than today.
        let begun = begun.min(at);
        let later =
            self.changes_of(achievement).iter().filter(|change| begun < change.since && change.since <= at);
        let running = later
            .filter_map(|change| Some((change.since, change.held.as_ref()?)))
            .rfind(|(_, (_, rules))| rules.for_running_terms);
        match running {
            Some((since, (policy, rules))) => Some(Applied { policy, rules, since: Some(since) }),
            None => self.in_force(achievement, begun).map(|(policy, rules)| Applied {
                policy,
                rules,
                since: None,
            }),
        }
    }

    pub(super) fn changes_of(&self, achievement: &Slug) -> &[Change] {
        self.changes.get(achievement).map(Vec::as_slice).unwrap_or_default()
    }

    pub(super) fn scheme(&self, slug: &Slug) -> Option<&Scheme> {
        self.schemes.get(slug)
    }
}

/// The rules of the policy that covers an achievement, as published by `at` and in
/// force on its day.
fn held(published: &[Published], achievement: &Slug, at: DateTime<Utc>) -> Option<(Slug, Rules)> {
    let mut current: BTreeMap<&Slug, &MaintenancePolicy> = BTreeMap::new();
    for one in published.iter().filter(|one| one.at <= at) {
        match &one.policy {
            Some(policy) => drop(current.insert(&one.slug, policy)),
            None => drop(current.remove(&one.slug)),
        }
    }
    let day = at.date_naive();
    let covers = |policy: &&MaintenancePolicy| {
        policy.achievements.contains(achievement) && policy.until.is_none_or(|last| day <= last)
    };
    let policy = current.into_values().find(covers)?;
    let rules = policy.rules.iter().rfind(|rules| rules.from <= day)?;
    Some((policy.slug.clone(), rules.clone()))
}

/// The first moment of a day.
pub(super) fn midnight(day: NaiveDate) -> DateTime<Utc> {
    day.and_time(NaiveTime::MIN).and_utc()
}

/// `days` whole days earlier. Policies are bounded, so that there is such a moment.
pub(super) fn before(moment: DateTime<Utc>, days: u32) -> DateTime<Utc> {
    moment.checked_sub_days(Days::new(days.into())).unwrap_or(moment)
}

/// `days` whole days later.
pub(super) fn after(moment: DateTime<Utc>, days: u32) -> DateTime<Utc> {
    moment.checked_add_days(Days::new(days.into())).unwrap_or(moment)
}
