//! `GET /v1/usage`: what a client asked, and what it may ask.

use actix_web::{
    HttpResponse,
    http::header::CACHE_CONTROL,
    web::{self, ServiceConfig},
};
use chrono::{NaiveDate, TimeDelta};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    auth::{caller::Caller, scope::Scope},
    blocking,
    problem::{Problem, table},
    state::AppState,
};

/// Days that are told where it is not said which.
const DAYS: TimeDelta = TimeDelta::days(29);
/// Days at once, at most.
const MOST: TimeDelta = TimeDelta::days(366);

/// Adds the route.
pub fn configure(config: &mut ServiceConfig) {
    config.service(super::resource("/v1/usage", "GET, HEAD", [super::reading(usage)]));
}

/// The query.
#[derive(Debug, Deserialize)]
pub struct Query {
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
    client: Option<String>,
}

/// What a client asked.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ClientUsage {
    /// The client.
    pub client: String,
    /// How many requests it may make in a minute.
    pub requests_per_minute: u32,
    /// How many credentials it may watch.
    pub watch_limit: u32,
    /// How many verification jobs there may be of it.
    pub job_limit: u32,
    /// By day, in UTC, the earliest first; days on which it asked nothing are left out.
    pub days: Vec<UsageDay>,
}

/// What a client asked on a day.
#[derive(Debug, Serialize, ToSchema)]
pub struct UsageDay {
    /// The day.
    #[schema(value_type = String, format = Date)]
    pub day: NaiveDate,
    /// Its requests, whatever they were answered.
    pub requests: u64,
    /// Credentials that are valid.
    pub valid: u64,
    /// Those that are not.
    pub invalid: u64,
    /// Those of which it could not be told.
    pub undetermined: u64,
    /// Rows of lists that could not be read.
    pub unreadable: u64,
}

/// See what a client asked
///
/// By day: requests, and what came of the credentials it had checked, alone, in batches and in
/// jobs. A client sees its own; one of the Academy's with `usage:read` sees anybody's (`client`).
/// Nothing about whom it asked is kept.
#[utoipa::path(
    get,
    path = "/v1/usage",
    operation_id = "getUsage",
    tag = "Tokens",
    params(
        ("from" = Option<NaiveDate>, Query, description = "The first day; 29 days before the last if it is not given"),
        ("to" = Option<NaiveDate>, Query, description = "The last day; today if it is not given"),
        ("client" = Option<String>, Query, description = "Another client, for one of the Academy's with `usage:read`"),
    ),
    responses(
        (status = 200, description = "By day", body = ClientUsage),
        (status = 403, description = "Another client's, without the scope or for a provider"),
        (status = 404, description = "There is no such client"),
    ),
    security(("oauth2" = []), ("oauth2" = ["usage:read"]), ("apiKey" = [])),
)]
pub async fn usage(
    caller: Caller,
    state: web::Data<AppState>,
    query: web::Query<Query>,
) -> Result<HttpResponse, Problem> {
    let own = caller.acting.client.clone();
    let client = query.client.clone().unwrap_or_else(|| own.clone());
    if client != own {
        caller.need(Scope::UsageRead)?;
        if caller.confined_to().is_some() {
            let detail = "Only the Academy's clients see what others asked.";
            return Err(Problem::new(&table::FORBIDDEN, detail));
        }
    }
    let to = query.to.unwrap_or_else(|| state.clock.now().date_naive());
    let from = query.from.or_else(|| to.checked_sub_signed(DAYS)).unwrap_or(to);
    if from > to || to.signed_duration_since(from) > MOST {
        return Err(Problem::malformed("`from` must not be after `to`, nor more than 366 days before it."));
    }
    let answer = blocking::run(&state, move |state| {
        let limits = if client == own {
            caller.limits
        } else {
            state.registry.client(&client)?.ok_or_else(|| Problem::not_found("client"))?.limits
        };
        state.usage.write(&state.registry)?;
        let days = state.registry.usage(&client, from, to)?.into_iter().map(|(day, usage)| UsageDay {
            day,
            requests: usage.requests,
            valid: usage.valid,
            invalid: usage.invalid,
            undetermined: usage.undetermined,
            unreadable: usage.unreadable,
        });
        Ok(ClientUsage {
            days: days.collect(),
            client,
            requests_per_minute: state.limits.requests_of(limits).get(),
            watch_limit: state.limits.watches_of(limits),
            job_limit: state.limits.jobs_of(limits),
        })
    })
    .await?;
    Ok(HttpResponse::Ok().insert_header((CACHE_CONTROL, "no-store")).json(answer))
}
