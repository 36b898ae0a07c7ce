//! What is verified at the same moment.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use verification::Verifier;

use crate::state::AppState;

/// How long a moment is.
const LASTS: Duration = Duration::from_millis(10);

/// The verifier of the moment, and since when it is that.
#[derive(Default)]
pub struct Moment(Mutex<Option<(Instant, Arc<Verifier>)>>);

impl AppState {
    /// The verifier that all share who ask at this moment: [`Verifier::for_a_moment`].
    pub fn verifier_now(&self) -> Arc<Verifier> {
        self.moment.verifier(&self.verifier, Instant::now())
    }
}

impl Moment {
    fn verifier(&self, lasting: &Verifier, now: Instant) -> Arc<Verifier> {
        let mut latest = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match &*latest {
            Some((since, verifier)) if now.saturating_duration_since(*since) < LASTS => Arc::clone(verifier),
            _ => Arc::clone(&latest.insert((now, Arc::new(lasting.for_a_moment()))).1),
        }
    }
}

#[cfg(test)]
mod tests {
    use async_trait::async_trait;
    use model::clock::SystemClock;
    use verification::{Fetch, FetchError, Fetched};

    use super::*;

    struct Nowhere;

    #[async_trait]
    impl Fetch for Nowhere {
        async fn fetch(&self, url: &str, _: &str, _: usize) -> Result<Fetched, FetchError> {
            Err(FetchError::NoSuchHost(url.to_owned()))
        }
    }

    #[test]
    fn a_moment_begins_with_the_first_who_asks_and_ends_by_the_clock() {
        let lasting = Verifier::new(Arc::new(Nowhere), Arc::new(SystemClock));
        let (moment, first) = (Moment::default(), Instant::now());
        let begun = |after: Duration| {
            let _ = moment.verifier(&lasting, first + after);
            moment.0.lock().unwrap().as_ref().unwrap().0
        };
        assert_eq!(begun(Duration::ZERO), first);
        assert_eq!(begun(LASTS / 2), first, "nobody who asks makes it longer");
        assert_eq!(begun(LASTS * 9 / 10), first);
        assert_eq!(begun(LASTS), first + LASTS);
    }
}
