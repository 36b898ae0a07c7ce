//! What a wallet asks the credential endpoint for (OID4VCI 1.0, 8.2), also in the words of
//! draft 13.

use serde_json::{Map, Value};

use crate::{Form, RequestError};

/// The types of a badge, either of which a draft-13 request may name.
const TYPES: [&str; 2] = ["OpenBadgeCredential", "AchievementCredential"];

/// A request that can be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CredentialRequest {
    /// What is wanted.
    pub wanted: Wanted,
    /// The proof of a key, a JWT, if there is one.
    pub proof: Option<String>,
    /// Whether it is in the words of draft 13, and is to be answered so.
    pub is_draft: bool,
}

/// What is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// A form, by its configuration, or by its format as draft 13 has it.
    Form(Form),
    /// A credential by the identifier that the token answer gave.
    Identifier(String),
}

impl CredentialRequest {
    /// Reads the body of a request; `vct` is the type that badges have as SD-JWT VC.
    pub fn read(body: &Value, vct: &str) -> Result<Self, RequestError> {
        let members = body.as_object().ok_or_else(|| invalid("the body must be a JSON object"))?;
        if members.contains_key("credential_response_encryption") {
            return Err(RequestError::InvalidEncryption);
        }
        let format = text(members, "format")?;
        let wanted = match (
            text(members, "credential_configuration_id")?,
            text(members, "credential_identifier")?,
            format,
        ) {
            (Some(name), None, None) => Wanted::Form(
                Form::of_configuration(name)
                    .ok_or_else(|| RequestError::UnknownConfiguration(name.to_owned()))?,
            ),
            (None, Some(name), None) => Wanted::Identifier(name.to_owned()),
            (None, None, Some(format)) => Wanted::Form(of_draft(format, members, vct)?),
            _ => {
                return Err(invalid(
                    "there must be one of `credential_configuration_id` and `credential_identifier`",
                ));
            }
        };
        let (proof, proofs) = (members.get("proof"), members.get("proofs"));
        let is_draft = format.is_some() || proof.is_some();
        let proof = match (proof, proofs) {
            (None, None) => None,
            (Some(proof), None) => Some(draft_proof(proof)?),
            (None, Some(proofs)) => Some(only_proof(proofs)?),
            (Some(_), Some(_)) => return Err(invalid("there are both `proof` and `proofs`")),
        };
        Ok(Self { wanted, proof, is_draft })
    }
}

fn of_draft(format: &str, members: &Map<String, Value>, vct: &str) -> Result<Form, RequestError> {
    let form = Form::of_format(format).ok_or_else(|| RequestError::UnsupportedFormat(format.to_owned()))?;
    if form == Form::DcSdJwt {
        return match text(members, "vct")? {
            Some(stated) if stated == vct => Ok(form),
            Some(other) => Err(RequestError::UnsupportedType(format!("`vct` is `{other}`"))),
            None => Err(invalid("there is no `vct`")),
        };
    }
    let types = members.get("credential_definition").and_then(|definition| definition.get("type"));
    let types =
        types.and_then(Value::as_array).ok_or_else(|| invalid("there is no `credential_definition.type`"))?;
    if types.iter().any(|name| name.as_str().is_some_and(|name| TYPES.contains(&name))) {
        Ok(form)
    } else {
        Err(RequestError::UnsupportedType("`credential_definition.type` names no badge".to_owned()))
    }
}

/// `proof` of draft 13 (7.2.1).
fn draft_proof(proof: &Value) -> Result<String, RequestError> {
    match (proof.get("proof_type").and_then(Value::as_str), proof.get("jwt").and_then(Value::as_str)) {
        (Some("jwt"), Some(jwt)) => Ok(jwt.to_owned()),
        _ => Err(RequestError::InvalidProof("it must have the `proof_type` `jwt`, and a `jwt`".to_owned())),
    }
}

/// `proofs` (8.2): an object of one member, whose array holds one proof, because one
/// credential is issued at a time.
fn only_proof(proofs: &Value) -> Result<String, RequestError> {
    let refused = |detail: &str| Err(RequestError::InvalidProof(detail.to_owned()));
    let Some(members) = proofs.as_object().filter(|members| members.len() == 1) else {
        return refused("`proofs` must have exactly one member");
    };
    let Some(list) = members.get("jwt").and_then(Value::as_array) else {
        return refused("only proofs of the type `jwt` are taken");
    };
    match list.as_slice() {
        [Value::String(jwt)] => Ok(jwt.clone()),
        [_] => refused("it is not a string"),
        _ => refused("there must be exactly one: one credential is issued at a time"),
    }
}

fn text<'a>(members: &'a Map<String, Value>, name: &str) -> Result<Option<&'a str>, RequestError> {
    match members.get(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(invalid(&format!("`{name}` must be a string"))),
    }
}

fn invalid(detail: &str) -> RequestError {
    RequestError::InvalidRequest(detail.to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const VCT: &str = "https://badges.example.org/vct/achievement";

    fn read(body: &Value) -> Result<CredentialRequest, RequestError> {
        CredentialRequest::read(body, VCT)
    }

    #[test]
    fn a_request_names_a_configuration_or_an_identifier() {
        let by_name = read(&json!({"credential_configuration_id": "badge_ldp_vc"})).unwrap();
        let expected = CredentialRequest { wanted: Wanted::Form(Form::LdpVc), proof: None, is_draft: false };
        assert_eq!(by_name, expected);
        let body = json!({"credential_identifier": "x", "proofs": {"jwt": ["a.b.c"]}});
        let by_identifier = read(&body).unwrap();
        assert_eq!(by_identifier.wanted, Wanted::Identifier("x".to_owned()));
        assert_eq!((by_identifier.proof.as_deref(), by_identifier.is_draft), (Some("a.b.c"), false));
    }

    #[test]
    fn the_words_of_draft_13_are_understood() {
        let proof = json!({"proof_type": "jwt", "jwt": "a.b.c"});
        for (body, form) in [
            (json!({"format": "vc+sd-jwt", "vct": VCT, "proof": proof}), Form::DcSdJwt),
            (
                json!({"format": "ldp_vc", "proof": proof, "credential_definition":
                    {"@context": [], "type": ["VerifiableCredential", "OpenBadgeCredential"]}}),
                Form::LdpVc,
            ),
            (
                json!({"format": "jwt_vc_json", "proof": proof, "credential_definition":
                    {"type": ["VerifiableCredential", "AchievementCredential"]}}),
                Form::JwtVcJson,
            ),
        ] {
            let read = read(&body).unwrap();
            assert_eq!(read.wanted, Wanted::Form(form));
            assert_eq!((read.proof.as_deref(), read.is_draft), (Some("a.b.c"), true));
        }
    }

    #[test]
    fn what_cannot_be_had_is_refused_by_its_name() {
        let by_name =
            |proofs: Value| json!({"credential_configuration_id": "badge_ldp_vc", "proofs": proofs});
        for (body, code) in [
            (json!([]), "invalid_credential_request"),
            (json!({}), "invalid_credential_request"),
            (json!({"credential_configuration_id": 1}), "invalid_credential_request"),
            (
                json!({"credential_configuration_id": "badge_ldp_vc", "credential_identifier": "x"}),
                "invalid_credential_request",
            ),
            (json!({"credential_configuration_id": "passport"}), "unknown_credential_configuration"),
            (
                json!({"credential_configuration_id": "badge_ldp_vc", "credential_response_encryption": {}}),
                "invalid_encryption_parameters",
            ),
            (by_name(json!({})), "invalid_proof"),
            (by_name(json!({"jwt": []})), "invalid_proof"),
            (by_name(json!({"jwt": ["a", "b"]})), "invalid_proof"),
            (by_name(json!({"jwt": [1]})), "invalid_proof"),
            (by_name(json!({"di_vp": [{}]})), "invalid_proof"),
            (by_name(json!({"jwt": ["a"], "attestation": ["b"]})), "invalid_proof"),
            (json!({"format": "mso_mdoc"}), "unsupported_credential_format"),
            (json!({"format": "vc+sd-jwt", "vct": "urn:other"}), "unsupported_credential_type"),
            (json!({"format": "vc+sd-jwt"}), "invalid_credential_request"),
            (
                json!({"format": "ldp_vc", "credential_definition": {"type": ["VerifiableCredential"]}}),
                "unsupported_credential_type",
            ),
            (json!({"format": "ldp_vc"}), "invalid_credential_request"),
        ] {
            assert_eq!(read(&body).unwrap_err().code(), code, "{body}");
        }
        let draft = json!({"format": "vc+sd-jwt", "vct": VCT, "proof": {"proof_type": "cwt", "cwt": "x"}});
        assert_eq!(read(&draft).unwrap_err().code(), "invalid_proof");
        let both = json!({"credential_identifier": "x", "proofs": {"jwt": ["a"]}, "proof": {}});
        assert_eq!(read(&both).unwrap_err().code(), "invalid_credential_request");
    }
}
