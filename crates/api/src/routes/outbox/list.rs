//! `GET /v1/outbox`: messages that wait.

use actix_web::{HttpResponse, http::header::CACHE_CONTROL, web};
use model::id::OutboxId;
use serde::Deserialize;

use crate::{
    auth::{caller::Caller, scope::Scope},
    blocking,
    problem::{Problem, table},
    state::AppState,
    wire::maintenance::{OutboxAnswer, OutboxItem},
};

/// Messages given at once unless fewer are asked for.
const MOST: u32 = 500;

/// The query.
#[derive(Debug, Deserialize)]
pub struct Query {
    limit: Option<u32>,
    after: Option<OutboxId>,
    topic: Option<String>,
}

/// Messages that wait
///
/// What is to be told to somebody, oldest first: what was issued, renewed and revoked, and
/// reminders. A message holds identifiers and dates, never a name or an address. Messages
/// of one second have no order, and one may still be on its way: who reads on begins a
/// minute earlier and leaves out what it has seen. For the Academy alone.
#[utoipa::path(
    get,
    path = "/v1/outbox",
    operation_id = "listOutbox",
    tag = "Operations",
    params(
        ("limit" = Option<u32>, Query, description = "At most so many messages, 1 to 500"),
        ("after" = Option<String>, Query, description = "Only messages after the one with this id"),
        ("topic" = Option<String>, Query, description = "Only messages of this topic; `maintenance.` with the full stop names all that begin so"),
    ),
    responses((status = 200, description = "The messages", body = OutboxAnswer)),
    security(("oauth2" = ["outbox:read"]), ("apiKey" = [])),
)]
pub async fn list(
    caller: Caller,
    state: web::Data<AppState>,
    query: web::Query<Query>,
) -> Result<HttpResponse, Problem> {
    caller.need(Scope::OutboxRead)?;
    if caller.confined_to().is_some() {
        return Err(Problem::new(
            &table::FORBIDDEN,
            "This is for the Academy: it tells of every provider's learners.",
        ));
    }
    let Query { limit, after, topic } = query.into_inner();
    let limit = limit.unwrap_or(MOST);
    if !(1..=MOST).contains(&limit) {
        return Err(Problem::malformed(format!("`limit` must be 1 to {MOST}.")));
    }
    let is_topic = |topic: &String| topic.chars().all(|c| c.is_ascii_lowercase() || c == '.');
    if !topic.as_ref().is_none_or(is_topic) {
        return Err(Problem::malformed("`topic` must be a word such as `maintenance.reminder`."));
    }
    let wanted = topic.clone();
    // One more than asked for tells whether there is a next page.
    let mut messages =
        blocking::registry(&state, move |registry| registry.outbox_page(after, wanted.as_deref(), limit + 1))
            .await?;
    let page = usize::try_from(limit).unwrap_or(usize::MAX);
    let has_more = messages.len() > page;
    messages.truncate(page);
    let topic = topic.map(|topic| format!("&topic={topic}")).unwrap_or_default();
    let next = messages
        .last()
        .filter(|_| has_more)
        .map(|last| state.site.url(&format!("/v1/outbox?limit={limit}&after={}{topic}", last.id)));
    let messages = messages.iter().map(OutboxItem::from).collect();
    Ok(HttpResponse::Ok().insert_header((CACHE_CONTROL, "no-store")).json(OutboxAnswer { messages, next }))
}
