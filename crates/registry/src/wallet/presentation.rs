//! What verifiers ask of holders, and what came of it.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use model::{
    chance::Entropy,
    id::{LearnerId, PresentationRequestId},
};
use serde_json::Value;

use super::AT_ONCE;
use crate::{
    Registry, RegistryError,
    db::{Db, each, stored},
    error::{parsed, parsed_json},
    schema::{PersonKeyRow, presentation_people, presentation_requests},
    sealing::{self, ANSWER},
};

/// A request to be kept.
#[derive(Debug, Clone, PartialEq)]
pub struct NewPresentationRequest<'a> {
    /// The request.
    pub id: PresentationRequestId,
    /// The client that asks.
    pub client: &'a str,
    /// The last segment of its address.
    pub secret: &'a str,
    /// The name under which it is signed.
    pub audience: &'a str,
    /// What is asked; nothing about anybody.
    pub asked: &'a Value,
    /// Until when it can be answered.
    pub expires: DateTime<Utc>,
    /// Until when the answer can be read.
    pub kept_until: DateTime<Utc>,
}

/// A request.
#[derive(Debug, Clone, PartialEq)]
pub struct PresentationRequestRecord {
    /// The request.
    pub id: PresentationRequestId,
    /// The client that asks.
    pub client: String,
    /// The name under which it is signed.
    pub audience: String,
    /// What is asked.
    pub asked: Value,
    /// When it was made.
    pub created: DateTime<Utc>,
    /// Until when it can be answered.
    pub expires: DateTime<Utc>,
    /// When it was answered.
    pub answered: Option<DateTime<Utc>>,
    /// When a wallet began an exchange of the VC API to answer it.
    pub begun: Option<DateTime<Utc>>,
}

/// An answer to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAnswer<'a> {
    /// What the verifier is told, as text.
    pub body: &'a str,
    /// Whose credentials it is about, as far as they are known.
    pub about: &'a [LearnerId],
    /// Without which the verifier is not told, if the holder's browser takes one there.
    pub response_code: Option<&'a str>,
    /// The presentation as text, if it was posted to an exchange: whoever lost the answer
    /// posts it again.
    pub presented: Option<&'a str>,
}

/// What a verifier finds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Read {
    /// Nobody answered yet.
    Waiting,
    /// The answer.
    Answer(String),
    /// It was answered, and the response code is missing or another.
    OtherCode,
    /// It was answered by somebody who was erased since.
    Erased,
}

type Columns = (
    String,
    String,
    String,
    String,
    NaiveDateTime,
    NaiveDateTime,
    Option<NaiveDateTime>,
    Option<NaiveDateTime>,
);

/// When it was answered, the digest of its response code, the key of the answer, and the answer.
type Answered = (Option<NaiveDateTime>, Option<String>, Option<Vec<u8>>, Option<String>);

impl Registry {
    /// Keeps a request.
    pub fn ask_presentation(
        &self,
        request: &NewPresentationRequest<'_>,
        now: DateTime<Utc>,
    ) -> Result<(), RegistryError> {
        let row = (
            presentation_requests::id.eq(request.id.to_string()),
            presentation_requests::client.eq(request.client),
            presentation_requests::secret_digest.eq(self.secret_digest(request.secret)),
            presentation_requests::audience.eq(request.audience),
            presentation_requests::asked.eq(request.asked.to_string()),
            presentation_requests::created_at.eq(stored(now)),
            presentation_requests::expires_at.eq(stored(request.expires)),
            presentation_requests::kept_until.eq(stored(request.kept_until)),
        );
        self.write(|db| {
            diesel::insert_into(presentation_requests::table).values(row).execute(db)?;
            Ok(())
        })
    }

    /// The request at the address with this secret.
    pub fn presentation_request_at(
        &self,
        secret: &str,
    ) -> Result<Option<PresentationRequestRecord>, RegistryError> {
        let digest = self.secret_digest(secret);
        let found: Option<Columns> = self.read(|db| {
            Ok(presentation_requests::table
                .filter(presentation_requests::secret_digest.eq(digest))
                .select(COLUMNS)
                .first(db)
                .optional()?)
        })?;
        found.map(read).transpose()
    }

    /// A request by its id.
    pub fn presentation_request(
        &self,
        id: PresentationRequestId,
    ) -> Result<Option<PresentationRequestRecord>, RegistryError> {
        let found: Option<Columns> = self.read(|db| {
            Ok(presentation_requests::table.find(id.to_string()).select(COLUMNS).first(db).optional()?)
        })?;
        found.map(read).transpose()
    }

    /// Keeps the answer to a request; `false`, and nothing changes, when it was answered
    /// before or its time is over.
    pub fn answer_presentation(
        &self,
        id: PresentationRequestId,
        answer: &NewAnswer<'_>,
        now: DateTime<Utc>,
        entropy: &dyn Entropy,
    ) -> Result<bool, RegistryError> {
        let id = id.to_string();
        let (key, row) = self.wrapping().fresh(&id, entropy)?;
        let sealed = key.seal(ANSWER, &id, answer.body, entropy)?;
        let code = answer.response_code.map(|code| self.response_digest(code));
        let presented = answer.presented.map(|text| self.presented_digest(&id, text));
        let mut people: Vec<String> = answer.about.iter().map(ToString::to_string).collect();
        people.sort_unstable();
        people.dedup();
        self.write(|db| {
            let open = presentation_requests::table
                .filter(presentation_requests::id.eq(&id))
                .filter(presentation_requests::answered_at.is_null())
                .filter(presentation_requests::expires_at.ge(stored(now)));
            let answered = diesel::update(open)
                .set((
                    presentation_requests::answered_at.eq(stored(now)),
                    presentation_requests::response_digest.eq(code),
                    presentation_requests::answer_key.eq(row.sealed),
                    presentation_requests::answer.eq(sealed),
                    presentation_requests::exchange_digest.eq(presented),
                ))
                .execute(db)?;
            if answered == 0 {
                return Ok(false);
            }
            for learner in &people {
                let row =
                    (presentation_people::request_id.eq(&id), presentation_people::learner_id.eq(learner));
                each!(db, connection => diesel::insert_into(presentation_people::table)
                    .values(row)
                    .execute(connection))?;
            }
            Ok(true)
        })
    }

    /// What came of a request.
    pub fn presentation_answer(
        &self,
        id: PresentationRequestId,
        response_code: Option<&str>,
    ) -> Result<Read, RegistryError> {
        let id = id.to_string();
        let stated = response_code.map(|code| self.response_digest(code));
        let found: Option<Answered> = self.read(|db| {
            Ok(presentation_requests::table
                .find(&id)
                .select((
                    presentation_requests::answered_at,
                    presentation_requests::response_digest,
                    presentation_requests::answer_key,
                    presentation_requests::answer,
                ))
                .first(db)
                .optional()?)
        })?;
        match found {
            None | Some((None, ..)) => Ok(Read::Waiting),
            Some((_, Some(expected), ..)) if stated.as_ref() != Some(&expected) => Ok(Read::OtherCode),
            Some((_, _, Some(sealed), Some(answer))) => {
                let key = self.wrapping().open(&PersonKeyRow { learner_id: id.clone(), sealed })?;
                Ok(Read::Answer(sealing::read(Some(&key), ANSWER, &id, &answer)?.into_owned()))
            }
            Some(_) => Ok(Read::Erased),
        }
    }

    fn secret_digest(&self, secret: &str) -> String {
        self.digests().text("presentation request", &[secret.as_bytes()])
    }

    fn response_digest(&self, code: &str) -> String {
        self.digests().text("presentation response", &[code.as_bytes()])
    }
}

const COLUMNS: (
    presentation_requests::id,
    presentation_requests::client,
    presentation_requests::audience,
    presentation_requests::asked,
    presentation_requests::created_at,
    presentation_requests::expires_at,
    presentation_requests::answered_at,
    presentation_requests::exchange_begun_at,
) = (
    presentation_requests::id,
    presentation_requests::client,
    presentation_requests::audience,
    presentation_requests::asked,
    presentation_requests::created_at,
    presentation_requests::expires_at,
    presentation_requests::answered_at,
    presentation_requests::exchange_begun_at,
);

fn read(
    (id, client, audience, asked, created, expires, answered, begun): Columns,
) -> Result<PresentationRequestRecord, RegistryError> {
    Ok(PresentationRequestRecord {
        client,
        audience,
        asked: parsed_json("presentation_requests", &id, &asked)?,
        created: created.and_utc(),
        expires: expires.and_utc(),
        answered: answered.map(|at| at.and_utc()),
        begun: begun.map(|at| at.and_utc()),
        id: parsed("presentation_requests", &id, &id)?,
    })
}

/// Takes away what verifiers were told of a learner.
pub(super) fn forget(db: &mut Db, learner: &str) -> Result<(), RegistryError> {
    let requests: Vec<String> = presentation_people::table
        .filter(presentation_people::learner_id.eq(learner))
        .select(presentation_people::request_id)
        .load(db)?;
    for requests in requests.chunks(AT_ONCE) {
        diesel::update(presentation_requests::table.filter(presentation_requests::id.eq_any(requests)))
            .set((
                presentation_requests::answer_key.eq(None::<Vec<u8>>),
                presentation_requests::answer.eq(None::<String>),
                presentation_requests::exchange_digest.eq(None::<String>),
            ))
            .execute(db)?;
    }
    diesel::delete(presentation_people::table.filter(presentation_people::learner_id.eq(learner)))
        .execute(db)?;
    Ok(())
}

/// Deletes requests whose answers are no longer kept; gives their number.
pub(super) fn sweep(db: &mut Db, now: DateTime<Utc>) -> Result<usize, RegistryError> {
    let over: Vec<String> = presentation_requests::table
        .filter(presentation_requests::kept_until.lt(stored(now)))
        .select(presentation_requests::id)
        .load(db)?;
    for requests in over.chunks(AT_ONCE) {
        diesel::delete(presentation_people::table.filter(presentation_people::request_id.eq_any(requests)))
            .execute(db)?;
        diesel::delete(presentation_requests::table.filter(presentation_requests::id.eq_any(requests)))
            .execute(db)?;
    }
    Ok(over.len())
}
