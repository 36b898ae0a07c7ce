//! How many requests a client or an address may make.

use std::{
    collections::HashMap,
    net::{IpAddr, Ipv6Addr},
    num::NonZeroU32,
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicU32, Ordering},
    },
};

use actix_web::{HttpMessage as _, HttpRequest};
use governor::{
    DefaultKeyedRateLimiter, Quota, RateLimiter,
    clock::Clock as _,
    middleware::{StateInformationMiddleware, StateSnapshot},
};

use crate::{
    problem::{Problem, table},
    state::Limits,
};

/// What is left of a quota after a request: for the headers that say so
/// (draft-ietf-httpapi-ratelimit-headers).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Left {
    /// Whose it is.
    pub policy: &'static str,
    /// Requests a minute.
    pub quota: u32,
    /// How many more may come now.
    pub remaining: u32,
}

impl Left {
    /// The policy as a header: so many requests in so many seconds.
    pub fn policy_header(self) -> String {
        format!("\"{}\";q={};w={WINDOW}", self.policy, self.quota)
    }

    /// What is left as a header, and after how many seconds all of it is there again.
    pub fn header(self) -> String {
        let used = u64::from(self.quota.saturating_sub(self.remaining));
        let whole = (used * WINDOW).div_ceil(u64::from(self.quota.max(1)));
        format!("\"{}\";r={};t={whole}", self.policy, self.remaining)
    }
}

/// Seconds for which a quota is stated.
const WINDOW: u64 = 60;

/// How many requests pass between two sweeps of forgotten keys.
const SWEEP_EVERY: u32 = 4096;

/// The counters of a running service. They live in memory: each process counts
/// for itself.
pub struct Quotas {
    anonymous: Counter<IpAddr>,
    failures: Counter<IpAddr>,
    /// By how many requests a minute they may make.
    clients: RwLock<HashMap<NonZeroU32, Arc<Counter<String>>>>,
    behind_proxy: bool,
}

impl Quotas {
    /// Fresh counters.
    pub fn new(limits: &Limits) -> Self {
        Self {
            anonymous: Counter::new("address", limits.anonymous_per_minute),
            failures: Counter::new("failures", limits.failures_per_minute),
            clients: RwLock::default(),
            behind_proxy: limits.behind_proxy,
        }
    }

    /// Counts a request without credentials.
    pub fn anonymous(&self, request: &HttpRequest) -> Result<(), Problem> {
        self.anonymous.take(&self.address(request), request)
    }

    /// Counts a failed authentication; beyond the quota the answer is 429, so
    /// that guessing is slow.
    pub fn failure(&self, request: &HttpRequest) -> Result<(), Problem> {
        self.failures.take(&self.address(request), request)
    }

    /// Counts a request of an authenticated client that may make so many a minute. Where
    /// that number changes, all of it is there again.
    pub fn client(&self, client: &str, per_minute: NonZeroU32, request: &HttpRequest) -> Result<(), Problem> {
        self.clients_with(per_minute).take(&client.to_owned(), request)
    }

    fn clients_with(&self, per_minute: NonZeroU32) -> Arc<Counter<String>> {
        let known = self.clients.read().unwrap_or_else(PoisonError::into_inner).get(&per_minute).cloned();
        known.unwrap_or_else(|| {
            let mut clients = self.clients.write().unwrap_or_else(PoisonError::into_inner);
            // Numbers that no client has any more.
            clients.retain(|_, counter| {
                counter.limiter.retain_recent();
                !counter.limiter.is_empty()
            });
            let counter = clients.entry(per_minute);
            Arc::clone(counter.or_insert_with(|| Arc::new(Counter::new("client", per_minute))))
        })
    }

    /// Whom to count for. An IPv6 host usually owns a whole /64.
    fn address(&self, request: &HttpRequest) -> IpAddr {
        let peer = request.peer_addr().map_or(IpAddr::V6(Ipv6Addr::UNSPECIFIED), |address| address.ip());
        let forwarded = || {
            let line = request.headers().get_all("x-forwarded-for").last()?.to_str().ok()?;
            line.rsplit(',').next()?.trim().parse().ok()
        };
        match self.behind_proxy.then(forwarded).flatten().unwrap_or(peer) {
            IpAddr::V6(address) => {
                let network = u128::from(address) & !u128::from(u64::MAX);
                IpAddr::V6(Ipv6Addr::from(network))
            }
            v4 @ IpAddr::V4(_) => v4,
        }
    }
}

/// A quota for each key: a minute's worth at once, refilled evenly.
struct Counter<K: Clone + Eq + std::hash::Hash> {
    policy: &'static str,
    per_minute: NonZeroU32,
    limiter: DefaultKeyedRateLimiter<K, StateInformationMiddleware>,
    until_sweep: AtomicU32,
}

impl<K: Clone + Eq + std::hash::Hash> Counter<K> {
    fn new(policy: &'static str, per_minute: NonZeroU32) -> Self {
        Self {
            policy,
            per_minute,
            limiter: RateLimiter::keyed(Quota::per_minute(per_minute)).with_middleware(),
            until_sweep: AtomicU32::new(SWEEP_EVERY),
        }
    }

    fn take(&self, key: &K, request: &HttpRequest) -> Result<(), Problem> {
        // Keys that are full again say nothing; without a sweep an attacker
        // with many addresses would fill the memory.
        if self.until_sweep.fetch_sub(1, Ordering::Relaxed) == 1 {
            self.until_sweep.store(SWEEP_EVERY, Ordering::Relaxed);
            self.limiter.retain_recent();
            self.limiter.shrink_to_fit();
        }
        let taken = self.limiter.check_key(key);
        let remaining = taken.as_ref().map_or(0, StateSnapshot::remaining_burst_capacity);
        let left = Left { policy: self.policy, quota: self.per_minute.get(), remaining };
        request.extensions_mut().insert(left);
        taken.map(drop).map_err(|not_until| {
            let wait = not_until.wait_time_from(self.limiter.clock().now());
            let seconds = wait.as_secs() + 1;
            Problem::new(&table::RATE_LIMITED, format!("The quota is used up for {seconds} seconds."))
                .after(seconds)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    fn quotas(behind_proxy: bool) -> Quotas {
        let two = NonZeroU32::new(2).unwrap();
        Quotas::new(&Limits { anonymous_per_minute: two, behind_proxy, ..Limits::default() })
    }

    fn from(address: &str, forwarded: &str) -> HttpRequest {
        TestRequest::get()
            .peer_addr(address.parse().unwrap())
            .insert_header(("x-forwarded-for", forwarded))
            .to_http_request()
    }

    #[test]
    fn each_address_has_its_own_quota_and_is_told_when_to_come_back() {
        let quotas = quotas(false);
        let (one, other) = (from("192.0.2.1:1", "10.0.0.1"), from("192.0.2.2:1", "10.0.0.1"));
        assert!(quotas.anonymous(&one).is_ok() && quotas.anonymous(&one).is_ok());
        let problem = quotas.anonymous(&one).unwrap_err();
        assert_eq!(problem.kind, &table::RATE_LIMITED);
        assert!((1..=31).contains(&problem.retry_after.unwrap()), "{:?}", problem.retry_after);
        assert!(quotas.anonymous(&other).is_ok());
        let two = NonZeroU32::new(2).unwrap();
        assert!(quotas.client("x", two, &other).is_ok());
        let left = *other.extensions().get::<Left>().unwrap();
        assert_eq!(
            (left.policy_header().as_str(), left.header().as_str()),
            ("\"client\";q=2;w=60", "\"client\";r=1;t=30")
        );
        let left = *one.extensions().get::<Left>().unwrap();
        assert_eq!(left.header(), "\"address\";r=0;t=60");
    }

    #[test]
    fn an_ipv6_network_counts_as_one_and_a_forwarded_address_only_behind_a_proxy() {
        let address = |behind, peer, forwarded| quotas(behind).address(&from(peer, forwarded));
        assert_eq!(address(false, "[2001:db8::1]:1", ""), address(false, "[2001:db8::ffff:2]:1", ""));
        assert_ne!(address(false, "[2001:db8::1]:1", ""), address(false, "[2001:db8:0:1::1]:1", ""));
        let expected: IpAddr = "198.51.100.7".parse().unwrap();
        assert_eq!(address(true, "192.0.2.1:1", "203.0.113.9, 198.51.100.7"), expected);
        assert_ne!(address(false, "192.0.2.1:1", "198.51.100.7"), expected);
    }
}
