//! A token that restarts is reached again.

use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use signing::{KeyAlgorithm, Token as _, TokenFault};
use testkit::{SoftHsm, in_a_process_of_its_own};

use crate::{LABEL, token};

/// The same library again: what it does to itself happens to the first user.
fn behind_its_back() -> Pkcs11 {
    Pkcs11::new(SoftHsm::MODULE).unwrap()
}

#[test]
fn a_library_that_forgot_everything_is_started_again() {
    in_a_process_of_its_own("lost::a_library_that_forgot_everything_is_started_again", LABEL, |_| {
        let token = token();
        token.generate("k", KeyAlgorithm::Ed25519).unwrap();
        let before = token.sign("k", KeyAlgorithm::Ed25519, b"a badge").unwrap();
        for _ in 0..3 {
            behind_its_back().finalize().unwrap();
            assert_eq!(token.sign("k", KeyAlgorithm::Ed25519, b"a badge").unwrap(), before);
        }
    });
}

#[test]
fn sessions_and_handles_that_went_away_are_had_again() {
    in_a_process_of_its_own("lost::sessions_and_handles_that_went_away_are_had_again", LABEL, |_| {
        let token = token();
        token.generate("k", KeyAlgorithm::Ed25519).unwrap();
        let before = token.sign("k", KeyAlgorithm::Ed25519, b"a badge").unwrap();
        let other = behind_its_back();
        other.clone().finalize().unwrap();
        // Running again, but every session and sign-in is gone.
        other.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK)).unwrap();
        assert_eq!(token.sign("k", KeyAlgorithm::Ed25519, b"a badge").unwrap(), before);
    });
}

#[test]
fn a_token_that_is_away_is_asked_anew_each_time() {
    in_a_process_of_its_own("lost::a_token_that_is_away_is_asked_anew_each_time", LABEL, |folder| {
        let token = token();
        token.generate("k", KeyAlgorithm::Ed25519).unwrap();
        let before = token.sign("k", KeyAlgorithm::Ed25519, b"a badge").unwrap();
        let (tokens, elsewhere) = (folder.join("tokens"), folder.join("elsewhere"));
        std::fs::rename(&tokens, &elsewhere).unwrap();
        std::fs::create_dir(&tokens).unwrap();
        behind_its_back().finalize().unwrap();
        for _ in 0..2 {
            let away = token.sign("k", KeyAlgorithm::Ed25519, b"a badge").unwrap_err();
            assert!(matches!(away, TokenFault::NotFound(_) | TokenFault::Away(_)), "{away:?}");
        }
        std::fs::remove_dir(&tokens).unwrap();
        std::fs::rename(&elsewhere, &tokens).unwrap();
        assert_eq!(token.sign("k", KeyAlgorithm::Ed25519, b"a badge").unwrap(), before);
    });
}

#[test]
fn all_who_find_it_lost_at_once_share_the_next_connection() {
    in_a_process_of_its_own("lost::all_who_find_it_lost_at_once_share_the_next_connection", LABEL, |_| {
        let token = token();
        token.generate("k", KeyAlgorithm::Ed25519).unwrap();
        let before = token.sign("k", KeyAlgorithm::Ed25519, b"a badge").unwrap();
        for _ in 0..5 {
            behind_its_back().finalize().unwrap();
            std::thread::scope(|scope| {
                for _ in 0..20 {
                    scope.spawn(|| {
                        assert_eq!(token.sign("k", KeyAlgorithm::Ed25519, b"a badge"), Ok(before));
                    });
                }
            });
        }
    });
}

#[test]
fn a_token_that_signed_us_out_is_signed_in_to_again() {
    in_a_process_of_its_own("lost::a_token_that_signed_us_out_is_signed_in_to_again", LABEL, |_| {
        let token = token();
        token.generate("k", KeyAlgorithm::Es256).unwrap();
        token.sign("k", KeyAlgorithm::Es256, b"a badge").unwrap();
        let other = behind_its_back();
        let slot = other.get_slots_with_initialized_token().unwrap()[0];
        other.open_ro_session(slot).unwrap().logout().unwrap();
        token.sign("k", KeyAlgorithm::Es256, b"a badge").unwrap();
    });
}
