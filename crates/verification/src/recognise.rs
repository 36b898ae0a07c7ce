//! Telling what somebody handed in, by its content.

use bytes::Bytes;

/// Something to be verified, by the form it came in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Submission {
    /// JSON text, or anything that is none of the others.
    Json(Vec<u8>),
    /// A compact JWS.
    Jwt(String),
    /// An SD-JWT, with or without a key binding.
    SdJwt(String),
    /// A PNG picture with a credential baked in.
    Png(Bytes),
    /// A JPEG picture, perhaps of a QR code.
    Jpeg(Bytes),
    /// An SVG picture with a credential baked in.
    Svg(String),
    /// A PDF that carries a credential as a file.
    Pdf(Vec<u8>),
}

impl Submission {
    /// What was handed in, as it was handed in but for white space around a token.
    pub fn bytes(&self) -> &[u8] {
        match self {
            Self::Json(bytes) | Self::Pdf(bytes) => bytes,
            Self::Png(bytes) | Self::Jpeg(bytes) => bytes,
            Self::Jwt(text) | Self::SdJwt(text) | Self::Svg(text) => text.as_bytes(),
        }
    }
}

const PNG_SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";

/// Recognises what `bytes` hold by their content; `content_type` only decides
/// what the content leaves open. White space around a JWT, and a JWT written as
/// a JSON string, are taken for the JWT.
pub fn recognise(bytes: &[u8], content_type: Option<&str>) -> Submission {
    if is_raster(bytes) {
        return raster(Bytes::copy_from_slice(bytes));
    }
    if artwork::pdf::is_pdf(bytes) && !bytes.trim_ascii_start().starts_with(b"{") {
        return Submission::Pdf(bytes.to_vec());
    }
    let Ok(text) = std::str::from_utf8(bytes) else {
        return if essence(content_type) == "image/png" {
            Submission::Png(Bytes::copy_from_slice(bytes))
        } else {
            Submission::Json(bytes.to_vec())
        };
    };
    by_text(text.trim(), &essence(content_type)).unwrap_or_else(|| Submission::Json(bytes.to_vec()))
}

/// The same of bytes that nobody else needs: neither a picture, which may be large, nor JSON,
/// which most is, is copied.
pub fn recognise_upload(bytes: Bytes, content_type: Option<&str>) -> Submission {
    if is_raster(&bytes) {
        return raster(bytes);
    }
    // What begins so is nothing else, unless it is no text and said to be a picture.
    if bytes.trim_ascii_start().starts_with(b"{") && essence(content_type) != "image/png" {
        return Submission::Json(bytes.into());
    }
    recognise(&bytes, content_type)
}

/// Whether `bytes` begin like a PNG or JPEG picture, perhaps a photo.
pub fn is_raster(bytes: &[u8]) -> bool {
    bytes.starts_with(PNG_SIGNATURE) || artwork::scan::is_jpeg(bytes)
}

fn raster(bytes: Bytes) -> Submission {
    if artwork::scan::is_jpeg(&bytes) { Submission::Jpeg(bytes) } else { Submission::Png(bytes) }
}

/// What `text` holds, unless it is JSON or nothing known.
fn by_text(text: &str, content_type: &str) -> Option<Submission> {
    if text.starts_with('"') {
        let inner: String = serde_json::from_str(text).ok()?;
        let inner = inner.trim();
        return token(inner);
    }
    if text.starts_with(['{', '[']) {
        return None;
    }
    if text.starts_with('<') {
        let picture = text.contains("<svg") || text.contains(":svg");
        let picture = content_type == "image/svg+xml" || (picture && !looks_like_page(text));
        return picture.then(|| Submission::Svg(text.to_owned()));
    }
    if let Some(token) = token(text) {
        return Some(token);
    }
    match content_type {
        "image/png" => Some(Submission::Png(Bytes::copy_from_slice(text.as_bytes()))),
        "image/svg+xml" => Some(Submission::Svg(text.to_owned())),
        "application/jwt" | "application/vc+jwt" | "application/vc-ld+jwt" => {
            Some(Submission::Jwt(text.to_owned()))
        }
        "application/dc+sd-jwt" | "application/vc+sd-jwt" | "application/sd-jwt" => {
            Some(Submission::SdJwt(text.to_owned()))
        }
        _ => None,
    }
}

/// Whether text that begins with `<` is a web page.
pub(crate) fn looks_like_page(text: &str) -> bool {
    let start: String = text.trim_start().chars().take(512).collect::<String>().to_ascii_lowercase();
    start.starts_with("<!doctype html") || start.contains("<html")
}

/// A token, if `text` looks like one: `~` is in every SD-JWT and in no JWS.
fn token(text: &str) -> Option<Submission> {
    match text.split_once('~') {
        Some((jws, _)) => looks_like_jws(jws).then(|| Submission::SdJwt(text.to_owned())),
        None => looks_like_jws(text).then(|| Submission::Jwt(text.to_owned())),
    }
}

/// The beginning of every JOSE header (`{"`), or three parts of base64url.
fn looks_like_jws(text: &str) -> bool {
    let base64url = |part: &str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
    };
    (text.starts_with("eyJ") && text.contains('.'))
        || (text.split('.').count() == 3 && text.split('.').all(base64url))
}

/// The media type without parameters, in lower case; `""` if there is none.
fn essence(content_type: Option<&str>) -> String {
    let value = content_type.unwrap_or_default();
    value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    const JWS: &str = "eyJhbGciOiJFUzI1NiJ9.e30.c2ln";

    fn form(submission: &Submission) -> &'static str {
        match submission {
            Submission::Json(_) => "json",
            Submission::Jwt(_) => "jwt",
            Submission::SdJwt(_) => "sd-jwt",
            Submission::Png(_) => "png",
            Submission::Jpeg(_) => "jpeg",
            Submission::Svg(_) => "svg",
            Submission::Pdf(_) => "pdf",
        }
    }

    #[test]
    fn content_decides_before_the_content_type() {
        for (bytes, content_type, expected) in [
            (b"{}".as_slice(), Some("image/png"), "json"),
            (b"\x89PNG\r\n\x1a\n rest", Some("application/json"), "png"),
            (b"\xff\xd8\xff\xe0 rest", Some("image/png"), "jpeg"),
            (b"\x89PNG broken", Some("image/png; q=1"), "png"),
            (b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>", None, "svg"),
            (b"<!DOCTYPE html><html><svg></svg></html>", Some("text/html"), "json"),
            (b"<s:svg xmlns:s='http://www.w3.org/2000/svg'/>", None, "svg"),
            (JWS.as_bytes(), Some("application/json"), "jwt"),
            (b"e30.e30.", Some("application/vc+jwt"), "jwt"),
            (b"e30.e30.", None, "json"),
            (b"eyJhbGciOiJFUzI1NiJ9.e30.c2ln~", None, "sd-jwt"),
            (b"eyJhbGciOiJFUzI1NiJ9.e30.c2ln~WyJzIiwxXQ~e30.e30.c2ln", Some("text/plain"), "sd-jwt"),
            (b"\"eyJhbGciOiJFUzI1NiJ9.e30.c2ln~\"", Some("application/json"), "sd-jwt"),
            (b"anything", Some("application/dc+sd-jwt"), "sd-jwt"),
            (b"dear all ~ see a.b", None, "json"),
            (b"%PDF-1.7", None, "pdf"),
            (b"\n%PDF-1.4 rest", Some("application/json"), "pdf"),
            (b"{\"%PDF-\": 1}", None, "json"),
            (b"", None, "json"),
            (b"\xff\xfe", None, "json"),
        ] {
            assert_eq!(form(&recognise(bytes, content_type)), expected, "{bytes:?} {content_type:?}");
        }
    }

    #[test]
    fn a_jwt_may_stand_in_white_space_or_in_a_json_string() {
        for wrapped in [format!("\r\n  {JWS}\n"), format!("\"{JWS}\"\n"), format!("\" {JWS} \"")] {
            assert_eq!(recognise(wrapped.as_bytes(), None), Submission::Jwt(JWS.to_owned()), "{wrapped:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn anything_is_recognised_as_something(bytes: Vec<u8>) {
            let _ = form(&recognise(&bytes, None));
        }

        #[test]
        fn an_upload_is_recognised_as_the_same(start in "[ \n]{0,2}[{<%\"e]?", rest: Vec<u8>, png: bool) {
            let bytes = [start.into_bytes(), rest].concat();
            let content_type = Some(if png { "image/png" } else { "application/json" });
            proptest::prop_assert_eq!(
                recognise_upload(bytes.clone().into(), content_type),
                recognise(&bytes, content_type)
            );
        }
    }
}
