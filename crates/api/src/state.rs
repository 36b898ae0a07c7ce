//! What every request can reach, and how the service is set up.

use std::{
    num::NonZeroU32,
    sync::{Arc, OnceLock},
    time::Duration,
};

use actix_web::web;
use chrono::TimeDelta;
use issuing::Service;
use model::{chance::Entropy, clock::Clock, site::Site, trust::TrustFile};
use proof::log::VerifierKey;
use registry::{ApiKeyRecord, ClientLimits, Registry, TokenRecord};
use signing::Vault;
use tokio::sync::{Notify, Semaphore};
use verification::{Contexts, Fetch, FirstOf, GuardedClient, TrustBook, Verifier};
use wallet::Profile;

use crate::{
    asking::Asking, checkers::Checkers, lookups::Lookups, moment::Moment, own_documents::OwnDocuments,
    pictures::Pictures, quota::Quotas, usage::Counts,
};

/// Large pictures that are taken in at the same time, 12 MiB each.
const LARGE_AT_ONCE: usize = 2;

/// The parts that the binary hands over.
pub struct Parts {
    /// The stored state.
    pub registry: Registry,
    /// Accepts, revokes and publishes.
    pub service: Arc<Service>,
    /// The keys, to tell whether the service is ready.
    pub vault: Arc<Vault>,
    /// Where the service stands on the web.
    pub site: Site,
    /// Reaches other hosts while verifying; the service's own documents are
    /// answered without it.
    pub fetch: Arc<dyn Fetch>,
    /// Speaks to others' hosts where fetching is not enough.
    pub client: GuardedClient,
    /// The hour.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub entropy: Arc<dyn Entropy>,
    /// Sizes, lifetimes and quotas.
    pub limits: Limits,
    /// Writes the metrics in the Prometheus text format.
    pub metrics: Arc<dyn Fn() -> String + Send + Sync>,
    /// Whether pages say that nothing here is a real badge.
    pub development: bool,
    /// Whether the VC API is on.
    pub vc_api: bool,
    /// What the wallets need that the badges are for.
    pub wallet_profile: Profile,
    /// The https addresses to which wallets may have a person's browser sent; any, if none.
    pub wallet_redirects: Vec<String>,
    /// The witnesses whose signatures of the log are taken.
    pub witnesses: Vec<VerifierKey>,
    /// Lists of issuers and the policies of those who check badges.
    pub trust: TrustFile,
}

/// Sizes, lifetimes and quotas: what an operator may set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one ordinary body. 256 KiB.
    pub body: usize,
    /// Bytes of an upload to be verified. 2 MiB.
    pub upload: usize,
    /// The same of a photo, or another PNG or JPEG picture. 12 MiB.
    pub picture: usize,
    /// Bytes of one batch. 64 MiB.
    pub batch: usize,
    /// Completions of a batch that are recorded in one transaction. 64.
    pub batch_group: usize,
    /// How long an access token lives: ten minutes to one hour. 30 minutes.
    pub token_lifetime: Duration,
    /// Requests a minute from one address without credentials. 600.
    pub anonymous_per_minute: NonZeroU32,
    /// Requests a minute from one client. 6000.
    pub client_per_minute: NonZeroU32,
    /// Failed authentications a minute from one address. 30.
    pub failures_per_minute: NonZeroU32,
    /// How long the next piece of a body may keep us waiting, then 408. 30 seconds.
    pub idle: Duration,
    /// How long a large picture may keep others out, however steadily it comes, then 408. 2 minutes.
    pub picture_time: Duration,
    /// The largest list that is checked as a job, in bytes. 1 GiB.
    pub job: usize,
    /// How long a job that is done is kept. A week.
    pub job_kept: TimeDelta,
    /// Jobs of one client that there may be. 16.
    pub jobs: u32,
    /// Watches of one client. 10,000.
    pub watches: u32,
    /// How often others' credentials that are watched are looked at. 5 minutes.
    pub look: Duration,
    /// Whether the last `X-Forwarded-For` address is the client's, because a
    /// proxy of the operator's own stands in front. False.
    pub behind_proxy: bool,
}

impl Default for Limits {
    fn default() -> Self {
        let some = |n| NonZeroU32::new(n).unwrap_or(NonZeroU32::MIN);
        Self {
            body: 256 * 1024,
            upload: 2 * 1024 * 1024,
            picture: 12 * 1024 * 1024,
            batch: 64 * 1024 * 1024,
            batch_group: 64,
            token_lifetime: Duration::from_mins(30),
            anonymous_per_minute: some(600),
            client_per_minute: some(6000),
            failures_per_minute: some(30),
            idle: Duration::from_secs(30),
            picture_time: Duration::from_mins(2),
            job: 1024 * 1024 * 1024,
            job_kept: TimeDelta::days(7),
            jobs: 16,
            watches: 10_000,
            look: Duration::from_mins(5),
            behind_proxy: false,
        }
    }
}

impl Limits {
    /// Requests a minute of a client with those limits of its own.
    pub(crate) fn requests_of(&self, own: ClientLimits) -> NonZeroU32 {
        own.requests_per_minute.unwrap_or(self.client_per_minute)
    }

    /// Watches of a client with those limits of its own.
    pub(crate) fn watches_of(&self, own: ClientLimits) -> u32 {
        own.watches.map_or(self.watches, NonZeroU32::get)
    }

    /// Jobs of a client with those limits of its own.
    pub(crate) fn jobs_of(&self, own: ClientLimits) -> u32 {
        own.jobs.map_or(self.jobs, NonZeroU32::get)
    }
}

/// What every request can reach. Made once, shared by all workers.
pub struct AppState {
    /// The stored state.
    pub registry: Registry,
    /// Accepts, revokes and publishes.
    pub service: Arc<Service>,
    /// The keys.
    pub vault: Arc<Vault>,
    /// Where the service stands on the web.
    pub site: Site,
    /// Checks credentials; answers the service's own documents from here.
    pub verifier: Arc<Verifier>,
    /// The same for threads that may wait for the database.
    pub batch_verifier: Verifier,
    /// The same for documents of any contexts.
    pub(crate) general_verifier: Verifier,
    /// The hour.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub entropy: Arc<dyn Entropy>,
    /// Sizes, lifetimes and quotas.
    pub limits: Limits,
    /// Writes the metrics in the Prometheus text format.
    pub metrics: Arc<dyn Fn() -> String + Send + Sync>,
    /// Whether pages say that nothing here is a real badge.
    pub development: bool,
    /// Whether the VC API is on.
    pub vc_api: bool,
    /// What the wallets need that the badges are for.
    pub wallet_profile: Profile,
    /// The https addresses to which wallets may have a person's browser sent; any, if none.
    pub wallet_redirects: Vec<String>,
    /// The witnesses whose signatures of the log are taken.
    pub witnesses: Vec<VerifierKey>,
    /// Whom those trust who check badges here.
    pub trust: TrustBook,
    pub(crate) outside: Arc<dyn Fetch>,
    /// Who is asking, by API key and by access token.
    pub(crate) api_keys: Arc<Lookups<String, ApiKeyRecord>>,
    pub(crate) tokens: Arc<Lookups<[u8; 32], TokenRecord>>,
    pub(crate) moment: Moment,
    /// Check batches and jobs.
    pub(crate) checkers: Checkers,
    /// Told when there is a job to work on.
    pub(crate) jobs: Notify,
    /// Speaks to others' hosts where fetching is not enough.
    pub(crate) client: GuardedClient,
    pub(crate) description: OnceLock<bytes::Bytes>,
    pub(crate) quotas: Quotas,
    /// What clients ask.
    pub usage: Counts,
    pub(crate) pictures: Pictures,
    /// Who may send a large picture just now.
    pub(crate) room: Arc<Semaphore>,
}

impl AppState {
    /// The state of a service made of `parts`. A token lifetime outside ten
    /// minutes to one hour is brought to the nearer bound.
    pub fn new(parts: Parts) -> web::Data<Self> {
        let Parts {
            registry,
            service,
            vault,
            site,
            fetch,
            client,
            clock,
            entropy,
            mut limits,
            metrics,
            development,
            vc_api,
            wallet_profile,
            wallet_redirects,
            witnesses,
            trust,
        } = parts;
        limits.token_lifetime = limits.token_lifetime.clamp(Duration::from_mins(10), Duration::from_hours(1));
        let own = OwnDocuments::new(
            registry.clone(),
            Arc::clone(&service),
            site.clone(),
            Arc::clone(&clock),
            Asking::Together(Arc::default()),
        );
        let (keys, tokens) = (registry.clone(), registry.clone());
        let api_keys = Arc::new(Lookups::new(move |prefixes| keys.find_api_keys(prefixes)));
        let tokens = Arc::new(Lookups::new(move |hashes| tokens.tokens(hashes)));
        let outside = Arc::clone(&fetch);
        let in_batches = Arc::new(FirstOf(own.answered_here(), Arc::clone(&fetch)));
        let verifier = Verifier::new(Arc::new(FirstOf(own, fetch)), Arc::clone(&clock));
        web::Data::new(Self {
            batch_verifier: verifier.fetching(in_batches),
            general_verifier: verifier.accepting(Contexts::Any),
            verifier: Arc::new(verifier),
            description: OnceLock::new(),
            quotas: Quotas::new(&limits),
            jobs: Notify::new(),
            api_keys,
            tokens,
            moment: Moment::default(),
            checkers: Checkers::default(),
            usage: Counts::default(),
            client,
            pictures: Pictures::default(),
            room: Arc::new(Semaphore::new(LARGE_AT_ONCE)),
            registry,
            service,
            vault,
            site,
            clock,
            entropy,
            limits,
            metrics,
            development,
            vc_api,
            wallet_profile,
            wallet_redirects,
            witnesses,
            trust: TrustBook::new(trust),
            outside,
        })
    }
}
