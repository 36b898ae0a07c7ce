//! The bodies of the VC API, for the description.

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::{
    standards::{VerifiableCredential, VerifiablePresentation},
    verification::ReportDocument,
};

/// A credential to be signed.
#[derive(Debug, Serialize, ToSchema)]
pub struct IssueRequest {
    /// The credential, as it is to be signed.
    #[schema(value_type = VerifiableCredential)]
    pub credential: Value,
    /// How.
    pub options: Option<IssueOptions>,
}

/// How a credential is signed.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct IssueOptions {
    /// The suite: `eddsa-rdfc-2022` unless another is named.
    pub cryptosuite: Option<String>,
    /// The same by an older name.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// `revocation` or `suspension`: asks for a status entry. A list of both is taken too.
    pub status_purpose: Option<String>,
    /// For `ecdsa-sd-2023`: JSON pointers to what nobody may leave out.
    pub mandatory_pointers: Option<Vec<String>>,
}

/// A credential.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SignedAnswer {
    /// It, with its proof.
    #[schema(value_type = VerifiableCredential)]
    pub verifiable_credential: Value,
}

/// A credential to be derived from.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DeriveRequest {
    /// One with a base proof by `ecdsa-sd-2023`.
    #[schema(value_type = VerifiableCredential)]
    pub verifiable_credential: Value,
    /// What to show.
    pub options: Option<DeriveOptions>,
}

/// What to show of a credential.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DeriveOptions {
    /// JSON pointers to it.
    pub selective_pointers: Option<Vec<String>>,
}

/// What is to become of a status entry.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StatusRequest {
    /// Whose entries, where `credentialStatus` names none.
    pub credential_id: Option<String>,
    /// The entry, as the credential has it.
    pub credential_status: Option<StatusEntry>,
    /// Whether it is to be set. True.
    pub status: Option<bool>,
}

/// An entry of a status list.
#[derive(Debug, Serialize, ToSchema)]
pub struct StatusEntry {
    /// What it is for.
    #[schema(pattern = "^(revocation|suspension)$")]
    #[serde(rename = "statusPurpose")]
    pub purpose: Option<String>,
    /// The list's address.
    #[serde(rename = "statusListCredential")]
    pub list: Option<String>,
    /// Its index in the list.
    #[serde(rename = "statusListIndex")]
    pub index: Option<String>,
}

/// What became of a status entry.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StatusAnswer {
    /// Whether it is set.
    pub status: bool,
    /// Whether it was so before.
    pub was_already: bool,
}

/// A credential to be verified.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct VerifyCredentialRequest {
    /// The credential.
    #[schema(value_type = VerifiableCredential)]
    pub verifiable_credential: Value,
}

/// A presentation to be verified.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct VerifyPresentationRequest {
    /// The presentation.
    #[schema(value_type = VerifiablePresentation)]
    pub verifiable_presentation: Value,
    /// For whom and what it was made.
    pub options: Option<VerifyPresentationOptions>,
}

/// For whom and what a presentation was made.
#[derive(Debug, Serialize, ToSchema)]
pub struct VerifyPresentationOptions {
    /// The challenge that was given to be signed.
    pub challenge: Option<String>,
    /// Your own domain.
    pub domain: Option<String>,
}

/// What was found.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct VerifiedAnswer {
    /// Whether it is valid.
    pub verified: bool,
    /// What failed, or could not be checked.
    pub problem_details: Vec<ProblemDetail>,
    /// Every check.
    pub report: ReportDocument,
    /// Of a presentation: what was asked of it, and whether it holds.
    pub results: Option<PresentationResults>,
}

/// What was asked of a presentation.
#[derive(Debug, Serialize, ToSchema)]
pub struct PresentationResults {
    /// The challenge.
    pub challenge: Option<PresentationResult>,
    /// The domain.
    pub domain: Option<PresentationResult>,
    /// The holder.
    pub holder: Option<PresentationResult>,
}

/// Whether something that was asked holds.
#[derive(Debug, Serialize, ToSchema)]
pub struct PresentationResult {
    /// Whether it does.
    pub valid: bool,
    /// What was asked.
    pub input: String,
}

/// Something that failed (VC Data Model 2.0, section 7.1).
#[derive(Debug, Serialize, ToSchema)]
pub struct ProblemDetail {
    /// The kind.
    #[serde(rename = "type")]
    #[schema(format = "uri")]
    pub kind: String,
    /// Its code.
    pub title: String,
    /// What was found.
    pub detail: String,
}
