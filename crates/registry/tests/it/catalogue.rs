use chrono::TimeDelta;
use model::catalogue::Accreditation;
use registry::{CatalogueChange, RegistryError};
use testkit::{
    backends,
    catalogue::{CERTIFICATE, FOUNDATION, INTRODUCTION, TRUST, VERSION, sample, slug},
    noon,
};

backends! {
    fn a_catalogue_is_read_back_as_it_was_loaded(db: TestDb) {
        assert_eq!(db.catalogue_revision().unwrap(), 0);
        let change = db.load_catalogue(&sample(), noon()).unwrap();
        let entries = 3 + 4 + 1 + 5 + 1 + 1 + 1;
        assert_eq!(change, CatalogueChange { added: entries, revised: 0, unchanged: 0 });
        assert_eq!(db.catalogue().unwrap(), sample());
        assert_eq!(db.catalogue_revision().unwrap(), 1);
        let again = db.load_catalogue(&sample(), noon()).unwrap();
        assert_eq!(again, CatalogueChange { added: 0, revised: 0, unchanged: entries });
        assert_eq!(db.catalogue_revision().unwrap(), 1, "nothing changed");
    }

    fn a_published_version_is_refused_other_content(db: TestDb) {
        let db = db.with_catalogue();
        let mut changed = sample();
        let module = changed.achievements.get_mut(&slug(INTRODUCTION)).unwrap();
        module.name = String::from("Another name");
        changed.organisations.get_mut(&slug(TRUST)).unwrap().name = String::from("Another trust");
        let error = db.load_catalogue(&changed, noon()).unwrap_err();
        let RegistryError::PublishedVersionChanged { slug: named, version, differing } = &error else {
            panic!("{error}")
        };
        assert_eq!((named.as_str(), version.as_str(), differing.as_str()), (INTRODUCTION, VERSION, "name"));
        assert_eq!(db.catalogue().unwrap(), sample(), "nothing of the refused catalogue stays");
    }

    fn a_new_version_stands_beside_the_old_one(db: TestDb) {
        let db = db.with_catalogue();
        let mut newer = sample();
        let module = newer.achievements.get_mut(&slug(INTRODUCTION)).unwrap();
        module.version = String::from("2.0");
        module.name = String::from("Another name");
        let change = db.load_catalogue(&newer, noon()).unwrap();
        assert_eq!((change.added, change.revised), (1, 0));
        assert_eq!(db.catalogue().unwrap(), newer);
        let old = db.achievement_version(&slug(INTRODUCTION), VERSION).unwrap().unwrap();
        assert_eq!(old, sample().achievements[&slug(INTRODUCTION)]);
        assert_eq!(db.achievement_version(&slug(INTRODUCTION), "3.0").unwrap(), None);
        let back = db.load_catalogue(&sample(), noon()).unwrap();
        assert_eq!((back.added, back.revised), (0, 1));
        assert_eq!(db.catalogue().unwrap(), sample());
    }

    fn withdrawing_is_no_change_of_content(db: TestDb) {
        let db = db.with_catalogue();
        let mut withdrawn = sample();
        let last_day = Some(noon().date_naive());
        withdrawn.achievements.get_mut(&slug(INTRODUCTION)).unwrap().withdrawn_on = last_day;
        withdrawn.programmes.remove(&slug(FOUNDATION));
        withdrawn.achievements.remove(&slug(CERTIFICATE));
        withdrawn.accreditations.pop();
        withdrawn.accreditations[0].until = last_day;
        let change = db.load_catalogue(&withdrawn, noon()).unwrap();
        assert_eq!((change.added, change.revised), (0, 5));
        assert_eq!(db.catalogue().unwrap(), withdrawn);
        assert!(db.achievement_version(&slug(CERTIFICATE), VERSION).unwrap().is_some(), "old badges name it still");
    }

    fn what_an_accreditation_was_stays(db: TestDb) {
        let mut catalogue = sample();
        db.load_catalogue(&catalogue, noon()).unwrap();
        db.load_catalogue(&catalogue, noon() + TimeDelta::days(1)).unwrap();
        let is_it = |one: &Accreditation| one.provider.as_str() == TRUST && one.achievement.as_str() == INTRODUCTION;
        let versions = || db.accreditation_versions(Some(&slug(TRUST)), Some(&slug(INTRODUCTION))).unwrap();
        assert_eq!(versions().len(), 1, "loading the same again adds nothing");
        let until = Some("2026-12-31".parse().unwrap());
        catalogue.accreditations.iter_mut().find(|one| is_it(one)).unwrap().until = until;
        db.load_catalogue(&catalogue, noon() + TimeDelta::days(2)).unwrap();
        catalogue.accreditations.retain(|one| !is_it(one));
        // The clock was set back.
        db.load_catalogue(&catalogue, noon()).unwrap();
        let kept: Vec<_> = versions().into_iter().map(|one| (one.accreditation.until, one.stands)).collect();
        assert_eq!(kept, [(None, true), (until, true), (until, false)]);
        assert!(versions().is_sorted_by_key(|one| one.recorded));
        let all = db.accreditation_versions(None, None).unwrap();
        assert_eq!(all.len(), sample().accreditations.len() + 2);
        assert!(db.sql("UPDATE accreditation_versions SET valid_until = NULL").is_err());
        assert!(db.sql("DELETE FROM accreditation_versions").is_err());
    }
}
