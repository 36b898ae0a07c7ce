//! The service API of Open Badges 3.0 as a consumer: a second service is the host at which a
//! learner keeps badges; and hosts that do not keep their word.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use reqwest::Response;
use serde_json::{Value, json};
use url::Url;

use crate::{
    listening::{Answer, listen},
    server::{Server, completion},
};

const DEVELOPMENT: [(&str, &str); 1] = [("LANYARD_MODE", "development")];

/// A service with a key of the Academy's that may act for learners.
pub struct Passport {
    pub server: Server,
    pub academy: String,
}

impl Passport {
    pub async fn start() -> Self {
        let server = Server::start(None, &DEVELOPMENT).await;
        let academy = server.academy_key("learners:connect");
        Self { server, academy }
    }

    /// The learner of that reference, and a badge of theirs.
    pub async fn learner(&self, reference: &str) -> (String, String) {
        let issued: Value = self.server.complete(reference).await.unwrap().json().await.unwrap();
        let ledger = issued["learner"]["ledger"].as_str().unwrap();
        let learner = ledger.strip_suffix("/ledger").unwrap().rsplit('/').next().unwrap();
        (learner.to_owned(), issued["credential"]["id"].as_str().unwrap().to_owned())
    }

    async fn ask(&self, path: &str, body: &Value) -> Response {
        let request = self.server.client.post(format!("{}{path}", self.server.base)).json(body);
        request.bearer_auth(&self.academy).send().await.unwrap()
    }

    async fn hosts(&self, learner: &str) -> Vec<Value> {
        let path = format!("/v1/learners/{learner}/hosts");
        let answer = self.server.get(&path).bearer_auth(&self.academy).send().await.unwrap();
        answer.json::<Value>().await.unwrap()["hosts"].as_array().unwrap().clone()
    }

    async fn begin(&self, learner: &str, host: &str) -> Value {
        let answer = self.ask(&format!("/v1/learners/{learner}/hosts"), &json!({ "host": host })).await;
        told(answer, 201).await
    }

    /// The learner says that it is they.
    pub async fn confirm(&self, back: &Url) -> (u16, String) {
        let page = self.server.get(back.as_str()).send().await.unwrap();
        let (status, text) = (page.status().as_u16(), page.text().await.unwrap());
        if status != 200 {
            return (status, text);
        }
        let query: HashMap<_, _> = back.query_pairs().into_owned().collect();
        let form = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs([("state", &query["state"]), ("code", &query["code"])])
            .finish();
        let mut address = back.clone();
        address.set_query(None);
        let request = self.server.client.post(address).body(form);
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        let answer = request.send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    }
}

async fn told(answer: Response, status: u16) -> Value {
    let found = answer.status();
    let text = answer.text().await.unwrap();
    assert_eq!(found, status, "{text}");
    serde_json::from_str(&text).unwrap_or_default()
}

/// The learner at the host gives leave with the code that the host's Academy gave them.
pub async fn leave(host: &Passport, learner: &str, authorize: &str) -> Url {
    let given = host.ask(&format!("/v1/learners/{learner}/connections"), &json!({})).await;
    let code = told(given, 201).await["code"].as_str().unwrap().to_owned();
    let asked = Url::parse(authorize).unwrap();
    let page = host.server.get(authorize).send().await.unwrap();
    assert_eq!(page.status(), 200);
    let form = format!("{}&connection={code}", asked.query().unwrap());
    let client =
        reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().build().unwrap();
    let address = format!("{}/ims/ob/v3p0/authorize", host.server.base);
    let request = client.post(address).header("content-type", "application/x-www-form-urlencoded");
    let sent = request.body(form).send().await.unwrap();
    assert_eq!(sent.status(), 303);
    Url::parse(sent.headers()["location"].to_str().unwrap()).unwrap()
}

#[tokio::test]
async fn badges_come_from_another_host_and_go_there() {
    let (ours, theirs) = (Passport::start().await, Passport::start().await);
    let (learner, badge) = ours.learner("rhiannon").await;
    let (there, _) = theirs.learner("rhiannon").await;
    let mut second = completion("second");
    second["learner"] = completion("rhiannon")["learner"].clone();
    second["completedAt"] = "2026-05-03T09:00:00Z".into();
    let answer = theirs.server.post("/v1/completions").json(&second).send().await.unwrap();
    let revoked = told(answer, 201).await["credential"]["url"].as_str().unwrap().to_owned();
    theirs.server.revoke(&revoked).await;

    let begun = ours.begin(&learner, &theirs.server.base).await;
    let host = format!("/v1/learners/{learner}/hosts/{}", begun["id"].as_str().unwrap());
    assert_eq!(told(ours.ask(&format!("{host}/import"), &json!({})).await, 404).await["status"], 404);
    let back = leave(&theirs, &there, begun["authorize"].as_str().unwrap()).await;

    // Whose passport it is, in both languages; a look alone connects nothing.
    for (query, said) in [("", "They go into the passport of"), ("&lang=cy", "Ânt i basbort")] {
        let page = ours.server.get(&format!("{back}{query}")).send().await.unwrap().text().await.unwrap();
        assert!(page.contains(said) && page.contains("Learner rhiannon"), "{page}");
    }
    let mut forged = back.clone();
    forged.set_query(Some("state=guessed&code=guessed"));
    assert_eq!(ours.confirm(&forged).await.0, 422);
    let mut elsewhere = back.clone();
    let pairs = back.query_pairs().filter(|(name, _)| name != "iss");
    let query = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(pairs)
        .append_pair("iss", "https://other.example.org")
        .finish();
    elsewhere.set_query(Some(&query));
    assert_eq!(ours.confirm(&elsewhere).await.0, 502, "it came from somebody else");
    assert!(ours.hosts(&learner).await[0].get("connectedAt").is_none());

    let (status, page) = ours.confirm(&back).await;
    assert!(status == 200 && page.contains("Your badges are connected"), "{page}");
    assert_eq!(ours.confirm(&back).await.0, 422, "once");
    let listed = ours.hosts(&learner).await;
    assert_eq!((listed.len(), &listed[0]["host"]), (1, &json!(theirs.server.base)));
    assert!(listed[0]["connectedAt"].is_string() && !listed[0].to_string().contains("los_"), "{listed:?}");

    // What is good is taken, once; what was revoked is not.
    let imported = told(ours.ask(&format!("{host}/import"), &json!({})).await, 200).await;
    assert_eq!((&imported["found"], &imported["created"]), (&json!(2), &json!(1)), "{imported}");
    assert_eq!(imported["refused"].as_array().unwrap().len(), 1, "{imported}");
    assert_eq!(imported["refused"][0]["id"], json!(revoked), "{imported}");
    let again = told(ours.ask(&format!("{host}/import"), &json!({})).await, 200).await;
    assert_eq!((&again["created"], &again["replaced"]), (&json!(0), &json!(1)), "{again}");

    // The other way.
    let sent = told(ours.ask(&format!("{host}/export"), &json!({"credentials": [badge]})).await, 200).await;
    assert_eq!(sent["credentials"], json!([{"credential": badge, "outcome": "created"}]));
    let found = told(ours.ask(&format!("{host}/import"), &json!({})).await, 200).await;
    assert_eq!(
        (&found["found"], &found["replaced"]),
        (&json!(3), &json!(2)),
        "its own is here already: {found}"
    );
    let (other, others) = ours.learner("another").await;
    let refused = ours.ask(&format!("{host}/export"), &json!({"credentials": [badge, others]})).await;
    assert_eq!(told(refused, 422).await["errors"][0]["pointer"], "/credentials/1");
    let guessed = host.replace(&learner, &other);
    assert_eq!(told(ours.ask(&format!("{guessed}/import"), &json!({})).await, 404).await["status"], 404);

    // Without the host nothing is lost; disconnected, it takes no token any more.
    let request = ours.server.client.delete(format!("{}{host}", ours.server.base));
    assert_eq!(request.bearer_auth(&ours.academy).send().await.unwrap().status(), 204);
    assert!(ours.hosts(&learner).await.is_empty());
    assert_eq!(told(ours.ask(&format!("{host}/import"), &json!({})).await, 404).await["status"], 404);
    assert!(!ours.server.log().contains("rhiannon"), "{}", ours.server.log());
}

/// A host that answers as it is told, and notes what it was asked and by which token.
struct Liar {
    base: String,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Liar {
    fn start(answer: impl Fn(&str, &str, &str) -> Answer + Send + 'static) -> Self {
        let asked = Arc::<Mutex<Vec<String>>>::default();
        let noted = Arc::clone(&asked);
        let base = listen(move |base, asked| {
            let entry = format!("{} {} {} {}", asked.method, asked.target, asked.token(), asked.body);
            noted.lock().unwrap().push(entry.trim().to_owned());
            answer(base, &asked.target, asked.token())
        });
        Self { base, asked }
    }

    fn was_asked(&self, what: &str) -> bool {
        self.asked.lock().unwrap().iter().any(|asked| asked.contains(what))
    }
}

fn json_of(value: &Value) -> Answer {
    (200, "content-type: application/json\r\n".to_owned(), value.to_string())
}

/// What an honest host says of itself.
fn description(base: &str) -> Value {
    json!({
        "servers": [{"url": format!("{base}/api")}],
        "components": {"securitySchemes": {"a": {
            "type": "oauth2",
            "x-imssf-registrationUrl": format!("{base}/register"),
            "flows": {"authorizationCode": {
                "authorizationUrl": format!("{base}/authorize"),
                "tokenUrl": format!("{base}/token"),
                "scopes": {"https://purl.imsglobal.org/spec/ob/v3p0/scope/credential.readonly": ""},
            }},
        }}},
    })
}

#[tokio::test]
async fn a_host_that_cannot_be_used_is_told_from_one_that_can() {
    let ours = Passport::start().await;
    let (learner, _) = ours.learner("rhiannon").await;
    let hosts = format!("/v1/learners/{learner}/hosts");
    let liars = [
        ("no document", Liar::start(|_, _, _| (404, String::new(), "none".to_owned())), "answers 404"),
        (
            "a redirect to a private address",
            Liar::start(|_, _, _| (302, "location: http://10.0.0.1/\r\n".to_owned(), String::new())),
            "redirect",
        ),
        (
            "another's server",
            Liar::start(|_, _, _| json_of(&description("https://other.example.org"))),
            "another host",
        ),
        (
            "a registration that is none",
            Liar::start(|base, path, _| {
                json_of(&if path == "/register" { json!({"client_id": ""}) } else { description(base) })
            }),
            "client_id",
        ),
        ("too much", Liar::start(|_, _, _| json_of(&json!("x".repeat(300_000)))), "bytes"),
    ];
    for (context, liar, said) in liars {
        let problem = told(ours.ask(&hosts, &json!({"host": liar.base})).await, 502).await;
        assert!(
            problem["type"].as_str().unwrap().ends_with("/problems/host-unusable"),
            "{context}: {problem}"
        );
        assert!(problem["detail"].as_str().unwrap().contains(said), "{context}: {problem}");
    }
    for (host, status) in [
        ("https://10.0.0.1", 502),
        ("http://example.org", 502),
        ("https://[::ffff:192.168.0.1]", 502),
        (ours.server.base.as_str(), 422),
        ("nonsense", 422),
    ] {
        told(ours.ask(&hosts, &json!({ "host": host })).await, status).await;
    }
    assert!(ours.hosts(&learner).await.is_empty(), "nothing of them is kept");
    let unknown = "/v1/learners/6f1c9f5e-0f6b-4a52-9d4e-2f6f6a9b7c10/hosts";
    let liar = Liar::start(|base, _, _| json_of(&description(base)));
    told(ours.ask(unknown, &json!({"host": liar.base})).await, 404).await;
    assert!(!liar.was_asked("/"), "for nobody, nobody is asked");
}

#[tokio::test]
async fn tokens_are_renewed_and_lists_that_lie_are_not_believed() {
    let ours = Passport::start().await;
    let (learner, badge) = ours.learner("rhiannon").await;
    let lie = Arc::new(Mutex::new("tokens"));
    let told_to = Arc::clone(&lie);
    let renewals = Arc::new(Mutex::new(0));
    let host = Liar::start(move |base, path, token| {
        let lie = *told_to.lock().unwrap();
        let list = |link: String| (200, format!("content-type: application/json\r\n{link}"), "{}".to_owned());
        match path.split('?').next().unwrap() {
            "/register" => json_of(&json!({"client_id": "us", "client_secret": "a secret"})),
            "/token" => {
                let mut number = renewals.lock().unwrap();
                *number += 1;
                if lie == "ended" {
                    return (400, "content-type: application/json\r\n".to_owned(), "{}".to_owned());
                }
                let lasts = if *number == 1 { 1 } else { 3600 };
                let token = format!("access{number}");
                json_of(
                    &json!({"access_token": token, "token_type": "Bearer", "expires_in": lasts, "refresh_token": format!("refresh{number}")}),
                )
            }
            "/api/credentials" => match lie {
                "tokens" if token != "access3" => (401, String::new(), String::new()),
                "ended" => (401, String::new(), String::new()),
                "loop" => {
                    list(format!("link: <{base}/api/credentials?limit=100&offset=0>; rel=\"next\"\r\n"))
                }
                "elsewhere" => list("link: <http://127.0.0.1:1/steal>; rel=\"next\"\r\n".to_owned()),
                "endless" => {
                    let offset: usize = path.rsplit('=').next().unwrap().parse().unwrap();
                    list(format!("link: <{base}/api/credentials?offset={}>; rel=next\r\n", offset + 1))
                }
                "shape" => json_of(&json!({"credential": {"a": 1}})),
                "forged" => json_of(
                    &json!({"credential": [{"id": "urn:x", "type": ["VerifiableCredential"]}], "compactJwsString": ["e.y.J"]}),
                ),
                _ => list(String::new()),
            },
            _ => json_of(&description(base)),
        }
    });
    let begun = ours.begin(&learner, &host.base).await;
    let authorize = Url::parse(begun["authorize"].as_str().unwrap()).unwrap();
    let query: HashMap<_, _> = authorize.query_pairs().into_owned().collect();
    assert_eq!((query["code_challenge_method"].as_str(), query["client_id"].as_str()), ("S256", "us"));
    let mut back = Url::parse(&query["redirect_uri"]).unwrap();
    let mut denied = back.clone();
    denied.set_query(Some(&format!("error=access_denied&state={}", query["state"])));
    let (status, page) = ours.confirm(&denied).await;
    assert!(status == 422 && page.contains("You did not allow it"), "{page}");
    back.set_query(Some(&format!("state={}&code=a-code", query["state"])));
    assert_eq!(ours.confirm(&back).await.0, 200);
    assert!(host.was_asked("code_verifier="));

    // The first token ends at once, the second is not taken, the third is.
    let path = format!("/v1/learners/{learner}/hosts/{}", begun["id"].as_str().unwrap());
    let import = async || ours.ask(&format!("{path}/import"), &json!({})).await;
    assert_eq!(told(import().await, 200).await["found"], 0);
    for token in
        ["refresh_token=refresh1", "refresh_token=refresh2", "/api/credentials?limit=100&offset=0 access3"]
    {
        assert!(host.was_asked(token), "{token}");
    }

    for (what, said) in [
        ("loop", "do not end"),
        ("endless", "do not end"),
        ("elsewhere", "another host"),
        ("shape", "is not an array"),
    ] {
        *lie.lock().unwrap() = what;
        let problem = told(import().await, 502).await;
        assert!(problem["detail"].as_str().unwrap().contains(said), "{what}: {problem}");
    }
    *lie.lock().unwrap() = "forged";
    let refused = told(import().await, 200).await;
    assert_eq!(
        (&refused["found"], refused["refused"].as_array().unwrap().len()),
        (&json!(2), 2),
        "{refused}"
    );

    *lie.lock().unwrap() = "ended";
    for (action, body) in [("import", json!({})), ("export", json!({"credentials": [badge]}))] {
        let problem = told(ours.ask(&format!("{path}/{action}"), &body).await, 409).await;
        assert!(problem["type"].as_str().unwrap().ends_with("/host-connection-ended"), "{problem}");
    }
}
