//! What a staff passport asks and sends, and the holder's consent to it.

use serde_json::Value;

use super::{
    DAY, LONGEST_LINE, MOMENT, day,
    learner::identifiers,
    members::Members,
    moment,
    text::{self, string},
};
use crate::{
    core_skills::{
        ClaimMetadata, CoreSkillsAsk, CoreSkillsTried, MOST_CORE_SKILLS, StatedConsent, StatedCoreSkill,
    },
    field::FieldError,
    id::Slug,
};

const READ: [&str; 3] = ["person", "purpose", "subjects"];
const SENT: [&str; 3] = ["person", "purpose", "coreSkills"];
const SKILL: [&str; 4] = ["subject", "completedOn", "expiresOn", "claim"];
const CLAIM: [&str; 9] = [
    "Origin",
    "AssurancePolicy",
    "AssuranceOutcome",
    "Provider",
    "Verifier",
    "VerificationMethod",
    "Pedigree",
    "LastRefresh",
    "UniqueIdentifier",
];
const CONSENT: [&str; 5] = ["client", "purpose", "data", "subjects", "until"];
const DATA: &str = "`read-core-skills`, `write-core-skills` or both";
const SUBJECT: &str = "the short name of a subject of core skills, such as `fire-safety`";
const PURPOSE: &str = "what it is for, as a short name such as `pre-employment-check`";
const OTHERS: &str =
    "an email address or a staff number with its organisation: nobody is known here by a national identifier";
/// The most subjects named at once.
const MOST_SUBJECTS: usize = 50;

/// Whether a member or parameter of that name would hold a national identifier.
pub fn is_national(name: &str) -> bool {
    const NATIONAL: [&str; 8] = [
        "nhsnumber",
        "nationalinsurancenumber",
        "nationalinsurance",
        "nino",
        "ninumber",
        "nationalid",
        "nationalidentifier",
        "nationalemployeenumber",
    ];
    let bare: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
    NATIONAL.contains(&bare.to_ascii_lowercase().as_str())
}

/// Reads what a system asks (`sends` false) or sends, or says everything that is wrong with
/// it. A national identifier, wherever it stands, is all that is told then.
pub fn core_skills_ask(document: &Value, sends: bool) -> Result<CoreSkillsAsk, Vec<FieldError>> {
    let mut faults = Vec::new();
    nationals(document, "", &mut faults);
    if !faults.is_empty() {
        return Err(faults);
    }
    let known: &[&str] = if sends { &SENT } else { &READ };
    let read = Members::of(document, String::new(), "what is asked", known, &mut faults)
        .and_then(|members| ask(&members, sends, &mut faults));
    read.filter(|_| faults.is_empty()).ok_or(faults)
}

/// What can be read of what a system asks or sends though it is refused, so that it can be
/// told to whom it is about.
pub fn core_skills_tried(document: &Value) -> CoreSkillsTried {
    let mut faults = Vec::new();
    let person = document.get("person");
    let person = person.and_then(|value| Members::of(value, String::new(), "the person", &[], &mut faults));
    let slug = |value: &Value| value.as_str().and_then(|text| Slug::new(text).ok());
    let listed = |name: &str| document.get(name).and_then(Value::as_array).into_iter().flatten();
    let asked = listed("subjects").take(MOST_SUBJECTS).filter_map(slug);
    let sent = listed("coreSkills").take(MOST_CORE_SKILLS).filter_map(|one| slug(one.get("subject")?));
    CoreSkillsTried {
        identifiers: person.map_or_else(Vec::new, |person| identifiers(&person, &mut faults)),
        purpose: document.get("purpose").and_then(slug),
        subjects: asked.chain(sent).collect(),
    }
}

/// Reads a holder's consent, or says everything that is wrong with it.
pub fn consent(document: &Value) -> Result<StatedConsent, Vec<FieldError>> {
    let mut faults = Vec::new();
    let read = Members::of(document, String::new(), "a consent", &CONSENT, &mut faults)
        .and_then(|members| stated_consent(&members, &mut faults));
    read.filter(|_| faults.is_empty()).ok_or(faults)
}

/// Finds members, and types of identifiers, that are national ones.
fn nationals(value: &Value, pointer: &str, faults: &mut Vec<FieldError>) {
    let mut refuse = |pointer: String, name: &str| {
        let detail = format!("`{}` is a national identifier", text::clip(name));
        faults.push(FieldError::new(pointer, "national-identifier", detail, OTHERS));
    };
    if let Some(members) = value.as_object() {
        for name in members.keys().filter(|name| is_national(name)) {
            refuse(format!("{pointer}/{name}"), name);
        }
    }
    let person = value.get("person").filter(|_| pointer.is_empty());
    let listed = person.and_then(|person| person.get("identifiers")).and_then(Value::as_array);
    for (index, one) in listed.into_iter().flatten().enumerate() {
        if let Some(kind) = one.get("type").and_then(Value::as_str).filter(|kind| is_national(kind)) {
            refuse(format!("/person/identifiers/{index}/type"), kind);
        }
    }
    if let Some(person) = person {
        nationals(person, "/person", faults);
    }
}

fn ask(members: &Members<'_>, sends: bool, faults: &mut Vec<FieldError>) -> Option<CoreSkillsAsk> {
    let person = members
        .required("person", "the person: an object with `identifiers`", faults)
        .and_then(|value| {
            Members::of(value, members.pointer_to("person"), "the person", &["identifiers"], faults)
        })
        .map(|person| identifiers(&person, faults));
    let purpose = short_name(members, "purpose", PURPOSE, faults);
    let subjects = members.list("subjects", MOST_SUBJECTS, faults, subject);
    let skills = members.list("coreSkills", MOST_CORE_SKILLS, faults, skill);
    if sends && skills.is_empty() {
        let expected = format!("an array of one to {MOST_CORE_SKILLS} core skills");
        faults.push(FieldError::new(members.pointer_to("coreSkills"), "missing", "is empty", expected));
    }
    for (index, one) in skills.iter().enumerate() {
        let reference = &one.claim.unique_identifier;
        if skills.iter().take(index).any(|other| other.claim.unique_identifier == *reference) {
            let pointer = format!("/coreSkills/{index}/claim/UniqueIdentifier");
            faults.push(FieldError::new(pointer, "twice", "is named twice", "each core skill once"));
        }
    }
    Some(CoreSkillsAsk { identifiers: person?, purpose: purpose?, subjects, skills })
}

fn skill(value: &Value, pointer: String, faults: &mut Vec<FieldError>) -> Option<StatedCoreSkill> {
    let members = Members::of(value, pointer, "a core skill", &SKILL, faults)?;
    let subject = short_name(&members, "subject", SUBJECT, faults);
    let completed_on = members
        .required("completedOn", DAY, faults)
        .and_then(|value| day(value, &members.pointer_to("completedOn"), faults));
    let expires_on =
        members.optional("expiresOn").and_then(|value| day(value, &members.pointer_to("expiresOn"), faults));
    if let (Some(done), Some(end)) = (completed_on, expires_on)
        && end < done
    {
        let detail = format!("{end} is before {done}");
        let expected = "a day on or after `completedOn`";
        faults.push(FieldError::new(members.pointer_to("expiresOn"), "not-in-order", detail, expected));
    }
    let claim = members
        .required("claim", "what is known of the claim: an object", faults)
        .and_then(|value| metadata(value, members.pointer_to("claim"), faults));
    Some(StatedCoreSkill { subject: subject?, completed_on: completed_on?, expires_on, claim: claim? })
}

fn metadata(value: &Value, pointer: String, faults: &mut Vec<FieldError>) -> Option<ClaimMetadata> {
    let members = Members::of(value, pointer, "the claim", &CLAIM, faults)?;
    let mut line = |name: &str, expected: &str| members.required_line(name, LONGEST_LINE, expected, faults);
    let origin = line("Origin", "the system that holds the record");
    let assurance_policy = line("AssurancePolicy", "the rules by which the record was made");
    let assurance_outcome = line("AssuranceOutcome", "what came of them");
    let provider = line("Provider", "who delivered the training");
    let verifier = line("Verifier", "who vouches for the record");
    let verification_method = line("VerificationMethod", "how that can be checked");
    let pedigree = line("Pedigree", "by which way it came");
    let unique_identifier = line("UniqueIdentifier", "what names the record at its origin");
    let last_refresh = members
        .required("LastRefresh", MOMENT, faults)
        .and_then(|value| moment(value, &members.pointer_to("LastRefresh"), faults));
    Some(ClaimMetadata {
        origin: origin?,
        assurance_policy: assurance_policy?,
        assurance_outcome: assurance_outcome?,
        provider: provider?,
        verifier: verifier?,
        verification_method: verification_method?,
        pedigree: pedigree?,
        last_refresh: last_refresh?.to_utc().to_rfc3339_opts(chrono::SecondsFormat::Secs, true),
        unique_identifier: unique_identifier?,
    })
}

fn stated_consent(members: &Members<'_>, faults: &mut Vec<FieldError>) -> Option<StatedConsent> {
    let client = members.required_line("client", LONGEST_LINE, "the client that may, by its id", faults);
    let purpose = short_name(members, "purpose", PURPOSE, faults);
    let data = members.list("data", 2, faults, |value, pointer, faults| match value.as_str() {
        Some("read-core-skills") => Some(false),
        Some("write-core-skills") => Some(true),
        _ => {
            faults.push(FieldError::new(pointer, "not-a-choice", "is none of those", DATA));
            None
        }
    });
    if data.is_empty() {
        faults.push(FieldError::new(members.pointer_to("data"), "missing", "names nothing", DATA));
    }
    let subjects = members.list("subjects", MOST_SUBJECTS, faults, subject);
    let until = members
        .required("until", MOMENT, faults)
        .and_then(|value| moment(value, &members.pointer_to("until"), faults));
    Some(StatedConsent {
        client: client?,
        purpose: purpose?,
        reads: data.contains(&false),
        writes: data.contains(&true),
        subjects,
        until: until?.to_utc(),
    })
}

fn short_name(
    members: &Members<'_>,
    name: &str,
    expected: &'static str,
    faults: &mut Vec<FieldError>,
) -> Option<Slug> {
    let value = members.required(name, expected, faults)?;
    named(value, members.pointer_to(name), expected, faults)
}

fn subject(value: &Value, pointer: String, faults: &mut Vec<FieldError>) -> Option<Slug> {
    named(value, pointer, SUBJECT, faults)
}

fn named(
    value: &Value,
    pointer: String,
    expected: &'static str,
    faults: &mut Vec<FieldError>,
) -> Option<Slug> {
    let slug = Slug::new(string(value, &pointer, expected, faults)?.trim());
    slug.map_err(|error| faults.push(FieldError::new(pointer, "not-a-slug", error.to_string(), expected)))
        .ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn sent() -> Value {
        let claim: serde_json::Map<String, Value> = CLAIM
            .iter()
            .map(|name| ((*name).to_owned(), json!(if *name == "LastRefresh" { "2026-05-01" } else { "x" })))
            .collect();
        json!({
            "person": {"identifiers": [{"type": "email", "value": "R.Test@example.org"}]},
            "purpose": "transfer-of-staff",
            "coreSkills": [{"subject": "fire-safety", "completedOn": "2026-04-01", "expiresOn": "2027-04-01", "claim": claim}],
        })
    }

    #[test]
    fn what_is_sent_is_read_whole_and_every_fault_is_told() {
        let ask = core_skills_ask(&sent(), true).unwrap();
        assert_eq!(ask.identifiers.len(), 1);
        assert_eq!(ask.skills[0].claim.last_refresh, "2026-05-01T00:00:00Z");
        let pointers = |document: &Value, sends| -> Vec<String> {
            core_skills_ask(document, sends).unwrap_err().into_iter().map(|fault| fault.pointer).collect()
        };
        assert_eq!(pointers(&sent(), false), ["/coreSkills"], "what is asked sends nothing");
        let mut bad = sent();
        bad["coreSkills"][0]["expiresOn"] = json!("2026-03-01");
        bad["coreSkills"][0]["claim"].as_object_mut().unwrap().remove("Origin");
        bad["purpose"] = json!("Any purpose");
        assert_eq!(
            pointers(&bad, true),
            ["/purpose", "/coreSkills/0/expiresOn", "/coreSkills/0/claim/Origin", "/coreSkills"]
        );
        let mut twice = sent();
        let one = twice["coreSkills"][0].clone();
        twice["coreSkills"].as_array_mut().unwrap().push(one);
        assert_eq!(pointers(&twice, true), ["/coreSkills/1/claim/UniqueIdentifier"]);
    }

    #[test]
    fn a_national_identifier_is_refused_wherever_it_stands() {
        for (place, name) in [
            ("", "nhsNumber"),
            ("person", "NI_number"),
            ("type", "nationalInsuranceNumber"),
            ("type", "nhs-number"),
        ] {
            let mut document = sent();
            match place {
                "" => document[name] = json!("1"),
                "person" => document["person"][name] = json!("1"),
                _ => document["person"]["identifiers"][0]["type"] = json!(name),
            }
            let faults = core_skills_ask(&document, true).unwrap_err();
            assert_eq!(faults.len(), 1, "{faults:?}");
            assert_eq!(faults[0].code, "national-identifier");
        }
        assert!(!is_national("staffNumber") && !is_national("email"));
    }

    #[test]
    fn a_consent_names_what_may_be_done() {
        let document = json!({
            "client": "passport", "purpose": "pre-employment-check", "data": ["read-core-skills"], "until": "2026-12-01T00:00:00Z",
        });
        let read = consent(&document).unwrap();
        assert!(read.reads && !read.writes && read.subjects.is_empty());
        for (name, value) in [("data", json!([])), ("data", json!(["all"])), ("until", json!("soon"))] {
            let mut bad = document.clone();
            bad[name] = value;
            assert!(
                consent(&bad).unwrap_err().iter().all(|fault| fault.pointer.starts_with(&format!("/{name}")))
            );
        }
    }
}
