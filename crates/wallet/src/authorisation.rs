//! The authorisation request of a wallet (RFC 6749, 4.1.1; OID4VCI 1.0, 5), with PKCE
//! (RFC 7636), whose method S256 is the only one.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest as _, Sha256};
use url::Url;

/// The longest parameter that is taken, in bytes.
const LONGEST: usize = 2048;
/// Schemes that a browser gives a meaning of its own.
const DANGEROUS: [&str; 10] =
    ["javascript", "data", "file", "blob", "vbscript", "about", "view-source", "filesystem", "ws", "wss"];

/// A code challenge: the SHA-256 of a verifier, in base64url.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeChallenge(String);

impl CodeChallenge {
    /// Reads one (RFC 7636, 4.2).
    pub fn new(text: &str) -> Option<Self> {
        let is_digest = URL_SAFE_NO_PAD.decode(text).is_ok_and(|bytes| bytes.len() == 32);
        is_digest.then(|| Self(text.to_owned()))
    }

    /// That of a verifier: 43 to 128 unreserved characters (4.1).
    pub fn of(verifier: &str) -> Option<Self> {
        let is_unreserved = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        let fits = (43..=128).contains(&verifier.len()) && verifier.bytes().all(is_unreserved);
        fits.then(|| Self(URL_SAFE_NO_PAD.encode(Sha256::digest(verifier))))
    }

    /// As it is sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// An authorisation request that can be answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asking {
    /// What the wallet calls itself. Wallets are not registered: it proves nothing.
    pub client_id: String,
    /// Where the code goes.
    pub redirect_uri: String,
    /// The wallet's own value, to be given back.
    pub state: Option<String>,
    /// Names the offer.
    pub issuer_state: String,
    /// What the code's taker will prove to know.
    pub challenge: CodeChallenge,
}

/// Why an authorisation request cannot be answered. Whose fault: the wallet's. It is shown and
/// not sent to `redirect_uri`: nobody has shown yet that the offer is theirs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AskingError {
    /// Missing, or twice, or too long.
    #[error("the parameter `{0}` is missing, stands twice or is too long")]
    Parameter(&'static str),
    /// Not a code.
    #[error("`response_type` must be `code`")]
    ResponseType,
    /// Without PKCE, or by another method than S256.
    #[error("`code_challenge` must be there, with the method S256")]
    Pkce,
    /// Not an address that a code may go to.
    #[error("`redirect_uri` must be an absolute https address, http on loopback, or an app's own scheme")]
    RedirectUri,
    /// Not one of the web addresses that whoever runs the service allows.
    #[error("`redirect_uri` is not among the addresses of wallets that are allowed here")]
    UnknownRedirectUri,
}

impl Asking {
    /// Reads the parameters. Where `allowed` names any, a web address must be one of them.
    pub fn read(parameters: &[(String, String)], allowed: &[String]) -> Result<Self, AskingError> {
        let optional = |name: &'static str| {
            let mut values = parameters.iter().filter(|(key, _)| key == name).map(|(_, value)| value);
            match (values.next(), values.next()) {
                (Some(value), None) if value.len() <= LONGEST => {
                    Ok(Some(value).filter(|value| !value.is_empty()))
                }
                (None, _) => Ok(None),
                _ => Err(AskingError::Parameter(name)),
            }
        };
        let needed = |name| optional(name)?.cloned().ok_or(AskingError::Parameter(name));
        if needed("response_type")? != "code" {
            return Err(AskingError::ResponseType);
        }
        let redirect_uri = needed("redirect_uri")?;
        if !is_returnable(&redirect_uri) {
            return Err(AskingError::RedirectUri);
        }
        if redirect_uri.starts_with("https:") && !allowed.is_empty() && !allowed.contains(&redirect_uri) {
            return Err(AskingError::UnknownRedirectUri);
        }
        let is_s256 = optional("code_challenge_method")?.is_some_and(|method| method == "S256");
        let challenge = optional("code_challenge")?.filter(|_| is_s256);
        let challenge = challenge.and_then(|text| CodeChallenge::new(text)).ok_or(AskingError::Pkce)?;
        Ok(Self {
            client_id: needed("client_id")?,
            redirect_uri,
            state: optional("state")?.cloned(),
            issuer_state: needed("issuer_state")?,
            challenge,
        })
    }

    /// The parameters again, for the form that asks for the transaction code.
    pub fn parameters(&self) -> Vec<(&'static str, &str)> {
        let mut parameters = vec![
            ("response_type", "code"),
            ("client_id", self.client_id.as_str()),
            ("redirect_uri", self.redirect_uri.as_str()),
            ("issuer_state", self.issuer_state.as_str()),
            ("code_challenge", self.challenge.as_str()),
            ("code_challenge_method", "S256"),
        ];
        parameters.extend(self.state.as_deref().map(|state| ("state", state)));
        parameters
    }

    /// Where the browser goes with the code (RFC 6749, 4.1.2; RFC 9207). `None` never, of a
    /// request that was read.
    pub fn with_code(&self, code: &str, issuer: &str) -> Option<String> {
        let mut target = Url::parse(&self.redirect_uri).ok()?;
        let mut query = target.query_pairs_mut();
        query.append_pair("code", code).append_pair("iss", issuer);
        if let Some(state) = &self.state {
            query.append_pair("state", state);
        }
        drop(query);
        Some(target.into())
    }

    /// What a page's `form-action` must name for the browser to go there: an origin, or an
    /// app's scheme.
    pub fn form_action(&self) -> Option<String> {
        let target = Url::parse(&self.redirect_uri).ok()?;
        let is_web = matches!(target.scheme(), "http" | "https");
        Some(if is_web { target.origin().ascii_serialization() } else { format!("{}:", target.scheme()) })
    }
}

/// Whether a person's browser may be sent there: https, http on loopback (RFC 8252, 7.3), or a
/// scheme that only an app can have claimed; no fragment, no user.
pub fn is_returnable(address: &str) -> bool {
    let Ok(url) = Url::parse(address) else { return false };
    let is_plain = address.len() <= LONGEST
        && !address.contains(|c: char| c.is_ascii_control() || c.is_ascii_whitespace())
        && url.fragment().is_none()
        && url.username().is_empty()
        && url.password().is_none();
    is_plain
        && match url.scheme() {
            "https" => url.has_host(),
            "http" => matches!(url.host_str(), Some("127.0.0.1" | "[::1]" | "localhost")),
            other => !DANGEROUS.contains(&other),
        }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn good() -> Vec<(String, String)> {
        let challenge = CodeChallenge::of(&"v".repeat(43)).unwrap();
        [
            ("response_type", "code"),
            ("client_id", "wallet"),
            ("redirect_uri", "https://wallet.example.org/back?a=b"),
            ("issuer_state", "state-of-offer"),
            ("state", "x y"),
            ("code_challenge", challenge.as_str()),
            ("code_challenge_method", "S256"),
            ("scope", "badge_dc_sd_jwt"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .to_vec()
    }

    #[test]
    fn a_verifier_has_the_challenge_of_rfc_7636() {
        // Appendix B.
        let challenge = CodeChallenge::of("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk").unwrap();
        assert_eq!(challenge.as_str(), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
        assert_eq!(CodeChallenge::new(challenge.as_str()), Some(challenge));
        for bad in ["short", &"v".repeat(129), &" ".repeat(43)] {
            assert_eq!(CodeChallenge::of(bad), None);
        }
        assert_eq!(CodeChallenge::new("AAAA"), None);
    }

    #[test]
    fn a_request_is_read_and_says_itself_again() {
        let asking = Asking::read(&good(), &[]).unwrap();
        let again: Vec<(String, String)> = asking
            .parameters()
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        assert_eq!(Asking::read(&again, &[]), Ok(asking.clone()));
        let allowed = |address: &str| Asking::read(&again, &[address.to_owned()]).err();
        assert_eq!(allowed("https://wallet.example.org/back?a=b"), None);
        for other in ["https://wallet.example.org/back", "https://wallet.example.org/"] {
            assert_eq!(allowed(other), Some(AskingError::UnknownRedirectUri), "letter by letter");
        }
        for apps in ["org.example.wallet:/back", "http://127.0.0.1:4242/back"] {
            let mut app = again.clone();
            app[2].1 = apps.to_owned();
            assert!(Asking::read(&app, &["https://other.example.org/".to_owned()]).is_ok(), "{apps}");
        }
        assert_eq!(
            asking.with_code("c", "https://badges.example.org").unwrap(),
            "https://wallet.example.org/back?a=b&code=c&iss=https%3A%2F%2Fbadges.example.org&state=x+y"
        );
        assert_eq!(asking.form_action().unwrap(), "https://wallet.example.org");
        let app = Asking { redirect_uri: "org.example.wallet:/back".to_owned(), ..asking };
        assert_eq!(app.form_action().unwrap(), "org.example.wallet:");
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (name, value, error) in [
            ("response_type", "token", AskingError::ResponseType),
            ("client_id", "", AskingError::Parameter("client_id")),
            ("issuer_state", "", AskingError::Parameter("issuer_state")),
            ("redirect_uri", "/back", AskingError::RedirectUri),
            ("code_challenge_method", "plain", AskingError::Pkce),
            ("code_challenge", "x", AskingError::Pkce),
        ] {
            let mut changed = good();
            for (key, held) in &mut changed {
                if key == name {
                    value.clone_into(held);
                }
            }
            assert_eq!(Asking::read(&changed, &[]), Err(error), "{name}={value}");
            let mut twice = good();
            twice.push((name.to_owned(), "x".to_owned()));
            assert!(matches!(Asking::read(&twice, &[]), Err(AskingError::Parameter(_))), "{name}");
        }
    }

    #[test]
    fn a_browser_is_sent_only_where_a_wallet_can_be() {
        for good in [
            "https://w.example.org/",
            "http://127.0.0.1:99/b",
            "http://localhost/b",
            "org.example.w:/b",
            "w://b",
        ] {
            assert!(is_returnable(good), "{good}");
        }
        for bad in [
            "http://w.example.org/",
            "javascript:alert(1)",
            "JavaScript:alert(1)",
            "data:text/html,x",
            "file:///x",
            "https://w.example.org/#f",
            "https://me@w.example.org/",
            "back",
            "",
            "https://w.example.org/a b",
        ] {
            assert!(!is_returnable(bad), "{bad}");
        }
    }
}
