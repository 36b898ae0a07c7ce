//! `GET /v1/verification-jobs/{id}/results`: what was found, in the order of the lines.

use actix_web::{
    HttpResponse,
    http::header::{CACHE_CONTROL, ContentEncoding},
    web,
};
use bytes::Bytes;
use futures_util::stream;
use model::id::VerificationJobId;
use registry::JobResults;
use serde::Deserialize;
use serde_json::json;

use crate::{auth::caller::Caller, blocking, problem::Problem, state::AppState};

/// The query.
#[derive(Debug, Deserialize)]
pub struct Query {
    after: Option<u64>,
}

/// What was found
///
/// One JSON object a line, as `POST /v1/verify/batch` answers, in the order of the lines, as
/// far as they are checked. The last is a `summary`: `after` is the number of the last line
/// that was told and `more` says whether more will come, which `?after=` asks for. Without a
/// summary the answer was cut short, and goes on after the last `line` that came.
#[utoipa::path(
    get,
    path = "/v1/verification-jobs/{id}/results",
    operation_id = "getVerificationResults",
    tag = "Verification",
    params(
        ("id" = String, Path, description = "The job's UUID"),
        ("after" = Option<u64>, Query, description = "Only what comes after this `line`"),
    ),
    responses(
        (status = 200, description = "One result a line, then the summary", body = String,
            content_type = "application/x-ndjson"),
        (status = 404, description = "No such job of this client"),
    ),
    security(("oauth2" = ["verifications:run"]), ("apiKey" = [])),
)]
pub async fn results(
    caller: Caller,
    state: web::Data<AppState>,
    path: web::Path<String>,
    query: web::Query<Query>,
) -> Result<HttpResponse, Problem> {
    let job = super::own(&caller, &state, &path).await?;
    let reading = Some(Reading { state, id: job.id, after: query.after.unwrap_or_default() });
    // One group is held at a time, and the next is read when this one was taken.
    let pieces = stream::try_unfold(reading, |reading| async {
        let Some(reading) = reading else { return Ok(None) };
        reading.next().await.map_err(actix_web::Error::from).map(Some)
    });
    Ok(HttpResponse::Ok()
        .content_type("application/x-ndjson")
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header(ContentEncoding::Identity)
        .streaming(pieces))
}

/// A job that is being read.
struct Reading {
    state: web::Data<AppState>,
    id: VerificationJobId,
    after: u64,
}

/// Which line a result is of.
#[derive(Deserialize)]
struct Place {
    line: u64,
}

impl Reading {
    /// What comes next, and who reads on; nobody after the summary.
    async fn next(mut self) -> Result<(Bytes, Option<Self>), Problem> {
        let (id, after) = (self.id, self.after);
        let found = blocking::registry(&self.state, move |registry| registry.verification_results(id, after));
        let more = match found.await? {
            JobResults::Group(text, last) => {
                let kept = later_than(after, &text)?;
                self.after = last;
                return Ok((kept, Some(self)));
            }
            JobResults::Waiting => true,
            JobResults::End => {
                let job = blocking::registry(&self.state, move |registry| registry.verification_job(id));
                job.await?.is_some_and(|job| job.state == registry::JobState::Receiving)
            }
            JobResults::Removed => return Err(Problem::not_found("job of this client")),
        };
        let summary = json!({ "summary": { "after": after, "more": more } });
        Ok((format!("{summary}\n").into(), None))
    }
}

/// The results of lines after `after`.
fn later_than(after: u64, text: &str) -> Result<Bytes, Problem> {
    let mut kept = String::with_capacity(text.len());
    for result in text.split_inclusive('\n') {
        let place: Place = serde_json::from_str(result).map_err(|error| Problem::internal(&error))?;
        if place.line > after {
            kept.push_str(result);
        }
    }
    Ok(kept.into())
}
