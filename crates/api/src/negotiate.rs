//! Content negotiation (RFC 9110, section 12.5.1).

use actix_web::http::header::{self, HeaderMap, HeaderName};
use model::sentence::Language;

use crate::problem::{Problem, table};

/// Chooses the representation a request prefers among `offers` (media types
/// in the server's order of preference, each with the value it stands for).
/// Without an `Accept` header the first is chosen; none is a 406.
pub fn choose<T: Copy>(headers: &HeaderMap, offers: &[(&str, T)]) -> Result<T, Problem> {
    best(&accept_of(headers), offers).ok_or_else(|| {
        let offered: Vec<_> = offers.iter().map(|(name, _)| *name).collect();
        Problem::new(&table::NOT_ACCEPTABLE, format!("This resource can be had as {}.", offered.join(", ")))
    })
}

/// The same, but the first offer where none is accepted.
pub fn prefer<T: Copy>(headers: &HeaderMap, first: T, offers: &[(&str, T)]) -> T {
    best(&accept_of(headers), offers).unwrap_or(first)
}

/// Whether the request would rather have a page than `other`.
pub fn prefers_page(headers: &HeaderMap, other: &str) -> bool {
    best(&accept_of(headers), &[(other, false), ("text/html", true)]).unwrap_or(false)
}

/// The language a request prefers (RFC 9110, section 12.5.4; RFC 4647, section 3.3.1):
/// Welsh where it is asked for at least as much as English, and English otherwise.
pub fn language(headers: &HeaderMap) -> Language {
    let accepted = lines_of(headers, header::ACCEPT_LANGUAGE);
    let quality = |tag: &str| {
        let asked = accepted.split(',').filter_map(|range| {
            let (name, parameters) = range.split_once(';').unwrap_or((range, ""));
            let quality = parameters.trim().strip_prefix("q=").map_or(Some(1000), thousandths)?;
            let primary = name.trim().split('-').next()?;
            primary.eq_ignore_ascii_case(tag).then_some(quality)
        });
        asked.max().unwrap_or(0)
    };
    let (english, welsh) = (quality("en"), quality("cy"));
    if welsh > 0 && welsh >= english { Language::Cy } else { Language::En }
}

/// All `Accept` lines of a request as one.
fn accept_of(headers: &HeaderMap) -> String {
    lines_of(headers, header::ACCEPT)
}

fn lines_of(headers: &HeaderMap, name: HeaderName) -> String {
    let lines: Vec<_> = headers.get_all(name).filter_map(|line| line.to_str().ok()).collect();
    lines.join(",")
}

/// The offer with the highest quality; among equals, the earliest.
fn best<T: Copy>(accept: &str, offers: &[(&str, T)]) -> Option<T> {
    let ranges: Vec<Range<'_>> = accept.split(',').filter_map(Range::read).collect();
    let mut chosen: Option<(u16, T)> = None;
    for (name, value) in offers {
        let quality = if ranges.is_empty() { 1000 } else { quality_of(name, &ranges) };
        if quality > 0 && chosen.is_none_or(|(best, _)| quality > best) {
            chosen = Some((quality, *value));
        }
    }
    chosen.map(|(_, value)| value)
}

/// The quality, in thousandths, that the most specific matching range gives.
fn quality_of(name: &str, ranges: &[Range<'_>]) -> u16 {
    let matching = ranges.iter().filter_map(|range| Some((range.specificity(name)?, range.quality)));
    matching.max_by_key(|(specificity, _)| *specificity).map_or(0, |(_, quality)| quality)
}

/// One range of an `Accept` header. Parameters other than `q` are ignored: no
/// representation here is told apart by them.
struct Range<'a> {
    name: &'a str,
    quality: u16,
}

impl<'a> Range<'a> {
    fn read(text: &'a str) -> Option<Self> {
        let mut parts = text.split(';');
        let name = parts.next()?.trim();
        name.contains('/').then_some(())?;
        let stated = parts.filter_map(|part| part.trim().split_once('='));
        let mut stated =
            stated.filter(|(key, _)| key.trim().eq_ignore_ascii_case("q")).map(|(_, value)| value.trim());
        // A quality that cannot be read is as good as none stated.
        Some(Self { name, quality: stated.next_back().and_then(thousandths).unwrap_or(1000) })
    }

    /// How closely the range names a media type: 0 for any, 1 for a main type, 2 exactly.
    fn specificity(&self, name: &str) -> Option<u8> {
        if self.name == "*/*" {
            Some(0)
        } else if let Some(main) = self.name.strip_suffix("/*") {
            name.split_once('/').is_some_and(|(other, _)| other.eq_ignore_ascii_case(main)).then_some(1)
        } else {
            self.name.eq_ignore_ascii_case(name).then_some(2)
        }
    }
}

/// A qvalue: `0` to `1` with at most three decimals.
fn thousandths(text: &str) -> Option<u16> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if fraction.len() > 3 || !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let fraction: u16 = format!("{fraction:0<3}").parse().ok()?;
    match (whole, fraction) {
        ("0", fraction) => Some(fraction),
        ("1", 0) => Some(1000),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OFFERS: &[(&str, &str)] = &[
        ("application/vc+ld+json", "ld"),
        ("application/vc+jwt", "jwt"),
        ("image/png", "png"),
        ("text/html", "page"),
    ];

    #[test]
    fn the_highest_quality_wins_and_the_server_breaks_ties() {
        for (accept, expected) in [
            ("", Some("ld")),
            ("*/*", Some("ld")),
            ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", Some("page")),
            ("application/vc+jwt", Some("jwt")),
            ("application/vc+jwt;q=0.5, application/vc+ld+json;q=0.4", Some("jwt")),
            ("image/*", Some("png")),
            ("APPLICATION/VC+JWT", Some("jwt")),
            ("*/*, application/vc+ld+json;q=0", Some("jwt")),
            ("image/*;q=0.9, image/png;q=0, */*;q=0.1", Some("ld")),
            ("application/vc+ld+json; profile=\"x\"", Some("ld")),
            ("text/html;q=0.001", Some("page")),
            ("application/pdf", None),
            ("*/*;q=0", None),
            ("nonsense", Some("ld")),
            ("text/html;q=many", Some("page")),
        ] {
            assert_eq!(best(accept, OFFERS), expected, "{accept}");
        }
    }

    #[test]
    fn welsh_is_spoken_to_whoever_asks_for_it() {
        for (asked, expected) in [
            ("", Language::En),
            ("cy", Language::Cy),
            ("cy-GB, en;q=0.9", Language::Cy),
            ("en-GB, cy;q=0.8", Language::En),
            ("en, cy", Language::Cy),
            ("fr, *;q=0.5", Language::En),
            ("cy;q=0", Language::En),
            ("CY;q=0.1", Language::Cy),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_LANGUAGE, asked.parse().unwrap());
            assert_eq!(language(&headers), expected, "{asked}");
        }
    }

    #[test]
    fn a_quality_has_three_decimals_at_most() {
        for (text, expected) in [
            ("1", Some(1000)),
            ("0.5", Some(500)),
            ("0.001", Some(1)),
            ("1.001", None),
            ("0.0001", None),
            ("-1", None),
        ] {
            assert_eq!(thousandths(text), expected, "{text}");
        }
    }
}
