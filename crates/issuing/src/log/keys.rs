//! The log's key, and what the log is told of all keys.

use proof::{
    log::{SignatureKind, VerifierKey},
    multikey::PublicKey,
};
use registry::{KeyEvent, KeyEventKind, RegistryError};
use signing::{KeyPurpose, KeyRecord, PublicMaterial, SigningError};

use crate::{IssuingError, Service};

impl Service {
    /// The name of the log: its address without the scheme (C2SP tlog-tiles,
    /// «Parameters»).
    pub fn log_origin(&self) -> String {
        let base = self.site.base();
        format!("{}/log", base.split_once("://").map_or(base, |(_, host)| host))
    }

    /// The keys that sign or signed the log, oldest first, as verifiers take them.
    pub fn log_keys(&self) -> Vec<VerifierKey> {
        let origin = self.log_origin();
        self.vault
            .keys()
            .for_purpose(KeyPurpose::Log)
            .iter()
            .filter_map(|key| verifier(&origin, key.record()).ok())
            .collect()
    }

    /// Makes the log's key if there is none in force. It lies beside the issuers'
    /// keys and is none of them.
    pub(super) fn ensure_log_key(&self) -> Result<(), SigningError> {
        if self.vault.keys().active_for(KeyPurpose::Log).is_none() {
            let (clock, entropy) = (self.clock.as_ref(), self.entropy.as_ref());
            let made = self.vault.generate_for(KeyPurpose::Log, self.site.root_issuer(), clock, entropy)?;
            tracing::info!(key.id = made.id, "made a key for the log");
        }
        Ok(())
    }

    /// Records what befell the vault's keys since it was last recorded.
    pub(super) fn record_key_events(&self) -> Result<usize, IssuingError> {
        let mut events = Vec::new();
        let keys = self.vault.keys();
        for record in keys.all().map(signing::Key::record) {
            let happened = [
                (KeyEventKind::Made, Some(record.created)),
                (KeyEventKind::Retired, record.retired),
                (KeyEventKind::Compromised, record.compromised),
            ];
            for (kind, at) in happened.into_iter().filter_map(|(kind, at)| Some((kind, at?))) {
                events.push(KeyEvent {
                    key_id: record.id.clone(),
                    kind,
                    at,
                    issuer: record.issuer.to_string(),
                    algorithm: record.algorithm.to_string(),
                    public_key: published(&record.public),
                });
            }
        }
        Ok(self.registry.record_key_events(&events, self.clock.now(), self.entropy.as_ref())?)
    }
}

/// The key as verifiers of the log `origin` take it.
pub(super) fn verifier(origin: &str, record: &KeyRecord) -> Result<VerifierKey, RegistryError> {
    let wrong = || RegistryError::Log(format!("the key `{}` is no Ed25519 key", record.id));
    let PublicMaterial::Multibase(text) = &record.public else { return Err(wrong()) };
    match PublicKey::from_multibase(text) {
        Ok(PublicKey::Ed25519(public)) => {
            VerifierKey::new(origin, SignatureKind::Ed25519, public).map_err(super::broken)
        }
        _ => Err(wrong()),
    }
}

fn published(material: &PublicMaterial) -> String {
    match material {
        PublicMaterial::Multibase(text) => text.clone(),
        PublicMaterial::Jwk(jwk) => jwk.to_string(),
    }
}
