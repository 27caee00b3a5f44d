import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Makes the results of a run cheaper to write: what rows refer to is looked up once per statement instead of once per row
 * and key, and a roll-up that exists already is updated without a query of its own. Runs, parameter sets and accounts can
 * be neither deleted nor renamed, so that what is there when a result comes stays there.
 */
export class WriteResultsByStatement1795309904000 implements MigrationInterface {
  readonly name = 'WriteResultsByStatement1795309904000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(keys);
    await runner.query(referenceCheck({ table: 'requirements', time: 'as_of', singular: 'requirement' }));
    await runner.query(referenceCheck({ table: 'buffer_observations', time: 'at', singular: 'observation' }));
    await runner.query(parameterSetCheck);
    await runner.query(rollUp);
  }

  async down(): Promise<void> {
    throw new Error('migrations run forward only');
  }
}

/** Roll-ups are written by a trigger of the observations alone, whose accounts are checked. */
const keys = `
ALTER TABLE requirements DROP CONSTRAINT requirements_account_fk, DROP CONSTRAINT requirements_parameter_set_fk,
  DROP CONSTRAINT requirements_run_fk;
ALTER TABLE buffer_observations DROP CONSTRAINT buffer_observations_account_fk, DROP CONSTRAINT buffer_observations_run_fk;
ALTER TABLE buffer_rollups DROP CONSTRAINT buffer_rollups_account_fk;
`;

/** OFFSET 0 keeps each question a look-up by index, whatever number of rows the plan was made for. */
function referenceCheck({ table, time, singular }: Readonly<Record<'table' | 'time' | 'singular', string>>): string {
  return `
CREATE FUNCTION check_${singular}_references() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp SET enable_seqscan = off SET enable_bitmapscan = off AS $$
DECLARE
  broken text;
BEGIN
  SELECT n.run_id || ' of ' || n.${time} INTO broken FROM (SELECT DISTINCT firm_id, run_id, ${time} FROM new_rows) n
    WHERE NOT EXISTS (SELECT FROM margin_runs r WHERE r.firm_id = n.firm_id AND r.run_id = n.run_id
      AND r.as_of = n.${time} OFFSET 0) LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'no margin run %', broken
      USING ERRCODE = 'foreign_key_violation', CONSTRAINT = '${table}_run_fk', TABLE = '${table}';
  END IF;
  SELECT n.account_id INTO broken FROM (SELECT DISTINCT firm_id, account_id FROM new_rows) n
    WHERE NOT EXISTS (SELECT FROM accounts a WHERE a.firm_id = n.firm_id AND a.account_id = n.account_id OFFSET 0) LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'no account %', broken
      USING ERRCODE = 'foreign_key_violation', CONSTRAINT = '${table}_account_fk', TABLE = '${table}';
  END IF;
  RETURN NULL;
END $$;
COMMENT ON FUNCTION check_${singular}_references() IS
  'Refuses results of unknown runs, times or accounts. What is referred to can be neither renamed nor deleted.';
REVOKE EXECUTE ON FUNCTION check_${singular}_references() FROM PUBLIC;
CREATE TRIGGER check_references AFTER INSERT ON ${table} REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION check_${singular}_references();`;
}

const parameterSetCheck = `
CREATE FUNCTION check_requirement_parameters() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  broken text;
BEGIN
  SELECT n.parameter_set_id INTO broken FROM (SELECT DISTINCT firm_id, parameter_set_id FROM new_rows) n
    WHERE NOT EXISTS (SELECT FROM risk_parameter_sets s WHERE s.firm_id = n.firm_id
      AND s.parameter_set_id = n.parameter_set_id OFFSET 0) LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'no risk parameter set %', broken
      USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'requirements_parameter_set_fk', TABLE = 'requirements';
  END IF;
  RETURN NULL;
END $$;
COMMENT ON FUNCTION check_requirement_parameters() IS 'Refuses requirements of unknown parameter sets, which cannot be deleted.';
REVOKE EXECUTE ON FUNCTION check_requirement_parameters() FROM PUBLIC;
CREATE TRIGGER check_parameters AFTER INSERT ON requirements REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION check_requirement_parameters();
`;

const columns = `firm_id, account_id, bucket, starts_at, currency, observations, worst_status, buffer_open, buffer_high, buffer_low,
  buffer_close, ratio_open, ratio_high, ratio_low, ratio_close, open_at, open_run_id, close_at, close_run_id,
  at, run_id, known_at, equity, maintenance, initial, buffer, buffer_ratio, status, quality`;

/** Takes the new value of each column where the new row comes before (opening) or after (closing, newest) the known one. */
function taking(names: readonly string[], condition: string): string {
  return names
    .map((name) => `${name} = CASE WHEN ${condition} THEN excluded.${name} ELSE u.${name} END`)
    .join(',\n    ');
}

const opensEarlier =
  'excluded.open_at IS NOT NULL AND (u.open_at IS NULL OR (excluded.open_at, excluded.open_run_id) < (u.open_at, u.open_run_id))';
const closesLater =
  'excluded.close_at IS NOT NULL AND (u.close_at IS NULL OR (excluded.close_at, excluded.close_run_id) > (u.close_at, u.close_run_id))';
const isNewer = '(excluded.at, excluded.run_id) > (u.at, u.run_id)';

const rollUp = `
CREATE OR REPLACE FUNCTION roll_up_buffers() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  touched record;
BEGIN
  SELECT count(*) AS rows, count(DISTINCT account_id) AS accounts, min(at) AS first, max(at) AS last INTO touched FROM new_rows;
  IF touched.rows > touched.accounts THEN
    PERFORM public.rebuild_buffer_rollups((SELECT array_agg(DISTINCT account_id) FROM new_rows), touched.first, touched.last);
    RETURN NULL;
  END IF;
  INSERT INTO public.buffer_rollups AS u (${columns})
  SELECT o.firm_id, o.account_id, b.bucket, date_trunc(b.unit, o.at, 'UTC'), o.currency, 1, o.status,
    o.buffer, o.buffer, o.buffer, o.buffer, o.buffer_ratio, o.buffer_ratio, o.buffer_ratio, o.buffer_ratio,
    k.at, k.run_id, k.at, k.run_id, o.at, o.run_id, o.known_at,
    o.equity, o.maintenance, o.initial, o.buffer, o.buffer_ratio, o.status, o.quality
  FROM new_rows o CROSS JOIN (VALUES ('HOUR', 'hour'), ('DAY', 'day')) AS b (bucket, unit)
  LEFT JOIN LATERAL (SELECT o.at, o.run_id WHERE o.buffer IS NOT NULL) AS k ON true
  ORDER BY o.account_id, b.bucket
  ON CONFLICT ON CONSTRAINT buffer_rollups_pk DO UPDATE SET
    observations = u.observations + 1,
    worst_status = public.worse_status(u.worst_status, excluded.worst_status),
    buffer_high = greatest(u.buffer_high, excluded.buffer_high),
    buffer_low = least(u.buffer_low, excluded.buffer_low),
    ratio_high = greatest(u.ratio_high, excluded.ratio_high),
    ratio_low = least(u.ratio_low, excluded.ratio_low),
    ${taking(['buffer_open', 'ratio_open', 'open_at', 'open_run_id'], opensEarlier)},
    ${taking(['buffer_close', 'ratio_close', 'close_at', 'close_run_id'], closesLater)},
    ${taking(['at', 'run_id', 'known_at', 'equity', 'maintenance', 'initial', 'buffer', 'buffer_ratio', 'status', 'quality'], isNewer)};
  RETURN NULL;
END $$;
`;
