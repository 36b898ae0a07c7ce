//! What goes into an issuance and what comes out of it.

use chrono::{DateTime, Utc};
use model::{
    completion::Completion,
    cpd::Credit,
    field::FieldError,
    id::{AwardId, CompletionId, CredentialId, LearnerId, Slug, StatusListId, SubjectId},
    programme::{Counted, Programme},
};

use super::{Pending, pending::Beside};
use crate::LedgerEntry;

/// What a client says to make a repeated request harmless
/// (draft-ietf-httpapi-idempotency-key-header).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Idempotency {
    /// The `Idempotency-Key`, scoped to the client.
    pub key: String,
    /// The body of the request, byte for byte; only its HMAC is kept.
    pub body: Vec<u8>,
}

/// What must be so for a completion to be recorded (RFC 9110, section 13.1).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Condition {
    /// Nothing.
    #[default]
    None,
    /// It corrects nothing: it is new, or states what is recorded already
    /// (`If-None-Match: *`).
    New,
    /// It corrects the completion for which this credential was issued, and no later
    /// one (`If-Match`).
    Corrects(CredentialId),
}

/// Where an award comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// A provider posted the completion.
    Completion,
    /// The learner's awards satisfy a programme's rule.
    Programme {
        /// The programme, in the version whose rule they satisfy.
        programme: Box<Programme>,
        /// The learner, already known.
        learner: LearnerId,
        /// The awards that count; each counts once in one programme.
        counted: Vec<Counted>,
        /// The award of the programme that this one builds on, if the learner has it.
        supersedes: Option<AwardId>,
    },
}

/// What a completion earns by the catalogue of the day.
#[derive(Debug, Clone, PartialEq)]
pub struct Grant {
    /// The organisation whose keys will sign.
    pub issuer: Slug,
    /// The version of the achievement that is awarded.
    pub achievement_version: String,
    /// The credit earned.
    pub credit: Credit,
}

/// One completion on its way in, already checked by `issuing`.
#[derive(Debug, Clone)]
pub struct Intake<'a> {
    /// Who posts: the scope of the idempotency key.
    pub client: String,
    /// The organisation that delivered the learning.
    pub provider: Slug,
    /// What is stated.
    pub completion: &'a Completion,
    /// Where the award comes from.
    pub source: Source,
    /// The client's idempotency key and body, if it gave a key.
    pub idempotency: Option<Idempotency>,
    /// What must be so for it to be recorded.
    pub condition: Condition,
    /// What it earns, or why nothing by today's catalogue. A completion that was
    /// accepted before is answered as then, whatever the catalogue says since.
    pub grant: Result<Grant, Vec<FieldError>>,
    /// Until when its badge is to hold, as far as that is known beforehand.
    pub validity: Validity,
}

/// What the registry has given to a row before its document is built.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allocation {
    /// The completion.
    pub completion_id: CompletionId,
    /// The award.
    pub award_id: AwardId,
    /// The credential.
    pub credential_id: CredentialId,
    /// The learner, new or known.
    pub learner_id: LearnerId,
    /// The pseudonym by which badges name the learner.
    pub subject_id: SubjectId,
    /// The status list of the issuer.
    pub status_list: StatusListId,
    /// The credential's bit in that list: unpredictable, never given out twice.
    pub status_index: u32,
    /// 32 random bytes in hexadecimal, for the salts of the credential's SD-JWT VC.
    pub disclosure_seed: String,
    /// Until when the credential holds.
    pub validity: Validity,
}

/// What decides until when a credential holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Validity {
    /// Its own completion, by the rules of the day.
    #[default]
    OfItsOwn,
    /// What it corrects: it has the same end as the present form of that.
    TakenOver {
        /// `validUntil`, where it ends.
        until: Option<DateTime<Utc>>,
    },
}

/// Everything that fixes the bytes of a credential, so that signing can be
/// repeated after a crash (promise 3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IntentFields {
    /// The unsigned credential, JSON text.
    pub unsigned: String,
    /// The key of the Data Integrity form.
    pub data_integrity_key: String,
    /// The key of the VC-JWT form.
    pub jwt_key: String,
    /// The version of the signing profile.
    pub profile_version: String,
    /// What the salts of the SD-JWT VC are drawn from.
    pub disclosure_seed: Option<String>,
    /// The `created` of the proof.
    pub created: DateTime<Utc>,
    /// `validFrom`.
    pub valid_from: DateTime<Utc>,
    /// `validUntil`.
    pub valid_until: Option<DateTime<Utc>>,
}

impl IntentFields {
    /// The same of another text.
    pub(super) fn of_text(&self, unsigned: String) -> Self {
        Self {
            unsigned,
            data_integrity_key: self.data_integrity_key.clone(),
            jwt_key: self.jwt_key.clone(),
            profile_version: self.profile_version.clone(),
            disclosure_seed: self.disclosure_seed.clone(),
            ..*self
        }
    }
}

/// Builds the document of the row with the given position from what was
/// allocated to it. Called before the transaction, when nobody knows yet who the learner
/// is: whoever it turns out to be takes the place of `subject_id` in the text.
pub type Builder<'a> = dyn FnMut(usize, &Allocation) -> Result<IntentFields, Vec<FieldError>> + 'a;

/// What a correction takes the place of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Corrected {
    /// The credential of the completion that is corrected.
    pub credential_id: CredentialId,
    /// The members of the completion that differ; none where one that was withdrawn is
    /// stated again.
    pub differing: Vec<String>,
}

/// What became of one row of [`begin_issuance`](crate::Registry::begin_issuance).
#[derive(Debug, Clone, PartialEq)]
pub enum BeginOutcome {
    /// The intent is stored: sign it.
    Begun(Box<Pending>),
    /// The intent is stored: sign it. Once that is visible, what it corrects is superseded.
    Correcting(Box<Pending>, Corrected),
    /// The same completion was issued before; this is the first answer.
    Replayed(Box<Issued>),
    /// The same completion is being issued: by another request, by an earlier row
    /// of this batch, or by a process that died (see
    /// [`pending_issuances`](crate::Registry::pending_issuances)).
    InFlight(CredentialId),
    /// Nothing was recorded: it corrects what holds until another time than its document
    /// says. To be drafted once more with that.
    Redated(Validity),
    /// Another content of the same completion is being issued: it must be visible
    /// before it can be corrected.
    Busy(CredentialId),
    /// The client used this idempotency key with another body.
    KeyReused,
    /// The learner was erased: what was recorded of them is not recorded again.
    Erased,
    /// The provider posted this learner, achievement and time under another reference.
    Conflict {
        /// The credential that stands for the first content.
        existing: CredentialId,
        /// The members of the completion that differ.
        differing: Vec<String>,
    },
    /// The same completion was posted before, and corrected since: this credential
    /// stands for what it was corrected to.
    Superseded(CredentialId),
    /// The same completion was posted and withdrawn.
    Withdrawn(CredentialId),
    /// It would correct a completion whose credential somebody else than the provider
    /// revoked.
    Revoked(CredentialId),
    /// The condition does not hold.
    Unmet {
        /// The credential of the completion as it is recorded now, if it is.
        existing: Option<CredentialId>,
        /// The members of the completion that differ.
        differing: Vec<String>,
    },
    /// The identifiers do not say who the learner is.
    LearnerConflict {
        /// What was found, for people; names nobody.
        detail: String,
        /// What to do, for people.
        expected: String,
    },
    /// The row cannot be recorded.
    Refused(Vec<FieldError>),
}

impl BeginOutcome {
    /// Whether an intent was stored.
    pub(super) fn is_begun(&self) -> bool {
        matches!(self, Self::Begun(_) | Self::Correcting(..))
    }
}

/// A signed credential on its way into the registry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finished {
    /// Which.
    pub credential_id: CredentialId,
    /// The value of its `proof`, JSON text.
    pub proof: String,
    /// The VC-JWT, compact, if its key would sign otherwise the next time; `None` if it
    /// is signed when it is asked for.
    pub vc_jwt: Option<String>,
    /// SHA-256 of the credential with its proof, hexadecimal.
    pub digest: String,
    pub(super) beside: Beside,
}

/// What the second transaction did.
#[derive(Debug, Clone, PartialEq)]
pub struct Completed {
    /// One for each row, in order.
    pub issued: Vec<Issued>,
    /// The learners who now satisfy a programme, each with the award that gives cause; the
    /// job of each is named by that award.
    pub due: Vec<(LearnerId, AwardId)>,
}

/// A credential that is issued, and its line in the ledger.
#[derive(Debug, Clone, PartialEq)]
pub struct Issued {
    /// The credential.
    pub credential_id: CredentialId,
    /// The award.
    pub award_id: AwardId,
    /// The completion.
    pub completion_id: CompletionId,
    /// The learner.
    pub learner_id: LearnerId,
    /// The issuer.
    pub issuer: Slug,
    /// The achievement.
    pub achievement: Slug,
    /// Its version.
    pub achievement_version: String,
    /// The ledger entry.
    pub ledger_entry: LedgerEntry,
    /// The credential that it superseded, if its completion was a correction.
    pub supersedes: Option<CredentialId>,
    /// When it became visible.
    pub issued_at: DateTime<Utc>,
}
