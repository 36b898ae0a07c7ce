//! A CPD statement as PDF.

use issuing::{CpdPeriod, CpdStatement};
use model::{
    catalogue::Catalogue,
    cpd::{standing::Line, statement::OwnWords},
};
use registry::Origin;
use rust_decimal::Decimal;
use web::{Lang, StatementCategory, StatementLine, StatementPeriod, StatementPrint};

use super::organisation;
use crate::{problem::Problem, state::AppState};

/// A statement in the language that `target` asks for.
pub fn statement_pdf(state: &AppState, target: &str, statement: &CpdStatement) -> Result<Vec<u8>, Problem> {
    let catalogue = state.service.catalogue()?;
    let lang = Lang::of_query(target.split_once('?').map_or("", |(_, query)| query));
    let printed = StatementPrint {
        learner: statement.learner.stated.name.clone(),
        scheme: statement.scheme.name.clone(),
        body: organisation(&catalogue, &statement.scheme.body).name,
        is_sample: statement.scheme.is_sample,
        joined_on: statement.joined_on,
        joined_is_assumed: statement.joined_is_assumed,
        as_of: statement.as_of,
        printed: state.clock.now(),
        periods: statement.periods.iter().map(|period| of_period(&catalogue, statement, period)).collect(),
    };
    print::pdf(&printed.document(lang)).map_err(|error| Problem::internal(&error))
}

fn of_period(catalogue: &Catalogue, statement: &CpdStatement, period: &CpdPeriod) -> StatementPeriod {
    let standing = &period.standing;
    let rules = statement.scheme.rules_on(standing.span.first);
    let categories = standing.categories.iter().map(|category| {
        let mut known = rules.iter().flat_map(|rules| &rules.categories);
        let found = category.category.as_ref().and_then(|slug| known.find(|one| one.slug == *slug));
        StatementCategory {
            name: found.map(|one| one.name.clone()),
            earned: category.earned,
            counts: category.counts,
            missing: category.missing,
        }
    });
    let counted = standing.lines.iter().map(|one| (&one.line, Some(one.counts)));
    let uncounted = standing.uncounted.iter().map(|line| (line, None));
    let lines = counted.chain(uncounted);
    StatementPeriod {
        first: standing.span.first,
        last: standing.span.last,
        unit: standing.unit.clone(),
        total: standing.total,
        minimum: standing.minimum,
        missing: standing.missing,
        carried_in: standing.carried_in,
        is_complete: period.is_complete(),
        asked_words: period.asked_words,
        words: period.own_words.as_ref().map_or(0, OwnWords::count),
        own_words: period.own_words.as_ref().map(|own| own.text.clone()),
        categories: categories.collect(),
        lines: lines.filter_map(|(line, counts)| of_line(catalogue, statement, line, counts)).collect(),
    }
}

fn of_line(
    catalogue: &Catalogue,
    statement: &CpdStatement,
    line: &Line,
    counts: Option<Decimal>,
) -> Option<StatementLine> {
    let entry = statement.entries.get(&line.id)?;
    let title = match &entry.origin {
        Origin::Credential { achievement, .. } => catalogue
            .achievements
            .get(achievement)
            .map_or_else(|| achievement.to_string(), |known| known.name.clone()),
        Origin::Stated(details) => details.title.clone(),
    };
    Some(StatementLine {
        day: line.earned_on,
        title,
        kind: entry.kind.as_str(),
        amount: (line.amount, line.unit.clone()),
        counts,
    })
}
