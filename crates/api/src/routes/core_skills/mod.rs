//! Core skills as a staff passport asks for them and sends them: by the holder's consent
//! alone, and every attempt is written where the holder sees it.

pub mod query;
pub mod send;

use std::collections::BTreeMap;

use actix_web::{
    HttpRequest,
    web::{self, ServiceConfig, post},
};
use model::{
    core_skills::{CoreSkillsAsk, CoreSkillsTried},
    field::FieldError,
    id::Slug,
    parse::{core_skills_ask, core_skills_tried, is_national},
};
use registry::{CoreSkillsRequest, Granted, Reach};
use serde_json::Value;

use crate::{
    auth::{caller::Caller, scope::Scope},
    blocking, body,
    problem::{Problem, table},
    routes::resource,
    state::AppState,
};

/// Adds the routes.
pub fn configure(config: &mut ServiceConfig) {
    config.service(resource("/v1/core-skills/query", "POST", [post().to(query::query)])).service(resource(
        "/v1/core-skills",
        "POST",
        [post().to(send::send)],
    ));
}

/// What a client asks or sends, if it may at all and the request can be read. That it tried is
/// written where whom it names sees it, whatever else is wrong.
async fn read(
    caller: &Caller,
    state: &web::Data<AppState>,
    request: &HttpRequest,
    body: &[u8],
    reach: Reach,
) -> Result<CoreSkillsAsk, Problem> {
    caller.need(match reach {
        Reach::Read => Scope::CoreSkillsRead,
        Reach::Write => Scope::CoreSkillsWrite,
    })?;
    let document = body::json(request, body)?;
    let why = match stated(request, &document, reach) {
        Ok(ask) => return Ok(ask),
        Err(why) => why,
    };
    let (client, tried) = (caller.acting.client.clone(), core_skills_tried(&document));
    blocking::run(state, move |state| note(state, &client, reach, &tried)).await?;
    Err(why)
}

/// Writes that a request was refused for what is wrong with it.
fn note(state: &AppState, client: &str, reach: Reach, tried: &CoreSkillsTried) -> Result<(), Problem> {
    if !tried.identifiers.is_empty() {
        let now = state.clock.now();
        state.registry.note_core_skills((client, reach), tried, now, state.entropy.as_ref())?;
    }
    Ok(())
}

fn stated(request: &HttpRequest, document: &Value, reach: Reach) -> Result<CoreSkillsAsk, Problem> {
    let parameters = web::Query::<BTreeMap<String, String>>::from_query(request.query_string());
    let parameters = parameters.map_or_else(|_| BTreeMap::new(), web::Query::into_inner);
    if let Some(name) = parameters.keys().find(|name| is_national(name)) {
        return Err(Problem::malformed(format!(
            "`{name}` is a national identifier, and nobody is known here by one. Name the person in the body, by \
             an email address or a staff number with its organisation."
        )));
    }
    core_skills_ask(document, reach == Reach::Write).map_err(Problem::invalid)
}

/// What the holder's consent grants of it. Whatever is missing for that, the answer is the
/// same.
fn granted(state: &AppState, client: &str, reach: Reach, ask: &CoreSkillsAsk) -> Result<Granted, Problem> {
    let asked = ask.subjects.iter().enumerate();
    let asked = asked.map(|(place, subject)| (format!("/subjects/{place}"), subject));
    let sent = ask.skills.iter().enumerate();
    let sent = sent.map(|(place, skill)| (format!("/coreSkills/{place}/subject"), &skill.subject));
    if let Err(why) = known(state, asked.chain(sent)) {
        note(state, client, reach, &ask.tried())?;
        return Err(why);
    }
    let request = CoreSkillsRequest { client, reach, ask };
    let granted = state.registry.ask_core_skills(request, state.clock.now(), state.entropy.as_ref())?;
    granted.ok_or_else(|| {
        let detail = "Nobody whom these identifiers name has consented to this.";
        Problem::new(&table::NO_CONSENT, detail)
    })
}

/// Refuses subjects that the catalogue does not have, each at its place.
pub(in crate::routes) fn known<'a>(
    state: &AppState,
    subjects: impl Iterator<Item = (String, &'a Slug)>,
) -> Result<(), Problem> {
    let catalogue = state.service.catalogue()?;
    let unknown = subjects.filter(|(_, subject)| !catalogue.core_skills.contains_key(*subject));
    let faults: Vec<FieldError> = unknown
        .map(|(pointer, subject)| {
            let detail = format!("`{subject}` is not a subject of the catalogue's");
            FieldError::new(pointer, "unknown-subject", detail, "a subject such as `fire-safety`")
        })
        .collect();
    if faults.is_empty() { Ok(()) } else { Err(Problem::invalid(faults)) }
}
