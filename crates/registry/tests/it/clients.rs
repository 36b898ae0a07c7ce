use std::{collections::BTreeSet, num::NonZeroU32};

use registry::{ClientLimits, LimitChange, NewApiKey, NewClient, NewToken, RegistryError, TokenRecord};
use testkit::{
    TestDb, at, backends,
    catalogue::{TRUST, slug},
    noon,
};

fn found_token(db: &TestDb, hash: u8) -> Option<TokenRecord> {
    db.tokens(&[[hash; 32]]).unwrap().remove(&[hash; 32])
}

fn trust_system() -> NewClient {
    NewClient {
        id: "trust-system".to_owned(),
        name: "The trust\u{2019}s learning system".to_owned(),
        provider: Some(slug(TRUST)),
        role: "provider".to_owned(),
        scopes: vec!["completions:write".to_owned(), "ledger:read".to_owned()],
        jwks: serde_json::from_str(r#"{"keys":[]}"#).ok(),
        secret_hash: Some([3; 32]),
    }
}

backends! {
    fn a_client_is_registered_once_and_shut_out_once(db: TestDb) {
        let db = db.with_catalogue();
        assert_eq!(db.client("trust-system").unwrap(), None);
        assert!(db.create_client(&trust_system(), noon()).unwrap());
        assert!(!db.create_client(&NewClient { name: "Other".to_owned(), ..trust_system() }, noon()).unwrap());
        let client = db.client("trust-system").unwrap().unwrap();
        assert_eq!((client.name, client.scopes), (trust_system().name, trust_system().scopes));
        assert_eq!((client.jwks, client.secret_hash), (trust_system().jwks, Some([3; 32])));
        assert_eq!((client.created, client.disabled), (noon(), None));
        assert_eq!(db.clients().unwrap().len(), 1);
        assert!(db.disable_client("trust-system", noon()).unwrap());
        assert!(!db.disable_client("trust-system", noon()).unwrap());
        assert_eq!(db.client("trust-system").unwrap().unwrap().disabled, Some(noon()));
    }

    fn limits_of_its_own_are_changed_one_by_one_and_each_change_is_noted(db: TestDb) {
        let db = db.with_catalogue();
        db.create_client(&trust_system(), noon()).unwrap();
        let token = NewToken { hash: [1; 32], client: "trust-system".to_owned(), scopes: Vec::new(), expires: noon() };
        db.store_token(&token, noon()).unwrap();
        let limits = |requests, watches, jobs| ClientLimits {
            requests_per_minute: NonZeroU32::new(requests),
            watches: NonZeroU32::new(watches),
            jobs: NonZeroU32::new(jobs),
        };
        let change = |limits, minute| {
            db.limit_client("trust-system", limits, noon() + chrono::TimeDelta::minutes(minute)).unwrap()
        };
        assert_eq!(db.client("trust-system").unwrap().unwrap().limits, ClientLimits::default());
        assert_eq!(change(LimitChange::To(limits(50, 0, 0)), 1), limits(50, 0, 0));
        assert_eq!(change(LimitChange::To(limits(0, u32::MAX, 3)), 2), limits(50, u32::MAX >> 1, 3));
        assert_eq!(change(LimitChange::To(limits(50, 0, 3)), 3), limits(50, u32::MAX >> 1, 3), "nothing changes");
        assert_eq!(db.client("trust-system").unwrap().unwrap().limits, limits(50, u32::MAX >> 1, 3));
        assert_eq!(found_token(&db, 1).unwrap().limits, limits(50, u32::MAX >> 1, 3));
        assert_eq!(change(LimitChange::To(limits(60, 0, 0)), 4), limits(60, u32::MAX >> 1, 3));
        assert_eq!(change(LimitChange::Default, 4), ClientLimits::default(), "two within a moment");
        let changes = db.client_limit_changes("trust-system").unwrap();
        let minutes: Vec<_> = changes.iter().map(|(at, _)| (*at - noon()).num_minutes()).collect();
        assert_eq!(minutes, [1, 2, 4, 4]);
        assert_eq!(changes[1].1, limits(50, u32::MAX >> 1, 3));
        for changed in ["UPDATE client_limit_changes SET jobs = 9", "DELETE FROM client_limit_changes"] {
            let error = db.sql(changed).expect_err(changed).to_string();
            assert!(error.contains("limits were stays"), "{error}");
        }
        let nobody = db.limit_client("nobody", LimitChange::Default, noon()).unwrap_err();
        assert!(matches!(nobody, RegistryError::Missing { what: "client", .. }), "{nobody}");
    }

    fn a_client_acts_for_an_organisation_that_exists(db: TestDb) {
        let db = db.with_catalogue();
        let stranger = NewClient { provider: Some(slug("unheard-of")), ..trust_system() };
        let error = db.create_client(&stranger, noon()).unwrap_err();
        assert!(matches!(error, RegistryError::Missing { what: "organisation", .. }), "{error}");
    }

    fn an_api_key_is_found_by_its_prefix(db: TestDb) {
        let db = db.with_catalogue();
        db.create_client(&trust_system(), noon()).unwrap();
        let key = NewApiKey {
            prefix: "lan_abc".to_owned(),
            hash: [9; 32],
            client: "trust-system".to_owned(),
            scopes: vec!["completions:write".to_owned()],
            expires: Some(at("2027-07-01T12:00:00Z")),
        };
        assert!(db.create_api_key(&key, noon()).unwrap());
        assert!(!db.create_api_key(&NewApiKey { hash: [8; 32], ..key.clone() }, noon()).unwrap());
        let found = db.find_api_key("lan_abc").unwrap().unwrap();
        assert_eq!((found.hash, found.scopes, found.expires, found.revoked), (key.hash, key.scopes.clone(), key.expires, None));
        assert_eq!(found.client.provider, Some(slug(TRUST)));
        assert!(db.revoke_api_key("lan_abc", noon()).unwrap());
        assert!(!db.revoke_api_key("lan_abc", noon()).unwrap());
        assert_eq!(db.find_api_key("lan_abc").unwrap().unwrap().revoked, Some(noon()));
        assert_eq!(db.find_api_key("lan_xyz").unwrap(), None);
        let other = NewApiKey { prefix: "lan_ghi".to_owned(), hash: [7; 32], ..key.clone() };
        assert!(db.create_api_key(&other, noon()).unwrap());
        let found = db.find_api_keys(&["lan_abc", "lan_xyz", "lan_ghi"].map(str::to_owned)).unwrap();
        let in_force = found.iter().map(|(prefix, key)| (prefix.as_str(), key.prefix.as_str(), key.revoked.is_none()));
        assert_eq!(in_force.collect::<BTreeSet<_>>(), BTreeSet::from([("lan_abc", "lan_abc", false), ("lan_ghi", "lan_ghi", true)]));
        let orphan = NewApiKey { client: "nobody".to_owned(), prefix: "lan_def".to_owned(), ..key };
        assert!(matches!(db.create_api_key(&orphan, noon()), Err(RegistryError::Missing { what: "client", .. })));
    }

    fn a_token_stands_for_its_client_until_it_is_forgotten(db: TestDb) {
        let db = db.with_catalogue();
        db.create_client(&trust_system(), noon()).unwrap();
        let token = |hash, expires| NewToken {
            hash: [hash; 32],
            client: "trust-system".to_owned(),
            scopes: vec!["ledger:read".to_owned()],
            expires: at(expires),
        };
        db.store_token(&token(1, "2026-07-01T12:10:00Z"), noon()).unwrap();
        db.store_token(&token(2, "2026-07-01T13:00:00Z"), noon()).unwrap();
        let found = found_token(&db, 1).unwrap();
        assert_eq!((found.client.as_str(), found.provider, found.role.as_str()), ("trust-system", Some(slug(TRUST)), "provider"));
        assert_eq!((found.scopes, found.expires), (vec!["ledger:read".to_owned()], at("2026-07-01T12:10:00Z")));
        assert_eq!(found_token(&db, 3), None);
        let both = db.tokens(&[[1; 32], [2; 32], [3; 32]]).unwrap();
        let ends = |hash| both.get(&[hash; 32]).map(|token| token.expires);
        assert_eq!(
            (ends(1), ends(2), ends(3)),
            (Some(at("2026-07-01T12:10:00Z")), Some(at("2026-07-01T13:00:00Z")), None)
        );
        assert_eq!(db.expire(at("2026-07-01T12:30:00Z")).unwrap(), 1);
        assert_eq!(found_token(&db, 1), None);
        assert!(found_token(&db, 2).is_some());
        db.disable_client("trust-system", noon()).unwrap();
        assert_eq!(found_token(&db, 2), None, "its tokens go with the client");
    }

    fn an_assertion_is_used_once_per_client(db: TestDb) {
        let ends = at("2026-07-01T12:05:00Z");
        assert!(db.use_jti("a", "jti-1", ends).unwrap());
        assert!(!db.use_jti("a", "jti-1", ends).unwrap());
        assert!(db.use_jti("b", "jti-1", ends).unwrap());
        assert!(db.use_jti("a", "jti-2", ends).unwrap());
        assert_eq!(db.expire(noon()).unwrap(), 0);
        assert_eq!(db.expire(at("2026-07-01T12:05:01Z")).unwrap(), 3);
    }
}
