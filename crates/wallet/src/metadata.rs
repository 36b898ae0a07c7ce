//! What the issuer says of itself to wallets (OID4VCI 1.0, 12.2), in English and Welsh.

use serde_json::{Map, Value, json};

use crate::{Form, Profile};

/// Algorithms of a wallet's key that are verified.
const PROOF_ALGORITHMS: [&str; 4] = ["ES256", "ES384", "EdDSA", "RS256"];

/// The metadata of the issuer `base`, an origin without a trailing slash, called `name`. `vct` is the type
/// that badges have as SD-JWT VC, `contexts` are theirs as JSON-LD, `algorithms` what
/// their JWTs are signed with. What draft 13 has in other places stands in both.
pub fn issuer_metadata(
    (base, name): (&str, &str),
    vct: &str,
    contexts: &[Value],
    algorithms: &[String],
    profile: Profile,
) -> Value {
    let configurations: Map<String, Value> = Form::ALL
        .into_iter()
        .map(|form| {
            (form.configuration().to_owned(), configuration(form, vct, contexts, algorithms, profile))
        })
        .collect();
    json!({
        "credential_issuer": base,
        "authorization_servers": [base],
        // One wallet library looks for these here and not in the server's own metadata.
        "issuer": base,
        "token_endpoint": format!("{base}/oauth2/token"),
        "authorization_details_types_supported": ["openid_credential"],
        "credential_endpoint": format!("{base}/oid4vci/credential"),
        "nonce_endpoint": format!("{base}/oid4vci/nonce"),
        "deferred_credential_endpoint": format!("{base}/oid4vci/deferred"),
        "notification_endpoint": format!("{base}/oid4vci/notification"),
        "display": [{"name": name, "locale": "en"}, {"name": name, "locale": "cy"}],
        "credential_configurations_supported": configurations,
    })
}

fn configuration(
    form: Form,
    vct: &str,
    contexts: &[Value],
    algorithms: &[String],
    profile: Profile,
) -> Value {
    let types = ["VerifiableCredential", "OpenBadgeCredential"];
    let mut configuration = Map::new();
    let mut say = |name: &str, value: Value| drop(configuration.insert(name.to_owned(), value));
    say("format", form.format().into());
    say("scope", form.configuration().into());
    match form {
        Form::DcSdJwt => {
            say("vct", vct.into());
            say("credential_signing_alg_values_supported", json!(algorithms));
            let methods: &[&str] =
                if profile == Profile::GovUk { &["did:key"] } else { &["jwk", "did:jwk", "did:key"] };
            say("cryptographic_binding_methods_supported", json!(methods));
            let proof_algorithms: &[&str] =
                if profile == Profile::GovUk { &["ES256"] } else { &PROOF_ALGORITHMS };
            let jwt = json!({"proof_signing_alg_values_supported": proof_algorithms});
            say("proof_types_supported", json!({ "jwt": jwt }));
        }
        Form::LdpVc => {
            say("credential_definition", json!({"@context": contexts, "type": types}));
            say("credential_signing_alg_values_supported", json!(["eddsa-rdfc-2022"]));
        }
        Form::JwtVcJson => {
            say("credential_definition", json!({ "type": types }));
            say("credential_signing_alg_values_supported", json!(algorithms));
        }
    }
    say("credential_metadata", json!({"display": display(), "claims": claims()}));
    say("display", display());
    Value::Object(configuration)
}

fn display() -> Value {
    json!([
        {
            "name": "Digital badge",
            "locale": "en",
            "description": "Learning that was completed and recorded by the organisation that signed",
            "background_color": "#005EB8",
            "text_color": "#FFFFFF",
        },
        {
            "name": "Bathodyn digidol",
            "locale": "cy",
            "description": "Dysgu a gwblhawyd ac a gofnodwyd gan y sefydliad a lofnododd",
            "background_color": "#005EB8",
            "text_color": "#FFFFFF",
        },
    ])
}

fn claims() -> Value {
    let claim = |path: &[&str], english: &str, welsh: &str| {
        json!({
            "path": path,
            "display": [{"name": english, "locale": "en"}, {"name": welsh, "locale": "cy"}],
        })
    };
    json!([
        claim(&["credentialSubject", "achievement", "name"], "Achievement", "Cyflawniad"),
        claim(&["issuer", "name"], "Issued by", "Cyhoeddwyd gan"),
        claim(&["awardedDate"], "Completed on", "Cwblhawyd ar"),
        claim(&["validUntil"], "Valid until", "Dilys tan"),
        claim(&["credentialSubject", "creditsEarned"], "CPD credit", "Credyd DPP"),
    ])
}

/// `authorization_details` of a token answer (6.2), one entry for each form: the wallet then
/// asks by `identifier(form)`.
pub fn authorization_details(identifier: impl Fn(Form) -> String) -> Value {
    let entry = |form: Form| {
        json!({
            "type": "openid_credential",
            "credential_configuration_id": form.configuration(),
            "credential_identifiers": [identifier(form)],
        })
    };
    Form::ALL.into_iter().map(entry).collect()
}

/// A DID document whose JWKs are of the type `JsonWebKey2020`, the older name, which
/// GOV.UK Wallet asks for. Everything else stays.
pub fn json_web_key_2020(mut document: Value) -> Value {
    const NOW: [&str; 2] = ["https://w3id.org/security/jwk/v1", "JsonWebKey"];
    const OLDER: [&str; 2] = ["https://w3id.org/security/suites/jws-2020/v1", "JsonWebKey2020"];
    let [context, name] = NOW;
    let [older_context, older_name] = OLDER;
    for entry in document.get_mut("@context").and_then(Value::as_array_mut).into_iter().flatten() {
        if entry == context {
            *entry = older_context.into();
        }
    }
    for method in document.get_mut("verificationMethod").and_then(Value::as_array_mut).into_iter().flatten() {
        if let Some(found) = method.get_mut("type").filter(|found| **found == name) {
            *found = older_name.into();
        }
    }
    document
}

#[cfg(test)]
mod tests {
    use super::*;

    const VCT: &str = "https://badges.example.org/vct/achievement";

    fn metadata(profile: Profile) -> Value {
        let contexts = [json!("https://www.w3.org/ns/credentials/v2")];
        issuer_metadata(
            ("https://badges.example.org", "Sample Academy"),
            VCT,
            &contexts,
            &["ES256".to_owned()],
            profile,
        )
    }

    #[test]
    fn only_the_form_that_is_bound_asks_for_a_proof() {
        let metadata = metadata(Profile::Standard);
        for form in Form::ALL {
            let configuration = &metadata["credential_configurations_supported"][form.configuration()];
            assert_eq!(configuration["format"], form.format());
            // 12.2.4: whoever names a proof type must get a proof.
            assert_eq!(configuration.get("proof_types_supported").is_some(), form.is_bound());
            assert_eq!(
                configuration.get("cryptographic_binding_methods_supported").is_some(),
                form.is_bound()
            );
        }
    }

    #[test]
    fn every_name_for_people_stands_in_english_and_welsh() {
        fn look(value: &Value, found: &mut usize) {
            match value {
                Value::Array(items) => items.iter().for_each(|item| look(item, found)),
                Value::Object(members) => {
                    for (name, value) in members {
                        if name == "display" {
                            let locales: Vec<_> =
                                value.as_array().unwrap().iter().map(|one| one["locale"].clone()).collect();
                            assert_eq!(locales, ["en", "cy"]);
                            *found += 1;
                        }
                        look(value, found);
                    }
                }
                _ => {}
            }
        }
        let mut found = 0;
        look(&metadata(Profile::Standard), &mut found);
        assert_eq!(found, 1 + 3 * (2 + 5));
    }

    #[test]
    fn the_older_name_of_a_jwk_replaces_the_newer_and_nothing_else() {
        let document = json!({
            "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/jwk/v1"],
            "verificationMethod": [{"type": "Multikey", "id": "a"}, {"type": "JsonWebKey", "id": "b"}],
        });
        let expected = json!({
            "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/suites/jws-2020/v1"],
            "verificationMethod": [{"type": "Multikey", "id": "a"}, {"type": "JsonWebKey2020", "id": "b"}],
        });
        assert_eq!(json_web_key_2020(document), expected);
    }
}
