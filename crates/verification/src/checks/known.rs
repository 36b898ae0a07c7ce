//! What the service knows of a credential of its own: what took its place, and who answers
//! for those behind it.

use model::report::{Check, Outcome, Question};
use model::sentence::Part;

use super::{codes, say};
use crate::{Ended, Known, Listed, Superseded};

/// Whether what is known may be told: anybody can write the id of a credential into
/// another, so it must be authentic.
pub(crate) fn may_be_told(checks: &[Check]) -> bool {
    let passed = |question| {
        checks.iter().any(|check| check.question == question)
            && checks
                .iter()
                .filter(|check| check.question == question)
                .all(|check| matches!(check.outcome, Outcome::Pass | Outcome::Warning))
    };
    passed(Question::Proof) && passed(Question::IssuerBinding)
}

/// How the lists that the credential names speak of it.
pub(crate) fn listed(checks: &[Check]) -> Listed {
    let mut of_lists = checks.iter().filter(|check| check.question == Question::Status).peekable();
    let is_clear = of_lists.peek().is_some() && of_lists.all(|check| check.code == codes::STATUS_CLEAR.code);
    if is_clear { Listed::Clear } else { Listed::Unclear }
}

/// Adds what is known.
pub(crate) fn tell(known: &Known, checks: &mut Vec<Check>) {
    if let Some(superseded) = &known.superseded {
        checks.retain(|check| check.code != codes::REFRESH_NONE.code);
        checks.push(codes::REFRESH_SUPERSEDED.found(match superseded {
            Superseded::By(address) => say::superseded_by(address.as_str()),
            Superseded::Elsewhere => say::superseded_elsewhere(),
        }));
    }
    checks.extend(known.ended.iter().map(ended));
}

fn ended(ended: &Ended) -> Check {
    let name = |name: &str| name.replace('`', "\u{2019}");
    let by = ended.by.iter().map(|one| say::marked(name(one)).into()).collect();
    codes::ISSUER_ENDED.found(say::issuer_ended(name(&ended.name), ended.on, Part::List(by)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checks(proof: Outcome) -> Vec<Check> {
        let code = if proof == Outcome::Pass { &codes::PROOF_VERIFIED } else { &codes::PROOF_MISMATCH };
        [code, &codes::BINDING_HOLDS, &codes::REFRESH_NONE].map(|code| code.found(say::no_dates())).to_vec()
    }

    #[test]
    fn only_of_what_is_authentic_anything_is_told() {
        assert!(may_be_told(&checks(Outcome::Pass)));
        assert!(!may_be_told(&checks(Outcome::Fail)));
        assert!(!may_be_told(&[]));
    }

    #[test]
    fn only_what_every_list_leaves_unmarked_is_clear() {
        let of = |codes: &[codes::Code]| {
            listed(&codes.iter().map(|code| code.found(say::no_dates())).collect::<Vec<_>>())
        };
        let (clear, suspended) = (codes::STATUS_CLEAR, codes::STATUS_SUSPENDED);
        assert_eq!(of(&[codes::PROOF_VERIFIED, clear]), Listed::Clear);
        for unclear in [&[codes::PROOF_VERIFIED][..], &[clear, suspended], &[codes::STATUS_NOT_CHECKED], &[]]
        {
            assert_eq!(of(unclear), Listed::Unclear);
        }
    }

    #[test]
    fn what_took_its_place_is_named_instead_of_nothing() {
        let known =
            Known { superseded: Some(Superseded::By("https://x.example/1".to_owned())), ended: Vec::new() };
        let mut found = checks(Outcome::Pass);
        tell(&known, &mut found);
        let refresh: Vec<&Check> = found.iter().filter(|check| check.question == Question::Refresh).collect();
        assert_eq!(refresh.len(), 1);
        assert!(refresh[0].finding.to_string().contains("`https://x.example/1`"), "{refresh:?}");
    }

    #[test]
    fn who_answers_now_is_named_and_a_name_cannot_break_out_of_its_marks() {
        let ended = Ended {
            name: "Old `Trust".to_owned(),
            on: "2026-04-01".parse().unwrap(),
            by: vec!["North".to_owned(), "South".to_owned()],
        };
        let mut found = Vec::new();
        tell(&Known { superseded: None, ended: vec![ended] }, &mut found);
        assert_eq!(
            found[0].finding.to_string(),
            "`Old \u{2019}Trust` ended on 1 April 2026. Who answers for it now: `North`, `South`."
        );
    }
}
