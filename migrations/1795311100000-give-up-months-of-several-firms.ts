import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Gives up months in which several firms have rows. The notes of all of them are written in one transaction, firm after firm, and
 * were sealed at its end as the last one: row level security refused the links of the others, and no month was ever given up.
 */
export class GiveUpMonthsOfSeveralFirms1795311100000 implements MigrationInterface {
  readonly name = 'GiveUpMonthsOfSeveralFirms1795311100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(retireMonth);
  }

  async down(): Promise<void> {
    throw new Error('migrations run forward only');
  }
}

const retireMonth = `
CREATE OR REPLACE FUNCTION retire_month(parent regclass, child regclass, month_start timestamp with time zone, operator text)
 RETURNS bigint
 LANGUAGE plpgsql
AS $$
DECLARE
  firm record;
  found bigint;
  total bigint := 0;
BEGIN
  IF NOT EXISTS (SELECT FROM pg_inherits WHERE inhparent = parent AND inhrelid = child) THEN
    RAISE EXCEPTION '% is no partition of %', child, parent USING ERRCODE = 'check_violation';
  END IF;
  IF parent = ANY (ARRAY['buffer_observations', 'requirements']::regclass[]) THEN
    EXECUTE format('LOCK TABLE %s IN EXCLUSIVE MODE', parent);
  END IF;
  FOR firm IN SELECT firm_id FROM firm_directory() LOOP
    PERFORM set_config('app.firm_id', firm.firm_id::text, true);
    WHILE parent = ANY (ARRAY['buffer_observations', 'requirements']::regclass[]) AND EXISTS (
      SELECT FROM buffer_rollup_backlog WHERE at >= month_start AND at < month_start + interval '1 month') LOOP
      IF roll_up_backlog(20000) = 0 THEN PERFORM pg_sleep(0.01); END IF;
    END LOOP;
    EXECUTE format('SELECT count(*) FROM %s', child) INTO found;
    CONTINUE WHEN found = 0;
    INSERT INTO history_retirements (firm_id, table_name, month, retired_by, row_count)
      VALUES (firm.firm_id, parent::text, month_start, operator, found)
      ON CONFLICT ON CONSTRAINT history_retirements_pk DO NOTHING;
    -- Sealed now: at the end of the transaction another firm is the one that may be written.
    SET CONSTRAINTS ALL IMMEDIATE;
    SET CONSTRAINTS ALL DEFERRED;
    total := total + found;
  END LOOP;
  EXECUTE format('ALTER TABLE %s DETACH PARTITION %s', parent, child);
  EXECUTE format('DROP TABLE %s', child);
  RETURN total;
END $$;
`;
