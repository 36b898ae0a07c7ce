//! Signed notes (C2SP signed-note).

use std::{fmt, str::FromStr};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use ed25519_dalek::{Signature, VerifyingKey};
use sha2::{Digest as _, Sha256};

use super::{Cosignature, LogError, cosigned_message};

/// The most signatures of a note that are read; the specification asks for 16.
const MOST_SIGNATURES: usize = 64;

/// What begins a line with a signature: an em dash and a space.
const LINE: &str = "\u{2014} ";

/// What a key signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SignatureKind {
    /// The text of the note, by Ed25519: what a log does.
    Ed25519,
    /// The text with the time (C2SP tlog-cosignature, version 1): what a witness does.
    Cosignature,
}

impl SignatureKind {
    fn byte(self) -> u8 {
        match self {
            Self::Ed25519 => 0x01,
            Self::Cosignature => 0x04,
        }
    }
}

/// A key by which notes are verified, with its name. Written `name+id+key`, as
/// logs and witnesses publish it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct VerifierKey {
    name: String,
    kind: SignatureKind,
    public: [u8; 32],
}

impl VerifierKey {
    /// A key by its parts. The name has no white space and no `+`; the 32 bytes
    /// are a point of Ed25519 that is not of small order.
    pub fn new(name: &str, kind: SignatureKind, public: [u8; 32]) -> Result<Self, LogError> {
        if !is_key_name(name) {
            return Err(LogError::malformed("the name of a key", format!("`{name}`")));
        }
        match VerifyingKey::from_bytes(&public) {
            Ok(key) if !key.is_weak() => Ok(Self { name: name.to_owned(), kind, public }),
            _ => Err(LogError::malformed("a key", "it is no Ed25519 key")),
        }
    }

    /// Its name: of a log, the origin of its checkpoints.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it signs.
    pub fn kind(&self) -> SignatureKind {
        self.kind
    }

    /// The Ed25519 key.
    pub fn public(&self) -> &[u8; 32] {
        &self.public
    }

    /// The first four bytes of the hash of name, kind and key, which stand before
    /// every signature.
    pub fn id(&self) -> u32 {
        let digest = Sha256::new()
            .chain_update(&self.name)
            .chain_update([b'\n', self.kind.byte()])
            .chain_update(self.public)
            .finalize();
        digest.first_chunk().map_or(0, |start| u32::from_be_bytes(*start))
    }

    /// The line of a note for a signature that this key gave.
    pub fn signature(&self, bytes: Vec<u8>) -> NoteSignature {
        NoteSignature { name: self.name.clone(), id: self.id(), bytes }
    }

    fn verifies(&self, text: &str, signature: &[u8]) -> bool {
        let Ok(key) = VerifyingKey::from_bytes(&self.public) else { return false };
        let strictly = |message: &[u8], signature: &[u8; 64]| {
            key.verify_strict(message, &Signature::from_bytes(signature)).is_ok()
        };
        match self.kind {
            SignatureKind::Ed25519 => {
                signature.try_into().is_ok_and(|signature| strictly(text.as_bytes(), signature))
            }
            SignatureKind::Cosignature => Cosignature::from_bytes(signature).is_ok_and(|cosignature| {
                strictly(&cosigned_message(cosignature.timestamp, text), &cosignature.signature)
            }),
        }
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut key = vec![self.kind.byte()];
        key.extend(self.public);
        write!(f, "{}+{:08x}+{}", self.name, self.id(), STANDARD.encode(key))
    }
}

impl FromStr for VerifierKey {
    type Err = LogError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = |detail: &str| LogError::malformed("a verifier key", detail);
        let mut parts = text.splitn(3, '+');
        let (Some(name), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(wrong("it is not written name+id+key"));
        };
        let key = STANDARD.decode(key).map_err(|error| wrong(&error.to_string()))?;
        let kind = match key.first() {
            Some(0x01) => SignatureKind::Ed25519,
            Some(0x04) => SignatureKind::Cosignature,
            _ => return Err(wrong("it is of a kind that is not read here")),
        };
        let public = key.get(1..).unwrap_or_default().try_into();
        let read = Self::new(name, kind, public.map_err(|_| wrong("the key is not of 32 bytes"))?)?;
        if read.to_string() == text { Ok(read) } else { Err(wrong(&format!("its id is not `{id}`"))) }
    }
}

/// One signature of a note, not looked at yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteSignature {
    /// The name of the key.
    pub name: String,
    /// The id of the key.
    pub id: u32,
    /// What the key gave: of its own kind.
    pub bytes: Vec<u8>,
}

impl NoteSignature {
    fn is_by(&self, key: &VerifierKey) -> bool {
        self.name == key.name && self.id == key.id()
    }
}

/// As a line, without its end.
impl fmt::Display for NoteSignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut signature = self.id.to_be_bytes().to_vec();
        signature.extend(&self.bytes);
        write!(f, "{LINE}{} {}", self.name, STANDARD.encode(signature))
    }
}

impl FromStr for NoteSignature {
    type Err = LogError;

    fn from_str(line: &str) -> Result<Self, Self::Err> {
        let wrong = || LogError::malformed("a signature of a note", format!("`{line}`"));
        let (name, signature) =
            line.strip_prefix(LINE).and_then(|rest| rest.split_once(' ')).ok_or_else(wrong)?;
        let signature = STANDARD.decode(signature).map_err(|_| wrong())?;
        let (id, bytes) = signature.split_first_chunk().ok_or_else(wrong)?;
        if !is_key_name(name) || bytes.is_empty() {
            return Err(wrong());
        }
        Ok(Self { name: name.to_owned(), id: u32::from_be_bytes(*id), bytes: bytes.to_vec() })
    }
}

/// A text and who signed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedNote {
    text: String,
    signatures: Vec<NoteSignature>,
}

impl SignedNote {
    /// A note of a text, which ends with a line's end, and its signatures.
    pub fn new(text: String, signatures: Vec<NoteSignature>) -> Result<Self, LogError> {
        Self { text, signatures }.to_string().parse()
    }

    /// The text that is signed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The signatures, in their order.
    pub fn signatures(&self) -> &[NoteSignature] {
        &self.signatures
    }

    /// Whether `key` signed it; [`LogError::BadSignature`] if what says so does
    /// not verify. Signatures of other keys are passed over.
    pub fn is_signed_by(&self, key: &VerifierKey) -> Result<bool, LogError> {
        let mut found = false;
        for signature in self.signatures.iter().filter(|signature| signature.is_by(key)) {
            if !key.verifies(&self.text, &signature.bytes) {
                return Err(LogError::BadSignature(key.name.clone()));
            }
            found = true;
        }
        Ok(found)
    }

    /// [`LogError::NotSigned`] unless `key` signed it.
    pub fn expect_signed_by(&self, key: &VerifierKey) -> Result<(), LogError> {
        if self.is_signed_by(key)? { Ok(()) } else { Err(LogError::NotSigned(key.name.clone())) }
    }

    /// The same note with a signature more; in the place of one that the same key
    /// gave before.
    #[must_use]
    pub fn with(mut self, signature: NoteSignature) -> Self {
        let same = |known: &&mut NoteSignature| known.name == signature.name && known.id == signature.id;
        match self.signatures.iter_mut().find(same) {
            Some(known) => *known = signature,
            None => self.signatures.push(signature),
        }
        self
    }
}

impl fmt::Display for SignedNote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        self.signatures.iter().try_for_each(|signature| writeln!(f, "{signature}"))
    }
}

impl FromStr for SignedNote {
    type Err = LogError;

    fn from_str(note: &str) -> Result<Self, Self::Err> {
        let wrong = |detail: &str| LogError::malformed("a signed note", detail);
        if note.chars().any(|c| c < ' ' && c != '\n') {
            return Err(wrong("it has a control character"));
        }
        let (text, lines) = note.rsplit_once("\n\n").ok_or_else(|| wrong("it has no empty line"))?;
        let lines = lines.strip_suffix('\n').ok_or_else(|| wrong("its last line has no end"))?;
        let signatures = lines.split('\n').map(NoteSignature::from_str).collect::<Result<Vec<_>, _>>()?;
        if text.is_empty() || signatures.len() > MOST_SIGNATURES {
            return Err(wrong("it has no text or too many signatures"));
        }
        Ok(Self { text: format!("{text}\n"), signatures })
    }
}

fn is_key_name(name: &str) -> bool {
    !name.is_empty() && !name.chars().any(|c| c.is_whitespace() || c.is_control() || c == '+')
}
