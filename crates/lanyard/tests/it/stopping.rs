//! What is left of work that was going on when the service stopped, properly or not.

use std::{
    io::Write as _,
    net::TcpStream,
    time::{Duration, Instant},
};

use reqwest::Response;

use crate::{cli::printed, server::Server};

/// Sends a job of two rows by the name «monday».
async fn send(server: &Server) -> Response {
    let request = server.post("/v1/verification-jobs").header("Idempotency-Key", "monday");
    request.header("Content-Type", "application/x-ndjson").body("nonsense\n{}\n").send().await.unwrap()
}

/// Begins to send the same, in vain.
fn begin(server: &Server) -> TcpStream {
    let mut stream = TcpStream::connect(server.base.trim_start_matches("http://")).unwrap();
    write!(
        stream,
        "POST /v1/verification-jobs HTTP/1.1\r\nHost: lanyard\r\nAuthorization: Bearer {}\r\nContent-Type: application/x-ndjson\r\nIdempotency-Key: monday\r\nContent-Length: 100000\r\n\r\n",
        server.api_key
    )
    .unwrap();
    for _ in 0..1000 {
        stream.write_all(b"nonsense\n").unwrap();
    }
    stream
}

async fn an_upload_that_is_cut_off(database_url: Option<String>) {
    let mut server = Server::start(database_url, &[]).await;
    let upload = begin(&server);
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(send(&server).await.status(), 409);
    // Longer than a dead process would keep it: it is only slow.
    tokio::time::sleep(Duration::from_secs(17)).await;
    let held = send(&server).await;
    let wait: u64 = held.headers()["retry-after"].to_str().unwrap().parse().unwrap();
    assert_eq!((held.status().as_u16(), (9..=16).contains(&wait)), (409, true), "{wait}");

    server.kill();
    drop(upload);
    server.run().await;
    let killed = Instant::now();
    let taken = loop {
        let answer = send(&server).await;
        if answer.status() != 409 {
            break answer;
        }
        assert!(killed.elapsed() < Duration::from_secs(20), "it is kept from its sender");
        tokio::time::sleep(Duration::from_millis(500)).await;
    };
    assert_eq!(taken.status(), 202, "{}", taken.text().await.unwrap());
    let job: serde_json::Value = taken.json().await.unwrap();
    assert_eq!(job["counted"], 2, "nothing is left of what was cut off: {job}");
    assert_eq!(send(&server).await.headers()["idempotency-replayed"], "true");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_upload_that_a_kill_cut_off_is_taken_over_by_its_repeat() {
    let database = testkit::PostgresDatabase::empty();
    tokio::join!(an_upload_that_is_cut_off(None), an_upload_that_is_cut_off(Some(database.url().to_owned())),);
}

#[tokio::test]
async fn what_was_asked_last_is_counted_when_the_service_stops() {
    let mut server = Server::start(None, &[]).await;
    let add = ["clients", "add", "--provider", "elfh", "--name", "elfh Hub", "--api-key"];
    let out = server.lanyard(&add);
    let (client, key) = (printed(&out, "client_id"), printed(&out, "api_key"));
    let badge = server.badge("stopping").await;
    let badge = server.form(&badge, "application/vc+ld+json").await;
    for body in [badge.clone(), badge, b"{}".to_vec()] {
        let request = server.client.post(format!("{}/v1/verify", server.base)).bearer_auth(key);
        let request = request.header("Content-Type", "application/vc+ld+json").body(body);
        assert_eq!(request.send().await.unwrap().status(), 200);
    }
    server.stop();
    let usage = server.lanyard(&["clients", "usage", client]);
    assert!(usage.contains("  3 requests  2 valid  1 invalid  0 undetermined  0 unreadable"), "{usage}");
}
