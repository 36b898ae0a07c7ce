//! Bad input over HTTP: each kind gets one clear answer, and nothing is recorded.

use std::{
    io::{Read, Write},
    net::TcpStream,
    time::{Duration, Instant},
};

use reqwest::{Method, RequestBuilder, Response};
use serde_json::{Value, json};

use crate::server::{Server, completion};

/// The problem document of an answer, whose status and kind are as expected.
pub async fn problem(response: Response, status: u16, slug: &str, context: &str) -> Value {
    let found = response.status().as_u16();
    let media_type = response.headers()["content-type"].to_str().unwrap().to_owned();
    let text = response.text().await.unwrap();
    assert_eq!(found, status, "{context}: {text}");
    assert_eq!(media_type, "application/problem+json", "{context}: {text}");
    let problem: Value = serde_json::from_str(&text).unwrap();
    assert!(problem["type"].as_str().unwrap().ends_with(&format!("/problems/{slug}")), "{context}: {text}");
    assert_eq!(problem["status"], status, "{context}");
    for member in ["title", "detail", "instance"] {
        assert!(!problem[member].as_str().unwrap().is_empty(), "{context}: {member} of {problem}");
    }
    // What people read is not a dump of our insides.
    for inside in ["Some(", "Custom {", "Error {", "panicked", "diesel", "src/"] {
        assert!(!problem["detail"].as_str().unwrap().contains(inside), "{context}: {problem}");
    }
    problem
}

/// How many rows each table holds.
pub fn recorded(server: &Server) -> [u64; 4] {
    let audit = server.audit()["audit"].take();
    assert_eq!(audit["findings"], json!([]), "{audit:#}");
    ["completions", "awards", "credentials", "ledgerEntries"].map(|table| audit[table].as_u64().unwrap())
}

async fn send(request: RequestBuilder, body: impl Into<reqwest::Body>) -> Response {
    request.header("Content-Type", "application/json").body(body).send().await.unwrap()
}

#[tokio::test]
async fn bodies_that_cannot_be_read_safely_are_refused() {
    let server = Server::start(None, &[]).await;
    let text = completion("refused").to_string();
    let nested = |depth: usize| format!(r#"{{"x":{}1{}}}"#, "[".repeat(depth), "]".repeat(depth));
    let twice = text.replacen('{', r#"{"achievement":"topol-fellowship","#, 1);
    let hidden = text.replacen('{', r#"{"ach\u0069evement":"topol-fellowship","#, 1);
    for (context, body, told) in [
        ("nothing", String::new(), "not JSON"),
        ("not JSON", "completed, honestly".to_owned(), "line 1"),
        ("cut short", text[..text.len() - 1].to_owned(), "line 1"),
        ("two documents", format!("{text}{text}"), "not JSON"),
        ("a member twice", twice, "/achievement"),
        ("a member twice, once escaped", hidden, "/achievement"),
        ("deep", nested(100), "64"),
        ("very deep", nested(100_000), "64"),
        ("a huge integer", r#"{"n":9007199254740993}"#.to_owned(), "2^53"),
        ("a huge exponent", r#"{"n":1e999}"#.to_owned(), "exponent"),
        ("a number of 10,000 digits", format!(r#"{{"n":{}}}"#, "7".repeat(10_000)), "number"),
        ("not a number", r#"{"n":NaN}"#.to_owned(), "line 1"),
        ("half a character", r#"{"s":"\ud800"}"#.to_owned(), "line 1"),
        ("a byte order mark", format!("\u{feff}{text}"), "byte order mark"),
        ("a comment", format!("/* hello */{text}"), "line 1"),
        ("a trailing comma", text.replace("}]", "},]"), "line 1"),
    ] {
        let response = send(server.post("/v1/completions"), body).await;
        let problem = problem(response, 400, "malformed-json", context).await;
        assert!(problem["detail"].as_str().unwrap().contains(told), "{context}: {problem}");
    }
    let response = send(server.post("/v1/completions"), b"{\"name\":\"\xc3\x28\"}".to_vec()).await;
    let not_utf8 = problem(response, 400, "malformed-json", "bad UTF-8").await;
    assert!(not_utf8["detail"].as_str().unwrap().contains("offset 9"), "{not_utf8}");
    assert_eq!(recorded(&server), [0; 4]);
}

#[tokio::test]
async fn bodies_of_another_size_type_or_coding_are_refused() {
    let server = Server::start(None, &[]).await;
    let text = completion("refused").to_string();
    let padded = |bytes: usize| format!("{}{text}", " ".repeat(bytes - text.len()));
    let response = send(server.post("/v1/completions"), padded(262_145)).await;
    let large = problem(response, 413, "too-large", "one byte over").await;
    assert!(large["detail"].as_str().unwrap().contains("262144"), "the limit is told: {large}");
    let chunked = reqwest::Body::from(padded(400_000));
    problem(send(server.post("/v1/completions"), chunked).await, 413, "too-large", "far over").await;
    let bomb = gzip(&vec![b' '; 8 * 1024 * 1024]);
    let request = server.post("/v1/completions").header("Content-Encoding", "gzip");
    problem(send(request, bomb).await, 413, "too-large", "a gzip bomb").await;
    let request = server.post("/v1/completions").header("Content-Encoding", "gzip");
    problem(send(request, "not gzip").await, 400, "malformed-request", "not gzip").await;

    for path in ["/v1/completions", "/v1/completions/batch"] {
        let request = server.post(path).header("Content-Encoding", "zstd");
        let response = send(request, text.clone()).await;
        let coded = problem(response, 415, "unsupported-media-type", path).await;
        assert!(coded["detail"].as_str().unwrap().contains("zstd"), "{coded}");
        for media_type in ["", "text/plain", "application/xml", "application/jsonp"] {
            let mut request = server.post(path).body(text.clone());
            if !media_type.is_empty() {
                request = request.header("Content-Type", media_type);
            }
            let response = request.send().await.unwrap();
            let problem = problem(response, 415, "unsupported-media-type", media_type).await;
            assert!(problem["detail"].as_str().unwrap().contains("application/json"), "{problem}");
        }
    }
    assert_eq!(recorded(&server), [0; 4]);

    // At the limit, and compressed, it is taken.
    let taken = send(server.post("/v1/completions"), padded(262_144)).await;
    assert_eq!(taken.status(), 201, "{}", taken.text().await.unwrap());
    let request = server.post("/v1/completions").header("Content-Encoding", "gzip");
    assert_eq!(send(request, gzip(text.as_bytes())).await.status(), 200);
}

/// `content` in gzip, by the machine's own tool.
pub fn gzip(content: &[u8]) -> Vec<u8> {
    use std::process::{Command, Stdio};
    let mut child =
        Command::new("gzip").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("gzip is installed");
    let mut input = child.stdin.take().unwrap();
    let content = content.to_vec();
    let writer = std::thread::spawn(move || input.write_all(&content).unwrap());
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    output.stdout
}

#[tokio::test]
async fn learners_who_cannot_be_told_apart_are_refused_and_not_named() {
    for database in [None, Some(testkit::PostgresDatabase::empty())] {
        let url = database.as_ref().map(|database| database.url().to_owned());
        let server = Server::start(url, &[]).await;
        server.badge("shared").await;
        let mut other = completion("other");
        other["learner"]["identifiers"] = completion("shared")["learner"]["identifiers"].clone();
        let response = server.post("/v1/completions").json(&other).send().await.unwrap();
        let conflict = problem(response, 409, "learner-conflict", "two learners with one email").await;
        let expected = conflict["expected"].as_str().unwrap();
        for way_out in ["staff number", "registration", "DID"] {
            assert!(expected.contains(way_out), "{conflict}");
        }
        assert!(!conflict.to_string().contains("Learner shared"), "the other learner is not named");
        assert_eq!(recorded(&server), [1; 4]);

        let staff = json!({"type": "staffNumber", "value": "0042", "organisation": "RXX"});
        other["learner"]["identifiers"].as_array_mut().unwrap().push(staff.clone());
        assert_eq!(server.post("/v1/completions").json(&other).send().await.unwrap().status(), 201);
        // The one's staff number beside a third one's registration.
        let did = json!({"type": "did", "value": "did:example:third"});
        let mut third = completion("third");
        third["learner"]["identifiers"] = json!([did]);
        assert_eq!(server.post("/v1/completions").json(&third).send().await.unwrap().status(), 201);
        third["learner"]["identifiers"] = json!([did, staff]);
        third["reference"] = "fourth".into();
        let response = server.post("/v1/completions").json(&third).send().await.unwrap();
        problem(response, 409, "learner-conflict", "two strong identifiers of two people").await;
        assert_eq!(recorded(&server), [3; 4]);
    }
}

#[tokio::test]
async fn names_in_every_script_come_back_as_they_were_sent() {
    let server = Server::start(None, &[]).await;
    for (reference, name) in [
        ("welsh", "Siân Ŵyn-Ŷork o'r Bala"),
        ("arabic", "نورة الأمثلة"),
        ("hebrew", "נועה לדוגמה"),
        ("emoji", "Sam 🦊👩🏽‍⚕️ Sample"),
        ("chinese", "陈示例"),
        ("markup", "<b>Ann</b> & \"Bob\" <script>alert(1)</script>"),
        ("template", "{{7*7}} {% raw %} ${x}"),
    ] {
        let mut body = completion(reference);
        body["learner"]["name"] = name.into();
        let response = server.post("/v1/completions").json(&body).send().await.unwrap();
        assert_eq!(response.status(), 201, "{name}");
        let answer: Value = response.json().await.unwrap();
        let url = answer["credential"]["url"].as_str().unwrap();
        let badge: Value = serde_json::from_slice(&server.form(url, "application/json").await).unwrap();
        assert_eq!(badge["credentialSubject"]["identifier"][0]["identityHash"], name);
        let page = server.form(url, "text/html").await;
        let page = String::from_utf8(page).unwrap();
        assert!(!page.contains("<script"), "{name}");
        let escaped = ["&", "<", ">", "\"", "'"].iter().all(|mark| !name.contains(mark));
        assert!(!escaped || page.contains(name), "{name} in {page}");
        for media_type in ["image/png", "image/svg+xml", "application/vc+jwt"] {
            let report = server.verify(media_type, server.form(url, media_type).await).await;
            assert_eq!(report["verdict"], "valid", "{name} as {media_type}: {report:#}");
            assert_eq!(report["summary"]["holder"], name, "{media_type}");
        }
    }
    // Decomposed letters are the same name as composed ones.
    let mut body = completion("welsh");
    body["learner"]["name"] = "Sia\u{302}n W\u{302}yn-Y\u{302}ork o'r Bala".into();
    assert_eq!(server.post("/v1/completions").json(&body).send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn idempotency_keys_are_held_to_their_form() {
    let server = Server::start(None, &[]).await;
    let ask = |key: &str| {
        let request = server.post("/v1/completions").json(&completion("refused"));
        request.header("Idempotency-Key", reqwest::header::HeaderValue::from_bytes(key.as_bytes()).unwrap())
    };
    for key in ["", "   ", &"k".repeat(256), "schlüssel"] {
        let response = ask(key).send().await.unwrap();
        let problem = problem(response, 400, "malformed-request", key).await;
        assert!(problem["detail"].as_str().unwrap().contains("255"), "{problem}");
    }
    let response = ask("one").header("Idempotency-Key", "two").send().await.unwrap();
    problem(response, 400, "malformed-request", "two keys").await;
    assert_eq!(recorded(&server), [0; 4]);

    assert_eq!(server.complete("kept").await.unwrap().status(), 201);
    let response = ask("kept").send().await.unwrap();
    problem(response, 422, "idempotency-key-reused", "another body").await;
    assert_eq!(recorded(&server), [1; 4]);
    assert_eq!(ask(&"k".repeat(255)).send().await.unwrap().status(), 201);
}

#[tokio::test]
async fn addresses_methods_and_forms_that_are_not_there_are_told_so() {
    let server = Server::start(None, &[]).await;
    let url = server.badge("there").await;
    let path = url.strip_prefix(&server.base).unwrap().to_owned();
    let ask = |method: Method, path: &str| {
        let url = format!("{}{path}", server.base);
        server.client.request(method, url).bearer_auth(&server.api_key).header("Accept", "application/json")
    };
    for missing in [
        "/nothing",
        "/v1/completions/",
        "/v1/credentials/none",
        "/v1/credentials/%00",
        "/v1/credentials/..%2f..%2fetc%2fpasswd",
        "/v1/credentials/6f1c9f5e-0f6b-4a52-9d4e-2f6f6a9b7c10",
        "/v1/learners/6f1c9f5e-0f6b-4a52-9d4e-2f6f6a9b7c10/ledger",
        "/badges/none",
        "/status/none",
        "/achievements/none/1.0",
        "/issuers/none/did.json",
        "/problems/none",
        "/assets/..%2f..%2fCargo.toml",
        &format!("/{}", "x".repeat(5_000)),
    ] {
        problem(ask(Method::GET, missing).send().await.unwrap(), 404, "not-found", missing).await;
    }
    for (method, path, allow) in [
        (Method::GET, "/v1/completions", "POST"),
        (Method::PUT, "/v1/completions/batch", "POST"),
        (Method::DELETE, path.as_str(), "GET, HEAD, OPTIONS"),
        (Method::GET, "/oauth2/token", "POST"),
        (Method::GET, &format!("{path}/revoke"), "POST"),
        (Method::PATCH, "/v1/verify", "POST, OPTIONS"),
    ] {
        let response = ask(method.clone(), path).send().await.unwrap();
        assert_eq!(response.headers()["allow"], allow, "{method} {path}");
        problem(response, 405, "method-not-allowed", path).await;
    }
    for accept in ["application/pdf", "image/gif, video/*", "*/*;q=0"] {
        let response = server.get(&url).header("Accept", accept).send().await.unwrap();
        let problem = problem(response, 406, "not-acceptable", accept).await;
        assert!(problem["detail"].as_str().unwrap().contains("application/vc+jwt"), "{problem}");
    }
    let response = server.get(&format!("{path}?format=exe")).send().await.unwrap();
    problem(response, 400, "malformed-request", "an unknown download").await;
}

#[tokio::test]
async fn revoking_is_held_to_its_form_and_changes_nothing_the_second_time() {
    let server = Server::start(None, &[]).await;
    let url = server.badge("revoked").await;
    let path = format!("{}/revoke", url.strip_prefix(&server.base).unwrap());
    for (context, body, pointer) in [
        ("no reason", json!({}), "/reason"),
        ("a blank reason", json!({"reason": "  "}), "/reason"),
        ("a long reason", json!({"reason": "x".repeat(501)}), "/reason"),
        ("a number", json!({"reason": 1}), "/reason"),
        ("another member", json!({"reason": "x", "colour": 1}), "/colour"),
        ("an array", json!([]), ""),
    ] {
        let response = server.post(&path).json(&body).send().await.unwrap();
        let problem = problem(response, 422, "invalid", context).await;
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{context}: {problem}");
    }
    let unknown = "/v1/credentials/6f1c9f5e-0f6b-4a52-9d4e-2f6f6a9b7c10/revoke";
    let response = server.post(unknown).json(&json!({"reason": "x"})).send().await.unwrap();
    problem(response, 404, "not-found", "an unknown credential").await;
    let badge = server.form(&url, "application/json").await;
    assert_eq!(server.verify("application/json", badge.clone()).await["verdict"], "valid");

    let revoke = async |reason: &str| -> Value {
        let response = server.post(&path).json(&json!({"reason": reason})).send().await.unwrap();
        assert_eq!(response.status(), 200);
        response.json().await.unwrap()
    };
    let first = revoke("Issued in error.").await;
    let again = revoke("Another reason.").await;
    assert_eq!(first["wasAlreadyRevoked"], false);
    assert_eq!(again["wasAlreadyRevoked"], true);
    for member in ["revokedAt", "reason"] {
        assert_eq!(again[member], first[member], "{member}: the first one stands");
    }
    assert_eq!(server.verify("application/json", badge).await["verdict"], "invalid");
    let audit = server.audit()["audit"].take();
    assert_eq!(
        (&audit["ledgerEntries"], &audit["findings"]),
        (&json!(2), &json!([])),
        "one reversal: {audit}"
    );
}

/// A raw connection; the clients of HTTP are too well behaved.
fn raw(server: &Server, text: &[u8]) -> TcpStream {
    let mut stream = TcpStream::connect(server.base.trim_start_matches("http://")).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(8))).unwrap();
    stream.write_all(text).unwrap();
    stream
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn slow_and_broken_requests_hold_nobody_up() {
    let server = Server::start(None, &[]).await;
    let host = server.base.trim_start_matches("http://").to_owned();
    let head = format!(
        "POST /v1/completions HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {}\r\nContent-Type: application/json\r\n",
        server.api_key
    );
    // Headers that never end, and bodies that never come.
    let mut held: Vec<TcpStream> = (0..200)
        .map(|n| {
            let rest =
                if n % 2 == 0 { "X-A: ".to_owned() } else { "Content-Length: 1000\r\n\r\n{".to_owned() };
            raw(&server, format!("{head}{rest}").as_bytes())
        })
        .collect();
    let begun = Instant::now();
    for n in 0..20 {
        assert_eq!(server.complete(&format!("beside-{n}")).await.unwrap().status(), 201);
    }
    assert!(begun.elapsed() < Duration::from_secs(10), "slow clients held others up: {:?}", begun.elapsed());
    for stream in &mut held {
        let _ = stream.write_all(b"x");
    }
    drop(held);

    for (context, request) in [
        ("not HTTP", b"hello\r\n\r\n".to_vec()),
        ("two lengths", format!("{head}Content-Length: 5\r\nContent-Length: 6\r\n\r\n{{}}").into_bytes()),
        (
            "length and chunks",
            format!("{head}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n").into_bytes(),
        ),
        ("a bad chunk", format!("{head}Transfer-Encoding: chunked\r\n\r\nzz\r\n").into_bytes()),
        ("a huge header", format!("{head}X-Big: {}\r\n\r\n", "x".repeat(300_000)).into_bytes()),
    ] {
        let mut stream = TcpStream::connect(&host).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(8))).unwrap();
        let _ = stream.write_all(&request);
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        let answer = String::from_utf8_lossy(&answer);
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 4"), "{context}: {answer}");
    }
    assert_eq!(recorded(&server), [20; 4]);
}
