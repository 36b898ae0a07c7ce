//! Log lines: a message and dotted fields, once. What is never logged is
//! listed in `docs/operations.md`.

use tracing_subscriber::{EnvFilter, filter::ParseError, layer::SubscriberExt, util::SubscriberInitExt};

use crate::{
    error::CommandError,
    settings::{LogFormat, Settings},
};

/// Sends log lines to standard error, as the settings say.
pub fn start(settings: &Settings) -> Result<(), CommandError> {
    let filter = EnvFilter::try_new(&settings.log)
        .map_err(|error| CommandError::Setting { name: "log".to_owned(), detail: error.to_string() })?;
    // Cryptoki calls every mechanism an error that a token has and it does not know.
    let quiet = "cryptoki=off".parse().map_err(|error: ParseError| CommandError::Setting {
        name: "log".to_owned(),
        detail: error.to_string(),
    })?;
    let registry = tracing_subscriber::registry().with(filter.add_directive(quiet));
    let layer = tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_target(false);
    match settings.log_format {
        LogFormat::Text => registry.with(layer.with_ansi(false)).init(),
        LogFormat::Json => registry.with(layer.json()).init(),
    }
    Ok(())
}
