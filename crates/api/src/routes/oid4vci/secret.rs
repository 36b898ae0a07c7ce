//! The secret of an offer, from which all others of it are drawn, so that an offer can be
//! shown by reference though nothing of it is kept but digests.

use model::chance::Entropy;
use secrecy::{ExposeSecret as _, SecretString};

use crate::auth::secret::{derived, fresh};

/// The secret of one offer.
pub struct OfferSecret(SecretString);

impl OfferSecret {
    /// A fresh one.
    pub fn generate(entropy: &dyn Entropy) -> Self {
        Self(fresh("", entropy))
    }

    /// The last segment of an offer's address.
    pub fn read(text: &str) -> Option<Self> {
        let is_secret =
            text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        is_secret.then(|| Self(SecretString::from(text.to_owned())))
    }

    /// The last segment of the offer's address.
    pub fn reference(&self) -> &str {
        self.0.expose_secret()
    }

    /// The pre-authorised code.
    pub fn code(&self) -> String {
        derived("pre-authorised code", self.0.expose_secret())
    }

    /// What names the offer at the authorisation endpoint.
    pub fn issuer_state(&self) -> String {
        derived("issuer state", self.0.expose_secret())
    }

    /// The secret of the offer's exchange, where it can be taken in one at once.
    pub fn exchange(&self) -> String {
        derived("exchange", self.0.expose_secret())
    }
}

#[cfg(test)]
mod tests {
    use model::chance::SystemEntropy;

    use super::*;

    #[test]
    fn what_is_drawn_from_a_secret_is_the_same_again_and_tells_nothing_of_the_rest() {
        let secret = OfferSecret::generate(&SystemEntropy);
        let again = OfferSecret::read(secret.reference()).unwrap();
        assert_eq!((secret.code(), secret.issuer_state()), (again.code(), again.issuer_state()));
        assert_ne!(secret.code(), secret.issuer_state());
        assert!(!secret.code().contains(secret.reference()));
        for bad in ["", "abc", &secret.reference().to_uppercase()] {
            assert!(OfferSecret::read(bad).is_none() || *bad == *secret.reference(), "{bad}");
        }
    }
}
