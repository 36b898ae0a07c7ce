//! Who is asking, and what they may do.

pub mod api_key;
pub mod caller;
pub mod scope;
pub mod secret;
