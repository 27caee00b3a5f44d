import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Merges newest buffers by their key alone. An UPDATE that joins them is planned anew only when statistics change: planned
 * over few newest buffers it read all of them for every new row, however many they had become.
 */
export class MergeNewestBuffers1795310820003 implements MigrationInterface {
  readonly name = 'MergeNewestBuffers1795310820003';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(recordObservations);
  }

  async down(): Promise<void> {
    throw new Error('migrations run forward only');
  }
}

const observed = ['currency', 'equity', 'maintenance', 'initial', 'buffer', 'buffer_ratio', 'status', 'quality'];
const newest = ['at', 'run_id', ...observed];
const sources = 'currency, equity, maintenance_requirement, initial_requirement, buffer, buffer_ratio, status, quality';

/** In order of the account, so that two runs lock the newest buffers in the same order. */
const recordObservations = `
CREATE OR REPLACE FUNCTION record_observations() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  INSERT INTO buffer_observations (firm_id, account_id, at, run_id, known_at, ${observed.join(', ')})
    SELECT firm_id, account_id, as_of, run_id, known_at, ${sources} FROM new_rows;
  INSERT INTO latest_buffers AS l (firm_id, account_id, ${newest.join(', ')})
    SELECT DISTINCT ON (account_id) firm_id, account_id, as_of, run_id, ${sources}
    FROM new_rows ORDER BY account_id, as_of DESC, run_id DESC
    ON CONFLICT ON CONSTRAINT latest_buffers_pk DO UPDATE
    SET known_at = current_instant(), ${newest.map((name) => `${name} = excluded.${name}`).join(', ')}
    WHERE excluded.at >= l.at;
  RETURN NULL;
END $$;
`;
