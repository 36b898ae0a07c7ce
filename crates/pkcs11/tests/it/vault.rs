//! A vault beside a token: records in files, private halves in the token.

use std::sync::Arc;

use model::{
    chance::SystemEntropy,
    clock::{Clock as _, FixedClock},
    id::Slug,
    site::Site,
};
use pkcs11::Pkcs11Token;
use proof::status::{BitString, MIN_ENTRIES};
use secrecy::SecretString;
use serde_json::json;
use signing::{
    Draft, Identity, KeyAlgorithm, Mode, Place, Prepared, PublicMaterial, Recorded, Signed, SigningError,
    Token, TokenFault, Vault, VaultKind, sign_document,
};
use testkit::{SoftHsm, add_softhsm_token, in_a_process_of_its_own};

use crate::{LABEL, access, token};

#[path = "../../../signing/tests/it/badge.rs"]
#[expect(dead_code, reason = "the tests of signing use more of it")]
mod badge;

struct Fixture {
    dir: tempfile::TempDir,
    issuer: Slug,
    clock: FixedClock,
}

impl Fixture {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        Vault::create(dir.path(), &Self::secret(), VaultKind::Real, &SystemEntropy).unwrap();
        let clock = FixedClock::new("2026-03-01T09:00:00Z".parse().unwrap());
        Self { dir, issuer: Slug::new("sample-academy").unwrap(), clock }
    }

    fn secret() -> SecretString {
        "a long sample secret".to_owned().into()
    }

    /// Signs a status list in both forms, which verifies each.
    fn sign(&self, vault: &Vault) -> Result<Signed, SigningError> {
        let (site, keys) = (self.site(), vault.keys());
        let identity = Identity::of(&site, &self.issuer, &keys)?;
        let id = "https://badges.example.org/status/0b6d2b0e-6a0c-4f0f-9d0a-0d2f6b2d9c11";
        let list = json!({
            "@context": ["https://www.w3.org/ns/credentials/v2"],
            "id": id,
            "type": ["VerifiableCredential", "BitstringStatusListCredential"],
            "issuer": identity.data_integrity.issuer_id,
            "validFrom": "2026-03-01T09:00:00Z",
            "credentialSubject": {
                "id": format!("{id}#list"),
                "type": "BitstringStatusList",
                "statusPurpose": "revocation",
                "encodedList": BitString::new(MIN_ENTRIES).encode(),
            },
        });
        sign_document(&list, identity, self.clock.now(), &keys, &site)
    }

    /// A badge whose intent is stored.
    fn badge(&self, vault: &Vault) -> Recorded {
        let identity = Identity::of(&self.site(), &self.issuer, &vault.keys()).unwrap();
        let created = "2026-03-01T09:00:00Z";
        let draft = Draft {
            credential: badge::badge(&self.site(), &identity.data_integrity.issuer_id, created).into(),
            data_integrity_key: identity.data_integrity.key_id,
            jwt_key: identity.jwt.key_id,
            created: badge::moment(created),
            disclosure_seed: badge::SEED.to_owned(),
        };
        Recorded::of(&badge::Row(Prepared::new(draft).unwrap().into_intent()))
    }

    fn site(&self) -> Site {
        Site::new("https://badges.example.org", self.issuer.clone()).unwrap()
    }

    fn open(&self, token: Option<Pkcs11Token>) -> Vault {
        let token = token.map(|token| -> Arc<dyn Token> { Arc::new(token) });
        Vault::open_beside(self.dir.path(), &Self::secret(), Mode::Production, token).unwrap()
    }
}

#[test]
fn keys_of_a_token_are_made_rotated_and_retired_like_others() {
    in_a_process_of_its_own("vault::keys_of_a_token_are_made_rotated_and_retired_like_others", LABEL, |_| {
        let fixture = Fixture::new();
        let vault = fixture.open(Some(token()));
        for algorithm in [KeyAlgorithm::Ed25519, KeyAlgorithm::Es256] {
            let (issuer, clock) = (&fixture.issuer, &fixture.clock);
            let in_file = vault.generate(issuer, algorithm, clock, &SystemEntropy).unwrap();
            let first =
                vault.rotate_into(Some(Place::Token), issuer, algorithm, clock, &SystemEntropy).unwrap();
            assert_eq!((in_file.token, first.token.as_deref()), (None, Some(LABEL)));
            let second = vault.rotate(issuer, algorithm, clock, &SystemEntropy).unwrap();
            assert_eq!(second.token.as_deref(), Some(LABEL));
            let keys = vault.keys();
            assert_eq!(keys.active(issuer, algorithm).unwrap().record(), &second);
            assert_eq!(keys.by_id(&first.id).unwrap().record().retired, Some(second.created));
            let file =
                std::fs::read_to_string(fixture.dir.path().join(format!("{}.json", second.id))).unwrap();
            assert!(!file.contains("sealedPrivateKey") && file.contains(LABEL), "{file}");
            match second.public {
                PublicMaterial::Multibase(key) => assert!(key.starts_with("z6Mk")),
                PublicMaterial::Jwk(jwk) => assert_eq!(jwk["alg"], "ES256"),
            }
        }
        let (issuer, clock) = (&fixture.issuer, &fixture.clock);
        let rsa = vault.generate_in(Place::Token, issuer, KeyAlgorithm::Rs256, clock, &SystemEntropy);
        assert!(matches!(rsa, Err(SigningError::Token { fault: TokenFault::Unable(_), .. })));
        assert_eq!(fixture.open(None).keys().all().count(), 6);
    });
}

#[test]
fn a_record_that_was_changed_is_refused() {
    in_a_process_of_its_own("vault::a_record_that_was_changed_is_refused", LABEL, |_| {
        let fixture = Fixture::new();
        let vault = fixture.open(Some(token()));
        let made = vault
            .generate_in(Place::Token, &fixture.issuer, KeyAlgorithm::Ed25519, &fixture.clock, &SystemEntropy)
            .unwrap();
        let path = fixture.dir.path().join(format!("{}.json", made.id));
        let text = std::fs::read_to_string(&path).unwrap();
        for (from, to) in [("2026-03-01", "2025-03-01"), (LABEL, "another-token"), ("\"seal\"", "\"sael\"")] {
            std::fs::write(&path, text.replace(from, to)).unwrap();
            let open = Vault::open(fixture.dir.path(), &Fixture::secret(), Mode::Production);
            assert!(matches!(open, Err(SigningError::VaultFile { .. })), "{from}");
        }
    });
}

#[test]
fn both_forms_are_signed_and_without_the_token_neither() {
    in_a_process_of_its_own("vault::both_forms_are_signed_and_without_the_token_neither", LABEL, |folder| {
        let fixture = Fixture::new();
        let with = fixture.open(Some(token()));
        for algorithm in [KeyAlgorithm::Ed25519, KeyAlgorithm::Es256] {
            let (issuer, clock) = (&fixture.issuer, &fixture.clock);
            with.generate_in(Place::Token, issuer, algorithm, clock, &SystemEntropy).unwrap();
        }
        let first = fixture.sign(&with).unwrap();
        let second = fixture.sign(&with).unwrap();
        assert_eq!(first.data_integrity, second.data_integrity);
        assert_ne!(first.vc_jwt, second.vc_jwt, "ECDSA in a token is not deterministic");
        let signed = |token: &str| token.rsplit_once('.').unwrap().0.to_owned();
        assert_eq!(signed(&first.vc_jwt), signed(&second.vc_jwt));

        let badge = fixture.badge(&with);
        let kept = badge.sign(&with.keys(), &fixture.site()).unwrap().check().unwrap().vc_jwt.unwrap();
        assert_ne!(badge.sign_jwt(&with.keys(), &fixture.site()).unwrap(), kept, "so it must be kept");

        add_softhsm_token(folder, "other");
        for other in [None, Some(Pkcs11Token::new(access("other", SoftHsm::PIN)))] {
            let refused = fixture.sign(&fixture.open(other)).unwrap_err();
            let SigningError::Token { token, fault: TokenFault::NotSetUp } = &refused else {
                panic!("{refused}")
            };
            assert_eq!(token, LABEL);
        }
    });
}
