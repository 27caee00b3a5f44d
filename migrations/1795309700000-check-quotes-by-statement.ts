import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Checks the quotes of one INSERT together: that their snapshot has this time and that their contracts exist. Two foreign
 * keys looked both up for every row, which was more than half of the time of writing a snapshot.
 */
export class CheckQuotesByStatement1795309700000 implements MigrationInterface {
  readonly name = 'CheckQuotesByStatement1795309700000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(checks);
  }

  async down(): Promise<void> {
    throw new Error('migrations run forward only');
  }
}

/**
 * Snapshots and contracts can be neither changed nor deleted, so what is there when a quote comes stays there: one look-up
 * per snapshot and contract of a statement is all that the keys could find. OFFSET 0 keeps each a look-up by index, whatever
 * number of rows the plan was made for.
 */
const checks = `
ALTER TABLE instrument_quotes DROP CONSTRAINT instrument_quotes_snapshot_fk, DROP CONSTRAINT instrument_quotes_instrument_fk;

CREATE FUNCTION check_quote_references() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp SET enable_seqscan = off SET enable_bitmapscan = off AS $$
DECLARE
  broken text;
BEGIN
  SELECT n.snapshot_id || ' of ' || n.as_of INTO broken FROM (SELECT DISTINCT firm_id, snapshot_id, as_of FROM new_rows) n
    WHERE NOT EXISTS (SELECT FROM market_snapshots s WHERE s.firm_id = n.firm_id AND s.snapshot_id = n.snapshot_id
      AND s.as_of = n.as_of OFFSET 0) LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'no market snapshot %', broken
      USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'instrument_quotes_snapshot_fk', TABLE = 'instrument_quotes';
  END IF;
  SELECT n.instrument_id INTO broken FROM (SELECT DISTINCT firm_id, instrument_id FROM new_rows) n
    WHERE NOT EXISTS (SELECT FROM instruments i WHERE i.firm_id = n.firm_id AND i.instrument_id = n.instrument_id OFFSET 0) LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'no instrument %', broken
      USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'instrument_quotes_instrument_fk', TABLE = 'instrument_quotes';
  END IF;
  RETURN NULL;
END $$;
COMMENT ON FUNCTION check_quote_references() IS
  'Refuses quotes of unknown snapshots, times or contracts. What is referred to can be neither changed nor deleted.';
REVOKE EXECUTE ON FUNCTION check_quote_references() FROM PUBLIC;
CREATE TRIGGER check_references AFTER INSERT ON instrument_quotes REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION check_quote_references();
`;
