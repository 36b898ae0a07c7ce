//! The question a verifier asks of a wallet, in the Digital Credentials Query Language
//! (OID4VP 1.0, 6).

use serde_json::{Value, json};

use crate::Form;

/// The type of a badge as an IRI, and by the two names that its contexts give it.
const TYPES: [&str; 3] = [
    "https://purl.imsglobal.org/spec/vc/ob/vocab.html#OpenBadgeCredential",
    "OpenBadgeCredential",
    "AchievementCredential",
];

/// What of a badge can be withheld in its SD-JWT VC, and is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Claim {
    /// Whose it is, by name.
    Name,
    /// The CPD credit.
    Credits,
    /// How they did.
    Results,
    /// What shows it.
    Evidence,
}

impl Claim {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Name, Self::Credits, Self::Results, Self::Evidence];

    /// Its name for those who ask.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Credits => "credits",
            Self::Results => "results",
            Self::Evidence => "evidence",
        }
    }

    fn path(self) -> &'static [&'static str] {
        match self {
            Self::Name => &["credentialSubject", "identifier"],
            Self::Credits => &["credentialSubject", "creditsEarned"],
            Self::Results => &["credentialSubject", "result"],
            Self::Evidence => &["evidence"],
        }
    }
}

/// What is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query<'a> {
    /// The type that badges have as SD-JWT VC.
    pub vct: &'a str,
    /// For each badge that is wanted, the addresses of its achievement, one for each
    /// version. None: any badges, as many as the holder likes.
    pub achievements: &'a [Vec<String>],
    /// What the holder is asked to show of each.
    pub claims: &'a [Claim],
}

/// The query: for every badge one credential query in each form, of which the wallet
/// answers one. Whoever has the badge in several forms is asked for the SD-JWT VC first.
pub fn query(wanted: &Query<'_>) -> Value {
    let any = [Vec::new()];
    let badges = if wanted.achievements.is_empty() { &any } else { wanted.achievements };
    let mut credentials = Vec::new();
    let mut sets = Vec::new();
    for (number, addresses) in badges.iter().enumerate() {
        let id = |form: Form| format!("badge_{number}_{}", form.configuration().trim_start_matches("badge_"));
        for form in Form::ALL {
            credentials.push(credential(&id(form), form, addresses, wanted));
        }
        sets.push(json!({"options": Form::ALL.map(|form| [id(form)]), "required": true}));
    }
    json!({"credentials": credentials, "credential_sets": sets})
}

fn credential(id: &str, form: Form, addresses: &[String], wanted: &Query<'_>) -> Value {
    let meta = if form == Form::DcSdJwt {
        json!({"vct_values": [wanted.vct]})
    } else {
        json!({"type_values": TYPES.map(|name| [name])})
    };
    let mut claims = Vec::new();
    if !addresses.is_empty() {
        claims.push(json!({"path": ["credentialSubject", "achievement", "id"], "values": addresses}));
    }
    // The other forms show everything whether it is asked for or not.
    if form == Form::DcSdJwt {
        claims.extend(wanted.claims.iter().map(|claim| json!({ "path": claim.path() })));
    }
    let mut query = json!({"id": id, "format": form.format(), "meta": meta});
    if let Some(members) = query.as_object_mut() {
        if wanted.achievements.is_empty() {
            members.insert("multiple".to_owned(), true.into());
        }
        if !claims.is_empty() {
            members.insert("claims".to_owned(), claims.into());
        }
    }
    query
}

#[cfg(test)]
mod tests {
    use super::*;

    const VCT: &str = "https://badges.example.org/vct/achievement";

    #[test]
    fn each_badge_may_be_shown_in_any_form_with_what_is_asked_for() {
        let one = vec!["https://badges.example.org/achievements/a/1".to_owned()];
        let two = vec!["https://badges.example.org/achievements/b/1".to_owned()];
        let asked = query(&Query { vct: VCT, achievements: &[one.clone(), two], claims: &[Claim::Name] });
        let ids: Vec<&str> =
            asked["credentials"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap()).collect();
        let expected = [
            "badge_0_dc_sd_jwt",
            "badge_0_ldp_vc",
            "badge_0_jwt_vc_json",
            "badge_1_dc_sd_jwt",
            "badge_1_ldp_vc",
            "badge_1_jwt_vc_json",
        ];
        assert_eq!(ids, expected);
        // 6.1: alphanumeric, underscore or hyphen.
        assert!(ids.iter().all(|id| id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')));
        assert_eq!(asked["credential_sets"][1]["options"][2], json!(["badge_1_jwt_vc_json"]));
        let first = &asked["credentials"][0];
        assert_eq!(first["meta"], json!({"vct_values": [VCT]}));
        assert_eq!(
            first["claims"][0],
            json!({"path": ["credentialSubject", "achievement", "id"], "values": one})
        );
        assert_eq!(first["claims"][1], json!({"path": ["credentialSubject", "identifier"]}));
        assert_eq!(asked["credentials"][1]["claims"].as_array().unwrap().len(), 1);
    }

    #[test]
    fn any_badges_are_asked_for_without_saying_which() {
        let asked = query(&Query { vct: VCT, achievements: &[], claims: &[] });
        assert_eq!(asked["credentials"].as_array().unwrap().len(), 3);
        for credential in asked["credentials"].as_array().unwrap() {
            assert_eq!(credential["multiple"], true);
            // 6.1: an empty array is not allowed.
            assert!(credential.get("claims").is_none());
        }
    }
}
