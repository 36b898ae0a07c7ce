//! The one client that speaks to the internet.

mod address;
mod keeping;

use std::error::Error as StdError;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use futures_util::StreamExt as _;
use reqwest::RequestBuilder;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::{
    ACCEPT, CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderName, IF_NONE_MATCH, LINK, LOCATION,
};
use tokio::sync::{Semaphore, SemaphorePermit};
use url::{Host, Url};

use crate::{Fetch, FetchError, Fetched};

/// Which addresses a [`GuardedClient`] may reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Public addresses by https on port 443.
    Public,
    /// The same, and loopback by http or https on any port.
    Development,
}

/// A request to somebody else's host.
#[derive(Clone, Copy)]
pub struct Sending<'a> {
    /// What is asked.
    pub method: Method,
    /// Where.
    pub url: &'a str,
    /// Names and values; they may hold secrets.
    pub headers: &'a [(&'a str, &'a str)],
    /// What is sent with it; nothing with [`Method::Get`].
    pub body: &'a str,
    /// Bytes of the answer, at most.
    pub limit: usize,
}

/// What a request does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Asks for something.
    Get,
    /// Hands something in.
    Post,
}

/// From the first packet to the last byte of the body.
const TIMEOUT: Duration = Duration::from_secs(10);
/// Documents fetched at the same time, over all verifications.
const CONNECTIONS: usize = 64;

/// A web client for addresses that strangers write: https only, public
/// addresses only (after resolution, and for IP literals), no redirects, no
/// proxy, no decompression, with caps on time, size and connections.
#[derive(Debug, Clone)]
pub struct GuardedClient {
    reach: Reach,
    timeout: Duration,
    client: reqwest::Client,
    connections: Arc<Semaphore>,
}

impl GuardedClient {
    /// A client that reaches as far as `reach`.
    pub fn new(reach: Reach) -> Result<Self, FetchError> {
        Self::with_timeout(reach, TIMEOUT)
    }

    fn with_timeout(reach: Reach, timeout: Duration) -> Result<Self, FetchError> {
        let set_up = |reason: &dyn StdError| FetchError::SetUp(reason.to_string());
        // The roots are compiled in and the provider is named, so that neither
        // the machine's store nor a process-wide default decides whom we trust.
        let roots = rustls::RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        let tls =
            rustls::ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
                .with_safe_default_protocol_versions()
                .map_err(|error| set_up(&error))?
                .with_root_certificates(roots)
                .with_no_client_auth();
        let client = reqwest::Client::builder()
            .tls_backend_preconfigured(tls)
            .dns_resolver(GuardedResolver(reach))
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .referer(false)
            .http1_only()
            .timeout(timeout)
            .pool_max_idle_per_host(4)
            .user_agent(concat!("lanyard/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|error| set_up(&error))?;
        Ok(Self { reach, timeout, client, connections: Arc::new(Semaphore::new(CONNECTIONS)) })
    }

    /// What the failure of a request comes to.
    fn failure(&self, url: &Url, error: &reqwest::Error) -> FetchError {
        if error.is_timeout() {
            return FetchError::TimedOut { url: url.to_string(), seconds: self.timeout.as_secs() };
        }
        let mut reason = error.to_string();
        let mut cause = error.source();
        while let Some(inner) = cause {
            if let Some(refused) = inner.downcast_ref::<FetchError>() {
                return refused.clone();
            }
            // The system's own words have its numbers in them, which tell nobody anything.
            let of_system =
                inner.downcast_ref::<std::io::Error>().filter(|error| error.raw_os_error().is_some());
            reason = of_system.map_or_else(|| inner.to_string(), |error| error.kind().to_string());
            cause = inner.source();
        }
        FetchError::Unreachable { url: url.to_string(), reason }
    }

    /// Sends `body` to `url`, under the same rules, and gives the answer, its body at
    /// most `limit` bytes.
    pub async fn post(
        &self,
        url: &str,
        content_type: &str,
        body: String,
        limit: usize,
    ) -> Result<Fetched, FetchError> {
        let headers = [("Content-Type", content_type)];
        self.send(&Sending { method: Method::Post, url, headers: &headers, body: &body, limit }).await
    }

    /// Sends a request, under the same rules, and gives the answer.
    pub async fn send(&self, sending: &Sending<'_>) -> Result<Fetched, FetchError> {
        let url = permitted(sending.url, self.reach)?;
        let _place = self.place(&url).await?;
        let mut request = match sending.method {
            Method::Get => self.client.get(url.clone()),
            Method::Post => self.client.post(url.clone()).body(sending.body.to_owned()),
        };
        for (name, value) in sending.headers {
            request = request.header(*name, *value);
        }
        self.answer(&url, request, sending.limit).await
    }

    /// A place among those who speak to somebody at the same time.
    async fn place(&self, url: &Url) -> Result<SemaphorePermit<'_>, FetchError> {
        let waited = tokio::time::timeout(self.timeout, self.connections.acquire()).await;
        waited
            .ok()
            .and_then(Result::ok)
            .ok_or_else(|| FetchError::TimedOut { url: url.to_string(), seconds: self.timeout.as_secs() })
    }

    /// Whether `url` may be sent to, as far as its text tells: its scheme, its port, and its
    /// host if that is an address. What a name resolves to is judged each time.
    pub fn permits(&self, url: &str) -> Result<(), FetchError> {
        permitted(url, self.reach).map(drop)
    }

    /// Sends `body` as JSON to `url` with further `headers`, under the same rules, and
    /// gives the status of the answer, whose body nobody reads. It takes its place among
    /// those who speak to somebody, as whoever fetches does.
    pub async fn deliver(
        &self,
        url: &str,
        headers: &[(&'static str, String)],
        body: String,
    ) -> Result<u16, FetchError> {
        let url = permitted(url, self.reach)?;
        let _place = self.place(&url).await?;
        let request = self.client.post(url.clone()).header(CONTENT_TYPE, "application/json").body(body);
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, value));
        let response = request.send().await.map_err(|error| self.failure(&url, &error))?;
        match (response.status().is_redirection(), text_of(response.headers(), &LOCATION)) {
            (true, Some(location)) => Err(FetchError::Redirected { url: url.to_string(), location }),
            _ => Ok(response.status().as_u16()),
        }
    }

    async fn answer(&self, url: &Url, request: RequestBuilder, limit: usize) -> Result<Fetched, FetchError> {
        let sent = request.send().await;
        let response = sent.map_err(|error| self.failure(url, &error))?;
        let status = response.status();
        let header = |name| text_of(response.headers(), &name);
        let keeping = keeping::of(response.headers());
        if let (true, Some(location)) = (status.is_redirection(), header(LOCATION)) {
            return Err(FetchError::Redirected { url: url.to_string(), location });
        }
        if header(CONTENT_ENCODING).is_some_and(|encoding| !encoding.eq_ignore_ascii_case("identity")) {
            return Err(FetchError::Encoded(url.to_string()));
        }
        let content_type = header(CONTENT_TYPE);
        let link = header(LINK);
        let too_large = || FetchError::TooLarge { url: url.to_string(), limit };
        if response.content_length().is_some_and(|length| usize::try_from(length).is_ok_and(|l| l > limit)) {
            return Err(too_large());
        }
        let mut body = Vec::new();
        let mut stream = response.bytes_stream();
        while let Some(chunk) = stream.next().await {
            let chunk = chunk.map_err(|error| self.failure(url, &error))?;
            if body.len().saturating_add(chunk.len()) > limit {
                return Err(too_large());
            }
            body.extend_from_slice(&chunk);
        }
        // It may be kept for long.
        body.shrink_to_fit();
        Ok(Fetched { link, keeping, ..Fetched::new(status.as_u16(), content_type, body) })
    }

    async fn get(
        &self,
        url: &str,
        accept: &str,
        limit: usize,
        etag: Option<&str>,
    ) -> Result<Fetched, FetchError> {
        let url = permitted(url, self.reach)?;
        let _place = self.place(&url).await?;
        let mut request = self.client.get(url.clone()).header(ACCEPT, accept);
        if let Some(etag) = etag {
            request = request.header(IF_NONE_MATCH, etag);
        }
        let fetched = self.answer(&url, request, limit).await;
        match &fetched {
            Ok(answer) => tracing::debug!(http.status = answer.status, url.host = url.host_str(), "fetched"),
            Err(error) => tracing::debug!(%error, url.host = url.host_str(), "not fetched"),
        }
        fetched
    }
}

#[async_trait]
impl Fetch for GuardedClient {
    async fn fetch(&self, url: &str, accept: &str, limit: usize) -> Result<Fetched, FetchError> {
        self.get(url, accept, limit, None).await
    }

    async fn fetch_changed(
        &self,
        url: &str,
        accept: &str,
        limit: usize,
        etag: &str,
    ) -> Result<Fetched, FetchError> {
        self.get(url, accept, limit, Some(etag)).await
    }
}

fn text_of(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
}

/// The URL, if its scheme, port and literal address may be reached. What a name
/// resolves to is [`GuardedResolver`]'s to judge, which literals never meet.
fn permitted(url: &str, reach: Reach) -> Result<Url, FetchError> {
    let not_url = || FetchError::NotUrl(url.chars().take(200).collect());
    let mut parsed = Url::parse(url).map_err(|_| not_url())?;
    if !parsed.username().is_empty() || parsed.password().is_some() {
        return Err(not_url());
    }
    parsed.set_fragment(None);
    let loopback = match parsed.host().ok_or_else(not_url)? {
        Host::Domain(name) => name.trim_end_matches('.') == "localhost",
        Host::Ipv4(address) => literal(IpAddr::V4(address), reach)?,
        Host::Ipv6(address) => literal(IpAddr::V6(address), reach)?,
    };
    let at_home = loopback && reach == Reach::Development;
    match parsed.scheme() {
        "https" => {}
        "http" if at_home => {}
        _ => return Err(FetchError::NotHttps(parsed.to_string())),
    }
    if parsed.port_or_known_default() != Some(443) && !at_home {
        return Err(FetchError::Port(parsed.to_string()));
    }
    Ok(parsed)
}

/// Whether the literal `address` is loopback; an error if it may not be reached.
fn literal(address: IpAddr, reach: Reach) -> Result<bool, FetchError> {
    if address::may_reach(address, reach) {
        Ok(address.is_loopback())
    } else {
        Err(FetchError::NotPublic { host: address.to_string(), address: address.to_string() })
    }
}

/// Resolves names and refuses those of which any address may not be reached.
/// The connection is made to the very addresses judged here, so a name that
/// resolves differently a moment later changes nothing.
struct GuardedResolver(Reach);

impl Resolve for GuardedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let reach = self.0;
        Box::pin(async move {
            let host = name.as_str().to_owned();
            let found = tokio::net::lookup_host((host.as_str(), 0)).await;
            let addresses: Vec<SocketAddr> =
                found.map_err(|_| FetchError::NoSuchHost(host.clone()))?.collect();
            let addresses = judged(&host, addresses, reach)?;
            let addresses: Addrs = Box::new(addresses.into_iter());
            Ok(addresses)
        })
    }
}

fn judged(host: &str, addresses: Vec<SocketAddr>, reach: Reach) -> Result<Vec<SocketAddr>, FetchError> {
    if addresses.is_empty() {
        return Err(FetchError::NoSuchHost(host.to_owned()));
    }
    let must_be_loopback = host.trim_end_matches('.') == "localhost";
    let refused = addresses
        .iter()
        .map(SocketAddr::ip)
        .find(|address| !address::may_reach(*address, reach) || (must_be_loopback && !address.is_loopback()));
    match refused {
        Some(address) => Err(FetchError::NotPublic { host: host.to_owned(), address: address.to_string() }),
        None => Ok(addresses),
    }
}

#[cfg(test)]
mod tests;
