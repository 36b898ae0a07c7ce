//! `POST /v1/completions/batch`: many completions in, one result a row out,
//! both as streams.

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{CACHE_CONTROL, CONTENT_LENGTH, ContentEncoding},
    rt, web,
};
use bytes::Bytes;
use futures_util::{FutureExt as _, StreamExt as _, stream};
use issuing::{AcceptError, Acceptance, Submission};
use model::{
    field::FieldError,
    rows::{Format, Row, RowReader},
};
use registry::Condition;
use serde_json::{Value, json};
use tokio::sync::mpsc;

use super::create::count;
use crate::{
    accepting::not_accepted,
    auth::{caller::Caller, scope::Scope},
    blocking, body, precondition,
    problem::{Problem, table},
    state::AppState,
    wire::issued::CompletionAnswer,
};

/// Results that may wait for a client that sends all before it reads anything,
/// as many do: about 16 MiB. Beyond that, reading its body waits for it.
const RESULTS_AHEAD: usize = 65_536;

/// Post completions in bulk
///
/// CSV with a header row, a JSON array, or one JSON object a line (NDJSON).
/// Answers one JSON object a line as rows are done: `row` and `line` of the
/// input, `status` as a single post would have it, and the answer or the
/// `problem`. The last line is a `summary`; without it the answer was cut
/// short. A bad row never stops the good ones, and posting the same batch
/// again changes nothing, so an interrupted one is resumed by repeating it.
/// Changed rows correct what they stated before, as single posts do.
#[utoipa::path(
    post,
    path = "/v1/completions/batch",
    operation_id = "postCompletions",
    tag = "Completions",
    params((
        "If-None-Match" = Option<String>, Header, pattern = "^\\*$",
        description = "`*`: no row corrects anything",
    )),
    request_body(description = "At most 64 MiB", content(
        (String = "text/csv"),
        (Vec<crate::wire::completion::CompletionRequest> = "application/json"),
        (crate::wire::completion::CompletionRequest = "application/x-ndjson"),
    )),
    responses(
        (status = 200, description = "One result a row, then the summary", body = String,
            content_type = "application/x-ndjson"),
        (status = 413, description = "The batch is over the limit"),
        (status = 415, description = "Neither CSV, JSON nor NDJSON"),
    ),
    security(("oauth2" = ["completions:write"]), ("apiKey" = [])),
)]
pub async fn batch(
    caller: Caller,
    request: HttpRequest,
    state: web::Data<AppState>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    caller.need(Scope::CompletionsWrite)?;
    let format = format_of(&request)?;
    let condition = precondition::of(&request)?;
    if matches!(condition, Condition::Corrects(_)) {
        return Err(Problem::malformed("`If-Match` names one credential, and a batch has many rows."));
    }
    // The stream is read as it comes: nothing undoes a coding.
    body::must_be_coded_as(request.headers(), &[])?;
    let limit = state.limits.batch;
    let stated =
        request.headers().get(CONTENT_LENGTH).and_then(|line| line.to_str().ok()?.parse::<usize>().ok());
    if stated.is_some_and(|length| length > limit) {
        return Err(too_large(limit));
    }
    let (results, lines) = mpsc::channel(RESULTS_AHEAD);
    let reader = RowReader::new(format, strict_json);
    let batch = Batch { caller, condition, state, results, tally: Tally::default() };
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

/// A batch that is being worked on.
struct Batch {
    caller: Caller,
    condition: Condition,
    state: web::Data<AppState>,
    results: mpsc::Sender<Bytes>,
    tally: Tally,
}

/// What became of the rows.
#[derive(Default)]
struct Tally {
    issued: u64,
    corrected: u64,
    replayed: u64,
    refused: u64,
}

/// The client has gone; what it did not see it gets by posting again.
struct Gone;

impl Batch {
    async fn work(mut self, payload: web::Payload, reader: RowReader) {
        let limit = self.state.limits.batch;
        let ended = self.rows(payload, reader, limit).await;
        let problem = match ended {
            Err(Gone) => return,
            Ok(problem) => problem,
        };
        let summary = json!({
            "rows": self.tally.issued + self.tally.corrected + self.tally.replayed + self.tally.refused,
            "issued": self.tally.issued,
            "corrected": self.tally.corrected,
            "replayed": self.tally.replayed,
            "refused": self.tally.refused,
            "complete": problem.is_none(),
        });
        let mut last = json!({ "summary": summary });
        if let (Some(problem), Some(members)) = (problem, last.as_object_mut()) {
            members.insert("problem".to_owned(), problem.document(&self.state.site, ""));
        }
        // Nobody is left to tell if this fails.
        let _ = self.send(&last).await;
    }

    /// Works through the body; gives the problem that ended it early, if one did.
    async fn rows(
        &mut self,
        mut payload: web::Payload,
        mut reader: RowReader,
        limit: usize,
    ) -> Result<Option<Problem>, Gone> {
        let group = self.state.limits.batch_group.max(1);
        let mut waiting: Vec<Row> = Vec::new();
        let mut read = 0_usize;
        let mut ended = None;
        loop {
            // Rows wait for company only while more of the body is at hand, so
            // that a slow sender sees each result soon.
            let piece = if let Some(piece) = payload.next().now_or_never() {
                piece
            } else {
                self.accept(std::mem::take(&mut waiting)).await?;
                payload.next().await
            };
            match piece {
                None => break,
                Some(Err(error)) => {
                    ended = Some(Problem::malformed(format!("The body broke off: {error}.")));
                    break;
                }
                Some(Ok(piece)) => {
                    read = read.saturating_add(piece.len());
                    if read > limit {
                        ended = Some(too_large(limit));
                        break;
                    }
                    waiting.extend(reader.push(&piece));
                }
            }
            while waiting.len() >= group {
                let rest = waiting.split_off(group);
                self.accept(std::mem::replace(&mut waiting, rest)).await?;
            }
        }
        if ended.is_none() {
            waiting.extend(reader.finish());
        }
        while !waiting.is_empty() {
            let rest = waiting.split_off(group.min(waiting.len()));
            self.accept(std::mem::replace(&mut waiting, rest)).await?;
        }
        Ok(ended)
    }

    /// Accepts one group of rows and sends their results, in order.
    async fn accept(&mut self, rows: Vec<Row>) -> Result<(), Gone> {
        if rows.is_empty() {
            return Ok(());
        }
        let (caller, condition) = (self.caller.acting.clone(), self.condition);
        let done = blocking::run(&self.state, move |state| {
            let mut good = Vec::new();
            let places: Vec<_> = rows
                .into_iter()
                .map(|row| {
                    let wrong =
                        row.result.map(|completion| good.push(Submission::of(completion).on(condition)));
                    (row.number, row.line, wrong)
                })
                .collect();
            let mut accepted = state.service.accept_many(&caller, good).into_iter();
            Ok(places
                .into_iter()
                .filter_map(|(number, line, wrong)| {
                    let outcome = match wrong {
                        Err(errors) => Outcome::Unreadable(errors),
                        Ok(()) => Outcome::Worked(Box::new(accepted.next()?)),
                    };
                    Some((number, line, outcome))
                })
                .collect::<Vec<_>>())
        })
        .await;
        match done {
            Ok(results) => {
                for (number, line, outcome) in results {
                    let result = self.result(number, line, outcome);
                    self.send(&result).await?;
                }
                Ok(())
            }
            Err(problem) => {
                self.send(&json!({ "problem": problem.document(&self.state.site, "") })).await?;
                Err(Gone)
            }
        }
    }

    fn result(&mut self, row: u64, line: u64, outcome: Outcome) -> Value {
        let problem = match outcome {
            Outcome::Worked(worked) => match *worked {
                Ok(acceptance) => {
                    count(&acceptance);
                    let tally = match &acceptance {
                        acceptance if acceptance.replayed => &mut self.tally.replayed,
                        acceptance if acceptance.is_correction() => &mut self.tally.corrected,
                        _ => &mut self.tally.issued,
                    };
                    *tally += 1;
                    let status = if acceptance.replayed { 200 } else { 201 };
                    let answer = CompletionAnswer::of(&self.state.site, &acceptance);
                    return json!({ "row": row, "line": line, "status": status, "result": answer });
                }
                Err(error) => not_accepted(&self.state.site, error),
            },
            Outcome::Unreadable(errors) => Problem::invalid(errors),
        };
        self.tally.refused += 1;
        let status = problem.kind.status.as_u16();
        json!({ "row": row, "line": line, "status": status, "problem": problem.document(&self.state.site, "") })
    }

    async fn send(&self, line: &Value) -> Result<(), Gone> {
        self.results.send(format!("{line}\n").into()).await.map_err(|_| Gone)
    }
}

/// What became of one row.
enum Outcome {
    Unreadable(Vec<FieldError>),
    Worked(Box<Result<Acceptance, AcceptError>>),
}

fn format_of(request: &HttpRequest) -> Result<Format, Problem> {
    match body::media_type(request).as_str() {
        "text/csv" => Ok(Format::Csv),
        "application/json" => Ok(Format::JsonArray),
        "application/x-ndjson" | "application/ndjson" | "application/jsonl" => Ok(Format::Ndjson),
        other => Err(body::unsupported(other, &["text/csv", "application/json", "application/x-ndjson"])),
    }
}

fn strict_json(text: &[u8]) -> Result<Value, String> {
    proof::json::parse(text, &proof::json::Limits::default()).map_err(|error| error.to_string())
}

fn too_large(limit: usize) -> Problem {
    Problem::new(&table::TOO_LARGE, format!("A batch is at most {limit} bytes; send the rest in another."))
}
