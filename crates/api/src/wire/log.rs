//! What is answered about the log. Hashes are base64 (RFC 4648, section 4).

use base64::{Engine as _, engine::general_purpose::STANDARD};
use issuing::{CredentialLog, ProvedEntry};
use model::vc::Timestamp;
use proof::log::{Hash, LogProof, SignedNote};
use registry::StoredCheckpoint;
use serde::Serialize;
use utoipa::ToSchema;

/// A checkpoint.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CheckpointDocument {
    /// How many entries the log had.
    size: u64,
    /// The root of its tree.
    root: String,
    /// When it was signed, by the service's clock.
    signed_at: String,
    /// How many witnesses have signed it.
    cosignatures: usize,
    /// The checkpoint itself (C2SP tlog-checkpoint).
    note: String,
}

impl CheckpointDocument {
    pub fn new(stored: &StoredCheckpoint, note: &SignedNote) -> Self {
        Self {
            size: stored.size,
            root: stored.root.clone(),
            signed_at: Timestamp::from(stored.signed_at).as_str().to_owned(),
            cosignatures: stored.cosignatures.len(),
            note: note.to_string(),
        }
    }
}

/// A page of checkpoints.
#[derive(Debug, Serialize, ToSchema)]
pub struct CheckpointList {
    /// Smallest first.
    pub checkpoints: Vec<CheckpointDocument>,
}

/// The proof that a tree begins with another.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ConsistencyDocument {
    from: u64,
    to: u64,
    /// The root of the tree of `from` entries.
    from_root: String,
    /// The root of the tree of `to` entries.
    to_root: String,
    /// The hashes, in the order of RFC 9162, section 2.1.4.
    proof: Vec<String>,
}

impl ConsistencyDocument {
    pub fn new(from: u64, to: u64, (from_root, to_root, proof): &(Hash, Hash, Vec<Hash>)) -> Self {
        Self {
            from,
            to,
            from_root: from_root.to_string(),
            to_root: to_root.to_string(),
            proof: proof.iter().map(ToString::to_string).collect(),
        }
    }
}

/// An entry and its proof.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct EntryDocument {
    /// `credential.issued` or `credential.revoked`.
    kind: String,
    /// Its place in the log.
    index: u64,
    /// Its bytes, base64: the hash of `0x00` and these is the leaf.
    leaf: String,
    /// The hashes, from the leaf's sibling up (RFC 9162, section 2.1.3).
    inclusion_proof: Vec<String>,
    /// All of it in one text (C2SP tlog-proof), for tools that read that.
    tlog_proof: String,
}

impl EntryDocument {
    fn new(proved: &ProvedEntry, checkpoint: &SignedNote) -> Self {
        let ProvedEntry { entry, path } = proved;
        let proof = LogProof { index: entry.index, path: path.clone(), checkpoint: checkpoint.clone() };
        Self {
            kind: entry.entry.kind.to_string(),
            index: entry.index,
            leaf: STANDARD.encode(entry.entry.to_bytes()),
            inclusion_proof: path.iter().map(ToString::to_string).collect(),
            tlog_proof: proof.to_string(),
        }
    }
}

/// What opens the digest of the entry that says that the credential was issued.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OpeningDocument {
    /// The key of the digest, HMAC-SHA-256, hexadecimal. It opens no other entry.
    key: String,
    /// What is digested: `=` and the mark of the JSON form, that of the JWT, and the
    /// time of issue (docs/log.md).
    columns: Vec<String>,
    /// What opens the marks: each is the HMAC-SHA-256, under this hexadecimal key, of the
    /// document's SHA-256 in hexadecimal. Absent if these are the marks, as of badges from
    /// before there were such keys, and after the learner was erased.
    #[serde(skip_serializing_if = "Option::is_none")]
    document_key: Option<String>,
}

/// What the log proves of a credential.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CredentialProofDocument {
    /// How many entries the log has in `checkpoint`.
    tree_size: u64,
    /// The root of its tree.
    root: String,
    /// The signed checkpoint (C2SP tlog-checkpoint).
    checkpoint: String,
    /// That it was issued; then, if it was and that has its place by now, that it was revoked.
    entries: Vec<EntryDocument>,
    opening: OpeningDocument,
}

impl CredentialProofDocument {
    pub fn new(proved: &CredentialLog) -> Self {
        let entries = [&proved.issued].into_iter().chain(&proved.revoked);
        Self {
            tree_size: proved.stated.size,
            root: proved.stated.root.to_string(),
            checkpoint: proved.checkpoint.to_string(),
            entries: entries.map(|entry| EntryDocument::new(entry, &proved.checkpoint)).collect(),
            opening: OpeningDocument {
                key: proved.opening.key.clone(),
                columns: proved.opening.columns.clone(),
                document_key: proved.opening.document_key.clone(),
            },
        }
    }
}
