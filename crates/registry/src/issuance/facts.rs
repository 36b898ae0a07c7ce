//! What is compared of a row, as keyed digests.

use chrono::{NaiveDateTime, SecondsFormat};
use model::{
    id::{LearnerId, Slug},
    learner::{Identifier, StatedLearner},
};

use super::{Intake, Source};
use crate::{db::stored, digest::Digests};

/// The digests of one row that do not depend on who its learner turns out to be.
pub(super) struct Facts {
    pub idempotency: Option<KeyFacts>,
    /// The natural key, where it is known beforehand.
    pub natural_key: Option<String>,
    pub name: String,
    pub identifiers: Vec<IdentifierFacts>,
}

/// An idempotency key and the body it came with.
pub(super) struct KeyFacts {
    pub key: String,
    pub body: String,
}

/// An identifier, looked up by `digest`.
pub(super) struct IdentifierFacts {
    pub digest: String,
    /// The kind, with the organisation or body within which the value means something.
    pub scope: String,
    pub kind: &'static str,
    pub strong: bool,
}

impl Facts {
    pub(super) fn of(row: &Intake<'_>, digests: &Digests) -> Self {
        Self {
            idempotency: row.idempotency.as_ref().map(|given| KeyFacts {
                key: digests.text("idempotency-key", &[row.client.as_bytes(), given.key.as_bytes()]),
                body: digests.text("request-body", &[&given.body]),
            }),
            natural_key: early_natural_key(row, digests),
            name: name(&row.completion.learner, digests),
            identifiers: row
                .completion
                .learner
                .identifiers
                .iter()
                .map(|one| identifier(one, digests))
                .collect(),
        }
    }

    /// What the row would be known again by if its learner was erased, by each of its
    /// identifiers.
    pub(super) fn erased_occasions<'a>(
        &'a self,
        row: &'a Intake<'_>,
        digests: &'a Digests,
    ) -> impl Iterator<Item = String> + 'a {
        let what = (row.provider.as_str(), row.completion.achievement.as_str());
        let at = stored(row.completion.completed_at);
        self.identifiers.iter().map(move |one| erased_occasion(digests, what, at, &one.digest))
    }

    /// What no other transaction may look at or add at the same time.
    pub(super) fn contended(&self) -> impl Iterator<Item = &str> {
        let key = self.idempotency.iter().map(|given| given.key.as_str());
        let identifiers = self.identifiers.iter().map(|one| one.digest.as_str());
        key.chain(self.natural_key.as_deref()).chain(identifiers)
    }
}

/// What a completion of somebody who was erased is known again by, for one of the
/// identifiers it states. It leads to nobody without all of these.
pub(crate) fn erased_occasion(
    digests: &Digests,
    (provider, achievement): (&str, &str),
    completed_at: NaiveDateTime,
    identifier: &str,
) -> String {
    let completed_at = completed_at.and_utc().to_rfc3339_opts(SecondsFormat::Micros, true);
    let parts = [provider, identifier, achievement, &completed_at];
    digests.text("erased-occasion", &parts.map(str::as_bytes))
}

/// The occasion of a completion, once its learner is known: also the natural key
/// of one without a reference. It begins with the learner, so that what is asked and written
/// of the same people lies together in the index, however many others there are.
pub(super) fn occasion(row: &Intake<'_>, learner: LearnerId, digests: &Digests) -> String {
    let completed_at = row.completion.completed_at.to_rfc3339_opts(SecondsFormat::AutoSi, true);
    let learner = learner.to_string();
    let digest = digests.text(
        "completion-occasion",
        &[
            row.provider.as_str().as_bytes(),
            learner.as_bytes(),
            row.completion.achievement.as_str().as_bytes(),
            completed_at.as_bytes(),
        ],
    );
    // Half of it tells the occasions of one person apart.
    let (half, _) = digest.split_at(digest.len() / 2);
    format!("{learner}:{half}")
}

/// How many digits of a natural key say where in the index it lies.
const NEIGHBOURHOOD: usize = 8;

/// How many digits tell references apart.
const OWN: usize = 32;

/// How much of a reference counts up from one completion to the next.
const COUNTED: usize = 3;

/// The natural key of a completion that has a reference. It begins with digits of all but
/// the reference's last three characters, so that references that follow one another lie
/// together in the index, however many others there are.
pub(crate) fn reference_key(provider: &Slug, reference: &str, digests: &Digests) -> String {
    let digest =
        |purpose, text: &str| digests.text(purpose, &[provider.as_str().as_bytes(), text.as_bytes()]);
    let stem = reference.char_indices().rev().nth(COUNTED - 1).map_or(0, |(start, _)| start);
    let near = digest("natural-key-stem", reference.split_at(stem).0);
    let own = digest("natural-key-reference", reference);
    format!("{}{}", near.split_at(NEIGHBOURHOOD).0, own.split_at(OWN).0)
}

/// The natural key of a completion that was recorded when they said nothing of where they
/// lie, if `key` is that of a reference.
pub(crate) fn former_reference_key(key: &str) -> Option<&str> {
    (key.len() == NEIGHBOURHOOD + OWN).then(|| key.split_at(NEIGHBOURHOOD).1)
}

fn early_natural_key(row: &Intake<'_>, digests: &Digests) -> Option<String> {
    match (&row.source, &row.completion.reference) {
        (Source::Programme { programme, learner, .. }, _) => Some(digests.text(
            "natural-key-programme",
            &[
                learner.to_string().as_bytes(),
                programme.slug.as_str().as_bytes(),
                row.grant.as_ref().map_or(&b""[..], |grant| grant.achievement_version.as_bytes()),
            ],
        )),
        (Source::Completion, Some(reference)) => Some(reference_key(&row.provider, reference, digests)),
        (Source::Completion, None) => None,
    }
}

/// Two spellings of a name that differ in case or spaces are one name; but a group's
/// is never a person's.
fn name(learner: &StatedLearner, digests: &Digests) -> String {
    let folded = learner.name.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ");
    let purpose = if learner.group.is_some() { "group-name" } else { "learner-name" };
    digests.text(purpose, &[folded.as_bytes()])
}

/// The digest by which an identifier is looked up.
pub(crate) fn identifier_digest(one: &Identifier, digests: &Digests) -> String {
    identifier(one, digests).digest
}

fn identifier(identifier: &Identifier, digests: &Digests) -> IdentifierFacts {
    let kind = identifier.kind();
    // The organisation or body is written by people: its case and spaces say nothing.
    let scope = identifier.scope().to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ");
    IdentifierFacts {
        digest: digests
            .text("learner-identifier", &[kind.as_bytes(), scope.as_bytes(), identifier.value().as_bytes()]),
        scope: digests.text("identifier-scope", &[kind.as_bytes(), scope.as_bytes()]),
        kind,
        strong: identifier.is_strong(),
    }
}
