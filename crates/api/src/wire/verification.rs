//! The report of a verification, for the API's description; what is sent is
//! `model::report::Report`, and a test holds the two together.

use model::site::Site;
use registry::{JobState, JobTally, VerificationJobRecord};
use serde::Serialize;
use utoipa::ToSchema;

use super::ledger::rfc3339;
use super::standards::{AchievementCredential, VerifiableCredential, VerifiablePresentation};

/// The answer to "is this credential good?": every check, and what they come to.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Report)]
pub struct ReportDocument {
    /// `valid`, `invalid`, or `undetermined` when something necessary could not be checked.
    #[schema(pattern = "^(valid|invalid|undetermined)$")]
    pub verdict: String,
    /// The same, with what leaves it open told apart: `untrusted` (and `undetermined` as the
    /// verdict) of a credential that is genuine and unaltered, and whose issuer no list of
    /// the policy names.
    #[schema(pattern = "^(valid|invalid|undetermined|untrusted)$")]
    pub conclusion: String,
    /// What that means, in English or, as `Accept-Language` asks, in Welsh.
    pub explanation: String,
    /// What to do about it, in the same language; absent where each check says that itself.
    pub advice: Option<String>,
    /// When the checks were made.
    #[schema(format = DateTime)]
    pub checked_at: String,
    /// The trust policy that made the verdict, if one was named.
    pub policy: Option<String>,
    /// What it was read as: `json`, `jwt`, `sd-jwt`, `png`, `svg`, `pdf` or `qr`; `url` or
    /// `jpeg` of what gave nothing to read, `several` of several files.
    pub form: String,
    /// What the credential says of itself; unproved unless the checks say so.
    pub summary: SummaryDocument,
    /// Every check, in the order of verification.
    pub checks: Vec<CheckDocument>,
    /// Of a presentation: a report on each of its credentials.
    #[schema(no_recursion)]
    pub credentials: Option<Vec<ReportDocument>>,
}

/// What a credential says of itself.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Summary)]
pub struct SummaryDocument {
    /// Its id.
    pub id: Option<String>,
    /// The name of the achievement.
    pub achievement: Option<String>,
    /// The name of the holder.
    pub holder: Option<String>,
    /// The issuer's id.
    pub issuer_id: Option<String>,
    /// The issuer's name.
    pub issuer_name: Option<String>,
    /// Since when it is valid.
    pub valid_from: Option<String>,
    /// Until when it is valid.
    pub valid_until: Option<String>,
}

/// One check.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Check)]
pub struct CheckDocument {
    /// What was asked: `format`, `contexts`, `schema`, `subject`, `proof`,
    /// `issuer_binding`, `key`, `refresh`, `status`, `dates`, `recipient`, `endorsements` or
    /// `accreditation`; where it was asked for also `trust`, `achievement`, `level`, `evidence`,
    /// `log`, `ledger` or `maintenance`;
    /// of a presentation also `challenge`, `domain`, `holder` or `credentials`.
    pub question: String,
    /// `pass`, `warning`, `not_checked` or `fail`.
    #[schema(pattern = "^(pass|warning|not_checked|fail)$")]
    pub outcome: String,
    /// A stable code in kebab case.
    pub code: String,
    /// What was found, in English or, as `Accept-Language` asks, in Welsh.
    pub finding: String,
    /// What to do, in the same language.
    pub advice: Option<String>,
    /// The clause of the standard.
    pub clause: Option<String>,
    /// Where the clause can be read.
    #[schema(format = "uri")]
    pub clause_url: Option<String>,
    /// Whose fault it is: `issuer`, `holder`, `provider`, `verifier` or `host`; absent if
    /// nobody's.
    pub fault: Option<String>,
    /// When the document was fetched that the check rests on, if it came out of a cache.
    #[schema(format = DateTime)]
    pub as_of: Option<String>,
}

/// Asks to check the credential at an address.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({ "url": "https://badges.example.org/badges/6f1c9f5e-0f6b-4a52-9d4e-2f6f6a9b7c10" }))]
pub struct VerifyUrl {
    /// The address of a credential, a badge page or a baked picture.
    #[schema(format = "uri")]
    pub url: String,
}

/// What is checked as JSON.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "it is described, and read as what it says it is")]
pub enum SubmittedDocument {
    /// A badge of Open Badges 3.0.
    Badge(AchievementCredential),
    /// Any other credential, and a badge of Open Badges 2.0.
    Credential(VerifiableCredential),
    /// A presentation of credentials.
    Presentation(VerifiablePresentation),
}

/// What is checked as an upload: one of `file`, which may stand there up to 20 times, `text` and
/// `url`; and what is asked of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct VerifyForm {
    /// A file with a credential: JSON, a token, a baked picture, a picture of a QR code, a PDF.
    #[schema(value_type = Option<String>, format = Binary)]
    pub file: Option<Vec<u8>>,
    /// A credential, or its address, as text.
    pub text: Option<String>,
    /// The address of a credential, a badge page or a baked picture.
    #[schema(format = "uri")]
    pub url: Option<String>,
    /// Whose it should be.
    pub recipient: Option<String>,
    /// The trust policy that makes the verdict.
    pub policy: Option<String>,
    /// Which achievement it should be.
    pub achievement: Option<String>,
    /// Which registration level all of it should meet.
    pub level: Option<String>,
    /// The moment as of which it is judged: a date-time, or a date.
    pub as_of: Option<String>,
    /// What to look at besides, with commas between: `evidence`, `log`, `ledger`, `maintenance`.
    pub also: Option<String>,
}

/// What it takes to check badges of this service without a network.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OfflineBundle)]
pub struct OfflineBundleDocument {
    /// A compact JWS (`typ` `lanyard-offline-bundle+jwt`) by the root issuer: `iss`, `iat`,
    /// `documents` with `url`, `mediaType` and `sha256` of each, and `revoked` names.
    #[schema(pattern = "^[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+$")]
    pub manifest: String,
    /// The documents as text, in the order in which the manifest lists them.
    pub documents: Vec<String>,
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use model::report::{Check, Clause, FaultOwner, Outcome, Question, Report, Summary};
    use model::sentence::{Phrase, Sentence};
    use serde_json::Value;

    use super::*;

    static ADVICE: Phrase = Phrase::plain("Do.", "Gwnewch.");
    static CLAUSE: Clause = Clause { name: "x", url: "https://example.org/x" };

    #[test]
    fn the_description_of_a_report_has_the_members_of_a_report() {
        let text = || Some("x".to_owned());
        let check = Check {
            question: Question::Proof,
            outcome: Outcome::Pass,
            code: "x".to_owned(),
            finding: Sentence::quoted("x"),
            advice: Some(&ADVICE),
            clause: Some(&CLAUSE),
            fault: Some(FaultOwner::Issuer),
            as_of: Some(chrono::DateTime::UNIX_EPOCH),
        };
        let summary = Summary {
            id: text(),
            achievement: text(),
            holder: text(),
            issuer_id: text(),
            issuer_name: text(),
            valid_from: text(),
            valid_until: text(),
        };
        let report =
            || Report::conclude(chrono::DateTime::UNIX_EPOCH, "json", summary.clone(), vec![check.clone()]);
        let mut sent = report().with_credentials(vec![report()]);
        sent.policy = Some("nhs-employers".parse().unwrap());
        sent.advice = Some(Sentence::quoted("x"));
        let described = ReportDocument {
            verdict: "valid".to_owned(),
            conclusion: String::new(),
            explanation: String::new(),
            advice: text(),
            checked_at: String::new(),
            policy: text(),
            form: String::new(),
            summary: SummaryDocument {
                id: text(),
                achievement: text(),
                holder: text(),
                issuer_id: text(),
                issuer_name: text(),
                valid_from: text(),
                valid_until: text(),
            },
            checks: vec![CheckDocument {
                question: String::new(),
                outcome: String::new(),
                code: String::new(),
                finding: String::new(),
                advice: text(),
                clause: text(),
                clause_url: text(),
                fault: text(),
                as_of: text(),
            }],
            credentials: Some(Vec::new()),
        };
        let sent = serde_json::to_value(sent).unwrap();
        let described = serde_json::to_value(described).unwrap();
        for pointer in ["", "/summary", "/checks/0"] {
            assert_eq!(names(&sent, pointer), names(&described, pointer), "{pointer}");
        }
    }

    fn names(document: &Value, pointer: &str) -> BTreeSet<String> {
        document.pointer(pointer).unwrap().as_object().unwrap().keys().cloned().collect()
    }
}

/// A list of credentials that is checked in its own time.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct VerificationJobDocument {
    /// The job's UUID.
    #[schema(format = Uuid)]
    pub id: String,
    /// Its address.
    #[schema(format = "uri")]
    pub url: String,
    /// Where what was found is read.
    #[schema(format = "uri")]
    pub results: String,
    /// Where it stands.
    pub state: VerificationJobState,
    /// How many rows it has; of one that is still being sent, so far.
    pub counted: u64,
    /// How many of them were checked.
    pub done: u64,
    /// How many credentials are valid.
    pub valid: u64,
    /// How many are not.
    pub invalid: u64,
    /// Of how many that could not be told.
    pub undetermined: u64,
    /// How many rows could not be read.
    pub unreadable: u64,
    /// When it was sent.
    #[schema(format = DateTime)]
    pub created_at: String,
    /// When the last row was checked.
    #[schema(format = DateTime)]
    pub finished_at: Option<String>,
    /// When it is deleted; not known while something is still to be checked.
    #[schema(format = DateTime)]
    pub kept_until: Option<String>,
}

/// Where a job stands.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum VerificationJobState {
    /// It is still being sent.
    Receiving,
    /// It is being checked, or waits for its turn.
    Working,
    /// All of it was checked.
    Done,
}

impl VerificationJobDocument {
    /// A job as its client sees it.
    pub fn of(site: &Site, job: &VerificationJobRecord) -> Self {
        let JobTally { valid, invalid, undetermined, unreadable } = job.tally;
        let url = site.url(&format!("/v1/verification-jobs/{}", job.id));
        Self {
            id: job.id.to_string(),
            results: format!("{url}/results"),
            url,
            state: match job.state {
                JobState::Receiving => VerificationJobState::Receiving,
                JobState::Working => VerificationJobState::Working,
                JobState::Done => VerificationJobState::Done,
            },
            counted: job.counted,
            done: valid + invalid + undetermined + unreadable,
            valid,
            invalid,
            undetermined,
            unreadable,
            created_at: rfc3339(job.created),
            finished_at: job.finished.map(rfc3339),
            kept_until: job.kept_until.map(rfc3339),
        }
    }
}
