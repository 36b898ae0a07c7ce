//! Keys are made in the token, sign, and stay there.

use cryptoki::{
    context::{CInitializeArgs, CInitializeFlags, Pkcs11},
    object::{Attribute, AttributeInfo, AttributeType, ObjectClass},
    session::UserType,
};
use p256::ecdsa::signature::hazmat::PrehashVerifier as _;
use proof::multikey::PublicKey;
use sha2::{Digest as _, Sha256};
use signing::{KeyAlgorithm, Token as _, TokenFault};
use testkit::{SoftHsm, in_a_process_of_its_own};

use crate::{LABEL, token};

fn verifies(key: &PublicKey, message: &[u8], signature: &[u8; 64]) -> bool {
    match key {
        PublicKey::Ed25519(key) => {
            key.verify_strict(message, &ed25519_dalek::Signature::from_bytes(signature)).is_ok()
        }
        PublicKey::P256(key) => p256::ecdsa::VerifyingKey::from_sec1_bytes(key)
            .unwrap()
            .verify_prehash(&Sha256::digest(message), &p256::ecdsa::Signature::from_slice(signature).unwrap())
            .is_ok(),
        PublicKey::P384(_) => panic!("{key:?}"),
    }
}

#[test]
fn both_kinds_sign_what_other_libraries_verify() {
    in_a_process_of_its_own("keys::both_kinds_sign_what_other_libraries_verify", LABEL, |_| {
        let token = token();
        for algorithm in [KeyAlgorithm::Ed25519, KeyAlgorithm::Es256] {
            let id = format!("sample-{algorithm}");
            let key = token.generate(&id, algorithm).unwrap();
            let first = token.sign(&id, algorithm, b"a badge").unwrap();
            let second = token.sign(&id, algorithm, b"a badge").unwrap();
            assert!(verifies(&key, b"a badge", &first) && verifies(&key, b"a badge", &second));
            assert!(!verifies(&key, b"another badge", &first));
            // RFC 8032 leaves no choice; a token's ECDSA draws its nonce.
            assert_eq!(first == second, algorithm == KeyAlgorithm::Ed25519);
            let again = token.generate(&id, algorithm);
            assert!(matches!(again, Err(TokenFault::Wrong(said)) if said.contains("already")));
        }
        assert!(token.check().unwrap().contains("Ed25519 and ES256"));
    });
}

#[test]
fn the_private_half_cannot_be_taken_out() {
    in_a_process_of_its_own("keys::the_private_half_cannot_be_taken_out", LABEL, |_| {
        let token = token();
        token.generate("sample", KeyAlgorithm::Ed25519).unwrap();
        token.generate("second", KeyAlgorithm::Es256).unwrap();
        // As somebody would who knows the PIN and has another program.
        let context = Pkcs11::new(SoftHsm::MODULE).unwrap();
        let _ = context.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK));
        let slot = context.get_slots_with_initialized_token().unwrap()[0];
        let session = context.open_rw_session(slot).unwrap();
        let _ = session.login(UserType::User, Some(&SoftHsm::PIN.to_owned().into()));
        let keys = session.find_objects(&[Attribute::Class(ObjectClass::PRIVATE_KEY)]).unwrap();
        assert_eq!(keys.len(), 2);
        for key in keys {
            let told = session.get_attribute_info(key, &[AttributeType::Value]).unwrap();
            assert!(matches!(told.as_slice(), [AttributeInfo::Sensitive]), "{told:?}");
            assert!(session.update_attributes(key, &[Attribute::Extractable(true)]).is_err());
            assert!(session.update_attributes(key, &[Attribute::Sensitive(false)]).is_err());
        }
    });
}

#[test]
fn many_threads_share_the_sessions() {
    in_a_process_of_its_own("keys::many_threads_share_the_sessions", LABEL, |_| {
        let token = token();
        let key = token.generate("sample", KeyAlgorithm::Ed25519).unwrap();
        std::thread::scope(|scope| {
            for thread in 0..40 {
                let (token, key) = (&token, &key);
                scope.spawn(move || {
                    for turn in 0..5 {
                        let message = format!("badge {thread}-{turn}");
                        let signature =
                            token.sign("sample", KeyAlgorithm::Ed25519, message.as_bytes()).unwrap();
                        assert!(verifies(key, message.as_bytes(), &signature));
                    }
                });
            }
        });
    });
}
