//! Short ways to say what the tests say often.

use std::sync::LazyLock;

use model::{chance::Entropy, completion::Completion, field::FieldError, id::AwardId, programme::Counted};
use registry::{
    Allocation, BeginOutcome, Builder, Condition, Finished, Grant, Idempotency, Intake, IntentFields, Issued,
    Pending, Registry, RegistryError, Source, Unknown, Validity,
};
use testkit::{
    SeededEntropy,
    catalogue::{ACADEMY, INTRODUCTION, TRUST, VERSION, hours, slug},
    noon,
};

/// One source for all threads.
pub fn entropy() -> &'static dyn Entropy {
    static ENTROPY: LazyLock<SeededEntropy> = LazyLock::new(|| SeededEntropy::new(1));
    &*ENTROPY
}

/// The completion as the sample trust posts it.
pub fn intake(completion: &Completion) -> Intake<'_> {
    Intake {
        client: "trust-system".to_owned(),
        provider: slug(TRUST),
        completion,
        source: Source::Completion,
        idempotency: None,
        condition: Condition::None,
        grant: Ok(grant(VERSION, "7.5")),
        validity: Validity::OfItsOwn,
    }
}

/// What the sample achievement grants.
pub fn grant(version: &str, amount: &str) -> Grant {
    Grant { issuer: slug(ACADEMY), achievement_version: version.to_owned(), credit: hours(amount) }
}

/// The same with an idempotency key.
pub fn keyed<'a>(completion: &'a Completion, client: &str, key: &str, body: &str) -> Intake<'a> {
    Intake {
        client: client.to_owned(),
        idempotency: Some(Idempotency { key: key.to_owned(), body: body.as_bytes().to_vec() }),
        ..intake(completion)
    }
}

/// A document that depends on everything that was allocated.
#[expect(clippy::unnecessary_wraps, reason = "the shape that begin_issuance wants")]
pub fn document(_: usize, allocation: &Allocation) -> Result<IntentFields, Vec<FieldError>> {
    Ok(IntentFields {
        unsigned: format!(
            r#"{{"id":"{}","subject":"{}","credentialStatus":{{"statusListIndex":"{}"}}}}"#,
            allocation.credential_id, allocation.subject_id, allocation.status_index
        ),
        data_integrity_key: "key-1".to_owned(),
        jwt_key: "key-2".to_owned(),
        profile_version: "2".to_owned(),
        disclosure_seed: Some(allocation.disclosure_seed.clone()),
        created: noon(),
        valid_from: noon(),
        valid_until: None,
    })
}

pub fn try_begin(registry: &Registry, rows: &[Intake<'_>]) -> Result<Vec<BeginOutcome>, RegistryError> {
    begin_with(registry, rows, &mut document)
}

/// With the documents of `build`.
pub fn begin_with(
    registry: &Registry,
    rows: &[Intake<'_>],
    build: &mut Builder<'_>,
) -> Result<Vec<BeginOutcome>, RegistryError> {
    let drafts = registry.draft_issuance(rows, build, noon(), entropy())?;
    registry.begin_issuance(rows, &drafts, entropy())
}

pub fn begin(registry: &Registry, row: Intake<'_>) -> BeginOutcome {
    let mut outcomes = try_begin(registry, &[row]).unwrap();
    assert_eq!(outcomes.len(), 1);
    outcomes.remove(0)
}

pub fn begun(outcome: BeginOutcome) -> Pending {
    match outcome {
        BeginOutcome::Begun(pending) => *pending,
        other => panic!("expected Begun, found {other:?}"),
    }
}

pub fn replayed(outcome: BeginOutcome) -> Issued {
    match outcome {
        BeginOutcome::Replayed(issued) => *issued,
        other => panic!("expected Replayed, found {other:?}"),
    }
}

pub fn signed(pending: &Pending) -> Finished {
    pending.finished("[\"proof\"]".to_owned(), Some(format!("jwt.of.{}", pending.credential_id())))
}

pub fn complete(registry: &Registry, pending: &Pending) -> Issued {
    registry.complete_issuance(&[signed(pending)], &Unknown, noon(), entropy()).unwrap().issued.remove(0)
}

/// From completion to credential.
pub fn issue(registry: &Registry, completion: &Completion) -> Issued {
    complete(registry, &begun(begin(registry, intake(completion))))
}

/// Awards that count, each in a place of its own.
pub fn counted_as(awards: &[AwardId]) -> Vec<Counted> {
    let counted = |(n, award): (usize, &AwardId)| Counted {
        award: *award,
        achievement: slug(INTRODUCTION),
        path: format!("all_of[{n}]"),
        stands_for: None,
    };
    awards.iter().enumerate().map(counted).collect()
}
