//! What is digested of each row, and the parcels of the transactions that write them.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDateTime;
use model::vc::with_proof;
use serde_json::json;

use super::{
    columns::{Columns, sha256},
    entry::EntryKind,
    parcel::Parcel,
    tables::KeyEventRow,
};
use crate::{
    digest::Digests,
    schema::{
        AwardRow, CompletionRow, ComponentRow, CorrectionRow, ErasureRow, IntentRow, LedgerRow, SeatRow,
        SuccessionRow, WithdrawalRow,
    },
    sealing::{self, COMPLETION, Column, DETAILS, PROOF, REASON, UNSIGNED, VC_JWT, WITHDRAWAL},
};

/// Awards, each with the completion behind it, what they were made of, and stored intents.
pub(crate) fn begun<'a>(
    digests: &'a Digests,
    awards: &[AwardRow],
    completions: &[CompletionRow],
    components: &[ComponentRow],
    successions: &[SuccessionRow],
    credentials: &[IntentRow],
) -> Parcel<'a> {
    let mut parts: HashMap<&str, MadeOf> = HashMap::new();
    for one in components {
        let part = part(
            &one.programme,
            &one.programme_version,
            one.alone,
            one.builds_on.as_deref(),
            one.on_revocation,
            &one.path,
        );
        parts.entry(&one.award_id).or_default().insert(one.component_id.clone(), part);
    }
    let mut parcel = Parcel::new(digests);
    for (row, completion) in awards.iter().zip(completions) {
        let made_of = parts.remove(row.id.as_str()).unwrap_or_default();
        let columns = award(row, &made_of).and(behind(digests, &completion.stated()));
        parcel.add(EntryKind::Award, &row.id, &columns);
    }
    for row in successions {
        parcel.add(EntryKind::Superseded, &row.award_id, &superseded(&row.successor_id));
    }
    for row in credentials {
        parcel.add(EntryKind::Prepared, &row.id, &prepared(digests, row));
    }
    parcel
}

/// Completions that correct others.
pub(crate) fn corrected(parcel: &mut Parcel<'_>, corrections: &[CorrectionRow]) {
    for row in corrections {
        parcel.add(EntryKind::Corrected, &row.completion_id, &correction(row));
    }
}

/// A completion that is taken back.
pub(crate) fn withdrawn<'a>(digests: &'a Digests, row: &WithdrawalRow) -> Parcel<'a> {
    let mut parcel = Parcel::new(digests);
    parcel.add(EntryKind::Withdrawn, &row.completion_id, &withdrawal(digests, row));
    parcel
}

/// An award that counts in the place of another from now on.
pub(crate) fn seated<'a>(digests: &'a Digests, row: &SeatRow) -> Parcel<'a> {
    let mut parcel = Parcel::new(digests);
    parcel.add(EntryKind::Seated, &seat_of(&row.award_id, &row.component_id), &seat(row));
    parcel
}

/// Signed credentials, and what the ledger holds of them.
pub(crate) fn completed<'a>(
    digests: &'a Digests,
    forms: &[(String, SignedForms)],
    lines: &[LedgerRow],
    at: NaiveDateTime,
) -> Parcel<'a> {
    let mut parcel = Parcel::new(digests);
    for (id, stored) in forms {
        parcel.add(EntryKind::Issued, id, &issued(digests, id, stored, Some(at)));
    }
    for line in lines {
        parcel.add(EntryKind::Ledger, &line.id, &ledger(digests, line));
    }
    parcel
}

/// A credential that is taken back, and its reversal.
pub(crate) fn reversed<'a>(
    digests: &'a Digests,
    credential: &str,
    line: &LedgerRow,
    at: NaiveDateTime,
    reason: &str,
    actor: &str,
) -> Parcel<'a> {
    let mut parcel = Parcel::new(digests);
    parcel.add(
        EntryKind::Revoked,
        credential,
        &revoked(digests, credential, Some(at), Some(reason), Some(actor)),
    );
    parcel.add(EntryKind::Ledger, &line.id, &ledger(digests, line));
    parcel
}

/// A line of the ledger that no credential stands behind.
pub(crate) fn stated<'a>(digests: &'a Digests, line: &LedgerRow) -> Parcel<'a> {
    let mut parcel = Parcel::new(digests);
    parcel.add(EntryKind::Ledger, &line.id, &ledger(digests, line));
    parcel
}

/// That a learner was erased, and the line that ends their ledger.
pub(crate) fn erased<'a>(digests: &'a Digests, row: &ErasureRow, line: &LedgerRow) -> Parcel<'a> {
    let mut parcel = Parcel::new(digests);
    parcel.add(EntryKind::Erased, &row.id, &erasure(row));
    parcel.add(EntryKind::Ledger, &line.id, &ledger(digests, line));
    parcel
}

/// A place in a status list that is given away.
pub(crate) fn status_taken<'a>(
    digests: &'a Digests,
    list: &str,
    index: i32,
    credential: Option<&str>,
    at: NaiveDateTime,
) -> Parcel<'a> {
    let mut parcel = Parcel::new(digests);
    parcel.add(EntryKind::StatusTaken, &place_of(list, index), &taken(credential, at));
    parcel
}

/// Places in status lists that are revoked.
pub(crate) fn status_revoked<'a>(digests: &'a Digests, places: &[String], at: NaiveDateTime) -> Parcel<'a> {
    let mut parcel = Parcel::new(digests);
    for place in places {
        parcel.add(EntryKind::StatusRevoked, place, &Columns::default().time(at));
    }
    parcel
}

/// A place in a suspension list that is given away.
pub(crate) fn suspension_taken<'a>(
    digests: &'a Digests,
    list: &str,
    index: i32,
    credential: Option<&str>,
    at: NaiveDateTime,
) -> Parcel<'a> {
    let mut parcel = Parcel::new(digests);
    parcel.add(EntryKind::SuspensionTaken, &place_of(list, index), &taken(credential, at));
    parcel
}

/// Changes of places in suspension lists: what names each, and its word.
pub(crate) fn suspension_changed<'a>(
    digests: &'a Digests,
    changes: &[(String, &str)],
    at: NaiveDateTime,
) -> Parcel<'a> {
    let mut parcel = Parcel::new(digests);
    for (change, word) in changes {
        parcel.add(EntryKind::SuspensionChanged, change, &suspension(word, at));
    }
    parcel
}

/// What names a change of a place in a suspension list.
pub(crate) fn change_of(list: &str, index: i32, number: i32) -> String {
    format!("{}/{number}", place_of(list, index))
}

/// What names a place in a status list.
pub(crate) fn place_of(list: &str, index: i32) -> String {
    format!("{list}/{index}")
}

/// The awards that an award was made of, each with how it counts.
pub(super) type MadeOf = BTreeMap<String, String>;

/// How an award counts in another: a JSON array of the columns.
pub(super) fn part(
    programme: &str,
    version: &str,
    alone: bool,
    builds_on: Option<&str>,
    on_revocation: &str,
    path: &str,
) -> String {
    json!([programme, version, alone, builds_on, on_revocation, path]).to_string()
}

/// What names an award that counts in another.
pub(crate) fn seat_of(award: &str, component: &str) -> String {
    format!("{award}/{component}")
}

pub(super) fn seat(row: &SeatRow) -> Columns {
    let part = part(
        &row.programme,
        &row.programme_version,
        row.alone,
        row.builds_on.as_deref(),
        &row.on_revocation,
        &row.path,
    );
    Columns::default().optional(row.replaces.as_deref()).text(&part)
}

pub(super) fn correction(row: &CorrectionRow) -> Columns {
    Columns::default().text(&row.corrects_id)
}

pub(super) fn withdrawal(digests: &Digests, row: &WithdrawalRow) -> Columns {
    let reason = held(digests, WITHDRAWAL, &row.completion_id, &row.reason);
    Columns::default().text(&reason).text(&row.withdrawn_by).time(row.withdrawn_at)
}

/// What the log holds of a reason: the mark of one that is sealed. No reason that lies
/// open begins with this character.
fn held(digests: &Digests, column: Column, id: &str, stored: &str) -> String {
    if sealing::is_plain(stored) {
        stored.to_owned()
    } else {
        format!("\u{1}{}", sealing::mark(digests, column, id, stored))
    }
}

pub(super) fn superseded(successor: &str) -> Columns {
    Columns::default().text(successor)
}

pub(super) fn award(row: &AwardRow, made_of: &MadeOf) -> Columns {
    let columns = Columns::default()
        .text(&row.completion_id)
        .text(&row.learner_id)
        .text(&row.achievement)
        .text(&row.achievement_version)
        .text(&row.amount)
        .text(&row.unit)
        .time(row.awarded_at);
    made_of.iter().fold(columns, |columns, (component, part)| columns.text(component).text(part))
}

/// What is digested of the completion behind an award.
pub(super) struct StatedCompletion<'a> {
    pub id: &'a str,
    pub client: &'a str,
    pub provider: &'a str,
    pub completed_at: NaiveDateTime,
    pub source: &'a str,
    pub programme: Option<&'a str>,
    pub received_at: NaiveDateTime,
    pub evidenced: bool,
    /// As it is stored.
    pub body: &'a str,
}

impl CompletionRow {
    fn stated(&self) -> StatedCompletion<'_> {
        StatedCompletion {
            id: &self.id,
            client: &self.client,
            provider: &self.provider,
            completed_at: self.completed_at,
            source: self.source,
            programme: self.programme.as_deref(),
            received_at: self.received_at,
            evidenced: self.evidenced,
            body: &self.body,
        }
    }
}

/// Its reference and occasion are not among them: they go to what corrects it.
pub(super) fn behind(digests: &Digests, row: &StatedCompletion<'_>) -> Columns {
    Columns::default()
        .text("completion")
        .text(row.client)
        .text(row.provider)
        .time(row.completed_at)
        .text(row.source)
        .optional(row.programme)
        .time(row.received_at)
        .text(if row.evidenced { "evidenced" } else { "" })
        .text(&sealing::mark(digests, COMPLETION, row.id, row.body))
}

pub(super) fn prepared(digests: &Digests, row: &IntentRow) -> Columns {
    Columns::default()
        .text(&row.award_id)
        .number(row.issue)
        .text(&row.issuer)
        .text(&row.status_list_id)
        .number(row.status_index)
        .text(&sealing::mark(digests, UNSIGNED, &row.id, &row.unsigned))
        .text(&row.data_integrity_key)
        .text(&row.jwt_key)
        .text(&row.profile_version)
        .time(row.created_at)
        .time(row.valid_from)
        .optional_time(row.valid_until)
        .time(row.prepared_at)
        .optional(row.disclosure_seed.as_deref())
}

/// The signed forms of a credential, as they are stored.
#[derive(Debug, Clone)]
pub(crate) struct SignedForms {
    /// Needed only while it lies open.
    pub unsigned: String,
    pub proof: Option<String>,
    /// Empty: signed when it is asked for.
    pub vc_jwt: Option<String>,
}

impl SignedForms {
    /// The marks of the badge with its proof, and of its VC-JWT.
    fn marks(&self, digests: &Digests, id: &str) -> (Option<String>, Option<String>) {
        let badge = self.proof.as_deref().map(|proof| {
            if sealing::is_plain(proof) {
                sha256(&with_proof(&self.unsigned, proof))
            } else {
                sealing::mark(digests, PROOF, id, proof)
            }
        });
        let vc_jwt = self.vc_jwt.as_deref().filter(|token| !token.is_empty());
        (badge, vc_jwt.map(|token| sealing::mark(digests, VC_JWT, id, token)))
    }
}

pub(super) fn issued(
    digests: &Digests,
    id: &str,
    forms: &SignedForms,
    issued_at: Option<NaiveDateTime>,
) -> Columns {
    let (badge, vc_jwt) = forms.marks(digests, id);
    Columns::default().optional(badge.as_deref()).optional(vc_jwt.as_deref()).optional_time(issued_at)
}

pub(super) fn revoked(
    digests: &Digests,
    id: &str,
    at: Option<NaiveDateTime>,
    reason: Option<&str>,
    actor: Option<&str>,
) -> Columns {
    let reason = reason.map(|stored| held(digests, REASON, id, stored));
    Columns::default().optional_time(at).optional(reason.as_deref()).optional(actor)
}

pub(super) fn ledger(digests: &Digests, row: &LedgerRow) -> Columns {
    let columns = Columns::default()
        .text(&row.kind)
        .text(&row.learner_id)
        .optional(row.award_id.as_deref())
        .optional(row.credential_id.as_deref())
        .optional(row.provider.as_deref())
        .text(&row.amount)
        .text(&row.unit)
        .time(row.earned_at)
        .time(row.recorded_at);
    // Lines that have none are digested as they were before there was such a column.
    match &row.details {
        None => columns,
        Some(details) => columns.text(&sealing::mark(digests, DETAILS, &row.id, details)),
    }
}

pub(super) fn erasure(row: &ErasureRow) -> Columns {
    Columns::default().text(&row.learner_id).time(row.erased_at).text(&row.erased_by)
}

pub(super) fn key_event(row: &KeyEventRow) -> Columns {
    Columns::default()
        .text(&row.key_id)
        .text(&row.event)
        .time(row.happened_at)
        .text(&row.issuer)
        .text(&row.algorithm)
        .text(&row.public_key)
        .time(row.recorded_at)
}

pub(super) fn suspension(word: &str, at: NaiveDateTime) -> Columns {
    Columns::default().text(word).time(at)
}

pub(super) fn taken(credential: Option<&str>, at: NaiveDateTime) -> Columns {
    Columns::default().optional(credential).time(at)
}
