//! A whole service in memory, with clients of every kind.

use std::{
    pin::Pin,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use actix_web::{
    body::to_bytes,
    dev::Service as _,
    http::{StatusCode, header::HeaderMap},
    test::{TestRequest, init_service},
    web,
};
use api::{ApiKey, AppState, ClientSecret, Limits, Parts, Scope, WalletProfile};
use async_trait::async_trait;
use bytes::Bytes;
use ed25519_dalek::SigningKey;
use issuing::Service;
use model::{
    chance::Entropy,
    clock::{Clock, FixedClock},
    id::Slug,
    site::Site,
};
use proof::log::{SignatureKind, VerifierKey};
use registry::{NewApiKey, NewClient};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Value, json};
use signing::{KeyAlgorithm, Mode, Vault, VaultKind};
use testkit::{SeededEntropy, TestDb, catalogue};
use verification::{Fetch, FetchError, Fetched, GuardedClient, Reach};

/// The address of the service.
pub const BASE: &str = "https://badges.example.org";

/// A service and its clients.
pub struct World {
    call: Box<dyn Fn(TestRequest) -> Answering>,
    pub state: web::Data<AppState>,
    pub clock: Arc<FixedClock>,
    /// The trust's key, with every scope.
    pub trust: String,
    /// The university's.
    pub university: String,
    /// The Academy's own.
    pub academy: String,
    /// A key of the trust's without any scope.
    pub powerless: String,
    /// The trust's client secret.
    pub secret: String,
    /// What verification asked of other hosts.
    pub outside: Arc<Outside>,
    _vault: tempfile::TempDir,
    pub db: TestDb,
}

type Answering = Pin<Box<dyn Future<Output = Answer>>>;

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&self.body)))
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The last segment of a problem's type.
    pub fn problem(&self) -> String {
        assert_eq!(self.header("content-type"), "application/problem+json", "{}", self.text());
        let problem = self.json();
        assert_eq!(problem["status"], self.status.as_u16());
        problem["type"]
            .as_str()
            .unwrap()
            .strip_prefix("https://badges.example.org/problems/")
            .unwrap()
            .to_owned()
    }

    /// The pointers of the fields a problem lists.
    pub fn fields(&self) -> Vec<String> {
        let problem = self.json();
        let errors = problem["errors"].as_array().unwrap_or_else(|| panic!("{problem}"));
        errors.iter().map(|error| error["pointer"].as_str().unwrap().to_owned()).collect()
    }
}

/// Other hosts: none answers, and each address asked for is noted.
#[derive(Default)]
pub struct Outside {
    pub count: AtomicUsize,
    pub urls: Mutex<Vec<String>>,
}

#[async_trait]
impl Fetch for Outside {
    async fn fetch(&self, url: &str, _: &str, _: usize) -> Result<Fetched, FetchError> {
        self.count.fetch_add(1, Ordering::SeqCst);
        self.urls.lock().unwrap().push(url.to_owned());
        Err(FetchError::Offline(url.to_owned()))
    }
}

/// Runs `test` over a service on `db`.
pub fn run(db: TestDb, test: impl AsyncFnOnce(World)) {
    run_with(db, Limits::default(), test);
}

/// The same with other limits.
pub fn run_with(db: TestDb, limits: Limits, test: impl AsyncFnOnce(World)) {
    actix_web::rt::System::new().block_on(async { test(World::new(db, limits).await).await });
}

/// The state of a service on `db`, for tests that serve it themselves.
pub fn state(
    db: &TestDb,
    limits: Limits,
    base: &str,
) -> (web::Data<AppState>, Arc<FixedClock>, Arc<Outside>, tempfile::TempDir) {
    let clock = Arc::new(testkit::clock());
    let ticking: Arc<dyn Clock> = clock.clone();
    let entropy: Arc<dyn Entropy> = Arc::new(SeededEntropy::new(7));
    let directory = tempfile::TempDir::with_prefix("lanyard-vault-").unwrap();
    let path = directory.path().join("keys");
    let secret = SecretString::from("a secret for tests, long enough to be one");
    Vault::create(&path, &secret, VaultKind::Real, entropy.as_ref()).unwrap();
    let vault = Vault::open(&path, &secret, Mode::Development).unwrap();
    for issuer in [catalogue::ACADEMY, catalogue::UNIVERSITY] {
        for algorithm in [KeyAlgorithm::Ed25519, KeyAlgorithm::Es256] {
            vault.generate(&slug(issuer), algorithm, clock.as_ref(), entropy.as_ref()).unwrap();
        }
    }
    let vault = Arc::new(vault);
    let registry = db.registry().clone();
    let site = Site::new(base, slug(catalogue::ACADEMY)).unwrap();
    let service = Service::new(issuing::Parts {
        registry: registry.clone(),
        vault: Arc::clone(&vault),
        site: site.clone(),
        clock: ticking.clone(),
        entropy: Arc::clone(&entropy),
    });
    let outside = Arc::new(Outside::default());
    let fetch: Arc<dyn Fetch> = outside.clone();
    let state = AppState::new(Parts {
        registry,
        service: Arc::new(service),
        vault,
        site,
        fetch,
        client: GuardedClient::new(Reach::Development).unwrap(),
        clock: ticking,
        entropy,
        limits,
        metrics: Arc::new(|| "lanyard_sample 1\n".to_owned()),
        development: false,
        vc_api: true,
        wallet_profile: WalletProfile::Standard,
        wallet_redirects: Vec::new(),
        witnesses: vec![witness().1],
        trust: trust(),
    });
    (state, clock, outside, directory)
}

/// A list that names nobody, and policies that need it and that do not.
fn trust() -> model::trust::TrustFile {
    let text = "
lists: {nobody: {name: Nobody, issuers: []}}
policies:
  strict: {name: The strict, issuers: [nobody], necessary: [trust]}
  curious: {name: The curious, issuers: [nobody], unlisted: valid}
";
    model::trust::read(&[("trust.yaml".to_owned(), text.to_owned())]).unwrap()
}

/// The witness that the service knows: its private key, and the key to verify with.
pub fn witness() -> (SigningKey, VerifierKey) {
    let private = SigningKey::from_bytes(&[9; 32]);
    let public = private.verifying_key().to_bytes();
    let key = VerifierKey::new("witness.example.org", SignatureKind::Cosignature, public);
    (private, key.unwrap())
}

/// Registers a client with one API key; gives the key and the client's secret.
pub fn client(state: &AppState, id: &str, provider: Option<&str>, scopes: &[Scope]) -> (String, String) {
    let (key, secret) =
        (ApiKey::generate(state.entropy.as_ref()), ClientSecret::generate(state.entropy.as_ref()));
    let scopes: Vec<String> = scopes.iter().map(ToString::to_string).collect();
    let now = testkit::noon();
    let client = NewClient {
        id: id.to_owned(),
        name: format!("Sample {id}"),
        provider: provider.map(slug),
        role: if provider.is_some() { "provider" } else { "registrar" }.to_owned(),
        scopes: scopes.clone(),
        jwks: None,
        secret_hash: Some(secret.digest()),
    };
    assert!(state.registry.create_client(&client, now).unwrap());
    let stored = NewApiKey {
        prefix: key.prefix().to_owned(),
        hash: key.digest(),
        client: id.to_owned(),
        scopes,
        expires: None,
    };
    assert!(state.registry.create_api_key(&stored, now).unwrap());
    (key.text().expose_secret().to_owned(), secret.text().expose_secret().to_owned())
}

impl World {
    async fn new(db: TestDb, limits: Limits) -> Self {
        let db = db.with_catalogue();
        let (state, clock, outside, vault) = state(&db, limits, BASE);
        let (trust, secret) = client(&state, "trust", Some(catalogue::TRUST), &Scope::ALL);
        let (university, _) = client(&state, "university", Some(catalogue::UNIVERSITY), &Scope::ALL);
        let (academy, _) = client(&state, "academy", None, &Scope::ALL);
        let (powerless, _) = client(&state, "powerless", Some(catalogue::TRUST), &[]);
        let service = std::rc::Rc::new(init_service(api::app(state.clone())).await);
        let call = move |request: TestRequest| {
            let service = std::rc::Rc::clone(&service);
            let answer: Answering = Box::pin(async move {
                let response =
                    service.call(request.to_request()).await.unwrap_or_else(|error| panic!("{error}"));
                let (_, response) = response.into_parts();
                let (head, body) = response.into_parts();
                let body = to_bytes(body).await.unwrap_or_else(|_| panic!("the body breaks off"));
                Answer { status: head.status(), headers: head.headers().clone(), body }
            });
            answer
        };
        Self {
            call: Box::new(call),
            state,
            clock,
            trust,
            university,
            academy,
            powerless,
            secret,
            outside,
            _vault: vault,
            db,
        }
    }

    pub async fn send(&self, request: TestRequest) -> Answer {
        (self.call)(request.peer_addr("192.0.2.1:4711".parse().unwrap())).await
    }

    pub async fn get(&self, path: &str, accept: &str) -> Answer {
        let request = TestRequest::get().uri(local(path));
        self.send(if accept.is_empty() { request } else { request.insert_header(("accept", accept)) }).await
    }

    pub async fn get_as(&self, key: &str, path: &str) -> Answer {
        self.send(TestRequest::get().uri(local(path)).insert_header(("x-api-key", key))).await
    }

    pub async fn post(&self, path: &str, content_type: &str, body: impl Into<Bytes>) -> Answer {
        let request = TestRequest::post().uri(local(path)).insert_header(("content-type", content_type));
        self.send(request.set_payload(body)).await
    }

    pub async fn post_as(&self, key: &str, path: &str, body: &Value) -> Answer {
        let request = TestRequest::post()
            .uri(local(path))
            .insert_header(("authorization", format!("Bearer {key}")))
            .insert_header(("content-type", "application/json"));
        self.send(request.set_payload(body.to_string())).await
    }

    /// Takes the tables away from under the service.
    pub fn lose_tables(&self) {
        self.db.tamper("ALTER TABLE credentials RENAME TO lost; ALTER TABLE catalogue_state RENAME TO gone;");
    }

    /// As if every badge had been issued before there were SD-JWT VCs.
    pub fn forget_seeds(&self) {
        self.db.tamper("UPDATE credentials SET profile_version = '1', disclosure_seed = NULL");
    }

    /// Cuts every connection to the database and lets no new one in.
    /// PostgreSQL alone.
    pub fn cut_connections(&self) {
        let name = self.db.url().rsplit('/').next().unwrap();
        // No database can shut itself.
        TestDb::postgres()
            .sql(&format!(
                "ALTER DATABASE {name} ALLOW_CONNECTIONS false; SELECT pg_terminate_backend(pid) \
                 FROM pg_stat_activity WHERE datname = '{name}' AND pid <> pg_backend_pid()"
            ))
            .unwrap();
    }

    /// Changes the database behind the service's back.
    pub fn tamper(&self, sql: &str) {
        self.db.tamper(sql);
    }

    /// Posts a completion for the trust that is accepted.
    pub async fn issue(&self) -> Value {
        let answer = self.post_as(&self.trust, "/v1/completions", &completion("a")).await;
        assert_eq!(answer.status, 201, "{}", answer.text());
        answer.json()
    }
}

/// A path of an absolute URL of the service.
pub fn local(url: &str) -> &str {
    url.strip_prefix(BASE).unwrap_or(url)
}

pub fn slug(text: &str) -> Slug {
    Slug::new(text).unwrap()
}

/// A completion that is accepted, with a reference of its own.
pub fn completion(reference: &str) -> Value {
    json!({
        "learner": {
            "name": format!("Sample Learner {reference}"),
            "identifiers": [{ "type": "email", "value": format!("sample.{reference}@example.org") }],
        },
        "achievement": catalogue::INTRODUCTION,
        "completedAt": "2026-06-30T15:30:00Z",
        "reference": reference,
    })
}

/// A document with what differs from run to run taken out: UUIDs, long
/// base64 and hashes keep their place but not their value.
pub fn steady(value: Value) -> Value {
    match value {
        Value::String(text) => Value::String(without_ids(&text)),
        Value::Array(items) => items.into_iter().map(steady).collect(),
        Value::Object(members) => members.into_iter().map(|(name, value)| (name, steady(value))).collect(),
        other => other,
    }
}

fn without_ids(text: &str) -> String {
    let mut steady = String::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let is_uuid = rest.get(..36).is_some_and(|word| {
            word.char_indices().all(|(at, c)| match at {
                8 | 13 | 18 | 23 => c == '-',
                _ => c.is_ascii_hexdigit(),
            })
        });
        let (shown, length) =
            if is_uuid { ("[uuid]", 36) } else { (&rest[..first.len_utf8()], first.len_utf8()) };
        steady.push_str(shown);
        rest = &rest[length..];
    }
    steady
}
