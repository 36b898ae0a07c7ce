//! `lanyard maintenance`.

use std::path::Path;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use issuing::{Maintained, Maintenance, PolicyPreview};
use model::{
    catalogue::Catalogue,
    id::{CredentialId, LearnerId, Slug},
    programme::Language,
};
use serde_json::{Value, json};

use super::{catalogue::read, programme::amended};
use crate::{
    cli,
    context::Context,
    error::CommandError,
    output::{say, say_json},
    settings::Settings,
};

/// Runs one of the actions.
pub fn run(settings: Settings, action: cli::Maintenance) -> Result<(), CommandError> {
    let context = Context::open(settings)?;
    match action {
        cli::Maintenance::Show { id, as_of, welsh } => {
            show(&context, &id, as_of.as_deref(), if welsh { Language::Cy } else { Language::En })
        }
        cli::Maintenance::Preview { path, json } => preview(&context, &path, json),
    }
}

fn show(context: &Context, id: &str, as_of: Option<&str>, language: Language) -> Result<(), CommandError> {
    let as_of = as_of.map(moment).transpose()?;
    let fault = |error: issuing::IssuingError| CommandError::Usage(error.to_string());
    let of_credential = id
        .parse::<CredentialId>()
        .ok()
        .map(|credential| context.service.maintenance(credential, as_of))
        .transpose()
        .map_err(fault)?
        .flatten();
    let of_learner = || {
        let learner = id.parse::<LearnerId>().ok()?;
        context.service.maintenance_of_learner(learner, None, as_of).transpose()
    };
    let found = match of_credential {
        Some(found) => Some(found),
        None => of_learner().transpose().map_err(fault)?,
    };
    let Some(found) = found else {
        return Err(CommandError::Usage(format!(
            "there is no credential and no learner `{id}`, or not yet then"
        )));
    };
    tell(&found, &*context.service.catalogue()?, language);
    Ok(())
}

fn tell(found: &Maintenance, catalogue: &Catalogue, language: Language) {
    let name = |slug: &Slug| name_in(catalogue, slug);
    let day = |moment: DateTime<Utc>| moment.format("%Y-%m-%d");
    let [since, until, credential, policy] = match language {
        Language::En => ["since", "until", "credential", "policy"],
        Language::Cy => ["ers", "tan", "tystysgrif", "polisi"],
    };
    for Maintained { achievement, standing, .. } in &found.awards {
        let last = standing.until.map(|last| format!(" {until} {}", day(last))).unwrap_or_default();
        let state = standing.state.words(language);
        say(format_args!("{}: {state} {since} {}{last}", name(achievement), day(standing.since)));
        say(format_args!("  {credential} {}", standing.term.credential));
        if let Some(slug) = &standing.policy {
            say(format_args!("  {policy} {slug}"));
        }
        if let Some(way) = &standing.way {
            say(format_args!("  {}", way.sentence(&name, language)));
        }
    }
    if found.awards.is_empty() {
        say("no award ends");
    }
}

/// What the catalogue calls an achievement.
pub(super) fn name_in(catalogue: &Catalogue, slug: &Slug) -> String {
    catalogue.achievements.get(slug).map_or_else(|| slug.to_string(), |known| known.name.clone())
}

fn preview(context: &Context, path: &Path, as_json: bool) -> Result<(), CommandError> {
    let published = context.service.catalogue()?;
    let new = if path.is_dir() { read(path)? } else { amended(&published, path)? };
    let previews = context.service.preview_maintenance(&new)?;
    if as_json {
        let policies: Vec<_> = previews.iter().map(document).collect();
        say_json(&json!({ "policies": policies }));
    } else {
        previews.iter().for_each(told);
        if previews.is_empty() {
            say("nothing would change");
        }
    }
    let is_refused = previews.iter().any(|preview| preview.refused.is_some());
    if is_refused { Err(CommandError::Refused) } else { Ok(()) }
}

fn change(preview: &PolicyPreview) -> &'static str {
    match (preview.is_new, preview.is_taken_away) {
        (true, _) => "new",
        (_, true) => "taken away",
        _ => "changed",
    }
}

fn told(preview: &PolicyPreview) {
    let awards: u64 = preview.now.values().sum();
    let states: Vec<String> =
        preview.now.iter().map(|(state, count)| format!("{count} {}", state.as_str())).collect();
    let states = if states.is_empty() { String::new() } else { format!(" ({})", states.join(", ")) };
    let plural = if awards == 1 { "award" } else { "awards" };
    say(format_args!("{}: {}; {awards} {plural}{states}", preview.policy, change(preview)));
    if let Some(refused) = &preview.refused {
        say(format_args!("  refused: {refused}"));
    }
    if preview.at_renewal > 0 {
        say(format_args!("  {} go on under the rules they have until they are renewed", preview.at_renewal));
    }
    for (from, turn) in &preview.turns {
        for ((before, after), count) in &turn.states {
            say(format_args!("  on {from}: {count} would be {} and not {}", after.as_str(), before.as_str()));
        }
        if turn.asked_otherwise > 0 {
            say(format_args!(
                "  on {from}: {} would have something else to do, or until then",
                turn.asked_otherwise
            ));
        }
    }
}

fn document(preview: &PolicyPreview) -> Value {
    let states = preview.now.iter().map(|(state, count)| (state.as_str().to_owned(), json!(count)));
    let turns = preview.turns.iter().map(|(from, turn)| {
        let states = turn.states.iter().map(|((before, after), awards)| {
            json!({ "before": before.as_str(), "after": after.as_str(), "awards": awards })
        });
        json!({
            "from": from,
            "states": states.collect::<Vec<_>>(),
            "askedOtherwise": turn.asked_otherwise,
        })
    });
    json!({
        "policy": preview.policy,
        "change": change(preview),
        "refused": preview.refused,
        "now": states.collect::<serde_json::Map<_, _>>(),
        "atRenewal": preview.at_renewal,
        "turns": turns.collect::<Vec<_>>(),
    })
}

/// A moment, or a day, which counts whole.
pub(super) fn moment(text: &str) -> Result<DateTime<Utc>, CommandError> {
    let whole_day = || {
        let next = text.parse::<NaiveDate>().ok()?.succ_opt()?.and_time(NaiveTime::MIN).and_utc();
        next.checked_sub_signed(chrono::TimeDelta::seconds(1))
    };
    let moment = DateTime::parse_from_rfc3339(text).map(|moment| moment.to_utc()).ok();
    moment.or_else(whole_day).ok_or_else(|| {
        CommandError::Usage(format!("`{text}` is neither a day nor a moment (2026-05-01T09:30:00Z)"))
    })
}
