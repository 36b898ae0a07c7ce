//! Organisations that merge, are renamed or split (Future Vision, 4.9): what they
//! signed stays as it is, and somebody answers for it.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{Catalogue, Organisation};
use crate::id::Slug;

/// What became of an organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Succession {
    /// The first day on which others stood in its place.
    pub on: NaiveDate,
    /// How that came.
    pub manner: Manner,
    /// Who stands in its place: one, or several after a split.
    pub by: Vec<Slug>,
}

/// How an organisation came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Manner {
    /// It became part of another.
    Merged,
    /// It is the same under another name.
    Renamed,
    /// Several came of it.
    Split,
}

impl Manner {
    /// How the catalogue writes it, if it is one.
    pub(super) fn read(text: &str) -> Option<Self> {
        match text {
            "merged" => Some(Self::Merged),
            "renamed" => Some(Self::Renamed),
            "split" => Some(Self::Split),
            _ => None,
        }
    }

    /// Whether so many can follow.
    pub(super) fn fits(self, followers: usize) -> bool {
        match self {
            Self::Merged | Self::Renamed => followers == 1,
            Self::Split => followers > 1,
        }
    }
}

impl Catalogue {
    /// Who answers on `day` for what `organisation` did: those who follow it and, where
    /// they were followed in their turn, those after them. Empty while it stands itself.
    pub fn answering_for(&self, organisation: &Slug, day: NaiveDate) -> Vec<&Organisation> {
        let mut found: Vec<&Organisation> = Vec::new();
        let mut waiting = self.followers(organisation, day).to_vec();
        // The catalogue was read without circles; each is looked at once all the same.
        let mut seen = vec![organisation.clone()];
        while let Some(slug) = waiting.pop() {
            if seen.contains(&slug) {
                continue;
            }
            let next = self.followers(&slug, day);
            if next.is_empty() {
                found.extend(self.organisations.get(&slug));
            }
            waiting.extend(next.iter().cloned());
            seen.push(slug);
        }
        found.sort_by(|one, other| one.slug.cmp(&other.slug));
        found
    }

    /// What became of an organisation by `day`.
    pub fn succession(&self, organisation: &Slug, day: NaiveDate) -> Option<&Succession> {
        self.organisations.get(organisation)?.succession.as_ref().filter(|succession| succession.on <= day)
    }

    /// Whether anything became of any organisation by `day`.
    pub fn has_successions(&self, day: NaiveDate) -> bool {
        let of_all = self.organisations.values().filter_map(|one| one.succession.as_ref());
        of_all.into_iter().any(|succession| succession.on <= day)
    }

    fn followers(&self, organisation: &Slug, day: NaiveDate) -> &[Slug] {
        self.succession(organisation, day).map_or(&[], |succession| &succession.by)
    }
}
