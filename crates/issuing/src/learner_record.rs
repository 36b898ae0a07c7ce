//! The learner record of a programme's award: a `ClrCredential` (CLR 2.0) that holds
//! the award and the badges it is made of, each signed, and says how they belong
//! together.

use std::fmt::Display;

use model::{
    clr::{self, Association, AssociationType, ClrCredential, ClrSubject},
    id::CredentialId,
    ob::{self, AchievementCredential},
};
use proof::json;
use registry::RegistryError;
use serde_json::Value;
use signing::{Recorded, Signed};

use crate::{IssuingError, Service, documents::to_value, recorded::Stored};

impl Service {
    /// The learner record of an award, signed from what was stored when it was made:
    /// the same bytes every time. `None` if there is no such issued credential, or
    /// its award was made of no others.
    ///
    /// It has the dates, the issuer and the status entry of the award's own
    /// credential, so that revoking the one revokes the other.
    pub fn learner_record(&self, id: CredentialId) -> Result<Option<Signed>, IssuingError> {
        let Some(credential) = self.registry.credential(id)? else { return Ok(None) };
        let parts = self.registry.parts_of(credential.award_id, credential.valid_from)?;
        let Some(intent) = self.registry.issued_intent(id)?.filter(|_| !parts.is_empty()) else {
            return Ok(None);
        };
        let award = badge(id, intent.unsigned())?.1;
        let badges = std::iter::once(&credential.data_integrity).chain(&parts);
        let badges = badges.map(|text| badge(id, text)).collect::<Result<Vec<_>, _>>()?;
        let record = record(self.site.learner_record(id), award, badges);
        let record = to_value(&record)?;
        Ok(Some(Recorded::of(&Stored(&intent)).sign_learner_record(
            &record,
            &self.vault.keys(),
            &self.site,
        )?))
    }
}

/// The record of `award`; the first of `badges` is its own.
fn record(
    id: String,
    award: AchievementCredential,
    badges: Vec<(Value, AchievementCredential)>,
) -> ClrCredential {
    let whole = award.credential_subject.achievement.id;
    let mut subject = ClrSubject::new();
    subject.id = award.credential_subject.id;
    subject.identifier = award.credential_subject.identifier;
    for (signed, badge) in badges {
        let mut achievement = badge.credential_subject.achievement;
        // The badge inside carries them, and contexts of its own around them.
        achievement.endorsement.clear();
        let is_known = subject.achievement.iter().any(|known| known.id == achievement.id);
        if !is_known && achievement.id != whole {
            let part = (achievement.id.clone(), whole.clone());
            subject.association.push(Association::new(AssociationType::IsPartOf, part.0, part.1));
        }
        if !is_known {
            subject.achievement.push(achievement);
        }
        subject.verifiable_credential.push(signed);
    }
    let mut issuer = award.issuer;
    if let ob::IssuerRef::Profile(profile) = &mut issuer {
        profile.endorsement.clear();
    }
    let mut record = ClrCredential::new(clr::contexts(), id, issuer, subject);
    record.name = award.name;
    record.description = award.description;
    // The learner may have earned more than what counted here.
    record.partial = Some(true);
    record.valid_from = award.valid_from;
    record.valid_until = award.valid_until;
    record.awarded_date = award.awarded_date;
    record.credential_status = award.credential_status;
    record
}

/// A badge of ours as it stands, and read.
fn badge(id: CredentialId, text: &str) -> Result<(Value, AchievementCredential), IssuingError> {
    let corrupt = |why: &dyn Display| RegistryError::Corrupt {
        table: "credentials",
        id: id.to_string(),
        detail: why.to_string(),
    };
    let value = json::parse(text.as_bytes(), &json::Limits::default()).map_err(|error| corrupt(&error))?;
    let read = ob::read(&value).map_err(|faults| {
        let faults: Vec<String> = faults.iter().map(ToString::to_string).collect();
        corrupt(&faults.join("; "))
    })?;
    Ok((value, read))
}
