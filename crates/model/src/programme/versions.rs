//! Every version of every programme, and under which a learner stands.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, Utc};

use super::{Compiled, Earned, Met, Programme, Standing, check::level};
use crate::{
    catalogue::{CORE_EQUALITY_MODULE, Catalogue},
    id::Slug,
};

/// One version of a programme.
#[derive(Debug, Clone)]
pub struct Published {
    /// What it says.
    pub programme: Programme,
    /// When it was published.
    pub at: DateTime<Utc>,
    rule: Compiled,
}

/// How a learner stands towards a programme.
#[derive(Debug, Clone)]
pub struct Stood<'a> {
    /// The version by which they stand.
    pub version: &'a Published,
    /// When they began; `None` for who has not.
    pub began: Option<DateTime<Utc>>,
    /// How they stand.
    pub standing: Standing,
}

/// Every programme in every version, with what each registration level asks for.
#[derive(Debug, Clone, Default)]
pub struct Programmes {
    versions: BTreeMap<Slug, Vec<Published>>,
    current: BTreeMap<Slug, String>,
    concerned: HashMap<Slug, BTreeSet<Slug>>,
    requirements: BTreeMap<Slug, Compiled>,
}

impl Programmes {
    /// The programmes of `catalogue`, in those versions and in all that were ever
    /// `published`. A programme of the catalogue that is not among these counts as
    /// published from the beginning of time.
    pub fn new(catalogue: &Catalogue, published: Vec<(Programme, DateTime<Utc>)>) -> Self {
        let level = |slug: &Slug| level(&catalogue.achievements, slug);
        let mut all = Self::default();
        let mut add = |programme: Programme, at| {
            let rule = Compiled::programme(&programme, &level);
            all.versions.entry(programme.slug.clone()).or_default().push(Published { programme, at, rule });
        };
        for programme in catalogue.programmes.values() {
            let is_it = |(known, _): &&(Programme, DateTime<Utc>)| {
                known.slug == programme.slug && known.version == programme.version
            };
            if published.iter().find(is_it).is_none() {
                add(programme.clone(), DateTime::<Utc>::MIN_UTC);
            }
        }
        for (programme, at) in published {
            // What has left the catalogue is awarded no more.
            if catalogue.programmes.contains_key(&programme.slug) {
                add(programme, at);
            }
        }
        for versions in all.versions.values_mut() {
            versions.sort_by(|a, b| (a.at, &a.programme.version).cmp(&(b.at, &b.programme.version)));
        }
        for programme in catalogue.programmes.values() {
            all.current.insert(programme.slug.clone(), programme.version.clone());
        }
        for published in all.versions.values().flatten() {
            let Programme { slug, rule, prerequisites, .. } = &published.programme;
            let before = prerequisites.iter().flat_map(super::Place::accepts);
            for achievement in rule.achievements().chain(before) {
                all.concerned.entry(achievement.clone()).or_default().insert(slug.clone());
            }
        }
        all.requirements = catalogue
            .requirements
            .values()
            .map(|set| (set.slug.clone(), Compiled::requirements(set, &level)))
            .collect();
        all
    }

    /// The programmes to which an achievement matters, in some version.
    pub fn concerned(&self, achievement: &Slug) -> impl Iterator<Item = &Slug> {
        self.concerned.get(achievement).into_iter().flatten()
    }

    /// Every version of a programme, oldest first.
    pub fn versions(&self, programme: &Slug) -> &[Published] {
        self.versions.get(programme).map_or(&[], Vec::as_slice)
    }

    /// What counted, and under which version, if the learner satisfies a programme:
    /// under the version they began, else under the first later one they satisfy.
    pub fn met(&self, programme: &Slug, earned: &[Earned], at: DateTime<Utc>) -> Option<(&Published, Met)> {
        let (candidates, _) = self.candidates(programme, earned, at);
        candidates.iter().find_map(|version| Some((version, version.rule.met(earned, at)?)))
    }

    /// Whether a learner whose awards are `earned`, each [at its best](Earned::at_best), may
    /// satisfy a programme: never no where [`met`](Self::met) says yes of what they are indeed.
    pub fn may_be_met(&self, programme: &Slug, earned: &[Earned], at: DateTime<Utc>) -> bool {
        self.versions(programme).iter().any(|version| version.rule.may_be_met(earned, at))
    }

    /// How the learner stands towards a programme: under the version they began, or
    /// under a later one if that brings them nearer. `None` if there is no such programme.
    pub fn standing(&self, programme: &Slug, earned: &[Earned], at: DateTime<Utc>) -> Option<Stood<'_>> {
        let (candidates, began) = self.candidates(programme, earned, at);
        if let Some((version, met)) = self.met(programme, earned, at) {
            return Some(Stood { version, began, standing: Standing::Met(met) });
        }
        let ways = candidates.iter().map(|version| (version, version.rule.progress(earned, at)));
        // The first of the nearest.
        let (version, (_, progress)) = ways.min_by_key(|(_, (distance, _))| *distance)?;
        Some(Stood { version, began, standing: Standing::InProgress(progress) })
    }

    /// How somebody stands towards what a registration level asks for. `None` if
    /// there is no such level.
    pub fn requirement(&self, level: &Slug, earned: &[Earned], at: DateTime<Utc>) -> Option<Standing> {
        Some(self.requirements.get(level)?.standing(earned, at))
    }

    /// The versions under which a learner may finish, oldest first, and when they
    /// began: when they earned the first thing that counts in any version. The core
    /// module begins nothing, since it is in every programme.
    fn candidates(
        &self,
        programme: &Slug,
        earned: &[Earned],
        at: DateTime<Utc>,
    ) -> (&[Published], Option<DateTime<Utc>>) {
        let versions = self.versions(programme);
        let counts = |one: &&Earned| {
            one.stands
                && one.at <= at
                && one.achievement.as_str() != CORE_EQUALITY_MODULE
                && versions.iter().any(|version| version.rule.may_count(&one.achievement))
        };
        let began = earned.iter().filter(counts).map(|one| one.at).min();
        let first = if let Some(began) = began {
            versions.partition_point(|version| version.at <= began).saturating_sub(1)
        } else {
            let current = self.current.get(programme);
            versions.iter().position(|it| Some(&it.programme.version) == current).unwrap_or_default()
        };
        (versions.get(first..).unwrap_or_default(), began)
    }
}
