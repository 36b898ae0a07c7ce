//! What a registrar posts of the issuers on a list.

use serde_json::Value;

use super::{DAY, LONGEST_LINE, LONGEST_URL, day, members::Members, slug};
use crate::{
    field::FieldError,
    trust::{Entry, Trusted, is_issuer},
};

const LISTED: [&str; 6] = ["list", "issuer", "name", "from", "until", "reason"];
const WITHDRAWN: [&str; 3] = ["list", "issuer", "reason"];

/// Reads an issuer that is to stand on a list, or says everything that is wrong with it.
pub fn trust_entry(document: &Value) -> Result<Entry, Vec<FieldError>> {
    read(document, &LISTED, |members, faults| {
        let name = members.required_line("name", LONGEST_LINE, "what the issuer is called", faults);
        let on = |name: &str, faults: &mut Vec<FieldError>| {
            members.optional(name).and_then(|value| day(value, &members.pointer_to(name), faults))
        };
        let (from, until) = (on("from", faults), on("until", faults));
        if let (Some(from), Some(until)) = (from, until)
            && until < from
        {
            let detail = format!("{until} is before {from}");
            faults.push(FieldError::new(members.pointer_to("until"), "not-in-order", detail, DAY));
        }
        Some(Some(Trusted { name: name?, from, until, added: None }))
    })
}

/// Reads an issuer that is to be taken off a list, or says everything that is wrong with it.
pub fn trust_withdrawal(document: &Value) -> Result<Entry, Vec<FieldError>> {
    read(document, &WITHDRAWN, |_, _| Some(None))
}

fn read(
    document: &Value,
    names: &[&'static str],
    trusted: impl Fn(&Members<'_>, &mut Vec<FieldError>) -> Option<Option<Trusted>>,
) -> Result<Entry, Vec<FieldError>> {
    let mut faults = Vec::new();
    let members = Members::of(document, String::new(), "an entry of a list of issuers", names, &mut faults);
    let entry = members.and_then(|members| {
        let list = members
            .required("list", "the short name of a list", &mut faults)
            .and_then(|value| slug(value, &members.pointer_to("list"), &mut faults));
        let expected = "the issuer's DID or https address, as its badges name it";
        let issuer = members.required_line("issuer", LONGEST_URL, expected, &mut faults);
        if issuer.as_ref().is_some_and(|id| !is_issuer(id)) {
            let detail = "is neither a DID nor an address";
            faults.push(FieldError::new(members.pointer_to("issuer"), "not-an-issuer", detail, expected));
        }
        let trusted = trusted(&members, &mut faults);
        let reason = members.required_line("reason", LONGEST_LINE, "why, in a line", &mut faults);
        Some(Entry { list: list?, issuer: issuer?, trusted: trusted?, reason: reason? })
    });
    match entry {
        Some(entry) if faults.is_empty() => Ok(entry),
        _ => Err(faults),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn wrong(read: Result<Entry, Vec<FieldError>>) -> Vec<String> {
        read.unwrap_err().into_iter().map(|fault| format!("{} {}", fault.pointer, fault.code)).collect()
    }

    #[test]
    fn an_entry_names_list_issuer_and_reason_and_its_days_are_in_order() {
        let good = json!({"list": "academies", "issuer": "did:web:x.example.org", "name": "X", "from": "2026-01-01", "reason": "Seen"});
        let read = trust_entry(&good).unwrap();
        assert_eq!(read.trusted.unwrap().from, Some("2026-01-01".parse().unwrap()));
        let withdrawal = json!({"list": "academies", "issuer": "did:web:x.example.org", "reason": "Closed"});
        assert_eq!(trust_withdrawal(&withdrawal).unwrap().trusted, None);
        assert_eq!(wrong(trust_withdrawal(&good)), ["/name unknown-member", "/from unknown-member"]);
        let bad = json!({"list": "academies", "issuer": "x.example.org", "name": "X", "from": "2026-01-02", "until": "2026-01-01"});
        assert_eq!(
            wrong(trust_entry(&bad)),
            ["/issuer not-an-issuer", "/until not-in-order", "/reason missing"]
        );
        assert_eq!(wrong(trust_entry(&json!([]))).len(), 1);
    }
}
