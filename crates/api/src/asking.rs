//! Short questions to the database, off the threads that answer requests.

use std::{
    collections::VecDeque,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::{sync::oneshot, task::spawn_blocking};

/// Questions that wait for one thread before another helps.
const PATIENCE: usize = 8;
/// Threads that answer at once, at most.
const THREADS: usize = 4;

/// Who answers.
#[derive(Clone)]
pub enum Asking {
    /// The thread that asks: one that answers no requests, or a question that waits for
    /// nothing.
    Here,
    /// A thread for all who ask at the same time: to wake one for each costs more than
    /// such a question does.
    Together(Arc<Questions>),
}

/// The question panicked.
#[derive(Debug, thiserror::Error)]
#[error("it panicked")]
pub struct Unanswered;

type Question = Box<dyn FnOnce() + Send>;

/// The questions that wait, and who answers them.
#[derive(Default)]
pub struct Questions(Mutex<Waiting>);

#[derive(Default)]
struct Waiting {
    questions: VecDeque<Question>,
    threads: usize,
}

impl Asking {
    /// The answer to `question`.
    pub async fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Unanswered> {
        match self {
            Self::Here => catch_unwind(AssertUnwindSafe(question)).map_err(|_| Unanswered),
            Self::Together(questions) => {
                let (tell, told) = oneshot::channel();
                // Nobody listens any more if the client has gone, or has given up waiting for a
                // database that does not answer.
                questions.put(Box::new(move || {
                    if !tell.is_closed() {
                        drop(tell.send(question()));
                    }
                }));
                told.await.map_err(|_| Unanswered)
            }
        }
    }
}

impl Questions {
    fn put(self: &Arc<Self>, question: Question) {
        let mut waiting = self.waiting();
        waiting.questions.push_back(question);
        if waiting.threads < THREADS && waiting.questions.len() > PATIENCE * waiting.threads {
            waiting.threads += 1;
            drop(waiting);
            let questions = Arc::clone(self);
            drop(spawn_blocking(move || while questions.answer_one() {}));
        }
    }

    /// Answers the next question; whether there was one. If not, the thread has gone.
    fn answer_one(&self) -> bool {
        let mut waiting = self.waiting();
        let Some(question) = waiting.questions.pop_front() else {
            waiting.threads = waiting.threads.saturating_sub(1);
            return false;
        };
        drop(waiting);
        // Whoever asked learns of a panic by hearing nothing.
        let _ = catch_unwind(AssertUnwindSafe(question));
        true
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::{
        pin::pin,
        sync::{
            atomic::{AtomicBool, Ordering},
            mpsc,
        },
    };

    use futures_util::FutureExt as _;

    use super::*;

    #[tokio::test]
    async fn every_question_is_answered_and_a_panic_harms_no_other() {
        let questions = Arc::<Questions>::default();
        let (here, together) = (Asking::Here, Asking::Together(Arc::clone(&questions)));
        let asked = (0..200).map(|number| {
            together.ask(move || {
                assert!(number % 50 != 7, "a question of the test's that panics");
                number
            })
        });
        let answers: Vec<Option<usize>> =
            futures_util::future::join_all(asked).await.into_iter().map(Result::ok).collect();
        let expected: Vec<Option<usize>> =
            (0..200).map(|number| Some(number).filter(|number| number % 50 != 7)).collect();
        assert_eq!(answers, expected);
        assert!(here.ask(|| panic!("another")).await.is_err());
        assert_eq!(here.ask(|| 1).await.ok(), Some(1));
        // Threads go when nothing waits.
        while questions.waiting().threads > 0 {
            tokio::task::yield_now().await;
        }
    }

    #[tokio::test]
    async fn nothing_is_asked_for_who_has_gone() {
        let (together, asked) = (Asking::Together(Arc::default()), Arc::<AtomicBool>::default());
        let (go_on, wait) = mpsc::channel::<()>();
        let mut first = pin!(together.ask(move || wait.recv().is_ok()));
        assert!(first.as_mut().now_or_never().is_none());
        let is_asked = Arc::clone(&asked);
        assert!(together.ask(move || is_asked.store(true, Ordering::Relaxed)).now_or_never().is_none());
        let last = pin!(together.ask(|| 3));
        go_on.send(()).unwrap();
        assert_eq!((first.await.ok(), last.await.ok()), (Some(true), Some(3)));
        assert!(!asked.load(Ordering::Relaxed));
    }
}
