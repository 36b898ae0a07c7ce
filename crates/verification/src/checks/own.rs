//! What the service that issued a credential has recorded of it: its log, what keeps it in
//! force, and how it stood.

use chrono::{DateTime, Utc};
use model::report::{Check, Outcome, Question};

use super::{codes, say};
use crate::{Entered, Logged, Maintained, StoodThen};

/// What the log of its issuer holds of it; `None` where no log is known.
pub(crate) fn log(logged: Option<&Logged>) -> Check {
    match logged {
        None => codes::LOG_NOT_OWN.found(say::no_log()),
        Some(Logged::In { index, size, at }) => {
            codes::LOG_INCLUDED.found(say::logged(index.to_string(), size.to_string(), *at))
        }
        Some(Logged::OtherForm) => codes::LOG_OTHER_FORM.found(say::log_other_form()),
        Some(Logged::Other) => codes::LOG_DIFFERS.found(say::log_differs()),
        Some(Logged::Waiting) => codes::LOG_WAITING.found(say::log_waiting()),
        Some(Logged::Absent) => codes::LOG_ABSENT.found(say::log_absent()),
        Some(Logged::Unanswered) => codes::LOG_NO_ANSWER.found(say::log_silent()),
    }
}

/// What the ledger of its issuer holds of it; `None` where no ledger is known.
pub(crate) fn ledger(entered: Option<&Entered>) -> Check {
    match entered {
        None => codes::LEDGER_NOT_OWN.found(say::no_ledger()),
        Some(Entered::Stands { at }) => codes::LEDGER_ENTERED.found(say::ledger_holds(*at)),
        Some(Entered::Reversed { at, since }) => {
            codes::LEDGER_REVERSED.found(say::ledger_took_back(*at, *since))
        }
        Some(Entered::Absent) => codes::LEDGER_ABSENT.found(say::ledger_lacks()),
        Some(Entered::Unanswered) => codes::LEDGER_NO_ANSWER.found(say::ledger_silent()),
    }
}

/// What keeps its award in force; `None` where that is not known.
pub(crate) fn maintenance(maintained: Option<&Maintained>) -> Check {
    use model::maintenance::State;

    let Some(Maintained { state, since, until }) = maintained else {
        return codes::MAINTENANCE_NOT_OWN.found(say::no_maintenance_known());
    };
    let (code, words) = match state {
        State::InForce => (&codes::MAINTENANCE_IN_FORCE, say::in_force()),
        State::Reinstated => (&codes::MAINTENANCE_IN_FORCE, say::reinstated()),
        State::Due => (&codes::MAINTENANCE_DUE, say::due()),
        State::Grace => (&codes::MAINTENANCE_GRACE, say::grace()),
        State::Lapsed => (&codes::MAINTENANCE_LAPSED, say::lapsed()),
        State::Expired => (&codes::MAINTENANCE_LAPSED, say::expired()),
        State::Revoked => (&codes::MAINTENANCE_LAPSED, say::revoked()),
        State::Superseded => (&codes::MAINTENANCE_SUPERSEDED, say::superseded()),
    };
    code.found(match until {
        Some(until) => say::stands_until(words, *since, *until),
        None => say::stands(words, *since),
    })
}

/// How it stood at `at`, in place of how it stands now.
pub(crate) fn status_then(stood: Option<&StoodThen>, at: DateTime<Utc>) -> Check {
    match stood {
        None => codes::STATUS_THEN_UNKNOWN.found(say::status_then_unknown(at)),
        Some(StoodThen::NotIssued) => codes::STATUS_THEN_NOT_ISSUED.found(say::status_then_not_issued(at)),
        Some(StoodThen::Stood) => codes::STATUS_THEN_CLEAR.found(say::status_then_clear(at)),
        Some(StoodThen::Revoked { since }) => {
            codes::STATUS_THEN_REVOKED.found(say::status_then_revoked(*since, at))
        }
    }
}

/// Lets a log that took the credential in before its key was revoked speak for it. A thief
/// of the key may write any date, but not into the log.
pub(crate) fn witness(checks: &mut [Check], logged: &Logged, revoked: DateTime<Utc>) {
    let Logged::In { index, at, .. } = logged else { return };
    if *at >= revoked {
        return;
    }
    let since = checks.iter_mut().find(|check| check.code == codes::KEY_REVOKED_SINCE.code);
    if let Some(check) = since {
        *check = codes::KEY_REVOKED_LOGGED.found(say::key_revoked_logged(revoked, index.to_string(), *at));
    }
}

/// Whether a log could speak for it: its signature is good, and its key was revoked since.
pub(crate) fn wants_witness(checks: &[Check]) -> bool {
    checks.iter().any(|check| check.code == codes::KEY_REVOKED_SINCE.code)
        && checks.iter().any(|check| check.question == Question::Proof && check.outcome == Outcome::Pass)
}
