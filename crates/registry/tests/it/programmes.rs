//! Versions of programmes, and what counts in them.

use chrono::TimeDelta;
use model::{
    catalogue::Catalogue,
    id::{AwardId, LearnerId},
    programme::{Counting, OnRevocation, Programme, Window},
};
use registry::{BeginOutcome, Intake, Issued, RegistryError, Source};
use testkit::{
    TestDb, at, backends,
    catalogue::{ACADEMY, CERTIFICATE, CORE, FOUNDATION, INTRODUCTION, VERSION, sample, slug},
    completion, noon,
};

use crate::support::{begin, begun, complete, counted_as, entropy, grant, intake, issue};

/// The sample catalogue with a diploma, whose programme builds on the foundation.
fn with_diploma() -> Catalogue {
    let mut catalogue = sample();
    let mut diploma = catalogue.achievements[&slug(CERTIFICATE)].clone();
    diploma.slug = slug("diploma");
    catalogue.achievements.insert(slug("diploma"), diploma);
    let mut higher = Programme::plain(slug("higher"), slug("diploma"), [slug(CORE), slug(INTRODUCTION)]);
    higher.builds_on = Some(slug(FOUNDATION));
    catalogue.programmes.insert(slug("higher"), higher);
    catalogue
}

fn finish(db: &TestDb, achievement: &str, day: &str) -> Issued {
    let stated = completion("Siân Example").email("sian@example.org").achievement(achievement);
    issue(db, &stated.completed_at(at(&format!("{day}T09:00:00Z"))).build())
}

/// The award of a programme whose rule the learner is said to satisfy.
fn award(
    db: &TestDb,
    programme: &Programme,
    learner: LearnerId,
    counted: &[AwardId],
    supersedes: Option<AwardId>,
) -> BeginOutcome {
    let whole = completion("Siân Example")
        .email("sian@example.org")
        .achievement(programme.achievement.as_str())
        .build();
    begin(
        db,
        Intake {
            provider: slug(ACADEMY),
            source: Source::Programme {
                programme: Box::new(programme.clone()),
                learner,
                counted: counted_as(counted),
                supersedes,
            },
            grant: Ok(grant(VERSION, "0")),
            ..intake(&whole)
        },
    )
}

fn refusal(outcome: BeginOutcome) -> Vec<&'static str> {
    match outcome {
        BeginOutcome::Refused(faults) => faults.iter().map(|fault| fault.code).collect(),
        other => panic!("expected a refusal, found {other:?}"),
    }
}

/// A catalogue with changes to its two programmes, and two modules of a learner.
fn with(db: TestDb, change: impl Fn(&mut Programme)) -> (TestDb, Catalogue, [Issued; 2]) {
    let mut catalogue = with_diploma();
    catalogue.programmes.values_mut().for_each(change);
    db.load_catalogue(&catalogue, noon()).unwrap();
    let modules = [finish(&db, CORE, "2026-05-05"), finish(&db, INTRODUCTION, "2026-06-06")];
    (db, catalogue, modules)
}

backends! {
    fn a_published_programme_version_never_changes(db: TestDb) {
        let db = db.with_catalogue();
        let mut changed = sample();
        changed.programmes.get_mut(&slug(FOUNDATION)).unwrap().window.months = Some(24);
        let error = db.load_catalogue(&changed, noon()).unwrap_err();
        let RegistryError::PublishedProgrammeChanged { slug: named, version, differing } = &error else { panic!("{error}") };
        assert_eq!((named.as_str(), version.as_str(), differing.as_str()), (FOUNDATION, "1.0", "window"));
        assert_eq!(db.catalogue().unwrap(), sample(), "nothing of the refused catalogue stays");

        changed.programmes.get_mut(&slug(FOUNDATION)).unwrap().version = String::from("1.1");
        let later = noon() + TimeDelta::days(1);
        db.load_catalogue(&changed, later).unwrap();
        let versions = db.programme_versions().unwrap();
        let published: Vec<_> = versions.iter().map(|(programme, at)| (programme.version.as_str(), *at)).collect();
        assert_eq!(published, [("1.0", noon()), ("1.1", later)]);
        assert_eq!(versions[0].0, sample().programmes[&slug(FOUNDATION)]);
        assert_eq!(db.catalogue().unwrap(), changed);
        for sql in ["UPDATE programme_versions SET body = '{}'", "DELETE FROM programme_versions"] {
            let refused = db.sql(sql).unwrap_err().to_string();
            assert!(refused.contains("a published programme version never changes"), "{refused}");
        }
    }

    fn what_was_stored_before_programmes_were_rules_is_read(db: TestDb) {
        let db = db.with_catalogue();
        let old = format!(
            r#"{{"slug":"{FOUNDATION}","achievement":"{CERTIFICATE}","all_of":["{CORE}"],"optional":[],"window_months":36,"builds_on":null}}"#
        );
        db.sql(&format!("UPDATE programmes SET body = '{old}'")).unwrap();
        let programme = db.catalogue().unwrap().programmes.remove(&slug(FOUNDATION)).unwrap();
        assert_eq!(programme.window.months, Some(36));
        assert_eq!(programme.rule.achievements().count(), 1);
        db.load_catalogue(&sample(), noon()).unwrap();
        assert_eq!(db.catalogue().unwrap(), sample());
    }

    fn what_a_programme_keeps_to_itself_counts_in_no_other(db: TestDb) {
        let (db, catalogue, modules) = with(db, |programme| programme.builds_on = None);
        let [foundation, higher] = [FOUNDATION, "higher"].map(|name| &catalogue.programmes[&slug(name)]);
        let alone = Programme { counting: Counting::Alone, ..higher.clone() };
        let both = modules.each_ref().map(|one| one.award_id);
        begun(award(&db, foundation, modules[0].learner_id, &both, None));
        assert_eq!(refusal(award(&db, &alone, modules[0].learner_id, &both, None)), ["already-counted"; 2]);
        // The database says so by itself.
        let insert = |programme: &str, builds_on: &str, alone: &str| format!(
            "INSERT INTO award_components (award_id, component_id, programme, programme_version, alone, builds_on) \
             SELECT award_id, component_id, '{programme}', '1.0', {alone}, {builds_on} FROM award_components"
        );
        let truth = if db.backend() == registry::Backend::Sqlite { "1" } else { "true" };
        let refused = db.sql(&insert("higher", "NULL", truth)).unwrap_err().to_string();
        assert!(refused.contains("in only one it may"), "{refused}");

        let above = Programme { builds_on: Some(slug(FOUNDATION)), ..alone };
        begun(award(&db, &above, modules[0].learner_id, &both, None));
        assert_eq!(db.audit(noon()).unwrap().findings, []);
    }

    fn a_programme_counts_only_in_a_version_that_was_published(db: TestDb) {
        let (db, catalogue, modules) = with(db, |_| {});
        let unknown = Programme { version: "9.0".to_owned(), ..catalogue.programmes[&slug(FOUNDATION)].clone() };
        let whole = completion("Siân Example").email("sian@example.org").achievement(CERTIFICATE).build();
        let row = Intake {
            provider: slug(ACADEMY),
            source: Source::Programme {
                programme: Box::new(unknown),
                learner: modules[0].learner_id,
                counted: counted_as(&[modules[0].award_id]),
                supersedes: None,
            },
            grant: Ok(grant(VERSION, "0")),
            ..intake(&whole)
        };
        assert!(crate::support::try_begin(&db, &[row]).is_err());
    }

    fn the_transaction_looks_at_window_and_state_again(db: TestDb) {
        let (db, catalogue, modules) = with(db, |_| {});
        let foundation = &catalogue.programmes[&slug(FOUNDATION)];
        let narrow = |months, from: Option<&str>| Programme {
            window: Window { months, from: from.map(|day| day.parse().unwrap()), until: None },
            ..foundation.clone()
        };
        let both = modules.each_ref().map(|one| one.award_id);
        let learner = modules[0].learner_id;
        let tried = |programme: &Programme| refusal(award(&db, programme, learner, &both, None));
        assert_eq!(tried(&narrow(Some(1), None)), ["outside-window"]);
        assert_eq!(tried(&narrow(None, Some("2026-06-01"))), ["outside-window"]);
        let other = issue(&db, &completion("Owen Example").email("owen@example.org").achievement(CORE).build());
        let mixed = [other.award_id, modules[1].award_id];
        assert_eq!(refusal(award(&db, foundation, learner, &mixed, None)), ["unknown-award"]);
        db.revoke(modules[0].credential_id, "A mistake", "trust", noon(), entropy()).unwrap();
        assert_eq!(tried(foundation), ["unknown-award"]);
    }

    fn a_revoked_module_leaves_its_programmes_award_to_be_looked_at(db: TestDb) {
        let (db, catalogue, modules) = with(db, |_| {});
        let foundation = &catalogue.programmes[&slug(FOUNDATION)];
        let both = modules.each_ref().map(|one| one.award_id);
        let whole = complete(&db, &begun(award(&db, foundation, modules[0].learner_id, &both, None)));
        let revoked = db.revoke(modules[0].credential_id, "A mistake", "trust", noon(), entropy()).unwrap().unwrap();
        assert_eq!((revoked.with_it.as_slice(), revoked.to_review.as_slice()), (&[][..], &[whole.award_id][..]));
        let reviews = db.reviews(None, 10).unwrap();
        assert_eq!((reviews.len(), reviews[0].award_id, reviews[0].component_id), (1, whole.award_id, modules[0].award_id));
        assert_eq!(db.reviews(Some(modules[0].learner_id), 10).unwrap(), reviews);
        let told = db.outbox_pending(20).unwrap();
        assert_eq!(told.iter().filter(|message| message.topic == "award.review").count(), 1);
        assert_eq!(db.audit(noon()).unwrap().findings, []);

        assert!(db.keep_award(whole.award_id, "registrar", noon()).unwrap());
        assert!(!db.keep_award(whole.award_id, "registrar", noon()).unwrap(), "nothing is open any more");
        assert_eq!(db.reviews(None, 10).unwrap(), []);
        // The second module: now the award itself is revoked, which decides the review.
        db.revoke(modules[1].credential_id, "A mistake", "trust", noon(), entropy()).unwrap();
        assert_eq!(db.reviews(None, 10).unwrap().len(), 1);
        db.revoke(whole.credential_id, "Not earned", "registrar", noon(), entropy()).unwrap();
        assert_eq!(db.reviews(None, 10).unwrap(), []);
        assert_eq!(db.number("SELECT count(*) AS number FROM award_reviews WHERE decision = 'revoked'"), 1);
        assert_eq!(db.audit(noon()).unwrap().findings, []);
        db.tamper("DELETE FROM award_reviews");
        assert_eq!(db.audit(noon()).unwrap().findings, [], "the award does not stand, so nobody need look");
    }

    fn where_a_programme_says_so_its_award_goes_with_the_module(db: TestDb) {
        let (db, catalogue, modules) = with(db, |programme| programme.on_revocation = OnRevocation::Revoke);
        let [foundation, higher] = [FOUNDATION, "higher"].map(|name| &catalogue.programmes[&slug(name)]);
        let learner = modules[0].learner_id;
        let both = modules.each_ref().map(|one| one.award_id);
        let certificate = complete(&db, &begun(award(&db, foundation, learner, &both, None)));
        let counted = [both[0], certificate.award_id];
        let diploma = complete(&db, &begun(award(&db, higher, learner, &counted, Some(certificate.award_id))));
        let revoked = db.revoke(modules[1].credential_id, "A mistake", "trust", noon(), entropy()).unwrap().unwrap();
        assert_eq!(revoked.with_it, [certificate.credential_id, diploma.credential_id], "and what was made of that");
        assert_eq!(revoked.to_review, []);
        assert_eq!(db.number("SELECT count(*) AS number FROM ledger_entries WHERE kind = 'reversal'"), 3);
        let again = db.revoke(modules[1].credential_id, "Again", "trust", noon(), entropy()).unwrap().unwrap();
        assert!(again.was_already && again.with_it.is_empty());
        assert_eq!(db.audit(noon()).unwrap().findings, []);
    }

    fn an_award_that_counted_and_was_revoked_unseen_is_found(db: TestDb) {
        let (db, catalogue, modules) = with(db, |_| {});
        let foundation = &catalogue.programmes[&slug(FOUNDATION)];
        let both = modules.each_ref().map(|one| one.award_id);
        complete(&db, &begun(award(&db, foundation, modules[0].learner_id, &both, None)));
        db.revoke(modules[0].credential_id, "A mistake", "trust", noon(), entropy()).unwrap();
        db.tamper("DELETE FROM award_reviews");
        let findings = db.audit(noon()).unwrap().findings;
        assert_eq!(findings.len(), 1, "{findings:?}");
        assert!(findings[0].detail.contains("nobody looks at it"));
    }

    fn a_later_award_supersedes_an_earlier_one_and_both_stand(db: TestDb) {
        let (db, catalogue, modules) = with(db, |_| {});
        let [foundation, higher] = [FOUNDATION, "higher"].map(|name| &catalogue.programmes[&slug(name)]);
        let learner = modules[0].learner_id;
        let both = modules.each_ref().map(|one| one.award_id);
        let certificate = complete(&db, &begun(award(&db, foundation, learner, &both, None)));
        let pending = begun(award(&db, higher, learner, &both, Some(certificate.award_id)));
        assert_eq!(db.successor(certificate.award_id).unwrap(), None, "it is not issued yet");
        let diploma = complete(&db, &pending);
        let successor = db.successor(certificate.award_id).unwrap().unwrap();
        assert_eq!((successor.award_id, successor.credential_id), (diploma.award_id, diploma.credential_id));
        assert_eq!(successor.achievement, slug("diploma"));
        assert_eq!(db.successor(diploma.award_id).unwrap(), None);
        db.revoke(diploma.credential_id, "Not earned", "registrar", noon(), entropy()).unwrap();
        assert_eq!(db.successor(certificate.award_id).unwrap(), None, "what is revoked supersedes nothing");
        let refused = db.sql("DELETE FROM award_successions").unwrap_err().to_string();
        assert!(refused.contains("never changes"), "{refused}");
        assert_eq!(db.audit(noon()).unwrap().findings, []);
    }
}
