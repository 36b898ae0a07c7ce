//! From a draft to a signed badge, in the only order there is: nothing is
//! signed before its intent is stored.

use chrono::{DateTime, Utc};
use jose::{
    Content,
    Profile::{JoseCose, OpenBadges},
};
use model::{field::FieldError, site::Site};
use proof::{
    canon::CanonError,
    json::{self, JsonError},
};
use serde_json::Value;

use crate::{
    Identity, Key, KeySet, SigningError, Unchecked, Way,
    form::{Signers, canonicalises, comes_to_the_same, sign_badge, sign_jwt},
    lint::{self, Kind},
};

/// The rules by which a stored intent becomes a signed badge. Whatever would
/// change a byte of the result makes a new version, and the old one stays, so
/// that work re-driven after a crash gives identical bytes.
pub const PROFILE_VERSION: &str = "2";
/// The rules before there was an SD-JWT VC. The other forms are the same.
const WITHOUT_SELECTIVE: &str = "1";

/// A credential without a proof, and the very text of it that is stored.
#[derive(Debug, Clone, PartialEq)]
pub struct Unsigned {
    text: String,
    value: Value,
}

impl Unsigned {
    /// Reads it as strict JSON within `limits`.
    pub fn read(text: String, limits: &json::Limits) -> Result<Self, JsonError> {
        let value = json::parse(text.as_bytes(), limits)?;
        Ok(Self { text, value })
    }

    /// The credential.
    pub fn value(&self) -> &Value {
        &self.value
    }

    /// Whether it has the canonical form that signing will ask for. To be asked before it is
    /// stored, since afterwards nothing can be changed.
    pub fn canonicalises(&self) -> Result<(), CanonError> {
        canonicalises(&self.value)
    }
}

impl From<Value> for Unsigned {
    fn from(value: Value) -> Self {
        Self { text: value.to_string(), value }
    }
}

/// A badge about to be prepared.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// The credential; its `issuer.id` is that of [`Identity::data_integrity`].
    pub credential: Unsigned,
    /// The Ed25519 key that is to sign: `key_id` of [`Identity::data_integrity`].
    pub data_integrity_key: String,
    /// The ES256 or RS256 key that is to sign: `key_id` of [`Identity::jwt`].
    pub jwt_key: String,
    /// When it is issued; `created` of the proof.
    pub created: DateTime<Utc>,
    /// 32 random bytes as text, from which the salts of the SD-JWT VC are drawn.
    pub disclosure_seed: String,
}

/// What must be stored before anything is signed. It fixes every byte of what
/// will be signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Intent {
    /// The credential without a proof, as JSON text.
    pub unsigned: String,
    /// The Ed25519 key that is to sign.
    pub data_integrity_key: String,
    /// The ES256 or RS256 key that is to sign.
    pub jwt_key: String,
    /// `created` of the proof.
    pub created: DateTime<Utc>,
    /// [`PROFILE_VERSION`] at the time.
    pub profile_version: String,
    /// [`Draft::disclosure_seed`]; none under the first profile, which had no
    /// SD-JWT VC.
    pub disclosure_seed: Option<String>,
}

/// A draft whose shape is right, not stored yet. It cannot be signed.
#[derive(Debug, Clone, PartialEq)]
pub struct Prepared {
    intent: Intent,
    value: Value,
}

impl Prepared {
    /// Checks a draft as far as can be done without keys, so that a faulty one
    /// is refused before it is stored: shape (OB 3.0, strict), dates, status.
    pub fn new(draft: Draft) -> Result<Self, SigningError> {
        let Unsigned { text, value } = draft.credential;
        expect_award(&value)?;
        lint::begins(&value, draft.created)?;
        let intent = Intent {
            unsigned: text,
            data_integrity_key: draft.data_integrity_key,
            jwt_key: draft.jwt_key,
            created: draft.created,
            profile_version: PROFILE_VERSION.to_owned(),
            disclosure_seed: Some(draft.disclosure_seed),
        };
        Ok(Self { intent, value })
    }

    /// What must be stored.
    pub fn into_intent(self) -> Intent {
        self.intent
    }

    /// The same, and what its text was read as.
    pub fn into_parts(self) -> (Intent, Linted) {
        let Self { intent, value } = self;
        let linted = Linted { text: intent.unsigned.clone(), created: intent.created, value };
        (intent, linted)
    }
}

/// What a text was read as, whose shape was found right.
#[derive(Debug, Clone, PartialEq)]
pub struct Linted {
    text: String,
    created: DateTime<Utc>,
    value: Value,
}

impl Linted {
    /// Whether that is what reading and checking this intent would come to.
    fn is_of(&self, intent: &Intent) -> bool {
        self.text == intent.unsigned && self.created == intent.created
    }
}

/// An intent read back from where it was stored. To be implemented for rows of
/// the registry and for nothing else: it is the proof that the intent is kept.
pub trait StoredIntent {
    /// [`Intent::unsigned`].
    fn unsigned(&self) -> &str;
    /// [`Intent::data_integrity_key`].
    fn data_integrity_key(&self) -> &str;
    /// [`Intent::jwt_key`].
    fn jwt_key(&self) -> &str;
    /// [`Intent::created`].
    fn created(&self) -> DateTime<Utc>;
    /// [`Intent::profile_version`].
    fn profile_version(&self) -> &str;
    /// [`Intent::disclosure_seed`].
    fn disclosure_seed(&self) -> Option<&str>;
}

/// A badge whose intent is stored. Only this can be signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded(Intent);

impl Recorded {
    /// The badge of a stored intent.
    pub fn of(stored: &impl StoredIntent) -> Self {
        Self(Intent {
            unsigned: stored.unsigned().to_owned(),
            data_integrity_key: stored.data_integrity_key().to_owned(),
            jwt_key: stored.jwt_key().to_owned(),
            created: stored.created(),
            profile_version: stored.profile_version().to_owned(),
            disclosure_seed: stored.disclosure_seed().map(ToOwned::to_owned),
        })
    }

    pub(crate) fn intent(&self) -> &Intent {
        &self.0
    }

    /// Checks the badge once more, signs it as Data Integrity, and verifies that with
    /// the key as published, but for the last step, which [`Unchecked`] takes. The same
    /// intent gives the same bytes, however often.
    ///
    /// The VC-JWT is signed with it only where its key, one in a token, would sign
    /// otherwise the next time; see [`Self::sign_jwt`]. Its key is asked for all the
    /// same: what cannot be had in every form is not issued.
    ///
    /// A key that has retired since the intent was stored still signs it.
    pub fn sign(&self, keys: &KeySet, site: &Site) -> Result<Unchecked, SigningError> {
        self.sign_among(Way::Alone, None, keys, site)
    }

    /// The same among others, where the badge is at hand as it was read and checked when it was
    /// drafted: it spares doing so once more. Where `linted` is of another text, it says nothing.
    pub fn sign_among(
        &self,
        way: Way,
        linted: Option<&Linted>,
        keys: &KeySet,
        site: &Site,
    ) -> Result<Unchecked, SigningError> {
        let Self(intent) = self;
        if let Some(linted) = linted.filter(|linted| linted.is_of(intent)) {
            return self.sign_checked(&linted.value, way, keys, site);
        }
        let credential = json::parse(intent.unsigned.as_bytes(), &json::Limits::default())?;
        expect_award(&credential)?;
        lint::begins(&credential, intent.created)?;
        self.sign_checked(&credential, way, keys, site)
    }

    /// Whether the badge has one canonical form, in whichever [`Way`] it is found. Whoever signs
    /// many by what they have in common asks this of some.
    pub fn comes_to_the_same(&self, keys: &KeySet, site: &Site) -> Result<bool, SigningError> {
        let Self(intent) = self;
        let credential = json::parse(intent.unsigned.as_bytes(), &json::Limits::default())?;
        let signers = self.signers(&credential, keys, site)?;
        Ok(comes_to_the_same(&credential, &signers, intent.created)?)
    }

    fn sign_checked(
        &self,
        credential: &Value,
        way: Way,
        keys: &KeySet,
        site: &Site,
    ) -> Result<Unchecked, SigningError> {
        let Self(intent) = self;
        if ![WITHOUT_SELECTIVE, PROFILE_VERSION].contains(&intent.profile_version.as_str()) {
            return Err(SigningError::UnknownProfile(intent.profile_version.clone()));
        }
        let signers = self.signers(credential, keys, site)?;
        signers.jwt.signer_as_of(intent.created)?;
        let vc_jwt =
            if signers.jwt.signs_alike() { None } else { Some(sign_jwt(credential, &signers, OpenBadges)?) };
        sign_badge(credential, way, vc_jwt, &signers, intent.created)
    }

    /// Signs the badge as VC-JWT in the Open Badges profile and verifies it with the
    /// key as published: for a badge that is issued, when somebody asks for this form.
    /// The same intent gives the same bytes, by a key that signs deterministically.
    pub fn sign_jwt(&self, keys: &KeySet, site: &Site) -> Result<String, SigningError> {
        let credential = json::parse(self.0.unsigned.as_bytes(), &json::Limits::default())?;
        sign_jwt(&credential, &self.signers(&credential, keys, site)?, OpenBadges)
    }

    /// The badge as an `EnvelopedVerifiableCredential` (VC Data Model 2.0, 4.13): secured
    /// by VC-JOSE-COSE (3.1.1) and verified, then put into an envelope. What is said of
    /// [`Self::sign_jwt`] holds here too, and every key's form is signed when it is asked for.
    pub fn sign_enveloped(&self, keys: &KeySet, site: &Site) -> Result<Value, SigningError> {
        let credential = json::parse(self.0.unsigned.as_bytes(), &json::Limits::default())?;
        let token = sign_jwt(&credential, &self.signers(&credential, keys, site)?, JoseCose)?;
        Ok(jose::envelop(Content::VcJwt, &token))
    }

    /// The keys that were chosen when the intent was stored, if they may sign it.
    pub(crate) fn signers<'a>(
        &self,
        credential: &Value,
        keys: &'a KeySet,
        site: &'a Site,
    ) -> Result<Signers<'a>, SigningError> {
        let Self(intent) = self;
        let data_integrity = find(keys, &intent.data_integrity_key)?;
        let jwt = find(keys, &intent.jwt_key)?;
        let identity = Identity::with_keys(site, data_integrity, jwt)?;
        lint::belongs(credential, &identity, intent.created)?;
        Ok(Signers { identity, data_integrity, jwt, keys, site, in_force_at: intent.created })
    }
}

fn expect_award(credential: &Value) -> Result<(), SigningError> {
    match Kind::of(credential) {
        Some(Kind::Award) => lint::shape(credential, Kind::Award),
        _ => Err(SigningError::Lint(vec![FieldError::new(
            "/type",
            "not-an-award",
            "it is not a badge",
            "an array with VerifiableCredential and OpenBadgeCredential",
        )])),
    }
}

pub(crate) fn find<'a>(keys: &'a KeySet, id: &str) -> Result<&'a Key, SigningError> {
    keys.by_id(id).ok_or_else(|| SigningError::UnknownKey(id.to_owned()))
}
