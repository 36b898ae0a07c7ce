//! What clients ask, counted in memory and written in groups: counting must not slow what is
//! counted.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use actix_web::{HttpMessage as _, HttpRequest};
use chrono::{DateTime, NaiveDate, Utc};
use model::report::{Report, Verdict};
use registry::{Registry, RegistryError, Usage};

use crate::auth::caller::Caller;

/// What was asked since it was last written. What a process has not written when it is
/// killed is not counted.
#[derive(Default)]
pub struct Counts(Mutex<HashMap<(String, NaiveDate), Usage>>);

impl Counts {
    /// Counts a request of a client.
    pub fn request(&self, client: &str, now: DateTime<Utc>) {
        self.add(client, now, Usage { requests: 1, ..Usage::default() });
    }

    /// Counts what came of credentials that a client had checked.
    pub fn add(&self, client: &str, now: DateTime<Utc>, usage: Usage) {
        *self.held().entry((client.to_owned(), now.date_naive())).or_default() += usage;
    }

    /// Counts each of these reports, if the request showed which client it is of.
    pub fn reports(&self, request: &HttpRequest, now: DateTime<Utc>, reports: &[Report]) {
        let extensions = request.extensions();
        let Some(caller) = extensions.get::<Caller>() else { return };
        let mut usage = Usage::default();
        for report in reports {
            match report.verdict {
                Verdict::Valid => usage.valid += 1,
                Verdict::Invalid => usage.invalid += 1,
                Verdict::Undetermined => usage.undetermined += 1,
            }
        }
        self.add(&caller.acting.client, now, usage);
    }

    /// Writes what was counted. What cannot be written is counted on; what an instance that
    /// only reads has counted is let go.
    pub fn write(&self, registry: &Registry) -> Result<(), RegistryError> {
        let counted: Vec<(String, NaiveDate, Usage)> =
            self.held().drain().map(|((client, day), usage)| (client, day, usage)).collect();
        if counted.is_empty() || registry.is_read_only() {
            return Ok(());
        }
        registry.add_usage(&counted).inspect_err(|_| {
            let mut held = self.held();
            for (client, day, usage) in counted {
                *held.entry((client, day)).or_default() += usage;
            }
        })
    }

    fn held(&self) -> MutexGuard<'_, HashMap<(String, NaiveDate), Usage>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
