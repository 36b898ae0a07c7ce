//! `lanyard verify`.

mod batch;
mod offline;

use std::{
    fs,
    io::{Read, stdin},
    path::Path,
    sync::Arc,
};

use api::Asked;
use chrono::{DateTime, Utc};
use model::{
    clock::{Clock as _, SystemClock},
    report::{Check, Conclusion, Outcome, Question, Report, Verdict},
};
use verification::{Also, Cache, Expectation, Fetch, Room, TrustBook, Verifier, recognise, together};

use super::{maintenance::moment, serve};

use crate::{
    cli::{Besides, Verify},
    context::Context,
    error::CommandError,
    output::{say, say_json},
    settings::Settings,
    trust,
};

/// The largest badge that is read, in bytes: a photo of its QR code may be as large.
const LARGEST: u64 = 12 * 1024 * 1024;

/// Checks badges and prints a report on each. Refused when one is not valid.
pub fn run(mut settings: Settings, arguments: &Verify) -> Result<(), CommandError> {
    let mut builder = match arguments.batch {
        Some(_) => tokio::runtime::Builder::new_multi_thread(),
        None => tokio::runtime::Builder::new_current_thread(),
    };
    let runtime = builder.enable_all().build().map_err(CommandError::Server)?;
    let client: Arc<dyn Fetch> =
        if let (Some(path), Some(issuer)) = (&arguments.offline, &arguments.bundle_issuer) {
            let bundle = runtime.block_on(offline::open(path, issuer))?;
            if !arguments.json && arguments.batch.is_none() {
                say(offline::described(&bundle, SystemClock.now()));
            }
            Arc::new(bundle)
        } else {
            Arc::new(Cache::new(serve::client(&settings)?, Arc::new(SystemClock), Room::default()))
        };
    let trusted = match &arguments.policy {
        None => None,
        Some(policy) => {
            let book = TrustBook::new(trust::read(&settings.trust_dir)?);
            let found = runtime.block_on(book.trust(policy, client.as_ref(), SystemClock.now()));
            let unknown = || CommandError::Usage(format!("there is no policy `{policy}`"));
            Some(found.ok_or_else(unknown)?)
        }
    };
    let as_of = as_of(arguments)?;
    let also = |what| arguments.also.contains(&what);
    let mut expectation = Expectation {
        recipient: arguments.recipient.clone(),
        challenge: arguments.challenge.clone(),
        domain: arguments.domain.clone(),
        trust: trusted,
        achievement: arguments.achievement.clone(),
        also: Also {
            evidence: arguments.evidence || also(Besides::Evidence),
            log: also(Besides::Log),
            ledger: also(Besides::Ledger),
            maintenance: also(Besides::Maintenance),
        },
        as_of,
    };
    let own = if arguments.own {
        settings.read_only = true;
        let outside = serve::client(&settings)?;
        Some(serve::state(&Context::open(settings)?, outside, Arc::new(String::new))?)
    } else {
        None
    };
    if let Some(state) = &own
        && let Some(trust) = expectation.trust.take()
    {
        let decided = state.registry.trust_decisions(None)?.into_iter();
        expectation.trust = Some(trust.with_entries(decided.map(|one| (one.entry, one.recorded))));
    }
    let verifier = match &own {
        Some(state) => state.batch_verifier.clone(),
        None => Verifier::new(client, Arc::new(SystemClock)),
    };
    if let Some(path) = &arguments.batch {
        return batch::run(&runtime, &verifier, &expectation, path, arguments.json);
    }
    let several = arguments.badges.len() > 1;
    let mut reports = Vec::new();
    for badge in &arguments.badges {
        let report = if badge.starts_with("https://") || badge.starts_with("http://") {
            runtime.block_on(verifier.verify_url(badge, &expectation))
        } else {
            let bytes = read(badge)?;
            runtime.block_on(verifier.verify(&recognise(&bytes, None), &expectation))
        };
        if !arguments.json {
            if several {
                say(format_args!("\n{badge}"));
            }
            print(&report);
        }
        reports.push(report);
    }
    if let (Some(level), Some(state)) = (&arguments.level, &own) {
        let asked = Asked { expectation, level: Some(level.clone()) };
        let whole = asked.judge_here(state, together(reports, SystemClock.now()));
        let whole = whole.map_err(|problem| CommandError::Usage(problem.detail))?;
        if !arguments.json {
            say(format_args!("\nThe level `{level}`"));
            whole.checks.iter().filter(|check| check.question == Question::Level).for_each(print_check);
        }
        reports = vec![whole];
    }
    match reports.as_slice() {
        [report] if arguments.json => say_json(report),
        reports if arguments.json => say_json(&reports),
        _ => {}
    }
    let good = reports.iter().all(|report| report.verdict == Verdict::Valid);
    if good { Ok(()) } else { Err(CommandError::Refused) }
}

/// The moment as of which it is to be judged, which has passed. A day that is not over
/// counts until now.
fn as_of(arguments: &Verify) -> Result<Option<DateTime<Utc>>, CommandError> {
    let (Some(text), now) = (&arguments.as_of, SystemClock.now()) else { return Ok(None) };
    if text.parse() == Ok(now.date_naive()) {
        return Ok(Some(now));
    }
    let at = moment(text)?;
    if at > now {
        return Err(CommandError::Usage(format!("{text} is still to come")));
    }
    Ok(Some(at))
}

fn read(badge: &str) -> Result<Vec<u8>, CommandError> {
    let path = Path::new(badge);
    let mut bytes = Vec::new();
    let read = if badge == "-" {
        stdin().take(LARGEST + 1).read_to_end(&mut bytes)
    } else {
        fs::File::open(path).and_then(|file| file.take(LARGEST + 1).read_to_end(&mut bytes))
    };
    let length = read.map_err(|error| CommandError::file(path, error))?;
    if u64::try_from(length).is_ok_and(|length| length > LARGEST) {
        return Err(CommandError::Usage(format!(
            "{badge}: larger than {LARGEST} bytes, the most that is read"
        )));
    }
    Ok(bytes)
}

fn print(report: &Report) {
    let word = match report.conclusion {
        Conclusion::Valid => "VALID",
        Conclusion::Invalid => "NOT VALID",
        Conclusion::Undetermined => "UNDETERMINED",
        Conclusion::Untrusted => "GENUINE, ISSUER NOT TRUSTED",
    };
    say(format_args!("{word}: {}", report.explanation));
    if let Some(advice) = &report.advice {
        say(format_args!("  {advice}"));
    }
    let summary = &report.summary;
    for (label, value) in [
        ("Achievement", &summary.achievement),
        ("Holder", &summary.holder),
        ("Issuer", &summary.issuer_name),
        ("Issuer id", &summary.issuer_id),
        ("Credential", &summary.id),
        ("Valid from", &summary.valid_from),
        ("Valid until", &summary.valid_until),
    ] {
        if let Some(value) = value {
            say(format_args!("  {label}: {value}"));
        }
    }
    report.checks.iter().for_each(print_check);
    for (index, credential) in report.credentials.iter().enumerate() {
        say(format_args!("\nCredential {} of {}", index.saturating_add(1), report.credentials.len()));
        print(credential);
    }
}

fn print_check(check: &Check) {
    let mark = match check.outcome {
        Outcome::Pass => "pass       ",
        Outcome::Warning => "warning    ",
        Outcome::NotChecked => "not checked",
        Outcome::Fail => "FAIL       ",
    };
    say(format_args!("{mark}  {}: {}", check.code, check.finding));
    if let Some(advice) = check.advice() {
        say(format_args!("             {advice}"));
    }
}
