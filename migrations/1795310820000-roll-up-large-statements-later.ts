import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Takes the roll-ups of buffer history out of the transactions that write many observations: such a statement leaves a note
 * of what has to be rolled up, and `roll_up_backlog` does it afterwards, for many of them at once. Whoever reads a bucket
 * that a note speaks of computes it from its observations, so that every answer is exact at any moment.
 */
export class RollUpLargeStatementsLater1795310820000 implements MigrationInterface {
  readonly name = 'RollUpLargeStatementsLater1795310820000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(backlog);
    await runner.query(rollUp);
    await runner.query(rollUpLater);
    await runner.query(observed);
    await runner.query(rebuild);
    await runner.query(retire);
  }

  async down(): Promise<void> {
    throw new Error('migrations run forward only');
  }
}

/** Statements of more rows than this are rolled up later. */
const rowsAtOnce = 100;

const backlog = `
CREATE TABLE buffer_rollup_backlog (
  firm_id uuid NOT NULL,
  batch bigint NOT NULL,
  run_id uuid NOT NULL,
  at timestamptz NOT NULL,
  observations integer NOT NULL,
  account_ids uuid[] NOT NULL,
  CONSTRAINT buffer_rollup_backlog_pk PRIMARY KEY (firm_id, batch, run_id),
  CONSTRAINT buffer_rollup_backlog_names_each CHECK (observations = cardinality(account_ids) AND observations > 0)
);
COMMENT ON TABLE buffer_rollup_backlog IS
  'Observations that buffer_rollups do not hold yet: those of these accounts at that time, written by that statement.';
CREATE INDEX buffer_rollup_backlog_by_time ON buffer_rollup_backlog (firm_id, at);
SELECT protect_tenant_table('buffer_rollup_backlog');
GRANT SELECT ON buffer_rollup_backlog TO ballast_app;
`;

const columns = `firm_id, account_id, bucket, starts_at, currency, observations, worst_status, buffer_open, buffer_high, buffer_low,
  buffer_close, ratio_open, ratio_high, ratio_low, ratio_close, open_at, open_run_id, close_at, close_run_id,
  at, run_id, known_at, equity, maintenance, initial, buffer, buffer_ratio, status, quality`;

const bothBuckets = `(VALUES ('HOUR', 'hour'), ('DAY', 'day'))`;

/** Rows of roll-ups of the observations that a FROM clause gives as o, each of them a whole row. */
function rolledUp(source: string, buckets: string): string {
  return `SELECT firm_id, account_id, bucket, starts_at, (newest).currency, observations::integer,
    (ARRAY['HEALTHY', 'WATCH', 'INDETERMINATE', 'MARGIN_CALL', 'LIQUIDATION'])[worst],
    (opening).buffer, high, low, (closing).buffer, (opening).buffer_ratio, ratio_high, ratio_low, (closing).buffer_ratio,
    (opening).at, (opening).run_id, (closing).at, (closing).run_id,
    (newest).at, (newest).run_id, (newest).known_at, (newest).equity, (newest).maintenance, (newest).initial,
    (newest).buffer, (newest).buffer_ratio, (newest).status, (newest).quality
  FROM (
    SELECT (o).firm_id, (o).account_id, b.bucket, date_trunc(b.unit, (o).at, 'UTC') AS starts_at, count(*) AS observations,
      max(array_position(ARRAY['HEALTHY', 'WATCH', 'INDETERMINATE', 'MARGIN_CALL', 'LIQUIDATION'], (o).status::text)) AS worst,
      max((o).buffer) AS high, min((o).buffer) AS low, max((o).buffer_ratio) AS ratio_high, min((o).buffer_ratio) AS ratio_low,
      (array_agg(o ORDER BY (o).at, (o).run_id) FILTER (WHERE (o).buffer IS NOT NULL))[1] AS opening,
      (array_agg(o ORDER BY (o).at DESC, (o).run_id DESC) FILTER (WHERE (o).buffer IS NOT NULL))[1] AS closing,
      (array_agg(o ORDER BY (o).at DESC, (o).run_id DESC))[1] AS newest
    FROM ${source} CROSS JOIN ${buckets} AS b (bucket, unit) GROUP BY 1, 2, 3, 4) AS rolled`;
}

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

/** Rows of one order, so that two transactions lock those of the same accounts in the same order. */
function mergeRollUps(rows: string): string {
  return `INSERT INTO public.buffer_rollups AS u (${columns})
  ${rows}
  ORDER BY account_id, bucket, starts_at
  ON CONFLICT ON CONSTRAINT buffer_rollups_pk DO UPDATE SET
    observations = u.observations + excluded.observations,
    worst_status = public.worse_status(u.worst_status, excluded.worst_status),
    buffer_high = greatest(u.buffer_high, excluded.buffer_high),
    buffer_low = least(u.buffer_low, excluded.buffer_low),
    ratio_high = greatest(u.ratio_high, excluded.ratio_high),
    ratio_low = least(u.ratio_low, excluded.ratio_low),
    ${taking(['buffer_open', 'ratio_open', 'open_at', 'open_run_id'], opensEarlier)},
    ${taking(['buffer_close', 'ratio_close', 'close_at', 'close_run_id'], closesLater)},
    ${taking(['at', 'run_id', 'known_at', 'equity', 'maintenance', 'initial', 'buffer', 'buffer_ratio', 'status', 'quality'], isNewer)};`;
}

const rollUp = `
CREATE OR REPLACE FUNCTION roll_up_buffers() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  touched record;
BEGIN
  SELECT count(*) AS rows, count(DISTINCT account_id) AS accounts INTO touched FROM new_rows;
  IF touched.rows > ${rowsAtOnce} OR touched.rows > touched.accounts THEN
    INSERT INTO public.buffer_rollup_backlog (firm_id, batch, run_id, at, observations, account_ids)
      SELECT firm_id, batch, run_id, at, count(*), array_agg(account_id) FROM new_rows GROUP BY 1, 2, 3, 4;
    RETURN NULL;
  END IF;
  ${mergeRollUps(`SELECT o.firm_id, o.account_id, b.bucket, date_trunc(b.unit, o.at, 'UTC') AS starts_at, o.currency, 1, o.status,
    o.buffer, o.buffer, o.buffer, o.buffer, o.buffer_ratio, o.buffer_ratio, o.buffer_ratio, o.buffer_ratio,
    k.at, k.run_id, k.at, k.run_id, o.at, o.run_id, o.known_at,
    o.equity, o.maintenance, o.initial, o.buffer, o.buffer_ratio, o.status, o.quality
  FROM new_rows o CROSS JOIN ${bothBuckets} AS b (bucket, unit)
  LEFT JOIN LATERAL (SELECT o.at, o.run_id WHERE o.buffer IS NOT NULL) AS k ON true`)}
  RETURN NULL;
END $$;
`;

/** OFFSET 0 keeps each look-up one by index, whatever number of rows the plan was made for. */
const rollUpLater = `
CREATE FUNCTION roll_up_backlog(most integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
SET enable_seqscan = off SET enable_bitmapscan = off AS $$
DECLARE
  taken bigint[];
  total integer;
BEGIN
  IF nullif(current_setting('app.account_ids', true), '') IS NOT NULL THEN
    RAISE EXCEPTION 'roll-ups of a firm are made by somebody who sees all its accounts' USING ERRCODE = 'insufficient_privilege';
  END IF;
  -- Whoever comes second leaves the work to the first: both would take the same notes.
  IF NOT pg_try_advisory_xact_lock(hashtextextended(current_setting('app.firm_id'), 12)) THEN RETURN 0; END IF;
  SELECT array_agg(batch), coalesce(sum(own), 0) INTO taken, total FROM (
    SELECT batch, sum(observations) AS own, sum(sum(observations)) OVER (ORDER BY batch) AS upto
    FROM public.buffer_rollup_backlog GROUP BY batch) AS waiting
  WHERE upto - own < most;
  IF total = 0 THEN RETURN 0; END IF;
  ${mergeRollUps(
    rolledUp(
      `public.buffer_rollup_backlog t CROSS JOIN LATERAL unnest(t.account_ids) AS a (account_id)
      CROSS JOIN LATERAL (SELECT o FROM public.buffer_observations o WHERE o.firm_id = t.firm_id
        AND o.account_id = a.account_id AND o.at = t.at AND o.run_id = t.run_id AND t.batch = ANY (taken) OFFSET 0) AS observation (o)`,
      bothBuckets,
    ),
  )}
  DELETE FROM public.buffer_rollup_backlog WHERE batch = ANY (taken);
  RETURN total;
END $$;
COMMENT ON FUNCTION roll_up_backlog(integer) IS
  'Rolls up what statements of a firm left for later, oldest first, about so many observations (whole statements, at least one); gives their number, 0 when nothing is left or somebody else is at it.';
REVOKE EXECUTE ON FUNCTION roll_up_backlog(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION roll_up_backlog(integer) TO ballast_app;
`;

const observed = `
CREATE FUNCTION observed_rollup(account uuid, bucket_name text, since timestamptz) RETURNS SETOF buffer_rollups
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
  ${rolledUp(
    `(SELECT o FROM public.buffer_observations o WHERE o.account_id = account AND o.at >= since
      AND o.at < since + CASE bucket_name WHEN 'HOUR' THEN interval '1 hour' ELSE interval '1 day' END OFFSET 0) AS observation (o)`,
    `(VALUES (bucket_name, lower(bucket_name)))`,
  )}
$$;
COMMENT ON FUNCTION observed_rollup(uuid, text, timestamptz) IS
  'What buffer_rollups hold of a bucket once all of it is rolled up, computed from the observations that the caller may see.';
REVOKE EXECUTE ON FUNCTION observed_rollup(uuid, text, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION observed_rollup(uuid, text, timestamptz) TO ballast_app;
`;

const rebuild = `
CREATE OR REPLACE FUNCTION rebuild_buffer_rollups(accounts uuid[], from_instant timestamptz, to_instant timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  first constant timestamptz := date_trunc('day', from_instant, 'UTC');
  last constant timestamptz := date_trunc('day', to_instant, 'UTC') + interval '1 day';
BEGIN
  DELETE FROM public.buffer_rollups u WHERE u.account_id = ANY (accounts) AND u.starts_at >= first AND u.starts_at < last;
  INSERT INTO public.buffer_rollups (${columns})
  ${rolledUp(
    `(SELECT o FROM public.buffer_observations o WHERE o.account_id = ANY (accounts) AND o.at >= first AND o.at < last
      AND NOT EXISTS (SELECT FROM public.buffer_rollup_backlog w WHERE w.firm_id = o.firm_id AND w.batch = o.batch AND w.run_id = o.run_id)) AS observation (o)`,
    bothBuckets,
  )};
END $$;
COMMENT ON FUNCTION rebuild_buffer_rollups(uuid[], timestamptz, timestamptz) IS
  'Computes the roll-ups of accounts anew from their observations, whole days (UTC) from the first to the last instant given; what waits in buffer_rollup_backlog goes on waiting.';
DROP FUNCTION status_rank(text);
`;

/** A month is given up once all of it is rolled up; nobody adds to it meanwhile. */
const retire = `
CREATE OR REPLACE FUNCTION retire_month(parent regclass, child regclass, month_start timestamptz, operator text) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
  firm record;
  found bigint;
  total bigint := 0;
BEGIN
  IF NOT EXISTS (SELECT FROM pg_inherits WHERE inhparent = parent AND inhrelid = child) THEN
    RAISE EXCEPTION '% is no partition of %', child, parent USING ERRCODE = 'check_violation';
  END IF;
  IF parent = 'buffer_observations'::regclass THEN
    EXECUTE format('LOCK TABLE %s IN EXCLUSIVE MODE', parent);
  END IF;
  FOR firm IN SELECT firm_id FROM firm_directory() LOOP
    PERFORM set_config('app.firm_id', firm.firm_id::text, true);
    WHILE parent = 'buffer_observations'::regclass AND EXISTS (
      SELECT FROM buffer_rollup_backlog WHERE at >= month_start AND at < month_start + interval '1 month') LOOP
      IF roll_up_backlog(20000) = 0 THEN PERFORM pg_sleep(0.01); END IF;
    END LOOP;
    EXECUTE format('SELECT count(*) FROM %s', child) INTO found;
    CONTINUE WHEN found = 0;
    INSERT INTO history_retirements (firm_id, table_name, month, retired_by, row_count)
      VALUES (firm.firm_id, parent::text, month_start, operator, found)
      ON CONFLICT ON CONSTRAINT history_retirements_pk DO NOTHING;
    total := total + found;
  END LOOP;
  EXECUTE format('ALTER TABLE %s DETACH PARTITION %s', parent, child);
  EXECUTE format('DROP TABLE %s', child);
  RETURN total;
END $$;
`;
