//! What watchers are told, in the transaction that makes it true, once, and in order.

use chrono::{DateTime, TimeDelta, Utc};
use model::id::{CredentialId, WatchId};
use registry::{
    Allocation, Attempt, BeginOutcome, DeliveryFilter, Due, Ended, IntentFields, Issued, NewClient, NewWatch,
    Registry, RenewalOutcome, WatchStatus, Watched,
};
use testkit::{
    backends,
    catalogue::{ACADEMY, slug},
    completion, noon,
};

use crate::support::{begin, complete, document, entropy, intake, issue};

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

fn client(db: &Registry, id: &str) {
    let client = NewClient {
        id: id.to_owned(),
        name: id.to_owned(),
        provider: None,
        role: "auditor".to_owned(),
        scopes: Vec::new(),
        jwks: None,
        secret_hash: None,
    };
    assert!(db.create_client(&client, noon()).unwrap());
}

fn watch(db: &Registry, client: &str, watched: Watched) -> WatchId {
    let id = WatchId::random(entropy());
    let new = NewWatch {
        id,
        client,
        watched,
        endpoint: "https://hr.example.org/hooks",
        secret: SECRET,
        expires: None,
        most: 3,
    };
    assert!(db.watch(&new, noon(), entropy()).unwrap());
    id
}

fn watched(db: &Registry) -> (Issued, WatchId) {
    let issued = issue(db, &completion("Rhiannon Test").build());
    client(db, "employer");
    let id = watch(db, "employer", Watched::Own(issued.credential_id));
    (issued, id)
}

fn other() -> Watched {
    let statement = r#"{"credential":{"id":"urn:uuid:1"}}"#.to_owned();
    Watched::Other { statement, status: WatchStatus::Active, lists: Vec::new(), look: Some(noon()) }
}

fn due(db: &Registry, at: DateTime<Utc>) -> Vec<Due> {
    db.due_events(at, 10, &[]).unwrap()
}

fn kinds(due: &[Due]) -> Vec<&str> {
    due.iter().map(|due| due.event.kind.as_str()).collect()
}

fn attempt(status: u16, next: Option<DateTime<Utc>>) -> Attempt {
    Attempt { begun: noon(), milliseconds: 7, status: Some(status), failure: None, next }
}

/// Has what is due taken, and gives what it was and of which credential.
fn taken(db: &Registry, at: DateTime<Utc>) -> Vec<(String, Option<CredentialId>)> {
    let due = due(db, at);
    for one in &due {
        db.event_attempted(one, &attempt(204, None), Ended::Delivered).unwrap();
    }
    due.into_iter().map(|one| (one.event.kind, one.about)).collect()
}

/// The next credential of an award, which stands until `end`.
fn renew(db: &Registry, issued: &Issued, end: DateTime<Utc>) -> Issued {
    let renewable = db.renewable(issued.award_id).unwrap().unwrap();
    let mut build = |allocation: &Allocation| {
        document(0, allocation).map(|fields| IntentFields { valid_until: Some(end), ..fields })
    };
    match db.begin_renewal(&renewable, &slug(ACADEMY), 2, &mut build, noon(), entropy()).unwrap() {
        RenewalOutcome::Begun(pending) => complete(db, &pending),
        other => panic!("expected Begun, found {other:?}"),
    }
}

backends! {
    fn a_correction_is_told_once_it_is_visible_and_ends_the_watch(db: TestDb) {
        let db = db.with_catalogue();
        let stated = || completion("Rhiannon Test").reference("r-1");
        let issued = issue(&db, &stated().build());
        client(&db, "employer");
        let id = watch(&db, "employer", Watched::Own(issued.credential_id));
        let changed = stated().cohort("Winter 2026").build();
        let BeginOutcome::Correcting(pending, _) = begin(&db, intake(&changed)) else { panic!("it corrects") };
        assert_eq!(taken(&db, noon()), [], "nobody sees the correction yet");
        complete(&db, &pending);
        assert_eq!(taken(&db, noon()), [("credential.superseded".to_owned(), None)]);
        assert_eq!(db.watch_of(id, "employer").unwrap().unwrap().status, WatchStatus::Superseded);
        let late = watch(&db, "employer", Watched::Own(issued.credential_id));
        assert_eq!(db.watch_of(late, "employer").unwrap().unwrap().status, WatchStatus::Superseded);
        // What took its place is another badge, which whoever wants to know of it watches.
        db.revoke(pending.credential_id(), "In error", "registrar", noon(), entropy()).unwrap().unwrap();
        assert_eq!(taken(&db, noon()), []);
    }

    fn a_renewal_is_told_and_from_then_on_its_end_and_its_revocation(db: TestDb) {
        let db = db.with_catalogue();
        let (issued, id) = watched(&db);
        let end = noon() + TimeDelta::days(1);
        let renewed = renew(&db, &issued, end).credential_id;
        assert_eq!(taken(&db, noon()), [("credential.renewed".to_owned(), Some(renewed))]);
        let record = db.watch_of(id, "employer").unwrap().unwrap();
        let now = (record.credential, record.current, record.status);
        assert_eq!(now, (Some(issued.credential_id), Some(renewed), WatchStatus::Active));
        let look = |at| db.watches_to_look_at(at, at + TimeDelta::minutes(5), 10, entropy()).unwrap();
        assert_eq!(look(end), []);
        assert_eq!(taken(&db, end), [], "it stands at the last moment");
        let after = end + TimeDelta::seconds(1);
        for _ in 0..2 {
            assert_eq!(look(after), [], "one of our own is looked at here");
        }
        assert_eq!(taken(&db, after), [("credential.expired".to_owned(), None)]);
        db.revoke(renewed, "In error", "registrar", after, entropy()).unwrap().unwrap();
        assert_eq!(taken(&db, after), [("credential.revoked".to_owned(), None)]);
    }

    fn a_revocation_is_told_once_and_taken_on_by_one_process_at_a_time(db: TestDb) {
        let db = db.with_catalogue();
        let (issued, id) = watched(&db);
        assert_eq!(kinds(&due(&db, noon())), [""; 0]);
        db.revoke(issued.credential_id, "In error", "registrar", noon(), entropy()).unwrap().unwrap();
        db.revoke(issued.credential_id, "Again", "registrar", noon(), entropy()).unwrap().unwrap();
        assert_eq!(db.watch_of(id, "employer").unwrap().unwrap().status, WatchStatus::Revoked);
        assert_eq!(db.due_events(noon(), 10, &["employer".to_owned()]).unwrap().len(), 0, "busy");
        let first = due(&db, noon());
        assert_eq!(kinds(&first), ["credential.revoked"]);
        assert_eq!(first[0].secrets[0].as_str(), SECRET);
        assert_eq!(kinds(&due(&db, noon())), [""; 0], "somebody is at it");
        // That process died; another goes on, and what the first says later counts no more.
        let second = due(&db, noon() + TimeDelta::seconds(31));
        assert_eq!(second[0].event, first[0].event);
        db.event_attempted(&first[0], &attempt(500, Some(noon())), Ended::NotYet).unwrap();
        assert_eq!(db.number("SELECT count(*) AS number FROM watch_attempts"), 0);
        db.event_attempted(&second[0], &attempt(204, None), Ended::Delivered).unwrap();
        assert_eq!(kinds(&due(&db, noon() + TimeDelta::days(1))), [""; 0]);
        let told = db.deliveries(DeliveryFilter { watch: id, before: None, limit: 10 }).unwrap();
        assert_eq!((told.len(), told[0].outcome.as_deref()), (1, Some("delivered")));
        assert_eq!(told[0].attempts, [attempt(204, None)]);
        assert_eq!(db.number("SELECT count(*) AS number FROM watches WHERE secret LIKE '%whsec%'"), 0);
        assert_eq!(db.expire(noon() + TimeDelta::days(31)).unwrap(), 1, "and forgotten in the end");
    }

    fn events_of_a_watch_wait_for_each_other_and_a_test_for_none(db: TestDb) {
        let db = db.with_catalogue();
        client(&db, "employer");
        let id = watch(&db, "employer", other());
        for status in [WatchStatus::Suspended, WatchStatus::Suspended, WatchStatus::Active] {
            db.watch_seen(id, status, noon(), entropy()).unwrap();
        }
        let first = due(&db, noon());
        assert_eq!(kinds(&first), ["credential.suspended"]);
        let later = noon() + TimeDelta::hours(1);
        db.event_attempted(&first[0], &attempt(503, Some(later)), Ended::NotYet).unwrap();
        assert_eq!(kinds(&due(&db, noon())), [""; 0], "the next waits with it");
        db.test_watch(id, noon(), entropy()).unwrap();
        assert_eq!(kinds(&due(&db, noon())), ["watch.test"]);
        let again = due(&db, later);
        assert_eq!((again[0].event.kind.as_str(), again[0].event.tries), ("credential.suspended", 1));
        db.event_attempted(&again[0], &attempt(200, None), Ended::Delivered).unwrap();
        let then = due(&db, later);
        assert!(kinds(&then).contains(&"credential.reinstated"), "{:?}", kinds(&then));
        let last = then.iter().find(|due| due.event.kind == "credential.reinstated").unwrap();
        db.event_attempted(last, &attempt(410, None), Ended::Gone).unwrap();
        assert_eq!(db.watch_of(id, "employer").unwrap().unwrap().disabled.unwrap().1, "gone");
        db.watch_seen(id, WatchStatus::Revoked, later, entropy()).unwrap();
        assert_eq!(kinds(&due(&db, later + TimeDelta::days(1))), [""; 0]);
    }

    fn others_credentials_are_looked_at_by_one_process_when_their_time_comes(db: TestDb) {
        let db = db.with_catalogue();
        client(&db, "employer");
        let id = watch(&db, "employer", other());
        let (now, next) = (noon() + TimeDelta::seconds(1), noon() + TimeDelta::minutes(5));
        let look = |now, next| db.watches_to_look_at(now, next, 10, entropy()).unwrap();
        assert_eq!(look(noon(), next), []);
        let found = look(now, next);
        assert_eq!((found.len(), found[0].id), (1, id));
        assert!(found[0].statement.contains("urn:uuid:1"));
        assert_eq!(look(now, next), []);
        assert_eq!(db.number("SELECT count(*) AS number FROM watches WHERE statement LIKE '%urn:uuid%'"), 0);
    }

    fn a_client_has_its_own_watches_two_secrets_for_a_while_and_no_more_than_it_may(db: TestDb) {
        let db = db.with_catalogue();
        let (issued, id) = watched(&db);
        client(&db, "other");
        assert_eq!(db.watch_of(id, "other").unwrap(), None);
        assert!(!db.unwatch(id, "other").unwrap());
        let until = noon() + TimeDelta::days(1);
        assert!(!db.rotate_watch_secret(id, "other", SECRET, until, entropy()).unwrap());
        let second = "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
        assert!(db.rotate_watch_secret(id, "employer", second, until, entropy()).unwrap());
        db.test_watch(id, noon(), entropy()).unwrap();
        let secrets = |at| due(&db, at)[0].secrets.iter().map(|secret| secret.to_string()).collect::<Vec<_>>();
        assert_eq!(secrets(noon()), [second, SECRET]);
        assert_eq!(secrets(until), [second]);
        for _ in 0..2 {
            watch(&db, "employer", Watched::Own(issued.credential_id));
        }
        let more = NewWatch {
            id: WatchId::random(entropy()),
            client: "employer",
            watched: other(),
            endpoint: "https://hr.example.org/hooks",
            secret: SECRET,
            expires: None,
            most: 3,
        };
        assert!(!db.watch(&more, noon(), entropy()).unwrap());
        assert_eq!(db.watches_of("employer", None, 10).unwrap().len(), 3);
        assert!(db.unwatch(id, "employer").unwrap());
        assert_eq!(db.watches_of("employer", None, 10).unwrap().len(), 2);
        assert_eq!(db.number("SELECT count(*) AS number FROM watch_events"), 0);
    }
}
