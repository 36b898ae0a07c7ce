//! The badge: an award written as an Open Badges 3.0 credential.

use chrono::{DateTime, Months, NaiveDate, NaiveTime, Utc};
use model::{
    catalogue::{AchievementDefinition, Catalogue, Organisation},
    completion::{Completion, StatedEvidence},
    cpd::Credit,
    field::FieldError,
    id::SubjectId,
    learner::{Identifier, StatedLearner},
    maintenance::{self, Policies},
    ob,
    site::Site,
    vc,
};
use proof::json;
use registry::{Allocation, Intake, IntentFields, StatusEntry, Validity};
use signing::{Draft, Identity, KeySet, Linted, Prepared, Unsigned};

use crate::{
    IssuingError,
    describe::{achievement, credit_description, credit_result, profile},
    endorse::Endorsements,
    status, unsignable,
};

/// More bytes than a proof, or the header, claims and signature of a JWT, add
/// to a credential.
const ADDED_BY_SIGNING: usize = 8 * 1024;

/// A badge about to be written: all that does not depend on its holder.
pub(crate) struct Badge<'a> {
    catalogue: &'a Catalogue,
    site: &'a Site,
    policies: &'a Policies,
    now: DateTime<Utc>,
    achievement: &'a AchievementDefinition,
    issuer: &'a Organisation,
    identity: Identity,
    /// Of the achievement, and of the issuer, as they stand now; hardly ever any.
    endorsements: (Vec<ob::EndorsementCredential>, Vec<ob::EndorsementCredential>),
}

impl<'a> Badge<'a> {
    /// Looks up what signing will need, so that a missing key is found before
    /// anything is stored.
    pub(crate) fn of(
        achievement: &'a AchievementDefinition,
        (catalogue, endorsements): (&'a Catalogue, &Endorsements),
        site: &'a Site,
        policies: &'a Policies,
        keys: &KeySet,
        now: DateTime<Utc>,
    ) -> Result<Self, IssuingError> {
        let issuer = catalogue.organisations.get(&achievement.issuer).ok_or_else(|| {
            IssuingError::Catalogue(format!("the organisation `{}` has gone", achievement.issuer))
        })?;
        let identity = Identity::of(site, &achievement.issuer, keys)?;
        let of_achievement = endorsements.of_achievement(&achievement.slug, &achievement.version, now);
        // Without a domain each form of the badge names its issuer otherwise, and an
        // endorsement is about one name.
        let of_issuer = if site.uses_did_web() {
            endorsements.of_organisation(&achievement.issuer, now)
        } else {
            Vec::new()
        };
        let endorsements = (of_achievement, of_issuer);
        Ok(Self { catalogue, site, policies, now, achievement, issuer, identity, endorsements })
    }

    /// What is to be stored of the badge before it is signed, and what its text was read as; or why what the
    /// completion says cannot be signed. Canonicalised and read as strict JSON
    /// here already: found only at signing, a fault would leave an intent that
    /// nothing can finish.
    pub(crate) fn intent(
        &self,
        intake: &Intake<'_>,
        credit: &Credit,
        allocation: &Allocation,
    ) -> Result<(IntentFields, Linted), Vec<FieldError>> {
        let valid_until = match allocation.validity {
            Validity::OfItsOwn => valid_until(self.policies, self.achievement, intake.completion, self.now),
            Validity::TakenOver { until } => until,
        };
        if let Some(until) = valid_until.filter(|until| *until <= self.now) {
            let expected = match allocation.validity {
                Validity::OfItsOwn => {
                    format!("a completion whose badge, for `{}`, still stands", self.achievement.slug)
                }
                Validity::TakenOver { .. } => {
                    "a correction while the badge holds: it has ended; renew it first, if it can be"
                        .to_owned()
                }
            };
            return Err(vec![FieldError::new(
                "/completedAt",
                "already-expired",
                format!("a badge for it would have expired at {}", until.to_rfc3339()),
                expected,
            )]);
        }
        self.intent_until(intake, credit, allocation, valid_until)
    }

    /// The same for a badge whose end is known.
    pub(crate) fn intent_until(
        &self,
        intake: &Intake<'_>,
        credit: &Credit,
        allocation: &Allocation,
        valid_until: Option<DateTime<Utc>>,
    ) -> Result<(IntentFields, Linted), Vec<FieldError>> {
        let credential = serde_json::to_string(&self.credential(intake, credit, allocation, valid_until))
            .map_err(|error| vec![unsignable::whole(&error)])?;
        // Base64 makes four bytes of three, and a token has the limit of a document.
        let bytes = (json::Limits::default().bytes / 4 * 3).saturating_sub(ADDED_BY_SIGNING);
        let credential = Unsigned::read(credential, &json::Limits { bytes, ..Default::default() })
            .map_err(|error| vec![unsignable::by_json(intake.completion, &error)])?;
        let by_canon = |error| vec![unsignable::by_canon(intake.completion, &error)];
        credential.canonicalises().map_err(by_canon)?;
        let prepared = Prepared::new(Draft {
            credential,
            data_integrity_key: self.identity.data_integrity.key_id.clone(),
            jwt_key: self.identity.jwt.key_id.clone(),
            created: self.now,
            disclosure_seed: allocation.disclosure_seed.clone(),
        })
        .map_err(|error| unsignable::by_signing(intake.completion, error))?;
        let (intent, linted) = prepared.into_parts();
        let fields = IntentFields {
            unsigned: intent.unsigned,
            data_integrity_key: intent.data_integrity_key,
            jwt_key: intent.jwt_key,
            profile_version: intent.profile_version,
            disclosure_seed: intent.disclosure_seed,
            created: intent.created,
            valid_from: self.now,
            valid_until,
        };
        Ok((fields, linted))
    }

    fn credential(
        &self,
        intake: &Intake<'_>,
        credit: &Credit,
        allocation: &Allocation,
        valid_until: Option<DateTime<Utc>>,
    ) -> ob::AchievementCredential {
        let completion = intake.completion;
        let id = self.site.credential(allocation.credential_id);
        let mut issuer = profile(self.site, self.issuer);
        issuer.id.clone_from(&self.identity.data_integrity.issuer_id);
        issuer.endorsement.clone_from(&self.endorsements.1);
        let subject = self.subject(intake, credit, allocation, &id);
        let refresh = self.refresh_service(allocation);
        let contexts = if refresh.is_some() { ob::contexts_with_extensions() } else { ob::contexts() };
        let mut credential = ob::AchievementCredential::new(contexts, id, issuer, subject);
        credential.name = Some(self.achievement.name.clone());
        credential.description = Some(self.achievement.description.clone());
        credential.valid_from = Some(self.now.into());
        credential.valid_until = valid_until.map(Into::into);
        credential.awarded_date = Some(completion.completed_at.into());
        credential.evidence = completion.evidence.iter().map(evidence).collect();
        let entry = StatusEntry { list: allocation.status_list, index: allocation.status_index };
        let status = status::revocation_entry(self.site, entry, &self.identity);
        credential.credential_status = Some(status.into());
        credential.refresh_service = refresh.map(Into::into);
        credential
    }

    fn subject(
        &self,
        intake: &Intake<'_>,
        credit: &Credit,
        allocation: &Allocation,
        credential_id: &str,
    ) -> ob::AchievementSubject {
        let completion = intake.completion;
        let mut achievement = achievement(self.site, self.catalogue, self.achievement);
        achievement.endorsement.clone_from(&self.endorsements.0);
        let mut subject = ob::AchievementSubject::new(achievement);
        subject.id = Some(holder(&completion.learner, allocation.subject_id));
        subject.identifier = identities(&completion.learner);
        subject.activity_start_date = completion.started_on.map(|day| midnight(day).into());
        subject.activity_end_date = Some(completion.completed_at.into());
        subject.source =
            self.catalogue.organisations.get(&intake.provider).map(|provider| profile(self.site, provider));
        self.add_credit(&mut subject, credit);
        for (description, result) in results(completion, credential_id) {
            subject.achievement.result_description.push(description);
            subject.result.push(result);
        }
        subject
    }

    /// Where the form that a renewal gives it can be had (OB 3.0, `RefreshService`). Only of
    /// a badge that can be renewed.
    fn refresh_service(&self, allocation: &Allocation) -> Option<vc::RefreshService> {
        let (_, rules) = self.policies.in_force(&self.achievement.slug, self.now)?;
        rules.renewal.as_ref()?;
        let address = self.site.current_form(allocation.credential_id);
        Some(vc::RefreshService::new(address, "1EdTechCredentialRefresh".to_owned()))
    }

    /// The credit earned, unless there is none to earn.
    fn add_credit(&self, subject: &mut ob::AchievementSubject, credit: &Credit) {
        let is_described = !self.achievement.credit.amount().is_zero();
        if !is_described && credit.amount().is_zero() {
            return;
        }
        if !is_described {
            let description = credit_description(self.site, self.achievement);
            subject.achievement.result_description.push(description);
        }
        subject.credits_earned = Some(ob::credits(credit.amount()));
        subject.result.push(credit_result(self.site, self.achievement, credit));
    }
}

/// The end of a badge that does not stand for ever, counted from the completion: by the
/// policy that keeps its achievement in force, if there is one, else as the achievement
/// itself says.
pub(crate) fn valid_until(
    policies: &Policies,
    achievement: &AchievementDefinition,
    completion: &Completion,
    now: DateTime<Utc>,
) -> Option<DateTime<Utc>> {
    if let Some(end) = maintenance::first_end(policies, &achievement.slug, completion.completed_at, now) {
        return end;
    }
    achievement
        .valid_for_months
        .and_then(|months| completion.completed_at.checked_add_months(Months::new(months)))
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

/// The holder's name; of a group, that it is one, and the members that are to be named.
pub(crate) fn identities(learner: &StatedLearner) -> Vec<ob::IdentityObject> {
    let mut identities = vec![ob::IdentityObject::clear(&learner.name, ob::IdentifierType::Name)];
    if let Some(group) = &learner.group {
        let word = |text: &str, kind: &str| ob::IdentityObject::clear(text, ob::IdentifierType::from(kind));
        identities.push(word("group", "ext:RecipientType"));
        identities.extend(group.members.iter().map(|member| word(member, "ext:GroupMember")));
    }
    identities
}

/// The holder by the DID they gave, else by a pseudonym: never by an email, whose
/// published hash could be guessed.
pub(crate) fn holder(learner: &StatedLearner, pseudonym: SubjectId) -> String {
    learner
        .identifiers
        .iter()
        .find_map(|identifier| match identifier {
            Identifier::Did { value } => Some(value.clone()),
            _ => None,
        })
        .unwrap_or_else(|| format!("urn:uuid:{pseudonym}"))
}

fn midnight(day: NaiveDate) -> DateTime<Utc> {
    day.and_time(NaiveTime::MIN).and_utc()
}
