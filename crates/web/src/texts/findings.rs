//! What the service itself adds to a report, in Welsh. Other findings are in English alone.

use model::report::Check;

use crate::{chrome::Lang, coded::pieces};

/// What a check found and what to do, in a language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Finding {
    /// BCP 47 tag.
    pub language: &'static str,
    pub found: String,
    pub advice: Option<String>,
}

impl Lang {
    /// What a check found. What it names stands in `backticks`, and is kept.
    pub(crate) fn finding(self, check: &Check) -> Finding {
        let welsh = match self {
            Self::Cy => in_welsh(check),
            Self::En => None,
        };
        welsh.unwrap_or_else(|| Finding {
            language: "en",
            found: check.finding.clone(),
            advice: check.advice.clone(),
        })
    }
}

fn in_welsh(check: &Check) -> Option<Finding> {
    let named: Vec<&str> =
        pieces(&check.finding).filter(|(is_stated, _)| *is_stated).map(|(_, name)| name).collect();
    let (found, advice) = match (check.code.as_str(), named.as_slice()) {
        ("refresh-superseded", [address]) => (
            format!("Cafodd ei gywiro, a chymerodd `{address}` ei le."),
            "Gofynnwch i'r deiliad am y cymhwyster a gymerodd ei le.",
        ),
        ("refresh-superseded", []) => (
            "Cafodd ei gywiro, a chymerodd cymhwyster deiliad arall ei le.".to_owned(),
            "Gofynnwch i'r deiliad am y cymhwyster a gymerodd ei le.",
        ),
        ("issuer-ended", [ended, on, by @ ..]) if !by.is_empty() => (
            format!("Daeth `{ended}` i ben ar `{on}`. Pwy sy'n ateb drosto nawr: `{}`.", by.join("`, `")),
            "Gofynnwch i'r rhai sy'n ateb drosto nawr, os oes rhywbeth i'w ofyn.",
        ),
        _ => return None,
    };
    Some(Finding { language: "cy", found, advice: Some(advice.to_owned()) })
}

#[cfg(test)]
mod tests {
    use model::report::{Outcome, Question};

    use super::*;

    fn check(code: &str, finding: &str) -> Check {
        Check {
            question: Question::Refresh,
            outcome: Outcome::Warning,
            code: code.to_owned(),
            finding: finding.to_owned(),
            advice: None,
            clause: None,
            fault: None,
            as_of: None,
        }
    }

    #[test]
    fn what_the_service_adds_is_told_in_both_languages_with_all_its_names() {
        let ended =
            check("issuer-ended", "`Old` ended on `2026-04-01`. Who answers for it now: `North`, `South`.");
        let finding = Lang::Cy.finding(&ended);
        assert_eq!(finding.language, "cy");
        assert_eq!(
            finding.found,
            "Daeth `Old` i ben ar `2026-04-01`. Pwy sy'n ateb drosto nawr: `North`, `South`."
        );
        assert_eq!(Lang::En.finding(&ended).found, ended.finding);
        let later =
            check("refresh-superseded", "It was corrected, and `https://x.example/1` took its place.");
        assert!(Lang::Cy.finding(&later).found.contains("`https://x.example/1`"));
        assert_eq!(Lang::Cy.finding(&check("status-clear", "It stands.")).language, "en");
    }
}
