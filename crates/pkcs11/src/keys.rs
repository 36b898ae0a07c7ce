//! Making keys in a token, and reading their public halves.

use cryptoki::{
    mechanism::Mechanism,
    object::{Attribute, AttributeType, KeyType, ObjectClass, ObjectHandle},
    session::Session,
};
use proof::multikey::PublicKey;
use signing::{KeyAlgorithm, TokenFault};

use crate::fault::Failure;

/// The curve by object identifier, as DER: edwards25519 (RFC 8410, 3).
const EDWARDS25519: [u8; 5] = [0x06, 0x03, 0x2b, 0x65, 0x70];
/// The curve by object identifier, as DER: P-256 (RFC 5480, 2.1.1.1).
const P256: [u8; 10] = [0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];

/// Makes a key pair called `id` that stays in the token, and gives the public
/// half. The private half is sensitive and cannot be taken out: asked of the
/// token when it is made, and looked up afterwards.
pub(crate) fn generate(session: &Session, id: &str, algorithm: KeyAlgorithm) -> Result<PublicKey, Failure> {
    let (mechanism, kind, curve) = match algorithm {
        KeyAlgorithm::Ed25519 => {
            (Mechanism::EccEdwardsKeyPairGen, KeyType::EC_EDWARDS, EDWARDS25519.to_vec())
        }
        KeyAlgorithm::Es256 => (Mechanism::EccKeyPairGen, KeyType::EC, P256.to_vec()),
        KeyAlgorithm::Rs256 => {
            return Err(TokenFault::Unable("keep rs256 keys; they lie in files".to_owned()).into());
        }
    };
    if !session.find_objects(&[Attribute::Id(id.as_bytes().to_vec())])?.is_empty() {
        return Err(TokenFault::Wrong(format!("it has a key `{id}` already; try again")).into());
    }
    let public = [
        Attribute::Class(ObjectClass::PUBLIC_KEY),
        Attribute::KeyType(kind),
        Attribute::Token(true),
        Attribute::Private(false),
        Attribute::Verify(true),
        Attribute::EcParams(curve),
        Attribute::Label(id.as_bytes().to_vec()),
        Attribute::Id(id.as_bytes().to_vec()),
    ];
    let private = [
        Attribute::Class(ObjectClass::PRIVATE_KEY),
        Attribute::KeyType(kind),
        Attribute::Token(true),
        Attribute::Private(true),
        Attribute::Sensitive(true),
        Attribute::Extractable(false),
        Attribute::Sign(true),
        Attribute::Label(id.as_bytes().to_vec()),
        Attribute::Id(id.as_bytes().to_vec()),
    ];
    let (public, private) = session.generate_key_pair(&mechanism, &public, &private)?;
    let read = expect_kept(session, private).and_then(|()| public_half(session, public, algorithm));
    if read.is_err() {
        // A key that nothing will ever name; that it cannot be taken away either
        // matters less than why.
        let _ = (session.destroy_object(private), session.destroy_object(public));
    }
    read
}

fn expect_kept(session: &Session, private: ObjectHandle) -> Result<(), Failure> {
    let told = session.get_attributes(
        private,
        &[AttributeType::Sensitive, AttributeType::Extractable, AttributeType::NeverExtractable],
    )?;
    let kept = [Attribute::Sensitive(true), Attribute::Extractable(false), Attribute::NeverExtractable(true)];
    if kept.iter().all(|attribute| told.contains(attribute)) {
        Ok(())
    } else {
        Err(TokenFault::Wrong("the key it made could be taken out of it".to_owned()).into())
    }
}

fn public_half(
    session: &Session,
    public: ObjectHandle,
    algorithm: KeyAlgorithm,
) -> Result<PublicKey, Failure> {
    let told = session.get_attributes(public, &[AttributeType::EcPoint])?;
    let Some(Attribute::EcPoint(point)) = told.first() else {
        return Err(TokenFault::Wrong("it does not tell the public half".to_owned()).into());
    };
    read_point(point, algorithm)
        .ok_or_else(|| TokenFault::Wrong("its public half is no point of the curve".to_owned()).into())
}

/// `CKA_EC_POINT` is the point as a DER octet string (PKCS #11 3.1, 6.3.3);
/// some tokens give the bare point.
fn read_point(point: &[u8], algorithm: KeyAlgorithm) -> Option<PublicKey> {
    let octets = |length: u8| match point {
        [0x04, told, rest @ ..] if *told == length && rest.len() == usize::from(length) => rest,
        bare => bare,
    };
    match algorithm {
        KeyAlgorithm::Ed25519 => PublicKey::ed25519(octets(32).try_into().ok()?).ok(),
        KeyAlgorithm::Es256 => PublicKey::p256(octets(65)).ok(),
        KeyAlgorithm::Rs256 => None,
    }
}

#[cfg(test)]
mod tests {
    use p256::elliptic_curve::sec1::ToSec1Point as _;

    use super::*;

    /// The examples of the did:key method.
    #[test]
    fn a_point_is_read_wrapped_or_bare() {
        let ed25519 = PublicKey::from_multibase("z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK").unwrap();
        let PublicKey::Ed25519(key) = ed25519 else { panic!() };
        let bare = key.to_bytes();
        let wrapped = [&[0x04, 32][..], &bare].concat();
        for point in [bare.as_slice(), &wrapped] {
            assert_eq!(read_point(point, KeyAlgorithm::Ed25519), Some(ed25519));
            assert_eq!(read_point(point, KeyAlgorithm::Es256), None);
        }
        let p256 = PublicKey::from_multibase("zDnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU2169").unwrap();
        let PublicKey::P256(compressed) = p256 else { panic!() };
        let bare = p256::PublicKey::from_sec1_bytes(&compressed).unwrap().to_sec1_point(false);
        let bare = bare.as_bytes();
        let wrapped = [&[0x04, 65][..], bare].concat();
        for point in [bare, &wrapped] {
            assert_eq!(read_point(point, KeyAlgorithm::Es256), Some(p256));
            assert_eq!(read_point(&point[1..], KeyAlgorithm::Es256), None);
        }
    }
}
