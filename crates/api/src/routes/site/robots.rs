//! `GET /robots.txt`.

use actix_web::{HttpRequest, HttpResponse};

use crate::caching::{Keep, answer};

/// Badges belong to people, who share them with whom they like; the rest may be found.
pub async fn robots(request: HttpRequest) -> HttpResponse {
    let rules = "User-agent: *\nDisallow: /badges/\nDisallow: /v1/\nDisallow: /status/\nDisallow: /oauth2/\n";
    answer(&request, "text/plain; charset=utf-8", rules, Keep::Briefly)
}
