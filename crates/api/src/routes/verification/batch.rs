//! `POST /v1/verify/batch`: many credentials in, one result a row out, both as streams.

use std::sync::Arc;

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{CACHE_CONTROL, ContentEncoding},
    rt::{self, task::JoinHandle},
    web,
};
use bytes::Bytes;
use futures_util::{
    FutureExt as _, StreamExt as _,
    future::{Either, select},
    stream::{self, FuturesOrdered},
};
use model::{
    report::{Report, Verdict},
    rows::{Format, Row, RowReader, ToCheck},
    sentence::Language,
};
use registry::Usage;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::sync::mpsc;
use verification::{Brief, Expectation, item};

use super::{asked::trust, check::counted};
use crate::{
    auth::caller::Visitor,
    body,
    checkers::Checkers,
    negotiate,
    problem::{Problem, table},
    state::AppState,
};

/// Rows of a client's batch, at most.
pub(super) const ROWS: u64 = 100_000;
/// The same of whoever shows no credentials, whose quota counts a batch as one request.
const ANONYMOUS_ROWS: u64 = 1_000;
/// Rows that are checked together, by one thread: enough to share what they have in common,
/// few enough that results come soon.
pub(super) const GROUP: usize = 128;
/// Groups in flight for each thread that checks: results go in order, and a thread that is done
/// before its turn finds another.
const IN_FLIGHT: usize = 2;
/// Groups whose results in short may wait for a client that sends all before it reads
/// anything, as many do: all there can be, which is about 37 MB of ordinary badges.
const SHORT_AHEAD: usize = 100_000;
/// The same of whole reports, which are twenty times as long: who asks for them reads while
/// it sends.
const WHOLE_AHEAD: usize = 8;

/// The query.
#[derive(Debug, Deserialize)]
pub struct Query {
    pub(super) policy: Option<String>,
    report: Option<String>,
}

/// Check many credentials
///
/// NDJSON: on each line a credential or presentation, a token or an address, as it is or as
/// a JSON string, or an object with `credential` or `url`, and `recipient`; or CSV with
/// columns of these names. At most 100,000 rows of at most 256 KiB; 1,000 without credentials.
/// Answers one JSON object a line, in the order of the rows, as they are checked: `row` and
/// `line` of the input, and the `result`: verdict, what the credential says of itself, and
/// the codes that are no pass; with `report=full` the whole `report`; or the `problem` of a
/// row that cannot be read, which stops no other. The last line is a `summary`; without it
/// the answer was cut short. However many badges share an issuer or a status list, its host
/// is asked once.
#[utoipa::path(
    post,
    path = "/v1/verify/batch",
    operation_id = "verifyCredentials",
    tag = "Verification",
    params((
        "policy" = Option<String>, Query,
        description = "The trust policy that makes the verdicts; those there are: `GET /v1/trust`",
    ), (
        "report" = Option<String>, Query, pattern = "^(short|full)$",
        description = "`full`: whole reports. Read the answer while you send",
    )),
    request_body(description = "At most 100,000 rows; 1,000 without credentials", content(
        (String = "application/x-ndjson"),
        (String = "text/csv"),
    )),
    responses(
        (status = 200, description = "One result a row, then the summary", body = String,
            content_type = "application/x-ndjson"),
        (status = 415, description = "Neither CSV nor NDJSON"),
        (status = 401, description = "The credentials that were sent are not good"),
        (status = 422, description = "There is no such policy, or no such form of report"),
    ),
    security((), ("oauth2" = []), ("apiKey" = [])),
)]
pub async fn batch(
    visitor: Visitor,
    request: HttpRequest,
    state: web::Data<AppState>,
    query: web::Query<Query>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let reader = RowReader::new(format_of(&request)?, ToCheck::line);
    // The stream is read as it comes: nothing undoes a coding.
    body::must_be_coded_as(request.headers(), &[])?;
    let whole = is_whole(&query)?;
    let trusted = trust(&state, query.policy.as_deref()).await?;
    let common = Expectation { trust: trusted, ..Expectation::default() };
    let (results, lines) = mpsc::channel(if whole { WHOLE_AHEAD } else { SHORT_AHEAD });
    let batch = Batch {
        check: Arc::new(Checking { state, common, whole, language: negotiate::language(request.headers()) }),
        results,
        tally: Tally::default(),
        flights: FuturesOrdered::new(),
        threads: Checkers::count(),
        limit: if visitor.is_client() { ROWS } else { ANONYMOUS_ROWS },
        client: visitor.client().map(ToOwned::to_owned),
    };
    rt::spawn(batch.work(payload, reader));
    let lines = stream::unfold(lines, |mut lines| async {
        lines.recv().await.map(|line: Bytes| (Ok::<_, actix_web::Error>(line), lines))
    });
    Ok(HttpResponse::Ok()
        .content_type("application/x-ndjson")
        .insert_header((CACHE_CONTROL, "no-store"))
        // A compressor would hold lines back.
        .insert_header(ContentEncoding::Identity)
        .streaming(lines))
}

/// How every row is checked.
pub(super) struct Checking {
    pub(super) state: web::Data<AppState>,
    pub(super) common: Expectation,
    pub(super) whole: bool,
    pub(super) language: Language,
}

/// A row with its place.
pub(super) struct Numbered {
    pub(super) row: u64,
    pub(super) line: u64,
    /// What is checked, or the problem document that says why it cannot be.
    pub(super) result: Result<ToCheck, Value>,
}

/// What became of the rows.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Tally {
    pub(super) valid: u64,
    pub(super) invalid: u64,
    pub(super) undetermined: u64,
    pub(super) unreadable: u64,
}

impl From<Tally> for Usage {
    fn from(tally: Tally) -> Self {
        let Tally { valid, invalid, undetermined, unreadable } = tally;
        Self { requests: 0, valid, invalid, undetermined, unreadable }
    }
}

/// The results of a group of rows, as they are sent.
type Done = (Bytes, Tally);

/// A batch that is being worked on.
struct Batch {
    check: Arc<Checking>,
    results: mpsc::Sender<Bytes>,
    tally: Tally,
    /// Groups that are being checked, in the order of their rows.
    flights: FuturesOrdered<JoinHandle<Done>>,
    /// How many are worked on at the same time.
    threads: usize,
    /// Rows that are checked at most.
    limit: u64,
    /// The client that sends it, if it shows who it is.
    client: Option<String>,
}

/// Why a batch ends before its summary: the client has gone, or a group was lost to a bug or
/// has no thread to check it.
struct Broken;

impl Batch {
    async fn work(mut self, payload: web::Payload, reader: RowReader<ToCheck>) {
        let Ok(problem) = self.rows(payload, reader).await else { return };
        let Tally { valid, invalid, undetermined, unreadable } = self.tally;
        let summary = json!({
            "rows": valid + invalid + undetermined + unreadable,
            "valid": valid,
            "invalid": invalid,
            "undetermined": undetermined,
            "unreadable": unreadable,
            "complete": problem.is_none(),
        });
        let mut last = json!({ "summary": summary });
        if let (Some(problem), Some(members)) = (problem, last.as_object_mut()) {
            members.insert("problem".to_owned(), problem.document(&self.check.state.site, ""));
        }
        // Nobody is left to tell if this fails.
        let _ = self.results.send(format!("{last}\n").into()).await;
    }

    /// Works through the body; gives the problem that ended it early, if one did.
    async fn rows(
        &mut self,
        mut payload: web::Payload,
        mut reader: RowReader<ToCheck>,
    ) -> Result<Option<Problem>, Broken> {
        let mut waiting: Vec<Row<ToCheck>> = Vec::new();
        let limit = self.limit;
        let mut over = false;
        let mut take = |waiting: &mut Vec<Row<ToCheck>>, rows: Vec<Row<ToCheck>>| {
            over |= rows.last().is_some_and(|row| row.number > limit);
            waiting.extend(rows.into_iter().filter(|row| row.number <= limit));
            over
        };
        let mut ended = None;
        loop {
            // Rows wait for company only while more of the body is at hand or every thread is
            // busy, so that a slow sender sees each result soon.
            let piece = if let Some(piece) = payload.next().now_or_never() {
                piece
            } else {
                if self.flights.len() < self.threads {
                    self.depart(std::mem::take(&mut waiting)).await?;
                }
                self.next_piece(&mut payload, &mut waiting).await?
            };
            let over = match piece {
                Some(Ok(piece)) => take(&mut waiting, reader.push(&piece)),
                Some(Err(error)) => {
                    ended = Some(Problem::malformed(format!("The body broke off: {error}.")));
                    break;
                }
                None => {
                    take(&mut waiting, reader.finish());
                    break;
                }
            };
            while waiting.len() >= GROUP {
                let rest = waiting.split_off(GROUP);
                self.depart(std::mem::replace(&mut waiting, rest)).await?;
            }
            if over {
                break;
            }
        }
        if over {
            let more =
                if limit < ROWS { format!(", {ROWS} of a client with credentials") } else { String::new() };
            let detail = format!("A batch has at most {limit} rows{more}; send the rest in another.");
            ended = Some(Problem::new(&table::TOO_LARGE, detail));
        }
        self.depart(waiting).await?;
        while self.land().await? {}
        Ok(ended)
    }

    /// The next piece of the body; what is done meanwhile is sent, and makes room for the rows
    /// that wait.
    async fn next_piece(
        &mut self,
        payload: &mut web::Payload,
        waiting: &mut Vec<Row<ToCheck>>,
    ) -> Result<Option<Result<Bytes, actix_web::error::PayloadError>>, Broken> {
        while !self.flights.is_empty() {
            let done = match select(payload.next(), self.flights.next()).await {
                Either::Left((piece, _)) => return Ok(piece),
                Either::Right((done, _)) => done,
            };
            self.tell(done).await?;
            if self.flights.len() < self.threads {
                self.depart(std::mem::take(waiting)).await?;
            }
        }
        Ok(payload.next().await)
    }

    /// Has a group checked, once there is a thread for it.
    async fn depart(&mut self, rows: Vec<Row<ToCheck>>) -> Result<(), Broken> {
        if rows.is_empty() {
            return Ok(());
        }
        while self.flights.len() >= self.threads * IN_FLIGHT {
            self.land().await?;
        }
        let check = Arc::clone(&self.check);
        let flight = self.check.state.checkers.check(async move { check.group(rows).await });
        self.flights.push_back(flight.map_err(|error| {
            tracing::error!(error.message = %error, "there are no threads to check a batch");
            Broken
        })?);
        Ok(())
    }

    /// Sends the results of the next group; whether there was one.
    async fn land(&mut self) -> Result<bool, Broken> {
        let done = self.flights.next().await;
        let some = done.is_some();
        self.tell(done).await?;
        Ok(some)
    }

    async fn tell(&mut self, done: Option<Result<Done, rt::task::JoinError>>) -> Result<(), Broken> {
        let Some(done) = done else { return Ok(()) };
        let (lines, tally) = done.map_err(|error| {
            tracing::error!(error.message = %error, "checking a group of a batch panicked");
            Broken
        })?;
        let sum = &mut self.tally;
        sum.valid += tally.valid;
        sum.invalid += tally.invalid;
        sum.undetermined += tally.undetermined;
        sum.unreadable += tally.unreadable;
        // Group by group: who leaves before the summary has had these checked all the same.
        if let Some(client) = &self.client {
            self.check.state.usage.add(client, self.check.state.clock.now(), tally.into());
        }
        self.results.send(lines).await.map_err(|_| Broken)
    }
}

impl Checking {
    /// Checks a group of rows; their results in the same order.
    async fn group(&self, rows: Vec<Row<ToCheck>>) -> Done {
        let problem = |errors| Problem::invalid(errors).document(&self.state.site, "");
        let lines = rows.into_iter().map(|row| Numbered {
            row: row.number,
            line: row.line,
            result: row.result.map_err(problem),
        });
        let (lines, tally) = self.lines(lines.collect()).await;
        (lines.into(), tally)
    }

    /// The same of lines, each as NDJSON.
    pub(super) async fn lines(&self, lines: Vec<Numbered>) -> (String, Tally) {
        let mut good = Vec::new();
        let places: Vec<_> = lines
            .into_iter()
            .map(|line| {
                let wrong = line.result.map(|row| good.push(item(row, &self.common)));
                (line.row, line.line, wrong)
            })
            .collect();
        let mut reports = self.state.batch_verifier.verify_items(&good).await.into_iter();
        let (mut lines, mut tally) = (String::new(), Tally::default());
        for (row, line, wrong) in places {
            let told = if let Err(problem) = wrong {
                tally.unreadable += 1;
                json!({ "row": row, "line": line, "problem": problem }).to_string()
            } else {
                let Some(report) = reports.next() else { break };
                let report = counted(report).in_language(self.language);
                *match report.verdict {
                    Verdict::Valid => &mut tally.valid,
                    Verdict::Invalid => &mut tally.invalid,
                    Verdict::Undetermined => &mut tally.undetermined,
                } += 1;
                self.told(row, line, &report)
            };
            lines.push_str(&told);
            lines.push('\n');
        }
        (lines, tally)
    }

    fn told(&self, row: u64, line: u64, report: &Report) -> String {
        let told = if self.whole {
            Told { row, line, report: Some(report), result: None }
        } else {
            Told { row, line, report: None, result: Some(Brief::of(report)) }
        };
        serde_json::to_string(&told).unwrap_or_else(|error| {
            let problem = Problem::internal(&error).document(&self.state.site, "");
            json!({ "row": row, "line": line, "problem": problem }).to_string()
        })
    }
}

/// What a row came to, as a line.
#[derive(Serialize)]
struct Told<'a> {
    row: u64,
    line: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    report: Option<&'a Report>,
    #[serde(skip_serializing_if = "Option::is_none")]
    result: Option<Brief<'a>>,
}

/// Whether whole reports are wanted.
pub(super) fn is_whole(query: &Query) -> Result<bool, Problem> {
    match query.report.as_deref() {
        None | Some("short") => Ok(false),
        Some("full") => Ok(true),
        Some(other) => Err(unknown_report(other)),
    }
}

pub(super) fn format_of(request: &HttpRequest) -> Result<Format, Problem> {
    match body::media_type(request).as_str() {
        "text/csv" => Ok(Format::Csv),
        "application/x-ndjson" | "application/ndjson" | "application/jsonl" => Ok(Format::Ndjson),
        other => Err(body::unsupported(other, &["text/csv", "application/x-ndjson"])),
    }
}

fn unknown_report(named: &str) -> Problem {
    let detail = format!("`{}` is not known", named.chars().take(64).collect::<String>());
    Problem::invalid(vec![model::field::FieldError::new("/report", "unknown", detail, "short or full")])
}
