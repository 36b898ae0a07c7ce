//! A badge in every form in which it can be signed.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::Signer as _;
use jose::{Algorithm, Challenge, Concealed, PrivateKey, sign_compact};
use p256::pkcs8::EncodePrivateKey as _;
use proof::canon::{Hash, Processor, canonicalise, to_quads};
use proof::jcs;
use proof::multikey::PublicKey;
use proof::suite::ecdsa_sd_2023::{self, Fresh, derive, essential, prepare};
use proof::suite::{self, Configuration, ProofError, ProofOptions, SigningInput, Suite};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256, Sha384};
use verification::Submission;

use crate::jwt_badges::did_jwk;
use crate::support::*;

/// How a form says what it means.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// By RDF statements: order and way of writing do not matter.
    Statements,
    /// By JSON values (JCS): the order of members does not matter.
    Json,
    /// By its very bytes.
    Text,
    /// By its bytes too, but its holder may withhold what can be disclosed.
    Disclosures,
}

/// A signed badge.
pub struct Form {
    pub name: &'static str,
    pub meaning: Meaning,
    pub signed: String,
    /// So many different reasons are at least among its refusals.
    pub least_reasons: usize,
    /// A status list that it names, signed too.
    list: Option<Value>,
}

impl Form {
    pub fn is_json(&self) -> bool {
        matches!(self.meaning, Meaning::Statements | Meaning::Json)
    }

    pub fn web(&self) -> Web {
        let web = Web::default();
        match &self.list {
            Some(list) => web.with(LIST, list),
            None => web,
        }
    }

    pub fn submitted(&self, text: &str) -> Submission {
        match self.meaning {
            Meaning::Statements | Meaning::Json => Submission::Json(text.into()),
            Meaning::Text => Submission::Jwt(text.into()),
            Meaning::Disclosures => Submission::SdJwt(text.into()),
        }
    }
}

pub fn all() -> Vec<Form> {
    let statements = |name, signed: Value| {
        let signed = serde_json::to_string_pretty(&signed).unwrap();
        Form { name, meaning: Meaning::Statements, signed, least_reasons: 8, list: None }
    };
    let json = |name, signed| Form { meaning: Meaning::Json, ..statements(name, signed) };
    let key = issuer();
    let with_list = with_status(full(&key.did()), "94567", "revocation");
    let list = key.sign(status_list(&key.did(), "revocation", &[1]));
    vec![
        statements("eddsa-rdfc-2022", ed25519(&suite::eddsa_rdfc_2022::SUITE, suite::eddsa_rdfc_2022::NAME)),
        json("eddsa-jcs-2022", ed25519(&suite::eddsa_jcs_2022::SUITE, suite::eddsa_jcs_2022::NAME)),
        statements("ecdsa-rdfc-2019", p256(&suite::ecdsa_rdfc_2019::SUITE, suite::ecdsa_rdfc_2019::NAME)),
        json("ecdsa-jcs-2019", p256(&suite::ecdsa_jcs_2019::SUITE, suite::ecdsa_jcs_2019::NAME)),
        statements("ecdsa-rdfc-2019 by P-384", p384(&suite::ecdsa_rdfc_2019::SUITE)),
        json("ecdsa-jcs-2019 by P-384", p384(&suite::ecdsa_jcs_2019::SUITE)),
        statements("ecdsa-sd-2023", disclosed()),
        statements("Ed25519Signature2020", of_2020()),
        statements("a set of two proofs", key.sign(key.sign(full(&key.did())))),
        statements("a chain of three proofs", chain()),
        Form { list: Some(list), ..statements("with a status list", key.sign(with_list)) },
        token("VC-JWT by ES256", Algorithm::Es256, "JWT"),
        token("VC-JWT by RS256", Algorithm::Rs256, "JWT"),
        token("vc+jwt", Algorithm::Es256, "vc+jwt"),
        sd_jwt(),
        bound_sd_jwt(),
    ]
}

/// The badge with something of everything that JSON-LD reads in its own way.
fn full(id: &str) -> Value {
    let mut badge = badge(id);
    badge["name"] = json!("Dylunio â'r defnyddiwr");
    badge["issuer"]["url"] = json!("https://academy.example.org/");
    let achievement = &mut badge["credentialSubject"]["achievement"];
    achievement["tag"] = json!(["design", "research"]);
    achievement["image"] =
        json!({"id": "https://badges.example.org/ucd.png", "type": "Image", "caption": "A badge"});
    achievement["resultDescription"] = json!([{
        "id": "urn:uuid:2f1c0a52-6c0e-4f3f-9d5e-0d6c8a3f6b11",
        "type": ["ResultDescription"],
        "name": "Grade",
        "resultType": "LetterGrade",
        "allowedValue": ["fail", "pass", "merit"]
    }]);
    badge["credentialSubject"]["result"] = json!([{
        "type": ["Result"],
        "resultDescription": "urn:uuid:2f1c0a52-6c0e-4f3f-9d5e-0d6c8a3f6b11",
        "value": "pass"
    }]);
    badge
}

fn configuration(name: &str, method: &str) -> Configuration {
    let options = ProofOptions {
        verification_method: method.to_owned(),
        created: "2026-01-01T00:00:00Z".parse().unwrap(),
        proof_purpose: suite::ASSERTION_METHOD,
    };
    Configuration::new(name, &options).for_domain("academy.example.org")
}

fn ed25519(suite: &Suite, name: &str) -> Value {
    let key = issuer();
    let document = full(&key.did());
    let made = configuration(name, &key.method());
    let input = suite.signing_input(Processor::known(), &document, &made).unwrap();
    let signature = ed25519_dalek::SigningKey::from_bytes(&[1; 32]).sign(input.as_ref()).to_bytes();
    let proof = suite.proof(&document, made, &signature);
    suite::add(document, proof)
}

fn p256(suite: &Suite, name: &str) -> Value {
    let key = p256::ecdsa::SigningKey::from_slice(&[3; 32]).unwrap();
    let public = PublicKey::p256(key.verifying_key().to_sec1_point(true).as_bytes()).unwrap().to_multibase();
    let document = full(&format!("did:key:{public}"));
    let made = configuration(name, &format!("did:key:{public}#{public}"));
    let input = suite.signing_input(Processor::known(), &document, &made).unwrap();
    let proof = suite.proof(&document, made, &suite::sign_p256(&key, &input));
    suite::add(document, proof)
}

/// By a curve that we verify with and do not sign with: what is signed is put
/// together here, with SHA-384 in the labels of blank nodes too.
fn p384(suite: &Suite) -> Value {
    let key = p384::ecdsa::SigningKey::from_slice(&[3; 48]).unwrap();
    let public = PublicKey::p384(key.verifying_key().to_sec1_point(true).as_bytes()).unwrap().to_multibase();
    let document = full(&format!("did:key:{public}"));
    let made = configuration(suite.name, &format!("did:key:{public}#{public}"));
    let mut signed = suite.proof(&document, made.clone(), &[]);
    signed.as_object_mut().unwrap().shift_remove("proofValue");
    signed["@context"] = document["@context"].clone();
    let canonical = |value: &Value| match suite.name {
        suite::ecdsa_jcs_2019::NAME => jcs::canonicalise(value).unwrap(),
        _ => canonicalise(&to_quads(value).unwrap(), Hash::Sha384).unwrap().nquads,
    };
    let input = [&signed, &document].map(|value| Sha384::digest(canonical(value))).concat();
    let signature: p384::ecdsa::Signature = p384::ecdsa::signature::Signer::sign(&key, &input);
    let proof = suite.proof(&document, made, &signature.to_bytes());
    suite::add(document, proof)
}

/// As it was signed before Data Integrity 1.0: the value is that of
/// `eddsa-rdfc-2022` over a proof of the older type.
fn of_2020() -> Value {
    let key = issuer();
    let mut document = full(&key.did());
    document["@context"]
        .as_array_mut()
        .unwrap()
        .push(json!("https://w3id.org/security/suites/ed25519-2020/v1"));
    let mut proof = json!({
        "@context": document["@context"],
        "type": "Ed25519Signature2020",
        "created": "2026-01-01T00:00:00Z",
        "verificationMethod": key.method(),
        "proofPurpose": suite::ASSERTION_METHOD,
    });
    let canonical = |value| proof::canon::canonical_nquads(value).unwrap();
    let input = [&proof, &document].map(|value| Sha256::digest(canonical(value))).concat();
    proof.as_object_mut().unwrap().shift_remove("@context");
    proof["proofValue"] = json!(format!("z{}", bs58::encode(key.sign_bytes(&input)).into_string()));
    suite::add(document, proof)
}

/// A proof, one that builds on it, and one that builds on both.
fn chain() -> Value {
    let key = issuer();
    let suite = &suite::eddsa_rdfc_2022::SUITE;
    let ids = ["urn:uuid:1", "urn:uuid:2", "urn:uuid:3"];
    ids.iter().enumerate().fold(full(&key.did()), |document, (place, id)| {
        let mut made = configuration(suite.name, &key.method()).identified(id);
        if place > 0 {
            made = made.after(&ids[..place]);
        }
        let sign = |input: &SigningInput| Ok::<_, ProofError>(key.sign_bytes(input.as_ref()));
        let proof = suite.prove(Processor::known(), &document, made, sign).unwrap();
        suite::add(document, proof)
    })
}

/// What a holder shows of a badge that can be disclosed in parts.
fn disclosed() -> Value {
    let key = p256::ecdsa::SigningKey::from_slice(&[3; 32]).unwrap();
    let public = PublicKey::p256(key.verifying_key().to_sec1_point(true).as_bytes()).unwrap().to_multibase();
    let document = full(&format!("did:key:{public}"));
    let made = configuration(ecdsa_sd_2023::NAME, &format!("did:key:{public}#{public}"));
    let fresh = Fresh::new([3; 32], &[5; 32]).unwrap();
    let mandatory = essential(&document);
    let prepared = prepare(Processor::known(), &document, made, &mandatory, &fresh).unwrap();
    let signature = suite::sign_p256(&key, prepared.signing_input());
    let base = suite::add(document, prepared.proof(&signature));
    let chosen = ["/credentialSubject/result", "/credentialSubject/achievement/tag"].map(str::to_owned);
    derive(Processor::known(), &base, &base["proof"], &chosen).unwrap()
}

fn es256(seed: u8) -> PrivateKey {
    let der = p256::SecretKey::from_slice(&[seed; 32]).unwrap().to_pkcs8_der().unwrap();
    PrivateKey::from_pkcs8_der(der.as_bytes(), Algorithm::Es256).unwrap()
}

/// Of a badge, what its holder can withhold.
const WITHHELD: [&str; 3] =
    ["/credentialSubject/identifier", "/credentialSubject/result", "/credentialSubject/achievement/tag"];

fn sd_jwt() -> Form {
    let signed = sd_jwt_bound_to(None);
    Form { name: "SD-JWT VC", meaning: Meaning::Disclosures, signed, least_reasons: 3, list: None }
}

/// Two of the disclosures, signed by the holder.
fn bound_sd_jwt() -> Form {
    let holder = es256(7);
    let shown = jose::present(&sd_jwt_bound_to(Some(&holder)), &WITHHELD[..2]).unwrap();
    let asked = Challenge { nonce: "n-0S6_WzA2Mj", audience: "https://employer.example.org" };
    let signed = jose::bind(&shown, &asked, now(), &holder).unwrap();
    let name = "SD-JWT VC with key binding";
    Form { name, meaning: Meaning::Disclosures, signed, least_reasons: 4, list: None }
}

fn sd_jwt_bound_to(holder: Option<&PrivateKey>) -> String {
    let key = es256(5);
    let id = did_jwk(&key);
    let holder = holder.map(PrivateKey::public_jwk);
    let claims =
        jose::sd_jwt_claims(&full(&id), "https://badges.example.org/types/award", 0, holder).unwrap();
    let mut salt = |pointer: &str| URL_SAFE_NO_PAD.encode(format!("{pointer:32}"));
    let concealed = Concealed::new(claims, &WITHHELD, &mut salt).unwrap();
    let jws =
        sign_compact(concealed.payload().as_bytes(), &key, &format!("{id}#0"), Some("dc+sd-jwt")).unwrap();
    concealed.with_signature(&jws)
}

fn token(name: &'static str, algorithm: Algorithm, typ: &str) -> Form {
    // Every run makes the same tokens, but for RSA, whose keys cannot be made from a seed.
    let key = match algorithm {
        Algorithm::Rs256 => PrivateKey::generate(algorithm).unwrap(),
        Algorithm::Es256 => es256(5),
    };
    let id = did_jwk(&key);
    let payload = match typ {
        "JWT" => jose::credential_claims(&full(&id)).unwrap(),
        _ => full(&id),
    };
    let signed = sign_compact(payload.to_string().as_bytes(), &key, &format!("{id}#0"), Some(typ)).unwrap();
    // It has to be one that survives being read and written again.
    assert_eq!(
        URL_SAFE_NO_PAD.decode(signed.split('.').nth(1).unwrap()).unwrap(),
        payload.to_string().as_bytes()
    );
    Form { name, meaning: Meaning::Text, signed, least_reasons: 3, list: None }
}
