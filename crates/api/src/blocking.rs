//! Work that waits for the database or computes for long: off the threads
//! that answer requests.

use std::{
    hash::Hash,
    pin::{Pin, pin},
    sync::Arc,
    time::Duration,
};

use actix_web::{
    rt::{task::spawn_blocking, time::timeout},
    web,
};
use issuing::{AcceptError, Answer, Caller, IssuingError, Submission};
use registry::{Registry, RegistryError};

use tokio::sync::oneshot;

use crate::{
    lookups::Lookups,
    problem::{Problem, table},
    state::AppState,
};

/// Work that takes longer than this may be waiting for a database that does not
/// answer.
const LOOK: Duration = Duration::from_millis(250);

/// Runs `work` on the blocking pool. Work in progress while the database does not
/// answer is given up: nothing bounds how long it may wait for a frozen server. What
/// it had asked for may be done later, when the server goes on; the client asks again
/// and finds it done.
pub async fn run<T: Send + 'static>(
    state: &web::Data<AppState>,
    work: impl FnOnce(&AppState) -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    let working = pin!(web::block({
        let state = state.clone();
        move || work(&state)
    }));
    while_it_answers(state, working).await??
}

/// Accepts a completion together with those that come in at the same time, on the one
/// or two threads of the blocking pool that do so for all.
pub async fn accept(
    state: &web::Data<AppState>,
    caller: &Caller,
    submission: Submission,
) -> Result<Answer, Problem> {
    let (tell, told) = oneshot::channel();
    // Nobody listens any more if the client has gone.
    match state.service.submit(caller, submission, move |answer| drop(tell.send(answer))) {
        Err(error) => return Ok(Err(error)),
        Ok(false) => {}
        Ok(true) => {
            let service = state.service.clone();
            drop(spawn_blocking(move || service.work()));
        }
    }
    let answer = while_it_answers(state, pin!(told)).await?;
    Ok(answer.unwrap_or_else(|_| Err(AcceptError::from(IssuingError::Panicked))))
}

/// What `working` comes to, unless the database stops answering before.
async fn while_it_answers<F: Future>(
    state: &web::Data<AppState>,
    mut working: Pin<&mut F>,
) -> Result<F::Output, Problem> {
    loop {
        match timeout(LOOK, &mut working).await {
            Ok(done) => return Ok(done),
            Err(_) if state.registry.answers() => {}
            Err(_) => {
                tracing::warn!("a request was given up because the database does not answer");
                return Err(Problem::unavailable());
            }
        }
    }
}

/// Asks the registry on the blocking pool.
pub async fn registry<T: Send + 'static>(
    state: &web::Data<AppState>,
    ask: impl FnOnce(&Registry) -> Result<T, RegistryError> + Send + 'static,
) -> Result<T, Problem> {
    run(state, move |state| Ok(ask(&state.registry)?)).await
}

/// What is recorded under `key`, asked together with those who look something up at the same
/// time, on one thread of the blocking pool for all of them.
pub async fn look_up<K, V>(
    state: &web::Data<AppState>,
    lookups: &Arc<Lookups<K, V>>,
    key: K,
) -> Result<Option<Arc<V>>, Problem>
where
    K: Clone + Eq + Hash + Send + 'static,
    V: Send + Sync + 'static,
{
    let (tell, told) = oneshot::channel();
    // Nobody listens any more if the client has gone.
    if lookups.ask(key, move |found| drop(tell.send(found))) {
        let lookups = Arc::clone(lookups);
        drop(spawn_blocking(move || lookups.work()));
    }
    let found = while_it_answers(state, pin!(told)).await?;
    found.map_err(|error| Problem::internal(&error))?.map_err(|error| Problem::from(&*error))
}

impl From<RegistryError> for Problem {
    fn from(error: RegistryError) -> Self {
        (&error).into()
    }
}

impl From<&RegistryError> for Problem {
    fn from(error: &RegistryError) -> Self {
        match error {
            RegistryError::Unavailable(reason) => {
                tracing::warn!(database.reason = %reason, "the database is not available");
                Self::unavailable()
            }
            RegistryError::ReadOnly => Self::new(
                &table::READ_ONLY,
                "This instance of the service only reads, and the request would write. Nothing was recorded.",
            ),
            RegistryError::Erased => {
                Self::new(&table::ERASED, "It was about a person, and was erased at their request.")
            }
            other => Self::internal(other),
        }
    }
}
