//! SD-JWT VC: `@sd-jwt/sd-jwt-vc` and `sd-jwt`.

use chrono::{DateTime, SubsecRound, Utc};
use jose::{Algorithm, Challenge, Concealed, PrivateKey, VerifyingKey, Window, sign_compact};
use serde_json::{Value, json};

use super::{Peer, jwt::key_of, verdict};
use crate::server::Server;

const ASKED: Challenge<'_> =
    Challenge { nonce: "a-nonce-of-the-verifier", audience: "https://v.example.org" };
const CONCEALED: [&str; 5] = ["/name", "/credits", "/address/town", "/results/0", "/results/1"];

fn peers() -> [(&'static str, Peer); 2] {
    [("node", Peer::node("peer_sd_jwt.mjs")), ("python", Peer::python("peer_sd_jwt.py"))]
}

fn claims(holder: &Value) -> Value {
    json!({
        "iss": "https://badges.example.org", "vct": "https://badges.example.org/vct/test", "iat": 1_772_355_600,
        "achievement": "User centred design", "name": "Bronwen Pugh", "credits": 6.5,
        "address": {"town": "Bangor", "country": "GB"}, "results": ["pass", "merit"],
        "cnf": {"jwk": holder},
    })
}

/// What of [`claims`] can be withheld, and what is shown, in the peers' words.
fn frames() -> (Value, Value) {
    let concealed =
        json!({"_sd": ["name", "credits"], "address": {"_sd": ["town"]}, "results": {"_sd": [0, 1]}});
    (concealed, json!({"name": true, "results": {"1": true}}))
}

fn shown_in(payload: &Value) {
    assert_eq!(
        (&payload["name"], &payload["results"]),
        (&json!("Bronwen Pugh"), &json!(["merit"])),
        "{payload}"
    );
    assert_eq!(payload["address"], json!({"country": "GB"}));
    assert!(payload.get("credits").is_none(), "{payload}");
    assert_eq!(payload["achievement"], "User centred design");
}

fn now() -> DateTime<Utc> {
    // As the peers reckon: their clock is the machine's.
    #[expect(clippy::disallowed_methods, reason = "the peers have no other clock")]
    Utc::now().trunc_subsecs(0)
}

/// The presentation changed in each of the ways that must be seen.
fn changed(presented: &str) -> Vec<(&'static str, String)> {
    let parts: Vec<&str> = presented.split('~').collect();
    let with = |place: usize, part: String| {
        let mut parts: Vec<String> = parts.iter().map(ToString::to_string).collect();
        parts[place] = part;
        parts.join("~")
    };
    let other_letter = |text: &str, at: usize| {
        let letter = if &text[at..=at] == "A" { "B" } else { "A" };
        format!("{}{letter}{}", &text[..at], &text[at + 1..])
    };
    let last = parts.len() - 1;
    let signature = parts[last].rfind('.').unwrap() + 5;
    let middle = parts[0].find('.').unwrap() + 9;
    vec![
        ("a changed disclosure", with(1, other_letter(parts[1], 9))),
        ("a changed claim that is always visible", with(0, other_letter(parts[0], middle))),
        ("a changed signature of the holder", with(last, other_letter(parts[last], signature))),
        ("a disclosure withheld after signing", [&parts[..1], &parts[2..]].concat().join("~")),
    ]
}

fn ours_verifies(
    presented: &str,
    issuer: &Value,
    challenge: &Challenge<'_>,
) -> Result<Value, jose::JoseError> {
    let read = jose::read_sd_jwt(presented)?;
    read.verify(&VerifyingKey::from_jwk(issuer)?)?;
    read.verify_holder(Some(challenge), Window::default(), now())?;
    Ok(Value::Object(read.claims().clone()))
}

#[test]
fn peers_verify_what_we_issue_and_present() {
    for (name, mut peer) in peers() {
        let (issuer, holder) = (key(), key());
        let issued = issue(&claims(holder.public_jwk()), &issuer);
        let shown = jose::present(&issued, &["/name", "/results/1"]).unwrap();
        let presented = jose::bind(&shown, &ASKED, now(), &holder).unwrap();
        let ask = |sd_jwt: &str, audience: &str| {
            json!({
                "sdJwt": sd_jwt, "key": issuer.public_jwk(), "nonce": ASKED.nonce, "audience": audience,
                "iat": now().timestamp(),
            })
        };
        shown_in(&peer.ask("verify", ask(&presented, ASKED.audience)).unwrap());
        for (how, changed) in changed(&presented) {
            assert!(peer.ask("verify", ask(&changed, ASKED.audience)).is_err(), "{name}: {how}");
            assert!(ours_verifies(&changed, issuer.public_jwk(), &ASKED).is_err(), "{name}: {how}");
        }
        assert!(peer.ask("verify", ask(&presented, "https://other.example.org")).is_err(), "{name}");
    }
}

#[test]
fn we_verify_what_peers_issue_and_present() {
    for (name, mut peer) in peers() {
        let issuer = peer.ask("generate", json!({})).unwrap();
        let holder = peer.ask("generate", json!({})).unwrap();
        let (concealed, shown) = frames();
        let issued = peer
            .ask(
                "issue",
                json!({"claims": claims(&holder["public"]), "frame": concealed, "key": issuer["secret"]}),
            )
            .unwrap();
        let presented = present(&mut peer, &issued, &shown, &holder);
        shown_in(&ours_verifies(&presented, &issuer["public"], &ASKED).unwrap());
        for (how, changed) in changed(&presented) {
            assert!(ours_verifies(&changed, &issuer["public"], &ASKED).is_err(), "{name}: {how}");
        }
        for other in [
            Challenge { audience: "https://other.example.org", ..ASKED },
            Challenge { nonce: "another", ..ASKED },
        ] {
            assert!(ours_verifies(&presented, &issuer["public"], &other).is_err(), "{name}: {other:?}");
        }
    }
}

#[test]
fn peers_hold_what_we_issue() {
    for (name, mut peer) in peers() {
        let issuer = key();
        let holder = peer.ask("generate", json!({})).unwrap();
        let issued = issue(&claims(&holder["public"]), &issuer);
        let presented = present(&mut peer, &issued.into(), &frames().1, &holder);
        let payload = ours_verifies(&presented, issuer.public_jwk(), &ASKED);
        shown_in(&payload.unwrap_or_else(|error| panic!("{name}: {error}")));
    }
}

/// A badge as the service gives it out. The node peer fetches the Token Status List
/// that it names; the Python peer reads no status.
#[tokio::test]
async fn peers_verify_our_badges_until_they_are_revoked() {
    let server = Server::start(None, &[]).await;
    let url = server.badge("wallet").await;
    let form = String::from_utf8(server.form(&url, "application/dc+sd-jwt").await).unwrap();
    let shown = jose::present(&form, &[]).unwrap();
    let key = key_of(&server, &form, "ES256").await;
    let ask = |sd_jwt: &str| json!({"sdJwt": sd_jwt, "key": key, "iat": now().timestamp()});
    let mut all = peers();
    for (name, peer) in &mut all {
        let whole = peer.ask("verify", ask(&form)).unwrap();
        assert!(whole["credentialSubject"]["identifier"].is_array(), "{name}: {whole}");
        let less = peer.ask("verify", ask(&shown)).unwrap();
        assert!(less["credentialSubject"].get("identifier").is_none(), "{name}: {less}");
        assert_eq!(less["credentialSubject"]["achievement"], whole["credentialSubject"]["achievement"]);
    }
    for text in [&form, &shown] {
        let report = server.verify("application/dc+sd-jwt", text.clone().into()).await;
        assert_eq!((verdict(&report), &report["form"]), ("valid", &json!("sd-jwt")), "{report:#}");
    }
    server.revoke(&url).await;
    let refusal = all[0].1.ask("verify", ask(&shown)).unwrap_err();
    assert!(refusal.contains("Status is not valid"), "{refusal}");
    let report = server.verify("application/dc+sd-jwt", shown.into()).await;
    assert_eq!(verdict(&report), "invalid", "{report:#}");
}

fn present(peer: &mut Peer, issued: &Value, shown: &Value, holder: &Value) -> String {
    let request = json!({
        "sdJwt": issued, "frame": shown, "nonce": ASKED.nonce, "audience": ASKED.audience,
        "iat": now().timestamp(), "key": holder["secret"],
    });
    peer.ask("present", request).unwrap().as_str().unwrap().to_owned()
}

fn key() -> PrivateKey {
    PrivateKey::generate(Algorithm::Es256).unwrap()
}

fn issue(claims: &Value, key: &PrivateKey) -> String {
    let mut salts = 0;
    let mut salt = |_: &str| {
        salts += 1;
        format!("sixteen-bytes-of-salt-{salts}")
    };
    let concealed = Concealed::new(claims.as_object().unwrap().clone(), &CONCEALED, &mut salt).unwrap();
    let jws = sign_compact(concealed.payload().as_bytes(), key, "k", Some(jose::DC_SD_JWT)).unwrap();
    concealed.with_signature(&jws)
}
