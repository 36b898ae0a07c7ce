//! Programmes as clients see them.

use std::collections::BTreeMap;

use model::{
    id::Slug,
    programme::{AllOf, Counting, Language, OnRevocation, Place, Programme, Published, Rule, rule_in_words},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    completion::CreditRequest,
    ledger::rfc3339,
    pathways::{AchievementItem, Writer},
};

/// The programmes of the catalogue.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ProgrammesAnswer {
    /// Each in its present version.
    pub programmes: Vec<ProgrammeLine>,
}

/// A programme in a line.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProgrammeLine {
    /// Its short name.
    pub programme: String,
    /// Its present version.
    pub version: String,
    /// What it awards.
    pub achievement: AchievementItem,
    /// Whether others may copy it.
    pub is_blueprint: bool,
    /// The blueprint it is a copy of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub copy_of: Option<String>,
    /// Where it is described.
    #[schema(format = "uri")]
    pub url: String,
}

/// A programme in one version.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProgrammeAnswer {
    /// Its short name.
    pub programme: String,
    /// The version told of.
    pub version: String,
    /// What it awards.
    pub achievement: AchievementItem,
    /// The rule in words, line by line; what belongs to a line above is indented.
    pub words: Lines,
    /// The rule as data, in the words of catalogue files.
    #[schema(value_type = RuleList)]
    pub rule: AllOf,
    /// What must be held beforehand.
    #[schema(value_type = Vec<PlaceItem>)]
    pub prerequisites: Vec<Place>,
    /// What may be earned besides, and counts nowhere.
    pub optional: Vec<AchievementItem>,
    /// When what counts must be earned.
    pub window: WindowItem,
    /// `shared`, or `alone`: what counts here counts in no other programme.
    pub counting: &'static str,
    /// `review`, or `revoke`: what becomes of the award when something that counted is revoked.
    pub on_revocation: &'static str,
    /// The programme it builds on, whose award its own supersedes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub builds_on: Option<String>,
    /// The blueprint it is a copy of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lineage: Option<LineageItem>,
    /// What copies of it may fill in their own way.
    pub open: Vec<String>,
    /// Its copies.
    pub copies: Vec<String>,
    /// Every version, oldest first.
    pub versions: Vec<VersionItem>,
}

/// Every one of some rules, as `model::programme::AllOf` is written.
#[derive(Debug, Serialize, ToSchema)]
pub struct RuleList {
    /// What people call it.
    pub name: Option<String>,
    /// The rules.
    pub rules: Vec<ProgrammeRule>,
}

/// A place that one achievement fills, as `model::programme::Place` is written.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PlaceItem {
    /// What is meant to fill it.
    pub achievement: String,
    /// What counts as the same.
    pub equivalents: Option<Vec<String>>,
    /// Prior learning that is accepted in its stead, with evidence.
    pub prior_learning: Option<Vec<String>>,
}

/// A rule over achievements, as `model::programme::Rule` is written.
#[derive(Debug, Serialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
#[expect(dead_code, reason = "it is described; what is sent is the catalogue's own")]
pub enum ProgrammeRule {
    /// One achievement.
    #[serde(rename_all = "camelCase")]
    Place {
        /// What is meant to fill it.
        achievement: String,
        /// What counts as the same.
        equivalents: Option<Vec<String>>,
        /// Prior learning that is accepted in its stead, with evidence.
        prior_learning: Option<Vec<String>>,
    },
    /// Every one of some rules.
    AllOf {
        /// What people call it.
        name: Option<String>,
        /// The rules.
        #[schema(no_recursion)]
        rules: Vec<ProgrammeRule>,
    },
    /// So many of some rules.
    #[serde(rename_all = "camelCase")]
    NOf {
        /// How many.
        n: u32,
        /// What people call it.
        name: Option<String>,
        /// Achievements below this level do not count.
        at_level: Option<u8>,
        /// The rules.
        #[schema(no_recursion)]
        from: Vec<ProgrammeRule>,
    },
    /// So much credit from some achievements.
    #[serde(rename_all = "camelCase")]
    Credits {
        /// How much, and in which unit.
        credit: CreditRequest,
        /// What people call it.
        name: Option<String>,
        /// Achievements below this level do not count.
        at_level: Option<u8>,
        /// The achievements.
        from: Vec<String>,
    },
    /// A part that copies may replace.
    Open {
        /// The name by which a copy fills it.
        slot: String,
        /// What people call it.
        name: Option<String>,
        /// What stands there.
        #[schema(no_recursion)]
        of: Vec<ProgrammeRule>,
    },
}

/// Lines in both languages of the service.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Lines {
    /// English.
    pub en: Vec<String>,
    /// Welsh.
    pub cy: Vec<String>,
}

/// When what counts must be earned.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct WindowItem {
    /// Within how many months of each other.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub months: Option<u32>,
    /// The first day.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = Date)]
    pub from: Option<String>,
    /// The last day.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = Date)]
    pub until: Option<String>,
}

/// Where a copy comes from.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LineageItem {
    /// The blueprint.
    pub blueprint: String,
    /// The version whose core the copy has.
    pub blueprint_version: String,
    /// The copy's own version.
    pub own_version: String,
    /// What the copy fills in its own way, by the name of the open part.
    #[schema(value_type = BTreeMap<String, Vec<ProgrammeRule>>)]
    pub fills: BTreeMap<Slug, Vec<Rule>>,
}

/// A version.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct VersionItem {
    /// Its name.
    pub version: String,
    /// When it was published.
    #[schema(format = DateTime)]
    pub published_at: String,
}

impl Writer<'_> {
    /// Every programme of the catalogue.
    pub fn programmes(&self) -> ProgrammesAnswer {
        let line = |programme: &Programme| ProgrammeLine {
            programme: programme.slug.to_string(),
            version: programme.version.clone(),
            achievement: self.achievement(&programme.achievement),
            is_blueprint: !programme.open_parts().is_empty(),
            copy_of: programme.lineage.as_ref().map(|lineage| lineage.blueprint.to_string()),
            url: self.site.url(&format!("/v1/programmes/{}", programme.slug)),
        };
        ProgrammesAnswer { programmes: self.catalogue.programmes.values().map(line).collect() }
    }

    /// A programme in one version, of all it was published in.
    pub fn programme(&self, programme: &Programme, versions: &[Published]) -> ProgrammeAnswer {
        let words = |language| rule_in_words(programme, &|slug| self.name(slug), language);
        let text = ToString::to_string;
        let copies = self.copies().remove(&programme.slug).unwrap_or_default();
        ProgrammeAnswer {
            programme: text(&programme.slug),
            version: programme.version.clone(),
            achievement: self.achievement(&programme.achievement),
            words: Lines { en: words(Language::En), cy: words(Language::Cy) },
            rule: programme.rule.clone(),
            prerequisites: programme.prerequisites.clone(),
            optional: programme.optional.iter().map(|slug| self.achievement(slug)).collect(),
            window: WindowItem {
                months: programme.window.months,
                from: programme.window.from.map(|day| day.to_string()),
                until: programme.window.until.map(|day| day.to_string()),
            },
            counting: match programme.counting {
                Counting::Shared => "shared",
                Counting::Alone => "alone",
            },
            on_revocation: match programme.on_revocation {
                OnRevocation::Review => "review",
                OnRevocation::Revoke => "revoke",
            },
            builds_on: programme.builds_on.as_ref().map(text),
            lineage: programme.lineage.as_ref().map(|lineage| LineageItem {
                blueprint: text(&lineage.blueprint),
                blueprint_version: lineage.blueprint_version.clone(),
                own_version: lineage.own_version.clone(),
                fills: lineage.fills.clone(),
            }),
            open: programme.open_parts().iter().map(|open| text(&open.slot)).collect(),
            copies: copies.into_iter().map(text).collect(),
            versions: versions
                .iter()
                .map(|one| VersionItem {
                    version: one.programme.version.clone(),
                    published_at: rfc3339(one.at),
                })
                .collect(),
        }
    }
}
