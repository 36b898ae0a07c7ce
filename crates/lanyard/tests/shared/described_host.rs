//! The service API of Open Badges 3.0 as a consumer, against its description: a host that takes
//! nothing but what the description asks for, and says only what it allows.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
};

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use url::{Url, form_urlencoded};

use crate::{
    faults, json_at,
    listening::{Answer, Asked, listen},
    server::{self, Server},
    service_faults,
};

const API: &str = "/ims/ob/v3p0";
const PAGE: &str = "application/json";

/// What the host has to say, one after another; the last stays.
type Sayings = Vec<(u16, Value)>;

/// What was wrong with what was asked, which operations were, and what is said next.
#[derive(Default)]
struct State {
    faults: Vec<String>,
    operations: BTreeSet<String>,
    credentials: Sayings,
    upserts: Vec<u16>,
}

#[derive(Clone)]
struct Described {
    published: Arc<Value>,
    state: Arc<Mutex<State>>,
}

impl Described {
    fn start(credentials: Sayings) -> (Self, String) {
        let published = Arc::new(json_at("schemas/ob-v3p0-openapi.json"));
        let host = Self { published, state: Arc::default() };
        host.state.lock().unwrap().credentials = credentials;
        let told = host.clone();
        let base = listen(move |base, asked| told.answer(base, asked));
        (host, base)
    }

    fn answer(&self, base: &str, asked: &Asked) -> Answer {
        let url = Url::parse(&format!("{base}{}", asked.target)).unwrap();
        match url.path() {
            "/register" => self.registered(asked),
            "/token" => self.tokens(asked),
            path => {
                let path = path.strip_prefix(API).unwrap_or(path);
                let operation = &self.published["paths"][path][asked.method.to_lowercase()];
                let name = operation["operationId"].as_str().unwrap_or_default();
                self.state.lock().unwrap().operations.insert(name.to_owned());
                self.faults(name, operation_faults(operation, &url, asked));
                let (status, body) = self.says(name, base, asked);
                self.said(name, operation, status, &body);
                let link = self.link(name, base);
                let text = if status == 304 { String::new() } else { body.to_string() };
                (status, format!("content-type: {PAGE}\r\n{link}"), text)
            }
        }
    }

    fn faults(&self, what: &str, found: Vec<String>) {
        self.state.lock().unwrap().faults.extend(found.into_iter().map(|fault| format!("{what}: {fault}")));
    }

    /// What the host says must be what the description lets it say, or the test shows nothing.
    fn said(&self, name: &str, operation: &Value, status: u16, body: &Value) {
        let answers = &operation["responses"];
        let answer = answers.get(status.to_string()).unwrap_or(&answers["default"]);
        let reference = answer["content"][PAGE]["schema"]["$ref"].as_str().unwrap();
        let schema = reference.rsplit('/').next().unwrap();
        self.faults(&format!("own answer to {name}"), service_faults(schema, body));
    }

    fn says(&self, name: &str, base: &str, asked: &Asked) -> (u16, Value) {
        let mut state = self.state.lock().unwrap();
        match name {
            "getServiceDescription" => (200, discovery(&self.published, base)),
            "getCredentials" => match state.credentials.len() {
                1 => state.credentials[0].clone(),
                _ => state.credentials.remove(0),
            },
            "getProfile" => (200, json!({"id": "https://host.example.org/1", "type": ["Profile"]})),
            "upsertCredential" => match state.upserts.remove(0) {
                status @ (200 | 201) => (status, serde_json::from_str(&asked.body).unwrap()),
                status => (status, status_info()),
            },
            _ => (404, status_info()),
        }
    }

    /// Where the next page is, while there is one.
    fn link(&self, name: &str, base: &str) -> String {
        match self.state.lock().unwrap().credentials.len() {
            more @ 2.. if name == "getCredentials" => {
                format!("link: <{base}{API}/credentials?limit=1&offset={more}>; rel=\"next\"\r\n")
            }
            _ => String::new(),
        }
    }

    /// Registration (section 6.2.2.1 of the specification): every one of these is required.
    fn registered(&self, asked: &Asked) -> Answer {
        let mut body: Value = serde_json::from_str(&asked.body).unwrap();
        let mut found = Vec::new();
        for member in ["client_name", "software_id", "software_version", "scope"] {
            if body[member].as_str().is_none_or(str::is_empty) {
                found.push(format!("no `{member}`"));
            }
        }
        for member in ["client_uri", "logo_uri", "tos_uri", "policy_uri"] {
            if body[member].as_str().is_none_or(|text| Url::parse(text).is_err()) {
                found.push(format!("`{member}` is no address"));
            }
        }
        for (member, allowed) in
            [("grant_types", &["authorization_code", "refresh_token"][..]), ("response_types", &["code"])]
        {
            let list = body[member].as_array().cloned().unwrap_or_default();
            if list.is_empty() || list.iter().any(|one| !allowed.contains(&one.as_str().unwrap())) {
                found.push(format!("`{member}` is {list:?}"));
            }
        }
        if body["redirect_uris"].as_array().is_none_or(|list| list.len() != 1) {
            found.push("not one address to come back to".to_owned());
        }
        if body["token_endpoint_auth_method"] != "client_secret_basic" {
            found.push(format!("`token_endpoint_auth_method` is {}", body["token_endpoint_auth_method"]));
        }
        self.faults("registration", found);
        body["client_id"] = "us".into();
        body["client_secret"] = "a secret".into();
        body["client_id_issued_at"] = 1.into();
        body["client_secret_expires_at"] = 0.into();
        (201, format!("content-type: {PAGE}\r\n"), body.to_string())
    }

    /// Tokens (sections 6.2.3 and 6.2.4).
    fn tokens(&self, asked: &Asked) -> Answer {
        let fields: Vec<(String, String)> =
            form_urlencoded::parse(asked.body.as_bytes()).into_owned().collect();
        let stated: Vec<&str> = fields.iter().map(|(name, _)| name.as_str()).collect();
        let mut found = Vec::new();
        if stated != ["grant_type", "code", "redirect_uri", "code_verifier"] {
            found.push(format!("it holds {stated:?}"));
        }
        if asked.headers["content-type"] != "application/x-www-form-urlencoded" {
            found.push(format!("its type is {}", asked.headers["content-type"]));
        }
        if asked.headers["authorization"] != format!("Basic {}", STANDARD.encode("us:a+secret")) {
            found.push("it is not of who registered".to_owned());
        }
        self.faults("token", found);
        let body = json!({
            "access_token": "access", "token_type": "Bearer", "expires_in": 3600, "refresh_token": "refresh",
            "scope": scopes(&self.published).join(" "),
        });
        (200, format!("content-type: {PAGE}\r\n"), body.to_string())
    }
}

/// What of a request is not as the operation has it.
fn operation_faults(operation: &Value, url: &Url, asked: &Asked) -> Vec<String> {
    let mut found = Vec::new();
    if operation.is_null() {
        return vec![format!("there is no {} {}", asked.method, url.path())];
    }
    let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
    for (name, value) in url.query_pairs() {
        let schema = parameters.iter().find(|one| one["name"] == *name && one["in"] == "query");
        let Some(schema) = schema.map(|one| &one["schema"]) else {
            found.push(format!("no parameter `{name}`"));
            continue;
        };
        let value = if schema["type"] == "integer" {
            value.parse::<i32>().map_or(Value::Null, Into::into)
        } else {
            json!(value)
        };
        let validator = jsonschema::options().should_validate_formats(true).build(schema).unwrap();
        found.extend(validator.iter_errors(&value).map(|error| format!("`{name}`: {error}")));
    }
    if operation["security"].is_array() == asked.token().is_empty() {
        found.push(format!("its token is `{}`", asked.token()));
    }
    let accepted = asked.headers.get("accept").map_or("*/*", String::as_str);
    if !["*/*", PAGE].contains(&accepted) {
        found.push(format!("it accepts `{accepted}`"));
    }
    match operation["requestBody"]["content"].as_object() {
        None if asked.body.is_empty() => {}
        None => found.push("it has a body".to_owned()),
        Some(content) => {
            let kind = asked.headers.get("content-type").map_or("", String::as_str);
            match content.get(kind).map(|media| media["schema"]["$ref"].as_str().unwrap()) {
                None => found.push(format!("its type is `{kind}`")),
                Some(reference) => {
                    let body = serde_json::from_str(&asked.body).unwrap();
                    found.extend(service_faults(reference.rsplit('/').next().unwrap(), &body));
                }
            }
        }
    }
    found
}

fn scopes(published: &Value) -> Vec<String> {
    let flow = &published["components"]["securitySchemes"]["OAuth2ACG"]["flows"]["authorizationCode"];
    flow["scopes"].as_object().unwrap().keys().cloned().collect()
}

/// The published description as a host profiles it (section 6.2.1): with its own addresses, and
/// with no schemas, as it may.
fn discovery(published: &Value, base: &str) -> Value {
    let mut document = published.clone();
    document["servers"] = json!([{"url": format!("{base}{API}")}]);
    document["info"]["x-imssf-privacyPolicyUrl"] = format!("{base}/privacy").into();
    let mut scheme = document["components"]["securitySchemes"]["OAuth2ACG"].take();
    scheme["x-imssf-registrationUrl"] = format!("{base}/register").into();
    let flow = &mut scheme["flows"]["authorizationCode"];
    flow["authorizationUrl"] = format!("{base}/authorize").into();
    flow["tokenUrl"] = format!("{base}/token").into();
    flow["refreshUrl"] = format!("{base}/token").into();
    document["components"] = json!({"securitySchemes": {"OAuth2ACG": scheme}});
    document
}

fn status_info() -> Value {
    json!({"imsx_codeMajor": "failure", "imsx_severity": "error", "imsx_description": "It says why."})
}

/// A service that is a learner's passport, and the host that it was let act at.
struct Connected {
    ours: Server,
    key: String,
    /// Below `/v1/learners`.
    path: String,
    badge: String,
}

impl Connected {
    async fn to(base: &str) -> Self {
        let ours = Server::start(None, &[("LANYARD_MODE", "development")]).await;
        let issued: Value = ours.complete("rhiannon").await.unwrap().json().await.unwrap();
        let learner = issued["learner"]["id"].as_str().unwrap();
        let key = ours.academy_key("learners:connect");
        let badge = issued["credential"]["id"].as_str().unwrap().to_owned();
        let mut connected = Self { ours, key, path: format!("/v1/learners/{learner}/hosts"), badge };
        let (status, begun) = connected.ask("", &json!({ "host": base })).await;
        assert_eq!(status, 201, "{begun}");
        let authorize = Url::parse(begun["authorize"].as_str().unwrap()).unwrap();
        let asked: Vec<(String, String)> = authorize.query_pairs().into_owned().collect();
        let stated: Vec<&str> = asked.iter().map(|(name, _)| name.as_str()).collect();
        // Section 6.2.2.2, and PKCE.
        assert_eq!(
            stated,
            [
                "response_type",
                "client_id",
                "redirect_uri",
                "scope",
                "state",
                "code_challenge",
                "code_challenge_method"
            ]
        );
        let back = form_urlencoded::Serializer::new(String::new())
            .extend_pairs([("state", &asked[4].1), ("code", &"a-code".to_owned())])
            .finish();
        let request = connected.ours.client.post(&asked[2].1).body(back);
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        assert_eq!(request.send().await.unwrap().status(), 200);
        connected.path = format!("{}/{}", connected.path, begun["id"].as_str().unwrap());
        connected
    }

    async fn ask(&self, below: &str, body: &Value) -> (u16, Value) {
        let request = self.ours.client.post(format!("{}{}{below}", self.ours.base, self.path)).json(body);
        let answer = request.bearer_auth(&self.key).send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap())
    }
}

/// Another service's badge in both forms.
async fn others() -> (Server, Value, String) {
    let server = Server::start(None, &[("LANYARD_MODE", "development")]).await;
    let url = server.badge("elsewhere").await;
    let badge = serde_json::from_slice(&server.form(&url, "application/vc+ld+json").await).unwrap();
    let second = server.badge("elsewhere-too").await;
    let token = String::from_utf8(server.form(&second, "application/vc+jwt").await).unwrap();
    (server, badge, token)
}

#[tokio::test]
async fn a_host_is_asked_as_the_service_api_is_described_and_its_answers_are_understood() {
    let (_theirs, badge, token) = others().await;
    assert_eq!(faults("ob-v3p0-achievementcredential", &badge), [""; 0]);
    let (host, base) = Described::start(vec![
        (200, json!({ "credential": [badge] })),
        (200, json!({ "credential": [], "compactJwsString": [token] })),
        (200, json!({})),
    ]);
    let connected = Connected::to(&base).await;

    let (status, imported) = connected.ask("/import", &json!({})).await;
    assert_eq!((status, &imported["found"], &imported["created"]), (200, &json!(2), &json!(2)), "{imported}");
    assert_eq!(imported["profile"]["id"], "https://host.example.org/1", "{imported}");
    // A passport with nothing in it is one too.
    let (status, again) = connected.ask("/import", &json!({})).await;
    assert_eq!((status, &again["found"]), (200, &json!(0)), "{again}");

    for (status, outcome) in [
        (201, "created"),
        (200, "replaced"),
        (304, "unchanged"),
        (400, "refused"),
        (403, "refused"),
        (500, "refused"),
    ] {
        host.state.lock().unwrap().upserts = vec![status];
        let (_, sent) = connected.ask("/export", &json!({ "credentials": [connected.badge] })).await;
        assert_eq!(sent["credentials"][0]["outcome"], outcome, "{status}: {sent}");
        if outcome == "refused" {
            assert!(sent.to_string().contains("It says why."), "{status}: {sent}");
        }
    }
    for status in [400, 403, 405, 500, 503] {
        host.state.lock().unwrap().credentials = vec![(status, status_info())];
        let (answered, problem) = connected.ask("/import", &json!({})).await;
        assert_eq!(answered, 502, "{status}: {problem}");
        assert!(problem["detail"].as_str().unwrap().contains(&status.to_string()), "{problem}");
    }

    let state = host.state.lock().unwrap();
    assert_eq!(state.faults, [""; 0]);
    let asked: Vec<&str> = state.operations.iter().map(String::as_str).collect();
    assert_eq!(asked, ["getCredentials", "getProfile", "getServiceDescription", "upsertCredential"]);
}

/// The host finds what is wrong with a request, or it has shown nothing above.
#[test]
fn the_described_host_sees_what_is_not_as_described() {
    let published = json_at("schemas/ob-v3p0-openapi.json");
    let asked = |method: &str, target: &str, token: &str, body: Value| {
        let headers = [("authorization", format!("Bearer {token}")), ("content-type", PAGE.to_owned())];
        let asked = Asked {
            method: method.to_owned(),
            target: target.to_owned(),
            headers: headers.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
            body: if body.is_null() { String::new() } else { body.to_string() },
        };
        let url = Url::parse(&format!("http://host{target}")).unwrap();
        operation_faults(&published["paths"][url.path()][method.to_lowercase()], &url, &asked).len()
    };
    let badge = server::completion("none");
    assert_eq!(asked("GET", "/credentials?limit=1&offset=0", "t", Value::Null), 0);
    for (context, faults) in [
        ("an operation", asked("DELETE", "/credentials", "t", Value::Null)),
        ("a parameter", asked("GET", "/credentials?page=1", "t", Value::Null)),
        ("its value", asked("GET", "/credentials?limit=0", "t", Value::Null)),
        ("its kind", asked("GET", "/credentials?limit=many", "t", Value::Null)),
        ("no token", asked("GET", "/profile", "", Value::Null)),
        ("a token for everybody", asked("GET", "/discovery", "t", Value::Null)),
        ("a body", asked("GET", "/profile", "t", json!({}))),
        ("another body", asked("POST", "/credentials", "t", badge)),
    ] {
        assert!(faults > 0, "{context}");
    }
}
