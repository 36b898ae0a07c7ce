//! The quick half of the audit. Most rules ask whether what stands in one table stands
//! in another too; where both hold the same, row for row, nothing breaks them. That is
//! seen in one look at each table, by sums of keyed hashes of its rows. Only where sums
//! differ are the rules asked, which name the rows.
//!
//! A sum has 64 bits, and its key is drawn from the service's secret for each audit:
//! whoever changes rows makes it come out the same only by luck.

use std::{collections::BTreeSet, iter};

use diesel::{
    prelude::*,
    sql_types::{BigInt, Nullable, Text},
    sqlite::SqliteAggregateFunction,
};
use sha2::{Digest as _, Sha256};

use crate::{RegistryError, db::Db, moment::Moment};

/// What a rule is known by: its table and what it finds there.
pub(crate) type Name = (&'static str, &'static str);

/// Rows, each as one text, in SQL that both databases read; and what no row may be.
struct Rows {
    row: &'static str,
    from: &'static str,
    fault: &'static str,
}

const fn rows(row: &'static str, from: &'static str) -> Rows {
    Rows { row, from, fault: "1 = 0" }
}

/// Rows that must be those of `others` together, without those of `but`.
struct Same {
    rows: Rows,
    others: &'static [Rows],
    but: &'static [Rows],
    /// The rules that nothing can break where this and what stands before it holds.
    spares: &'static [Name],
    /// The rules that ask for the faults of these rows.
    faultless: &'static [Name],
}

/// Of the lines that gave credit, those that are not renewals.
const FIRST: &str = "ledger_entries l WHERE l.kind = 'award' AND l.credential_id NOT IN (\
     SELECT k.id FROM credentials k WHERE k.issue > 1 AND k.award_id IN (\
     SELECT award_id FROM credentials WHERE issue > 1))";
/// The lines of credentials that are not the first of their award.
const RENEWED: &str = "credentials k \
     JOIN ledger_entries l ON l.award_id = k.award_id AND l.credential_id = k.id AND l.kind = 'award' \
     WHERE k.issue > 1 AND k.award_id IN (SELECT award_id FROM credentials WHERE issue > 1)";
const LINE: &str = "l.award_id || '|' || l.learner_id || '|' || l.unit || '|' || CAST(l.earned_at AS text) \
     || '|' || l.amount || '|' || coalesce(l.provider, '')";

/// What such a line must be, by its award and the completion behind that.
const GRANTED: &str = "a.id || '|' || a.learner_id || '|' || a.unit || '|' || CAST(a.awarded_at AS text) \
     || '|' || a.amount || '|' || c.provider";

/// In the order of what rests on what.
const SAME: &[Same] = &[
    Same {
        rows: Rows {
            row: "c.id || '|' || c.learner_id || '|' || c.achievement || '|' || c.achievement_version || '|' \
                  || CAST(c.completed_at AS text)",
            from: "completions c LEFT JOIN achievements v ON v.slug = c.achievement AND v.version = c.achievement_version",
            fault: "v.slug IS NULL",
        },
        others: &[rows(
            "a.completion_id || '|' || a.learner_id || '|' || a.achievement || '|' || a.achievement_version || '|' \
             || CAST(a.awarded_at AS text)",
            "awards a",
        )],
        but: &[],
        spares: &[
            ("completions", "it has no award"),
            ("completions", "it has more than one award"),
            ("awards", "its completion is missing"),
            ("awards", "it does not say what its completion says (learner, achievement, version or time)"),
        ],
        faultless: &[("completions", "its achievement version is missing")],
    },
    Same {
        rows: rows("a.id", "awards a"),
        others: &[rows("k.award_id", "credentials k WHERE k.issue = 1")],
        but: &[],
        spares: &[("awards", "it has no credential"), ("credentials", "its award is missing")],
        faultless: &[],
    },
    Same {
        rows: rows("l.credential_id", "ledger_entries l WHERE l.kind = 'reversal'"),
        others: &[rows("k.id", "credentials k WHERE k.state = 'revoked'")],
        but: &[],
        spares: &[
            ("credentials", "it is revoked and the ledger does not hold its reversal"),
            ("ledger_entries", "it takes back the credit of a credential that stands"),
        ],
        faultless: &[],
    },
    Same {
        rows: Rows {
            row: "CASE WHEN k.state = 'prepared' THEN NULL ELSE k.id || '|' || k.award_id END",
            from: "credentials k LEFT JOIN status_lists s ON s.id = k.status_list_id",
            fault: "s.id IS NULL OR s.issuer <> k.issuer OR k.status_index < 0 OR k.status_index >= s.length \
                 OR (k.state <> 'prepared' \
                 AND (k.proof IS NULL OR k.proof = '' OR k.vc_jwt IS NULL OR k.issued_at IS NULL)) \
                 OR (k.state = 'prepared' \
                 AND (k.proof IS NOT NULL OR k.vc_jwt IS NOT NULL OR k.issued_at IS NOT NULL)) \
                 OR (k.profile_version <> '1' AND (k.disclosure_seed IS NULL OR k.disclosure_seed = '')) \
                 OR (k.state = 'revoked') <> (k.revoked_at IS NOT NULL) \
                 OR k.state NOT IN ('prepared', 'issued', 'revoked')",
        },
        others: &[rows("l.credential_id || '|' || l.award_id", "ledger_entries l WHERE l.kind = 'award'")],
        but: &[],
        spares: &[
            ("credentials", "it is issued and the ledger does not hold it"),
            ("credentials", "the ledger holds it more than once"),
            ("ledger_entries", "its credential is not issued"),
            ("ledger_entries", "its credential is missing"),
        ],
        faultless: &[
            ("credentials", "its status list is missing"),
            ("credentials", "its status list is another issuer's"),
            ("credentials", "its status index is outside its list"),
            ("credentials", "it is issued without its signed forms"),
            ("credentials", "nothing is stored to draw the salts of its SD-JWT VC from"),
            ("credentials", "it is signed and not issued"),
            ("credentials", "its state and its revocation contradict each other"),
            ("credentials", "its state is not a state"),
        ],
    },
    Same {
        rows: rows(LINE, RENEWED),
        others: &[rows(
            "a.id || '|' || a.learner_id || '|' || a.unit || '|' || CAST(a.awarded_at AS text) || '|0|' || c.provider",
            "credentials k JOIN awards a ON a.id = k.award_id JOIN completions c ON c.id = a.completion_id \
             WHERE k.issue > 1 AND k.state <> 'prepared' \
             AND k.award_id IN (SELECT award_id FROM credentials WHERE issue > 1)",
        )],
        but: &[],
        spares: &[],
        faultless: &[],
    },
    Same {
        rows: rows(LINE, "ledger_entries l WHERE l.kind = 'reversal'"),
        others: &[rows(
            "a.id || '|' || a.learner_id || '|' || a.unit || '|' || CAST(a.awarded_at AS text) || '|' \
             || (CASE WHEN a.amount = '0' OR k.issue > 1 THEN '0' ELSE '-' || a.amount END) || '|' || c.provider",
            "credentials k JOIN awards a ON a.id = k.award_id JOIN completions c ON c.id = a.completion_id \
             WHERE k.state = 'revoked'",
        )],
        but: &[],
        spares: &[],
        faultless: &[],
    },
    Same {
        rows: rows(LINE, FIRST),
        others: &[rows(GRANTED, "awards a JOIN completions c ON c.id = a.completion_id")],
        but: &[rows(
            GRANTED,
            "credentials k JOIN awards a ON a.id = k.award_id JOIN completions c ON c.id = a.completion_id \
             WHERE k.state = 'prepared' AND k.issue = 1",
        )],
        spares: &[
            (
                "ledger_entries",
                "it does not say what its award says (learner, award, unit, time or provider)",
            ),
            ("ledger_entries", "its amount is not its award's"),
            ("learners", "the sum of their ledger is not the sum of their awards that stand"),
        ],
        faultless: &[],
    },
];

/// The rules that nothing breaks, as far as sums can tell. `key` is of this audit alone.
pub(crate) fn spared(moment: &mut Moment, key: &[u8; 32]) -> Result<BTreeSet<Name>, RegistryError> {
    let all = SAME.iter().flat_map(|same| iter::once(&same.rows).chain(same.others).chain(same.but));
    let mut sums = moment.share(&all.collect::<Vec<_>>(), |db, rows| sum(db, rows, key))?.into_iter();
    let mut next = || sums.next().ok_or_else(|| RegistryError::corrupt("audit", "sum", "it is missing"));
    let mut spared = BTreeSet::new();
    let mut all_before = true;
    for same in SAME {
        let found = next()?;
        let mut due = 0_u64;
        for _ in same.others {
            due = due.wrapping_add(next()?.rows);
        }
        for _ in same.but {
            due = due.wrapping_sub(next()?.rows);
        }
        all_before &= found.rows == due;
        if all_before {
            spared.extend(same.spares);
        }
        if found.faults == 0 {
            spared.extend(same.faultless);
        }
    }
    Ok(spared)
}

/// The sum of some rows' hashes, and how many of them are faulty.
struct Sum {
    rows: u64,
    faults: i64,
}

fn sum(db: &mut Db, rows: &Rows, key: &[u8; 32]) -> Result<Sum, RegistryError> {
    let Rows { row, from, fault } = rows;
    let faults = format!("count(CASE WHEN {fault} THEN 1 END) AS faults");
    match db {
        Db::Sqlite(connection) => {
            fingerprint_utils::register_impl::<Fingerprint, _>(connection)?;
            let sql =
                format!("SELECT fingerprint('{}' || {row}) AS sum, {faults} FROM {from}", hex::encode(key));
            let found: InSqlite = diesel::sql_query(sql).get_result(connection)?;
            Ok(Sum { rows: found.sum.cast_unsigned(), faults: found.faults })
        }
        Db::Postgres(connection) => {
            let seed = i64::from_be_bytes(*key.first_chunk().unwrap_or(&[0; 8]));
            // The sum itself has no bounds there; it is brought into those of 64 bits.
            let sql = format!(
                "SELECT CAST(mod(coalesce(sum(hashtextextended({row}, {seed})), 0), 18446744073709551616) AS text) AS sum, \
                 {faults} FROM {from}"
            );
            let found: InPostgres = diesel::sql_query(sql).get_result(connection)?;
            let sum: i128 =
                found.sum.parse().map_err(|error| RegistryError::corrupt("audit", "sum", error))?;
            Ok(Sum { rows: wrapped(sum), faults: found.faults })
        }
    }
}

fn wrapped(sum: i128) -> u64 {
    u64::try_from(sum.rem_euclid(1 << 64)).unwrap_or_default()
}

#[derive(QueryableByName)]
struct InSqlite {
    #[diesel(sql_type = BigInt)]
    sum: i64,
    #[diesel(sql_type = BigInt)]
    faults: i64,
}

#[derive(QueryableByName)]
struct InPostgres {
    #[diesel(sql_type = Text)]
    sum: String,
    #[diesel(sql_type = BigInt)]
    faults: i64,
}

#[diesel::declare_sql_function]
extern "SQL" {
    /// The sum of the texts' hashes, modulo 2⁶⁴; what is null adds nothing.
    #[aggregate]
    fn fingerprint(text: Nullable<Text>) -> BigInt;
}

/// As SQLite computes it.
#[derive(Default)]
struct Fingerprint(u64);

impl SqliteAggregateFunction<Option<String>> for Fingerprint {
    type Output = i64;

    fn step(&mut self, text: Option<String>) {
        if let Some(text) = text {
            let hash = Sha256::digest(text);
            self.0 = self.0.wrapping_add(u64::from_be_bytes(*hash.first_chunk().unwrap_or(&[0; 8])));
        }
    }

    fn finalize(aggregator: Option<Self>) -> i64 {
        aggregator.unwrap_or_default().0.cast_signed()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::RULES;

    #[test]
    fn what_is_spared_is_a_rule() {
        let rules: BTreeSet<Name> = RULES.iter().map(|rule| (rule.table, rule.detail)).collect();
        let spared = SAME.iter().flat_map(|same| same.spares.iter().chain(same.faultless));
        let strangers: Vec<&Name> = spared.filter(|name| !rules.contains(name)).collect();
        assert_eq!(strangers, Vec::<&Name>::new());
    }

    #[test]
    fn sums_of_both_databases_are_brought_into_64_bits() {
        assert_eq!(wrapped(-1), u64::MAX);
        assert_eq!(wrapped((1 << 64) + 7), 7);
        assert_eq!(wrapped(7 - (1 << 64)), 7);
    }
}
