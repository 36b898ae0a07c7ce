//! Is there a newer form of it?

use model::report::Check;
use model::sentence::Part;
use serde_json::Value;

use super::{codes, say};
use crate::credential::{many, shown, text};

/// Reports a refresh service; following it is the trust policy's to ask for.
pub(crate) fn check(credential: &Value) -> Check {
    match many(credential, "refreshService").first() {
        None => codes::REFRESH_NONE.found(say::no_refresh()),
        Some(service) => codes::REFRESH_OFFERED.found(say::refresh_offered(
            text(service, "id")
                .map_or_else(|| say::service_without_address().into(), |id| Part::from(shown(id))),
        )),
    }
}
