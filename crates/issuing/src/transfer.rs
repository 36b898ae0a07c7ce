//! Credit of credentials that others issued.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use model::{
    cpd::{
        Credit, Unit,
        activity::{Details, TransferOrigin},
    },
    field::FieldError,
    id::{LearnerId, Slug},
    learner::Identifier,
    ob,
};
use proof::jcs;
use registry::{LedgerEntry, Transfer, Transferred};
use rust_decimal::Decimal;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::{Caller, IssuingError, Service};

/// A credential of somebody else's that was verified, and what is asked for it.
#[derive(Debug, Clone, PartialEq)]
pub struct Outside<'a> {
    /// The credential as it was opened, with its proof if that is embedded.
    pub credential: &'a Value,
    /// The credit that the registrar states it to be worth.
    pub credit: Option<&'a Credit>,
    /// Why it is worth that.
    pub equivalence: Option<&'a str>,
    /// The category of a scheme, where one is meant.
    pub category: Option<&'a Slug>,
}

/// Why nothing was transferred.
#[derive(Debug, thiserror::Error)]
pub enum TransferError {
    /// There is no such learner.
    #[error("there is no such learner")]
    NotFound,
    /// The request says something that cannot be. The caller's fault; every error is
    /// listed.
    #[error("the transfer has {} error(s)", .0.len())]
    Invalid(Vec<FieldError>),
    /// The credential counts for another learner.
    #[error("the credential counts for another learner")]
    Elsewhere,
    /// Our own fault or the database's.
    #[error("{0}")]
    Internal(Arc<IssuingError>),
}

impl<E: Into<IssuingError>> From<E> for TransferError {
    fn from(error: E) -> Self {
        Self::Internal(Arc::new(error.into()))
    }
}

impl Service {
    /// By what a learner may be told in somebody else's credential: email addresses and
    /// DIDs. A name is not enough, and a number means nothing outside who gave it. `None`
    /// when there is no such learner.
    pub fn told_by(&self, learner: LearnerId) -> Result<Option<Vec<String>>, IssuingError> {
        let Some(record) = self.registry.learner(learner)? else { return Ok(None) };
        let telling = record.stated.identifiers.iter().filter_map(|identifier| match identifier {
            Identifier::Email { value } | Identifier::Did { value } => Some(value.clone()),
            Identifier::StaffNumber { .. } | Identifier::ProfessionalRegistration { .. } => None,
        });
        Ok(Some(telling.collect()))
    }

    /// Writes the credit of a verified credential of somebody else's into the learner's
    /// ledger; whoever calls has made sure that it is valid and the learner's. The same
    /// credential again gives the line there is. Whether the line is new.
    pub fn transfer_in(
        &self,
        caller: &Caller,
        learner: LearnerId,
        outside: &Outside<'_>,
    ) -> Result<(LedgerEntry, bool), TransferError> {
        let now = self.clock.now();
        let mut faults = match outside.category {
            Some(category) => self.category_faults(Some(category)).map_err(TransferError::from)?,
            None => Vec::new(),
        };
        let badge = ob::read(outside.credential).map_err(|_| {
            let expected = "a badge of Open Badges 3.0 (AchievementCredential)";
            let detail = "it is no badge, so that it earns no credit";
            TransferError::Invalid(vec![FieldError::new("/credential", "not-a-badge", detail, expected)])
        })?;
        let issuer = badge.issuer.id().unwrap_or_default().to_owned();
        if self.signs_as(&issuer) {
            let detail = "it was issued here, and its credit is in the ledger already";
            let expected = "a credential that somebody else issued";
            faults.push(FieldError::new("/credential", "our-own", detail, expected));
        }
        let kind = badge.credential_subject.achievement.achievement_type.as_ref();
        if kind.is_some_and(|kind| kind.as_str() == signing::STATEMENT) {
            let detail = "it is a CPD statement, which sums up credit and earns none";
            let expected = "the badges that the credit was earned with";
            faults.push(FieldError::new("/credential", "a-statement", detail, expected));
        }
        let credit = worth(&badge.credential_subject, outside, &mut faults);
        let earned = earned(&badge).filter(|earned| *earned <= now);
        if earned.is_none() {
            let detail = "it does not say when it was earned, or a day that is still to come";
            let expected = "an `awardedDate`, an `activityEndDate` or a `validFrom` that has passed";
            faults.push(FieldError::new("/credential", "no-day", detail, expected));
        }
        let (Some(credit), Some(earned_at)) = (credit, earned) else {
            return Err(TransferError::Invalid(faults));
        };
        if !faults.is_empty() {
            return Err(TransferError::Invalid(faults));
        }
        let achievement = &badge.credential_subject.achievement;
        let content = content(outside.credential);
        let details = Details {
            title: achievement.name.clone(),
            category: outside.category.cloned(),
            reflection: None,
            evidence: None,
            stated_by: caller.client.clone(),
            approved_by: None,
            origin: Some(TransferOrigin {
                issuer_name: badge.issuer.name().map(ToOwned::to_owned),
                credential: badge.id.clone(),
                achievement: achievement.id.clone(),
                digest: content.clone(),
                equivalence: outside.equivalence.map(ToOwned::to_owned),
                issuer: issuer.clone(),
            }),
        };
        let transfer = Transfer {
            credit: &credit,
            earned_at,
            details: &details,
            name: (&issuer, &badge.id),
            content: &content,
        };
        match self.registry.transfer_in(learner, &transfer, now, self.entropy.as_ref())? {
            Transferred::New(entry) => Ok((entry, true)),
            Transferred::Before(entry) => Ok((entry, false)),
            Transferred::Elsewhere => Err(TransferError::Elsewhere),
            Transferred::NoLearner => Err(TransferError::NotFound),
        }
    }
}

/// The credit it states in a unit, or what the registrar states instead, with the reason.
fn worth(
    subject: &ob::AchievementSubject,
    outside: &Outside<'_>,
    faults: &mut Vec<FieldError>,
) -> Option<Credit> {
    let own = stated(subject);
    match (own, outside.credit) {
        (Some(own), None) => Some(own),
        (Some(own), Some(asked)) if own == *asked => Some(own),
        (_, Some(asked)) if outside.equivalence.is_some() && !asked.amount().is_zero() => Some(asked.clone()),
        (_, Some(asked)) if asked.amount().is_zero() => {
            faults.push(FieldError::new("/credit/amount", "nothing", "is 0", "more than nothing"));
            None
        }
        (_, Some(_)) => {
            let detail = "the credential does not state that credit itself";
            let expected = "why it is worth that, on one line";
            faults.push(FieldError::new("/equivalence", "missing", detail, expected));
            None
        }
        (None, None) => {
            let detail = "the credential states no credit in a unit that is known here";
            let expected =
                "what it is worth: an object with `amount` and `unit`, and an `equivalence` that says why";
            faults.push(FieldError::new("/credit", "missing", detail, expected));
            None
        }
    }
}

/// The credit that a badge states in a unit, as badges of this service do: Open Badges
/// itself has a bare number and no unit.
fn stated(subject: &ob::AchievementSubject) -> Option<Credit> {
    subject.achievement.result_description.iter().find_map(|description| {
        if description.result_type.as_str() != "ext:CpdCredit" {
            return None;
        }
        let unit: Unit = description.name.strip_prefix("CPD credit in ")?.parse().ok()?;
        let names = |result: &&ob::Result| result.result_description.as_ref() == Some(&description.id);
        let result = subject.result.iter().find(names)?;
        let amount: Decimal = result.value.as_ref()?.parse().ok()?;
        Credit::new(amount, unit).ok().filter(|credit| !credit.amount().is_zero())
    })
}

fn earned(badge: &ob::AchievementCredential) -> Option<DateTime<Utc>> {
    let subject = &badge.credential_subject;
    let stated = [badge.awarded_date.as_ref(), subject.activity_end_date.as_ref(), badge.begins()];
    stated.into_iter().flatten().find_map(model::vc::Timestamp::instant)
}

/// SHA-256 of what the credential says, whichever way it is signed: the same badge in
/// another form is the same badge.
fn content(credential: &Value) -> String {
    let mut bare = credential.clone();
    if let Some(members) = bare.as_object_mut() {
        members.remove("proof");
    }
    let bytes = jcs::canonicalise(&bare).unwrap_or_else(|_| bare.to_string());
    hex::encode(Sha256::digest(bytes))
}
