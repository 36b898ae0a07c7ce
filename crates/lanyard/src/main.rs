//! `lanyard`: the service and its command line.

mod cli;
mod commands;
mod context;
mod error;
mod output;
mod sample;
mod settings;
mod telemetry;
mod tend;
mod tls;
mod trust;

use std::process::ExitCode;

use clap::Parser;
use mimalloc::MiMalloc;

use cli::{Cli, Command};
use context::Context;
use error::CommandError;
use settings::Settings;

/// Canonicalisation allocates much and briefly; this allocator is the quicker
/// one for it.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    match run(Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(CommandError::Refused) => ExitCode::FAILURE,
        Err(error) => {
            output::complain(&error);
            ExitCode::from(2)
        }
    }
}

fn run(cli: Cli) -> Result<(), CommandError> {
    let settings = settings(&cli)?;
    telemetry::start(&settings)?;
    match cli.command {
        Command::Serve(arguments) => commands::serve::run(Context::open(settings)?, &arguments),
        Command::Migrate => commands::migrate::run(&settings),
        Command::Keys(action) => commands::keys::run(&settings, action),
        Command::Catalogue(action) => commands::catalogue::run(settings, action),
        Command::Programme(action) => commands::programme::run(settings, action),
        Command::Maintenance(action) => commands::maintenance::run(settings, action),
        Command::Clients(action) => commands::clients::run(&Context::open(settings)?, action),
        Command::Learners(action) => commands::learners::run(&Context::open(settings)?, action),
        Command::Cpd(action) => commands::cpd::run(&Context::open(settings)?, action),
        Command::Credentials(action) => commands::credentials::run(&Context::open(settings)?, action),
        Command::Endorse(arguments) => commands::endorse::run(&Context::open(settings)?, arguments),
        Command::Trust(action) => commands::trust::run(&Context::open(settings)?, action),
        Command::Import(action) => commands::import::run(&Context::open(settings)?, action),
        Command::Verify(arguments) => commands::verify::run(settings, &arguments),
        Command::Log(action) => commands::log::run(settings, action),
        Command::Witness(arguments) => commands::witness::run(&settings, &arguments),
        Command::Doctor(arguments) => commands::doctor::run(&settings, &arguments),
    }
}

/// The one place that looks at the environment.
fn settings(cli: &Cli) -> Result<Settings, CommandError> {
    let environment = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect();
    let (listen, vc_api) = match &cli.command {
        Command::Serve(arguments) => (arguments.listen.clone(), arguments.vc_api.then(|| "true".to_owned())),
        _ => (None, None),
    };
    Settings::read(
        cli.config.as_ref(),
        environment,
        &[
            ("database_url", cli.database_url.clone()),
            ("public_url", cli.public_url.clone()),
            ("listen", listen),
            ("vc_api", vc_api),
        ],
    )
}
