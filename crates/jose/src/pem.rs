//! Public keys as Open Badges 2.0 publishes them: in PEM.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use openssl::{
    bn::{BigNum, BigNumContext},
    nid::Nid,
    pkey::{Id, PKey},
};
use serde_json::{Value, json};

use crate::{JoseError, key::library};

/// Letters of a PEM that is read.
const LONGEST: usize = 8192;

/// The public key of a PEM (`BEGIN PUBLIC KEY`, RFC 7468, section 13) as a JWK: RSA, P-256 or
/// P-384. [`JoseError::Key`] for anything else, a private key too.
pub fn jwk_of_pem(pem: &str) -> Result<Value, JoseError> {
    let refuse = |detail: &str| JoseError::Key(detail.to_owned());
    if pem.len() > LONGEST {
        return Err(refuse("the PEM is longer than any key"));
    }
    let key = PKey::public_key_from_pem(pem.trim().as_bytes());
    let key = key.map_err(|_| refuse("it is not a public key in PEM"))?;
    let text = |number: &[u8]| URL_SAFE_NO_PAD.encode(number);
    match key.id() {
        Id::RSA => {
            let rsa = key.rsa().map_err(library)?;
            Ok(json!({"kty": "RSA", "n": text(&rsa.n().to_vec()), "e": text(&rsa.e().to_vec())}))
        }
        Id::EC => {
            let ec = key.ec_key().map_err(library)?;
            let (name, length) = match ec.group().curve_name() {
                Some(Nid::X9_62_PRIME256V1) => ("P-256", 32),
                Some(Nid::SECP384R1) => ("P-384", 48),
                _ => return Err(refuse("it is of another curve than P-256 and P-384")),
            };
            let (mut x, mut y) = (BigNum::new().map_err(library)?, BigNum::new().map_err(library)?);
            let mut context = BigNumContext::new().map_err(library)?;
            let point = ec.public_key();
            point.affine_coordinates(ec.group(), &mut x, &mut y, &mut context).map_err(library)?;
            let (x, y) =
                (x.to_vec_padded(length).map_err(library)?, y.to_vec_padded(length).map_err(library)?);
            Ok(json!({"kty": "EC", "crv": name, "x": text(&x), "y": text(&y)}))
        }
        _ => Err(refuse("it is neither RSA nor of an elliptic curve")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use openssl::{
        ec::{EcGroup, EcKey},
        rsa::Rsa,
    };

    #[test]
    fn rsa_and_elliptic_keys_are_read_and_no_private_one() {
        let rsa = PKey::from_rsa(Rsa::generate(2048).unwrap()).unwrap();
        let pem = String::from_utf8(rsa.public_key_to_pem().unwrap()).unwrap();
        let jwk = jwk_of_pem(&pem).unwrap();
        assert_eq!((jwk["kty"].as_str(), jwk["e"].as_str()), (Some("RSA"), Some("AQAB")));
        assert!(crate::VerifyingKey::from_jwk(&jwk).is_ok());
        let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).unwrap();
        let ec = PKey::from_ec_key(EcKey::generate(&group).unwrap()).unwrap();
        let pem = String::from_utf8(ec.public_key_to_pem().unwrap()).unwrap();
        assert!(crate::VerifyingKey::from_jwk(&jwk_of_pem(&format!("\n{pem}\n")).unwrap()).is_ok());
        let secret = String::from_utf8(rsa.private_key_to_pem_pkcs8().unwrap()).unwrap();
        for bad in [secret.as_str(), "", "key", &"-".repeat(9000)] {
            assert!(matches!(jwk_of_pem(bad), Err(JoseError::Key(_))), "{bad:.30}");
        }
    }
}
