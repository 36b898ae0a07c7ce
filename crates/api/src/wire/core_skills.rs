//! Core skills: what is asked, sent and answered.

use issuing::{CoreSkillSource, CoreSkills, HeldCoreSkill};
use model::{core_skills::ClaimMetadata, site::Site};
use registry::{ClaimKept, ConsentRecord};
use serde::Serialize;
use utoipa::ToSchema;

use crate::wire::{completion::IdentifierRequest, ledger::rfc3339};

/// Whose core skills.
#[derive(Debug, Serialize, ToSchema)]
pub struct CoreSkillsPerson {
    /// Each must be this person's. A national identifier is refused: nobody is known by one.
    #[schema(min_items = 1)]
    pub identifiers: Vec<IdentifierRequest>,
}

/// A question for somebody's core skills.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it is read by `model::parse`")]
pub struct CoreSkillsQuery {
    /// Whose.
    pub person: CoreSkillsPerson,
    /// What for: a short name, which the person consented to.
    #[schema(example = "pre-employment-check")]
    pub purpose: String,
    /// Short names of subjects; all that the consent names if there are none.
    #[schema(required = false, max_items = 50)]
    pub subjects: Vec<String>,
}

/// Core skills that another system knows of somebody.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it is read by `model::parse`")]
#[schema(rename_all = "camelCase")]
pub struct CoreSkillsSent {
    /// Whose.
    pub person: CoreSkillsPerson,
    /// What for: a short name, which the person consented to.
    #[schema(example = "transfer-of-staff")]
    pub purpose: String,
    /// Them.
    #[schema(min_items = 1, max_items = 100)]
    pub core_skills: Vec<SentCoreSkill>,
}

/// A core skill that another system knows.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it is read by `model::parse`")]
#[schema(rename_all = "camelCase")]
pub struct SentCoreSkill {
    /// The subject's short name in the catalogue.
    #[schema(example = "fire-safety")]
    pub subject: String,
    /// When the training was finished.
    #[schema(format = Date)]
    pub completed_on: String,
    /// The last day on which it counts as current.
    #[schema(format = Date)]
    pub expires_on: Option<String>,
    /// What is known of the claim. Sent again with the same `UniqueIdentifier`, it is the same
    /// core skill.
    pub claim: ClaimBody,
}

/// What a staff passport keeps of a claim, by its own names.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub struct ClaimBody {
    /// The system that holds the record.
    pub origin: String,
    /// The rules by which the record was made.
    pub assurance_policy: String,
    /// What came of them.
    pub assurance_outcome: String,
    /// Who delivered the training.
    pub provider: String,
    /// Who vouches for the record.
    pub verifier: String,
    /// How that can be checked.
    pub verification_method: String,
    /// By which way it came; `primary` from where it was made.
    pub pedigree: String,
    /// When it was last looked at, at its origin as far as is known.
    #[schema(format = DateTime)]
    pub last_refresh: String,
    /// What names the record at its origin.
    pub unique_identifier: String,
}

/// Somebody's core skills.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CoreSkillsAnswer {
    /// The person's name.
    pub name: String,
    /// The consent by which they are told.
    #[schema(format = Uuid)]
    pub consent: String,
    /// Until when it is given.
    #[schema(format = DateTime)]
    pub until: String,
    /// By subject, and in each by the day on which the training was finished.
    pub core_skills: Vec<CoreSkillItem>,
}

/// A core skill.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CoreSkillItem {
    /// The subject's short name.
    pub subject: String,
    /// Its name, as the framework has it.
    pub name: String,
    /// The framework.
    pub framework: String,
    /// `award` if this service awarded what shows it, `claim` if another system sent it.
    #[schema(pattern = "^(award|claim)$")]
    pub kind: &'static str,
    /// When the training was finished.
    #[schema(format = Date)]
    pub completed_on: String,
    /// The last day on which it counts as current, where it ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = Date)]
    pub expires_on: Option<String>,
    /// Of an award: the credential that shows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = "uri")]
    pub credential: Option<String>,
    /// Of a claim: the client that sent it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sent_by: Option<String>,
    /// Of a claim: when it came, as it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    pub received_at: Option<String>,
    /// What is known of the claim; of one that was sent, as its sender says.
    pub claim: ClaimBody,
}

/// What became of the core skills that were sent.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CoreSkillsKept {
    /// The consent by which they were kept.
    #[schema(format = Uuid)]
    pub consent: String,
    /// In the order in which they were sent.
    pub core_skills: Vec<KeptItem>,
}

/// What became of a core skill that was sent.
#[derive(Debug, Serialize, ToSchema)]
pub struct KeptItem {
    /// Its UUID here.
    #[schema(format = Uuid)]
    pub id: String,
    /// `created`, `replaced` (one that was sent before with other content) or `unchanged`.
    #[schema(pattern = "^(created|replaced|unchanged)$")]
    pub outcome: &'static str,
}

impl CoreSkillsAnswer {
    /// What is told by a consent.
    pub fn of(site: &Site, consent: &ConsentRecord, told: CoreSkills) -> Self {
        Self {
            name: told.name,
            consent: consent.id.to_string(),
            until: rfc3339(consent.stated.until),
            core_skills: told.skills.into_iter().map(|one| CoreSkillItem::of(site, one)).collect(),
        }
    }
}

impl CoreSkillItem {
    fn of(site: &Site, held: HeldCoreSkill) -> Self {
        let (kind, credential, sent_by, received_at) = match held.source {
            CoreSkillSource::Award(credential) => ("award", Some(site.credential(credential)), None, None),
            CoreSkillSource::Claim { client, received } => {
                ("claim", None, Some(client), Some(rfc3339(received)))
            }
        };
        Self {
            subject: held.subject.slug.to_string(),
            name: held.subject.name,
            framework: held.subject.framework,
            kind,
            completed_on: held.completed_on.to_string(),
            expires_on: held.expires_on.map(|day| day.to_string()),
            credential,
            sent_by,
            received_at,
            claim: held.claim.into(),
        }
    }
}

impl From<ClaimMetadata> for ClaimBody {
    fn from(claim: ClaimMetadata) -> Self {
        Self {
            origin: claim.origin,
            assurance_policy: claim.assurance_policy,
            assurance_outcome: claim.assurance_outcome,
            provider: claim.provider,
            verifier: claim.verifier,
            verification_method: claim.verification_method,
            pedigree: claim.pedigree,
            last_refresh: claim.last_refresh,
            unique_identifier: claim.unique_identifier,
        }
    }
}

impl From<&ClaimKept> for KeptItem {
    fn from(kept: &ClaimKept) -> Self {
        let (id, outcome) = match kept {
            ClaimKept::New(id) => (id, "created"),
            ClaimKept::Replaced(id) => (id, "replaced"),
            ClaimKept::Unchanged(id) => (id, "unchanged"),
        };
        Self { id: id.to_string(), outcome }
    }
}
