//! The completion as clients write it, for the API's description. What is
//! accepted is decided by `model::parse`; a test holds the example to it.

use serde::Serialize;
use utoipa::ToSchema;

/// A provider's statement that a learner finished an achievement.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!(CompletionRequest::example()))]
#[serde(deny_unknown_fields)]
pub struct CompletionRequest {
    /// Who learned.
    pub learner: LearnerRequest,
    /// The achievement's short name in the catalogue.
    pub achievement: String,
    /// When it was finished: a date-time with a zone, or a date.
    pub completed_at: String,
    /// First day of the learning.
    #[schema(format = Date)]
    pub started_on: Option<String>,
    /// How it was delivered: provenance, never shown first.
    #[schema(pattern = "^(online|face-to-face|blended)$")]
    pub delivery_mode: Option<String>,
    /// What was measured.
    #[schema(required = false)]
    pub results: Vec<ResultRequest>,
    /// Credit earned, where it differs from what the achievement carries.
    pub credit: Option<CreditRequest>,
    /// What shows it.
    #[schema(required = false)]
    pub evidence: Vec<EvidenceRequest>,
    /// The cohort, as the provider names it.
    pub cohort: Option<String>,
    /// The provider's own reference: unique among its completions. Posting the
    /// same completion under the same reference again changes nothing.
    pub reference: Option<String>,
}

/// Who learned: a name and one or more identifiers. There is no national one;
/// any will do, several are better.
#[derive(Debug, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LearnerRequest {
    /// The name as it should stand on the badge.
    pub name: String,
    /// No kind twice within the same organisation or body.
    #[schema(min_items = 1)]
    pub identifiers: Vec<IdentifierRequest>,
    /// Makes the recipient a team or a board; may be empty.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<GroupRequest>,
}

/// A team or a board that learned together.
#[derive(Debug, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GroupRequest {
    /// The names of its members, where they are to stand on the badge.
    #[schema(required = false, max_items = 100)]
    pub members: Vec<String>,
}

/// An identifier of a learner.
#[derive(Debug, Serialize, ToSchema)]
#[serde(tag = "type", rename_all = "camelCase")]
pub enum IdentifierRequest {
    /// An email address. Weak: two people of different names may not share one
    /// unless each has another identifier.
    Email {
        /// The address.
        value: String,
    },
    /// A staff number, which means something only within the organisation that gave it.
    StaffNumber {
        /// The number.
        value: String,
        /// The employing organisation: its ODS code or name.
        organisation: String,
    },
    /// A registration with a professional body.
    ProfessionalRegistration {
        /// The registration number.
        value: String,
        /// The body, such as `FEDIP` or `NMC`.
        body: String,
    },
    /// A decentralised identifier; the badge is then bound to it.
    Did {
        /// The DID.
        value: String,
    },
}

/// One result (Open Badges 3.0, Result).
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[serde(deny_unknown_fields)]
pub struct ResultRequest {
    /// What was measured.
    pub name: String,
    /// The value reached.
    pub value: String,
    /// Open Badges 3.0 `ResultType`.
    pub result_type: String,
}

/// An amount of CPD credit. Units never mix.
#[derive(Debug, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreditRequest {
    /// Zero to 10,000 with at most two decimals.
    pub amount: String,
    /// `hours`, `points` or `credits:<scheme>`.
    pub unit: String,
}

/// One piece of evidence (Open Badges 3.0, Evidence).
#[derive(Debug, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EvidenceRequest {
    /// Where it can be seen: an https URL.
    pub url: Option<String>,
    /// Its name.
    pub name: Option<String>,
    /// What it shows.
    pub narrative: Option<String>,
}

impl CompletionRequest {
    /// The example that the description and the pages show.
    pub fn example() -> Self {
        Self {
            learner: LearnerRequest {
                name: "Sample Learner".to_owned(),
                identifiers: vec![
                    IdentifierRequest::Email { value: "sample.learner@example.org".to_owned() },
                    IdentifierRequest::StaffNumber {
                        value: "12345678".to_owned(),
                        organisation: "RXX".to_owned(),
                    },
                    IdentifierRequest::ProfessionalRegistration {
                        value: "FED-0001".to_owned(),
                        body: "FEDIP".to_owned(),
                    },
                    IdentifierRequest::Did { value: "did:example:sample-learner".to_owned() },
                ],
                group: None,
            },
            achievement: "user-centred-design".to_owned(),
            completed_at: "2026-03-02T15:30:00Z".to_owned(),
            started_on: Some("2026-02-01".to_owned()),
            delivery_mode: Some("blended".to_owned()),
            results: vec![ResultRequest {
                name: "Assessment".to_owned(),
                value: "82".to_owned(),
                result_type: "Percent".to_owned(),
            }],
            credit: Some(CreditRequest { amount: "2.5".to_owned(), unit: "hours".to_owned() }),
            evidence: vec![EvidenceRequest {
                url: Some("https://moodle.example.org/evidence/1".to_owned()),
                name: Some("Project report".to_owned()),
                narrative: Some("A service redesigned with its users.".to_owned()),
            }],
            cohort: Some("2026 spring".to_owned()),
            reference: Some("course-42-user-7".to_owned()),
        }
    }
}
