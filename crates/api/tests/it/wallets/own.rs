//! A wallet made of our own library, and what it and a verifier ask.

use actix_web::test::TestRequest;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jose::{Algorithm, Challenge, KEY_PROOF, PrivateKey, sign_compact};
use model::clock::Clock as _;
use serde_json::{Value, json};
use url::form_urlencoded::Serializer;

use crate::world::{Answer, BASE, World, completion, local};

pub const PRE_AUTHORISED: &str = "urn:ietf:params:oauth:grant-type:pre-authorized_code";

/// Somebody's wallet, with one key.
pub struct Wallet {
    pub key: PrivateKey,
    pub did: String,
}

impl Wallet {
    pub fn new() -> Self {
        let key = PrivateKey::generate(Algorithm::Es256).unwrap();
        let did = format!("did:jwk:{}", URL_SAFE_NO_PAD.encode(key.public_jwk().to_string()));
        Self { key, did }
    }

    pub fn proof_for(&self, world: &World, nonce: &str, audience: &str) -> String {
        let claims = json!({"aud": audience, "iat": world.clock.now().timestamp(), "nonce": nonce});
        sign_compact(claims.to_string().as_bytes(), &self.key, &format!("{}#0", self.did), Some(KEY_PROOF))
            .unwrap()
    }

    pub async fn proof(&self, world: &World) -> String {
        self.proof_for(world, &nonce(world).await, BASE)
    }
}

pub async fn nonce(world: &World) -> String {
    let answer = world.send(TestRequest::post().uri("/oid4vci/nonce")).await;
    assert_eq!((answer.status.as_u16(), answer.header("cache-control")), (200, "no-store"));
    answer.json()["c_nonce"].as_str().unwrap().to_owned()
}

pub async fn form(world: &World, path: &str, fields: &[(&str, &str)]) -> Answer {
    let body = Serializer::new(String::new()).extend_pairs(fields).finish();
    world.post(path, "application/x-www-form-urlencoded", body).await
}

/// An offer of a fresh badge: what the provider is told, and the credential.
pub async fn offered(world: &World, body: &Value) -> (Value, Value) {
    // The same badge again, if it is not the first.
    let issued = world.post_as(&world.trust, "/v1/completions", &completion("a")).await.json();
    let id = issued["credential"]["id"].as_str().unwrap();
    let answer = world.post_as(&world.trust, &format!("/v1/credentials/{id}/offers"), body).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    assert_eq!(answer.header("cache-control"), "no-store");
    (answer.json(), issued)
}

pub fn code(offer: &Value) -> &str {
    offer["offer"]["grants"][PRE_AUTHORISED]["pre-authorized_code"].as_str().unwrap()
}

pub async fn token(world: &World, offer: &Value) -> Value {
    let mut fields = vec![("grant_type", PRE_AUTHORISED), ("pre-authorized_code", code(offer))];
    fields.extend(offer["transactionCode"].as_str().map(|code| ("tx_code", code)));
    let answer = form(world, "/oauth2/token", &fields).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

pub async fn ask(world: &World, path: &str, token: &str, body: &Value) -> Answer {
    let request = TestRequest::post()
        .uri(path)
        .insert_header(("authorization", format!("Bearer {token}")))
        .insert_header(("content-type", "application/json"));
    world.send(request.set_payload(body.to_string())).await
}

pub fn error(answer: &Answer) -> String {
    assert_eq!(answer.header("cache-control"), "no-store");
    answer.json()["error"].as_str().unwrap_or_else(|| panic!("{}", answer.text())).to_owned()
}

/// A badge in a wallet, as SD-JWT VC bound to its key.
pub async fn taken(world: &World, wallet: &Wallet) -> String {
    let (offer, _) = offered(world, &json!({})).await;
    let token = token(world, &offer).await["access_token"].as_str().unwrap().to_owned();
    let body = json!({
        "credential_configuration_id": "badge_dc_sd_jwt", "proofs": {"jwt": [wallet.proof(world).await]}
    });
    let answer = ask(world, "/oid4vci/credential", &token, &body).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()["credentials"][0]["credential"].as_str().unwrap().to_owned()
}

/// A request of the trust's for the sample badge.
pub async fn asked(world: &World, more: &Value) -> Value {
    let mut body =
        json!({"purpose": "To check your training", "achievements": [testkit::catalogue::INTRODUCTION]});
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let answer = world.post_as(&world.trust, "/v1/presentation-requests", &body).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    answer.json()
}

/// What the wallet reads: the claims of the request, and its token.
pub async fn request_object(world: &World, request: &Value) -> (Value, String) {
    let link = url::Url::parse(request["link"].as_str().unwrap()).unwrap();
    assert_eq!(link.scheme(), "openid4vp");
    let of = |name: &str| link.query_pairs().find(|(key, _)| key == name).unwrap().1.into_owned();
    let answer = world.get(&of("request_uri"), "").await;
    assert_eq!(
        (answer.status.as_u16(), answer.header("content-type")),
        (200, "application/oauth-authz-req+jwt")
    );
    let read = jose::read_request_object(&answer.text()).unwrap();
    let claims: Value = serde_json::from_slice(&read.payload).unwrap();
    assert_eq!(claims["client_id"], of("client_id"));
    let keys = world.get("/.well-known/did.json", "application/json").await.json();
    let did = claims["client_id"].as_str().unwrap().strip_prefix("decentralized_identifier:").unwrap();
    assert_eq!(keys["id"], did);
    let methods = keys["verificationMethod"].as_array().unwrap();
    let method = methods.iter().find(|method| method["id"] == read.header.kid.as_deref().unwrap()).unwrap();
    read.verify(&method["publicKeyJwk"]).unwrap();
    (claims, answer.text())
}

pub fn presented(world: &World, wallet: &Wallet, badge: &str, claims: &Value, audience: &Value) -> String {
    let challenge =
        Challenge { nonce: claims["nonce"].as_str().unwrap(), audience: audience.as_str().unwrap() };
    let shown = if badge.ends_with('~') {
        jose::present(badge, &["/credentialSubject/identifier"]).unwrap()
    } else {
        panic!("{badge}")
    };
    jose::bind(&shown, &challenge, world.clock.now(), &wallet.key).unwrap()
}

pub async fn answered(world: &World, claims: &Value, presentation: &str) -> Answer {
    let token = json!({"badge_0_dc_sd_jwt": [presentation]}).to_string();
    form(world, local(claims["response_uri"].as_str().unwrap()), &[("vp_token", &token)]).await
}

pub async fn read(world: &World, request: &Value) -> Value {
    let answer = world.get_as(&world.trust, local(request["url"].as_str().unwrap())).await;
    assert_eq!(
        (answer.status.as_u16(), answer.header("cache-control")),
        (200, "no-store"),
        "{}",
        answer.text()
    );
    answer.json()
}
