//! The one client that speaks to the internet.

use async_trait::async_trait;

use crate::{Fetch, FetchError, Fetched};

/// Which addresses a [`GuardedClient`] may reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Public addresses by https on port 443.
    Public,
    /// The same, and loopback by http or https on any port.
    Development,
}

/// A web client for addresses that strangers write: https only, public
/// addresses only, no redirects, no proxy, with caps on time and size.
#[derive(Debug, Clone)]
pub struct GuardedClient {}

impl GuardedClient {
    /// A client that reaches as far as `reach`.
    pub fn new(_reach: Reach) -> Result<Self, FetchError> {
        Ok(Self {})
    }
}

#[async_trait]
impl Fetch for GuardedClient {
    async fn fetch(&self, _url: &str, _accept: &str, _limit: usize) -> Result<Fetched, FetchError> {
        todo!()
    }
}
