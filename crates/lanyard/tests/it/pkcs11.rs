//! Keys in a PKCS#11 token, against SoftHSM.

use std::{fs, time::Duration};

use serde_json::Value;
use testkit::SoftHsm;

use crate::{cli::run, server::Server};

const LABEL: &str = "lanyard-sample";

async fn server(softhsm: &SoftHsm, pin_file: &str) -> Server {
    let (name, value) = softhsm.environment();
    let settings = [
        (name, value.to_str().unwrap()),
        ("LANYARD_PKCS11_MODULE", SoftHsm::MODULE),
        ("LANYARD_PKCS11_TOKEN", LABEL),
        ("LANYARD_PKCS11_PIN_FILE", pin_file),
    ];
    Server::start(None, &settings).await
}

/// The key that signed a token, by its header.
fn kid(token: &[u8]) -> String {
    let token = std::str::from_utf8(token).unwrap();
    jose::read_compact(token).unwrap().header.kid.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_issuer_moves_into_a_token_and_signs_there() {
    let softhsm = SoftHsm::new(LABEL);
    let folder = tempfile::tempdir().unwrap();
    let pin_file = folder.path().join("pin");
    fs::write(&pin_file, SoftHsm::PIN).unwrap();
    let mut server = server(&softhsm, pin_file.to_str().unwrap()).await;
    let before = server.badge("before").await;

    let (code, out, err) = run(&server, &["keys", "rotate", "--issuer", "nhs-digital-academy", "--pkcs11"]);
    assert_eq!(code, 0, "{err}");
    assert_eq!(out.matches("in the token `lanyard-sample`").count(), 2, "{out}");
    tokio::time::sleep(Duration::from_millis(1500)).await;
    let after = server.badge("after").await;
    for url in [&before, &after] {
        for form in ["application/vc+ld+json", "application/vc+jwt", "image/png"] {
            let report = server.verify(form, server.form(url, form).await).await;
            assert_eq!(report["verdict"], "valid", "{form}: {report}");
        }
    }
    let [first, second] =
        [server.form(&before, "application/vc+jwt").await, server.form(&after, "application/vc+jwt").await];
    assert_ne!(kid(&first), kid(&second));
    let again = server.form(&after, "application/vc+jwt").await;
    assert_eq!(again, second, "what is stored is what is served");

    let (code, out, _) = run(&server, &["doctor"]);
    assert!(code == 0 && out.contains("pkcs11: the token `lanyard-sample`"), "{out}");
    assert!(!out.contains(SoftHsm::PIN) && !server.log().contains(SoftHsm::PIN));

    // The PIN is wrong for a while: nothing is lost, and the operator is told why.
    server.kill();
    fs::write(&pin_file, "0000-sample-pin").unwrap();
    server.run().await;
    let refused = server.complete("waiting").await.unwrap();
    assert_eq!(refused.status(), 503);
    let problem: Value = refused.json().await.unwrap();
    assert!(!problem.to_string().contains("pin"), "{problem}");
    assert!(server.log().contains("it refuses the PIN"), "{}", server.log());
    let (code, out, _) = run(&server, &["doctor"]);
    assert!(code == 1 && out.contains("WRONG  pkcs11") && out.contains("pkcs11_pin"), "{out}");
    server.kill();
    fs::write(&pin_file, SoftHsm::PIN).unwrap();
    server.run().await;
    let answer = server.complete("waiting").await.unwrap();
    assert_eq!(answer.status(), 200, "it was issued at the start");
    let answer: Value = answer.json().await.unwrap();
    let url = answer["credential"]["url"].as_str().unwrap().to_owned();
    let report = server.verify("application/vc+jwt", server.form(&url, "application/vc+jwt").await).await;
    assert_eq!(report["verdict"], "valid", "{report}");
    let audit = server.audit();
    assert_eq!(
        (&audit["audit"]["pending"], &audit["audit"]["completions"]),
        (&0.into(), &3.into()),
        "{audit}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_marked_as_compromised_only_when_that_was_meant() {
    let server = Server::start(None, &[]).await;
    server.badge("one").await;
    let (_, list, _) = run(&server, &["keys", "list"]);
    let id = list
        .lines()
        .find(|line| line.starts_with("nhs-digital-academy-es256"))
        .and_then(|line| line.split_whitespace().next())
        .unwrap();
    let compromise = |arguments: &[&str]| run(&server, &[&["keys", "compromise", id], arguments].concat());

    let (code, _, err) = compromise(&["--since", "2026-05-01"]);
    assert!(code == 2 && err.contains("cannot be undone") && err.contains("nothing was changed"), "{err}");
    assert!(err.contains("It signed 1 credential(s)."), "{err}");
    for (since, reason) in [("yesterday", "neither a day"), ("2999-01-01", "still to come")] {
        let (code, _, err) = compromise(&["--since", since, "--yes"]);
        assert!(code == 2 && err.contains(reason), "{err}");
    }
    assert_eq!(run(&server, &["keys", "list"]).1, list);

    let (code, out, err) = compromise(&["--since", "2026-05-01", "--yes"]);
    assert_eq!(code, 0, "{err}");
    assert!(
        out.contains("compromised since 2026-05-01 00:00:00 UTC")
            && out.contains("made nhs-digital-academy-es256"),
        "{out}"
    );
    let (code, again, _) = compromise(&["--since", "2026-05-02", "--yes"]);
    assert!(
        code == 0 && again.contains("since 2026-05-01") && !again.contains("made nhs-digital-academy-es256"),
        "{again}"
    );

    let (code, _, err) = run(&server, &["keys", "compromise", "nobody", "--since", "2026-05-01", "--yes"]);
    assert!(code == 2 && err.contains("no key `nobody`"), "{err}");
    tokio::time::sleep(Duration::from_millis(1500)).await;
    server.badge("two").await;
}
