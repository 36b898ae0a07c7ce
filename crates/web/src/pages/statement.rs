//! A CPD statement as it is printed.

use chrono::{DateTime, NaiveDate, Utc};
use model::cpd::Unit;
use print::{Block, Column, Document};
use rust_decimal::Decimal;

use crate::{chrome::Lang, texts::Texts};

/// What a learner's ledger comes to under a scheme, to be printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatementPrint {
    /// Whose it is.
    pub learner: String,
    /// The scheme's name.
    pub scheme: String,
    /// The name of the body whose scheme it is.
    pub body: String,
    /// Whether the figures are samples, and not the body's.
    pub is_sample: bool,
    /// Since when the learner counts under it.
    pub joined_on: NaiveDate,
    /// Whether nobody stated that.
    pub joined_is_assumed: bool,
    /// As of when the ledger was read.
    pub as_of: DateTime<Utc>,
    /// When it was printed.
    pub printed: DateTime<Utc>,
    /// The periods, the earliest first.
    pub periods: Vec<StatementPeriod>,
}

/// One period of it. All figures are in `unit`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatementPeriod {
    /// Its first day.
    pub first: NaiveDate,
    /// Its last day.
    pub last: NaiveDate,
    /// The scheme's unit.
    pub unit: Unit,
    /// What counts in all.
    pub total: Decimal,
    /// What is needed.
    pub minimum: Decimal,
    /// What is still missing.
    pub missing: Decimal,
    /// What was taken over from the period before.
    pub carried_in: Decimal,
    /// Whether nothing at all is missing.
    pub is_complete: bool,
    /// How many words of the learner's own are asked for, where any are.
    pub asked_words: Option<u32>,
    /// How many there are.
    pub words: u32,
    /// What the learner wrote.
    pub own_words: Option<String>,
    /// By category.
    pub categories: Vec<StatementCategory>,
    /// Every line, whether it counts or not.
    pub lines: Vec<StatementLine>,
}

/// What one category comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatementCategory {
    /// Its name; none for what has no category of the scheme.
    pub name: Option<String>,
    /// The sum of its lines.
    pub earned: Decimal,
    /// What of it counts.
    pub counts: Decimal,
    /// What is still needed of it by itself.
    pub missing: Decimal,
}

/// A line of the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatementLine {
    /// When it was earned.
    pub day: NaiveDate,
    /// What was done.
    pub title: String,
    /// `award`, `reversal`, `activity`, `adjustment` or `transfer`.
    pub kind: &'static str,
    /// The exact amount and its own unit.
    pub amount: (Decimal, Unit),
    /// What it counts in the scheme's unit; none where it does not count.
    pub counts: Option<Decimal>,
}

impl StatementPrint {
    /// What is printed, in that language.
    pub fn document(&self, lang: Lang) -> Document {
        let t = lang.texts();
        let title = format!("{}: {}", t.print_title, self.scheme);
        let mut joined = lang.date(self.joined_on);
        if self.joined_is_assumed {
            joined = format!("{joined} ({})", t.print_joined_assumed);
        }
        let mut blocks = vec![
            Block::heading(1, title.as_str()),
            Block::facts(
                t.print_title,
                [
                    (t.print_for, self.learner.clone()),
                    (t.print_scheme, self.scheme.clone()),
                    (t.print_body, self.body.clone()),
                    (t.print_joined, joined),
                    (t.print_as_of, lang.moment(self.as_of)),
                ],
            ),
        ];
        if self.is_sample {
            blocks.push(Block::paragraph(t.print_sample));
        }
        for period in &self.periods {
            period.print(lang, t, &mut blocks);
        }
        Document {
            title,
            language: lang.tag(),
            author: t.service.to_owned(),
            made: self.printed,
            page: t.print_page.to_owned(),
            blocks,
        }
    }
}

impl StatementPeriod {
    fn print(&self, lang: Lang, t: &'static Texts, blocks: &mut Vec<Block>) {
        let span = format!("{} {} {}", lang.date(self.first), t.print_to, lang.date(self.last));
        let heading = format!("{}: {span}", t.print_period);
        let amount = |amount: Decimal| lang.amount(amount.normalize(), &self.unit);
        blocks.push(Block::heading(2, heading.as_str()));
        blocks.push(Block::paragraph(if self.is_complete { t.print_complete } else { t.print_incomplete }));
        let mut facts = vec![
            (t.print_total, amount(self.total)),
            (t.print_minimum, amount(self.minimum)),
            (t.print_missing, amount(self.missing)),
        ];
        if !self.carried_in.is_zero() {
            facts.push((t.print_carried, amount(self.carried_in)));
        }
        if let Some(asked) = self.asked_words {
            facts.push((t.print_words, format!("{} {} {asked}", self.words, t.print_words_of)));
        }
        blocks.push(Block::facts(&heading, facts));
        if self.categories.iter().any(|category| category.name.is_some()) {
            blocks.push(Block::heading(3, t.print_categories));
            blocks.push(self.categories(t, &amount));
        }
        blocks.push(Block::heading(3, t.print_lines));
        if self.lines.is_empty() {
            blocks.push(Block::paragraph(t.print_no_lines));
        } else {
            blocks.push(self.lines(lang, t, &span));
        }
        if let Some(text) = &self.own_words {
            blocks.push(Block::heading(3, t.print_own_words));
            let paragraphs = text.lines().map(str::trim).filter(|line| !line.is_empty());
            blocks.extend(paragraphs.map(Block::paragraph));
        }
    }

    fn categories(&self, t: &'static Texts, amount: &dyn Fn(Decimal) -> String) -> Block {
        let columns = [
            Column::text(t.print_category, 4),
            Column::figure(t.print_earned, 2),
            Column::figure(t.print_counts, 2),
            Column::figure(t.print_missing, 2),
        ];
        let rows = self.categories.iter().map(|category| {
            let name = category.name.as_deref().unwrap_or(t.print_no_category);
            vec![name.to_owned(), amount(category.earned), amount(category.counts), amount(category.missing)]
        });
        Block::table(t.print_categories, columns, rows)
    }

    fn lines(&self, lang: Lang, t: &'static Texts, span: &str) -> Block {
        let columns = [
            Column::text(t.print_day, 3),
            Column::text(t.print_what, 6),
            Column::text(t.print_kind, 3),
            Column::figure(t.print_amount, 2),
            Column::figure(t.print_counts, 2),
        ];
        let rows = self.lines.iter().map(|line| {
            let counts = line.counts.map(|counts| lang.amount(counts.normalize(), &self.unit));
            vec![
                lang.date(line.day),
                line.title.clone(),
                kind(line.kind, t).to_owned(),
                lang.amount(line.amount.0.normalize(), &line.amount.1),
                counts.unwrap_or_else(|| t.print_not_counted.to_owned()),
            ]
        });
        Block::table(&format!("{}, {span}", t.print_lines), columns, rows)
    }
}

fn kind<'a>(kind: &'a str, t: &'static Texts) -> &'a str {
    match kind {
        "award" => t.kind_award,
        "reversal" => t.kind_reversal,
        "activity" => t.kind_activity,
        "adjustment" => t.kind_adjustment,
        "transfer" => t.kind_transfer,
        other => other,
    }
}
