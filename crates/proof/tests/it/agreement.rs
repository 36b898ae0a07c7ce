//! For every document we accept, our canonical N-Quads are those of general
//! JSON-LD processors.

use std::collections::BTreeSet;

use model::schema::{Class, Described};
use proof::canon;
use proof::vocab;
use serde_json::Value;

use crate::active::{Placed, definitions};
use crate::documents;
use crate::general;
use crate::jsonld_js::JsonLdJs;
use crate::sample::{Dice, object};

/// How many documents are made at least; more of them with `LANYARD_CASES`.
fn cases() -> u64 {
    std::env::var("LANYARD_CASES").map_or(1_200, |cases| cases.parse().expect("LANYARD_CASES is a number"))
}

/// A document that we accept.
struct Accepted {
    seed: u64,
    document: Value,
    ours: String,
}

/// Of the documents made from the tables those that we accept, and then as many
/// more as it takes until every definition stands in one.
fn accepted() -> Vec<Accepted> {
    let mut missing: BTreeSet<String> = definitions(vocab::ALL)
        .iter()
        .filter(|definition| !definition.term.is_prefix())
        .map(Placed::key)
        .chain([documents::ENVELOPE.to_owned()])
        .collect();
    let mut accepted = Vec::new();
    for seed in 0..40 * cases() {
        if seed > cases() && missing.is_empty() {
            break;
        }
        let made = documents::document(seed);
        let news = made.uses.iter().any(|used| missing.contains(used));
        if (seed < cases() || news)
            && let Ok(ours) = canon::canonical_nquads(&made.document)
        {
            missing.retain(|definition| !made.uses.contains(definition));
            accepted.push(Accepted { seed, document: made.document, ours });
        }
    }
    assert!(missing.is_empty(), "these stand in no document that we accept: {missing:#?}");
    accepted
}

/// What the reference reads otherwise, with the document it reads.
fn difference(Accepted { seed, document, ours }: &Accepted, theirs: &Result<String, String>) -> String {
    let theirs = match theirs {
        Ok(theirs) => theirs,
        Err(reason) => return format!("seed {seed} is refused: {reason}\n{document}"),
    };
    let only = |one: &str, other: &str| {
        let other: BTreeSet<&str> = other.lines().collect();
        one.lines().filter(|line| !other.contains(line)).take(12).collect::<Vec<_>>().join("\n")
    };
    format!(
        "seed {seed} is read otherwise: only ours\n{}\nonly theirs\n{}\n{document}",
        only(ours, theirs),
        only(theirs, ours)
    )
}

#[test]
fn the_general_processors_agree_on_documents_made_from_the_tables() {
    let accepted = accepted();
    let documents = u64::try_from(accepted.len()).unwrap();
    assert!(documents > cases() / 3, "{documents} of {} are accepted", cases());
    // The library is wrong about some (see `general`): then the reference decides.
    let (agreed, disputed): (Vec<Accepted>, Vec<Accepted>) = accepted
        .into_iter()
        .partition(|it| general::canonical_nquads(&it.document).is_some_and(|theirs| theirs == it.ours));
    // And it is asked about some of the others too, for it also canonicalises by itself.
    let asked: Vec<&Accepted> = disputed.iter().chain(agreed.iter().step_by(6)).collect();
    let theirs = JsonLdJs::start().canonical_nquads(&asked.iter().map(|it| &it.document).collect::<Vec<_>>());
    let otherwise: Vec<String> = asked
        .into_iter()
        .zip(theirs)
        .filter(|(ours, theirs)| theirs.as_ref() != Ok(&ours.ours))
        .map(|(ours, theirs)| difference(ours, &theirs))
        .collect();
    assert!(otherwise.is_empty(), "{} documents:\n{}", otherwise.len(), otherwise.join("\n\n"));
    println!("{documents} accepted, {} read otherwise by the library", disputed.len());
    assert!(agreed.len() > disputed.len(), "the library is wrong more often than it is known to be");
}

/// What the model can say: credentials, endorsements and records with
/// everything in them, and less.
fn of_the_model() -> Vec<Value> {
    let classes: [&Class; 3] = [
        model::ob::AchievementCredential::class(),
        model::ob::EndorsementCredential::class(),
        model::clr::ClrCredential::class(),
    ];
    let mut documents = Vec::new();
    for (index, class) in classes.into_iter().enumerate() {
        for thickness in [10, 10, 8, 6, 4, 2, 0] {
            for seed in 1..=3 {
                let mut dice = Dice::new(seed * 1_000 + u64::try_from(index * 100 + thickness).unwrap());
                let mut document = object(class, &mut dice, thickness, 4);
                sensible(&mut document);
                documents.push(document);
            }
        }
    }
    documents
}

/// Puts a class or an IRI where the model, which keeps what others wrote, takes
/// any text.
fn sensible(value: &mut Value) {
    const OF_A_CLASS: [(&str, &[&str]); 2] = [
        (
            "DataIntegrityProof",
            &[
                "cryptosuite",
                "proofPurpose",
                "verificationMethod",
                "proofValue",
                "created",
                "challenge",
                "domain",
                "nonce",
                "previousProof",
                "expires",
            ],
        ),
        ("BitstringStatusListEntry", &["statusListCredential", "statusListIndex", "statusPurpose"]),
    ];
    match value {
        Value::Object(members) => {
            let class = OF_A_CLASS.iter().find(|(_, own)| own.iter().any(|name| members.contains_key(*name)));
            if let (Some((class, _)), Some(Value::String(_))) = (class, members.get("type")) {
                members.insert("type".into(), (*class).into());
            }
            for (name, member) in members.iter_mut() {
                match (name.as_str(), &*member) {
                    ("type", Value::String(text))
                        if text.len() < 2 || !text.bytes().all(|byte| byte.is_ascii_alphanumeric()) =>
                    {
                        *member = "https://example.org/Type".into();
                    }
                    ("verificationMethod", _) => *member = "did:key:z6Mk#z6Mk".into(),
                    ("proofPurpose", _) => *member = "assertionMethod".into(),
                    _ => sensible(member),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(sensible),
        _ => {}
    }
}

#[test]
fn everything_the_model_can_say_is_read_alike() {
    let said: Vec<Accepted> = of_the_model()
        .into_iter()
        .zip(0..)
        .map(|(document, seed)| {
            let ours = canon::canonical_nquads(&document);
            let ours = ours.unwrap_or_else(|error| panic!("{error}\n{document:#}"));
            Accepted { seed, document, ours }
        })
        .collect();
    let theirs = JsonLdJs::start().canonical_nquads(&said.iter().map(|it| &it.document).collect::<Vec<_>>());
    for (ours, theirs) in said.iter().zip(theirs) {
        assert!(theirs.as_ref() == Ok(&ours.ours), "{}", difference(ours, &theirs));
    }
}
