//! Keys, badges and a web of our own making.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use ed25519_dalek::{Signer as _, SigningKey};
use model::clock::FixedClock;
use model::report::{Check, Outcome, Report, Verdict};
use model::sentence::Language;
use proof::multikey::PublicKey;
use proof::suite::eddsa_rdfc_2022::{ProofOptions, attach, signing_input};
use serde_json::{Value, json};
use verification::{Expectation, Fetch, FetchError, Fetched, Submission, Verifier};

pub const NOW: &str = "2026-06-01T12:00:00Z";
pub const BADGE_ID: &str = "https://badges.example.org/v1/credentials/1";
pub const LIST: &str = "https://badges.example.org/status/7";

pub fn now() -> DateTime<Utc> {
    NOW.parse().unwrap()
}

/// An Ed25519 key that every run makes alike.
pub struct Key(pub SigningKey);

impl Key {
    pub fn new(seed: u8) -> Self {
        Self(SigningKey::from_bytes(&[seed; 32]))
    }

    pub fn multibase(&self) -> String {
        PublicKey::Ed25519(self.0.verifying_key()).to_multibase()
    }

    pub fn did(&self) -> String {
        format!("did:key:{}", self.multibase())
    }

    /// The name of the key in its did:key document.
    pub fn method(&self) -> String {
        format!("{}#{}", self.did(), self.multibase())
    }

    pub fn sign_bytes(&self, input: &[u8]) -> [u8; 64] {
        self.0.sign(input).to_bytes()
    }

    pub fn sign(&self, document: Value) -> Value {
        self.sign_as(document, &self.method())
    }

    /// Signs under the name `method`, whoever's it is.
    pub fn sign_as(&self, document: Value, method: &str) -> Value {
        let options = ProofOptions {
            verification_method: method.to_owned(),
            created: "2026-01-01T00:00:00Z".parse().unwrap(),
            proof_purpose: "assertionMethod",
        };
        let input = signing_input(&document, &options).unwrap();
        let signature = self.0.sign(input.as_ref()).to_bytes();
        attach(document, &options, &signature)
    }
}

pub fn issuer() -> Key {
    Key::new(1)
}

/// An unsigned badge of the issuer `id`, with no status.
pub fn badge(id: &str) -> Value {
    json!({
        "@context": [
            "https://www.w3.org/ns/credentials/v2",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
        ],
        "id": BADGE_ID,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": "User centred design",
        "issuer": {"id": id, "type": ["Profile"], "name": "Example Academy"},
        "validFrom": "2026-01-01T00:00:00Z",
        "validUntil": "2027-01-01T00:00:00Z",
        "credentialSubject": {
            "id": "did:example:alex",
            "type": ["AchievementSubject"],
            "identifier": [{
                "type": "IdentityObject", "hashed": false, "identityHash": "Alex Sample", "identityType": "name"
            }],
            "achievement": {
                "id": "https://badges.example.org/achievements/ucd/1",
                "type": ["Achievement"],
                "achievementType": "Course",
                "name": "User centred design",
                "description": "The holder can plan and run user research.",
                "criteria": {"narrative": "Complete the module."},
                "creditsAvailable": 1.5
            }
        }
    })
}

/// The badge with an entry in the list at [`LIST`].
pub fn with_status(mut badge: Value, index: &str, purpose: &str) -> Value {
    badge["credentialStatus"] = json!({
        "id": format!("{LIST}#{index}"),
        "type": "BitstringStatusListEntry",
        "statusPurpose": purpose,
        "statusListIndex": index,
        "statusListCredential": LIST,
    });
    badge
}

/// An unsigned status list of the issuer `id` with `set` marked.
pub fn status_list(id: &str, purpose: &str, set: &[usize]) -> Value {
    let mut bits = proof::status::BitString::new(131_072);
    for index in set {
        assert!(bits.set(*index, true));
    }
    json!({
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": LIST,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": id,
        "validFrom": "2026-01-01T00:00:00Z",
        "credentialSubject": {
            "id": format!("{LIST}#list"),
            "type": "BitstringStatusList",
            "statusPurpose": purpose,
            "encodedList": bits.encode(),
        }
    })
}

/// A web that knows the documents put into it and nothing else, and remembers
/// what it was asked.
#[derive(Default)]
pub struct Web {
    documents: HashMap<String, Result<Fetched, FetchError>>,
    pub asked: Mutex<Vec<(String, String)>>,
}

impl Web {
    pub fn with(mut self, url: &str, document: &Value) -> Self {
        self.documents.insert(url.to_owned(), Ok(answer(200, "application/json", document.to_string())));
        self
    }

    pub fn answering(mut self, url: &str, fetched: Result<Fetched, FetchError>) -> Self {
        self.documents.insert(url.to_owned(), fetched);
        self
    }
}

pub fn answer(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Fetched {
    Fetched::new(status, Some(content_type.to_owned()), body.into())
}

pub fn silent(url: &str) -> Result<Fetched, FetchError> {
    Err(FetchError::TimedOut { url: url.to_owned(), seconds: 10 })
}

#[async_trait]
impl Fetch for Web {
    async fn fetch(&self, url: &str, accept: &str, _limit: usize) -> Result<Fetched, FetchError> {
        self.asked.lock().unwrap().push((url.to_owned(), accept.to_owned()));
        self.documents.get(url).cloned().unwrap_or_else(|| Err(FetchError::NoSuchHost(url.to_owned())))
    }
}

pub fn verifier(web: Web) -> Verifier {
    Verifier::new(Arc::new(web), Arc::new(FixedClock::new(now())))
}

pub async fn verify_with(web: Web, submission: &Submission) -> Report {
    verifier(web).verify(submission, &Expectation::default()).await
}

pub async fn verify_json(web: Web, document: &Value) -> Report {
    verify_with(web, &Submission::Json(document.to_string().into_bytes())).await
}

pub fn check<'a>(report: &'a Report, code: &str) -> &'a Check {
    let found = report.checks.iter().find(|check| check.code == code);
    found.unwrap_or_else(|| panic!("no `{code}` in {report:#?}"))
}

/// Asserts that the report has the code, that the verdict follows from it, and
/// that every question was answered in words.
pub fn assert_code(report: &Report, code: &str, context: &str) {
    assert!(report.checks.iter().any(|check| check.code == code), "{context}: no `{code}` in {report:#?}");
    let expected = match check(report, code).outcome {
        Outcome::Fail => Verdict::Invalid,
        Outcome::NotChecked => Verdict::Undetermined,
        Outcome::Pass | Outcome::Warning => Verdict::Valid,
    };
    assert_eq!(report.verdict, expected, "{context}: {report:#?}");
    assert_complete(report);
}

/// Thirteen questions, each answered at least once, with a code that is listed.
pub fn assert_complete(report: &Report) {
    assert_complete_but(report, 13);
}

/// The same where more was asked for.
pub fn assert_complete_but(report: &Report, number: usize) {
    let mut questions: Vec<_> = report.checks.iter().map(|check| check.question).collect();
    questions.dedup();
    assert_eq!(questions.len(), number, "{report:#?}");
    for check in &report.checks {
        let listed = verification::checks::codes::ALL.iter().find(|code| code.code == check.code).unwrap();
        assert_eq!(
            (listed.question, listed.outcome, listed.fault),
            (check.question, check.outcome, check.fault)
        );
        let said = [Language::En, Language::Cy]
            .map(|language| check.finding.clone().in_language(language).to_string());
        assert!(said.iter().all(|said| said.ends_with('.') && said.len() > 10), "{said:?}");
        assert_ne!(said[0], said[1], "{check:?}");
        if check.outcome == Outcome::Fail {
            assert!(check.advice.is_some() && check.fault.is_some(), "{check:?}");
        }
    }
}

/// The codes of a report in order.
pub fn codes(report: &Report) -> Vec<&str> {
    report.checks.iter().map(|check| check.code.as_str()).collect()
}
