//! A service with keys, and a badge as it issues them.

use chrono::{DateTime, Utc};
use model::{chance::SystemEntropy, clock::FixedClock, id::Slug, site::Site, vc::with_proof};
use secrecy::SecretString;
use serde_json::{Value, json};
use signing::{
    Draft, Identity, Intent, KeyAlgorithm, Mode, Recorded, SigningError, StoredIntent, Vault, VaultKind,
};
use tempfile::TempDir;

/// A vault with one key of each algorithm given, made on [`moment`] "2026-03-01T08:00:00Z".
pub struct Service {
    _dir: TempDir,
    pub vault: Vault,
    pub site: Site,
    pub issuer: Slug,
}

pub const DID_WEB: &str = "https://badges.example.org";
pub const SEED: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
pub const DID_KEY: &str = "http://127.0.0.1:8080";

pub fn moment(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

pub fn service(url: &str, algorithms: &[KeyAlgorithm]) -> Service {
    let dir = tempfile::tempdir().unwrap();
    let secret = SecretString::from("a long sample secret".to_owned());
    Vault::create(dir.path(), &secret, VaultKind::Real, &SystemEntropy).unwrap();
    let vault = Vault::open(dir.path(), &secret, Mode::Production).unwrap();
    let issuer = Slug::new("sample-academy").unwrap();
    let clock = FixedClock::new(moment("2026-03-01T08:00:00Z"));
    for algorithm in algorithms {
        vault.generate(&issuer, *algorithm, &clock, &SystemEntropy).unwrap();
    }
    let site = Site::new(url, issuer.clone()).unwrap();
    Service { _dir: dir, vault, site, issuer }
}

impl Service {
    pub fn draft(&self, created: &str) -> Draft {
        let identity = Identity::of(&self.site, &self.issuer, &self.vault.keys()).unwrap();
        Draft {
            credential: badge(&self.site, &identity.data_integrity.issuer_id, created).into(),
            data_integrity_key: identity.data_integrity.key_id,
            jwt_key: identity.jwt.key_id,
            created: moment(created),
            disclosure_seed: SEED.to_owned(),
        }
    }
}

/// The draft with another credential.
pub fn changed(draft: Draft, change: impl FnOnce(&mut Value)) -> Draft {
    let mut credential = draft.credential.value().clone();
    change(&mut credential);
    Draft { credential: credential.into(), ..draft }
}

/// A signed badge in its first two forms.
#[derive(Debug, PartialEq)]
pub struct Forms {
    pub data_integrity: String,
    pub vc_jwt: String,
}

/// Signs it, and the form that waits until it is asked for.
pub fn sign(stored: &impl StoredIntent, service: &Service) -> Result<Forms, SigningError> {
    let (recorded, keys) = (Recorded::of(stored), service.vault.keys());
    let signed = recorded.sign(&keys, &service.site)?.check()?;
    assert_eq!(signed.vc_jwt, None, "the same every time, so nobody need keep it");
    Ok(Forms {
        data_integrity: with_proof(stored.unsigned(), &signed.proof),
        vc_jwt: recorded.sign_jwt(&keys, &service.site)?,
    })
}

/// What the registry would give back.
pub struct Row(pub Intent);

impl StoredIntent for Row {
    fn unsigned(&self) -> &str {
        &self.0.unsigned
    }
    fn data_integrity_key(&self) -> &str {
        &self.0.data_integrity_key
    }
    fn jwt_key(&self) -> &str {
        &self.0.jwt_key
    }
    fn created(&self) -> DateTime<Utc> {
        self.0.created
    }
    fn profile_version(&self) -> &str {
        &self.0.profile_version
    }
    fn disclosure_seed(&self) -> Option<&str> {
        self.0.disclosure_seed.as_deref()
    }
}

pub fn badge(site: &Site, issuer_id: &str, created: &str) -> Value {
    let base = site.base();
    let status = format!("{base}/status/0b6d2b0e-6a0c-4f0f-9d0a-0d2f6b2d9c11");
    json!({
        "@context": [
            "https://www.w3.org/ns/credentials/v2",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
        ],
        "id": format!("{base}/v1/credentials/7f1c9a52-1d63-4a3b-8b2e-5f7f0f0c2a10"),
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": "Introduction to Sample Data",
        "issuer": {
            "id": issuer_id,
            "type": ["Profile"],
            "name": "Sample Academy",
            "url": "https://academy.example.org"
        },
        "validFrom": created,
        "awardedDate": "2026-02-27T16:30:00Z",
        "credentialSubject": {
            "id": "urn:uuid:5d1c4f1e-8f0b-4a57-9d43-0a3c6b1e7f42",
            "type": ["AchievementSubject"],
            "identifier": [{
                "type": "IdentityObject",
                "hashed": false,
                "identityHash": "Llinos Enghraifft",
                "identityType": "name"
            }],
            "creditsEarned": 6.5,
            "achievement": {
                "id": format!("{base}/achievements/sample-data/1"),
                "type": ["Achievement"],
                "achievementType": "Course",
                "name": "Introduction to Sample Data",
                "description": "A made-up module for tests.",
                "criteria": {"narrative": "Read it and answer ten questions."},
                "creditsAvailable": 6.5
            }
        },
        "credentialStatus": {
            "id": format!("{status}#94567"),
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": "94567",
            "statusListCredential": status
        }
    })
}
