//! One question, answered so that an employer can act on it: is this
//! credential good? Everybody's badges, not only our own.
//!
//! [`Verifier`] fetches what a check needs and runs the checks, which are pure
//! functions in [`checks`]; the answer is a [`model::report::Report`] with
//! every check in it. Nothing here ends early with an error: whatever is
//! wrong, the reader gets a report that says so.
//!
//! All reaching out goes through [`Fetch`]. [`GuardedClient`] is the one that
//! speaks to the internet, [`Cache`] remembers what it was told; [`FirstOf`]
//! answers the service's own addresses without it, and [`Bundle`] a service's
//! out of a file, without any network.

mod batch;
mod besides;
mod bundle;
mod cache;
pub mod checks;
mod contexts;
mod credential;
mod expectation;
mod fetch;
mod guarded;
mod issuer;
mod known;
mod learner_record;
mod legacy;
mod level;
mod lists;
mod memo;
mod opened;
mod photo;
mod presentation;
mod recognise;
mod share;
mod shown;
mod standing;
mod together;
mod trust;
mod verifier;
mod watched;
mod work;

pub use batch::{Brief, Item, item};
pub use bundle::{Anchor, Bundle, BundleError};
pub use cache::{Cache, Room};
pub use contexts::Contexts;
pub use expectation::{Also, Expectation};
pub use fetch::{Fetch, FetchError, Fetched, FirstOf, Keeping, Kept, Own};
pub use guarded::{GuardedClient, Method, Reach, Sending};
pub use known::{
    Accredited, Asked, Awarding, Ended, Entered, Known, Listed, Logged, Maintained, Recorded, StoodThen,
    Superseded,
};
pub use level::{LevelPart, Levelled};
pub use recognise::{Submission, is_raster, recognise, recognise_upload};
pub use shown::{contents, is_recipient};
pub use together::{apart, together};
pub use trust::{Trust, TrustBook};
pub use verifier::Verifier;
pub use watched::{Standing, Statement};
