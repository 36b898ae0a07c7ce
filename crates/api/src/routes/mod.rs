//! Every endpoint, one file each.

use actix_web::web;

/// Adds every route.
pub fn configure(_config: &mut web::ServiceConfig) {}
