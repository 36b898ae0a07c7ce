//! Randomness as a parameter: identifiers, salts and secrets are drawn from an
//! [`Entropy`] that the binary passes in and a test can repeat.

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

/// The operating system's generator.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    #[expect(
        clippy::expect_used,
        clippy::disallowed_methods,
        reason = "a machine without randomness cannot issue anything; there is nothing to fall back to"
    )]
    fn fill(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes).expect("the operating system gives randomness");
    }
}
