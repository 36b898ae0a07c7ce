use model::ob;
use registry::{EntryKind, LedgerPage};
use testkit::{
    TestService, at, backends,
    catalogue::{CERTIFICATE, CORE, SEMINAR, hours, sample, slug},
    completion, noon, submission, trust, university,
};

use crate::support::{count, data_integrity, sian, verified_jwt};

backends! {
    fn a_completion_becomes_a_badge(db: TestDb) {
        let service = TestService::new(db);
        let mut stated = sian().staff_number("A1").evidence("https://portfolio.example.org/sian").build();
        stated.started_on = Some("2026-06-01".parse().unwrap());
        let accepted = service.post(stated.clone()).unwrap();
        assert!(!accepted.replayed && accepted.programme_awards.is_empty());

        let issued = accepted.issued;
        let badge = data_integrity(&service, issued.credential_id);
        insta::assert_json_snapshot!("badge", badge);
        let record = service.db.credential(issued.credential_id).unwrap().unwrap();
        let (payload, credential) = verified_jwt(&service, &service.vc_jwt(&record).unwrap());
        insta::assert_json_snapshot!("payload", payload);
        let mut unsigned = badge;
        unsigned.as_object_mut().unwrap().remove("proof");
        assert_eq!(credential, unsigned, "both forms say the same");
        assert_eq!(ob::lint(&unsigned), []);

        let lines = service.db.ledger(issued.learner_id, &LedgerPage::default()).unwrap();
        assert_eq!(lines, [issued.ledger_entry]);
        assert_eq!((lines[0].kind, lines[0].amount.to_string()), (EntryKind::Award, "7.5".to_owned()));
        let told = service.db.outbox_pending(10).unwrap();
        assert_eq!(told.len(), 1);
        assert_eq!(told[0].topic, "credential.issued");
        assert_eq!(told[0].payload["credentialId"], issued.credential_id.to_string());
        assert_eq!(service.db.jobs_pending(10).unwrap(), []);
        assert_eq!(service.db.audit(noon()).unwrap().findings, []);
    }

    fn the_holder_is_a_did_or_a_pseudonym(db: TestDb) {
        let service = TestService::new(db);
        let did = "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK";
        let with_did = service.post(completion("Ali Example").did(did).build()).unwrap();
        let badge = data_integrity(&service, with_did.issued.credential_id);
        assert_eq!(badge["credentialSubject"]["id"], did);
        let pseudonyms: Vec<_> = [sian(), sian().achievement(CORE)]
            .map(|stated| {
                let issued = service.post(stated.build()).unwrap().issued;
                let badge = data_integrity(&service, issued.credential_id);
                badge["credentialSubject"]["id"].as_str().unwrap().to_owned()
            })
            .into();
        assert_eq!(pseudonyms[0], pseudonyms[1], "one person, one pseudonym");
        assert!(pseudonyms[0].starts_with("urn:uuid:"));
    }

    fn another_issuer_signs_under_its_own_name(db: TestDb) {
        let service = TestService::new(db);
        let seminar = completion("Bo Example").email("bo@example.org").achievement(SEMINAR).build();
        let issued = service.accept(&university(), submission(seminar)).unwrap().issued;
        let badge = data_integrity(&service, issued.credential_id);
        assert_eq!(badge["issuer"]["id"], "did:web:badges.example.org:issuers:example-university");
        assert_eq!(badge["credentialSubject"]["source"]["name"], "Example University");
        assert_eq!(badge["credentialSubject"]["creditsEarned"], 1.25);
    }

    fn the_credit_stated_is_the_credit_earned(db: TestDb) {
        let service = TestService::new(db);
        let issued = service.post(sian().credit(hours("6.25")).build()).unwrap().issued;
        assert_eq!(issued.ledger_entry.amount.to_string(), "6.25");
        let subject = &data_integrity(&service, issued.credential_id)["credentialSubject"];
        assert_eq!(subject["creditsEarned"], 6.25);
        assert_eq!(subject["achievement"]["creditsAvailable"], 7.5);
        assert_eq!(subject["result"][0]["value"], "6.25");
    }

    fn an_award_without_credit_says_nothing_of_credit(db: TestDb) {
        let mut catalogue = sample();
        catalogue.achievements.get_mut(&slug(CORE)).unwrap().credit = hours("0");
        let service = TestService::with_catalogue(db, &catalogue);
        let mut stated = sian().achievement(CORE);
        let issued = service.post(stated.clone().build()).unwrap().issued;
        assert_eq!(issued.ledger_entry.amount.to_string(), "0");
        let badge = data_integrity(&service, issued.credential_id);
        let text = badge.to_string();
        assert!(!text.contains("credits") && !text.contains("cpd-credit"), "{text}");
        let subject = &badge["credentialSubject"];
        assert_eq!(subject["result"].as_array().unwrap().len(), 1, "what was measured stays");
        assert_eq!(subject["achievement"]["resultDescription"].as_array().unwrap().len(), 1);
        let document = service.achievement_document(&slug(CORE), "1.0").unwrap().unwrap();
        assert!(document.get("creditsAvailable").is_none() && document.get("resultDescription").is_none());

        // Credit that was earned all the same is not hidden.
        stated = stated.completed_at(at("2026-06-29T09:00:00Z")).credit(hours("2"));
        let issued = service.post(stated.build()).unwrap().issued;
        let subject = &data_integrity(&service, issued.credential_id)["credentialSubject"];
        assert_eq!((&subject["creditsEarned"], &subject["result"][0]["value"]), (&2.into(), &"2".into()));
        let described = &subject["achievement"]["resultDescription"][0];
        assert_eq!(described["id"], subject["result"][0]["resultDescription"]);
        assert_eq!(described["name"], "CPD credit in hours");
    }

    fn a_badge_ends_when_its_achievement_says(db: TestDb) {
        let mut catalogue = sample();
        catalogue.achievements.get_mut(&slug(CORE)).unwrap().valid_for_months = Some(12);
        let service = TestService::with_catalogue(db, &catalogue);
        let stated = |day: &str| sian().achievement(CORE).completed_at(at(day)).build();
        let issued = service.post(stated("2026-06-30T15:30:00Z")).unwrap().issued;
        let badge = data_integrity(&service, issued.credential_id);
        assert_eq!(badge["validUntil"], "2027-06-30T15:30:00Z");

        // One that would have ended is refused alone, and does not harm its batch.
        let rows = [stated("2025-07-01T12:00:00Z"), stated("2025-07-01T12:00:01Z")].map(submission);
        let mut answers = service.accept_many(&trust(), rows.into()).into_iter();
        let refused = crate::support::faults(answers.next().unwrap());
        assert_eq!(refused, [("/completedAt".to_owned(), "already-expired")]);
        answers.next().unwrap().unwrap();
        assert_eq!(count(&service.db, "credentials"), 2);

        // What was issued stays answerable after its end.
        service.clock.set(at("2028-01-01T00:00:00Z"));
        assert!(service.post(stated("2026-06-30T15:30:00Z")).unwrap().replayed);
    }

    fn documents_are_about_what_is_in_the_catalogue(db: TestDb) {
        let service = TestService::new(db);
        let profile = service.issuer_profile(&slug("example-trust")).unwrap().unwrap();
        insta::assert_json_snapshot!("profile", profile);
        let achievement = service.achievement_document(&slug("digital-introduction"), "1.0").unwrap().unwrap();
        insta::assert_json_snapshot!("achievement", achievement);
        assert_eq!(service.issuer_profile(&slug("nobody")).unwrap(), None);
        assert_eq!(service.achievement_document(&slug(CERTIFICATE), "9").unwrap(), None);
        assert_eq!(service.controlled_document(&slug("example-trust")).unwrap(), None, "it signs nothing");
        assert_eq!(service.jwks()["keys"].as_array().unwrap().len(), 2);
    }

    fn a_new_catalogue_is_seen_at_once(db: TestDb) {
        let service = TestService::new(db);
        assert!(service.catalogue().unwrap().achievements[&slug(CORE)].withdrawn_on.is_none());
        let mut revised = sample();
        let core = revised.achievements.get_mut(&slug(CORE)).unwrap();
        "2.0".clone_into(&mut core.version);
        service.db.reopen().load_catalogue(&revised, noon()).unwrap();
        let issued = service.post(sian().achievement(CORE).build()).unwrap().issued;
        assert_eq!(issued.achievement_version, "2.0");
    }
}
