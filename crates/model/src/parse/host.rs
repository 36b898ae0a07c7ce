//! What is asked about another host at which a learner keeps badges.

use serde_json::Value;
use url::Url;

use super::{LONGEST_URL, members::Members};
use crate::{field::FieldError, id::CredentialId};

/// Badges at once.
const MOST: usize = 100;
const HOST: &str = "the https address of another host, such as https://backpack.example.org";

/// Reads the address of a host, which is another than the one at `own`; or says what is wrong
/// with it.
pub fn host(document: &Value, own: &str) -> Result<Url, Vec<FieldError>> {
    let mut faults = Vec::new();
    let members = Members::of(document, String::new(), "a host", &["host"], &mut faults);
    let stated = members.and_then(|members| members.required_line("host", LONGEST_URL, HOST, &mut faults));
    let read = stated.and_then(|stated| match address(&stated, own) {
        Ok(url) => Some(url),
        Err((code, why)) => {
            faults.push(FieldError::new("/host", code, why, HOST));
            None
        }
    });
    read.filter(|_| faults.is_empty()).ok_or(faults)
}

fn address(stated: &str, own: &str) -> Result<Url, (&'static str, &'static str)> {
    let url = Url::parse(stated).map_err(|_| ("not-an-address", "it is not an address"))?;
    let is_plain = url.has_host()
        && matches!(url.scheme(), "https" | "http")
        && url.username().is_empty()
        && url.password().is_none()
        && url.query().is_none()
        && url.fragment().is_none();
    if !is_plain {
        return Err(("not-a-host", "it is not the plain address of a host"));
    }
    if Url::parse(own).is_ok_and(|own| own.origin() == url.origin()) {
        return Err(("this-host", "that is this service itself"));
    }
    Ok(url)
}

/// Reads which badges are to be sent to another host, or says everything that is wrong.
pub fn chosen(document: &Value) -> Result<Vec<CredentialId>, Vec<FieldError>> {
    const EXPECTED: &str = "the UUIDs of 1 to 100 badges";
    let mut faults = Vec::new();
    let members = Members::of(document, String::new(), "what is sent", &["credentials"], &mut faults);
    let read = members.map(|members| {
        members.list("credentials", MOST, &mut faults, |value, pointer, faults| {
            let id = value.as_str().and_then(|text| text.parse().ok());
            if id.is_none() {
                faults.push(FieldError::new(pointer, "not-a-uuid", "is no UUID", "the UUID of a badge"));
            }
            id
        })
    });
    if read.as_ref().is_some_and(Vec::is_empty) && faults.is_empty() {
        faults.push(FieldError::new("/credentials", "missing", "names no badge", EXPECTED));
    }
    read.filter(|_| faults.is_empty()).ok_or(faults)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_host_is_another_one_on_the_web() {
        let read = |stated: Value| host(&json!({ "host": stated }), "https://badges.example.org");
        for good in ["https://host.example.org", "https://host.example.org:8443/a/", "http://127.0.0.1:9"] {
            assert!(read(good.into()).is_ok(), "{good}");
        }
        for (bad, code) in [
            (json!(""), "empty"),
            (json!(7), "wrong-type"),
            (json!("host.example.org"), "not-an-address"),
            (json!("ftp://host.example.org"), "not-a-host"),
            (json!("https://a:b@host.example.org"), "not-a-host"),
            (json!("https://host.example.org/?a"), "not-a-host"),
            (json!("https://host.example.org/#a"), "not-a-host"),
            (json!("https://badges.example.org/elsewhere"), "this-host"),
        ] {
            let faults = read(bad.clone()).unwrap_err();
            assert_eq!((faults[0].pointer.as_str(), faults[0].code), ("/host", code), "{bad}");
        }
        assert_eq!(host(&json!({}), "").unwrap_err()[0].code, "missing");
    }

    #[test]
    fn badges_are_named_by_uuids() {
        let id = "6f1c9f5e-0f6b-4a52-9d4e-2f6f6a9b7c10";
        assert_eq!(chosen(&json!({"credentials": [id]})).unwrap(), [id.parse().unwrap()]);
        for (bad, pointer) in [
            (json!({}), "/credentials"),
            (json!({"credentials": []}), "/credentials"),
            (json!({"credentials": [id, "x"]}), "/credentials/1"),
            (json!({"credentials": vec![id; 101]}), "/credentials"),
            (json!({"credentials": [id], "all": true}), "/all"),
        ] {
            assert_eq!(chosen(&bad).unwrap_err()[0].pointer, pointer, "{bad}");
        }
    }
}
