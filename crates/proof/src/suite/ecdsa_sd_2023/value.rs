//! What the `proofValue` of a base proof and of a derived one holds
//! (sections 3.4.2 to 3.4.9): `u` and the base64url form of a header of three
//! bytes and a CBOR array.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

use super::super::{ProofError, member, string};
use super::at_most;
use super::cbor::{Reader, Writer};
use crate::multikey::PublicKey;

const BASE: [u8; 3] = [0xd9, 0x5d, 0x00];
const DERIVED: [u8; 3] = [0xd9, 0x5d, 0x01];

/// A P-256 key with its multicodec prefix.
pub(super) type Key = [u8; 35];
pub(super) type Signature = [u8; 64];
/// What a blank node is called in signed statements, before base64url.
pub(super) type Label = [u8; 32];

/// What the issuer gives to the holder.
#[derive(Clone)]
pub(super) struct BaseValue {
    pub(super) signature: Signature,
    pub(super) statements_key: Key,
    pub(super) hmac_key: [u8; 32],
    /// Of the statements that are not mandatory, in the order of their lines.
    pub(super) signatures: Vec<Signature>,
    /// JSON pointers.
    pub(super) mandatory: Vec<String>,
}

/// What the holder gives to a verifier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct DerivedValue {
    pub(super) signature: Signature,
    pub(super) statements_key: Key,
    pub(super) signatures: Vec<Signature>,
    /// By the number of the canonical label of the disclosed document.
    pub(super) labels: Vec<Label>,
    /// The lines of the disclosed document that are mandatory, ascending.
    pub(super) mandatory: Vec<usize>,
}

pub(super) enum ProofValue {
    Base(BaseValue),
    Derived(DerivedValue),
}

impl ProofValue {
    pub(super) fn read(proof: &Map<String, Value>) -> Result<Self, ProofError> {
        let text = string(proof, "proofValue")?;
        let bytes = text
            .strip_prefix('u')
            .and_then(|digits| URL_SAFE_NO_PAD.decode(digits).ok())
            .ok_or_else(|| member("proofValue", "must be `u` and base64url without padding"))?;
        match bytes.split_first_chunk() {
            Some((&BASE, rest)) => BaseValue::read(Reader::new(rest)).map(Self::Base),
            Some((&DERIVED, rest)) => DerivedValue::read(Reader::new(rest)).map(Self::Derived),
            _ => Err(member("proofValue", "is of neither a base proof nor a derived one")),
        }
    }
}

impl BaseValue {
    fn read(mut reader: Reader<'_>) -> Result<Self, ProofError> {
        five(&mut reader)?;
        let value = Self {
            signature: reader.bytes()?,
            statements_key: key(&mut reader)?,
            hmac_key: reader.bytes()?,
            signatures: signatures(&mut reader)?,
            mandatory: (0..reader.array()?)
                .map(|_| reader.text().map(str::to_owned))
                .collect::<Result<_, _>>()?,
        };
        reader.end().map(|()| value)
    }

    pub(super) fn write(&self) -> String {
        let mut writer = Writer::new(BASE);
        writer.array(5);
        writer.bytes(&self.signature);
        writer.bytes(&self.statements_key);
        writer.bytes(&self.hmac_key);
        write_signatures(&self.signatures, &mut writer);
        writer.array(self.mandatory.len());
        for pointer in &self.mandatory {
            writer.text(pointer);
        }
        multibase(&writer.done())
    }
}

impl DerivedValue {
    fn read(mut reader: Reader<'_>) -> Result<Self, ProofError> {
        five(&mut reader)?;
        let value = Self {
            signature: reader.bytes()?,
            statements_key: key(&mut reader)?,
            signatures: signatures(&mut reader)?,
            labels: labels(&mut reader)?,
            mandatory: (0..reader.array()?).map(|_| reader.unsigned()).collect::<Result<_, _>>()?,
        };
        reader.end()?;
        if !value.mandatory.is_sorted_by(|one, next| one < next) {
            return Err(member("proofValue", "the places of the mandatory statements must ascend"));
        }
        Ok(value)
    }

    pub(super) fn write(&self) -> String {
        let mut writer = Writer::new(DERIVED);
        writer.array(5);
        writer.bytes(&self.signature);
        writer.bytes(&self.statements_key);
        write_signatures(&self.signatures, &mut writer);
        writer.map(self.labels.len());
        for (number, label) in self.labels.iter().enumerate() {
            writer.unsigned(number);
            writer.bytes(label);
        }
        writer.array(self.mandatory.len());
        for place in &self.mandatory {
            writer.unsigned(*place);
        }
        multibase(&writer.done())
    }
}

fn five(reader: &mut Reader<'_>) -> Result<(), ProofError> {
    match reader.array()? {
        5 => Ok(()),
        other => Err(member("proofValue", &format!("must hold five things, not {other}"))),
    }
}

fn key(reader: &mut Reader<'_>) -> Result<Key, ProofError> {
    let key = reader.bytes()?;
    match PublicKey::from_multicodec(&key) {
        Ok(PublicKey::P256(_)) => Ok(key),
        _ => Err(member("proofValue", "the key of the statements must be a P-256 key")),
    }
}

fn signatures(reader: &mut Reader<'_>) -> Result<Vec<Signature>, ProofError> {
    (0..at_most(reader.array()?)?).map(|_| reader.bytes()).collect()
}

/// Every label from the first to the last, each another one: else two nodes
/// could be made to look like one.
fn labels(reader: &mut Reader<'_>) -> Result<Vec<Label>, ProofError> {
    let mut labels = (0..reader.map()?)
        .map(|_| Ok((reader.unsigned()?, reader.bytes()?)))
        .collect::<Result<Vec<(usize, Label)>, ProofError>>()?;
    labels.sort_unstable();
    let complete = labels.iter().enumerate().all(|(place, (number, _))| place == *number);
    let labels: Vec<Label> = labels.into_iter().map(|(_, label)| label).collect();
    let different: BTreeSet<&Label> = labels.iter().collect();
    if !complete || different.len() != labels.len() {
        return Err(member("proofValue", "the labels of the nodes must be complete and all different"));
    }
    Ok(labels)
}

fn write_signatures(signatures: &[Signature], writer: &mut Writer) {
    writer.array(signatures.len());
    for signature in signatures {
        writer.bytes(signature);
    }
}

fn multibase(bytes: &[u8]) -> String {
    let mut text = String::from("u");
    URL_SAFE_NO_PAD.encode_string(bytes, &mut text);
    text
}
