//! What a completion says against what the catalogue holds.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use model::{
    catalogue::{AchievementDefinition, Catalogue, Kind, Succession},
    completion::Completion,
    cpd::Credit,
    field::FieldError,
    id::Slug,
};

/// The achievement a completion earns and the credit it carries, or everything
/// that stands against it.
pub(crate) fn against_catalogue<'c>(
    catalogue: &'c Catalogue,
    provider: &Slug,
    completion: &Completion,
    now: DateTime<Utc>,
) -> Result<(&'c AchievementDefinition, Credit), Vec<FieldError>> {
    let mut errors = model::parse::not_after(completion, now);
    let Some(achievement) = catalogue.achievements.get(&completion.achievement) else {
        errors.push(unknown_achievement(catalogue, provider, &completion.achievement));
        return Err(errors);
    };
    let day = completion.completed_at.date_naive();
    if !achievement.available_on(day) {
        errors.push(not_available(achievement, day));
    }
    if let Some(succession) = catalogue.succession(provider, day) {
        errors.push(succeeded(catalogue, provider, succession, day));
    }
    if catalogue.programme_awarding(&achievement.slug).is_some() {
        errors.push(FieldError::new(
            "/achievement",
            "awarded-by-programme",
            format!("`{}` is awarded by its programme's rule", achievement.slug),
            "post the programme's modules; the last one brings this award by itself",
        ));
    } else if !catalogue.accredited(provider, &achievement.slug, day) {
        errors.push(not_accredited(catalogue, provider, achievement, day));
    }
    if achievement.kind == Kind::PriorLearning && completion.evidence.is_empty() {
        errors.push(FieldError::new(
            "/evidence",
            "evidence-required",
            format!("`{}` is prior learning, and nothing shows it", achievement.slug),
            "one or more pieces of evidence, such as the address of a certificate or what was seen",
        ));
    }
    let credit = credit(achievement, completion, &mut errors);
    if errors.is_empty() { Ok((achievement, credit)) } else { Err(errors) }
}

/// The credit stated, else what the achievement carries. Units never mix.
fn credit(
    achievement: &AchievementDefinition,
    completion: &Completion,
    errors: &mut Vec<FieldError>,
) -> Credit {
    match &completion.credit {
        Some(stated) if stated.unit() != achievement.credit.unit() => {
            errors.push(FieldError::new(
                "/credit/unit",
                "mixed-units",
                format!(
                    "`{}` carries credit in {}, not in {}",
                    achievement.slug,
                    achievement.credit.unit(),
                    stated.unit()
                ),
                format!(
                    "an amount in {}, or no `credit` to take the achievement's own",
                    achievement.credit.unit()
                ),
            ));
            stated.clone()
        }
        Some(stated) => stated.clone(),
        None => achievement.credit.clone(),
    }
}

fn unknown_achievement(catalogue: &Catalogue, provider: &Slug, asked: &Slug) -> FieldError {
    let theirs: BTreeSet<&str> = catalogue
        .accreditations
        .iter()
        .filter(|accreditation| accreditation.provider == *provider)
        .map(|accreditation| accreditation.achievement.as_str())
        .collect();
    FieldError::new(
        "/achievement",
        "unknown-achievement",
        format!("the catalogue has no achievement `{asked}`"),
        if theirs.is_empty() {
            "the short name of an achievement your organisation is accredited for; it has none at present"
                .to_owned()
        } else {
            format!("one your organisation may award: {}", Vec::from_iter(theirs).join(", "))
        },
    )
}

/// The provider had come to its end; those who follow it post their own completions.
fn succeeded(catalogue: &Catalogue, provider: &Slug, succession: &Succession, day: NaiveDate) -> FieldError {
    let names: Vec<&str> =
        catalogue.answering_for(provider, day).into_iter().map(|one| one.name.as_str()).collect();
    FieldError::new(
        "/completedAt",
        "provider-succeeded",
        format!("`{provider}` ended on {}; {} stands in its place", succession.on, names.join(" and ")),
        format!("a completion before {}, or one posted by who stands in its place", succession.on),
    )
}

fn not_available(achievement: &AchievementDefinition, day: NaiveDate) -> FieldError {
    let (code, expected) = match achievement.withdrawn_on.filter(|last| day > *last) {
        Some(last) => {
            ("achievement-withdrawn", format!("a completion date on or before {last}, its last day"))
        }
        None => (
            "achievement-not-yet-available",
            format!("a completion date on or after {}, its first day", achievement.available_from),
        ),
    };
    FieldError::new(
        "/completedAt",
        code,
        format!("`{}` could not be earned on {day}", achievement.slug),
        expected,
    )
}

fn not_accredited(
    catalogue: &Catalogue,
    provider: &Slug,
    achievement: &AchievementDefinition,
    day: NaiveDate,
) -> FieldError {
    let spells: Vec<String> = catalogue
        .accreditations
        .iter()
        .filter(|accreditation| {
            accreditation.provider == *provider && accreditation.achievement == achievement.slug
        })
        .map(|accreditation| match accreditation.until {
            Some(until) => format!("{} to {until}", accreditation.from),
            None => format!("from {}", accreditation.from),
        })
        .collect();
    FieldError::new(
        "/achievement",
        "provider-not-accredited",
        format!("`{provider}` was not accredited to award `{}` on {day}", achievement.slug),
        if spells.is_empty() {
            "an achievement your organisation is accredited for; the Academy grants accreditation".to_owned()
        } else {
            format!("a completion date within its accreditation ({})", spells.join("; "))
        },
    )
}

#[cfg(test)]
mod tests;
