//! Documents are written before the transaction that stores them, while others write.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use model::{
    chance::Entropy,
    field::FieldError,
    id::{AwardId, CompletionId, CredentialId, LearnerId, Slug, SubjectId},
};

use super::{Allocation, Builder, Intake, IntentFields, Validity, facts::Facts};
use crate::{Registry, RegistryError, place::Place};

/// A row's document, for a holder of whom nobody knew before. Who its holder is, only the
/// transaction finds out.
pub(super) struct Draft {
    allocation: Allocation,
    intent: Result<IntentFields, Vec<FieldError>>,
    issuer: Slug,
}

impl Draft {
    /// The learner it was written for, new with it.
    pub(super) fn newcomer(&self) -> (LearnerId, SubjectId) {
        (self.allocation.learner_id, self.allocation.subject_id)
    }

    /// Whether it ends as that has it end.
    pub(super) fn is_dated_by(&self, validity: Validity) -> bool {
        let ends_so = match (validity, &self.intent) {
            (Validity::TakenOver { until }, Ok(intent)) => intent.valid_until == until,
            _ => false,
        };
        ends_so || self.allocation.validity == validity
    }

    /// The document for this holder. It names its own by a random pseudonym, so that
    /// nothing else in it can read like that.
    pub(super) fn of(
        &self,
        learner_id: LearnerId,
        subject_id: SubjectId,
    ) -> Result<(Allocation, IntentFields), Vec<FieldError>> {
        let intent = self.intent.as_ref().map_err(Clone::clone)?;
        let intent = if subject_id == self.allocation.subject_id {
            intent.clone()
        } else {
            let written = self.allocation.subject_id.to_string();
            intent.of_text(intent.unsigned.replace(&written, &subject_id.to_string()))
        };
        Ok((Allocation { learner_id, subject_id, ..self.allocation.clone() }, intent))
    }
}

/// What is known of a batch, and written of it, before anybody else must wait for it.
pub struct Drafts {
    pub(super) now: DateTime<Utc>,
    /// For every row, what it names that is not published.
    pub(super) refusals: Vec<Vec<FieldError>>,
    pub(super) facts: Vec<Facts>,
    /// Of rows that are granted something and not refused.
    pub(super) documents: Vec<Option<Draft>>,
}

impl Registry {
    /// Sets ids and a place in a status list aside for every row that may be granted
    /// something, and has `build` write its document.
    pub fn draft_issuance(
        &self,
        rows: &[Intake<'_>],
        build: &mut Builder<'_>,
        now: DateTime<Utc>,
        entropy: &dyn Entropy,
    ) -> Result<Drafts, RegistryError> {
        let refusals = self.vet(rows)?;
        let facts = rows.iter().map(|row| Facts::of(row, self.digests())).collect();
        let granted = |(row, refusal): (&Intake<'_>, &Vec<FieldError>)| {
            row.grant.as_ref().ok().filter(|_| refusal.is_empty()).map(|grant| grant.issuer.clone())
        };
        let issuers: Vec<Option<Slug>> = rows.iter().zip(&refusals).map(granted).collect();
        let mut wanted: HashMap<&Slug, usize> = HashMap::new();
        for issuer in issuers.iter().flatten() {
            *wanted.entry(issuer).or_default() += 1;
        }
        let mut places: HashMap<&Slug, Vec<Place>> = HashMap::new();
        for (issuer, count) in wanted {
            places.insert(issuer, self.take_places(issuer, count, now, entropy)?);
        }
        let draft = |(row, issuer): (usize, &Option<Slug>)| {
            let Some(issuer) = issuer else { return Ok(None) };
            let place = places.get_mut(issuer).and_then(Vec::pop).ok_or_else(|| {
                RegistryError::Unavailable("no place in a status list was set aside".to_owned())
            })?;
            let order = self.draft_number();
            let allocation = Allocation {
                completion_id: CompletionId::ordered_at(now, order, entropy),
                award_id: AwardId::ordered_at(now, order, entropy),
                credential_id: CredentialId::unguessable(now, entropy),
                learner_id: LearnerId::ordered_at(now, order, entropy),
                subject_id: SubjectId::random(entropy),
                status_list: place.list,
                status_index: place.index,
                disclosure_seed: hex::encode(entropy.array::<32>()),
                validity: rows.get(row).map_or(Validity::OfItsOwn, |row| row.validity),
            };
            let intent = build(row, &allocation);
            Ok(Some(Draft { allocation, intent, issuer: issuer.clone() }))
        };
        let documents: Result<Vec<_>, RegistryError> = issuers.iter().enumerate().map(draft).collect();
        Ok(Drafts { now, refusals, facts, documents: documents? })
    }

    /// Takes the rows out for which `keep`, asked by their positions, says no.
    pub fn keep_drafts(&self, drafts: Drafts, keep: impl Fn(usize) -> bool) -> Drafts {
        let Drafts { now, refusals, facts, documents } = drafts;
        let mut kept = Drafts { now, refusals: Vec::new(), facts: Vec::new(), documents: Vec::new() };
        for (row, ((refusal, facts), draft)) in refusals.into_iter().zip(facts).zip(documents).enumerate() {
            if keep(row) {
                kept.refusals.push(refusal);
                kept.facts.push(facts);
                kept.documents.push(draft);
            } else {
                self.discard(draft.as_ref());
            }
        }
        kept
    }

    /// Puts back the places of drafts that no transaction has stored.
    pub(super) fn discard<'a>(&self, drafts: impl IntoIterator<Item = &'a Draft>) {
        for Draft { allocation: Allocation { status_list, status_index, .. }, issuer, .. } in drafts {
            self.stock().put_back(issuer, [Place { list: *status_list, index: *status_index }]);
        }
    }
}
