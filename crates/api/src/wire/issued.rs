//! What a provider is told of an issued credential.

use issuing::Acceptance;
use model::{id::CredentialId, site::Site};
use registry::Issued;
use serde::Serialize;
use utoipa::ToSchema;

use super::ledger::LedgerLine;

/// A completion that was accepted.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CompletionAnswer {
    /// What the request did: `created`; `corrected` an earlier completion; or `unchanged`,
    /// since this was recorded before.
    #[schema(pattern = "^(created|corrected|unchanged)$")]
    pub outcome: &'static str,
    /// The completion as recorded.
    pub completion: Named,
    /// The credential that documents it.
    pub credential: CredentialLinks,
    /// The credential of the completion that it corrects, which is revoked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub supersedes: Option<CredentialLinks>,
    /// The members in which it has just corrected that completion.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub differing: Vec<String>,
    /// What was earned.
    pub award: AwardAnswer,
    /// Its line in the CPD ledger.
    pub ledger_entry: LedgerLine,
    /// Whose it is.
    pub learner: LearnerLinks,
    /// Awards of programmes that this completion completed.
    pub programme_awards: Vec<ProgrammeAward>,
    /// Where to go from here.
    pub links: Links,
}

/// Something by its identifier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Named {
    /// A UUID.
    #[schema(format = Uuid)]
    pub id: String,
}

/// A credential and where it can be had.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CredentialLinks {
    /// A UUID.
    #[schema(format = Uuid)]
    pub id: String,
    /// The credential, in the form the Accept header asks for.
    #[schema(format = "uri")]
    pub url: String,
    /// The page that shows it to people.
    #[schema(format = "uri")]
    pub page: String,
}

/// An achievement earned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AwardAnswer {
    /// A UUID.
    #[schema(format = Uuid)]
    pub id: String,
    /// The achievement's short name.
    pub achievement: String,
    /// Its version.
    pub achievement_version: String,
    /// The organisation that signed.
    pub issuer: String,
}

/// A learner, as the registry knows them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct LearnerLinks {
    /// A UUID, never published.
    #[schema(format = Uuid)]
    pub id: String,
    /// The learner's ledger.
    #[schema(format = "uri")]
    pub ledger: String,
}

/// The award of a programme.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProgrammeAward {
    /// What was earned.
    pub award: AwardAnswer,
    /// The credential that documents it.
    pub credential: CredentialLinks,
    /// Its line in the ledger.
    pub ledger_entry: LedgerLine,
}

/// Where to go from here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Links {
    /// Checks the credential.
    #[schema(format = "uri")]
    pub verify: String,
    /// Revokes it.
    #[schema(format = "uri")]
    pub revoke: String,
}

impl CompletionAnswer {
    /// What is told of an acceptance.
    pub fn of(site: &Site, acceptance: &Acceptance) -> Self {
        let issued = &acceptance.issued;
        Self {
            outcome: outcome(acceptance),
            completion: Named { id: issued.completion_id.to_string() },
            credential: CredentialLinks::of(site, issued.credential_id),
            supersedes: issued.supersedes.map(|id| CredentialLinks::of(site, id)),
            differing: acceptance.differing.clone(),
            award: AwardAnswer::of(issued),
            ledger_entry: LedgerLine::of(site, &issued.ledger_entry),
            learner: LearnerLinks {
                id: issued.learner_id.to_string(),
                ledger: site.url(&format!("/v1/learners/{}/ledger", issued.learner_id)),
            },
            programme_awards: acceptance
                .programme_awards
                .iter()
                .map(|issued| ProgrammeAward {
                    award: AwardAnswer::of(issued),
                    credential: CredentialLinks::of(site, issued.credential_id),
                    ledger_entry: LedgerLine::of(site, &issued.ledger_entry),
                })
                .collect(),
            links: Links {
                verify: site.url("/v1/verify"),
                revoke: format!("{}/revoke", site.credential(issued.credential_id)),
            },
        }
    }
}

/// What a completion came to, in a word.
fn outcome(acceptance: &Acceptance) -> &'static str {
    match acceptance {
        acceptance if acceptance.replayed => "unchanged",
        acceptance if acceptance.is_correction() => "corrected",
        _ => "created",
    }
}

impl CredentialLinks {
    /// Those of a credential.
    pub fn of(site: &Site, id: CredentialId) -> Self {
        Self { id: id.to_string(), url: site.credential(id), page: site.badge_page(id) }
    }
}

impl AwardAnswer {
    fn of(issued: &Issued) -> Self {
        Self {
            id: issued.award_id.to_string(),
            achievement: issued.achievement.to_string(),
            achievement_version: issued.achievement_version.clone(),
            issuer: issued.issuer.to_string(),
        }
    }
}
