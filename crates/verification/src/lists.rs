//! Status lists that were verified a moment ago.
//!
//! A list is verified for every credential that names it, and for ten thousand badges of
//! one issuer that is the same list, byte for byte, by the same document of its issuer.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use model::report::Check;
use proof::status::{BitString, StatusError};

use crate::Fetched;
use crate::checks::binding::IssuerDocument;
use crate::opened::Opened;

/// For how long what was found of a proof is told again: a key may end its time.
const LASTS: TimeDelta = TimeDelta::seconds(1);
/// Lists that are remembered at most.
const MOST: usize = 64;
/// Bytes of a list that is remembered, at most.
const LARGEST: usize = 65_536;
/// Entries of a list that are remembered as they are, at most.
const MOST_BITS: usize = 1_048_576;

/// Lists by their address.
#[derive(Default)]
pub(crate) struct Lists(Mutex<HashMap<String, (Bytes, Arc<Verified>)>>);

/// A list credential and what was found of it.
pub(crate) struct Verified {
    /// The list.
    pub opened: Opened,
    /// What was found, apart from its dates.
    pub checks: Vec<Check>,
    /// By which its key is the issuer's.
    pub document: Option<Arc<IssuerDocument>>,
    /// When.
    pub at: DateTime<Utc>,
    bits: OnceLock<Arc<BitString>>,
}

impl Verified {
    pub fn new(
        opened: Opened,
        checks: Vec<Check>,
        document: Option<Arc<IssuerDocument>>,
        at: DateTime<Utc>,
    ) -> Self {
        Self { opened, checks, document, at, bits: OnceLock::new() }
    }

    /// The bits that it holds as `encoded`, at most `expanded` bytes of them.
    pub fn bits(&self, encoded: &str, expanded: usize) -> Result<Arc<BitString>, StatusError> {
        if let Some(bits) = self.bits.get() {
            return Ok(Arc::clone(bits));
        }
        let bits = Arc::new(BitString::decode(encoded, expanded)?);
        Ok(if bits.len() <= MOST_BITS { Arc::clone(self.bits.get_or_init(|| bits)) } else { bits })
    }
}

/// The bytes in which a list came.
struct Bytes {
    body: bytes::Bytes,
    content_type: Option<String>,
}

impl Lists {
    /// What was found of these very bytes less than a second before `now`. Whoever asks
    /// must see that the issuer's document is still the same.
    pub fn recall(&self, address: &str, fetched: &Fetched, now: DateTime<Utc>) -> Option<Arc<Verified>> {
        let lists = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (bytes, verified) = lists.get(address)?;
        let same = bytes.body == fetched.body && bytes.content_type == fetched.content_type;
        (same && lasts(verified, now)).then(|| Arc::clone(verified))
    }

    /// Remembers a list, of which everything that was found must speak for it.
    pub fn remember(&self, address: &str, fetched: &Fetched, verified: &Arc<Verified>) {
        let mut lists = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if lists.len() >= MOST {
            lists.retain(|_, (_, old)| lasts(old, verified.at));
        }
        if fetched.body.len() <= LARGEST && lists.len() < MOST {
            let bytes = Bytes { body: fetched.body.clone(), content_type: fetched.content_type.clone() };
            lists.insert(address.to_owned(), (bytes, Arc::clone(verified)));
        }
    }
}

/// A clock that was set back makes it old.
fn lasts(verified: &Verified, now: DateTime<Utc>) -> bool {
    verified.at <= now && now - verified.at < LASTS
}
