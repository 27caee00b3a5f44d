import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The observation of an account and its newest buffer follow from the requirement that is written, instead of being sent and
 * checked once more: no requirement is without its observation, and a run sends each figure once.
 */
export class DeriveObservationsFromRequirements1795310820001 implements MigrationInterface {
  readonly name = 'DeriveObservationsFromRequirements1795310820001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(recordObservations);
    await runner.query(checks);
  }

  async down(): Promise<void> {
    throw new Error('migrations run forward only');
  }
}

const observed = ['currency', 'equity', 'maintenance', 'initial', 'buffer', 'buffer_ratio', 'status', 'quality'];
const newest = ['at', 'run_id', ...observed];

/**
 * Named so that it is called once the references are checked and before the seal. In order of the account, so that two runs
 * lock the newest buffers in the same order; that is why rows are joined one by one.
 */
const recordObservations = `
CREATE FUNCTION record_observations() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp
SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
  updated bigint;
BEGIN
  INSERT INTO buffer_observations (firm_id, account_id, at, run_id, known_at, ${observed.join(', ')})
    SELECT firm_id, account_id, as_of, run_id, known_at, currency, equity, maintenance_requirement, initial_requirement,
      buffer, buffer_ratio, status, quality FROM new_rows;
  UPDATE latest_buffers l SET known_at = current_instant(), ${newest.map((name) => `${name} = n.${name}`).join(', ')}
    FROM (SELECT DISTINCT ON (account_id) firm_id, account_id, as_of AS at, run_id, currency, equity,
        maintenance_requirement AS maintenance, initial_requirement AS initial, buffer, buffer_ratio, status, quality
      FROM new_rows ORDER BY account_id, as_of DESC, run_id DESC OFFSET 0) AS n
    WHERE l.firm_id = n.firm_id AND l.account_id = n.account_id AND n.at >= l.at;
  GET DIAGNOSTICS updated = ROW_COUNT;
  IF updated = (SELECT count(*) FROM new_rows) THEN RETURN NULL; END IF;
  INSERT INTO latest_buffers AS l (firm_id, account_id, ${newest.join(', ')})
    SELECT n.firm_id, n.account_id, n.as_of, n.run_id, n.currency, n.equity, n.maintenance_requirement, n.initial_requirement,
      n.buffer, n.buffer_ratio, n.status, n.quality
    FROM (SELECT DISTINCT ON (account_id) * FROM new_rows ORDER BY account_id, as_of DESC, run_id DESC) AS n
    WHERE NOT EXISTS (SELECT FROM latest_buffers k WHERE k.firm_id = n.firm_id AND k.account_id = n.account_id
      AND k.at >= n.as_of OFFSET 0)
    ON CONFLICT ON CONSTRAINT latest_buffers_pk DO UPDATE
    SET known_at = current_instant(), ${newest.map((name) => `${name} = excluded.${name}`).join(', ')}
    WHERE excluded.at >= l.at;
  RETURN NULL;
END $$;
COMMENT ON FUNCTION record_observations() IS
  'Writes the observation of each new requirement, and the newest buffer of its account unless a newer one is known.';
REVOKE EXECUTE ON FUNCTION record_observations() FROM PUBLIC;
CREATE TRIGGER record_observations AFTER INSERT ON requirements REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION record_observations();
`;

/** What follows from a requirement refers to what the requirement refers to, which is checked. */
const checks = `
DROP TRIGGER check_references ON buffer_observations;
CREATE TRIGGER check_references AFTER INSERT ON buffer_observations REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION check_observation_references();
DROP TRIGGER check_accounts ON latest_buffers;
CREATE TRIGGER check_accounts AFTER INSERT ON latest_buffers REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION check_newest_buffer_accounts();
`;
