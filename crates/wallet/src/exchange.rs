//! What is said in an exchange of the VC API (W3C VCALM 1.0, "Participate in an exchange"):
//! what a wallet posts, and what it is asked for.

use model::field::FieldError;
use serde_json::{Map, Value, json};

/// Where a presentation stands in a message.
const WRAPPED: &str = "/verifiablePresentation";
/// How a holder may sign: what wallets in use sign with first.
const SUITES: [&str; 5] =
    ["Ed25519Signature2020", "eddsa-rdfc-2022", "ecdsa-rdfc-2019", "eddsa-jcs-2022", "ecdsa-jcs-2019"];
/// The DID methods by which a holder may go.
const METHODS: [&str; 3] = ["key", "jwk", "web"];
/// How queries are told to be wanted together: those without a group are alternatives.
const GROUP: &str = "badges";

/// What a wallet posts to an exchange.
#[derive(Debug, Clone, PartialEq)]
pub enum Message {
    /// It has nothing to say yet: what is wanted of it?
    Begin,
    /// A presentation.
    Presentation {
        /// The presentation, signed.
        presentation: Value,
        /// Whether it is the whole body, as older wallets have it, and is to be answered so.
        is_bare: bool,
    },
}

impl Message {
    /// Reads the body of a message.
    ///
    /// # Errors
    /// What is wrong, with its place, if it is no message of an exchange, is of a kind that
    /// is not taken here, or its presentation is not signed. Whose fault: the wallet's.
    pub fn read(body: Value) -> Result<Self, FieldError> {
        let Value::Object(mut members) = body else {
            return Err(FieldError::new("", "not-an-object", "the body is not an object", "an object"));
        };
        if members.contains_key("type") {
            let presentation = Value::Object(members);
            must_be_signed("", &presentation)?;
            return Ok(Self::Presentation { presentation, is_bare: true });
        }
        // Nothing here is told apart by it, so whatever a wallet sends of it is as good.
        members.remove("referenceId");
        let presentation = members.remove("verifiablePresentation");
        nothing_else(&members)?;
        let Some(presentation) = presentation else { return Ok(Self::Begin) };
        must_be_signed(WRAPPED, &presentation)?;
        Ok(Self::Presentation { presentation, is_bare: false })
    }

    /// The place of the presentation in the message, a JSON Pointer.
    pub fn place(&self) -> &'static str {
        if matches!(self, Self::Presentation { is_bare: false, .. }) { WRAPPED } else { "" }
    }
}

fn nothing_else(members: &Map<String, Value>) -> Result<(), FieldError> {
    let Some(name) = members.keys().next() else { return Ok(()) };
    let (code, detail) = match name.as_str() {
        "verifiablePresentationRequest" => ("not-answered-here", "this service presents nothing itself"),
        "redirectUrl" => ("not-followed-here", "this service goes nowhere else to exchange"),
        _ => ("unknown-member", "this member is not known"),
    };
    let expected = "an empty object, or `verifiablePresentation` alone";
    Err(FieldError::new(format!("/{}", name.replace('~', "~0").replace('/', "~1")), code, detail, expected))
}

fn must_be_signed(place: &str, presentation: &Value) -> Result<(), FieldError> {
    let has_type = |wanted: &str| match presentation.get("type") {
        Some(Value::String(name)) => name == wanted,
        Some(Value::Array(names)) => names.iter().any(|name| name == wanted),
        _ => false,
    };
    if has_type("EnvelopedVerifiablePresentation") {
        return Ok(());
    }
    if !has_type("VerifiablePresentation") {
        let expected = "an object whose `type` holds VerifiablePresentation";
        return Err(FieldError::new(place, "not-a-presentation", "it is no presentation", expected));
    }
    let is_signed = match presentation.get("proof") {
        Some(Value::Array(proofs)) => !proofs.is_empty(),
        Some(Value::Object(_)) => true,
        _ => false,
    };
    if is_signed {
        return Ok(());
    }
    let expected = "a proof by the holder with the challenge and the domain of this exchange";
    Err(FieldError::new(format!("{place}/proof"), "proof-required", "nobody signed it", expected))
}

/// A badge that a holder is asked to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example {
    /// Why, for the holder.
    pub reason: String,
    /// The address of the achievement, if it is to be that one.
    pub achievement: Option<String>,
}

/// What a wallet is asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Demand<'a> {
    /// To be signed by the holder.
    pub challenge: &'a str,
    /// For whom they sign it.
    pub domain: &'a str,
    /// Where it is posted.
    pub endpoint: &'a str,
    /// The badges that are wanted; none when it is enough that the holder signs.
    pub examples: &'a [Example],
    /// The contexts of a badge.
    pub contexts: &'a [Value],
}

impl Demand<'_> {
    /// The message that asks for it (VCALM 1.0, "Verifiable Presentation Request").
    pub fn message(&self) -> Value {
        let suites: Vec<Value> = SUITES.iter().map(|name| json!({ "cryptosuite": name })).collect();
        let mut holder = json!({
            "type": "DIDAuthentication",
            "acceptedMethods": METHODS.map(|name| json!({ "method": name })),
            "acceptedCryptosuites": &suites,
        });
        if let Some(members) = holder.as_object_mut().filter(|_| !self.examples.is_empty()) {
            members.insert("group".to_owned(), GROUP.into());
        }
        let badges = self.examples.iter().map(|wanted| {
            let mut example = json!({
                "@context": self.contexts,
                "type": ["VerifiableCredential", "OpenBadgeCredential"],
            });
            if let (Some(address), Some(members)) = (&wanted.achievement, example.as_object_mut()) {
                members.insert("credentialSubject".to_owned(), json!({"achievement": {"id": address}}));
            }
            json!({
                "type": "QueryByExample",
                "group": GROUP,
                "credentialQuery": {"reason": wanted.reason, "example": example},
            })
        });
        let query: Vec<Value> = badges.chain([holder]).collect();
        json!({
            "verifiablePresentationRequest": {
                "query": query,
                "challenge": self.challenge,
                "domain": self.domain,
                "interact": {
                    "service": [{
                        "type": "UnmediatedHttpPresentationService2021",
                        "serviceEndpoint": self.endpoint,
                    }],
                },
            },
        })
    }
}

/// The message that hands over credentials: to a wallet that wraps presentations, in the
/// same wrapping.
pub fn handed_over(credentials: &[Value], is_bare: bool) -> Value {
    let presentation = json!({
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiablePresentation"],
        "verifiableCredential": credentials,
    });
    if is_bare { presentation } else { json!({ "verifiablePresentation": presentation }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signed() -> Value {
        json!({"type": ["VerifiablePresentation"], "holder": "did:key:z6Mk", "proof": {"type": "DataIntegrityProof"}})
    }

    #[test]
    fn a_wallet_begins_with_nothing_and_presents_wrapped_or_bare() {
        for nothing in [json!({}), json!({"referenceId": "urn:uuid:1"})] {
            assert_eq!(Message::read(nothing), Ok(Message::Begin));
        }
        let wrapped = Message::read(json!({"verifiablePresentation": signed()})).unwrap();
        assert_eq!(wrapped, Message::Presentation { presentation: signed(), is_bare: false });
        let bare = Message::read(signed()).unwrap();
        assert_eq!(bare, Message::Presentation { presentation: signed(), is_bare: true });
        assert_eq!((wrapped.place(), bare.place()), ("/verifiablePresentation", ""));
        let envelope =
            json!({"type": "EnvelopedVerifiablePresentation", "id": "data:application/vp+jwt,a.b.c"});
        assert!(Message::read(json!({"verifiablePresentation": envelope})).is_ok());
    }

    #[test]
    fn what_is_no_message_is_refused_by_its_place() {
        let unsigned = json!({"type": ["VerifiablePresentation"], "holder": "did:key:z6Mk"});
        for (body, pointer, code) in [
            (json!([]), "", "not-an-object"),
            (json!({"x/y": 1}), "/x~1y", "unknown-member"),
            (
                json!({"verifiablePresentationRequest": {}}),
                "/verifiablePresentationRequest",
                "not-answered-here",
            ),
            (json!({"redirectUrl": "https://a.example.org"}), "/redirectUrl", "not-followed-here"),
            (json!({"verifiablePresentation": signed(), "extra": 1}), "/extra", "unknown-member"),
            (json!({"verifiablePresentation": "x"}), "/verifiablePresentation", "not-a-presentation"),
            (json!({"verifiablePresentation": null}), "/verifiablePresentation", "not-a-presentation"),
            (json!({"type": "VerifiableCredential"}), "", "not-a-presentation"),
            (json!({"verifiablePresentation": unsigned}), "/verifiablePresentation/proof", "proof-required"),
            (json!({"type": "VerifiablePresentation", "proof": []}), "/proof", "proof-required"),
        ] {
            let error = Message::read(body.clone()).unwrap_err();
            assert_eq!((error.pointer.as_str(), error.code), (pointer, code), "{body}");
        }
    }

    #[test]
    fn a_wallet_is_asked_to_sign_and_to_show_what_is_wanted_together() {
        let examples = [
            Example {
                reason: "To check your training: First".to_owned(),
                achievement: Some("https://badges.example.org/achievements/a/1".to_owned()),
            },
            Example { reason: "To check your training: Second".to_owned(), achievement: None },
        ];
        let contexts = [json!("https://www.w3.org/ns/credentials/v2")];
        let mut demand = Demand {
            challenge: "c",
            domain: "https://badges.example.org",
            endpoint: "https://badges.example.org/v1/exchanges/x",
            examples: &examples,
            contexts: &contexts,
        };
        let asked = demand.message()["verifiablePresentationRequest"].clone();
        assert_eq!(
            (&asked["challenge"], &asked["domain"]),
            (&json!("c"), &json!("https://badges.example.org"))
        );
        assert_eq!(asked["interact"]["service"][0]["serviceEndpoint"], demand.endpoint);
        let query = asked["query"].as_array().unwrap();
        // "Logical operations in queries": what has one group is wanted together.
        assert!(query.iter().all(|one| one["group"] == "badges"), "{query:#?}");
        let first = &query[0]["credentialQuery"]["example"];
        assert_eq!(
            first["credentialSubject"]["achievement"]["id"],
            "https://badges.example.org/achievements/a/1"
        );
        assert!(query[1]["credentialQuery"]["example"].get("credentialSubject").is_none());
        assert_eq!(query[2]["type"], "DIDAuthentication");

        demand.examples = &[];
        let asked = demand.message()["verifiablePresentationRequest"].clone();
        let query = asked["query"].as_array().unwrap();
        assert_eq!((query.len(), &query[0]["type"]), (1, &json!("DIDAuthentication")));
        assert_eq!(query[0]["acceptedMethods"][0], json!({"method": "key"}));
        assert!(query[0].get("group").is_none());
    }

    #[test]
    fn a_badge_is_handed_over_in_the_words_it_was_asked_for() {
        let badge = json!({"type": ["VerifiableCredential"]});
        let bare = handed_over(std::slice::from_ref(&badge), true);
        assert_eq!(bare["verifiableCredential"], json!([badge]));
        assert_eq!(handed_over(&[badge], false), json!({ "verifiablePresentation": bare }));
    }
}
