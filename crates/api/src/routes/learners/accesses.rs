//! `GET /v1/learners/{id}/accesses`: who read a learner's core skills or sent some.

use std::collections::BTreeMap;

use actix_web::{HttpResponse, web};
use model::id::{AccessId, LearnerId};
use registry::AccessRecord;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::consents::may_act;
use crate::{
    auth::caller::Caller, blocking, problem::Problem, routes::segment, state::AppState, wire::ledger::rfc3339,
};

/// The most accesses of a page.
const MOST: u32 = 500;

/// The query.
#[derive(Debug, Deserialize)]
pub struct Query {
    before: Option<String>,
    limit: Option<u32>,
}

/// Who reached for a learner's core skills.
#[derive(Debug, Serialize, ToSchema)]
pub struct AccessesList {
    /// The latest first.
    pub accesses: Vec<AccessItem>,
    /// Where the next page is, if there may be one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = "uri")]
    pub next: Option<String>,
}

/// That somebody read a learner's core skills or sent some, or tried to.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AccessItem {
    /// Its UUID.
    #[schema(format = Uuid)]
    pub id: String,
    /// When.
    #[schema(format = DateTime)]
    pub at: String,
    /// The client.
    pub client: String,
    /// What people call it.
    pub client_name: String,
    /// `read` or `write`.
    #[schema(pattern = "^(read|write)$")]
    pub kind: String,
    /// What for, as the client said, if that could be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub purpose: Option<String>,
    /// The subjects that were asked for, all if there are none; or those that were sent.
    pub subjects: Vec<String>,
    /// The consent by which it was granted; missing if it was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = Uuid)]
    pub consent: Option<String>,
    /// Whether it was granted.
    pub granted: bool,
    /// Why it was refused, if it was: `no-consent`, or `invalid` because something was wrong
    /// with the request.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(pattern = "^(no-consent|invalid)$")]
    pub refused: Option<&'static str>,
}

/// See who reached for a learner's core skills
///
/// Who read them or sent some, when, for what, and by which consent; who tried to and was
/// refused too, for want of a consent or because of faults in a request that names the learner
/// all the same. Nothing of it can be changed or taken away while the learner is known here.
#[utoipa::path(
    get,
    path = "/v1/learners/{id}/accesses",
    operation_id = "listAccesses",
    tag = "Learners",
    params(
        ("id" = String, Path, description = "The learner's UUID"),
        ("limit" = Option<u32>, Query, description = "At most so many, 1 to 500; 100 if it is not given"),
        ("before" = Option<String>, Query, description = "Only those before the one with this id"),
    ),
    responses(
        (status = 200, description = "The accesses", body = AccessesList),
        (status = 404, description = "No such learner"),
        (status = 410, description = "The learner was erased"),
    ),
    security(("oauth2" = ["learners:connect"]), ("apiKey" = [])),
)]
pub async fn list(
    caller: Caller,
    state: web::Data<AppState>,
    path: web::Path<String>,
    query: web::Query<Query>,
) -> Result<HttpResponse, Problem> {
    may_act(&caller)?;
    let learner: LearnerId = segment(&path, "learner")?;
    let limit = query.limit.unwrap_or(100);
    if !(1..=MOST).contains(&limit) {
        return Err(Problem::malformed(format!("`limit` must be 1 to {MOST}.")));
    }
    let before = query.before.as_deref().map(str::parse::<AccessId>).transpose();
    let before = before.map_err(|_| Problem::malformed("`before` must be the id of an access."))?;
    let answer = blocking::run(&state, move |state| page(state, learner, before, limit)).await?;
    Ok(HttpResponse::Ok().insert_header(("cache-control", "no-store")).json(answer))
}

fn page(
    state: &AppState,
    learner: LearnerId,
    before: Option<AccessId>,
    limit: u32,
) -> Result<AccessesList, Problem> {
    if state.registry.learner(learner)?.is_none() {
        return Err(Problem::not_found("learner"));
    }
    // One more than asked for tells whether there is a next page.
    let mut found = state.registry.accesses(learner, before, limit + 1)?;
    let length = usize::try_from(limit).unwrap_or(usize::MAX);
    let has_more = found.len() > length;
    found.truncate(length);
    let next = found.last().filter(|_| has_more).map(|last| {
        state.site.url(&format!("/v1/learners/{learner}/accesses?limit={limit}&before={}", last.id))
    });
    let mut names = BTreeMap::new();
    for AccessRecord { client, .. } in &found {
        if !names.contains_key(client) {
            let name = state.registry.client(client)?.map_or_else(|| client.clone(), |known| known.name);
            names.insert(client.clone(), name);
        }
    }
    let item = |one: AccessRecord| AccessItem {
        id: one.id.to_string(),
        at: rfc3339(one.at),
        client_name: names.get(&one.client).unwrap_or(&one.client).clone(),
        client: one.client,
        kind: one.kind,
        purpose: one.purpose.map(|purpose| purpose.to_string()),
        subjects: one.subjects.iter().map(ToString::to_string).collect(),
        granted: one.consent.is_some(),
        refused: match (&one.consent, one.invalid) {
            (Some(_), _) => None,
            (None, true) => Some("invalid"),
            (None, false) => Some("no-consent"),
        },
        consent: one.consent.map(|consent| consent.to_string()),
    };
    Ok(AccessesList { accesses: found.into_iter().map(item).collect(), next })
}
