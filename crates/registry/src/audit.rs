//! The audit: do the tables agree with each other?

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::{
    dsl::{exists, not},
    prelude::*,
    sql_types::Text,
};
use model::id::CredentialId;

use crate::{
    Registry, RegistryError,
    db::Db,
    error::parsed,
    rules::{RULES, Rule},
    schema::{awards, completions, credentials, erasures, ledger_entries},
    sweep,
    words::Prepared,
};

/// A row that breaks a promise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditFinding {
    /// The table.
    pub table: &'static str,
    /// The row.
    pub id: String,
    /// What is wrong, a sentence for people.
    pub detail: String,
}

/// An intent that is not signed yet: allowed, but not for long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PendingAge {
    /// The credential.
    pub credential_id: CredentialId,
    /// When its intent was stored.
    pub prepared_at: DateTime<Utc>,
    /// How long ago that was, in seconds.
    pub age_seconds: i64,
}

/// How many connections look at the tables at once: they are read faster than one processor
/// compares them.
const LOOKING_AT_ONCE: u32 = 4;

/// What an audit found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditReport {
    /// Completions.
    pub completions: u64,
    /// Awards.
    pub awards: u64,
    /// Credentials, issued, revoked and pending.
    pub credentials: u64,
    /// Ledger entries.
    pub ledger_entries: u64,
    /// Intents that are not signed yet, oldest first, but for those of learners who were
    /// erased.
    pub pending: Vec<PendingAge>,
    /// Rows that break a promise; empty when all is well.
    pub findings: Vec<AuditFinding>,
}

impl Registry {
    /// Compares the tables as they stand at one moment (promise 1). It trusts no
    /// constraint: somebody may have taken one away.
    pub fn audit(&self, now: DateTime<Utc>) -> Result<AuditReport, RegistryError> {
        let mut moment = self.moment(LOOKING_AT_ONCE)?;
        let key = self.digests().bytes("audit", &[now.to_rfc3339().as_bytes()]);
        let spared = sweep::spared(&mut moment, &key)?;
        let rules: Vec<&Rule> =
            RULES.iter().filter(|rule| !spared.contains(&(rule.table, rule.detail))).collect();
        let broken = moment.share(&rules, |db, rule| broken(db, rule))?;
        moment.look(|db| {
            Ok(AuditReport {
                completions: number(completions::table.count().get_result(db)?),
                awards: number(awards::table.count().get_result(db)?),
                credentials: number(credentials::table.count().get_result(db)?),
                ledger_entries: number(ledger_entries::table.count().get_result(db)?),
                pending: pending(db, now)?,
                findings: broken.into_iter().flatten().collect(),
            })
        })
    }
}

/// What breaks the rule.
fn broken(db: &mut Db, rule: &Rule) -> Result<Vec<AuditFinding>, RegistryError> {
    if !is_broken(db, rule)? {
        return Ok(Vec::new());
    }
    let broken: Vec<Broken> = diesel::sql_query(rule.sql).load(db)?;
    let finding =
        |row: Broken| AuditFinding { table: rule.table, id: row.id, detail: rule.detail.to_owned() };
    Ok(broken.into_iter().map(finding).collect())
}

/// Whether any row breaks the rule. To know that, the databases need not look for which,
/// and mostly find it in an index.
fn is_broken(db: &mut Db, rule: &Rule) -> Result<bool, RegistryError> {
    let sql = format!("SELECT 'found' AS id FROM ({}) AS broken LIMIT 1", rule.sql);
    let found: Vec<Broken> = diesel::sql_query(sql).load(db)?;
    Ok(!found.is_empty())
}

#[derive(QueryableByName)]
struct Broken {
    #[diesel(sql_type = Text)]
    id: String,
}

fn number(count: i64) -> u64 {
    u64::try_from(count).unwrap_or_default()
}

fn pending(db: &mut Db, now: DateTime<Utc>) -> Result<Vec<PendingAge>, RegistryError> {
    let rows: Vec<(String, NaiveDateTime)> = credentials::table
        .inner_join(awards::table)
        .filter(credentials::state.eq(Prepared))
        .filter(not(exists(erasures::table.filter(erasures::learner_id.eq(awards::learner_id)))))
        .order((credentials::prepared_at, credentials::id))
        .select((credentials::id, credentials::prepared_at))
        .load(db)?;
    let age = |(id, prepared_at): (String, NaiveDateTime)| {
        Ok(PendingAge {
            credential_id: parsed("credentials", &id, &id)?,
            prepared_at: prepared_at.and_utc(),
            age_seconds: (now - prepared_at.and_utc()).num_seconds(),
        })
    };
    rows.into_iter().map(age).collect()
}
