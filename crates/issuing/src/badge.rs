//! The badge: an award written as an Open Badges 3.0 credential.

use std::collections::HashMap;

use chrono::{DateTime, Months, NaiveDate, NaiveTime, Utc};
use model::{
    catalogue::{AchievementDefinition, Catalogue, Organisation},
    completion::{Completion, StatedEvidence},
    cpd::Credit,
    id::Slug,
    learner::Identifier,
    ob,
    site::Site,
    vc,
};
use registry::{Allocation, Intake, IntentFields};
use signing::{Draft, Identity, KeySet, Prepared, SigningError};

use crate::IssuingError;

/// What every badge of a batch has in common.
pub(crate) struct Badge<'a> {
    catalogue: &'a Catalogue,
    site: &'a Site,
    now: DateTime<Utc>,
    identities: HashMap<Slug, Identity>,
}

impl<'a> Badge<'a> {
    /// Looks up the keys of every issuer of `intakes`, so that a missing key is
    /// found before anything is stored.
    pub(crate) fn of(
        catalogue: &'a Catalogue,
        site: &'a Site,
        keys: &KeySet,
        now: DateTime<Utc>,
        intakes: &[Intake<'_>],
    ) -> Result<Self, IssuingError> {
        let mut identities = HashMap::new();
        for issuer in intakes.iter().map(|intake| &intake.issuer) {
            if !identities.contains_key(issuer) {
                identities.insert(issuer.clone(), Identity::of(site, issuer, keys)?);
            }
        }
        Ok(Self { catalogue, site, now, identities })
    }

    /// What is to be stored of a badge before it is signed.
    pub(crate) fn intent(
        &self,
        intake: &Intake<'_>,
        allocation: &Allocation,
    ) -> Result<IntentFields, IssuingError> {
        let catalogue = self.catalogue;
        let missing = |what: &str, slug: &Slug| IssuingError::Catalogue(format!("{what} `{slug}` has gone"));
        let achievement = catalogue
            .achievements
            .get(&intake.completion.achievement)
            .ok_or_else(|| missing("achievement", &intake.completion.achievement))?;
        let issuer = catalogue
            .organisations
            .get(&intake.issuer)
            .ok_or_else(|| missing("organisation", &intake.issuer))?;
        let identity =
            self.identities.get(&intake.issuer).ok_or_else(|| missing("key of", &intake.issuer))?;
        let valid_until = achievement
            .valid_for_months
            .and_then(|months| intake.completion.completed_at.checked_add_months(Months::new(months)));
        let credential = self.credential(intake, allocation, achievement, issuer, identity, valid_until);
        let credential = serde_json::to_value(credential).map_err(|error| {
            IssuingError::Catalogue(format!("the badge cannot be written as JSON: {error}"))
        })?;
        let prepared = Prepared::new(Draft {
            credential,
            data_integrity_key: identity.data_integrity.key_id.clone(),
            jwt_key: identity.jwt.key_id.clone(),
            created: self.now,
        })
        .map_err(|error: SigningError| IssuingError::from(error))?;
        let intent = prepared.intent();
        Ok(IntentFields {
            unsigned: intent.unsigned.clone(),
            data_integrity_key: intent.data_integrity_key.clone(),
            jwt_key: intent.jwt_key.clone(),
            profile_version: intent.profile_version.clone(),
            created: intent.created,
            valid_from: self.now,
            valid_until,
        })
    }

    fn credential(
        &self,
        intake: &Intake<'_>,
        allocation: &Allocation,
        achievement: &AchievementDefinition,
        issuer: &Organisation,
        identity: &Identity,
        valid_until: Option<DateTime<Utc>>,
    ) -> ob::AchievementCredential {
        let completion = intake.completion;
        let id = self.site.credential(allocation.credential_id);
        let mut issuer_profile = profile(self.site, issuer);
        issuer_profile.id.clone_from(&identity.data_integrity.issuer_id);
        let mut credential = ob::AchievementCredential::new(
            ob::contexts(),
            id.clone(),
            issuer_profile,
            self.subject(intake, allocation, achievement, &id),
        );
        credential.name = Some(achievement.name.clone());
        credential.description = Some(achievement.description.clone());
        credential.valid_from = Some(self.now.into());
        credential.valid_until = valid_until.map(Into::into);
        credential.awarded_date = Some(completion.completed_at.into());
        credential.evidence = completion.evidence.iter().map(evidence).collect();
        credential.credential_status = Some(status_entry(self.site, allocation).into());
        credential
    }

    fn subject(
        &self,
        intake: &Intake<'_>,
        allocation: &Allocation,
        definition: &AchievementDefinition,
        credential_id: &str,
    ) -> ob::AchievementSubject {
        let completion = intake.completion;
        let mut achievement = achievement(self.site, self.catalogue, definition);
        let (described, stated): (Vec<_>, Vec<_>) = results(completion, credential_id).unzip();
        achievement.result_description.extend(described);
        let mut subject = ob::AchievementSubject::new(achievement);
        subject.id = Some(holder(completion, allocation));
        subject.identifier =
            vec![ob::IdentityObject::clear(&completion.learner.name, ob::IdentifierType::Name)];
        subject.activity_start_date = completion.started_on.map(|day| midnight(day).into());
        subject.activity_end_date = Some(completion.completed_at.into());
        subject.credits_earned = Some(ob::credits(intake.credit.amount()));
        subject.source =
            self.catalogue.organisations.get(&intake.provider).map(|provider| profile(self.site, provider));
        subject.result.push(credit_result(self.site, definition, &intake.credit));
        subject.result.extend(stated);
        subject
    }
}

/// An organisation as an OB 3.0 Profile under its https name.
pub(crate) fn profile(site: &Site, organisation: &Organisation) -> ob::Profile {
    let mut profile = ob::Profile::new(site.issuer(&organisation.slug));
    profile.name = Some(organisation.name.clone());
    profile.url = Some(organisation.url.clone().unwrap_or_else(|| site.issuer(&organisation.slug)));
    profile.email.clone_from(&organisation.email);
    profile.description.clone_from(&organisation.description);
    profile.other_identifier.extend(
        organisation
            .ods
            .as_ref()
            .map(|ods| ob::IdentifierEntry::new(ods.as_str(), ob::IdentifierType::from("ext:OdsCode"))),
    );
    profile
}

/// An achievement as OB 3.0 describes it, the same in each of its badges.
pub(crate) fn achievement(
    site: &Site,
    catalogue: &Catalogue,
    definition: &AchievementDefinition,
) -> ob::Achievement {
    let id = site.achievement(&definition.slug, &definition.version);
    let mut criteria = ob::Criteria::new();
    criteria.id = Some(id.clone());
    criteria.narrative = Some(definition.criteria.clone());
    let mut image = ob::Image::new(site.achievement_image(&definition.slug, &definition.version, "png"));
    image.caption = Some(definition.image.alt.clone());
    let mut achievement = ob::Achievement::new(id, &*definition.name, &*definition.description, criteria);
    achievement.achievement_type = Some(ob::AchievementType::from(definition.achievement_type.as_str()));
    achievement.creator =
        catalogue.organisations.get(&definition.creator).map(|creator| profile(site, creator));
    achievement.credits_available = Some(ob::credits(definition.credit.amount()));
    achievement.field_of_study.clone_from(&definition.field_of_study);
    achievement.human_code.clone_from(&definition.human_code);
    achievement.image = Some(image);
    achievement.in_language = Some(definition.language.clone());
    achievement.version = Some(definition.version.clone());
    achievement.tag.clone_from(&definition.tags);
    achievement.alignment = definition
        .alignments
        .iter()
        .map(|defined| {
            let mut alignment = ob::Alignment::new(&*defined.name, &*defined.url);
            alignment.target_description.clone_from(&defined.description);
            alignment.target_framework.clone_from(&defined.framework);
            alignment.target_code.clone_from(&defined.code);
            alignment.target_type = defined.target_type.as_deref().map(ob::AlignmentTargetType::from);
            alignment
        })
        .collect();
    achievement.result_description = vec![credit_description(site, definition)];
    achievement
}

/// OB 3.0 gives credit as a bare number; the unit travels here.
fn credit_description(site: &Site, definition: &AchievementDefinition) -> ob::ResultDescription {
    let mut description = ob::ResultDescription::new(
        credit_description_id(site, definition),
        format!("CPD credit in {}", definition.credit.unit()),
        ob::ResultType::from("ext:CpdCredit"),
    );
    description.value_min = Some("0".to_owned());
    description
}

fn credit_result(site: &Site, definition: &AchievementDefinition, credit: &Credit) -> ob::Result {
    let mut result = ob::Result::new();
    result.result_description = Some(credit_description_id(site, definition));
    result.value = Some(credit.amount().to_string());
    result
}

fn credit_description_id(site: &Site, definition: &AchievementDefinition) -> String {
    format!("{}#cpd-credit", site.achievement(&definition.slug, &definition.version))
}

/// What the provider measured: each a description and a result that names it.
/// The descriptions are the provider's, not the achievement's, so they are named
/// under the credential.
fn results(
    completion: &Completion,
    credential_id: &str,
) -> impl Iterator<Item = (ob::ResultDescription, ob::Result)> {
    completion.results.iter().enumerate().map(move |(at, stated)| {
        let id = format!("{credential_id}#result-{}", at + 1);
        let description = ob::ResultDescription::new(
            id.clone(),
            &*stated.name,
            ob::ResultType::from(stated.result_type.as_str()),
        );
        let mut result = ob::Result::new();
        result.result_description = Some(id);
        result.value = Some(stated.value.clone());
        (description, result)
    })
}

fn evidence(stated: &StatedEvidence) -> ob::Evidence {
    let mut evidence = ob::Evidence::new();
    evidence.id.clone_from(&stated.url);
    evidence.name.clone_from(&stated.name);
    evidence.narrative.clone_from(&stated.narrative);
    evidence
}

/// The holder by the DID they gave, else by a pseudonym: never by an email, whose
/// published hash could be guessed.
fn holder(completion: &Completion, allocation: &Allocation) -> String {
    completion
        .learner
        .identifiers
        .iter()
        .find_map(|identifier| match identifier {
            Identifier::Did { value } => Some(value.clone()),
            _ => None,
        })
        .unwrap_or_else(|| format!("urn:uuid:{}", allocation.subject_id))
}

/// Bitstring Status List 1.0, section 2.1.
fn status_entry(site: &Site, allocation: &Allocation) -> vc::CredentialStatus {
    let list = site.status_list(allocation.status_list);
    let index = allocation.status_index.to_string();
    let mut entry =
        vc::CredentialStatus::new(format!("{list}#{index}"), "BitstringStatusListEntry".to_owned());
    for (name, value) in
        [("statusPurpose", "revocation"), ("statusListIndex", &index), ("statusListCredential", &list)]
    {
        entry.extensions.insert(name.to_owned(), value.into());
    }
    entry
}

fn midnight(day: NaiveDate) -> DateTime<Utc> {
    day.and_time(NaiveTime::MIN).and_utc()
}
