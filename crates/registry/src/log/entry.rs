//! An entry of the log, as its bytes say it.

use std::fmt;

const HEADER: &str = "lanyard-log/1";

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $word:literal in $table:literal,)*) => {
        /// What an entry records: one row of a table at one moment of its life.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum EntryKind { $($(#[$doc])* $name,)* }

        impl EntryKind {
            /// Every kind.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The word in an entry, such as `credential.issued`.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $word),* }
            }

            /// The table of the row.
            pub fn table(self) -> &'static str {
                match self { $(Self::$name => $table),* }
            }
        }
    };
}

kinds! {
    /// An award, and what it was made of.
    Award = "award" in "awards",
    /// An award that a later one supersedes.
    Superseded = "award.superseded" in "award_successions",
    /// A completion that takes the place of an earlier one.
    Corrected = "completion.corrected" in "completion_corrections",
    /// A completion that its provider took back.
    Withdrawn = "completion.withdrawn" in "completion_withdrawals",
    /// An award that counts in the place of one that was corrected.
    Seated = "component.replaced" in "award_components",
    /// A credential whose intent was stored.
    Prepared = "credential.prepared" in "credentials",
    /// A credential that was signed.
    Issued = "credential.issued" in "credentials",
    /// A credential that was taken back.
    Revoked = "credential.revoked" in "credentials",
    /// A review of a programme's award that was opened.
    ReviewOpened = "review.opened" in "award_reviews",
    /// A review that was decided.
    ReviewClosed = "review.closed" in "award_reviews",
    /// Since when a learner counts under a CPD scheme.
    Membership = "membership" in "cpd_memberships",
    /// An adjustment of a ledger that was asked for.
    AdjustmentAsked = "adjustment.requested" in "ledger_adjustments",
    /// The same decided.
    AdjustmentDecided = "adjustment.decided" in "ledger_adjustments",
    /// A line of the CPD ledger.
    Ledger = "ledger.entry" in "ledger_entries",
    /// A credential of somebody else's whose credit is in the ledger.
    Transferred = "transfer" in "transfers",
    /// What a learner wrote of a period.
    Statement = "statement" in "cpd_statements",
    /// That a learner was erased.
    Erased = "learner.erased" in "erasures",
    /// An accreditation as it came to stand: the last of its id holds.
    Accreditation = "accreditation" in "accreditations",
    /// What a professional body says of an achievement or an organisation.
    Endorsed = "endorsement" in "endorsements",
    /// The same withdrawn.
    EndorsementWithdrawn = "endorsement.withdrawn" in "endorsements",
    /// A version of a programme that was published.
    Programme = "programme.published" in "programme_versions",
    /// A maintenance policy that was published, or taken away.
    Policy = "policy.published" in "maintenance_policies",
    /// What became of an organisation: the last of its id holds.
    Succession = "succession" in "organisations",
    /// What the registrar decided of an issuer and a list of whom to trust.
    Trust = "trust.decided" in "trust_entries",
    /// What befell a key.
    Key = "key" in "key_events",
    /// A place in a status list given to a credential of the VC API.
    StatusTaken = "status.taken" in "vc_status_entries",
    /// The same revoked.
    StatusRevoked = "status.revoked" in "vc_status_entries",
    /// A place in a suspension list given to a credential of the VC API.
    SuspensionTaken = "suspension.taken" in "suspension_entries",
    /// The same suspended, or that taken back.
    SuspensionChanged = "suspension.changed" in "suspension_changes",
}

impl EntryKind {
    /// Whether its rows may change, and the last entry of each holds.
    pub(super) fn may_change(self) -> bool {
        matches!(self, Self::Accreditation | Self::Succession)
    }

    pub(super) fn of(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.as_str() == word)
    }
}

impl fmt::Display for EntryKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// An entry: four lines, each with its end, the first `lanyard-log/1`, then the
/// kind, the row's id and the keyed digest of its columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogEntry {
    /// What it records.
    pub kind: EntryKind,
    /// The row: a random identifier, or what names it in the catalogue.
    pub row_id: String,
    /// HMAC-SHA-256 of the columns, 64 hexadecimal digits. Nobody guesses a row
    /// from it without the key.
    pub digest: String,
}

impl LogEntry {
    /// The bytes that are in the log.
    pub fn to_bytes(&self) -> Vec<u8> {
        format!("{HEADER}\n{}\n{}\n{}\n", self.kind, self.row_id, self.digest).into_bytes()
    }

    /// Reads an entry; `None` if it is not one.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(bytes).ok()?.strip_suffix('\n')?;
        let mut lines = text.split('\n');
        let (header, kind, row_id, digest) = (lines.next()?, lines.next()?, lines.next()?, lines.next()?);
        let is_digest = digest.len() == 64 && digest.bytes().all(|byte| byte.is_ascii_hexdigit());
        if header != HEADER || lines.next().is_some() || row_id.is_empty() || !is_digest {
            return None;
        }
        Some(Self { kind: EntryKind::of(kind)?, row_id: row_id.to_owned(), digest: digest.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_read_as_it_was_written_and_nothing_else_is() {
        let digest = "ab".repeat(32);
        let entry = LogEntry { kind: EntryKind::Issued, row_id: "r".to_owned(), digest };
        let bytes = entry.to_bytes();
        assert_eq!(bytes, format!("lanyard-log/1\ncredential.issued\nr\n{}\n", entry.digest).into_bytes());
        assert_eq!(LogEntry::from_bytes(&bytes), Some(entry));
        let text = String::from_utf8(bytes).unwrap();
        for (from, to) in [
            ("/1", "/2"),
            ("issued", "other"),
            ("\nr\n", "\n\n"),
            ("ab\n", "ab"),
            ("abab", "ab"),
            ("ab\n", "ab\n\n"),
        ] {
            assert_eq!(LogEntry::from_bytes(text.replace(from, to).as_bytes()), None, "{from:?}");
        }
    }
}
