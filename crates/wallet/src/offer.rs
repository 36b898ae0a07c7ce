//! Credential offers (OID4VCI 1.0, 4.1): what an issuer gives to a wallet, and the links
//! in which it travels.

use serde_json::{Map, Value, json};
use url::form_urlencoded::{Serializer, parse};

use crate::Form;

const SCHEME: &str = "openid-credential-offer://";
/// The grant of a pre-authorised code (OID4VCI 1.0, 6.1).
pub const PRE_AUTHORISED: &str = "urn:ietf:params:oauth:grant-type:pre-authorized_code";
/// What people read beside the field for the transaction code; there is room for one text.
const DESCRIPTION: &str = "The six digits that came with the badge / Y chwe digid a ddaeth gyda'r bathodyn";

/// An offer of one badge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Offer<'a> {
    /// The issuer's identifier.
    pub issuer: &'a str,
    /// The forms it can be had in.
    pub forms: &'a [Form],
    /// The pre-authorised code.
    pub code: &'a str,
    /// The digits of the transaction code that is asked for beside it, if one is.
    pub digits: Option<usize>,
    /// Names the offer at the authorisation endpoint, if it may be taken that way too.
    pub issuer_state: Option<&'a str>,
}

impl Offer<'_> {
    /// The offer as JSON (4.1.1).
    pub fn document(&self) -> Value {
        let mut pre_authorised = json!({ "pre-authorized_code": self.code });
        if let (Some(length), Some(grant)) = (self.digits, pre_authorised.as_object_mut()) {
            let code = json!({"input_mode": "numeric", "length": length, "description": DESCRIPTION});
            grant.insert("tx_code".to_owned(), code);
        }
        let mut grants = Map::new();
        grants.insert(PRE_AUTHORISED.to_owned(), pre_authorised);
        if let Some(state) = self.issuer_state {
            grants.insert("authorization_code".to_owned(), json!({ "issuer_state": state }));
        }
        json!({
            "credential_issuer": self.issuer,
            "credential_configuration_ids": self.forms.iter().map(|form| form.configuration()).collect::<Vec<_>>(),
            "grants": grants,
        })
    }
}

/// The link that holds the whole offer.
pub fn link_by_value(document: &Value) -> String {
    link("credential_offer", &document.to_string())
}

/// The link that says where the offer is.
pub fn link_by_reference(url: &str) -> String {
    link("credential_offer_uri", url)
}

fn link(name: &str, value: &str) -> String {
    let query = Serializer::new(String::new()).append_pair(name, value).finish();
    format!("{SCHEME}?{query}")
}

/// What a link leads to.
#[derive(Debug, Clone, PartialEq)]
pub enum Link {
    /// The offer itself.
    Offer(Value),
    /// Where it is.
    Reference(String),
}

/// Reads the link of an offer, of whatever scheme. `None` if it is none, or says both.
pub fn read_link(text: &str) -> Option<Link> {
    let (_, query) = text.split_once('?')?;
    let mut values = parse(query.as_bytes());
    let mut found = None;
    for (name, value) in &mut values {
        let read = match &*name {
            "credential_offer" => {
                let limits = proof::json::Limits::default();
                Link::Offer(proof::json::parse(value.as_bytes(), &limits).ok()?)
            }
            "credential_offer_uri" => Link::Reference(value.into_owned()),
            _ => continue,
        };
        if found.replace(read).is_some() {
            return None;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const ISSUER: &str = "https://badges.example.org";

    fn offer(digits: Option<usize>, issuer_state: Option<&str>) -> Offer<'_> {
        Offer { issuer: ISSUER, forms: &Form::ALL, code: "secret", digits, issuer_state }
    }

    #[test]
    fn an_offer_says_what_it_is_for_and_how_to_take_it() {
        let plain = offer(None, None).document();
        assert_eq!(plain["credential_issuer"], ISSUER);
        assert_eq!(
            plain["credential_configuration_ids"],
            json!(["badge_dc_sd_jwt", "badge_ldp_vc", "badge_jwt_vc_json"])
        );
        assert_eq!(plain["grants"], json!({PRE_AUTHORISED: {"pre-authorized_code": "secret"}}));
        let guarded = offer(Some(6), Some("state")).document();
        let grant = &guarded["grants"][PRE_AUTHORISED];
        assert_eq!(
            (&grant["tx_code"]["length"], &grant["tx_code"]["input_mode"]),
            (&json!(6), &json!("numeric"))
        );
        // 4.1.1: at most 300 characters.
        assert!(grant["tx_code"]["description"].as_str().unwrap().chars().count() <= 300);
        assert_eq!(guarded["grants"]["authorization_code"], json!({"issuer_state": "state"}));
    }

    #[test]
    fn a_link_leads_to_what_it_was_made_of() {
        let document = offer(Some(6), None).document();
        let by_value = link_by_value(&document);
        assert!(by_value.starts_with("openid-credential-offer://?credential_offer=%7B"), "{by_value}");
        assert_eq!(read_link(&by_value), Some(Link::Offer(document)));
        let url = "https://badges.example.org/oid4vci/offers/a?b=c&d";
        assert_eq!(read_link(&link_by_reference(url)), Some(Link::Reference(url.to_owned())));
        for none in ["openid-credential-offer://", "x://?a=b", "x://?credential_offer=%7B", ""] {
            assert_eq!(read_link(none), None, "{none}");
        }
        let both = format!("{by_value}&credential_offer_uri=https%3A%2F%2Fa.example.org");
        assert_eq!(read_link(&both), None);
    }
}
