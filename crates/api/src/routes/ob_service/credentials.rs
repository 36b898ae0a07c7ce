//! `GET /ims/ob/v3p0/credentials`: what is in a learner's passport, page by page.

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{CACHE_CONTROL, LINK},
    web,
};
use chrono::{DateTime, NaiveDateTime, Utc};
use registry::{PassportEntry, PassportGrant};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{BASE, access::grant, fault::Fault, scope};
use crate::{
    blocking,
    problem::Problem,
    state::AppState,
    wire::protocols::{PassportCredentials, StatusInfo},
};

/// Credentials of a page: if nothing is said, and at most.
const PAGE: (usize, usize) = (50, 200);

/// The query.
#[derive(Debug, Deserialize)]
pub struct Query {
    limit: Option<String>,
    offset: Option<String>,
    since: Option<String>,
}

/// Read the credentials of a passport
///
/// Those issued here and those that were brought, in the order in which they came.
#[utoipa::path(
    get,
    path = "/ims/ob/v3p0/credentials",
    operation_id = "listPassportCredentials",
    tag = "Passport",
    params(
        ("limit" = Option<u32>, Query, description = "Credentials of a page: 50, at most 200"),
        ("offset" = Option<u32>, Query, description = "How many are passed over"),
        ("since" = Option<String>, Query, description = "Only what came after this moment"),
    ),
    responses(
        (status = 200, description = "The page", body = PassportCredentials, headers(
            ("X-Total-Count" = u32, description = "How many there are in all"),
            ("Link" = String, description = "`first`, `last`, `next` and `prev`"),
        )),
        (status = 400, description = "A parameter cannot be read", body = StatusInfo),
        (status = 401, description = "The access token is not known or has ended", body = StatusInfo),
        (status = 403, description = "The learner did not grant this", body = StatusInfo),
    ),
)]
pub async fn list(
    request: HttpRequest,
    state: web::Data<AppState>,
    query: web::Query<Query>,
) -> Result<HttpResponse, Problem> {
    match page(&request, &state, &query).await {
        Ok(response) => Ok(response),
        Err(fault) => fault.answer(),
    }
}

async fn page(
    request: &HttpRequest,
    state: &web::Data<AppState>,
    query: &Query,
) -> Result<HttpResponse, Fault> {
    let grant = grant(request, state, scope::READ).await?;
    let wanted = Wanted::read(query)?;
    let (limit, offset) = (wanted.limit, wanted.offset);
    let (body, total) = blocking::run(state, move |state| read(state, &grant, &wanted)).await?;
    let since = query.since.as_deref();
    let mut response = HttpResponse::Ok();
    response.insert_header((CACHE_CONTROL, "no-store")).insert_header(("x-total-count", total.to_string()));
    for (relation, offset) in relations(total, limit, offset) {
        let mut address = url::form_urlencoded::Serializer::new(String::new());
        address.append_pair("limit", &limit.to_string()).append_pair("offset", &offset.to_string());
        if let Some(since) = since {
            address.append_pair("since", since);
        }
        let address = state.site.url(&format!("{BASE}/credentials?{}", address.finish()));
        response.append_header((LINK, format!("<{address}>; rel=\"{relation}\"")));
    }
    Ok(response.json(body))
}

struct Wanted {
    limit: usize,
    offset: usize,
    since: Option<DateTime<Utc>>,
}

impl Wanted {
    fn read(query: &Query) -> Result<Self, Fault> {
        let number = |name: &str, text: &Option<String>, least: usize| match text {
            None => Ok(None),
            Some(text) => {
                let number = text.parse().ok().filter(|number| *number >= least);
                number
                    .map(Some)
                    .ok_or_else(|| Fault::invalid(format!("`{name}` must be a number from {least}.")))
            }
        };
        let (usual, most) = PAGE;
        let moment = |text: &String| {
            // A `+` in a query that was not encoded arrives as a blank.
            let with_zone = DateTime::parse_from_rfc3339(&text.replace(' ', "+")).map(|at| at.to_utc());
            let without = || text.parse::<NaiveDateTime>().ok().map(|at| at.and_utc());
            with_zone.ok().or_else(without)
        };
        let since = query.since.as_ref().map(|text| moment(text).ok_or(text)).transpose();
        Ok(Self {
            limit: number("limit", &query.limit, 1)?.unwrap_or(usual).min(most),
            offset: number("offset", &query.offset, 0)?.unwrap_or_default(),
            since: since.map_err(|_| Fault::invalid("`since` must be a date and time."))?,
        })
    }
}

/// The pages that there are beside this one.
fn relations(total: usize, limit: usize, offset: usize) -> Vec<(&'static str, usize)> {
    let last = total.saturating_sub(1) / limit * limit;
    let mut found = vec![("first", 0), ("last", last)];
    if offset + limit < total {
        found.push(("next", offset + limit));
    }
    if offset > 0 {
        found.push(("prev", offset.saturating_sub(limit)));
    }
    found
}

fn read(state: &AppState, grant: &PassportGrant, wanted: &Wanted) -> Result<(Value, usize), Problem> {
    let entries = state.registry.passport_entries(grant.learner, wanted.since)?;
    let (mut documents, mut tokens) = (Vec::new(), Vec::new());
    for entry in entries.iter().skip(wanted.offset).take(wanted.limit) {
        match entry {
            PassportEntry::Own(id) => {
                let record = state.registry.credential(*id)?;
                let document = record.map(|record| serde_json::from_str::<Value>(&record.data_integrity));
                documents.extend(document.transpose().map_err(|error| Problem::internal(&error))?);
            }
            PassportEntry::Received(id) => match state.registry.received_credential(grant.learner, *id)? {
                Some((token, true)) => tokens.push(token),
                Some((text, false)) => {
                    documents.push(serde_json::from_str(&text).map_err(|error| Problem::internal(&error))?);
                }
                None => {}
            },
        }
    }
    Ok((json!({"credential": documents, "compactJwsString": tokens}), entries.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_leads_to_those_beside_it() {
        assert_eq!(relations(0, 10, 0), [("first", 0), ("last", 0)]);
        assert_eq!(relations(10, 10, 0), [("first", 0), ("last", 0)]);
        assert_eq!(relations(25, 10, 0), [("first", 0), ("last", 20), ("next", 10)]);
        assert_eq!(relations(25, 10, 10), [("first", 0), ("last", 20), ("next", 20), ("prev", 0)]);
        assert_eq!(relations(25, 10, 20), [("first", 0), ("last", 20), ("prev", 10)]);
        assert_eq!(relations(25, 10, 5), [("first", 0), ("last", 20), ("next", 15), ("prev", 0)]);
    }
}
