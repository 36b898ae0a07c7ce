//! What is asked of a presentation beside its proof: its shape, the challenge and
//! the domain it was made for, whose credentials it shows, and what they come to.

use model::report::{Check, Report, Verdict};
use serde_json::Value;

use super::codes;
use crate::credential::{has_type, many, shown, text};

/// Credentials that are checked; each may need documents from other hosts.
pub(crate) const MOST: usize = 32;

/// It is a presentation in a form that can be read.
pub(crate) fn read(presentation: &Value, form: &str) -> Check {
    let number = many(presentation, "verifiableCredential").len();
    let proof = match (form, many(presentation, "proof").len()) {
        ("jwt", _) => "in a JWT",
        (_, 0) => "without a proof",
        _ => "with an embedded proof",
    };
    codes::FORMAT_PRESENTATION.found(format!("This is a presentation of {number} credentials {proof}."))
}

/// Who presents: an IRI, or an object with an id (VC Data Model 2.0, section 4.13).
pub(crate) fn holder_id(presentation: &Value) -> Option<&str> {
    let holder = presentation.get("holder")?;
    holder.as_str().or_else(|| text(holder, "id")).filter(|id| !id.is_empty())
}

/// Whether it has the shape of a presentation.
pub(crate) fn shape(presentation: &Value) -> Check {
    let wrong = |what: &str| codes::SCHEMA_INVALID.found(format!("Its shape is wrong: {what}."));
    if presentation.get("holder").is_some() && holder_id(presentation).is_none() {
        return wrong("`holder` must be a URL, or an object with an `id`");
    }
    let shows = |entry: &&Value| {
        entry.is_string()
            || has_type(entry, "VerifiableCredential")
            || has_type(entry, "EnvelopedVerifiableCredential")
    };
    if !many(presentation, "verifiableCredential").iter().all(shows) {
        return wrong("every `verifiableCredential` must be a credential");
    }
    codes::SCHEMA_FITS.found("It has the shape of a verifiable presentation.")
}

/// Whether every proof answers the challenge.
pub(crate) fn challenge(stated: &[&Value], expected: Option<&str>) -> Check {
    let Some(expected) = expected else {
        return codes::CHALLENGE_NOT_ASKED.found("No challenge was given to compare with.");
    };
    let answers = |proof: &&Value| text(proof, "challenge") == Some(expected);
    if !stated.is_empty() && stated.iter().all(answers) {
        codes::CHALLENGE_ANSWERED.found("The challenge that was given was signed.")
    } else {
        codes::CHALLENGE_DIFFERS
            .found(format!("The challenge `{}` was not signed, or not by every proof.", shown(expected)))
    }
}

/// Whether every proof is for the domain.
pub(crate) fn domain(stated: &[&Value], expected: Option<&str>) -> Check {
    let Some(expected) = expected else {
        return codes::DOMAIN_NOT_ASKED.found("No domain was given to compare with.");
    };
    let names =
        |proof: &&Value| many(proof, "domain").into_iter().any(|domain| domain.as_str() == Some(expected));
    if !stated.is_empty() && stated.iter().all(names) {
        codes::DOMAIN_MATCHES.found(format!("It was made for `{}`.", shown(expected)))
    } else {
        codes::DOMAIN_DIFFERS.found(format!("It was not made for `{}`.", shown(expected)))
    }
}

/// Whether the holder is the subject of every credential.
pub(crate) fn holder(holder: Option<&str>, credentials: &[Value]) -> Check {
    let Some(holder) = holder else {
        return codes::HOLDER_UNNAMED.found("The presentation does not say who presents it.");
    };
    let subjects: Vec<Option<&str>> = credentials
        .iter()
        .flat_map(|credential| many(credential, "credentialSubject"))
        .map(|subject| text(subject, "id"))
        .collect();
    if let Some(other) = subjects.iter().flatten().find(|id| **id != holder) {
        return codes::HOLDER_NOT_SUBJECT.found(format!(
            "`{}` presents a credential about `{}`.",
            shown(holder),
            shown(other)
        ));
    }
    if subjects.iter().any(Option::is_none) {
        return codes::HOLDER_SUBJECT_UNNAMED.found(format!(
            "A credential does not give its subject an id that could be `{}`.",
            shown(holder)
        ));
    }
    codes::HOLDER_IS_SUBJECT.found(format!(
        "Its {} credentials are about `{}`.",
        credentials.len(),
        shown(holder)
    ))
}

/// What the reports on its credentials come to.
pub(crate) fn credentials(reports: &[Report], shown: usize) -> Vec<Check> {
    let mut checks: Vec<Check> = reports
        .iter()
        .enumerate()
        .map(|(index, report)| {
            let place = format!("Credential {} of {shown}", index.saturating_add(1));
            match report.verdict {
                Verdict::Valid => codes::CREDENTIAL_VALID.found(format!("{place} is valid.")),
                Verdict::Invalid => codes::CREDENTIAL_INVALID.found(format!("{place} is not valid.")),
                Verdict::Undetermined => {
                    codes::CREDENTIAL_UNDETERMINED.found(format!("{place} could not be checked to its end."))
                }
            }
        })
        .collect();
    if shown == 0 {
        checks.push(codes::CREDENTIALS_NONE.found("It shows no credentials."));
    }
    if shown > MOST {
        checks.push(
            codes::CREDENTIALS_TOO_MANY
                .found(format!("It shows {shown} credentials, of which {MOST} were checked.")),
        );
    }
    checks
}
