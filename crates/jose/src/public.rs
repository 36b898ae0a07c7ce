//! Public keys: what a JWK must be before a signature is checked with it.

use std::{fmt, sync::Arc};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ed25519_dalek::Signature;
use josekit::{
    jwk::Jwk,
    jws::{JwsVerifier, RS256},
};
use openssl::{
    bn::BigNum,
    ec::{EcGroup, EcKey},
    ecdsa::EcdsaSig,
    nid::Nid,
    pkey::Public,
    sha,
};
use serde_json::{Map, Value};

use crate::{JoseError, key::RSA_MIN_BITS, key::library};

/// Members of a JWK that belong to a private or symmetric key (RFC 7518, 6).
const PRIVATE_MEMBERS: &[&str] = &["d", "p", "q", "dp", "dq", "qi", "oth", "k"];
/// Beyond 8,192 bits an RSA key only costs time.
const RSA_MAX_BYTES: usize = 1024;

/// A public key that is fit to verify with, read once and used for as many
/// signatures as there are. Cheap to clone.
#[derive(Clone)]
pub struct VerifyingKey(Material);

#[derive(Clone)]
enum Material {
    /// OpenSSL's P-256 verifies about five times as fast as the `p256` crate's.
    P256(EcKey<Public>),
    P384(EcKey<Public>),
    Rsa(Arc<dyn JwsVerifier>),
    /// dalek, because OpenSSL has no strict verification: it lets keys of small
    /// order verify anything.
    Ed25519(ed25519_dalek::VerifyingKey),
}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VerifyingKey({})", self.algorithm())
    }
}

impl VerifyingKey {
    /// Reads a public JWK (RFC 7517). `kty` `EC` with `crv` `P-256` is for ES256,
    /// with `P-384` for ES384, `RSA` (2,048 to 8,192 bits) for RS256, and `OKP`
    /// with `Ed25519` for `EdDSA`. [`JoseError::Key`] for any other, for a key that
    /// says it is for something else, and for a private key.
    pub fn from_jwk(jwk: &Value) -> Result<Self, JoseError> {
        let refuse = |detail: &str| JoseError::Key(detail.to_owned());
        let members = jwk.as_object().ok_or_else(|| refuse("a JWK must be a JSON object"))?;
        if members.keys().any(|name| PRIVATE_MEMBERS.contains(&name.as_str())) {
            return Err(refuse("it is published with its private half, so anyone may have signed"));
        }
        let material = match (text(members, "kty")?, text(members, "crv")?) {
            (Some("EC"), Some("P-256")) => Material::P256(on_curve(members, Nid::X9_62_PRIME256V1, 32)?),
            (Some("EC"), Some("P-384")) => Material::P384(on_curve(members, Nid::SECP384R1, 48)?),
            (Some("RSA"), None) => Material::Rsa(rsa(members)?),
            (Some("OKP"), Some("Ed25519")) => Material::Ed25519(ed25519(members)?),
            (kty, crv) => {
                let found = format!("`kty` {} with `crv` {}", kty.unwrap_or("none"), crv.unwrap_or("none"));
                return Err(JoseError::Key(format!(
                    "{found}; EC with P-256 or P-384, RSA, or OKP with Ed25519 can be checked"
                )));
            }
        };
        let key = Self(material);
        let algorithm = key.algorithm();
        if let Some(stated) = text(members, "alg")?
            && stated != algorithm
            && !(stated == "Ed25519" && algorithm == "EdDSA")
        {
            return Err(JoseError::Key(format!(
                "it is for `{stated}`; `{algorithm}` can be checked with it"
            )));
        }
        if text(members, "use")?.is_some_and(|purpose| purpose != "sig") {
            return Err(refuse("`use` is not `sig`"));
        }
        if let Some(operations) = members.get("key_ops")
            && !operations.as_array().is_some_and(|list| list.iter().any(|operation| operation == "verify"))
        {
            return Err(refuse("`key_ops` does not hold `verify`"));
        }
        Ok(key)
    }

    /// The one algorithm it is for: `ES256`, `ES384`, `RS256` or `EdDSA`.
    pub fn algorithm(&self) -> &'static str {
        match self.0 {
            Material::P256(_) => "ES256",
            Material::P384(_) => "ES384",
            Material::Rsa(_) => "RS256",
            Material::Ed25519(_) => "EdDSA",
        }
    }

    /// Checks a signature whose header states `alg`.
    pub(crate) fn verify(&self, alg: &str, message: &[u8], signature: &[u8]) -> Result<(), JoseError> {
        if alg != self.algorithm() {
            let key = self.algorithm().to_owned();
            return Err(JoseError::AlgorithmMismatch { header: alg.to_owned(), key });
        }
        match &self.0 {
            Material::P256(key) => ecdsa(key, &sha::sha256(message), signature, 32),
            Material::P384(key) => ecdsa(key, &sha::sha384(message), signature, 48),
            Material::Rsa(verifier) => verifier.verify(message, signature).map_err(|_| JoseError::Signature),
            Material::Ed25519(key) => {
                let signature = Signature::from_slice(signature).map_err(|_| JoseError::Signature)?;
                key.verify_strict(message, &signature).map_err(|_| JoseError::Signature)
            }
        }
    }
}

/// RFC 7518, 3.4: R and S, each of the curve's length. OpenSSL is asked without
/// its provider layer, which would look up the algorithm for every signature.
fn ecdsa(key: &EcKey<Public>, digest: &[u8], signature: &[u8], half: usize) -> Result<(), JoseError> {
    let Some((r, s)) = signature.split_at_checked(half).filter(|(_, s)| s.len() == half) else {
        return Err(JoseError::Signature);
    };
    let signature = BigNum::from_slice(r)
        .and_then(|r| EcdsaSig::from_private_components(r, BigNum::from_slice(s)?))
        .map_err(library)?;
    // An R or S out of range is an error to OpenSSL.
    if signature.verify(digest, key).unwrap_or(false) { Ok(()) } else { Err(JoseError::Signature) }
}

fn on_curve(members: &Map<String, Value>, curve: Nid, length: usize) -> Result<EcKey<Public>, JoseError> {
    let coordinate = |name: &str| {
        let bytes = number(members, name)?;
        expect_length(&bytes, name, length, length)?;
        BigNum::from_slice(&bytes).map_err(library)
    };
    let (x, y) = (coordinate("x")?, coordinate("y")?);
    let group = EcGroup::from_curve_name(curve).map_err(library)?;
    EcKey::from_public_key_affine_coordinates(&group, &x, &y)
        .map_err(|_| JoseError::Key("`x` and `y` are not a point of the curve".to_owned()))
}

fn rsa(members: &Map<String, Value>) -> Result<Arc<dyn JwsVerifier>, JoseError> {
    let smallest = usize::try_from(RSA_MIN_BITS / 8).unwrap_or(usize::MAX);
    expect_length(&number(members, "n")?, "n", smallest, RSA_MAX_BYTES)?;
    let exponent = number(members, "e")?;
    expect_length(&exponent, "e", 1, 8)?;
    if exponent == [1] || exponent.last().is_none_or(|last| last % 2 == 0) {
        return Err(JoseError::Key("`e` must be odd and above 1".to_owned()));
    }
    // Only the numbers go on to josekit: it would demand that a `kid` of the
    // key be repeated in the header.
    let names = ["kty", "n", "e"];
    let bare = members.iter().filter(|(name, _)| names.contains(&name.as_str()));
    let bare: Map<_, _> = bare.map(|(name, value)| (name.clone(), value.clone())).collect();
    let key_error = |error: josekit::JoseError| JoseError::Key(error.to_string());
    let verifier = Jwk::from_map(bare).and_then(|jwk| RS256.verifier_from_jwk(&jwk)).map_err(key_error)?;
    Ok(Arc::new(verifier))
}

fn ed25519(members: &Map<String, Value>) -> Result<ed25519_dalek::VerifyingKey, JoseError> {
    let bytes = number(members, "x")?;
    let bytes = bytes.try_into().map_err(|_| JoseError::Key("`x` must have 32 bytes".to_owned()))?;
    ed25519_dalek::VerifyingKey::from_bytes(&bytes)
        .map_err(|_| JoseError::Key("`x` is not a point of Ed25519".to_owned()))
}

fn text<'a>(members: &'a Map<String, Value>, name: &str) -> Result<Option<&'a str>, JoseError> {
    match members.get(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(JoseError::Key(format!("`{name}` must be a string"))),
    }
}

fn number(members: &Map<String, Value>, name: &str) -> Result<Vec<u8>, JoseError> {
    let text = text(members, name)?.ok_or_else(|| JoseError::Key(format!("`{name}` is missing")))?;
    let bytes = URL_SAFE_NO_PAD.decode(text);
    bytes.map_err(|_| JoseError::Key(format!("`{name}` is not unpadded base64url")))
}

fn expect_length(bytes: &[u8], name: &str, least: usize, most: usize) -> Result<(), JoseError> {
    if (least..=most).contains(&bytes.len()) {
        return Ok(());
    }
    Err(JoseError::Key(format!("`{name}` has {} bytes; {least} to {most} are accepted", bytes.len())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Algorithm, PrivateKey, read_compact, sign_compact};
    use serde_json::json;

    /// RFC 8037, A.4: an Ed25519 JWS and its key.
    const EDDSA_TOKEN: &str = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";

    fn eddsa_key() -> Value {
        json!({"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})
    }

    #[test]
    fn the_standard_s_eddsa_token_verifies() {
        let read = read_compact(EDDSA_TOKEN).unwrap();
        assert_eq!(read.payload, b"Example of Ed25519 signing");
        read.verify(&eddsa_key()).unwrap();
        let changed = EDDSA_TOKEN.replace("RXhh", "RXhi");
        assert_eq!(read_compact(&changed).unwrap().verify(&eddsa_key()), Err(JoseError::Signature));
    }

    #[test]
    fn a_key_of_small_order_verifies_nothing() {
        // The identity point: A = (0, 1), R = A, S = 0 satisfies the equation for any message.
        let mut point = [0_u8; 32];
        point[0] = 1;
        let mut signature = [0_u8; 64];
        signature[0] = 1;
        let jwk = json!({"kty": "OKP", "crv": "Ed25519", "x": URL_SAFE_NO_PAD.encode(point)});
        let token = format!("eyJhbGciOiJFZERTQSJ9.e30.{}", URL_SAFE_NO_PAD.encode(signature));
        assert_eq!(read_compact(&token).unwrap().verify(&jwk), Err(JoseError::Signature));
    }

    /// No ES384 token is published: two libraries that share no code sign for each
    /// other, OpenSSL (by josekit) and the `p384` crate.
    #[test]
    fn es384_is_what_another_library_takes_it_for() {
        use p384::ecdsa::{Signature, SigningKey, signature::Signer, signature::Verifier};

        let secret = SigningKey::from_slice(&[9; 48]).unwrap();
        let point = secret.verifying_key().to_sec1_point(false);
        let [x, y] = [point.x().unwrap(), point.y().unwrap()].map(|it| URL_SAFE_NO_PAD.encode(it));
        let public = json!({"kty": "EC", "crv": "P-384", "x": x, "y": y});
        let input = format!("{}.e30", URL_SAFE_NO_PAD.encode(r#"{"alg":"ES384"}"#));

        let theirs: Signature = secret.sign(input.as_bytes());
        let token = |signature: &[u8]| format!("{input}.{}", URL_SAFE_NO_PAD.encode(signature));
        let verified = |token: &str| read_compact(token).unwrap().verify(&public);
        assert_eq!(verified(&token(&theirs.to_bytes())), Ok(()));
        let mut changed = theirs.to_bytes();
        changed[95] ^= 1;
        assert_eq!(verified(&token(&changed)), Err(JoseError::Signature));
        assert_eq!(verified(&token(theirs.to_der().as_bytes())), Err(JoseError::Signature));
        let of_another = token(&theirs.to_bytes()).replacen(".e30.", ".e30K.", 1);
        assert_eq!(verified(&of_another), Err(JoseError::Signature));

        let mut private = public.clone();
        private["d"] = URL_SAFE_NO_PAD.encode([9; 48]).into();
        let private = Jwk::from_map(private.as_object().unwrap().clone()).unwrap();
        let ours = josekit::jws::ES384.signer_from_jwk(&private).unwrap();
        let ours = josekit::jws::JwsSigner::sign(&ours, input.as_bytes()).unwrap();
        assert_eq!(verified(&token(&ours)), Ok(()));
        let ours = Signature::from_slice(&ours).unwrap();
        assert!(secret.verifying_key().verify(input.as_bytes(), &ours).is_ok());
        assert!(secret.verifying_key().verify(b"another", &ours).is_err());
    }

    #[test]
    fn the_key_says_which_algorithm_is_used() {
        let ec = PrivateKey::generate(Algorithm::Es256).unwrap();
        let token = sign_compact(b"{}", &ec, "k", None).unwrap();
        let rsa = PrivateKey::generate(Algorithm::Rs256).unwrap().public_jwk().clone();
        for other in [rsa, eddsa_key()] {
            let refused = read_compact(&token).unwrap().verify(&other);
            assert!(matches!(refused, Err(JoseError::AlgorithmMismatch { .. })), "{refused:?}");
        }
    }

    #[test]
    fn keys_unfit_for_verifying_are_refused_with_the_reason() {
        let good = PrivateKey::generate(Algorithm::Es256).unwrap().public_jwk().clone();
        let token = sign_compact(b"{}", &PrivateKey::generate(Algorithm::Es256).unwrap(), "k", None).unwrap();
        let with = |name: &str, value: Value| {
            let mut key = good.clone();
            key[name] = value;
            key
        };
        let short = URL_SAFE_NO_PAD.encode([3; 128]);
        let long = URL_SAFE_NO_PAD.encode([3; 2000]);
        for (key, why) in [
            (with("d", "AAAA".into()), "private half"),
            (with("use", "enc".into()), "`use`"),
            (with("key_ops", json!(["sign"])), "`key_ops`"),
            (with("alg", "ES384".into()), "`ES384`"),
            (with("crv", "P-384".into()), "`x`"),
            (with("crv", "P-521".into()), "P-521"),
            (with("crv", 1.into()), "`crv`"),
            (with("x", "AAAA".into()), "`x`"),
            (with("x", URL_SAFE_NO_PAD.encode([7; 32]).into()), "not a point"),
            (json!({"kty": "oct", "k": "AAAA"}), "private half"),
            (json!({"kty": "oct"}), "oct"),
            (json!({"kty": "RSA", "n": short, "e": "AQAB"}), "`n`"),
            (json!({"kty": "RSA", "n": long, "e": "AQAB"}), "`n`"),
            (json!({"kty": "RSA", "n": URL_SAFE_NO_PAD.encode([3; 256]), "e": "AQ"}), "`e`"),
            (json!({"kty": "RSA", "n": URL_SAFE_NO_PAD.encode([3; 256])}), "`e` is missing"),
            (json!("key"), "object"),
        ] {
            let error = read_compact(&token).unwrap().verify(&key).unwrap_err();
            assert!(matches!(error, JoseError::Key(_)), "{key}: {error}");
            assert!(error.to_string().contains(why), "{key}: {error}");
        }
    }
}
