//! A holder with a did:key of our own library, and what they say to an exchange.

use actix_web::test::TestRequest;
use ed25519_dalek::{Signer as _, SigningKey};
use model::clock::Clock as _;
use proof::{
    canon::Processor,
    multikey::PublicKey,
    presentation::{Asked, Prepared, presenting},
    suite::{ProofOptions, eddsa_rdfc_2022::SUITE},
};
use serde_json::{Value, json};
use url::Url;

use crate::world::{Answer, World, local};

pub struct Holder(SigningKey);

impl Holder {
    pub fn new(seed: u8) -> Self {
        Self(SigningKey::from_bytes(&[seed; 32]))
    }

    fn multibase(&self) -> String {
        PublicKey::Ed25519(self.0.verifying_key()).to_multibase()
    }

    pub fn did(&self) -> String {
        format!("did:key:{}", self.multibase())
    }

    pub fn presents(&self, credentials: Vec<Value>) -> Value {
        let mut presentation = presenting(&self.did(), credentials);
        if presentation["verifiableCredential"] == json!([]) {
            presentation.as_object_mut().unwrap().remove("verifiableCredential");
        }
        presentation
    }

    pub fn signs(&self, world: &World, presentation: Value, asked: Asked<'_>) -> Value {
        let options = ProofOptions {
            verification_method: format!("{}#{}", self.did(), self.multibase()),
            created: world.clock.now(),
            proof_purpose: "authentication",
        };
        let prepared = Prepared::new(presentation, &SUITE, &options, asked);
        let input = prepared.input(&SUITE, Processor::general()).unwrap();
        let signature = self.0.sign(input.as_ref()).to_bytes();
        prepared.signed(&SUITE, &signature)
    }

    /// Shows credentials as an exchange wants it.
    pub fn shows(&self, world: &World, wanted: &Value, credentials: Vec<Value>) -> Value {
        let asked = Asked { challenge: wanted["challenge"].as_str(), domain: wanted["domain"].as_str() };
        self.signs(world, self.presents(credentials), asked)
    }

    /// Proves the DID as an exchange wants it.
    pub fn proves(&self, world: &World, wanted: &Value) -> Value {
        self.shows(world, wanted, Vec::new())
    }
}

/// What a wallet finds at the address of an interaction.
pub async fn protocols_at(world: &World, url: &str) -> Answer {
    let request = TestRequest::get().uri(local(url)).insert_header(("accept", "application/json"));
    world.send(request).await
}

/// The ways on of an offer or a request.
pub async fn protocols(world: &World, made: &Value) -> Value {
    let answer = protocols_at(world, made["interactionUrl"].as_str().unwrap()).await;
    assert_eq!(
        (answer.status.as_u16(), answer.header("cache-control")),
        (200, "no-store"),
        "{}",
        answer.text()
    );
    answer.json()["protocols"].clone()
}

pub async fn post(world: &World, exchange: &str, message: &Value) -> Answer {
    world.post(exchange, "application/json", message.to_string()).await
}

/// What is wanted of a wallet.
pub async fn begin(world: &World, exchange: &str) -> Value {
    let answer = post(world, exchange, &json!({})).await;
    assert_eq!(
        (answer.status.as_u16(), answer.header("cache-control")),
        (200, "no-store"),
        "{}",
        answer.text()
    );
    answer.json()["verifiablePresentationRequest"].clone()
}

pub fn refused(answer: &Answer, status: u16, problem: &str) {
    assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (status, problem), "{}", answer.text());
}

/// The path of the exchange in the link of the Learner Credential Wallet on a page.
pub fn exchange_of(page: &str) -> String {
    let (_, rest) = page.split_once("href=\"https://lcw.app/request").unwrap();
    let link = format!("https://lcw.app/request{}", rest.split('"').next().unwrap());
    let request = Url::parse(&link).unwrap().query_pairs().next().unwrap().1.into_owned();
    let request: Value = serde_json::from_str(&request).unwrap();
    local(request["protocols"]["vcapi"].as_str().unwrap()).to_owned()
}
