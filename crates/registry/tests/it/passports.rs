use chrono::TimeDelta;
use model::id::ConnectionId;
use registry::{Connection, NewPassportClient, PassportEntry, PassportTokens, Received, Registry, Upserted};
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
        for table in ["passport_credentials", "passport_profiles", "passport_grants"] {
            assert_eq!(db.number(&format!("SELECT count(*) AS number FROM {table}")), 0, "{table}");
        }
        let again = Connection { id: ConnectionId::random(entropy()), learner, by: "x", code: "y", expires: noon() };
        assert!(db.begin_connection(&again, noon()).is_err(), "nobody acts for who was erased");
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
