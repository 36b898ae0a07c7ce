//! Jobs are worked off: clients take turns, a group each, and a core is left to whoever
//! waits for an answer.

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use actix_web::{rt::time::timeout, web};
use chrono::TimeDelta;
use futures_util::{StreamExt as _, stream::FuturesUnordered};
use model::{id::VerificationJobId, site::Site};
use registry::{Found, JobGroup, JobTally};
use serde_json::{Value, json};
use verification::Expectation;

use super::{
    super::{
        asked::trust,
        batch::{self, Checking, Tally},
    },
    stored::{Asked, KeptRow, Named},
};
use crate::{
    blocking,
    checkers::Checkers,
    problem::{Problem, table},
    state::AppState,
};

/// How long a process that has died keeps its jobs from others.
const LEASE: TimeDelta = TimeDelta::seconds(15);
/// How often a lease is renewed, and others' jobs are looked for.
const LOOK: Duration = Duration::from_secs(3);
/// How often a group is taken on that does not let itself be finished: one that ends the
/// process would end it for ever. What lies with the database does not count.
const TRIES: u32 = 5;
/// After a failure; twice as long after each that follows, up to the longest.
const PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// Works on jobs for as long as the runtime lives.
pub async fn work(state: web::Data<AppState>) {
    let mut worker = Worker::new(state, Checkers::count().saturating_sub(1).max(1));
    let mut pause = PAUSE;
    loop {
        match worker.step(true).await {
            Ok(_) => pause = PAUSE,
            Err(problem) => {
                tracing::warn!(error = %problem, "jobs are not worked on; it is tried again");
                actix_web::rt::time::sleep(pause).await;
                pause = pause.saturating_mul(2).min(LONGEST_PAUSE);
            }
        }
    }
}

/// Works until nothing is left that this process may work on, for tests.
#[doc(hidden)]
pub async fn work_off(state: web::Data<AppState>) -> Result<(), Problem> {
    let mut worker = Worker::new(state, 1);
    while worker.step(false).await? {}
    Ok(())
}

type Flight = (VerificationJobId, i64, Result<(), Problem>);

struct Worker {
    state: web::Data<AppState>,
    name: String,
    most: usize,
    /// The jobs there are to work on, oldest first, with their clients.
    jobs: Vec<(VerificationJobId, String)>,
    looked: Option<Instant>,
    /// When each client last had a turn.
    turns: HashMap<String, u64>,
    turn: u64,
    /// The groups that are being checked.
    aloft: Vec<(VerificationJobId, i64)>,
    flights: FuturesUnordered<std::pin::Pin<Box<dyn Future<Output = Flight>>>>,
    /// The groups that were taken on and are to be tried as if they never had been.
    spared: Vec<(VerificationJobId, i64)>,
}

impl Worker {
    fn new(state: web::Data<AppState>, most: usize) -> Self {
        let name = state.entropy.uuid().to_string();
        let (jobs, turns, aloft) = (Vec::new(), HashMap::new(), Vec::new());
        Self {
            state,
            name,
            most,
            jobs,
            looked: None,
            turns,
            turn: 0,
            aloft,
            flights: FuturesUnordered::new(),
            spared: Vec::new(),
        }
    }

    /// Looks for jobs, sends groups off and takes in what is done; whether there was
    /// anything. `waits` for some where there is nothing.
    async fn step(&mut self, waits: bool) -> Result<bool, Problem> {
        if self.looked.is_none_or(|at| at.elapsed() >= LOOK) || self.jobs.is_empty() {
            self.look().await?;
        }
        while self.flights.len() < self.most && self.depart().await? {}
        if self.flights.is_empty() {
            self.looked = None;
            if waits {
                // Nobody tells of what another process leaves.
                let _ = timeout(LOOK, self.state.jobs.notified()).await;
            }
            return Ok(false);
        }
        // A long flight must not cost the lease.
        let landed = timeout(LOOK, self.flights.next()).await;
        if let Ok(Some((job, name, result))) = landed {
            self.aloft.retain(|one| *one != (job, name));
            if let Err(problem) = result {
                self.failed(job, name, problem).await?;
            }
        }
        Ok(true)
    }

    async fn look(&mut self) -> Result<(), Problem> {
        self.spare().await?;
        let (name, now) = (self.name.clone(), self.state.clock.now());
        let leased = blocking::registry(&self.state, move |registry| {
            registry.lease_verification_jobs(&name, now, now + LEASE)
        });
        self.jobs = leased.await?;
        self.looked = Some(Instant::now());
        let jobs = &self.jobs;
        self.turns.retain(|client, _| jobs.iter().any(|(_, other)| other == client));
        Ok(())
    }

    /// A group was not finished. The database may be at fault, and it will be tried again
    /// once that answers, here or elsewhere; or the group is, and must not be tried for ever.
    async fn failed(&mut self, job: VerificationJobId, name: i64, problem: Problem) -> Result<(), Problem> {
        if problem.kind == &table::UNAVAILABLE {
            self.spared.push((job, name));
            self.spare().await?;
            return Err(problem);
        }
        tracing::error!(job.id = %job, job.group = name, error = %problem, "a group of a job was not finished");
        self.jobs.retain(|(other, _)| *other != job);
        actix_web::rt::time::sleep(PAUSE).await;
        blocking::registry(&self.state, move |registry| registry.blame_verification_group(job, name)).await
    }

    /// Takes back that groups were taken on. Nothing is taken on before that is done.
    async fn spare(&mut self) -> Result<(), Problem> {
        while let Some((job, name)) = self.spared.last().copied() {
            let worker = self.name.clone();
            let spared = blocking::registry(&self.state, move |registry| {
                registry.spare_verification_group(job, name, &worker)
            });
            spared.await?;
            self.spared.pop();
        }
        Ok(())
    }

    /// Sends the next group off: of the client whose last turn is longest ago, of its oldest
    /// job. Whether there was one.
    async fn depart(&mut self) -> Result<bool, Problem> {
        let last = |client: &String| self.turns.get(client).copied().unwrap_or_default();
        let next = self.jobs.iter().enumerate().min_by_key(|(place, (_, client))| (last(client), *place));
        let Some((place, (job, client))) = next.map(|(place, job)| (place, job.clone())) else {
            return Ok(false);
        };
        let besides: Vec<i64> =
            self.aloft.iter().filter(|(other, _)| *other == job).map(|(_, name)| *name).collect();
        let worker = self.name.clone();
        let found = blocking::registry(&self.state, move |registry| {
            registry.next_verification_group(job, &besides, &worker)
        });
        let group = match found.await {
            Ok(Some(group)) => group,
            Err(problem) if problem.kind == &table::UNAVAILABLE => return Err(problem),
            // It is done, removed, or all in flight; or it cannot be read, which is no reason
            // for others to wait.
            none => {
                if let Err(problem) = none {
                    tracing::error!(job.id = %job, error = %problem, "a job cannot be read");
                }
                self.jobs.remove(place);
                return Ok(!self.jobs.is_empty());
            }
        };
        self.turn += 1;
        self.turns.insert(client, self.turn);
        let name = group.name();
        self.aloft.push((job, name));
        let state = self.state.clone();
        self.flights.push(Box::pin(async move { (job, name, check(state, group).await) }));
        Ok(true)
    }
}

/// Checks a group and puts what was found in its place.
async fn check(state: web::Data<AppState>, group: JobGroup) -> Result<(), Problem> {
    let asked = serde_json::from_value::<Asked>(group.asked.clone());
    let lines = serde_json::from_str::<Vec<KeptRow>>(&group.lines);
    let (asked, lines) = match (asked, lines) {
        (Ok(asked), Ok(lines)) => (asked, lines),
        (Err(error), _) | (_, Err(error)) => {
            tracing::error!(
                job.group = group.name(),
                error.message = %error,
                "what was kept of a group of a job is not to be understood, and the group is left"
            );
            let (results, tally) = lost(group.span(), &state.site);
            return finish(&state, group, results, tally).await;
        }
    };
    // A policy that was taken away since judges nothing: its credentials are told without one
    // verdict too many.
    let trusted = match trust(&state, asked.policy.as_deref()).await {
        Ok(trusted) => Ok(Expectation { trust: trusted, ..Expectation::default() }),
        Err(problem) if problem.kind == &table::UNAVAILABLE => return Err(problem),
        Err(problem) => Err(problem.document(&state.site, "")),
    };
    let (results, tally) = match trusted {
        Err(why) => refused(lines, &why),
        Ok(_) if group.tries >= TRIES => {
            tracing::error!(
                job.group = group.name(),
                "a group of a job was not finished so often that it is left"
            );
            refused(lines, &Problem::internal(&"a group was taken on too often").document(&state.site, ""))
        }
        Ok(common) => {
            let language = asked.language();
            let checking = Checking { state: state.clone(), common, whole: asked.whole, language };
            let again = lines.iter().cloned().map(batch::Numbered::from).collect();
            let flight = state.checkers.check(async move { checking.lines(again).await });
            let flight = flight.map_err(|error| Problem::internal(error))?;
            flight.await.unwrap_or_else(|error| {
                tracing::error!(error.message = %error, "checking a group of a job panicked");
                let why = Problem::internal(&"a group could not be checked").document(&state.site, "");
                refused(lines, &why)
            })
        }
    };
    finish(&state, group, results, tally).await
}

/// Puts what was found in the place of the lines.
async fn finish(
    state: &web::Data<AppState>,
    group: JobGroup,
    results: String,
    tally: Tally,
) -> Result<(), Problem> {
    let found = move |state: &AppState| {
        let Tally { valid, invalid, undetermined, unreadable } = tally;
        let tally = JobTally { valid, invalid, undetermined, unreadable };
        let found = Found { results: &results, tally };
        let (keep, now) = (state.limits.job_kept, state.clock.now());
        let entropy = state.entropy.as_ref();
        // Where it was finished by another before, nothing is left to do.
        state.registry.finish_verification_group(&group, found, keep, now, entropy)?;
        Ok(())
    };
    blocking::run(state, found).await
}

/// What is told of lines that cannot be told apart any more: one problem for them all, at the
/// last. How many rows they were shows when the others are checked.
fn lost((first, last): (i64, i64), site: &Site) -> (String, Tally) {
    let detail = format!(
        "The rows on the lines {first} to {last} were kept, and cannot be read back. Send them again in another job."
    );
    let problem = Problem::new(&table::INTERNAL, detail).document(site, "");
    (format!("{}\n", json!({ "line": last, "problem": problem })), Tally::default())
}

/// Lines that could not be checked at all, each with the reason.
fn refused(lines: Vec<KeptRow>, why: &Value) -> (String, Tally) {
    let mut tally = Tally::default();
    let mut results = String::new();
    for KeptRow { row, line, what, .. } in lines {
        tally.unreadable += 1;
        let problem = if let Named::Problem(own) = &what { own } else { why };
        results.push_str(&json!({ "row": row, "line": line, "problem": problem }).to_string());
        results.push('\n');
    }
    (results, tally)
}
