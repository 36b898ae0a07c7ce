//! What the audit looks for. Every rule is a statement, in SQL that both
//! databases read, that gives the ids of the rows that break it.

/// One rule.
pub(crate) struct Rule {
    /// The table of the rows it finds.
    pub table: &'static str,
    /// What is wrong with them.
    pub detail: &'static str,
    /// Gives a text column `id`.
    pub sql: &'static str,
}

macro_rules! rules {
    ($($table:literal, $detail:literal, $sql:literal;)*) => {
        &[$(Rule { table: $table, detail: $detail, sql: $sql }),*]
    };
}

/// Every rule.
pub(crate) const RULES: &[Rule] = rules![
    // One completion, one award, one credential, one ledger entry.
    "completions", "it has no award",
    "SELECT c.id FROM completions c LEFT JOIN awards a ON a.completion_id = c.id WHERE a.id IS NULL";
    "completions", "it has more than one award",
    "SELECT completion_id AS id FROM awards GROUP BY completion_id HAVING count(*) > 1";
    "completions", "another completion has the same natural key",
    "SELECT min(id) AS id FROM completions GROUP BY natural_key HAVING count(*) > 1";
    "awards", "its completion is missing",
    "SELECT a.id FROM awards a LEFT JOIN completions c ON c.id = a.completion_id WHERE c.id IS NULL";
    "awards", "it does not say what its completion says (learner, achievement, version or time)",
    "SELECT a.id FROM awards a JOIN completions c ON c.id = a.completion_id \
     WHERE a.learner_id <> c.learner_id OR a.achievement <> c.achievement \
     OR a.achievement_version <> c.achievement_version OR a.awarded_at <> c.completed_at";
    "awards", "it has no credential",
    "SELECT a.id FROM awards a LEFT JOIN credentials k ON k.award_id = a.id WHERE k.id IS NULL";
    "awards", "it has two credentials of one issue",
    "SELECT award_id AS id FROM credentials GROUP BY award_id, issue HAVING count(*) > 1";
    "credentials", "its award is missing",
    "SELECT k.id FROM credentials k LEFT JOIN awards a ON a.id = k.award_id WHERE a.id IS NULL";
    "credentials", "it is issued and the ledger does not hold it",
    "SELECT k.id FROM credentials k \
     LEFT JOIN ledger_entries l ON l.award_id = k.award_id AND l.credential_id = k.id AND l.kind = 'award' \
     WHERE k.state <> 'prepared' AND l.id IS NULL";
    "credentials", "it is revoked and the ledger does not hold its reversal",
    "SELECT k.id FROM credentials k \
     LEFT JOIN ledger_entries l ON l.award_id = k.award_id AND l.credential_id = k.id AND l.kind = 'reversal' \
     WHERE k.state = 'revoked' AND l.id IS NULL";
    "credentials", "the ledger holds it more than once",
    "SELECT credential_id AS id FROM ledger_entries WHERE kind IN ('award', 'reversal') \
     GROUP BY credential_id, kind HAVING count(*) > 1";
    // Renewals.
    "credentials", "the credential that it renews is missing",
    "SELECT k.id FROM credentials k LEFT JOIN credentials e ON e.award_id = k.award_id AND e.issue = k.issue - 1 \
     WHERE k.issue > 1 AND e.id IS NULL";
    "credentials", "it stands, and its award was revoked",
    "SELECT k.id FROM credentials k JOIN credentials o ON o.award_id = k.award_id AND o.issue <> k.issue \
     WHERE k.state = 'issued' AND o.state = 'revoked'";
    "awards", "its credential ends, and nobody looks at it",
    "SELECT k.award_id AS id FROM credentials k LEFT JOIN maintained_awards m ON m.award_id = k.award_id \
     WHERE k.state <> 'prepared' AND k.valid_until IS NOT NULL AND m.award_id IS NULL";
    // Documents and states.
    "credentials", "it is issued without its signed forms",
    "SELECT id FROM credentials WHERE state <> 'prepared' \
     AND (proof IS NULL OR proof = '' OR vc_jwt IS NULL OR issued_at IS NULL)";
    "credentials", "nothing is stored to draw the salts of its SD-JWT VC from",
    "SELECT id FROM credentials WHERE profile_version <> '1' AND (disclosure_seed IS NULL OR disclosure_seed = '')";
    "credentials", "it is signed and not issued",
    "SELECT id FROM credentials WHERE state = 'prepared' \
     AND (proof IS NOT NULL OR vc_jwt IS NOT NULL OR issued_at IS NOT NULL)";
    "credentials", "its state and its revocation contradict each other",
    "SELECT id FROM credentials WHERE (state = 'revoked') <> (revoked_at IS NOT NULL)";
    "credentials", "its state is not a state",
    "SELECT id FROM credentials WHERE state NOT IN ('prepared', 'issued', 'revoked')";
    // Status lists.
    "credentials", "its status list is missing",
    "SELECT k.id FROM credentials k LEFT JOIN status_lists s ON s.id = k.status_list_id WHERE s.id IS NULL";
    "credentials", "its status list is another issuer's",
    "SELECT k.id FROM credentials k JOIN status_lists s ON s.id = k.status_list_id WHERE s.issuer <> k.issuer";
    "credentials", "its status index is outside its list",
    "SELECT k.id FROM credentials k JOIN status_lists s ON s.id = k.status_list_id \
     WHERE k.status_index < 0 OR k.status_index >= s.length";
    "credentials", "another credential has the same status index",
    "SELECT min(id) AS id FROM credentials GROUP BY status_list_id, status_index HAVING count(*) > 1";
    "status_lists", "it holds more credentials than it gave places",
    "SELECT s.id FROM status_lists s JOIN credentials k ON k.status_list_id = s.id \
     GROUP BY s.id, s.next_place HAVING count(*) > s.next_place";
    "status_lists", "fewer changes are counted than bits are set",
    "SELECT s.id FROM status_lists s JOIN credentials k ON k.status_list_id = s.id AND k.state = 'revoked' \
     GROUP BY s.id, s.revision HAVING count(*) > s.revision";
    // The ledger.
    "ledger_entries", "its credential is missing",
    "SELECT l.id FROM ledger_entries l LEFT JOIN credentials k ON k.id = l.credential_id \
     WHERE l.kind IN ('award', 'reversal') AND k.id IS NULL";
    "ledger_entries", "its credential is not issued",
    "SELECT l.id FROM ledger_entries l JOIN credentials k ON k.id = l.credential_id \
     WHERE l.kind = 'award' AND k.state = 'prepared'";
    "ledger_entries", "it takes back the credit of a credential that stands",
    "SELECT l.id FROM ledger_entries l JOIN credentials k ON k.id = l.credential_id \
     WHERE l.kind = 'reversal' AND k.state <> 'revoked'";
    "ledger_entries", "it does not say what its award says (learner, award, unit, time or provider)",
    "SELECT l.id FROM ledger_entries l JOIN credentials k ON k.id = l.credential_id \
     JOIN awards a ON a.id = k.award_id JOIN completions c ON c.id = a.completion_id \
     WHERE l.kind IN ('award', 'reversal') AND (l.learner_id <> a.learner_id OR l.award_id <> a.id \
     OR l.unit <> a.unit OR l.earned_at <> a.awarded_at OR l.provider <> c.provider)";
    "ledger_entries", "it takes credit back before that was given",
    "SELECT l.id FROM ledger_entries l JOIN ledger_entries g ON g.award_id = l.award_id AND g.credential_id = l.credential_id \
     WHERE l.kind = 'reversal' AND g.kind = 'award' AND l.sequence < g.sequence";
    "ledger_entries", "its amount is not its award's",
    "SELECT l.id FROM ledger_entries l JOIN credentials k ON k.id = l.credential_id \
     JOIN awards a ON a.id = k.award_id \
     WHERE (l.kind = 'award' AND l.amount <> (CASE WHEN k.issue = 1 THEN a.amount ELSE '0' END)) \
     OR (l.kind = 'reversal' AND l.amount <> (CASE WHEN a.amount = '0' OR k.issue > 1 THEN '0' ELSE '-' || a.amount END))";
    // Amounts have at most two decimal places, so their hundredths are whole and add up exactly.
    "learners", "the sum of their ledger is not the sum of their awards that stand",
    "SELECT learner_id AS id FROM ( \
     SELECT learner_id, unit, CAST(round(CAST(amount AS double precision) * 100) AS bigint) AS hundredths \
     FROM ledger_entries WHERE kind IN ('award', 'reversal') \
     UNION ALL \
     SELECT a.learner_id, a.unit, -CAST(round(CAST(a.amount AS double precision) * 100) AS bigint) \
     FROM awards a JOIN credentials k ON k.award_id = a.id WHERE k.state = 'issued' AND k.issue = 1 \
     ) AS lines GROUP BY learner_id, unit HAVING sum(hundredths) <> 0";
    // Rows that point nowhere.
    "completions", "its learner is missing",
    "SELECT c.id FROM completions c LEFT JOIN learners p ON p.id = c.learner_id WHERE p.id IS NULL";
    "completions", "its achievement version is missing",
    "SELECT c.id FROM completions c LEFT JOIN achievements a \
     ON a.slug = c.achievement AND a.version = c.achievement_version WHERE a.slug IS NULL";
    "learners", "no completion names them",
    "SELECT p.id FROM learners p LEFT JOIN completions c ON c.learner_id = p.id WHERE c.id IS NULL";
    "learner_identifiers", "its learner is missing",
    "SELECT i.digest AS id FROM learner_identifiers i LEFT JOIN learners p ON p.id = i.learner_id \
     WHERE p.id IS NULL";
    "learner_identifiers", "it is one person's and names two",
    "SELECT digest AS id FROM learner_identifiers WHERE strong GROUP BY digest HAVING count(*) > 1";
    "award_components", "an award it joins is missing, or is another learner's",
    "SELECT m.component_id AS id FROM award_components m LEFT JOIN awards a ON a.id = m.award_id \
     LEFT JOIN awards b ON b.id = m.component_id \
     WHERE a.id IS NULL OR b.id IS NULL OR a.learner_id <> b.learner_id";
    "award_components", "its programme was never published in that version",
    "SELECT m.component_id AS id FROM award_components m LEFT JOIN programme_versions v \
     ON v.slug = m.programme AND v.version = m.programme_version WHERE v.slug IS NULL";
    "award_components", "the award counts in two programmes, and in only one it may",
    "SELECT m.component_id AS id FROM award_components m JOIN award_components o \
     ON o.component_id = m.component_id AND o.programme < m.programme \
     WHERE (m.alone OR o.alone) AND coalesce(m.builds_on, '') <> o.programme AND coalesce(o.builds_on, '') <> m.programme";
    "award_components", "the award was revoked, its programme's award stands, and nobody looks at it",
    "SELECT m.component_id AS id FROM award_components m \
     JOIN credentials c ON c.award_id = m.component_id AND c.state = 'revoked' \
     JOIN credentials k ON k.award_id = m.award_id AND k.state = 'issued' \
     LEFT JOIN award_reviews r ON r.award_id = m.award_id AND r.component_id = m.component_id \
     WHERE r.award_id IS NULL";
    "award_components", "it counts in the place of an award that did not count there",
    "SELECT m.component_id AS id FROM award_components m LEFT JOIN award_components o \
     ON o.award_id = m.award_id AND o.component_id = m.replaces AND o.programme = m.programme \
     WHERE m.replaces IS NOT NULL AND o.award_id IS NULL";
    // Corrections and withdrawals.
    "completion_corrections", "a completion it joins is missing, or is another provider's",
    "SELECT x.completion_id AS id FROM completion_corrections x LEFT JOIN completions c ON c.id = x.completion_id \
     LEFT JOIN completions e ON e.id = x.corrects_id \
     WHERE c.id IS NULL OR e.id IS NULL OR c.provider <> e.provider \
     OR c.source <> 'completion' OR e.source <> 'completion'";
    "completion_corrections", "what it corrects still answers to a reference or an occasion",
    "SELECT x.completion_id AS id FROM completion_corrections x JOIN completions e ON e.id = x.corrects_id \
     WHERE e.natural_key <> 'superseded:' || e.id OR e.occasion <> 'superseded:' || e.id";
    "completions", "it answers to no reference or occasion, and nothing corrects it",
    "SELECT c.id FROM completions c LEFT JOIN completion_corrections x ON x.corrects_id = c.id \
     WHERE (c.natural_key LIKE 'superseded:%' OR c.occasion LIKE 'superseded:%') AND x.corrects_id IS NULL";
    "credentials", "its completion was corrected, its correction is visible, and it stands",
    "SELECT k.id FROM completion_corrections x \
     JOIN awards n ON n.completion_id = x.completion_id JOIN credentials m ON m.award_id = n.id AND m.state <> 'prepared' \
     JOIN awards a ON a.completion_id = x.corrects_id JOIN credentials k ON k.award_id = a.id AND k.state = 'issued'";
    "completion_withdrawals", "its completion is missing, or its credential stands",
    "SELECT w.completion_id AS id FROM completion_withdrawals w LEFT JOIN completions c ON c.id = w.completion_id \
     LEFT JOIN awards a ON a.completion_id = w.completion_id \
     LEFT JOIN credentials k ON k.award_id = a.id AND k.state <> 'revoked' \
     WHERE c.id IS NULL OR k.id IS NOT NULL";
    "award_successions", "an award it joins is missing, or is another learner's",
    "SELECT s.award_id AS id FROM award_successions s LEFT JOIN awards a ON a.id = s.award_id \
     LEFT JOIN awards b ON b.id = s.successor_id \
     WHERE a.id IS NULL OR b.id IS NULL OR a.learner_id <> b.learner_id";
    "award_components", "the award counts twice in one programme",
    "SELECT component_id AS id FROM award_components GROUP BY component_id, programme HAVING count(*) > 1";
    // Persons' keys.
    "learners", "they have no key and were not erased",
    "SELECT p.id FROM learners p LEFT JOIN person_keys k ON k.learner_id = p.id \
     LEFT JOIN erasures e ON e.learner_id = p.id WHERE k.learner_id IS NULL AND e.id IS NULL";
    "learners", "they were erased and still have a key, or what they were recognised by",
    "SELECT p.id FROM erasures e JOIN learners p ON p.id = e.learner_id \
     LEFT JOIN person_keys k ON k.learner_id = p.id LEFT JOIN learner_identifiers i ON i.learner_id = p.id \
     WHERE k.learner_id IS NOT NULL OR i.learner_id IS NOT NULL OR p.name_digest <> ''";
    "person_keys", "its learner is missing",
    "SELECT k.learner_id AS id FROM person_keys k LEFT JOIN learners p ON p.id = k.learner_id WHERE p.id IS NULL";
    "erasures", "the ledger does not hold it",
    "SELECT e.id FROM erasures e LEFT JOIN ledger_entries l ON l.learner_id = e.learner_id AND l.kind = 'erasure' \
     WHERE l.id IS NULL";
    "ledger_entries", "it says that somebody was erased who was not",
    "SELECT l.id FROM ledger_entries l LEFT JOIN erasures e ON e.learner_id = l.learner_id \
     WHERE l.kind = 'erasure' AND e.id IS NULL";
    "completions", "what it says of a person is not sealed",
    "SELECT id FROM completions WHERE body LIKE '{%'";
    "credentials", "what it says of a person is not sealed",
    "SELECT id FROM credentials WHERE unsigned LIKE '{%' OR proof LIKE '[%'";
    "ledger_entries", "what it says of a person is not sealed",
    "SELECT id FROM ledger_entries WHERE details LIKE '{%'";
    "ledger_adjustments", "what it says of a person is not sealed",
    "SELECT id FROM ledger_adjustments WHERE body LIKE '{%'";
    "idempotency_records", "its credential is missing",
    "SELECT r.key_digest AS id FROM idempotency_records r LEFT JOIN credentials k ON k.id = r.credential_id \
     WHERE k.id IS NULL";
    "jobs", "its award is missing",
    "SELECT j.award_id AS id FROM jobs j LEFT JOIN awards a ON a.id = j.award_id WHERE a.id IS NULL";
];
