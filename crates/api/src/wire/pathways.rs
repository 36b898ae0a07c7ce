//! Programmes, pathways and requirements as clients see them.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use issuing::{Awarded, Pathway, Pathways, Requirement, Step, available};
use model::{
    catalogue::Catalogue,
    id::{AwardId, Slug},
    programme::{Counted, Gap, Language, Missing, Standing},
    site::Site,
};
use registry::AwardSummary;
use serde::Serialize;
use utoipa::ToSchema;

use super::{completion::CreditRequest, ledger::rfc3339};

/// Where a learner stands.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PathwaysAnswer {
    /// When this was so.
    #[schema(format = DateTime)]
    pub at: String,
    /// `all`, or `own` when a provider asks: then it rests on that provider's awards alone.
    pub basis: &'static str,
    /// Towards each programme.
    pub programmes: Vec<PathwayItem>,
    /// Towards each registration level.
    pub requirements: Vec<RequirementItem>,
}

/// Where a learner stands towards a programme.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PathwayItem {
    /// The programme's short name.
    pub programme: String,
    /// The version under which the learner stands, or finished.
    pub version: String,
    /// What it awards.
    pub achievement: AchievementItem,
    /// `awarded`, `revoked`, `met` (its award is being made), `in_progress` or `not_begun`.
    pub standing: &'static str,
    /// When the learner began.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    pub began: Option<String>,
    /// The award, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub award: Option<AwardItem>,
    /// What counts, or counted.
    pub counted: Vec<CountedItem>,
    /// What is missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gap: Option<GapItem>,
}

/// Where somebody stands towards a registration level.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RequirementItem {
    /// The level's short name.
    pub level: String,
    /// Its name, for people.
    pub name: String,
    /// The version of what it asks for.
    pub version: String,
    /// Whether that is a sample and not the body's own.
    pub is_sample: bool,
    /// The body whose level it is.
    pub body: String,
    /// `met`, `in_progress` or `not_begun`.
    pub standing: &'static str,
    /// What counts.
    pub counted: Vec<CountedItem>,
    /// What is missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gap: Option<GapItem>,
}

/// An achievement by its names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AchievementItem {
    /// Its short name.
    pub achievement: String,
    /// Its name, for people.
    pub name: String,
    /// Where it is described.
    #[schema(format = "uri")]
    pub url: String,
}

/// A programme's award.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AwardItem {
    /// Its credential.
    #[schema(format = "uri")]
    pub credential: String,
    /// When it was earned.
    #[schema(format = DateTime)]
    pub awarded_at: String,
    /// Whether something that counted was revoked, and the Academy has not decided yet.
    pub is_under_review: bool,
    /// The later award that supersedes it; it stays valid.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub superseded_by: Option<LaterItem>,
}

/// A later award.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LaterItem {
    /// What it awards.
    pub achievement: String,
    /// Its credential.
    #[schema(format = "uri")]
    pub credential: String,
}

/// An award that counts.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CountedItem {
    /// Its achievement.
    pub achievement: String,
    /// Its credential.
    #[schema(format = "uri")]
    pub credential: String,
    /// What it stands for, if it is an equivalent or prior learning.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stands_for: Option<String>,
}

/// What is missing: as data, in words, and what to earn next.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct GapItem {
    /// Each thing by its `type`: `prerequisite`, `achievement`, `n_of`, `credit` or `choice`.
    #[schema(value_type = Vec<MissingItem>)]
    pub missing: Vec<Missing>,
    /// The same as a sentence.
    pub sentence: Words,
    /// What can be earned now that would help, the nearest first.
    pub next: Vec<AchievementItem>,
}

/// One thing that is missing, as `model::programme::Missing` is written.
#[derive(Debug, Serialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
#[schema(as = Missing)]
#[expect(dead_code, reason = "it is described; what is sent is the model's own")]
pub enum MissingItem {
    /// What must be held beforehand.
    #[serde(rename_all = "camelCase")]
    Prerequisite {
        /// Where in the rule.
        path: String,
        /// What is meant.
        achievement: String,
        /// What would do as well.
        or: Option<Vec<String>>,
        /// Why what the learner has does not do.
        #[schema(pattern = "^(revoked|expired|outside_window|counts_elsewhere|no_evidence)$")]
        why_not: Option<String>,
    },
    /// One achievement.
    #[serde(rename_all = "camelCase")]
    Achievement {
        /// Where in the rule.
        path: String,
        /// What is meant.
        achievement: String,
        /// What would do as well.
        or: Option<Vec<String>>,
        /// Why what the learner has does not do.
        #[schema(pattern = "^(revoked|expired|outside_window|counts_elsewhere|no_evidence)$")]
        why_not: Option<String>,
    },
    /// So many of a group.
    NOf {
        /// Where in the rule.
        path: String,
        /// How many more.
        n: u32,
        /// The group.
        group: GroupItem,
        /// Those that are open.
        of: Vec<String>,
    },
    /// So much credit of a group.
    Credit {
        /// Where in the rule.
        path: String,
        /// How much more.
        credit: CreditRequest,
        /// The group.
        group: GroupItem,
        /// What would bring some.
        from: Vec<String>,
    },
    /// So many of several ways.
    Choice {
        /// Where in the rule.
        path: String,
        /// How many more.
        n: u32,
        /// The group.
        group: GroupItem,
        /// What each way still needs, the nearest first.
        #[schema(no_recursion)]
        options: Vec<Vec<MissingItem>>,
    },
}

/// A group by the name it was given, or by its letter.
#[derive(Debug, Serialize, ToSchema)]
pub struct GroupItem {
    /// Its place among the groups of its rule: `A`, `B`, ….
    pub letter: String,
    /// The name it was given.
    pub name: Option<String>,
}

/// A text in both languages of the service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Words {
    /// English.
    pub en: String,
    /// Welsh.
    pub cy: String,
}

/// Writes answers with the catalogue's names.
pub struct Writer<'a> {
    pub site: &'a Site,
    pub catalogue: &'a Catalogue,
    pub at: DateTime<Utc>,
}

impl Writer<'_> {
    /// The whole answer.
    pub fn pathways(&self, pathways: &Pathways, is_own: bool) -> PathwaysAnswer {
        let awards: HashMap<AwardId, &AwardSummary> =
            pathways.awards.iter().map(|award| (award.award_id, award)).collect();
        PathwaysAnswer {
            at: rfc3339(pathways.at),
            basis: if is_own { "own" } else { "all" },
            programmes: pathways.programmes.iter().map(|one| self.pathway(one, &awards)).collect(),
            requirements: pathways
                .requirements
                .iter()
                .filter_map(|one| self.requirement(one, &awards))
                .collect(),
        }
    }

    fn pathway(&self, pathway: &Pathway, awards: &HashMap<AwardId, &AwardSummary>) -> PathwayItem {
        let (mut award, mut gap) = (None, None);
        let (standing, counted) = match &pathway.step {
            Step::Awarded(awarded) => {
                award = Some(self.award(awarded));
                let counted = awarded.counted.iter().filter_map(|id| awards.get(id));
                ("awarded", counted.map(|one| self.counted(one, None)).collect())
            }
            Step::Revoked => ("revoked", Vec::new()),
            Step::Standing(standing) => {
                gap = self.gap(standing);
                let begun = if pathway.has_begun() { "in_progress" } else { "not_begun" };
                let word = if standing.is_met() { "met" } else { begun };
                (word, self.all_counted(standing.counted(), awards))
            }
        };
        PathwayItem {
            programme: pathway.programme.to_string(),
            version: pathway.version.clone(),
            achievement: self.achievement(&pathway.achievement),
            standing,
            began: pathway.began.map(rfc3339),
            award,
            counted,
            gap,
        }
    }

    /// Where somebody stands towards a level, by what they showed or was recorded.
    pub fn requirement(
        &self,
        requirement: &Requirement,
        awards: &HashMap<AwardId, &AwardSummary>,
    ) -> Option<RequirementItem> {
        let counted = self.all_counted(requirement.standing.counted(), awards);
        self.level(&requirement.level, &requirement.standing, counted)
    }

    /// The same with what counts written already.
    pub fn level(
        &self,
        level: &Slug,
        standing: &Standing,
        counted: Vec<CountedItem>,
    ) -> Option<RequirementItem> {
        let set = self.catalogue.requirements.get(level)?;
        let begun = if standing.counted().is_empty() { "not_begun" } else { "in_progress" };
        Some(RequirementItem {
            level: set.slug.to_string(),
            name: set.name.clone(),
            version: set.version.clone(),
            is_sample: set.is_sample,
            body: set.body.to_string(),
            standing: if standing.is_met() { "met" } else { begun },
            counted,
            gap: self.gap(standing),
        })
    }

    fn award(&self, awarded: &Awarded) -> AwardItem {
        AwardItem {
            credential: self.site.credential(awarded.credential),
            awarded_at: rfc3339(awarded.at),
            is_under_review: awarded.is_under_review,
            superseded_by: awarded.superseded_by.as_ref().map(|later| LaterItem {
                achievement: later.achievement.to_string(),
                credential: self.site.credential(later.credential_id),
            }),
        }
    }

    fn all_counted(&self, counted: &[Counted], awards: &HashMap<AwardId, &AwardSummary>) -> Vec<CountedItem> {
        let item = |one: &Counted| Some(self.counted(awards.get(&one.award)?, one.stands_for.as_ref()));
        counted.iter().filter_map(item).collect()
    }

    fn counted(&self, award: &AwardSummary, stands_for: Option<&Slug>) -> CountedItem {
        CountedItem {
            achievement: award.achievement.to_string(),
            credential: self.site.credential(award.credential_id),
            stands_for: stands_for.map(ToString::to_string),
        }
    }

    fn gap(&self, standing: &Standing) -> Option<GapItem> {
        let Standing::InProgress(progress) = standing else { return None };
        let gap: &Gap = &progress.gap;
        let next = available(self.catalogue, gap.next(), self.at);
        Some(GapItem {
            missing: gap.missing.clone(),
            sentence: Words {
                en: gap.sentence(&|slug| self.name(slug), Language::En),
                cy: gap.sentence(&|slug| self.name(slug), Language::Cy),
            },
            next: next.into_iter().map(|slug| self.achievement(slug)).collect(),
        })
    }

    /// An achievement in its present version.
    pub fn achievement(&self, slug: &Slug) -> AchievementItem {
        let version = self.catalogue.achievements.get(slug).map_or("", |known| known.version.as_str());
        AchievementItem {
            achievement: slug.to_string(),
            name: self.name(slug),
            url: self.site.achievement(slug, version),
        }
    }

    /// The name of an achievement, for people.
    pub fn name(&self, slug: &Slug) -> String {
        self.catalogue.achievements.get(slug).map_or_else(|| slug.to_string(), |known| known.name.clone())
    }

    /// The copies of each blueprint.
    pub fn copies(&self) -> BTreeMap<&Slug, Vec<&Slug>> {
        let mut copies: BTreeMap<&Slug, Vec<&Slug>> = BTreeMap::new();
        for programme in self.catalogue.programmes.values() {
            if let Some(lineage) = &programme.lineage {
                copies.entry(&lineage.blueprint).or_default().push(&programme.slug);
            }
        }
        copies
    }
}
