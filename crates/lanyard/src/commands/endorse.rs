//! `lanyard endorse`.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};
use issuing::{Authority, Caller, EndorseError};
use model::{
    endorsement::{ToSign, Wanted},
    id::Slug,
};

use crate::{cli::Endorse, context::Context, error::CommandError, output::say};

/// Signs an endorsement with the body's own key, and keeps it.
pub fn run(context: &Context, arguments: Endorse) -> Result<(), CommandError> {
    let slug = |text: &str| Slug::new(text).map_err(|error| CommandError::Usage(error.to_string()));
    let endorsed = match (&arguments.achievement, &arguments.organisation) {
        (Some(achievement), _) => Wanted::Achievement(slug(achievement)?, arguments.version),
        (None, Some(organisation)) => Wanted::Organisation(slug(organisation)?),
        (None, None) => {
            return Err(CommandError::Usage("give --achievement or --organisation".to_owned()));
        }
    };
    let wanted = ToSign {
        by: slug(&arguments.by)?,
        endorsed,
        comment: arguments.comment,
        from: None,
        until: end(&arguments.until)?,
    };
    let caller = Caller { client: "lanyard".to_owned(), authority: Authority::Academy };
    match context.service.endorse(&caller, &wanted) {
        Ok(kept) => {
            say(format_args!("{} endorses {} until {}", kept.by, kept.endorsed, kept.valid_until));
            say(format_args!(
                "{} ({} bytes)",
                context.service.site().endorsement(kept.id),
                kept.document.len()
            ));
            Ok(())
        }
        Err(EndorseError::Invalid(faults)) => {
            let faults: Vec<String> = faults.iter().map(ToString::to_string).collect();
            Err(CommandError::Usage(faults.join("\n")))
        }
        Err(error) => Err(CommandError::Usage(error.to_string())),
    }
}

/// The end of a day, or a moment.
fn end(text: &str) -> Result<DateTime<Utc>, CommandError> {
    let day = text.parse::<NaiveDate>().ok().and_then(|day| day.checked_add_days(Days::new(1)));
    let end = day.map(|next| next.and_time(NaiveTime::MIN).and_utc() - chrono::TimeDelta::seconds(1));
    end.or_else(|| DateTime::parse_from_rfc3339(text).ok().map(|at| at.to_utc())).ok_or_else(|| {
        CommandError::Usage(format!("--until `{text}`: give a day such as 2027-12-31, or a moment"))
    })
}
