//! The log of the registry: what it proves, and that nothing is changed behind
//! its back without being found and named.

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

use hmac::{Hmac, KeyInit as _, Mac as _};
use issuing::{CredentialLog, InLog, Service};
use model::id::CredentialId;
use proof::log::{
    Checkpoint, Cosignature, LogProof, Resource, SignatureKind, SignedNote, Tile, VerifierKey,
    cosigned_message, entries_of, leaf_hash, verify_consistency, verify_inclusion,
};
use registry::{AuditFinding, LogEntry};
use sha2::{Digest as _, Sha256};
use testkit::{SeededEntropy, TestDb, TestService, academy, at, backends, completion};

pub fn service(db: TestDb) -> TestService {
    TestService::with_own_keys(db)
}

pub fn badge(service: &TestService, name: &str) -> CredentialId {
    let email = format!("{}@example.org", name.replace(' ', ".").to_lowercase());
    service.post(completion(name).email(&email).build()).unwrap().issued.credential_id
}

pub fn checkpoint(service: &Service) -> (Checkpoint, SignedNote) {
    let note = service.log_checkpoint(None).unwrap().unwrap();
    (Checkpoint::of(&note).unwrap(), note)
}

fn proved(service: &Service, id: CredentialId) -> CredentialLog {
    match service.log_proof(id).unwrap().unwrap() {
        InLog::Proved(proved) => *proved,
        InLog::Waiting => panic!("it waits"),
    }
}

pub fn findings(service: &Service) -> Vec<AuditFinding> {
    let audit = service.audit_log(&[]).unwrap();
    audit.faults().cloned().collect()
}

/// Every entry, from the bundles that the log serves.
pub fn entries(service: &Service, size: u64) -> Vec<Vec<u8>> {
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
        let key = hex::decode(proof.opening.document_key.unwrap()).unwrap();
        let mut mark = Hmac::<Sha256>::new_from_slice(&key).unwrap();
        mark.update(hex::encode(Sha256::digest(&record.data_integrity)).as_bytes());
        let mark = format!("={}", hex::encode(mark.finalize().into_bytes()));
        assert_eq!(proof.opening.columns[..2], [mark, String::new()]);

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
        // Where what is missing is lost for good, that log ends and another begins.
        service.vault().keep_log_head(&elsewhere, service.entropy.as_ref()).unwrap();
        assert!(service.sequence_log().is_err());
        service.clock.set(at("2026-07-02T10:00:00Z"));
        assert_eq!(service.begin_log_anew().unwrap(), "badges.example.org/log/2");
        service.sequence_log().unwrap().unwrap();
        let (anew, signed) = checkpoint(&service);
        assert_eq!(anew.origin, "badges.example.org/log/2");
        let keys = service.log_keys();
        assert_eq!((keys[0].name(), keys[1].name()), ("badges.example.org/log", "badges.example.org/log/2"));
        signed.expect_signed_by(&keys[1]).unwrap();
        assert_eq!(service.audit_log(&[]).unwrap().findings, []);
        // Whoever kept a checkpoint of the old one still sees what became of it.
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
        service.db.migrate(&SeededEntropy::new(7)).unwrap();
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
        let cosigned = |note: &SignedNote| {
            let timestamp = 1_790_000_000;
            let signature = private.sign(&cosigned_message(timestamp, note.text())).to_bytes();
            note.clone().with(witness.signature(Cosignature { timestamp, signature }.to_bytes()))
        };
        let known = std::slice::from_ref(&witness);
        let add = |known, note: &SignedNote| service.add_cosignatures(known, note).map_err(|e| e.to_string());
        let good = cosigned(&note);
        assert_eq!(add(known, &good), Ok(1));
        assert!(add(&[], &good).unwrap_err().contains("knows"));
        assert!(add(known, &note).unwrap_err().contains("knows"));
        let larger = Checkpoint { size: stated.size + 1, ..stated.clone() }.to_string();
        let another = SignedNote::new(larger, note.signatures().to_vec()).unwrap();
        assert!(add(known, &cosigned(&another)).unwrap_err().contains("no such checkpoint"));
        let of_another = good.clone().with(cosigned(&another).signatures()[1].clone());
        assert!(add(known, &of_another).unwrap_err().contains("does not verify"));
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
        let own = keys.active_for(signing::KeyPurpose::Log).unwrap().id().to_owned();
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
