//! The log of the registry: what it proves, and that nothing is changed behind
//! its back without being found and named.

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

use issuing::{CredentialLog, InLog, Service};
use model::{clock::Clock as _, id::CredentialId};
use proof::log::{
    Checkpoint, Cosignature, LogProof, Resource, SignatureKind, SignedNote, Tile, VerifierKey,
    cosigned_message, entries_of, leaf_hash, verify_consistency, verify_inclusion,
};
use registry::{AuditFinding, LogEntry};
use testkit::{TestDb, TestService, academy, at, backends, completion};

fn service(db: TestDb) -> TestService {
    TestService::with_own_keys(db)
}

fn badge(service: &TestService, name: &str) -> CredentialId {
    let email = format!("{}@example.org", name.replace(' ', ".").to_lowercase());
    service.post(completion(name).email(&email).build()).unwrap().issued.credential_id
}

fn checkpoint(service: &Service) -> (Checkpoint, SignedNote) {
    let note = service.log_checkpoint(None).unwrap().unwrap();
    (Checkpoint::of(&note).unwrap(), note)
}

fn proved(service: &Service, id: CredentialId) -> CredentialLog {
    match service.log_proof(id).unwrap().unwrap() {
        InLog::Proved(proved) => *proved,
        InLog::Waiting => panic!("it waits"),
    }
}

fn findings(service: &Service) -> Vec<AuditFinding> {
    let audit = service.audit_log(&[]).unwrap();
    audit.faults().cloned().collect()
}

/// Every entry, from the bundles that the log serves.
fn entries(service: &Service, size: u64) -> Vec<Vec<u8>> {
    let mut all = Vec::new();
    for index in 0..size.div_ceil(256) {
        let width = u16::try_from((size - index * 256).min(256)).unwrap();
        let bundle = service.log_resource(Resource::Entries { index, width }).unwrap().unwrap();
        all.extend(entries_of(&bundle).unwrap().into_iter().map(<[u8]>::to_vec));
    }
    all
}

backends! {
    fn what_is_issued_is_proved_to_be_in_the_log(db: TestDb) {
        let service = service(db);
        let first = badge(&service, "Siân Example");
        assert_eq!(service.log_proof(first).unwrap(), Some(InLog::Waiting));
        service.sequence_log().unwrap().unwrap();
        let (before, note) = checkpoint(&service);
        assert_eq!(before.origin, "badges.example.org/log");
        let key = service.log_keys().pop().unwrap();
        note.expect_signed_by(&key).unwrap();

        for number in 0..150 {
            badge(&service, &format!("Learner {number}"));
        }
        service.revoke(&academy(), first, "sample").unwrap();
        assert!(proved(&service, first).revoked.is_none(), "that waits");
        service.sequence_log().unwrap().unwrap();
        assert_eq!(service.sequence_log().unwrap(), None, "nothing waits any more");
        let (after, note) = checkpoint(&service);

        let proof = proved(&service, first);
        let entry = proof.issued.entry.entry.to_bytes();
        let in_one = LogProof { index: proof.issued.entry.index, path: proof.issued.path, checkpoint: note };
        in_one.verify(&entry, &key).unwrap();
        let revoked = proof.revoked.unwrap();
        let leaf = leaf_hash(&revoked.entry.entry.to_bytes());
        verify_inclusion(revoked.entry.index, after.size, &leaf, &revoked.path, &after.root).unwrap();

        let (old, new, path) = service.log_consistency(before.size, after.size).unwrap().unwrap();
        assert_eq!((old, new), (before.root, after.root));
        verify_consistency(before.size, after.size, &before.root, &after.root, &path).unwrap();
        assert_eq!(service.log_consistency(1, after.size + 1).unwrap(), None);

        // The opening fits this entry and the very badge that is served.
        let record = service.db.credential(first).unwrap().unwrap();
        let sha256 = |text: &str| format!("={}", hex(&leafless(text)));
        assert_eq!(proof.opening.columns[..2], [sha256(&record.data_integrity), sha256(&record.vc_jwt)]);

        // Tiles and bundles are those of the tree, and nobody's name is in them.
        let entries = entries(&service, after.size);
        assert_eq!(u64::try_from(entries.len()).unwrap(), after.size);
        for tile in Tile::all(after.size) {
            let bytes = service.log_resource(Resource::Tile(tile)).unwrap().unwrap();
            let first = tile.read(&bytes).unwrap()[0];
            let expected = leaf_hash(&entries[usize::try_from(tile.index * 256).unwrap()]);
            assert!(tile.level > 0 || first == expected);
        }
        for entry in &entries {
            let read = LogEntry::from_bytes(entry).unwrap();
            assert_eq!(read.to_bytes(), *entry);
            let text = String::from_utf8(entry.clone()).unwrap();
            assert!(!text.contains("Example") && !text.contains("example.org"), "{text}");
        }
        assert_eq!(findings(&service), []);
    }

    fn two_sequencers_and_many_writers_make_one_log(db: TestDb) {
        let service = service(db);
        let other = Service::new(service.parts());
        service.sequence_log().unwrap();
        let writing = AtomicUsize::new(3);
        thread::scope(|scope| {
            for writer in 0..3 {
                let (service, writing) = (&service, &writing);
                scope.spawn(move || {
                    for number in 0..25 {
                        badge(service, &format!("Writer {writer} {number}"));
                    }
                    writing.fetch_sub(1, Ordering::SeqCst);
                });
            }
            for sequencer in [&*service, &other] {
                let writing = &writing;
                scope.spawn(move || {
                    while writing.load(Ordering::SeqCst) > 0 {
                        sequencer.sequence_log().unwrap();
                    }
                });
            }
        });
        service.sequence_log().unwrap();
        let (last, _) = checkpoint(&service);
        let all = service.log_checkpoints(0, 10_000).unwrap();
        assert!(all.len() > 1);
        for (stored, note) in &all {
            let stated = Checkpoint::of(note).unwrap();
            let (old, new, path) = service.log_consistency(stored.size, last.size).unwrap().unwrap();
            assert_eq!((old, new), (stated.root, last.root));
            verify_consistency(stored.size, last.size, &stated.root, &last.root, &path).unwrap();
        }
        let audit = service.audit_log(&[]).unwrap();
        assert_eq!(audit.faults().collect::<Vec<_>>(), Vec::<&AuditFinding>::new());
        assert_eq!((audit.size, audit.comparison.waiting), (last.size, 0));
        let issued = entries(&service, last.size).iter().filter(|e| e.windows(17).any(|w| w == b"credential.issued")).count();
        assert_eq!(issued, 75);
    }

    fn a_clock_that_goes_back_changes_nothing(db: TestDb) {
        let service = service(db);
        let early = badge(&service, "Early Example");
        service.sequence_log().unwrap();
        let before = checkpoint(&service).0;
        service.clock.set(at("2026-07-01T09:00:00Z"));
        let late = badge(&service, "Late Example");
        service.sequence_log().unwrap();
        let after = checkpoint(&service).0;
        assert!(after.size > before.size);
        let (_, _, path) = service.log_consistency(before.size, after.size).unwrap().unwrap();
        verify_consistency(before.size, after.size, &before.root, &after.root, &path).unwrap();
        for id in [early, late] {
            let proof = proved(&service, id);
            let leaf = leaf_hash(&proof.issued.entry.entry.to_bytes());
            verify_inclusion(proof.issued.entry.index, after.size, &leaf, &proof.issued.path, &after.root).unwrap();
        }
        assert_eq!(findings(&service), []);
    }

    fn an_old_backup_is_noticed_before_anything_is_signed(db: TestDb) {
        let service = service(db);
        badge(&service, "Siân Example");
        service.sequence_log().unwrap();
        let early = checkpoint(&service).1;
        badge(&service, "Ali Example");
        service.sequence_log().unwrap();
        let (last, note) = checkpoint(&service);
        assert_eq!(service.audit_log(&[early.clone(), note.clone()]).unwrap().faults().count(), 0);
        service.check_log().unwrap();

        // The tables as they were at the first checkpoint.
        let first = Checkpoint::of(&early).unwrap().size;
        let bytes = i64::try_from(first * 32).unwrap();
        let bundle = entries(&service, first).iter().map(|entry| entry.len() + 2).sum::<usize>();
        service.db.tamper(&format!(
            "DELETE FROM log_checkpoints WHERE size > {first}; UPDATE log_state SET size = {first}; \
             DELETE FROM log_parcels WHERE first_index >= {first}; \
             UPDATE log_tiles SET hashes = substr(hashes, 1, {bytes}), width = {first} WHERE level = 0; \
             UPDATE log_bundles SET entries = substr(entries, 1, {bundle}), width = {first}"
        ));
        assert!(service.check_log().unwrap_err().to_string().contains("old backup"));
        badge(&service, "Bo Example");
        let refused = service.sequence_log().unwrap_err().to_string();
        assert!(refused.contains("old backup"), "{refused}");
        assert_eq!(checkpoint(&service).0.size, first, "nothing was signed");
        let named = |findings: &[AuditFinding]| findings.iter().any(|one| one.detail.contains("old backup"));
        assert!(named(&findings(&service)));

        // Without what is kept beside the keys, whoever kept a checkpoint finds it.
        let elsewhere = service.vault().log_head().unwrap().unwrap();
        assert_eq!(elsewhere.parse::<SignedNote>().unwrap(), note);
        let early_text = early.to_string();
        service.vault().keep_log_head(&early_text, service.entropy.as_ref()).unwrap();
        let audit = service.audit_log(&[note]).unwrap();
        assert!(named(&audit.findings), "{:#?}", audit.findings);
        // When it has grown past that, it is another tree.
        for number in 0..5 {
            badge(&service, &format!("Learner {number}"));
        }
        service.sequence_log().unwrap();
        assert!(checkpoint(&service).0.size > last.size);
        let audit = service.audit_log(&[elsewhere.parse().unwrap()]).unwrap();
        assert!(audit.findings.iter().any(|one| one.detail.contains("do not give the root")), "{:#?}", audit.findings);
    }

    fn rows_from_before_there_was_a_log_are_taken_up(db: TestDb) {
        let service = service(db);
        let stands = badge(&service, "Siân Example");
        service.clock.set(at("2026-07-02T10:00:00Z"));
        let revoked = badge(&service, "Ali Example");
        service.revoke(&academy(), revoked, "sample").unwrap();
        service.db.tamper(
            "DROP TABLE key_events; DROP TABLE log_state; DROP TABLE log_cosignatures; DROP TABLE log_checkpoints; \
             DROP TABLE log_bundles; DROP TABLE log_tiles; DROP TABLE log_parcels; DROP TABLE log_pending; \
             DELETE FROM __diesel_schema_migrations WHERE version IN ('20261127000020', '20261127000021')",
        );
        service.db.migrate().unwrap();
        service.clock.set(at("2026-07-03T10:00:00Z"));
        let later = badge(&service, "Bo Example");
        service.sequence_log().unwrap().unwrap();
        assert_eq!(findings(&service), []);
        let (last, _) = checkpoint(&service);
        for id in [stands, revoked, later] {
            let proof = proved(&service, id);
            assert_eq!(proof.revoked.is_some(), id == revoked);
            let leaf = leaf_hash(&proof.issued.entry.entry.to_bytes());
            verify_inclusion(proof.issued.entry.index, last.size, &leaf, &proof.issued.path, &last.root).unwrap();
        }
    }

    fn a_witness_s_signature_is_kept_and_served(db: TestDb) {
        use ed25519_dalek::{Signer as _, SigningKey};
        let service = service(db);
        badge(&service, "Siân Example");
        service.sequence_log().unwrap();
        let (stated, note) = checkpoint(&service);
        let private = SigningKey::from_bytes(&[9; 32]);
        let public = private.verifying_key().to_bytes();
        let witness = VerifierKey::new("witness.example.org", SignatureKind::Cosignature, public).unwrap();
        let line = |text: &str| {
            let timestamp = 1_790_000_000;
            let signature = private.sign(&cosigned_message(timestamp, text)).to_bytes();
            witness.signature(Cosignature { timestamp, signature }.to_bytes()).to_string()
        };
        let known = std::slice::from_ref(&witness);
        let add = |known, size, lines: &str| service.add_cosignatures(known, size, lines).map_err(|e| e.to_string());
        let good = line(note.text());
        assert_eq!(add(known, stated.size, &good), Ok(1));
        assert!(add(&[], stated.size, &good).unwrap_err().contains("knows"));
        assert!(add(known, stated.size + 1, &good).unwrap_err().contains("no checkpoint"));
        assert!(add(known, stated.size, &line("another\n1\n")).unwrap_err().contains("does not verify"));
        assert!(add(known, stated.size, "no signature").unwrap_err().contains("cannot be read"));
        let served = checkpoint(&service).1;
        assert_eq!(served.is_signed_by(&witness), Ok(true));
        assert_eq!(served.is_signed_by(&service.log_keys()[0]), Ok(true));
        assert_eq!(findings(&service), []);
    }

    fn keys_and_what_befalls_them_are_entries(db: TestDb) {
        let service = service(db);
        service.sequence_log().unwrap();
        let size = checkpoint(&service).0.size;
        let kinds = |from: u64| {
            let entries = entries(&service, checkpoint(&service).0.size);
            let read = entries.iter().skip(usize::try_from(from).unwrap());
            read.map(|entry| LogEntry::from_bytes(entry).unwrap().kind.as_str()).collect::<Vec<_>>()
        };
        // Two issuers' two keys each, and the log's own.
        assert_eq!(kinds(0).iter().filter(|kind| **kind == "key").count(), 5);
        service.rotate();
        service.sequence_log().unwrap();
        assert_eq!(kinds(size), ["key"; 4], "two made and two retired");
        // The log's own key makes room for another, and what the first signed stays good.
        let before = checkpoint(&service).1;
        let keys = service.vault().keys();
        service.clock.set(at("2026-07-02T10:00:00Z"));
        let own = keys.log().unwrap().id().to_owned();
        service.vault().retire(&own, service.clock.as_ref(), service.entropy.as_ref()).unwrap();
        service.sequence_log().unwrap();
        let after = checkpoint(&service).1;
        let keys = service.log_keys();
        assert_eq!(keys.len(), 2);
        assert_eq!((before.is_signed_by(&keys[0]), before.is_signed_by(&keys[1])), (Ok(true), Ok(false)));
        assert_eq!((after.is_signed_by(&keys[0]), after.is_signed_by(&keys[1])), (Ok(false), Ok(true)));
        assert_eq!(findings(&service), []);
        // And nobody takes it for an issuer's.
        let academy = testkit::catalogue::slug(testkit::catalogue::ACADEMY);
        let keys = service.vault().keys();
        assert!(keys.of_issuer(&academy).all(|key| key.id() != own));
    }
}

fn leafless(text: &str) -> [u8; 32] {
    use sha2::{Digest as _, Sha256};
    Sha256::digest(text).into()
}

fn hex(bytes: &[u8; 32]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A service with a learner whose badge stands and one whose badge is revoked, all
/// of it in the log.
fn sample(db: TestDb) -> (TestService, CredentialId, CredentialId) {
    let service = service(db);
    let stands = badge(&service, "Siân Example");
    let revoked = badge(&service, "Ali Example");
    service.revoke(&academy(), revoked, "sample").unwrap();
    let academy = testkit::catalogue::slug(testkit::catalogue::ACADEMY);
    let entry =
        service.db.add_vc_status(&academy, None, service.clock.now(), service.entropy.as_ref()).unwrap();
    service.db.add_vc_status(&academy, None, service.clock.now(), service.entropy.as_ref()).unwrap();
    service.db.revoke_vc_status(registry::WhichEntry::At(entry), service.clock.now()).unwrap();
    service.sequence_log().unwrap();
    badge(&service, "Bo Example");
    service.sequence_log().unwrap();
    assert_eq!(findings(&service), []);
    (service, stands, revoked)
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
    a_signed_document_edited: "UPDATE credentials SET data_integrity = data_integrity || ' ' WHERE id = '{stands}'"
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
            changed.iter().for_each(|entry| proof::log::push_entry(&mut bundle, entry).unwrap());
            let hex: String = bundle.iter().map(|byte| format!("{byte:02x}")).collect();
            let literal = match service.db.backend() {
                registry::Backend::Postgres => format!("'\\x{hex}'"),
                registry::Backend::Sqlite => format!("x'{hex}'"),
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
