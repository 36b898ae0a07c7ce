//! Secrets of 256 random bits, stored as their SHA-256: access tokens and
//! client secrets. A plain hash suffices, since nobody can guess 256 bits.

use hex::FromHex as _;
use model::chance::Entropy;
use secrecy::SecretString;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

/// A client's secret, `lys_` and 64 hexadecimal digits.
pub struct ClientSecret([u8; 32]);

/// An access token, `lyt_` and 64 hexadecimal digits; means nothing to its holder.
pub struct AccessToken([u8; 32]);

macro_rules! secret {
    ($name:ident, $mark:literal) => {
        impl $name {
            /// A fresh one.
            pub fn generate(entropy: &dyn Entropy) -> Self {
                Self(entropy.array())
            }

            /// Reads one as a client sends it.
            pub fn read(text: &str) -> Option<Self> {
                <[u8; 32]>::from_hex(text.strip_prefix($mark)?).ok().map(Self)
            }

            /// What is stored in its place.
            pub fn digest(&self) -> [u8; 32] {
                Sha256::digest(self.0).into()
            }

            /// The whole of it, to be shown to its owner once.
            pub fn text(&self) -> SecretString {
                SecretString::from(format!(concat!($mark, "{}"), hex::encode(self.0)))
            }
        }
    };
}

/// A fresh secret of 256 bits as `mark` and 64 hexadecimal digits, for what the registry
/// keeps as a keyed digest.
pub fn fresh(mark: &str, entropy: &dyn Entropy) -> SecretString {
    SecretString::from(format!("{mark}{}", hex::encode(entropy.array::<32>())))
}

/// Another secret drawn from `secret` for a purpose: who has the first has it too, and who
/// has it has no other.
pub fn derived(purpose: &str, secret: &str) -> String {
    let digest = Sha256::new().chain_update(purpose).chain_update([0]).chain_update(secret).finalize();
    hex::encode(digest)
}

secret!(ClientSecret, "lys_");
secret!(AccessToken, "lyt_");

impl ClientSecret {
    /// Whether this is the one whose digest was stored, in constant time.
    pub fn matches(&self, stored: &[u8; 32]) -> bool {
        self.digest().ct_eq(stored).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::chance::SystemEntropy;
    use secrecy::ExposeSecret as _;

    #[test]
    fn a_secret_is_read_back_and_matches_only_its_own_digest() {
        let (one, other) = (ClientSecret::generate(&SystemEntropy), ClientSecret::generate(&SystemEntropy));
        let text = one.text();
        let read = ClientSecret::read(text.expose_secret()).unwrap();
        assert!(read.matches(&one.digest()) && !read.matches(&other.digest()));
        assert!(AccessToken::read(text.expose_secret()).is_none(), "a secret is no token");
        assert!(ClientSecret::read("lys_00").is_none());
    }
}
