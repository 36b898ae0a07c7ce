//! Private keys for JWS, and how they sign.

use std::fmt;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use josekit::jws::{
    ES256, JwsAlgorithm, JwsHeader, JwsSigner, RS256, alg::ecdsa::EcdsaJwsAlgorithm,
    alg::rsassa::RsassaJwsAlgorithm,
};
use openssl::{
    hash::MessageDigest,
    pkey::{PKey, Private},
    rsa::Rsa,
    sign::Signer,
};
use p256::{
    ecdsa::{Signature, SigningKey, signature::Signer as _},
    pkcs8::{DecodePrivateKey, EncodePrivateKey},
};
use serde_json::{Value, json};
use zeroize::Zeroizing;

use crate::JoseError;

/// The smallest RSA modulus that signs or verifies (RFC 7518, 3.3), in bits.
pub(crate) const RSA_MIN_BITS: u32 = 2048;
/// The modulus of a generated RSA key, in bits: badges are checked for decades.
const RSA_BITS: u32 = 3072;

/// What we sign with. Reading also takes `EdDSA`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Algorithm {
    /// ECDSA on P-256 with SHA-256, deterministic (RFC 6979).
    Es256,
    /// RSASSA-PKCS1-v1_5 with SHA-256, 2,048 bits or more.
    Rs256,
}

impl Algorithm {
    /// The value of `alg` (RFC 7518, 3.1).
    pub fn name(self) -> &'static str {
        match self {
            Self::Es256 => "ES256",
            Self::Rs256 => "RS256",
        }
    }
}

/// A private key. Its memory is cleared when it is dropped, and it is not
/// shown by `Debug`.
pub struct PrivateKey {
    secret: Secret,
    public: Value,
}

enum Secret {
    Es256(P256Signer),
    Rs256(RsaSigner),
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PrivateKey({})", self.algorithm().name())
    }
}

impl PrivateKey {
    fn new(secret: Secret) -> Result<Self, JoseError> {
        let public = match &secret {
            Secret::Es256(P256Signer(key)) => {
                let point = key.verifying_key().to_sec1_point(false);
                let (Some(x), Some(y)) = (point.x(), point.y()) else {
                    return Err(JoseError::Library("a public point without coordinates".to_owned()));
                };
                let [x, y] = [x, y].map(|number| URL_SAFE_NO_PAD.encode(number));
                json!({"kty": "EC", "crv": "P-256", "alg": "ES256", "x": x, "y": y})
            }
            Secret::Rs256(RsaSigner(key)) => {
                let rsa = key.rsa().map_err(library)?;
                let [n, e] = [rsa.n(), rsa.e()].map(|number| URL_SAFE_NO_PAD.encode(number.to_vec()));
                json!({"kty": "RSA", "alg": "RS256", "n": n, "e": e})
            }
        };
        Ok(Self { secret, public })
    }

    /// A fresh key from OpenSSL's generator; RSA keys have 3,072 bits.
    pub fn generate(algorithm: Algorithm) -> Result<Self, JoseError> {
        match algorithm {
            Algorithm::Es256 => loop {
                let mut bytes = Zeroizing::new([0; 32]);
                openssl::rand::rand_priv_bytes(bytes.as_mut_slice()).map_err(library)?;
                // Fails only for zero or beyond the group's order: once in 2^32.
                if let Ok(key) = SigningKey::from_slice(bytes.as_slice()) {
                    return Self::new(Secret::Es256(P256Signer(key)));
                }
            },
            Algorithm::Rs256 => {
                let rsa = Rsa::generate(RSA_BITS).map_err(library)?;
                Self::new(Secret::Rs256(RsaSigner(PKey::from_rsa(rsa).map_err(library)?)))
            }
        }
    }

    /// Reads a PKCS#8 `PrivateKeyInfo` in DER; [`JoseError::Key`] if it is
    /// none, of another algorithm, or an RSA key under 2,048 bits.
    pub fn from_pkcs8_der(der: &[u8], algorithm: Algorithm) -> Result<Self, JoseError> {
        let refused = |what: &str| JoseError::Key(format!("not a PKCS#8 private key for {what}"));
        match algorithm {
            Algorithm::Es256 => {
                let key = SigningKey::from_pkcs8_der(der).map_err(|_| refused("ES256"))?;
                Self::new(Secret::Es256(P256Signer(key)))
            }
            Algorithm::Rs256 => {
                let key = PKey::private_key_from_pkcs8(der).map_err(|_| refused("RS256"))?;
                let rsa = key.rsa().map_err(|_| refused("RS256"))?;
                if !rsa.check_key().unwrap_or(false) {
                    return Err(JoseError::Key("the RSA private key is not consistent in itself".to_owned()));
                }
                if key.bits() < RSA_MIN_BITS {
                    return Err(JoseError::Key(format!(
                        "an RSA key of {} bits; at least {RSA_MIN_BITS} are needed",
                        key.bits()
                    )));
                }
                Self::new(Secret::Rs256(RsaSigner(key)))
            }
        }
    }

    /// The key as PKCS#8 in DER, unencrypted.
    pub fn to_pkcs8_der(&self) -> Result<Zeroizing<Vec<u8>>, JoseError> {
        match &self.secret {
            Secret::Es256(P256Signer(key)) => {
                let document = key.to_pkcs8_der().map_err(|error| JoseError::Library(error.to_string()))?;
                Ok(Zeroizing::new(document.as_bytes().to_vec()))
            }
            Secret::Rs256(RsaSigner(key)) => Ok(Zeroizing::new(key.private_key_to_pkcs8().map_err(library)?)),
        }
    }

    /// What it signs with.
    pub fn algorithm(&self) -> Algorithm {
        match self.secret {
            Secret::Es256(_) => Algorithm::Es256,
            Secret::Rs256(_) => Algorithm::Rs256,
        }
    }

    /// Signs `message` by ECDSA on P-256 with SHA-256 (FIPS 186-5), the nonce
    /// drawn from key and message (RFC 6979): the raw signature, r ‖ s, as Data
    /// Integrity has it. [`JoseError::Key`] if the key is of another kind.
    pub fn sign_p256(&self, message: &[u8]) -> Result<[u8; 64], JoseError> {
        let Secret::Es256(P256Signer(key)) = &self.secret else {
            return Err(JoseError::Key("not a P-256 key".to_owned()));
        };
        let signature: Signature =
            key.try_sign(message).map_err(|error| JoseError::Library(error.to_string()))?;
        Ok(signature.to_bytes().into())
    }

    /// The public half as a JWK (RFC 7517) with `kty`, `alg` and the key's
    /// numbers, without `kid`.
    pub fn public_jwk(&self) -> &Value {
        &self.public
    }

    fn signer(&self) -> &dyn JwsSigner {
        match &self.secret {
            Secret::Es256(signer) => signer,
            Secret::Rs256(signer) => signer,
        }
    }
}

/// Signs `payload` as a compact JWS (RFC 7515, 7.1) whose header holds `typ`
/// if given, `kid` and `alg`. The same input gives the same bytes, always:
/// ES256 draws its nonce from the key and the message (RFC 6979), and
/// RSASSA-PKCS1-v1_5 has none.
pub fn sign_compact(
    payload: &[u8],
    key: &PrivateKey,
    kid: &str,
    typ: Option<&str>,
) -> Result<String, JoseError> {
    let mut header = JwsHeader::new();
    if let Some(typ) = typ {
        header.set_token_type(typ);
    }
    header.set_key_id(kid);
    sign_under(&header, payload, key)
}

/// The same without a `kid`: who made it is known from elsewhere.
pub(crate) fn sign_unnamed(payload: &[u8], key: &PrivateKey, typ: &str) -> Result<String, JoseError> {
    let mut header = JwsHeader::new();
    header.set_token_type(typ);
    sign_under(&header, payload, key)
}

pub(crate) fn sign_under(header: &JwsHeader, payload: &[u8], key: &PrivateKey) -> Result<String, JoseError> {
    josekit::jws::serialize_compact(payload, header, key.signer())
        .map_err(|error| JoseError::Library(error.to_string()))
}

/// Signs as [`sign_compact`] does, by an ES256 key that is kept elsewhere:
/// `sign` is given the signing input (RFC 7515, 5.1) and gives r ‖ s.
pub fn sign_compact_es256<E: From<JoseError>>(
    payload: &[u8],
    kid: &str,
    typ: Option<&str>,
    sign: impl FnOnce(&[u8]) -> Result<[u8; 64], E>,
) -> Result<String, E> {
    let mut header = json!({"kid": kid, "alg": Algorithm::Es256.name()});
    if let Some(typ) = typ {
        header = json!({"typ": typ, "kid": kid, "alg": Algorithm::Es256.name()});
    }
    let mut token = URL_SAFE_NO_PAD.encode(header.to_string());
    token.push('.');
    URL_SAFE_NO_PAD.encode_string(payload, &mut token);
    let signature = sign(token.as_bytes())?;
    token.push('.');
    URL_SAFE_NO_PAD.encode_string(signature, &mut token);
    Ok(token)
}

#[expect(clippy::needless_pass_by_value, reason = "it is what `map_err` calls")]
pub(crate) fn library(error: openssl::error::ErrorStack) -> JoseError {
    JoseError::Library(error.to_string())
}

/// josekit signs ES256 through OpenSSL with a random nonce: a bad generator
/// would give the key away, and re-driving after a crash other bytes.
#[derive(Clone)]
struct P256Signer(SigningKey);

impl fmt::Debug for P256Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("P256Signer")
    }
}

impl JwsSigner for P256Signer {
    fn algorithm(&self) -> &dyn JwsAlgorithm {
        const ALGORITHM: EcdsaJwsAlgorithm = ES256;
        &ALGORITHM
    }

    fn key_id(&self) -> Option<&str> {
        None
    }

    fn signature_len(&self) -> usize {
        64
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, josekit::JoseError> {
        let signature: Signature =
            self.0.try_sign(message).map_err(|error| josekit::JoseError::InvalidSignature(error.into()))?;
        Ok(signature.to_bytes().to_vec())
    }

    fn box_clone(&self) -> Box<dyn JwsSigner> {
        Box::new(self.clone())
    }
}

/// OpenSSL's key, which clears its own memory; josekit's signer would be built
/// from copies of the key's DER that nobody clears.
#[derive(Clone)]
struct RsaSigner(PKey<Private>);

impl fmt::Debug for RsaSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RsaSigner")
    }
}

impl JwsSigner for RsaSigner {
    fn algorithm(&self) -> &dyn JwsAlgorithm {
        const ALGORITHM: RsassaJwsAlgorithm = RS256;
        &ALGORITHM
    }

    fn key_id(&self) -> Option<&str> {
        None
    }

    fn signature_len(&self) -> usize {
        self.0.size()
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, josekit::JoseError> {
        Signer::new(MessageDigest::sha256(), &self.0)
            .and_then(|mut signer| signer.sign_oneshot_to_vec(message))
            .map_err(|error| josekit::JoseError::InvalidSignature(error.into()))
    }

    fn box_clone(&self) -> Box<dyn JwsSigner> {
        Box::new(self.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read_compact;

    /// RFC 6979, A.2.5: the P-256 key and its signature of "sample" with SHA-256.
    #[test]
    fn es256_signs_as_the_standard_s_vector_says() {
        let secret = hex::decode("c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721").unwrap();
        let signer = P256Signer(SigningKey::from_slice(&secret).unwrap());
        assert_eq!(
            hex::encode(signer.sign(b"sample").unwrap()),
            "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716\
             f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8"
        );
    }

    #[test]
    fn a_key_kept_elsewhere_gives_the_same_token() {
        let key = PrivateKey::generate(Algorithm::Es256).unwrap();
        for typ in [Some("JWT"), None] {
            let elsewhere = sign_compact_es256(b"{}", "k", typ, |input| key.sign_p256(input));
            assert_eq!(elsewhere.unwrap(), sign_compact(b"{}", &key, "k", typ).unwrap());
        }
    }

    #[test]
    fn the_raw_signature_is_that_of_the_token() {
        let key = PrivateKey::generate(Algorithm::Es256).unwrap();
        let token = sign_compact(b"{}", &key, "k", None).unwrap();
        let (input, signature) = token.rsplit_once('.').unwrap();
        let raw = key.sign_p256(input.as_bytes()).unwrap();
        assert_eq!(URL_SAFE_NO_PAD.encode(raw), signature);
        let rsa = PrivateKey::generate(Algorithm::Rs256).unwrap();
        assert!(matches!(rsa.sign_p256(b"{}"), Err(JoseError::Key(_))));
    }

    #[test]
    fn what_is_signed_verifies_by_openssl_and_comes_out_the_same_twice() {
        for algorithm in [Algorithm::Es256, Algorithm::Rs256] {
            let key = PrivateKey::generate(algorithm).unwrap();
            let token = sign_compact(b"{}", &key, "k", Some("JWT")).unwrap();
            assert_eq!(sign_compact(b"{}", &key, "k", Some("JWT")).unwrap(), token);
            let read = read_compact(&token).unwrap();
            assert_eq!(read.header.kid.as_deref(), Some("k"));
            read.verify(key.public_jwk()).unwrap();
            let other = PrivateKey::generate(algorithm).unwrap();
            assert_eq!(read.verify(other.public_jwk()), Err(JoseError::Signature));
        }
    }

    #[test]
    fn a_key_survives_its_der_and_is_refused_as_another_kind() {
        for (algorithm, other) in [(Algorithm::Es256, Algorithm::Rs256), (Algorithm::Rs256, Algorithm::Es256)]
        {
            let key = PrivateKey::generate(algorithm).unwrap();
            let der = key.to_pkcs8_der().unwrap();
            let again = PrivateKey::from_pkcs8_der(&der, algorithm).unwrap();
            assert_eq!(again.public_jwk(), key.public_jwk());
            assert!(matches!(PrivateKey::from_pkcs8_der(&der, other), Err(JoseError::Key(_))));
        }
        let weak = PKey::from_rsa(Rsa::generate(1024).unwrap()).unwrap().private_key_to_pkcs8().unwrap();
        let refused = PrivateKey::from_pkcs8_der(&weak, Algorithm::Rs256).unwrap_err();
        assert!(refused.to_string().contains("1024 bits"), "{refused}");
    }

    #[test]
    fn debug_shows_nothing_of_the_key() {
        let key = PrivateKey::generate(Algorithm::Es256).unwrap();
        assert_eq!(format!("{key:?}"), "PrivateKey(ES256)");
    }
}
