//! Looking again and again whether a credential stands that was checked before, from as
//! little of it as that takes.

use chrono::{DateTime, Utc};
use model::report::{Check, Outcome};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::checks::codes;
use crate::credential::{end, issuer_id, many, moment, text};
use crate::opened::{self, Found, Manner};
use crate::{Submission, Verifier};

/// The members of a credential by which it is seen whether it stands.
const MEMBERS: [&str; 5] = ["id", "issuer", "credentialStatus", "validUntil", "expirationDate"];

/// What is to be known of a credential to see whether it stands. Nothing of its holder is
/// in it. It was taken from a credential that was verified: nothing here is proved again
/// but the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    credential: Value,
    manner: Manner,
}

/// How a credential stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It is neither revoked, suspended nor over.
    Active,
    /// A list says that it is suspended.
    Suspended,
    /// A list says that it is revoked.
    Revoked,
    /// Its time is over.
    Expired,
}

impl Statement {
    /// What is to be known of the credential that was handed in; `None` if that is no
    /// credential by itself.
    pub fn of(submission: &Submission) -> Option<Self> {
        let Ok(Found::Credential(opened)) = opened::open(submission) else { return None };
        let kept = MEMBERS.into_iter().filter_map(|name| {
            let value = opened.credential.get(name)?;
            // Of an issuer's profile the name alone is asked for.
            let value =
                if name == "issuer" { Value::from(issuer_id(&opened.credential)?) } else { value.clone() };
            Some((name.to_owned(), value))
        });
        Some(Self { credential: Value::Object(kept.collect::<Map<_, _>>()), manner: opened.secured.manner() })
    }

    /// The credential's id, if it has one.
    pub fn id(&self) -> Option<&str> {
        text(&self.credential, "id")
    }

    /// Its issuer's.
    pub fn issuer(&self) -> Option<&str> {
        issuer_id(&self.credential)
    }

    /// When it ends, if it does.
    pub fn ends(&self) -> Option<DateTime<Utc>> {
        end(&self.credential).and_then(|(_, value)| moment(value))
    }

    /// The addresses of the lists it names.
    pub fn lists(&self) -> Vec<&str> {
        let address =
            |entry| ["statusListCredential", "uri", "id"].into_iter().find_map(|name| text(entry, name));
        many(&self.credential, "credentialStatus").into_iter().filter_map(address).collect()
    }
}

impl Verifier {
    /// How credentials stand now, in order; `None` where that cannot be told, because a host
    /// does not answer or its list is not what it should be. A list is fetched once,
    /// however many of them name it.
    pub async fn standing(&self, statements: &[Statement]) -> Vec<Option<Standing>> {
        let whole = self.run();
        let mut found = Vec::with_capacity(statements.len());
        for statement in statements {
            let run = whole.next();
            let checks = run.status(&statement.credential, statement.manner).await;
            let over = statement.ends().is_some_and(|ends| ends < run.now);
            found.push(judge(&checks, over));
        }
        found
    }
}

fn judge(checks: &[Check], over: bool) -> Option<Standing> {
    let says = |codes: &[&str]| checks.iter().any(|check| codes.contains(&check.code.as_str()));
    if says(&[codes::STATUS_REVOKED.code, codes::STATUS_IN_REVOCATION_LIST.code]) {
        return Some(Standing::Revoked);
    }
    // Whatever the lists say, it is over.
    if over {
        return Some(Standing::Expired);
    }
    let unsure = |check: &Check| {
        matches!(check.outcome, Outcome::Fail | Outcome::NotChecked) || check.code == codes::STATUS_STALE.code
    };
    match says(&[codes::STATUS_SUSPENDED.code]) {
        true => Some(Standing::Suspended),
        false if checks.iter().any(unsure) => None,
        false => Some(Standing::Active),
    }
}
