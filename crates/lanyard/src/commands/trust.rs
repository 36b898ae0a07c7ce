//! `lanyard trust`.

use model::{field::FieldError, trust::Entry};
use registry::{Decided, TrustRecord};
use serde_json::json;

use super::learners::operator;
use crate::{cli::Trust, context::Context, error::CommandError, output::say, trust};

/// Puts an issuer on a list, takes it off, or tells what was decided.
pub fn run(context: &Context, action: Trust) -> Result<(), CommandError> {
    let read = match action {
        Trust::List => {
            context.registry.trust_decisions(None)?.iter().for_each(tell);
            return Ok(());
        }
        Trust::Add { list, issuer, name, from, until, reason } => {
            let entry = json!({
                "list": list, "issuer": issuer, "name": name, "from": from, "until": until, "reason": reason,
            });
            model::parse::trust_entry(&entry)
        }
        Trust::Withdraw { list, issuer, reason } => {
            model::parse::trust_withdrawal(&json!({ "list": list, "issuer": issuer, "reason": reason }))
        }
    };
    let entry = read.map_err(|faults| {
        CommandError::Usage(faults.iter().map(FieldError::to_string).collect::<Vec<_>>().join("\n"))
    })?;
    if !trust::read(&context.settings.trust_dir)?.registry.lists.contains_key(&entry.list) {
        return Err(CommandError::Usage(format!("there is no list `{}`", entry.list)));
    }
    match context.registry.decide_trust(&entry, &operator().client, context.clock.now())? {
        Decided::Recorded(record) => tell(&record),
        Decided::Before(record) => {
            say("It stands there already:");
            tell(&record);
        }
        Decided::NotListed => {
            let Entry { list, issuer, .. } = &entry;
            return Err(CommandError::Usage(format!("the registrar has not put `{issuer}` on `{list}`")));
        }
    }
    Ok(())
}

fn tell(record: &TrustRecord) {
    let TrustRecord { entry: Entry { list, issuer, trusted, reason }, recorded_by, recorded } = record;
    let day = |day: Option<chrono::NaiveDate>| day.map_or_else(|| "…".to_owned(), |day| day.to_string());
    let what = match trusted {
        Some(trusted) => {
            format!("names it {} ({} to {})", trusted.name, day(trusted.from), day(trusted.until))
        }
        None => "no longer names it".to_owned(),
    };
    say(format_args!("{recorded}  {issuer}: {list} {what}; by {recorded_by}: {reason}"));
}
