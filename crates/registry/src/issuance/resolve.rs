//! Who is the learner? Pure: decides from what is known.

use std::collections::{BTreeSet, HashMap};

use model::id::{LearnerId, SubjectId};

use super::facts::{Facts, IdentifierFacts};

/// The learners that share an identifier with a row.
#[derive(Default)]
pub(super) struct People {
    people: HashMap<LearnerId, Person>,
    by_identifier: HashMap<String, BTreeSet<LearnerId>>,
}

/// A learner.
pub(super) struct Person {
    pub subject: SubjectId,
    pub name: String,
    /// The strong identifiers: (scope, digest).
    strong: BTreeSet<(String, String)>,
}

/// Who the learner of a row is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Resolution {
    /// A learner who is known.
    Known(LearnerId),
    /// Somebody new.
    New,
    /// The identifiers do not say.
    Conflict { detail: &'static str, expected: &'static str },
}

impl People {
    pub(super) fn add(&mut self, id: LearnerId, subject: SubjectId, name: String) {
        self.people.entry(id).or_insert_with(|| Person { subject, name, strong: BTreeSet::new() });
    }

    pub(super) fn add_identifier(&mut self, id: LearnerId, digest: &str, scope: &str, strong: bool) {
        self.by_identifier.entry(digest.to_owned()).or_default().insert(id);
        if let Some(person) = self.people.get_mut(&id).filter(|_| strong) {
            person.strong.insert((scope.to_owned(), digest.to_owned()));
        }
    }

    pub(super) fn get(&self, id: LearnerId) -> Option<&Person> {
        self.people.get(&id)
    }

    pub(super) fn has(&self, id: LearnerId, digest: &str) -> bool {
        self.by_identifier.get(digest).is_some_and(|people| people.contains(&id))
    }

    /// A strong identifier that is known decides. An email alone decides only
    /// together with the name: a mailbox may be shared or passed on.
    pub(super) fn resolve(&self, facts: &Facts) -> Resolution {
        let (strong, weak): (Vec<_>, Vec<_>) = facts.identifiers.iter().partition(|one| one.strong);
        let known = self.holders(&strong);
        let mut decided = known.iter();
        match (decided.next(), decided.next()) {
            (Some(learner), None) => return Resolution::Known(*learner),
            (Some(_), Some(_)) => {
                return Resolution::Conflict {
                    detail: "the identifiers belong to two different learners",
                    expected: "identifiers of one person: check the staff number, registration and DID",
                };
            }
            (None, _) => {}
        }
        let sharing = self.holders(&weak);
        let mut namesakes = sharing.iter().filter(|id| self.may_be(**id, facts, &strong));
        match (namesakes.next(), namesakes.next()) {
            (Some(learner), None) => Resolution::Known(*learner),
            (Some(_), Some(_)) => Resolution::Conflict {
                detail: "two learners have this name and this email address",
                expected: "a staff number, professional registration or DID that says which of them",
            },
            (None, _) if sharing.is_empty() || !strong.is_empty() => Resolution::New,
            (None, _) => Resolution::Conflict {
                detail: "this email address is another learner\u{2019}s, by name",
                expected: "the name as it was given before, or a staff number, professional registration or DID",
            },
        }
    }

    /// Whether a row that corrects what was stated of `learner` may be about the same
    /// person, as far as their identifiers say: they share one, and none that names one
    /// person names another.
    pub(super) fn may_restate(&self, learner: LearnerId, facts: &Facts) -> bool {
        let (strong, weak): (Vec<_>, Vec<_>) = facts.identifiers.iter().partition(|one| one.strong);
        let holders = self.holders(&strong);
        let is_other = |id: &LearnerId| *id != learner;
        !holders.iter().any(is_other)
            && (holders.contains(&learner) || self.holders(&weak).contains(&learner))
    }

    /// Forgets what was stated of somebody: it was corrected. What is stated now is
    /// added by [`add_identifier`](Self::add_identifier).
    pub(super) fn restate(&mut self, learner: LearnerId, facts: &Facts) {
        let is_stated = |digest: &str| facts.identifiers.iter().any(|one| one.digest == digest);
        for (digest, people) in &mut self.by_identifier {
            if !is_stated(digest) {
                people.remove(&learner);
            }
        }
        if let Some(person) = self.people.get_mut(&learner) {
            person.name.clone_from(&facts.name);
            person.strong.retain(|(_, digest)| is_stated(digest));
        }
    }

    fn holders(&self, identifiers: &[&IdentifierFacts]) -> BTreeSet<LearnerId> {
        identifiers.iter().filter_map(|one| self.by_identifier.get(&one.digest)).flatten().copied().collect()
    }

    /// Whether a learner who shares the email may be the one stated: the same
    /// name, and not a different number of the same employer or body.
    fn may_be(&self, id: LearnerId, facts: &Facts, strong: &[&IdentifierFacts]) -> bool {
        self.people.get(&id).is_some_and(|person| {
            person.name == facts.name
                && !strong.iter().any(|stated| {
                    stated.kind != "did" && person.strong.iter().any(|(scope, _)| *scope == stated.scope)
                })
        })
    }
}
