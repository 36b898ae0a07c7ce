use registry::Issued;
use testkit::{TestDb, at, backends, completion, noon};

use crate::support::{begin, begun, entropy, intake, issue};

/// Two learners, one of them with a revoked credential.
fn sample(db: &TestDb) -> (Issued, Issued) {
    let stands = issue(db, &completion("Siân Example").email("sian@example.org").staff_number("A1").build());
    let revoked = issue(db, &completion("Ali Example").email("ali@example.org").build());
    db.revoke(revoked.credential_id, "sample", "test", noon(), entropy()).unwrap().unwrap();
    (stands, revoked)
}

/// After `sql`, the audit names this row of this table for this reason.
fn assert_found(db: &TestDb, sql: &str, table: &str, id: &str, why: &str) {
    assert_eq!(db.audit(noon()).unwrap().findings, [], "all is well before");
    db.tamper(sql);
    let findings = db.audit(noon()).unwrap().findings;
    assert!(
        findings.iter().any(|found| found.table == table && found.id == id && found.detail.contains(why)),
        "after `{sql}`: {findings:#?}"
    );
}

macro_rules! planted {
    ($($name:ident: $sql:literal => $table:literal, $id:expr, $why:literal;)*) => {
        backends! {$(
            fn $name(db: TestDb) {
                let db = db.with_catalogue();
                let (stands, revoked) = sample(&db);
                let sql = $sql
                    .replace("{credential}", &stands.credential_id.to_string())
                    .replace("{award}", &stands.award_id.to_string())
                    .replace("{completion}", &stands.completion_id.to_string())
                    .replace("{entry}", &stands.ledger_entry.id.to_string())
                    .replace("{learner}", &stands.learner_id.to_string())
                    .replace("{revoked}", &revoked.credential_id.to_string())
                    .replace("{other}", &revoked.learner_id.to_string());
                let id: fn(&Issued, &Issued) -> String = $id;
                assert_found(&db, &sql, $table, &id(&stands, &revoked), $why);
            }
        )*}
    };
}

planted! {
    a_deleted_ledger_entry:
        "DELETE FROM ledger_entries WHERE id = '{entry}'"
        => "credentials", |stands, _| stands.credential_id.to_string(), "ledger does not hold it";
    a_raised_amount:
        "UPDATE ledger_entries SET amount = '75' WHERE id = '{entry}'"
        => "ledger_entries", |stands, _| stands.ledger_entry.id.to_string(), "amount";
    a_raised_amount_in_award_and_ledger_of_a_reversed_one_shows_in_the_sum:
        "UPDATE ledger_entries SET amount = '75' WHERE kind = 'award' AND credential_id = '{revoked}'"
        => "learners", |_, revoked| revoked.learner_id.to_string(), "sum";
    a_changed_unit:
        "UPDATE ledger_entries SET unit = 'points' WHERE id = '{entry}'"
        => "ledger_entries", |stands, _| stands.ledger_entry.id.to_string(), "does not say";
    credit_moved_to_somebody_else:
        "UPDATE ledger_entries SET learner_id = '{other}' WHERE id = '{entry}'"
        => "learners", |stands, _| stands.learner_id.to_string(), "sum";
    a_deleted_reversal:
        "DELETE FROM ledger_entries WHERE kind = 'reversal'"
        => "credentials", |_, revoked| revoked.credential_id.to_string(), "reversal";
    an_unrevoked_credential:
        "UPDATE credentials SET state = 'issued', revoked_at = NULL, revoked_reason = NULL, revoked_by = NULL WHERE id = '{revoked}'"
        => "learners", |_, revoked| revoked.learner_id.to_string(), "sum";
    a_deleted_award:
        "DELETE FROM awards WHERE id = '{award}'"
        => "completions", |stands, _| stands.completion_id.to_string(), "no award";
    a_deleted_credential:
        "DELETE FROM credentials WHERE id = '{credential}'"
        => "awards", |stands, _| stands.award_id.to_string(), "no credential";
    a_deleted_completion:
        "DELETE FROM completions WHERE id = '{completion}'"
        => "awards", |stands, _| stands.award_id.to_string(), "completion is missing";
    a_deleted_learner:
        "DELETE FROM learners WHERE id = '{learner}'"
        => "completions", |stands, _| stands.completion_id.to_string(), "learner is missing";
    a_changed_award_date:
        "UPDATE awards SET awarded_at = '2020-01-01 00:00:00' WHERE id = '{award}'"
        => "awards", |stands, _| stands.award_id.to_string(), "what its completion says";
    a_lost_signature:
        "UPDATE credentials SET proof = '' WHERE id = '{credential}'"
        => "credentials", |stands, _| stands.credential_id.to_string(), "signed forms";
    a_lost_seed:
        "UPDATE credentials SET profile_version = '2', disclosure_seed = '' WHERE id = '{credential}'"
        => "credentials", |stands, _| stands.credential_id.to_string(), "salts";
    an_index_outside_its_list:
        "UPDATE credentials SET status_index = 131072 WHERE id = '{credential}'"
        => "credentials", |stands, _| stands.credential_id.to_string(), "outside its list";
}

/// Writes the lines of the table `free` in the ledger, as the last ones.
const WRITE_FREE: &str = "INSERT INTO ledger_entries \
     (id, kind, learner_id, award_id, credential_id, provider, amount, unit, earned_at, recorded_at) \
     SELECT id, kind, learner_id, award_id, credential_id, provider, amount, unit, earned_at, recorded_at FROM free";

backends! {
    fn a_pending_intent_is_told_with_its_age_and_is_no_fault(db: TestDb) {
        let db = db.with_catalogue();
        let pending = begun(begin(&db, intake(&completion("Siân Example").email("sian@example.org").build())));
        let report = db.audit(at("2026-07-01T12:01:30Z")).unwrap();
        assert_eq!(report.findings, []);
        assert_eq!(report.pending.len(), 1);
        assert_eq!((report.pending[0].credential_id, report.pending[0].age_seconds), (pending.credential_id(), 90));
    }

    fn a_line_that_was_taken_out_and_written_again_is_found(db: TestDb) {
        let db = db.with_catalogue();
        let (_, revoked) = sample(&db);
        db.tamper(&format!(
            "CREATE TABLE free AS SELECT * FROM ledger_entries WHERE id = '{0}'; \
             DELETE FROM ledger_entries WHERE id = '{0}'; {WRITE_FREE}",
            revoked.ledger_entry.id
        ));
        let findings = db.audit(noon()).unwrap().findings;
        assert_eq!(findings.len(), 1, "{findings:#?}");
        assert!(findings[0].detail.contains("before that was given"), "{findings:#?}");
    }

    fn a_second_award_is_found_even_when_its_constraint_is_gone(db: TestDb) {
        let db = db.with_catalogue();
        let (stands, _) = sample(&db);
        db.tamper(&format!(
            "CREATE TABLE free AS SELECT * FROM ledger_entries WHERE credential_id = '{}'; \
             DROP INDEX ledger_entries_once; UPDATE free SET id = 'copy'; {WRITE_FREE}",
            stands.credential_id
        ));
        let findings = db.audit(noon()).unwrap().findings;
        let named = |why: &str| findings.iter().any(|found| found.detail.contains(why));
        assert!(named("more than once") && named("sum"), "{findings:#?}");
    }
}
