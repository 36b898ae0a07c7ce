//! The bundle of `lanyard verify --offline`.

use std::{fs, path::Path, sync::Arc};

use chrono::{DateTime, Utc};
use model::clock::SystemClock;
use verification::{Anchor, Bundle};

use crate::error::CommandError;

/// Reads the bundle at `path`, which `issuer` must have signed: a did:key or did:jwk, or a
/// file with the issuer's document.
pub async fn open(path: &Path, issuer: &str) -> Result<Bundle, CommandError> {
    let read = |path: &Path| fs::read(path).map_err(|error| CommandError::file(path, error));
    let anchor = if issuer.starts_with("did:") {
        Anchor::Name(issuer.to_owned())
    } else {
        Anchor::Document(read(Path::new(issuer))?)
    };
    let opened = Bundle::open(&read(path)?, &anchor, Arc::new(SystemClock)).await;
    opened.map_err(|error| CommandError::Usage(format!("{}: {error}", path.display())))
}

/// Whose bundle it is, and how old.
pub fn described(bundle: &Bundle, now: DateTime<Utc>) -> String {
    let age = (now - bundle.made()).max(chrono::TimeDelta::zero());
    let (days, hours, minutes) = (age.num_days(), age.num_hours(), age.num_minutes());
    let old = match (days, hours) {
        (0, 0) => format!("{minutes} min"),
        (0, _) => format!("{hours} h"),
        _ => format!("{days} d"),
    };
    let made = bundle.made().format("%Y-%m-%dT%H:%M:%SZ");
    format!(
        "OFFLINE: by {} documents of {made}, {old} old, signed by {}. Nothing is fetched.",
        bundle.len(),
        bundle.issuer()
    )
}
