//! For those who run the service.

pub mod health;
pub mod metrics;
pub mod ready;

use actix_web::web::ServiceConfig;

/// Adds the routes. They are not counted: a probe must always be answered.
pub fn configure(config: &mut ServiceConfig) {
    config
        .service(super::resource("/healthz", "GET, HEAD", [super::reading(health::health)]))
        .service(super::resource("/readyz", "GET, HEAD", [super::reading(ready::ready)]))
        .service(super::resource("/metrics", "GET, HEAD", [super::reading(metrics::metrics)]));
}
