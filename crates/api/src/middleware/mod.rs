//! What surrounds every request, from the outside in: problem documents,
//! request ids, security headers, the log line and the metrics.

pub mod guard;
pub mod patience;
pub mod problems;
pub mod record;
