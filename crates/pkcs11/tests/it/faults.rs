//! Each fault says what is wrong and who can mend it.

use pkcs11::{Access, Pkcs11Token};
use signing::{KeyAlgorithm, Token as _, TokenFault};
use testkit::{SoftHsm, add_softhsm_token, in_a_process_of_its_own};

use crate::{LABEL, access, token};

#[test]
fn a_wrong_pin_is_tried_once() {
    in_a_process_of_its_own("faults::a_wrong_pin_is_tried_once", LABEL, |_| {
        let wrong = Pkcs11Token::new(access(LABEL, "0000-sample-pin"));
        let first = wrong.check().unwrap_err();
        assert!(matches!(&first, TokenFault::Pin(said) if !said.contains("0000")), "{first:?}");
        assert!(first.to_string().contains("pkcs11_pin"), "{first}");
        for _ in 0..50 {
            assert_eq!(wrong.sign("k", KeyAlgorithm::Ed25519, b"").unwrap_err(), first);
        }
        assert!(!format!("{wrong:?}").contains("0000"));
        token().check().unwrap();
    });
}

#[test]
fn what_is_not_there_is_named() {
    in_a_process_of_its_own("faults::what_is_not_there_is_named", LABEL, |folder| {
        let other = Pkcs11Token::new(access("other", SoftHsm::PIN)).check().unwrap_err();
        assert!(matches!(&other, TokenFault::NotFound(said) if said.contains(LABEL)), "{other:?}");
        let missing = Access { module: "/usr/lib/none.so".into(), ..access(LABEL, SoftHsm::PIN) };
        let missing = Pkcs11Token::new(missing).check().unwrap_err();
        assert!(matches!(&missing, TokenFault::Module(said) if said.contains("/usr/lib/none.so")));
        let token = token();
        let unknown = token.sign("k", KeyAlgorithm::Ed25519, b"").unwrap_err();
        assert_eq!(unknown, TokenFault::NoKey("k".to_owned()));
        assert!(matches!(token.generate("k", KeyAlgorithm::Rs256), Err(TokenFault::Unable(_))));
        add_softhsm_token(folder, LABEL);
        drop(token);
        let twice = crate::token();
        assert!(matches!(twice.check(), Err(TokenFault::NotFound(said)) if said.contains("several")));
    });
}

#[test]
fn a_key_of_another_kind_does_not_sign() {
    in_a_process_of_its_own("faults::a_key_of_another_kind_does_not_sign", LABEL, |_| {
        let token = token();
        token.generate("k", KeyAlgorithm::Es256).unwrap();
        assert!(token.sign("k", KeyAlgorithm::Ed25519, b"").is_err());
        assert!(token.sign("k", KeyAlgorithm::Es256, b"").is_ok());
    });
}
