use chrono::TimeDelta;
use model::{completion::Completion, parse};
use testkit::{TestService, at, backends, completion, noon, submission, trust};

use crate::support::{AT_ONCE, count, data_integrity, faults, sian};

/// The completion as the API would have read it.
fn parsed(completion: &Completion) -> Completion {
    parse::completion(&serde_json::to_value(completion).unwrap()).unwrap()
}

backends! {
    fn evidence_that_is_no_iri_is_refused_before_it_is_stored(db: TestDb) {
        let service = TestService::new(db);
        for url in [
            "https://example.org/?q={x}",
            "https://example.org/?q=a|b",
            "https://example.org/#a\\b",
            "https://example.org/%zz",
        ] {
            let stated = parsed(&sian().evidence("https://example.org/fine").evidence(url).build());
            let refused = faults(service.post(stated));
            assert_eq!(refused, [("/evidence/1/url".to_owned(), "cannot-be-signed")], "{url}");
        }
        for table in ["completions", "credentials", "learners"] {
            assert_eq!(count(&service.db, table), 0, "{table}");
        }
        assert_eq!(service.reconcile(AT_ONCE).unwrap(), 0);
    }

    fn what_is_no_character_is_refused_where_it_stands(db: TestDb) {
        let service = TestService::new(db);
        let mut named = sian().build();
        "Siân \u{fdd0}".clone_into(&mut named.learner.name);
        let mut measured = sian().build();
        "\u{10ffff}".clone_into(&mut measured.results[0].value);
        for (stated, pointer) in [(named, "/learner/name"), (measured, "/results/0/value")] {
            let refused = faults(service.post(parsed(&stated)));
            assert_eq!(refused, [(pointer.to_owned(), "cannot-be-signed")]);
        }
        assert_eq!(count(&service.db, "credentials"), 0);
    }

    fn a_badge_is_never_too_large_to_sign(db: TestDb) {
        let service = TestService::new(db);
        let mut stated = sian().build();
        let narrative = |length| model::completion::StatedEvidence {
            url: None,
            name: None,
            narrative: Some("\u{1f984}".repeat(length)),
        };
        stated.evidence = vec![narrative(5000); 9];
        let (mut fits, mut too_large) = (0, 0);
        // Each step is 400 bytes, so that the last that fits has little room left.
        for length in (0..20).map(|step| step * 100 + 1) {
            stated.completed_at = at("2026-01-01T00:00:00Z") + TimeDelta::hours(length.try_into().unwrap());
            let mut longer = stated.clone();
            longer.evidence.push(narrative(length));
            match service.post(parsed(&longer)) {
                Ok(_) => fits += 1,
                refused => {
                    assert_eq!(faults(refused), [(String::new(), "cannot-be-signed")]);
                    too_large += 1;
                }
            }
        }
        assert!(fits > 0 && too_large > 0, "{fits} {too_large}");
        assert_eq!(count(&service.db, "credentials WHERE state = 'prepared'"), 0);
    }

    fn text_of_any_kind_is_signed_as_it_is(db: TestDb) {
        let service = TestService::new(db);
        let texts = [
            "\"quoted\" \\back\\slash\\",
            "_:b0",
            "@id",
            "<https://example.org/>",
            "did:key:",
            "Ŵyn ap Siôn 🦄👩‍🔬",
            "ليلى مثال",
            "e\u{301}",
            "\u{200b}zero width",
            "1e400",
            "null",
            "{\"@context\": {}}",
            "\u{10fffd}",
            "\u{e000}",
        ];
        let rows = texts.iter().enumerate().map(|(n, text)| {
            let mut stated = completion(text).email(&format!("person-{n}@example.org")).cohort(text).build();
            (*text).clone_into(&mut stated.results[0].name);
            (*text).clone_into(&mut stated.results[0].value);
            for _ in 0..3 {
                stated.evidence.push(model::completion::StatedEvidence {
                    url: None,
                    name: Some((*text).to_owned()),
                    narrative: Some((*text).to_owned()),
                });
            }
            submission(parsed(&stated))
        });
        let rows: Vec<_> = rows.collect();
        for (row, answer) in rows.clone().into_iter().zip(service.accept_many(&trust(), rows)) {
            let name = &row.completion.learner.name;
            let issued = answer.unwrap_or_else(|error| panic!("{name}: {error}")).issued;
            let badge = data_integrity(&service, issued.credential_id);
            assert_eq!(badge["credentialSubject"]["identifier"][0]["identityHash"], name.as_str());
            assert_eq!(badge["evidence"][2]["narrative"], row.completion.evidence[2].narrative.clone().unwrap());
        }
        assert_eq!(service.db.audit(noon()).unwrap().findings, []);
    }

    fn a_did_of_any_method_names_its_holder(db: TestDb) {
        let service = TestService::new(db);
        for did in ["did:web:example.org%3A8080:sian", "did:example:a.b-c_d:e", "did:example:%C3%A9"] {
            let stated = parsed(&completion("Siân Example").did(did).build());
            let issued = service.post(stated).unwrap().issued;
            assert_eq!(data_integrity(&service, issued.credential_id)["credentialSubject"]["id"], did);
        }
    }
}
