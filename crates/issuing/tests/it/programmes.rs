use std::collections::BTreeSet;

use registry::Issued;
use testkit::{
    TestDb, TestService, academy, at, backends,
    catalogue::{ACADEMY, CERTIFICATE, CORE, INTRODUCTION, slug},
    noon, trust,
};

use crate::support::{AT_ONCE, break_table, count, data_integrity, mend_table, sample, sian, with_programme};

/// Siân finishes these, one after the other; what the last one brought.
fn finish(service: &TestService, modules: &[&str]) -> Vec<Issued> {
    let mut brought = Vec::new();
    for module in modules {
        brought = service.post(sian().achievement(module).build()).unwrap().programme_awards;
    }
    brought
}

fn names(awards: &[Issued]) -> BTreeSet<&str> {
    awards.iter().map(|issued| issued.achievement.as_str()).collect()
}

backends! {
    fn the_last_module_brings_the_certificate(db: TestDb) {
        brings_the_certificate(db, [CORE, INTRODUCTION]);
    }

    fn in_another_order_too(db: TestDb) {
        brings_the_certificate(db, [INTRODUCTION, CORE]);
    }

    fn modules_too_far_apart_do_not_count_together(db: TestDb) {
        let service = TestService::new(db);
        let core = |day| sian().achievement(CORE).completed_at(at(day)).build();
        service.post(core("2023-06-30T15:29:59Z")).unwrap();
        assert_eq!(finish(&service, &[INTRODUCTION]), [], "a second more than 36 months");
        let awards = service.post(core("2024-01-01T00:00:00Z")).unwrap().programme_awards;
        assert_eq!(names(&awards), [CERTIFICATE].into());
    }

    fn a_revoked_module_does_not_count(db: TestDb) {
        let service = TestService::new(db);
        let core = service.post(sian().achievement(CORE).build()).unwrap().issued;
        service.revoke(&trust(), core.credential_id, "Posted by mistake").unwrap();
        assert_eq!(finish(&service, &[INTRODUCTION]), []);
        let again = sian().achievement(CORE).completed_at(at("2026-07-01T09:00:00Z")).build();
        assert_eq!(names(&service.post(again).unwrap().programme_awards), [CERTIFICATE].into());
    }

    fn a_revoked_certificate_does_not_come_back_by_itself(db: TestDb) {
        let service = TestService::new(db);
        let awards = finish(&service, &[CORE, INTRODUCTION]);
        service.revoke(&academy(), awards[0].credential_id, "Under review").unwrap();
        let again = sian().achievement(CORE).completed_at(at("2026-07-01T09:00:00Z")).build();
        assert_eq!(service.post(again).unwrap().programme_awards, []);
    }

    fn the_core_module_counts_in_every_programme(db: TestDb) {
        let catalogue = with_programme(sample(), "advanced-certificate", &[CORE, "second-module"]);
        let service = TestService::with_catalogue(db, &catalogue);
        assert_eq!(names(&finish(&service, &[CORE, INTRODUCTION])), [CERTIFICATE].into());
        assert_eq!(names(&finish(&service, &["second-module"])), ["advanced-certificate"].into());
        assert_eq!(service.db.audit(noon()).unwrap().findings, []);
    }

    fn a_certificate_counts_towards_the_next_programme(db: TestDb) {
        let catalogue = with_programme(sample(), "advanced-certificate", &[CORE, "second-module"]);
        let catalogue = with_programme(catalogue, "sample-diploma", &[CORE, CERTIFICATE, "advanced-certificate"]);
        let service = TestService::with_catalogue(db, &catalogue);
        finish(&service, &[INTRODUCTION, "second-module"]);
        let awards = finish(&service, &[CORE]);
        assert_eq!(names(&awards), [CERTIFICATE, "advanced-certificate", "sample-diploma"].into());
        assert_eq!(service.db.jobs_pending(10).unwrap(), []);
        assert_eq!(service.db.audit(noon()).unwrap().findings, []);
    }

    fn a_certificate_that_was_withdrawn_is_not_awarded(db: TestDb) {
        let mut catalogue = sample();
        let certificate = catalogue.achievements.get_mut(&slug(CERTIFICATE)).unwrap();
        certificate.withdrawn_on = Some("2026-06-29".parse().unwrap());
        let service = TestService::with_catalogue(db, &catalogue);
        assert_eq!(finish(&service, &[CORE, INTRODUCTION]), []);
        assert_eq!(service.db.jobs_pending(10).unwrap(), []);
    }

    fn eight_last_modules_at_once_bring_one_award(db: TestDb) {
        let modules = [CORE, "module-b", "module-c", "module-d", "module-e", "module-f", "module-g", "module-h"];
        let service = TestService::with_catalogue(db, &with_programme(sample(), "wide-certificate", &modules));
        let awards: Vec<Issued> = std::thread::scope(|scope| {
            let posts: Vec<_> = modules
                .iter()
                .map(|module| scope.spawn(|| service.post(sian().achievement(module).build()).unwrap()))
                .collect();
            posts.into_iter().flat_map(|post| post.join().unwrap().programme_awards).collect()
        });
        assert_eq!(names(&awards), ["wide-certificate"].into());
        assert_eq!((awards.len(), count(&service.db, "credentials")), (1, 9));
        assert_eq!(count(&service.db, "award_components"), 8);
        assert_eq!(service.db.jobs_pending(10).unwrap(), []);
        assert_eq!(service.db.audit(noon()).unwrap().findings, []);
    }

    fn a_certificate_whose_intent_fails_is_awarded_later(db: TestDb) {
        fails_and_comes_later(db, "award_components", "NEW.award_id IS NOT NULL");
    }

    fn a_certificate_that_cannot_be_issued_is_issued_later(db: TestDb) {
        fails_and_comes_later(db, "ledger_entries", "NEW.amount = '0'");
    }
}

/// The module stands whatever becomes of the certificate.
fn fails_and_comes_later(db: TestDb, table: &str, when: &str) {
    let service = TestService::new(db);
    break_table(&service.db, table, when, "broken");
    assert_eq!(finish(&service, &[CORE, INTRODUCTION]), []);
    assert_eq!(service.reconcile(AT_ONCE).unwrap(), 0, "broken still");
    mend_table(&service.db, table);
    assert_eq!(service.reconcile(AT_ONCE).unwrap(), 1);
    assert_eq!(count(&service.db, "credentials"), 3);
    assert_eq!(service.reconcile(AT_ONCE).unwrap(), 0);
    assert_eq!(service.db.audit(noon()).unwrap().findings, []);
}

fn brings_the_certificate(db: TestDb, order: [&str; 2]) {
    let service = TestService::new(db);
    let awards = finish(&service, &order);
    assert_eq!(names(&awards), [CERTIFICATE].into());
    let certificate = data_integrity(&service, awards[0].credential_id);
    let evidence = certificate["evidence"].as_array().unwrap();
    let counted: BTreeSet<_> = evidence.iter().map(|one| one["name"].as_str().unwrap()).collect();
    assert_eq!(counted, ["Sample digital introduction", "Sample equality diversity inclusion"].into());
    for one in evidence {
        let id = one["id"].as_str().unwrap().rsplit('/').next().unwrap().parse().unwrap();
        assert_eq!(data_integrity(&service, id)["id"], one["id"], "evidence is a badge of ours");
    }
    assert_eq!(certificate["awardedDate"], "2026-06-30T15:30:00Z");
    assert_eq!(certificate["credentialSubject"]["identifier"][0]["identityHash"], "Siân Example");
    assert!(certificate["credentialSubject"].get("creditsEarned").is_none());
    assert_eq!(awards[0].ledger_entry.amount.to_string(), "0");
    assert_eq!(awards[0].ledger_entry.provider(), Some(&slug(ACADEMY)));

    // Neither a replay nor the module once more brings it again.
    let replayed = service.post(sian().achievement(order[1]).build()).unwrap();
    assert!(replayed.replayed && replayed.programme_awards.is_empty());
    let later = sian().achievement(CORE).completed_at(at("2026-07-01T09:00:00Z")).build();
    assert_eq!(service.post(later).unwrap().programme_awards, []);
    assert_eq!(service.reconcile(AT_ONCE).unwrap(), 0);
    assert_eq!(count(&service.db, "credentials"), 4);
    assert_eq!(service.db.audit(noon()).unwrap().findings, []);
}
