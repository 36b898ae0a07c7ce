//! The service API of Open Badges 3.0, by a system that a learner lets act.

use actix_web::test::TestRequest;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use chrono::TimeDelta;
use model::clock::Clock as _;
use serde_json::{Value, json};
use testkit::backends;
use url::{Url, form_urlencoded::Serializer};
use wallet::CodeChallenge;

use crate::world::{Answer, BASE, World, completion, local, run};

const READ: &str = "https://purl.imsglobal.org/spec/ob/v3p0/scope/credential.readonly";
const UPSERT: &str = "https://purl.imsglobal.org/spec/ob/v3p0/scope/credential.upsert";
const PROFILE: &str = "https://purl.imsglobal.org/spec/ob/v3p0/scope/profile.readonly";
const PROFILE_UPDATE: &str = "https://purl.imsglobal.org/spec/ob/v3p0/scope/profile.update";
const REDIRECT: &str = "https://passport.example.org/back";

/// Another system.
struct System {
    id: String,
    secret: String,
}

impl System {
    async fn registered(world: &World) -> Self {
        let body = json!({"client_name": "Sample Passport", "redirect_uris": [REDIRECT], "client_uri": "https://passport.example.org"});
        let answer = world.post("/ims/ob/v3p0/register", "application/json", body.to_string()).await;
        assert_eq!(
            (answer.status.as_u16(), answer.header("cache-control")),
            (201, "no-store"),
            "{}",
            answer.text()
        );
        let text = |name: &str| answer.json()[name].as_str().unwrap().to_owned();
        Self { id: text("client_id"), secret: text("client_secret") }
    }

    fn query(&self, scope: &str) -> Vec<(&'static str, String)> {
        vec![
            ("response_type", "code".to_owned()),
            ("client_id", self.id.clone()),
            ("redirect_uri", REDIRECT.to_owned()),
            ("scope", scope.to_owned()),
            ("state", "xyz".to_owned()),
            ("code_challenge", CodeChallenge::of(&"v".repeat(64)).unwrap().as_str().to_owned()),
            ("code_challenge_method", "S256".to_owned()),
        ]
    }

    async fn post(&self, world: &World, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body = Serializer::new(String::new()).extend_pairs(fields).finish();
        let basic = STANDARD.encode(format!("{}:{}", self.id, self.secret));
        let request = TestRequest::post()
            .uri(path)
            .insert_header(("authorization", format!("Basic {basic}")))
            .insert_header(("content-type", "application/x-www-form-urlencoded"));
        world.send(request.set_payload(body)).await
    }

    /// What the learner's browser brings back.
    async fn code(&self, world: &World, connection: &str, scope: &str) -> Answer {
        let mut fields = self.query(scope);
        fields.push(("connection", connection.to_owned()));
        let body = Serializer::new(String::new()).extend_pairs(fields).finish();
        world.post("/ims/ob/v3p0/authorize", "application/x-www-form-urlencoded", body).await
    }

    async fn exchange(&self, world: &World, code: &str, verifier: &str) -> Answer {
        let fields = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", REDIRECT),
            ("code_verifier", verifier),
        ];
        self.post(world, "/ims/ob/v3p0/token", &fields).await
    }

    async fn tokens(&self, world: &World, learner: &str, scope: &str) -> Value {
        let sent = self.code(world, &connection(world, learner).await, scope).await;
        let answer = self.exchange(world, &code_of(&sent), &"v".repeat(64)).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()
    }
}

/// A code that the Academy gives a learner.
async fn connection(world: &World, learner: &str) -> String {
    let answer =
        world.post_as(&world.academy, &format!("/v1/learners/{learner}/connections"), &json!({})).await;
    assert_eq!(
        (answer.status.as_u16(), answer.header("cache-control")),
        (201, "no-store"),
        "{}",
        answer.text()
    );
    answer.json()["code"].as_str().unwrap().to_owned()
}

fn code_of(sent: &Answer) -> String {
    assert_eq!(sent.status, 303, "{}", sent.text());
    let back = Url::parse(sent.header("location")).unwrap();
    let of = |name: &str| back.query_pairs().find(|(key, _)| key == name).unwrap().1.into_owned();
    assert_eq!((of("state").as_str(), of("iss").as_str()), ("xyz", BASE));
    of("code")
}

async fn ask(world: &World, request: TestRequest, token: &str) -> Answer {
    world.send(request.insert_header(("authorization", format!("Bearer {token}")))).await
}

async fn get(world: &World, path: &str, token: &str) -> Answer {
    ask(world, TestRequest::get().uri(&format!("/ims/ob/v3p0{path}")), token).await
}

async fn put_badge(world: &World, content_type: &str, body: String, token: &str) -> Answer {
    let request =
        TestRequest::post().uri("/ims/ob/v3p0/credentials").insert_header(("content-type", content_type));
    ask(world, request.set_payload(body), token).await
}

/// The status that 1EdTech's services answer errors with.
fn minor(answer: &Answer) -> (u16, String) {
    let body = answer.json();
    assert_eq!(
        (&body["imsx_codeMajor"], &body["imsx_severity"]),
        (&json!("failure"), &json!("error")),
        "{body}"
    );
    let minor = &body["imsx_codeMinor"]["imsx_codeMinorField"][0]["imsx_codeMinorFieldValue"];
    (answer.status.as_u16(), minor.as_str().unwrap().to_owned())
}

fn learner_of(issued: &Value) -> String {
    issued["learner"]["id"].as_str().unwrap().to_owned()
}

/// A badge of another issuer, signed by a key that is its own name.
fn others_badge(id: &str, valid_from: &str) -> String {
    use ed25519_dalek::{Signer as _, SigningKey};
    use proof::{
        multikey::PublicKey,
        suite::{ASSERTION_METHOD, ProofOptions, eddsa_rdfc_2022},
    };
    let key = SigningKey::from_bytes(&[5; 32]);
    let multibase = PublicKey::Ed25519(key.verifying_key()).to_multibase();
    let did = format!("did:key:{multibase}");
    let badge = json!({
        "@context": ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],
        "id": id,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": "Basket weaving",
        "issuer": {"id": did, "type": ["Profile"], "name": "Example College"},
        "validFrom": valid_from,
        "credentialSubject": {
            "id": "did:example:holder",
            "type": ["AchievementSubject"],
            "achievement": {
                "id": "https://college.example.org/achievements/1", "type": ["Achievement"], "name": "Basket weaving",
                "description": "Weaving baskets.", "criteria": {"narrative": "Weave one."}
            }
        }
    });
    let options = ProofOptions {
        verification_method: format!("{did}#{multibase}"),
        created: "2026-06-01T00:00:00Z".parse().unwrap(),
        proof_purpose: ASSERTION_METHOD,
    };
    let input =
        eddsa_rdfc_2022::signing_input_with(proof::canon::Processor::known(), &badge, &options).unwrap();
    let mut signed = badge.clone();
    signed["proof"] = json!([eddsa_rdfc_2022::proof(&badge, &options, &key.sign(input.as_ref()).to_bytes())]);
    signed.to_string()
}

backends! {
    fn a_system_reads_and_fills_the_passport_of_a_learner_who_lets_it(db: TestDb) {
        run(db, async |world| {
            let issued = world.issue().await;
            let system = System::registered(&world).await;
            let all = format!("{READ} {UPSERT} {PROFILE} {PROFILE_UPDATE} offline_access");
            let given = system.tokens(&world, &learner_of(&issued), &all).await;
            let token = given["access_token"].as_str().unwrap();
            let own = world.get(issued["credential"]["url"].as_str().unwrap(), "application/vc+ld+json").await.json();
            let found = get(&world, "/credentials", token).await;
            assert_eq!((found.status.as_u16(), found.header("x-total-count")), (200, "1"), "{}", found.text());
            assert_eq!(found.json(), json!({"credential": [own], "compactJwsString": []}));

            world.clock.set(world.clock.now() + TimeDelta::seconds(1));
            let badge = others_badge("urn:uuid:1", "2026-01-01T00:00:00Z");
            let answer = put_badge(&world, "application/json", badge.clone(), token).await;
            assert_eq!((answer.status.as_u16(), answer.text()), (201, badge.clone()));
            assert_eq!(put_badge(&world, "application/json", badge.clone(), token).await.status, 200, "the same");
            let newer = others_badge("urn:uuid:1", "2026-02-01T00:00:00Z");
            assert_eq!(put_badge(&world, "application/json", newer.clone(), token).await.status, 200);
            assert_eq!(put_badge(&world, "application/json", badge, token).await.status, 304, "older");
            let jws = world.get(issued["credential"]["url"].as_str().unwrap(), "application/vc+jwt").await.text();
            assert_eq!(put_badge(&world, "text/plain", jws, token).await.status, 200, "it is there already");
            let found = get(&world, "/credentials?limit=1&offset=1", token).await;
            let newer: Value = serde_json::from_str(&newer).unwrap();
            assert_eq!(found.json()["credential"], json!([newer]));
            assert_eq!(found.header("x-total-count"), "2");
            let links: Vec<&str> = found.headers.get_all("link").map(|link| link.to_str().unwrap()).collect();
            let link = |relation: &str, offset: usize| {
                format!("<{BASE}/ims/ob/v3p0/credentials?limit=1&offset={offset}>; rel=\"{relation}\"")
            };
            assert_eq!(links, [link("first", 0), link("last", 1), link("prev", 0)]);
            let since = testkit::noon().to_rfc3339();
            let found = get(&world, &format!("/credentials?since={}", since.replace('+', "%2B")), token).await;
            assert_eq!((found.header("x-total-count"), found.json()["credential"].clone()), ("1", json!([newer])));

            assert_eq!(minor(&get(&world, "/profile", token).await), (404, "not_found".to_owned()));
            let profile = json!({"id": "https://passport.example.org/p/1", "type": ["Profile"], "name": "R. Test"});
            let request = TestRequest::put().uri("/ims/ob/v3p0/profile").insert_header(("content-type", "application/json"));
            assert_eq!(ask(&world, request.set_payload(profile.to_string()), token).await.json(), profile);
            assert_eq!(get(&world, "/profile", token).await.json(), profile);
        });
    }
}

#[test]
fn codes_and_tokens_are_good_once_and_for_whom_they_were_made() {
    run(testkit::TestDb::sqlite(), async |world| {
        let learner = learner_of(&world.issue().await);
        let system = System::registered(&world).await;
        let query = Serializer::new(String::new()).extend_pairs(system.query(READ)).finish();
        let page = world.get(&format!("/ims/ob/v3p0/authorize?{query}"), "text/html").await;
        assert_eq!(page.status, 200, "{}", page.text());
        assert!(page.text().contains("Sample Passport") && page.text().contains("see all your badges"));
        assert!(!page.text().contains("add badges from elsewhere"), "it was not asked for");
        assert!(
            page.header("content-security-policy")
                .contains("form-action 'self' https://passport.example.org;")
        );
        let welsh = world.get(&format!("/ims/ob/v3p0/authorize?{query}&lang=cy"), "text/html").await.text();
        assert!(welsh.contains("weld eich holl fathodynnau"), "{welsh}");
        for (good, bad) in [
            ("passport.example.org", "evil.example.org"),
            ("S256", "plain"),
            (&system.id, "nobody"),
            ("response_type=code", "response_type=token"),
            ("credential.readonly", "everything"),
        ] {
            let answer =
                world.get(&format!("/ims/ob/v3p0/authorize?{}", query.replace(good, bad)), "text/html").await;
            assert_eq!(answer.status, 400, "{bad}");
        }

        let connection = connection(&world, &learner).await;
        assert_eq!(system.code(&world, "", READ).await.status, 422);
        assert_eq!(system.code(&world, "0000-0000-0000-0000", READ).await.status, 422);
        let typed = connection.to_lowercase().replace('-', " ");
        let code = code_of(&system.code(&world, &typed, READ).await);
        assert_eq!(system.code(&world, &connection, READ).await.status, 422, "used");

        let error = |answer: &Answer| answer.json()["error"].as_str().unwrap().to_owned();
        let stranger = System { id: system.id.clone(), secret: "los_another".to_owned() };
        let answer = stranger.exchange(&world, &code, &"v".repeat(64)).await;
        assert_eq!((answer.status.as_u16(), error(&answer).as_str()), (401, "invalid_client"));
        assert_eq!(error(&system.exchange(&world, &code, &"w".repeat(64)).await), "invalid_grant");
        let given = system.exchange(&world, &code, &"v".repeat(64)).await.json();
        let token = given["access_token"].as_str().unwrap();
        assert_eq!(get(&world, "/credentials", token).await.status, 200);
        assert_eq!(minor(&get(&world, "/profile", token).await), (403, "forbidden".to_owned()));
        assert_eq!(minor(&put_badge(&world, "application/json", "{}".to_owned(), token).await).0, 403);
        assert_eq!(minor(&get(&world, "/credentials?limit=0", token).await).0, 400);
        assert_eq!(
            minor(&get(&world, "/credentials", "lop_unknown").await),
            (401, "unauthorizedrequest".to_owned())
        );

        let refresh = given["refresh_token"].as_str().unwrap();
        let fields = [("grant_type", "refresh_token"), ("refresh_token", refresh)];
        let renewed = system.post(&world, "/ims/ob/v3p0/token", &fields).await.json();
        assert_eq!(error(&system.post(&world, "/ims/ob/v3p0/token", &fields).await), "invalid_grant", "used");
        assert_eq!(get(&world, "/credentials", token).await.status, 401, "replaced");
        let token = renewed["access_token"].as_str().unwrap();
        assert_eq!(get(&world, "/credentials", token).await.status, 200);
        let gone = system.post(&world, "/ims/ob/v3p0/revoke", &[("token", token)]).await;
        assert_eq!(gone.status, 200);
        assert_eq!(get(&world, "/credentials", token).await.status, 401);
    });
}

#[test]
fn what_does_not_verify_or_is_somebody_elses_is_not_kept() {
    run(testkit::TestDb::sqlite(), async |world| {
        let mine = world.issue().await;
        let theirs = world.post_as(&world.trust, "/v1/completions", &completion("b")).await.json();
        let system = System::registered(&world).await;
        let given = system.tokens(&world, &learner_of(&mine), &format!("{READ} {UPSERT}")).await;
        let token = given["access_token"].as_str().unwrap();
        let other =
            world.get(theirs["credential"]["url"].as_str().unwrap(), "application/vc+ld+json").await.text();
        let forged = others_badge("urn:uuid:1", "2026-01-01T00:00:00Z").replace("Weave one", "Weave none");
        for (content_type, body) in [
            ("application/json", other),
            ("application/json", forged),
            ("application/json", "{}".to_owned()),
            ("text/plain", "not a token".to_owned()),
        ] {
            let answer = put_badge(&world, content_type, body.clone(), token).await;
            assert_eq!(minor(&answer), (400, "invalid_data".to_owned()), "{body}");
        }
        assert_eq!(get(&world, "/credentials", token).await.header("x-total-count"), "1");
    });
}

#[test]
fn a_registration_that_cannot_be_is_refused_in_the_words_of_rfc_7591() {
    run(testkit::TestDb::sqlite(), async |world| {
        for (body, expected) in [
            (json!({}), "invalid_client_metadata"),
            (json!({"client_name": "x"}), "invalid_redirect_uri"),
            (json!({"client_name": "x", "redirect_uris": ["javascript:alert(1)"]}), "invalid_redirect_uri"),
            (
                json!({"client_name": "x", "redirect_uris": [REDIRECT], "scope": "everything"}),
                "invalid_client_metadata",
            ),
            (
                json!({"client_name": "x", "redirect_uris": [REDIRECT], "grant_types": ["implicit"]}),
                "invalid_client_metadata",
            ),
            (
                json!({"client_name": "x", "redirect_uris": [REDIRECT], "token_endpoint_auth_method": "none"}),
                "invalid_client_metadata",
            ),
        ] {
            let answer = world.post("/ims/ob/v3p0/register", "application/json", body.to_string()).await;
            assert_eq!(
                (answer.status.as_u16(), answer.json()["error"].as_str()),
                (400, Some(expected)),
                "{body}"
            );
        }
        let learner = learner_of(&world.issue().await);
        let path = format!("/v1/learners/{learner}/connections");
        assert_eq!(world.post_as(&world.trust, &path, &json!({})).await.status, 403, "the Academy alone");
        let erasure = json!({"erase": learner});
        world.post_as(&world.academy, &format!("/v1/learners/{learner}/erasure"), &erasure).await;
        assert_eq!(world.post_as(&world.academy, &path, &json!({})).await.status, 410);
        let discovery = world.get("/ims/ob/v3p0/discovery", "").await.json();
        let scheme = &discovery["components"]["securitySchemes"]["OAuth2ACG"];
        assert_eq!(scheme["x-imssf-registrationUrl"], format!("{BASE}/ims/ob/v3p0/register"));
        assert_eq!(
            local(scheme["flows"]["authorizationCode"]["tokenUrl"].as_str().unwrap()),
            "/ims/ob/v3p0/token"
        );
    });
}
