//! What is known of a person lies sealed; who is erased is gone, and everything else stays.

use std::{collections::BTreeSet, thread};

use model::{
    completion::{Completion, WhichCompletion},
    cpd::activity::{Activity, Adjustment},
    id::LearnerId,
};
use registry::{
    Backend, BeginOutcome, CredentialState, Issued, LedgerPage, Origin, RegistryError, Unknown,
    WithdrawalOutcome,
};
use testkit::{
    TestDb, at, backends,
    catalogue::{SCHEME, TRUST, hours, slug},
    completion, noon,
};

use crate::support::{begin, begun, complete, entropy, intake, issue, keyed, signed, try_begin};

const NAME: &str = "Myfanwy Canary";
const EMAIL: &str = "myfanwy.canary@example.org";
const STAFF: &str = "CANARY77";
const EVIDENCE: &str = "https://canary.example.org/portfolio";
const REFLECTION: &str = "Canary birds warned me of my own assumptions.";

fn canary(number: u32) -> Completion {
    completion(NAME).email(EMAIL).staff_number(STAFF).evidence(EVIDENCE).number(number).build()
}

fn activity() -> Activity {
    Activity {
        title: "Canary keeping".to_owned(),
        credit: hours("2.5"),
        finished_at: at("2026-03-01T10:00:00Z"),
        category: Some(slug("reading")),
        reflection: Some(REFLECTION.to_owned()),
        evidence: Some(EVIDENCE.to_owned()),
    }
}

fn adjustment() -> Adjustment {
    Adjustment {
        amount: "-1".parse().unwrap(),
        unit: "hours".parse().unwrap(),
        earned_on: "2026-03-01".parse().unwrap(),
        category: None,
        reason: "Myfanwy counted it twice".to_owned(),
    }
}

fn erased<T>(result: Result<T, RegistryError>) {
    assert!(matches!(result, Err(RegistryError::Erased)), "{:?}", result.err());
}

fn erase(db: &TestDb, learner: LearnerId) {
    let erasure = db.erase(learner, false, "registrar", noon(), entropy()).unwrap().unwrap();
    assert!(!erasure.was_already);
    db.scrub().unwrap();
}

fn all_is_well(db: &TestDb) {
    assert_eq!(db.audit(noon()).unwrap().findings, []);
    assert_eq!(db.compare_log().unwrap().findings, []);
}

backends! {
    fn what_is_known_of_a_person_lies_sealed_and_the_service_reads_it(db: TestDb) {
        let db = db.with_catalogue();
        let learner = issue(&db, &canary(1)).learner_id;
        db.record_activity(learner, &activity(), "portal", noon(), entropy()).unwrap().unwrap();
        let asked = db.request_adjustment(learner, &adjustment(), "registrar", noon(), entropy()).unwrap().unwrap();
        let revoked = issue(&db, &canary(2)).credential_id;
        db.revoke(revoked, "Myfanwy Canary was away", "trust", noon(), entropy()).unwrap().unwrap();
        let withdrawn = issue(&db, &canary(3)).completion_id;
        let why = "Myfanwy Canary withdrew";
        let which = WhichCompletion::Id(withdrawn);
        let outcome = db.withdraw(&slug(TRUST), &which, why, "trust", noon(), entropy()).unwrap();
        assert!(matches!(outcome, WithdrawalOutcome::Withdrawn(..)), "{outcome:?}");
        let period = (&slug(SCHEME), "2026-03-01".parse().unwrap());
        assert!(db.write_statement(learner, period, "What Canary learned", "portal", noon(), entropy()).unwrap());
        let sealed = [
            ("completion_withdrawals", "reason"),
            ("cpd_statements", "body"),
            ("completions", "body"),
            ("credentials", "unsigned"),
            ("credentials", "proof"),
            ("credentials", "vc_jwt"),
            ("credentials", "revoked_reason"),
            ("ledger_entries", "details"),
            ("ledger_adjustments", "body"),
        ];
        for (table, column) in sealed {
            let open = format!(
                "SELECT count(*) AS number FROM {table} WHERE lower({column}) LIKE '%canary%' OR {column} LIKE '%{{%'"
            );
            assert_eq!(db.number(&open), 0, "{table}.{column}");
        }
        assert_eq!(db.learner(learner).unwrap().unwrap().stated, canary(1).learner);
        let reason = "Myfanwy Canary was away".to_owned();
        assert_eq!(db.awards_of(learner).unwrap()[1].state, CredentialState::Revoked { at: noon(), reason: reason.clone() });
        let again = db.revoke(revoked, "x", "trust", noon(), entropy()).unwrap().unwrap();
        assert_eq!((again.was_already, again.reason), (true, reason));
        assert!(db.awards_of(learner).unwrap()[2].evidenced);
        let entries = db.ledger(learner, &LedgerPage::default()).unwrap();
        assert!(format!("{entries:?}").contains(REFLECTION));
        assert_eq!(db.adjustments_waiting(9).unwrap(), [asked]);
        let again = db.withdraw(&slug(TRUST), &which, "x", "trust", noon(), entropy()).unwrap();
        assert!(matches!(&again, WithdrawalOutcome::Withdrawn(_, before) if before.was_already && before.reason == why));
        assert_eq!(db.written_statements(learner, &slug(SCHEME), noon()).unwrap()[0].1.text, "What Canary learned");
        all_is_well(&db);
        erase(&db, learner);
        erased(db.withdraw(&slug(TRUST), &which, "x", "trust", noon(), entropy()));
        erased(db.write_statement(learner, period, "x", "portal", noon(), entropy()));
        all_is_well(&db);
    }

    fn who_is_erased_is_gone_and_everybody_else_stays(db: TestDb) {
        let db = db.with_catalogue();
        let first = issue(&db, &canary(1));
        let learner = first.learner_id;
        let other = issue(&db, &completion("Siân Example").email("sian@example.org").build());
        db.record_activity(learner, &activity(), "portal", noon(), entropy()).unwrap().unwrap();
        let asked = db.request_adjustment(learner, &adjustment(), "registrar", noon(), entropy()).unwrap().unwrap();
        let decided = db.request_adjustment(learner, &adjustment(), "registrar", noon(), entropy()).unwrap().unwrap();
        db.decide_adjustment(decided.id, true, "auditor", noon(), entropy()).unwrap().unwrap();
        erase(&db, learner);
        erased(db.credential(first.credential_id));
        erased(db.learner(learner));
        erased(db.ledger(learner, &LedgerPage::default()));
        erased(db.record_activity(learner, &activity(), "portal", noon(), entropy()));
        erased(db.request_adjustment(learner, &adjustment(), "registrar", noon(), entropy()));
        erased(db.decide_adjustment(asked.id, true, "auditor", noon(), entropy()));
        erased(db.join_scheme(learner, &slug("cilip-revalidation"), "2026-01-01".parse().unwrap(), "x", noon(), entropy()));
        assert_eq!(db.adjustments_waiting(9).unwrap(), []);
        assert_eq!(db.learners(&[learner]).unwrap().len(), 0);
        assert_eq!(db.holder_of(first.credential_id).unwrap(), Some(learner));
        assert_eq!(db.credential(other.credential_id).unwrap().unwrap().learner_name, "Siân Example");
        let messages = db.outbox_pending(99).unwrap();
        assert!(messages.iter().any(|one| one.topic == "learner.erased" && one.payload["learnerId"] == learner.to_string()));
        assert_eq!(db.number("SELECT count(*) AS number FROM learner_identifiers"), 1);
        assert_eq!(db.number("SELECT count(*) AS number FROM person_keys"), 1);
        all_is_well(&db);
        // Nothing brings the key back, and nothing undoes the record.
        for undoing in [
            "DELETE FROM erasures",
            "UPDATE erasures SET erased_by = 'nobody'",
            "DELETE FROM person_keys",
            "UPDATE person_keys SET learner_id = learner_id",
            "INSERT INTO person_keys SELECT e.learner_id, k.sealed FROM erasures e, person_keys k",
        ] {
            assert!(db.sql(undoing).is_err(), "{undoing}");
        }
        let again = db.erase(learner, false, "somebody", at("2027-01-01T00:00:00Z"), entropy()).unwrap().unwrap();
        assert!(again.was_already && again.at == noon());
        assert_eq!(db.erase(LearnerId::random(entropy()), false, "x", noon(), entropy()).unwrap(), None);
        all_is_well(&db);
    }

    fn what_was_recorded_of_somebody_erased_is_not_recorded_again(db: TestDb) {
        let db = db.with_catalogue();
        let referred = canary(1);
        let plain = completion(NAME).email(EMAIL).staff_number(STAFF).build();
        let learner = complete(&db, &begun(begin(&db, keyed(&referred, "trust-system", "key", "body")))).learner_id;
        assert_eq!(issue(&db, &plain).learner_id, learner);
        erase(&db, learner);
        assert_eq!(begin(&db, keyed(&referred, "trust-system", "key", "body")), BeginOutcome::Erased);
        assert_eq!(begin(&db, intake(&referred)), BeginOutcome::Erased);
        assert_eq!(begin(&db, intake(&plain)), BeginOutcome::Erased, "known by the occasion");
        let by_mail_alone = completion("Myfanwy Married").email(EMAIL).build();
        assert_eq!(begin(&db, intake(&by_mail_alone)), BeginOutcome::Erased, "by any identifier");
        // Somebody else on the same occasion, and the same person on another.
        let other = completion("Siân Example").email("sian@example.org").build();
        let later = completion(NAME).email(EMAIL).completed_at(at("2026-06-30T16:30:00Z")).build();
        let rows = [intake(&plain), intake(&other), intake(&later)];
        let outcomes = try_begin(&db, &rows).unwrap();
        assert_eq!(outcomes[0], BeginOutcome::Erased);
        let [other, later] = [1, 2].map(|n| complete(&db, &begun(outcomes[n].clone())).learner_id);
        assert!(other != learner && later != learner && other != later);
        all_is_well(&db);
    }

    fn what_was_stored_of_somebody_erased_is_never_signed(db: TestDb) {
        let db = db.with_catalogue();
        let pending = begun(begin(&db, intake(&canary(1))));
        let learner = issue(&db, &canary(2)).learner_id;
        let other = begun(begin(&db, intake(&completion("Siân Example").email("sian@example.org").build())));
        erase(&db, learner);
        erased(db.complete_issuance(&[signed(&pending)], &Unknown, noon(), entropy()));
        erased(db.complete_issuance(&[signed(&other), signed(&pending)], &Unknown, noon(), entropy()));
        let left = db.pending_issuances(noon(), 9).unwrap();
        assert_eq!(left.iter().map(registry::Pending::credential_id).collect::<Vec<_>>(), [other.credential_id()]);
        complete(&db, &other);
        assert_eq!(db.audit(noon()).unwrap().pending, []);
        assert_eq!(begin(&db, intake(&canary(1))), BeginOutcome::Erased);
        all_is_well(&db);
    }

    fn whoever_is_erased_while_their_badge_waits_for_its_turn_has_none(db: TestDb) {
        let db = db.with_catalogue();
        let pending = begun(begin(&db, intake(&canary(1))));
        let forget = "UPDATE learners SET name_digest = ''";
        let turn = "SELECT FROM learners FOR NO KEY UPDATE; SELECT pg_sleep(0.5)";
        let in_turn = format!("BEGIN; {turn}; {forget}; COMMIT");
        thread::scope(|scope| {
            if db.registry().backend() == Backend::Postgres {
                scope.spawn(|| db.sql(&in_turn).unwrap());
                let asleep = "SELECT count(*) AS number FROM pg_stat_activity \
                     WHERE datname = current_database() AND wait_event = 'PgSleep'";
                while db.number(asleep) == 0 {
                    thread::yield_now();
                }
            } else {
                // There is one writer, and nobody waits with a statement begun.
                db.sql(forget).unwrap();
            }
            erased(db.complete_issuance(&[signed(&pending)], &Unknown, noon(), entropy()));
        });
        assert_eq!(db.number("SELECT count(*) AS number FROM ledger_entries"), 0);
    }

    fn badges_are_revoked_with_the_erasure_where_that_is_asked_for(db: TestDb) {
        let db = db.with_catalogue();
        let (one, two) = (issue(&db, &canary(1)), issue(&db, &canary(2)));
        let other = issue(&db, &completion("Siân Example").email("sian@example.org").build());
        db.revoke(one.credential_id, "a mistake", "trust", noon(), entropy()).unwrap().unwrap();
        let sealed = "SELECT count(*) AS number FROM credentials WHERE revoked_reason = 'a mistake'";
        assert_eq!(db.number(sealed), 0);
        let learner = one.learner_id;
        let first = db.erase(learner, false, "registrar", noon(), entropy()).unwrap().unwrap();
        assert_eq!(first.revoked, []);
        erased(db.revoke(two.credential_id, "x", "trust", noon(), entropy()));
        assert_eq!(db.awards_of(learner).unwrap()[1].state, CredentialState::Revoked { at: noon(), reason: String::new() });
        let then = db.erase(learner, true, "registrar", noon(), entropy()).unwrap().unwrap();
        assert_eq!((then.was_already, then.revoked), (true, vec![two.credential_id]));
        assert_eq!(db.erase(learner, true, "registrar", noon(), entropy()).unwrap().unwrap().revoked, []);
        let lines = "SELECT count(*) AS number FROM ledger_entries WHERE kind = ";
        assert_eq!(db.number(&format!("{lines}'reversal'")), 2);
        assert_eq!(db.number(&format!("{lines}'erasure'")), 1);
        assert_eq!(db.credential(other.credential_id).unwrap().unwrap().state, CredentialState::Issued);
        all_is_well(&db);
    }

    fn who_comes_back_with_an_old_backup_is_named(db: TestDb) {
        let db = db.with_catalogue();
        let (learner, other) = (issue(&db, &canary(1)).learner_id, LearnerId::random(entropy()));
        let note = db.erasure_note(learner);
        assert_eq!(db.read_erasure_note(&note), Some(learner));
        assert!(!note.contains("canary"));
        for forged in [note.replace(&learner.to_string(), &other.to_string()), learner.to_string(), String::new()] {
            assert_eq!(db.read_erasure_note(&forged), None, "{forged}");
        }
        let noted = BTreeSet::from([learner, other]);
        assert_eq!(db.not_erased(&noted).unwrap(), [learner]);
        erase(&db, learner);
        assert_eq!(db.not_erased(&noted).unwrap(), []);
        assert_eq!(db.erased().unwrap(), BTreeSet::from([learner]));
    }

    fn tampering_with_keys_and_erasures_is_found(db: TestDb) {
        let db = db.with_catalogue();
        let learner = issue(&db, &canary(1)).learner_id;
        issue(&db, &completion("Siân Example").email("sian@example.org").build());
        erase(&db, learner);
        let found = |sql: &str| {
            db.tamper(sql);
            let (audit, log) = (db.audit(noon()).unwrap().findings, db.compare_log().unwrap().findings);
            audit.into_iter().chain(log).map(|one| one.table).collect::<BTreeSet<_>>()
        };
        let tables = |names: &[&'static str]| names.iter().copied().collect::<BTreeSet<_>>();
        assert_eq!(found("UPDATE erasures SET erased_by = 'nobody'"), tables(&["erasures"]));
        assert_eq!(found("UPDATE erasures SET erased_by = 'registrar'"), tables(&[]));
        assert_eq!(found("DELETE FROM person_keys"), tables(&["learners"]));
        assert_eq!(found("DELETE FROM erasures"), tables(&["erasures", "ledger_entries", "learners"]));
    }

    fn what_lay_open_before_is_sealed_and_the_log_still_fits(db: TestDb) {
        let db = db.with_catalogue();
        let issued = issue(&db, &canary(1));
        let learner = issued.learner_id;
        db.record_activity(learner, &activity(), "portal", noon(), entropy()).unwrap().unwrap();
        let served = db.credential(issued.credential_id).unwrap();
        undo_sealing(&db, &issued);
        let open = "SELECT count(*) AS number FROM completions WHERE body LIKE '%Canary%'";
        assert_eq!(db.number(open), 1);
        assert_eq!(db.migrate(entropy()).unwrap(), ["20261127000070", "20261127000100"]);
        assert_eq!(db.number(open), 0);
        assert_eq!(db.number("SELECT count(*) AS number FROM ledger_entries WHERE details LIKE '%{%'"), 0);
        assert_eq!(db.learner(learner).unwrap().unwrap().stated, canary(1).learner);
        assert!(db.awards_of(learner).unwrap()[0].evidenced);
        assert_eq!(db.number("SELECT count(*) AS number FROM credentials WHERE unsigned LIKE '%{%' OR proof LIKE '%[%'"), 0);
        assert_eq!(db.credential(issued.credential_id).unwrap(), served);
        assert!(format!("{:?}", db.ledger(learner, &LedgerPage::default()).unwrap()).contains(REFLECTION));
        all_is_well(&db);
        for change in [
            "completions SET body = '{}'",
            "ledger_entries SET details = '{}' WHERE details IS NOT NULL",
            "credentials SET unsigned = '{}'",
            "credentials SET proof = '[]'",
            "credentials SET vc_jwt = ''",
        ] {
            assert!(db.sql(&format!("UPDATE {change}")).is_err(), "{change}");
        }
        assert_eq!(db.migrate(entropy()).unwrap(), [""; 0]);
        erase(&db, learner);
        all_is_well(&db);
    }
}

/// Makes the database one from before persons had keys, with what it holds of one learner.
fn undo_sealing(db: &TestDb, issued: &Issued) {
    let is_sqlite = db.backend() == Backend::Sqlite;
    let down = if is_sqlite {
        include_str!("../../../../migrations/sqlite/2026-11-27-000070_person_keys/down.sql")
    } else {
        include_str!("../../../../migrations/postgres/2026-11-27-000070_person_keys/down.sql")
    };
    let later = if is_sqlite {
        include_str!("../../../../migrations/sqlite/2026-11-27-000100_completions_in_the_log/down.sql")
    } else {
        concat!(
            include_str!("../../../../migrations/postgres/2026-11-28-000250_people_at_once/down.sql"),
            include_str!("../../../../migrations/postgres/2026-11-27-000100_completions_in_the_log/down.sql")
        )
    };
    // The migration makes these triggers anew; here they must not stand in the way.
    let lame = [
        ("ledger_entries", "ledger_entries_append_only"),
        ("credentials", "credentials_intent_immutable"),
        ("credentials", "credentials_signed_immutable"),
    ]
    .map(|(table, name)| {
        if is_sqlite {
            format!(
                "DROP TRIGGER {name}; CREATE TRIGGER {name} BEFORE DELETE ON {table} BEGIN SELECT 1; END;"
            )
        } else {
            format!(
                "DROP TRIGGER {name} ON {table}; CREATE TRIGGER {name} BEFORE DELETE ON {table} FOR EACH ROW \
                 EXECUTE FUNCTION refuse('as it was');"
            )
        }
    })
    .concat();
    let quoted = |text: &str| format!("'{}'", text.replace('\'', "''"));
    let body = quoted(&serde_json::to_string(&canary(1)).unwrap());
    let entries = db.ledger(issued.learner_id, &LedgerPage::default()).unwrap();
    let Origin::Stated(details) = &entries[1].origin else { panic!("{entries:?}") };
    let details = quoted(&serde_json::to_string(details).unwrap());
    let intent = db.issued_intent(issued.credential_id).unwrap().unwrap();
    let (unsigned, signed) = (quoted(intent.unsigned()), signed(&intent));
    let (proof, token) = (quoted(&signed.proof), quoted(&signed.vc_jwt.unwrap()));
    for sql in [
        later,
        down,
        &lame,
        &format!("UPDATE ledger_entries SET details = {details} WHERE details IS NOT NULL;"),
        &format!("UPDATE completions SET body = {body};"),
        &format!("UPDATE credentials SET unsigned = {unsigned}, proof = {proof}, vc_jwt = {token};"),
        "DELETE FROM meta WHERE key = 'sealed';",
        "DELETE FROM log_pending;",
        "DELETE FROM __diesel_schema_migrations WHERE version IN ('20261127000070', '20261127000100');",
    ] {
        db.sql(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
    }
}
