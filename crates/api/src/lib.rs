//! The API and the pages over HTTP (actix-web): one endpoint per file under
//! `routes`, problem documents for everything that goes wrong (RFC 9457).
//!
//! The binary makes an [`AppState`] of [`Parts`] and serves [`app`] over it.

mod accepting;
mod app;
mod asking;
mod auth;
mod blocking;
mod body;
mod caching;
mod checkers;
mod description;
mod hosts;
mod lookups;
mod middleware;
mod moment;
mod negotiate;
mod own_documents;
mod pages;
mod pictures;
mod precondition;
mod problem;
mod quota;
mod routes;
mod stage;
mod state;
mod usage;
mod watching;
mod wire;

pub use ::wallet::{Profile as WalletProfile, is_returnable};
pub use app::app;
pub use auth::{
    api_key::ApiKey,
    scope::{Scope, ScopeError},
    secret::ClientSecret,
};
pub use problem::{Problem, table::markdown as problems_page};
pub use routes::endorsements::create::take as take_endorsement;
pub use routes::learners::transfers::bring_in;
pub use routes::verification::asked::Asked;
pub use routes::verification::jobs::{work, work_off};
pub use state::{AppState, Limits, Parts};
pub use usage::Counts;
pub use watching::Watcher;
