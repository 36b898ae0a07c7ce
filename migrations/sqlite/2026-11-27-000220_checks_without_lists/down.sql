PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql,
    'state = ''prepared'' OR state = ''issued'' OR state = ''revoked''',
    'state IN (''prepared'', ''issued'', ''revoked'')')
WHERE type = 'table' AND name = 'credentials';
UPDATE sqlite_schema SET sql = replace(sql,
    'kind = ''award'' OR kind = ''activity'' OR kind = ''reversal'' OR kind = ''adjustment'' OR kind = ''transfer'' OR kind = ''erasure''',
    'kind IN (''award'', ''activity'', ''reversal'', ''adjustment'', ''transfer'', ''erasure'')')
WHERE type = 'table' AND name = 'ledger_entries';
UPDATE sqlite_schema SET sql = replace(sql,
    '(kind <> ''activity'' AND kind <> ''adjustment'' AND kind <> ''transfer'')',
    'kind NOT IN (''activity'', ''adjustment'', ''transfer'')')
WHERE type = 'table' AND name = 'ledger_entries';
UPDATE sqlite_schema SET sql = replace(sql,
    'kind = ''email'' OR kind = ''staff_number'' OR kind = ''professional_registration'' OR kind = ''did''',
    'kind IN (''email'', ''staff_number'', ''professional_registration'', ''did'')')
WHERE type = 'table' AND name = 'learner_identifiers';
UPDATE sqlite_schema SET sql = replace(sql,
    'NEW.topic = ''credential.revoked'' OR NEW.topic = ''maintenance.ended'' OR NEW.topic = ''maintenance.lapsed'' OR NEW.topic = ''maintenance.expired''',
    'NEW.topic IN (''credential.revoked'', ''maintenance.ended'', ''maintenance.lapsed'', ''maintenance.expired'')')
WHERE type = 'trigger' AND name = 'watch_told';
PRAGMA writable_schema = RESET;
-- A change of the schema by which every connection sees that it has to read it again.
CREATE TABLE checks_rewritten (name text) STRICT;
DROP TABLE checks_rewritten;
