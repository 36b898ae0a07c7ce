use std::{collections::BTreeSet, iter};

use model::id::{CredentialId, StatusListId};
use registry::{Backend, CredentialState, EntryKind, LedgerEntry, LedgerPage, Revisions, Unknown};
use rust_decimal::Decimal;
use testkit::{
    at, backends,
    catalogue::{ACADEMY, TRUST, UNIVERSITY, slug},
    completion, noon,
};

use crate::support::{begin, begun, entropy, intake, issue, replayed, signed, try_begin};

backends! {
    fn revoking_sets_the_bit_and_takes_the_credit_back(db: TestDb) {
        let db = db.with_catalogue();
        let stated = completion("Siân Example").email("sian@example.org").build();
        let issued = issue(&db, &stated);
        let other = issue(&db, &completion("Ali Example").email("ali@example.org").build());
        let record = db.credential(issued.credential_id).unwrap().unwrap();
        let before = db.status_list(record.status_list).unwrap().unwrap();
        assert_eq!((before.issuer, before.purpose.as_str(), before.length), (slug(ACADEMY), "revocation", 131_072));
        assert!(before.set.is_empty());

        let later = at("2026-07-02T08:00:00Z");
        let done = db.revoke(issued.credential_id, "issued in error", "an auditor", later, entropy()).unwrap().unwrap();
        assert!(!done.was_already);
        let after = db.status_list(record.status_list).unwrap().unwrap();
        assert_eq!((after.set, after.revision), (vec![record.status_index], before.revision + 1));
        assert_eq!(
            db.credential(issued.credential_id).unwrap().unwrap().state,
            CredentialState::Revoked { at: later, reason: "issued in error".to_owned() }
        );
        assert_eq!(db.credential(other.credential_id).unwrap().unwrap().state, CredentialState::Issued);
        let lines = db.ledger(issued.learner_id, &LedgerPage::default()).unwrap();
        assert_eq!(lines.iter().map(|line| line.kind).collect::<Vec<_>>(), [EntryKind::Award, EntryKind::Reversal]);
        assert_eq!(lines.iter().map(|line| line.amount).sum::<Decimal>(), Decimal::ZERO);

        let again = db.revoke(issued.credential_id, "another reason", "another", noon(), entropy()).unwrap().unwrap();
        assert!(again.was_already);
        assert_eq!((again.at, again.reason.as_str()), (later, "issued in error"));
        assert_eq!(replayed(begin(&db, intake(&stated))), issued, "a replay gives the first answer still");
        let topics: Vec<_> = db.outbox_pending(10).unwrap().into_iter().map(|message| message.topic).collect();
        assert_eq!(topics.iter().filter(|topic| *topic == "credential.revoked").count(), 1);
        assert_eq!(db.audit(later).unwrap().findings, []);
    }

    fn who_stands_behind_credentials_is_told_of_all_at_once(db: TestDb) {
        let db = db.with_catalogue();
        let first = issue(&db, &completion("Siân Example").email("sian@example.org").build());
        let second = issue(&db, &completion("Ali Example").email("ali@example.org").build());
        let pending = begun(begin(&db, intake(&completion("Bo Example").email("bo@example.org").build())));
        let nobody = CredentialId::random(entropy());
        let all = [first.credential_id, pending.credential_id(), second.credential_id, nobody];
        let before = db.behind(&all).unwrap();
        assert_eq!(before.catalogue_revision, Some(db.catalogue_revision().unwrap()));
        assert_eq!(before.behind.keys().copied().collect::<BTreeSet<_>>(), [all[0], all[2]].into());
        for id in [all[0], all[2]] {
            let (record, behind) = (db.credential(id).unwrap().unwrap(), &before.behind[&id]);
            assert_eq!((&behind.issuer, &behind.provider), (&record.issuer, &record.provider));
            assert_eq!((behind.completion_id, behind.corrected), (record.completion_id, false));
            let revision = db.status_list_revision(record.status_list).unwrap().unwrap().1;
            assert_eq!((behind.status_list, behind.status_revision), (record.status_list, revision));
            assert_eq!(db.behind(&[id]).unwrap().behind[&id], *behind);
        }
        assert_eq!(db.behind(&[nobody]).unwrap().catalogue_revision, None);
        assert_eq!(db.behind(&[]).unwrap().behind.len(), 0);

        db.revoke(all[0], "issued in error", "an auditor", noon(), entropy()).unwrap().unwrap();
        let after = db.behind(&all).unwrap();
        assert_eq!(after.behind[&all[2]].status_revision, before.behind[&all[2]].status_revision + 1);
    }

    fn revisions_are_told_at_once_and_as_they_stand(db: TestDb) {
        let db = db.with_catalogue();
        let issued = issue(&db, &completion("Siân Example").email("sian@example.org").build());
        let list = db.credential(issued.credential_id).unwrap().unwrap().status_list;
        let told = || db.revisions_at_once(Some(list));
        if db.backend() == Backend::Postgres {
            assert!(told().is_none(), "a server is waited for");
            return;
        }
        let asked = || {
            let list = db.status_list_revision(list).unwrap();
            Some(Revisions { catalogue: db.catalogue_revision().unwrap(), list })
        };
        let before = asked();
        // The second answer is the one that was kept.
        assert_eq!((told(), told()), (before.clone(), before.clone()));
        assert_eq!(db.revisions_at_once(None).unwrap().list, None);
        let nobody = "0190b0a4-3c5e-7d2f-8a1b-6f0e4d9c2b17".parse().unwrap();
        assert_eq!(db.revisions_at_once(Some(nobody)).unwrap().list, None);
        assert_eq!(told(), before);

        db.revoke(issued.credential_id, "issued in error", "an auditor", noon(), entropy()).unwrap().unwrap();
        let after = told();
        assert_ne!(after, before);
        assert_eq!(after, asked());
        // Another process writes: what it has written is in the file, and no turn of ours was taken.
        let other = db.reopen();
        let second = issue(&other, &completion("Ali Example").email("ali@example.org").build());
        assert_eq!(told(), asked());
        other.revoke(second.credential_id, "issued in error", "an auditor", noon(), entropy()).unwrap().unwrap();
        assert_ne!(told(), after);
        assert_eq!(told(), asked());
    }

    fn what_is_not_issued_cannot_be_revoked(db: TestDb) {
        let db = db.with_catalogue();
        let pending = begun(begin(&db, intake(&completion("Siân Example").email("sian@example.org").build())));
        assert_eq!(db.revoke(pending.credential_id(), "x", "x", noon(), entropy()).unwrap(), None);
        assert_eq!(db.revoke(CredentialId::random(entropy()), "x", "x", noon(), entropy()).unwrap(), None);
        assert_eq!(db.status_list(StatusListId::random(entropy())).unwrap(), None);
    }

    fn the_ledger_is_read_page_by_page_and_by_provider(db: TestDb) {
        let db = db.with_catalogue();
        let stated: Vec<_> = (0..5)
            .map(|n| completion("Siân Example").email("sian@example.org").number(n).build())
            .collect();
        for one in &stated {
            issue(&db, one);
        }
        let learner = replayed(begin(&db, intake(&stated[0]))).learner_id;
        let all = db.ledger(learner, &LedgerPage::default()).unwrap();
        assert_eq!(all.len(), 5);
        let first = db.ledger(learner, &LedgerPage { limit: Some(2), ..Default::default() }).unwrap();
        let rest = db.ledger(learner, &LedgerPage { provider: Some(&slug(TRUST)), after: Some(first[1].id), ..Default::default() }).unwrap();
        assert_eq!([first, rest].concat(), all);
        assert_eq!(db.ledger(learner, &LedgerPage { provider: Some(&slug(UNIVERSITY)), ..Default::default() }).unwrap(), []);
    }

    fn a_ledger_has_the_order_in_which_it_was_written(db: TestDb) {
        // All in one second, and the ids are random: thirty pairs in order are no accident.
        let db = db.with_catalogue();
        let number = |n| completion("Siân Example").email("sian@example.org").number(n).build();
        for n in 0..30 {
            let issued = issue(&db, &number(n));
            db.revoke(issued.credential_id, "sample", "test", noon(), entropy()).unwrap().unwrap();
        }
        let stated: Vec<_> = (30..60).map(number).collect();
        let rows: Vec<_> = stated.iter().map(intake).collect();
        let finished: Vec<_> = try_begin(&db, &rows).unwrap().into_iter().map(|one| signed(&begun(one))).collect();
        let together = db.complete_issuance(&finished, &Unknown, noon(), entropy()).unwrap().issued;
        let learner = together[0].learner_id;

        let mut lines = Vec::new();
        loop {
            let page = db.ledger(learner, &LedgerPage { limit: Some(7), after: lines.last().map(|line: &LedgerEntry| line.id), ..Default::default() }).unwrap();
            if page.is_empty() {
                break;
            }
            lines.extend(page);
        }
        let kinds = lines.iter().map(|line| line.kind);
        let pairs = iter::repeat_n([EntryKind::Award, EntryKind::Reversal], 30).flatten();
        assert!(kinds.eq(pairs.chain(iter::repeat_n(EntryKind::Award, 30))), "{lines:#?}");
        assert!(lines[..60].chunks(2).all(|pair| pair[0].credential_id() == pair[1].credential_id()));
        let order = lines[60..].iter().filter_map(LedgerEntry::credential_id);
        assert!(order.eq(finished.iter().map(|row| row.credential_id)), "a batch is written in its own order");
    }

    fn who_reads_on_while_others_write_misses_no_line(db: TestDb) {
        let db = db.with_catalogue();
        let number = |n| completion("Siân Example").email("sian@example.org").number(n).build();
        let learner = issue(&db, &number(1000)).learner_id;
        let seen = std::thread::scope(|scope| {
            let writers: Vec<_> = (0..4)
                .map(|thread| {
                    let db = &db;
                    scope.spawn(move || (0..25).for_each(|n| drop(issue(db, &number(thread * 25 + n)))))
                })
                .collect();
            let mut seen: Vec<LedgerEntry> = Vec::new();
            loop {
                let is_over = writers.iter().all(std::thread::ScopedJoinHandle::is_finished);
                let more = db.ledger(learner, &LedgerPage { limit: Some(100), after: seen.last().map(|line| line.id), ..Default::default() }).unwrap();
                if is_over && more.is_empty() {
                    return seen;
                }
                seen.extend(more);
            }
        });
        assert_eq!(seen, db.ledger(learner, &LedgerPage::default()).unwrap());
        assert_eq!(seen.len(), 101);
    }

    fn a_message_is_delivered_once(db: TestDb) {
        let db = db.with_catalogue();
        let issued = issue(&db, &completion("Siân Example").email("sian@example.org").build());
        let message = db.outbox_pending(10).unwrap().remove(0);
        assert_eq!(message.payload["credentialId"], issued.credential_id.to_string());
        assert!(!message.payload.to_string().contains("Example"));
        assert!(db.outbox_done(message.id, noon()).unwrap());
        assert!(!db.outbox_done(message.id, noon()).unwrap());
        assert_eq!(db.outbox_pending(10).unwrap(), []);
    }
}
