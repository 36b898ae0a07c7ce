//! CPD as clients see it: what they post, balances and statements.

use std::{collections::BTreeMap, fmt::Write as _};

use issuing::{CpdPeriod, CpdStatement};
use model::{
    cpd::{Unit, standing::Counted, statement::Wording},
    id::LearnerId,
    site::Site,
};
use registry::{AdjustmentRecord, Origin};
use rust_decimal::Decimal;
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    completion::CreditRequest,
    ledger::{LedgerLine, rfc3339},
    protocols::CredentialOrToken,
};

/// An activity that a learner declares.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "title": "Read a book on data ethics",
    "credit": { "amount": "2.5", "unit": "hours" },
    "finishedAt": "2026-03-01",
    "category": "reading",
    "reflection": "What I do differently now."
}))]
#[serde(rename_all = "camelCase")]
pub struct ActivityRequest {
    /// What was done, on one line.
    #[schema(max_length = 200)]
    pub title: String,
    /// The credit claimed: `amount`, with at most two decimal places, and `unit`.
    #[schema(value_type = CreditRequest)]
    pub credit: serde_json::Value,
    /// When it was finished: a date-time with a zone, or a date.
    pub finished_at: String,
    /// The short name of a category of a scheme.
    pub category: Option<String>,
    /// What was learned by it.
    #[schema(max_length = 5000)]
    pub reflection: Option<String>,
    /// Where it can be seen, https.
    pub evidence: Option<String>,
}

/// A correction of the ledger.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "amount": "-1.5", "unit": "hours", "earnedOn": "2026-03-01", "reason": "The seminar was counted twice"
}))]
#[serde(rename_all = "camelCase")]
pub struct AdjustmentRequest {
    /// The exact amount to add; below zero to take away.
    pub amount: String,
    /// `hours`, `points` or `credits:<scheme>`.
    pub unit: String,
    /// The day to whose period it belongs.
    #[schema(format = Date)]
    pub earned_on: String,
    /// The short name of a category of a scheme.
    pub category: Option<String>,
    /// Why, on one line.
    #[schema(max_length = 200)]
    pub reason: String,
}

/// What is decided.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({ "decision": "approved" }))]
pub struct DecisionRequest {
    /// `approved` or `refused`.
    pub decision: String,
}

/// Since when a learner counts under a scheme.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({ "joinedOn": "2026-03-01" }))]
#[serde(rename_all = "camelCase")]
pub struct MembershipRequest {
    /// The first day.
    #[schema(format = Date)]
    pub joined_on: String,
}

/// An adjustment and what became of it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AdjustmentAnswer {
    /// A UUID.
    #[schema(format = Uuid)]
    pub id: String,
    /// Whose ledger.
    #[schema(format = Uuid)]
    pub learner: String,
    /// The exact amount.
    pub amount: String,
    /// Its unit.
    pub unit: String,
    /// The day to whose period it belongs.
    pub earned_on: String,
    /// Why.
    pub reason: String,
    /// The client that asked.
    pub requested_by: String,
    /// When.
    #[schema(format = DateTime)]
    pub requested_at: String,
    /// `waiting`, `approved` or `refused`.
    pub state: &'static str,
    /// The client that decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decided_by: Option<String>,
    /// The line that was written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entry: Option<String>,
    /// Where another client decides.
    #[schema(format = "uri")]
    pub decision: String,
}

impl AdjustmentAnswer {
    /// What is told of an adjustment.
    pub fn of(site: &Site, record: &AdjustmentRecord) -> Self {
        let decided = record.decision.as_ref();
        let entry = decided.and_then(|decision| decision.entry);
        Self {
            id: record.id.to_string(),
            learner: record.learner_id.to_string(),
            amount: record.adjustment.amount.to_string(),
            unit: record.adjustment.unit.to_string(),
            earned_on: record.adjustment.earned_on.to_string(),
            reason: record.adjustment.reason.clone(),
            requested_by: record.requested_by.clone(),
            requested_at: rfc3339(record.requested),
            state: match (decided, entry) {
                (None, _) => "waiting",
                (Some(_), Some(_)) => "approved",
                (Some(_), None) => "refused",
            },
            decided_by: decided.map(|decision| decision.by.clone()),
            entry: entry.map(|entry| entry.to_string()),
            decision: site.url(&format!("/v1/adjustments/{}/decision", record.id)),
        }
    }
}

/// A credential of somebody else's, and what it is worth.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "credential": "eyJ…",
    "credit": { "amount": "3", "unit": "hours" },
    "equivalence": "Its syllabus has three taught hours"
}))]
#[serde(rename_all = "camelCase")]
pub struct TransferBody {
    /// A badge of Open Badges 3.0: an object, or a token as a string.
    #[schema(value_type = CredentialOrToken)]
    pub credential: serde_json::Value,
    /// What it is worth, where it does not state credit in a unit itself: `amount` and `unit`.
    #[schema(value_type = Option<CreditRequest>)]
    pub credit: Option<serde_json::Value>,
    /// Why it is worth that, on one line; needed where the credential does not state it.
    #[schema(max_length = 200)]
    pub equivalence: Option<String>,
    /// The short name of a category of a scheme.
    pub category: Option<String>,
}

/// A badge that was brought in, and as what it is accepted.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "transfer": "0197c1d2-7b3a-4c4d-8e5f-60718293a4b5",
    "achievement": "topol-fellowship",
    "reason": "Its certificate names the fellowship's programme of 2024",
}))]
pub struct PriorLearningRequest {
    /// The UUID of the transfer's line in the ledger.
    #[schema(format = Uuid)]
    pub transfer: String,
    /// The short name of an achievement of the kind `prior_learning`.
    pub achievement: String,
    /// Why, on one line; the badge that is awarded says so.
    #[schema(max_length = 200)]
    pub reason: String,
}

/// What a learner wrote of a period.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({ "text": "This year I learned to ask better questions of data." }))]
pub struct OwnWordsRequest {
    /// The text, which may run over several lines.
    #[schema(max_length = 30000)]
    pub text: String,
}

/// The sum of a ledger in each unit.
#[derive(Debug, Serialize, ToSchema)]
pub struct BalancesAnswer {
    /// One for each unit.
    pub balances: Vec<Balance>,
}

/// The sum in one unit.
#[derive(Debug, Serialize, ToSchema)]
pub struct Balance {
    /// The exact amount, as a decimal.
    pub amount: String,
    /// The unit.
    pub unit: String,
    /// What of it was brought from credentials of others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transferred: Option<String>,
}

impl BalancesAnswer {
    /// What is told of balances, and of what they hold of transfers.
    pub fn of(balances: &BTreeMap<Unit, Decimal>, transferred: &BTreeMap<Unit, Decimal>) -> Self {
        let each = |(unit, amount): (&Unit, &Decimal)| Balance {
            amount: exact(*amount),
            unit: unit.to_string(),
            transferred: transferred.get(unit).map(|amount| exact(*amount)),
        };
        Self { balances: balances.iter().map(each).collect() }
    }
}

/// What a learner's ledger comes to under a scheme.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StatementAnswer {
    /// The learner's UUID.
    #[schema(format = Uuid)]
    pub learner: String,
    /// The scheme's short name.
    pub scheme: String,
    /// Its name.
    pub name: String,
    /// Whose scheme it is: an organisation's short name.
    pub body: String,
    /// Whether the figures are samples, and not the body's.
    pub is_sample: bool,
    /// Since when the learner counts under it.
    #[schema(format = Date)]
    pub joined_on: String,
    /// Whether nobody stated that, and the day of the first record was taken.
    pub joined_on_is_assumed: bool,
    /// As of when the ledger was read.
    #[schema(format = DateTime)]
    pub as_of: String,
    /// The periods, the earliest first.
    pub periods: Vec<PeriodAnswer>,
}

/// One period.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PeriodAnswer {
    /// Its first day.
    #[schema(format = Date)]
    pub first_day: String,
    /// Its last day.
    #[schema(format = Date)]
    pub last_day: String,
    /// The unit of every figure but a line's own.
    pub unit: String,
    /// What the period needs.
    pub minimum: String,
    /// What was taken over from the period before.
    pub carried_in: String,
    /// What counts in all.
    pub total: String,
    /// What is missing of the minimum.
    pub missing: String,
    /// Whether nothing is missing, of the minimum or of a category.
    pub is_met: bool,
    /// How many words of the learner's own the body asks for besides.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub statement_words: Option<u32>,
    /// What the learner wrote; absent where nothing is asked for and nothing was written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub statement: Option<OwnWordsAnswer>,
    /// Whether nothing at all is missing: neither credit nor words.
    pub is_complete: bool,
    /// By category.
    pub categories: Vec<CategoryAnswer>,
    /// The lines that count.
    pub lines: Vec<CountedAnswer>,
    /// Lines in units that the scheme does not convert.
    pub uncounted: Vec<LedgerLine>,
}

/// What the learner wrote, against what the body asks for.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OwnWordsAnswer {
    /// `missing`, `short` of the words asked for, or `there`.
    pub state: &'static str,
    /// How many words it has.
    pub words: u32,
    /// The text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The client through which it was stated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stated_by: Option<String>,
    /// When.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    pub recorded_at: Option<String>,
}

impl OwnWordsAnswer {
    /// What is told of it; nothing where there is nothing to tell.
    pub fn of(period: &CpdPeriod) -> Option<Self> {
        let own = period.own_words.as_ref();
        let state = period.wording().or(own.map(|_| Wording::There))?;
        Some(Self {
            state: state.as_str(),
            words: own.map_or(0, model::cpd::statement::OwnWords::count),
            text: own.map(|own| own.text.clone()),
            stated_by: own.map(|own| own.stated_by.clone()),
            recorded_at: own.map(|own| rfc3339(own.recorded)),
        })
    }
}

/// What one category comes to.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CategoryAnswer {
    /// Its short name; absent for what has no category of the scheme.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// The sum of its lines.
    pub earned: String,
    /// What of it counts.
    pub counts: String,
    /// What is still needed of it by itself.
    pub missing: String,
}

/// A line with what it counts.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CountedAnswer {
    /// The line, with its own amount and unit.
    pub line: LedgerLine,
    /// What it counts in the scheme's unit.
    pub counts: String,
    /// What one of its unit is worth, by the rule of the day it was earned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub worth: Option<String>,
    /// Since when that rule holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub worth_since: Option<String>,
}

impl StatementAnswer {
    /// What is told of a statement.
    pub fn of(site: &Site, learner: LearnerId, statement: &CpdStatement) -> Self {
        Self {
            learner: learner.to_string(),
            scheme: statement.scheme.slug.to_string(),
            name: statement.scheme.name.clone(),
            body: statement.scheme.body.to_string(),
            is_sample: statement.scheme.is_sample,
            joined_on: statement.joined_on.to_string(),
            joined_on_is_assumed: statement.joined_is_assumed,
            as_of: rfc3339(statement.as_of),
            periods: statement
                .periods
                .iter()
                .map(|period| PeriodAnswer::of(site, statement, period))
                .collect(),
        }
    }
}

impl PeriodAnswer {
    fn of(site: &Site, statement: &CpdStatement, whole: &CpdPeriod) -> Self {
        let period = &whole.standing;
        let entry = |id: &String| statement.entries.get(id).map(|entry| LedgerLine::of(site, entry));
        let counted = |one: &Counted| {
            Some(CountedAnswer {
                line: entry(&one.line.id)?,
                counts: exact(one.counts),
                worth: one.converted_by.as_ref().map(|rule| exact(rule.worth)),
                worth_since: one.converted_by.as_ref().map(|rule| rule.from.to_string()),
            })
        };
        Self {
            first_day: period.span.first.to_string(),
            last_day: period.span.last.to_string(),
            unit: period.unit.to_string(),
            minimum: exact(period.minimum),
            carried_in: exact(period.carried_in),
            total: exact(period.total),
            missing: exact(period.missing),
            is_met: period.is_met(),
            statement_words: whole.asked_words,
            statement: OwnWordsAnswer::of(whole),
            is_complete: whole.is_complete(),
            categories: period
                .categories
                .iter()
                .map(|category| CategoryAnswer {
                    category: category.category.as_ref().map(ToString::to_string),
                    earned: exact(category.earned),
                    counts: exact(category.counts),
                    missing: exact(category.missing),
                })
                .collect(),
            lines: period.lines.iter().filter_map(counted).collect(),
            uncounted: period.uncounted.iter().filter_map(|line| entry(&line.id)).collect(),
        }
    }
}

/// The statement as CSV (RFC 4180): a row for each line, under what it counts in.
pub fn csv(statement: &CpdStatement) -> String {
    let mut text = String::from(
        "period_first_day,period_last_day,earned_on,kind,title,category,amount,unit,counts,counts_in,worth\r\n",
    );
    for period in statement.periods.iter().map(|period| &period.standing) {
        let counted = period.lines.iter().map(|one| (&one.line, Some(one)));
        for (line, counted) in counted.chain(period.uncounted.iter().map(|line| (line, None))) {
            let entry = statement.entries.get(&line.id);
            let title = entry.map(|entry| match &entry.origin {
                Origin::Credential { achievement, .. } => achievement.to_string(),
                Origin::Stated(details) => details.title.clone(),
            });
            let worth = counted.and_then(|one| one.converted_by.as_ref()).map(|rule| exact(rule.worth));
            let fields = [
                period.span.first.to_string(),
                period.span.last.to_string(),
                line.earned_on.to_string(),
                entry.map(|entry| entry.kind.as_str().to_owned()).unwrap_or_default(),
                harmless(&title.unwrap_or_default()),
                line.category.as_ref().map(ToString::to_string).unwrap_or_default(),
                exact(line.amount),
                line.unit.to_string(),
                counted.map(|one| exact(one.counts)).unwrap_or_default(),
                counted.map(|_| period.unit.to_string()).unwrap_or_default(),
                worth.unwrap_or_default(),
            ];
            let quoted = fields.map(|field| format!("\"{}\"", field.replace('"', "\"\"")));
            let _ = write!(text, "{}\r\n", quoted.join(","));
        }
    }
    text
}

/// Text that no spreadsheet takes for a formula.
fn harmless(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t']) { format!("'{text}") } else { text.to_owned() }
}

/// An amount without zeros at its end.
fn exact(amount: Decimal) -> String {
    amount.normalize().to_string()
}
