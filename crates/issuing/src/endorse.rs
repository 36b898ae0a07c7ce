//! Endorsements by professional bodies: signed here with a body's own key, or signed
//! elsewhere and taken in; and the accreditation of a provider as one.

use std::{collections::BTreeMap, sync::Arc};

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, Utc};
use model::{
    catalogue::{AccreditationVersion, Catalogue, Organisation, Role},
    endorsement::{Endorsed, ToSign, Wanted},
    field::FieldError,
    id::{EndorsementId, Slug},
    ob::{self, EndorsementCredential, EndorsementSubject},
    vc::Timestamp,
};
use proof::json;
use registry::{EndorsementRecord, Kept, RegistryError};
use serde_json::Value;
use signing::{Identity, SigningError, sign_document};

use crate::{Caller, IssuingError, Service, describe::profile, documents::to_value, status};

/// The longest that an endorsement may last: it is renewed, so that it says something.
const LONGEST: TimeDelta = TimeDelta::days(5 * 366);
/// How far ahead of ours the clock of who signs may be.
const SKEW: TimeDelta = TimeDelta::minutes(5);
/// Bytes of an endorsement at most: it travels in every badge that carries it.
const MOST_BYTES: usize = 8 * 1024;
/// How long an accreditation is proved by one credential.
const ACCREDITED_FOR: TimeDelta = TimeDelta::days(90);

/// Why an endorsement was not taken.
#[derive(Debug, thiserror::Error)]
pub enum EndorseError {
    /// There is no such endorsement that the caller may withdraw.
    #[error("there is no such endorsement")]
    NotFound,
    /// The caller may not endorse in that body's name.
    #[error("only the body's own client, or the Academy's, endorses in its name")]
    Forbidden,
    /// The endorsement says something that cannot be. The caller's fault; every error is
    /// listed.
    #[error("the endorsement has {} error(s)", .0.len())]
    Invalid(Vec<FieldError>),
    /// Another endorsement is kept under the same credential id. The caller's fault.
    #[error("another endorsement is kept under this credential id")]
    Conflict(EndorsementId),
    /// Our own fault or the database's.
    #[error("{0}")]
    Internal(Arc<IssuingError>),
}

impl<E: Into<IssuingError>> From<E> for EndorseError {
    fn from(error: E) -> Self {
        Self::Internal(Arc::new(error.into()))
    }
}

/// The endorsements that may be carried, by what they are about; held with the catalogue.
#[derive(Debug, Default)]
pub(crate) struct Endorsements {
    achievements: BTreeMap<Slug, Vec<Held>>,
    organisations: BTreeMap<Slug, Vec<Held>>,
}

#[derive(Debug)]
struct Held {
    record: EndorsementRecord,
    credential: EndorsementCredential,
}

impl Endorsements {
    pub(crate) fn new(records: Vec<EndorsementRecord>) -> Result<Self, RegistryError> {
        let mut all = Self::default();
        for record in records {
            let held = Held { credential: read(&record)?, record };
            let (section, slug) = match &held.record.endorsed {
                Endorsed::Achievement { slug, .. } => (&mut all.achievements, slug.clone()),
                Endorsed::Organisation(slug) => (&mut all.organisations, slug.clone()),
            };
            section.entry(slug).or_default().push(held);
        }
        Ok(all)
    }

    /// Those of an achievement in that version which stand at `now`.
    pub(crate) fn of_achievement(
        &self,
        slug: &Slug,
        version: &str,
        now: DateTime<Utc>,
    ) -> Vec<EndorsementCredential> {
        let held = self.achievements.get(slug).into_iter().flatten();
        let of_version = held.filter(|one| {
            matches!(&one.record.endorsed, Endorsed::Achievement { version: endorsed, .. } if endorsed == version)
        });
        of_version.filter(|one| one.record.stands(now)).map(|one| one.credential.clone()).collect()
    }

    /// Those of an organisation which stand at `now`.
    pub(crate) fn of_organisation(&self, slug: &Slug, now: DateTime<Utc>) -> Vec<EndorsementCredential> {
        let held = self.organisations.get(slug).into_iter().flatten();
        held.filter(|one| one.record.stands(now)).map(|one| one.credential.clone()).collect()
    }

    fn records(&self) -> impl Iterator<Item = &EndorsementRecord> {
        self.achievements.values().chain(self.organisations.values()).flatten().map(|held| &held.record)
    }
}

fn read(record: &EndorsementRecord) -> Result<EndorsementCredential, RegistryError> {
    let corrupt =
        |detail: String| RegistryError::Corrupt { table: "endorsements", id: record.id.to_string(), detail };
    let value = json::parse(record.document.as_bytes(), &json::Limits::default())
        .map_err(|error| corrupt(error.to_string()))?;
    ob::read_endorsement(&value)
        .map_err(|faults| corrupt(faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")))
}

impl Service {
    /// Signs an endorsement with the body's own key in this service's vault, and keeps it.
    pub fn endorse(&self, caller: &Caller, wanted: &ToSign) -> Result<EndorsementRecord, EndorseError> {
        let catalogue = self.catalogue()?;
        let now = self.clock.now();
        let mut faults = Vec::new();
        let body = body(caller, &catalogue, &wanted.by, &mut faults)?;
        let endorsed = self.endorsed(&catalogue, &wanted.endorsed, &mut faults)?;
        let from = wanted.from.unwrap_or(now);
        dates(from, Some(wanted.until), now, "", &mut faults);
        let keys = self.vault.keys();
        let identity = Identity::of(&self.site, &wanted.by, &keys);
        if let Err(SigningError::NoActiveKey { .. }) = &identity {
            let detail = format!("`{}` has no key here", wanted.by);
            let expected = format!(
                "a body with a key (`lanyard keys generate --issuer {}`), or a `credential` that it signed itself",
                wanted.by
            );
            faults.push(FieldError::new("/by", "no-key", detail, expected));
        }
        let (Some(body), Some((endorsed, name))) = (body, endorsed) else {
            return Err(EndorseError::Invalid(faults));
        };
        if !faults.is_empty() {
            return Err(EndorseError::Invalid(faults));
        }
        let identity = identity?;
        let id = EndorsementId::random(self.entropy.as_ref());
        let mut issuer = profile(&self.site, body);
        issuer.id.clone_from(&identity.data_integrity.issuer_id);
        let mut subject = EndorsementSubject::new(self.subject_id(&endorsed));
        subject.endorsement_comment = Some(wanted.comment.clone());
        let address = self.site.endorsement(id);
        let entropy = self.entropy.as_ref();
        let entry = self.registry.add_vc_status(&wanted.by, Some(&address), now, entropy)?;
        let mut credential = EndorsementCredential::new(
            ob::contexts(),
            address,
            format!("Endorsement of {name} by {}", body.name),
            issuer,
            subject,
        );
        credential.valid_from = Some(from.into());
        credential.valid_until = Some(wanted.until.into());
        credential.credential_status = Some(status::revocation_entry(&self.site, entry, &identity).into());
        let signed = sign_document(&to_value(&credential)?, identity, now, &keys, &self.site)?;
        self.keep(caller, &signed.data_integrity, (id, &wanted.by, endorsed), true, (from, wanted.until))
    }

    /// Keeps an endorsement that was signed elsewhere. Whoever calls has verified that its
    /// proof is good and its issuer's own; here it is held against what the catalogue says
    /// of the body and of what it endorses.
    pub fn take_endorsement(
        &self,
        caller: &Caller,
        by: &Slug,
        credential: &Value,
    ) -> Result<EndorsementRecord, EndorseError> {
        let catalogue = self.catalogue()?;
        let now = self.clock.now();
        let mut faults = Vec::new();
        let body = body(caller, &catalogue, by, &mut faults)?;
        let text = credential.to_string();
        let mut fault = |pointer: &str, code, detail: String, expected: String| {
            faults.push(FieldError::new(format!("/credential{pointer}"), code, detail, expected));
        };
        if text.len() > MOST_BYTES {
            let detail = format!("it has {} bytes", text.len());
            fault("", "too-large", detail, format!("at most {MOST_BYTES}, since badges carry it"));
        }
        if credential.get("@context") != Some(&Value::Array(ob::contexts())) {
            let detail = "a badge that carried it would have another context inside".to_owned();
            fault("/@context", "other-contexts", detail, format!("{}", Value::Array(ob::contexts())));
        }
        if let Some(body) = body {
            let issuer = credential.get("issuer");
            let issuer = issuer.and_then(|issuer| issuer.as_str().or_else(|| issuer.get("id")?.as_str()));
            let own = self.names_of(body);
            if !issuer.is_some_and(|issuer| own.iter().any(|name| name == issuer)) {
                let detail =
                    format!("`{}` is not a name under which `{by}` signs", issuer.unwrap_or("nobody"));
                let expected = match own.as_slice() {
                    [] => format!("a body with `signs_as` in the catalogue, which `{by}` does not have"),
                    own => format!("one of {}", own.join(", ")),
                };
                fault("/issuer", "not-the-body", detail, expected);
            }
        }
        let read = ob::read_endorsement(credential);
        let read = match read {
            Err(found) => {
                for one in found {
                    fault(&one.pointer.clone(), "not-an-endorsement", one.detail, one.expected);
                }
                return Err(EndorseError::Invalid(faults));
            }
            Ok(read) => read,
        };
        if to_value(&read)? != *credential {
            let detail = "it is written otherwise than badges carry endorsements".to_owned();
            let expected = "arrays where Open Badges 3.0 has several values, `type` and `proof` among them";
            fault("", "other-shape", detail, expected.to_owned());
        }
        let subject = read.credential_subject.id.as_str();
        let endorsed = self.ours(&catalogue, subject)?;
        if endorsed.is_none() {
            let detail = format!("`{subject}` is nothing that can be endorsed here");
            let expected = "the address of an achievement of this service, or the name under which one of its \
                            organisations signs";
            fault("/credentialSubject/id", "not-ours", detail, expected.to_owned());
        }
        let moment = |at: &Option<Timestamp>| at.as_ref().and_then(Timestamp::instant);
        let (from, until) = (moment(&read.valid_from), moment(&read.valid_until));
        if from.is_none() {
            let expected = "a date-time with a zone".to_owned();
            fault("/validFrom", "invalid-date", "it is missing or no date-time".to_owned(), expected);
        }
        dates(from.unwrap_or(now), until, now, "/credential", &mut faults);
        match (endorsed, from, until) {
            (Some(endorsed), Some(from), Some(until)) if faults.is_empty() => {
                let id = EndorsementId::random(self.entropy.as_ref());
                self.keep(caller, &text, (id, by, endorsed), false, (from, until))
            }
            _ => Err(EndorseError::Invalid(faults)),
        }
    }

    /// Withdraws an endorsement: no badge carries it from now on, and a copy of one that was
    /// signed here shows it in its status.
    pub fn withdraw_endorsement(
        &self,
        caller: &Caller,
        id: EndorsementId,
    ) -> Result<EndorsementRecord, EndorseError> {
        let known = self.registry.endorsement(id)?.filter(|known| caller.acts_for(&known.by));
        known.ok_or(EndorseError::NotFound)?;
        let withdrawn = self.registry.withdraw_endorsement(id, &caller.client, self.clock.now())?;
        withdrawn.ok_or(EndorseError::NotFound)
    }

    /// One endorsement, withdrawn or not.
    pub fn endorsement(&self, id: EndorsementId) -> Result<Option<EndorsementRecord>, IssuingError> {
        Ok(self.registry.endorsement(id)?)
    }

    /// The endorsements that stand at this moment, those of one achievement or
    /// organisation where that is asked for.
    pub fn standing_endorsements(
        &self,
        is_wanted: impl Fn(&EndorsementRecord) -> bool,
    ) -> Result<Vec<EndorsementRecord>, IssuingError> {
        let (_, endorsements) = self.catalogue_and_endorsements()?;
        let now = self.clock.now();
        let mut found: Vec<EndorsementRecord> =
            endorsements.records().filter(|one| one.stands(now) && is_wanted(one)).cloned().collect();
        found.sort_by(|a, b| (&a.by, a.recorded).cmp(&(&b.by, b.recorded)));
        Ok(found)
    }

    /// An accreditation as an `EndorsementCredential` by who accredited, with a beginning
    /// and an end: that of the accreditation, or 90 days from now if it lasts longer. One
    /// that has ended or was withdrawn is proved for the days on which it held. `None` when
    /// who accredited signs nothing here, or it has not begun.
    pub fn accreditation_credential(
        &self,
        version: &AccreditationVersion,
    ) -> Result<Option<String>, IssuingError> {
        let accreditation = &version.accreditation;
        let catalogue = self.catalogue()?;
        let (keys, now) = (self.vault.keys(), self.clock.now());
        let begins = midnight(accreditation.from);
        let day_after = |day: NaiveDate| day.checked_add_days(Days::new(1)).map(midnight);
        let last = accreditation.until.and_then(day_after);
        let withdrawn = (!version.stands).then_some(version.recorded);
        let ends = [last, withdrawn, Some(now + ACCREDITED_FOR)].into_iter().flatten().min();
        let Some(ends) = ends.filter(|ends| begins < *ends && begins <= now) else { return Ok(None) };
        let organisation = |slug: &Slug| catalogue.organisations.get(slug);
        let (Some(body), Some(provider)) =
            (organisation(&accreditation.accredited_by), organisation(&accreditation.provider))
        else {
            return Ok(None);
        };
        let Some(achievement) = catalogue.achievements.get(&accreditation.achievement) else {
            return Ok(None);
        };
        let identity = match Identity::of(&self.site, &accreditation.accredited_by, &keys) {
            Err(SigningError::NoActiveKey { .. }) => return Ok(None),
            identity => identity?,
        };
        let mut issuer = profile(&self.site, body);
        issuer.id.clone_from(&identity.data_integrity.issuer_id);
        let mut subject = EndorsementSubject::new(self.site.issuer(&accreditation.provider));
        let about = self.site.achievement(&achievement.slug, &achievement.version);
        subject.endorsement_comment = Some(format!("Accredited to award {} ({about}).", achievement.name));
        let mut credential = EndorsementCredential::new(
            ob::contexts(),
            self.site.accreditation(accreditation),
            format!("Accreditation of {} for {}", provider.name, achievement.name),
            issuer,
            subject,
        );
        credential.valid_from = Some(begins.into());
        credential.valid_until = Some(ends.into());
        let signed = sign_document(&to_value(&credential)?, identity, now, &keys, &self.site)?;
        Ok(Some(signed.data_integrity))
    }

    fn keep(
        &self,
        caller: &Caller,
        document: &str,
        (id, by, endorsed): (EndorsementId, &Slug, Endorsed),
        hosted: bool,
        (valid_from, valid_until): (DateTime<Utc>, DateTime<Utc>),
    ) -> Result<EndorsementRecord, EndorseError> {
        let parsed: Option<Value> = serde_json::from_str(document).ok();
        let credential_id = parsed.as_ref().and_then(|value| value.get("id")?.as_str()).unwrap_or_default();
        let record = EndorsementRecord {
            id,
            by: by.clone(),
            endorsed,
            credential_id: credential_id.to_owned(),
            document: document.to_owned(),
            hosted,
            valid_from,
            valid_until,
            recorded: self.clock.now(),
            withdrawn: None,
        };
        match self.registry.keep_endorsement(&record, &caller.client)? {
            Kept::Kept(record) => Ok(*record),
            Kept::Other(id) => Err(EndorseError::Conflict(id)),
        }
    }

    /// What is to be endorsed and its name, if it is there.
    fn endorsed(
        &self,
        catalogue: &Catalogue,
        wanted: &Wanted,
        faults: &mut Vec<FieldError>,
    ) -> Result<Option<(Endorsed, String)>, EndorseError> {
        match wanted {
            Wanted::Organisation(slug) => {
                if let Some(known) = catalogue.organisations.get(slug) {
                    return Ok(Some((Endorsed::Organisation(slug.clone()), known.name.clone())));
                }
                let detail = format!("the catalogue has no organisation `{slug}`");
                let expected = "the short name of an organisation";
                faults.push(FieldError::new("/organisation", "unknown-organisation", detail, expected));
            }
            Wanted::Achievement(slug, version) => {
                let current = catalogue.achievements.get(slug).map(|known| &known.version);
                if let Some(version) = version.as_ref().or(current)
                    && let Some(known) = self.achievement(slug, version)?
                {
                    let endorsed = Endorsed::Achievement { slug: slug.clone(), version: known.version };
                    return Ok(Some((endorsed, known.name)));
                }
                let detail = format!("the catalogue has no achievement `{slug}` in that version");
                let expected = "the short name of an achievement, and one of its versions";
                faults.push(FieldError::new("/achievement", "unknown-achievement", detail, expected));
            }
        }
        Ok(None)
    }

    /// The thing of ours whose id this is.
    fn ours(&self, catalogue: &Catalogue, id: &str) -> Result<Option<Endorsed>, EndorseError> {
        let achievement =
            id.strip_prefix(&self.site.url("/achievements/")).and_then(|rest| rest.split_once('/'));
        if let Some((slug, version)) = achievement
            && let Ok(slug) = slug.parse()
        {
            let known = self.achievement(&slug, version)?;
            return Ok(known.map(|known| Endorsed::Achievement { slug, version: known.version }));
        }
        let organisations = catalogue.organisations.keys().map(|slug| Endorsed::Organisation(slug.clone()));
        Ok(organisations.into_iter().find(|one| self.subject_id(one) == id))
    }

    /// The id by which badges name what is endorsed.
    fn subject_id(&self, endorsed: &Endorsed) -> String {
        match endorsed {
            Endorsed::Organisation(slug) => match self.identity(slug) {
                Ok(identity) => identity.data_integrity.issuer_id,
                Err(_) => self.site.issuer(slug),
            },
            achievement @ Endorsed::Achievement { .. } => achievement.address(&self.site),
        }
    }

    /// The names under which a body signs: those of the catalogue, and its own here.
    fn names_of(&self, body: &Organisation) -> Vec<String> {
        let mut names = body.signs_as.clone();
        names.extend(self.identity(&body.slug).ok().map(|identity| identity.data_integrity.issuer_id));
        names
    }
}

/// The body, if it is one and the caller acts for it.
fn body<'c>(
    caller: &Caller,
    catalogue: &'c Catalogue,
    by: &Slug,
    faults: &mut Vec<FieldError>,
) -> Result<Option<&'c Organisation>, EndorseError> {
    if !caller.acts_for(by) {
        return Err(EndorseError::Forbidden);
    }
    let body = catalogue.organisations.get(by).filter(|body| body.is(Role::Body));
    if body.is_none() {
        let bodies = catalogue.organisations.values().filter(|one| one.is(Role::Body));
        let bodies: Vec<&str> = bodies.map(|one| one.slug.as_str()).collect();
        let detail = format!("`{by}` is no professional body of the catalogue");
        faults.push(FieldError::new("/by", "not-a-body", detail, format!("one of {}", bodies.join(", "))));
    }
    Ok(body)
}

/// That it begins, ends, is not over, and does not last for ever.
fn dates(
    from: DateTime<Utc>,
    until: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
    at: &str,
    faults: &mut Vec<FieldError>,
) {
    let mut fault = |code, detail: String, expected: &str| {
        faults.push(FieldError::new(format!("{at}/validUntil"), code, detail, expected));
    };
    match until {
        None => fault(
            "no-end",
            "it does not say when it ends".to_owned(),
            "a date-time: endorsements are renewed",
        ),
        Some(until) if until <= now => {
            fault("over", format!("it ended {until}"), "an end that is still to come");
        }
        Some(until) if until <= from => {
            fault(
                "ends-before-it-begins",
                format!("it begins {from} and ends {until}"),
                "an end after the beginning",
            );
        }
        Some(until) if until - from > LONGEST => {
            fault("too-long", format!("it lasts from {from} to {until}"), "five years at most");
        }
        Some(_) => {}
    }
    if from > now + TimeDelta::days(366) + SKEW {
        let expected = "a beginning within a year";
        faults.push(FieldError::new(
            format!("{at}/validFrom"),
            "too-late",
            format!("it begins {from}"),
            expected,
        ));
    }
}

fn midnight(day: NaiveDate) -> DateTime<Utc> {
    day.and_time(NaiveTime::MIN).and_utc()
}
