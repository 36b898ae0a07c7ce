//! Endorsements as clients post them.

use serde_json::Value;

use super::{
    MOMENT,
    members::Members,
    moment, slug,
    text::{self, Lines},
};
use crate::{
    endorsement::{Asked, ToSign, Wanted},
    field::FieldError,
};

const MEMBERS: [&str; 8] =
    ["by", "achievement", "version", "organisation", "comment", "validFrom", "validUntil", "credential"];
/// Characters of what a body says: it travels in every badge that carries it.
const LONGEST_COMMENT: usize = 500;

/// Reads an endorsement that is asked for, or says everything that is wrong with it.
pub fn endorsement(document: &Value) -> Result<Asked, Vec<FieldError>> {
    let mut faults = Vec::new();
    let read = Members::of(document, String::new(), "an endorsement", &MEMBERS, &mut faults);
    match read.and_then(|members| asked(&members, &mut faults)) {
        Some(asked) if faults.is_empty() => Ok(asked),
        _ => Err(faults),
    }
}

fn asked(members: &Members<'_>, faults: &mut Vec<FieldError>) -> Option<Asked> {
    let named = |name: &str, faults: &mut Vec<FieldError>| {
        members.optional(name).and_then(|value| slug(value, &members.pointer_to(name), faults))
    };
    let by = members
        .required("by", "the short name of the body that endorses", faults)
        .and_then(|value| slug(value, &members.pointer_to("by"), faults));
    if let Some(credential) = members.optional("credential") {
        let besides = MEMBERS.iter().filter(|name| !matches!(**name, "by" | "credential"));
        for name in besides.filter(|name| members.optional(name).is_some()) {
            let detail = "a signed credential says this itself";
            faults.push(FieldError::new(
                members.pointer_to(name),
                "said-twice",
                detail,
                "`by` and `credential` alone",
            ));
        }
        if !credential.is_object() {
            let pointer = members.pointer_to("credential");
            let expected = "an EndorsementCredential with a Data Integrity proof: an object";
            faults.push(FieldError::new(pointer, "wrong-type", "is no object", expected));
        }
        return Some(Asked::Signed { by: by?, credential: credential.clone() });
    }
    let (achievement, organisation) = (named("achievement", faults), named("organisation", faults));
    let version = members.line("version", 40, faults);
    let endorsed = match (achievement, organisation) {
        (Some(achievement), None) => Some(Wanted::Achievement(achievement, version)),
        (None, Some(organisation)) => Some(Wanted::Organisation(organisation)),
        _ if members.optional("achievement").is_some() != members.optional("organisation").is_some() => None,
        _ => {
            let expected = "`achievement` or `organisation`, a short name, or a signed `credential`";
            faults.push(FieldError::new("", "not-one-subject", "it is not about one thing", expected));
            None
        }
    };
    let comment = members.required("comment", "what the body says of it", faults).and_then(|value| {
        text::read(value, &members.pointer_to("comment"), LONGEST_COMMENT, Lines::Many, faults)
    });
    let from = members
        .optional("validFrom")
        .and_then(|value| moment(value, &members.pointer_to("validFrom"), faults));
    let until = members
        .required("validUntil", MOMENT, faults)
        .and_then(|value| moment(value, &members.pointer_to("validUntil"), faults));
    Some(Asked::ToSign(ToSign {
        by: by?,
        endorsed: endorsed?,
        comment: comment?,
        from: from.map(|from| from.to_utc()),
        until: until?.to_utc(),
    }))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn pointers(document: &Value) -> Vec<String> {
        endorsement(document).unwrap_err().into_iter().map(|fault| fault.pointer).collect()
    }

    #[test]
    fn an_endorsement_is_of_one_thing_and_ends() {
        let good = json!({"by": "cilip", "achievement": "a-module", "comment": "Sound.", "validUntil": "2027-01-01"});
        let Asked::ToSign(read) = endorsement(&good).unwrap() else { panic!("{good}") };
        assert_eq!(read.endorsed, Wanted::Achievement("a-module".parse().unwrap(), None));
        let both = json!({"by": "cilip", "achievement": "a-module", "organisation": "a-trust", "comment": "Sound.", "validUntil": "2027-01-01"});
        assert_eq!(pointers(&both), [""]);
        assert_eq!(pointers(&json!({"by": "cilip", "organisation": "a-trust"})), ["/comment", "/validUntil"]);
        assert_eq!(
            pointers(&json!({"by": "cilip", "credential": "ey", "comment": "x"})),
            ["/comment", "/credential"]
        );
        let signed = endorsement(&json!({"by": "cilip", "credential": {}})).unwrap();
        assert!(matches!(signed, Asked::Signed { .. }));
    }
}
