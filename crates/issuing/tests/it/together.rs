//! Single posts share transactions, and nothing else.

use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use issuing::{AcceptError, Acceptance, Parts, Service};
use model::clock::Clock;
use testkit::{
    CompletionBuilder, TestService, backends, catalogue::hours, completion, noon, submission, trust,
};

use crate::support::{break_table, count, mend_table};

/// Clients that post at the same time.
const CLIENTS: usize = 64;

fn numbered(n: usize) -> CompletionBuilder {
    completion("Siân Example").staff_number(&format!("A{n}")).reference(&format!("R-{n}"))
}

/// The answers of as many clients as there are posts, all at the same time.
fn at_once(
    clients: usize,
    post: impl Fn(usize) -> Result<Acceptance, AcceptError> + Sync,
) -> Vec<Result<Acceptance, AcceptError>> {
    thread::scope(|scope| {
        let post = &post;
        let clients: Vec<_> = (0..clients).map(|client| scope.spawn(move || post(client))).collect();
        clients.into_iter().map(|client| client.join().unwrap()).collect()
    })
}

/// Lets every moment be another second while `work` is done, so that the times
/// that are stored tell the transactions apart.
fn with_time_passing<T>(service: &TestService, work: impl FnOnce() -> T) -> T {
    let is_over = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            for second in (1..).take_while(|_| !is_over.load(Ordering::Relaxed)) {
                service.clock.set(noon() + TimeDelta::seconds(second));
                thread::sleep(Duration::from_micros(100));
            }
        });
        let done = work();
        is_over.store(true, Ordering::Relaxed);
        done
    })
}

backends! {
    fn posts_at_the_same_time_share_transactions_and_each_is_durable(db: TestDb) {
        let service = TestService::new(db);
        let posted = CLIENTS * 4;
        let answers = with_time_passing(&service, || {
            at_once(CLIENTS, |client| {
                (0..4).map(|n| service.post(numbered(client * 4 + n).build())).collect::<Result<Vec<_>, _>>().map(|mut all| all.remove(0))
            })
        });
        let other = service.db.reopen();
        let issued: BTreeSet<_> = answers.into_iter().map(|answer| answer.unwrap().issued.credential_id).collect();
        assert_eq!(issued.len(), CLIENTS);
        assert!(issued.iter().all(|id| other.credential(*id).unwrap().is_some()));
        let report = other.audit(noon()).unwrap();
        assert_eq!((report.findings, report.pending), (vec![], vec![]));
        assert_eq!(count(&service.db, "ledger_entries"), i64::try_from(posted).unwrap());
        for (column, table) in [("received_at", "completions"), ("recorded_at", "ledger_entries")] {
            let shared = service.db.number(&format!("SELECT count(DISTINCT {column}) AS number FROM {table}"));
            assert!(shared * 4 <= i64::try_from(posted).unwrap(), "{posted} posts took {shared} transactions");
        }
    }

    fn the_same_post_from_many_clients_is_one_credential(db: TestDb) {
        let service = TestService::new(db);
        let answers = at_once(CLIENTS, |_| loop {
            match service.post(numbered(1).build()) {
                Err(AcceptError::InFlight(_)) => thread::yield_now(),
                answer => return answer,
            }
        });
        let issued: BTreeSet<_> = answers.iter().map(|answer| answer.as_ref().unwrap().issued.credential_id).collect();
        assert_eq!(issued.len(), 1);
        assert_eq!(answers.iter().filter(|answer| !answer.as_ref().unwrap().replayed).count(), 1);
        assert_eq!(count(&service.db, "credentials"), 1);
    }

    fn a_faulty_post_harms_none_that_came_with_it(db: TestDb) {
        let service = TestService::new(db);
        break_table(&service.db, "awards", "NEW.amount = '3'", "broken");
        let answers = at_once(CLIENTS, |n| match n % 8 {
            0 => service.post(numbered(n).credit(hours("3")).build()),
            1 => service.post(numbered(n).achievement("no-such-thing").build()),
            _ => service.post(numbered(n).build()),
        });
        for (n, answer) in answers.iter().enumerate() {
            match n % 8 {
                0 => assert!(matches!(answer, Err(AcceptError::Internal(_))), "{answer:?}"),
                1 => assert!(matches!(answer, Err(AcceptError::Invalid(_))), "{answer:?}"),
                _ => assert!(answer.as_ref().is_ok_and(|accepted| !accepted.replayed), "{answer:?}"),
            }
        }
        mend_table(&service.db, "awards");
        assert_eq!(count(&service.db, "credentials"), 48);
        assert_eq!(service.db.audit(noon()).unwrap().findings, []);
    }

    fn a_panic_leaves_the_service_whole(db: TestDb) {
        let service = TestService::new(db);
        let clock = Arc::new(Panicking::default());
        let parts = Parts { clock: clock.clone(), ..service.parts() };
        let fragile = Service::new(parts);

        clock.panics.store(true, Ordering::SeqCst);
        let answer = fragile.accept(&trust(), submission(numbered(1).build()));
        assert!(matches!(answer, Err(AcceptError::Internal(_))), "{answer:?}");

        // The first time is asked for the group, and then each row is tried alone.
        clock.panics.store(true, Ordering::SeqCst);
        let rows = (1..4).map(|n| submission(numbered(n).build())).collect();
        let answers = fragile.accept_many(&trust(), rows);
        assert!(answers.iter().all(Result::is_ok), "{answers:?}");
        assert_eq!(count(&service.db, "credentials"), 3);
    }
}

/// Panics once when it is set to.
#[derive(Default)]
struct Panicking {
    panics: AtomicBool,
}

impl Clock for Panicking {
    fn now(&self) -> DateTime<Utc> {
        assert!(!self.panics.swap(false, Ordering::SeqCst), "a bug");
        noon()
    }
}
