//! `POST /v1/learners/{id}/connections`: a code by which a learner lets another system act.

use actix_web::{HttpResponse, web};
use chrono::TimeDelta;
use model::{
    chance::Entropy,
    id::{ConnectionId, LearnerId},
};
use registry::Connection;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    auth::{caller::Caller, scope::Scope},
    blocking,
    problem::Problem,
    state::AppState,
    wire::ledger::rfc3339,
};

/// How long a code can be used.
const LIFETIME: TimeDelta = TimeDelta::minutes(15);
/// Letters that are not taken for each other (Crockford's base 32).
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// A code.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ConnectionAnswer {
    /// The connection's UUID.
    #[schema(format = Uuid)]
    pub id: String,
    /// What the learner types on the page where another system has sent them. Good once.
    #[schema(example = "7KQ2-M9XD-4TFA-0V3H")]
    pub code: String,
    /// Until when.
    #[schema(format = DateTime)]
    pub expires_at: String,
}

/// Give a learner a code
///
/// By it the learner lets another system read and fill their passport through the service
/// API of Open Badges 3.0 (`/ims/ob/v3p0`), once, within a quarter of an hour. It stands for
/// the learner: make sure who they are before you give it to them.
#[utoipa::path(
    post,
    path = "/v1/learners/{id}/connections",
    operation_id = "createConnection",
    tag = "Learners",
    params(("id" = String, Path, description = "The learner's UUID")),
    responses(
        (status = 201, description = "The code, shown this once", body = ConnectionAnswer),
        (status = 404, description = "No such learner"),
        (status = 410, description = "The learner was erased"),
    ),
    security(("oauth2" = ["learners:connect"]), ("apiKey" = [])),
)]
pub async fn begin(
    caller: Caller,
    state: web::Data<AppState>,
    path: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    caller.need(Scope::LearnersConnect)?;
    super::need_academy(&caller)?;
    let learner: LearnerId = super::super::segment(&path, "learner")?;
    let answer = blocking::run(&state, move |state| {
        if state.registry.learner(learner)?.is_none() {
            return Err(Problem::not_found("learner"));
        }
        let now = state.clock.now();
        let (id, code) = (ConnectionId::random(state.entropy.as_ref()), code(state.entropy.as_ref()));
        let plain = plain(&code);
        let by = &caller.acting.client;
        let connection = Connection { id, learner, by, code: &plain, expires: now + LIFETIME };
        state.registry.begin_connection(&connection, now)?;
        Ok(ConnectionAnswer { id: id.to_string(), code, expires_at: rfc3339(now + LIFETIME) })
    })
    .await?;
    Ok(HttpResponse::Created().insert_header(("cache-control", "no-store")).json(answer))
}

/// Sixteen letters, eighty random bits, in groups of four.
fn code(entropy: &dyn Entropy) -> String {
    let letter = |byte: u8| LETTERS.get(usize::from(byte % 32)).map_or('0', |letter| char::from(*letter));
    let letters: Vec<char> = entropy.array::<16>().into_iter().map(letter).collect();
    letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

/// A code as it is compared: whatever its case, with or without what parts its groups.
pub fn plain(code: &str) -> String {
    let letters = code.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase());
    letters
        .map(|c| {
            if c == 'O' {
                '0'
            } else if c == 'I' || c == 'L' {
                '1'
            } else {
                c
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use model::chance::SystemEntropy;

    use super::*;

    #[test]
    fn a_code_is_the_same_however_it_is_typed() {
        let code = code(&SystemEntropy);
        assert_eq!((code.len(), plain(&code).len()), (19, 16), "{code}");
        assert_eq!(plain(&code.to_lowercase().replace('-', " ")), plain(&code));
        assert_eq!(plain("o0-iL1"), "00111");
    }
}
