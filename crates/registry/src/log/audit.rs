//! Do the tables say what the log holds?

use std::collections::{BTreeMap, HashMap, HashSet};

use diesel::{connection::SimpleConnection as _, prelude::*};
use sha2::{Digest as _, Sha256};

use super::{
    accreditations, cpd, endorsements,
    entry::{EntryKind, LogEntry},
    parcel::split,
    publications, reviews,
    rows::{change_of, place_of, seat_of},
    standing::{Standing, standing},
    successions,
    tables::{key_events, log_bundles, log_pending},
    trust,
};
use crate::{
    AuditFinding, Registry, RegistryError,
    db::Db,
    digest::Digests,
    schema::{
        award_components, award_successions, awards, completion_corrections, completion_withdrawals,
        cpd_memberships, cpd_statements, credentials, erasures, ledger_entries, suspension_changes,
        suspension_entries, transfers, vc_status_entries,
    },
    sealing::Wrapping,
};

/// Bundles that are read together: 4,096 entries.
const BUNDLES: i64 = 16;

/// Rows of a table that are read together.
const ROWS: i64 = 10_000;

/// Faults that are named; more are counted.
const NAMED: usize = 10_000;

/// What is said of a row that has no entry.
const INSERTED: &str = "it was inserted: the log does not hold it";

/// What came of comparing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LogComparison {
    /// Entries of the log.
    pub entries: u64,
    /// Entries that wait for their places.
    pub waiting: u64,
    /// Rows that are not what the log holds of them, or that it does not hold.
    pub findings: Vec<AuditFinding>,
    /// Further such rows, not named.
    pub unnamed: u64,
}

/// Calls for every id of a table, in pages.
macro_rules! each_id {
    ($db:expr, $table:ident.$column:ident, $id:ident => $call:expr) => {{
        let mut last = String::new();
        loop {
            let ids: Vec<String> = $table::table
                .filter($table::$column.gt(&last))
                .order($table::$column)
                .limit(ROWS)
                .select($table::$column)
                .load($db)?;
            let Some(id) = ids.last() else { break };
            last.clone_from(id);
            for $id in &ids {
                $call;
            }
        }
    }};
}

impl Registry {
    /// Compares every row that the log holds with its entry, and looks for rows
    /// that it does not hold, as all stand at one moment. That the entries are those
    /// that were signed is another question.
    pub fn compare_log(&self) -> Result<LogComparison, RegistryError> {
        self.snapshot(|db| {
            if let Db::Postgres(connection) = db {
                connection.batch_execute("SET LOCAL statement_timeout = 0")?;
            }
            let mut audit = Audit::new(self.digests(), self.wrapping());
            audit.entries_of_the_log(db)?;
            audit.entries_that_wait(db)?;
            audit.rows_that_may_change(db)?;
            audit.rows_without_entries(db)?;
            Ok(audit.result)
        })
    }
}

struct Audit<'a> {
    digests: &'a Digests,
    wrapping: &'a Wrapping,
    result: LogComparison,
    /// Which rows have an entry, as short digests of kind and id.
    seen: HashSet<u128>,
    /// The last line of each learner.
    lines: HashMap<String, i64>,
    /// The last entry of each row that may change, and where it lies.
    last: BTreeMap<(EntryKind, String), (LogEntry, String)>,
}

impl<'a> Audit<'a> {
    fn new(digests: &'a Digests, wrapping: &'a Wrapping) -> Self {
        Self {
            digests,
            wrapping,
            result: LogComparison::default(),
            seen: HashSet::new(),
            lines: HashMap::new(),
            last: BTreeMap::new(),
        }
    }

    fn find(&mut self, table: &'static str, id: &str, detail: String) {
        if self.result.findings.len() < NAMED {
            self.result.findings.push(AuditFinding { table, id: id.to_owned(), detail });
        } else {
            self.result.unnamed += 1;
        }
    }

    fn entries_of_the_log(&mut self, db: &mut Db) -> Result<(), RegistryError> {
        let mut last = -1;
        loop {
            let bundles: Vec<(i64, Vec<u8>)> = log_bundles::table
                .filter(log_bundles::place.gt(last))
                .order(log_bundles::place)
                .limit(BUNDLES)
                .select((log_bundles::place, log_bundles::entries))
                .load(db)?;
            let Some((place, _)) = bundles.last() else { return Ok(()) };
            last = *place;
            let mut entries = Vec::new();
            for (place, bundle) in &bundles {
                let Some(read) = split(bundle) else {
                    self.find("log_bundles", &place.to_string(), "it cannot be read".to_owned());
                    continue;
                };
                let first = u64::try_from(*place).unwrap_or(0) * 256;
                entries.extend((first..).zip(read).map(|(index, entry)| (format!("entry {index}"), entry)));
            }
            self.result.entries += u64::try_from(entries.len()).unwrap_or(0);
            self.compare(db, entries)?;
        }
    }

    fn entries_that_wait(&mut self, db: &mut Db) -> Result<(), RegistryError> {
        let mut last = i64::MIN;
        loop {
            let parcels: Vec<(i64, Vec<u8>)> = log_pending::table
                .filter(log_pending::id.gt(last))
                .order(log_pending::id)
                .limit(BUNDLES)
                .select((log_pending::id, log_pending::bundle))
                .load(db)?;
            let Some((id, _)) = parcels.last() else { return Ok(()) };
            last = *id;
            let mut entries = Vec::new();
            for (id, bundle) in &parcels {
                match split(bundle) {
                    Some(read) => {
                        entries.extend(read.into_iter().map(|entry| (format!("waiting in {id}"), entry)));
                    }
                    None => self.find("log_pending", &id.to_string(), "it cannot be read".to_owned()),
                }
            }
            self.result.waiting += u64::try_from(entries.len()).unwrap_or(0);
            self.compare(db, entries)?;
        }
    }

    /// Compares entries, each with the words for where it lies.
    fn compare(&mut self, db: &mut Db, entries: Vec<(String, &[u8])>) -> Result<(), RegistryError> {
        let mut read = Vec::with_capacity(entries.len());
        for (place, bytes) in entries {
            match LogEntry::from_bytes(bytes) {
                Some(entry) => read.push((place, entry)),
                None => self.find("log_bundles", &place, "it is no entry of this log".to_owned()),
            }
        }
        let mut standing_rows: HashMap<EntryKind, HashMap<String, Standing>> = HashMap::new();
        for kind in EntryKind::ALL.iter().copied().filter(|kind| !kind.may_change()) {
            let of_it = read.iter().filter(|(_, entry)| entry.kind == kind);
            let ids: Vec<&str> = of_it.map(|(_, entry)| entry.row_id.as_str()).collect();
            if !ids.is_empty() {
                standing_rows.insert(kind, standing(db, self.digests, Some(self.wrapping), kind, &ids)?);
            }
        }
        for (place, entry) in read {
            if entry.kind.may_change() {
                self.seen.insert(short(entry.kind, &entry.row_id));
                self.last.insert((entry.kind, entry.row_id.clone()), (entry, place));
                continue;
            }
            let row = standing_rows.get(&entry.kind).and_then(|rows| rows.get(&entry.row_id));
            self.judge(&place, &entry, row);
        }
        Ok(())
    }

    fn judge(&mut self, place: &str, entry: &LogEntry, row: Option<&Standing>) {
        let (table, id) = (entry.kind.table(), entry.row_id.as_str());
        if !self.seen.insert(short(entry.kind, id)) {
            self.find(table, id, format!("the log holds its `{}` twice (again as {place})", entry.kind));
        }
        let Some(row) = row else {
            self.find(table, id, format!("it was deleted: the log holds its `{}` ({place})", entry.kind));
            return;
        };
        if row.entry != *entry && row.before.as_ref() != Some(entry) {
            let what = match &row.completion {
                Some(completion) => format!("it was changed, or its completion {completion}"),
                None => "it was changed".to_owned(),
            };
            let detail = format!("{what}: the log holds another `{}` of it ({place})", entry.kind);
            self.find(table, id, detail);
        }
        if let Some((learner, sequence)) = &row.line {
            let before = self.lines.insert(learner.clone(), *sequence);
            if before.is_some_and(|before| before >= *sequence) {
                self.find(
                    table,
                    id,
                    format!("it was moved: the log holds it after the line before it ({place})"),
                );
            }
        }
    }

    fn rows_that_may_change(&mut self, db: &mut Db) -> Result<(), RegistryError> {
        let accreditations = accreditations::standing(db)?;
        let successions = successions::standing(db)?;
        for ((kind, id), (entry, place)) in std::mem::take(&mut self.last) {
            let columns = if kind == EntryKind::Accreditation {
                accreditations.get(&id).map(accreditations::Standing::columns)
            } else {
                successions.get(&id).map(successions::Succession::columns)
            };
            match columns.map(|columns| columns.entry(self.digests, kind, &id)) {
                Some(now) if now == entry => {}
                Some(_) => {
                    self.find(kind.table(), &id, format!("it was changed: the log holds another ({place})"));
                }
                None => self.find(kind.table(), &id, format!("it was deleted: the log holds it ({place})")),
            }
        }
        for id in accreditations.keys() {
            self.expect(EntryKind::Accreditation, id, INSERTED);
        }
        for (id, _) in successions.iter().filter(|(_, succession)| !succession.is_none()) {
            self.expect(
                EntryKind::Succession,
                id,
                "what became of it was inserted: the log does not hold it",
            );
        }
        Ok(())
    }

    fn expect(&mut self, kind: EntryKind, id: &str, otherwise: &str) {
        if !self.seen.contains(&short(kind, id)) {
            self.find(kind.table(), id, otherwise.to_owned());
        }
    }

    fn rows_without_entries(&mut self, db: &mut Db) -> Result<(), RegistryError> {
        each_id!(db, awards.id, id => self.expect(EntryKind::Award, id, INSERTED));
        each_id!(db, award_successions.award_id, id => self.expect(EntryKind::Superseded, id, INSERTED));
        each_id!(db, completion_corrections.completion_id, id => self.expect(EntryKind::Corrected, id, INSERTED));
        each_id!(db, completion_withdrawals.completion_id, id => self.expect(EntryKind::Withdrawn, id, INSERTED));
        let seats: Vec<(String, String)> = award_components::table
            .filter(award_components::replaces.is_not_null())
            .select((award_components::award_id, award_components::component_id))
            .load(db)?;
        for (award, component) in seats {
            self.expect(EntryKind::Seated, &seat_of(&award, &component), INSERTED);
        }
        for (id, is_decided) in reviews::all(db)? {
            self.expect(EntryKind::ReviewOpened, &id, INSERTED);
            if is_decided {
                self.expect(EntryKind::ReviewClosed, &id, "it was decided, and the log does not hold that");
            }
        }
        each_id!(db, cpd_memberships.id, id => self.expect(EntryKind::Membership, id, INSERTED));
        for (id, is_decided) in cpd::all_adjustments(db)? {
            self.expect(EntryKind::AdjustmentAsked, &id, INSERTED);
            if is_decided {
                self.expect(
                    EntryKind::AdjustmentDecided,
                    &id,
                    "it was decided, and the log does not hold that",
                );
            }
        }
        for id in publications::all(db)? {
            self.expect(EntryKind::Programme, &id, INSERTED);
        }
        for id in publications::all_policies(db)? {
            self.expect(EntryKind::Policy, &id, INSERTED);
        }
        each_id!(db, transfers.entry_id, id => self.expect(EntryKind::Transferred, id, INSERTED));
        each_id!(db, cpd_statements.id, id => self.expect(EntryKind::Statement, id, INSERTED));
        for (id, is_withdrawn) in endorsements::all(db)? {
            self.expect(EntryKind::Endorsed, &id, INSERTED);
            if is_withdrawn {
                self.expect(
                    EntryKind::EndorsementWithdrawn,
                    &id,
                    "it was withdrawn, and the log does not hold that",
                );
            }
        }
        for id in trust::all(db)? {
            self.expect(EntryKind::Trust, &id, INSERTED);
        }
        each_id!(db, ledger_entries.id, id => self.expect(EntryKind::Ledger, id, INSERTED));
        each_id!(db, erasures.id, id => self.expect(EntryKind::Erased, id, INSERTED));
        each_id!(db, key_events.id, id => self.expect(EntryKind::Key, id, INSERTED));
        let mut last = String::new();
        loop {
            let rows: Vec<(String, String)> = credentials::table
                .filter(credentials::id.gt(&last))
                .order(credentials::id)
                .limit(ROWS)
                .select((credentials::id, credentials::state))
                .load(db)?;
            let Some((id, _)) = rows.last() else { break };
            last.clone_from(id);
            for (id, state) in &rows {
                self.expect(EntryKind::Prepared, id, INSERTED);
                self.state(id, state);
            }
        }
        let places: Vec<(String, i32, bool)> = vc_status_entries::table
            .select((
                vc_status_entries::status_list_id,
                vc_status_entries::status_index,
                vc_status_entries::revoked_at.is_not_null(),
            ))
            .load(db)?;
        for (list, index, is_revoked) in places {
            let id = place_of(&list, index);
            self.expect(EntryKind::StatusTaken, &id, INSERTED);
            if is_revoked {
                self.expect(EntryKind::StatusRevoked, &id, "it was revoked, and the log does not hold that");
            }
        }
        let places: Vec<(String, i32)> = suspension_entries::table
            .select((suspension_entries::list_id, suspension_entries::list_index))
            .load(db)?;
        for (list, index) in places {
            self.expect(EntryKind::SuspensionTaken, &place_of(&list, index), INSERTED);
        }
        let changes: Vec<(String, i32, i32)> = suspension_changes::table
            .select((suspension_changes::list_id, suspension_changes::list_index, suspension_changes::number))
            .load(db)?;
        for (list, index, number) in changes {
            self.expect(EntryKind::SuspensionChanged, &change_of(&list, index, number), INSERTED);
        }
        Ok(())
    }

    /// The state itself is no column of any entry: the entries there are say it.
    fn state(&mut self, id: &str, state: &str) {
        let holds = |kind| self.seen.contains(&short(kind, id));
        let logged = match (holds(EntryKind::Issued), holds(EntryKind::Revoked)) {
            (_, true) => "revoked",
            (true, false) => "issued",
            (false, false) => "prepared",
        };
        if state != logged {
            self.find(
                "credentials",
                id,
                format!("its state was changed: it is `{state}`, and `{logged}` in the log"),
            );
        }
    }
}

fn short(kind: EntryKind, id: &str) -> u128 {
    let digest = Sha256::new().chain_update(kind.as_str()).chain_update(b"\n").chain_update(id).finalize();
    digest.first_chunk().map_or(0, |start| u128::from_be_bytes(*start))
}
