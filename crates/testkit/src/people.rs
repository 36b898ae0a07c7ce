//! Clearly invented learners and what they finished.

use chrono::{DateTime, Utc};
use model::{
    completion::{Completion, DeliveryMode, StatedEvidence, StatedResult},
    cpd::Credit,
    id::Slug,
    learner::{Identifier, StatedGroup, StatedLearner},
};

use crate::{at, catalogue::INTRODUCTION};

/// A completion of the sample module by `name`, with no identifier yet.
pub fn completion(name: &str) -> CompletionBuilder {
    CompletionBuilder(Completion {
        learner: StatedLearner { name: name.to_owned(), identifiers: Vec::new(), group: None },
        achievement: Slug::new(INTRODUCTION).unwrap(),
        completed_at: at("2026-06-30T15:30:00Z"),
        started_on: None,
        delivery_mode: Some(DeliveryMode::Blended),
        results: vec![StatedResult {
            name: "Assessment".to_owned(),
            value: "82".to_owned(),
            result_type: "Percent".to_owned(),
        }],
        credit: None,
        evidence: Vec::new(),
        cohort: Some("Summer 2026".to_owned()),
        reference: None,
    })
}

/// A completion in the making.
#[derive(Debug, Clone)]
pub struct CompletionBuilder(Completion);

impl CompletionBuilder {
    /// Adds an identifier.
    #[must_use]
    pub fn identifier(mut self, identifier: Identifier) -> Self {
        self.0.learner.identifiers.push(identifier);
        self
    }

    /// Adds an email address.
    #[must_use]
    pub fn email(self, value: &str) -> Self {
        self.identifier(Identifier::Email { value: value.to_owned() })
    }

    /// Adds a staff number of the organisation `RX1`.
    #[must_use]
    pub fn staff_number(self, value: &str) -> Self {
        self.identifier(Identifier::StaffNumber { value: value.to_owned(), organisation: "RX1".to_owned() })
    }

    /// Adds a registration with FEDIP.
    #[must_use]
    pub fn registration(self, value: &str) -> Self {
        self.identifier(Identifier::ProfessionalRegistration {
            value: value.to_owned(),
            body: "FEDIP".to_owned(),
        })
    }

    /// Makes the learner a group of these members.
    #[must_use]
    pub fn group(mut self, members: &[&str]) -> Self {
        let members = members.iter().map(|name| (*name).to_owned()).collect();
        self.0.learner.group = Some(StatedGroup { members });
        self
    }

    /// Adds a DID.
    #[must_use]
    pub fn did(self, value: &str) -> Self {
        self.identifier(Identifier::Did { value: value.to_owned() })
    }

    /// Sets the achievement.
    #[must_use]
    pub fn achievement(mut self, slug: &str) -> Self {
        self.0.achievement = Slug::new(slug).unwrap();
        self
    }

    /// Sets the time of completion.
    #[must_use]
    pub fn completed_at(mut self, at: DateTime<Utc>) -> Self {
        self.0.completed_at = at;
        self
    }

    /// Sets the provider's reference.
    #[must_use]
    pub fn reference(mut self, reference: &str) -> Self {
        self.0.reference = Some(reference.to_owned());
        self
    }

    /// Makes it one of many by the same learner: another reference, and a minute
    /// earlier than the one before.
    #[must_use]
    pub fn number(mut self, number: u32) -> Self {
        self.0.completed_at -= chrono::TimeDelta::minutes(number.into());
        self.reference(&format!("r-{number}"))
    }

    /// Sets the cohort.
    #[must_use]
    pub fn cohort(mut self, cohort: &str) -> Self {
        self.0.cohort = Some(cohort.to_owned());
        self
    }

    /// Sets the credit.
    #[must_use]
    pub fn credit(mut self, credit: Credit) -> Self {
        self.0.credit = Some(credit);
        self
    }

    /// Adds evidence that stands at `url`.
    #[must_use]
    pub fn evidence(mut self, url: &str) -> Self {
        self.0.evidence.push(StatedEvidence {
            url: Some(url.to_owned()),
            name: Some("Portfolio".to_owned()),
            narrative: None,
        });
        self
    }

    /// The completion.
    pub fn build(self) -> Completion {
        self.0
    }
}
