//! What single values must look like.

use chrono::{DateTime, NaiveDate};

/// Whether `text` is a date and time with its zone, as RFC 3339, section 5.6,
/// writes it. Leap seconds are refused, as XML Schema does.
pub fn is_date_time(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.get(10).is_some_and(|&b| b == b'T' || b == b't')
        && bytes.get(17..19).is_some_and(|seconds| seconds != b"60")
        && text.is_ascii()
        && is_date(text.get(..10).unwrap_or_default())
        && DateTime::parse_from_rfc3339(text).is_ok()
}

/// Whether `text` is a calendar date, `YYYY-MM-DD`.
pub fn is_date(text: &str) -> bool {
    text.len() == 10
        && text
            .bytes()
            .enumerate()
            .all(|(at, b)| if matches!(at, 4 | 7) { b == b'-' } else { b.is_ascii_digit() })
        && NaiveDate::parse_from_str(text, "%Y-%m-%d").is_ok()
}

/// Whether `text` is an absolute IRI (RFC 3987): a scheme, a colon, and
/// something after it, without white space, controls or `<>"{}|\^` and backtick.
pub fn is_absolute_iri(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'))
        && !rest.is_empty()
        && !rest.chars().any(|c| {
            c.is_whitespace()
                || c.is_control()
                || matches!(c, '<' | '>' | '"' | '{' | '}' | '|' | '\\' | '^' | '`')
        })
}

/// Whether `word` extends a list of words as OB 3.0 provides: `ext:` and a name.
pub fn is_extension(word: &str) -> bool {
    word.strip_prefix("ext:").is_some_and(|name| {
        let named = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_');
        name.starts_with(named) && name.chars().all(|c| named(c) || c == '-')
    })
}

/// Whether `text` is a language tag of the shape OB 3.0 takes:
/// `^[a-z]{2,4}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$`.
pub fn is_language(text: &str) -> bool {
    let mut parts = text.split('-').peekable();
    let all = |part: &str, test: fn(&u8) -> bool| part.as_bytes().iter().all(test);
    let language = parts.next().unwrap_or_default();
    if !(2..=4).contains(&language.len()) || !all(language, u8::is_ascii_lowercase) {
        return false;
    }
    parts.next_if(|part| {
        part.len() == 4
            && part.starts_with(|c: char| c.is_ascii_uppercase())
            && part.chars().skip(1).all(|c| c.is_ascii_lowercase())
    });
    parts.next_if(|part| {
        (part.len() == 2 && all(part, u8::is_ascii_uppercase))
            || (part.len() == 3 && all(part, u8::is_ascii_digit))
    });
    parts.next().is_none()
}

/// Whether `text` has the shape of a JWS in compact form (RFC 7515, section 7.1).
pub fn is_compact_jws(text: &str) -> bool {
    let parts: Vec<&str> = text.split('.').collect();
    let [header, payload, signature] = parts.as_slice() else { return false };
    let base64url = |part: &str| part.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
    !header.is_empty()
        && !signature.is_empty()
        && [header, payload, signature].iter().all(|part| base64url(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_time_has_a_zone_and_exists() {
        for good in ["2026-05-01T09:00:00Z", "2026-05-01T09:00:00.25+01:00", "2024-02-29T00:00:00-11:30"] {
            assert!(is_date_time(good), "{good}");
        }
        for bad in [
            "2026-05-01T09:00:00",
            "2026-05-01",
            "2026-05-01 09:00:00Z",
            "2026-02-29T00:00:00Z",
            "2026-05-01T24:00:00Z",
            "2026-05-01T23:59:60Z",
            "2026-5-1T09:00:00Z",
            "２026-05-01T09:00:00Z",
            "",
        ] {
            assert!(!is_date_time(bad), "{bad}");
        }
    }

    #[test]
    fn an_iri_is_absolute_and_without_spaces() {
        for good in
            ["https://a.example.org/å", "urn:uuid:f81d4fae", "did:key:z6Mk", "data:image/png;base64,AAAA"]
        {
            assert!(is_absolute_iri(good), "{good}");
        }
        for bad in ["", "a.example.org", "/x", "https:", "1a:b", "https://a b", "urn:a\nb", "https://a/{x}"] {
            assert!(!is_absolute_iri(bad), "{bad}");
        }
    }

    #[test]
    fn a_language_tag_is_short_and_cased() {
        for good in ["en", "cy", "en-GB", "zh-Hant", "zh-Hant-TW", "es-419"] {
            assert!(is_language(good), "{good}");
        }
        for bad in ["", "e", "EN", "en-gb", "en-", "english", "en-GB-x", "en-GB-Latn"] {
            assert!(!is_language(bad), "{bad}");
        }
    }

    #[test]
    fn an_extension_has_a_name() {
        assert!(is_extension("ext:NHS-Level_1.2"));
        for bad in ["ext:", "Ext:a", "ext:-", "ext:a b", "a"] {
            assert!(!is_extension(bad), "{bad}");
        }
    }

    #[test]
    fn a_compact_jws_has_three_parts() {
        assert!(is_compact_jws("a.b.c") && is_compact_jws("a..c"));
        for bad in ["a.b", "a.b.c.d", ".b.c", "a.b.", "a.b=.c"] {
            assert!(!is_compact_jws(bad), "{bad}");
        }
    }
}
