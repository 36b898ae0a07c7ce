//! Whether the server answers. libpq has no bound on the time it waits for an
//! answer: a caller whose server is frozen waits for as long as that lasts. So one
//! thread asks in everybody's place, and the others can tell that it is waiting.

use std::{
    sync::{
        Arc, Mutex,
        mpsc::{self, Receiver, RecvTimeoutError},
    },
    thread,
    time::{Duration, Instant},
};

use diesel::r2d2::{ManageConnection, R2D2Connection};

use crate::{
    open::held,
    pool::{Kept, Manager},
};

/// How long after an answer the server is asked again.
const PAUSE: Duration = Duration::from_millis(500);

/// How long an answer may take. A healthy server gives it in less than a
/// hundredth of that.
const SILENCE: Duration = Duration::from_secs(2);

/// Asks until it is dropped.
pub(crate) struct Pulse {
    state: Arc<Mutex<State>>,
    /// Wakes the thread by being dropped.
    _stop: mpsc::Sender<()>,
}

#[derive(Clone, Copy)]
enum State {
    /// A question is on its way.
    Asked { at: Instant, answered_before: bool },
    /// The last question came to an end: with an answer, or with an error.
    Settled { answered: bool },
}

impl State {
    fn answers(self) -> bool {
        match self {
            Self::Asked { at, answered_before } => answered_before && at.elapsed() < SILENCE,
            Self::Settled { answered } => answered,
        }
    }
}

impl Pulse {
    pub(crate) fn start(manager: Manager) -> Self {
        let state = Arc::new(Mutex::new(State::Settled { answered: true }));
        let (stop, stopped) = mpsc::channel();
        let shared = Arc::clone(&state);
        let thread = thread::Builder::new().name("database-pulse".to_owned());
        if let Err(error) = thread.spawn(move || beat(&manager, &shared, &stopped)) {
            tracing::error!(%error, "nobody looks whether the database answers");
        }
        Self { state, _stop: stop }
    }

    /// Whether the server answered when it was last asked, and is not keeping the
    /// next answer waiting.
    pub(crate) fn answers(&self) -> bool {
        held(&self.state).answers()
    }
}

fn beat(manager: &Manager, state: &Mutex<State>, stop: &Receiver<()>) {
    let mut connection = None;
    loop {
        let answered_before = held(state).answers();
        *held(state) = State::Asked { at: Instant::now(), answered_before };
        let answered = ask(manager, &mut connection);
        *held(state) = State::Settled { answered };
        if answered != answered_before {
            tracing::warn!(database.answers = answered, "the database {}", word(answered));
        }
        match stop.recv_timeout(PAUSE) {
            Err(RecvTimeoutError::Timeout) => {}
            Ok(()) | Err(RecvTimeoutError::Disconnected) => return,
        }
    }
}

/// A connection that no longer works says nothing of the server, which may have
/// been restarted: a new one is asked before the server is said to be away.
fn ask(manager: &Manager, connection: &mut Option<Kept>) -> bool {
    let works = |kept: &mut Kept| kept.db.ping().is_ok();
    if !connection.as_mut().is_some_and(works) {
        *connection = manager.connect().ok().and_then(|mut kept| works(&mut kept).then_some(kept));
    }
    connection.is_some()
}

fn word(answered: bool) -> &'static str {
    if answered { "answers again" } else { "does not answer" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_counts_as_answered_until_it_has_waited_too_long() {
        let asked = |ago, answered_before| State::Asked {
            at: Instant::now().checked_sub(ago).unwrap(),
            answered_before,
        };
        assert!(asked(Duration::ZERO, true).answers());
        assert!(!asked(SILENCE, true).answers());
        assert!(!asked(Duration::ZERO, false).answers());
        assert!(State::Settled { answered: true }.answers());
        assert!(!State::Settled { answered: false }.answers());
    }
}
