//! Identifiers. Each kind is a type of its own, so that one cannot be passed
//! where another is meant.

use std::{fmt, str::FromStr};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::{Builder, Uuid};

use crate::chance::Entropy;

macro_rules! uuid_ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// A fresh random identifier.
            pub fn random(entropy: &dyn Entropy) -> Self {
                Self(entropy.uuid())
            }

            /// A fresh identifier that sorts by when it was made (RFC 9562, version 7),
            /// so that rows written together lie together in every index. 74 of its bits
            /// are random. Not for what anybody may reach who knows its id.
            pub fn ordered(at: DateTime<Utc>, entropy: &dyn Entropy) -> Self {
                let milliseconds = u64::try_from(at.timestamp_millis()).unwrap_or_default();
                let [_, _, _, _, _, _, random @ ..] = entropy.uuid().into_bytes();
                Self(Builder::from_unix_timestamp_millis(milliseconds, &random).into_uuid())
            }

            /// The same within a row of those that are made at one moment, as often as that
            /// moment comes: they sort by their `place` in it, which takes 12 of the random bits
            /// and begins anew after 4,096 (RFC 9562, 6.2, method 1).
            pub fn ordered_at(at: DateTime<Utc>, place: usize, entropy: &dyn Entropy) -> Self {
                let milliseconds = u64::try_from(at.timestamp_millis()).unwrap_or_default();
                let [_, _, _, _, _, _, _, _, random @ ..] = entropy.uuid().into_bytes();
                let [.., high, low] = place.to_be_bytes();
                let [a, b, c, d, e, f, g, h] = random;
                let bits = [high & 0x0f, low, a, b, c, d, e, f, g, h];
                Self(Builder::from_unix_timestamp_millis(milliseconds, &bits).into_uuid())
            }

            /// A fresh identifier that begins with the second it was made in, so that rows
            /// written together lie together, and is random in its other 90 bits (RFC 9562,
            /// version 8): for what anybody may reach who knows its id. Says no more than when.
            pub fn unguessable(at: DateTime<Utc>, entropy: &dyn Entropy) -> Self {
                let seconds = u32::try_from(at.timestamp()).unwrap_or_default();
                let mut bytes = entropy.uuid().into_bytes();
                for (byte, of_time) in bytes.iter_mut().zip(seconds.to_be_bytes()) {
                    *byte = of_time;
                }
                Self(Builder::from_custom_bytes(bytes).into_uuid())
            }

            /// The identifier as a UUID.
            pub fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl From<Uuid> for $name {
            fn from(uuid: Uuid) -> Self {
                Self(uuid)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    )*};
}

uuid_ids! {
    /// A learner as the registry knows them. Never published: a badge names its
    /// holder by [`SubjectId`].
    LearnerId,
    /// The random pseudonym by which badges name a learner (`urn:uuid:…`).
    SubjectId,
    /// A provider's statement that a learner finished an achievement.
    CompletionId,
    /// An achievement earned by a learner, as recorded.
    AwardId,
    /// An award as a signed document; the last segment of the badge's URL.
    CredentialId,
    /// One line of a CPD ledger.
    LedgerEntryId,
    /// An adjustment of the ledger that somebody asked for.
    AdjustmentId,
    /// A learner's statement since when they count under a CPD scheme.
    MembershipId,
    /// What a learner wrote of a period of a CPD scheme; or a CPD statement as a
    /// credential (`urn:uuid:…`).
    StatementId,
    /// An endorsement by a professional body; the last segment of its URL.
    EndorsementId,
    /// A status list; the last segment of its URL.
    StatusListId,
    /// Something to be told to somebody later.
    OutboxId,
    /// Something that befell a key.
    KeyEventId,
    /// That a learner was erased.
    ErasureId,
    /// An offer of a badge to a wallet.
    OfferId,
    /// What a wallet was given under an offer (`notification_id`, `transaction_id`).
    WalletIssueId,
    /// What a verifier asks of a holder.
    PresentationRequestId,
    /// That a learner lets another system act for them.
    ConnectionId,
    /// That a client wants to be told how a credential stands.
    WatchId,
    /// Another's credential in a learner's passport.
    PassportCredentialId,
    /// Another host at which a learner keeps badges.
    PassportHostId,
    /// A list of credentials that are checked while whoever sent it does something else.
    VerificationJobId,
    /// That a holder lets a client read or send core skills.
    ConsentId,
    /// That somebody read or sent core skills, or tried to.
    AccessId,
    /// A core skill that another system sent.
    CoreSkillClaimId,
}

/// A short name in a URL or a catalogue file: lower-case letters, digits and
/// single hyphens, 2 to 80 characters, beginning with a letter.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Slug(String);

/// The text is not a [`Slug`]. Whose fault: the writer's of that text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is not a short name: use 2 to 80 lower-case letters, digits and single hyphens, beginning with a letter"
)]
pub struct SlugError(String);

impl Slug {
    /// Reads a short name.
    pub fn new(text: impl Into<String>) -> Result<Self, SlugError> {
        let text = text.into();
        let well_formed = (2..=80).contains(&text.len())
            && text.starts_with(|c: char| c.is_ascii_lowercase())
            && !text.ends_with('-')
            && !text.contains("--")
            && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        if well_formed { Ok(Self(text)) } else { Err(SlugError(text)) }
    }

    /// The text of the name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Slug {
    type Err = SlugError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::new(text)
    }
}

impl AsRef<str> for Slug {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for Slug {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;
    use crate::chance::SystemEntropy;

    #[test]
    fn unguessable_identifiers_begin_with_their_second_and_are_random_behind_it() {
        let at = DateTime::from_timestamp(0x6b49_d200, 0).unwrap();
        let ids: Vec<CredentialId> =
            (0..256).map(|_| CredentialId::unguessable(at, &SystemEntropy)).collect();
        let later = CredentialId::unguessable(at + TimeDelta::seconds(1), &SystemEntropy);
        assert!(ids.iter().all(|id| id.to_string().starts_with("6b49d200-") && *id < later));
        assert!(ids.iter().all(|id| id.uuid().get_version_num() == 8));
        let (mut always, mut ever) = (u128::MAX, 0);
        for id in &ids {
            always &= id.uuid().as_u128();
            ever |= id.uuid().as_u128();
        }
        assert_eq!((ever & !always).count_ones(), 90, "of 128 bits, 32 tell the time and 6 the version");
    }

    #[test]
    fn ordered_identifiers_sort_by_their_moment_and_differ_within_it() {
        let first = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let later = first + TimeDelta::milliseconds(1);
        let ids: Vec<AwardId> = (0..100).map(|_| AwardId::ordered(first, &SystemEntropy)).collect();
        let next = AwardId::ordered(later, &SystemEntropy);
        assert!(ids.iter().all(|id| *id < next && id.to_string() < next.to_string()));
        assert_eq!(ids.iter().collect::<std::collections::BTreeSet<_>>().len(), 100);
        assert_eq!(next.uuid().get_version_num(), 7);
    }

    #[test]
    fn identifiers_of_one_moment_sort_by_their_places() {
        let at = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let ids: Vec<LearnerId> =
            (4094..9000).map(|place| LearnerId::ordered_at(at, place, &SystemEntropy)).collect();
        assert!(ids[..2].is_sorted() && ids[2..2 + 4096].is_sorted() && ids[2 + 4096..].is_sorted());
        assert!(ids[1] > ids[2], "begins anew after 4,096");
        assert!(ids.iter().all(|id| id.uuid().get_version_num() == 7
            && *id > LearnerId::ordered(at - TimeDelta::milliseconds(1), &SystemEntropy)));
        assert_eq!(ids.iter().collect::<std::collections::BTreeSet<_>>().len(), ids.len());
        let again = LearnerId::ordered_at(at, 4094, &SystemEntropy);
        assert_ne!(again, ids[0], "62 of its bits are random");
    }

    #[test]
    fn a_slug_is_lower_case_words_joined_by_single_hyphens() {
        for good in ["ab", "user-centred-design", "topol-2024"] {
            assert_eq!(Slug::new(good).unwrap().as_str(), good);
        }
        for bad in ["", "a", "1a", "-ab", "ab-", "a--b", "Ab", "a_b", "café", &"a".repeat(81)] {
            assert_eq!(Slug::new(bad), Err(SlugError(bad.to_owned())), "{bad}");
        }
    }
}
