//! `lanyard keys compromise`.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use model::{chance::SystemEntropy, clock::SystemClock};
use signing::{Compromise, SigningError, Vault};

use super::line;
use crate::{
    context,
    error::CommandError,
    output::{ask, complain, say},
    settings::Settings,
};

/// Marks a key as compromised, after saying what that means.
pub fn run(
    settings: &Settings,
    vault: &Vault,
    key: &str,
    since: &str,
    is_sure: bool,
) -> Result<(), CommandError> {
    let since = moment(since)?;
    if vault.keys().by_id(key).is_none() {
        return Err(SigningError::UnknownKey(key.to_owned()).into());
    }
    let question = format!(
        "{key} then signs nothing any more, not even what waits to be signed, and is published as revoked \
         since {since}. This cannot be undone. Nothing it signed is valid by its own dates from then on, \
         whoever checks it: whoever has the key can write any date. {}\nType yes to go on: ",
        signed(settings, vault, key)
    );
    if !is_sure && !ask(&question) {
        return Err(CommandError::Usage("nothing was changed; answer yes, or give --yes".to_owned()));
    }
    let Compromise { marked, next } = vault.compromise(key, since, &SystemClock, &SystemEntropy)?;
    say(format_args!("compromised {}", line(&marked)));
    say(signed(settings, vault, key));
    match next {
        None => Ok(()),
        Some(Ok(next)) => {
            say(format_args!("made {}", line(&next)));
            Ok(())
        }
        Some(Err(error)) => {
            complain(&CommandError::Usage(format!(
                "`{}` signs nothing until it has a new {} key (`lanyard keys generate`)",
                marked.issuer, marked.algorithm
            )));
            Err(error.into())
        }
    }
}

/// How many credentials the key signed. The key is marked also where the
/// database does not answer.
fn signed(settings: &Settings, vault: &Vault, key: &str) -> String {
    let counted =
        context::open_registry(settings, vault).and_then(|registry| Ok(registry.credentials_signed_by(key)?));
    match counted {
        Ok(count) => format!("It signed {count} credential(s)."),
        Err(error) => format!("How many credentials it signed is not known: {error}."),
    }
}

/// A day is its first moment in UTC: the earlier is the safer.
fn moment(text: &str) -> Result<DateTime<Utc>, CommandError> {
    let day = || text.parse::<NaiveDate>().ok().map(|day| day.and_time(NaiveTime::MIN).and_utc());
    let moment = DateTime::parse_from_rfc3339(text).ok().map(|at| at.to_utc()).or_else(day);
    moment.ok_or_else(|| {
        CommandError::Usage(format!(
            "--since: `{text}` is neither a day (2026-05-01) nor a moment (2026-05-01T09:30:00Z)"
        ))
    })
}
