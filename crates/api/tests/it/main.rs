//! The API as its clients meet it, over both databases.

mod access;
mod batch;
mod completions;
mod credentials;
mod documents;
mod live;
mod oauth;
mod problems;
mod verification;
mod world;
