//! What runs beside the requests: new keys noticed, crashes made good, the log
//! grown, badges renewed and holders reminded, stale records dropped.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use chrono::TimeDelta;
use issuing::Service;
use model::clock::Clock;
use registry::Registry;
use signing::Vault;

/// How old an unsigned intent must be before it counts as left behind: longer
/// than any request is at work on it.
const LEFT_BEHIND: TimeDelta = TimeDelta::seconds(10);

/// Starts the chores on the present runtime; they end with it.
pub fn start(service: &Arc<Service>, vault: &Arc<Vault>, registry: &Registry, clock: &Arc<dyn Clock>) {
    let vault = Arc::clone(vault);
    every(Duration::from_millis(500), "keys", move || vault.refresh().map(drop).map_err(|e| e.to_string()));
    if registry.is_read_only() {
        return;
    }
    let service = Arc::clone(service);
    let reconciler = Arc::clone(&service);
    every(Duration::from_secs(5), "reconcile", move || {
        let issued = reconciler.reconcile(LEFT_BEHIND).map_err(|e| e.to_string())?;
        if issued > 0 {
            tracing::info!(credentials.issued = issued, "finished what was left behind");
        }
        Ok(())
    });
    let sequencer = Arc::clone(&service);
    every(Duration::from_secs(1), "log", move || {
        sequencer.sequence_log().map(drop).map_err(|e| e.to_string())
    });
    let keeper = Arc::clone(&service);
    every(Duration::from_secs(1), "maintenance", move || {
        let renewed = keeper.maintain().map_err(|e| e.to_string())?;
        if renewed > 0 {
            tracing::info!(credentials.renewed = renewed, "renewed what was ripe");
        }
        Ok(())
    });
    let (registry, clock) = (registry.clone(), Arc::clone(clock));
    every(Duration::from_mins(10), "expire", move || {
        let now = clock.now();
        registry
            .expire(now)
            .and_then(|_| registry.sweep_verification_jobs(now))
            .map(drop)
            .map_err(|e| e.to_string())
    });
}

/// Starts writing what clients asked.
pub fn count(state: actix_web::web::Data<api::AppState>) {
    every(Duration::from_secs(10), "usage", move || {
        state.usage.write(&state.registry).map_err(|error| error.to_string())
    });
}

/// Starts looking at what clients watch, and telling them. What is on its way when the
/// service ends is sent again by the next.
pub fn watch(watcher: &api::Watcher) {
    let looking = watcher.clone();
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(Duration::from_secs(1)).await;
            if let Err(error) = looking.look().await {
                tracing::warn!(chore = "look", error, "a chore failed; it is tried again");
            }
        }
    });
    let delivering = watcher.clone();
    tokio::spawn(async move {
        loop {
            match delivering.deliver().await {
                Ok(0) => {}
                Ok(_) => continue,
                Err(error) => {
                    tracing::warn!(chore = "deliver", error, "a chore failed; it is tried again");
                    tokio::time::sleep(Duration::from_secs(5)).await;
                }
            }
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
    });
}

/// Runs `chore` again and again on the blocking pool, `pause` after it ended.
fn every(
    pause: Duration,
    name: &'static str,
    chore: impl Fn() -> Result<(), String> + Send + Sync + 'static,
) {
    let chore = Arc::new(chore);
    tokio::spawn(async move {
        let mut said: Option<(String, Instant)> = None;
        loop {
            tokio::time::sleep(pause).await;
            let chore = Arc::clone(&chore);
            match tokio::task::spawn_blocking(move || chore()).await {
                Ok(Ok(())) => said = None,
                Ok(Err(error)) if is_news(said.as_ref(), &error) => {
                    tracing::warn!(chore = name, error, "a chore failed; it is tried again");
                    said = Some((error, Instant::now()));
                }
                Ok(Err(_)) => {}
                Err(error) => tracing::error!(chore = name, %error, "a chore broke off"),
            }
        }
    });
}

/// Whether a failure was not told before, or not within the last minute.
fn is_news(said: Option<&(String, Instant)>, error: &str) -> bool {
    said.is_none_or(|(before, at)| before != error || at.elapsed() > Duration::from_mins(1))
}
