//! Is the log what was signed, and do the tables say what it holds?

use std::fmt::Display;

use proof::log::{Checkpoint, Edge, Hash, SignedNote, TILE_WIDTH, Tile, entries_of, leaf_hash};
use registry::{AuditFinding, LogComparison, RegistryError};

use super::{broken, grow::Grower, hashes};
use crate::{IssuingError, Service};

/// Checkpoints that are read together.
const PAGE: u32 = 1000;

/// What the audit found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogAudit {
    /// How many entries were signed.
    pub size: u64,
    /// The tables beside the log.
    pub comparison: LogComparison,
    /// What is wrong with the log itself.
    pub findings: Vec<AuditFinding>,
}

impl LogAudit {
    /// Everything that is wrong.
    pub fn faults(&self) -> impl Iterator<Item = &AuditFinding> {
        self.findings.iter().chain(&self.comparison.findings)
    }
}

impl Service {
    /// Recomputes the log from its entries, compares that with its tiles, with every
    /// checkpoint that was signed, with the last one as it is kept beside the keys and
    /// with those that `since` gives, then the tables with the entries.
    pub fn audit_log(&self, since: &[SignedNote]) -> Result<LogAudit, IssuingError> {
        let keys = self.vault.keys();
        let grower = Grower { keys: &keys, origin: self.log_origin(), kept: None };
        let mut audit = Audit { service: self, grower, findings: Vec::new(), to_meet: Vec::new() };
        let size = audit.checkpoints()?;
        let kept = self.kept_head()?;
        for (note, place) in kept
            .iter()
            .map(|note| (note, "beside the keys"))
            .chain(since.iter().map(|note| (note, "from outside")))
        {
            audit.kept(note, place, size);
        }
        audit.recompute(size)?;
        let findings = audit.findings;
        Ok(LogAudit { size, comparison: self.registry.compare_log()?, findings })
    }
}

struct Audit<'a> {
    service: &'a Service,
    grower: Grower<'a>,
    findings: Vec<AuditFinding>,
    /// Roots to be met on the way, by size, with where each was stated.
    to_meet: Vec<(u64, Hash, String)>,
}

impl Audit<'_> {
    fn find(&mut self, table: &'static str, id: &dyn Display, detail: impl Into<String>) {
        self.findings.push(AuditFinding { table, id: id.to_string(), detail: detail.into() });
    }

    /// Looks at the signatures, and gives the size of the last.
    fn checkpoints(&mut self) -> Result<u64, IssuingError> {
        let mut last = 0;
        loop {
            let page = self.service.registry.log_checkpoints(last, PAGE)?;
            let Some(end) = page.last() else { return Ok(last) };
            last = end.size;
            for stored in &page {
                let note: Result<SignedNote, _> = stored.note.parse();
                let read = note.map_err(broken).and_then(|note| self.grower.read_signed(&note));
                match read {
                    Ok(said) if said.size == stored.size && said.root.to_string() == stored.root => {
                        self.to_meet.push((said.size, said.root, format!("checkpoint {}", said.size)));
                    }
                    Ok(_) => {
                        self.find("log_checkpoints", &stored.size, "it was changed: its note says otherwise");
                    }
                    Err(error) => self.find("log_checkpoints", &stored.size, error.to_string()),
                }
            }
        }
    }

    /// A checkpoint that was kept away from the database.
    fn kept(&mut self, note: &SignedNote, place: &str, size: u64) {
        match self.grower.read_signed(note) {
            Err(error) => self.find("log_checkpoints", &place, error.to_string()),
            Ok(Checkpoint { size: kept, .. }) if kept > size => self.find(
                "log_checkpoints",
                &size,
                format!(
                    "the log was cut, or an old backup is in its place: {kept} entries were signed ({place})"
                ),
            ),
            Ok(kept) => self.to_meet.push((kept.size, kept.root, format!("the checkpoint {place}"))),
        }
    }

    /// From the entries alone to every root that was stated.
    fn recompute(&mut self, size: u64) -> Result<(), IssuingError> {
        self.to_meet.sort_by_key(|(size, ..)| *size);
        let mut to_meet = std::mem::take(&mut self.to_meet).into_iter().peekable();
        let mut edge = Edge::default();
        'bundles: for place in 0..size.div_ceil(TILE_WIDTH) {
            let Some(stored) = self.service.registry.log_bundle(place)? else {
                self.find("log_bundles", &place, "it was deleted");
                break;
            };
            let Ok(entries) = entries_of(&stored.entries) else {
                self.find("log_bundles", &place, "it cannot be read");
                break;
            };
            let expected = (size - place * TILE_WIDTH).min(TILE_WIDTH);
            if u64::try_from(entries.len()).ok() != Some(expected) {
                self.find(
                    "log_bundles",
                    &place,
                    format!("it has {} entries instead of {expected}", entries.len()),
                );
            }
            for entry in entries {
                let mut full = Vec::new();
                edge.push(leaf_hash(entry), &mut |tile, hashes| full.push((tile, hashes.to_vec())));
                for (tile, hashes) in full {
                    self.compare(tile, &hashes)?;
                }
                while let Some((_, root, place)) = to_meet.next_if(|(size, ..)| *size == edge.size()) {
                    if root != edge.root() {
                        let detail = format!(
                            "its entries do not give the root that was signed: they were changed, reordered, \
                             inserted or deleted before the entry {}",
                            edge.size()
                        );
                        self.find("log_bundles", &place, detail);
                        // What follows from another beginning is another tree throughout.
                        break 'bundles;
                    }
                }
            }
        }
        let partial: Vec<_> = edge.partial().map(|(tile, hashes)| (tile, hashes.to_vec())).collect();
        for (tile, hashes) in partial {
            self.compare(tile, &hashes)?;
        }
        Ok(())
    }

    fn compare(&mut self, tile: Tile, expected: &[Hash]) -> Result<(), RegistryError> {
        let stored = self.service.registry.log_tile(tile.level, tile.index)?;
        match hashes(tile, stored) {
            Ok(found) if found == expected => {}
            Ok(_) => self.find("log_tiles", &tile, "its hashes are not those of the entries"),
            Err(error) => self.find("log_tiles", &tile, error.to_string()),
        }
        Ok(())
    }
}
