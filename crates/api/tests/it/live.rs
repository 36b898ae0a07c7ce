//! What only a real connection shows: streams that run both ways at once, and
//! what is written to the log.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{SocketAddr, TcpStream},
    sync::{Arc, Mutex, OnceLock},
    time::{Duration, Instant},
};

use actix_web::HttpServer;
use api::{Limits, Scope};
use serde_json::{Value, json};
use testkit::{TestDb, catalogue};

use crate::world::{BASE, client, completion, state};

/// What keeps the tests short.
fn short() -> Limits {
    Limits { batch_group: 4, idle: Duration::from_secs(1), ..Limits::default() }
}

/// Serves on a free port while `test` speaks to it from another thread.
fn serve(base: &str, test: impl FnOnce(SocketAddr, String) + Send + 'static) {
    serve_within(short(), base, test);
}

fn serve_within(limits: Limits, base: &str, test: impl FnOnce(SocketAddr, String) + Send + 'static) {
    let db = TestDb::sqlite().with_catalogue();
    let (state, _, _, vault) = state(&db, limits, base);
    let (key, _) = client(&state, "trust", Some(catalogue::TRUST), &Scope::ALL);
    actix_web::rt::System::new().block_on(async move {
        let server =
            HttpServer::new(move || api::app(state.clone())).workers(1).bind(("127.0.0.1", 0)).unwrap();
        let address = server.addrs()[0];
        let server = server.disable_signals().run();
        let handle = server.handle();
        let serving = actix_web::rt::spawn(server);
        let tested = actix_web::rt::task::spawn_blocking(move || test(address, key)).await;
        handle.stop(false).await;
        serving.await.unwrap().unwrap();
        drop(vault);
        tested.unwrap();
    });
}

fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    stream
}

#[test]
fn results_come_while_the_batch_is_still_being_sent() {
    serve(BASE, |address, key| {
        let mut stream = connect(address);
        write!(
            stream,
            "POST /v1/completions/batch HTTP/1.1\r\nhost: badges.example.org\r\nx-api-key: {key}\r\ncontent-type: application/x-ndjson\r\ntransfer-encoding: chunked\r\n\r\n"
        )
        .unwrap();
        let mut answers = BufReader::new(stream.try_clone().unwrap());
        let mut next = |marker: &str| {
            let mut line = String::new();
            while !line.contains(marker) {
                line.clear();
                assert_ne!(answers.read_line(&mut line).unwrap(), 0, "the answer ended before {marker}");
            }
        };
        for n in 1..=3 {
            let row = format!("{}\n", completion(&n.to_string()));
            write!(stream, "{:x}\r\n{row}\r\n", row.len()).unwrap();
            next(&format!("{{\"row\":{n},"));
        }
        write!(stream, "0\r\n\r\n").unwrap();
        next("\"complete\":true");
    });
}

#[test]
fn a_client_that_sends_all_before_it_reads_is_served() {
    serve(BASE, |address, key| {
        let header = "name,email,achievement,completed_at,reference\n";
        // Rows that are refused are answered with several times their own length.
        let body = format!("{header}{}", "a,b,c,d,e\n".repeat(5_000));
        let mut stream = connect(address);
        write!(
            stream,
            "POST /v1/completions/batch HTTP/1.1\r\nhost: badges.example.org\r\nx-api-key: {key}\r\ncontent-type: text/csv\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
            body.len()
        )
        .unwrap();
        stream.write_all(body.as_bytes()).unwrap();
        std::thread::sleep(Duration::from_millis(500));
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert_eq!(answer.matches("\"status\":422,\"problem\"").count(), 5_000);
        assert!(answer.contains("\"complete\":true"));
    });
}

fn exchange(address: SocketAddr, request: &str) -> String {
    let mut stream = connect(address);
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

fn body_of(answer: &str) -> &str {
    answer.split_once("\r\n\r\n").unwrap().1
}

#[test]
fn without_a_domain_a_badge_verifies_by_did_key_alone() {
    serve("http://127.0.0.1:8080", |address, key| {
        let post = |path: &str, body: &str| {
            let request = format!(
                "POST {path} HTTP/1.1\r\nhost: x\r\nx-api-key: {key}\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
                body.len()
            );
            exchange(address, &request)
        };
        let issued: Value =
            serde_json::from_str(body_of(&post("/v1/completions", &completion("a").to_string()))).unwrap();
        let url = issued["credential"]["url"].as_str().unwrap();
        let path = url.strip_prefix("http://127.0.0.1:8080").unwrap();
        for accept in ["application/json", "text/plain"] {
            let get =
                format!("GET {path} HTTP/1.1\r\nhost: x\r\naccept: {accept}\r\nconnection: close\r\n\r\n");
            let badge = exchange(address, &get);
            let report: Value = serde_json::from_str(body_of(&post("/v1/verify", body_of(&badge)))).unwrap();
            assert_eq!(report["verdict"], "valid", "{accept}: {report}");
            assert!(report["summary"]["issuerId"].as_str().unwrap().starts_with("did:"), "{report}");
        }
        let report: Value =
            serde_json::from_str(body_of(&post("/v1/verify", &json!({ "url": url }).to_string()))).unwrap();
        assert_eq!(report["verdict"], "valid", "{report}");
    });
}

#[test]
fn a_body_that_stops_arriving_is_given_up() {
    serve(BASE, |address, key| {
        let started = format!(
            "POST /v1/completions HTTP/1.1\r\nhost: x\r\nx-api-key: {key}\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{{"
        );
        let mut stream = connect(address);
        stream.write_all(started.as_bytes()).unwrap();
        let mut line = String::new();
        BufReader::new(stream).read_line(&mut line).unwrap();
        assert_eq!(line.trim_end(), "HTTP/1.1 408 Request Timeout");
    });
}

/// A picture of that many bytes, of which only the beginning is one.
fn picture(size: usize) -> Vec<u8> {
    let mut picture = b"\x89PNG\r\n\x1a\n".to_vec();
    picture.resize(size, 0);
    picture
}

/// Begins to upload a large picture.
fn begin_picture(address: SocketAddr, size: usize) -> TcpStream {
    let mut stream = connect(address);
    let head = format!(
        "POST /v1/verify HTTP/1.1\r\nhost: x\r\ncontent-type: image/png\r\ncontent-length: {size}\r\nconnection: close\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).unwrap();
    stream
}

/// The head of the answer.
fn head_of(stream: TcpStream) -> Vec<String> {
    let lines = BufReader::new(stream).lines().map(|line| line.unwrap().to_ascii_lowercase());
    lines.take_while(|line| !line.is_empty()).collect()
}

#[test]
fn two_large_pictures_at_once_are_taken_in_for_so_long_and_a_third_is_told_when_to_ask_again() {
    const SIZE: usize = 3 * 1024 * 1024;
    let time = Duration::from_secs(4);
    serve_within(Limits { picture_time: time, ..short() }, BASE, move |address, _| {
        // Two that come steadily, and would for ever.
        let begun = Instant::now();
        let slow = [(), ()].map(|()| {
            let mut stream = begin_picture(address, SIZE);
            let answer = stream.try_clone().unwrap();
            std::thread::spawn(move || {
                while begun.elapsed() < Duration::from_secs(15) && stream.write_all(b"x").is_ok() {
                    std::thread::sleep(Duration::from_millis(100));
                }
            });
            std::thread::spawn(move || (head_of(answer), begun.elapsed()))
        });
        std::thread::sleep(Duration::from_millis(500));
        let third = head_of(begin_picture(address, SIZE));
        assert_eq!(third[0], "http/1.1 503 service unavailable");
        assert!(third.contains(&"retry-after: 10".to_owned()), "{third:?}");
        // A small one needs no turn.
        let mut small = begin_picture(address, 1024);
        small.write_all(&picture(1024)).unwrap();
        assert_eq!(head_of(small)[0], "http/1.1 200 ok");
        for one in slow {
            let (head, took) = one.join().unwrap();
            assert_eq!(head[0], "http/1.1 408 request timeout");
            assert!(took >= time, "{took:?}");
        }
        // Then there is room again.
        let mut next = begin_picture(address, SIZE);
        next.write_all(&picture(SIZE)).unwrap();
        assert_eq!(head_of(next)[0], "http/1.1 200 ok");
    });
}

/// Everything that was logged in this process.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn log() -> &'static Log {
    static LOG: OnceLock<Log> = OnceLock::new();
    LOG.get_or_init(|| {
        let log = Log::default();
        let writer = log.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(tracing_subscriber::filter::LevelFilter::DEBUG)
            .with_ansi(false)
            .with_writer(move || writer.clone())
            .finish();
        tracing_subscriber::util::SubscriberInitExt::try_init(subscriber).unwrap();
        log
    })
}

#[test]
fn nothing_personal_and_no_secret_is_logged() {
    log();
    serve(BASE, |address, key| {
        let mut body = completion("canary");
        body["learner"]["name"] = "Canary Quetzalcoatl".into();
        body["learner"]["identifiers"][0]["value"] = "canary.quetzal@example.org".into();
        let good = body.to_string();
        let bad = good.replace("2026-06-30T15:30:00Z", "canary-date");
        for (path, body) in [
            ("/v1/completions", good.as_str()),
            ("/v1/completions", good.as_str()),
            ("/v1/completions", bad.as_str()),
            ("/v1/completions", "{\"canary-broken"),
            ("/v1/verify?recipient=canary.quetzal@example.org", "{\"name\":\"Canary Quetzalcoatl\"}"),
            ("/canary-path?token=canary-query", "canary-body"),
        ] {
            let mut stream = connect(address);
            write!(
                stream,
                "POST {path} HTTP/1.1\r\nhost: badges.example.org\r\nauthorization: Bearer {key}\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
                body.len()
            )
            .unwrap();
            let mut answer = String::new();
            stream.read_to_string(&mut answer).unwrap();
            assert!(answer.starts_with("HTTP/1.1 "), "{answer}");
        }
        let logged = String::from_utf8_lossy(&log().0.lock().unwrap()).into_owned();
        assert!(logged.contains("http.route=\"/v1/completions\""), "the requests are logged: {logged}");
        // Other tests of this process log too; the canaries are ours alone.
        let lowered = logged.to_lowercase();
        for canary in ["canary", "quetzal", key.to_lowercase().as_str()] {
            let line = lowered.lines().find(|line| line.contains(canary));
            assert_eq!(line, None, "{canary}");
        }
    });
}
