//! Programmes whose rules are more than a list.

use chrono::TimeDelta;
use model::{
    catalogue::{Catalogue, Kind},
    completion::{Completion, StatedEvidence},
    programme::{AllOf, Counting, NOf, OnRevocation, Place, Programme, Rule},
};
use registry::Issued;
use serde_json::Value;
use testkit::{
    TestService, academy, at, backends,
    catalogue::{CERTIFICATE, CORE, FOUNDATION, INTRODUCTION, slug},
    noon, trust,
};

use crate::support::{data_integrity, sample, sian, with_programme};

fn module(name: &str, day: &str) -> Completion {
    sian().achievement(name).completed_at(at(&format!("{day}T09:00:00Z"))).build()
}

/// Siân finishes these on days; what the last one brought.
pub fn finish(service: &TestService, modules: &[(&str, &str)]) -> Vec<Issued> {
    let mut brought = Vec::new();
    for (name, day) in modules {
        brought = service.post(module(name, day)).unwrap().programme_awards;
    }
    brought
}

fn names(awards: &[Issued]) -> Vec<&str> {
    awards.iter().map(|issued| issued.achievement.as_str()).collect()
}

fn change(mut catalogue: Catalogue, programme: &str, change: impl Fn(&mut Programme)) -> Catalogue {
    change(catalogue.programmes.get_mut(&slug(programme)).unwrap());
    catalogue
}

/// A certificate for three modules, and a diploma that builds on it and needs
/// `extra` besides.
pub fn certificate_and_diploma() -> Catalogue {
    let catalogue = with_programme(sample(), "diploma", &[CORE, INTRODUCTION, "extra"]);
    let catalogue = change(catalogue, FOUNDATION, |programme| programme.counting = Counting::Alone);
    change(catalogue, "diploma-programme", |programme| {
        programme.builds_on = Some(slug(FOUNDATION));
        programme.counting = Counting::Alone;
    })
}

fn evidence(credential: &Value) -> Vec<(String, String)> {
    let text = |one: &Value, member: &str| one[member].as_str().unwrap().to_owned();
    let all = credential["evidence"].as_array().unwrap();
    all.iter().map(|one| (text(one, "name"), text(one, "narrative"))).collect()
}

backends! {
    fn a_diploma_supersedes_the_certificate_it_builds_on(db: TestDb) {
        let service = TestService::with_catalogue(db, &certificate_and_diploma());
        let certificate = finish(&service, &[(CORE, "2026-05-05"), (INTRODUCTION, "2026-05-06")]).remove(0);
        assert_eq!(certificate.achievement, slug(CERTIFICATE));
        let diploma = finish(&service, &[("extra", "2026-06-06")]).remove(0);
        let stated = evidence(&data_integrity(&service, diploma.credential_id));
        assert_eq!(stated.len(), 4, "three that counted, though two of them counted before, and the certificate");
        assert_eq!(stated[3].0, "Sample foundation certificate");
        assert_eq!(stated[3].1, "Superseded by this award, which builds on it. It stays valid.");
        let successor = service.db.successor(certificate.award_id).unwrap().unwrap();
        assert_eq!(successor.credential_id, diploma.credential_id);
        assert!(service.db.credential(certificate.credential_id).unwrap().unwrap().state == registry::CredentialState::Issued);
        assert_eq!(service.db.audit(noon()).unwrap().findings, []);
    }

    fn a_learner_finishes_under_the_version_they_began(db: TestDb) {
        let service = TestService::new(db);
        service.post(module(INTRODUCTION, "2026-05-05")).unwrap();
        let revised = with_programme(sample(), "unused", &[CORE, "extra"]);
        let revised = change(revised, FOUNDATION, |programme| {
            programme.version = String::from("2.0");
            programme.rule.rules.push(Rule::achievement(slug("extra")));
        });
        // Published while Siân was at it; Owen begins after that.
        service.clock.set(noon() + TimeDelta::days(60));
        service.db.load_catalogue(&revised, noon() + TimeDelta::days(30)).unwrap();
        let brought = service.post(module(CORE, "2026-08-10")).unwrap().programme_awards;
        assert_eq!(names(&brought), [CERTIFICATE]);
        let version = |of: &str| service.db.number(&format!(
            "SELECT count(*) AS number FROM award_components WHERE programme_version = '{of}'"
        ));
        assert_eq!((version("1.0"), version("2.0")), (2, 0));
        let owen = |name: &str| testkit::completion("Owen Example")
            .email("owen@example.org")
            .achievement(name)
            .completed_at(at("2026-08-10T09:00:00Z"))
            .build();
        for name in [CORE, INTRODUCTION] {
            assert_eq!(service.post(owen(name)).unwrap().programme_awards, []);
        }
        assert_eq!(names(&service.post(owen("extra")).unwrap().programme_awards), [CERTIFICATE, "unused"]);
        assert_eq!(version("2.0"), 3);
        assert_eq!(service.db.audit(noon()).unwrap().findings, []);
    }

    fn what_two_programmes_keep_to_themselves_goes_to_one(db: TestDb) {
        let catalogue = with_programme(sample(), "other", &[CORE, INTRODUCTION]);
        let catalogue = change(catalogue, "other-programme", |programme| programme.counting = Counting::Alone);
        let service = TestService::with_catalogue(db, &catalogue);
        assert_eq!(names(&finish(&service, &[(CORE, "2026-05-05"), (INTRODUCTION, "2026-05-06")])), [CERTIFICATE]);
        assert_eq!(service.reconcile(TimeDelta::zero()).unwrap(), 0);
        // The module once more, on another day, is free; the core module counts everywhere.
        assert_eq!(names(&finish(&service, &[(INTRODUCTION, "2026-06-06")])), ["other"]);
        assert_eq!(service.db.audit(noon()).unwrap().findings, []);
    }

    fn prior_learning_counts_in_place_of_what_it_replaces(db: TestDb) {
        let mut catalogue = with_programme(sample(), "unused", &[CORE, "fellowship", "extra"]);
        catalogue.programmes.remove(&slug("unused-programme"));
        catalogue.achievements.get_mut(&slug("fellowship")).unwrap().kind = Kind::PriorLearning;
        let catalogue = change(catalogue, FOUNDATION, |programme| {
            let practice = Place {
                prior_learning: vec![slug("fellowship")],
                ..Place::of(slug("extra"))
            };
            programme.rule = AllOf {
                name: None,
                rules: vec![
                    Rule::achievement(slug(CORE)),
                    Rule::NOf(NOf {
                        n: 1,
                        name: None,
                        at_level: None,
                        from: vec![Rule::Place(practice), Rule::achievement(slug(INTRODUCTION))],
                    }),
                ],
            };
        });
        let service = TestService::with_catalogue(db, &catalogue);
        service.post(module(CORE, "2026-05-05")).unwrap();
        let mut fellowship = module("fellowship", "2021-05-05");
        assert!(service.post(fellowship.clone()).is_err(), "nothing shows it");
        fellowship.evidence = vec![StatedEvidence {
            url: Some("https://fellows.example.org/2021/7".to_owned()),
            name: Some("Certificate".to_owned()),
            narrative: None,
        }];
        // Five years before the core module: the window of 36 months is for both.
        assert_eq!(service.post(fellowship.clone()).unwrap().programme_awards, []);
        fellowship.completed_at = at("2024-05-05T09:00:00Z");
        let brought = service.post(fellowship).unwrap().programme_awards;
        let stated = evidence(&data_integrity(&service, brought[0].credential_id));
        assert_eq!(stated[1].1, "Counted towards this award in place of “Sample extra”.");
    }

    fn a_module_that_is_revoked_flags_or_takes_the_award(db: TestDb) {
        let catalogue = change(certificate_and_diploma(), "diploma-programme", |programme| {
            programme.on_revocation = OnRevocation::Revoke;
        });
        let service = TestService::with_catalogue(db, &catalogue);
        service.post(module(CORE, "2026-05-05")).unwrap();
        let introduction = service.post(module(INTRODUCTION, "2026-05-06")).unwrap();
        let certificate = introduction.programme_awards[0].clone();
        let diploma = finish(&service, &[("extra", "2026-06-06")]).remove(0);
        let revoked = service.revoke(&trust(), introduction.issued.credential_id, "Posted by mistake").unwrap();
        assert_eq!(revoked.with_it, [diploma.credential_id]);
        assert_eq!(revoked.to_review, [certificate.award_id]);
        let again = service.post(module(INTRODUCTION, "2026-06-07")).unwrap();
        assert_eq!(again.programme_awards, [], "what was revoked does not come back by itself");
        service.revoke(&academy(), certificate.credential_id, "Not earned").unwrap();
        assert_eq!(service.db.reviews(None, 10).unwrap(), []);
        assert_eq!(service.db.audit(noon()).unwrap().findings, []);
    }

    fn eight_last_modules_at_once_bring_one_of_two_that_want_them_alone(db: TestDb) {
        let modules = [CORE, "module-b", "module-c", "module-d"];
        let catalogue = with_programme(with_programme(sample(), "first", &modules), "second", &modules);
        let catalogue = change(catalogue, "second-programme", |programme| programme.counting = Counting::Alone);
        let service = TestService::with_catalogue(db, &catalogue);
        let awards: Vec<Issued> = std::thread::scope(|scope| {
            let posts: Vec<_> = modules
                .iter()
                .map(|name| scope.spawn(|| service.post(module(name, "2026-05-05")).unwrap()))
                .collect();
            posts.into_iter().flat_map(|post| post.join().unwrap().programme_awards).collect()
        });
        assert_eq!(names(&awards), ["first"]);
        assert_eq!(service.db.audit(noon()).unwrap().findings, []);
    }
}

backends! {
    fn a_board_is_a_recipient_and_no_person(db: TestDb) {
        let service = TestService::new(db);
        let board = || testkit::completion("Board of Example Trust").email("board@example.org").achievement(CORE);
        let posted = service.post(board().group(&["Siân Example", "Owen Example"]).build()).unwrap();
        let badge = data_integrity(&service, posted.issued.credential_id);
        let identities: Vec<(&str, &str)> = badge["credentialSubject"]["identifier"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| (one["identityType"].as_str().unwrap(), one["identityHash"].as_str().unwrap()))
            .collect();
        assert_eq!(
            identities,
            [
                ("name", "Board of Example Trust"),
                ("ext:RecipientType", "group"),
                ("ext:GroupMember", "Siân Example"),
                ("ext:GroupMember", "Owen Example"),
            ]
        );
        assert!(service.post(board().group(&["Siân Example", "Owen Example"]).build()).unwrap().replayed);
        let record = service.db.learner(posted.issued.learner_id).unwrap().unwrap();
        assert_eq!(record.stated.group.unwrap().members.len(), 2);
        // A person of that name at that address is somebody else.
        let person = service.post(board().completed_at(at("2026-06-29T09:00:00Z")).build());
        assert!(matches!(person, Err(issuing::AcceptError::LearnerConflict { .. })), "{person:?}");
        // A group earns a programme as a person does.
        let other = board().achievement(INTRODUCTION).group(&[]).build();
        let brought = service.post(other).unwrap().programme_awards;
        assert_eq!(names(&brought), [CERTIFICATE]);
        let whole = data_integrity(&service, brought[0].credential_id);
        assert_eq!(whole["credentialSubject"]["identifier"][1]["identityHash"], "group");
        assert_eq!(service.db.audit(noon()).unwrap().findings, []);
    }
}
