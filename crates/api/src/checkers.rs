//! The threads that check many credentials at a time.

use std::{io, sync::OnceLock, thread::available_parallelism};

use tokio::{
    runtime::{Builder, Runtime},
    task::JoinHandle,
};

/// One for each core, for all batches and jobs together: more would be no quicker, and each
/// keeps the memory of the largest group that it has checked. They may wait for the database;
/// whoever waits for another host keeps no thread. Made when they are first needed.
#[derive(Default)]
pub struct Checkers(OnceLock<io::Result<Runtime>>);

impl Checkers {
    /// How many there are.
    pub fn count() -> usize {
        available_parallelism().map_or(1, usize::from)
    }

    /// Has one of them do `work`, in the order in which it was asked for.
    ///
    /// # Errors
    /// There can be no such threads.
    pub fn check<T: Send + 'static>(
        &self,
        work: impl Future<Output = T> + Send + 'static,
    ) -> Result<JoinHandle<T>, &io::Error> {
        let made = self.0.get_or_init(|| {
            Builder::new_multi_thread()
                .worker_threads(Self::count())
                .thread_name("checker")
                .enable_all()
                .build()
        });
        made.as_ref().map(|runtime| runtime.spawn(work))
    }
}

impl Drop for Checkers {
    fn drop(&mut self) {
        // The last who holds the state may be a thread that must not wait.
        if let Some(Ok(runtime)) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}
