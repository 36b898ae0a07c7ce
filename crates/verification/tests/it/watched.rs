//! Looking again whether what was checked stands.

use std::sync::Arc;

use model::clock::FixedClock;
use serde_json::{Value, json};
use verification::{Standing, Statement, Verifier, recognise};

use crate::support::*;

fn statement(credential: &Value) -> Statement {
    Statement::of(&recognise(credential.to_string().as_bytes(), None)).unwrap()
}

async fn standing(web: Web, credentials: &[Value]) -> Vec<Option<Standing>> {
    let verifier = Verifier::new(Arc::new(web), Arc::new(FixedClock::new(now())));
    verifier.standing(&credentials.iter().map(statement).collect::<Vec<_>>()).await
}

#[tokio::test]
async fn lists_and_dates_say_how_a_credential_stands_and_silence_says_nothing() {
    let did = issuer().did();
    for (purpose, marked) in [("revocation", Standing::Revoked), ("suspension", Standing::Suspended)] {
        let signed = issuer().sign(with_status(badge(&did), "94567", purpose));
        for (set, expected) in [(94_567, marked), (94_566, Standing::Active)] {
            let list = issuer().sign(status_list(&did, purpose, &[set]));
            let found = standing(Web::default().with(LIST, &list), std::slice::from_ref(&signed)).await;
            assert_eq!(found, [Some(expected)], "{purpose} {set}");
        }
        assert_eq!(standing(Web::default(), std::slice::from_ref(&signed)).await, [None], "no list");
        let mut forged = issuer().sign(status_list(&did, purpose, &[1]));
        forged["credentialSubject"]["encodedList"] =
            status_list(&did, purpose, &[94_567])["credentialSubject"]["encodedList"].take();
        assert_eq!(standing(Web::default().with(LIST, &forged), &[signed]).await, [None], "a forged list");
    }
    let mut over = badge(&did);
    over["validUntil"] = json!("2020-01-01T00:00:00Z");
    assert_eq!(standing(Web::default(), &[over]).await, [Some(Standing::Expired)]);
}

#[tokio::test]
async fn nothing_of_the_holder_is_kept_and_the_list_is_fetched_once() {
    let did = issuer().did();
    let signed = issuer().sign(with_status(badge(&did), "94567", "revocation"));
    let kept = serde_json::to_string(&statement(&signed)).unwrap();
    assert!(!kept.contains("credentialSubject") && !kept.contains("proof"), "{kept}");
    assert_eq!(statement(&signed).lists(), [LIST]);
    let list = issuer().sign(status_list(&did, "revocation", &[94_567]));
    let web = Arc::new(Web::default().with(LIST, &list));
    let verifier = Verifier::new(web.clone(), Arc::new(FixedClock::new(now())));
    let many = vec![statement(&signed); 50];
    assert_eq!(verifier.standing(&many).await, vec![Some(Standing::Revoked); 50]);
    assert_eq!(web.asked.lock().unwrap().iter().filter(|(url, _)| url == LIST).count(), 1);
}
