//! `lanyard clients`, and what the clients it makes may do.

use std::fs;

use reqwest::Response;
use serde_json::{Value, json};

use crate::{
    bad_input::{problem, recorded},
    cli::{printed, run},
    server::{Server, completion},
};

/// Asks for a token with a client secret.
async fn token(server: &Server, client: &str, secret: &str, scope: &str) -> Response {
    let form = format!("grant_type=client_credentials&scope={scope}");
    let request =
        server.client.post(format!("{}/oauth2/token", server.base)).basic_auth(client, Some(secret));
    request.header("Content-Type", "application/x-www-form-urlencoded").body(form).send().await.unwrap()
}

async fn access_token(response: Response) -> String {
    let status = response.status();
    let answer: Value = response.json().await.unwrap();
    assert_eq!(status, 200, "{answer}");
    assert_eq!(answer["token_type"], "Bearer");
    answer["access_token"].as_str().unwrap().to_owned()
}

/// Posts a completion with a credential of the caller's own.
async fn post_as(server: &Server, bearer: &str, reference: &str) -> Response {
    let request = server.client.post(format!("{}/v1/completions", server.base)).bearer_auth(bearer);
    request.json(&completion(reference)).send().await.unwrap()
}

#[tokio::test]
async fn clients_are_added_used_and_stopped() {
    for database in [None, Some(testkit::PostgresDatabase::empty())] {
        let url = database.as_ref().map(|database| database.url().to_owned());
        clients_on(&Server::start(url, &[]).await).await;
    }
}

async fn clients_on(server: &Server) {
    // A client secret.
    let add = ["clients", "add", "--provider", "elfh", "--name", "elfh Hub"];
    let (code, out, err) = run(server, &add);
    assert_eq!(code, 0, "{err}");
    let (id, secret) = (printed(&out, "client_id").to_owned(), printed(&out, "client_secret").to_owned());
    for (id, secret) in [(id.as_str(), "wrong"), ("nobody", secret.as_str()), (id.as_str(), "")] {
        let response = token(server, id, secret, "").await;
        assert_eq!(response.status(), 401);
        assert_eq!(response.json::<Value>().await.unwrap()["error"], "invalid_client");
    }
    assert_eq!(token(server, &id, &secret, "outbox:read").await.status(), 400, "a scope it was not given");
    let bearer = access_token(token(server, &id, &secret, "").await).await;
    let response = post_as(server, &bearer, "by-secret").await;
    assert_eq!(response.status(), 201);
    let elfh: Value = response.json().await.unwrap();
    let reader = access_token(token(server, &id, &secret, "ledger:read").await).await;
    problem(post_as(server, &reader, "reader").await, 403, "forbidden", "a scope is missing").await;

    // Another provider neither sees nor revokes what is not its own.
    let badge = elfh["credential"]["url"].as_str().unwrap();
    let path = badge.strip_prefix(&server.base).unwrap();
    let response =
        server.post(&format!("{path}/revoke")).json(&json!({"reason": "mine"})).send().await.unwrap();
    problem(response, 404, "not-found", "another provider's badge").await;
    let ledger = elfh["learner"]["ledger"].as_str().unwrap();
    let response = server.get(ledger).bearer_auth(&server.api_key).send().await.unwrap();
    let status = response.status();
    let text = response.text().await.unwrap();
    assert!(status == 404 || !text.contains("6.5"), "another provider's ledger: {text}");

    // A key pair of the client's own.
    let key = jose::PrivateKey::generate(jose::Algorithm::Es256).unwrap();
    let mut jwk = key.public_jwk().clone();
    jwk["kid"] = "k1".into();
    let file = server.folder().join("jwks.json");
    fs::write(&file, json!({"keys": [jwk]}).to_string()).unwrap();
    let (code, out, err) = run(server, &[&add[..], &["--jwks", file.to_str().unwrap()]].concat());
    assert_eq!(code, 0, "{err}");
    assert!(!out.contains("client_secret:"), "{out}");
    let pair = printed(&out, "client_id").to_owned();
    let now = chrono::DateTime::<chrono::Utc>::from(std::time::SystemTime::now()).timestamp();
    let assertion = |jti: &str, audience: &str, exp: i64| {
        let claims = json!({"iss": pair, "sub": pair, "aud": audience, "jti": jti, "iat": now, "exp": exp});
        jose::sign_compact(claims.to_string().as_bytes(), &key, "k1", Some("JWT")).unwrap()
    };
    let ask = async |assertion: &str| {
        let form = format!(
            "grant_type=client_credentials&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&client_assertion={assertion}"
        );
        let request = server.client.post(format!("{}/oauth2/token", server.base)).body(form);
        request.header("Content-Type", "application/x-www-form-urlencoded").send().await.unwrap()
    };
    let here = format!("{}/oauth2/token", server.base);
    let once = assertion("one", &here, now + 60);
    let bearer_of_pair = access_token(ask(&once).await).await;
    assert_eq!(post_as(server, &bearer_of_pair, "by-pair").await.status(), 201);
    assert_eq!(ask(&once).await.status(), 401, "an assertion serves once");
    for (context, assertion) in [
        ("another audience", assertion("two", "https://other.example.org/", now + 60)),
        ("expired", assertion("three", &here, now - 120)),
        ("too long", assertion("four", &here, now + 86_400)),
    ] {
        assert_eq!(ask(&assertion).await.status(), 401, "{context}");
    }

    // An API key.
    let (code, out, _) = run(server, &[&add[..], &["--api-key"]].concat());
    assert_eq!(code, 0);
    let (keyed, key) = (printed(&out, "client_id").to_owned(), printed(&out, "api_key").to_owned());
    assert_eq!(post_as(server, &key, "by-key").await.status(), 201);
    let (_, out, _) = run(server, &[&add[..], &["--api-key", "--days", "0"]].concat());
    let expired = printed(&out, "api_key").to_owned();
    let mut mistyped = key.clone();
    let last = if mistyped.pop() == Some('0') { '1' } else { '0' };
    mistyped.push(last);
    for (context, bearer) in [("expired", &expired), ("mistyped", &mistyped), ("nonsense", &"x".to_owned())] {
        let response = post_as(server, bearer, context).await;
        assert!(
            response.headers()["www-authenticate"].to_str().unwrap().contains("invalid_token"),
            "{context}"
        );
        problem(response, 401, "unauthenticated", context).await;
    }
    let nobody = server.client.post(format!("{}/v1/completions", server.base)).json(&completion("x"));
    problem(nobody.send().await.unwrap(), 401, "unauthenticated", "no credentials").await;

    // Its limits change while the service runs.
    let policy = async || {
        let answer = server.get("/v1/usage").bearer_auth(&key).send().await.unwrap();
        answer.headers()["ratelimit-policy"].to_str().unwrap().to_owned()
    };
    assert_eq!(policy().await, "\"client\";q=1000000;w=60");
    let limit = ["clients", "limit", keyed.as_str()];
    let (code, out, err) =
        run(server, &[&limit[..], &["--requests-per-minute", "50", "--jobs", "2"]].concat());
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
    assert!(
        out.starts_with(
            "requests a minute: 50 (its own)\nwatches: 10000 (by the settings)\njobs: 2 (its own)\n"
        ),
        "{out}"
    );
    assert_eq!(policy().await, "\"client\";q=50;w=60");
    let (_, out, _) = run(server, &["clients", "list"]);
    assert!(
        out.lines().any(|line| line.starts_with(&keyed) && line.ends_with("  50 requests a minute  2 jobs")),
        "{out}"
    );
    assert_eq!(run(server, &[&limit[..], &["--default"]].concat()).0, 0);
    assert_eq!(policy().await, "\"client\";q=1000000;w=60");
    let (code, out, _) = run(server, &limit);
    let changes: Vec<_> =
        out.lines().filter_map(|line| line.strip_prefix("changed ")?.split_once(":  ")).collect();
    assert_eq!((code, changes.len()), (0, 2), "{out}");
    assert!(
        changes[0].1.ends_with("50 requests a minute  2 jobs") && changes[1].1.ends_with("none of its own"),
        "{out}"
    );
    for wrong in [&["--requests-per-minute", "0"][..], &["--default", "--jobs", "1"]] {
        assert_ne!(run(server, &[&limit[..], wrong].concat()).0, 0, "{wrong:?}");
    }
    assert_ne!(run(server, &["clients", "limit", "nobody", "--jobs", "1"]).0, 0);

    // The Academy's registrar posts nothing and may revoke anybody's.
    let (code, out, err) = run(server, &["clients", "add", "--academy", "--name", "Registrar", "--api-key"]);
    assert_eq!(code, 0, "{err}");
    let academy = printed(&out, "api_key").to_owned();
    problem(post_as(server, &academy, "by-academy").await, 403, "forbidden", "the Academy").await;
    let request = server.client.post(format!("{badge}/revoke")).bearer_auth(&academy);
    assert_eq!(request.json(&json!({"reason": "Asked for."})).send().await.unwrap().status(), 200);

    // What it asked is counted, and shown to it and to the operator.
    let usage = server.get("/v1/usage").bearer_auth(&bearer).send().await.unwrap();
    let usage: Value = usage.json().await.unwrap();
    let requests = usage["days"][0]["requests"].as_u64().unwrap();
    let (code, out, err) = run(server, &["clients", "usage", &id]);
    assert_eq!(code, 0, "{err}");
    assert!(requests > 0 && out.contains(&format!("{requests} requests")), "{usage}: {out}");
    assert_eq!(run(server, &["clients", "usage", "nobody"]).0, 2);

    // Listed, stopped, and stopped at once, with its tokens.
    let (_, listed, _) = run(server, &["clients", "list"]);
    for client in [&id, &pair, &keyed] {
        assert!(listed.contains(client.as_str()), "{listed}");
        let (code, _, err) = run(server, &["clients", "revoke", client]);
        assert_eq!(code, 0, "{err}");
        assert_eq!(run(server, &["clients", "revoke", client]).0, 2, "there is none in force any more");
    }
    for secret in [&secret, &key, &bearer] {
        assert!(!listed.contains(secret.as_str()), "no secret is listed");
    }
    for bearer in [&bearer, &bearer_of_pair, &key] {
        problem(post_as(server, bearer, "stopped").await, 401, "unauthenticated", "stopped").await;
    }
    assert_eq!(token(server, &id, &secret, "").await.status(), 401);
    assert_eq!(ask(&assertion("five", &here, now + 60)).await.status(), 401);
    let (_, listed, _) = run(server, &["clients", "list"]);
    assert_eq!(listed.matches("stopped").count(), 3, "{listed}");
    assert_eq!(recorded(server)[0], 3);
}
