use chrono::TimeDelta;
use model::id::{LearnerId, OfferId, PresentationRequestId, WalletIssueId};
use registry::{
    Issue, Issued, NewAnswer, NewClient, NewOffer, NewPresentationRequest, NewWalletToken, Read, Registry,
    Taken,
};
use serde_json::json;
use testkit::{backends, completion, noon};

use crate::support::{entropy, issue};

const KEY: &str = r#"{"kty":"EC","crv":"P-256","x":"wallet-of-rhiannon","y":"B"}"#;

fn offered(db: &Registry, issued: &Issued, name: &str, transaction_code: Option<&str>) -> OfferId {
    let id = OfferId::random(entropy());
    let (code, state, exchange) =
        (format!("code-{name}"), format!("state-{name}"), format!("exchange-{name}"));
    let offer = NewOffer {
        id,
        credential: issued.credential_id,
        by: "trust-system",
        code: &code,
        issuer_state: &state,
        transaction_code,
        exchange: transaction_code.is_none().then_some(exchange.as_str()),
        expires: noon() + TimeDelta::hours(1),
    };
    db.offer(&offer, noon()).unwrap();
    id
}

fn token(token: &str) -> NewWalletToken<'_> {
    NewWalletToken { token, expires: noon() + TimeDelta::minutes(30) }
}

fn is_offer(taken: &Taken, id: OfferId) -> bool {
    matches!(taken, Taken::Offer(offer) if offer.id == id)
}

backends! {
    fn an_offer_is_taken_once_and_in_time(db: TestDb) {
        let db = db.with_catalogue();
        let issued = issue(&db, &completion("Rhiannon Test").build());
        let id = offered(&db, &issued, "a", None);
        assert_eq!(db.offer_by_code("code-a", noon()).unwrap().unwrap().credential, issued.credential_id);
        assert_eq!(db.take_offer("code-b", None, token("t"), noon()).unwrap(), Taken::Unknown);
        assert_eq!(db.take_offer("code-a", Some("1"), token("t"), noon()).unwrap(), Taken::CodeUnexpected);
        assert!(is_offer(&db.take_offer("code-a", None, token("t"), noon()).unwrap(), id));
        assert_eq!(db.take_offer("code-a", None, token("u"), noon()).unwrap(), Taken::Unknown, "used");
        assert_eq!(db.offer_by_code("code-a", noon()).unwrap(), None);
        assert_eq!(db.offer_of_token("t", noon()).unwrap().unwrap().id, id);
        assert_eq!(db.offer_of_token("u", noon()).unwrap(), None);
        assert_eq!(db.offer_of_token("t", noon() + TimeDelta::minutes(30)).unwrap(), None, "ended");
        offered(&db, &issued, "late", None);
        let late = noon() + TimeDelta::minutes(61);
        assert_eq!(db.take_offer("code-late", None, token("v"), late).unwrap(), Taken::Unknown);
        assert_eq!(db.number("SELECT count(*) AS number FROM wallet_offers WHERE code_digest LIKE '%code%'"), 0);
    }

    fn a_transaction_code_can_be_tried_five_times(db: TestDb) {
        let db = db.with_catalogue();
        let issued = issue(&db, &completion("Rhiannon Test").build());
        let id = offered(&db, &issued, "a", Some("123456"));
        assert_eq!(db.take_offer("code-a", None, token("t"), noon()).unwrap(), Taken::CodeMissing);
        for left in (1..5).rev() {
            let wrong = db.take_offer("code-a", Some("654321"), token("t"), noon()).unwrap();
            assert_eq!(wrong, Taken::CodeWrong { left });
        }
        assert!(is_offer(&db.take_offer("code-a", Some("123456"), token("t"), noon()).unwrap(), id));
        offered(&db, &issued, "b", Some("123456"));
        for _ in 0..5 {
            db.take_offer("code-b", Some("0"), token("u"), noon()).unwrap();
        }
        assert_eq!(db.take_offer("code-b", Some("123456"), token("u"), noon()).unwrap(), Taken::Unknown, "void");
        let offers = db.offers_of(issued.credential_id).unwrap();
        assert_eq!(offers.iter().filter(|offer| offer.is_void).count(), 1);
        assert_eq!(offers.iter().filter(|offer| offer.taken.is_some()).count(), 1);
    }

    fn an_authorisation_code_is_good_once_and_for_whom_it_was_made(db: TestDb) {
        let db = db.with_catalogue();
        let issued = issue(&db, &completion("Rhiannon Test").build());
        let id = offered(&db, &issued, "a", Some("123456"));
        let bound = ["wallet", "https://wallet.example.org", "challenge"];
        let soon = noon() + TimeDelta::minutes(1);
        let wrong = db.authorise_offer("state-a", Some("0"), ("c", &bound), soon, noon()).unwrap();
        assert_eq!(wrong, Taken::CodeWrong { left: 4 });
        assert!(is_offer(&db.authorise_offer("state-a", Some("123456"), ("c", &bound), soon, noon()).unwrap(), id));
        let pre_authorised = db.take_offer("code-a", Some("123456"), token("t"), noon()).unwrap();
        assert_eq!(pre_authorised, Taken::Unknown, "an offer is taken one way");
        for other in [["other", bound[1], bound[2]], [bound[0], "https://evil.example.org", bound[2]], [bound[0], bound[1], "x"]] {
            assert_eq!(db.exchange_code("c", &other, token("t"), noon()).unwrap(), Taken::Unknown);
        }
        let late = db.exchange_code("c", &bound, token("t"), soon + TimeDelta::seconds(1)).unwrap();
        assert_eq!(late, Taken::Unknown);
        assert!(is_offer(&db.exchange_code("c", &bound, token("t"), noon()).unwrap(), id));
        assert!(db.offer_of_token("t", noon()).unwrap().is_some());
        assert_eq!(db.exchange_code("c", &bound, token("u"), noon()).unwrap(), Taken::Unknown);
        assert_eq!(db.offer_of_token("t", noon()).unwrap(), None, "a code used twice takes its token back");
    }

    fn a_nonce_is_used_once_and_only_one_of_ours(db: TestDb) {
        let nonce = db.nonce(noon(), TimeDelta::minutes(5), entropy());
        assert_ne!(nonce, db.nonce(noon(), TimeDelta::minutes(5), entropy()));
        assert!(!db.use_nonce("", noon()).unwrap());
        for place in [0, 20, 60] {
            let mut forged = nonce.clone().into_bytes();
            forged[place] = if forged[place] == b'0' { b'1' } else { b'0' };
            assert!(!db.use_nonce(std::str::from_utf8(&forged).unwrap(), noon()).unwrap(), "at {place}");
        }
        assert!(!db.use_nonce(&nonce.to_uppercase(), noon()).unwrap());
        assert!(!db.use_nonce(&nonce, noon() + TimeDelta::minutes(6)).unwrap());
        assert!(db.use_nonce(&nonce, noon()).unwrap());
        assert!(!db.use_nonce(&nonce, noon()).unwrap());
        assert_eq!(db.number("SELECT count(*) AS number FROM wallet_nonces"), 1, "nothing is written before");
        assert_eq!(db.expire(noon() + TimeDelta::minutes(6)).unwrap(), 1);
    }

    fn an_offer_is_bound_to_one_key_which_is_sealed_and_goes_with_the_person(db: TestDb) {
        let db = db.with_catalogue();
        let issued = issue(&db, &completion("Rhiannon Test").build());
        let id = offered(&db, &issued, "a", None);
        assert_eq!(db.key_of_offer(id).unwrap(), None);
        assert!(db.bind_offer(id, KEY, entropy()).unwrap());
        assert!(db.bind_offer(id, KEY, entropy()).unwrap(), "the same again");
        assert!(!db.bind_offer(id, "{}", entropy()).unwrap(), "another");
        assert_eq!(db.key_of_offer(id).unwrap().as_deref(), Some(KEY));
        let plain = "SELECT count(*) AS number FROM wallet_offers WHERE holder LIKE '%wallet%'";
        assert_eq!(db.number(plain), 0);

        let waiting = WalletIssueId::random(entropy());
        let note = Issue { id: waiting, offer: id, form: "dc+sd-jwt", is_given: false };
        db.record_issue(&note, noon()).unwrap();
        assert!(!db.notify_issue(id, waiting, "credential_accepted", noon()).unwrap(), "not given yet");
        assert_eq!(db.deferred_issue(id, waiting).unwrap().as_deref(), Some("dc+sd-jwt"));
        assert_eq!(db.deferred_issue(OfferId::random(entropy()), waiting).unwrap(), None);
        assert!(db.finish_issue(id, waiting, noon()).unwrap());
        assert!(!db.finish_issue(id, waiting, noon()).unwrap());
        assert!(db.notify_issue(id, waiting, "credential_accepted", noon()).unwrap());
        assert_eq!(db.offers_of(issued.credential_id).unwrap()[0].event.as_deref(), Some("credential_accepted"));

        let learner = db.holder_of(issued.credential_id).unwrap().unwrap();
        db.erase(learner, false, "registrar", noon(), entropy()).unwrap().unwrap();
        assert_eq!(db.number("SELECT count(*) AS number FROM wallet_offers"), 0);
        assert_eq!(db.number("SELECT count(*) AS number FROM wallet_issues"), 0);
        assert!(db.bind_offer(id, KEY, entropy()).is_err());
    }

    fn an_answer_is_given_once_read_by_its_code_and_goes_with_the_person(db: TestDb) {
        let db = db.with_catalogue();
        let issued = issue(&db, &completion("Rhiannon Test").build());
        let learner = db.holder_of(issued.credential_id).unwrap().unwrap();
        let client = NewClient {
            id: "employer".to_owned(),
            name: "Example Trust".to_owned(),
            provider: None,
            role: "auditor".to_owned(),
            scopes: Vec::new(),
            jwks: None,
            secret_hash: None,
        };
        db.create_client(&client, noon()).unwrap();
        let asked = json!({"purpose": "To check training"});
        let ask = |secret: &str| {
            let id = PresentationRequestId::random(entropy());
            let request = NewPresentationRequest {
                id,
                client: "employer",
                secret,
                audience: "decentralized_identifier:did:web:badges.example.org",
                asked: &asked,
                expires: noon() + TimeDelta::minutes(10),
                kept_until: noon() + TimeDelta::days(1),
            };
            db.ask_presentation(&request, noon()).unwrap();
            id
        };
        let answer = |about: &'static [LearnerId], response_code: Option<&'static str>| NewAnswer {
            body: "Rhiannon Test",
            about,
            response_code,
            presented: None,
        };
        let (one, other) = (ask("s-1"), ask("s-2"));
        assert_eq!(db.presentation_request_at("s-1").unwrap().unwrap().id, one);
        assert_eq!(db.presentation_request_at("s-3").unwrap(), None);
        assert_eq!(db.presentation_request(one).unwrap().unwrap().asked, asked);
        assert_eq!(db.presentation_answer(one, None).unwrap(), Read::Waiting);
        let late = noon() + TimeDelta::minutes(11);
        assert!(!db.answer_presentation(one, &answer(&[], None), late, entropy()).unwrap());
        let about: &'static [LearnerId] = Vec::leak(vec![learner, learner]);
        assert!(db.answer_presentation(one, &answer(about, Some("r-1")), noon(), entropy()).unwrap());
        assert!(!db.answer_presentation(one, &answer(&[], None), noon(), entropy()).unwrap(), "replayed");
        assert_eq!(db.presentation_answer(one, None).unwrap(), Read::OtherCode);
        assert_eq!(db.presentation_answer(one, Some("r-2")).unwrap(), Read::OtherCode);
        assert_eq!(db.presentation_answer(one, Some("r-1")).unwrap(), Read::Answer("Rhiannon Test".to_owned()));
        let plain = "SELECT count(*) AS number FROM presentation_requests WHERE answer LIKE '%Rhiannon%'";
        assert_eq!(db.number(plain), 0);

        assert!(db.answer_presentation(other, &answer(&[], None), noon(), entropy()).unwrap());
        db.erase(learner, false, "registrar", noon(), entropy()).unwrap().unwrap();
        assert_eq!(db.presentation_answer(one, Some("r-1")).unwrap(), Read::Erased);
        assert_eq!(db.presentation_answer(other, None).unwrap(), Read::Answer("Rhiannon Test".to_owned()));
        assert_eq!(db.expire(noon() + TimeDelta::days(2)).unwrap(), 2);
        assert_eq!(db.presentation_request(one).unwrap(), None);
    }

    fn what_is_over_is_swept_with_what_hangs_on_it(db: TestDb) {
        let db = db.with_catalogue();
        let issued = issue(&db, &completion("Rhiannon Test").build());
        let id = offered(&db, &issued, "a", None);
        offered(&db, &issued, "b", None);
        db.take_offer("code-a", None, token("t"), noon()).unwrap();
        let note = Issue { id: WalletIssueId::random(entropy()), offer: id, form: "ldp_vc", is_given: true };
        db.record_issue(&note, noon()).unwrap();
        assert_eq!(db.expire(noon() + TimeDelta::days(29)).unwrap(), 0);
        assert_eq!(db.expire(noon() + TimeDelta::days(31)).unwrap(), 2);
        assert_eq!(db.number("SELECT count(*) AS number FROM wallet_issues"), 0);
    }
}
