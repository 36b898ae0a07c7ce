//! `@digitalbazaar/vc` as a client of the VC API over TLS, and as a holder.

use serde_json::{Value, json};

use super::{Peer, json_of, tampered};
use crate::server::Server;

/// A credential whose terms stand in it.
fn licence() -> Value {
    json!({
        "@context": ["https://www.w3.org/ns/credentials/v2", {
            "@protected": true,
            "LicenceCredential": "urn:example:LicenceCredential",
            "licence": {"@id": "urn:example:licence", "@context": {
                "@protected": true, "category": "urn:example:category"
            }}
        }],
        "type": ["VerifiableCredential", "LicenceCredential"],
        "validFrom": "2026-01-01T00:00:00Z",
        "credentialSubject": {"id": "did:example:holder", "licence": {"category": "B"}}
    })
}

/// Posts as the peer does, over the service's own certificate.
fn post(peer: &mut Peer, server: &Server, path: &str, body: &Value) -> Value {
    peer.ask("post", json!({"url": format!("{}{path}", server.base), "body": body})).unwrap()
}

#[tokio::test]
async fn a_credential_issued_over_tls_is_good_to_the_peer_and_the_peers_to_us() {
    let server = Server::start_with_tls(&[], &["--vc-api"]).await;
    let mut peer = Peer::node("vc_api.mjs");
    let body = json!({"credential": licence(), "options": {"statusPurpose": "revocation"}});
    let issued = post(&mut peer, &server, "/credentials/issue", &body);
    assert_eq!(issued["status"], 201, "{issued:#}");
    let credential = issued["body"]["verifiableCredential"].clone();
    let seen = peer.ask("verify", json!({"credential": credential})).unwrap();
    assert_eq!(seen["verified"], true, "{seen}");
    let mut changed = credential.clone();
    changed["credentialSubject"]["licence"]["category"] = "C".into();
    assert_eq!(peer.ask("verify", json!({"credential": changed})).unwrap()["verified"], false);

    let verify =
        |credential: &Value| json!({"verifiableCredential": credential, "options": {"checks": ["proof"]}});
    let answer = post(&mut peer, &server, "/credentials/verify", &verify(&credential));
    assert_eq!((&answer["status"], &answer["body"]["verified"]), (&json!(200), &json!(true)), "{answer:#}");
    let revoke = json!({"credentialStatus": credential["credentialStatus"], "status": true});
    assert_eq!(post(&mut peer, &server, "/credentials/status", &revoke)["status"], 200);
    let answer = post(&mut peer, &server, "/credentials/verify", &verify(&credential));
    assert_eq!(answer["body"]["problemDetails"][0]["title"], "status-revoked", "{answer:#}");

    let key = peer.ask("generate", json!({})).unwrap();
    let mut theirs = licence();
    theirs["issuer"] = key["did"].clone();
    let theirs = peer.ask("issue", json!({"credential": theirs, "key": key})).unwrap();
    let answer = post(&mut peer, &server, "/credentials/verify", &verify(&theirs));
    assert_eq!(answer["body"]["verified"], true, "{answer:#}");
    let refused = post(&mut peer, &server, "/credentials/issue", &json!({"credential": {"type": "x"}}));
    assert_eq!(refused["status"], 400);
}

#[tokio::test]
async fn a_presentation_by_the_peer_is_good_here_for_its_challenge_and_domain_alone() {
    let server = Server::start(None, &[("LANYARD_VC_API", "true")]).await;
    let mut peer = Peer::node("vc_api.mjs");
    let badge = json_of(&server, &server.badge("presented").await).await;
    let key = peer.ask("generate", json!({})).unwrap();
    let asked = json!({
        "credentials": [badge], "key": key, "challenge": "c-1", "domain": "verifier.example.org"
    });
    let presentation = peer.ask("present", asked).unwrap();

    let verify = async |presentation: &Value, challenge: &str, domain: &str| -> Value {
        let url = format!("{}/v1/verify?challenge={challenge}&domain={domain}", server.base);
        let request = server.client.post(url);
        let request = request.header("Content-Type", "application/ld+json").body(presentation.to_string());
        request.header("Accept", "application/json").send().await.unwrap().json().await.unwrap()
    };
    let report = verify(&presentation, "c-1", "verifier.example.org").await;
    assert_eq!(report["verdict"], "valid", "{report:#}");
    assert_eq!(report["credentials"][0]["verdict"], "valid");
    for (challenge, domain, code) in
        [("c-2", "verifier.example.org", "challenge-differs"), ("c-1", "other.example.org", "domain-differs")]
    {
        let report = verify(&presentation, challenge, domain).await;
        assert_eq!(report["verdict"], "invalid");
        assert!(report["checks"].to_string().contains(code), "{report:#}");
    }
    let mut changed = presentation.clone();
    changed["verifiableCredential"][0] = tampered(&badge);
    assert_eq!(verify(&changed, "c-1", "verifier.example.org").await["verdict"], "invalid");

    let body = json!({
        "verifiablePresentation": presentation,
        "options": {"challenge": "c-1", "domain": "verifier.example.org", "checks": ["proof"]}
    });
    let answer = server.client.post(format!("{}/presentations/verify", server.base)).json(&body).send();
    let answer: Value = answer.await.unwrap().json().await.unwrap();
    assert_eq!(answer["verified"], true, "{answer:#}");
    assert_eq!(answer["results"]["challenge"], json!({"valid": true, "input": "c-1"}));

    // By the command line too.
    let file = server.folder().join("presentation.json");
    std::fs::write(&file, presentation.to_string()).unwrap();
    let command = |challenge: &str| {
        let file = file.to_str().unwrap();
        let arguments = ["verify", "--challenge", challenge, "--domain", "verifier.example.org", file];
        server.command(&arguments).output().unwrap()
    };
    let good = command("c-1");
    let said = String::from_utf8(good.stdout).unwrap();
    assert!(good.status.success(), "{said}");
    assert!(said.contains("challenge-answered") && said.contains("Credential 1 of 1"), "{said}");
    assert!(!command("c-2").status.success());
}

/// A presentation made by our library for a holder, which the peer verifies.
#[tokio::test]
async fn a_presentation_by_our_library_is_good_to_the_peer() {
    use ed25519_dalek::{Signer as _, SigningKey};
    use proof::{
        canon::Processor,
        multikey::PublicKey,
        presentation::{Asked, Prepared, presenting},
        suite::{AUTHENTICATION, ProofOptions, eddsa_rdfc_2022::SUITE},
    };

    let server = Server::start(None, &[]).await;
    let mut peer = Peer::node("vc_api.mjs");
    let badge = json_of(&server, &server.badge("shown").await).await;
    let key = SigningKey::from_bytes(&[5; 32]);
    let multibase = PublicKey::Ed25519(key.verifying_key()).to_multibase();
    let did = format!("did:key:{multibase}");
    let options = ProofOptions {
        verification_method: format!("{did}#{multibase}"),
        created: "2026-06-01T00:00:00Z".parse().unwrap(),
        proof_purpose: AUTHENTICATION,
    };
    let asked = Asked { challenge: Some("c-1"), domain: Some("verifier.example.org") };
    let prepared = Prepared::new(presenting(&did, vec![badge]), &SUITE, &options, asked);
    let input = prepared.input(&SUITE, Processor::known()).unwrap();
    let presentation = prepared.signed(&SUITE, &key.sign(input.as_ref()).to_bytes());

    let verify = json!({"presentation": presentation, "challenge": "c-1", "domain": "verifier.example.org"});
    let seen = peer.ask("verifyPresentation", verify.clone()).unwrap();
    assert_eq!(seen["verified"], true, "{seen}");
    for (member, other) in [("challenge", "c-2"), ("domain", "other.example.org")] {
        let mut wrong = verify.clone();
        wrong[member] = other.into();
        assert_eq!(peer.ask("verifyPresentation", wrong).unwrap()["verified"], false);
    }
}

#[tokio::test]
async fn the_vc_api_is_off_unless_it_is_asked_for() {
    let server = Server::start(None, &[]).await;
    for path in ["/credentials/issue", "/credentials/verify", "/presentations/verify"] {
        assert_eq!(server.post(path).json(&json!({})).send().await.unwrap().status(), 404, "{path}");
    }
}
