//! `POST /v1/learners/{id}/consents`: a learner lets a client read or send core skills.

use actix_web::{HttpResponse, web};
use model::{core_skills::StatedConsent, field::FieldError, id::LearnerId};
use utoipa::ToSchema;

use super::ConsentItem;
use crate::{
    auth::scope::Scope,
    blocking,
    problem::Problem,
    routes::{core_skills::known, learners::asked::Asked},
    state::AppState,
};

/// A consent that a learner gives.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it is read by `model::parse`")]
pub struct ConsentGiven {
    /// The client that may.
    #[schema(example = "passport")]
    pub client: String,
    /// For what alone: a short name.
    #[schema(example = "pre-employment-check")]
    pub purpose: String,
    /// What it may do: `read-core-skills`, `write-core-skills` or both.
    #[schema(min_items = 1, max_items = 2)]
    pub data: Vec<String>,
    /// With which subjects; all if there are none.
    #[schema(required = false, max_items = 50)]
    pub subjects: Vec<String>,
    /// Until when: a date-time with a zone, or a date.
    #[schema(example = "2027-03-31T00:00:00Z")]
    pub until: String,
}

/// Record a learner's consent
///
/// That one client may read their core skills, or send some, for one purpose and until a
/// moment. Make sure who they are, and that they know what they consent to, before you record
/// it. They can withdraw it at any time.
#[utoipa::path(
    post,
    path = "/v1/learners/{id}/consents",
    operation_id = "giveConsent",
    tag = "Learners",
    params(("id" = String, Path, description = "The learner's UUID")),
    request_body = ConsentGiven,
    responses(
        (status = 201, description = "The consent", body = ConsentItem),
        (status = 404, description = "No such learner"),
        (status = 410, description = "The learner was erased"),
        (status = 422, description = "Some fields are wrong"),
    ),
    security(("oauth2" = ["learners:connect"]), ("apiKey" = [])),
)]
pub async fn give(
    asked: Asked,
    state: web::Data<AppState>,
    path: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let (caller, learner, document) =
        asked.by_the_academy::<LearnerId>(Scope::LearnersConnect, &path, "learner")?;
    let consent = model::parse::consent(&document).map_err(Problem::invalid)?;
    let given = blocking::run(&state, move |state| {
        if state.registry.learner(learner)?.is_none() {
            return Err(Problem::not_found("learner"));
        }
        must_make_sense(state, &consent)?;
        let (by, now) = (&caller.acting.client, state.clock.now());
        Ok(state.registry.record_consent(learner, &consent, by, now, state.entropy.as_ref())?)
    })
    .await?;
    Ok(HttpResponse::Created().insert_header(("cache-control", "no-store")).json(ConsentItem::from(given)))
}

/// Refuses a consent of which nothing could come.
fn must_make_sense(state: &AppState, consent: &StatedConsent) -> Result<(), Problem> {
    let subjects = consent.subjects.iter().enumerate();
    known(state, subjects.map(|(place, subject)| (format!("/subjects/{place}"), subject)))?;
    let mut faults = Vec::new();
    let client = state.registry.client(&consent.client)?;
    if client.is_none_or(|client| client.disabled.is_some()) {
        let expected = "the id of a client that is registered";
        faults.push(FieldError::new("/client", "unknown-client", "no such client is registered", expected));
    }
    if consent.until <= state.clock.now() {
        faults.push(FieldError::new("/until", "in-the-past", "is over already", "a moment to come"));
    }
    if faults.is_empty() { Ok(()) } else { Err(Problem::invalid(faults)) }
}
