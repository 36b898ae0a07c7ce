//! What a learner lets other systems do with their core skills. Nobody can sign in as a
//! learner yet, so a client of the Academy's, which has made sure who is there, records it.

pub mod give;
pub mod list;
pub mod withdraw;

use actix_web::web::{ServiceConfig, delete, post};
use registry::ConsentRecord;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    auth::{caller::Caller, scope::Scope},
    problem::Problem,
    routes::{reading, resource},
    wire::ledger::rfc3339,
};

/// Adds the routes.
pub fn configure(config: &mut ServiceConfig) {
    let all = [reading(list::list), post().to(give::give)];
    config.service(resource("/v1/learners/{id}/consents", "GET, HEAD, POST", all)).service(resource(
        "/v1/learners/{id}/consents/{consent}",
        "DELETE",
        [delete().to(withdraw::withdraw)],
    ));
}

/// Who may record what a learner decides, and see what was done by it.
pub(super) fn may_act(caller: &Caller) -> Result<(), Problem> {
    caller.need(Scope::LearnersConnect)?;
    super::need_academy(caller)
}

/// A consent.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ConsentItem {
    /// The consent's UUID.
    #[schema(format = Uuid)]
    pub id: String,
    /// The client that may.
    pub client: String,
    /// For what alone.
    pub purpose: String,
    /// What it may do: `read-core-skills`, `write-core-skills` or both.
    pub data: Vec<&'static str>,
    /// With which subjects; all if there are none.
    pub subjects: Vec<String>,
    /// Since when.
    #[schema(format = DateTime)]
    pub given_at: String,
    /// Until when.
    #[schema(format = DateTime)]
    pub until: String,
    /// When it was withdrawn.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    pub withdrawn_at: Option<String>,
}

impl From<ConsentRecord> for ConsentItem {
    fn from(consent: ConsentRecord) -> Self {
        let stated = consent.stated;
        let data = [(stated.reads, "read-core-skills"), (stated.writes, "write-core-skills")];
        Self {
            id: consent.id.to_string(),
            client: stated.client,
            purpose: stated.purpose.to_string(),
            data: data.into_iter().filter_map(|(may, name)| may.then_some(name)).collect(),
            subjects: stated.subjects.iter().map(ToString::to_string).collect(),
            given_at: rfc3339(consent.given),
            until: rfc3339(stated.until),
            withdrawn_at: consent.withdrawn.map(rfc3339),
        }
    }
}
