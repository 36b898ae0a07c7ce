//! What all checks together come to, in words.

use serde::{Deserialize, Serialize};

use super::Verdict;
use crate::sentence::{Phrase, Sentence};
use crate::trust::Policy;

/// What the checks come to: the verdict, with what leaves it open told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Conclusion {
    /// Nothing failed and nothing necessary was left unchecked.
    Valid,
    /// At least one check failed.
    Invalid,
    /// Nothing failed, but something necessary could not be checked.
    Undetermined,
    /// It is genuine and unaltered, and whoever asks does not know its issuer.
    Untrusted,
}

impl Conclusion {
    /// The verdict it belongs to.
    pub fn verdict(self) -> Verdict {
        match self {
            Self::Valid => Verdict::Valid,
            Self::Invalid => Verdict::Invalid,
            Self::Undetermined | Self::Untrusted => Verdict::Undetermined,
        }
    }

    /// The answer in one line.
    pub fn heading(self) -> &'static Phrase {
        match self {
            Self::Valid => &VALID,
            Self::Invalid => &INVALID,
            Self::Undetermined => &UNDETERMINED,
            Self::Untrusted => &UNTRUSTED,
        }
    }

    /// Whether what the credential says of itself is proved to be what its issuer said.
    pub fn is_genuine(self) -> bool {
        matches!(self, Self::Valid | Self::Untrusted)
    }

    pub(super) fn explanation(self, policy: Option<&Policy>) -> Sentence {
        match (self, policy) {
            (Self::Valid, _) => said::all_passed(),
            (Self::Invalid, _) => said::something_failed(),
            (Self::Untrusted, Some(policy)) => said::issuer_not_listed(policy.name.as_str()),
            (Self::Undetermined | Self::Untrusted, _) => said::something_open(),
        }
    }

    pub(super) fn advice(self) -> Option<Sentence> {
        (self == Self::Untrusted).then(said::judge_the_issuer)
    }
}

static VALID: Phrase =
    Phrase::plain("This badge is genuine and valid", "Mae'r bathodyn hwn yn ddilys ac mewn grym");
static INVALID: Phrase = Phrase::plain("Do not rely on this badge", "Peidiwch â dibynnu ar y bathodyn hwn");
static UNDETERMINED: Phrase = Phrase::plain(
    "We could not find out whether this badge is valid",
    "Ni allem ganfod a yw'r bathodyn hwn yn ddilys",
);
static UNTRUSTED: Phrase = Phrase::plain(
    "This badge is genuine and unaltered, but its issuer is not on your list",
    "Mae'r bathodyn hwn yn un go iawn a heb ei newid, ond nid yw ei gyhoeddwr ar eich rhestr",
);

pub(super) static NOT_ENOUGH: Phrase = Phrase::plain(
    "Genuine and valid, but not enough for the level you chose",
    "Yn ddilys ac mewn grym, ond heb fod yn ddigon ar gyfer y lefel a ddewisoch",
);

/// The sentences.
pub(super) mod said {
    crate::sentences! {
        pub(crate) all_passed(): "Every necessary check passed.", "Pasiwyd pob gwiriad angenrheidiol.";
        pub(crate) something_failed(): "At least one check failed.", "Methodd o leiaf un gwiriad.";
        pub(crate) something_open(): "Nothing failed, but something necessary could not be checked.",
            "Ni fethodd dim, ond ni ellid gwirio rhywbeth angenrheidiol.";
        pub(crate) issuer_not_listed(policy): "Every necessary check passed, so nothing speaks against the badge. But no list of the policy {policy} names its issuer for the day of the award.",
            "Pasiwyd pob gwiriad angenrheidiol, felly nid oes dim yn erbyn y bathodyn. Ond nid oes rhestr gan y polisi {policy} sy'n enwi ei gyhoeddwr ar gyfer diwrnod y dyfarniad.";
        pub(crate) holds_untrusted(): "Every necessary check passed, so nothing speaks against what it holds. But no list of the policy names the issuer of at least one badge in it.",
            "Pasiwyd pob gwiriad angenrheidiol, felly nid oes dim yn erbyn yr hyn y mae'n ei gynnwys. Ond nid oes rhestr gan y polisi sy'n enwi cyhoeddwr o leiaf un bathodyn ynddo.";
        pub(crate) judge_the_issuer(): "Ask the organisation named as the issuer whether the identifier in the badge is its own, then decide whether you accept its badges. If you do, ask whoever keeps the policy's lists to add it.",
            "Gofynnwch i'r sefydliad a enwir fel y cyhoeddwr ai ei ddynodwr ef sydd yn y bathodyn, yna penderfynwch a ydych yn derbyn ei fathodynnau. Os ydych, gofynnwch i bwy bynnag sy'n cadw rhestrau'r polisi ei ychwanegu.";
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sentence::faults;

    #[test]
    fn every_sentence_stands_in_both_languages() {
        assert_eq!(faults(said::ALL), [""; 0]);
        for conclusion in
            [Conclusion::Valid, Conclusion::Invalid, Conclusion::Undetermined, Conclusion::Untrusted]
        {
            let heading = conclusion.heading();
            assert!(heading.en != heading.cy && !heading.cy.is_empty(), "{conclusion:?}");
        }
    }
}
