//! The log's key, and what the log is told of all keys.

use std::collections::BTreeSet;

use proof::{
    log::{SignatureKind, VerifierKey},
    multikey::PublicKey,
};
use registry::{KeyEvent, KeyEventKind, RegistryError};
use signing::{KeyPurpose, KeyRecord, PublicMaterial, SigningError};

use crate::{IssuingError, Service};

impl Service {
    /// The name of the log: its address without the scheme (C2SP tlog-tiles,
    /// «Parameters»), or what its key was made to sign under.
    pub fn log_origin(&self) -> String {
        let keys = self.vault.keys();
        let named = keys.for_purpose(KeyPurpose::Log).last().and_then(|key| key.record().log.clone());
        named.unwrap_or_else(|| self.first_origin())
    }

    fn first_origin(&self) -> String {
        let base = self.site.base();
        format!("{}/log", base.split_once("://").map_or(base, |(_, host)| host))
    }

    /// The keys that sign or signed the log, oldest first, as verifiers take them.
    pub fn log_keys(&self) -> Vec<VerifierKey> {
        let keys = self.vault.keys();
        keys.for_purpose(KeyPurpose::Log).iter().filter_map(|key| verifier(key.record()).ok()).collect()
    }

    /// Makes the log's key if there is none in force. It lies beside the issuers'
    /// keys and is none of them.
    pub(super) fn ensure_log_key(&self) -> Result<(), SigningError> {
        if self.vault.keys().active_for(KeyPurpose::Log).is_none() {
            self.make_log_key(&self.log_origin())?;
        }
        Ok(())
    }

    /// Ends the log under its name and begins another, with what the database has:
    /// for when entries that were signed are lost for good. The new log's name.
    pub fn begin_log_anew(&self) -> Result<String, SigningError> {
        let keys = self.vault.keys();
        let old = keys.for_purpose(KeyPurpose::Log);
        let names: BTreeSet<_> = old.iter().map(|key| key.record().log.clone()).collect();
        let name = format!("{}/{}", self.first_origin(), names.len() + 1);
        self.make_log_key(&name)?;
        for key in old.iter().filter(|key| key.record().is_in_force()) {
            self.vault.retire(key.id(), self.clock.as_ref(), self.entropy.as_ref())?;
        }
        Ok(name)
    }

    fn make_log_key(&self, name: &str) -> Result<(), SigningError> {
        let (clock, entropy) = (self.clock.as_ref(), self.entropy.as_ref());
        let made = self.vault.generate_for(Some(name), self.site.root_issuer(), clock, entropy)?;
        tracing::info!(key.id = made.id, log.name = name, "made a key for the log");
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

/// The key as verifiers of its log take it.
pub(super) fn verifier(record: &KeyRecord) -> Result<VerifierKey, RegistryError> {
    let wrong = || RegistryError::Log(format!("the key `{}` is no key of a log", record.id));
    let origin = record.log.as_deref().ok_or_else(wrong)?;
    let PublicMaterial::Multibase(text) = &record.public else { return Err(wrong()) };
    match PublicKey::from_multibase(text) {
        Ok(PublicKey::Ed25519(public)) => {
            VerifierKey::new(origin, SignatureKind::Ed25519, public.to_bytes()).map_err(super::broken)
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
