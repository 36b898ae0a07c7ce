use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use issuing::RenewError;
use model::{
    clock::Clock,
    cpd::activity::Activity,
    id::{CredentialId, LearnerId},
    maintenance::State,
};
use registry::{CredentialState, EntryKind, Issued, LedgerPage, RegistryError};
use rust_decimal::Decimal;
use testkit::{
    TestService, academy, at, backends,
    catalogue::{CORE, INTRODUCTION, hours, maintained as with, maintenance_rules as rules, slug},
    completion, noon, trust, university,
};

use crate::support::{
    AT_ONCE, break_table, count, data_integrity, faults, mend_table, sample, sian, verified_jwt,
};

/// A message that the registry takes for a trouble that passes.
const PASSING: &str = "disk I/O error: could not write";

/// When the badge of [`sian`] ends.
const END: &str = "2028-06-30T15:30:00Z";

fn maintained(db: testkit::TestDb) -> TestService {
    TestService::with_catalogue(db, &with(vec![rules("2024-01-01")]))
}

fn earn(service: &TestService, learner: LearnerId, on: &str, amount: &str) {
    let finished_at = on.parse::<NaiveDate>().unwrap().and_hms_opt(12, 0, 0).unwrap().and_utc();
    service.clock.set(finished_at);
    let activity = Activity {
        title: "Read".to_owned(),
        credit: hours(amount),
        finished_at,
        category: None,
        reflection: None,
        evidence: None,
    };
    service.record_activity(&academy(), learner, &activity).unwrap();
}

/// What maintenance does at a moment.
fn maintain(service: &TestService, moment: &str) -> usize {
    service.clock.set(at(moment));
    service.maintain().unwrap()
}

fn state(service: &TestService, id: CredentialId, as_of: Option<DateTime<Utc>>) -> State {
    service.maintenance(id, as_of).unwrap().unwrap().awards[0].standing.state
}

/// What was written to the outbox about maintenance and renewals.
fn told(service: &TestService) -> Vec<String> {
    let messages = service.db.outbox_pending(1000).unwrap();
    let wanted = messages
        .into_iter()
        .filter(|one| one.topic.starts_with("maintenance.") || one.topic == "credential.renewed");
    wanted
        .map(|one| match one.payload.get("daysBefore") {
            Some(days) => format!("{} {days}", one.topic),
            None => one.topic,
        })
        .collect()
}

/// A badge with all the credit it needs, on the day before it can be renewed.
fn ripening(service: &TestService) -> Issued {
    let issued = service.post(sian().build()).unwrap().issued;
    earn(service, issued.learner_id, "2027-01-10", "10");
    earn(service, issued.learner_id, "2028-03-01", "10");
    issued
}

fn latest(service: &TestService, issued: &Issued) -> CredentialId {
    *service.db.issues_of(issued.award_id).unwrap().last().unwrap()
}

backends! {
    fn a_badge_is_renewed_when_the_last_hour_is_there(db: TestDb) {
        let service = maintained(db);
        let issued = service.post(sian().build()).unwrap().issued;
        let first = service.db.credential(issued.credential_id).unwrap().unwrap();
        assert_eq!(first.valid_until, Some(at(END)));
        let badge = data_integrity(&service, first.id);
        assert_eq!(badge["refreshService"]["type"], "1EdTechCredentialRefresh");
        assert_eq!(badge["refreshService"]["id"], format!("https://badges.example.org/v1/credentials/{}/current", first.id));
        assert_eq!(badge["@context"][2], "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json");

        earn(&service, issued.learner_id, "2027-01-10", "10");
        earn(&service, issued.learner_id, "2028-03-01", "9.5");
        assert_eq!(maintain(&service, "2028-04-01T15:29:59Z"), 0);
        assert_eq!(told(&service), [""; 0]);
        assert_eq!(maintain(&service, "2028-04-01T15:30:00Z"), 0);
        assert_eq!(told(&service), ["maintenance.reminder 90"]);
        assert_eq!(state(&service, first.id, None), State::Due);

        earn(&service, issued.learner_id, "2028-05-02", "0.5");
        assert_eq!(maintain(&service, "2028-05-02T12:00:01Z"), 1);
        assert_eq!(maintain(&service, "2028-05-02T12:00:02Z"), 0);
        let second = service.db.credential(latest(&service, &issued)).unwrap().unwrap();
        assert_eq!((second.award_id, second.issue, second.awarded_at), (first.award_id, 2, first.awarded_at));
        assert_eq!((second.valid_from, second.valid_until), (at("2028-05-02T12:00:01Z"), Some(at("2030-06-30T15:30:00Z"))));
        let renewed = data_integrity(&service, second.id);
        for same in ["/issuer", "/awardedDate", "/credentialSubject/id", "/credentialSubject/achievement/id", "/credentialSubject/creditsEarned"] {
            assert_eq!(renewed.pointer(same), badge.pointer(same), "{same}");
        }
        assert_ne!(renewed["credentialStatus"], badge["credentialStatus"]);
        let earlier = renewed["evidence"].as_array().unwrap().last().unwrap();
        assert_eq!(earlier["id"], badge["id"]);
        let token = service.vc_jwt(&second).unwrap();
        assert_eq!(verified_jwt(&service, &token).1["id"], renewed["id"]);

        // The first is what it was, and the award is counted once.
        assert_eq!(service.db.credential(first.id).unwrap().unwrap(), first);
        let awards = service.db.awards_of(issued.learner_id).unwrap();
        assert_eq!(awards.iter().map(|award| award.credential_id).collect::<Vec<_>>(), [second.id]);
        let lines = service.db.ledger(issued.learner_id, &LedgerPage::default()).unwrap();
        let of_awards: Vec<_> =
            lines.iter().filter(|line| line.kind == EntryKind::Award).map(|line| line.amount.to_string()).collect();
        assert_eq!(of_awards, ["7.5", "0"]);
        assert_eq!(told(&service), ["maintenance.reminder 90", "credential.renewed"]);
        assert_eq!(service.db.audit(service.clock.now()).unwrap().findings, []);

        // Whichever credential is asked about, the award stands; and what was, stays.
        for id in [first.id, second.id] {
            let now = service.maintenance(id, None).unwrap().unwrap();
            let standing = &now.awards[0].standing;
            assert_eq!((standing.state, standing.term.credential, standing.before), (State::InForce, second.id, Some(first.id)));
            assert_eq!(state(&service, id, Some(at("2028-05-02T11:59:59Z"))), State::Due);
            assert_eq!(state(&service, id, Some(at("2028-03-01T00:00:00Z"))), State::InForce);
        }
        assert_eq!(service.maintenance(first.id, Some(at("2026-01-01T00:00:00Z"))).unwrap(), None);
        // A provider that posts again is answered with what the award is now.
        let again = service.post(sian().build()).unwrap();
        assert!(again.replayed);
        assert_eq!(again.issued.credential_id, second.id);
    }

    fn the_clock_alone_renews_what_is_ripe_when_the_window_opens(db: TestDb) {
        let service = maintained(db);
        let issued = ripening(&service);
        assert_eq!(maintain(&service, "2028-04-01T15:29:59Z"), 0);
        assert_eq!(maintain(&service, "2028-04-01T15:30:00Z"), 1);
        assert_eq!(service.db.credential(latest(&service, &issued)).unwrap().unwrap().valid_until, Some(at("2030-06-30T15:30:00Z")));
        assert_eq!(told(&service), ["credential.renewed"], "nobody is reminded of what is done");
    }

    fn each_thing_is_told_once_whatever_the_clock_does(db: TestDb) {
        let service = maintained(db);
        let id = service.post(sian().build()).unwrap().issued.credential_id;
        assert_eq!(maintain(&service, "2026-07-02T00:00:00Z"), 0);
        // A long stop: of two reminders that fell due, the later one.
        assert_eq!(maintain(&service, "2028-06-05T00:00:00Z"), 0);
        assert_eq!(maintain(&service, "2028-06-05T00:00:05Z"), 0);
        assert_eq!(told(&service), ["maintenance.reminder 30"]);
        // The clock goes a year ahead, and back.
        maintain(&service, "2029-06-05T00:00:00Z");
        assert_eq!(told(&service), ["maintenance.reminder 30", "maintenance.lapsed"]);
        assert_eq!(state(&service, id, None), State::Lapsed);
        maintain(&service, "2028-06-05T00:00:10Z");
        assert_eq!(state(&service, id, None), State::Due);
        assert_eq!(told(&service).len(), 2);
        // Another process goes on where this one stopped.
        let other = issuing::Service::new(service.parts());
        for moment in ["2028-06-23T15:30:00Z", "2028-06-30T15:30:01Z", "2028-07-30T15:30:01Z", "2029-07-30T15:30:01Z", "2031-01-01T00:00:00Z"] {
            service.clock.set(at(moment));
            other.maintain().unwrap();
            service.maintain().unwrap();
        }
        assert_eq!(
            told(&service),
            ["maintenance.reminder 30", "maintenance.reminder 7", "maintenance.ended", "maintenance.lapsed", "maintenance.expired"]
        );
        let message = &service.db.outbox_page(None, Some("maintenance."), 10).unwrap()[0];
        assert_eq!(message.payload["credentialId"], id.to_string());
        assert_eq!((&message.payload["ends"], &message.payload["closes"]), (&END.into(), &"2028-07-30T15:30:00Z".into()));
        assert!(!message.payload.to_string().contains("Example"));
        assert_eq!(service.db.waking_awards(at("2040-01-01T00:00:00Z"), 10).unwrap(), [], "nothing more is looked at");
    }

    fn a_lapsed_badge_comes_back_by_the_assessment_until_it_is_gone_for_good(db: TestDb) {
        let service = maintained(db);
        let issued = service.post(sian().build()).unwrap().issued;
        maintain(&service, "2028-09-01T10:00:00Z");
        assert_eq!(state(&service, issued.credential_id, None), State::Lapsed);
        let late = at("2028-09-02T09:00:00Z");
        service.clock.set(at("2028-09-02T10:00:00Z"));
        service.post(sian().achievement(CORE).completed_at(late).build()).unwrap();
        assert_eq!(maintain(&service, "2028-09-02T10:00:00Z"), 1);
        let back = service.db.credential(latest(&service, &issued)).unwrap().unwrap();
        assert_eq!(back.valid_until, Some(at("2030-09-02T10:00:00Z")));
        assert_eq!(state(&service, back.id, None), State::Reinstated);

        let ali = completion("Ali Example").email("ali@example.org");
        service.clock.set(noon());
        let gone = service.post(ali.clone().build()).unwrap().issued;
        maintain(&service, "2029-07-30T15:30:01Z");
        service.post(ali.achievement(CORE).completed_at(at("2029-07-30T15:30:01Z")).build()).unwrap();
        assert_eq!(maintain(&service, "2029-07-30T15:30:02Z"), 0);
        assert_eq!(state(&service, gone.credential_id, None), State::Expired);
        assert_eq!(service.db.audit(service.clock.now()).unwrap().findings, []);
    }

    fn a_renewal_that_a_crash_left_is_finished_with_the_same_bytes(db: TestDb) {
        let service = TestService::with_catalogue_and_own_keys(db, &with(vec![rules("2024-01-01")]));
        let issued = ripening(&service);
        break_table(&service.db, "ledger_entries", "NEW.id IS NOT NULL", PASSING);
        assert_eq!(maintain(&service, "2028-04-02T00:00:00Z"), 0);
        mend_table(&service.db, "ledger_entries");
        let pending = service.db.pending_issuances(at("2028-04-02T00:00:00Z"), 10).unwrap().remove(0);
        assert_eq!(latest(&service, &issued), issued.credential_id, "nothing is visible yet");
        service.clock.set(at("2028-04-03T00:00:00Z"));
        service.rotate();
        assert_eq!(service.maintain().unwrap(), 0, "it is not begun twice");
        assert_eq!(service.reconcile(AT_ONCE).unwrap(), 1);
        let second = service.db.credential(pending.credential_id()).unwrap().unwrap();
        assert_eq!((second.issue, second.valid_from), (2, at("2028-04-02T00:00:00Z")));
        let unsigned = pending.unsigned().trim_end_matches('}');
        assert!(second.data_integrity.starts_with(unsigned), "the bytes that were stored");
        data_integrity(&service, second.id);
        assert_eq!(service.maintain().unwrap(), 0);
        assert_eq!(count(&service.db, "credentials"), 2);
        assert_eq!(told(&service).iter().filter(|topic| *topic == "credential.renewed").count(), 1);
        assert_eq!(service.db.audit(service.clock.now()).unwrap().findings, []);
    }

    fn revoking_any_form_of_an_award_takes_all_of_them(db: TestDb) {
        let service = maintained(db);
        let issued = ripening(&service);
        assert_eq!(maintain(&service, "2028-04-02T00:00:00Z"), 1);
        let second = latest(&service, &issued);
        service.revoke(&trust(), issued.credential_id, "Wrong person").unwrap();
        for id in [issued.credential_id, second] {
            assert!(matches!(service.db.credential(id).unwrap().unwrap().state, CredentialState::Revoked { .. }));
            assert_eq!(state(&service, id, None), State::Revoked);
        }
        let lines = service.db.ledger(issued.learner_id, &LedgerPage::default()).unwrap();
        let of_awards = lines.iter().filter(|line| line.credential_id().is_some());
        assert_eq!(of_awards.map(|line| line.amount).sum::<Decimal>(), Decimal::ZERO);
        assert_eq!(maintain(&service, "2030-05-01T00:00:00Z"), 0);
        assert_eq!(told(&service), ["credential.renewed"]);
        assert_eq!(service.db.audit(service.clock.now()).unwrap().findings, []);
    }

    fn what_is_revoked_while_it_is_renewed_does_not_come_back(db: TestDb) {
        let service = maintained(db);
        let issued = ripening(&service);
        break_table(&service.db, "ledger_entries", "NEW.id IS NOT NULL", PASSING);
        maintain(&service, "2028-04-02T00:00:00Z");
        mend_table(&service.db, "ledger_entries");
        service.revoke(&trust(), issued.credential_id, "Wrong person").unwrap();
        assert_eq!(service.reconcile(AT_ONCE).unwrap(), 1);
        let second = service.db.credential(latest(&service, &issued)).unwrap().unwrap();
        assert_eq!(second.issue, 2);
        assert!(matches!(second.state, CredentialState::Revoked { .. }));
        assert_eq!(service.db.audit(service.clock.now()).unwrap().findings, []);
    }

    fn a_policy_may_wait_to_be_asked(db: TestDb) {
        let mut asked = rules("2024-01-01");
        asked.renewal.as_mut().unwrap().on_request = true;
        let service = TestService::with_catalogue(db, &with(vec![asked]));
        let issued = ripening(&service);
        let refused = service.renew(&trust(), issued.credential_id).unwrap_err();
        let RenewError::NotRipe(standing) = refused else { panic!("{refused}") };
        assert_eq!((standing.state, standing.way.unwrap().opens), (State::InForce, at("2028-04-01T15:30:00Z")));
        assert_eq!(maintain(&service, "2028-04-02T00:00:00Z"), 0, "nobody has asked");
        assert!(matches!(service.renew(&university(), issued.credential_id), Err(RenewError::NotFound)));
        let renewed = service.renew(&academy(), issued.credential_id).unwrap();
        assert_eq!(renewed.award_id, issued.award_id);
        assert!(matches!(service.renew(&trust(), renewed.credential_id), Err(RenewError::NotRipe(_))));
        assert_eq!(count(&service.db, "credentials"), 2);
    }

    fn an_award_that_was_earned_again_gives_way_to_the_later_one(db: TestDb) {
        let service = maintained(db);
        let issued = ripening(&service);
        service.clock.set(at("2028-03-20T12:00:00Z"));
        let again = service.post(sian().completed_at(at("2028-03-20T10:00:00Z")).build()).unwrap().issued;
        assert_eq!(maintain(&service, "2028-04-02T00:00:00Z"), 0);
        assert_eq!(state(&service, issued.credential_id, None), State::Superseded);
        assert_eq!(state(&service, again.credential_id, None), State::InForce);
        // The later one is taken back: the earlier is renewed after all.
        service.revoke(&trust(), again.credential_id, "Posted by mistake").unwrap();
        assert_eq!(maintain(&service, "2028-04-02T00:00:01Z"), 1);
        assert_eq!(state(&service, issued.credential_id, None), State::InForce);
    }

    fn a_correction_of_a_renewed_badge_holds_as_long_and_is_renewed_as_that_would_be(db: TestDb) {
        let service = maintained(db);
        let referenced = || sian().reference("R-1");
        let first = service.post(referenced().build()).unwrap().issued;
        earn(&service, first.learner_id, "2027-01-10", "10");
        earn(&service, first.learner_id, "2028-03-01", "10");
        assert_eq!(maintain(&service, "2028-04-01T15:30:00Z"), 1);
        let renewed = service.db.credential(latest(&service, &first)).unwrap().unwrap();

        // By its own day it would have ended in 2028.
        service.clock.set(at("2029-02-01T09:00:00Z"));
        let corrected = service.post(referenced().cohort("Autumn").build()).unwrap().issued;
        assert_eq!(corrected.supersedes, Some(renewed.id));
        let record = service.db.credential(corrected.credential_id).unwrap().unwrap();
        assert_eq!((record.issue, record.valid_until), (1, Some(at("2030-06-30T15:30:00Z"))));
        assert_eq!(data_integrity(&service, record.id)["validUntil"], "2030-06-30T15:30:00Z");
        assert_eq!(state(&service, renewed.id, None), State::Revoked);
        let standing = |id| service.maintenance(id, None).unwrap().unwrap().awards.remove(0).standing;
        let (now, before) = (standing(record.id), state(&service, renewed.id, Some(at("2029-01-31T00:00:00Z"))));
        assert_eq!((now.state, now.since, now.before), (before, renewed.valid_from, None));
        // So does a correction of that, of the day as well.
        service.clock.set(at("2029-03-01T09:00:00Z"));
        let moved = at("2026-06-20T15:30:00Z");
        let again = service.post(referenced().cohort("Autumn").completed_at(moved).build()).unwrap().issued;
        let record = service.db.credential(again.credential_id).unwrap().unwrap();
        assert_eq!((record.awarded_at, record.valid_until), (moved, Some(at("2030-06-30T15:30:00Z"))));
        assert_eq!(service.maintain().unwrap(), 0);

        // What counted for the first term does not count for the second: it asks for its own.
        let asked = standing(record.id).way.unwrap().needs;
        assert!(asked.iter().all(|need| !need.is_met()), "{asked:?}");
        earn(&service, again.learner_id, "2029-04-01", "10");
        earn(&service, again.learner_id, "2029-09-01", "10");
        assert_eq!(maintain(&service, "2030-04-01T15:29:59Z"), 0);
        assert_eq!(maintain(&service, "2030-04-01T15:30:00Z"), 1);
        let second = service.db.credential(latest(&service, &again)).unwrap().unwrap();
        assert_eq!((second.issue, second.valid_until), (2, Some(at("2032-06-30T15:30:00Z"))));
        assert_eq!(service.db.audit(service.clock.now()).unwrap().findings, []);

        // Another person renewed nothing.
        let other = completion("Owen Example").email("owen@example.org").reference("R-1").build();
        assert_eq!(faults(service.post(other)), [("/completedAt".to_owned(), "already-expired")]);
    }

    fn where_nothing_was_renewed_the_end_moves_with_the_day(db: TestDb) {
        let service = maintained(db);
        service.post(sian().reference("R-1").build()).unwrap();
        let moved = sian().reference("R-1").completed_at(at("2026-06-20T15:30:00Z"));
        let corrected = service.post(moved.clone().build()).unwrap().issued;
        let record = service.db.credential(corrected.credential_id).unwrap().unwrap();
        assert_eq!(record.valid_until, Some(at("2028-06-20T15:30:00Z")));
        // Once it has ended there is nothing to take over.
        service.clock.set(at("2028-06-20T15:30:01Z"));
        let late = service.post(moved.cohort("Autumn").build());
        assert_eq!(faults(late), [("/completedAt".to_owned(), "already-expired")]);
    }

    fn a_policy_changes_from_its_day_and_whom_it_affects_is_shown_before(db: TestDb) {
        let service = maintained(db);
        let id = service.post(sian().build()).unwrap().issued.credential_id;
        let mut in_place = rules("2024-01-01");
        in_place.grace_days = 60;
        let preview = service.preview_maintenance(&with(vec![in_place.clone()])).unwrap().remove(0);
        assert!(preview.refused.unwrap().contains("2024-01-01"));
        let refused = service.db.load_catalogue(&with(vec![in_place]), service.clock.now());
        assert!(matches!(refused, Err(RegistryError::PublishedPolicyChanged { .. })), "{refused:?}");

        // The window of running terms opens half a year before their end.
        service.clock.set(at("2028-01-10T00:00:00Z"));
        let mut wider = rules("2028-02-01");
        wider.for_running_terms = true;
        wider.renewal.as_mut().unwrap().opens_days_before = 180;
        let changed = with(vec![rules("2024-01-01"), wider]);
        let preview = service.preview_maintenance(&changed).unwrap().remove(0);
        assert_eq!((preview.refused, preview.now), (None, BTreeMap::from([(State::InForce, 1)])));
        let turn = &preview.turns[&"2028-02-01".parse().unwrap()];
        assert_eq!(turn.states, BTreeMap::from([((State::InForce, State::Due), 1)]));
        service.db.load_catalogue(&changed, service.clock.now()).unwrap();
        assert_eq!(maintain(&service, "2028-01-31T23:59:59Z"), 0);
        assert_eq!(state(&service, id, None), State::InForce);
        maintain(&service, "2028-02-01T00:00:00Z");
        assert_eq!(state(&service, id, None), State::Due);
        assert_eq!(state(&service, id, Some(at("2028-01-31T23:59:59Z"))), State::InForce);

        // Taken away, it goes on for what began under it.
        service.clock.set(at("2028-02-02T00:00:00Z"));
        service.db.load_catalogue(&sample(), service.clock.now()).unwrap();
        assert_eq!(state(&service, id, None), State::Due);
        let new = service.post(completion("Ali Example").email("ali@example.org").build()).unwrap().issued;
        assert_eq!(service.db.credential(new.credential_id).unwrap().unwrap().valid_until, None);
        let badge = data_integrity(&service, new.credential_id);
        assert_eq!((badge.get("refreshService"), badge["@context"].as_array().unwrap().len()), (None, 2));
        assert_eq!(service.db.catalogue().unwrap().maintenance, BTreeMap::new());
        assert_eq!(service.db.published_policies().unwrap().len(), 3);
    }

    fn nothing_of_an_erased_learner_is_renewed(db: TestDb) {
        let service = maintained(db);
        let issued = ripening(&service);
        let other = completion("Ali Example").email("ali@example.org").build();
        service.clock.set(noon());
        let other = service.post(other).unwrap().issued;
        earn(&service, other.learner_id, "2027-01-11", "10");
        earn(&service, other.learner_id, "2028-03-02", "10");
        let erased = service.db.erase(issued.learner_id, false, "registrar", service.clock.now(), service.entropy.as_ref());
        assert!(erased.unwrap().is_some());
        assert_eq!(maintain(&service, "2028-04-02T00:00:00Z"), 1, "who was not erased");
        assert_eq!(latest(&service, &issued), issued.credential_id);
        assert_eq!(service.db.waking_awards(at("2028-04-03T00:00:00Z"), 10).unwrap(), []);
    }

    fn a_learner_sees_all_and_a_provider_its_own(db: TestDb) {
        let service = maintained(db);
        let issued = ripening(&service);
        service.post(sian().achievement(CORE).build()).unwrap();
        let all = service.maintenance_of_learner(issued.learner_id, None, None).unwrap().unwrap();
        assert_eq!(all.awards.iter().map(|one| one.achievement.as_str()).collect::<Vec<_>>(), [INTRODUCTION]);
        let provider = slug("example-university");
        assert_eq!(service.maintenance_of_learner(issued.learner_id, Some(&provider), None).unwrap(), None);
        let future = service.maintenance(issued.credential_id, Some(at("2099-01-01T00:00:00Z"))).unwrap().unwrap();
        assert_eq!(future.at, service.clock.now(), "nobody knows what is still to come");
    }
}
