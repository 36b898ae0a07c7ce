//! Entity tags and cache headers (RFC 9110, sections 8.8.3 and 13.1.2; RFC 9111).

use actix_web::{
    HttpRequest, HttpResponse,
    body::BoxBody,
    http::header::{self, ETag, EntityTag, Header as _, IfNoneMatch},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest as _, Sha256};

/// How long an answer may be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// Never used again without asking whether it still holds: whatever a
    /// revocation can change.
    AskFirst,
    /// For two seconds: what changes about once a second.
    Moments,
    /// For five minutes: what changes seldom and harms nobody when a little old.
    Briefly,
    /// For a year: what never changes under its address.
    Forever,
    /// Not at all: what only one caller may see.
    Never,
}

impl Keep {
    fn directive(self) -> &'static str {
        match self {
            Self::AskFirst => "no-cache",
            Self::Moments => "public, max-age=2",
            Self::Briefly => "public, max-age=300",
            Self::Forever => "public, max-age=31536000, immutable",
            Self::Never => "no-store",
        }
    }
}

/// A body with its media type, entity tag and cache header; 304 when the
/// request holds the same body already. The tag is weak, since the body may
/// travel compressed.
pub fn answer(
    request: &HttpRequest,
    media_type: &str,
    body: impl Into<bytes::Bytes>,
    keep: Keep,
) -> HttpResponse {
    let body = body.into();
    let tag = tag_of(media_type, &body);
    let mut response = if holds(request, &tag) {
        HttpResponse::NotModified()
    } else {
        let mut response = HttpResponse::Ok();
        response.content_type(media_type);
        response
    };
    response.insert_header((header::CACHE_CONTROL, keep.directive()));
    if keep != Keep::Never {
        response.insert_header(ETag(tag.clone()));
    }
    if holds(request, &tag) { response.finish() } else { response.body(BoxBody::new(body)) }
}

fn tag_of(media_type: &str, body: &[u8]) -> EntityTag {
    let digest = Sha256::new().chain_update(media_type).chain_update([0]).chain_update(body).finalize();
    let digest: Vec<u8> = digest.iter().copied().take(18).collect();
    EntityTag::new_weak(URL_SAFE_NO_PAD.encode(digest))
}

fn holds(request: &HttpRequest, tag: &EntityTag) -> bool {
    let held = request.headers().contains_key(header::IF_NONE_MATCH).then(|| IfNoneMatch::parse(request));
    match held {
        Some(Ok(IfNoneMatch::Any)) => true,
        Some(Ok(IfNoneMatch::Items(tags))) => tags.iter().any(|held| held.weak_eq(tag)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    #[test]
    fn a_body_that_is_held_is_not_sent_again() {
        let plain = TestRequest::get().to_http_request();
        let first = answer(&plain, "text/plain", "hello", Keep::AskFirst);
        assert_eq!(first.status(), 200);
        assert_eq!(first.headers().get("cache-control").unwrap(), "no-cache");
        let tag = first.headers().get("etag").unwrap().clone();

        for held in [tag.to_str().unwrap(), "*", &format!("\"other\", {}", tag.to_str().unwrap())] {
            let again = TestRequest::get().insert_header(("if-none-match", held)).to_http_request();
            let second = answer(&again, "text/plain", "hello", Keep::AskFirst);
            assert_eq!(second.status(), 304, "{held}");
            assert_eq!(second.headers().get("etag").unwrap(), &tag);
            assert_eq!(
                answer(&again, "text/plain", "changed", Keep::AskFirst).status(),
                if held == "*" { 304 } else { 200 }
            );
        }
    }

    #[test]
    fn two_forms_of_one_body_have_two_tags() {
        assert_ne!(tag_of("text/plain", b"x"), tag_of("application/json", b"x"));
    }
}
