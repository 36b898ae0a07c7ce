//! What a holder lets a client do with their core skills: for one purpose, until a moment.

use std::iter;

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use model::{
    chance::Entropy,
    core_skills::StatedConsent,
    id::{ConsentId, LearnerId, Slug},
};
use serde::{Deserialize, Serialize};

use crate::{
    Registry, RegistryError,
    db::stored,
    digest::Digests,
    erasure,
    error::parsed,
    issuance::take_turn,
    schema::passport_consents,
    sealing::{self, CONSENT, PersonKey},
};

/// A consent as it was recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsentRecord {
    /// The consent.
    pub id: ConsentId,
    /// What was consented to.
    pub stated: StatedConsent,
    /// When.
    pub given: DateTime<Utc>,
    /// When it was withdrawn.
    pub withdrawn: Option<DateTime<Utc>>,
}

/// What is sealed of a consent.
#[derive(Serialize, Deserialize)]
pub(super) struct Sealed {
    pub purpose: Slug,
    pub subjects: Vec<Slug>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = passport_consents)]
pub(super) struct Row {
    id: String,
    client: String,
    body: String,
    reads: bool,
    writes: bool,
    ends_at: NaiveDateTime,
    given_at: NaiveDateTime,
    withdrawn_at: Option<NaiveDateTime>,
}

impl Row {
    pub(super) fn read(self, key: &PersonKey) -> Result<ConsentRecord, RegistryError> {
        let sealed: Sealed = sealing::read_json(Some(key), CONSENT, &self.id, &self.body)?;
        Ok(ConsentRecord {
            id: parsed("passport_consents", &self.id, &self.id)?,
            stated: StatedConsent {
                client: self.client,
                purpose: sealed.purpose,
                reads: self.reads,
                writes: self.writes,
                subjects: sealed.subjects,
                until: self.ends_at.and_utc(),
            },
            given: self.given_at.and_utc(),
            withdrawn: self.withdrawn_at.map(|at| at.and_utc()),
        })
    }
}

/// By what a consent is found: nobody tells a purpose from it without the vault.
pub(super) fn purpose_digest(digests: &Digests, learner: &str, purpose: &Slug) -> String {
    digests.text("consent purpose", &[learner.as_bytes(), purpose.as_str().as_bytes()])
}

impl Registry {
    /// Records a holder's consent. An error ([`RegistryError::Erased`]) if they were erased;
    /// learner and client must exist.
    pub fn record_consent(
        &self,
        learner: LearnerId,
        consent: &StatedConsent,
        by: &str,
        now: DateTime<Utc>,
        entropy: &dyn Entropy,
    ) -> Result<ConsentRecord, RegistryError> {
        let (id, learner) = (ConsentId::ordered(now, entropy), learner.to_string());
        let row_id = id.to_string();
        let sealed = Sealed { purpose: consent.purpose.clone(), subjects: consent.subjects.clone() };
        let sealed = super::json("passport_consents", &sealed)?;
        self.write(|db| {
            take_turn(db, iter::once(learner.clone()))?;
            let key = sealing::of(db, self.wrapping(), &learner)?;
            let row = (
                passport_consents::id.eq(&row_id),
                passport_consents::learner_id.eq(&learner),
                passport_consents::client.eq(&consent.client),
                passport_consents::body.eq(key.seal(CONSENT, &row_id, &sealed, entropy)?),
                passport_consents::purpose_digest.eq(purpose_digest(
                    self.digests(),
                    &learner,
                    &consent.purpose,
                )),
                passport_consents::reads.eq(consent.reads),
                passport_consents::writes.eq(consent.writes),
                passport_consents::ends_at.eq(stored(consent.until)),
                passport_consents::given_at.eq(stored(now)),
                passport_consents::recorded_by.eq(by),
            );
            diesel::insert_into(passport_consents::table).values(row).execute(db)?;
            let given = stored(now).and_utc();
            let stated = StatedConsent { until: stored(consent.until).and_utc(), ..consent.clone() };
            Ok(ConsentRecord { id, stated, given, withdrawn: None })
        })
    }

    /// Every consent that a holder gave, the latest first.
    pub fn consents(&self, learner: LearnerId) -> Result<Vec<ConsentRecord>, RegistryError> {
        let learner = learner.to_string();
        self.read(|db| {
            erasure::refuse(db, &learner)?;
            let rows: Vec<Row> = passport_consents::table
                .filter(passport_consents::learner_id.eq(&learner))
                .order(passport_consents::id.desc())
                .select(Row::as_select())
                .load(db)?;
            if rows.is_empty() {
                return Ok(Vec::new());
            }
            let key = sealing::of(db, self.wrapping(), &learner)?;
            rows.into_iter().map(|row| row.read(&key)).collect()
        })
    }

    /// Withdraws a consent: from now on nothing is read or sent by it. `false` if the holder
    /// has none such; withdrawing again changes nothing.
    pub fn withdraw_consent(
        &self,
        learner: LearnerId,
        id: ConsentId,
        by: &str,
        now: DateTime<Utc>,
    ) -> Result<bool, RegistryError> {
        let (learner, id) = (learner.to_string(), id.to_string());
        self.write(|db| {
            erasure::refuse(db, &learner)?;
            // Whoever reads or sends at this moment is done before, or finds it withdrawn.
            take_turn(db, iter::once(learner.clone()))?;
            let own = passport_consents::table.find(&id).filter(passport_consents::learner_id.eq(&learner));
            let withdrawn =
                (passport_consents::withdrawn_at.eq(stored(now)), passport_consents::withdrawn_by.eq(by));
            let open = own.filter(passport_consents::withdrawn_at.is_null());
            if diesel::update(open).set(withdrawn).execute(db)? == 1 {
                return Ok(true);
            }
            let known: i64 = own.count().get_result(db)?;
            Ok(known == 1)
        })
    }
}
