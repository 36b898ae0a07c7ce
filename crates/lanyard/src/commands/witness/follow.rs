//! Follows a log that it can read: fetches the last checkpoint, proves from the
//! tiles that it grew out of the one seen before, and hands over what it says.

use std::{thread, time::Duration};

use proof::log::{AddCheckpoint, Checkpoint, SignedNote, TileReader};

use super::Witness;
use crate::{
    cli::Witness as Arguments,
    commands::log::source::{Source, Web},
    error::CommandError,
    output::{complain, say},
    settings::Mode,
};

/// The most bytes of an answer to a cosignature.
const LARGEST: usize = 64 * 1024;

pub fn run(witness: &Witness, mode: Mode, url: &str, arguments: &Arguments) -> Result<(), CommandError> {
    let source = Source::of(url, mode)?;
    let web = Web::new(mode)?;
    loop {
        match look(witness, &source, &web, arguments) {
            Ok(()) => {}
            Err(error) if arguments.once => return Err(error),
            Err(error) => complain(&error),
        }
        if arguments.once {
            return Ok(());
        }
        thread::sleep(Duration::from_secs(arguments.every.max(1)));
    }
}

fn look(
    witness: &Witness,
    source: &Source<'_>,
    web: &Web,
    arguments: &Arguments,
) -> Result<(), CommandError> {
    let checkpoint = source.checkpoint()?;
    let new = Checkpoint::of(&checkpoint)?;
    let old_size = witness.seen()?.map_or(0, |seen| seen.size);
    let proof = if old_size < new.size {
        TileReader::new(new.size, |tile| source.tile(tile)).consistency(old_size, new.size)?
    } else {
        Vec::new()
    };
    let request = AddCheckpoint { old_size: old_size.min(new.size), proof, checkpoint };
    let signature = match witness.add(&request)? {
        Ok(signature) => signature,
        Err(refusal) => {
            say(format_args!("WRONG  not cosigned: {refusal} (the log says {} entries)", new.size));
            return Err(CommandError::Refused);
        }
    };
    let cosigned = request.checkpoint.with(signature);
    say(format_args!("cosigned {} at {} entries", new.origin, new.size));
    if let Some(address) = &arguments.post {
        return hand_over(web, address, &cosigned);
    }
    say(&cosigned);
    Ok(())
}

fn hand_over(web: &Web, address: &str, note: &SignedNote) -> Result<(), CommandError> {
    let posted = web.client.post(address, "text/plain; charset=utf-8", note.to_string(), LARGEST);
    let answer = web.runtime.block_on(posted).map_err(|error| CommandError::Usage(error.to_string()))?;
    if (200..300).contains(&answer.status) {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&answer.body).into_owned();
    Err(CommandError::Usage(format!("{address} answers {}: {said}", answer.status)))
}
