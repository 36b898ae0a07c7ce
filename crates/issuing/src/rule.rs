//! A programme's rule: which of a learner's awards satisfy it. Pure.

use chrono::{DateTime, Months, Utc};
use model::catalogue::Programme;
use registry::{AwardSummary, CredentialState};

/// The awards that satisfy `programme`, one of each achievement of `all_of`,
/// standing and all within one window, the latest where there are several.
/// `None` while the rule does not hold, and once the learner has the
/// programme's award: one that was revoked does not come back by itself.
pub(crate) fn satisfied<'a>(
    programme: &Programme,
    awards: &'a [AwardSummary],
) -> Option<Vec<&'a AwardSummary>> {
    let has_it = awards.iter().any(|award| award.achievement == programme.achievement);
    if has_it || programme.all_of.is_empty() {
        return None;
    }
    let counting: Vec<&AwardSummary> = awards
        .iter()
        .filter(|award| {
            award.state == CredentialState::Issued && programme.all_of.contains(&award.achievement)
        })
        .collect();
    // Completions arrive in any order and some are repeated, so the window that
    // ends with the latest award need not be the one that holds them all.
    let mut ends: Vec<DateTime<Utc>> = counting.iter().map(|award| award.awarded_at).collect();
    ends.sort_unstable();
    ends.into_iter().rev().find_map(|end| within(programme, &counting, end))
}

fn within<'a>(
    programme: &Programme,
    counting: &[&'a AwardSummary],
    end: DateTime<Utc>,
) -> Option<Vec<&'a AwardSummary>> {
    let begin = programme.window_months.and_then(|months| end.checked_sub_months(Months::new(months)));
    let is_inside =
        |award: &AwardSummary| award.awarded_at <= end && begin.is_none_or(|begin| award.awarded_at >= begin);
    programme
        .all_of
        .iter()
        .map(|achievement| {
            let earned =
                counting.iter().filter(|award| award.achievement == *achievement && is_inside(award));
            earned.max_by_key(|award| award.awarded_at).copied()
        })
        .collect()
}

/// When the last of them was earned, which is when the programme was completed.
pub(crate) fn completed_at(counted: &[&AwardSummary]) -> DateTime<Utc> {
    counted.iter().map(|award| award.awarded_at).max().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use model::{
        chance::Entropy,
        id::{AwardId, CredentialId},
    };
    use testkit::{SeededEntropy, at, catalogue::*, noon};

    use super::*;

    fn earned(entropy: &dyn Entropy, achievement: &str, day: &str) -> AwardSummary {
        AwardSummary {
            award_id: AwardId::random(entropy),
            credential_id: CredentialId::random(entropy),
            achievement: slug(achievement),
            achievement_version: VERSION.to_owned(),
            provider: slug(TRUST),
            awarded_at: at(&format!("{day}T09:00:00Z")),
            credit: hours("1"),
            state: CredentialState::Issued,
            counted_in: Vec::new(),
        }
    }

    /// Which days count of modules earned on days.
    fn days(awards: &[(&str, &str)]) -> Option<Vec<String>> {
        let entropy = SeededEntropy::new(1);
        let awards: Vec<_> = awards.iter().map(|(name, day)| earned(&entropy, name, day)).collect();
        let programme = &sample().programmes[&slug(FOUNDATION)];
        satisfied(programme, &awards)
            .map(|counted| counted.iter().map(|award| award.awarded_at.date_naive().to_string()).collect())
    }

    #[test]
    fn every_module_is_needed_and_the_optional_ones_are_not() {
        assert_eq!(days(&[]), None);
        assert_eq!(days(&[(CORE, "2026-01-01"), (SEMINAR, "2026-01-01")]), None);
        let both = [(CORE, "2026-01-01"), (INTRODUCTION, "2026-02-01")];
        assert_eq!(days(&both).unwrap(), ["2026-01-01", "2026-02-01"]);
    }

    #[test]
    fn the_window_includes_its_first_moment() {
        let apart = |first| days(&[(CORE, first), (INTRODUCTION, "2026-02-28")]);
        assert!(apart("2023-02-28").is_some());
        assert!(apart("2023-02-27").is_none());
    }

    #[test]
    fn of_several_windows_the_latest_that_holds_counts() {
        let core_again = [(CORE, "2020-01-01"), (INTRODUCTION, "2021-01-01"), (CORE, "2026-01-01")];
        assert_eq!(days(&core_again).unwrap(), ["2020-01-01", "2021-01-01"], "the later core is too late");
        let both_again = [
            (CORE, "2020-01-01"),
            (INTRODUCTION, "2020-06-01"),
            (CORE, "2025-01-01"),
            (CORE, "2025-06-01"),
            (INTRODUCTION, "2026-01-01"),
        ];
        assert_eq!(days(&both_again).unwrap(), ["2025-06-01", "2026-01-01"]);
    }

    #[test]
    fn what_was_revoked_does_not_count_and_does_not_come_back() {
        let entropy = SeededEntropy::new(1);
        let revoked = CredentialState::Revoked { at: noon(), reason: "A test".to_owned() };
        let programme = &sample().programmes[&slug(FOUNDATION)];
        let both = [CORE, INTRODUCTION].map(|name| earned(&entropy, name, "2026-01-01"));
        let mut one_revoked = both.clone();
        one_revoked[0].state = revoked.clone();
        assert_eq!(satisfied(programme, &one_revoked), None);
        let mut certificate = earned(&entropy, CERTIFICATE, "2026-01-01");
        certificate.state = revoked;
        let with_certificate: Vec<_> = both.iter().cloned().chain([certificate]).collect();
        assert_eq!(satisfied(programme, &with_certificate), None);
        assert_eq!(completed_at(&satisfied(programme, &both).unwrap()), both[0].awarded_at);
    }

    #[test]
    fn a_programme_without_a_rule_or_a_window_is_that() {
        let mut programme = sample().programmes[&slug(FOUNDATION)].clone();
        let entropy = SeededEntropy::new(1);
        let apart = [earned(&entropy, CORE, "2001-01-01"), earned(&entropy, INTRODUCTION, "2026-01-01")];
        assert_eq!(satisfied(&programme, &apart), None);
        programme.window_months = None;
        assert_eq!(satisfied(&programme, &apart).unwrap().len(), 2);
        programme.all_of.clear();
        assert_eq!(satisfied(&programme, &apart), None);
    }
}
