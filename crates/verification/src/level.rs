//! Whether what was presented meets a registration level. Who has the rules of the level
//! looks; what was found becomes checks of the finished report.

use model::report::{Check, Conclusion, Question, Report};
use model::sentence::Part;

use crate::Expectation;
use crate::checks::{codes, say};

/// What somebody who has the rules of a level found of what was presented.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Levelled {
    /// The name of the level.
    pub level: String,
    /// Whether something that was presented could not be judged: it was not checked to its
    /// end, or others issued it.
    pub is_open: bool,
    /// Whether it is the credentials of different people.
    pub is_of_several: bool,
    /// Each part of the level that is met, and each that is not.
    pub parts: Vec<LevelPart>,
}

/// A part of a level, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LevelPart {
    /// It is met, by the credential of the achievement with this name.
    Met(Part),
    /// It is missing.
    Missing(Part),
    /// Its credential has expired.
    Expired(Part),
    /// Its credential was revoked.
    Revoked(Part),
}

impl Levelled {
    fn checks(&self) -> Vec<Check> {
        let level = self.level.as_str();
        if self.is_of_several {
            return vec![codes::LEVEL_SEVERAL_HOLDERS.found(say::level_of_several(level))];
        }
        let is_met = self.parts.iter().all(|part| matches!(part, LevelPart::Met(_)));
        let whole = match (is_met, self.is_open) {
            (true, _) => codes::LEVEL_MET.found(say::level_met(level)),
            (false, true) => codes::LEVEL_NOT_KNOWN.found(say::level_not_known(level)),
            (false, false) => codes::LEVEL_NOT_MET.found(say::level_not_met(level)),
        };
        let part = |part: &LevelPart| match part.clone() {
            LevelPart::Met(part) => codes::LEVEL_PART_MET.found(say::level_part_met(part)),
            LevelPart::Missing(part) => codes::LEVEL_PART_MISSING.found(say::level_part_missing(part)),
            LevelPart::Expired(part) => codes::LEVEL_PART_EXPIRED.found(say::level_part_expired(part)),
            LevelPart::Revoked(part) => codes::LEVEL_PART_REVOKED.found(say::level_part_revoked(part)),
        };
        std::iter::once(whole).chain(self.parts.iter().map(part)).collect()
    }
}

impl Expectation {
    /// The report with what was found of an expected level among its checks, and the verdict
    /// that they all come to.
    #[must_use]
    pub fn with_level(&self, report: Report, found: &Levelled) -> Report {
        let Report { conclusion: before, checked_at, form, summary, mut checks, credentials, .. } = report;
        // A presentation has no issuer, and a policy judges the credentials in it.
        let is_judged = checks.iter().any(|check| check.question == Question::Trust);
        checks.extend(found.checks());
        let report = Report::conclude(checked_at, &form, summary, checks);
        let report = if is_judged { self.conclude(report) } else { report };
        let is_only_below_level =
            before == Conclusion::Valid && report.conclusion == Conclusion::Invalid && !found.is_of_several;
        Report { is_only_below_level, ..report.with_credentials(credentials) }
    }
}

#[cfg(test)]
mod tests {
    use model::report::{Summary, Verdict};

    use super::*;

    fn judged(before: Vec<Check>, parts: Vec<LevelPart>, is_open: bool, is_of_several: bool) -> Report {
        let level = Levelled { level: "Practitioner".to_owned(), is_open, is_of_several, parts };
        let report = Report::conclude(chrono::DateTime::UNIX_EPOCH, "json", Summary::default(), before);
        Expectation::default().with_level(report, &level)
    }

    fn found(parts: Vec<LevelPart>, is_open: bool, is_of_several: bool) -> (Verdict, Vec<String>) {
        let report = judged(Vec::new(), parts, is_open, is_of_several);
        let codes = report.checks.iter().map(|check| check.code.clone());
        (report.verdict, codes.collect())
    }

    #[test]
    fn what_is_good_and_not_enough_is_told_from_what_is_not_good() {
        let missing = || vec![LevelPart::Missing("B".into())];
        let heading = |report: &Report| (report.heading().en, report.is_genuine());
        let below = judged(Vec::new(), missing(), false, false);
        assert_eq!(heading(&below), ("Genuine and valid, but not enough for the level you chose", true));
        let failed = codes::LEVEL_NOT_MET.found(say::level_not_met("Another"));
        let open = codes::LEVEL_NOT_KNOWN.found(say::level_not_known("Another"));
        for before in [failed, open] {
            let report = judged(vec![before], missing(), false, false);
            assert_eq!(heading(&report), ("Do not rely on this badge", false));
        }
        let of_several = judged(Vec::new(), missing(), false, true);
        assert_eq!(heading(&of_several), ("Do not rely on this badge", false));
        let met = judged(Vec::new(), vec![LevelPart::Met("A".into())], false, false);
        assert_eq!(heading(&met), ("This badge is genuine and valid", true));
    }

    #[test]
    fn a_level_is_met_by_all_its_parts_and_what_is_open_is_no_failure() {
        let met = || LevelPart::Met("A".into());
        let expired = || LevelPart::Expired(Part::Made { en: "B".to_owned(), cy: "B".to_owned() });
        assert_eq!(
            found(vec![met()], true, false),
            (Verdict::Valid, vec!["level-met".to_owned(), "level-part-met".to_owned()])
        );
        let (verdict, codes) = found(vec![met(), expired()], false, false);
        assert_eq!(verdict, Verdict::Invalid);
        assert_eq!(codes, ["level-not-met", "level-part-met", "level-part-expired"]);
        let (verdict, codes) = found(vec![expired()], true, false);
        assert_eq!(verdict, Verdict::Undetermined, "a level that was asked for must be answered");
        assert_eq!(codes[0], "level-not-known");
        assert_eq!(found(vec![met()], false, true).0, Verdict::Invalid);
    }
}
