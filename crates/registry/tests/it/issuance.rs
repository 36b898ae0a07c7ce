use model::{field::FieldError, id::CredentialId, vc::with_proof};
use registry::{
    BeginOutcome, CredentialState, EntryKind, Intake, LedgerPage, RegistryError, Source, Unknown,
};
use testkit::{
    at, backends,
    catalogue::{ACADEMY, CERTIFICATE, CORE, FOUNDATION, INTRODUCTION, VERSION, hours, slug},
    completion, noon,
};

use crate::support::{
    begin, begin_with, begun, complete, counted_as, document, entropy, grant, intake, issue, replayed,
    signed, try_begin,
};

backends! {
    fn a_completion_becomes_a_credential_with_its_ledger_entry(db: TestDb) {
        let db = db.with_catalogue();
        let stated = completion("Siân Example").email("sian@example.org").build();
        let pending = begun(begin(&db, intake(&stated)));
        assert_eq!(db.credential(pending.credential_id()).unwrap(), None, "nothing is visible before it is signed");
        let issued = complete(&db, &pending);

        let record = db.credential(issued.credential_id).unwrap().unwrap();
        assert_eq!(record.learner_name, "Siân Example");
        assert_eq!(record.state, CredentialState::Issued);
        assert_eq!(record.data_integrity, with_proof(pending.unsigned(), &signed(&pending).proof));
        assert_eq!(record.vc_jwt, signed(&pending).vc_jwt);
        assert_eq!(record.awarded_at, stated.completed_at, "no hour is lost to summer time");
        assert_eq!((record.valid_from, record.issued_at), (noon(), noon()));
        assert_eq!(record.credit, hours("7.5"));

        let lines = db.ledger(issued.learner_id, &LedgerPage::default()).unwrap();
        assert_eq!(lines, std::slice::from_ref(&issued.ledger_entry));
        assert_eq!(lines[0].kind, EntryKind::Award);
        assert_eq!(lines[0].amount.to_string(), "7.5");
        assert_eq!(lines[0].earned_at, stated.completed_at);
        assert_eq!(db.outbox_pending(10).unwrap()[0].topic, "credential.issued");
        assert_eq!(db.jobs_pending(10).unwrap()[0].award_id, issued.award_id);
        assert!(db.audit(noon()).unwrap().findings.is_empty());
    }

    fn completing_twice_gives_the_first_answer(db: TestDb) {
        let db = db.with_catalogue();
        let stated = completion("Siân Example").email("sian@example.org").build();
        let pending = begun(begin(&db, intake(&stated)));
        let first = complete(&db, &pending);
        let mut other = signed(&pending);
        other.vc_jwt = Some("another".to_owned());
        let later = at("2026-07-02T00:00:00Z");
        assert_eq!(db.complete_issuance(&[other], &Unknown, later, entropy()).unwrap().issued, std::slice::from_ref(&first));
        assert_eq!(db.credential(first.credential_id).unwrap().unwrap().vc_jwt, signed(&pending).vc_jwt);
        assert_eq!(db.number("SELECT count(*) AS number FROM ledger_entries"), 1);
    }

    fn completing_what_was_never_begun_is_an_error_and_changes_nothing(db: TestDb) {
        let db = db.with_catalogue();
        let stated = completion("Siân Example").email("sian@example.org").build();
        let pending = begun(begin(&db, intake(&stated)));
        let mut unknown = signed(&pending);
        unknown.credential_id = CredentialId::random(entropy());
        let error = db.complete_issuance(&[signed(&pending), unknown], &Unknown, noon(), entropy()).unwrap_err();
        assert!(matches!(error, RegistryError::Missing { what: "credential", .. }), "{error}");
        assert_eq!(db.credential(pending.credential_id()).unwrap(), None);
        assert_eq!(db.number("SELECT count(*) AS number FROM ledger_entries"), 0);
    }

    fn after_a_crash_the_stored_intent_gives_the_same_bytes(db: TestDb) {
        let db = db.with_catalogue();
        let stated = completion("Siân Example").email("sian@example.org").build();
        let pending = begun(begin(&db, intake(&stated)));
        let restarted = db.reopen();
        assert_eq!(restarted.pending_issuances(noon(), 10).unwrap(), std::slice::from_ref(&pending));
        let before = at("2026-07-01T11:59:59Z");
        assert_eq!(restarted.pending_issuances(before, 10).unwrap(), [], "too young to be given up");
        assert_eq!(begin(&restarted, intake(&stated)), BeginOutcome::InFlight(pending.credential_id()));

        let issued = complete(&restarted, &pending);
        assert_eq!(restarted.pending_issuances(noon(), 10).unwrap(), []);
        assert_eq!(replayed(begin(&restarted, intake(&stated))), issued);
    }

    fn a_refused_row_leaves_the_others_alone(db: TestDb) {
        let db = db.with_catalogue();
        let good = completion("Siân Example").email("sian@example.org").build();
        let unknown = completion("Ali Example").email("ali@example.org").achievement("no-such-thing").build();
        let unbuildable = completion("Bo Example").email("bo@example.org").build();
        let fine = completion("Cy Example").email("cy@example.org").build();
        let stranger = Intake { provider: slug("unheard-of"), ..intake(&fine) };
        let rows = [intake(&good), intake(&unknown), intake(&unbuildable), stranger, intake(&fine), intake(&good)];
        let fault = FieldError::new("/x", "sample", "a fault", "none");
        let mut build = |position, allocation: &_| match position {
            2 => Err(vec![fault.clone()]),
            _ => document(position, allocation),
        };
        let outcomes = begin_with(&db, &rows, &mut build).unwrap();
        let first = begun(outcomes[0].clone());
        let codes = |outcome: &BeginOutcome| match outcome {
            BeginOutcome::Refused(faults) => faults.iter().map(|fault| fault.code).collect(),
            _ => Vec::new(),
        };
        assert_eq!(codes(&outcomes[1]), ["unknown-achievement"]);
        assert_eq!(codes(&outcomes[2]), ["sample"]);
        assert_eq!(codes(&outcomes[3]), ["unknown-organisation"]);
        begun(outcomes[4].clone());
        assert_eq!(outcomes[5], BeginOutcome::InFlight(first.credential_id()), "the same row again");
        assert_eq!(db.number("SELECT count(*) AS number FROM learners"), 2, "a refused row leaves no learner");
    }

    fn a_batch_of_many_rows_is_issued_in_two_transactions(db: TestDb) {
        let db = db.with_catalogue();
        let stated: Vec<_> = (0..1200)
            .map(|n| completion(&format!("Person {n}")).email(&format!("p{n}@example.org")).build())
            .collect();
        let rows: Vec<_> = stated.iter().map(intake).collect();
        let pending: Vec<_> = try_begin(&db, &rows).unwrap().into_iter().map(begun).collect();
        let finished: Vec<_> = pending.iter().map(signed).collect();
        let issued = db.complete_issuance(&finished, &Unknown, noon(), entropy()).unwrap().issued;
        let ids = |issued: &[registry::Issued]| issued.iter().map(|one| one.credential_id).collect::<Vec<_>>();
        assert_eq!(ids(&issued), pending.iter().map(registry::Pending::credential_id).collect::<Vec<_>>());
        let again: Vec<_> = try_begin(&db, &rows).unwrap().into_iter().map(replayed).collect();
        assert_eq!(again, issued);
        let report = db.audit(noon()).unwrap();
        assert_eq!((report.completions, report.awards, report.credentials, report.ledger_entries), (1200, 1200, 1200, 1200));
        assert_eq!(report.findings, []);
    }

    fn a_programme_counts_an_award_once_and_is_awarded_once(db: TestDb) {
        let db = db.with_catalogue();
        let module = |slug| completion("Siân Example").email("sian@example.org").achievement(slug).build();
        let (core, introduction) = (issue(&db, &module(CORE)), issue(&db, &module(INTRODUCTION)));
        let whole = module(CERTIFICATE);
        let award = |counted: &[_]| Intake {
            provider: slug(ACADEMY),
            source: Source::Programme {
                programme: Box::new(testkit::catalogue::sample().programmes[&slug(FOUNDATION)].clone()),
                learner: core.learner_id,
                counted: counted_as(counted),
                supersedes: None,
            },
            grant: Ok(grant(VERSION, "0")),
            ..intake(&whole)
        };
        let both = [core.award_id, introduction.award_id];
        let certificate = complete(&db, &begun(begin(&db, award(&both))));
        assert_eq!(certificate.learner_id, core.learner_id);
        assert_eq!(replayed(begin(&db, award(&both))), certificate);

        let newer = Intake { grant: Ok(grant("2.0", "0")), ..award(&both) };
        let mut revised = testkit::catalogue::sample();
        revised.achievements.get_mut(&slug(CERTIFICATE)).unwrap().version = String::from("2.0");
        db.load_catalogue(&revised, noon()).unwrap();
        let BeginOutcome::Refused(faults) = begin(&db, newer) else { panic!("counted twice") };
        assert_eq!(faults.iter().map(|fault| fault.code).collect::<Vec<_>>(), ["already-counted"; 2]);

        let awards = db.awards_of(core.learner_id).unwrap();
        let counted = awards.iter().filter(|award| award.counts_in(&slug(FOUNDATION))).count();
        assert_eq!((awards.len(), counted), (3, 2));
        assert_eq!(db.jobs_pending(10).unwrap().len(), 3);
        db.jobs_done(&both, noon()).unwrap();
        db.jobs_done(&both, noon()).unwrap();
        assert_eq!(db.jobs_pending(10).unwrap()[0].award_id, certificate.award_id);
        assert_eq!(db.audit(noon()).unwrap().findings, []);
    }
}
