use chrono::{DateTime, TimeDelta, Utc};
use model::id::VerificationJobId;
use registry::{
    Found, JobBegun, JobKey, JobResults, JobState, JobTally, NewClient, NewJobGroup, NewVerificationJob,
    Registry, Usage,
};
use serde_json::json;
use testkit::{backends, noon};

use crate::support::entropy;

const BODY: [u8; 32] = [7; 32];

fn clients(db: &Registry) {
    for id in ["employer", "agency"] {
        let client = NewClient {
            id: id.to_owned(),
            name: id.to_owned(),
            provider: None,
            role: "auditor".to_owned(),
            scopes: Vec::new(),
            jwks: None,
            secret_hash: None,
        };
        db.create_client(&client, noon()).unwrap();
    }
}

fn begin(db: &Registry, client: &str, name: Option<&str>) -> (VerificationJobId, JobBegun) {
    begin_at(db, client, name, noon())
}

fn begin_at(
    db: &Registry,
    client: &str,
    name: Option<&str>,
    now: DateTime<Utc>,
) -> (VerificationJobId, JobBegun) {
    let id = VerificationJobId::random(entropy());
    let asked = json!({ "whole": false });
    let job = NewVerificationJob {
        id,
        client,
        asked: &asked,
        idempotency: name,
        held_until: now + TimeDelta::seconds(15),
        most: 2,
    };
    (id, db.begin_verification_job(&job, now, entropy()).unwrap())
}

fn begun(db: &Registry, client: &str, name: Option<&str>) -> (VerificationJobId, JobKey) {
    match begin(db, client, name) {
        (id, JobBegun::Begun(key)) => (id, key),
        _ => panic!("it was not begun"),
    }
}

/// A job of `groups` groups of two lines each.
fn sent(db: &Registry, client: &str, groups: u64) -> VerificationJobId {
    let (id, key) = begun(db, client, None);
    for group in 0..groups {
        add(db, &key, group);
    }
    assert!(db.accept_verification_job(id, &BODY).unwrap());
    id
}

fn add(db: &Registry, key: &JobKey, group: u64) {
    let lines = format!("Rhiannon Test {group}");
    let group = NewJobGroup { first_line: group * 2 + 1, last_line: group * 2 + 2, count: 2, lines: &lines };
    assert!(db.add_to_verification_job(key, group, entropy()).unwrap());
}

fn tally() -> JobTally {
    JobTally { valid: 1, unreadable: 1, ..JobTally::default() }
}

fn finish(db: &Registry, id: VerificationJobId, besides: &[i64], now: DateTime<Utc>) -> bool {
    let group = db.next_verification_group(id, besides, "worker").unwrap().unwrap();
    let results = format!("found of {}", group.lines);
    let found = Found { results: &results, tally: tally() };
    db.finish_verification_group(&group, found, TimeDelta::days(3), now, entropy()).unwrap()
}

backends! {
    fn a_job_is_received_worked_off_and_read_in_the_order_of_its_lines(db: TestDb) {
        clients(&db);
        let id = sent(&db, "employer", 3);
        let record = db.verification_job(id).unwrap().unwrap();
        assert_eq!((record.state, record.counted, record.tally.sum()), (JobState::Working, 6, 0));
        assert_eq!((record.kept_until, record.client.as_str()), (None, "employer"));
        assert!(finish(&db, id, &[1], noon()), "the second group first");
        assert_eq!(db.verification_results(id, 0).unwrap(), JobResults::Waiting, "never out of order");
        assert!(finish(&db, id, &[], noon()));
        let first = "found of Rhiannon Test 0".to_owned();
        assert_eq!(db.verification_results(id, 0).unwrap(), JobResults::Group(first.clone(), 2));
        assert_eq!(db.verification_results(id, 1).unwrap(), JobResults::Group(first, 2), "in the midst of it");
        let second = "found of Rhiannon Test 1".to_owned();
        assert_eq!(db.verification_results(id, 2).unwrap(), JobResults::Group(second, 4));
        assert_eq!(db.verification_results(id, 4).unwrap(), JobResults::Waiting);
        assert!(finish(&db, id, &[], noon()));
        assert!(db.next_verification_group(id, &[], "worker").unwrap().is_none());
        assert_eq!(db.verification_results(id, 6).unwrap(), JobResults::End);
        let asked = Usage { valid: 3, unreadable: 3, ..Usage::default() };
        assert_eq!(db.usage("employer", noon().date_naive(), noon().date_naive()).unwrap(), [(noon().date_naive(), asked)]);
        let record = db.verification_job(id).unwrap().unwrap();
        assert_eq!((record.state, record.finished), (JobState::Done, Some(noon())));
        assert_eq!(record.kept_until, Some(noon() + TimeDelta::days(3)));
        assert_eq!(record.tally, JobTally { valid: 3, unreadable: 3, ..JobTally::default() });
    }

    fn a_group_that_two_work_on_is_finished_once(db: TestDb) {
        clients(&db);
        let id = sent(&db, "employer", 2);
        let (one, other) =
            (db.next_verification_group(id, &[], "worker").unwrap().unwrap(), db.next_verification_group(id, &[], "worker").unwrap().unwrap());
        assert_eq!(one.name(), other.name());
        let mut finished = Vec::new();
        for (group, results) in [(&one, "first"), (&other, "second")] {
            let found = Found { results, tally: tally() };
            finished.push(db.finish_verification_group(group, found, TimeDelta::days(3), noon(), entropy()).unwrap());
        }
        assert_eq!(finished, [true, false]);
        assert_eq!(db.verification_results(id, 0).unwrap(), JobResults::Group("first".to_owned(), 2));
        assert_eq!(db.verification_job(id).unwrap().unwrap().tally, tally());
    }

    fn a_job_belongs_to_one_worker_until_that_one_is_silent(db: TestDb) {
        clients(&db);
        let (first, second) = (sent(&db, "employer", 1), sent(&db, "agency", 1));
        let soon = noon() + TimeDelta::seconds(15);
        let lease = |worker: &str, now: DateTime<Utc>| {
            let jobs = db.lease_verification_jobs(worker, now, now + TimeDelta::seconds(15)).unwrap();
            jobs.into_iter().map(|(id, _)| id).collect::<Vec<_>>()
        };
        let mut all = vec![first, second];
        all.sort_by_key(ToString::to_string);
        assert_eq!(lease("a", noon()), all);
        assert!(lease("b", soon).is_empty());
        assert_eq!(lease("a", soon), all, "it goes on");
        assert_eq!(lease("b", soon + TimeDelta::seconds(16)), all);
        assert!(lease("a", soon + TimeDelta::seconds(17)).is_empty());
        assert!(finish(&db, first, &[], noon()));
        assert_eq!(lease("b", soon + TimeDelta::seconds(17)), [second], "what is done is nobody's");
    }

    fn what_is_kept_is_sealed_and_goes_with_its_key(db: TestDb) {
        clients(&db);
        let id = sent(&db, "employer", 300);
        assert!(finish(&db, id, &[], noon()));
        let open = "SELECT count(*) AS number FROM verification_job_groups WHERE lines LIKE '%Rhiannon%' OR results LIKE '%Rhiannon%'";
        assert_eq!(db.number(open), 0);
        assert_eq!(db.number("SELECT count(*) AS number FROM verification_job_groups WHERE lines IS NULL"), 1);
        let group = db.next_verification_group(id, &[], "worker").unwrap().unwrap();
        assert!(db.remove_verification_job(id, noon()).unwrap());
        assert!(!db.remove_verification_job(id, noon()).unwrap());
        assert_eq!(db.verification_job(id).unwrap(), None);
        assert_eq!(db.verification_results(id, 0).unwrap(), JobResults::Removed);
        let found = Found { results: "x", tally: tally() };
        assert!(!db.finish_verification_group(&group, found, TimeDelta::days(3), noon(), entropy()).unwrap());
        assert_eq!(db.number("SELECT count(*) AS number FROM verification_job_groups"), 0);
        assert_eq!(db.number("SELECT count(*) AS number FROM verification_jobs"), 0);
    }

    fn a_request_has_one_job_and_a_client_only_so_many(db: TestDb) {
        clients(&db);
        let (id, key) = begun(&db, "employer", Some("monday"));
        let JobBegun::Known(known) = begin(&db, "employer", Some("monday")).1 else { panic!("it is known") };
        assert_eq!((known.id, known.state), (id, JobState::Receiving));
        add(&db, &key, 0);
        assert!(db.accept_verification_job(id, &BODY).unwrap());
        assert!(!db.accept_verification_job(id, &BODY).unwrap());
        assert!(db.is_body_of_verification_job(id, &BODY).unwrap());
        assert!(!db.is_body_of_verification_job(id, &[8; 32]).unwrap());
        let late = NewJobGroup { first_line: 9, last_line: 9, count: 1, lines: "" };
        assert!(!db.add_to_verification_job(&key, late, entropy()).unwrap(), "it has come whole");
        begun(&db, "employer", Some("tuesday"));
        assert!(matches!(begin(&db, "employer", Some("monday")).1, JobBegun::Known(_)), "though there are many");
        assert!(matches!(begin(&db, "employer", Some("wednesday")).1, JobBegun::TooMany));
        assert!(matches!(begin(&db, "agency", Some("monday")).1, JobBegun::Begun(_)), "another's name is another");
        assert!(db.remove_verification_job(id, noon()).unwrap());
        assert!(matches!(begin(&db, "employer", Some("monday")).1, JobBegun::Begun(_)), "it is gone");
    }

    fn jobs_that_are_begun_at_once_are_no_more_than_there_may_be(db: TestDb) {
        clients(&db);
        let begun: usize = std::thread::scope(|scope| {
            let at_once: Vec<_> = (0..8).map(|_| scope.spawn(|| begin(&db, "employer", None).1)).collect();
            at_once.into_iter().map(|one| usize::from(matches!(one.join().unwrap(), JobBegun::Begun(_)))).sum()
        });
        assert_eq!(begun, 2);
    }

    fn a_group_is_tried_by_who_takes_it_on_and_by_what_lies_with_it(db: TestDb) {
        clients(&db);
        let id = sent(&db, "employer", 1);
        let tries = |worker| db.next_verification_group(id, &[], worker).unwrap().unwrap().tries;
        assert_eq!(["one", "one", "two", "two", "one"].map(tries), [0, 0, 1, 1, 2]);
        let name = db.next_verification_group(id, &[], "one").unwrap().unwrap().name();
        db.blame_verification_group(id, name).unwrap();
        assert_eq!(["one", "three"].map(tries), [3, 4]);
        // Neither could do anything about it: the one who has it, and the one who had it before.
        db.spare_verification_group(id, name, "three").unwrap();
        db.spare_verification_group(id, name, "one").unwrap();
        assert_eq!(["three", "four"].map(tries), [3, 4]);
    }

    fn whoever_receives_a_job_holds_it_and_whoever_dies_loses_it_to_a_repeat(db: TestDb) {
        clients(&db);
        let (dead, key) = begun(&db, "employer", Some("monday"));
        add(&db, &key, 0);
        begun(&db, "employer", None);
        let [soon, late] = [14, 30].map(|seconds| noon() + TimeDelta::seconds(seconds));
        assert!(db.hold_verification_job(dead, soon, soon + TimeDelta::seconds(15)).unwrap());
        let JobBegun::Known(known) = begin_at(&db, "employer", Some("monday"), soon).1 else { panic!("it is held") };
        assert_eq!((known.id, known.kept_until), (dead, Some(soon + TimeDelta::seconds(15))));
        assert!(!db.hold_verification_job(dead, late, late + TimeDelta::seconds(15)).unwrap(), "too late");
        // Both that the client had are over, so that there is room for two.
        let again: Vec<_> = std::thread::scope(|scope| {
            let both = [(), ()].map(|()| scope.spawn(|| begin_at(&db, "employer", Some("monday"), late)));
            both.map(|one| one.join().unwrap()).into()
        });
        let new: Vec<_> = again.iter().filter(|(_, begun)| matches!(begun, JobBegun::Begun(_))).collect();
        assert!(matches!(new.as_slice(), [(id, _)] if *id != dead), "one of both");
        assert!(matches!(begin_at(&db, "employer", None, late).1, JobBegun::Begun(_)));
        assert!(matches!(begin_at(&db, "employer", None, late).1, JobBegun::TooMany));
        let more = NewJobGroup { first_line: 3, last_line: 3, count: 1, lines: "" };
        assert!(!db.add_to_verification_job(&key, more, entropy()).unwrap());
        assert!(!db.accept_verification_job(dead, &BODY).unwrap());
        assert_eq!(db.verification_job(dead).unwrap(), None);
        assert_eq!(db.number("SELECT count(*) AS number FROM verification_job_groups"), 1);
        db.sweep_verification_jobs(late + TimeDelta::seconds(1)).unwrap();
        assert_eq!(db.number("SELECT count(*) AS number FROM verification_job_groups"), 0);
    }

    fn what_was_kept_long_enough_or_never_came_whole_is_swept(db: TestDb) {
        clients(&db);
        let done = sent(&db, "employer", 1);
        assert!(finish(&db, done, &[], noon()));
        let working = sent(&db, "employer", 1);
        let (broken, _) = begun(&db, "agency", None);
        assert_eq!(db.sweep_verification_jobs(noon() + TimeDelta::seconds(14)).unwrap(), 0);
        assert_eq!(db.sweep_verification_jobs(noon() + TimeDelta::seconds(16)).unwrap(), 1);
        assert_eq!(db.verification_job(broken).unwrap(), None);
        assert_eq!(db.sweep_verification_jobs(noon() + TimeDelta::days(4)).unwrap(), 1);
        assert_eq!(db.verification_job(done).unwrap(), None);
        assert!(db.verification_job(working).unwrap().is_some(), "what is not done stays");
    }
}
