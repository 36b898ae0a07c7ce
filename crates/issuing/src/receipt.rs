//! A verification as a signed credential that whoever asked can file: a badge by its type, so
//! that any verifier of Open Badges reads it, which awards nothing.
//!
//! It says what was checked by its digest and by the ids that it states, when, by which
//! policy, and what each check came to. It names no holder.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::SecondsFormat;
use model::{
    id::StatementId,
    ob::{self, AchievementSubject, AchievementType, Criteria, ResultDescription, ResultStatus, ResultType},
    report::{Outcome, Question, Report, Verdict},
};
use serde_json::Value;
use signing::{Identity, Signed, sign_document};

use crate::{IssuingError, Service, describe::profile, documents::to_value};

/// `resultType` of what a check came to.
const CHECK: &str = "ext:Check";
/// Letters that are kept of what a credential says of itself.
const LONGEST: usize = 500;

impl Service {
    /// The receipt of `report` on what has the SHA-256 `digest`, signed now by the
    /// organisation at the root in both forms. It is not kept.
    pub fn verification_receipt(&self, report: &Report, digest: [u8; 32]) -> Result<Signed, IssuingError> {
        let catalogue = self.catalogue()?;
        let root = self.site.root_issuer();
        let organisation = catalogue.organisations.get(root);
        let organisation = organisation
            .ok_or_else(|| IssuingError::Catalogue(format!("the organisation `{root}` has gone")))?;
        let (keys, now) = (self.vault.keys(), self.clock.now());
        let identity = Identity::of(&self.site, root, &keys)?;
        let mut issuer = profile(&self.site, organisation);
        issuer.id.clone_from(&identity.data_integrity.issuer_id);
        let id = format!("urn:uuid:{}", StatementId::random(self.entropy.as_ref()));
        let about = self.site.url("/verify#receipt");
        let subject = subject(&about, report, digest);
        let description = subject.narrative.clone();
        let mut credential = ob::AchievementCredential::new(ob::contexts(), id, issuer, subject);
        credential.name = Some("Receipt of a verification".to_owned());
        credential.description = description;
        credential.valid_from = Some(now.into());
        Ok(sign_document(&to_value(&credential)?, identity, now, &keys, &self.site)?)
    }
}

fn subject(about: &str, report: &Report, digest: [u8; 32]) -> AchievementSubject {
    let mut criteria = Criteria::new();
    criteria.narrative =
        Some("The checks were made at the moment stated; each says what it came to.".to_owned());
    let description =
        "That a credential was verified, and what was found. It awards nothing, and says nothing of later.";
    let mut achievement = ob::Achievement::new(
        about.to_owned(),
        "Receipt of a verification".to_owned(),
        description.to_owned(),
        criteria,
    );
    achievement.achievement_type = Some(AchievementType::from(signing::RECEIPT));
    achievement.in_language = Some("en-GB".to_owned());
    let at = report.checked_at.to_rfc3339_opts(SecondsFormat::Secs, true);
    let mut results = Results { about, described: Vec::new(), given: Vec::new() };
    results.add("checked-at", "When the checks were made", signing::AS_OF, at.clone(), None);
    results.add("sha-256", "SHA-256 of what was handed in", "ext:Digest", hex::encode(digest), None);
    let verdict = word(&report.verdict);
    let status = match report.verdict {
        Verdict::Valid => ResultStatus::Completed,
        Verdict::Invalid => ResultStatus::Failed,
        Verdict::Undetermined => ResultStatus::InProgress,
    };
    results.add("verdict", "What the checks come to", "Status", verdict.clone(), Some(status));
    results.add(
        "conclusion",
        "The same, with what leaves it open told apart",
        "ext:Conclusion",
        word(&report.conclusion),
        None,
    );
    let policy = report.policy.as_ref().map(ToString::to_string);
    results.add(
        "policy",
        "The policy that made the verdict",
        "ext:Name",
        policy.unwrap_or_else(|| "none".to_owned()),
        None,
    );
    results.add("form", "What it was read as", "ext:Name", report.form.clone(), None);
    let summary = &report.summary;
    let stated = [
        ("credential", "The id that it states", &summary.id),
        ("achievement", "The achievement that it states", &summary.achievement),
        ("issuer", "The issuer that it states", &summary.issuer_id),
        ("valid-from", "Since when it says it is valid", &summary.valid_from),
        ("valid-until", "Until when it says it is valid", &summary.valid_until),
    ];
    for (name, title, value) in stated {
        if let Some(value) = value {
            results.add(name, title, "ext:Name", value.chars().take(LONGEST).collect(), None);
        }
    }
    for check in &report.checks {
        let (question, outcome) = (word(&check.question), word(&check.outcome));
        results.add(
            &format!("check-{question}"),
            title(check.question),
            CHECK,
            format!("{outcome}: {}", check.code),
            None,
        );
    }
    let failed = report.checks.iter().filter(|check| check.outcome == Outcome::Fail).count();
    achievement.result_description = results.described;
    let mut subject = AchievementSubject::new(achievement);
    // A named information URI (RFC 6920): the receipt is about these very bytes.
    subject.id = Some(format!("ni:///sha-256;{}", URL_SAFE_NO_PAD.encode(digest)));
    subject.narrative =
        Some(format!("Verified at {at}: {verdict}. Of {} checks {failed} failed.", report.checks.len()));
    subject.result = results.given;
    subject
}

/// What is said, and once for each name what the name means.
struct Results<'a> {
    about: &'a str,
    described: Vec<ResultDescription>,
    given: Vec<ob::Result>,
}

impl Results<'_> {
    fn add(&mut self, name: &str, title: &str, kind: &str, value: String, status: Option<ResultStatus>) {
        let id = format!("{}-{name}", self.about);
        if !self.described.iter().any(|described| described.id == id) {
            self.described.push(ResultDescription::new(id.clone(), title.to_owned(), ResultType::from(kind)));
        }
        let mut result = ob::Result::new();
        result.result_description = Some(id);
        result.value = Some(value);
        result.status = status;
        self.given.push(result);
    }
}

/// As a report writes it.
fn word(value: &impl serde::Serialize) -> String {
    let written = serde_json::to_value(value).unwrap_or(Value::Null);
    written.as_str().unwrap_or_default().to_owned()
}

fn title(question: Question) -> &'static str {
    match question {
        Question::Format => "Whether it can be read",
        Question::Contexts => "Whether its terms are defined",
        Question::Schema => "Whether it has the right shape",
        Question::Subject => "Whether it says whose it is",
        Question::Proof => "Whether the signature matches",
        Question::IssuerBinding => "Whether the key is the issuer's",
        Question::Key => "Whether the key was in force",
        Question::Trust => "Whether its issuer is trusted",
        Question::Refresh => "Whether there is a newer form",
        Question::Status => "Whether it was revoked",
        Question::Dates => "Whether it is in force",
        Question::Recipient => "Whether it is the expected person's",
        Question::Achievement => "Whether it is the expected achievement",
        Question::Level => "Whether it meets the expected level",
        Question::Evidence => "Whether its evidence can be had",
        Question::Endorsements => "Whether its endorsements verify",
        Question::Accreditation => "Whether its provider was accredited",
        Question::Log => "Whether its issuer's log holds it",
        Question::Ledger => "Whether its issuer's ledger holds its credit",
        Question::Maintenance => "What keeps it in force",
        Question::Challenge => "Whether it was made for the occasion",
        Question::Domain => "Whether it was made for the asker",
        Question::Holder => "Whether the credentials are the holder's",
        Question::Credentials => "Whether the credentials in it are good",
    }
}
