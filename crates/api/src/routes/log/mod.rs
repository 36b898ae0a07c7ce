//! The log that makes the registry tamper-evident, as C2SP tlog-tiles serves one,
//! and what spares a client the work with tiles.

pub mod checkpoint;
pub mod checkpoints;
pub mod consistency;
pub mod cosignatures;
pub mod tile;

use actix_web::web::{ServiceConfig, post};

use crate::middleware::guard::public_cors;

/// The media type of checkpoints.
pub const NOTE: &str = "text/plain; charset=utf-8";

/// Adds the routes.
pub fn configure(config: &mut ServiceConfig) {
    // Whoever follows the log reads all of it: that is not counted against anybody.
    let tile = super::resource("/log/tile/{path:.*}", "GET, HEAD, OPTIONS", [super::reading(tile::get)]);
    config
        .service(super::open_read("/log/checkpoint", checkpoint::get))
        .service(tile.wrap(public_cors()))
        .service(super::open_read("/v1/log/checkpoints", checkpoints::list))
        .service(super::open_read("/v1/log/checkpoints/{size}", checkpoints::one))
        .service(super::open_read("/v1/log/consistency", consistency::get))
        .service(super::opened(super::resource(
            "/v1/log/cosignatures",
            "POST, OPTIONS",
            [post().to(cosignatures::add)],
        )));
}
