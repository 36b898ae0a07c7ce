//! `lanyard doctor`.

use model::{
    chance::SystemEntropy,
    clock::{Clock, SystemClock},
};
use registry::{AuditFinding, AuditReport, Registry};
use serde_json::json;
use signing::{Identity, Vault};

use crate::{
    cli::Doctor,
    context,
    error::CommandError,
    output::{say, say_json},
    settings::Settings,
};

/// One thing that was looked at.
struct Finding {
    what: &'static str,
    well: bool,
    detail: String,
}

/// Looks at everything the service stands on. Refused when something is wrong.
pub fn run(settings: &Settings, arguments: &Doctor) -> Result<(), CommandError> {
    let mut findings = vec![configuration(settings), clock()];
    findings.extend(token(settings));
    let mut audit = None;
    match context::open_vault(settings, &SystemEntropy) {
        Err(error) => findings.push(Finding { what: "keys", well: false, detail: error.to_string() }),
        Ok(vault) => match context::open_registry(settings, &vault) {
            Err(error) => findings.push(Finding { what: "database", well: false, detail: error.to_string() }),
            Ok(registry) => {
                findings.push(database(&registry));
                findings.push(keys(settings, &vault, &registry));
                if arguments.audit {
                    let mut report = registry.audit(SystemClock.now())?;
                    report.findings.extend(undone(&registry, &vault)?);
                    audit = Some(report);
                }
            }
        },
    }
    let well = findings.iter().all(|finding| finding.well)
        && audit.as_ref().is_none_or(|audit| audit.findings.is_empty());
    if arguments.json {
        print_json(&findings, audit.as_ref());
    } else {
        print(&findings, audit.as_ref());
    }
    if well { Ok(()) } else { Err(CommandError::Refused) }
}

fn configuration(settings: &Settings) -> Finding {
    let naming = if settings.site.uses_did_web() { "did:web" } else { "did:key" };
    Finding {
        what: "configuration",
        well: true,
        detail: format!("{:?} at {}; issuers are named by {naming}", settings.mode, settings.site.base()),
    }
}

/// The PKCS#11 token, where one is set up.
fn token(settings: &Settings) -> Option<Finding> {
    let checked = context::token(settings)?.check();
    let label = settings.pkcs11.as_ref().map(|access| access.label.as_str()).unwrap_or_default();
    let well = checked.is_ok();
    let said = checked.unwrap_or_else(|fault| fault.to_string());
    Some(Finding { what: "pkcs11", well, detail: format!("the token `{label}`: {said}") })
}

/// A clock that is far off makes badges that are not valid yet.
fn clock() -> Finding {
    let now = SystemClock.now();
    let built = chrono::DateTime::from_timestamp(1_790_000_000, 0).unwrap_or_default();
    Finding {
        what: "clock",
        well: now > built,
        detail: format!(
            "{now}{}",
            if now > built { "" } else { ", which is before this program was written" }
        ),
    }
}

fn database(registry: &Registry) -> Finding {
    let state = registry.ping().and_then(|()| registry.pending_migrations());
    match state {
        Ok(pending) if pending.is_empty() => Finding {
            what: "database",
            well: true,
            detail: format!("{:?} answers, at the present schema", registry.backend()),
        },
        Ok(pending) => Finding {
            what: "database",
            well: false,
            detail: format!("run `lanyard migrate`: {} has not been run", pending.join(", ")),
        },
        Err(error) => Finding { what: "database", well: false, detail: error.to_string() },
    }
}

/// Who was erased and came back.
fn undone(registry: &Registry, vault: &Vault) -> Result<Vec<AuditFinding>, CommandError> {
    let undone =
        issuing::undone_erasures(registry, vault).map_err(|error| CommandError::Usage(error.to_string()))?;
    let finding = |learner: model::id::LearnerId| AuditFinding {
        table: "learners",
        id: learner.to_string(),
        detail:
            "they were erased and are here again, as after an old backup: run `lanyard learners erase-again`"
                .to_owned(),
    };
    Ok(undone.into_iter().map(finding).collect())
}

/// Every organisation that issues needs keys of both kinds in force.
fn keys(settings: &Settings, vault: &Vault, registry: &Registry) -> Finding {
    let catalogue = match registry.catalogue() {
        Ok(catalogue) => catalogue,
        Err(error) => return Finding { what: "keys", well: false, detail: error.to_string() },
    };
    let keys = vault.keys();
    let missing: Vec<String> = catalogue
        .issuers()
        .into_iter()
        .filter(|issuer| Identity::of(&settings.site, issuer, &keys).is_err())
        .map(ToString::to_string)
        .collect();
    let unreachable = keys.all().map(signing::Key::record).find(|record| {
        record.is_in_force()
            && record
                .token
                .as_deref()
                .is_some_and(|label| settings.pkcs11.as_ref().is_none_or(|access| access.label != label))
    });
    if let Some(record) = unreachable {
        let label = record.token.as_deref().unwrap_or_default();
        let detail = format!("{} is kept in the token `{label}`, which is not set up", record.id);
        return Finding { what: "keys", well: false, detail };
    }
    if missing.is_empty() {
        let count = keys.all().count();
        Finding { what: "keys", well: true, detail: format!("{count} keys open; every issuer can sign") }
    } else {
        let detail = format!("run `lanyard keys generate --issuer …` for {}", missing.join(", "));
        Finding { what: "keys", well: false, detail }
    }
}

fn print(findings: &[Finding], audit: Option<&AuditReport>) {
    for finding in findings {
        let mark = if finding.well { "ok   " } else { "WRONG" };
        say(format_args!("{mark}  {}: {}", finding.what, finding.detail));
    }
    if let Some(audit) = audit {
        say(format_args!(
            "audit: {} completions, {} awards, {} credentials, {} ledger entries, {} unsigned, {} fault(s)",
            audit.completions,
            audit.awards,
            audit.credentials,
            audit.ledger_entries,
            audit.pending.len(),
            audit.findings.len()
        ));
        for fault in &audit.findings {
            say(format_args!("WRONG  {} {}: {}", fault.table, fault.id, fault.detail));
        }
    }
}

fn print_json(findings: &[Finding], audit: Option<&AuditReport>) {
    let checks: Vec<_> = findings
        .iter()
        .map(|finding| json!({"check": finding.what, "ok": finding.well, "detail": finding.detail}))
        .collect();
    let audit = audit.map(|audit| {
        json!({
            "completions": audit.completions,
            "awards": audit.awards,
            "credentials": audit.credentials,
            "ledgerEntries": audit.ledger_entries,
            "pending": audit.pending.len(),
            "findings": audit.findings.iter().map(|fault| json!({
                "table": fault.table, "id": fault.id, "detail": fault.detail
            })).collect::<Vec<_>>(),
        })
    });
    say_json(&json!({"checks": checks, "audit": audit}));
}
