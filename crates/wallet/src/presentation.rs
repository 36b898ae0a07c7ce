//! The request a verifier makes (OID4VP 1.0, 5) and the answer that a wallet posts to it (8.2).

use serde_json::{Value, json};
use url::form_urlencoded::Serializer;

use crate::Form;

/// Whom a request is for when nobody knows the wallet (5.8).
const ANY_WALLET: &str = "https://self-issued.me/v2";
/// The most presentations of one answer that are read.
const MOST: usize = 32;

/// What a verifier asks.
#[derive(Debug, Clone, PartialEq)]
pub struct Request<'a> {
    /// The verifier's name with its prefix (5.9.3).
    pub client_id: &'a str,
    /// What people call it.
    pub client_name: &'a str,
    /// What it wants to know it for.
    pub purpose: &'a str,
    /// Where the answer is posted.
    pub response_uri: &'a str,
    /// To be signed with what is presented.
    pub nonce: &'a str,
    /// The wallet's own nonce, if it gave one (5.10).
    pub wallet_nonce: Option<&'a str>,
    /// The DCQL query.
    pub query: &'a Value,
    /// Seconds since 1970: when it is made.
    pub issued: i64,
    /// Seconds since 1970: until when it can be answered.
    pub expires: i64,
}

impl Request<'_> {
    /// The claims of the request object.
    pub fn claims(&self) -> Value {
        let algorithms = ["ES256", "ES384", "EdDSA", "RS256"];
        let suites = ["eddsa-rdfc-2022", "ecdsa-rdfc-2019", "eddsa-jcs-2022", "ecdsa-jcs-2019"];
        let mut claims = json!({
            "aud": ANY_WALLET,
            "iat": self.issued,
            "exp": self.expires,
            "response_type": "vp_token",
            "response_mode": "direct_post",
            "client_id": self.client_id,
            "response_uri": self.response_uri,
            "nonce": self.nonce,
            "dcql_query": self.query,
            "client_metadata": {
                "client_name": self.client_name,
                "client_purpose": self.purpose,
                "vp_formats_supported": {
                    (Form::DcSdJwt.format()): {"sd-jwt_alg_values": algorithms, "kb-jwt_alg_values": algorithms},
                    (Form::LdpVc.format()): {
                        "proof_type_values": ["DataIntegrityProof"], "cryptosuite_values": suites,
                    },
                    (Form::JwtVcJson.format()): {"alg_values": algorithms},
                },
            },
        });
        if let (Some(nonce), Some(members)) = (self.wallet_nonce, claims.as_object_mut()) {
            members.insert("wallet_nonce".to_owned(), nonce.into());
        }
        claims
    }
}

/// The link that opens a wallet, also as a QR code (5.7).
pub fn request_link(client_id: &str, request_uri: &str) -> String {
    let query = Serializer::new(String::new())
        .append_pair("client_id", client_id)
        .append_pair("request_uri", request_uri)
        .finish();
    format!("openid4vp://?{query}")
}

/// What one credential query was answered with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Presented {
    /// The `id` of the credential query, where the wallet says it.
    pub query: Option<String>,
    /// The presentation: a token, or JSON text.
    pub text: String,
}

/// What a wallet posts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Response {
    /// Presentations.
    Presentations(Vec<Presented>),
    /// The holder did not want to, or the wallet could not (8.5): the value of `error`.
    Refused(String),
}

/// Why an answer cannot be read. Whose fault: the wallet's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ResponseError {
    /// There is neither `vp_token` nor `error`, or one of them twice.
    #[error("there must be one `vp_token` or one `error`")]
    Neither,
    /// It is encrypted, which was not asked for.
    #[error("the answer is encrypted, which was not asked for")]
    Encrypted,
    /// `vp_token` is not what it must be.
    #[error("`vp_token` is refused: {0}")]
    Token(String),
}

impl Response {
    /// Reads the form that was posted. `vp_token` is an object of arrays by credential query
    /// (8.1); one presentation, or an array of them, as earlier drafts had it, is read too.
    pub fn read(form: &[(String, String)]) -> Result<Self, ResponseError> {
        let one = |name: &str| {
            let mut values = form.iter().filter(|(key, _)| key == name).map(|(_, value)| value.as_str());
            match (values.next(), values.next()) {
                (_, Some(_)) => Err(ResponseError::Neither),
                (first, None) => Ok(first),
            }
        };
        if one("response")?.is_some() {
            return Err(ResponseError::Encrypted);
        }
        match (one("vp_token")?, one("error")?) {
            (Some(token), None) => presentations(token).map(Self::Presentations),
            (None, Some(error)) => Ok(Self::Refused(error.chars().take(100).collect())),
            _ => Err(ResponseError::Neither),
        }
    }
}

fn presentations(token: &str) -> Result<Vec<Presented>, ResponseError> {
    let refused = |detail: &str| ResponseError::Token(detail.to_owned());
    let text = token.trim();
    let found = if text.starts_with(['{', '[', '"']) {
        let parsed = proof::json::parse(text.as_bytes(), &proof::json::Limits::default());
        of_json(&parsed.map_err(|error| ResponseError::Token(error.to_string()))?)?
    } else {
        vec![Presented { query: None, text: text.to_owned() }]
    };
    match found.len() {
        0 => Err(refused("it holds no presentation")),
        number if number > MOST => Err(refused("it holds too many presentations")),
        _ if found.iter().any(|one| one.text.is_empty()) => Err(refused("a presentation is empty")),
        _ => Ok(found),
    }
}

fn of_json(token: &Value) -> Result<Vec<Presented>, ResponseError> {
    let one = |query: Option<&str>, value: &Value| {
        let query = query.map(str::to_owned);
        match value {
            Value::String(text) => Ok(Presented { query, text: text.clone() }),
            Value::Object(_) => Ok(Presented { query, text: value.to_string() }),
            _ => Err(ResponseError::Token("a presentation must be a string or an object".to_owned())),
        }
    };
    match token {
        // A presentation by itself, of a draft.
        Value::Object(members) if members.contains_key("@context") => Ok(vec![one(None, token)?]),
        Value::Object(members) => {
            let mut found = Vec::new();
            for (query, values) in members {
                match values {
                    Value::Array(values) => {
                        for value in values {
                            found.push(one(Some(query), value)?);
                        }
                    }
                    value => found.push(one(Some(query), value)?),
                }
            }
            Ok(found)
        }
        Value::Array(values) => values.iter().map(|value| one(None, value)).collect(),
        value => Ok(vec![one(None, value)?]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(fields: &[(&str, &str)]) -> Vec<(String, String)> {
        fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    fn read(token: &str) -> Result<Vec<(Option<String>, String)>, ResponseError> {
        match Response::read(&form(&[("vp_token", token)]))? {
            Response::Presentations(found) => {
                Ok(found.into_iter().map(|one| (one.query, one.text)).collect())
            }
            Response::Refused(error) => panic!("{error}"),
        }
    }

    #[test]
    fn presentations_are_read_by_query_and_as_drafts_had_them() {
        let by_query = read(r#"{"a": ["x~", {"type": "VerifiablePresentation"}], "b": "y"}"#).unwrap();
        let expected = [
            (Some("a".to_owned()), "x~".to_owned()),
            (Some("a".to_owned()), r#"{"type":"VerifiablePresentation"}"#.to_owned()),
            (Some("b".to_owned()), "y".to_owned()),
        ];
        assert_eq!(by_query, expected);
        for alone in ["e.e.e", r#""e.e.e""#, r#"["e.e.e"]"#] {
            assert_eq!(read(alone).unwrap(), [(None, "e.e.e".to_owned())]);
        }
        assert_eq!(read(r#"{"@context": []}"#).unwrap(), [(None, r#"{"@context":[]}"#.to_owned())]);
    }

    #[test]
    fn what_is_no_answer_is_refused() {
        for bad in
            ["", "{}", "[]", "[1]", r#"{"a": [null]}"#, r#"{"a": [""]}"#, "{", r#"{"a":["x"],"a":["y"]}"#]
        {
            assert!(matches!(read(bad), Err(ResponseError::Token(_))), "{bad}");
        }
        let many = format!("[{}]", vec![r#""x""#; 33].join(","));
        assert!(matches!(read(&many), Err(ResponseError::Token(_))));
        for (fields, error) in [
            (form(&[]), ResponseError::Neither),
            (form(&[("vp_token", "x"), ("error", "y")]), ResponseError::Neither),
            (form(&[("vp_token", "x"), ("vp_token", "y")]), ResponseError::Neither),
            (form(&[("response", "x")]), ResponseError::Encrypted),
        ] {
            assert_eq!(Response::read(&fields), Err(error));
        }
        let declined = Response::read(&form(&[("error", "access_denied")]));
        assert_eq!(declined, Ok(Response::Refused("access_denied".to_owned())));
    }

    #[test]
    fn a_request_names_its_answer_s_place_and_time() {
        let query = json!({"credentials": []});
        let request = Request {
            client_id: "decentralized_identifier:did:web:badges.example.org",
            client_name: "Example Trust",
            purpose: "To check training",
            response_uri: "https://badges.example.org/oid4vp/requests/x",
            nonce: "n",
            wallet_nonce: Some("w"),
            query: &query,
            issued: 1,
            expires: 2,
        };
        let claims = request.claims();
        assert_eq!((&claims["aud"], &claims["wallet_nonce"]), (&json!(ANY_WALLET), &json!("w")));
        for form in Form::ALL {
            assert!(claims["client_metadata"]["vp_formats_supported"][form.format()].is_object());
        }
        let link = request_link(request.client_id, "https://badges.example.org/r");
        assert!(link.starts_with("openid4vp://?client_id=decentralized_identifier%3Adid%3Aweb%3A"), "{link}");
    }
}
