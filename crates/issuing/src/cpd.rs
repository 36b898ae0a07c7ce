//! The CPD ledger beyond awards: what learners declare, what is corrected, and what it
//! all comes to under a scheme.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use model::{
    cpd::{
        Unit,
        activity::{Activity, Adjustment},
        scheme::Scheme,
        standing::{Standing, balances},
        statement::{OwnWords, Wording},
    },
    field::FieldError,
    id::{AdjustmentId, LearnerId, Slug},
};
use registry::{AdjustmentRecord, EntryKind, LearnerRecord, LedgerEntry, LedgerPage, Undecided};
use rust_decimal::Decimal;

use crate::{Caller, CpdError, IssuingError, Service};

/// What a learner's ledger comes to under a scheme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CpdStatement {
    /// Whose ledger it is.
    pub learner: LearnerRecord,
    /// The scheme.
    pub scheme: Scheme,
    /// Since when the learner counts under it.
    pub joined_on: NaiveDate,
    /// Whether nobody stated that, and the day of the first record was taken.
    pub joined_is_assumed: bool,
    /// The moment as of which the ledger was read.
    pub as_of: DateTime<Utc>,
    /// The periods, the earliest first.
    pub periods: Vec<CpdPeriod>,
    /// Every entry that was read, by its id.
    pub entries: BTreeMap<String, LedgerEntry>,
}

/// One period of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CpdPeriod {
    /// What the credit comes to.
    pub standing: Standing,
    /// How many words of the learner's own the body asks for, where it does.
    pub asked_words: Option<u32>,
    /// What the learner wrote.
    pub own_words: Option<OwnWords>,
}

impl CpdPeriod {
    /// Whether what the learner wrote is there and long enough; `None` where the body
    /// asks for nothing.
    pub fn wording(&self) -> Option<Wording> {
        let text = self.own_words.as_ref().map(|words| words.text.as_str());
        self.asked_words.map(|asked| Wording::of(text, asked))
    }

    /// Whether the period has all that it needs: credit, and words where they are asked
    /// for.
    pub fn is_complete(&self) -> bool {
        self.standing.is_met() && self.wording().is_none_or(|wording| wording == Wording::There)
    }
}

impl CpdStatement {
    /// The period that holds `day`, or the latest; `None` if there is no such one.
    pub fn period(&self, day: Option<NaiveDate>) -> Option<&CpdPeriod> {
        match day {
            None => self.periods.last(),
            Some(day) => self.periods.iter().find(|period| period.standing.span.holds(day)),
        }
    }
}

impl Service {
    /// Records an activity that a learner declares. Its category must be one of some
    /// scheme, and it cannot lie in the future.
    pub fn record_activity(
        &self,
        caller: &Caller,
        learner: LearnerId,
        activity: &Activity,
    ) -> Result<LedgerEntry, CpdError> {
        let now = self.clock.now();
        let mut faults = self.category_faults(activity.category.as_ref())?;
        if activity.finished_at > now {
            let detail = format!("{} is after {now}", activity.finished_at);
            faults.push(FieldError::new("/finishedAt", "in-the-future", detail, "a moment that has passed"));
        }
        if !faults.is_empty() {
            return Err(CpdError::Invalid(faults));
        }
        let entropy = self.entropy.as_ref();
        self.registry
            .record_activity(learner, activity, &caller.client, now, entropy)?
            .ok_or(CpdError::NotFound)
    }

    /// Asks for an adjustment, which changes nothing until somebody else approves it.
    pub fn request_adjustment(
        &self,
        caller: &Caller,
        learner: LearnerId,
        adjustment: &Adjustment,
    ) -> Result<AdjustmentRecord, CpdError> {
        let now = self.clock.now();
        let mut faults = self.category_faults(adjustment.category.as_ref())?;
        if adjustment.earned_on > now.date_naive() {
            let detail = format!("{} is still to come", adjustment.earned_on);
            faults.push(FieldError::new("/earnedOn", "in-the-future", detail, "a day that has come"));
        }
        if !faults.is_empty() {
            return Err(CpdError::Invalid(faults));
        }
        let entropy = self.entropy.as_ref();
        let record = self.registry.request_adjustment(learner, adjustment, &caller.client, now, entropy)?;
        record.ok_or(CpdError::NotFound)
    }

    /// Approves or refuses an adjustment; never by who asked for it.
    pub fn decide_adjustment(
        &self,
        caller: &Caller,
        id: AdjustmentId,
        approve: bool,
    ) -> Result<AdjustmentRecord, CpdError> {
        let (now, entropy) = (self.clock.now(), self.entropy.as_ref());
        match self.registry.decide_adjustment(id, approve, &caller.client, now, entropy)? {
            Ok(record) => Ok(record),
            Err(Undecided::Unknown) => Err(CpdError::NotFound),
            Err(Undecided::SamePerson) => Err(CpdError::SamePerson),
            Err(Undecided::Decided(record)) => Err(CpdError::Decided(record)),
        }
    }

    /// States since when a learner counts under a scheme.
    pub fn join_scheme(
        &self,
        caller: &Caller,
        learner: LearnerId,
        scheme: &Slug,
        joined_on: NaiveDate,
    ) -> Result<(), CpdError> {
        if !self.catalogue()?.cpd_schemes.contains_key(scheme) {
            return Err(CpdError::NotFound);
        }
        let (now, entropy) = (self.clock.now(), self.entropy.as_ref());
        if joined_on > now.date_naive() {
            let detail = format!("{joined_on} is still to come");
            let fault = FieldError::new("/joinedOn", "in-the-future", detail, "a day that has come");
            return Err(CpdError::Invalid(vec![fault]));
        }
        let is_known = self.registry.join_scheme(learner, scheme, joined_on, &caller.client, now, entropy)?;
        if is_known { Ok(()) } else { Err(CpdError::NotFound) }
    }

    /// The sum of a learner's ledger in each unit, as it stood at `as_of`, and of its
    /// transfers alone. `None` when there is no such learner.
    pub fn balances(
        &self,
        learner: LearnerId,
        as_of: Option<DateTime<Utc>>,
    ) -> Result<Option<[BTreeMap<Unit, Decimal>; 2]>, IssuingError> {
        let entries = self.registry.ledger(learner, &LedgerPage { as_of, ..LedgerPage::default() })?;
        if entries.is_empty() && self.registry.learner(learner)?.is_none() {
            return Ok(None);
        }
        let lines: Vec<_> = entries.iter().map(LedgerEntry::line).collect();
        let is_transfer = |entry: &&LedgerEntry| entry.kind == EntryKind::Transfer;
        let transfers: Vec<_> = entries.iter().filter(is_transfer).map(LedgerEntry::line).collect();
        Ok(Some([balances(&lines), balances(&transfers)]))
    }

    /// What a learner's ledger came to under a scheme at `as_of`, or comes to now.
    /// `None` when there is no such learner or scheme.
    pub fn cpd_statement(
        &self,
        learner: LearnerId,
        scheme: &Slug,
        as_of: Option<DateTime<Utc>>,
    ) -> Result<Option<CpdStatement>, IssuingError> {
        let as_of = as_of.unwrap_or_else(|| self.clock.now());
        let Some(scheme) = self.catalogue()?.cpd_schemes.get(scheme).cloned() else { return Ok(None) };
        let Some(record) = self.registry.learner(learner)? else { return Ok(None) };
        let page = LedgerPage { as_of: Some(as_of), ..LedgerPage::default() };
        let entries = self.registry.ledger(learner, &page)?;
        let lines: Vec<_> = entries.iter().map(LedgerEntry::line).collect();
        let stated = self.registry.joined_scheme(learner, &scheme.slug, as_of)?;
        let written = self.registry.written_statements(learner, &scheme.slug, as_of)?;
        let first = lines.iter().map(|line| line.earned_on).min();
        let assumed = first.unwrap_or(record.created.date_naive()).min(as_of.date_naive());
        let joined_on = stated.unwrap_or(assumed);
        let periods = scheme.standings(joined_on, as_of.date_naive(), &lines).into_iter().map(|standing| {
            let rules = scheme.rules_on(standing.span.first);
            let own_words = written.iter().find(|(day, _)| standing.span.holds(*day));
            CpdPeriod {
                asked_words: rules.and_then(|rules| rules.statement_words),
                own_words: own_words.map(|(_, words)| words.clone()),
                standing,
            }
        });
        Ok(Some(CpdStatement {
            periods: periods.collect(),
            learner: record,
            scheme,
            joined_on,
            joined_is_assumed: stated.is_none(),
            as_of,
            entries: entries.into_iter().map(|entry| (entry.id.to_string(), entry)).collect(),
        }))
    }

    /// Keeps what a learner wrote of the period that holds `day`; what was written before
    /// stays, and the latest holds.
    pub fn write_statement(
        &self,
        caller: &Caller,
        learner: LearnerId,
        (scheme, day): (&Slug, NaiveDate),
        text: &str,
    ) -> Result<CpdPeriod, CpdError> {
        let statement = self.cpd_statement(learner, scheme, None)?.ok_or(CpdError::NotFound)?;
        if statement.period(Some(day)).is_none() {
            let spans = statement.periods.iter().map(|period| period.standing.span);
            let (first, last) = (spans.clone().next(), spans.clone().next_back());
            let expected = first
                .zip(last)
                .map(|(first, last)| format!("an address with a day from {} to {}", first.first, last.last));
            let expected = expected.unwrap_or_else(|| "a scheme with a period that has begun".to_owned());
            let detail = format!("{day} is in no period of this learner that has begun");
            return Err(CpdError::Invalid(vec![FieldError::new("", "no-such-period", detail, expected)]));
        }
        let (now, entropy) = (self.clock.now(), self.entropy.as_ref());
        self.registry.write_statement(learner, (scheme, day), text, &caller.client, now, entropy)?;
        let statement = self.cpd_statement(learner, scheme, None)?;
        statement.and_then(|statement| statement.period(Some(day)).cloned()).ok_or(CpdError::NotFound)
    }

    pub(crate) fn category_faults(&self, category: Option<&Slug>) -> Result<Vec<FieldError>, IssuingError> {
        let Some(category) = category else { return Ok(Vec::new()) };
        let catalogue = self.catalogue()?;
        let rules = catalogue.cpd_schemes.values().flat_map(|scheme| &scheme.rules);
        let mut known: Vec<&str> =
            rules.flat_map(|rules| &rules.categories).map(|category| category.slug.as_str()).collect();
        known.sort_unstable();
        known.dedup();
        if known.contains(&category.as_str()) {
            return Ok(Vec::new());
        }
        let expected = format!("one of {}", known.join(", "));
        let detail = format!("no scheme has a category `{category}`");
        Ok(vec![FieldError::new("/category", "unknown-category", detail, expected)])
    }
}
