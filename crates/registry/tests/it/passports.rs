use chrono::TimeDelta;
use model::id::{ConnectionId, PassportHostId};
use registry::{
    Connection, NewPassportClient, NewPassportHost, PassportEntry, PassportTokens, Received, Registry,
    Upserted,
};
use testkit::{backends, completion, noon};

use crate::support::{entropy, issue};

const READ: &str = "https://purl.imsglobal.org/spec/ob/v3p0/scope/credential.readonly";
const BOUND: [&str; 2] = ["https://passport.example.org/back", "challenge"];

fn register(db: &Registry, id: &str) {
    let client = NewPassportClient {
        id,
        secret: "secret of the passport",
        name: "Sample Passport",
        redirect_uris: &[BOUND[0].to_owned()],
        scopes: &[READ.to_owned()],
    };
    db.register_passport_client(&client, noon()).unwrap();
}

fn tokens<'a>(access: &'a str, refresh: &'a str) -> PassportTokens<'a> {
    PassportTokens {
        access: (access, noon() + TimeDelta::minutes(30)),
        refresh: (refresh, noon() + TimeDelta::days(90)),
    }
}

fn connect(db: &Registry, learner: model::id::LearnerId, code: &str) {
    let connection = Connection {
        id: ConnectionId::random(entropy()),
        learner,
        by: "registrar",
        code,
        expires: noon() + TimeDelta::minutes(15),
    };
    db.begin_connection(&connection, noon()).unwrap();
}

fn received<'a>(body: &'a str, valid_from: &str) -> Received<'a> {
    Received {
        issuer: "did:web:other.example.org",
        id: "urn:uuid:1",
        body,
        is_token: false,
        valid_from: testkit::at(valid_from),
    }
}

backends! {
    fn a_learner_lets_a_system_act_by_codes_that_are_good_once(db: TestDb) {
        let db = db.with_catalogue();
        let issued = issue(&db, &completion("Rhiannon Test").build());
        let learner = db.holder_of(issued.credential_id).unwrap().unwrap();
        register(&db, "passport");
        register(&db, "other");
        assert_eq!(db.passport_client("passport").unwrap().unwrap().name, "Sample Passport");
        assert!(db.passport_client_with("passport", "another").unwrap().is_none());
        assert!(db.passport_client_with("passport", "secret of the passport").unwrap().is_some());
        connect(&db, learner, "CODE");
        let scopes = [READ.to_owned()];
        let soon = noon() + TimeDelta::minutes(1);
        let authorise = |connection: &str, code: &str, now| {
            db.authorise_connection(connection, ("passport", &scopes), (code, &BOUND), soon, now).unwrap()
        };
        assert!(!authorise("WRONG", "c", noon()));
        assert!(!authorise("CODE", "c", noon() + TimeDelta::minutes(16)), "ended");
        assert!(authorise("CODE", "c", noon()));
        assert!(!authorise("CODE", "d", noon()), "used");

        let exchange = |client: &str, bound: &[&str], now| db.exchange_connection(client, "c", bound, tokens("a", "r"), now).unwrap();
        assert_eq!(exchange("other", &BOUND, noon()), None);
        assert_eq!(exchange("passport", &["https://evil.example.org", BOUND[1]], noon()), None);
        assert_eq!(exchange("passport", &BOUND, soon + TimeDelta::seconds(1)), None, "ended");
        assert_eq!(exchange("passport", &BOUND, noon()), Some(scopes.to_vec()));
        let grant = db.passport_grant("a", noon()).unwrap().unwrap();
        assert_eq!((grant.learner, grant.client.as_str()), (learner, "passport"));
        assert_eq!(db.passport_grant("a", noon() + TimeDelta::minutes(31)).unwrap(), None);

        assert_eq!(db.refresh_connection("other", "r", tokens("a2", "r2"), noon()).unwrap(), None);
        assert_eq!(db.refresh_connection("passport", "r", tokens("a2", "r2"), noon()).unwrap(), Some(scopes.to_vec()));
        assert_eq!(db.refresh_connection("passport", "r", tokens("a3", "r3"), noon()).unwrap(), None, "used");
        assert_eq!(db.passport_grant("a", noon()).unwrap(), None);
        db.revoke_connection("other", "a2", noon()).unwrap();
        assert!(db.passport_grant("a2", noon()).unwrap().is_some(), "not another's to take back");
        db.revoke_connection("passport", "r2", noon()).unwrap();
        assert_eq!(db.passport_grant("a2", noon()).unwrap(), None);
        assert_eq!(db.refresh_connection("passport", "r2", tokens("a4", "r4"), noon()).unwrap(), None);
        for table in ["passport_grants", "passport_clients"] {
            assert_eq!(db.number(&format!("SELECT count(*) AS number FROM {table}")), if table == "passport_grants" { 1 } else { 2 });
        }
    }

    fn a_code_that_is_used_twice_takes_its_tokens_back(db: TestDb) {
        let db = db.with_catalogue();
        let issued = issue(&db, &completion("Rhiannon Test").build());
        let learner = db.holder_of(issued.credential_id).unwrap().unwrap();
        register(&db, "passport");
        connect(&db, learner, "CODE");
        let scopes = [READ.to_owned()];
        let soon = noon() + TimeDelta::minutes(1);
        assert!(db.authorise_connection("CODE", ("passport", &scopes), ("c", &BOUND), soon, noon()).unwrap());
        assert!(db.exchange_connection("passport", "c", &BOUND, tokens("a", "r"), noon()).unwrap().is_some());
        assert_eq!(db.exchange_connection("passport", "c", &BOUND, tokens("b", "s"), noon()).unwrap(), None);
        assert_eq!(db.passport_grant("a", noon()).unwrap(), None);
        assert_eq!(db.passport_grant("b", noon()).unwrap(), None);
    }

    fn a_passport_holds_own_badges_and_the_latest_of_others_and_goes_with_the_person(db: TestDb) {
        let db = db.with_catalogue();
        let issued = issue(&db, &completion("Rhiannon Test").build());
        let learner = db.holder_of(issued.credential_id).unwrap().unwrap();
        let put = |body: &str, valid_from: &str| {
            db.receive_credential(learner, &received(body, valid_from), noon() + TimeDelta::hours(1), entropy()).unwrap()
        };
        assert_eq!(put("Bronwen Pugh 1", "2026-01-01T00:00:00Z"), Upserted::Created);
        assert_eq!(put("Bronwen Pugh 2", "2026-02-01T00:00:00Z"), Upserted::Replaced);
        assert_eq!(put("Bronwen Pugh 1", "2026-01-01T00:00:00Z"), Upserted::Older);
        let entries = db.passport_entries(learner, None).unwrap();
        let [PassportEntry::Own(own), PassportEntry::Received(other)] = entries[..] else { panic!("{entries:?}") };
        assert_eq!(own, issued.credential_id);
        let found = db.received_credential(learner, other).unwrap();
        assert_eq!(found, Some(("Bronwen Pugh 2".to_owned(), false)));
        assert_eq!(db.passport_entries(learner, Some(noon())).unwrap().len(), 1);
        assert_eq!(db.number("SELECT count(*) AS number FROM passport_credentials WHERE body LIKE '%Pugh%'"), 0);

        assert_eq!(db.passport_profile(learner).unwrap(), None);
        for profile in ["{\"name\":\"Rhiannon\"}", "{\"name\":\"R. Test\"}"] {
            db.write_passport_profile(learner, profile, noon(), entropy()).unwrap();
            assert_eq!(db.passport_profile(learner).unwrap().as_deref(), Some(profile));
        }
        connect(&db, learner, "CODE");
        db.erase(learner, false, "registrar", noon(), entropy()).unwrap().unwrap();
        for table in ["passport_credentials", "passport_profiles", "passport_grants", "passport_hosts"] {
            assert_eq!(db.number(&format!("SELECT count(*) AS number FROM {table}")), 0, "{table}");
        }
        let again = Connection { id: ConnectionId::random(entropy()), learner, by: "x", code: "y", expires: noon() };
        assert!(db.begin_connection(&again, noon()).is_err(), "nobody acts for who was erased");
    }

    fn another_host_is_connected_once_and_its_tokens_lie_sealed(db: TestDb) {
        let db = db.with_catalogue();
        let issued = issue(&db, &completion("Rhiannon Test").build());
        let learner = db.holder_of(issued.credential_id).unwrap().unwrap();
        let begin = |state: &str| {
            let id = PassportHostId::random(entropy());
            let state = (state, noon() + TimeDelta::minutes(15));
            let new = NewPassportHost { id, learner, by: "academy", host: "https://host.example.org", state, details: "a secret" };
            db.begin_passport_host(&new, noon(), entropy()).unwrap();
            id
        };
        let first = begin("one");
        let id = begin("two");
        assert_eq!(db.passport_host(learner, first).unwrap(), None, "a second attempt takes the first one's place");
        assert_eq!(db.passport_host_asked(id, "one", noon()).unwrap(), None);
        assert_eq!(db.passport_host_asked(id, "two", noon() + TimeDelta::minutes(16)).unwrap(), None);
        let asked = db.passport_host_asked(id, "two", noon()).unwrap().unwrap();
        assert_eq!((asked.details.as_str(), asked.connected_at), ("a secret", None));
        assert!(!db.connect_passport_host(id, "one", noon()).unwrap());
        assert!(db.connect_passport_host(id, "two", noon()).unwrap());
        assert!(!db.connect_passport_host(id, "two", noon()).unwrap(), "once");
        assert_eq!(db.passport_host_asked(id, "two", noon()).unwrap(), None);
        db.write_passport_host(&asked, "another secret", entropy()).unwrap();
        let [host] = &db.passport_hosts(learner).unwrap()[..] else { panic!("one host") };
        assert_eq!((host.id, host.details.as_str(), host.connected_at), (id, "another secret", Some(noon())));
        assert_eq!(db.number("SELECT count(*) AS number FROM passport_hosts WHERE details LIKE '%secret%'"), 0);
        assert_eq!(db.expire(noon() + TimeDelta::days(400)).unwrap(), 0, "what is connected stays");
        assert!(db.forget_passport_host(learner, id).unwrap() && !db.forget_passport_host(learner, id).unwrap());
        begin("three");
        assert_eq!(db.expire(noon() + TimeDelta::minutes(14)).unwrap(), 0);
        assert_eq!(db.expire(noon() + TimeDelta::minutes(16)).unwrap(), 1);
    }

    fn what_nobody_used_is_swept(db: TestDb) {
        let db = db.with_catalogue();
        let issued = issue(&db, &completion("Rhiannon Test").build());
        let learner = db.holder_of(issued.credential_id).unwrap().unwrap();
        register(&db, "unused");
        connect(&db, learner, "CODE");
        assert_eq!(db.expire(noon() + TimeDelta::days(29)).unwrap(), 0);
        assert_eq!(db.expire(noon() + TimeDelta::days(31)).unwrap(), 2);
    }
}
