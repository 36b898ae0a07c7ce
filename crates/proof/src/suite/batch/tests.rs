use curve25519_dalek::constants::EIGHT_TORSION;
use ed25519_dalek::{Signer as _, SigningKey, VerifyingKey};

use super::*;
use crate::sample::badge;
use crate::suite::{self, ASSERTION_METHOD, ProofOptions, eddsa_rdfc_2022};

fn strict(key: &[u8; 32], message: &[u8], signature: &[u8; 64]) -> bool {
    VerifyingKey::from_bytes(key)
        .is_ok_and(|key| key.verify_strict(message, &Signature::from_bytes(signature)).is_ok())
}

fn tabled(key: &[u8; 32], message: &[u8], signature: &[u8; 64]) -> bool {
    let (Some(table), Some(large)) = (Tabled::small(key), Tabled::large(key)) else { return false };
    let by = |table: &Tabled| {
        let begun = |message: &[u8]| table.begin(message, signature).map(|point| Begun(Some(point)));
        // Beside others that are bad and good by no point.
        let answers = conclude(vec![begun(b"another"), Ok(Begun(None)), begun(message)]);
        assert_eq!((&answers[0], &answers[1]), (&Err(ProofError::SignatureMismatch), &Ok(())));
        answers[2].is_ok()
    };
    assert_eq!(by(&table), by(&large));
    by(&table)
}

/// `R` and the key with points of small order added; the signature fits if the
/// cofactor is left out of nothing.
fn with_torsion(
    secret: u64,
    of_r: &EdwardsPoint,
    of_key: &EdwardsPoint,
    message: &[u8],
) -> ([u8; 32], [u8; 64]) {
    let (a, r) = (Scalar::from(secret), Scalar::from(secret + 1));
    let key = (EdwardsPoint::mul_base(&a) + of_key).compress().to_bytes();
    let point = (EdwardsPoint::mul_base(&r) + of_r).compress().to_bytes();
    let k = Scalar::from_hash(Sha512::new().chain_update(point).chain_update(key).chain_update(message));
    let mut signature = [0; 64];
    signature[..32].copy_from_slice(&point);
    signature[32..].copy_from_slice((r + k * a).as_bytes());
    (key, signature)
}

#[test]
fn tables_say_what_strict_verification_says_of_points_with_torsion() {
    let (mut good, mut bad) = (0, 0);
    for secret in 2..12 {
        for of_r in &EIGHT_TORSION {
            for of_key in &EIGHT_TORSION {
                let (key, signature) = with_torsion(secret, of_r, of_key, b"a badge");
                let expected = strict(&key, b"a badge", &signature);
                assert_eq!(tabled(&key, b"a badge", &signature), expected);
                if expected { good += 1 } else { bad += 1 }
            }
        }
    }
    // Of the good ones, those without torsion are only ten.
    assert!(good > 20 && bad > 400, "{good} {bad}");
}

#[test]
fn tables_refuse_small_orders_and_other_forms() {
    let secret = SigningKey::from_bytes(&[7; 32]);
    let key = secret.verifying_key().to_bytes();
    let signature = secret.sign(b"a badge").to_bytes();
    assert!(tabled(&key, b"a badge", &signature));
    for bit in 0..512 {
        let mut changed = signature;
        changed[bit / 8] ^= 1 << (bit % 8);
        assert!(!tabled(&key, b"a badge", &changed), "{bit}");
        assert!(!strict(&key, b"a badge", &changed), "{bit}");
    }
    // S + L is the same number modulo L.
    let order = (-Scalar::ONE).to_bytes();
    let mut carry = 1;
    let mut malleable = signature;
    for (byte, add) in malleable[32..].iter_mut().zip(order) {
        let sum = u16::from(*byte) + u16::from(add) + carry;
        (*byte, carry) = (sum.to_le_bytes()[0], sum >> 8);
    }
    assert!(!tabled(&key, b"a badge", &malleable) && !strict(&key, b"a badge", &malleable));
    for small in &EIGHT_TORSION {
        assert!(Tabled::small(&small.compress().to_bytes()).is_none());
        let mut forged = [0; 64];
        forged[..32].copy_from_slice(&small.compress().to_bytes());
        assert_eq!(tabled(&key, b"a badge", &forged), strict(&key, b"a badge", &forged));
    }
}

#[test]
fn a_badge_gets_the_same_answer_alone_and_among_others() {
    let secret = SigningKey::from_bytes(&[7; 32]);
    let key = PublicKey::ed25519(secret.verifying_key().to_bytes()).unwrap();
    let other = PublicKey::ed25519(SigningKey::from_bytes(&[8; 32]).verifying_key().to_bytes()).unwrap();
    let options = ProofOptions {
        verification_method: "did:web:badges.example.org#key-1".into(),
        created: "2026-03-01T09:00:00Z".parse().unwrap(),
        proof_purpose: ASSERTION_METHOD,
    };
    let badges: Vec<Value> = (0..200)
        .map(|number| {
            let mut document = badge();
            document["id"] = format!("urn:example:{number}").into();
            let input = eddsa_rdfc_2022::signing_input(&document, &options).unwrap();
            let mut signed =
                eddsa_rdfc_2022::attach(document, &options, &secret.sign(input.as_ref()).to_bytes());
            match number % 10 {
                1 => signed["name"] = "Another".into(),
                2 => signed["proof"]["created"] = "2026-03-01T09:00:01Z".into(),
                3 => signed["id"] = "not an IRI".into(),
                4 => signed["proof"]["cryptosuite"] = "eddsa-jcs-2022".into(),
                5 => signed["undefined"] = true.into(),
                6 => signed["proof"]["proofValue"] = "z1".into(),
                _ => {}
            }
            signed
        })
        .collect();
    let tasks = || {
        badges
            .iter()
            .enumerate()
            .map(|(number, signed)| (signed, &signed["proof"], if number % 10 == 7 { &other } else { &key }))
    };
    let alone: Vec<_> = tasks().map(|(document, proof, key)| suite::verify(document, proof, key)).collect();
    assert_eq!(verify_many(tasks()), alone);
    // As they come to their ends beside each other.
    let (batch, ends) = (Batch::default(), Ends::default());
    let begun = tasks().map(|(document, proof, key)| batch.begin(document, proof, key, &Expected::default()));
    let due: Vec<Result<Due, ProofError>> = begun.map(|begun| Ok(ends.add(begun?))).collect();
    let late = ends.add(batch.begin(&badges[0], &badges[0]["proof"], &key, &Expected::default()).unwrap());
    let answers: Vec<_> = due.into_iter().map(|due| ends.answer(&due?)).collect();
    assert_eq!((answers, ends.answer(&late)), (alone.clone(), Ok(())));
    assert_eq!(alone.iter().filter(|answer| answer.is_ok()).count(), 60);
}
