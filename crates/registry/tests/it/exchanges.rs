//! Exchanges of the VC API, beside the other ways to take an offer and to answer a request.

use chrono::{DateTime, TimeDelta, Utc};
use model::id::{OfferId, PresentationRequestId, WalletIssueId};
use registry::{
    ExchangeState, Issued, NewAnswer, NewClient, NewOffer, NewPresentationRequest, NewWalletToken, Read,
    Registry, Taken,
};
use serde_json::json;
use testkit::{backends, completion, noon};

use crate::support::{entropy, issue};

const HOLDER: &str = "did:key:z6MkjchhfUsD6mmvni8mCdXHw216Xrm9bQe2mBH1P5RDjVJG";
const OTHER: &str = "did:key:z6MknGc3ocHs3zdPiJbnaaqDi58NGb4pk1Sp9WxWufuXSdxf";

/// An offer of the badge, which can be taken in an exchange unless it has a transaction code.
fn offered(db: &Registry, issued: &Issued, transaction_code: Option<&str>) -> OfferId {
    let id = OfferId::random(entropy());
    let offer = NewOffer {
        id,
        credential: issued.credential_id,
        by: "trust-system",
        code: "code",
        issuer_state: "state",
        transaction_code,
        exchange: transaction_code.is_none().then_some("secret"),
        expires: noon() + TimeDelta::hours(1),
    };
    db.offer(&offer, noon()).unwrap();
    id
}

fn take(db: &Registry, holder: &str, now: DateTime<Utc>) -> Taken {
    db.take_in_exchange("secret", holder, WalletIssueId::random(entropy()), now).unwrap()
}

fn is_taken(taken: &Taken, id: OfferId) -> bool {
    matches!(taken, Taken::Offer(offer) if offer.id == id)
}

fn token(db: &Registry) -> Taken {
    let token = NewWalletToken { token: "t", expires: noon() + TimeDelta::minutes(30) };
    db.take_offer("code", None, token, noon()).unwrap()
}

backends! {
    fn an_offer_is_taken_in_one_exchange_by_one_holder(db: TestDb) {
        let db = db.with_catalogue();
        let issued = issue(&db, &completion("Rhiannon Test").build());
        let id = offered(&db, &issued, None);
        assert_eq!(db.offer_exchange("another", noon()).unwrap(), None);
        let state = |now| db.offer_exchange("secret", now).unwrap().map(|it| (it.state, it.is_open, it.by));
        let by = || "trust-system".to_owned();
        assert_eq!(state(noon()), Some((ExchangeState::Pending, true, by())));
        db.begin_offer_exchange(id, noon()).unwrap();
        db.begin_offer_exchange(id, noon() + TimeDelta::minutes(1)).unwrap();
        assert_eq!(state(noon()), Some((ExchangeState::Active, true, by())));
        assert!(is_taken(&take(&db, HOLDER, noon()), id));
        assert_eq!(state(noon()), Some((ExchangeState::Complete, true, by())));
        assert!(is_taken(&take(&db, HOLDER, noon()), id), "the answer was lost");
        assert_eq!(take(&db, OTHER, noon()), Taken::Unknown, "another holder");
        assert_eq!(token(&db), Taken::Unknown, "another protocol");
        let late = noon() + TimeDelta::minutes(61);
        assert_eq!(take(&db, HOLDER, late), Taken::Unknown, "the offer has ended");
        assert_eq!(state(late), Some((ExchangeState::Complete, false, by())));
        assert_eq!(db.number("SELECT count(*) AS number FROM wallet_issues WHERE form = 'ldp_vc'"), 1);
        assert!(db.offers_of(issued.credential_id).unwrap()[0].taken.is_some());
        let plain = "SELECT count(*) AS number FROM wallet_offers \
                     WHERE exchange_digest LIKE '%secret%' OR exchange_holder LIKE '%did%'";
        assert_eq!(db.number(plain), 0);
    }

    fn an_offer_that_another_protocol_took_or_that_ended_is_taken_in_no_exchange(db: TestDb) {
        let db = db.with_catalogue();
        let issued = issue(&db, &completion("Rhiannon Test").build());
        let id = offered(&db, &issued, None);
        let late = noon() + TimeDelta::minutes(61);
        assert_eq!(take(&db, HOLDER, late), Taken::Unknown);
        let found = db.offer_exchange("secret", late).unwrap().unwrap();
        assert_eq!((found.state, found.is_open), (ExchangeState::Invalid, false));
        assert!(is_taken(&token(&db), id));
        assert_eq!(take(&db, HOLDER, noon()), Taken::Unknown);
        let found = db.offer_exchange("secret", noon()).unwrap().unwrap();
        assert_eq!((found.state, found.is_open), (ExchangeState::Complete, false));
    }

    fn a_transaction_code_opens_an_exchange_and_leaves_the_offer_to_be_taken(db: TestDb) {
        let db = db.with_catalogue();
        let issued = issue(&db, &completion("Rhiannon Test").build());
        let id = offered(&db, &issued, Some("123456"));
        assert_eq!(db.offer_exchange("secret", noon()).unwrap(), None, "not without the code");
        let open = |code: &str, secret: &str| db.open_exchange("code", code, secret, noon()).unwrap();
        assert_eq!(db.open_exchange("other", "123456", "secret", noon()).unwrap(), Taken::Unknown);
        assert_eq!(open("654321", "secret"), Taken::CodeWrong { left: 4 });
        assert_eq!(db.offer_exchange("secret", noon()).unwrap(), None);
        assert!(is_taken(&open("123456", "first"), id));
        assert!(is_taken(&open("123456", "secret"), id), "the page was sent twice");
        assert_eq!(db.offer_exchange("first", noon()).unwrap(), None, "the last secret is the one");
        assert!(is_taken(&take(&db, HOLDER, noon()), id));
        assert_eq!(open("123456", "third"), Taken::Unknown, "taken");
    }

    fn a_code_that_is_wrong_too_often_opens_nothing(db: TestDb) {
        let db = db.with_catalogue();
        let issued = issue(&db, &completion("Rhiannon Test").build());
        offered(&db, &issued, Some("123456"));
        for left in (0..5).rev() {
            assert_eq!(db.open_exchange("code", "0", "secret", noon()).unwrap(), Taken::CodeWrong { left });
        }
        assert_eq!(db.open_exchange("code", "123456", "secret", noon()).unwrap(), Taken::Unknown);
    }

    fn an_offer_s_exchange_goes_with_the_person(db: TestDb) {
        let db = db.with_catalogue();
        let issued = issue(&db, &completion("Rhiannon Test").build());
        offered(&db, &issued, None);
        take(&db, HOLDER, noon());
        let learner = db.holder_of(issued.credential_id).unwrap().unwrap();
        db.erase(learner, false, "registrar", noon(), entropy()).unwrap().unwrap();
        assert_eq!(take(&db, HOLDER, noon()), Taken::Unknown);
        assert_eq!(db.offer_exchange("secret", noon()).unwrap(), None);
    }

    fn a_request_is_answered_in_an_exchange_once_and_the_same_is_known_again(db: TestDb) {
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
        let id = PresentationRequestId::random(entropy());
        let request = NewPresentationRequest {
            id,
            client: "employer",
            secret: "secret",
            audience: "decentralized_identifier:did:web:badges.example.org",
            asked: &json!({"purpose": "To check training"}),
            expires: noon() + TimeDelta::minutes(10),
            kept_until: noon() + TimeDelta::days(1),
        };
        db.ask_presentation(&request, noon()).unwrap();
        let state = |now| db.presentation_request(id).unwrap().unwrap().exchange_state(now);
        assert_eq!(state(noon()), ExchangeState::Pending);
        assert_eq!(state(noon() + TimeDelta::minutes(11)), ExchangeState::Invalid);
        db.begin_presentation_exchange(id, noon()).unwrap();
        assert_eq!(state(noon()), ExchangeState::Active);
        assert!(!db.was_presented(id, "one").unwrap());
        let code = db.response_code(id, "one");
        assert_ne!(code, db.response_code(id, "other"));
        let about = [learner];
        let answer = NewAnswer {
            body: "Rhiannon Test",
            about: &about,
            response_code: Some(&code),
            presented: Some("one"),
        };
        assert!(db.answer_presentation(id, &answer, noon(), entropy()).unwrap());
        assert_eq!(state(noon() + TimeDelta::minutes(11)), ExchangeState::Complete);
        assert!(db.was_presented(id, "one").unwrap());
        assert!(!db.was_presented(id, "other").unwrap());
        assert!(!db.was_presented(PresentationRequestId::random(entropy()), "one").unwrap());
        assert_eq!(db.presentation_answer(id, Some(&code)).unwrap(), Read::Answer("Rhiannon Test".to_owned()));
        db.erase(learner, false, "registrar", noon(), entropy()).unwrap().unwrap();
        assert!(!db.was_presented(id, "one").unwrap(), "nothing of it is left");
    }
}
