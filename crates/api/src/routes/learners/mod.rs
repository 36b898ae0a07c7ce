//! Learners.

pub mod accesses;
pub mod activities;
pub mod adjustments;
mod asked;
pub mod balances;
pub mod connections;
pub mod consents;
pub mod decide;
pub mod erase;
pub mod hosts;
pub mod ledger;
pub mod maintenance;
pub mod own_words;
pub mod pathways;
pub mod prior_learning;
pub mod schemes;
pub mod statement;
pub mod transfers;

use actix_web::web::{self, ServiceConfig, post, put};
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use model::id::LearnerId;
use registry::{Registry, RegistryError};

use crate::{
    auth::caller::Caller,
    blocking,
    problem::{Problem, table},
    state::AppState,
};

/// Adds the routes.
pub fn configure(config: &mut ServiceConfig) {
    hosts::configure(config);
    consents::configure(config);
    let read = "GET, HEAD";
    config
        .service(super::resource("/v1/learners/{id}/accesses", read, [super::reading(accesses::list)]))
        .service(super::resource("/v1/learners/{id}/ledger", read, [super::reading(ledger::ledger)]))
        .service(super::resource("/v1/learners/{id}/pathways", read, [super::reading(pathways::pathways)]))
        .service(super::resource(
            "/v1/learners/{id}/maintenance",
            read,
            [super::reading(maintenance::maintenance)],
        ))
        .service(super::resource("/v1/learners/{id}/balances", read, [super::reading(balances::balances)]))
        .service(super::resource("/v1/learners/{id}/activities", "POST", [post().to(activities::create)]))
        .service(super::resource("/v1/learners/{id}/adjustments", "POST", [post().to(adjustments::request)]))
        .service(super::resource("/v1/learners/{id}/connections", "POST", [post().to(connections::begin)]))
        .service(super::resource("/v1/learners/{id}/erasure", "POST", [post().to(erase::erase)]))
        .service(super::resource(
            "/v1/learners/{id}/prior-learning",
            "POST",
            [post().to(prior_learning::accept)],
        ))
        .service(super::resource("/v1/learners/{id}/transfers", "POST", [post().to(transfers::create)]))
        .service(super::resource("/v1/adjustments/{id}/decision", "POST", [post().to(decide::decide)]))
        .service(super::resource("/v1/learners/{id}/schemes/{scheme}", "PUT", [put().to(schemes::join)]))
        .service(super::resource(
            "/v1/learners/{id}/statements/{scheme}",
            read,
            [super::reading(statement::statement)],
        ))
        .service(super::resource(
            "/v1/learners/{id}/statements/{scheme}/{day}",
            "PUT",
            [put().to(own_words::write)],
        ));
}

/// What `ask` comes to of the learner whom the path names; 404 when there is none.
async fn of_learner<T: Send + 'static>(
    state: &web::Data<AppState>,
    id: &str,
    ask: impl FnOnce(&Registry, LearnerId) -> Result<T, RegistryError> + Send + 'static,
) -> Result<T, Problem> {
    let learner: LearnerId = super::segment(id, "learner")?;
    blocking::run(state, move |state| {
        if state.registry.learner(learner)?.is_none() {
            return Err(Problem::not_found("learner"));
        }
        Ok(ask(&state.registry, learner)?)
    })
    .await
}

/// A whole ledger is for the Academy: a provider sees the lines of its own completions.
pub(in crate::routes) fn need_academy(caller: &Caller) -> Result<(), Problem> {
    match caller.confined_to() {
        None => Ok(()),
        Some(_) => Err(Problem::new(&table::FORBIDDEN, "Only the Academy's clients may do this.")),
    }
}

/// The moment that `as_of` names: a date-time, or a date, whose whole day counts.
pub(in crate::routes) fn as_of(text: Option<&str>) -> Result<Option<DateTime<Utc>>, Problem> {
    let Some(text) = text else { return Ok(None) };
    // A `+` in a query that was not encoded arrives as a blank.
    let moment = DateTime::parse_from_rfc3339(&text.replace(' ', "+")).map(|moment| moment.to_utc());
    let whole_day = || {
        let next = text.parse::<NaiveDate>().ok()?.succ_opt()?.and_time(NaiveTime::MIN).and_utc();
        next.checked_sub_signed(chrono::TimeDelta::microseconds(1))
    };
    moment.ok().or_else(whole_day).map(Some).ok_or_else(|| {
        Problem::malformed("`as_of` must be a date-time such as 2026-03-01T09:00:00Z, or a date.")
    })
}
