//! `lanyard import withdrawals`: completions that are taken back, row by row.

use std::{fs::File, io::Read, path::Path, time::Instant};

use issuing::{Caller, IssuingError, WithdrawError};
use model::{
    completion::StatedWithdrawal,
    field::FieldError,
    rows::{Format, Row, RowReader},
};
use registry::RegistryError;

use crate::{
    commands::{
        import::{LOG_EVERY, PIECE, grow_log},
        rejected::Rejected,
    },
    context::Context,
    error::CommandError,
    output::say,
};

#[derive(Default)]
struct Tally {
    withdrawn: u64,
    known: u64,
    refused: u64,
}

/// Takes back what every row names that is in order. A database that does not answer ends
/// it; it may be run again.
pub fn import(
    context: &Context,
    caller: &Caller,
    path: &Path,
    format: Format,
    rejected: &mut Rejected<'_>,
) -> Result<(), CommandError> {
    let unreadable = |error| CommandError::file(path, error);
    let mut file = File::open(path).map_err(unreadable)?;
    let mut reader = Some(RowReader::<StatedWithdrawal>::new(format, |bytes| {
        proof::json::parse(bytes, &proof::json::Limits::default()).map_err(|error| error.to_string())
    }));
    let (mut buffer, mut tally, mut logged) = (vec![0; PIECE], Tally::default(), Instant::now());
    while let Some(mut open) = reader.take() {
        let count = file.read(&mut buffer).map_err(unreadable)?;
        let rows = if count == 0 {
            open.finish()
        } else {
            let rows = open.push(buffer.get(..count).unwrap_or_default());
            reader = Some(open);
            rows
        };
        for Row { number, line, result } in rows {
            let outcome = match result {
                Ok(stated) => withdraw(context, caller, number, &stated)?,
                Err(faults) => Outcome::Refused(faults),
            };
            match outcome {
                Outcome::Withdrawn => tally.withdrawn += 1,
                Outcome::Known => tally.known += 1,
                Outcome::Refused(faults) => {
                    tally.refused += 1;
                    rejected.add(number, line, &faults)?;
                }
            }
            if logged.elapsed() > LOG_EVERY {
                grow_log(context);
                logged = Instant::now();
            }
        }
    }
    grow_log(context);
    say(format_args!(
        "{} withdrawn, {} withdrawn or revoked before, {} not taken",
        tally.withdrawn, tally.known, tally.refused
    ));
    Ok(())
}

/// What became of a row.
enum Outcome {
    Withdrawn,
    /// It had been taken back before.
    Known,
    Refused(Vec<FieldError>),
}

fn withdraw(
    context: &Context,
    caller: &Caller,
    number: u64,
    StatedWithdrawal { which, reason }: &StatedWithdrawal,
) -> Result<Outcome, CommandError> {
    let (code, detail, expected) = match context.service.withdraw(caller, which, reason) {
        Ok(withdrawal) if withdrawal.revocation.was_already => return Ok(Outcome::Known),
        Ok(_) => return Ok(Outcome::Withdrawn),
        Err(WithdrawError::Invalid(faults)) => return Ok(Outcome::Refused(faults)),
        Err(WithdrawError::NotFound) => (
            "not-found",
            "there is no such completion of this provider".to_owned(),
            "a reference, or a completion's id, under which one is recorded",
        ),
        Err(WithdrawError::Superseded(id)) => (
            "completion-superseded",
            format!("it was corrected since, and {id} stands for the correction"),
            "the completion as it was corrected",
        ),
        Err(WithdrawError::Internal(error))
            if matches!(*error, IssuingError::Registry(RegistryError::Erased)) =>
        {
            ("learner-erased", error.to_string(), "no row of somebody who was erased")
        }
        Err(WithdrawError::Internal(error)) => {
            return Err(CommandError::Usage(format!(
                "the import stopped at row {number}: {error}; run the same command again to go on"
            )));
        }
        Err(error @ (WithdrawError::InFlight(_) | WithdrawError::Forbidden)) => {
            ("not-withdrawn", error.to_string(), "the row once more, later")
        }
    };
    Ok(Outcome::Refused(vec![FieldError::new("", code, detail, expected)]))
}
