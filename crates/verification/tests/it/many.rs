//! Many in one call, each as it would be alone.

use std::sync::Arc;

use model::clock::FixedClock;
use model::report::{Report, Verdict};
use serde_json::Value;
use verification::{Expectation, Fetch, Item, Submission, Verifier};

use crate::support::{BADGE_ID, LIST, Web, badge, issuer, now, status_list, verifier, with_status};

fn signed(number: usize) -> Value {
    let mut badge = badge(&issuer().did());
    badge["id"] = format!("{BADGE_ID}{number}").into();
    issuer().sign(with_status(badge, &number.to_string(), "revocation"))
}

fn web() -> Web {
    let list = status_list(&issuer().did(), "revocation", &[3, 5]);
    Web::default().with(LIST, &issuer().sign(list))
}

#[tokio::test]
async fn many_get_the_reports_that_each_gets_alone_and_share_what_they_have_in_common() {
    let mut submissions: Vec<Submission> = (0..120)
        .map(|number| {
            let mut badge = signed(number);
            match number % 12 {
                7 => badge["name"] = "Another".into(),
                8 => badge["proof"]["proofValue"] = "z1".into(),
                9 => badge["undefined"] = true.into(),
                10 => badge["issuer"]["id"] = "did:web:nobody.example.org".into(),
                _ => {}
            }
            Submission::Json(badge.to_string().into_bytes())
        })
        .collect();
    submissions.push(Submission::Json(b"{}".to_vec()));
    let nobody = Expectation::default();
    let somebody = Expectation { recipient: Some("someone@example.org".into()), ..Expectation::default() };
    let asked = || {
        submissions
            .iter()
            .enumerate()
            .map(|(number, submission)| (submission, if number % 11 == 0 { &somebody } else { &nobody }))
    };
    let mut alone: Vec<Report> = Vec::new();
    for (submission, expectation) in asked() {
        alone.push(verifier(web()).verify(submission, expectation).await);
    }
    let items: Vec<(Item, Expectation)> = asked()
        .map(|(submission, expectation)| (Item::Submission(submission.clone()), expectation.clone()))
        .collect();
    let web = Arc::new(web());
    let fetch: Arc<dyn Fetch> = Arc::<Web>::clone(&web);
    let together = Verifier::new(fetch, Arc::new(FixedClock::new(now()))).verify_items(&items).await;
    assert_eq!(together, alone);
    assert!(together.iter().any(|report| report.verdict == Verdict::Valid));
    // The status list, and the document that did:web:nobody has not got.
    assert_eq!(web.asked.lock().unwrap().len(), 2);
    // In calls of their own that run at the same time, once the key is met often.
    let moment = verifier(self::web()).for_a_moment();
    for _ in 0..2 {
        let calls = asked().map(|(submission, expectation)| moment.verify(submission, expectation));
        assert_eq!(futures_util::future::join_all(calls).await, alone);
    }
}
