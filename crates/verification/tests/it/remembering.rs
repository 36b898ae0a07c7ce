//! What a cache spares the hosts of others, counted at a host that listens.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use model::clock::{Clock, FixedClock};
use model::report::{Outcome, Report, Verdict};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use verification::{
    Cache, Expectation, Fetch, FetchError, Fetched, GuardedClient, Reach, Room, Submission, Verifier,
};

use crate::support::*;

const DID: &str = "did:web:issuer.example.org";
const HOST: &str = "https://issuer.example.org";

/// A host on loopback, whose documents and whose mood may change.
struct Host {
    base: String,
    requests: Arc<AtomicUsize>,
    answers: Arc<Mutex<Answers>>,
}

#[derive(Default)]
struct Answers {
    documents: Vec<(&'static str, Value)>,
    headers: &'static str,
    is_down: bool,
}

impl Host {
    async fn with(documents: Vec<(&'static str, Value)>, headers: &'static str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let requests = Arc::new(AtomicUsize::new(0));
        let answers = Arc::new(Mutex::new(Answers { documents, headers, is_down: false }));
        let (counted, told) = (Arc::clone(&requests), Arc::clone(&answers));
        tokio::spawn(async move {
            while let Ok((mut socket, _)) = listener.accept().await {
                let mut request = [0; 2048];
                let length = socket.read(&mut request).await.unwrap_or(0);
                counted.fetch_add(1, Ordering::SeqCst);
                let answer = told.lock().unwrap().answer(&String::from_utf8_lossy(&request[..length]));
                let _ = socket.write_all(answer.as_bytes()).await;
            }
        });
        Self { base, requests, answers }
    }

    fn count(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }

    fn is_down(&self, is_down: bool) {
        self.answers.lock().unwrap().is_down = is_down;
    }
}

impl Answers {
    fn answer(&self, request: &str) -> String {
        let found = self.documents.iter().find(|(path, _)| request.starts_with(&format!("GET {path} ")));
        let (head, body) = match found {
            _ if self.is_down => ("503 Service Unavailable", String::new()),
            Some((_, document)) => ("200 OK", document.to_string()),
            None => ("404 Not Found", String::new()),
        };
        let headers = self.headers;
        let length = body.len();
        format!("HTTP/1.1 {head}\r\n{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n{body}")
    }
}

/// Takes what is asked of a public name to the host on loopback, by the guarded client.
struct Led {
    client: GuardedClient,
    base: String,
}

#[async_trait]
impl Fetch for Led {
    async fn fetch(&self, url: &str, accept: &str, limit: usize) -> Result<Fetched, FetchError> {
        self.client.fetch(&url.replace(HOST, &self.base), accept, limit).await
    }
}

fn over(host: &Host) -> (Verifier, Arc<FixedClock>) {
    let clock = Arc::new(FixedClock::new(now()));
    let told: Arc<dyn Clock> = clock.clone();
    let led = Led { client: GuardedClient::new(Reach::Development).unwrap(), base: host.base.clone() };
    (Verifier::new(Arc::new(Cache::new(led, Arc::clone(&told), Room::default())), told), clock)
}

fn did_document() -> Value {
    let method = format!("{DID}#key-1");
    json!({
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
        "id": DID,
        "verificationMethod": [{
            "id": method, "type": "Multikey", "controller": DID, "publicKeyMultibase": issuer().multibase()
        }],
        "assertionMethod": [method],
    })
}

fn signed(document: Value) -> Value {
    issuer().sign_as(document, &format!("{DID}#key-1"))
}

async fn verified(verifier: &Verifier, badge: &Value) -> Report {
    verifier.verify(&Submission::Json(badge.to_string().into_bytes()), &Expectation::default()).await
}

#[tokio::test]
async fn ten_thousand_badges_of_an_issuer_cost_its_host_one_request() {
    let host = Host::with(vec![("/.well-known/did.json", did_document())], "").await;
    let (verifier, _) = over(&host);
    let one = signed(badge(DID));
    // The first come together, before anything is known of the issuer.
    let first = futures_util::future::join_all((0..100).map(|_| verified(&verifier, &one))).await;
    assert!(first.iter().all(|report| report.verdict == Verdict::Valid), "{:#?}", first.first());
    assert_eq!(host.count(), 1);
    for _ in 100..10_000 {
        assert_eq!(verified(&verifier, &one).await.verdict, Verdict::Valid);
    }
    assert_eq!(host.count(), 1);
}

/// Others' documents, from a host that changes them each time, and a key that is compromised
/// as soon as it was asked about.
struct Changing {
    methods: Mutex<Vec<Value>>,
    asked: AtomicUsize,
}

#[async_trait]
impl Fetch for Changing {
    async fn fetch(&self, _: &str, _: &str, _: usize) -> Result<Fetched, FetchError> {
        let mut document = did_document();
        document["verificationMethod"] = self.methods.lock().unwrap().pop().into_iter().collect();
        Ok(answer(200, "application/json", document.to_string()))
    }

    fn revoked(&self, _: &str) -> Option<DateTime<Utc>> {
        (self.asked.fetch_add(1, Ordering::SeqCst) > 0).then(|| now() - TimeDelta::days(30))
    }
}

#[tokio::test]
async fn in_a_moment_a_key_is_asked_about_once_and_a_changed_document_is_seen() {
    let methods = Mutex::new(did_document()["verificationMethod"].as_array().cloned().unwrap());
    let changing = Changing { methods, asked: AtomicUsize::new(0) };
    let lasting = Verifier::new(Arc::new(changing), Arc::new(FixedClock::new(now())));
    let (moment, by_key, by_web) = (lasting.for_a_moment(), badge(&issuer().did()), signed(badge(DID)));
    let by_key = issuer().sign(by_key);
    for _ in 0..3 {
        assert_eq!(verified(&moment, &by_key).await.verdict, Verdict::Valid);
    }
    for later in [&lasting.for_a_moment(), &lasting] {
        assert_code(&verified(later, &by_key).await, "key-revoked-since", "in the next moment");
    }
    // The second time the document names no key any more.
    assert_eq!(verified(&moment, &by_web).await.verdict, Verdict::Valid);
    assert_code(&verified(&moment, &by_web).await, "binding-key-not-listed", "changed within the moment");
}

/// A host on loopback that answers with these bytes, and sends `body` after them for ever.
async fn raw(head: &str, body: &'static [u8]) -> Verifier {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let head = head.to_owned();
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let mut request = [0; 2048];
            let _ = socket.read(&mut request).await;
            let _ = socket.write_all(head.as_bytes()).await;
            while !body.is_empty() && socket.write_all(body).await.is_ok() {}
        }
    });
    let clock: Arc<dyn Clock> = Arc::new(FixedClock::new(now()));
    let led = Led { client: GuardedClient::new(Reach::Development).unwrap(), base };
    Verifier::new(Arc::new(Cache::new(led, Arc::clone(&clock), Room::default())), clock)
}

#[tokio::test]
async fn a_did_document_that_is_huge_endless_or_leads_elsewhere_leaves_the_issuer_open() {
    let badge = signed(badge(DID));
    let ok = "HTTP/1.1 200 OK\r\nConnection: close\r\n";
    let secret = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let private = format!(
        "HTTP/1.1 302 Found\r\nLocation: http://{}/\r\nContent-Length: 0\r\n\r\n",
        secret.local_addr().unwrap()
    );
    for (name, head, body) in [
        ("100 MB, as declared", format!("{ok}Content-Length: 104857600\r\n\r\n"), b"".as_slice()),
        ("without an end", format!("{ok}\r\n"), &[b'x'; 8192]),
        ("redirected to a private place", private, b""),
        ("compressed", format!("{ok}Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\nxx"), b""),
        ("cut off", format!("{ok}Content-Length: 9\r\n\r\n{{"), b""),
    ] {
        let verifier = raw(&head, body).await;
        assert_code(&verified(&verifier, &badge).await, "binding-unreachable", name);
    }
    let visited = tokio::time::timeout(std::time::Duration::from_millis(50), secret.accept()).await;
    assert!(visited.is_err(), "nobody went where the redirect led");
}

#[tokio::test]
async fn a_host_that_fails_leaves_a_warning_that_says_of_when_its_word_is() {
    const LISTED: &str = "https://issuer.example.org/status/7";
    let mut list = status_list(DID, "revocation", &[3]);
    list["id"] = json!(LISTED);
    list["credentialSubject"]["id"] = json!(format!("{LISTED}#list"));
    let documents = vec![("/.well-known/did.json", did_document()), ("/status/7", signed(list))];
    let host = Host::with(documents, "Cache-Control: max-age=60\r\n").await;
    let (verifier, clock) = over(&host);
    let entry = |index: &str| {
        let mut badge = with_status(badge(DID), index, "revocation");
        badge["credentialStatus"]["statusListCredential"] = json!(LISTED);
        signed(badge)
    };
    let (clear, revoked) = (entry("2"), entry("3"));
    assert_eq!(check(&verified(&verifier, &clear).await, "status-clear").as_of, None);

    clock.set(now() + TimeDelta::seconds(30));
    let report = verified(&verifier, &clear).await;
    assert_eq!(check(&report, "status-clear").as_of, Some(now()));
    assert_eq!(check(&report, "binding-holds").as_of, Some(now()));
    assert_eq!(host.count(), 2);

    host.is_down(true);
    clock.set(now() + TimeDelta::seconds(90));
    let report = verified(&verifier, &clear).await;
    for code in ["status-stale", "binding-stale"] {
        let stale = check(&report, code);
        assert_eq!((stale.outcome, stale.as_of), (Outcome::Warning, Some(now())), "{report:#?}");
        assert!(stale.finding.to_string().contains("1 June 2026 at 12:00:00 UTC"), "{}", stale.finding);
    }
    assert_eq!(report.verdict, Verdict::Valid);
    // What an old list says against a badge stands.
    check(&verified(&verifier, &revoked).await, "status-revoked");

    clock.set(now() + TimeDelta::days(2));
    let report = verified(&verifier, &clear).await;
    check(&report, "binding-unreachable");
    assert_eq!(report.verdict, Verdict::Undetermined);

    host.is_down(false);
    clock.set(now() + TimeDelta::days(2) + TimeDelta::seconds(10));
    assert_eq!(check(&verified(&verifier, &clear).await, "status-clear").as_of, None);
}

#[tokio::test]
async fn a_list_that_was_just_verified_is_judged_anew_when_it_or_its_issuer_changes() {
    let address = format!("{HOST}/status/1");
    let mut one = with_status(badge(DID), "94567", "revocation");
    one["credentialStatus"]["statusListCredential"] = json!(address);
    let one = signed(one);
    let list = |set: &[usize]| {
        let mut list = status_list(DID, "revocation", set);
        list["id"] = json!(address);
        signed(list)
    };
    let documents = |keys, list| vec![("/.well-known/did.json", keys), ("/status/1", list)];
    let mut disowned = did_document();
    disowned["assertionMethod"] = json!([]);
    let mut forged = list(&[]);
    forged["validFrom"] = json!("2026-01-01T00:00:01Z");

    let clear = documents(did_document(), list(&[]));
    let host = Host::with(clear.clone(), "Cache-Control: no-store\r\n").await;
    let (verifier, _) = over(&host);
    for (documents, code) in [
        (clear.clone(), "status-clear"),
        (documents(did_document(), list(&[94_567])), "status-revoked"),
        (clear.clone(), "status-clear"),
        (documents(did_document(), forged), "status-list-refused"),
        (clear.clone(), "status-clear"),
        (documents(disowned, list(&[])), "status-list-refused"),
        (clear, "status-clear"),
    ] {
        host.answers.lock().unwrap().documents = documents;
        for _ in 0..2 {
            assert_code(&verified(&verifier, &one).await, code, code);
        }
    }
}
