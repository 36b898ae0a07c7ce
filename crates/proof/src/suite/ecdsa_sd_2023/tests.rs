use proptest::prelude::*;
use serde_json::json;

use super::derived::verify_by;
use super::value::{BaseValue, DerivedValue, ProofValue};
use super::*;
use crate::multikey::PublicKey;
use crate::sample::badge;
use crate::suite::verifying::p256_matches;
use crate::suite::{ASSERTION_METHOD, Configuration, Expected, ProofOptions, add, sign_p256};

const MANDATORY: [&str; 3] = ["/issuer", "/validFrom", "/credentialStatus"];

fn issuer() -> (p256::ecdsa::SigningKey, PublicKey) {
    let secret = p256::ecdsa::SigningKey::from_slice(&[7; 32]).unwrap();
    let public = PublicKey::p256(secret.verifying_key().to_sec1_point(true).as_bytes()).unwrap();
    (secret, public)
}

fn fresh() -> Fresh {
    Fresh::new([3; 32], &[5; 32]).unwrap()
}

fn configuration() -> Configuration {
    let options = ProofOptions {
        verification_method: "did:web:badges.example.org#key-1".into(),
        created: "2026-03-01T09:00:00Z".parse().unwrap(),
        proof_purpose: ASSERTION_METHOD,
    };
    Configuration::new(NAME, &options)
}

fn pointers(pointers: &[&str]) -> Vec<String> {
    pointers.iter().map(|pointer| (*pointer).to_owned()).collect()
}

fn signed(document: &Value, mandatory: &[&str]) -> Value {
    let prepared =
        prepare(Processor::known(), document, configuration(), &pointers(mandatory), &fresh()).unwrap();
    let signature = sign_p256(&issuer().0, prepared.signing_input());
    add(document.clone(), prepared.proof(&signature))
}

fn disclose(base: &Value, chosen: &[&str]) -> Result<Value, ProofError> {
    derive(Processor::known(), base, &base["proof"], &pointers(chosen))
}

fn check(document: &Value) -> Result<(), ProofError> {
    verify(Processor::known(), document, &document["proof"], &issuer().1, &Expected::default())
}

/// A credential with an ordered list, and one with a graph within, an
/// endorsement that is signed itself.
fn endorsed() -> Value {
    let mut endorsed = badge();
    endorsed["endorsement"] = json!([{
        "@context": badge()["@context"],
        "type": ["VerifiableCredential", "EndorsementCredential"],
        "issuer": {"id": "did:web:body.example.org", "type": ["Profile"], "name": "Sample Body"},
        "validFrom": "2026-03-02T09:00:00Z",
        "name": "Endorsement",
        "credentialSubject": {
            "id": "https://badges.example.org/achievements/user-centred-design/1",
            "type": ["EndorsementSubject"],
            "endorsementComment": "Well taught."
        },
        "proof": {
            "type": "DataIntegrityProof",
            "cryptosuite": "eddsa-rdfc-2022",
            "created": "2026-03-02T09:00:00Z",
            "verificationMethod": "did:web:body.example.org#key-1",
            "proofPurpose": "assertionMethod",
            "proofValue": "z3vFxkDnC5ueoLxb8Bn8LWqL2uiPVJX8pUsdBvBJQPAhKHbqEJWNkjYmu5dEvhBbKoU4jh4gRHg1dBYxYVRyPgXpE"
        }
    }]);
    endorsed
}

#[test]
fn a_holder_discloses_what_the_issuer_asks_for_and_what_they_choose() {
    let base = signed(&badge(), &MANDATORY);
    let derived = disclose(
        &base,
        &["/credentialSubject/achievement/name", "/credentialSubject/result/0/value", "/name"],
    )
    .unwrap();
    assert_eq!(check(&derived), Ok(()));
    assert_eq!(derived["issuer"], badge()["issuer"]);
    assert_eq!(derived["credentialSubject"]["achievement"].as_object().unwrap().len(), 3);
    assert_eq!(derived["credentialSubject"]["result"], json!([{"type": ["Result"], "value": "merit"}]));
    assert!(derived.get("awardedDate").is_none());
    // Nothing but the mandatory parts.
    let least = disclose(&base, &[]).unwrap();
    assert_eq!(check(&least), Ok(()));
    assert!(least.get("credentialSubject").is_none());
    // Everything.
    assert_eq!(check(&disclose(&base, &[""]).unwrap()), Ok(()));
}

#[test]
fn lists_and_graphs_are_disclosed_whole() {
    let list = "/credentialSubject/achievement/resultDescription/0/allowedValue";
    for document in [badge(), endorsed()] {
        let base = signed(&document, &MANDATORY);
        assert_eq!(check(&disclose(&base, &[list]).unwrap()), Ok(()));
        let some = disclose(&base, &[&format!("{list}/1")]);
        assert!(matches!(some, Err(ProofError::Pointer { .. })), "{some:?}");
    }
    let base = signed(&endorsed(), &["/endorsement/0/proof"]);
    for chosen in ["/endorsement/0/credentialSubject/endorsementComment", "/endorsement/0", "/name"] {
        assert_eq!(check(&disclose(&base, &[chosen]).unwrap()), Ok(()), "{chosen}");
    }
}

#[test]
fn nothing_that_was_disclosed_can_be_changed_added_or_taken_away() {
    let base = signed(&badge(), &MANDATORY);
    let derived = disclose(&base, &["/credentialSubject/achievement", "/awardedDate"]).unwrap();
    let changed = |change: &dyn Fn(&mut Value)| {
        let mut changed = derived.clone();
        change(&mut changed);
        assert_ne!(changed, derived);
        check(&changed)
    };
    let mismatch = Err(ProofError::SignatureMismatch);
    assert_eq!(changed(&|it| it["awardedDate"] = json!("2026-02-27T16:20:01Z")), mismatch);
    assert_eq!(changed(&|it| it["issuer"]["name"] = json!("Sample Academi")), mismatch);
    assert_eq!(changed(&|it| it["validUntil"] = json!("2099-01-01T00:00:00Z")), mismatch);
    for member in ["credentialStatus", "validFrom", "awardedDate", "credentialSubject"] {
        assert_eq!(changed(&|it| drop(it.as_object_mut().unwrap().shift_remove(member))), mismatch);
    }
    assert_eq!(changed(&|it| it["proof"]["created"] = json!("2026-03-01T09:00:01Z")), mismatch);
    assert!(changed(&|it| it["note"] = json!("undefined")).is_err());
    let other = PublicKey::from_multibase("zDnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU2169").unwrap();
    let by_other = verify(Processor::known(), &derived, &derived["proof"], &other, &Expected::default());
    assert_eq!(by_other, mismatch);
}

#[test]
fn a_base_proof_is_for_the_holder() {
    let base = signed(&badge(), &MANDATORY);
    assert_eq!(check(&base), Err(ProofError::BaseProof));
    let (_, key) = issuer();
    let expected = Expected::default();
    let known = Processor::known();
    assert_eq!(verify_base(known, &base, &base["proof"], &key, &expected), Ok(()));
    let mut changed = base.clone();
    changed["name"] = json!("User-centred design");
    assert_eq!(
        verify_base(known, &changed, &base["proof"], &key, &expected),
        Err(ProofError::SignatureMismatch)
    );
    let derived = disclose(&base, &[""]).unwrap();
    assert!(matches!(disclose(&derived, &[]), Err(ProofError::Member { member: "proofValue", .. })));
}

#[test]
fn what_cannot_be_disclosed_is_refused() {
    let base = signed(&badge(), &[]);
    for (chosen, pointer) in
        [("/credentialSubject/id", "/credentialSubject/id"), ("name", "name"), ("/proof", "/proof")]
    {
        match disclose(&base, &[chosen]) {
            Err(ProofError::Pointer { pointer: named, .. }) => assert_eq!(named, pointer),
            other => panic!("{chosen}: {other:?}"),
        }
    }
    assert!(matches!(disclose(&base, &[]), Err(ProofError::Pointer { .. })));
    let chained = configuration().after(&["urn:proof:1"]);
    let refused = prepare(Processor::known(), &badge(), chained, &[], &fresh()).err();
    assert!(matches!(refused, Some(ProofError::Member { member: "previousProof", .. })));
    let ed25519 = PublicKey::from_multibase("z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK").unwrap();
    let derived = disclose(&base, &["/name"]).unwrap();
    assert!(matches!(
        verify(Processor::known(), &derived, &derived["proof"], &ed25519, &Expected::default()),
        Err(ProofError::KeyType { .. })
    ));
}

#[test]
fn keys_are_drawn_until_they_are_keys() {
    let mut draws = 0;
    // The first two are no key, as one in 2^32.
    let drawn = Fresh::draw(|bytes| {
        draws += 1;
        bytes.fill(if draws <= 2 { 0xff } else { 1 });
    });
    assert!(drawn.is_ok());
    assert_eq!(draws, 4);
    assert!(matches!(Fresh::draw(|bytes| bytes.fill(0)), Err(ProofError::Entropy)));
}

/// Labels that are not all different would make two nodes one.
#[test]
fn a_derived_proof_cannot_merge_nodes_or_count_statements_twice() {
    let derived = disclose(&signed(&badge(), &MANDATORY), &["/credentialSubject/achievement"]).unwrap();
    let with = |change: &dyn Fn(&mut DerivedValue)| {
        let ProofValue::Derived(mut value) = ProofValue::read(derived["proof"].as_object().unwrap()).unwrap()
        else {
            panic!("it is derived")
        };
        change(&mut value);
        let mut changed = derived.clone();
        changed["proof"]["proofValue"] = value.write().into();
        check(&changed)
    };
    assert_eq!(with(&|_| {}), Ok(()));
    let malformed = |verdict| matches!(verdict, Err(ProofError::Member { member: "proofValue", .. }));
    assert!(malformed(with(&|value| value.labels[1] = value.labels[0])));
    assert!(malformed(with(&|value| value.mandatory.swap(0, 1))));
    let mismatch = Err(ProofError::SignatureMismatch);
    assert_eq!(with(&|value| value.labels.push([9; 32])), mismatch);
    assert_eq!(with(&|value| value.labels.truncate(1)), mismatch);
    assert_eq!(with(&|value| value.labels.swap(0, 1)), mismatch);
    assert_eq!(with(&|value| value.mandatory.push(10_000)), mismatch);
    assert_eq!(with(&|value| value.mandatory.truncate(1)), mismatch);
    assert_eq!(with(&|value| value.signatures.swap(0, 1)), mismatch);
    assert_eq!(with(&|value| value.signatures.push([1; 64])), mismatch);
    let another = issuer().1.to_multicodec().try_into().unwrap();
    assert_eq!(with(&|value| value.statements_key = another), mismatch);
}

/// How many signatures verifying costs, and what comes of it.
fn cost(document: &Value) -> (usize, Result<(), ProofError>) {
    let verified = std::cell::Cell::new(0);
    let counting = |key: &_, message: &_, signature: &_| {
        verified.set(verified.get() + 1);
        p256_matches(key, message, signature)
    };
    let known = Processor::known();
    let verdict = verify_by(counting, known, document, &document["proof"], &issuer().1, &Expected::default());
    (verified.get(), verdict)
}

/// A badge of some thirty statements and one more for each of its tags.
fn tagged(tags: usize) -> Value {
    let mut badge = badge();
    badge["credentialSubject"]["achievement"]["tag"] = (0..tags).map(|tag| tag.to_string()).collect();
    badge
}

/// The work is one signature more than there are statements signed apart, of
/// which there cannot be many; a proof that is none of the issuer's costs one.
#[test]
fn hostile_proofs_cost_little() {
    let changed = |document: &Value, change: &dyn Fn(&mut DerivedValue)| {
        let ProofValue::Derived(mut value) =
            ProofValue::read(document["proof"].as_object().unwrap()).unwrap()
        else {
            panic!("it is derived")
        };
        change(&mut value);
        let mut changed = document.clone();
        changed["proof"]["proofValue"] = value.write().into();
        changed
    };
    let tags = MOST_STATEMENTS - 100;
    let derived = disclose(&signed(&tagged(tags), &MANDATORY), &[""]).unwrap();
    let (all, verdict) = cost(&derived);
    assert_eq!(verdict, Ok(()));
    assert!((tags..=MOST_STATEMENTS + 1).contains(&all), "{all}");
    assert_eq!(statements(&derived["proof"]) + 1, all);
    assert_eq!(statements(&signed(&badge(), &MANDATORY)["proof"]), 0, "a base proof is not verified");

    let by_another = changed(&derived, &|value| value.signature = value.signatures[0]);
    assert_eq!(cost(&by_another), (1, Err(ProofError::SignatureMismatch)));
    let one_more = changed(&derived, &|value| value.signatures.push([1; 64]));
    assert_eq!(cost(&one_more), (0, Err(ProofError::SignatureMismatch)));
    // As many as a document of 256 KiB can hold, whatever it states.
    let many = changed(&derived, &|value| value.signatures = vec![value.signatures[0]; 2_900]);
    assert_eq!(cost(&many), (0, Err(ProofError::TooManyStatements(2_900))));
}

#[test]
fn no_more_is_signed_than_is_verified() {
    let sign = |tags, mandatory: &[&str]| {
        prepare(Processor::known(), &tagged(tags), configuration(), &pointers(mandatory), &fresh()).map(drop)
    };
    let Err(ProofError::TooManyStatements(statements)) = sign(MOST_STATEMENTS, &[]) else {
        panic!("a badge states more than its tags")
    };
    let fits = MOST_STATEMENTS - (statements - MOST_STATEMENTS);
    assert_eq!(sign(fits, &[]), Ok(()));
    assert_eq!(sign(fits + 1, &[]), Err(ProofError::TooManyStatements(MOST_STATEMENTS + 1)));
    assert_eq!(sign(MOST_STATEMENTS, &["/credentialSubject/achievement/tag"]), Ok(()));
}

/// Every place of a document that a pointer can name.
fn places(value: &Value, at: &str, out: &mut Vec<String>) {
    let named: Vec<(String, &Value)> = match value {
        Value::Object(members) => {
            members.iter().map(|(name, value)| (name.replace('/', "~1"), value)).collect()
        }
        Value::Array(items) => items.iter().enumerate().map(|(i, item)| (i.to_string(), item)).collect(),
        _ => Vec::new(),
    };
    for (name, value) in named.into_iter().filter(|(name, _)| name != "@context") {
        let here = format!("{at}/{name}");
        places(value, &here, out);
        out.push(here);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Whatever is mandatory and whatever is chosen, what is derived verifies.
    #[test]
    fn every_choice_verifies(
        mandatory in prop::collection::vec(any::<prop::sample::Index>(), 0..6),
        chosen in prop::collection::vec(any::<prop::sample::Index>(), 1..8),
    ) {
        let document = endorsed();
        let mut all = Vec::new();
        places(&document, "", &mut all);
        // Items of the ordered list cannot be chosen one by one.
        all.retain(|pointer| !pointer.contains("allowedValue/"));
        let pick = |indexes: &[prop::sample::Index]| -> Vec<&str> {
            indexes.iter().map(|index| index.get(&all).as_str()).collect()
        };
        let base = signed(&document, &pick(&mandatory));
        let derived = disclose(&base, &pick(&chosen)).unwrap();
        prop_assert_eq!(check(&derived), Ok(()));
    }

    /// Proof values are read only as they are written.
    #[test]
    fn no_proof_value_panics(bytes in prop::collection::vec(any::<u8>(), 0..200), base in any::<bool>()) {
        let header = [0xd9, 0x5d, u8::from(!base), 0x85];
        let text = format!("u{}", base64::Engine::encode(
            &base64::engine::general_purpose::URL_SAFE_NO_PAD, [&header[..], &bytes].concat()));
        let proof = json!({"proofValue": text});
        match ProofValue::read(proof.as_object().unwrap()) {
            Ok(ProofValue::Base(value)) => prop_assert_eq!(BaseValue::write(&value), text),
            Ok(ProofValue::Derived(value)) => prop_assert_eq!(value.write(), text),
            Err(_) => {}
        }
    }
}
