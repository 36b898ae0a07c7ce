//! Hashed identities.

use sha2::{Digest, Sha256};

use crate::ob::{IdentifierType, IdentityObject};

/// The `identityHash` of an identifier: `sha256$` and the hex of
/// SHA-256(identifier ‖ salt) (OB 3.0, `IdentityObject`). Whoever knows the salt
/// can guess an email address from it: use it only where a holder shares an
/// email-bound badge on purpose.
pub fn identity_hash(identifier: &str, salt: &str) -> String {
    let digest = Sha256::new().chain_update(identifier).chain_update(salt).finalize();
    format!("sha256${}", hex::encode(digest))
}

impl IdentityObject {
    /// An identity in clear.
    pub fn clear(identity: impl Into<String>, kind: IdentifierType) -> Self {
        Self::new(false, identity, kind)
    }

    /// Whether it stands for `identifier`, hashed or in clear. `None` where the
    /// hash is of a kind that is not known here.
    pub fn stands_for(&self, identifier: &str) -> Option<bool> {
        if !self.hashed {
            return Some(self.identity_hash == identifier);
        }
        let expected = identity_hash(identifier, self.salt.as_deref().unwrap_or_default());
        let known = self.identity_hash.get(..7).is_some_and(|kind| kind.eq_ignore_ascii_case("sha256$"));
        known.then(|| self.identity_hash.eq_ignore_ascii_case(&expected))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_equals_the_known_vector() {
        let hash = identity_hash("a@example.com", "Kosher");
        assert_eq!(hash, "sha256$b5809d8a92f8858436d7e6b87c12ebc0ae1eac4baecc2c0b913aee2c922ef399");
        let mut object = IdentityObject::new(true, hash, IdentifierType::EmailAddress);
        object.salt = Some("Kosher".into());
        assert_eq!(object.stands_for("a@example.com"), Some(true));
        assert_eq!(object.stands_for("b@example.com"), Some(false));
        object.identity_hash = "md5$00".into();
        assert_eq!(object.stands_for("a@example.com"), None);
        let clear = IdentityObject::clear("Siân Example", IdentifierType::Name);
        assert_eq!(clear.stands_for("Siân Example"), Some(true));
    }
}
