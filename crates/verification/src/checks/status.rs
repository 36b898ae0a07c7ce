//! Has it been revoked or suspended?

use jose::StatusListToken;
use model::report::{Check, Outcome, Question};
use model::sentence::Part;
use proof::status::TokenList;
use serde_json::Value;

use super::{clauses, codes, say};
use crate::Kept;
use crate::credential::{has_type, issuer_id, many, shown, text};
use crate::lists::Verified;

/// Bytes that a list may expand to: 33 million entries.
const EXPANDED: usize = 4_194_304;

/// Where to look up the status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Entry {
    /// `BitstringStatusListEntry`.
    Bitstring { list: String, index: usize, purpose: String },
    /// `1EdTechRevocationList`, deprecated but met.
    RevocationList { list: String },
    /// `status_list` of a Token Status List.
    Token { list: String, index: usize },
}

impl Entry {
    /// The list's address.
    pub fn list(&self) -> &str {
        match self {
            Self::Bitstring { list, .. } | Self::RevocationList { list } | Self::Token { list, .. } => list,
        }
    }
}

/// The credential's status entries; a check for each that cannot be looked up.
pub(crate) fn entries(credential: &Value) -> Vec<Result<Entry, Check>> {
    let stated = many(credential, "credentialStatus");
    if stated.is_empty() {
        return vec![Err(codes::STATUS_NONE.found(say::no_status()))];
    }
    stated.into_iter().map(entry).collect()
}

fn entry(status: &Value) -> Result<Entry, Check> {
    let required = |member: &str| {
        text(status, member)
            .map(ToOwned::to_owned)
            .ok_or_else(|| codes::STATUS_ENTRY_MALFORMED.found(say::entry_lacks(member)))
    };
    if has_type(status, "BitstringStatusListEntry") {
        if many(status, "statusSize").first().is_some_and(|size| size.as_u64() != Some(1)) {
            return Err(codes::STATUS_TYPE_NOT_SUPPORTED.found(say::status_of_bits()));
        }
        let index = required("statusListIndex")?;
        let digits = index.bytes().all(|byte| byte.is_ascii_digit());
        let number = index
            .parse()
            .ok()
            .filter(|_| digits)
            .ok_or_else(|| codes::STATUS_ENTRY_MALFORMED.found(say::index_no_number(shown(&index))))?;
        return Ok(Entry::Bitstring {
            list: required("statusListCredential")?,
            index: number,
            purpose: required("statusPurpose")?,
        });
    }
    if has_type(status, jose::TOKEN_STATUS_ENTRY) {
        let index = status.get("idx").and_then(Value::as_u64).and_then(|index| usize::try_from(index).ok());
        let index =
            index.ok_or_else(|| codes::STATUS_ENTRY_MALFORMED.found(say::entry_lacks_number("idx")))?;
        return Ok(Entry::Token { list: required("uri")?, index });
    }
    if has_type(status, "1EdTechRevocationList") {
        return Ok(Entry::RevocationList { list: required("id")? });
    }
    let kind = status.get("type").map(ToString::to_string).unwrap_or_default();
    Err(codes::STATUS_TYPE_NOT_SUPPORTED.found(say::status_of_type(shown(&kind))))
}

/// The host gave no list.
pub(crate) fn unreachable(entry: &Entry, why: impl Into<Part>) -> Check {
    codes::STATUS_UNREACHABLE.found(say::list_unreachable(shown(entry.list()), why))
}

/// What stands at the list's address is not a list.
pub(crate) fn refused(entry: &Entry, why: impl Into<Part>) -> Check {
    codes::STATUS_LIST_REFUSED.found(say::list_refused(shown(entry.list()), why))
}

/// Says how old the list is that a check rests on. A list that stands in for one that is
/// not to be had is good for a warning if it clears the credential; what it says
/// against the credential stands, and what is wrong with it is not the issuer's fault.
pub(crate) fn aged(check: Check, entry: &Entry, kept: Option<Kept>) -> Check {
    let Some(Kept { since, stale }) = kept else { return check };
    let cleared = [codes::STATUS_CLEAR.code, codes::STATUS_NOT_IN_REVOCATION_LIST.code];
    let mut aged = match check.code.as_str() {
        code if !stale || code == codes::STATUS_UNREACHABLE.code => check,
        code if cleared.contains(&code) => codes::STATUS_STALE.found(say::list_old(check.finding, since)),
        code if code == codes::STATUS_LIST_REFUSED.code => unreachable(entry, say::host_gone(since)),
        _ => check,
    };
    aged.as_of = Some(since);
    aged
}

/// What the checks of the list credential itself come to; `None` if it stands.
pub(crate) fn list_standing(entry: &Entry, checks: &[Check]) -> Option<Check> {
    if let Some(failed) = checks.iter().find(|check| check.outcome == Outcome::Fail) {
        return Some(refused(entry, failed.finding.clone()));
    }
    let proving = [Question::Proof, Question::IssuerBinding, Question::Key];
    let open =
        checks.iter().find(|check| check.outcome == Outcome::NotChecked && proving.contains(&check.question));
    open.map(|open| {
        codes::STATUS_UNREACHABLE.found(say::list_unverified(shown(entry.list()), open.finding.clone()))
    })
}

/// Reads the entry's bit from a list whose proof was verified (Bitstring Status
/// List 1.0, section 3.2).
pub(crate) fn bit(entry: &Entry, list: &Verified, issuer: Option<&str>) -> Check {
    let (verified, list) = (list, &list.opened.credential);
    let Entry::Bitstring { index, purpose, list: address } = entry else {
        return refused(entry, say::list_of_other_type());
    };
    if !has_type(list, "BitstringStatusListCredential") {
        return refused(entry, say::list_is_none("BitstringStatusListCredential"));
    }
    if issuer_id(list) != issuer {
        let by = shown(issuer_id(list).unwrap_or("nobody"));
        return refused(entry, say::list_of_other_issuer(by));
    }
    if text(list, "id").is_some_and(|id| id != address) {
        return refused(entry, say::list_calls_itself(shown(text(list, "id").unwrap_or_default())));
    }
    let subjects = many(list, "credentialSubject");
    let Some(subject) = subjects.into_iter().find(|subject| has_type(subject, "BitstringStatusList")) else {
        return refused(entry, say::list_subject_is_none("BitstringStatusList"));
    };
    let purposes = many(subject, "statusPurpose");
    if !purposes.iter().any(|listed| listed.as_str() == Some(purpose)) {
        return codes::STATUS_LIST_OTHER_PURPOSE.found(say::list_for_other(shown(purpose), shown(address)));
    }
    let encoded = text(subject, "encodedList").unwrap_or_default();
    let bits = match verified.bits(encoded, EXPANDED) {
        Ok(bits) => bits,
        Err(error) => {
            return codes::STATUS_LIST_UNREADABLE
                .found(say::list_unreadable(shown(address), error.to_string()));
        }
    };
    let address = shown(address);
    match (bits.get(*index), purpose.as_str()) {
        (None, _) => codes::STATUS_INDEX_OUT_OF_RANGE.found(say::no_such_entry(address, bits.len(), *index)),
        (Some(false), _) => codes::STATUS_CLEAR.found(say::not_marked(shown(purpose), *index, address)),
        (Some(true), "revocation") => codes::STATUS_REVOKED.found(say::marked_revoked(*index, address)),
        (Some(true), "suspension") => codes::STATUS_SUSPENDED.found(say::marked_suspended(*index, address)),
        (Some(true), _) => codes::STATUS_MESSAGE.found(say::marked_for(shown(purpose), *index, address)),
    }
}

/// Reads the entry's status from a token whose signature was verified (Token Status
/// List, section 8.3).
pub(crate) fn token_status(entry: &Entry, token: &StatusListToken) -> Check {
    let Entry::Token { list: address, index } = entry else {
        return refused(entry, say::list_of_other_type());
    };
    if token.uri != *address {
        return refused(entry, say::list_calls_itself(shown(&token.uri)));
    }
    let list = match TokenList::decode(&token.lst, token.bits, EXPANDED) {
        Ok(list) => list,
        Err(error) => {
            return codes::STATUS_LIST_UNREADABLE
                .found(say::list_unreadable(shown(address), error.to_string()));
        }
    };
    let (index, address) = (*index, shown(address));
    let mut check = match list.get(index) {
        None => codes::STATUS_INDEX_OUT_OF_RANGE.found(say::no_entry(index, address)),
        Some(0) => codes::STATUS_CLEAR.found(say::marked_valid(index, address)),
        Some(1) => codes::STATUS_REVOKED.found(say::marked_invalid(index, address)),
        Some(2) => codes::STATUS_SUSPENDED.found(say::marked_suspended(index, address)),
        Some(other) => codes::STATUS_MESSAGE.found(say::marked_with(other.to_string(), index, address)),
    };
    check.clause = Some(&clauses::TOKEN_STATUS);
    check
}

/// Looks for the credential in a `1EdTechRevocationList`, which is not signed:
/// what vouches for it is the address that the signed credential names.
pub(crate) fn in_revocation_list(entry: &Entry, list: &Value, credential: &Value) -> Check {
    let by = list.get("issuer").and_then(|issuer| issuer.as_str().or_else(|| text(issuer, "id")));
    if by != issuer_id(credential) {
        let by = shown(by.unwrap_or("nobody"));
        return refused(entry, say::list_of_other_issuer(by));
    }
    let id = text(credential, "id");
    let revoked = many(list, "revokedCredential").into_iter().find(|revoked| {
        let named = revoked.as_str().or_else(|| text(revoked, "id"));
        id.is_some() && named == id
    });
    let address = shown(entry.list());
    match revoked {
        Some(revoked) => {
            let reason = text(revoked, "revocationReason");
            let reason = reason.map_or_else(|| say::no_reason().into(), |reason| Part::from(shown(reason)));
            codes::STATUS_IN_REVOCATION_LIST.found(say::list_names(address, reason))
        }
        None => codes::STATUS_NOT_IN_REVOCATION_LIST.found(say::list_does_not_name(address)),
    }
}
