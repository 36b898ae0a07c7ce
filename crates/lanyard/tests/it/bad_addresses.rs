//! Addresses and status lists that are no good: hosts on loopback that
//! redirect, go silent, or answer with too much.

use std::{
    io::{Read, Write},
    net::TcpListener,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use crate::{
    bad_badges::{Forger, assert_told, badge_of, changed, disowned},
    bad_input::gzip,
    server::Server,
};

/// A host on loopback that answers every connection with the same bytes; none
/// is never to answer at all. Counts the connections.
struct Host {
    base: String,
    asked: Arc<AtomicUsize>,
}

impl Host {
    fn answering(answer: Option<Vec<u8>>) -> Self {
        Self::at(|_| answer)
    }

    /// The answer may say where the host stands.
    fn at(answer: impl FnOnce(&str) -> Option<Vec<u8>>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let answer = answer(&base);
        let asked = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&asked);
        std::thread::spawn(move || {
            let mut held = Vec::new();
            for stream in listener.incoming() {
                count.fetch_add(1, Ordering::SeqCst);
                let mut stream = stream.unwrap();
                match &answer {
                    None => held.push(stream),
                    Some(answer) => {
                        let mut request = [0; 4096];
                        let _ = stream.read(&mut request);
                        let _ = stream.write_all(answer);
                    }
                }
            }
        });
        Self { base, asked }
    }

    fn serving(content_type: &str, body: &[u8]) -> Self {
        Self::answering(Some(ok(content_type, body)))
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

fn ok(content_type: &str, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: {content_type}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
    );
    [head.as_bytes(), body].concat()
}

#[tokio::test]
async fn addresses_that_lead_nowhere_good_are_not_followed() {
    let server = Server::start(None, &[]).await;
    let ours = server.badge("address").await;
    let ask =
        async |url: &str| server.verify("application/json", json!({ "url": url }).to_string().into()).await;
    let report = ask(&ours).await;
    assert_eq!(report["verdict"], "valid", "{report:#}");

    for url in [
        "http://10.0.0.1/badge.json",
        "https://10.0.0.1/badge.json",
        "https://169.254.169.254/latest/meta-data/",
        "https://192.168.1.1/",
        "https://[fd00::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://0x0a000001/",
        "https://167772161/",
        "http://example.org/badge.json",
        "https://example.org:8443/badge.json",
        "https://user:secret@example.org/",
        "ftp://example.org/badge.json",
        "file:///etc/passwd",
        "gopher://127.0.0.1/",
        "not an address",
        "",
    ] {
        let begun = Instant::now();
        let report = ask(url).await;
        assert_told(&report, "format-address-refused", url);
        assert!(begun.elapsed() < Duration::from_secs(1), "{url} was refused without trying");
    }

    let badge = server.form(&ours, "application/json").await;
    let redirect = Host::answering(Some(
        format!("HTTP/1.1 302 Found\r\nLocation: {ours}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            .into_bytes(),
    ));
    let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";
    let endless = [head.as_bytes(), b"\r\n", &vec![b' '; 40 * 1024 * 1024]].concat();
    let compressed = gzip(&badge);
    let compressed = [
        format!("{head}Content-Encoding: gzip\r\nContent-Length: {}\r\n\r\n", compressed.len()).as_bytes(),
        &compressed,
    ]
    .concat();
    let before = server.memory();
    for (context, host, code, asked) in [
        ("a redirect", redirect, "format-not-fetched", 1),
        ("no HTTP", Host::answering(Some(b"220 hello\r\n".to_vec())), "format-not-fetched", 1),
        ("closed at once", Host::answering(Some(Vec::new())), "format-not-fetched", 1),
        (
            "an error",
            Host::answering(Some(
                b"HTTP/1.1 500 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".to_vec(),
            )),
            "format-not-fetched",
            1,
        ),
        ("40 MB", Host::answering(Some(endless)), "format-not-fetched", 1),
        ("compressed", Host::answering(Some(compressed)), "format-not-fetched", 1),
        ("a page", Host::serving("text/html", b"<!DOCTYPE html><html></html>"), "format-web-page", 1),
    ] {
        assert_told(&ask(&format!("{}/badge.json", host.base)).await, code, context);
        assert!(host.asked() >= asked, "{context}");
    }
    let grown = server.memory().saturating_sub(before);
    assert!(grown < 50 * 1024, "memory grew by {grown} KiB");

    let good = Host::serving("application/json", &badge);
    assert_eq!(ask(&good.base).await["verdict"], "valid");
    // In production not even loopback is reached, whatever the environment says of proxies.
    let quiet = Host::serving("application/json", &badge);
    for url in [
        quiet.base.clone(),
        quiet.base.replace("127.0.0.1", "localhost"),
        quiet.base.replace("http", "https"),
    ] {
        let mut command = server.command(&["verify", "--json", &url]);
        command.env("LANYARD_PUBLIC_URL", "https://badges.example.org");
        for proxy in ["http_proxy", "https_proxy", "HTTPS_PROXY", "ALL_PROXY"] {
            command.env(proxy, &quiet.base);
        }
        let output = command.output().unwrap();
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_told(&report, "format-address-refused", &url);
    }
    assert_eq!(quiet.asked(), 0, "no packet is sent");
}

#[tokio::test]
async fn a_host_that_never_answers_is_not_waited_for_for_ever() {
    let server = Server::start(None, &[]).await;
    let silent = Host::answering(None);
    let begun = Instant::now();
    let body = json!({ "url": format!("{}/badge.json", silent.base) }).to_string();
    let (report, while_waiting) = tokio::join!(server.verify("application/json", body.into()), async {
        tokio::time::sleep(Duration::from_millis(500)).await;
        let begun = Instant::now();
        server.badge("meanwhile").await;
        begun.elapsed()
    });
    assert_told(&report, "format-not-fetched", "never answers");
    assert!(begun.elapsed() < Duration::from_secs(15), "{:?}", begun.elapsed());
    assert!(while_waiting < Duration::from_secs(3), "others wait {while_waiting:?}");
}

/// A status list at `address`.
fn list(address: &str, encoded: &str, issuer: &Forger) -> Value {
    issuer.sign(json!({
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": address,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer.did(),
        "validFrom": "2026-05-01T00:00:00Z",
        "credentialSubject": {
            "id": format!("{address}#list"), "type": "BitstringStatusList",
            "statusPurpose": "revocation", "encodedList": encoded,
        },
    }))
}

/// What stands at a list's address.
type Content<'a> = &'a dyn Fn(&str) -> String;

#[tokio::test]
async fn status_lists_that_are_no_good_are_told_apart() {
    let server = Server::start(None, &[]).await;
    let ours = badge_of(&server, &server.badge("lists").await).await;
    let (forger, other) = (Forger::new(), Forger::new());
    let encoded = |bytes: &[u8]| format!("u{}", URL_SAFE_NO_PAD.encode(gzip(bytes)));
    let clear = encoded(&[0; 16_384]);
    let revoked = encoded(&[0xff; 16_384]);
    let bomb = encoded(&vec![0; 200 * 1024 * 1024]);
    assert!(bomb.len() < 1024 * 1024, "the bomb is small: {}", bomb.len());
    let before = server.memory();
    let cases: [(&str, Content<'_>, &str); 10] = [
        ("clear", &|at| list(at, &clear, &forger).to_string(), "status-clear"),
        ("all revoked", &|at| list(at, &revoked, &forger).to_string(), "status-revoked"),
        ("a gzip bomb", &|at| list(at, &bomb, &forger).to_string(), "status-list-unreadable"),
        ("too short", &|at| list(at, &encoded(&[0; 100]), &forger).to_string(), "status-list-unreadable"),
        ("not gzip", &|at| list(at, "uAAAA", &forger).to_string(), "status-list-unreadable"),
        ("another's list", &|at| list(at, &clear, &other).to_string(), "status-list-refused"),
        (
            "the list of another place",
            &|_| list("https://lists.example.org/1", &clear, &forger).to_string(),
            "status-list-refused",
        ),
        (
            "changed after it was signed",
            &|at| list(at, &revoked, &forger).to_string().replace(&revoked, &clear),
            "status-list-refused",
        ),
        ("not a list", &|_| forger.sign(disowned(&ours, &forger)).to_string(), "status-list-refused"),
        ("not JSON", &|_| "nothing is revoked, trust me".to_owned(), "status-list-refused"),
    ];
    for (context, content, code) in cases {
        let host = Host::at(|base| Some(ok("application/vc+ld+json", content(base).as_bytes())));
        let entry = json!({
            "id": format!("{}#94567", host.base), "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation", "statusListIndex": "94567", "statusListCredential": host.base,
        });
        let badge =
            forger.sign(changed(&disowned(&ours, &forger), |badge| badge["credentialStatus"] = entry));
        let report = server.verify("application/json", badge.to_string().into()).await;
        if code == "status-clear" {
            assert_eq!(report["verdict"], "valid", "{report:#}");
        } else {
            assert_told(&report, code, context);
        }
    }
    let grown = server.memory().saturating_sub(before);
    assert!(grown < 50 * 1024, "memory grew by {grown} KiB");
}
