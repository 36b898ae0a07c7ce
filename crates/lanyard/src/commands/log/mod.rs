//! `lanyard log`.

mod audit;
mod show;
pub mod source;
mod verify;

use std::{fs, path::Path};

use proof::log::SignedNote;

use crate::{
    cli::Log,
    context::Context,
    error::CommandError,
    output::{ask, say},
    settings::Settings,
};

/// Shows, verifies or audits the log.
pub fn run(settings: Settings, action: Log) -> Result<(), CommandError> {
    match action {
        Log::Show { json } => show::run(&Context::open(settings)?, json),
        Log::Verify(arguments) => verify::run(settings, &arguments),
        Log::BeginAnew { yes } => begin_anew(&Context::open(settings)?, yes),
        Log::Audit { since, json } => audit::run(&Context::open(settings)?, &since, json),
    }
}

fn begin_anew(context: &Context, is_sure: bool) -> Result<(), CommandError> {
    let question = format!(
        "The log `{}` ends: nobody who kept a checkpoint of it can follow it any further, and witnesses need to \
         be told of another. This cannot be undone. First look for a newer backup.\nType yes to go on: ",
        context.service.log_origin()
    );
    if !is_sure && !ask(&question) {
        return Err(CommandError::Usage("nothing was changed; answer yes, or give --yes".to_owned()));
    }
    let name = context.service.begin_log_anew()?;
    say(format_args!("the log is called `{name}` from now on; `lanyard log show` prints its key"));
    Ok(())
}

/// A checkpoint that was kept in a file.
pub fn kept(path: &Path) -> Result<SignedNote, CommandError> {
    let text = fs::read_to_string(path).map_err(|error| CommandError::file(path, error))?;
    text.parse().map_err(|error| CommandError::Usage(format!("{}: {error}", path.display())))
}
