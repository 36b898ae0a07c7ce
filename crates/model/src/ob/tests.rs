use serde_json::json;

use super::*;
use crate::vc::{OneOrMany, Timestamp};

/// A badge as the service issues it.
fn badge() -> AchievementCredential {
    let mut issuer = Profile::new("did:web:badges.example.org");
    issuer.name = Some("Example Academy".into());
    issuer.other_identifier = vec![IdentifierEntry::new("X26", "ext:ODS")];
    let mut criteria = Criteria::new();
    criteria.narrative = Some("Finish **all** parts.".into());
    let mut achievement = Achievement::new(
        "https://badges.example.org/achievements/user-centred-design/1",
        "User centred design",
        "Designing with the people who will use it.",
        criteria,
    );
    achievement.achievement_type = Some(AchievementType::Course);
    achievement.credits_available = Some(credits("6.50".parse().unwrap()));
    achievement.in_language = Some("en".into());
    achievement.result_description =
        vec![ResultDescription::new("urn:uuid:6d0c", "CPD hours", ResultType::from("ext:CpdHours"))];
    let mut subject = AchievementSubject::new(achievement);
    subject.id = Some("urn:uuid:2f1c".into());
    subject.identifier = vec![IdentityObject::clear("Siân Example", IdentifierType::Name)];
    subject.credits_earned = Some(credits("3.00".parse().unwrap()));
    let mut result = Result::new();
    result.result_description = Some("urn:uuid:6d0c".into());
    result.value = Some("3".into());
    subject.result = vec![result];
    let mut badge = AchievementCredential::new(
        contexts(),
        "https://badges.example.org/v1/credentials/2f1c",
        issuer,
        subject,
    );
    let issued: chrono::DateTime<chrono::Utc> = "2026-05-01T09:00:00Z".parse().unwrap();
    badge.valid_from = Some(issued.into());
    let status =
        CredentialStatus::new("https://badges.example.org/status/7#94567", "BitstringStatusListEntry");
    badge.credential_status = Some(OneOrMany::from(status));
    badge
}

fn document() -> Value {
    serde_json::to_value(badge()).unwrap()
}

/// The pointers of the strict and of the lenient faults after one change.
fn faults(change: impl FnOnce(&mut Value)) -> (Vec<String>, Vec<String>) {
    let mut document = document();
    change(&mut document);
    let of = |strictness| {
        lint_as(&document, strictness)
            .into_iter()
            .map(|fault| format!("{} {}", fault.pointer, fault.code))
            .collect()
    };
    (of(Strictness::Strict), of(Strictness::Lenient))
}

fn both(faults: (Vec<String>, Vec<String>)) -> Vec<String> {
    assert_eq!(faults.0, faults.1);
    faults.0
}

fn strict_only(faults: (Vec<String>, Vec<String>)) -> Vec<String> {
    assert_eq!(faults.1, Vec::<String>::new());
    faults.0
}

#[test]
fn whole_credits_are_written_without_a_point() {
    let text = |amount: &str| credits(amount.parse().unwrap()).to_string();
    assert_eq!([text("3.00"), text("6.5"), text("0"), text("10000")], ["3", "6.5", "0", "10000"]);
}

#[test]
fn a_badge_is_written_in_the_strict_shape() {
    let written = document();
    insta::assert_json_snapshot!(written);
    assert_eq!(lint(&written), []);
    assert_eq!(read(&written).unwrap(), badge());
    let schema =
        crate::schema::generate::schema(<AchievementCredential as crate::schema::Described>::class());
    assert!(jsonschema::draft202012::is_valid(&schema, &written));
}

#[test]
fn what_is_required_is_missed() {
    let without = |pointer: &'static str| {
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        both(faults(|badge| {
            badge.pointer_mut(parent).unwrap().as_object_mut().unwrap().shift_remove(name);
        }))
    };
    for pointer in [
        "/id",
        "/issuer",
        "/issuer/id",
        "/validFrom",
        "/credentialSubject",
        "/credentialSubject/achievement",
        "/credentialSubject/achievement/id",
        "/credentialSubject/achievement/name",
        "/credentialSubject/achievement/description",
        "/credentialSubject/achievement/criteria",
        "/credentialStatus/id",
        "/@context",
    ] {
        assert_eq!(without(pointer), [format!("{pointer} missing")]);
    }
    for pointer in
        ["/type", "/issuer/type", "/credentialSubject/type", "/credentialSubject/identifier/0/type"]
    {
        assert_eq!(without(pointer), [format!("{pointer} type")]);
    }
    let criteria = both(faults(|badge| badge["credentialSubject"]["achievement"]["criteria"] = json!({})));
    assert_eq!(criteria, ["/credentialSubject/achievement/criteria missing-one-of"]);
    let nameless = both(faults(|badge| {
        let subject = badge["credentialSubject"].as_object_mut().unwrap();
        subject.shift_remove("id");
        subject.shift_remove("identifier");
    }));
    assert_eq!(nameless, ["/credentialSubject missing-one-of"]);
}

#[test]
fn what_is_malformed_is_named() {
    let put = |pointer: &'static str, value: Value| {
        both(faults(|badge| {
            let (parent, name) = pointer.rsplit_once('/').unwrap();
            badge.pointer_mut(parent).unwrap()[name] = value;
        }))
    };
    for zoneless in ["2026-05-01T09:00:00", "2026-05-01", "2026-02-30T09:00:00Z"] {
        assert_eq!(put("/validFrom", json!(zoneless)), ["/validFrom not-date-time"]);
        assert_eq!(put("/awardedDate", json!(zoneless)), ["/awardedDate not-date-time"]);
    }
    assert_eq!(put("/id", json!("not an iri")), ["/id not-iri"]);
    assert_eq!(
        put("/credentialSubject/creditsEarned", json!("3")),
        ["/credentialSubject/creditsEarned wrong-type"]
    );
    assert_eq!(
        put("/credentialSubject/achievement/achievementType", json!("Lesson")),
        ["/credentialSubject/achievement/achievementType not-a-choice"]
    );
    assert_eq!(
        put("/credentialSubject/achievement/inLanguage", json!("english")),
        ["/credentialSubject/achievement/inLanguage not-language"]
    );
    assert_eq!(put("/endorsementJwt", json!(["x"])), ["/endorsementJwt/0 not-jws"]);
    assert_eq!(put("/issuer", json!(7)), ["/issuer wrong-type"]);
    assert_eq!(put("/type", json!(["VerifiableCredential"])), ["/type type"]);
    assert_eq!(lint(&json!([])).len(), 1);
    let picture = put("/image", json!({"id": "https://a.example.org/i", "type": "Image", "alt": "x"}));
    assert_eq!(picture, ["/image/alt unknown-property"]);
    // Unknown properties elsewhere are for the contexts to judge.
    assert_eq!(put("/somethingElse", json!(1)), Vec::<String>::new());
}

#[test]
fn what_other_validators_accept_passes_only_leniently() {
    let put = |pointer: &'static str, value: Value| {
        strict_only(faults(|badge| {
            let (parent, name) = pointer.rsplit_once('/').unwrap();
            badge.pointer_mut(parent).unwrap()[name] = value;
        }))
    };
    assert_eq!(put("/issuer", json!("did:web:a.example.org")), ["/issuer wrong-type"]);
    assert_eq!(put("/issuer/type", json!("Profile")), ["/issuer/type type"]);
    assert_eq!(put("/proof", json!({"type": "DataIntegrityProof"})), ["/proof not-an-array"]);
    assert_eq!(put("/evidence", json!([])), ["/evidence empty"]);
    assert_eq!(put("/name", json!(null)), ["/name wrong-type"]);
    assert_eq!(put("/image", json!("https://a.example.org/i")), ["/image wrong-type"]);
    assert_eq!(
        put("/credentialSubject/activityEndDate", json!("2026-05-01")),
        ["/credentialSubject/activityEndDate not-date-time"]
    );
    let status = json!([{"id": "urn:a:b", "type": "X"}, {"id": "urn:a:c", "type": "X"}]);
    assert_eq!(put("/credentialStatus", status), ["/credentialStatus wrong-type"]);
    let inline = json!([crate::vc::CREDENTIALS_V2, crate::vc::OPEN_BADGES, {"x": "https://a.example.org/x"}]);
    assert_eq!(put("/@context", inline), ["/@context/2 context"]);
}

#[test]
fn contexts_stand_in_their_order() {
    let put = |contexts: Value| faults(|badge| badge["@context"] = contexts);
    let (v2, ob) = (crate::vc::CREDENTIALS_V2, crate::vc::OPEN_BADGES);
    assert_eq!(strict_only(put(json!([v2, "https://a.example.org", ob]))), ["/@context/1 context"]);
    assert_eq!(both(put(json!([v2]))), ["/@context/1 context"]);
    assert_eq!(both(put(json!(["https://a.example.org", ob]))), ["/@context/0 context"]);
    assert_eq!(both(put(json!(ob))), ["/@context context"]);
}

#[test]
fn a_badge_of_version_1_1_is_read_by_its_own_names() {
    let old = |badge: &mut Value| {
        badge["@context"][0] = json!(crate::vc::CREDENTIALS_V1);
        let members = badge.as_object_mut().unwrap();
        let from = members.shift_remove("validFrom").unwrap();
        members.insert("issuanceDate".into(), from);
    };
    assert_eq!(strict_only(faults(old)), ["/@context/0 context"]);
    let mut badge = document();
    old(&mut badge);
    assert_eq!(read(&badge).unwrap().begins().map(Timestamp::as_str), Some("2026-05-01T09:00:00Z"));
    let undated = faults(|badge| {
        old(badge);
        badge.as_object_mut().unwrap().shift_remove("issuanceDate");
    });
    assert_eq!(undated.1, ["/issuanceDate missing"]);
}

#[test]
fn an_endorsement_is_checked_as_one_within_a_badge_too() {
    let mut subject = EndorsementSubject::new("https://badges.example.org/issuers/imperial");
    subject.endorsement_comment = Some("Accredited until 2027.".into());
    let mut endorsement = EndorsementCredential::new(
        contexts(),
        "urn:uuid:77",
        "Accreditation",
        Profile::new("did:web:badges.example.org"),
        subject,
    );
    endorsement.valid_from = badge().valid_from;
    let mut written = serde_json::to_value(&endorsement).unwrap();
    assert_eq!(lint(&written), []);
    assert_eq!(read_endorsement(&written).unwrap(), endorsement);
    written.as_object_mut().unwrap().shift_remove("name");
    assert_eq!(lint(&written)[0].pointer, "/name");
    let nested = both(faults(|badge| badge["endorsement"] = json!([written])));
    assert_eq!(nested, ["/endorsement/0/name missing"]);
}

#[test]
fn a_badge_read_keeps_what_it_does_not_know() {
    let mut document = document();
    document["credentialSubject"]["achievement"]["ourOwn"] = json!({"a": [1, 2.5, null]});
    document["image"] = json!("https://a.example.org/i.png");
    document["credentialSubject"]["identifier"] = document["credentialSubject"]["identifier"][0].take();
    let read = read(&document).unwrap();
    assert_eq!(read.credential_subject.achievement.extensions["ourOwn"], json!({"a": [1, 2.5, null]}));
    assert_eq!(read.image.as_ref().unwrap().id, "https://a.example.org/i.png");
    assert_eq!(read.credential_subject.identifier[0].identity_hash, "Siân Example");
}
