//! A report as it is printed.

use chrono::{DateTime, Utc};
use model::report::{Check, Report};
use print::{Block, Column, Document};

use super::report::{details, not_asked};
use crate::{chrome::Lang, coded::pieces};

/// What is printed of a report, in that language: the verdict, what the badge says of
/// itself, every check, and the same of each credential in it.
pub fn report_print(report: &Report, lang: Lang, printed: DateTime<Utc>) -> Document {
    let t = lang.texts();
    let title = format!("{} – {}", t.report_title, lang.phrase(report.heading()));
    let mut blocks = vec![Block::heading(1, title.as_str())];
    part(report, lang, 2, &mut blocks);
    for (index, credential) in report.credentials.iter().enumerate() {
        let name = format!("{} {}", t.report_credential, index.saturating_add(1));
        blocks.push(Block::heading(2, format!("{name}: {}", lang.phrase(credential.conclusion.heading()))));
        part(credential, lang, 3, &mut blocks);
    }
    Document {
        title,
        language: lang.tag(),
        author: t.service.to_owned(),
        made: printed,
        page: t.print_page.to_owned(),
        blocks,
    }
}

fn part(report: &Report, lang: Lang, level: u8, blocks: &mut Vec<Block>) {
    let t = lang.texts();
    blocks.push(Block::paragraph(lang.sentence(&report.explanation)));
    blocks.extend(
        report
            .advice
            .as_ref()
            .map(|advice| Block::paragraph(format!("{} {}", t.report_advice, lang.sentence(advice)))),
    );
    let summary = &report.summary;
    let stated = [
        (t.badge_achievement, &summary.achievement),
        (t.badge_holder, &summary.holder),
        (t.badge_issuer, &summary.issuer_name),
    ];
    let stated = stated.into_iter().filter_map(|(key, value)| Some((key, value.clone()?)));
    let details = details(report, lang).into_iter().map(|detail| (detail.key, detail.value));
    let read = [(t.report_form, lang.form(&report.form)), (t.report_checked, lang.moment(report.checked_at))];
    blocks.push(Block::heading(level, t.report_says));
    blocks.push(Block::facts(t.report_says, stated.chain(details).chain(read)));
    blocks.push(Block::heading(level, t.report_checks));
    let columns = [
        Column::text(t.report_question, 3),
        Column::text(t.report_outcome, 2),
        Column::text(t.report_finding, 6),
    ];
    let mut checks: Vec<&Check> = report.checks.iter().collect();
    checks.sort_by_key(|check| not_asked(check));
    let rows = checks.into_iter().map(|check| {
        let outcome = if not_asked(check) { t.report_not_asked } else { lang.outcome(check.outcome) };
        let finding = lang.finding(check);
        let advice =
            finding.advice.map(|advice| format!(" {} {advice}", t.report_advice)).unwrap_or_default();
        let found: String = pieces(&finding.found).map(|(_, piece)| piece).collect();
        vec![
            lang.question(check.question).to_owned(),
            outcome.to_owned(),
            format!("{found}{advice} [{}]", check.code),
        ]
    });
    blocks.push(Block::table(t.report_checks, columns, rows));
}
