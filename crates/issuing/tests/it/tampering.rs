//! Every kind of change behind the service's back, of every table that the log
//! holds and of its own, is found and named.

use model::{
    catalogue::{Manner, Succession},
    chance::SystemEntropy,
    clock::Clock as _,
    completion::WhichCompletion,
    cpd::activity::{Adjustment, Details},
    endorsement::{ToSign, Wanted},
    id::CredentialId,
    trust::{Entry, Trusted},
};
use proof::log::push_entry;
use registry::{Backend, Decided, LogEntry, Transfer, Transferred, WhichEntry};
use testkit::{
    TestDb, TestService, academy, at, backends,
    catalogue::{
        self, ACADEMY, CORE, INTRODUCTION, SCHEME, TRUST, UNIVERSITY, hours, maintained, maintenance_rules,
        slug,
    },
    completion, trust,
};

use crate::{
    log::{badge, checkpoint, entries, findings, service},
    rules::{certificate_and_diploma, finish},
};

/// A service with a learner whose badge stands and one whose badge is revoked, all
/// of it in the log.
fn sample(db: TestDb) -> (TestService, CredentialId, CredentialId) {
    let service = service(db);
    let stands = badge(&service, "Siân Example");
    let revoked = badge(&service, "Ali Example");
    service.revoke(&academy(), revoked, "sample").unwrap();
    let issuer = slug(ACADEMY);
    let entry =
        service.db.add_vc_status(&issuer, None, service.clock.now(), service.entropy.as_ref()).unwrap();
    service.db.add_vc_status(&issuer, None, service.clock.now(), service.entropy.as_ref()).unwrap();
    service.db.revoke_vc_status(WhichEntry::At(entry), service.clock.now()).unwrap();
    let entry =
        service.db.add_vc_suspension(&issuer, None, service.clock.now(), service.entropy.as_ref()).unwrap();
    for suspended in [true, false, true] {
        let which = WhichEntry::At(entry);
        assert_eq!(service.db.suspend_vc_status(which, suspended, service.clock.now()).unwrap(), Some(true));
    }
    service.sequence_log().unwrap();
    badge(&service, "Bo Example");
    service.sequence_log().unwrap();
    assert_eq!(findings(&service), []);
    (service, stands, revoked)
}

/// A service in whose log are corrections, withdrawals, a seat taken over, reviews open and
/// decided, a membership, adjustments, programmes and an organisation that is no more.
fn decisions(db: TestDb) -> TestService {
    let service = service(db);
    decide(&service);
    service.sequence_log().unwrap();
    assert_eq!(findings(&service), []);
    service
}

fn decide(service: &TestService) {
    let stated = |module: &str, reference: &str| {
        completion("Siân Example").email("sian@example.org").achievement(module).reference(reference)
    };
    service.post(stated(CORE, "core").build()).unwrap();
    let certificate = service.post(stated(INTRODUCTION, "R-1").build()).unwrap().programme_awards.remove(0);
    service.post(stated(CORE, "core").cohort("Autumn").build()).unwrap();
    service.post(stated(INTRODUCTION, "R-1").credit(hours("1")).build()).unwrap();
    assert_eq!(service.db.reviews(None, 10).unwrap().len(), 1);
    let other = stated(INTRODUCTION, "R-2").completed_at(at("2026-06-01T09:00:00Z")).build();
    service.post(other).unwrap();
    let which = WhichCompletion::Reference("R-2".to_owned());
    service.withdraw(&trust(), &which, "sample").unwrap();
    let (learner, now) = (certificate.learner_id, service.clock.now());
    let (db, entropy) = (&service.db, service.entropy.as_ref());
    let joined =
        db.join_scheme(learner, &slug(SCHEME), "2020-01-01".parse().unwrap(), "portal", now, entropy);
    assert!(joined.unwrap());
    let adjustment = Adjustment {
        amount: "1".parse().unwrap(),
        unit: "hours".parse().unwrap(),
        earned_on: "2026-03-01".parse().unwrap(),
        category: None,
        reason: "sample".to_owned(),
    };
    let asked =
        [(); 2].map(|()| db.request_adjustment(learner, &adjustment, "anna", now, entropy).unwrap().unwrap());
    db.decide_adjustment(asked[0].id, true, "bo", now, entropy).unwrap().unwrap();
    let mut merged = catalogue::sample();
    let trust = merged.organisations.get_mut(&slug(TRUST)).unwrap();
    let by = vec![slug(UNIVERSITY)];
    trust.succession = Some(Succession { on: "2026-06-30".parse().unwrap(), manner: Manner::Merged, by });
    db.load_catalogue(&merged, now).unwrap();
    assert_eq!(db.audit(now).unwrap().findings, []);
}

/// A transfer, a text about a period, and two endorsements, of which one is withdrawn.
fn bring_in_write_and_endorse(service: &TestService) {
    let issued = service.post(completion("Siân Example").email("sian@example.org").build()).unwrap().issued;
    let (learner, now) = (issued.learner_id, service.clock.now());
    let (db, entropy) = (&service.db, service.entropy.as_ref());
    let details = Details {
        title: "Data ethics".to_owned(),
        category: None,
        reflection: None,
        evidence: None,
        stated_by: "anna".to_owned(),
        approved_by: None,
        origin: None,
    };
    let credit = hours("6");
    let name = ("https://elsewhere.example.org", "https://elsewhere.example.org/1");
    let transfer = Transfer { credit: &credit, earned_at: now, details: &details, name, content: "0" };
    assert!(matches!(db.transfer_in(learner, &transfer, now, entropy), Ok(Transferred::New(_))));
    let period = (&slug(SCHEME), "2026-03-01".parse().unwrap());
    assert!(db.write_statement(learner, period, "I learned to ask.", "portal", now, entropy).unwrap());
    for comment in ["Sound.", "Sounder."] {
        let wanted = ToSign {
            by: slug(ACADEMY),
            endorsed: Wanted::Achievement(slug(INTRODUCTION), None),
            comment: comment.to_owned(),
            from: None,
            until: at("2026-12-31T00:00:00Z"),
        };
        let made = service.endorse(&academy(), &wanted).unwrap();
        if comment == "Sounder." {
            service.withdraw_endorsement(&academy(), made.id).unwrap();
        }
    }
}

/// An issuer put on a list, renamed there, and taken off.
fn decide_whom_to_trust(service: &TestService) {
    for name in [Some("Example"), Some("Renamed"), None] {
        let entry = Entry {
            list: slug("academies"),
            issuer: "did:web:badges.example.org".to_owned(),
            trusted: name.map(|name| Trusted {
                name: name.to_owned(),
                from: Some("2026-01-01".parse().unwrap()),
                until: None,
                added: None,
            }),
            reason: "sample".to_owned(),
        };
        let decided = service.db.decide_trust(&entry, "anna", service.clock.now()).unwrap();
        assert!(matches!(decided, Decided::Recorded(_)), "{decided:?}");
    }
}

macro_rules! tampered {
    ($($name:ident: $sql:expr => $table:literal, $why:literal;)*) => {
        backends! {$(
            fn $name(db: TestDb) {
                let (service, stands, revoked) = sample(db);
                let sql = $sql
                    .replace("{stands}", &stands.to_string())
                    .replace("{revoked}", &revoked.to_string());
                service.db.tamper(&sql);
                let findings = findings(&service);
                assert!(
                    findings.iter().any(|found| found.table == $table && found.detail.contains($why)),
                    "after `{sql}`: {findings:#?}"
                );
            }
        )*}
    };
}

/// The ledger's lines but for their sequence.
macro_rules! lines {
    () => {
        "id, kind, learner_id, award_id, credential_id, provider, amount, unit, earned_at, recorded_at"
    };
}

tampered! {
    an_award_edited: "UPDATE awards SET amount = '75' WHERE id = (SELECT award_id FROM credentials WHERE id = '{stands}')"
        => "awards", "changed";
    an_award_given_to_another:
        "UPDATE awards SET learner_id = (SELECT learner_id FROM awards a JOIN credentials k ON k.award_id = a.id WHERE k.id = '{revoked}') \
         WHERE id = (SELECT award_id FROM credentials WHERE id = '{stands}')"
        => "awards", "changed";
    a_completion_edited:
        "UPDATE completions SET body = body || 'A' WHERE id = (SELECT a.completion_id FROM awards a JOIN credentials k ON k.award_id = a.id WHERE k.id = '{stands}')"
        => "awards", "or its completion";
    a_completion_stated_in_the_clear: "UPDATE completions SET body = '{}'" => "awards", "or its completion";
    a_completion_given_to_another_provider: "UPDATE completions SET provider = 'example-university'"
        => "awards", "or its completion";
    a_completion_that_had_evidence: "UPDATE completions SET evidenced = NOT evidenced" => "awards", "or its completion";
    an_award_deleted: "DELETE FROM awards WHERE id = (SELECT award_id FROM credentials WHERE id = '{stands}')"
        => "awards", "deleted";
    an_award_inserted:
        "INSERT INTO awards (id, completion_id, learner_id, achievement, achievement_version, amount, unit, awarded_at) \
         SELECT 'another', 'another', learner_id, achievement, achievement_version, amount, unit, awarded_at FROM awards LIMIT 1"
        => "awards", "inserted";
    awards_truncated: "DELETE FROM awards" => "awards", "deleted";
    a_component_inserted:
        "INSERT INTO award_components (award_id, component_id, programme) SELECT a.award_id, b.award_id, 'p' \
         FROM credentials a, credentials b WHERE a.id = '{stands}' AND b.id = '{revoked}'"
        => "awards", "changed";
    an_intent_edited: "UPDATE credentials SET unsigned = unsigned || ' ' WHERE id = '{stands}'" => "credentials", "changed";
    a_status_index_moved: "UPDATE credentials SET status_index = 131071 - status_index WHERE id = '{stands}'"
        => "credentials", "changed";
    a_signed_document_edited: "UPDATE credentials SET proof = proof || ' ' WHERE id = '{stands}'"
        => "credentials", "credential.issued";
    a_jwt_edited: "UPDATE credentials SET vc_jwt = 'a.b.c' WHERE id = '{stands}'" => "credentials", "credential.issued";
    a_date_of_issue_edited: "UPDATE credentials SET issued_at = '2020-01-01 00:00:00' WHERE id = '{stands}'"
        => "credentials", "credential.issued";
    a_revocation_undone:
        "UPDATE credentials SET state = 'issued', revoked_at = NULL, revoked_reason = NULL, revoked_by = NULL WHERE id = '{revoked}'"
        => "credentials", "its state was changed";
    a_revocation_s_reason_edited: "UPDATE credentials SET revoked_reason = 'other' WHERE id = '{revoked}'"
        => "credentials", "credential.revoked";
    a_badge_revoked_behind_the_service_s_back:
        "UPDATE credentials SET state = 'revoked', revoked_at = issued_at, revoked_reason = 'x', revoked_by = 'x' WHERE id = '{stands}'"
        => "credentials", "its state was changed";
    a_credential_deleted: "DELETE FROM credentials WHERE id = '{stands}'" => "credentials", "deleted";
    credentials_truncated: "DELETE FROM credentials" => "credentials", "deleted";
    a_line_edited: "UPDATE ledger_entries SET amount = '75' WHERE credential_id = '{stands}'" => "ledger_entries", "changed";
    a_line_deleted: "DELETE FROM ledger_entries WHERE credential_id = '{stands}'" => "ledger_entries", "deleted";
    a_line_inserted:
        concat!("CREATE TABLE free AS SELECT * FROM ledger_entries WHERE credential_id = '{stands}'; \
         UPDATE free SET id = 'another', kind = 'reversal'; \
         INSERT INTO ledger_entries (", lines!(), ") SELECT ", lines!(), " FROM free")
        => "ledger_entries", "inserted";
    lines_reordered:
        concat!("CREATE TABLE free AS SELECT * FROM ledger_entries WHERE credential_id = '{revoked}' AND kind = 'award'; \
         DELETE FROM ledger_entries WHERE id IN (SELECT id FROM free); \
         INSERT INTO ledger_entries (", lines!(), ") SELECT ", lines!(), " FROM free")
        => "ledger_entries", "moved";
    the_ledger_truncated: "DELETE FROM ledger_entries" => "ledger_entries", "deleted";
    an_accreditation_edited: "UPDATE accreditations SET valid_until = '2099-01-01'" => "accreditations", "changed";
    an_accreditation_set_aside: "UPDATE accreditations SET current = NOT current" => "accreditations", "changed";
    an_accreditation_deleted: "DELETE FROM accreditations" => "accreditations", "deleted";
    an_accreditation_inserted:
        "INSERT INTO accreditations (provider, achievement, valid_from, valid_until, accredited_by, place, current) \
         SELECT provider, achievement, '1999-01-01', valid_until, accredited_by, 99, current FROM accreditations LIMIT 1"
        => "accreditations", "inserted";
    a_key_event_edited: "UPDATE key_events SET public_key = 'z6Mk'" => "key_events", "changed";
    a_key_event_deleted: "DELETE FROM key_events" => "key_events", "deleted";
    a_key_event_inserted:
        "INSERT INTO key_events (id, key_id, event, happened_at, issuer, algorithm, public_key, recorded_at) \
         SELECT 'another', 'another', event, happened_at, issuer, algorithm, public_key, recorded_at FROM key_events LIMIT 1"
        => "key_events", "inserted";
    a_status_entry_unrevoked: "UPDATE vc_status_entries SET revoked_at = NULL" => "vc_status_entries", "changed";
    a_status_entry_revoked: "UPDATE vc_status_entries SET revoked_at = created_at WHERE revoked_at IS NULL"
        => "vc_status_entries", "the log does not hold that";
    a_suspension_lifted: "DELETE FROM suspension_changes WHERE number = 3" => "suspension_changes", "deleted";
    a_suspension_inserted: "INSERT INTO suspension_changes SELECT list_id, list_index, 4, 'restored', changed_at \
        FROM suspension_changes WHERE number = 2" => "suspension_changes", "the log does not hold it";
    a_suspension_dated_otherwise:
        "UPDATE suspension_changes SET changed_at = '2020-01-01 00:00:00' WHERE number = 2"
        => "suspension_changes", "changed";
    a_suspension_entry_given_to_another: "UPDATE suspension_entries SET credential_digest = 'x'"
        => "suspension_entries", "changed";
    a_status_entry_deleted: "DELETE FROM vc_status_entries" => "vc_status_entries", "deleted";
    an_entry_deleted_with_its_row:
        "DELETE FROM ledger_entries WHERE credential_id = '{stands}'; UPDATE log_bundles SET width = width - 1, entries = substr(entries, 3)"
        => "log_bundles", "read";
    a_bundle_deleted: "DELETE FROM log_bundles" => "log_bundles", "deleted";
    a_tile_edited: "UPDATE log_tiles SET hashes = (SELECT substr(entries, 1, width * 32) FROM log_bundles)"
        => "log_tiles", "not those of the entries";
    a_tile_deleted: "DELETE FROM log_tiles" => "log_tiles", "not there";
    a_checkpoint_edited: "UPDATE log_checkpoints SET note = replace(note, 'badges', 'Badges')" => "log_checkpoints", "not signed";
    a_checkpoint_s_root_edited: "UPDATE log_checkpoints SET root = 'x'" => "log_checkpoints", "changed";
    the_last_checkpoint_deleted: "DELETE FROM log_checkpoints WHERE size = (SELECT max(size) FROM log_checkpoints)"
        => "log_checkpoints", "cut";
    all_checkpoints_deleted: "DELETE FROM log_checkpoints" => "log_checkpoints", "cut";
}

backends! {
    fn what_programmes_awards_are_made_of_and_supersede_is_held_too(db: TestDb) {
        let service = TestService::with_catalogue_and_own_keys(db, &certificate_and_diploma());
        assert_eq!(finish(&service, &[(CORE, "2026-05-05"), (INTRODUCTION, "2026-05-06")]).len(), 1);
        assert_eq!(finish(&service, &[("extra", "2026-06-06")]).len(), 1);
        service.sequence_log().unwrap();
        assert_eq!(findings(&service), []);
        // Each on top of the ones before: what is wrong only grows.
        for (sql, table, why) in [
            ("UPDATE award_components SET path = path || '/0'", "awards", "changed"),
            ("UPDATE award_components SET alone = NOT alone", "awards", "changed"),
            ("INSERT INTO award_successions (award_id, successor_id) SELECT successor_id, award_id FROM award_successions",
             "award_successions", "inserted"),
            ("UPDATE award_successions SET successor_id = 'another'", "award_successions", "changed"),
            ("DELETE FROM award_successions", "award_successions", "deleted"),
        ] {
            service.db.tamper(sql);
            let found = findings(&service);
            assert!(found.iter().any(|one| one.table == table && one.detail.contains(why)), "{sql}: {found:#?}");
        }
    }

    fn what_was_corrected_decided_or_published_and_is_changed_is_named(db: TestDb) {
        let service = decisions(db);
        // Each on top of the ones before: what is wrong only grows.
        for (sql, table, why) in [
            ("UPDATE completion_corrections SET corrects_id = 'another' WHERE completion_id = (SELECT min(completion_id) FROM completion_corrections)", "completion_corrections", "changed"),
            ("INSERT INTO completion_corrections (completion_id, corrects_id) VALUES ('new', 'old')", "completion_corrections", "inserted"),
            ("DELETE FROM completion_corrections", "completion_corrections", "deleted"),
            ("UPDATE completion_withdrawals SET reason = 'another'", "completion_withdrawals", "changed"),
            ("INSERT INTO completion_withdrawals SELECT 'new', reason, withdrawn_by, withdrawn_at FROM completion_withdrawals", "completion_withdrawals", "inserted"),
            ("DELETE FROM completion_withdrawals", "completion_withdrawals", "deleted"),
            ("UPDATE award_components SET path = 'another' WHERE replaces IS NOT NULL", "award_components", "changed"),
            ("DELETE FROM award_components WHERE replaces IS NOT NULL", "award_components", "deleted"),
            ("UPDATE award_reviews SET opened_at = '2020-01-01 00:00:00' WHERE decision IS NULL", "award_reviews", "review.opened"),
            ("UPDATE award_reviews SET closed_at = opened_at, closed_by = 'x', decision = 'kept' WHERE decision IS NULL", "award_reviews", "the log does not hold that"),
            ("UPDATE award_reviews SET closed_by = 'another' WHERE closed_by <> 'x'", "award_reviews", "review.closed"),
            ("INSERT INTO award_reviews (award_id, component_id, opened_at) SELECT component_id, award_id, opened_at FROM award_reviews", "award_reviews", "inserted"),
            ("DELETE FROM award_reviews", "award_reviews", "deleted"),
            ("UPDATE cpd_memberships SET joined_on = '2020-01-02'", "cpd_memberships", "changed"),
            ("INSERT INTO cpd_memberships (id, learner_id, scheme, joined_on, stated_by, recorded_at) SELECT 'new', learner_id, scheme, joined_on, stated_by, recorded_at FROM cpd_memberships", "cpd_memberships", "inserted"),
            ("DELETE FROM cpd_memberships", "cpd_memberships", "deleted"),
            ("UPDATE ledger_adjustments SET body = '{}' WHERE decision IS NULL", "ledger_adjustments", "adjustment.requested"),
            ("UPDATE ledger_adjustments SET decided_by = 'x', decided_at = requested_at, decision = 'refused' WHERE decision IS NULL", "ledger_adjustments", "the log does not hold that"),
            ("UPDATE ledger_adjustments SET decided_by = 'y'", "ledger_adjustments", "adjustment.decided"),
            ("DELETE FROM ledger_adjustments", "ledger_adjustments", "deleted"),
            ("UPDATE programme_versions SET body = '{}'", "programme_versions", "changed"),
            ("INSERT INTO programme_versions (slug, version, body, published_at) SELECT slug, 'another', body, published_at FROM programme_versions", "programme_versions", "inserted"),
            ("DELETE FROM programme_versions", "programme_versions", "deleted"),
            ("UPDATE organisations SET body = replace(body, '2026-06-30', '2026-07-01')", "organisations", "changed"),
            ("UPDATE organisations SET body = '{\"succession\":{}}' WHERE body NOT LIKE '%2026-07-01%'", "organisations", "inserted"),
            ("DELETE FROM organisations", "organisations", "deleted"),
        ] {
            let before = findings(&service).len();
            service.db.tamper(sql);
            let found = findings(&service);
            assert!(found.iter().any(|one| one.table == table && one.detail.contains(why)), "{sql}: {found:#?}");
            assert!(found.len() >= before || sql.contains("DELETE"), "{sql}");
        }
    }

    fn what_was_transferred_written_or_endorsed_and_is_changed_is_named(db: TestDb) {
        let service = service(db);
        bring_in_write_and_endorse(&service);
        service.sequence_log().unwrap();
        assert_eq!(findings(&service), []);
        // Each on top of the ones before: what is wrong only grows.
        for (sql, table, why) in [
            ("UPDATE transfers SET content_digest = 'another'", "transfers", "changed"),
            ("INSERT INTO transfers SELECT 'new', learner_id, 'new', 'new', recorded_at FROM transfers", "transfers", "inserted"),
            ("DELETE FROM transfers", "transfers", "deleted"),
            ("UPDATE cpd_statements SET body = body || 'A'", "cpd_statements", "changed"),
            ("UPDATE cpd_statements SET body = 'in the clear'", "cpd_statements", "changed"),
            ("INSERT INTO cpd_statements (id, learner_id, scheme, day, body, stated_by, recorded_at) SELECT 'new', learner_id, scheme, day, body, stated_by, recorded_at FROM cpd_statements", "cpd_statements", "inserted"),
            ("DELETE FROM cpd_statements", "cpd_statements", "deleted"),
            ("UPDATE endorsements SET document = replace(document, 'Sound', 'Best') WHERE withdrawn_at IS NULL", "endorsements", "`endorsement` of it"),
            ("UPDATE endorsements SET withdrawn_at = recorded_at, withdrawn_by = 'x' WHERE withdrawn_at IS NULL", "endorsements", "the log does not hold that"),
            ("UPDATE endorsements SET withdrawn_by = 'another' WHERE withdrawn_by <> 'x'", "endorsements", "endorsement.withdrawn"),
            ("UPDATE endorsements SET withdrawn_at = NULL, withdrawn_by = NULL", "endorsements", "endorsement.withdrawn"),
            ("DELETE FROM endorsements", "endorsements", "deleted"),
        ] {
            service.db.tamper(sql);
            let found = findings(&service);
            assert!(found.iter().any(|one| one.table == table && one.detail.contains(why)), "{sql}: {found:#?}");
        }
    }

    fn a_decision_on_whom_to_trust_that_is_changed_is_named(db: TestDb) {
        let service = service(db);
        decide_whom_to_trust(&service);
        service.sequence_log().unwrap();
        assert_eq!(findings(&service), []);
        // Each on top of the ones before: what is wrong only grows.
        for (sql, why) in [
            ("UPDATE trust_entries SET valid_from = NULL WHERE sequence = 1", "changed"),
            ("UPDATE trust_entries SET reason = 'another' WHERE sequence = 2", "changed"),
            ("UPDATE trust_entries SET recorded_by = 'another' WHERE sequence = 3", "changed"),
            ("INSERT INTO trust_entries (list, issuer, name, reason, recorded_by, recorded_at) \
              SELECT list, 'did:web:forged.example.org', name, reason, recorded_by, recorded_at FROM trust_entries WHERE sequence = 1", "inserted"),
            ("DELETE FROM trust_entries WHERE sequence = 3", "deleted"),
            ("DELETE FROM trust_entries", "deleted"),
        ] {
            service.db.tamper(sql);
            let found = findings(&service);
            assert!(found.iter().any(|one| one.table == "trust_entries" && one.detail.contains(why)), "{sql}: {found:#?}");
        }
    }

    fn what_was_decided_on_whom_to_trust_before_is_taken_up(db: TestDb) {
        let service = service(db);
        decide_whom_to_trust(&service);
        let holds = match service.db.backend() {
            Backend::Postgres => "position('\ntrust.decided\n'::bytea in bundle) > 0",
            Backend::Sqlite => "instr(bundle, CAST('\ntrust.decided\n' AS blob)) > 0",
        };
        service.db.tamper(&format!("DELETE FROM log_pending WHERE {holds}"));
        service.sequence_log().unwrap();
        let missing = findings(&service);
        assert_eq!(missing.iter().filter(|one| one.table == "trust_entries").count(), 3, "{missing:#?}");
        service.db.tamper("DELETE FROM __diesel_schema_migrations WHERE version = '20261127000190'");
        assert_eq!(service.db.migrate(&SystemEntropy).unwrap(), ["20261127000190"]);
        service.sequence_log().unwrap();
        assert_eq!(findings(&service), []);
        assert_eq!(service.db.migrate(&SystemEntropy).unwrap(), Vec::<String>::new());
        assert_eq!(service.db.compare_log().unwrap().waiting, 0, "nothing is taken up twice");
    }

    fn a_maintenance_policy_that_is_changed_is_named(db: TestDb) {
        let catalogue = maintained(vec![maintenance_rules("2024-01-01")]);
        let service = TestService::with_catalogue_and_own_keys(db, &catalogue);
        service.sequence_log().unwrap();
        assert_eq!(findings(&service), []);
        for (sql, why) in [
            ("UPDATE maintenance_policies SET body = replace(body, '24', '60')", "changed"),
            ("INSERT INTO maintenance_policies (slug, number, body, published_at) SELECT slug, 2, body, published_at FROM maintenance_policies", "inserted"),
            ("DELETE FROM maintenance_policies", "deleted"),
        ] {
            service.db.tamper(sql);
            let found = findings(&service);
            assert!(found.iter().any(|one| one.table == "maintenance_policies" && one.detail.contains(why)), "{sql}: {found:#?}");
        }
    }

    fn what_the_log_did_not_hold_before_is_taken_up(db: TestDb) {
        let service = service(db);
        decide(&service);
        // As an older version left it: what it did not log is not there.
        let of_older = ["review.", "membership", "adjustment.", "programme.published", "succession"];
        let (holds, drop) = match service.db.backend() {
            Backend::Postgres => ("position('{}'::bytea in bundle) > 0", "DROP TRIGGER award_reviews_stay ON award_reviews; DROP TRIGGER award_reviews_once ON award_reviews;"),
            Backend::Sqlite => ("instr(bundle, CAST('{}' AS blob)) > 0", ""),
        };
        for word in of_older {
            service.db.tamper(&format!("DELETE FROM log_pending WHERE {}", holds.replace("{}", word)));
        }
        service.sequence_log().unwrap();
        let missing = findings(&service);
        for table in ["award_reviews", "cpd_memberships", "ledger_adjustments", "programme_versions", "organisations"] {
            assert!(missing.iter().any(|one| one.table == table), "{table}: {missing:#?}");
        }
        service.db.tamper(&format!("{drop} DELETE FROM __diesel_schema_migrations WHERE version = '20261127000051'"));
        assert_eq!(service.db.migrate(&SystemEntropy).unwrap(), ["20261127000051"]);
        service.sequence_log().unwrap();
        assert_eq!(findings(&service), []);
        assert_eq!(service.db.migrate(&SystemEntropy).unwrap(), Vec::<String>::new());
        assert_eq!(service.db.compare_log().unwrap().waiting, 0, "nothing is taken up twice");
    }

    fn what_was_transferred_written_or_endorsed_before_is_taken_up(db: TestDb) {
        let service = service(db);
        bring_in_write_and_endorse(&service);
        let (holds, drop) = match service.db.backend() {
            Backend::Postgres => ("position('\n{}\n'::bytea in bundle) > 0", "DROP TRIGGER completions_stated ON completions;"),
            Backend::Sqlite => ("instr(bundle, CAST('\n{}\n' AS blob)) > 0", ""),
        };
        for word in ["transfer", "statement", "endorsement", "endorsement.withdrawn"] {
            service.db.tamper(&format!("DELETE FROM log_pending WHERE {}", holds.replace("{}", word)));
        }
        service.sequence_log().unwrap();
        let missing = findings(&service);
        for table in ["transfers", "cpd_statements", "endorsements"] {
            assert!(missing.iter().any(|one| one.table == table), "{table}: {missing:#?}");
        }
        service.db.tamper(&format!("{drop} DELETE FROM __diesel_schema_migrations WHERE version = '20261127000100'"));
        assert_eq!(service.db.migrate(&SystemEntropy).unwrap(), ["20261127000100"]);
        service.sequence_log().unwrap();
        assert_eq!(findings(&service), []);
    }

    fn entries_reordered_or_rewritten_with_their_rows_do_not_give_the_root(db: TestDb) {
        let (service, ..) = sample(db);
        let size = checkpoint(&service).0.size;
        let original = entries(&service, size);
        let mut swapped = original.clone();
        swapped.swap(3, 4);
        let mut rewritten = original.clone();
        rewritten[2] = LogEntry { digest: "0".repeat(64), ..LogEntry::from_bytes(&original[2]).unwrap() }.to_bytes();
        for changed in [swapped, rewritten] {
            let mut bundle = Vec::new();
            for entry in changed {
                push_entry(&mut bundle, &entry).unwrap();
            }
            let hex = hex::encode(&bundle);
            let literal = match service.db.backend() {
                Backend::Postgres => format!("'\\x{hex}'"),
                Backend::Sqlite => format!("x'{hex}'"),
            };
            service.db.tamper(&format!("UPDATE log_bundles SET entries = {literal}"));
            let found = findings(&service);
            assert!(
                found.iter().any(|one| one.table == "log_bundles" && one.detail.contains("do not give the root")),
                "{found:#?}"
            );
        }
    }

    fn a_row_whose_entry_was_taken_away_before_it_had_a_place_is_named(db: TestDb) {
        let (service, ..) = sample(db);
        badge(&service, "Late Example");
        service.db.tamper("DELETE FROM log_pending");
        let found = findings(&service);
        for table in ["awards", "credentials", "ledger_entries"] {
            assert!(found.iter().any(|one| one.table == table && one.detail.contains("log")), "{table}: {found:#?}");
        }
    }

    fn what_was_changed_in_the_log_stops_the_next_signature(db: TestDb) {
        let (service, ..) = sample(db);
        let size = checkpoint(&service).0.size;
        service.db.tamper("UPDATE log_tiles SET hashes = (SELECT substr(entries, 1, width * 32) FROM log_bundles)");
        badge(&service, "Late Example");
        let refused = service.sequence_log().unwrap_err().to_string();
        assert!(refused.contains("do not give the root"), "{refused}");
        assert_eq!(checkpoint(&service).0.size, size);
    }
}
