//! What checks find, in English and in Welsh: one table for pages, JSON and paper.
//!
//! What other crates say of a fault in a document (`why`) is in English in both: it is
//! for whoever has to mend the document.

mod about;
mod legacy;
mod nouns;
mod outside;
mod own;
mod read;
mod signed;

use model::sentence::Sentence;

use crate::FetchError;

pub(crate) use about::*;
pub(crate) use legacy::*;
pub(crate) use nouns::*;
pub(crate) use outside::*;
pub(crate) use own::*;
pub(crate) use read::*;
pub(crate) use signed::*;

/// Why nothing came back from a host, to stand after a colon.
pub(crate) fn failure(error: &FetchError) -> Sentence {
    match error {
        FetchError::NotUrl(url) => no_url(url.as_str()),
        FetchError::NotHttps(url) => not_https(url.as_str()),
        FetchError::Port(url) => other_port(url.as_str()),
        FetchError::NotPublic { host, address } => not_public(host.as_str(), address.as_str()),
        FetchError::NoSuchHost(name) => no_such_host(name.as_str()),
        FetchError::Redirected { url, location } => redirects(url.as_str(), location.as_str()),
        FetchError::TimedOut { url, seconds } => timed_out(url.as_str(), seconds.to_string()),
        FetchError::TooLarge { url, limit } => answer_too_large(url.as_str(), *limit),
        FetchError::Encoded(url) => answer_encoded(url.as_str()),
        FetchError::Unreachable { url, reason } => unreachable(url.as_str(), reason.as_str()),
        FetchError::TooMany(most) => too_many_documents(*most),
        FetchError::Offline(url) => offline(url.as_str()),
        FetchError::SetUp(why) => no_client(why.as_str()),
    }
}

/// The same after words that name the address already.
pub(crate) fn failure_there(address: &str, error: &FetchError) -> Sentence {
    match error {
        FetchError::TimedOut { url, seconds } if url == address => host_silent(seconds.to_string()),
        FetchError::Unreachable { url, reason } if url == address => host_unreachable(reason.as_str()),
        FetchError::Offline(url) if url == address => no_network(),
        other => failure(other),
    }
}

#[cfg(test)]
mod tests {
    use model::sentence::faults;

    #[test]
    fn every_sentence_stands_in_both_languages_with_all_its_parts() {
        let tables = [
            super::about::ALL,
            super::outside::ALL,
            super::own::ALL,
            super::legacy::ALL,
            super::read::ALL,
            super::signed::ALL,
        ];
        for table in tables {
            assert_eq!(faults(table), [""; 0]);
        }
    }
}
