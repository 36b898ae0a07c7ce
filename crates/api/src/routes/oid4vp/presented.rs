//! What is made of presentations, by whichever protocol they come: whether each answers this
//! request, what its verifier is told, and that it is told once.

use std::collections::BTreeSet;

use ::wallet::Presented;
use actix_web::web;
use model::{
    id::{LearnerId, PresentationRequestId},
    report::{Check, Outcome, Question, Report},
};
use registry::NewAnswer;
use serde_json::{Value, json};
use url::Url;
use verification::Expectation;

use super::stored::Asked;
use crate::{
    blocking,
    problem::Problem,
    routes::requirements::check::{level_answer, own_credential, recorded},
    state::AppState,
};

/// Why a presentation is none for this occasion: nobody signed it, or not for this.
pub struct Unanswered {
    /// What does not hold.
    pub question: Question,
    /// What was found, for people.
    pub why: String,
}

/// Whether a presentation is none for this occasion, of which the challenge and the domain are
/// as far as they are expected.
pub fn unanswered(report: &Report, expectation: &Expectation) -> Option<Unanswered> {
    let of = |question| report.checks.iter().filter(move |check: &&Check| check.question == question);
    let passes = |question| of(question).any(|check| check.outcome == Outcome::Pass);
    let first_failing = |question| of(question).find(|check| check.outcome != Outcome::Pass);
    let expected = [
        (Question::Challenge, expectation.challenge.is_some()),
        (Question::Domain, expectation.domain.is_some()),
    ];
    for (question, is_expected) in expected {
        if is_expected && !passes(question) {
            let why = first_failing(question).map(|check| check.finding.to_string());
            let why = why.unwrap_or_else(|| "It is no presentation that its holder signed.".to_owned());
            return Some(Unanswered { question, why });
        }
    }
    // Of an SD-JWT the holder's signature is part of the two above, and the issuer's is the
    // report's affair; what a presentation says of itself is worth nothing unsigned.
    if report.form == "sd-jwt" {
        return None;
    }
    let is_bad = |check: &&Check| check.outcome != Outcome::Pass && check.outcome != Outcome::Warning;
    // Whose key it is comes first: of a key that is not the holder's nothing else can be said.
    [Question::IssuerBinding, Question::Proof].into_iter().find_map(|question| {
        let check = of(question).find(is_bad)?;
        Some(Unanswered { question, why: check.finding.to_string() })
    })
}

/// What the verifier is told.
pub struct Told {
    document: Value,
    about: Vec<LearnerId>,
}

impl Told {
    /// That the wallet presents nothing, in its words.
    pub fn declined(error: &str) -> Self {
        Self { document: json!({ "declined": error }), about: Vec::new() }
    }

    /// What was presented, and what it comes to.
    pub fn of(
        state: &AppState,
        asked: &Asked,
        presented: &[Presented],
        reports: &[Report],
    ) -> Result<Self, Problem> {
        let mut credentials: Vec<&Report> = Vec::new();
        for report in reports {
            if report.form == "sd-jwt" {
                credentials.push(report);
            } else {
                credentials.extend(&report.credentials);
            }
        }
        let (mut about, mut shown) = (BTreeSet::new(), BTreeSet::new());
        for credential in &credentials {
            if let Ok(record) = recorded(state, credential)? {
                shown.insert(record.achievement);
            }
            // Good or not: what it says is about somebody who may be erased.
            if let Some(id) = credential.summary.id.as_deref().and_then(|id| own_credential(&state.site, id))
            {
                about.extend(state.registry.holder_of(id)?);
            }
        }
        let badges: Vec<Value> = asked
            .achievements
            .iter()
            .map(|slug| json!({"achievement": slug, "shown": shown.contains(slug)}))
            .collect();
        let requirement = match &asked.level {
            Some(level) => Some(level_answer(state, level, reports)?),
            None => None,
        };
        let queries: Vec<Option<&str>> = presented.iter().map(|one| one.query.as_deref()).collect();
        let document =
            json!({"reports": reports, "queries": queries, "badges": badges, "requirement": requirement});
        Ok(Self { document, about: about.into_iter().collect() })
    }

    /// Keeps it as the answer, once: for whoever has the response code, if there is one, and
    /// with the presentation by which it is known again, if it may be posted again. `false`
    /// when the request was answered before, or its time is over.
    pub async fn keep(
        self,
        state: &web::Data<AppState>,
        request: PresentationRequestId,
        response_code: Option<String>,
        presented: Option<String>,
    ) -> Result<bool, Problem> {
        let now = state.clock.now();
        blocking::run(state, move |state| {
            let answer = NewAnswer {
                body: &self.document.to_string(),
                about: &self.about,
                response_code: response_code.as_deref(),
                presented: presented.as_deref(),
            };
            Ok(state.registry.answer_presentation(request, &answer, now, state.entropy.as_ref())?)
        })
        .await
    }
}

/// Where the holder's browser goes, with the code in the fragment: it reaches no server's log.
pub fn with_code(address: &str, code: &str) -> Option<String> {
    let mut target = Url::parse(address).ok()?;
    target.set_fragment(Some(&format!("response_code={code}")));
    Some(target.into())
}
