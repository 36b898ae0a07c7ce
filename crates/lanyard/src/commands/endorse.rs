//! `lanyard endorse`.

use std::{path::Path, sync::Arc};

use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};
use issuing::Caller;
use model::{
    endorsement::{ToSign, Wanted},
    id::{EndorsementId, Slug},
};
use registry::EndorsementRecord;

use super::{
    cpd::credential_in,
    learners::{id, operator},
    serve,
};
use crate::{cli::Endorse, context::Context, error::CommandError, output::say};

/// Signs an endorsement with the body's own key, takes one that the body signed itself, or
/// withdraws one.
pub fn run(context: &Context, arguments: Endorse) -> Result<(), CommandError> {
    let Endorse { by, achievement, version, organisation, comment, until, signed, withdraw } = arguments;
    let caller = operator();
    let lacking = || CommandError::Usage("give --by with what it endorses, or --withdraw".to_owned());
    if let Some(which) = withdraw {
        let id: EndorsementId = id("endorsement", &which)?;
        let withdrawn = context.service.withdraw_endorsement(&caller, id)?;
        say(format_args!("{} no longer endorses {}", withdrawn.by, withdrawn.endorsed));
        return Ok(());
    }
    let by = by.ok_or_else(lacking)?;
    let kept = match (signed, achievement, organisation) {
        (Some(file), _, _) => take(context, &caller, by, &file)?,
        (None, achievement, organisation) => {
            let endorsed = achievement
                .map(|achievement| Wanted::Achievement(achievement, version))
                .or(organisation.map(Wanted::Organisation));
            let wanted = ToSign {
                by,
                endorsed: endorsed.ok_or_else(lacking)?,
                comment: comment.ok_or_else(lacking)?,
                from: None,
                until: end(&until.ok_or_else(lacking)?)?,
            };
            context.service.endorse(&caller, &wanted)?
        }
    };
    say(format_args!("{} endorses {} until {}", kept.by, kept.endorsed, kept.valid_until));
    say(format_args!("{} ({} bytes)", context.service.site().endorsement(kept.id), kept.document.len()));
    Ok(())
}

fn take(
    context: &Context,
    caller: &Caller,
    by: Slug,
    file: &Path,
) -> Result<EndorsementRecord, CommandError> {
    let credential = credential_in(file)?;
    let state = serve::state(context, serve::client(&context.settings)?, Arc::new(String::new))?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(CommandError::Server)?;
    Ok(runtime.block_on(api::take_endorsement(&state, caller, by, credential))?)
}

/// The end of a day, or a moment.
fn end(text: &str) -> Result<DateTime<Utc>, CommandError> {
    let day = text.parse::<NaiveDate>().ok().and_then(|day| day.checked_add_days(Days::new(1)));
    let end = day.map(|next| next.and_time(NaiveTime::MIN).and_utc() - chrono::TimeDelta::seconds(1));
    end.or_else(|| DateTime::parse_from_rfc3339(text).ok().map(|at| at.to_utc())).ok_or_else(|| {
        CommandError::Usage(format!("--until `{text}`: give a day such as 2027-12-31, or a moment"))
    })
}
