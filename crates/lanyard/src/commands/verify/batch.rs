//! `lanyard verify --batch`: many badges of one file, one result a line.

use std::{
    collections::VecDeque,
    fs::File,
    io::{Read, stdin},
    path::Path,
    thread::available_parallelism,
};

use model::{
    report::Verdict,
    rows::{Format, Row, RowReader, ToCheck},
};
use serde_json::{Value, json};
use tokio::{runtime::Runtime, task::JoinHandle};
use verification::{Brief, Expectation, Verifier, item};

use crate::{error::CommandError, output::say};

/// Rows that are checked together.
const GROUP: usize = 64;
/// Bytes of the file that are read at once.
const PIECE: usize = 65_536;

/// The results of a group, in the order of its rows; how many are valid, and how many there are.
type Done = (Vec<Value>, u64, u64);

/// Checks every row of the file, which is CSV if it is called so, else NDJSON, on every
/// core; never more of it is held than a few groups. Refused when one is not valid.
pub fn run(
    runtime: &Runtime,
    verifier: &Verifier,
    expectation: &Expectation,
    path: &Path,
    whole: bool,
) -> Result<(), CommandError> {
    let failed = |error| CommandError::file(path, error);
    let mut file: Box<dyn Read> =
        if path == Path::new("-") { Box::new(stdin()) } else { Box::new(File::open(path).map_err(failed)?) };
    let is_table = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("csv"));
    let mut reader = RowReader::new(if is_table { Format::Csv } else { Format::Ndjson }, ToCheck::line);
    let mut batch = Batch { flights: VecDeque::new(), valid: 0, rows: 0 };
    let cores = available_parallelism().map_or(1, usize::from);
    let depart = |batch: &mut Batch, rows: Vec<Row<ToCheck>>| {
        if batch.flights.len() > cores {
            batch.land(runtime)?;
        }
        let (verifier, expectation) = (verifier.clone(), expectation.clone());
        batch
            .flights
            .push_back(runtime.spawn(async move { group(&verifier, rows, &expectation, whole).await }));
        Ok::<_, CommandError>(())
    };
    let (mut piece, mut waiting) = (vec![0; PIECE], Vec::new());
    loop {
        let length = file.read(&mut piece).map_err(failed)?;
        if length == 0 {
            break;
        }
        waiting.extend(reader.push(piece.get(..length).unwrap_or_default()));
        while waiting.len() >= GROUP {
            let rest = waiting.split_off(GROUP);
            depart(&mut batch, std::mem::replace(&mut waiting, rest))?;
        }
    }
    waiting.extend(reader.finish());
    depart(&mut batch, waiting)?;
    while !batch.flights.is_empty() {
        batch.land(runtime)?;
    }
    say(json!({ "summary": { "rows": batch.rows, "valid": batch.valid, "complete": true } }));
    if batch.valid == batch.rows { Ok(()) } else { Err(CommandError::Refused) }
}

/// Groups that are being checked, in order, and what came of those before.
struct Batch {
    flights: VecDeque<JoinHandle<Done>>,
    valid: u64,
    rows: u64,
}

impl Batch {
    /// Prints the results of the next group.
    fn land(&mut self, runtime: &Runtime) -> Result<(), CommandError> {
        let Some(flight) = self.flights.pop_front() else { return Ok(()) };
        let done = runtime.block_on(flight).map_err(|error| CommandError::Server(error.into()))?;
        let (results, valid, rows) = done;
        results.iter().for_each(say);
        self.valid += valid;
        self.rows += rows;
        Ok(())
    }
}

async fn group(verifier: &Verifier, rows: Vec<Row<ToCheck>>, common: &Expectation, whole: bool) -> Done {
    let mut good = Vec::new();
    let places: Vec<_> = rows
        .into_iter()
        .map(|row| (row.number, row.line, row.result.map(|row| good.push(item(row, common)))))
        .collect();
    let mut reports = verifier.verify_items(&good).await.into_iter();
    let (mut results, mut valid, mut rows) = (Vec::with_capacity(places.len()), 0, 0);
    for (row, line, read) in places {
        rows += 1;
        results.push(match (read, whole) {
            (Err(errors), _) => json!({ "row": row, "line": line, "errors": errors }),
            (Ok(()), whole) => {
                let Some(report) = reports.next() else { break };
                valid += u64::from(report.verdict == Verdict::Valid);
                if whole {
                    json!({ "row": row, "line": line, "report": report })
                } else {
                    json!({ "row": row, "line": line, "result": Brief::of(&report) })
                }
            }
        });
    }
    (results, valid, rows)
}
