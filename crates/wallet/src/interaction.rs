//! The address at which an interaction starts, whatever the protocol (W3C VCALM 1.0,
//! "Initiating interactions"), and the links that open a wallet with it.

use serde_json::{Map, Value, json};
use url::form_urlencoded::{Serializer, parse};

/// The version of interaction URLs that is spoken.
const VERSION: &str = "1";
/// Where the Learner Credential Wallet is opened.
const LEARNER_WALLET: &str = "https://lcw.app/request";

/// A protocol by which an interaction goes on, and its address or link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Protocol {
    /// The VC API: the address of an exchange.
    VcApi(String),
    /// OpenID for Verifiable Credential Issuance: the link of an offer.
    Oid4vci(String),
    /// OpenID for Verifiable Presentations: the link of a request.
    Oid4vp(String),
}

impl Protocol {
    fn entry(&self) -> (&'static str, &str) {
        match self {
            Self::VcApi(address) => ("vcapi", address),
            Self::Oid4vci(link) => ("OID4VCI", link),
            Self::Oid4vp(link) => ("OID4VP", link),
        }
    }
}

/// What the address of an interaction answers ("Interaction Protocols Response").
pub fn protocols(known: &[Protocol]) -> Value {
    let entries = known.iter().map(Protocol::entry);
    let entries: Map<String, Value> = entries.map(|(name, at)| (name.to_owned(), at.into())).collect();
    json!({ "protocols": entries })
}

/// An address as one of an interaction ("Interaction URL Format"); it has no query yet.
pub fn interaction_url(address: &str) -> String {
    format!("{address}?iuv={VERSION}")
}

/// Whether a query says that it is one of an interaction in the version that is spoken.
pub fn is_interaction(query: &str) -> bool {
    let mut versions = parse(query.as_bytes()).filter(|(name, _)| name == "iuv").map(|(_, value)| value);
    versions.next().as_deref() == Some(VERSION) && versions.next().is_none()
}

/// The link that opens the Learner Credential Wallet at an exchange of `origin`'s.
pub fn learner_wallet_link(origin: &str, exchange: &str) -> String {
    let invitation = json!({"credentialRequestOrigin": origin, "protocols": {"vcapi": exchange}});
    let query = Serializer::new(String::new()).append_pair("request", &invitation.to_string()).finish();
    format!("{LEARNER_WALLET}?{query}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interaction_names_each_way_on() {
        let known = [
            Protocol::VcApi("https://a.example.org/v1/exchanges/x".to_owned()),
            Protocol::Oid4vci("o".into()),
        ];
        let expected =
            json!({"protocols": {"vcapi": "https://a.example.org/v1/exchanges/x", "OID4VCI": "o"}});
        assert_eq!(protocols(&known), expected);
        assert_eq!(protocols(&[Protocol::Oid4vp("p".to_owned())]), json!({"protocols": {"OID4VP": "p"}}));
    }

    #[test]
    fn an_interaction_is_known_by_its_version() {
        let url = interaction_url("https://a.example.org/interactions/x");
        assert!(is_interaction(url.split_once('?').unwrap().1));
        assert!(is_interaction("lang=cy&iuv=1"));
        for other in ["", "iuv", "iuv=2", "iuv=1&iuv=1", "iuv=1&iuv=2", "IUV=1"] {
            assert!(!is_interaction(other), "{other}");
        }
    }

    #[test]
    fn the_learner_s_wallet_finds_the_exchange_in_its_link() {
        let link = learner_wallet_link("https://a.example.org", "https://a.example.org/v1/exchanges/x");
        let (address, query) = link.split_once('?').unwrap();
        assert_eq!(address, LEARNER_WALLET);
        let (name, request) = parse(query.as_bytes()).next().unwrap();
        let request: Value = serde_json::from_str(&request).unwrap();
        assert_eq!(
            (&*name, &request["protocols"]["vcapi"]),
            ("request", &json!("https://a.example.org/v1/exchanges/x"))
        );
        assert_eq!(request["credentialRequestOrigin"], "https://a.example.org");
    }
}
