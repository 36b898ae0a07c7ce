//! `lanyard verify --own`: what the service knows of its own badges, told on the command line.

use std::fs;

use serde_json::{Value, json};

use crate::{cli::run, server::Server};

fn codes(out: &str, question: &str) -> Vec<String> {
    let report: Value = serde_json::from_str(out).unwrap_or_else(|error| panic!("{error}: {out}"));
    let checks = report["checks"].as_array().unwrap().clone();
    let of = checks.iter().filter(|check| check["question"] == question);
    of.map(|check| check["code"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn own_badges_are_checked_by_the_service_s_own_records() {
    let server = Server::start(None, &[]).await;
    let (good, other) = (server.badge("good").await, server.badge("other").await);
    let ask = |more: &[&str]| {
        let mut words = vec!["verify", "--json", good.as_str()];
        words.extend(more);
        run(&server, &words)
    };
    let (code, out, err) = ask(&["--own", "--also", "ledger,maintenance", "--as-of", "2026-01-01"]);
    assert_eq!((code, codes(&out, "ledger")), (1, vec!["ledger-absent".to_owned()]), "{err}");
    assert_eq!(codes(&out, "status"), ["status-then-not-issued"]);
    let (code, out, err) = ask(&["--own", "--also", "ledger"]);
    assert_eq!((code, codes(&out, "ledger")), (0, vec!["ledger-entered".to_owned()]), "{err}");
    let (code, out, _) = ask(&["--also", "ledger"]);
    assert_eq!((code, codes(&out, "ledger")), (0, vec!["ledger-not-own".to_owned()]));

    // A level is met by all that is handed in.
    let (code, out, err) = ask(&[&other, "--own", "--level", "fedip-practitioner"]);
    assert_eq!(code, 1, "{err}");
    let report: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((&report["form"], report["credentials"].as_array().unwrap().len()), (&json!("several"), 2));
    assert_eq!(codes(&out, "level")[0], "level-several-holders", "{out}");
    let (code, out, _) = run(&server, &["verify", &good, "--own", "--level", "fedip-practitioner"]);
    assert_eq!(code, 1);
    assert!(out.contains("level-not-met"), "{out}");

    for wrong in
        [&["--level", "fedip-practitioner"][..], &["--as-of", "2999-01-01"], &["--own", "--level", "wizard"]]
    {
        assert_eq!(ask(wrong).0, 2, "{wrong:?}");
    }
}

/// Whom the registrar trusts on the command line, the service trusts from then on.
#[tokio::test]
async fn the_registrar_s_decisions_hold_for_the_service_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let file = "
lists: {academies: {name: Academies, issuers: []}}
policies: {employers: {name: Employers, issuers: [academies]}}
";
    fs::write(folder.path().join("trust.yaml"), file).unwrap();
    let server = Server::start(None, &[("LANYARD_TRUST_DIR", folder.path().to_str().unwrap())]).await;
    let badge = server.badge("good").await;
    let trusted = || {
        let (_, out, err) = run(&server, &["verify", "--json", "--own", "--policy", "employers", &badge]);
        assert_eq!(err, "");
        let report: Value = serde_json::from_str(&out).unwrap();
        (codes(&out, "trust").concat(), report["summary"]["issuerId"].as_str().unwrap().to_owned())
    };
    let over_http = async || {
        let body = json!({ "url": badge });
        let answer = server.post("/v1/verify?policy=employers").json(&body).send().await.unwrap();
        codes(&answer.text().await.unwrap(), "trust").concat()
    };
    let (code, issuer) = trusted();
    assert_eq!((code.as_str(), over_http().await.as_str()), ("trust-untrusted", "trust-untrusted"));
    let named = ["--list", "academies", "--issuer", &issuer];
    let decide = |action: &str, more: &[&str]| run(&server, &[&["trust", action], &named[..], more].concat());
    let (code, out, err) = decide("add", &["--name", "Example Academy", "--reason", "Seen"]);
    assert_eq!(code, 0, "{err}");
    assert!(out.contains("academies names it Example Academy (… to …); by operator: Seen"), "{out}");
    assert_eq!((trusted().0.as_str(), over_http().await.as_str()), ("trust-registered", "trust-registered"));
    assert_eq!(decide("withdraw", &["--reason", "Closed"]).0, 0);
    assert_eq!(over_http().await, "trust-untrusted");
    assert_eq!(decide("withdraw", &["--reason", "Closed"]).0, 2, "it does not stand there");
    assert_eq!(decide("add", &["--name", "Example", "--until", "soon", "--reason", "Seen"]).0, 2);
    let (_, out, _) = run(&server, &["trust", "list"]);
    assert_eq!(out.lines().count(), 2, "{out}");
}
