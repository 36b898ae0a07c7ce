//! A whole service over a database of one's own.

use std::{
    ops::Deref,
    sync::{Arc, Mutex, PoisonError, Weak},
};

use chrono::{DateTime, Utc};
use issuing::{Authority, Caller, Parts, Service, Submission};
use model::{catalogue::Catalogue, clock::FixedClock, completion::Completion, site::Site};
use secrecy::SecretString;
use signing::{KeyAlgorithm, Mode, Vault, VaultKind};
use tempfile::TempDir;

use crate::{
    SeededEntropy, TestDb,
    catalogue::{self, ACADEMY, TRUST, UNIVERSITY, slug},
    clock, noon,
};

/// The address of every test service.
const BASE: &str = "https://badges.example.org";

/// A service whose clock stands and whose randomness repeats.
pub struct TestService {
    service: Arc<Service>,
    /// Its database.
    pub db: TestDb,
    /// Its clock.
    pub clock: Arc<FixedClock>,
    /// Its randomness.
    pub entropy: Arc<SeededEntropy>,
    keys: Arc<Keys>,
}

/// A vault with the keys of the sample catalogue's issuers. Its Ed25519 keys
/// are the same in every run; OpenSSL draws the others itself.
struct Keys {
    vault: Arc<Vault>,
    _directory: TempDir,
}

impl Keys {
    fn new() -> Self {
        let entropy = SeededEntropy::new(1);
        let directory = TempDir::with_prefix("lanyard-vault-").expect("a temporary directory can be made");
        let path = directory.path().join("keys");
        let secret = SecretString::from("a secret for tests, long enough to be one");
        Vault::create(&path, &secret, VaultKind::Real, &entropy).expect("a vault can be made");
        let vault = Vault::open(&path, &secret, Mode::Development).expect("the vault opens");
        for issuer in [ACADEMY, UNIVERSITY] {
            for algorithm in [KeyAlgorithm::Ed25519, KeyAlgorithm::Es256] {
                vault.generate(&slug(issuer), algorithm, &clock(), &entropy).expect("a key can be made");
            }
        }
        Self { vault: Arc::new(vault), _directory: directory }
    }

    /// The keys that the tests of a process share: stretching a secret is slow.
    fn shared() -> Arc<Self> {
        static SHARED: Mutex<Weak<Keys>> = Mutex::new(Weak::new());
        let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
        shared.upgrade().unwrap_or_else(|| {
            let keys = Arc::new(Self::new());
            *shared = Arc::downgrade(&keys);
            keys
        })
    }
}

impl TestService {
    /// A service with the sample catalogue.
    pub fn new(db: TestDb) -> Self {
        Self::with_catalogue(db, &catalogue::sample())
    }

    /// A service with another catalogue, whose issuers are the sample's.
    pub fn with_catalogue(db: TestDb, catalogue: &Catalogue) -> Self {
        Self::of(db, catalogue, Keys::shared())
    }

    /// A service with the sample catalogue whose keys no other test uses, so
    /// that they can be rotated.
    pub fn with_own_keys(db: TestDb) -> Self {
        Self::with_catalogue_and_own_keys(db, &catalogue::sample())
    }

    /// The same with another catalogue. A log's last checkpoint is kept beside the
    /// keys, so whoever makes the log grow needs keys of their own.
    pub fn with_catalogue_and_own_keys(db: TestDb, catalogue: &Catalogue) -> Self {
        Self::of(db, catalogue, Arc::new(Keys::new()))
    }

    fn of(db: TestDb, catalogue: &Catalogue, keys: Arc<Keys>) -> Self {
        db.load_catalogue(catalogue, noon()).expect("the catalogue loads");
        let clock = Arc::new(clock());
        let entropy = Arc::new(SeededEntropy::new(2));
        let service = Service::new(Parts {
            registry: db.registry().clone(),
            vault: Arc::clone(&keys.vault),
            site: Site::new(BASE, slug(ACADEMY)).expect("the address is one"),
            clock: clock.clone(),
            entropy: entropy.clone(),
        });
        Self { service: Arc::new(service), db, clock, entropy, keys }
    }

    /// What it is made of, for another service over the same database.
    pub fn parts(&self) -> Parts {
        Parts {
            registry: self.db.registry().clone(),
            vault: Arc::clone(&self.keys.vault),
            site: self.service.site().clone(),
            clock: self.clock.clone(),
            entropy: self.entropy.clone(),
        }
    }

    /// The keys.
    pub fn vault(&self) -> &Vault {
        &self.keys.vault
    }

    /// Makes new keys for the Academy and retires the old ones.
    pub fn rotate(&self) {
        for algorithm in [KeyAlgorithm::Ed25519, KeyAlgorithm::Es256] {
            self.vault()
                .rotate(&slug(ACADEMY), algorithm, self.clock.as_ref(), self.entropy.as_ref())
                .expect("the key rotates");
        }
    }

    /// Marks a key as compromised; the next takes over.
    pub fn compromise(&self, key: &str, since: DateTime<Utc>) {
        self.vault()
            .compromise(key, since, self.clock.as_ref(), self.entropy.as_ref())
            .expect("the key is marked")
            .next
            .map(|next| next.expect("another key can be made"));
    }

    /// What the sample trust gets for a completion.
    pub fn post(&self, completion: Completion) -> Result<issuing::Acceptance, issuing::AcceptError> {
        self.service.accept(&trust(), submission(completion))
    }
}

impl Deref for TestService {
    type Target = Service;

    fn deref(&self) -> &Service {
        &self.service
    }
}

/// A completion without an idempotency key.
pub fn submission(completion: Completion) -> Submission {
    Submission::of(completion)
}

/// The client of the sample trust.
pub fn trust() -> Caller {
    Caller { client: "trust-system".to_owned(), authority: Authority::Provider(slug(TRUST)) }
}

/// The client of the sample university.
pub fn university() -> Caller {
    Caller { client: "university-system".to_owned(), authority: Authority::Provider(slug(UNIVERSITY)) }
}

/// The Academy's registrar.
pub fn academy() -> Caller {
    Caller { client: "registrar".to_owned(), authority: Authority::Academy }
}
