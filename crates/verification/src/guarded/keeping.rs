//! What the headers of an answer say of keeping it.

use std::time::Duration;

use reqwest::header::{AGE, CACHE_CONTROL, ETAG, HeaderMap, HeaderName};

use crate::Keeping;

/// Letters of an `ETag` that is taken; a longer one is not sent back.
const LONGEST_TAG: usize = 256;

/// Reads `Cache-Control`, `Age` and `ETag` as a cache shared by many does (RFC 9111,
/// section 5.2.2). What is not understood says nothing.
pub(super) fn of(headers: &HeaderMap) -> Keeping {
    let lines = headers.get_all(CACHE_CONTROL).iter().filter_map(|line| line.to_str().ok());
    let mut keeping = Keeping::default();
    let (mut own, mut shared) = (None, None);
    for directive in lines.flat_map(|line| line.split(',')) {
        let (name, value) = directive.split_once('=').unwrap_or((directive, ""));
        let seconds = || value.trim().trim_matches('"').parse().ok().map(Duration::from_secs);
        match name.trim().to_ascii_lowercase().as_str() {
            "no-store" | "private" => keeping.never = true,
            "no-cache" => own = Some(Duration::ZERO),
            // One that cannot be read is over (section 4.2.1).
            "max-age" => own = own.min(seconds()).or_else(seconds).or(Some(Duration::ZERO)),
            "s-maxage" => shared = seconds().or(Some(Duration::ZERO)),
            "must-revalidate" | "proxy-revalidate" => keeping.stale = Some(Duration::ZERO),
            "stale-if-error" if keeping.stale != Some(Duration::ZERO) => keeping.stale = seconds(),
            _ => {}
        }
    }
    let age = text(headers, AGE)
        .and_then(|age| age.trim().parse().ok())
        .map_or(Duration::ZERO, Duration::from_secs);
    keeping.lifetime = shared.or(own).map(|lifetime| lifetime.saturating_sub(age));
    keeping.etag = text(headers, ETAG).filter(|tag| tag.len() <= LONGEST_TAG).map(str::to_owned);
    keeping
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(lines: &[(&'static str, &'static str)]) -> Keeping {
        let headers: HeaderMap = lines
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap()))
            .collect();
        of(&headers)
    }

    #[test]
    fn a_lifetime_is_what_is_left_of_it() {
        let seconds = |lines: &[(&'static str, &'static str)]| read(lines).lifetime.map(|it| it.as_secs());
        assert_eq!(seconds(&[]), None);
        assert_eq!(seconds(&[("cache-control", "public, max-age=60")]), Some(60));
        assert_eq!(seconds(&[("cache-control", "Max-Age=\"60\""), ("age", "45")]), Some(15));
        assert_eq!(seconds(&[("cache-control", "max-age=60"), ("age", "450")]), Some(0));
        assert_eq!(seconds(&[("cache-control", "max-age=60, s-maxage=5")]), Some(5));
        assert_eq!(seconds(&[("cache-control", "no-cache, max-age=60")]), Some(0));
        assert_eq!(seconds(&[("cache-control", "max-age=soon")]), Some(0));
    }

    #[test]
    fn what_may_not_be_kept_or_used_for_longer_is_told() {
        assert!(read(&[("cache-control", "no-store")]).never && read(&[("cache-control", "PRIVATE")]).never);
        let strict = read(&[("cache-control", "must-revalidate, stale-if-error=9")]);
        assert_eq!((strict.never, strict.stale), (false, Some(Duration::ZERO)));
        assert_eq!(read(&[("cache-control", "stale-if-error=9")]).stale, Some(Duration::from_secs(9)));
        assert_eq!(read(&[("etag", "\"v1\"")]).etag.as_deref(), Some("\"v1\""));
    }
}
