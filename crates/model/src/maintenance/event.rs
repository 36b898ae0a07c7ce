//! What is recorded of an award and its holder, as far as maintenance rests on it.

use chrono::{DateTime, NaiveDate, Utc};

use crate::{
    cpd::standing::Line,
    id::{AwardId, CredentialId, Slug},
};

/// An award, and everything that was recorded of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Award {
    /// Which.
    pub id: AwardId,
    /// What was achieved.
    pub achievement: Slug,
    /// When the learning was finished.
    pub awarded: DateTime<Utc>,
    /// What was recorded, in any order.
    pub events: Vec<Event>,
}

/// Something that was recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// When it was recorded: from that moment on it is known.
    pub recorded: DateTime<Utc>,
    /// What.
    pub what: What,
}

/// What was recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// A credential of the award was issued.
    Issued(Term),
    /// The award is the correction of another, whose running term it took over, the last
    /// of these.
    TookOver(Vec<Term>),
    /// The award was taken back.
    Revoked,
    /// A later award took its place.
    Superseded {
        /// The later one.
        by: AwardId,
    },
    /// The holder earned credit, or lost it.
    Credit(Line),
    /// The holder completed something.
    Completed {
        /// The award of it.
        award: AwardId,
        /// What.
        achievement: Slug,
        /// When they finished.
        at: DateTime<Utc>,
    },
    /// Another award was taken back: it supersedes nothing and fulfils nothing.
    Undone {
        /// The other one.
        award: AwardId,
    },
    /// The holder stated since when they count under a CPD scheme.
    Joined {
        /// The scheme.
        scheme: Slug,
        /// Their first day.
        on: NaiveDate,
    },
}

/// How long one credential of an award holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Term {
    /// The credential.
    pub credential: CredentialId,
    /// The first is 1, and each renewal one more.
    pub issue: u32,
    /// `validFrom`.
    pub begun: DateTime<Utc>,
    /// `validUntil`, where it ends.
    pub until: Option<DateTime<Utc>>,
}

impl Award {
    /// What was known at `at`, in the order in which it was recorded.
    pub(super) fn known(&self, at: DateTime<Utc>) -> Vec<&Event> {
        let mut known: Vec<&Event> = self.events.iter().filter(|event| event.recorded <= at).collect();
        known.sort_by_key(|event| event.recorded);
        known
    }

    /// The terms that were known at `at`, the earliest first. Where the award took over a
    /// running term, those before that one are among them, and its own first one began
    /// when that one did.
    pub(super) fn terms(&self, at: DateTime<Utc>) -> Vec<Term> {
        let (mut own, mut terms) = (Vec::new(), Vec::new());
        for event in self.known(at) {
            match &event.what {
                What::Issued(term) => own.push(*term),
                What::TookOver(earlier) => terms.clone_from(earlier),
                _ => {}
            }
        }
        own.sort_by_key(|term| term.issue);
        continued(terms, own)
    }
}

/// Some terms, of which the last runs on as the first of `own`.
pub fn continued(mut terms: Vec<Term>, mut own: Vec<Term>) -> Vec<Term> {
    if let Some(first) = own.first_mut()
        && let Some(running) = terms.pop()
    {
        first.begun = running.begun;
    }
    terms.extend(own);
    terms
}
