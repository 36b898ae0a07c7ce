use std::path::PathBuf;

use serde_json::json;

use super::kept;
use crate::{
    context::Context,
    error::CommandError,
    output::{say, say_json},
};

/// Compares the log with what was signed and the tables with the log. Refused when
/// anything differs.
pub fn run(context: &Context, since: &[PathBuf], as_json: bool) -> Result<(), CommandError> {
    let since = since.iter().map(|path| kept(path)).collect::<Result<Vec<_>, _>>()?;
    let audit = context.service.audit_log(&since).map_err(|error| CommandError::Usage(error.to_string()))?;
    let unnamed = audit.comparison.unnamed;
    let count = audit.faults().count();
    if as_json {
        say_json(&json!({
            "size": audit.size,
            "entries": audit.comparison.entries,
            "waiting": audit.comparison.waiting,
            "unnamed": unnamed,
            "findings": audit.faults().map(|fault| json!({
                "table": fault.table, "id": fault.id, "detail": fault.detail
            })).collect::<Vec<_>>(),
        }));
    } else {
        say(format_args!(
            "{} entries signed, {} compared with their rows, {} waiting, {count} fault(s)",
            audit.size, audit.comparison.entries, audit.comparison.waiting
        ));
        for fault in audit.faults() {
            say(format_args!("WRONG  {} {}: {}", fault.table, fault.id, fault.detail));
        }
        if unnamed > 0 {
            say(format_args!("and {unnamed} further rows"));
        }
    }
    if count == 0 { Ok(()) } else { Err(CommandError::Refused) }
}
