//! `lanyard import`, and completions as what is imported.

use std::{
    collections::VecDeque,
    fs::File,
    io::{self, Read},
    num::NonZeroUsize,
    ops::ControlFlow,
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

use chrono::TimeDelta;
use indicatif::{ProgressBar, ProgressStyle};
use issuing::{AcceptError, Answer, Authority, Caller, Processors, Submission};
use model::{
    catalogue::Role,
    field::FieldError,
    rows::{Format, Row, RowReader},
};
use registry::Condition;

use crate::{
    cli::{Batch, FormatName, Import},
    commands::{clients::known_provider, rejected::Rejected, withdrawals},
    context::Context,
    error::CommandError,
    output::say,
};

/// Rows that are recorded in one transaction: enough that becoming durable costs each
/// little, few enough that nobody who writes to the same `SQLite` file waits long for it.
const GROUP: usize = 1000;
/// How nice a thread is that steps back: it gets a tenth of a processor that others want.
#[cfg(target_os = "linux")]
const BEHIND: i32 = 10;
/// How much of the file is read at a time, in bytes.
pub(super) const PIECE: usize = 128 * 1024;
/// How often the log grows meanwhile: nobody else may be there to see to it.
pub(super) const LOG_EVERY: Duration = Duration::from_secs(1);

#[derive(Default)]
struct Tally {
    issued: u64,
    corrected: u64,
    known: u64,
    refused: u64,
}

/// How the rows of a file are to be taken.
#[derive(Clone, Copy)]
struct Reading {
    format: Format,
    condition: Condition,
}

/// Reads a file and records every row that is in order. The others are written to a
/// file of their own with what is wrong with each.
pub fn run(context: &Context, action: Import) -> Result<(), CommandError> {
    let (Batch { file, provider, format, rejected }, condition) = match action {
        Import::Completions { batch, no_corrections: true } => (batch, Some(Condition::New)),
        Import::Completions { batch, no_corrections: false } => (batch, Some(Condition::None)),
        Import::Withdrawals { batch } => (batch, None),
    };
    let provider = known_provider(context, &provider, &[Role::Provider])?;
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
    finish_what_is_left(context)?;
    let mut refusals = Rejected::create(&rejected)?;
    match condition {
        Some(condition) => {
            import(context, &caller, &file, Reading { format, condition }, &mut refusals)?;
            finish_what_is_left(context)?;
        }
        None => withdrawals::import(context, &caller, &file, format, &mut refusals)?,
    }
    refusals.close()
}

/// Signs what was recorded and not signed, and awards programmes that are still to be
/// looked at.
fn finish_what_is_left(context: &Context) -> Result<(), CommandError> {
    let finished = context.service.reconcile(TimeDelta::zero());
    finished.map(drop).map_err(|error| CommandError::Usage(format!("what was left behind: {error}")))
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

/// Has this thread get a processor after the others of this process (on Linux, where a thread
/// has a priority of its own). Where that is refused, it is only slower.
fn step_back() {
    #[cfg(target_os = "linux")]
    let _ = rustix::process::setpriority_process(None, BEHIND);
}

fn import(
    context: &Context,
    caller: &Caller,
    path: &Path,
    reading: Reading,
    rejected: &mut Rejected<'_>,
) -> Result<(), CommandError> {
    let unreadable = |error| CommandError::file(path, error);
    let file = File::open(path).map_err(unreadable)?;
    let bar = ProgressBar::new(file.metadata().map_err(unreadable)?.len()).with_style(
        ProgressStyle::with_template("{bar:30} {percent}% {msg}")
            .unwrap_or_else(|_| ProgressStyle::default_bar()),
    );
    let begun = Instant::now();
    let mut logged = begun;
    let mut report = Report { rejected, tally: Tally::default() };
    let mut ended = Ok(());
    let cores = thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
    let processors = Processors { cores, step_back };
    context.service.accept_stream(caller, Groups::of(file, reading), processors, |group: Group, answers| {
        ended = report
            .take(&group, answers)
            .and_then(|()| group.broken.map_or(Ok(()), |error| Err(unreadable(error))));
        bar.set_position(group.read);
        bar.set_message(rate(&report.tally, begun));
        if logged.elapsed() > LOG_EVERY {
            grow_log(context);
            logged = Instant::now();
        }
        if ended.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    });
    grow_log(context);
    ended?;
    bar.finish_and_clear();
    let tally = report.tally;
    say(format_args!(
        "{} issued, {} recorded before, {} not taken, {} corrected; {}",
        tally.issued,
        tally.known,
        tally.refused,
        tally.corrected,
        rate(&tally, begun)
    ));
    Ok(())
}

/// A file of completions, group by group.
struct Groups {
    file: File,
    condition: Condition,
    /// `None` once all is read.
    reader: Option<RowReader>,
    waiting: VecDeque<Row>,
    buffer: Vec<u8>,
    /// Bytes so far.
    read: u64,
}

/// Rows of the file: what is known of them beside their completions.
struct Group {
    rows: Vec<Place>,
    /// How much of the file was read by then, in bytes.
    read: u64,
    /// Why no more of it can be read.
    broken: Option<io::Error>,
}

struct Place {
    number: u64,
    line: u64,
    /// What is wrong with the row; without it, it has a completion.
    faults: Option<Vec<FieldError>>,
}

impl Groups {
    fn of(file: File, Reading { format, condition }: Reading) -> Self {
        let reader = RowReader::new(format, |bytes| {
            proof::json::parse(bytes, &proof::json::Limits::default()).map_err(|error| error.to_string())
        });
        let (waiting, buffer) = (VecDeque::with_capacity(GROUP), vec![0; PIECE]);
        Self { file, condition, reader: Some(reader), waiting, buffer, read: 0 }
    }

    /// Reads until a group waits or the file ends.
    fn fill(&mut self) -> io::Result<()> {
        while self.waiting.len() < GROUP
            && let Some(mut reader) = self.reader.take()
        {
            let count = self.file.read(&mut self.buffer)?;
            if count == 0 {
                self.waiting.extend(reader.finish());
            } else {
                self.waiting.extend(reader.push(self.buffer.get(..count).unwrap_or_default()));
                self.read += u64::try_from(count).unwrap_or(0);
                self.reader = Some(reader);
            }
        }
        Ok(())
    }
}

impl Iterator for Groups {
    type Item = (Group, Vec<Submission>);

    fn next(&mut self) -> Option<Self::Item> {
        let broken = self.fill().err();
        if self.waiting.is_empty() && broken.is_none() {
            return None;
        }
        let mut group = Group { rows: Vec::with_capacity(GROUP), read: self.read, broken };
        let mut submissions = Vec::with_capacity(GROUP);
        for Row { number, line, result } in self.waiting.drain(..GROUP.min(self.waiting.len())) {
            let take = |completion| submissions.push(Submission::of(completion).on(self.condition));
            let faults = result.map(take).err();
            group.rows.push(Place { number, line, faults });
        }
        Some((group, submissions))
    }
}

/// What became of the rows, and the file of those that were not taken.
struct Report<'r, 'p> {
    rejected: &'r mut Rejected<'p>,
    tally: Tally,
}

impl Report<'_, '_> {
    /// A row that cannot be taken is reported; a database that does not answer ends the
    /// import, which may be run again.
    fn take(&mut self, group: &Group, answers: Vec<Answer>) -> Result<(), CommandError> {
        let mut answers = answers.into_iter();
        for place in &group.rows {
            if let Some(faults) = &place.faults {
                self.refuse(place, faults)?;
                continue;
            }
            match answers.next() {
                Some(Ok(acceptance)) if acceptance.replayed => self.tally.known += 1,
                Some(Ok(acceptance)) if acceptance.is_correction() => self.tally.corrected += 1,
                Some(Ok(_)) => self.tally.issued += 1,
                Some(Err(AcceptError::Invalid(faults))) => self.refuse(place, &faults)?,
                Some(Err(AcceptError::Internal(error))) => {
                    return Err(CommandError::Usage(format!(
                        "the import stopped at row {}: {error}; run the same command again to go on",
                        place.number
                    )));
                }
                Some(Err(other)) => self.refuse(place, &[whole_row(&other)])?,
                None => {
                    return Err(CommandError::Usage(format!("row {} was given no answer", place.number)));
                }
            }
        }
        Ok(())
    }

    fn refuse(&mut self, place: &Place, faults: &[FieldError]) -> Result<(), CommandError> {
        self.tally.refused += 1;
        self.rejected.add(place.number, place.line, faults)
    }
}

/// What is recorded gets its place in the log. What cannot, waits: the rows are
/// recorded, and the service says what is wrong with its log.
pub(super) fn grow_log(context: &Context) {
    if let Err(error) = context.service.sequence_log() {
        tracing::error!(%error, "nothing more is signed in the log");
    }
}

fn rate(tally: &Tally, begun: Instant) -> String {
    let rows = tally.issued + tally.corrected + tally.known + tally.refused;
    let milliseconds = begun.elapsed().as_millis().max(1);
    format!("{} rows a second", u128::from(rows) * 1000 / milliseconds)
}

fn whole_row(error: &AcceptError) -> FieldError {
    let (code, expected) = match error {
        AcceptError::Conflict { .. } => {
            ("completion-conflict", "the reference under which it is recorded".to_owned())
        }
        AcceptError::Superseded(_) => {
            ("completion-superseded", "the completion as it was corrected since".to_owned())
        }
        AcceptError::Withdrawn(_) => {
            ("completion-withdrawn", "nothing, if it was rightly withdrawn".to_owned())
        }
        AcceptError::Revoked(_) => {
            ("completion-revoked", "another reference, if the Academy agrees".to_owned())
        }
        AcceptError::Unmet { .. } => {
            ("not-new", "what is recorded, or an import without --no-corrections".to_owned())
        }
        AcceptError::LearnerConflict { expected, .. } => ("learner-conflict", expected.clone()),
        AcceptError::Erased => ("learner-erased", "no row of somebody who was erased".to_owned()),
        _ => ("not-recorded", "the row once more, later".to_owned()),
    };
    FieldError::new("", code, error.to_string(), expected)
}
