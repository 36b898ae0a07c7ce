use chrono::TimeDelta;
use model::{
    core_skills::{ClaimMetadata, CoreSkillsAsk, StatedConsent, StatedCoreSkill},
    id::LearnerId,
    learner::Identifier,
};
use registry::{ClaimKept, CoreSkillsRequest, Granted, NewClient, Reach, Registry, RegistryError};
use testkit::{backends, catalogue::slug, completion, noon};

use crate::support::{entropy, issue};

fn client(db: &Registry, id: &str) {
    let client = NewClient {
        id: id.to_owned(),
        name: "Sample passport".to_owned(),
        provider: None,
        scopes: vec![],
        secret_hash: None,
        jwks: None,
        role: "registrar".to_owned(),
    };
    assert!(db.create_client(&client, noon()).unwrap());
}

fn skill(reference: &str, provider: &str) -> StatedCoreSkill {
    let line = |text: &str| text.to_owned();
    StatedCoreSkill {
        subject: slug("fire-safety"),
        completed_on: noon().date_naive(),
        expires_on: None,
        claim: ClaimMetadata {
            origin: line("https://learning.example.org"),
            assurance_policy: line("local"),
            assurance_outcome: line("passed"),
            provider: line(provider),
            verifier: line("Sample Trust"),
            verification_method: line("register"),
            pedigree: line("primary"),
            last_refresh: line("2026-05-01T00:00:00Z"),
            unique_identifier: line(reference),
        },
    }
}

fn consent(reads: bool, writes: bool) -> StatedConsent {
    StatedConsent {
        client: "passport".to_owned(),
        purpose: slug("pre-employment-check"),
        reads,
        writes,
        subjects: vec![],
        until: noon() + TimeDelta::days(7),
    }
}

fn ask_of(identifiers: Vec<Identifier>, skills: Vec<StatedCoreSkill>) -> CoreSkillsAsk {
    CoreSkillsAsk { identifiers, purpose: slug("pre-employment-check"), subjects: vec![], skills }
}

fn ask(db: &Registry, client: &str, ask: &CoreSkillsAsk, after: TimeDelta) -> Option<Granted> {
    let reach = if ask.skills.is_empty() { Reach::Read } else { Reach::Write };
    let request = CoreSkillsRequest { client, reach, ask };
    db.ask_core_skills(request, noon() + after, entropy()).unwrap()
}

fn person(db: &Registry) -> (LearnerId, Vec<Identifier>) {
    let completion = completion("Rhiannon Test").email("rhiannon@example.org").build();
    let issued = issue(db, &completion);
    (db.holder_of(issued.credential_id).unwrap().unwrap(), completion.learner.identifiers)
}

backends! {
    fn core_skills_are_reached_by_consent_alone_and_every_attempt_is_told(db: TestDb) {
        let db = db.with_catalogue();
        let (learner, identifiers) = person(&db);
        client(&db, "passport");
        client(&db, "other");
        let now = TimeDelta::zero();
        let read = ask_of(identifiers.clone(), vec![]);
        assert_eq!(ask(&db, "passport", &read, now), None, "nobody consented");
        let nobody = ask_of(vec![Identifier::Email { value: "nobody@example.org".to_owned() }], vec![]);
        assert_eq!(ask(&db, "passport", &nobody, now), None);
        let given = db.record_consent(learner, &consent(true, false), "registrar", noon(), entropy()).unwrap();
        assert_eq!(db.consents(learner).unwrap(), std::slice::from_ref(&given));

        let granted = ask(&db, "passport", &read, now).unwrap();
        assert_eq!((granted.learner, granted.consent.id), (learner, given.id));
        assert_eq!(ask(&db, "other", &read, now), None, "another client");
        let written = ask_of(identifiers.clone(), vec![skill("1", "Sample Trust")]);
        assert_eq!(ask(&db, "passport", &written, now), None, "to read alone");
        let another = CoreSkillsAsk { purpose: slug("appraisal"), ..read.clone() };
        assert_eq!(ask(&db, "passport", &another, now), None, "another purpose");
        let mixed = [identifiers.clone(), nobody.identifiers.clone()].concat();
        assert_eq!(ask(&db, "passport", &ask_of(mixed, vec![]), now), None, "not one person's");
        assert_eq!(ask(&db, "passport", &read, TimeDelta::days(8)), None, "it ended");
        assert!(db.withdraw_consent(learner, given.id, "registrar", noon()).unwrap());
        assert!(db.withdraw_consent(learner, given.id, "registrar", noon()).unwrap(), "again");
        assert_eq!(ask(&db, "passport", &read, now), None, "withdrawn");

        let accesses = db.accesses(learner, None, 100).unwrap();
        assert_eq!(accesses.len(), 7);
        assert_eq!(accesses.iter().filter(|one| one.consent == Some(given.id)).count(), 1);
        assert_eq!(db.accesses(learner, Some(accesses[6].id), 100).unwrap(), []);
        assert_eq!(db.number("SELECT count(*) AS number FROM passport_accesses WHERE learner_id IS NULL"), 2);
        assert_eq!(db.number("SELECT count(*) AS number FROM passport_accesses WHERE body LIKE '%check%'"), 0);
    }

    fn what_is_sent_is_kept_once_by_its_reference_and_goes_with_the_person(db: TestDb) {
        let db = db.with_catalogue();
        let (learner, identifiers) = person(&db);
        client(&db, "passport");
        let given = db.record_consent(learner, &consent(true, true), "registrar", noon(), entropy()).unwrap();
        let send = |skills| ask(&db, "passport", &ask_of(identifiers.clone(), skills), TimeDelta::zero()).unwrap().kept;
        let [ClaimKept::New(first)] = send(vec![skill("1", "Sample Trust")])[..] else { panic!() };
        assert_eq!(send(vec![skill("1", "Sample Trust")]), [ClaimKept::Unchanged(first)]);
        assert_eq!(send(vec![skill("1", "Example Trust")]), [ClaimKept::Replaced(first)]);
        let claims = db.core_skill_claims(learner).unwrap();
        assert_eq!(claims.len(), 1);
        assert_eq!((claims[0].client.as_str(), &claims[0].stated), ("passport", &skill("1", "Example Trust")));
        assert_eq!(db.awards_of(learner).unwrap().len(), 1, "it is no award");
        assert_eq!(db.number("SELECT count(*) AS number FROM passport_claims WHERE body LIKE '%Trust%'"), 0);

        db.erase(learner, false, "registrar", noon(), entropy()).unwrap().unwrap();
        for table in ["passport_claims", "passport_consents", "passport_accesses"] {
            assert_eq!(db.number(&format!("SELECT count(*) AS number FROM {table}")), 0, "{table}");
        }
        assert!(matches!(db.accesses(learner, None, 1), Err(RegistryError::Erased)));
        assert!(matches!(db.consents(learner), Err(RegistryError::Erased)));
        assert!(matches!(db.withdraw_consent(learner, given.id, "registrar", noon()), Err(RegistryError::Erased)));
        let again = db.record_consent(learner, &consent(true, true), "registrar", noon(), entropy());
        assert!(matches!(again, Err(RegistryError::Erased)));
        let read = ask_of(identifiers, vec![]);
        assert_eq!(ask(&db, "passport", &read, TimeDelta::zero()), None, "as of somebody who never was");
    }
}
