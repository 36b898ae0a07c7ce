//! Can the evidence be had that it names?

use model::report::Check;
use serde_json::Value;

use super::{codes, say};
use crate::FetchError;
use crate::credential::{many, shown, text};

/// Addresses of evidence that are asked for.
pub(crate) const MOST: usize = 8;

/// Every address of evidence that the credential names, each once.
pub(crate) fn addresses(credential: &Value) -> Vec<&str> {
    let mut found: Vec<&str> = Vec::new();
    let subjects = many(credential, "credentialSubject");
    for holder in std::iter::once(credential).chain(subjects) {
        for evidence in many(holder, "evidence") {
            let id = text(evidence, "id").or_else(|| evidence.as_str());
            found.extend(id.filter(|id| id.starts_with("https://") || id.starts_with("http://")));
        }
    }
    let mut seen = std::collections::HashSet::new();
    found.retain(|address| seen.insert(*address));
    found
}

/// It names none that stands on the web.
pub(crate) fn none() -> Check {
    codes::EVIDENCE_NONE.found(say::no_evidence())
}

/// What the host of one answered: its status, or why nothing came. What it says is for
/// people to judge; a document that is too long to be read is there.
pub(crate) fn answered(address: &str, answer: Result<u16, &FetchError>) -> Check {
    let place = shown(address);
    match answer {
        Ok(200) | Err(FetchError::TooLarge { .. }) => codes::EVIDENCE_THERE.found(say::evidence_there(place)),
        Ok(404 | 410) => codes::EVIDENCE_GONE.found(say::evidence_gone(place)),
        Ok(status) => {
            let why = say::host_answers(usize::from(status));
            codes::EVIDENCE_UNREACHABLE.found(say::evidence_unreachable(place, why))
        }
        Err(error) => {
            let why = say::failure_there(address, error);
            codes::EVIDENCE_UNREACHABLE.found(say::evidence_unreachable(place, why))
        }
    }
}

/// There are more than are asked for.
pub(crate) fn too_many(number: usize) -> Check {
    codes::EVIDENCE_TOO_MANY.found(say::evidence_too_many(number, MOST))
}
