//! `POST /v1/learners/{id}/hosts/{host}/export`: a learner's badges to another host.

use actix_web::{HttpResponse, web};
use model::{
    field::FieldError,
    id::{CredentialId, LearnerId},
};
use registry::{CredentialState, RegistryError};
use serde::Serialize;
use utoipa::ToSchema;

use super::{Kept, is_over};
use crate::{
    auth::scope::Scope, blocking, hosts::Upsert, problem::Problem, routes::learners::asked::Asked,
    state::AppState,
};

/// The badges to be sent.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it is read by `model::parse`")]
pub struct Chosen {
    /// UUIDs of 1 to 100 badges of the learner's that were issued here and stand.
    #[schema(min_items = 1, max_items = 100)]
    pub credentials: Vec<String>,
}

/// What became of the badges that were sent.
#[derive(Debug, Serialize, ToSchema)]
pub struct Exported {
    /// In the order in which they were named.
    pub credentials: Vec<Sent>,
}

/// What became of a badge that was sent.
#[derive(Debug, Serialize, ToSchema)]
pub struct Sent {
    /// The badge's UUID.
    #[schema(format = Uuid)]
    pub credential: String,
    /// What the host made of it.
    pub outcome: SentOutcome,
    /// Why the host refused it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
}

/// What a host made of a badge.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SentOutcome {
    /// It is new there.
    Created,
    /// It took the place of an earlier one.
    Replaced,
    /// What is there is as new or newer.
    Unchanged,
    /// It was not taken.
    Refused,
}

/// Send a learner's badges to another host
///
/// Each in its Data Integrity form. Nothing is sent if one of those named is not a badge of
/// this learner's that stands; what the host refuses stops no other.
#[utoipa::path(
    post,
    path = "/v1/learners/{id}/hosts/{host}/export",
    operation_id = "exportToHost",
    tag = "Learners",
    params(
        ("id" = String, Path, description = "The learner's UUID"),
        ("host" = String, Path, description = "The host's UUID here"),
    ),
    request_body = Chosen,
    responses(
        (status = 200, description = "What became of each", body = Exported),
        (status = 404, description = "No such learner, or no such host to which they gave leave"),
        (status = 409, description = "The host takes its tokens no longer: connect it again"),
        (status = 410, description = "The learner was erased"),
        (status = 422, description = "One of those named is not a badge of theirs that stands"),
        (status = 502, description = "The host does not answer, or not as it must"),
    ),
    security(("oauth2" = ["learners:connect"]), ("apiKey" = [])),
)]
pub async fn export(
    asked: Asked,
    state: web::Data<AppState>,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Problem> {
    let (_, _, document) = asked.by_the_academy::<LearnerId>(Scope::LearnersConnect, &path.0, "learner")?;
    let chosen = model::parse::chosen(&document).map_err(Problem::invalid)?;
    let mut kept = Kept::connected(&state, &path).await?;
    let learner = kept.record.learner;
    let badges = blocking::run(&state, move |state| badges(state, learner, &chosen)).await?;
    let mut access = kept.access(&state).await?;
    let mut sent = Vec::with_capacity(badges.len());
    for (id, badge) in badges {
        let mut answer = kept.host.upsert(&state.client, &access, &badge).await;
        if is_over(&answer) {
            access = kept.renewed(&state).await?;
            answer = kept.host.upsert(&state.client, &access, &badge).await;
        }
        let (outcome, why) = match answer? {
            Upsert::Created => (SentOutcome::Created, None),
            Upsert::Replaced => (SentOutcome::Replaced, None),
            Upsert::Unchanged => (SentOutcome::Unchanged, None),
            Upsert::Refused(status, said) => {
                (SentOutcome::Refused, Some(format!("It answers {status}. {said}")))
            }
        };
        sent.push(Sent { credential: id.to_string(), outcome, why });
    }
    Ok(HttpResponse::Ok().insert_header(("cache-control", "no-store")).json(Exported { credentials: sent }))
}

/// The badges of a learner's in their Data Integrity form, or what is wrong with which.
fn badges(
    state: &AppState,
    learner: LearnerId,
    named: &[CredentialId],
) -> Result<Vec<(CredentialId, String)>, Problem> {
    let (mut badges, mut wrong) = (Vec::new(), Vec::new());
    for (place, id) in named.iter().enumerate() {
        let found = match state.registry.credential(*id) {
            // Another's, whatever became of them, is not this learner's.
            Err(RegistryError::Erased) => None,
            found => found?,
        };
        match found.filter(|badge| badge.learner_id == learner) {
            Some(badge) if badge.state == CredentialState::Issued => {
                badges.push((badge.id, badge.data_integrity));
            }
            Some(_) => wrong.push((place, "revoked", "it was revoked")),
            None => wrong.push((place, "unknown", "it is no badge of this learner's")),
        }
    }
    if wrong.is_empty() {
        return Ok(badges);
    }
    let fault = |(place, code, why): (usize, &'static str, &str)| {
        FieldError::new(format!("/credentials/{place}"), code, why, "a badge of this learner's that stands")
    };
    Err(Problem::invalid(wrong.into_iter().map(fault).collect()))
}
