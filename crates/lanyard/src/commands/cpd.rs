//! `lanyard cpd`: learners' ledgers and schemes, as the API has them.

use std::{fs, path::Path, sync::Arc};

use issuing::Caller;
use model::id::LearnerId;
use registry::{LedgerEntry, LedgerPage, Origin};
use serde_json::{Value, json};

use super::{learners::operator, maintenance::moment, serve};
use crate::{
    cli::{Cpd, DecisionName},
    context::Context,
    error::CommandError,
    output::say,
};

/// The largest credential or text that is read, in bytes.
const LARGEST: u64 = 1024 * 1024;

/// Runs one of the actions. Whoever works at the command line is one person to the ledger:
/// what they asked for or brought in, somebody else decides through the API, and the other
/// way round.
pub fn run(context: &Context, action: Cpd) -> Result<(), CommandError> {
    let (service, caller) = (&*context.service, operator());
    match action {
        Cpd::Show { learner, as_of } => show(context, learner, as_of.as_deref()),
        Cpd::Activity { learner, title, credit, finished_at, category, reflection, evidence } => {
            let activity = model::parse::activity(&stated(json!({
                "title": title,
                "credit": { "amount": credit.amount, "unit": credit.unit },
                "finishedAt": finished_at,
                "category": category,
                "reflection": reflection,
                "evidence": evidence,
            })))?;
            tell(&service.record_activity(&caller, learner, &activity)?);
            Ok(())
        }
        Cpd::Transfer { learner, credential, amount, unit, equivalence, category } => {
            let credit = amount.zip(unit).map(|(amount, unit)| json!({ "amount": amount, "unit": unit }));
            let asked = stated(json!({
                "credential": credential_in(&credential)?,
                "credit": credit,
                "equivalence": equivalence,
                "category": category,
            }));
            transfer(context, &caller, learner, &asked)
        }
        Cpd::PriorLearning { learner, transfer, achievement, reason } => {
            let asked = json!({ "transfer": transfer, "achievement": achievement, "reason": reason });
            let asked = model::parse::prior_learning(&asked)?;
            let acceptance = service.accept_prior_learning(&caller, learner, &asked)?;
            let word = if acceptance.replayed { "was accepted before" } else { "is accepted" };
            let issued = &acceptance.issued;
            say(format_args!("{achievement} {word}: {}", service.site().credential(issued.credential_id)));
            for award in &acceptance.programme_awards {
                say(format_args!("it completes {}", service.site().credential(award.credential_id)));
            }
            Ok(())
        }
        Cpd::Adjust { learner, amount, unit, earned_on, category, reason } => {
            let adjustment = model::parse::adjustment(&stated(json!({
                "amount": amount,
                "unit": unit,
                "earnedOn": earned_on,
                "category": category,
                "reason": reason,
            })))?;
            let record = service.request_adjustment(&caller, learner, &adjustment)?;
            say(format_args!("{} waits for the decision of somebody else", record.id));
            Ok(())
        }
        Cpd::Decide { adjustment, decision } => {
            let approve = decision == DecisionName::Approved;
            let record = service.decide_adjustment(&caller, adjustment, approve)?;
            say(format_args!("{} is {}", record.id, if approve { "approved" } else { "refused" }));
            Ok(())
        }
        Cpd::Join { learner, scheme, joined_on } => {
            service.join_scheme(&caller, learner, &scheme, joined_on)?;
            say(format_args!("{learner} counts under {scheme} since {joined_on}"));
            Ok(())
        }
        Cpd::Words { learner, scheme, day, file } => {
            let text = model::parse::statement(&json!({ "text": read(&file)?.trim_end() }))?;
            let period = service.write_statement(&caller, learner, (&scheme, day), &text)?;
            let span = period.standing.span;
            let is_whole = if period.is_complete() { "complete" } else { "not complete" };
            say(format_args!("{scheme}, {} to {}: {is_whole}", span.first, span.last));
            Ok(())
        }
    }
}

/// The members that were given.
fn stated(mut document: Value) -> Value {
    if let Some(members) = document.as_object_mut() {
        members.retain(|_, value| !value.is_null());
    }
    document
}

fn transfer(
    context: &Context,
    caller: &Caller,
    learner: LearnerId,
    asked: &Value,
) -> Result<(), CommandError> {
    let asked = model::parse::transfer(asked)?;
    let state = serve::state(context, serve::client(&context.settings)?, Arc::new(String::new))?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(CommandError::Server)?;
    let (entry, is_new) = runtime.block_on(api::bring_in(&state, caller, learner, asked))?;
    if !is_new {
        say("It was brought in before:");
    }
    tell(&entry);
    Ok(())
}

/// A credential in a file: JSON, or a token.
pub(super) fn credential_in(path: &Path) -> Result<Value, CommandError> {
    let text = read(path)?;
    if !text.trim_start().starts_with('{') {
        return Ok(Value::String(text.trim().to_owned()));
    }
    let parsed = proof::json::parse(text.as_bytes(), &proof::json::Limits::default());
    parsed.map_err(|error| CommandError::Usage(format!("{}: {error}", path.display())))
}

fn read(path: &Path) -> Result<String, CommandError> {
    let unreadable = |error| CommandError::file(path, error);
    if fs::metadata(path).map_err(unreadable)?.len() > LARGEST {
        let name = path.display();
        return Err(CommandError::Usage(format!(
            "{name}: larger than {LARGEST} bytes, the most that is read"
        )));
    }
    fs::read_to_string(path).map_err(unreadable)
}

fn show(context: &Context, learner: LearnerId, as_of: Option<&str>) -> Result<(), CommandError> {
    let as_of = as_of.map(moment).transpose()?;
    let Some([sums, _]) = context.service.balances(learner, as_of)? else {
        return Err(CommandError::Usage(format!("there is no learner {learner}")));
    };
    let page = LedgerPage { as_of, ..LedgerPage::default() };
    let entries = context.registry.ledger(learner, &page)?;
    if entries.is_empty() {
        say(format_args!("no line in the ledger"));
    }
    entries.iter().for_each(tell);
    for (unit, sum) in &sums {
        say(format_args!("{} {unit}", sum.normalize()));
    }
    Ok(())
}

fn tell(entry: &LedgerEntry) {
    let LedgerEntry { id, kind, amount, unit, earned_at, origin, .. } = entry;
    let what = match origin {
        Origin::Credential { achievement, .. } => achievement.as_str(),
        Origin::Stated(details) => &details.title,
    };
    say(format_args!(
        "{id}  {}  {}  {} {unit}  {what}",
        earned_at.date_naive(),
        kind.as_str(),
        amount.normalize()
    ));
}
