//! API keys of small providers: `lyk_<prefix>_<secret>`.

use hex::FromHex as _;
use model::chance::Entropy;
use secrecy::SecretString;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

/// How every key begins, so that scanners of leaked secrets know one.
const MARK: &str = "lyk_";

/// An API key: an 8-character hexadecimal prefix that may be shown and looked
/// up, and a secret of 256 bits followed by a checksum of 32, which lets a
/// mistyped or cut key be told from an unknown one without a look-up.
pub struct ApiKey {
    prefix: String,
    secret: [u8; 32],
}

impl ApiKey {
    /// A fresh key.
    pub fn generate(entropy: &dyn Entropy) -> Self {
        Self { prefix: hex::encode(entropy.array::<4>()), secret: entropy.array() }
    }

    /// Reads a key as a client sends it.
    pub fn read(text: &str) -> Option<Self> {
        let (prefix, rest) = text.strip_prefix(MARK)?.split_once('_')?;
        let prefix_is_hex =
            prefix.len() == 8 && prefix.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        let (secret, checksum) = rest.split_at_checked(64).filter(|_| prefix_is_hex)?;
        let key = Self { prefix: prefix.to_owned(), secret: <[u8; 32]>::from_hex(secret).ok()? };
        bool::from(key.checksum().as_bytes().ct_eq(checksum.as_bytes())).then_some(key)
    }

    /// The part to look the key up by; no secret.
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// What is stored in place of the secret. A plain hash suffices: 256
    /// random bits cannot be guessed.
    pub fn digest(&self) -> [u8; 32] {
        Sha256::digest(self.secret).into()
    }

    /// Whether this key is the one whose [`ApiKey::digest`] was stored, in constant time.
    pub fn matches(&self, stored: &[u8; 32]) -> bool {
        self.digest().ct_eq(stored).into()
    }

    /// The whole key, to be shown to its owner once.
    pub fn text(&self) -> SecretString {
        SecretString::from(format!("{MARK}{}_{}{}", self.prefix, hex::encode(self.secret), self.checksum()))
    }

    fn checksum(&self) -> String {
        let digest =
            Sha256::new().chain_update(b"lyk-checksum").chain_update(&self.prefix).chain_update(self.secret);
        hex::encode(digest.finalize().iter().copied().take(4).collect::<Vec<_>>())
    }
}

/// Whether a bearer credential is meant as an API key.
pub fn is_api_key(text: &str) -> bool {
    text.starts_with(MARK)
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::chance::SystemEntropy;
    use secrecy::ExposeSecret as _;

    #[test]
    fn a_key_is_read_back_and_matches_only_its_own_digest() {
        let (one, other) = (ApiKey::generate(&SystemEntropy), ApiKey::generate(&SystemEntropy));
        let read = ApiKey::read(one.text().expose_secret()).unwrap();
        assert_eq!(read.prefix(), one.prefix());
        assert!(read.matches(&one.digest()));
        assert!(!read.matches(&other.digest()));
    }

    #[test]
    fn every_changed_character_is_noticed() {
        let text = ApiKey::generate(&SystemEntropy).text().expose_secret().to_owned();
        for place in 0..text.len() {
            let mut changed = text.clone().into_bytes();
            changed[place] = if changed[place] == b'0' { b'1' } else { b'0' };
            assert!(ApiKey::read(std::str::from_utf8(&changed).unwrap()).is_none(), "at {place}");
            assert!(ApiKey::read(&text[..place]).is_none(), "cut at {place}");
        }
        assert!(ApiKey::read(&format!("{text}0")).is_none());
        assert!(ApiKey::read("lyk_é").is_none());
    }
}
