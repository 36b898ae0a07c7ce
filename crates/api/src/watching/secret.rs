//! What messages are signed with (Standard Webhooks, "Signature scheme", symmetric).

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use hmac::{Hmac, KeyInit as _, Mac as _};
use model::chance::Entropy;
use sha2::Sha256;
use zeroize::Zeroizing;

/// What a secret begins with.
const PREFIX: &str = "whsec_";

/// A fresh secret of 32 bytes.
pub fn fresh(entropy: &dyn Entropy) -> Zeroizing<String> {
    let bytes = Zeroizing::new(entropy.array::<32>());
    let mut text = Zeroizing::new(PREFIX.to_owned());
    BASE64.encode_string(bytes.as_slice(), &mut text);
    text
}

/// The bytes of a secret: `whsec_` and 24 to 64 bytes in base64.
pub fn bytes(secret: &str) -> Option<Zeroizing<Vec<u8>>> {
    let bytes = Zeroizing::new(BASE64.decode(secret.strip_prefix(PREFIX)?).ok()?);
    (24..=64).contains(&bytes.len()).then_some(bytes)
}

/// The signature of a message: `v1,` and HMAC-SHA-256 in base64.
pub fn sign(secret: &str, id: &str, timestamp: &str, body: &str) -> Option<String> {
    let mut mac = Hmac::<Sha256>::new_from_slice(&bytes(secret)?).ok()?;
    for part in [id, ".", timestamp, ".", body] {
        mac.update(part.as_bytes());
    }
    Some(format!("v1,{}", BASE64.encode(mac.finalize().into_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_the_specification_is_signed_as_there() {
        let signature = sign(
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            "1614265330",
            r#"{"test": 2432232314}"#,
        );
        assert_eq!(signature.as_deref(), Some("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="));
    }

    #[test]
    fn a_secret_has_24_to_64_bytes() {
        assert_eq!(bytes(&fresh(&testkit::SeededEntropy::new(1))).unwrap().len(), 32);
        for bad in ["", "whsec_", "whsec_c2hvcnQ=", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_!"] {
            assert!(bytes(bad).is_none(), "{bad}");
        }
    }
}
