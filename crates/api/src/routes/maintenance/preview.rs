//! `POST /v1/maintenance/preview`: whom a changed policy would affect.

use std::collections::BTreeMap;

use actix_web::{HttpRequest, HttpResponse, http::header::CACHE_CONTROL, web};
use chrono::NaiveDate;
use issuing::{PolicyPreview, Turn};
use model::catalogue::Catalogue;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    auth::caller::Caller, problem::Problem, routes::programmes::preview::previewed, state::AppState,
    wire::standards::CatalogueFile,
};

/// What would change.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MaintenancePreviewAnswer {
    /// The policies that would be new, other, or gone.
    pub policies: Vec<PolicyItem>,
}

/// A policy that would change, and for how many.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PolicyItem {
    /// Its short name.
    pub policy: String,
    /// `new`, `changed` or `taken_away`.
    pub change: &'static str,
    /// Why publishing it would be refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refused: Option<String>,
    /// How many of its awards are in each state now.
    pub now: BTreeMap<&'static str, u64>,
    /// Of these, those that come under the new rules only when they are renewed.
    pub at_renewal: u64,
    /// What rules for running terms would change, by their first day.
    pub turns: Vec<TurnItem>,
}

/// What would change on a day.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TurnItem {
    /// The day.
    pub from: String,
    /// Awards that would be in another state.
    pub states: Vec<StateTurn>,
    /// Awards that would be in the same state, with something else to do or until then.
    pub asked_otherwise: u64,
}

/// How many awards would go from one state to another.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct StateTurn {
    /// The state without the change.
    pub before: &'static str,
    /// The state with it.
    pub after: &'static str,
    /// How many.
    pub awards: u64,
}

/// Preview changed maintenance policies
///
/// Takes a catalogue file (YAML, or JSON of the same members) with the `maintenance`
/// policies that would be new or changed. Stores nothing. For the Academy alone.
#[utoipa::path(
    post,
    path = "/v1/maintenance/preview",
    operation_id = "previewMaintenance",
    tag = "Catalogue",
    request_body(description = "A catalogue file", content(
        (CatalogueFile = "application/json"),
        (String = "application/yaml"),
    )),
    responses(
        (status = 200, description = "Who is affected", body = MaintenancePreviewAnswer),
        (status = 422, description = "The policies cannot be published; every fault with its path"),
    ),
    security(("oauth2" = ["ledger:read"]), ("apiKey" = [])),
)]
pub async fn preview(
    caller: Caller,
    request: HttpRequest,
    state: web::Data<AppState>,
    payload: web::Bytes,
) -> Result<HttpResponse, Problem> {
    let look = |state: &AppState, amended: &Catalogue| Ok(state.service.preview_maintenance(amended)?);
    let previews = previewed(caller, &request, state, payload, look).await?;
    let answer = MaintenancePreviewAnswer { policies: previews.into_iter().map(item).collect() };
    Ok(HttpResponse::Ok().insert_header((CACHE_CONTROL, "no-store")).json(answer))
}

fn item(preview: PolicyPreview) -> PolicyItem {
    PolicyItem {
        policy: preview.policy.to_string(),
        change: match (preview.is_new, preview.is_taken_away) {
            (true, _) => "new",
            (_, true) => "taken_away",
            _ => "changed",
        },
        refused: preview.refused,
        now: preview.now.into_iter().map(|(state, awards)| (state.as_str(), awards)).collect(),
        at_renewal: preview.at_renewal,
        turns: preview.turns.into_iter().map(turn).collect(),
    }
}

fn turn((from, turn): (NaiveDate, Turn)) -> TurnItem {
    let states = turn.states.into_iter().map(|((before, after), awards)| StateTurn {
        before: before.as_str(),
        after: after.as_str(),
        awards,
    });
    TurnItem { from: from.to_string(), states: states.collect(), asked_otherwise: turn.asked_otherwise }
}
