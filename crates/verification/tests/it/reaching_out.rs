//! Addresses: our own, private ones, and hosts that misbehave.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use model::clock::FixedClock;
use model::report::Verdict;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use verification::{Expectation, Fetch, Fetched, FirstOf, GuardedClient, Own, Reach, Submission, Verifier};

use crate::support::*;

/// A host on loopback that answers every request with `answer`.
async fn host(answer: String) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/badge", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let mut request = [0; 2048];
            let _ = socket.read(&mut request).await;
            let _ = socket.write_all(answer.as_bytes()).await;
        }
    });
    url
}

fn verifier_over(fetch: impl Fetch + 'static) -> Verifier {
    Verifier::new(Arc::new(fetch), Arc::new(FixedClock::new(now())))
}

#[tokio::test]
async fn a_badge_is_verified_by_its_address() {
    let signed = issuer().sign(badge(&issuer().did())).to_string();
    let head = "HTTP/1.1 200 OK\r\nContent-Type: application/vc+ld+json\r\nConnection: close";
    let url = host(format!("{head}\r\nContent-Length: {}\r\n\r\n{signed}", signed.len())).await;
    let verifier = verifier_over(GuardedClient::new(Reach::Development).unwrap());
    let report = verifier.verify_url(&url, &Expectation::default()).await;
    assert_eq!((report.verdict, report.form.as_str()), (Verdict::Valid, "json"), "{report:#?}");
}

#[tokio::test]
async fn a_page_that_shows_a_badge_leads_to_it_and_to_no_private_place() {
    let page = |goal: &str| {
        let link = format!("<link rel=\"alternate\" type=\"application/vc+ld+json\" href=\"{goal}\">");
        answer(200, "text/html", format!("<!DOCTYPE html><html><head>{link}</head></html>"))
    };
    let share = "https://share.example.org/1";
    let web = Web::default()
        .answering(share, Ok(page("/1.json")))
        .with("https://share.example.org/1.json", &issuer().sign(badge(&issuer().did())));
    let report = verifier_over(web).verify_url(share, &Expectation::default()).await;
    assert_eq!(report.verdict, Verdict::Valid, "{report:#?}");
    let plain = Web::default().answering(share, Ok(answer(200, "text/html", "<html></html>")));
    let report = verifier_over(plain).verify_url(share, &Expectation::default()).await;
    assert_code(&report, "format-web-page", "a page of its own");

    let head = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\nLink: <https://10.0.0.7/b>; rel=alternate; type=\"application/json\"";
    let url = host(format!("{head}\r\nContent-Length: 13\r\n\r\n<html></html>")).await;
    let verifier = verifier_over(GuardedClient::new(Reach::Development).unwrap());
    assert_code(
        &verifier.verify_url(&url, &Expectation::default()).await,
        "format-address-refused",
        "private",
    );
}

#[tokio::test]
async fn private_addresses_are_refused_with_a_report() {
    let verifier = verifier_over(GuardedClient::new(Reach::Public).unwrap());
    for url in [
        "https://127.0.0.1/badge",
        "https://[::1]/badge",
        "https://10.1.2.3/badge",
        "https://169.254.169.254/latest/meta-data/",
        "http://badges.example.org/badge",
        "file:///etc/passwd",
        "badge",
    ] {
        let report = verifier.verify_url(url, &Expectation::default()).await;
        assert_code(&report, "format-address-refused", url);
    }
}

#[tokio::test]
async fn a_redirect_a_closed_port_and_an_error_give_a_report() {
    let verifier = verifier_over(GuardedClient::new(Reach::Development).unwrap());
    let goal = host("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}".to_owned()).await;
    let redirecting = host(format!(
        "HTTP/1.1 301 Moved\r\nLocation: {goal}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    ))
    .await;
    let missing =
        host("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".to_owned()).await;
    let closed = format!("http://{}/", TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap());
    for url in [redirecting, missing, closed] {
        let report = verifier.verify_url(&url, &Expectation::default()).await;
        assert_code(&report, "format-not-fetched", &url);
    }
}

/// A fetcher whose host never answers: the verification gives up by itself.
struct Never;

#[async_trait]
impl Fetch for Never {
    async fn fetch(&self, _: &str, _: &str, _: usize) -> Result<Fetched, verification::FetchError> {
        std::future::pending().await
    }
}

#[tokio::test(start_paused = true)]
async fn a_host_that_never_answers_does_not_hold_the_verification() {
    let report =
        verifier_over(Never).verify_url("https://badges.example.org/b", &Expectation::default()).await;
    assert_code(&report, "format-not-fetched", "never");
}

struct Ours;

#[async_trait]
impl Own for Ours {
    async fn answer(&self, url: &str, _accept: &str) -> Option<Fetched> {
        let path = url.strip_prefix("https://badges.example.org/")?;
        Some(match path {
            "v1/credentials/1" => {
                answer(200, "application/json", issuer().sign(badge(&issuer().did())).to_string())
            }
            _ => answer(404, "application/problem+json", "{}"),
        })
    }

    fn revoked(&self, did: &str) -> Option<DateTime<Utc>> {
        (did == Key::new(9).did()).then(|| "2026-03-01T00:00:00Z".parse().unwrap())
    }
}

#[tokio::test]
async fn our_own_addresses_need_no_network() {
    let verifier = verifier_over(FirstOf(Ours, Web::default()));
    let report = verifier.verify_url(BADGE_ID, &Expectation::default()).await;
    assert_eq!(report.verdict, Verdict::Valid, "{report:#?}");
    let report =
        verifier.verify_url("https://badges.example.org/v1/credentials/2", &Expectation::default()).await;
    assert_code(&report, "format-not-fetched", "ours but not there");
    let report = verifier.verify_url("https://elsewhere.example.org/1", &Expectation::default()).await;
    assert_code(&report, "format-not-fetched", "another's");
}

#[tokio::test]
async fn a_key_that_is_its_own_name_is_revoked_where_that_is_known() {
    let badge = |seed: u8| {
        let key = Key::new(seed);
        Submission::Json(key.sign(badge(&key.did())).to_string().into_bytes())
    };
    let knowing = verifier_over(FirstOf(Ours, Web::default()));
    let report = knowing.verify(&badge(9), &Expectation::default()).await;
    assert_code(&report, "key-revoked-since", "known here");
    assert_eq!(report.verdict, Verdict::Undetermined);
    let report = knowing.verify(&badge(8), &Expectation::default()).await;
    assert_eq!(report.verdict, Verdict::Valid, "another key");
    let report = verifier_over(Web::default()).verify(&badge(9), &Expectation::default()).await;
    assert_eq!(report.verdict, Verdict::Valid, "a stranger cannot know");
}
