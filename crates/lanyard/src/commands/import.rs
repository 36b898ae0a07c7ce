//! `lanyard import completions`.

use std::{
    fs::File,
    io::{BufWriter, Read, Write},
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use chrono::TimeDelta;
use indicatif::{ProgressBar, ProgressStyle};
use issuing::{AcceptError, Authority, Caller, Submission};
use model::{
    field::FieldError,
    rows::{Format, Row, RowReader},
};
use serde_json::json;

use crate::{
    cli::{FormatName, Import},
    commands::clients::known_provider,
    context::Context,
    error::CommandError,
    output::say,
};

/// Rows that are recorded in one transaction.
const GROUP: usize = 256;

/// How often the log grows meanwhile: nobody else may be there to see to it.
const LOG_EVERY: Duration = Duration::from_secs(1);

#[derive(Default)]
struct Tally {
    issued: u64,
    known: u64,
    refused: u64,
}

/// Reads a file of completions and records every row that is in order. The
/// others are written to a file of their own with what is wrong with each.
pub fn run(context: &Context, action: Import) -> Result<(), CommandError> {
    let Import::Completions { file, provider, format, rejected } = action;
    let provider = known_provider(context, &provider)?;
    let format = match format {
        Some(FormatName::Csv) => Format::Csv,
        Some(FormatName::Ndjson) => Format::Ndjson,
        Some(FormatName::Json) => Format::JsonArray,
        None => by_ending(&file)?,
    };
    let rejected = rejected.unwrap_or_else(|| {
        let mut name = file.clone().into_os_string();
        name.push(".rejected.ndjson");
        PathBuf::from(name)
    });
    let caller = Caller { client: "import".to_owned(), authority: Authority::Provider(provider) };
    // What a killed import left half done would be in the way of its own rows.
    context
        .service
        .reconcile(TimeDelta::zero())
        .map_err(|error| CommandError::Usage(format!("what was left behind: {error}")))?;
    let tally = import(context, &caller, &file, format, &rejected)?;
    if tally.refused == 0 {
        std::fs::remove_file(&rejected).map_err(|error| CommandError::file(&rejected, error))?;
        Ok(())
    } else {
        say(format_args!("The rows that were not taken are in {}.", rejected.display()));
        Err(CommandError::Refused)
    }
}

fn by_ending(file: &Path) -> Result<Format, CommandError> {
    match file.extension().and_then(|ending| ending.to_str()) {
        Some("csv" | "tsv" | "txt") => Ok(Format::Csv),
        Some("ndjson" | "jsonl") => Ok(Format::Ndjson),
        Some("json") => Ok(Format::JsonArray),
        _ => Err(CommandError::Usage(format!(
            "{}: the ending does not tell the format; add --format csv, ndjson or json",
            file.display()
        ))),
    }
}

fn import(
    context: &Context,
    caller: &Caller,
    path: &Path,
    format: Format,
    rejected: &Path,
) -> Result<Tally, CommandError> {
    let unreadable = |error| CommandError::file(path, error);
    let mut file = File::open(path).map_err(unreadable)?;
    let length = file.metadata().map_err(unreadable)?.len();
    let mut report =
        BufWriter::new(File::create(rejected).map_err(|error| CommandError::file(rejected, error))?);
    let bar = ProgressBar::new(length).with_style(
        ProgressStyle::with_template("{bar:30} {percent}% {msg}")
            .unwrap_or_else(|_| ProgressStyle::default_bar()),
    );
    let begun = Instant::now();
    let mut logged = begun;
    let mut reader = RowReader::new(format, |bytes| {
        proof::json::parse(bytes, &proof::json::Limits::default()).map_err(|error| error.to_string())
    });
    let mut tally = Tally::default();
    let mut waiting = Vec::with_capacity(GROUP);
    let mut buffer = vec![0; 128 * 1024];
    loop {
        let count = file.read(&mut buffer).map_err(unreadable)?;
        if count == 0 {
            break;
        }
        waiting.extend(reader.push(buffer.get(..count).unwrap_or_default()));
        while waiting.len() >= GROUP {
            let group = waiting.drain(..GROUP).collect();
            record(context, caller, group, &mut tally, &mut report, rejected)?;
            bar.set_message(rate(&tally, begun));
            if logged.elapsed() > LOG_EVERY {
                grow_log(context);
                logged = Instant::now();
            }
        }
        bar.inc(u64::try_from(count).unwrap_or(0));
    }
    waiting.extend(reader.finish());
    while !waiting.is_empty() {
        let group = waiting.drain(..GROUP.min(waiting.len())).collect();
        record(context, caller, group, &mut tally, &mut report, rejected)?;
    }
    grow_log(context);
    report.flush().map_err(|error| CommandError::file(rejected, error))?;
    bar.finish_and_clear();
    say(format_args!(
        "{} issued, {} recorded before, {} not taken; {}",
        tally.issued,
        tally.known,
        tally.refused,
        rate(&tally, begun)
    ));
    Ok(tally)
}

/// What is recorded gets its place in the log. What cannot, waits: the rows are
/// recorded, and the service says what is wrong with its log.
fn grow_log(context: &Context) {
    if let Err(error) = context.service.sequence_log() {
        tracing::error!(%error, "nothing more is signed in the log");
    }
}

fn rate(tally: &Tally, begun: Instant) -> String {
    let rows = tally.issued + tally.known + tally.refused;
    let milliseconds = begun.elapsed().as_millis().max(1);
    format!("{} rows a second", u128::from(rows) * 1000 / milliseconds)
}

/// Records one group. A row that cannot be taken is reported; a database that
/// does not answer ends the import, which may be run again.
fn record(
    context: &Context,
    caller: &Caller,
    group: Vec<Row>,
    tally: &mut Tally,
    report: &mut impl Write,
    rejected: &Path,
) -> Result<(), CommandError> {
    let mut submissions = Vec::with_capacity(group.len());
    let mut places = Vec::with_capacity(group.len());
    for row in group {
        match row.result {
            Ok(completion) => {
                submissions.push(Submission { completion, idempotency: None });
                places.push((row.number, row.line));
            }
            Err(errors) => {
                tally.refused += 1;
                write_refusal(report, rejected, (row.number, row.line), &errors)?;
            }
        }
    }
    let answers = context.service.accept_many(caller, submissions);
    for (place, answer) in places.into_iter().zip(answers) {
        match answer {
            Ok(acceptance) if acceptance.replayed => tally.known += 1,
            Ok(_) => tally.issued += 1,
            Err(AcceptError::Internal(error)) => {
                return Err(CommandError::Usage(format!(
                    "the import stopped at row {}: {error}; run the same command again to go on",
                    place.0
                )));
            }
            Err(AcceptError::Invalid(errors)) => {
                tally.refused += 1;
                write_refusal(report, rejected, place, &errors)?;
            }
            Err(other) => {
                tally.refused += 1;
                write_refusal(report, rejected, place, &[whole_row(&other)])?;
            }
        }
    }
    Ok(())
}

fn whole_row(error: &AcceptError) -> FieldError {
    let (code, expected) = match error {
        AcceptError::Conflict { .. } => {
            ("completion-conflict", "the same content as before, or another reference".to_owned())
        }
        AcceptError::LearnerConflict { expected, .. } => ("learner-conflict", expected.clone()),
        _ => ("not-recorded", "the row once more, later".to_owned()),
    };
    FieldError::new("", code, error.to_string(), expected)
}

fn write_refusal(
    report: &mut impl Write,
    rejected: &Path,
    place: (u64, u64),
    errors: &[FieldError],
) -> Result<(), CommandError> {
    writeln!(report, "{}", json!({"row": place.0, "line": place.1, "errors": errors}))
        .map_err(|error| CommandError::file(rejected, error))
}
