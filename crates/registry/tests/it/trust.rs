use chrono::TimeDelta;
use model::trust::{Entry, Trusted};
use registry::Decided;
use testkit::{backends, catalogue::slug, noon};

fn entry(name: Option<&str>, reason: &str) -> Entry {
    Entry {
        list: slug("academies"),
        issuer: "did:web:badges.example.org".to_owned(),
        trusted: name.map(|name| Trusted {
            name: name.to_owned(),
            from: Some("2026-01-01".parse().unwrap()),
            until: None,
            added: None,
        }),
        reason: reason.to_owned(),
    }
}

backends! {
    fn every_decision_on_an_issuer_is_kept_in_order(db: TestDb) {
        let later = |days| noon() + TimeDelta::days(days);
        assert_eq!(db.decide_trust(&entry(None, "Never"), "a", noon()).unwrap(), Decided::NotListed);
        let first = db.decide_trust(&entry(Some("Example"), "Seen"), "a", noon()).unwrap();
        let Decided::Recorded(first) = first else { panic!("{first:?}") };
        let again = db.decide_trust(&entry(Some("Example"), "Seen again"), "b", later(1)).unwrap();
        assert_eq!(again, Decided::Before(first.clone()), "nothing is said twice");
        let other = Entry { issuer: "did:web:other.example.org".to_owned(), ..entry(Some("Other"), "Seen") };
        let elsewhere = Entry { list: slug("bodies"), ..entry(Some("Example"), "Seen") };
        for (number, decision) in
            [entry(Some("Renamed"), "Renamed"), other, elsewhere, entry(None, "Closed"), entry(Some("Example"), "Back")].iter().enumerate()
        {
            let decided = db.decide_trust(decision, "a", later(2 + i64::try_from(number).unwrap())).unwrap();
            assert!(matches!(decided, Decided::Recorded(_)), "{decided:?}");
        }
        let all = db.trust_decisions(None).unwrap();
        assert_eq!(all[0], first);
        let reasons = |records: &[registry::TrustRecord]| {
            records.iter().map(|one| one.entry.reason.clone()).collect::<Vec<_>>()
        };
        assert_eq!(reasons(&all), ["Seen", "Renamed", "Seen", "Seen", "Closed", "Back"]);
        let one = db.trust_decisions(Some(&[slug("bodies")])).unwrap();
        assert_eq!((reasons(&one), one[0].recorded), (vec!["Seen".to_owned()], later(4)));
        let between = "INSERT INTO trust_entries (sequence, list, issuer, reason, recorded_by, recorded_at) \
             SELECT 0, list, issuer, reason, recorded_by, recorded_at FROM trust_entries WHERE sequence = 1";
        for statement in ["UPDATE trust_entries SET reason = 'x'", "DELETE FROM trust_entries", between] {
            assert!(db.sql(statement).is_err(), "{statement}");
        }
    }
}
