//! What publishing a catalogue would change for learners, before it is published
//! (Future Vision, 7.22 to 7.28).

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use model::{
    catalogue::{CORE_EQUALITY_MODULE, Catalogue},
    id::Slug,
    programme::{Earned, Lineage, Programme, Programmes},
};

use registry::RegistryError;

use crate::{Service, programme::earned};

/// How many learners are looked at together.
const AT_ONCE: usize = 500;

/// What would change.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Preview {
    /// The programmes that are new, in another version, or gone, by short name.
    pub programmes: Vec<Affected>,
    /// The programmes that would change under a version that is published; loading
    /// the catalogue is refused until they have a new one.
    pub refused: Vec<Slug>,
}

/// A programme that would change, and for whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Affected {
    /// The programme.
    pub programme: Slug,
    /// The version now; `None` if it is new.
    pub from: Option<String>,
    /// The version then; `None` if it is taken away.
    pub to: Option<String>,
    /// The blueprint whose core a copy follows.
    pub follows: Option<Slug>,
    /// Learners who have begun and not finished. They may finish under the version
    /// they began.
    pub in_progress: u64,
    /// Of these, those who would satisfy the new version at once.
    pub would_finish: u64,
    /// Learners who have its award. Nothing changes for them.
    pub finished: u64,
}

impl Service {
    /// What publishing `new` would change. Nothing is stored.
    pub fn preview(&self, new: &Catalogue) -> Result<Preview, RegistryError> {
        let (old, now) = (self.catalogue()?, self.clock.now());
        let published = self.registry.programme_versions()?;
        let mut preview = Preview::default();
        let slugs: BTreeSet<&Slug> = old.programmes.keys().chain(new.programmes.keys()).collect();
        for slug in slugs {
            let (before, after) = (old.programmes.get(slug), new.programmes.get(slug));
            if before == after {
                continue;
            }
            let is_other = |(known, _): &(Programme, DateTime<Utc>)| {
                after.is_some_and(|after| {
                    known.slug == *slug && known.version == after.version && known != after
                })
            };
            if published.iter().any(is_other) {
                preview.refused.push(slug.clone());
            }
            let follows = after.or(before).and_then(|programme| programme.lineage.as_ref());
            let mut affected = Affected {
                programme: slug.clone(),
                from: before.map(|programme| programme.version.clone()),
                to: after.map(|programme| programme.version.clone()),
                follows: follows.map(|Lineage { blueprint, .. }| blueprint.clone()),
                in_progress: 0,
                would_finish: 0,
                finished: 0,
            };
            if let Some(before) = before {
                self.count(before, after, new, now, &mut affected)?;
            }
            preview.programmes.push(affected);
        }
        Ok(preview)
    }

    fn count(
        &self,
        before: &Programme,
        after: Option<&Programme>,
        new: &Catalogue,
        now: DateTime<Utc>,
        affected: &mut Affected,
    ) -> Result<(), RegistryError> {
        // The new version by itself, as for who begins then.
        let rule = Programmes::new(new, Vec::new());
        let counts: Vec<Slug> = before
            .rule
            .achievements()
            .filter(|slug| slug.as_str() != CORE_EQUALITY_MODULE)
            .chain([&before.achievement])
            .cloned()
            .collect();
        for page in self.registry.learners_with(&counts)?.chunks(AT_ONCE) {
            for awards in self.registry.awards_of_all(page)?.into_values() {
                if awards.iter().any(|award| award.achievement == before.achievement) {
                    affected.finished += 1;
                    continue;
                }
                let all: Vec<Earned> = awards.iter().map(earned).collect();
                if !all.iter().any(|one| one.stands && counts.contains(&one.achievement)) {
                    continue;
                }
                affected.in_progress += 1;
                let is_met = after.is_some_and(|after| rule.met(&after.slug, &all, now).is_some());
                affected.would_finish += u64::from(is_met);
            }
        }
        Ok(())
    }
}
