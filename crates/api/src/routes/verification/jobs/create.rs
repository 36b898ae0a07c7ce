//! `POST /v1/verification-jobs`: a list of credentials is taken in.

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{CACHE_CONTROL, LOCATION},
    rt, web,
};
use futures_util::StreamExt as _;
use model::{
    id::VerificationJobId,
    rows::{RowReader, ToCheck},
    sentence::Language,
};
use registry::{JobBegun, JobState, NewVerificationJob, VerificationJobRecord};
use sha2::{Digest as _, Sha256};

use super::{
    super::{
        asked::trust,
        batch::{Query, format_of, is_whole},
    },
    intake::{HELD, Intake, broke_off, too_large},
    stored::Asked,
};
use crate::{
    auth::{caller::Caller, scope::Scope},
    blocking, body, negotiate,
    problem::{Problem, table},
    routes::completions::create::idempotency_key,
    state::AppState,
    wire::verification::VerificationJobDocument,
};

/// Have many credentials checked
///
/// The same rows as `POST /v1/verify/batch` takes, at most 100,000 of them, for a client that
/// does not want to wait: they are kept, sealed, and checked in their turn, across restarts of
/// the service. Answers when all has come; what breaks off leaves nothing. `Location` tells
/// how far it is. A row that cannot be read becomes a result that says why.
#[utoipa::path(
    post,
    path = "/v1/verification-jobs",
    operation_id = "createVerificationJob",
    tag = "Verification",
    params((
        "policy" = Option<String>, Query,
        description = "The trust policy that makes the verdicts; those there are: `GET /v1/trust`",
    ), (
        "report" = Option<String>, Query, pattern = "^(short|full)$",
        description = "`full`: whole reports",
    ), (
        "Idempotency-Key" = Option<String>, Header,
        description = "1 to 255 visible characters, new for every new job of this client",
    )),
    request_body(description = "At most 100,000 rows", content(
        (String = "application/x-ndjson"),
        (String = "text/csv"),
    )),
    responses(
        (status = 202, description = "It is kept and will be checked", body = VerificationJobDocument,
            headers(("Location" = String, description = "How far it is"))),
        (status = 200, description = "It was sent before; nothing has changed", body = VerificationJobDocument,
            headers(("Idempotency-Replayed" = String, description = "`true`"))),
        (status = 409, description = "It is being sent at this moment, or the client has as many jobs as it may have"),
        (status = 413, description = "Too many rows, or too large"),
        (status = 415, description = "Neither CSV nor NDJSON"),
        (status = 422, description = "Empty, a table without the columns it needs, no such policy or form of report, or the idempotency key was used with another body"),
    ),
    security(("oauth2" = ["verifications:run"]), ("apiKey" = [])),
)]
pub async fn create(
    caller: Caller,
    request: HttpRequest,
    state: web::Data<AppState>,
    query: web::Query<Query>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    caller.need(Scope::VerificationsRun)?;
    let format = format_of(&request)?;
    body::must_be_coded_as(request.headers(), &[])?;
    let asked = Asked {
        policy: query.policy.clone().filter(|policy| !policy.is_empty()),
        whole: is_whole(&query)?,
        welsh: negotiate::language(request.headers()) == Language::Cy,
    };
    trust(&state, asked.policy.as_deref()).await?;
    let asked = serde_json::to_value(&asked).map_err(|error| Problem::internal(&error))?;
    let key = idempotency_key(&request)?;
    let mut read = Sha256::new();
    read.update(format!("{format:?} {asked}\n"));
    let id = VerificationJobId::random(state.entropy.as_ref());
    let most = state.limits.jobs_of(caller.limits);
    let begun = blocking::run(&state, {
        let client = caller.acting.client.clone();
        move |state| {
            let now = state.clock.now();
            let job = NewVerificationJob {
                id,
                client: &client,
                asked: &asked,
                idempotency: key.as_deref(),
                held_until: now + HELD,
                most,
            };
            Ok(state.registry.begin_verification_job(&job, now, state.entropy.as_ref())?)
        }
    });
    let job = match begun.await? {
        JobBegun::Begun(job) => job,
        JobBegun::Known(job) => return replayed(&state, *job, payload, read).await,
        JobBegun::TooMany => {
            let detail = format!("This client has {most} jobs already; delete one whose results you have.");
            return Err(Problem::new(&table::TOO_MANY_JOBS, detail));
        }
    };
    let reader = RowReader::new(format, ToCheck::line);
    let intake = Intake::new(state.clone(), id, job);
    // A task of its own: it cleans up even where nobody waits for the answer any more.
    let taken = rt::spawn(async move {
        let taken = intake.take_in(payload, reader, read).await;
        if taken.is_err() {
            let removed = blocking::run(&state, move |state| {
                Ok(state.registry.remove_verification_job(id, state.clock.now())?)
            });
            if removed.await.is_err() {
                tracing::warn!(job.id = %id, "what came of a job that broke off is left to be swept");
            }
        }
        (state, taken)
    });
    let (state, taken) = taken.await.map_err(|error| Problem::internal(&error))?;
    taken?;
    state.jobs.notify_one();
    let job = super::own(&caller, &state, &id.to_string()).await?;
    let document = VerificationJobDocument::of(&state.site, &job);
    Ok(HttpResponse::Accepted()
        .insert_header((LOCATION, document.url.clone()))
        .insert_header((CACHE_CONTROL, "no-store"))
        .json(document))
}

/// The job that the same request made before.
async fn replayed(
    state: &web::Data<AppState>,
    job: VerificationJobRecord,
    mut payload: web::Payload,
    mut read: Sha256,
) -> Result<HttpResponse, Problem> {
    if job.state == JobState::Receiving {
        // Until then its receiver has said so again, or somebody else may take its place.
        let left = job.kept_until.map_or(0, |until| (until - state.clock.now()).num_seconds());
        let wait = u64::try_from(left.clamp(0, HELD.num_seconds())).unwrap_or_default();
        let problem = Problem::new(&table::IN_FLIGHT, "The same job is being sent at this moment.");
        return Err(problem.after(wait + 1));
    }
    let (mut bytes, limit) = (0_usize, state.limits.job);
    while let Some(piece) = payload.next().await {
        let piece = piece.map_err(|error| broke_off(&error))?;
        bytes = bytes.saturating_add(piece.len());
        if bytes > limit {
            return Err(too_large(limit));
        }
        read.update(&piece);
    }
    let (id, digest): (_, [u8; 32]) = (job.id, read.finalize().into());
    let is_same =
        blocking::registry(state, move |registry| registry.is_body_of_verification_job(id, &digest));
    if !is_same.await? {
        let detail = "This Idempotency-Key was sent before with another body; nothing was kept.";
        return Err(Problem::new(&table::KEY_REUSED, detail));
    }
    let document = VerificationJobDocument::of(&state.site, &job);
    Ok(HttpResponse::Ok()
        .insert_header((LOCATION, document.url.clone()))
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header(("idempotency-replayed", "true"))
        .json(document))
}
