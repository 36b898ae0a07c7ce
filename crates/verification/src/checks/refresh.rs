//! Is there a newer form of it?

use model::report::Check;
use serde_json::Value;

use super::codes;
use crate::credential::{many, shown, text};

/// Reports a refresh service; following it is the trust policy's to ask for.
pub(crate) fn check(credential: &Value) -> Check {
    match many(credential, "refreshService").first() {
        None => codes::REFRESH_NONE.found("It names no service for a newer form."),
        Some(service) => codes::REFRESH_OFFERED.found(format!(
            "`{}` may have a newer form; it was not asked.",
            shown(text(service, "id").unwrap_or("a service without an address"))
        )),
    }
}
