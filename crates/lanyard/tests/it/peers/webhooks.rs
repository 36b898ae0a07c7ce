//! `standardwebhooks`, the library of the specification, receives what watchers are sent.

use std::{
    fs,
    io::{BufRead as _, BufReader, Write as _},
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex},
    time::Duration,
};

use serde_json::{Map, Value, json};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};

use super::{Peer, json_of};
use crate::server::{Server, project};

/// Receives messages on loopback, and answers as it is told to; 204 after that.
struct Receiver {
    url: String,
    got: Arc<Mutex<Vec<(Value, String)>>>,
}

impl Receiver {
    async fn start(answers: &[&str]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hooks", listener.local_addr().unwrap());
        let got: Arc<Mutex<Vec<(Value, String)>>> = Arc::default();
        let kept = Arc::clone(&got);
        let mut answers = answers.iter().map(|answer| (*answer).to_owned()).collect::<Vec<_>>().into_iter();
        tokio::spawn(async move {
            while let Ok((mut socket, _)) = listener.accept().await {
                let mut bytes = Vec::new();
                let mut piece = [0; 4096];
                let message = loop {
                    let read = socket.read(&mut piece).await.unwrap_or(0);
                    bytes.extend_from_slice(&piece[..read]);
                    let text = String::from_utf8_lossy(&bytes).into_owned();
                    if let Some(message) = whole(&text) {
                        break message;
                    }
                    assert!(read > 0, "a message breaks off: {text}");
                };
                kept.lock().unwrap().push(message);
                let head = answers.next().unwrap_or_else(|| "204 No Content".to_owned());
                let answer = format!("HTTP/1.1 {head}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
                let _ = socket.write_all(answer.as_bytes()).await;
            }
        });
        Self { url, got }
    }

    /// The first `count` messages, once there are so many.
    async fn wait(&self, count: usize) -> Vec<(Value, String)> {
        for _ in 0..500 {
            let got = self.got.lock().unwrap().clone();
            if got.len() >= count {
                return got;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("only {:?} came", self.got.lock().unwrap());
    }
}

/// Headers and body of a request that has come in whole.
fn whole(text: &str) -> Option<(Value, String)> {
    let (head, body) = text.split_once("\r\n\r\n")?;
    let headers: Map<String, Value> = head
        .lines()
        .skip(1)
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_ascii_lowercase(), json!(value)))
        .collect();
    let length: usize = headers.get("content-length")?.as_str()?.parse().ok()?;
    (body.len() >= length).then(|| (Value::Object(headers), body.to_owned()))
}

async fn ask(server: &Server, key: &str, method: &str, path: &str, body: Option<Value>) -> (u16, Value) {
    let url = format!("{}{path}", server.base);
    let request = server.client.request(method.parse().unwrap(), url).header("x-api-key", key);
    let request = match body {
        Some(body) => request.json(&body),
        None => request,
    };
    let answer = request.send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap_or_default())
}

async fn watch(server: &Server, key: &str, credential: Value, endpoint: &str) -> Value {
    let body = json!({ "credential": credential, "endpoint": endpoint });
    let (status, watch) = ask(server, key, "POST", "/v1/watches", Some(body)).await;
    assert_eq!(status, 201, "{watch:#}");
    watch
}

fn path(watch: &Value, more: &str) -> String {
    format!("/v1/watches/{}{more}", watch["id"].as_str().unwrap())
}

#[tokio::test]
async fn a_revocation_reaches_the_peer_signed_and_a_wrong_secret_or_an_old_time_is_refused() {
    let server = Server::start(None, &[]).await;
    let key = server.academy_key("credentials:watch");
    let receiver = Receiver::start(&[]).await;
    let badge = server.badge("watched").await;
    let watch = watch(&server, &key, json!(badge), &receiver.url).await;
    assert_eq!(ask(&server, &key, "POST", &path(&watch, "/test"), None).await.0, 202);
    let (headers, body) = receiver.wait(1).await.remove(0);
    let mut peer = Peer::node("webhooks.mjs");
    let first = watch["secret"].clone();
    let verify = |peer: &mut Peer, secret: &Value, headers: &Value, body: &str| {
        peer.ask("verify", json!({ "secret": secret, "headers": headers, "body": body }))
    };
    assert_eq!(verify(&mut peer, &first, &headers, &body).unwrap()["type"], "watch.test");

    let (_, fresh) = ask(&server, &key, "POST", &path(&watch, "/secret"), None).await;
    let begun = std::time::Instant::now();
    server.revoke(&badge).await;
    let (headers, body) = receiver.wait(2).await.remove(1);
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
    for secret in [&first, &fresh["secret"]] {
        let message = verify(&mut peer, secret, &headers, &body).unwrap();
        assert_eq!(
            (&message["type"], &message["data"]["credential"]),
            (&json!("credential.revoked"), &watch["credential"])
        );
    }
    assert!(!body.contains("Learner") && !body.contains("example.org"), "{body}");
    let other = json!("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    assert!(verify(&mut peer, &other, &headers, &body).is_err(), "a wrong secret");
    assert!(verify(&mut peer, &first, &headers, &body.replace("revoked", "renewed")).is_err(), "changed");
    let mut old = headers.clone();
    let stamped: i64 = headers["webhook-timestamp"].as_str().unwrap().parse().unwrap();
    old["webhook-timestamp"] = json!((stamped - 600).to_string());
    let refused = verify(&mut peer, &first, &old, &body).unwrap_err();
    assert!(refused.contains("old"), "{refused}");

    let (_, told) = ask(&server, &key, "GET", &path(&watch, "/deliveries"), None).await;
    let types: Vec<_> =
        told["deliveries"].as_array().unwrap().iter().map(|one| one["type"].clone()).collect();
    assert_eq!(types, ["credential.revoked", "watch.test"], "{told:#}");
    assert_eq!(ask(&server, &key, "GET", &path(&watch, ""), None).await.1["status"], "revoked");
}

#[tokio::test]
async fn what_fails_is_sent_again_a_redirect_is_not_followed_and_410_ends_it() {
    let server = Server::start(None, &[]).await;
    let key = server.academy_key("credentials:watch");
    let elsewhere = Receiver::start(&[]).await;
    let redirect = format!("307 Temporary Redirect\r\nLocation: {}", elsewhere.url);
    let receiver = Receiver::start(&[&redirect]).await;
    let badge = server.badge("again").await;
    let watched = watch(&server, &key, json!(badge), &receiver.url).await;
    let gone = Receiver::start(&["410 Gone"]).await;
    let ended = watch(&server, &key, json!(badge), &gone.url).await;
    server.revoke(&badge).await;
    let got = receiver.wait(2).await;
    assert_eq!((&got[0].0["webhook-id"], &got[0].1), (&got[1].0["webhook-id"], &got[1].1));
    assert!(elsewhere.got.lock().unwrap().is_empty());
    tokio::time::sleep(Duration::from_secs(1)).await;
    let (_, told) = ask(&server, &key, "GET", &path(&watched, "/deliveries"), None).await;
    let attempts = &told["deliveries"][0]["attempts"];
    assert!(attempts[0]["failure"].as_str().unwrap().contains("redirects"), "{told:#}");
    assert_eq!(
        (&attempts[1]["status"], &told["deliveries"][0]["outcome"]),
        (&json!(204), &json!("delivered"))
    );
    let (_, ended) = ask(&server, &key, "GET", &path(&ended, ""), None).await;
    assert_eq!(ended["disabledBecause"], "gone", "{ended:#}");
    assert_eq!(ask(&server, &key, "POST", &path(&ended, "/test"), None).await.0, 409);
    for endpoint in [
        "https://10.0.0.1/",
        "https://169.254.169.254/",
        "http://hr.example.org/",
        "https://u:p@hr.example.org/",
    ] {
        let body = json!({ "credential": badge, "endpoint": endpoint });
        let (status, refused) = ask(&server, &key, "POST", "/v1/watches", Some(body)).await;
        assert_eq!((status, &refused["errors"][0]["pointer"]), (422, &json!("/endpoint")), "{endpoint}");
    }
}

#[tokio::test]
async fn a_kill_between_the_revocation_and_its_message_loses_nothing() {
    let mut server = Server::start(None, &[]).await;
    let key = server.academy_key("credentials:watch");
    let receiver = Receiver::start(&[]).await;
    let badge = server.badge("killed").await;
    watch(&server, &key, json!(badge), &receiver.url).await;
    server.revoke(&badge).await;
    server.kill();
    let before = receiver.got.lock().unwrap().len();
    server.run().await;
    let got = receiver.wait(1).await;
    assert!(got[0].1.contains("credential.revoked"), "{before} before: {got:?}");
}

#[tokio::test]
async fn a_suspension_of_a_credential_signed_for_others_is_told_and_taken_back() {
    let server = Server::start(None, &[("LANYARD_VC_API", "true")]).await;
    let key = server.academy_key("credentials:watch,credentials:issue");
    let receiver = Receiver::start(&[]).await;
    let body = json!({
        "credential": {
            "@context": ["https://www.w3.org/ns/credentials/v2"],
            "id": "urn:uuid:6f1c9f5e-0f6b-4a52-9d4e-2f6f6a9b7c10",
            "type": ["VerifiableCredential"],
            "validFrom": "2026-01-01T00:00:00Z",
            "credentialSubject": {"id": "did:example:holder"}
        },
        "options": {"statusPurpose": "suspension"}
    });
    let (status, issued) = ask(&server, &key, "POST", "/credentials/issue", Some(body)).await;
    assert_eq!(status, 201, "{issued:#}");
    let credential = issued["verifiableCredential"].clone();
    let watched = watch(&server, &key, credential.clone(), &receiver.url).await;
    assert_eq!(watched["status"], "active");
    for (suspended, expected) in [(true, "credential.suspended"), (false, "credential.reinstated")] {
        let body = json!({ "credentialStatus": credential["credentialStatus"], "status": suspended });
        assert_eq!(ask(&server, &key, "POST", "/credentials/status", Some(body)).await.0, 200);
        let count = if suspended { 1 } else { 2 };
        let (_, body) = receiver.wait(count).await.remove(count - 1);
        assert!(body.contains(expected) && body.contains("urn:uuid:6f1c9f5e"), "{body}");
    }
    let mut forged = json_of(&server, &server.badge("forged").await).await;
    forged["id"] = json!("urn:uuid:0");
    let body = json!({ "credential": forged, "endpoint": receiver.url });
    let (status, refused) = ask(&server, &key, "POST", "/v1/watches", Some(body)).await;
    assert_eq!((status, &refused["errors"][0]["code"]), (422, &json!("not-verified")), "{refused:#}");
}

/// A receiver as the chapter has it, which ends with the value.
struct Documented(Child);

impl Documented {
    fn start(language: &str, interpreter: &mut Command, port: u16, secret: &str) -> Self {
        let chapter = fs::read_to_string(project().join("docs/webhooks.md")).unwrap();
        let code = chapter.split_once(&format!("```{language}\n")).unwrap().1.split_once("```").unwrap().0;
        let mut child = interpreter
            .current_dir(project().join("tests/peers"))
            .env("WEBHOOK_SECRET", secret)
            .env("PORT", port.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(code.as_bytes()).unwrap();
        Self(child)
    }
}

impl Drop for Documented {
    fn drop(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

#[tokio::test]
async fn the_receivers_of_the_chapter_take_what_is_signed_and_nothing_else() {
    let server = Server::start(None, &[]).await;
    let key = server.academy_key("credentials:watch");
    let badge = server.badge("documented").await;
    let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    let venv = std::env::var("LANYARD_TEST_VENV")
        .unwrap_or_else(|_| project().join("target/venv").display().to_string());
    let mut node = Command::new("node");
    node.args(["--input-type=module", "-"]);
    for (language, mut interpreter) in [("python", Command::new(format!("{venv}/bin/python"))), ("js", node)]
    {
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut receiver = Documented::start(language, &mut interpreter, port, secret);
        let endpoint = format!("http://127.0.0.1:{port}/");
        while server
            .client
            .post(&endpoint)
            .body("{}")
            .send()
            .await
            .map(|answer| answer.status().as_u16())
            .ok()
            != Some(400)
        {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let body = json!({ "credential": badge, "endpoint": endpoint, "secret": secret });
        let (status, watched) = ask(&server, &key, "POST", "/v1/watches", Some(body)).await;
        assert_eq!(status, 201, "{watched:#}");
        assert_eq!(ask(&server, &key, "POST", &path(&watched, "/test"), None).await.0, 202);
        let printed = tokio::task::spawn_blocking(move || {
            let mut line = String::new();
            BufReader::new(receiver.0.stdout.take().unwrap()).read_line(&mut line).unwrap();
            line
        });
        let printed = tokio::time::timeout(Duration::from_secs(30), printed).await.unwrap().unwrap();
        assert_eq!(
            printed.trim(),
            format!("watch.test {}", watched["credential"].as_str().unwrap()),
            "{language}"
        );
    }
}
