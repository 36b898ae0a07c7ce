//! `lanyard serve`.

use std::{num::NonZeroU32, sync::Arc, time::Duration};

use actix_web::{HttpServer, web::Data};
use api::{AppState, Limits, Parts};
use chrono::TimeDelta;
use metrics_exporter_prometheus::PrometheusBuilder;
use rustls::ServerConfig;
use verification::{Cache, GuardedClient, Reach, Room};

use crate::{
    cli::Serve,
    context::Context,
    error::CommandError,
    sample,
    settings::{Mode, Settings, WalletProfile},
    tend, tls, trust,
};

/// Serves until it is told to stop; requests at work are then finished.
pub fn run(context: Context, arguments: &Serve) -> Result<(), CommandError> {
    let tls = tls::of(arguments, &context.settings)?;
    if context.settings.read_only {
        if arguments.sample {
            return Err(CommandError::Usage("an instance that only reads makes no sample data".to_owned()));
        }
        return actix_web::rt::System::new().block_on(serve(context, None, tls));
    }
    let api_key = if arguments.sample { Some(sample::prepare(&context)?) } else { None };
    // Nobody who was erased may be seen again because an old backup was restored.
    let erased = context.service.erase_again().map_err(|error| CommandError::Usage(error.to_string()))?;
    if erased > 0 {
        tracing::warn!(learners.erased = erased, "an old backup had brought back who was erased");
    }
    // What an earlier run left half done is finished before anybody can ask for it.
    let finished = context
        .service
        .reconcile(TimeDelta::zero())
        .map_err(|error| CommandError::Usage(error.to_string()))?;
    if finished > 0 {
        tracing::info!(credentials.issued = finished, "finished what an earlier run left behind");
    }
    // The service goes on without a log that cannot be continued; the log must not.
    if let Err(error) = context.service.check_log() {
        tracing::error!(%error, "nothing more is signed in the log");
    }
    actix_web::rt::System::new().block_on(serve(context, api_key, tls))
}

async fn serve(
    context: Context,
    api_key: Option<String>,
    tls: Option<ServerConfig>,
) -> Result<(), CommandError> {
    let prometheus = PrometheusBuilder::new()
        .install_recorder()
        .map_err(|error| CommandError::Usage(format!("metrics: {error}")))?;
    let client = client(&context.settings)?;
    let state = state(&context, client, Arc::new(move || prometheus.render()))?;
    let watcher = api::Watcher::new(state.clone());
    let (working, counted) = (state.clone(), state.clone());
    let listen = context.settings.listen;
    let server = HttpServer::new(move || api::app(state.clone()))
        .workers(context.settings.workers)
        .shutdown_timeout(10);
    let server = match tls {
        Some(tls) => server.bind_rustls_0_23(listen, tls),
        None => server.bind(listen),
    }
    .map_err(|error| CommandError::Setting {
        name: "listen".to_owned(),
        detail: format!("{listen} cannot be bound: {error}"),
    })?
    .run();
    if !context.settings.read_only {
        tend::watch(&watcher);
        tend::count(working.clone());
        actix_web::rt::spawn(api::work(working));
    }
    tend::start(&context.service, &context.vault, &context.registry, &context.clock);
    tracing::info!(%listen, site = context.settings.site.base(), "serving");
    if let Some(api_key) = api_key {
        sample::announce(&context, &api_key);
    }
    let ended = server.await.map_err(CommandError::Server);
    if let Err(error) = counted.usage.write(&counted.registry) {
        tracing::warn!(%error, "what clients asked last is not counted");
    }
    ended
}

/// The client that reaches out, as far as the mode lets it.
pub(super) fn client(settings: &Settings) -> Result<GuardedClient, CommandError> {
    let reach = match settings.mode {
        Mode::Development => Reach::Development,
        Mode::Production => Reach::Public,
    };
    GuardedClient::new(reach).map_err(|error| CommandError::Usage(error.to_string()))
}

/// What requests reach, made of what every command has.
pub(super) fn state(
    context: &Context,
    client: GuardedClient,
    metrics: Arc<dyn Fn() -> String + Send + Sync>,
) -> Result<Data<AppState>, CommandError> {
    let fetch = Cache::new(client.clone(), Arc::clone(&context.clock), Room::default());
    Ok(AppState::new(Parts {
        registry: context.registry.clone(),
        service: Arc::clone(&context.service),
        vault: Arc::clone(&context.vault),
        site: context.settings.site.clone(),
        fetch: Arc::new(fetch),
        client,
        clock: Arc::clone(&context.clock),
        entropy: Arc::clone(&context.entropy),
        limits: limits(&context.settings),
        metrics,
        development: context.settings.mode == Mode::Development,
        vc_api: context.settings.vc_api,
        trust: trust::read(&context.settings.trust_dir)?,
        wallet_profile: match context.settings.wallet_profile {
            WalletProfile::Standard => api::WalletProfile::Standard,
            WalletProfile::GovUk => api::WalletProfile::GovUk,
        },
        wallet_redirects: context.settings.wallet_redirects.clone(),
        witnesses: context.settings.log_witnesses.clone(),
    }))
}

fn limits(settings: &Settings) -> Limits {
    let per_minute = |count| NonZeroU32::new(count).unwrap_or(NonZeroU32::MIN);
    Limits {
        body: settings.body_limit_bytes,
        batch: settings.bulk_limit_bytes,
        anonymous_per_minute: per_minute(settings.public_requests_per_minute),
        client_per_minute: per_minute(settings.client_requests_per_minute),
        watches: settings.watches_per_client,
        jobs: settings.jobs_per_client,
        job: settings.job_limit_bytes,
        job_kept: TimeDelta::days(i64::from(settings.job_kept_days)),
        look: Duration::from_secs(u64::from(settings.watch_seconds)),
        behind_proxy: settings.behind_proxy,
        ..Limits::default()
    }
}
