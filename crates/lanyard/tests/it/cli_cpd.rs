//! `lanyard cpd`, `lanyard credentials` and what a body signed itself: the command line does
//! what the API does, on both databases, and counts as one person to it.

use std::fs;

use serde_json::{Value, json};

use crate::{
    cli::run,
    server::{Server, completion},
};

/// What succeeds, and what it prints.
fn done(server: &Server, arguments: &[&str]) -> String {
    let (code, out, err) = run(server, arguments);
    assert_eq!(code, 0, "{arguments:?}: {out}{err}");
    out
}

/// What is refused, and why.
fn refused(server: &Server, arguments: &[&str], why: &str) {
    let (code, out, err) = run(server, arguments);
    assert!(code == 2 && err.contains(why), "{arguments:?}: {code} {out}{err}");
}

/// The learner of that reference, who has a DID, and their badge's address.
async fn learner(server: &Server, reference: &str) -> (String, String) {
    let mut completion = completion(reference);
    let did = json!({"type": "did", "value": format!("did:web:{reference}.example.org")});
    completion["learner"]["identifiers"].as_array_mut().unwrap().push(did);
    let issued = server.post("/v1/completions").json(&completion).send().await.unwrap();
    let issued: Value = issued.json().await.unwrap();
    let id = issued["learner"]["id"].as_str().unwrap().to_owned();
    (id, issued["credential"]["url"].as_str().unwrap().to_owned())
}

async fn asked(server: &Server, key: &str, path: &str, body: &Value) -> (u16, Value) {
    let request = server.client.post(format!("{}{path}", server.base)).bearer_auth(key).json(body);
    let answer = request.send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

/// A badge of another service for the same person, in a file.
async fn from_elsewhere(server: &Server, elsewhere: &Server, reference: &str) -> (String, Value) {
    let (_, address) = learner(elsewhere, reference).await;
    let badge: Value =
        serde_json::from_slice(&elsewhere.form(&address, "application/vc+ld+json").await).unwrap();
    let file = server.folder().join(format!("{reference}.json"));
    fs::write(&file, badge.to_string()).unwrap();
    (file.to_str().unwrap().to_owned(), badge)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ledger_is_looked_after_from_the_command_line() {
    let elsewhere = Server::start(None, &[]).await;
    for database in [None, Some(testkit::PostgresDatabase::empty())] {
        let url = database.as_ref().map(|database| database.url().to_owned());
        let server = Server::start(url, &[]).await;
        ledger_on(&server).await;
        prior_learning_on(&server, &elsewhere).await;
        let audit = server.audit();
        assert_eq!(audit["audit"]["findings"].as_array().map_or(0, Vec::len), 0, "{audit}");
    }
}

async fn ledger_on(server: &Server) {
    let (learner, _) = learner(server, "ledger").await;
    let activity = ["cpd", "activity", &learner, "--title", "Read a book", "--amount", "2.5"];
    let hours = ["--unit", "hours", "--finished-at", "2026-05-02"];
    let out = done(server, &[&activity[..], &hours].concat());
    assert!(out.ends_with("  2026-05-02  activity  2.5 hours  Read a book\n"), "{out}");
    refused(server, &[&activity[..], &["--unit", "apples", "--finished-at", "soon"]].concat(), "/finishedAt");
    let soon = ["--unit", "hours", "--finished-at", "2999-01-01"];
    refused(server, &[&activity[..], &soon].concat(), "/finishedAt");

    // Who asks for an adjustment does not decide it: the command line is one person.
    let adjust = ["cpd", "adjust", &learner, "--amount=-1", "--unit", "hours", "--earned-on", "2026-05-02"];
    let out = done(server, &[&adjust[..], &["--reason", "Counted twice"]].concat());
    let waiting = out.split(' ').next().unwrap();
    refused(server, &["cpd", "decide", waiting, "approved"], "cannot decide");
    let key = server.academy_key("ledger:write,ledger:approve");
    let path = format!("/v1/adjustments/{waiting}/decision");
    assert_eq!(asked(server, &key, &path, &json!({ "decision": "approved" })).await.0, 200);
    let more = json!({ "amount": "3", "unit": "hours", "earnedOn": "2026-05-02", "reason": "Left out" });
    let (status, more) = asked(server, &key, &format!("/v1/learners/{learner}/adjustments"), &more).await;
    assert_eq!(status, 202, "{more}");
    let more = more["id"].as_str().unwrap();
    assert_eq!(done(server, &["cpd", "decide", more, "approved"]), format!("{more} is approved\n"));
    refused(server, &["cpd", "decide", more, "refused"], "decided before");

    let shown = done(server, &["cpd", "show", &learner]);
    let kinds: Vec<_> = shown.lines().filter_map(|line| Some(line.split("  ").nth(2)?.to_owned())).collect();
    assert_eq!(kinds, ["award", "activity", "adjustment", "adjustment"], "{shown}");
    assert!(shown.ends_with("\n11 hours\n"), "6.5 + 2.5 - 1 + 3: {shown}");
    assert_eq!(done(server, &["cpd", "show", &learner, "--as-of", "2020-01-01"]), "no line in the ledger\n");
    refused(server, &["cpd", "show", "018f0000-0000-7000-8000-000000000000"], "no learner");

    // Schemes.
    let scheme = "cilip-revalidation";
    done(server, &["cpd", "join", &learner, scheme, "--joined-on", "2026-01-01"]);
    refused(server, &["cpd", "join", &learner, "no-such", "--joined-on", "2026-01-01"], "no such");
    let words = server.folder().join("words.txt");
    fs::write(&words, "I learned to ask better questions of data.\n").unwrap();
    let words = words.to_str().unwrap();
    let out = done(server, &["cpd", "words", &learner, scheme, "2026-05-02", words]);
    assert_eq!(out, "cilip-revalidation, 2026-01-01 to 2026-12-31: not complete\n");
    refused(server, &["cpd", "words", &learner, scheme, "2020-05-02", words], "2026-01-01");
}

fn texts(arguments: &[String]) -> Vec<&str> {
    arguments.iter().map(String::as_str).collect()
}

async fn prior_learning_on(server: &Server, elsewhere: &Server) {
    let key = server.academy_key("ledger:write,ledger:approve");
    let accept = |learner: &str, line: &str| {
        let arguments = ["cpd", "prior-learning", learner, "--transfer", line];
        let reason = ["--achievement", "topol-fellowship", "--reason", "Its certificate names it"];
        [&arguments[..], &reason].concat().into_iter().map(str::to_owned).collect::<Vec<_>>()
    };

    // What the command line brought in, another decides.
    let (first, _) = learner(server, "first").await;
    let (file, badge) = from_elsewhere(server, elsewhere, "first").await;
    let out = done(server, &["cpd", "transfer", &first, &file]);
    assert!(out.contains("  transfer  6.5 hours  "), "{out}");
    let line = out.split(' ').next().unwrap();
    refused(server, &texts(&accept(&first, line)), "cannot decide");
    let asking = json!({ "transfer": line, "achievement": "topol-fellowship", "reason": "It names it" });
    let path = format!("/v1/learners/{first}/prior-learning");
    assert_eq!(asked(server, &key, &path, &asking).await.0, 201);
    assert!(done(server, &["cpd", "transfer", &first, &file]).starts_with("It was brought in before"));

    // And the other way round.
    let (second, _) = learner(server, "second").await;
    refused(server, &["cpd", "transfer", &second, &file], "this learner");
    let (other, theirs) = from_elsewhere(server, elsewhere, "second").await;
    let path = format!("/v1/learners/{second}/transfers");
    let (status, line) = asked(server, &key, &path, &json!({ "credential": theirs })).await;
    assert_eq!(status, 201, "{line}");
    let line = line["id"].as_str().unwrap();
    let accept = accept(&second, line);
    let out = done(server, &texts(&accept));
    let accepted = out.strip_prefix("topol-fellowship is accepted: ").unwrap().trim();
    let issued: Value =
        serde_json::from_slice(&server.form(accepted, "application/vc+ld+json").await).unwrap();
    assert!(
        issued["evidence"][0]["narrative"].as_str().unwrap().contains("Its certificate names it"),
        "{issued}"
    );
    assert_eq!(done(server, &texts(&accept)), format!("topol-fellowship was accepted before: {accepted}\n"));

    // What was changed does not verify.
    let mut changed = badge;
    changed["credentialSubject"]["achievement"]["name"] = "Something better".into();
    fs::write(&other, changed.to_string()).unwrap();
    refused(server, &["cpd", "transfer", &first, &other], "proof");
}

#[tokio::test(flavor = "multi_thread")]
async fn credentials_are_revoked_and_renewed_and_endorsements_taken() {
    for database in [None, Some(testkit::PostgresDatabase::empty())] {
        let url = database.as_ref().map(|database| database.url().to_owned());
        let server = Server::start(url, &[]).await;
        let (_, badge) = learner(&server, "revoked").await;
        refused(&server, &["credentials", "renew", &badge], "no way to renew it");
        refused(&server, &["credentials", "revoke", "nothing", "--reason", "x"], "`nothing`");
        let revoke = ["credentials", "revoke", &badge, "--reason", "Issued by mistake"];
        let out = done(&server, &revoke);
        assert!(out.contains(" is revoked at ") && out.ends_with(": Issued by mistake\n"), "{out}");
        assert!(done(&server, &revoke).contains(" had been revoked at "));
        let badge = server.form(&badge, "application/vc+ld+json").await;
        let report = server.verify("application/vc+ld+json", badge).await;
        assert_eq!(report["verdict"], "invalid", "{report}");

        // An endorsement is withdrawn; signed by the body, it is taken once more as it is.
        server.lanyard(&["keys", "generate", "--issuer", "cilip"]);
        let until = (chrono::Utc::now() + chrono::TimeDelta::days(300)).format("%Y-%m-%d").to_string();
        let achievement = completion("x")["achievement"].as_str().unwrap().to_owned();
        let endorse = ["endorse", "--by", "cilip", "--achievement", &achievement, "--comment", "Sound."];
        let out = done(&server, &[&endorse[..], &["--until", &until]].concat());
        let address = out.lines().nth(1).unwrap().split(' ').next().unwrap();
        let file = server.folder().join("signed.json");
        fs::write(&file, server.form(address, "application/vc+ld+json").await).unwrap();
        let signed = ["endorse", "--by", "cilip", "--signed", file.to_str().unwrap()];
        assert_eq!(done(&server, &signed), out, "the same again gives the first answer");
        let out = done(&server, &["endorse", "--withdraw", address]);
        assert!(out.starts_with("cilip no longer endorses "), "{out}");
        refused(&server, &["endorse", "--withdraw", "018f0000-0000-7000-8000-000000000000"], "no such");
        assert_ne!(run(&server, &["endorse", "--by", "cilip"]).0, 0, "nothing to endorse");
    }
}
