//! One question, answered so that an employer can act on it: is this
//! credential good? Everybody's badges, not only our own.
//!
//! [`Verifier`] fetches what a check needs and runs the checks, which are pure
//! functions in [`checks`]; the answer is a [`model::report::Report`] with
//! every check in it. Nothing here ends early with an error: whatever is
//! wrong, the reader gets a report that says so.
//!
//! All reaching out goes through [`Fetch`]. [`GuardedClient`] is the one that
//! speaks to the internet, [`Cache`] remembers what it was told; [`FirstOf`] answers the service's own addresses
//! without it.

mod besides;
mod cache;
pub mod checks;
mod contexts;
mod credential;
mod fetch;
mod guarded;
mod issuer;
mod learner_record;
mod legacy;
mod memo;
mod opened;
mod presentation;
mod recognise;
mod share;
mod shown;
mod trust;
mod verifier;
mod work;

pub use cache::{Cache, Room};
pub use contexts::Contexts;
pub use fetch::{
    Accredited, Asked, Awarding, Ended, Fetch, FetchError, Fetched, FirstOf, Keeping, Kept, Known, Logged,
    Maintained, Own, Recorded, StoodThen, Superseded,
};
pub use guarded::{GuardedClient, Reach};
pub use recognise::{Submission, recognise};
pub use shown::{contents, is_recipient};
pub use trust::{Trust, TrustBook};
pub use verifier::{Also, Expectation, Verifier};
