//! What a host says of its own service API (Open Badges 3.0, 6.2.1), read with distrust.

use serde_json::Value;
use url::{Origin, Url};

/// Characters of an address.
const LONGEST: usize = 2048;

/// Where a host's service API and its authorisation server are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Description {
    /// Below which its operations are, without a slash at the end.
    pub api: String,
    /// Where it registers systems.
    pub registration: String,
    /// Where it asks a learner for leave.
    pub authorisation: String,
    /// Where it gives tokens for a code.
    pub token: String,
    /// Where it gives new ones.
    pub refresh: String,
    /// Where it takes them back.
    pub revocation: Option<String>,
    /// What may be asked for.
    pub scopes: Vec<String>,
}

impl Description {
    /// Reads the document that stood below `host`; the error says what of it is wrong.
    pub fn read(document: &Value, host: &Url) -> Result<Self, String> {
        let api = text(document, "/servers/0/url").ok_or("it names no server in `servers`")?;
        let api = address(api, "servers[0].url")?;
        // Tokens for one host are not sent to another.
        if origin(&api) != Some(host.origin()) {
            return Err(format!("its server is at another host, `{api}`"));
        }
        let schemes = document.pointer("/components/securitySchemes").and_then(Value::as_object);
        let scheme = schemes
            .into_iter()
            .flat_map(|schemes| schemes.values())
            .find(|scheme| text(scheme, "/type") == Some("oauth2"))
            .ok_or("it has no security scheme of the type `oauth2`")?;
        let stated = |place: &str, pointer: &str| {
            let found = text(scheme, pointer).ok_or_else(|| format!("it does not say its `{place}`"));
            found.and_then(|found| address(found, place))
        };
        let flow = "/flows/authorizationCode";
        let token = stated("tokenUrl", &format!("{flow}/tokenUrl"))?;
        let scopes = scheme.pointer(&format!("{flow}/scopes")).and_then(Value::as_object);
        let revocation = text(scheme, "/x-imssf-revocationUrl");
        let refresh = text(scheme, &format!("{flow}/refreshUrl"));
        Ok(Self {
            registration: stated("x-imssf-registrationUrl", "/x-imssf-registrationUrl")?,
            authorisation: stated("authorizationUrl", &format!("{flow}/authorizationUrl"))?,
            refresh: refresh
                .map(|url| address(url, "refreshUrl"))
                .transpose()?
                .unwrap_or_else(|| token.clone()),
            token,
            revocation: revocation.map(|url| address(url, "x-imssf-revocationUrl")).transpose()?,
            scopes: scopes.into_iter().flat_map(|scopes| scopes.keys().cloned()).collect(),
            api: api.trim_end_matches('/').to_owned(),
        })
    }
}

/// The origin of an address.
pub fn origin(address: &str) -> Option<Origin> {
    Url::parse(address).ok().map(|url| url.origin())
}

fn text<'a>(value: &'a Value, pointer: &str) -> Option<&'a str> {
    value.pointer(pointer)?.as_str()
}

/// An address on the web. Whether it may be reached is asked when it is; whether a browser
/// is to be sent there, only here.
fn address(stated: &str, place: &str) -> Result<String, String> {
    let wrong = || format!("its `{place}` is not an address on the web");
    let url = Url::parse(stated).map_err(|_| wrong())?;
    let fits = matches!(url.scheme(), "https" | "http")
        && url.has_host()
        && url.username().is_empty()
        && url.password().is_none()
        && url.fragment().is_none()
        && stated.len() <= LONGEST;
    if fits { Ok(stated.to_owned()) } else { Err(wrong()) }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn document() -> Value {
        json!({
            "servers": [{"url": "https://host.example.org/ims/ob/v3p0/"}],
            "components": {"securitySchemes": {"OAuth2ACG": {
                "type": "oauth2",
                "x-imssf-registrationUrl": "https://host.example.org/register",
                "flows": {"authorizationCode": {
                    "authorizationUrl": "https://login.example.org/authorize",
                    "tokenUrl": "https://login.example.org/token",
                    "scopes": {"a": "A", "b": "B"},
                }},
            }}},
        })
    }

    fn read(document: &Value) -> Result<Description, String> {
        Description::read(document, &Url::parse("https://host.example.org").unwrap())
    }

    #[test]
    fn a_description_names_what_is_needed() {
        let found = read(&document()).unwrap();
        assert_eq!(found.api, "https://host.example.org/ims/ob/v3p0");
        assert_eq!(found.refresh, "https://login.example.org/token", "as RFC 6749 has it");
        assert_eq!((found.scopes.join(" ").as_str(), found.revocation), ("a b", None));
    }

    #[test]
    fn a_description_that_lacks_something_or_lies_says_what() {
        let scheme = "/components/securitySchemes/OAuth2ACG";
        for (pointer, value, why) in [
            ("/servers/0/url".to_owned(), json!("https://other.example.org/ims"), "another host"),
            ("/servers/0/url".to_owned(), json!("http://host.example.org/ims"), "another host"),
            ("/servers/0/url".to_owned(), json!("/ims"), "servers[0].url"),
            ("/servers".to_owned(), json!([]), "names no server"),
            (format!("{scheme}/type"), json!("apiKey"), "oauth2"),
            (format!("{scheme}/x-imssf-registrationUrl"), Value::Null, "x-imssf-registrationUrl"),
            (
                format!("{scheme}/flows/authorizationCode/authorizationUrl"),
                json!("javascript:alert(1)"),
                "authorizationUrl",
            ),
            (
                format!("{scheme}/flows/authorizationCode/tokenUrl"),
                json!("https://a:b@host.example.org/"),
                "tokenUrl",
            ),
        ] {
            let mut lying = document();
            *lying.pointer_mut(&pointer).unwrap() = value;
            assert!(read(&lying).unwrap_err().contains(why), "{pointer}");
        }
    }
}
