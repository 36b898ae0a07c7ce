use std::{collections::BTreeSet, thread};

use model::id::CredentialId;
use registry::{BeginOutcome, Options, Registry, RegistryError, Unknown};
use testkit::{DIGEST_KEY, SEALING_KEY, TestDb, backends, completion, noon};

use crate::support::{begin, begun, complete, entropy, intake, issue, keyed, signed, try_begin};

/// Runs the same work in many threads at once and gathers what each gives.
fn in_parallel<T: Send>(threads: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let work = &work;
    thread::scope(|scope| {
        let running: Vec<_> = (0..threads).map(|n| scope.spawn(move || work(n))).collect();
        running.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}

/// The credential a post leads to, whatever the race made of it.
fn settle(db: &Registry, outcome: BeginOutcome) -> CredentialId {
    match outcome {
        BeginOutcome::Begun(pending) => complete(db, &pending).credential_id,
        BeginOutcome::InFlight(id) => id,
        BeginOutcome::Replayed(issued) => issued.credential_id,
        other => panic!("{other:?}"),
    }
}

fn assert_one(db: &TestDb, met: Vec<CredentialId>) {
    assert_eq!(met.into_iter().collect::<BTreeSet<_>>().len(), 1);
    let report = db.audit(noon()).unwrap();
    assert_eq!((report.completions, report.credentials, report.ledger_entries), (1, 1, 1));
    assert_eq!((report.findings, report.pending), (vec![], vec![]));
}

backends! {
    fn a_hundred_parallel_posts_with_one_key_give_one_credential(db: TestDb) {
        let db = db.with_catalogue();
        let stated = completion("Siân Example").email("sian@example.org").build();
        let met = in_parallel(100, |_| settle(&db, begin(&db, keyed(&stated, "a", "key", "body"))));
        assert_one(&db, met);
    }

    fn a_hundred_parallel_posts_without_a_key_give_one_credential(db: TestDb) {
        let db = db.with_catalogue();
        let other = db.reopen();
        let stated = completion("Siân Example").email("sian@example.org").build();
        let met = in_parallel(100, |n| {
            let registry = if n % 2 == 0 { db.registry() } else { &other };
            settle(registry, begin(registry, intake(&stated)))
        });
        assert_one(&db, met);
    }

    fn one_learner_known_by_two_numbers_is_not_awarded_twice(db: TestDb) {
        // The two posts share no identifier, so no lock makes one wait: the
        // unique natural key does, and the loser looks again.
        let db = db.with_catalogue();
        let known = completion("Siân Example").staff_number("A1").registration("F1").reference("r-0").build();
        issue(&db, &known);
        for round in 0..20 {
            let at = noon() - chrono::Duration::days(round);
            let one = completion("Siân Example").staff_number("A1").completed_at(at).build();
            let two = completion("Siân Example").registration("F1").completed_at(at).build();
            let outcomes = in_parallel(2, |n| begin(&db, intake(if n == 0 { &one } else { &two })));
            let begun = outcomes.iter().filter(|outcome| matches!(outcome, BeginOutcome::Begun(_))).count();
            let busy = outcomes.iter().filter(|outcome| matches!(outcome, BeginOutcome::Busy(_))).count();
            assert_eq!((begun, busy), (1, 1), "{outcomes:?}");
        }
    }

    fn indexes_given_out_in_parallel_are_never_the_same(db: TestDb) {
        let db = db.with_catalogue();
        let other = db.reopen();
        in_parallel(8, |thread| {
            let registry = if thread % 2 == 0 { db.registry() } else { &other };
            for batch in 0..25 {
                let stated: Vec<_> = (0..10)
                    .map(|n| completion("Siân Example").staff_number(&format!("{thread}-{batch}-{n}")).build())
                    .collect();
                let rows: Vec<_> = stated.iter().map(intake).collect();
                assert_eq!(try_begin(registry, &rows).unwrap().into_iter().map(begun).count(), 10);
            }
        });
        let distinct = "SELECT count(*) AS number FROM \
                        (SELECT DISTINCT status_list_id, status_index FROM credentials) AS places";
        assert_eq!(db.number(distinct), 2000);
        assert_eq!(db.number("SELECT count(*) AS number FROM status_lists"), 1);
        assert_eq!(db.audit(noon()).unwrap().findings, []);
    }

    fn a_full_list_is_followed_by_a_new_one(db: TestDb) {
        let db = db.with_catalogue();
        issue(&db, &completion("Siân Example").staff_number("1").build());
        db.sql("UPDATE status_lists SET next_place = 131060").unwrap();
        let restarted = db.reopen();
        let stated: Vec<_> = (0..40).map(|n| completion("Ali Example").staff_number(&format!("A{n}")).build()).collect();
        let rows: Vec<_> = stated.iter().map(intake).collect();
        assert_eq!(try_begin(&restarted, &rows).unwrap().into_iter().map(begun).count(), 40);
        assert_eq!(db.number("SELECT count(*) AS number FROM status_lists"), 2);
        assert_eq!(db.audit(noon()).unwrap().findings, []);
    }

    fn no_revocation_is_lost(db: TestDb) {
        let db = db.with_catalogue();
        let stated: Vec<_> = (0..200).map(|n| completion("Siân Example").staff_number(&format!("A{n}")).build()).collect();
        let rows: Vec<_> = stated.iter().map(intake).collect();
        let pending: Vec<_> = try_begin(&db, &rows).unwrap().into_iter().map(begun).collect();
        let finished: Vec<_> = pending.iter().map(signed).collect();
        let issued = db.complete_issuance(&finished, &Unknown, noon(), entropy()).unwrap().issued;
        // Every credential is revoked by two threads of eight.
        let firsts: usize = in_parallel(8, |thread| {
            let mine = issued.iter().enumerate().filter(|(n, _)| n % 4 == thread % 4);
            mine.filter(|(_, one)| {
                let done = db.revoke(one.credential_id, "sample", "test", noon(), entropy()).unwrap().unwrap();
                !done.was_already
            })
            .count()
        })
        .into_iter()
        .sum();
        assert_eq!(firsts, 200);
        let list = db.credential(issued[0].credential_id).unwrap().unwrap().status_list;
        let state = db.status_list(list).unwrap().unwrap();
        assert_eq!((state.set.len(), state.revision), (200, 200));
        assert_eq!(db.audit(noon()).unwrap().findings, []);
    }

    fn two_drivers_may_complete_the_same_credentials(db: TestDb) {
        let db = db.with_catalogue();
        let stated: Vec<_> = (0..20).map(|n| completion("Siân Example").staff_number(&format!("A{n}")).build()).collect();
        let rows: Vec<_> = stated.iter().map(intake).collect();
        let pending: Vec<_> = try_begin(&db, &rows).unwrap().into_iter().map(begun).collect();
        let mut finished: Vec<_> = pending.iter().map(signed).collect();
        let forwards = finished.clone();
        finished.reverse();
        let answers = in_parallel(4, |n| {
            let rows = if n % 2 == 0 { &forwards } else { &finished };
            let mut answers = db.complete_issuance(rows, &Unknown, noon(), entropy()).unwrap().issued;
            answers.sort_by_key(|one| one.credential_id);
            answers
        });
        assert!(answers.windows(2).all(|pair| pair[0] == pair[1]));
        assert_eq!(db.number("SELECT count(*) AS number FROM ledger_entries"), 20);
    }

    fn many_processes_may_migrate_at_once(db: TestDb) {
        let names = in_parallel(6, |_| db.reopen().migrate(entropy()).unwrap());
        assert!(names.iter().all(Vec::is_empty));
        assert_eq!(db.pending_migrations().unwrap(), Vec::<String>::new());
    }

    fn another_digest_key_is_refused(db: TestDb) {
        let mut key = DIGEST_KEY;
        key[0] ^= 1;
        let other = Registry::open(db.url(), Options { pool_size: 1, digest_key: key, sealing_key: SEALING_KEY }).unwrap();
        let error = other.migrate(entropy()).unwrap_err();
        assert!(matches!(error, RegistryError::Configuration(_)), "{error}");
    }
}

#[test]
fn an_empty_file_is_migrated_by_many_at_once() {
    let directory = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}/not/yet/there/registry.db", directory.path().display());
    let open = || {
        Registry::open(&url, Options { pool_size: 2, digest_key: DIGEST_KEY, sealing_key: SEALING_KEY })
            .unwrap()
    };
    let run = in_parallel(6, |_| open().migrate(entropy()).unwrap());
    assert_eq!(run.iter().filter(|names| !names.is_empty()).count(), 1, "one of them did the work");
}

#[test]
fn a_server_that_is_not_there_is_unavailable_and_no_bug() {
    let options = Options { pool_size: 1, digest_key: DIGEST_KEY, sealing_key: SEALING_KEY };
    // Port 9 is discard; nobody listens there.
    let registry = Registry::open("postgres://nobody@127.0.0.1:9/none", options).unwrap();
    let error = registry.ping().unwrap_err();
    assert!(matches!(error, RegistryError::Unavailable(_)), "{error}");
}
