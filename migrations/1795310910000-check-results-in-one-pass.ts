import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Makes the results of a run cheaper to write: what all rows of a statement share is looked up once. */
export class CheckResultsInOnePass1795310910000 implements MigrationInterface {
  readonly name = 'CheckResultsInOnePass1795310910000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(references);
    await runner.query(hashes);
  }

  async down(): Promise<void> {
    throw new Error('migrations run forward only');
  }
}

/** OFFSET 0 keeps the question about an account a look-up by index, whatever number of rows the plan was made for. */
const references = `
DROP TRIGGER check_parameters ON requirements;
DROP FUNCTION check_requirement_parameters();
CREATE OR REPLACE FUNCTION check_requirement_references() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp SET enable_seqscan = off SET enable_bitmapscan = off AS $$
DECLARE
  shared record;
  broken text;
BEGIN
  FOR shared IN SELECT DISTINCT firm_id, run_id, as_of, parameter_set_id FROM new_rows LOOP
    IF NOT EXISTS (SELECT FROM margin_runs r WHERE r.firm_id = shared.firm_id AND r.run_id = shared.run_id AND r.as_of = shared.as_of) THEN
      RAISE EXCEPTION 'no margin run % of %', shared.run_id, shared.as_of
        USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'requirements_run_fk', TABLE = 'requirements';
    END IF;
    IF NOT EXISTS (SELECT FROM risk_parameter_sets s WHERE s.firm_id = shared.firm_id AND s.parameter_set_id = shared.parameter_set_id) THEN
      RAISE EXCEPTION 'no risk parameter set %', shared.parameter_set_id
        USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'requirements_parameter_set_fk', TABLE = 'requirements';
    END IF;
  END LOOP;
  SELECT n.account_id INTO broken FROM new_rows n
    WHERE NOT EXISTS (SELECT FROM accounts a WHERE a.firm_id = n.firm_id AND a.account_id = n.account_id OFFSET 0) LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'no account %', broken
      USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'requirements_account_fk', TABLE = 'requirements';
  END IF;
  RETURN NULL;
END $$;
COMMENT ON FUNCTION check_requirement_references() IS
  'Refuses results of unknown runs, times, parameter sets or accounts. What is referred to can be neither renamed nor deleted.';
`;

/** Hashes do not get smaller; trying costs time. */
const hashes = `ALTER TABLE history_batches ALTER COLUMN row_hashes SET STORAGE EXTERNAL;`;
