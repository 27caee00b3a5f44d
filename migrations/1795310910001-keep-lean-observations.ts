import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A requirement without its explanation holds every figure of its observation and little else: such a row is the observation
 * and is not written a second time. `observed_buffers` shows both kinds as one history.
 */
export class KeepLeanObservations1795310910001 implements MigrationInterface {
  readonly name = 'KeepLeanObservations1795310910001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(observations);
    await runner.query(recordObservations);
    await runner.query(rollUpLater);
    for (const [body, before, after] of readers) await runner.query(rewritten(body, before, after));
  }

  async down(): Promise<void> {
    throw new Error('migrations run forward only');
  }
}

const shared = 'buffer, buffer_ratio, status, quality, batch';

/**
 * As its invoker: policies and rights of the tables hold. A condition within one half would keep the planner from reading
 * both in order of their keys.
 */
const observations = `
ALTER TABLE requirements ADD COLUMN is_observation boolean;
COMMENT ON COLUMN requirements.is_observation IS
  'True where the row is the observation of its account at that time; NULL where buffer_observations has one of its own.';
SELECT renew_seals('requirements');
CREATE VIEW observed_buffers WITH (security_invoker = true) AS
  SELECT firm_id, account_id, at, run_id, known_at, currency, equity, maintenance, initial, ${shared} FROM (
    SELECT firm_id, account_id, at, run_id, known_at, currency, equity, maintenance, initial, ${shared}, true AS is_observation
    FROM buffer_observations
    UNION ALL
    SELECT firm_id, account_id, as_of, run_id, known_at, currency, equity, maintenance_requirement, initial_requirement, ${shared}, is_observation
    FROM requirements) AS every
  WHERE is_observation;
COMMENT ON VIEW observed_buffers IS
  'Buffer history: the observations that stand by themselves, and the requirements that are their own.';
GRANT SELECT ON observed_buffers TO ballast_app;
`;

const observed = ['currency', 'equity', 'maintenance', 'initial', 'buffer', 'buffer_ratio', 'status', 'quality'];
const newest = ['at', 'run_id', ...observed];
const sources = 'currency, equity, maintenance_requirement, initial_requirement, buffer, buffer_ratio, status, quality';

/** In order of the account, so that two runs lock the newest buffers in the same order. */
const recordObservations = `
CREATE OR REPLACE FUNCTION record_observations() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  moment constant timestamptz := current_instant();
BEGIN
  IF EXISTS (SELECT FROM new_rows WHERE is_observation IS NOT TRUE) THEN
    INSERT INTO buffer_observations (firm_id, account_id, at, run_id, known_at, ${observed.join(', ')})
      SELECT firm_id, account_id, as_of, run_id, known_at, ${sources} FROM new_rows WHERE is_observation IS NOT TRUE;
  END IF;
  INSERT INTO latest_buffers AS l (firm_id, account_id, known_at, ${newest.join(', ')})
    SELECT DISTINCT ON (account_id) firm_id, account_id, moment, as_of, run_id, ${sources}
    FROM new_rows ORDER BY account_id, as_of DESC, run_id DESC
    ON CONFLICT ON CONSTRAINT latest_buffers_pk DO UPDATE
    SET known_at = excluded.known_at, ${newest.map((name) => `${name} = excluded.${name}`).join(', ')}
    WHERE excluded.at >= l.at;
  RETURN NULL;
END $$;
COMMENT ON FUNCTION record_observations() IS
  'Writes the observation of each new requirement that is not its own, and the newest buffer of its account unless a newer one is known.';
`;

/** Its time and accounts wait in buffer_rollup_backlog like those of a large statement of observations. */
const rollUpLater = `
CREATE FUNCTION note_observed_requirements() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  INSERT INTO public.buffer_rollup_backlog (firm_id, batch, run_id, at, observations, account_ids)
    SELECT firm_id, batch, run_id, as_of, count(*), array_agg(account_id) FROM new_rows WHERE is_observation GROUP BY 1, 2, 3, 4;
  RETURN NULL;
END $$;
COMMENT ON FUNCTION note_observed_requirements() IS 'Notes the requirements that are observations, to be rolled up later.';
REVOKE EXECUTE ON FUNCTION note_observed_requirements() FROM PUBLIC;
CREATE TRIGGER roll_up AFTER INSERT ON requirements REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION note_observed_requirements();
`;

const fromTable = 'FROM public.buffer_observations o WHERE';
const fromView = 'FROM public.observed_buffers o WHERE';

/** Functions that read observations, or wait for what is not rolled up yet, and what of them changes. */
const readers: readonly (readonly [body: string, before: string, after: string])[] = [
  ['roll_up_backlog(integer)', fromTable, fromView],
  ['observed_rollup(uuid, text, timestamptz)', fromTable, fromView],
  ['rebuild_buffer_rollups(uuid[], timestamptz, timestamptz)', fromTable, fromView],
  [
    'retire_month(regclass, regclass, timestamptz, text)',
    `parent = 'buffer_observations'::regclass`,
    `parent = ANY (ARRAY['buffer_observations', 'requirements']::regclass[])`,
  ],
];

/** Defines a function anew, the same but for one part of its text. */
function rewritten(body: string, before: string, after: string): string {
  const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;
  return `DO $$
DECLARE
  text constant text := pg_get_functiondef(${quoted(body)}::regprocedure);
BEGIN
  IF strpos(text, ${quoted(before)}) = 0 THEN RAISE EXCEPTION '% does not read what it did', ${quoted(body)}; END IF;
  EXECUTE replace(text, ${quoted(before)}, ${quoted(after)});
END $$`;
}
