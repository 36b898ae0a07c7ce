//! One module per page.

pub mod achievement;
pub mod badge;
pub mod common;
pub mod connect;
pub mod docs;
pub mod failure;
pub mod home;
pub mod host;
pub mod interaction;
pub mod issuer;
pub mod offer;
pub mod problem;
pub mod report;
pub mod report_print;
pub mod statement;
pub mod verify;
