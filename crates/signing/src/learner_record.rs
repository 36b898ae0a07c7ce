//! The record of an award that was made of others: a `ClrCredential` (CLR 2.0).
//!
//! Like the SD-JWT VC it is signed when it is asked for, by what was stored with the
//! award's intent.

use model::{field::FieldError, site::Site};
use proof::json;
use serde_json::Value;

use crate::{
    KeySet, Recorded, Signed, SigningError,
    form::sign,
    lint::{self, Kind},
};

/// What a record repeats of the award it documents, whose state is its own.
const SHARED: [&str; 7] =
    ["issuer", "name", "description", "validFrom", "validUntil", "awardedDate", "credentialStatus"];

impl Recorded {
    /// Signs `record`, the `ClrCredential` of this award, in both forms, by the
    /// award's keys and as of its time, and verifies both. It must be of the award's
    /// issuer, learner, dates and status entry: what is true of the one is true of
    /// the other. The same award and record give the same bytes, by keys that sign
    /// deterministically.
    pub fn sign_learner_record(
        &self,
        record: &Value,
        keys: &KeySet,
        site: &Site,
    ) -> Result<Signed, SigningError> {
        let intent = self.intent();
        let award = json::parse(intent.unsigned.as_bytes(), &json::Limits::default())?;
        if Kind::of(record) != Some(Kind::LearnerRecord) {
            return Err(SigningError::Lint(vec![FieldError::new(
                "/type",
                "not-a-record",
                "it is not a learner record",
                "an array with VerifiableCredential and ClrCredential",
            )]));
        }
        lint::shape(record, Kind::LearnerRecord)?;
        of_award(record, &award)?;
        let signers = self.signers(&award, keys, site)?;
        sign(record, &signers, intent.created)
    }
}

fn of_award(record: &Value, award: &Value) -> Result<(), SigningError> {
    let subject = "/credentialSubject/id".to_owned();
    let pointers = SHARED.iter().map(|member| format!("/{member}")).chain([subject]);
    // Endorsements stay with the award, under its own contexts.
    let mut award = award.clone();
    if let Some(issuer) = award.get_mut("issuer").and_then(Value::as_object_mut) {
        issuer.remove("endorsement");
    }
    let differing = pointers.filter(|pointer| record.pointer(pointer) != award.pointer(pointer));
    let faults: Vec<FieldError> = differing
        .map(|pointer| FieldError::new(pointer, "not-of-the-award", "it differs", "what the award states"))
        .collect();
    if faults.is_empty() { Ok(()) } else { Err(SigningError::Lint(faults)) }
}
