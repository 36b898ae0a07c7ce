//! What a verifier asks of a wallet, signed (RFC 9101; OID4VP 1.0, 5).

use crate::{
    JoseError,
    claims::media_type,
    compact::{Unverified, read_typed},
};

/// `typ` of a signed request (RFC 9101, 10.8).
pub const REQUEST_OBJECT: &str = "oauth-authz-req+jwt";

/// Reads a signed request as [`crate::read_compact`] does, of this `typ` alone.
pub fn read_request_object(token: &str) -> Result<Unverified, JoseError> {
    read_typed(token, |typ| media_type(typ) == REQUEST_OBJECT)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Algorithm, PrivateKey, sign_compact};

    #[test]
    fn nothing_else_is_taken_for_a_request() {
        let key = PrivateKey::generate(Algorithm::Es256).unwrap();
        let signed = |typ| sign_compact(b"{}", &key, "k", typ).unwrap();
        let read = read_request_object(&signed(Some(REQUEST_OBJECT))).unwrap();
        read.verify(key.public_jwk()).unwrap();
        for other in [None, Some("JWT"), Some("vp+jwt")] {
            assert!(matches!(read_request_object(&signed(other)), Err(JoseError::Header(_))));
        }
    }
}
