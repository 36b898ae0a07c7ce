//! The report of a verification: every check, never one verdict alone.

mod conclusion;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize, Serializer, ser::SerializeStruct as _};

use crate::id::Slug;
use crate::sentence::{Language, Phrase, Sentence};
use crate::trust::Policy;

pub use conclusion::Conclusion;
use conclusion::{NOT_ENOUGH, said};

/// How a check came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// What was checked holds.
    Pass,
    /// It holds, with something the reader should know.
    Warning,
    /// It could not be found out, for instance because a host did not answer.
    /// Never counted as a pass or as a failure.
    NotChecked,
    /// It does not hold.
    Fail,
}

/// What a check asks. The order is the order of verification.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Question {
    /// Is it a credential in a form that can be read (size, depth, strict JSON, JWS)?
    Format,
    /// Are its contexts known and every term defined?
    Contexts,
    /// Does it have the required shape?
    Schema,
    /// Does the subject have an id or an identifier?
    Subject,
    /// Does the signature match the content?
    Proof,
    /// Does the key belong to the issuer, for assertions?
    IssuerBinding,
    /// Was the key in force when it signed?
    Key,
    /// Is its issuer on a list that the asker trusts?
    Trust,
    /// Is there a newer form of it?
    Refresh,
    /// Has it been revoked or suspended?
    Status,
    /// Has it begun and not ended?
    Dates,
    /// Is it the expected person's?
    Recipient,
    /// Is it the expected achievement?
    Achievement,
    /// Does what was presented meet the expected registration level?
    Level,
    /// Can the evidence be had that it names?
    Evidence,
    /// Do its endorsements verify?
    Endorsements,
    /// Might its provider award the achievement on the day it was awarded?
    Accreditation,
    /// Does the log of its issuer hold it?
    Log,
    /// Does the ledger of its issuer hold its credit?
    Ledger,
    /// What keeps its award in force?
    Maintenance,
    /// Of a presentation: was the verifier's challenge signed?
    Challenge,
    /// Of a presentation: was it made for this verifier?
    Domain,
    /// Of a presentation: are its credentials about whoever shows them?
    Holder,
    /// Of a presentation or a learner record: are its credentials good?
    Credentials,
}

impl Question {
    /// Whether a credential is never valid while it is not answered.
    pub fn is_necessary(self) -> bool {
        matches!(
            self,
            Self::Format
                | Self::Contexts
                | Self::Schema
                | Self::Subject
                | Self::Proof
                | Self::IssuerBinding
                | Self::Key
                | Self::Status
                | Self::Dates
                | Self::Level
                | Self::Credentials
        )
    }
}

/// Whose doing a failed check is, so that the reader knows whom to ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultOwner {
    /// Whoever made or signed the credential.
    Issuer,
    /// Whoever presented it, or changed it on the way.
    Holder,
    /// Whoever delivered the learning.
    Provider,
    /// Whoever asked for the check.
    Verifier,
    /// A host on the way that did not answer or answered wrongly.
    Host,
}

/// A clause of a standard that a check follows.
#[derive(Debug, PartialEq, Eq)]
pub struct Clause {
    /// The standard and the clause.
    pub name: &'static str,
    /// Where it can be read; empty for a rule of the house.
    pub url: &'static str,
}

/// One check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// What was asked.
    pub question: Question,
    /// How it came out.
    pub outcome: Outcome,
    /// A stable code in kebab case, such as `proof-mismatch`.
    pub code: String,
    /// What was found, for people.
    pub finding: Sentence,
    /// What to do, for people, in the language of the finding; absent when there is
    /// nothing to do.
    pub advice: Option<&'static Phrase>,
    /// The clause of the standard the check follows.
    pub clause: Option<&'static Clause>,
    /// Whose fault it is, if it is somebody's.
    pub fault: Option<FaultOwner>,
    /// When the document was fetched that the check rests on; absent if that was for
    /// this check, or if it rests on none.
    pub as_of: Option<DateTime<Utc>>,
}

impl Check {
    /// What to do, in the language of the finding.
    pub fn advice(&self) -> Option<&'static str> {
        self.advice.map(|advice| advice.words(self.finding.language()))
    }
}

impl Serialize for Check {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut check = serializer.serialize_struct("Check", 9)?;
        check.serialize_field("question", &self.question)?;
        check.serialize_field("outcome", &self.outcome)?;
        check.serialize_field("code", &self.code)?;
        check.serialize_field("finding", &self.finding)?;
        if let Some(advice) = self.advice() {
            check.serialize_field("advice", advice)?;
        }
        if let Some(clause) = self.clause {
            check.serialize_field("clause", clause.name)?;
            if !clause.url.is_empty() {
                check.serialize_field("clauseUrl", clause.url)?;
            }
        }
        if let Some(fault) = &self.fault {
            check.serialize_field("fault", fault)?;
        }
        if let Some(as_of) = &self.as_of {
            check.serialize_field("asOf", as_of)?;
        }
        check.end()
    }
}

/// What all checks together come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Nothing failed and nothing necessary was left unchecked.
    Valid,
    /// At least one check failed.
    Invalid,
    /// Nothing failed, but something necessary could not be checked.
    Undetermined,
}

/// What a credential says of itself, for the reader of a report. Unproved
/// unless the checks say so.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Summary {
    /// The credential's `id`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The name of the achievement, else of the credential.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub achievement: Option<String>,
    /// The name of the holder, where the credential states it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub holder: Option<String>,
    /// The issuer's `id`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issuer_id: Option<String>,
    /// The issuer's name as the credential states it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issuer_name: Option<String>,
    /// `validFrom` (or `issuanceDate`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid_from: Option<String>,
    /// `validUntil` (or `expirationDate`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<String>,
}

/// The answer to "is this credential good?".
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// What the checks come to.
    pub verdict: Verdict,
    /// The same, with what leaves it open told apart.
    pub conclusion: Conclusion,
    /// What that means, for people.
    pub explanation: Sentence,
    /// What to do about it, for people; absent where each check says that by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub advice: Option<Sentence>,
    /// Whether all that was shown is valid, and yet not enough for the level that was asked
    /// about.
    #[serde(skip)]
    pub is_only_below_level: bool,
    /// When the checks were made.
    pub checked_at: DateTime<Utc>,
    /// The trust policy that made the verdict, if the asker named one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy: Option<Slug>,
    /// Its name, for people.
    #[serde(skip)]
    pub policy_name: Option<String>,
    /// What it was read as: `json`, `jwt`, `sd-jwt`, `png`, `svg`.
    pub form: String,
    /// What the credential says of itself.
    pub summary: Summary,
    /// Every check, in the order of [`Question`].
    pub checks: Vec<Check>,
    /// Of a presentation or a learner record: a report on each of its credentials, in
    /// their order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub credentials: Vec<Report>,
}

impl Report {
    /// Puts the checks in order and derives the verdict: any failure makes it
    /// [`Verdict::Invalid`]; else an unchecked proof, key, issuer or status
    /// makes it [`Verdict::Undetermined`]. So does a credential of a presentation
    /// that could not be checked to its end.
    pub fn conclude(checked_at: DateTime<Utc>, form: &str, summary: Summary, mut checks: Vec<Check>) -> Self {
        checks.sort_by_key(|check| check.question);
        let conclusion = if checks.iter().any(|check| check.outcome == Outcome::Fail) {
            Conclusion::Invalid
        } else if checks
            .iter()
            .any(|check| check.outcome == Outcome::NotChecked && check.question.is_necessary())
        {
            Conclusion::Undetermined
        } else {
            Conclusion::Valid
        };
        Self {
            verdict: conclusion.verdict(),
            conclusion,
            explanation: conclusion.explanation(None),
            advice: conclusion.advice(),
            is_only_below_level: false,
            checked_at,
            policy: None,
            policy_name: None,
            form: form.to_owned(),
            summary,
            checks,
            credentials: Vec::new(),
        }
    }

    /// The answer in one line.
    pub fn heading(&self) -> &'static Phrase {
        if self.is_only_below_level { &NOT_ENOUGH } else { self.conclusion.heading() }
    }

    /// Whether what was shown is proved to be what its issuers said.
    pub fn is_genuine(&self) -> bool {
        self.conclusion.is_genuine() || self.is_only_below_level
    }

    /// The same with the verdict that `policy`, called `name`, makes of its checks.
    #[must_use]
    pub fn under(self, name: &Slug, policy: &Policy) -> Self {
        let conclusion = policy.conclusion(&self.checks, self.checked_at);
        let explanation = conclusion.explanation(Some(policy));
        let (policy, policy_name) = (Some(name.clone()), Some(policy.name.clone()));
        Self { policy, policy_name, ..self.concluded(conclusion, explanation) }
    }

    fn concluded(self, conclusion: Conclusion, explanation: Sentence) -> Self {
        let (verdict, advice) = (conclusion.verdict(), conclusion.advice());
        Self { verdict, conclusion, explanation, advice, ..self }
    }

    /// The same with its sentences in that language.
    #[must_use]
    pub fn in_language(mut self, language: Language) -> Self {
        self.speak(language);
        self
    }

    fn speak(&mut self, language: Language) {
        self.explanation.speak(language);
        self.advice.iter_mut().for_each(|advice| advice.speak(language));
        self.checks.iter_mut().for_each(|check| check.finding.speak(language));
        self.credentials.iter_mut().for_each(|report| report.speak(language));
    }

    /// The report on a presentation or a learner record with those on its credentials. One
    /// of an issuer that the policy does not know leaves the whole open as it is open itself.
    #[must_use]
    pub fn with_credentials(self, credentials: Vec<Self>) -> Self {
        let unknown = credentials.iter().find(|one| one.conclusion == Conclusion::Untrusted);
        let whole = match unknown {
            Some(one) if self.conclusion == Conclusion::Valid => {
                let whole = self.concluded(Conclusion::Untrusted, said::holds_untrusted());
                Self { policy: one.policy.clone(), policy_name: one.policy_name.clone(), ..whole }
            }
            _ => self,
        };
        Self { credentials, ..whole }
    }
}
