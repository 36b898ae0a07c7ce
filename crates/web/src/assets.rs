//! The style sheet and pictures, embedded. Their addresses carry a hash of
//! their content, so they may be kept for ever by whoever fetched them.

/// A file the pages refer to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asset {
    /// Its content.
    pub bytes: &'static [u8],
    /// Its media type.
    pub content_type: &'static str,
    /// Whether it may be cached for ever: `Cache-Control: public, max-age=31536000, immutable`.
    pub immutable: bool,
    /// A strong entity tag, with its quotes.
    pub etag: &'static str,
}

struct Entry {
    name: &'static str,
    asset: Asset,
}

// `HASH`, `ROOT` and `FILES`, written by build.rs.
include!(concat!(env!("OUT_DIR"), "/files.rs"));

/// The file at `tail`, what follows `/assets/` in its path
/// (`<content hash>/lanyard.css`). None for unknown names and other hashes.
pub fn get(tail: &str) -> Option<Asset> {
    let name = tail.strip_prefix(HASH)?.strip_prefix('/')?;
    FILES.iter().find(|entry| entry.name == name).map(|entry| entry.asset)
}

/// The icon that browsers ask for at `/favicon.ico` without being told to.
pub fn favicon() -> Option<Asset> {
    get(&format!("{HASH}/icon.png")).map(|asset| Asset { immutable: false, ..asset })
}

pub(crate) const fn root() -> &'static str {
    ROOT
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_stands_at_its_hash_and_nowhere_else() {
        let tail = format!("{HASH}/lanyard.css");
        let css = get(&tail).unwrap();
        assert_eq!(css.content_type, "text/css; charset=utf-8");
        assert!(css.immutable);
        assert_eq!(get("lanyard.css"), None);
        assert_eq!(get("0000000000000000/lanyard.css"), None);
        assert_eq!(get(&format!("{HASH}/../Cargo.toml")), None);
        assert_eq!(root(), format!("/assets/{HASH}"));
    }

    #[test]
    fn the_style_sheet_reaches_no_other_host() {
        let css = get(&format!("{HASH}/lanyard.css")).unwrap();
        let text = std::str::from_utf8(css.bytes).unwrap();
        for forbidden in ["@import", "@font-face", "url(http", "url(//", "nhs.uk"] {
            assert!(!text.contains(forbidden), "{forbidden}");
        }
    }

    #[test]
    fn browsers_find_an_icon() {
        let icon = favicon().unwrap();
        assert_eq!(icon.content_type, "image/png");
        assert!(!icon.immutable);
    }
}
