//! What is asked of a presentation beside its proof: its shape, the challenge and
//! the domain it was made for, whose credentials it shows, and what they come to.

use model::report::{Check, Conclusion, Report};
use serde_json::Value;

use super::{codes, say};
use crate::credential::{has_type, many, shown, text};

/// Credentials that are checked; each may need documents from other hosts.
pub(crate) const MOST: usize = 32;

/// It is a presentation in a form that can be read; in a token, be that in an envelope, or not.
pub(crate) fn read(presentation: &Value, in_token: bool) -> Check {
    let number = say::credentials(many(presentation, "verifiableCredential").len());
    codes::FORMAT_PRESENTATION.found(match (in_token, many(presentation, "proof").len()) {
        (true, _) => say::presentation_in_jwt(number),
        (_, 0) => say::presentation_unsigned(number),
        _ => say::presentation_embedded(number),
    })
}

/// Who presents: an IRI, or an object with an id (VC Data Model 2.0, section 4.13).
pub(crate) fn holder_id(presentation: &Value) -> Option<&str> {
    let holder = presentation.get("holder")?;
    holder.as_str().or_else(|| text(holder, "id")).filter(|id| !id.is_empty())
}

/// Whether it has the shape of a presentation.
pub(crate) fn shape(presentation: &Value) -> Check {
    if presentation.get("holder").is_some() && holder_id(presentation).is_none() {
        return codes::SCHEMA_INVALID.found(say::holder_shape());
    }
    let shows = |entry: &&Value| {
        entry.is_string()
            || has_type(entry, "VerifiableCredential")
            || has_type(entry, "EnvelopedVerifiableCredential")
    };
    if !many(presentation, "verifiableCredential").iter().all(shows) {
        return codes::SCHEMA_INVALID.found(say::shown_shape());
    }
    codes::SCHEMA_FITS.found(say::shape_of_presentation())
}

/// Whether every proof answers the challenge.
pub(crate) fn challenge(stated: &[&Value], expected: Option<&str>) -> Check {
    let Some(expected) = expected else {
        return codes::CHALLENGE_NOT_ASKED.found(say::no_challenge());
    };
    let answers = |proof: &&Value| text(proof, "challenge") == Some(expected);
    if !stated.is_empty() && stated.iter().all(answers) {
        codes::CHALLENGE_ANSWERED.found(say::challenge_signed())
    } else {
        codes::CHALLENGE_DIFFERS.found(say::challenge_unsigned(shown(expected)))
    }
}

/// Whether every proof is for the domain.
pub(crate) fn domain(stated: &[&Value], expected: Option<&str>) -> Check {
    let Some(expected) = expected else {
        return codes::DOMAIN_NOT_ASKED.found(say::no_domain());
    };
    let names =
        |proof: &&Value| many(proof, "domain").into_iter().any(|domain| domain.as_str() == Some(expected));
    if !stated.is_empty() && stated.iter().all(names) {
        codes::DOMAIN_MATCHES.found(say::made_for(shown(expected)))
    } else {
        codes::DOMAIN_DIFFERS.found(say::not_made_for(shown(expected)))
    }
}

/// Whether the holder is the subject of every credential.
pub(crate) fn holder(holder: Option<&str>, credentials: &[Value]) -> Check {
    let Some(holder) = holder else {
        return codes::HOLDER_UNNAMED.found(say::presenter_unnamed());
    };
    let subjects: Vec<Option<&str>> = credentials
        .iter()
        .flat_map(|credential| many(credential, "credentialSubject"))
        .map(|subject| text(subject, "id"))
        .collect();
    if let Some(other) = subjects.iter().flatten().find(|id| **id != holder) {
        return codes::HOLDER_NOT_SUBJECT.found(say::about_another(shown(holder), shown(other)));
    }
    if subjects.iter().any(Option::is_none) {
        return codes::HOLDER_SUBJECT_UNNAMED.found(say::subject_without_id(shown(holder)));
    }
    codes::HOLDER_IS_SUBJECT.found(match credentials.len() {
        0 => say::none_about(),
        1 => say::one_about(shown(holder)),
        number => say::all_about(say::credentials(number), shown(holder)),
    })
}

/// What the reports on its credentials come to.
pub(crate) fn credentials(reports: &[Report], shown: usize) -> Vec<Check> {
    let mut checks: Vec<Check> = reports
        .iter()
        .enumerate()
        .map(|(index, report)| {
            let number = index.saturating_add(1);
            match report.conclusion {
                Conclusion::Valid => codes::CREDENTIAL_VALID.found(say::shown_valid(number, shown)),
                Conclusion::Invalid => codes::CREDENTIAL_INVALID.found(say::shown_invalid(number, shown)),
                Conclusion::Undetermined => {
                    codes::CREDENTIAL_UNDETERMINED.found(say::shown_open(number, shown))
                }
                Conclusion::Untrusted => {
                    codes::CREDENTIAL_UNTRUSTED.found(say::shown_untrusted(number, shown))
                }
            }
        })
        .collect();
    if shown == 0 {
        checks.push(codes::CREDENTIALS_NONE.found(say::shows_none()));
    }
    if shown > MOST {
        checks.push(codes::CREDENTIALS_TOO_MANY.found(say::shows_many(shown, MOST)));
    }
    checks
}
