//! `lanyard programme`.

use std::{fs, path::Path};

use issuing::{Affected, Preview};
use model::{
    catalogue::Catalogue,
    id::{AwardId, Slug},
    programme::{Language, rule_in_words},
};
use serde_json::json;

use super::catalogue::{complain, read};
use crate::{
    cli,
    context::Context,
    error::CommandError,
    output::{say, say_json},
    settings::Settings,
};

/// How many reviews are listed at a time.
const MOST: u32 = 1000;

/// Runs one of the actions.
pub fn run(settings: Settings, action: cli::Programme) -> Result<(), CommandError> {
    match action {
        cli::Programme::Check { path, welsh } => {
            check(&settings, &path, if welsh { Language::Cy } else { Language::En })
        }
        cli::Programme::Preview { path, json } => preview(&Context::open(settings)?, &path, json),
        cli::Programme::Reviews => reviews(&Context::open(settings)?),
        cli::Programme::Keep { award } => keep(&Context::open(settings)?, &award),
    }
}

fn check(settings: &Settings, path: &Path, language: Language) -> Result<(), CommandError> {
    let catalogue = if path.is_dir() { read(path)? } else { amended(&read(&settings.catalogue_dir)?, path)? };
    let name = |slug: &Slug| {
        catalogue.achievements.get(slug).map_or_else(|| slug.to_string(), |known| known.name.clone())
    };
    for programme in catalogue.programmes.values() {
        say(format_args!("{} {}: no fault", programme.slug, programme.version));
        if let Some(lineage) = &programme.lineage {
            say(format_args!("  a copy of {} {}", lineage.blueprint, lineage.blueprint_version));
        }
        for line in rule_in_words(programme, &name, language) {
            say(format_args!("  {line}"));
        }
    }
    for set in catalogue.requirements.values() {
        let sample = if set.is_sample { " (a sample)" } else { "" };
        say(format_args!("{} {}{sample}: no fault", set.slug, set.version));
        for line in set.in_words(&name, language) {
            say(format_args!("  {line}"));
        }
    }
    Ok(())
}

fn preview(context: &Context, path: &Path, as_json: bool) -> Result<(), CommandError> {
    let published = context.service.catalogue()?;
    let new = if path.is_dir() { read(path)? } else { amended(&published, path)? };
    let Preview { programmes, refused } = context.service.preview(&new)?;
    if as_json {
        let programmes: Vec<_> = programmes.iter().map(document).collect();
        say_json(&json!({ "programmes": programmes, "refused": refused }));
    } else {
        for affected in &programmes {
            say(line(affected));
        }
        for slug in &refused {
            say(format_args!(
                "{slug}: changed under a version that is published; give it, or its blueprint, a new version"
            ));
        }
        if programmes.is_empty() {
            say("nothing would change");
        }
    }
    if refused.is_empty() { Ok(()) } else { Err(CommandError::Refused) }
}

fn line(affected: &Affected) -> String {
    let Affected { programme, in_progress, would_finish, finished, .. } = affected;
    let change = match (&affected.from, &affected.to) {
        (None, Some(to)) => return format!("{programme}: new, {to}"),
        (Some(from), None) => format!("{from} is taken away"),
        (from, to) => format!("{} to {}", from.as_deref().unwrap_or(""), to.as_deref().unwrap_or("")),
    };
    let follows = affected.follows.as_ref().map(|slug| format!(" (follows {slug})")).unwrap_or_default();
    format!(
        "{programme}: {change}{follows}; {in_progress} in progress, who may finish under the version they began; \
         {would_finish} of them would satisfy the new one at once; {finished} finished, unchanged"
    )
}

fn document(affected: &Affected) -> serde_json::Value {
    json!({
        "programme": affected.programme,
        "from": affected.from,
        "to": affected.to,
        "follows": affected.follows,
        "inProgress": affected.in_progress,
        "wouldFinish": affected.would_finish,
        "finished": affected.finished,
    })
}

fn reviews(context: &Context) -> Result<(), CommandError> {
    let reviews = context.registry.reviews(None, MOST)?;
    for review in &reviews {
        let corrected = review.corrected_to.map(|id| format!(" when it was corrected to {id}"));
        say(format_args!(
            "{} {} since {}: {} counted in it and was revoked{}; its credential is {}",
            review.award_id,
            review.achievement,
            review.opened.format("%Y-%m-%d"),
            review.component_id,
            corrected.unwrap_or_default(),
            review.credential_id,
        ));
    }
    if reviews.is_empty() {
        say("no award waits to be looked at");
    }
    Ok(())
}

fn keep(context: &Context, award: &str) -> Result<(), CommandError> {
    let id: AwardId =
        award.parse().map_err(|_| CommandError::Usage(format!("`{award}` is not the id of an award")))?;
    if context.registry.keep_award(id, "command line", context.clock.now())? {
        say(format_args!("{id} stands"));
        return Ok(());
    }
    Err(CommandError::Usage(format!("no review of the award {id} is open")))
}

/// The catalogue with what a file changes.
pub(super) fn amended(published: &Catalogue, path: &Path) -> Result<Catalogue, CommandError> {
    let text = fs::read_to_string(path).map_err(|error| CommandError::file(path, error))?;
    let folder = path.parent().unwrap_or(Path::new("."));
    let pictures = |name: &str| fs::read_to_string(folder.join(name)).ok();
    model::catalogue::amend(published, &path.display().to_string(), &text, &pictures)
        .map_err(|faults| complain(faults.iter().map(ToString::to_string)))
}
