import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Checks the rows of one INSERT into positions together: that instrument and statement exist and that no two beliefs about
 * one moment stand side by side. Per row, the two foreign keys and the GiST exclusion took half of the time of a file.
 */
export class CheckPositionStatementsAtOnce1795308100000 implements MigrationInterface {
  readonly name = 'CheckPositionStatementsAtOnce1795308100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(keys);
    await runner.query(checks);
  }

  async down(): Promise<void> {
    throw new Error('migrations run forward only');
  }
}

/** A version is "current" while both its times are open; the unique index leaves one per instrument of an account. */
const keys = `
ALTER TABLE positions DROP CONSTRAINT positions_versions_do_not_overlap,
  DROP CONSTRAINT positions_statement_fk, DROP CONSTRAINT positions_instrument_fk;
CREATE UNIQUE INDEX positions_versions_do_not_overlap ON positions (firm_id, account_id, instrument_id)
  WHERE upper_inf(known) AND upper_inf(valid);
CREATE INDEX positions_ended ON positions (firm_id, account_id, instrument_id, coalesce(upper(known), 'infinity'))
  WHERE NOT (upper_inf(known) AND upper_inf(valid));
`;

/**
 * OFFSET 0 keeps each question a look-up per row by index: the plan is made once per connection, for one row or 50,000,
 * and a join planned for one would be ruinous for the other.
 */
const checks = `
CREATE FUNCTION check_position_versions() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp SET enable_seqscan = off SET enable_bitmapscan = off AS $$
DECLARE
  broken text;
BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'positions are written at READ COMMITTED, which sees what others committed while it waited'
      USING ERRCODE = 'invalid_transaction_state';
  END IF;
  PERFORM FROM accounts WHERE account_id = ANY (ARRAY(SELECT DISTINCT account_id FROM new_rows))
    ORDER BY account_id FOR NO KEY UPDATE;
  SELECT n.instrument_id INTO broken FROM (SELECT DISTINCT firm_id, instrument_id FROM new_rows) n
    WHERE NOT EXISTS (SELECT FROM instruments i WHERE i.firm_id = n.firm_id AND i.instrument_id = n.instrument_id OFFSET 0) LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'no instrument %', broken USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'positions_instrument_fk', TABLE = 'positions';
  END IF;
  SELECT n.statement_id INTO broken FROM (SELECT DISTINCT firm_id, account_id, statement_id FROM new_rows) n
    WHERE NOT EXISTS (SELECT FROM position_statements s WHERE s.firm_id = n.firm_id AND s.account_id = n.account_id
      AND s.statement_id = n.statement_id OFFSET 0) LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'no statement %', broken USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'positions_statement_fk', TABLE = 'positions';
  END IF;
  SELECT n.instrument_id INTO broken FROM new_rows n
    WHERE EXISTS (SELECT FROM positions p WHERE p.firm_id = n.firm_id AND p.account_id = n.account_id AND p.instrument_id = n.instrument_id
        AND NOT (upper_inf(p.known) AND upper_inf(p.valid)) AND coalesce(upper(p.known), 'infinity') > lower(n.known)
        AND p.version_id <> n.version_id AND p.valid && n.valid AND p.known && n.known OFFSET 0)
      OR NOT (upper_inf(n.known) AND upper_inf(n.valid))
        AND EXISTS (SELECT FROM positions p WHERE p.firm_id = n.firm_id AND p.account_id = n.account_id AND p.instrument_id = n.instrument_id
          AND upper_inf(p.known) AND upper_inf(p.valid) AND p.valid && n.valid AND p.known && n.known OFFSET 0) LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'two versions of % overlap', broken
      USING ERRCODE = 'exclusion_violation', CONSTRAINT = 'positions_versions_do_not_overlap', TABLE = 'positions';
  END IF;
  RETURN NULL;
END $$;
COMMENT ON FUNCTION check_position_versions() IS
  'Refuses positions of unknown instruments or statements and versions that overlap in both times. Locks the accounts, so that two writers see each other. What is referred to can be neither changed nor deleted.';
REVOKE EXECUTE ON FUNCTION check_position_versions() FROM PUBLIC;
CREATE TRIGGER check_versions AFTER INSERT ON positions REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION check_position_versions();
`;
