//! Public keys as Multikey (Controlled Identifiers 1.0, section 2.2.2) and as JWK (RFC 7517).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::VerifyingKey;
use p256::elliptic_curve::sec1::ToSec1Point as _;
use serde_json::{Value, json};

/// Why a key cannot be read. The fault of whoever published it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Not base58btc multibase.
    #[error("a publicKeyMultibase must be `z` and base58btc: {0}")]
    Multibase(&'static str),
    /// A key type we do not read.
    #[error("unsupported key type: expected Ed25519, P-256 or P-384")]
    UnknownType,
    /// The bytes are no point of the curve.
    #[error("the {0} key is not a valid point of its curve")]
    InvalidPoint(&'static str),
    /// A JWK lacks a member or holds a bad one.
    #[error("the JWK's `{member}` {detail}")]
    Jwk {
        /// Name of the member.
        member: &'static str,
        /// What was expected.
        detail: &'static str,
    },
}

/// A public key that is a valid point of its curve.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PublicKey {
    /// Ed25519 (RFC 8032), 32 bytes, and the point they stand for: to read it
    /// costs a tenth of a verification.
    Ed25519(VerifyingKey),
    /// P-256, compressed SEC1 point.
    P256([u8; 33]),
    /// P-384, compressed SEC1 point.
    P384([u8; 49]),
}

/// Multicodec prefixes of the public keys, as unsigned varints.
const ED25519_PUB: [u8; 2] = [0xed, 0x01];
const P256_PUB: [u8; 2] = [0x80, 0x24];
const P384_PUB: [u8; 2] = [0x81, 0x24];

impl PublicKey {
    /// An Ed25519 key; refused if it is no point or of small order, because
    /// such a key "verifies" what nobody signed.
    pub fn ed25519(bytes: [u8; 32]) -> Result<Self, KeyError> {
        match VerifyingKey::from_bytes(&bytes) {
            Ok(key) if !key.is_weak() => Ok(Self::Ed25519(key)),
            _ => Err(KeyError::InvalidPoint("Ed25519")),
        }
    }

    /// A P-256 key from a SEC1 point, compressed or not.
    pub fn p256(point: &[u8]) -> Result<Self, KeyError> {
        let invalid = KeyError::InvalidPoint("P-256");
        let key = p256::PublicKey::from_sec1_bytes(point).map_err(|_| invalid.clone())?;
        key.to_sec1_point(true).as_bytes().try_into().map(Self::P256).map_err(|_| invalid)
    }

    /// A P-384 key from a SEC1 point, compressed or not.
    pub fn p384(point: &[u8]) -> Result<Self, KeyError> {
        let invalid = KeyError::InvalidPoint("P-384");
        let key = p384::PublicKey::from_sec1_bytes(point).map_err(|_| invalid.clone())?;
        key.to_sec1_point(true).as_bytes().try_into().map(Self::P384).map_err(|_| invalid)
    }

    /// Reads `z…`: base58btc of the multicodec prefix and the key.
    pub fn from_multibase(text: &str) -> Result<Self, KeyError> {
        let encoded = text.strip_prefix('z').ok_or(KeyError::Multibase("it does not begin with `z`"))?;
        // Base58 takes quadratic time: longer than any key here is no key.
        if encoded.len() > 80 {
            return Err(KeyError::UnknownType);
        }
        let bytes = bs58::decode(encoded)
            .into_vec()
            .map_err(|_| KeyError::Multibase("it holds a character outside the base58btc alphabet"))?;
        Self::from_multicodec(&bytes)
    }

    /// Reads the multicodec prefix and the key.
    pub fn from_multicodec(bytes: &[u8]) -> Result<Self, KeyError> {
        let (prefix, key) = bytes.split_first_chunk().ok_or(KeyError::UnknownType)?;
        match (*prefix, key.len()) {
            (ED25519_PUB, _) => {
                key.try_into().map_err(|_| KeyError::InvalidPoint("Ed25519")).and_then(Self::ed25519)
            }
            (P256_PUB, 33) => Self::p256(key),
            (P384_PUB, 49) => Self::p384(key),
            (P256_PUB, _) => Err(KeyError::InvalidPoint("P-256")),
            (P384_PUB, _) => Err(KeyError::InvalidPoint("P-384")),
            _ => Err(KeyError::UnknownType),
        }
    }

    /// Writes `z…`.
    pub fn to_multibase(&self) -> String {
        format!("z{}", bs58::encode(self.to_multicodec()).into_string())
    }

    /// Writes the multicodec prefix and the key.
    pub fn to_multicodec(&self) -> Vec<u8> {
        let (prefix, key): (_, &[u8]) = match self {
            Self::Ed25519(key) => (ED25519_PUB, key.as_bytes()),
            Self::P256(key) => (P256_PUB, key),
            Self::P384(key) => (P384_PUB, key),
        };
        [prefix.as_slice(), key].concat()
    }

    /// Reads a public JWK: `OKP` with `Ed25519` (RFC 8037), `EC` with `P-256`
    /// or `P-384` (RFC 7518 section 6.2). A JWK with `d`, a private key, is
    /// refused: it has been given away.
    pub fn from_jwk(jwk: &Value) -> Result<Self, KeyError> {
        if jwk.get("d").is_some() {
            return Err(KeyError::Jwk {
                member: "d",
                detail: "must not be published: this is a private key",
            });
        }
        let name = |member| jwk.get(member).and_then(Value::as_str).unwrap_or_default();
        match (name("kty"), name("crv")) {
            ("OKP", "Ed25519") => Self::ed25519(coordinate(jwk, "x")?),
            ("EC", "P-256") => Self::p256(&uncompressed::<32>(jwk)?),
            ("EC", "P-384") => Self::p384(&uncompressed::<48>(jwk)?),
            _ => Err(KeyError::UnknownType),
        }
    }

    /// Writes the public JWK, required members only, in the order of RFC 7638.
    pub fn to_jwk(&self) -> Value {
        let encode = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        match self {
            Self::Ed25519(key) => json!({ "crv": "Ed25519", "kty": "OKP", "x": encode(key.as_bytes()) }),
            Self::P256(key) => ec_jwk(
                "P-256",
                p256::PublicKey::from_sec1_bytes(key).ok().and_then(|key| {
                    let point = key.to_sec1_point(false);
                    Some((encode(point.x()?), encode(point.y()?)))
                }),
            ),
            Self::P384(key) => ec_jwk(
                "P-384",
                p384::PublicKey::from_sec1_bytes(key).ok().and_then(|key| {
                    let point = key.to_sec1_point(false);
                    Some((encode(point.x()?), encode(point.y()?)))
                }),
            ),
        }
    }
}

fn ec_jwk(curve: &str, coordinates: Option<(String, String)>) -> Value {
    // The constructors let only points of the curve in.
    let (x, y) = coordinates.unwrap_or_default();
    json!({ "crv": curve, "kty": "EC", "x": x, "y": y })
}

fn coordinate<const N: usize>(jwk: &Value, member: &'static str) -> Result<[u8; N], KeyError> {
    let text = jwk
        .get(member)
        .and_then(Value::as_str)
        .ok_or(KeyError::Jwk { member, detail: "is missing; expected base64url" })?;
    URL_SAFE_NO_PAD
        .decode(text)
        .ok()
        .and_then(|bytes| bytes.try_into().ok())
        .ok_or(KeyError::Jwk { member, detail: "must be base64url without padding, of the curve's length" })
}

fn uncompressed<const N: usize>(jwk: &Value) -> Result<Vec<u8>, KeyError> {
    Ok([&[4][..], &coordinate::<N>(jwk, "x")?, &coordinate::<N>(jwk, "y")?].concat())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    // Examples of the did:key method specification and of RFC 8037 appendix A.
    const ED25519: &str = "z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK";
    const P256: &str = "zDnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU2169";
    const P384: &str = "z82LkvCwHNreneWpsgPEbV3gu1C6NFJEBg4srfJ5gdxEsMGRJUz2sG9FE42shbn2xkZJh54";

    #[test]
    fn multikeys_and_jwks_name_the_same_key() {
        for (multibase, curve) in [(ED25519, "Ed25519"), (P256, "P-256"), (P384, "P-384")] {
            let key = PublicKey::from_multibase(multibase).unwrap();
            assert_eq!(key.to_multibase(), multibase);
            let jwk = key.to_jwk();
            assert_eq!(jwk["crv"], curve);
            assert_eq!(PublicKey::from_jwk(&jwk).unwrap(), key);
        }
        let rfc8037 =
            json!({"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"});
        assert_eq!(PublicKey::from_jwk(&rfc8037).unwrap().to_jwk()["x"], rfc8037["x"]);
    }

    #[test]
    fn what_is_no_key_is_refused_by_its_fault() {
        let read = PublicKey::from_multibase;
        assert!(matches!(read("u7QEB"), Err(KeyError::Multibase(_))));
        assert!(matches!(read("z0OIl"), Err(KeyError::Multibase(_))));
        assert_eq!(read("z"), Err(KeyError::UnknownType));
        assert_eq!(read("zQ3shokFTS3brHcDQrn82RUDfCZESWL1ZdCEJwekUDPQiYBme"), Err(KeyError::UnknownType));
        assert_eq!(read(&format!("z{}", "1".repeat(100_000))), Err(KeyError::UnknownType));
        let weak = format!("z{}", bs58::encode([&ED25519_PUB[..], &[1], &[0; 31]].concat()).into_string());
        assert_eq!(read(&weak), Err(KeyError::InvalidPoint("Ed25519")));
        let off_curve =
            format!("z{}", bs58::encode([&P256_PUB[..], &[2], &[0xff; 32]].concat()).into_string());
        assert_eq!(read(&off_curve), Err(KeyError::InvalidPoint("P-256")));
        let jwk = json!({"kty": "EC", "crv": "P-256", "x": "AAAA", "y": "AAAA"});
        assert!(matches!(PublicKey::from_jwk(&jwk), Err(KeyError::Jwk { member: "x", .. })));
        let private = json!({"kty": "OKP", "crv": "Ed25519", "x": "AA", "d": "AA"});
        assert!(matches!(PublicKey::from_jwk(&private), Err(KeyError::Jwk { member: "d", .. })));
        assert_eq!(PublicKey::from_jwk(&json!({"kty": "RSA"})), Err(KeyError::UnknownType));
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "z?[1-9A-Za-z]{0,60}") {
            if let Ok(key) = PublicKey::from_multibase(&text) {
                prop_assert_eq!(key.to_multibase(), text);
            }
        }
    }
}
