import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Buffer history by hour and by day, kept by a trigger in the transaction of every observation, so that a year of one
 * account is one range of an index. Merging is independent of the order in which observations come: a late correction
 * of the past gives the same roll-up as if it had come in time. And an ordering key for lists by buffer ratio.
 */
export class RollUpBufferHistory1795306300001 implements MigrationInterface {
  readonly name = 'RollUpBufferHistory1795306300001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(rollups);
    await runner.query(rebuild);
    await runner.query(keepUp);
    await runner.query(existing);
    await runner.query(ratioKey);
  }

  async down(): Promise<void> {
    throw new Error('migrations run forward only');
  }
}

const rollups = `
CREATE TABLE buffer_rollups (
  firm_id uuid NOT NULL,
  account_id uuid NOT NULL,
  bucket text NOT NULL,
  starts_at timestamptz NOT NULL,
  currency currency_code NOT NULL,
  observations integer NOT NULL,
  worst_status buffer_status NOT NULL,
  buffer_open finite_numeric,
  buffer_high finite_numeric,
  buffer_low finite_numeric,
  buffer_close finite_numeric,
  ratio_open finite_numeric,
  ratio_high finite_numeric,
  ratio_low finite_numeric,
  ratio_close finite_numeric,
  open_at timestamptz,
  open_run_id uuid,
  close_at timestamptz,
  close_run_id uuid,
  at timestamptz NOT NULL,
  run_id uuid NOT NULL,
  known_at timestamptz NOT NULL,
  equity finite_numeric,
  maintenance finite_numeric,
  initial finite_numeric,
  buffer finite_numeric,
  buffer_ratio finite_numeric,
  status buffer_status NOT NULL,
  quality data_quality NOT NULL,
  CONSTRAINT buffer_rollups_pk PRIMARY KEY (firm_id, account_id, bucket, starts_at),
  CONSTRAINT buffer_rollups_account_fk FOREIGN KEY (firm_id, account_id) REFERENCES accounts (firm_id, account_id),
  CONSTRAINT buffer_rollups_bucket_is_known CHECK (bucket IN ('HOUR', 'DAY'))
);
COMMENT ON TABLE buffer_rollups IS 'Read model of buffer_observations by hour and day (UTC): open and close are the first and the last determinate observation, at to quality the last of all; can be rebuilt.';
SELECT protect_tenant_table('buffer_rollups');
GRANT SELECT ON buffer_rollups TO ballast_app;

CREATE FUNCTION worse_status(one text, other text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN array_position(ladder, one) >= array_position(ladder, other) THEN one ELSE other END
  FROM (SELECT ARRAY['HEALTHY', 'WATCH', 'INDETERMINATE', 'MARGIN_CALL', 'LIQUIDATION'] AS ladder) AS l
$$;
CREATE FUNCTION status_rank(status text) RETURNS integer LANGUAGE sql IMMUTABLE AS $$
  SELECT array_position(ARRAY['HEALTHY', 'WATCH', 'INDETERMINATE', 'MARGIN_CALL', 'LIQUIDATION'], status)
$$;
COMMENT ON FUNCTION status_rank(text) IS 'How bad a status is; not knowing is worse than a warning and better than a call.';
`;

const columns = `firm_id, account_id, bucket, starts_at, currency, observations, worst_status, buffer_open, buffer_high, buffer_low,
  buffer_close, ratio_open, ratio_high, ratio_low, ratio_close, open_at, open_run_id, close_at, close_run_id,
  at, run_id, known_at, equity, maintenance, initial, buffer, buffer_ratio, status, quality`;

const rebuild = `
CREATE FUNCTION rebuild_buffer_rollups(accounts uuid[], from_instant timestamptz, to_instant timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  first constant timestamptz := date_trunc('day', from_instant, 'UTC');
  last constant timestamptz := date_trunc('day', to_instant, 'UTC') + interval '1 day';
BEGIN
  DELETE FROM public.buffer_rollups u WHERE u.account_id = ANY (accounts) AND u.starts_at >= first AND u.starts_at < last;
  INSERT INTO public.buffer_rollups (${columns})
  SELECT firm_id, account_id, bucket, starts_at, (newest).currency, observations,
    (ARRAY['HEALTHY', 'WATCH', 'INDETERMINATE', 'MARGIN_CALL', 'LIQUIDATION'])[worst],
    (opening).buffer, high, low, (closing).buffer, (opening).buffer_ratio, ratio_high, ratio_low, (closing).buffer_ratio,
    (opening).at, (opening).run_id, (closing).at, (closing).run_id,
    (newest).at, (newest).run_id, (newest).known_at, (newest).equity, (newest).maintenance, (newest).initial,
    (newest).buffer, (newest).buffer_ratio, (newest).status, (newest).quality
  FROM (
    SELECT o.firm_id, o.account_id, b.bucket, date_trunc(b.unit, o.at, 'UTC') AS starts_at, count(*) AS observations,
      max(public.status_rank(o.status)) AS worst, max(o.buffer) AS high, min(o.buffer) AS low,
      max(o.buffer_ratio) AS ratio_high, min(o.buffer_ratio) AS ratio_low,
      (array_agg(o ORDER BY o.at, o.run_id) FILTER (WHERE o.buffer IS NOT NULL))[1] AS opening,
      (array_agg(o ORDER BY o.at DESC, o.run_id DESC) FILTER (WHERE o.buffer IS NOT NULL))[1] AS closing,
      (array_agg(o ORDER BY o.at DESC, o.run_id DESC))[1] AS newest
    FROM public.buffer_observations o CROSS JOIN (VALUES ('HOUR', 'hour'), ('DAY', 'day')) AS b (bucket, unit)
    WHERE o.account_id = ANY (accounts) AND o.at >= first AND o.at < last GROUP BY 1, 2, 3, 4) AS rolled;
END $$;
COMMENT ON FUNCTION rebuild_buffer_rollups(uuid[], timestamptz, timestamptz) IS
  'Computes the roll-ups of accounts anew from their observations, whole days (UTC) from the first to the last instant given.';
`;

/** An observation per account is merged; a statement that brings several of one account rebuilds the days it touches. */
const keepUp = `
CREATE FUNCTION roll_up_buffers() RETURNS trigger
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
    (observations, worst_status, buffer_high, buffer_low, ratio_high, ratio_low) = (
      u.observations + 1, public.worse_status(u.worst_status, excluded.worst_status),
      greatest(u.buffer_high, excluded.buffer_high), least(u.buffer_low, excluded.buffer_low),
      greatest(u.ratio_high, excluded.ratio_high), least(u.ratio_low, excluded.ratio_low)),
    (buffer_open, ratio_open, open_at, open_run_id) = (
      SELECT x.buffer_open, x.ratio_open, x.open_at, x.open_run_id FROM (VALUES
        (u.buffer_open, u.ratio_open, u.open_at, u.open_run_id),
        (excluded.buffer_open, excluded.ratio_open, excluded.open_at, excluded.open_run_id)) AS x (buffer_open, ratio_open, open_at, open_run_id)
      ORDER BY x.open_at NULLS LAST, x.open_run_id LIMIT 1),
    (buffer_close, ratio_close, close_at, close_run_id) = (
      SELECT x.buffer_close, x.ratio_close, x.close_at, x.close_run_id FROM (VALUES
        (u.buffer_close, u.ratio_close, u.close_at, u.close_run_id),
        (excluded.buffer_close, excluded.ratio_close, excluded.close_at, excluded.close_run_id)) AS x (buffer_close, ratio_close, close_at, close_run_id)
      ORDER BY x.close_at DESC NULLS LAST, x.close_run_id DESC LIMIT 1),
    (at, run_id, known_at, equity, maintenance, initial, buffer, buffer_ratio, status, quality) = (
      SELECT x.at, x.run_id, x.known_at, x.equity, x.maintenance, x.initial, x.buffer, x.buffer_ratio, x.status, x.quality FROM (VALUES
        (u.at, u.run_id, u.known_at, u.equity, u.maintenance, u.initial, u.buffer, u.buffer_ratio, u.status, u.quality),
        (excluded.at, excluded.run_id, excluded.known_at, excluded.equity, excluded.maintenance, excluded.initial,
         excluded.buffer, excluded.buffer_ratio, excluded.status, excluded.quality))
        AS x (at, run_id, known_at, equity, maintenance, initial, buffer, buffer_ratio, status, quality)
      ORDER BY x.at DESC, x.run_id DESC LIMIT 1);
  RETURN NULL;
END $$;
CREATE TRIGGER roll_up AFTER INSERT ON buffer_observations REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION roll_up_buffers();
REVOKE EXECUTE ON FUNCTION roll_up_buffers(), worse_status(text, text), status_rank(text),
  rebuild_buffer_rollups(uuid[], timestamptz, timestamptz) FROM PUBLIC;
`;

const existing = `DO $$
DECLARE
  firm record;
BEGIN
  FOR firm IN SELECT firm_id FROM firm_directory() LOOP
    PERFORM set_config('app.firm_id', firm.firm_id::text, true);
    PERFORM rebuild_buffer_rollups(array_agg(account_id), min(at), max(at)) FROM (
      SELECT account_id, min(at) AS at FROM buffer_observations GROUP BY 1
      UNION ALL SELECT account_id, max(at) FROM buffer_observations GROUP BY 1) AS seen HAVING count(*) > 0;
  END LOOP;
  PERFORM set_config('app.firm_id', '', true);
END $$`;

/** Comparing numerics is not leakproof, so under row level security an index on them finds nothing; float8 is. */
const ratioKey = `
ALTER TABLE latest_buffers ADD COLUMN ratio_key finite_double GENERATED ALWAYS AS (buffer_ratio::float8) STORED;
COMMENT ON COLUMN latest_buffers.ratio_key IS 'buffer_ratio rounded to a double: never out of its order, ties are broken by buffer_ratio itself.';
DROP INDEX latest_buffers_by_ratio;
CREATE INDEX latest_buffers_by_ratio ON latest_buffers (firm_id, ratio_key, buffer_ratio, account_id);
`;
