//! Randomness as a parameter: identifiers, salts and secrets are drawn from an
//! [`Entropy`] that the binary passes in and a test can repeat.

use std::cell::RefCell;

use uuid::Uuid;

/// A source of unpredictable bytes.
pub trait Entropy: Send + Sync {
    /// Fills `bytes` with fresh random bytes.
    fn fill(&self, bytes: &mut [u8]);
}

impl dyn Entropy + '_ {
    /// A random UUID (RFC 9562 version 4), for anything the public can see.
    pub fn uuid(&self) -> Uuid {
        uuid::Builder::from_random_bytes(self.array()).into_uuid()
    }

    /// `N` random bytes.
    pub fn array<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.fill(&mut bytes);
        bytes
    }
}

/// The operating system's generator. For identifiers and nonces it is asked for many bytes at a
/// time: a badge needs a dozen, each of which would cost a call. As many as make a key come
/// straight from it and lie nowhere before.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemEntropy;

/// Bytes of the smallest key.
const KEY: usize = 32;
/// Bytes that a thread has at hand.
const AT_HAND: usize = 1024;

/// Bytes that nobody has been given yet.
struct Fresh {
    bytes: [u8; AT_HAND],
    given: usize,
}

thread_local! {
    static FRESH: RefCell<Fresh> = const { RefCell::new(Fresh { bytes: [0; AT_HAND], given: AT_HAND }) };
}

impl Entropy for SystemEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        if bytes.len() < KEY { FRESH.with_borrow_mut(|fresh| fresh.give(bytes)) } else { ask(bytes) }
    }
}

impl Fresh {
    fn give(&mut self, bytes: &mut [u8]) {
        if bytes.len() > AT_HAND - self.given {
            ask(&mut self.bytes);
            self.given = 0;
        }
        let next = self.bytes.get_mut(self.given..self.given + bytes.len()).unwrap_or_default();
        bytes.copy_from_slice(next);
        // What was given is nobody else's.
        next.fill(0);
        self.given += bytes.len();
    }
}

#[expect(
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a machine without randomness cannot issue anything; there is nothing to fall back to"
)]
fn ask(bytes: &mut [u8]) {
    getrandom::fill(bytes).expect("the operating system gives randomness");
}

#[cfg(test)]
mod tests {
    use std::{collections::HashSet, thread};

    use super::*;

    #[test]
    fn no_bytes_are_given_twice_and_none_are_kept_that_were_given() {
        let some = || -> Vec<[u8; 16]> {
            let entropy: &dyn Entropy = &SystemEntropy;
            (0..1_000).map(|_| entropy.array()).collect()
        };
        let (here, there) = (some(), thread::spawn(some).join().unwrap());
        let all: HashSet<[u8; 16]> = here.into_iter().chain(there).collect();
        assert_eq!(all.len(), 2_000);
        FRESH.with_borrow(|fresh| {
            assert!(fresh.bytes[..fresh.given].iter().all(|byte| *byte == 0));
            assert!(fresh.bytes[fresh.given..].iter().any(|byte| *byte != 0));
        });
    }

    #[test]
    fn any_number_of_bytes_is_given_whole() {
        for count in [KEY - 1, KEY, AT_HAND, 10 * AT_HAND] {
            let mut bytes = vec![0; count];
            SystemEntropy.fill(&mut bytes);
            bytes.retain(|byte| *byte == 0);
            let zeros = bytes.len();
            // Never so many by chance.
            assert!(zeros <= count / 3, "{zeros} of {count}");
        }
    }
}
