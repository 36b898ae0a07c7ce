//! The second transaction: what was signed becomes visible together with its
//! ledger entry, or not at all (promise 2).

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::{
    pg::Pg,
    prelude::*,
    query_builder::{AstPass, QueryFragment, QueryId},
    sql_types::{Array, Nullable, Text, Timestamp},
};
use model::{
    chance::Entropy,
    id::{LedgerEntryId, OutboxId},
};
use serde_json::{Value, json};

use super::{
    Completed, Finished, Issued,
    hold::{Turn, hold, hold_with_turn, take_turn},
    pending::Opened,
    supersession,
};
use crate::{
    EntryKind, Registry, RegistryError, Rules,
    bulk::{AsOne, SOME},
    db::{Db, insert_bulk, insert_many, stored},
    error::parsed,
    learner::{earned, held},
    ledger::entry,
    log::{
        self, SignedForms,
        tables::{PendingRow, log_pending},
    },
    revocation,
    schema::{
        AwardRow, CredentialRow, JobRow, LedgerRow, OutboxRow, awards, completion_corrections, completions,
        credentials, jobs, ledger_entries, outbox,
    },
    sealing::{self, PROOF, PersonKey, VC_JWT, Wrapping},
    words::Prepared,
};

/// How many credentials one statement asks for.
const ASKED_AT_ONCE: usize = 1000;

impl Registry {
    /// Stores the signed forms, the ledger entry and the outbox row of every credential,
    /// and a job for each learner who satisfies a programme by them, in one transaction; the
    /// ledger takes them in the order of the rows. Repeating it changes nothing and gives
    /// the first answer. An error ([`RegistryError::Erased`]) if a learner among them was
    /// erased meanwhile: then nothing is stored.
    pub fn complete_issuance(
        &self,
        rows: &[Finished],
        rules: &dyn Rules,
        now: DateTime<Utc>,
        entropy: &dyn Entropy,
    ) -> Result<Completed, RegistryError> {
        let finished: HashMap<String, &Finished> =
            rows.iter().map(|row| (row.credential_id.to_string(), row)).collect();
        let ids: BTreeSet<String> = finished.keys().cloned().collect();
        let ids: Vec<String> = ids.into_iter().collect();
        self.write(|db| {
            let (mut open, turn) = opened(db, rows, &ids)?;
            for (credential, ..) in &mut open {
                credential.issued_at = Some(stored(now));
            }
            let superseded = supersession::find(db, &open)?;
            if turn.is_none() {
                let own = open.iter().map(|(_, award, ..)| &award.learner_id);
                take_turn(db, own.chain(superseded.learners()).cloned())?;
            }
            let keys = keys(db, self.wrapping(), rows, &open, turn.as_ref())?;
            if open.iter().any(|(_, award, ..)| !keys.contains_key(&award.learner_id)) {
                return Err(RegistryError::Erased);
            }
            superseded.take_back(db, self.digests(), now, entropy)?;
            let mut new = New::default();
            for row in &open {
                new.add(row, stored(now), entropy);
            }
            let mut forms = Vec::with_capacity(open.len());
            for (credential, award, ..) in &open {
                let key = keys.get(&award.learner_id).ok_or(RegistryError::Erased)?;
                if let Some(finished) = finished.get(&credential.id) {
                    forms.push((credential.id.clone(), sealed(finished, &credential.id, key, entropy)?));
                }
            }
            let parcel = log::completed(self.digests(), &forms, &new.ledger, stored(now));
            new.log.extend(parcel.row(stored(now)));
            show(db, &forms, &new, stored(now))?;
            revocation::of_renewed(db, &open, now, entropy, self.digests())?;
            let due = due(db, self.wrapping(), &open, rules)?;
            let jobs: Vec<JobRow> = due.iter().map(|award| job(award, stored(now))).collect();
            insert_bulk!(db, jobs: jobs);
            let opened: HashSet<&str> = open.iter().map(|(credential, ..)| credential.id.as_str()).collect();
            let before: Vec<String> =
                ids.iter().filter(|id| !opened.contains(id.as_str())).cloned().collect();
            let mut answers = issued(db, &before)?;
            for ((credential, award, ..), line) in open.iter().zip(&new.ledger) {
                let earlier = superseded.by(&credential.id);
                answers.insert(credential.id.clone(), answer(credential, award, line, earlier)?);
            }
            let issued = rows.iter().map(|row| {
                let id = row.credential_id.to_string();
                answers.get(&id).cloned().ok_or(RegistryError::Missing { what: "credential", id })
            });
            let due = due.into_iter().map(|award| {
                let id = award.id.as_str();
                Ok((parsed("awards", id, &award.learner_id)?, parsed("awards", id, id)?))
            });
            Ok(Completed {
                issued: issued.collect::<Result<_, _>>()?,
                due: due.collect::<Result<_, RegistryError>>()?,
            })
        })
    }
}

/// A prepared credential, its award, its provider and client, and the completion that its
/// own corrects, if it does.
pub(crate) type Open = (CredentialRow, AwardRow, (String, String), Option<String>);

/// Of the credentials `ids` of `rows` those that are still to be completed, in the order of
/// the rows; nobody else completes or revokes them meanwhile. All but the state is fixed
/// with the intent, and so is read only where the row does not tell it. If all rows tell whose
/// the ledgers are, it is our turn to write in these already.
fn opened(
    db: &mut Db,
    rows: &[Finished],
    ids: &[String],
) -> Result<(Vec<Open>, Option<Turn>), RegistryError> {
    let learners: Option<BTreeSet<&str>> = rows.iter().map(only_learner).collect();
    let (waiting, turn) = match learners {
        Some(learners) => {
            let (waiting, turn) = hold_with_turn(db, ids, &learners)?;
            (waiting, Some(turn))
        }
        None => (hold(db, ids)?, None),
    };
    let is_unread =
        |row: &&Finished| row.beside.0.is_none() && waiting.contains(&row.credential_id.to_string());
    let unread: Vec<String> =
        rows.iter().filter(is_unread).map(|row| row.credential_id.to_string()).collect();
    let mut read = prepared(db, &unread)?;
    let open = |row: &Finished| {
        let id = row.credential_id.to_string();
        match &row.beside.0 {
            Some(opened) => waiting.contains(&id).then(|| opened.row.clone()),
            None => read.remove(&id),
        }
    };
    Ok((rows.iter().filter_map(open).collect(), turn))
}

/// The learner in whose ledger alone the row has lines written, if it tells.
fn only_learner(row: &Finished) -> Option<&str> {
    match &row.beside.0.as_deref()?.row {
        (_, award, _, None) => Some(&award.learner_id),
        // A correction also writes in that of whom it corrects.
        _ => None,
    }
}

/// The keys of the learners of `open`, as far as they were not erased meanwhile. A key that
/// came with its row is not read once more where `turn` tells that.
fn keys(
    db: &mut Db,
    wrapping: &Wrapping,
    rows: &[Finished],
    open: &[Open],
    turn: Option<&Turn>,
) -> Result<HashMap<String, PersonKey>, RegistryError> {
    let Some(Turn { erased }) = turn else {
        return sealing::known(db, wrapping, open.iter().map(|(_, award, ..)| award.learner_id.as_str()));
    };
    let handed = rows.iter().filter_map(|row| row.beside.0.as_deref());
    let handed = handed.map(|Opened { row: (_, award, ..), key }| (award.learner_id.clone(), key.clone()));
    Ok(handed.filter(|(learner, _)| !erased.contains(learner)).collect())
}

fn prepared(db: &mut Db, ids: &[String]) -> Result<HashMap<String, Open>, RegistryError> {
    let mut open = HashMap::with_capacity(ids.len());
    for ids in ids.chunks(ASKED_AT_ONCE) {
        let rows: Vec<Open> = credentials::table
            .inner_join(awards::table.inner_join(completions::table))
            .left_join(
                completion_corrections::table
                    .on(completion_corrections::completion_id.eq(awards::completion_id)),
            )
            .filter(credentials::id.eq_any(ids).and(credentials::state.eq(Prepared)))
            .select((
                CredentialRow::as_select(),
                AwardRow::as_select(),
                (completions::provider, completions::client),
                completion_corrections::corrects_id.nullable(),
            ))
            .load(db)?;
        open.extend(rows.into_iter().map(|row| (row.0.id.clone(), row)));
    }
    Ok(open)
}

#[derive(Default)]
struct New {
    ledger: Vec<LedgerRow>,
    outbox: Vec<OutboxRow>,
    /// One at most.
    log: Vec<PendingRow>,
}

impl New {
    fn add(
        &mut self,
        (credential, award, (provider, _), _): &Open,
        now: NaiveDateTime,
        entropy: &dyn Entropy,
    ) {
        // The award's credit is earned once; a renewal adds none, and no achievement.
        let is_first = credential.issue == 1;
        self.ledger.push(LedgerRow {
            id: LedgerEntryId::ordered(now.and_utc(), entropy).to_string(),
            kind: EntryKind::Award.as_str().to_owned(),
            learner_id: award.learner_id.clone(),
            award_id: Some(award.id.clone()),
            credential_id: Some(credential.id.clone()),
            provider: Some(provider.clone()),
            amount: if is_first { award.amount.clone() } else { "0".to_owned() },
            unit: award.unit.clone(),
            earned_at: award.awarded_at,
            recorded_at: now,
            details: None,
        });
        let topic = if is_first { "credential.issued" } else { "credential.renewed" };
        self.outbox.push(message(topic, &credential.id, award, now, entropy));
    }
}

/// The awards by which learners satisfy a programme: of each learner the last. A renewal
/// adds none.
fn due<'a>(
    db: &mut Db,
    wrapping: &Wrapping,
    open: &'a [Open],
    rules: &dyn Rules,
) -> Result<Vec<&'a AwardRow>, RegistryError> {
    let mut causes: BTreeMap<&str, &AwardRow> = BTreeMap::new();
    for (_, award, ..) in open.iter().filter(|(credential, ..)| credential.issue == 1) {
        if rules.concern(&parsed("awards", &award.id, &award.achievement)?) {
            causes.insert(&award.learner_id, award);
        }
    }
    let learners: Vec<&str> = causes.keys().copied().collect();
    let mut earned = earned(db, &learners)?;
    earned.retain(|_, earned| rules.may_be_satisfied(earned));
    let held = held(db, wrapping, &earned.into_keys().collect::<Vec<_>>())?;
    let mut due = Vec::new();
    for (learner, award) in causes {
        if held.get(&parsed("awards", &award.id, learner)?).is_some_and(|held| rules.are_satisfied(held)) {
            due.push(award);
        }
    }
    Ok(due)
}

fn job(award: &AwardRow, now: NaiveDateTime) -> JobRow {
    JobRow {
        kind: "programme_evaluation",
        award_id: award.id.clone(),
        learner_id: award.learner_id.clone(),
        created_at: now,
    }
}

/// A message about a credential: identifiers only.
pub(crate) fn message(
    topic: &'static str,
    credential: &str,
    award: &AwardRow,
    now: NaiveDateTime,
    entropy: &dyn Entropy,
) -> OutboxRow {
    let payload = json!({
        "credentialId": credential,
        "awardId": award.id,
        "learnerId": award.learner_id,
    });
    OutboxRow {
        id: OutboxId::ordered(now.and_utc(), entropy).to_string(),
        topic,
        payload: payload.to_string(),
        created_at: now,
    }
}

/// What was signed of a credential as it is stored: sealed; the VC-JWT is empty if it is
/// signed when it is asked for.
fn sealed(
    finished: &Finished,
    id: &str,
    key: &PersonKey,
    entropy: &dyn Entropy,
) -> Result<SignedForms, RegistryError> {
    let proof = key.seal_for(PROOF, id, &finished.proof, &finished.digest, entropy)?;
    let vc_jwt = match &finished.vc_jwt {
        Some(token) => key.seal(VC_JWT, id, token, entropy)?,
        None => String::new(),
    };
    Ok(SignedForms { unsigned: String::new(), proof: Some(proof), vc_jwt: Some(vc_jwt) })
}

/// Stores the signed forms, and the lines that go with them. The state goes on in the same
/// statement as the forms, which the database refuses without the ledger entry.
fn show(
    db: &mut Db,
    forms: &[(String, SignedForms)],
    new: &New,
    now: NaiveDateTime,
) -> Result<(), RegistryError> {
    match db {
        Db::Postgres(connection) if forms.len() <= SOME => {
            let mut statements = AsOne::default();
            statements.insert(&new.ledger);
            statements.add(Signing::of(forms, now));
            statements.insert(&new.log);
            statements.insert(&new.outbox);
            statements.run(connection)?;
        }
        db => {
            insert_many!(db, ledger_entries, new.ledger);
            sign(db, forms, now)?;
            insert_many!(db, log_pending, new.log);
            insert_many!(db, outbox, new.outbox);
        }
    }
    Ok(())
}

fn sign(db: &mut Db, forms: &[(String, SignedForms)], now: NaiveDateTime) -> Result<(), RegistryError> {
    match db {
        Db::Postgres(connection) => {
            Signing::of(forms, now).execute(connection)?;
        }
        Db::Sqlite(connection) => {
            // One statement for all: diesel keeps none that updates, and with the triggers in view
            // compiling it costs more than running it.
            let signed = forms.iter().map(|(id, row)| json!([id, row.proof, row.vc_jwt])).collect::<Value>();
            diesel::sql_query(
                "UPDATE credentials SET state = 'issued', proof = signed.value ->> 1, \
                 vc_jwt = signed.value ->> 2, issued_at = ? \
                 FROM json_each(?) AS signed WHERE credentials.id = signed.value ->> 0",
            )
            .bind::<Timestamp, _>(now)
            .bind::<Text, _>(signed.to_string())
            .execute(connection)?;
        }
    }
    Ok(())
}

/// What is signed, for PostgreSQL: one array a column, in a statement that the connection
/// keeps prepared.
struct Signing<'f> {
    ids: Vec<&'f str>,
    proofs: Vec<Option<&'f str>>,
    tokens: Vec<Option<&'f str>>,
    now: NaiveDateTime,
}

impl<'f> Signing<'f> {
    fn of(forms: &'f [(String, SignedForms)], now: NaiveDateTime) -> Self {
        Self {
            ids: forms.iter().map(|(id, _)| id.as_str()).collect(),
            proofs: forms.iter().map(|(_, row)| row.proof.as_deref()).collect(),
            tokens: forms.iter().map(|(_, row)| row.vc_jwt.as_deref()).collect(),
            now,
        }
    }
}

impl QueryFragment<Pg> for Signing<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("UPDATE credentials SET state = 'issued', issued_at = ");
        out.push_bind_param::<Timestamp, _>(&self.now)?;
        out.push_sql(", proof = signed.proof, vc_jwt = signed.vc_jwt FROM unnest(");
        out.push_bind_param::<Array<Text>, _>(&self.ids)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Nullable<Text>>, _>(&self.proofs)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Nullable<Text>>, _>(&self.tokens)?;
        out.push_sql(") AS signed (id, proof, vc_jwt) WHERE credentials.id = signed.id");
        Ok(())
    }
}

impl QueryId for Signing<'_> {
    type QueryId = Signing<'static>;

    const HAS_STATIC_QUERY_ID: bool = true;
}

impl RunQueryDsl<PgConnection> for Signing<'_> {}

/// The answers for credentials that are issued or revoked, by id.
pub(super) fn issued(db: &mut Db, ids: &[String]) -> Result<HashMap<String, Issued>, RegistryError> {
    let mut answers = HashMap::with_capacity(ids.len());
    for ids in ids.chunks(ASKED_AT_ONCE) {
        let rows: Vec<(CredentialRow, AwardRow)> = credentials::table
            .inner_join(awards::table)
            .filter(credentials::id.eq_any(ids))
            .filter(credentials::issued_at.is_not_null())
            .select((CredentialRow::as_select(), AwardRow::as_select()))
            .load(db)?;
        // Asked by itself, so that no plan looks through the ledger for the sake of the others.
        let lines: Vec<LedgerRow> = ledger_entries::table
            .filter(ledger_entries::award_id.eq_any(rows.iter().map(|(_, award)| &award.id)))
            .filter(ledger_entries::credential_id.eq_any(ids))
            .filter(ledger_entries::kind.eq(EntryKind::Award.as_str()))
            .select(LedgerRow::as_select())
            .load(db)?;
        let mut lines: HashMap<String, LedgerRow> =
            lines.into_iter().filter_map(|line| Some((line.credential_id.clone()?, line))).collect();
        let completions = rows.iter().map(|(_, award)| award.completion_id.as_str());
        let earlier = supersession::earlier(db, &completions.collect::<Vec<_>>())?;
        for (credential, award) in rows {
            let Some(line) = lines.remove(&credential.id) else { continue };
            let earlier = earlier.get(&award.completion_id).map(String::as_str);
            let answer = answer(&credential, &award, &line, earlier)?;
            answers.insert(credential.id, answer);
        }
    }
    Ok(answers)
}

fn answer(
    credential: &CredentialRow,
    award: &AwardRow,
    line: &LedgerRow,
    earlier: Option<&str>,
) -> Result<Issued, RegistryError> {
    let id = credential.id.as_str();
    let issued_at = credential
        .issued_at
        .ok_or_else(|| RegistryError::corrupt("credentials", id, "it has no time of issue"))?;
    Ok(Issued {
        credential_id: parsed("credentials", id, id)?,
        award_id: parsed("awards", &award.id, &award.id)?,
        completion_id: parsed("awards", &award.id, &award.completion_id)?,
        learner_id: parsed("awards", &award.id, &award.learner_id)?,
        issuer: parsed("credentials", id, &credential.issuer)?,
        achievement: parsed("awards", &award.id, &award.achievement)?,
        achievement_version: award.achievement_version.clone(),
        ledger_entry: entry(line, Some((&award.achievement, &award.achievement_version)), None)?,
        supersedes: earlier.map(|earlier| parsed("credentials", earlier, earlier)).transpose()?,
        issued_at: issued_at.and_utc(),
    })
}
