//! Random histories of posts, corrections, withdrawals and revocations, told by a model
//! that knows nothing of tables.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use issuing::{AcceptError, Submission, WithdrawError};
use model::{
    chance::Entropy,
    completion::{Completion, WhichCompletion},
    id::CredentialId,
};
use registry::Condition;
use testkit::{
    SeededEntropy, TestService, academy, backends,
    catalogue::{CORE, INTRODUCTION, hours},
    completion, noon, trust,
};

use crate::support::{AT_ONCE, break_table, mend_table};

const STEPS: usize = 100;
const REFERENCES: u8 = 4;

/// What a completion states, as far as the histories vary it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Content {
    person: u8,
    core: bool,
    day: u8,
    hours: u8,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    Stands,
    Withdrawn,
    Revoked { own: bool },
}

/// What a reference stands for.
#[derive(Debug)]
struct Known {
    content: Content,
    earlier: Vec<Content>,
    standing: Standing,
    credential: CredentialId,
}

/// What a post is to come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Expected {
    Created,
    Unchanged,
    Corrected,
    Conflict,
    Superseded,
    Withdrawn,
    Revoked,
    Unmet,
}

#[derive(Default)]
struct Model(BTreeMap<u8, Known>);

impl Model {
    fn expect(&self, reference: u8, content: Content, condition: Condition) -> Expected {
        let known = self.0.get(&reference);
        if let Some(known) = known {
            let meant = condition == Condition::Corrects(known.credential);
            let same = known.content == content;
            match known.standing {
                Standing::Stands if same => return Expected::Unchanged,
                Standing::Withdrawn if same && !meant => return Expected::Withdrawn,
                Standing::Revoked { .. } if same && !meant => return Expected::Unchanged,
                Standing::Revoked { own: false } => return Expected::Revoked,
                _ => {}
            }
            match condition {
                Condition::New => return Expected::Unmet,
                Condition::Corrects(_) if !meant => return Expected::Unmet,
                Condition::None if known.earlier.contains(&content) => return Expected::Superseded,
                _ => {}
            }
        }
        let occasion = |one: &Content| (one.person, one.core, one.day);
        let is_stated = self.0.iter().any(|(other, known)| {
            *other != reference
                && known.standing != Standing::Withdrawn
                && occasion(&known.content) == occasion(&content)
        });
        match (known, condition) {
            _ if is_stated => Expected::Conflict,
            (None, Condition::Corrects(_)) => Expected::Unmet,
            (None, _) => Expected::Created,
            (Some(_), _) => Expected::Corrected,
        }
    }

    fn take(&mut self, reference: u8, content: Content, credential: CredentialId) {
        let earlier = self.0.remove(&reference).map_or_else(Vec::new, |mut known| {
            known.earlier.push(known.content);
            known.earlier
        });
        self.0.insert(reference, Known { content, earlier, standing: Standing::Stands, credential });
    }

    fn standing(&self) -> impl Iterator<Item = &Known> {
        self.0.values().filter(|known| known.standing == Standing::Stands)
    }
}

fn stated(reference: u8, content: Content) -> Completion {
    completion("Sample Learner")
        .staff_number(&format!("A{}", content.person))
        .achievement(if content.core { CORE } else { INTRODUCTION })
        .completed_at(noon() - TimeDelta::days(1 + i64::from(content.day)))
        .credit(hours(&content.hours.to_string()))
        .reference(&format!("R-{reference}"))
        .build()
}

/// Draws what comes next.
struct Draw(SeededEntropy);

impl Draw {
    fn below(&self, bound: u8) -> u8 {
        let entropy: &dyn Entropy = &self.0;
        let [drawn] = entropy.array();
        drawn % bound
    }

    fn content(&self) -> Content {
        Content {
            person: self.below(3),
            core: self.below(2) == 0,
            day: self.below(2),
            hours: 1 + self.below(3),
        }
    }
}

fn post(service: &TestService, model: &mut Model, draw: &Draw) -> Expected {
    let (reference, content) = (draw.below(REFERENCES), draw.content());
    let current = model.0.get(&reference).map(|known| known.credential);
    let condition = match (draw.below(5), current) {
        (0, _) => Condition::New,
        (1, Some(current)) => Condition::Corrects(current),
        (2, None) => Condition::Corrects(CredentialId::random(service.entropy.as_ref())),
        _ => Condition::None,
    };
    // A history that repeats itself more often than chance would have it.
    let content = match (draw.below(4), model.0.get(&reference)) {
        (0, Some(known)) => known.content,
        (1, Some(known)) => *known.earlier.first().unwrap_or(&content),
        _ => content,
    };
    let expected = model.expect(reference, content, condition);
    let submission = Submission::of(stated(reference, content)).on(condition);
    let breaks = draw.below(8) == 0 && matches!(expected, Expected::Created | Expected::Corrected);
    if breaks {
        break_table(&service.db, "outbox", "NEW.topic = 'credential.issued'", "broken");
        let failed = service.accept(&trust(), submission.clone());
        assert!(matches!(failed, Err(AcceptError::Internal(_))), "{failed:?}");
        let other = Submission::of(stated(reference, Content { hours: 9, ..content }));
        let other = service.accept(&trust(), other);
        assert!(matches!(other, Err(AcceptError::InFlight(_))), "{other:?}");
        mend_table(&service.db, "outbox");
        assert!(service.reconcile(AT_ONCE).unwrap() >= 1);
        let replayed = service.post(stated(reference, content)).unwrap();
        assert!(replayed.replayed);
        model.take(reference, content, replayed.issued.credential_id);
        return expected;
    }
    let answer = service.accept(&trust(), submission);
    let found = match &answer {
        Ok(accepted) if accepted.replayed => Expected::Unchanged,
        Ok(accepted) if accepted.is_correction() => Expected::Corrected,
        Ok(_) => Expected::Created,
        Err(AcceptError::Conflict { .. }) => Expected::Conflict,
        Err(AcceptError::Superseded(_)) => Expected::Superseded,
        Err(AcceptError::Withdrawn(_)) => Expected::Withdrawn,
        Err(AcceptError::Revoked(_)) => Expected::Revoked,
        Err(AcceptError::Unmet { .. }) => Expected::Unmet,
        Err(other) => panic!("{other}"),
    };
    assert_eq!(found, expected, "R-{reference} {content:?} {condition:?}: {answer:?}");
    match answer {
        Ok(accepted) if !accepted.replayed => {
            assert_eq!(accepted.issued.supersedes, current);
            model.take(reference, content, accepted.issued.credential_id);
        }
        Ok(accepted) => assert_eq!(Some(accepted.issued.credential_id), current),
        Err(_) => {}
    }
    expected
}

fn withdraw(service: &TestService, model: &mut Model, draw: &Draw) {
    let reference = draw.below(REFERENCES);
    let which = WhichCompletion::Reference(format!("R-{reference}"));
    let answer = service.withdraw(&trust(), &which, "A reason");
    match model.0.get_mut(&reference) {
        None => assert!(matches!(answer, Err(WithdrawError::NotFound)), "{answer:?}"),
        Some(known) => {
            let withdrawn = answer.unwrap().revocation;
            assert_eq!(withdrawn.credential_id, known.credential);
            assert_eq!(withdrawn.was_already, known.standing != Standing::Stands);
            if known.standing == Standing::Stands {
                known.standing = Standing::Withdrawn;
            }
        }
    }
}

fn revoke(service: &TestService, model: &mut Model, draw: &Draw) {
    let own = draw.below(2) == 0;
    let Some(known) = model.0.get_mut(&draw.below(REFERENCES)) else { return };
    let caller = if own { trust() } else { academy() };
    let revoked = service.revoke(&caller, known.credential, "A reason").unwrap();
    assert_eq!(revoked.was_already, known.standing != Standing::Stands);
    if known.standing == Standing::Stands {
        known.standing = Standing::Revoked { own };
    }
}

fn agrees(service: &TestService, model: &Model) {
    let live = "SELECT count(*) AS number FROM credentials k JOIN awards a ON a.id = k.award_id \
                JOIN completions c ON c.id = a.completion_id WHERE k.state = 'issued' AND c.source = 'completion'";
    let standing = i64::try_from(model.standing().count()).unwrap();
    assert_eq!(service.db.number(live), standing);
    let sum = "SELECT CAST(coalesce(sum(CAST(amount AS double precision)), 0) AS bigint) AS number FROM ledger_entries";
    let hours: i64 = model.standing().map(|known| i64::from(known.content.hours)).sum();
    assert_eq!(service.db.number(sum), hours);
    assert_eq!(service.db.audit(noon()).unwrap().findings, []);
    assert_eq!(service.db.compare_log().unwrap().findings, []);
}

fn history(service: &TestService, seed: u64) {
    let (mut model, draw) = (Model::default(), Draw(SeededEntropy::new(seed)));
    let mut met = BTreeSet::new();
    for step in 0..STEPS {
        match draw.below(10) {
            0..7 => drop(met.insert(post(service, &mut model, &draw))),
            7..9 => withdraw(service, &mut model, &draw),
            _ => revoke(service, &mut model, &draw),
        }
        if step % 20 == 19 {
            agrees(service, &model);
        }
    }
    assert_eq!(service.db.jobs_pending(10).unwrap(), []);
    assert!(met.len() >= 7, "a history in which much happens: {met:?}");
}

backends! {
    fn a_history_comes_to_what_the_model_says(db: TestDb) {
        history(&TestService::new(db), 1);
    }

    fn and_so_does_another(db: TestDb) {
        history(&TestService::new(db), 2);
    }

    fn and_a_third(db: TestDb) {
        history(&TestService::new(db), 3);
    }
}
